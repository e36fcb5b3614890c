"""FEEL values → what JSON can hold, before they enter a state, a row or an answer."""

from collections.abc import Mapping
from datetime import datetime

from app.feel.compiling.run import Run
from app.feel.errors import FeelBudgetExceeded
from app.feel.limits import MAX_JSON_NODES
from app.feel.temporal.moments import FarDateTime
from app.feel.temporal.text import date_time_text, temporal_text
from app.feel.text import text_of
from app.feel.values import Range, Value, number_of
from app.json_types import Json

_EXACT = 1 << 53


def to_json(value: Value) -> Json:
    """Return a value in JSON's types: whole numbers as int, others as float; moments and durations
    as ISO 8601 (a named zone as its offset), ranges as FEEL writes them, functions as null.

    Raises:
        FeelBudgetExceeded: the value is too large.
    """
    if value is None or isinstance(value, bool) or type(value) is str:
        return value
    try:
        return JsonWriter(MAX_JSON_NODES).write(value)
    except RecursionError:
        raise FeelBudgetExceeded(what="depth") from None


class JsonWriter:
    """Writes values as `to_json` does, as many as it was given room for."""

    def __init__(self, room: int) -> None:
        self.left = room

    def write(self, value: Value) -> Json:
        """Return a value in JSON's types.

        Raises:
            FeelBudgetExceeded: there is no more room.
        """
        self.left -= 1
        if self.left < 0:
            raise FeelBudgetExceeded(what="room for a value")
        if value is None or isinstance(value, bool):
            return value
        # What most values are comes first: everything that enters a state is written here.
        if type(value) is str or (type(value) is int and -_EXACT < value < _EXACT):
            return value
        if type(value) is dict:
            return {str(key): self.write(item) for key, item in value.items()}
        if type(value) is list:
            return [self.write(item) for item in value]
        return self._rarer(value)

    def _rarer(self, value: Value) -> Json:
        if isinstance(value, str):
            return str(value)
        number = number_of(value)
        if number is not None:
            is_whole = number == number.to_integral_value() and abs(number) < _EXACT
            return int(number) if is_whole else float(number)
        if isinstance(value, Mapping):
            return {str(key): self.write(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.write(item) for item in value]
        if isinstance(value, datetime | FarDateTime):
            return date_time_text(value, is_iso=True)
        if isinstance(value, Range):
            return text_of(value, Run(None, is_traced=False))
        return temporal_text(value)
