"""What somebody answered, read again later: labels and choices in words, files by key.

A submission is shown with the form of its own version in the reader's language; a field without an
answer is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cases.deployed import PinnedForm
from app.cases.frame import Frame
from app.cases.matters import TABLE as MATTERS
from app.cases.wording import Wording
from app.errors import CaseError
from app.forms.components import (
    ChoiceField,
    DateTimeField,
    DynamicList,
    Field,
    FileField,
    Subtype,
    TextField,
)
from app.forms.messages import words
from app.forms.options import token_of
from app.forms.paths import ABSENT, value_at
from app.forms.points import said
from app.json_types import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its label and its words, an instant, or keys of files; `row` counts from 1."""

    label: str
    text: str = ""
    at: datetime | None = None
    files: tuple[str, ...] = ()
    row: int = 0


def answered(
    pinned: PinnedForm, answers: JsonObject, frame: Frame, wording: Wording
) -> tuple[Answer, ...]:
    """Return the answers of a submission in the order of its form."""
    return answers_of(pinned.in_language(wording.language).fields, answers, frame, wording)


def answers_of(
    fields: tuple[Field | DynamicList, ...], answers: JsonObject, frame: Frame, wording: Wording
) -> tuple[Answer, ...]:
    """Return the answers to some questions of a form in the reader's language."""
    return tuple(_Reader(frame, wording).scope(fields, answers, row=0))


def attachment_keys(answers: Json) -> Iterator[int]:
    """Yield every number that stands in a list of digit strings: the files answers may name."""
    if isinstance(answers, dict):
        for value in answers.values():
            yield from attachment_keys(value)
    elif isinstance(answers, list):
        for value in answers:
            if isinstance(value, str) and value.isdecimal():
                yield int(value)
            elif isinstance(value, dict | list):
                yield from attachment_keys(value)


@dataclass(frozen=True, slots=True)
class _Reader:
    frame: Frame
    wording: Wording

    @property
    def language(self) -> str:
        return self.wording.language

    def scope(
        self, fields: tuple[Field | DynamicList, ...], answers: JsonObject, *, row: int
    ) -> Iterator[Answer]:
        for part in fields:
            value = value_at(answers, part.path)
            if value is ABSENT or value in (None, "", [], {}):
                continue
            if isinstance(part, DynamicList):
                for number, each in enumerate(value if isinstance(value, list) else [], start=1):
                    if isinstance(each, dict):
                        yield from self.scope(part.fields, each, row=number)
            else:
                yield self.answer(part, value, row)

    def answer(self, part: Field, value: Json, row: int) -> Answer:
        label = part.label.source
        if isinstance(part, FileField) and isinstance(value, list):
            return Answer(label, files=tuple(str(key) for key in value), row=row)
        if isinstance(part, DateTimeField) and part.subtype is Subtype.DATETIME:
            return Answer(label, str(value), _instant(value), row=row)
        if isinstance(part, ChoiceField):
            return Answer(label, self.choices(part, value), row=row)
        if isinstance(part, TextField) and isinstance(value, Mapping):
            return Answer(label, said(value, self.language), row=row)
        return Answer(label, self.plain(value), row=row)

    def choices(self, part: ChoiceField, value: Json) -> str:
        names = {token_of(option.value): option.label for option in part.source.listed}
        chosen = value if isinstance(value, list) else [value]
        if part.source.key == MATTERS:
            return ", ".join(self.wording.category(str(each)) for each in chosen)
        if part.source.key:
            return ", ".join(self.unit(str(each)) for each in chosen)
        return ", ".join(names.get(token_of(each)) or self.plain(each) for each in chosen)

    def unit(self, code: str) -> str:
        """Return a unit's name; the code where there is none such."""
        try:
            return self.frame.directory.unit_by_code(code).label(self.language)
        except CaseError:
            return code

    def plain(self, value: Json) -> str:
        if isinstance(value, bool):
            return words("yes" if value else "no", self.language)
        return str(value)


def _instant(value: Json) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
