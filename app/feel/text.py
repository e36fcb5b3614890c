"""Values as FEEL writes them: what `string()` gives."""

from collections.abc import Mapping
from decimal import Decimal

from app.feel.run import Run
from app.feel.temporal_text import temporal_text
from app.feel.values import Function, Range, Value, number_of


def text_of(value: Value, run: Run) -> str:
    """Write a value as text, bounded in length.

    Raises:
        FeelBudgetExceeded: the text would grow too long.
    """
    text = str(value) if isinstance(value, str) else _inner(value, run)
    run.bounded_text(len(text))
    return text


def _inner(value: Value, run: Run) -> str:
    run.spend(1)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    number = number_of(value)
    if number is not None:
        return number_text(number)
    return temporal_text(value) or _collection(value, run)


def _collection(value: Value, run: Run) -> str:
    if isinstance(value, list | tuple):
        return "[" + _joined([_inner(item, run) for item in value], run) + "]"
    if isinstance(value, Mapping):
        entries = [f"{_key(str(name))}: {_inner(item, run)}" for name, item in value.items()]
        return "{" + _joined(entries, run) + "}"
    if isinstance(value, Range):
        return _range(value, run)
    return value.name if isinstance(value, Function) else "null"


def _joined(parts: list[str], run: Run) -> str:
    run.bounded_text(sum(map(len, parts)) + 2 * len(parts))
    return ", ".join(parts)


def _key(name: str) -> str:
    is_plain = name.replace(" ", "").replace("_", "").isalnum() and not name[:1].isdigit()
    return name if is_plain else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _range(value: Range, run: Run) -> str:
    if value.operator is not None:
        end = value.end if value.start is None else value.start
        return f"({value.operator} {_end(end, run)})"
    opening = "[" if value.is_start_included else "("
    closing = "]" if value.is_end_included else ")"
    return f"{opening}{_end(value.start, run)}..{_end(value.end, run)}{closing}"


def _end(value: Value, run: Run) -> str:
    temporal = temporal_text(value)
    return _inner(value, run) if temporal is None else f'@"{temporal}"'


def number_text(number: Decimal) -> str:
    """Write a number without an exponent and without needless zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
