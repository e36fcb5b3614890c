"""The fields of a trial as a page shows them: their labels, and what can be chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from app.cases.table_questions import NO, YES, Asked, AskedKind
from app.web.admin.table_words import code_words
from app.web.sentences import sentence_of
from app.web.terms import TERMS, term

INPUTS = {
    AskedKind.DAY: "date",
    AskedKind.INSTANT: "datetime-local",
}
OTHER = "…"
"""A text that no row of a table names."""


@dataclass(frozen=True, slots=True)
class TrialField:
    """A field of the question: `options` to choose from, else `type` of an input."""

    name: str
    label: str
    given: str
    error: str
    options: tuple[tuple[str, str], ...]
    type: str
    hint: str


def fields(asked: Sequence[Asked]) -> list[TrialField]:
    """Return the fields in the language of the page."""
    return [
        TrialField(
            name=each.name,
            label=gettext("Reported on") if each.is_validity else each.label,
            given=each.given,
            error=sentence_of(each.error) if each.error else "",
            options=tuple(_options(each)),
            type=INPUTS.get(each.kind, "text"),
            hint=_hint(each.kind),
        )
        for each in asked
    ]


def _options(asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield codes with their words; the program's own where a fact has some."""
    if asked.kind is AskedKind.FLAG:
        yield YES, gettext("Yes")
        yield NO, gettext("No")
        return
    if asked.kind not in (AskedKind.CHOICE, AskedKind.TEXT):
        return
    told = {
        each.code: code_words(each.code, asked.about, each.name)
        for each in asked.choices
        if each.code
    }
    told |= _known(asked, told)
    if asked.given and told and asked.given not in (*told, OTHER):
        told[asked.given] = asked.given
    yield from told.items()
    if told and (asked.is_open or asked.given == OTHER):
        yield OTHER, gettext("something else")


def _known(asked: Asked, told: Mapping[str, str]) -> dict[str, str]:
    """Return the program's own codes of a fact; of several with the same words the last."""
    if not asked.is_fact or asked.about not in TERMS:
        return {}
    listed = (code for code in TERMS[asked.about] if code not in told)
    codes = {term(asked.about, code): code for code in listed}
    return {code: words for words, code in codes.items() if words not in told.values()}


def _hint(kind: AskedKind) -> str:
    if kind is AskedKind.LIST:
        return str(gettext("Several codes, with commas between them."))
    if kind is AskedKind.SPAN:
        return str(gettext("Such as P2D (two days) or PT3H (three hours)."))
    return ""
