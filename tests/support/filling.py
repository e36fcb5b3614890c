"""Fills in any form at random, as somebody who reads only the form would.

A soak walks processes it knows nothing about: every visible choice may be taken, every number lies
within its bounds. `prefer` weighs the choices of single fields, so that a walk comes to an end.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app import forms
from app.forms.components import (
    CheckboxField,
    ChoiceField,
    DateTimeField,
    DynamicList,
    Field,
    FileField,
    Form,
    NumberField,
    Subtype,
    TextField,
)
from app.forms.expressions import Scope
from app.forms.options import choices
from app.forms.read import InvalidAnswers
from app.json_types import Json, JsonObject

MOST_TRIES = 40
ELSEWHERE = 0.1
LEFT_EMPTY = 0.8
Weights = Mapping[str, Mapping[Any, float]]
"""By the key of a field: its choices and how likely each is; what is not named is never chosen."""


class CannotFill(AssertionError):
    """No filling of the form was accepted."""


class Filler:
    """One form, filled at the instant `now` in what its task sees (`context`).

    A place is `point`, where the case lies, or now and then another; `files` are keys of
    attachments for fields that demand some.
    """

    def __init__(
        self,
        form: Form,
        chooser: random.Random,
        *,
        context: Mapping[str, Any],
        now: datetime,
        zone: ZoneInfo,
        prefer: Weights,
        point: tuple[float, float],
        files: Sequence[str] = (),
    ) -> None:
        self.point = point
        self.form, self.chooser, self.prefer, self.files = form, chooser, prefer, files
        self.context, self.now, self.zone = context, now, zone

    def fill(self) -> JsonObject:
        """Return answers the form accepts.

        Raises:
            CannotFill: none of many tries was accepted.
        """
        why: object = None
        for _ in range(MOST_TRIES):
            given = {part.path[0]: self._answer(part) for part in self.form.fields}
            try:
                forms.read(self.form, given, context=self.context, now=self.now, zone=self.zone)
            except InvalidAnswers as error:
                why = error.sentences
            else:
                return given
        raise CannotFill(f"form {self.form.id}: {why}")

    def _answer(self, part: Field | DynamicList) -> Json:
        if isinstance(part, DynamicList):
            return [self._row(part, given) for given in self._rows(part)]
        if isinstance(part, ChoiceField):
            return self._choice(part)
        if isinstance(part, CheckboxField):
            return bool(self._weighed(part.key, [True, False]))
        if isinstance(part, NumberField):
            return self._number(part)
        if isinstance(part, DateTimeField):
            return self._instant(part)
        if isinstance(part, TextField):
            return self._point() if part.input == "point" else self._words(part)
        return list(self.files) if isinstance(part, FileField) and may_be_required(part) else None

    def _point(self) -> Json:
        is_elsewhere = self.chooser.random() < ELSEWHERE
        return {"lat": self.point[0] + 0.1 * is_elsewhere, "lon": self.point[1]}

    def _words(self, part: TextField) -> str:
        words = f"Words on {part.key.replace('_', ' ')}, said in two languages 用两种语言说明"
        return words[: _bound(part.max_length.value, len(words))]

    def _rows(self, part: DynamicList) -> list[Mapping[str, Any]]:
        given = self.context.get(part.path[0])
        rows = given if isinstance(given, list) else []
        return [row for row in rows if isinstance(row, Mapping)] or [{}]

    def _row(self, part: DynamicList, given: Mapping[str, Any]) -> JsonObject:
        """Return a row: what the task brings along stays, the rest is filled in."""
        return {
            name: given[name] if given.get(name) is not None else self._answer(each)
            for each in part.fields
            for name in each.path[-1:]
        }

    def _choice(self, part: ChoiceField) -> Json:
        scope = Scope(context=self.context, now=self.now, zone=self.zone)
        offered = [choice.value for choice in choices(part, scope)]
        if not offered:
            return None
        if part.is_many:
            return self.chooser.sample(offered, k=min(len(offered), self.chooser.randint(1, 3)))
        return self._weighed(part.key, offered)

    def _weighed(self, key: str, offered: list[Any]) -> Any:
        weights = self.prefer.get(key, {})
        known = [each for each in offered if each in weights]
        if not known:
            return self.chooser.choice(offered)
        return self.chooser.choices(known, [weights[each] for each in known])[0]

    def _number(self, part: NumberField) -> Json:
        low, high = _bound(part.minimum.value, 0), _bound(part.maximum.value, 5)
        return self._weighed(part.key, list(range(low, max(low, high) + 1)))

    def _instant(self, part: DateTimeField) -> str | None:
        """Return an instant in the coming days, or this one where what comes is refused.

        Where the past is refused, another limit for example, it is mostly left empty.
        """
        days = 0 if part.latest.expression else self.chooser.randint(1, 5)
        if part.earliest.expression and days and self.chooser.random() < LEFT_EMPTY:
            return None
        at = (self.now + timedelta(days=days)).astimezone(self.zone)
        if part.subtype is Subtype.DATE:
            return at.date().isoformat()
        if part.subtype is Subtype.TIME:
            return at.strftime("%H:%M")
        return at.strftime("%Y-%m-%dT%H:%M")


def may_be_required(part: FileField) -> bool:
    """Tell whether a form demands files there, always or after some other answer."""
    return bool(part.required.value or part.required.expression)


def _bound(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, int | float | Decimal) else otherwise
