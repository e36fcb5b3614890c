"""Values as FEEL writes them: what `string()` gives."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.feel.compiling.run import Run
from app.feel.limits import MAX_STRING
from app.feel.temporal.text import temporal_text
from app.feel.values import Function, Range, Value, number_of


def text_of(value: Value, run: Run) -> str:
    """Write a value as text, bounded in length.

    Raises:
        FeelBudgetExceeded: the text would grow too long.
    """
    if isinstance(value, str):
        run.bounded_text(len(value))
        return str.__str__(value)
    writer = _Writer(run)
    writer.value(value)
    return "".join(writer.pieces)


class _Writer:
    """Gathers the pieces of one text, and pays for each before the next is made."""

    def __init__(self, run: Run) -> None:
        self.pieces: list[str] = []
        self._run = run
        self._left = MAX_STRING

    def _add(self, piece: str) -> None:
        self._left -= len(piece)
        self._run.bounded_text(len(piece) if self._left >= 0 else MAX_STRING + 1)
        self.pieces.append(piece)

    def value(self, value: Value) -> None:
        """Write a value as it stands inside another."""
        if value is None:
            self._add("null")
        elif isinstance(value, bool):
            self._add("true" if value else "false")
        elif isinstance(value, str):
            self._add(_quoted(value))
        elif isinstance(value, list | tuple):
            self._list(value)
        elif isinstance(value, Mapping):
            self._context(value)
        elif isinstance(value, Range):
            self._range(value)
        else:
            self._add(_single(value))

    def _list(self, items: Sequence[Value]) -> None:
        self._add("[")
        for index, item in enumerate(items):
            if index:
                self._add(", ")
            self.value(item)
        self._add("]")

    def _context(self, entries: Mapping[str, Value]) -> None:
        self._add("{")
        for index, (name, item) in enumerate(entries.items()):
            if index:
                self._add(", ")
            self._add(f"{_key(str(name))}: ")
            self.value(item)
        self._add("}")

    def _range(self, value: Range) -> None:
        if value.operator is not None:
            self._add(f"({value.operator} ")
            self._end(value.end if value.start is None else value.start)
            self._add(")")
            return
        self._add("[" if value.is_start_included else "(")
        self._end(value.start)
        self._add("..")
        self._end(value.end)
        self._add("]" if value.is_end_included else ")")

    def _end(self, value: Value) -> None:
        temporal = temporal_text(value)
        if temporal is None:
            self.value(value)
        else:
            self._add(f'@"{temporal}"')


def _single(value: Value) -> str:
    number = number_of(value)
    if number is not None:
        return number_text(number)
    return temporal_text(value) or (value.name if isinstance(value, Function) else "null")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(name: str) -> str:
    is_plain = name.replace(" ", "").replace("_", "").isalnum() and not name[:1].isdigit()
    return name if is_plain else _quoted(name)


def number_text(number: Decimal) -> str:
    """Write a number without an exponent and without needless zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
