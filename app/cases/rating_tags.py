"""What stood out to whoever rated: the tags of each round, in the words of the rating form.

The page of a case and the list behind the rates ask here. A tag is a choice of the form's question
`tags`; its words are those of the newest deployed form, so that a tag a designer adds has some too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cases.deployed import latest_form
from app.forms.components import ChoiceField
from app.forms.options import token_of
from app.store import evaluations
from app.store.db import Connection, reading

FORM, QUESTION = "rating", "tags"


@dataclass(frozen=True, slots=True)
class StoodOut:
    """The tags of one round in words, and when they were said."""

    words: tuple[str, ...]
    at: datetime


def tag_words(language: str) -> Mapping[str, str]:
    """Return what each tag is called; one that the form no longer offers is not there."""
    with reading() as connection:
        return _words(connection, language)


def of_case(connection: Connection, case_key: int, language: str) -> tuple[StoodOut, ...]:
    """Return the tags of every round of a case that has some, the first round first."""
    found = evaluations.tagged(connection, case_key)
    if not found:
        return ()
    words = _words(connection, language)
    return tuple(StoodOut(tuple(words.get(tag, tag) for tag in tags), at) for tags, at in found)


def _words(connection: Connection, language: str) -> Mapping[str, str]:
    pinned = latest_form(connection, FORM)
    fields = pinned.in_language(language).fields if pinned else ()
    return {
        token_of(option.value): option.label
        for part in fields
        if isinstance(part, ChoiceField) and part.key == QUESTION
        for option in part.source.listed
    }
