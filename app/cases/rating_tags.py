"""What whoever reported a case said of it: each round, its tags in the words of the rating form.

The page of a case and the list behind the rates ask here. A tag is a choice of the form's question
`tags`; its words are those of the newest deployed form, so that a tag a designer adds has some too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cases.deployed import latest_form
from app.forms.components import ChoiceField
from app.forms.options import token_of
from app.store import evaluations
from app.store.db import Connection, reading
from app.store.evaluations import EvaluationRow

FORM, QUESTION = "rating", "tags"


@dataclass(frozen=True, slots=True)
class HeardRound:
    """A round in which the reporter was heard, or could not be; `tags` are in words.

    `quote` is None where nothing was said, and where it is not for the person who asks.
    """

    row: EvaluationRow
    tags: tuple[str, ...]
    quote: str | None


def tag_words(language: str) -> Mapping[str, str]:
    """Return what each tag is called; one that the form no longer offers is not there."""
    with reading() as connection:
        return _words(connection, language)


def of_case(
    connection: Connection, case_key: int, language: str, *, has_quotes: bool
) -> tuple[HeardRound, ...]:
    """Return every round of a case, the newest first; without quotes where those are for few."""
    found = evaluations.of_case(connection, case_key)
    words = _words(connection, language) if any(row.tags for row in found) else {}
    return tuple(
        HeardRound(
            row,
            tuple(words.get(tag, tag) for tag in row.tags or ()),
            row.quote if has_quotes and row.quote else None,
        )
        for row in found
    )


def _words(connection: Connection, language: str) -> Mapping[str, str]:
    pinned = latest_form(connection, FORM)
    fields = pinned.in_language(language).fields if pinned else ()
    return {
        token_of(option.value): option.label
        for part in fields
        if isinstance(part, ChoiceField) and part.key == QUESTION
        for option in part.source.listed
    }
