"""The neutral form in which the answers of both sides are compared.

A tuple whose first part names the kind: `("number", Decimal)`, `("date", "2026-03-01")`,
`("time", nanoseconds, zone)`, `("date and time", date, nanoseconds, zone)`, `("months", whole)`,
`("days", nanoseconds)`, `("list", items)`, `("context", entries)`, `("range", …)`. A zone is None,
an offset in minutes or a name. What only one side can produce: `("error", …)`, `("odd", …)` (no
FEEL value, such as NaN) and `("mixed duration", months, nanoseconds)`.
"""

from collections.abc import Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import TypeAlias

from app.feel.temporal.moments import (
    DAY,
    SECOND,
    civil,
    clock_of,
    moment_of,
    nanos_of,
    offset_at,
    zone_name,
)
from app.feel.temporal.text import date_text
from app.feel.text import number_text
from app.feel.values import Kind, Range, Value, kind_of, number_of

Answer: TypeAlias = tuple[object, ...]

NULL: Answer = ("null",)
_MILLI = 1_000_000
PRECISION = Decimal("1e-12")
"""How far numbers may differ, relative to the greater: the reference calculates in doubles of 53
bits (nearly 16 digits), and a few operations in a row lose some of them."""


def of_ours(value: Value) -> Answer:
    """Return one of our values in the neutral form."""
    kind = kind_of(value)
    if kind is Kind.NULL:
        return NULL
    if kind is Kind.NUMBER:
        return ("number", number_of(value))
    if kind in {Kind.STRING, Kind.BOOLEAN}:
        return (kind.value, value)
    if kind is Kind.LIST:
        return ("list", tuple(of_ours(item) for item in value))  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        return ("context", tuple(sorted((str(k), of_ours(v)) for k, v in value.items())))
    if isinstance(value, Range):
        # An end that a comparison leaves open counts as null, as it does over there.
        ends = of_ours(value.start), of_ours(value.end)
        return ("range", *ends, value.is_start_included, value.is_end_included)
    return ("function",) if kind is Kind.FUNCTION else _temporal(value, kind)


def _temporal(value: Value, kind: Kind) -> Answer:
    if kind is Kind.DATE:
        return ("date", date_text(value))  # type: ignore[arg-type]
    if kind is Kind.TIME:
        nanos, zone = clock_of(value)  # type: ignore[arg-type]
        return ("time", nanos, _zone(1, nanos, zone))
    if kind is Kind.DATE_TIME:
        day, nanos, zone = moment_of(value)  # type: ignore[arg-type]
        year, month, date = civil(day)
        written = f"{_sign(year)}{abs(year):04}-{month:02}-{date:02}"
        return ("date and time", written, nanos, _zone(day, nanos, zone))
    if kind is Kind.MONTHS_DURATION:
        return ("months", value.total_months)  # type: ignore[attr-defined]
    return ("days", nanos_of(value))  # type: ignore[arg-type]


def _zone(day: int, nanos: int, zone: tzinfo | None) -> object:
    offset = offset_at(day, nanos, zone)
    return zone_name(zone) or (None if offset is None else Decimal(offset) / 60)


def of_theirs(tagged: object) -> Answer:
    """Return a tagged answer of the reference in the neutral form."""
    kind, *rest = tagged  # type: ignore[misc]
    if kind == "number":
        return (kind, Decimal(rest[0]))
    if kind == "list":
        return (kind, tuple(of_theirs(item) for item in rest[0]))
    if kind == "context":
        return (kind, tuple(sorted((name, of_theirs(value)) for name, value in rest[0])))
    if kind == "range":
        return (kind, of_theirs(rest[0]), of_theirs(rest[1]), *rest[2:])
    if kind == "time":
        return (kind, _nanos(rest[0]), _their_zone(rest[1]))
    if kind == "date and time":
        date, _, clock = rest[0].partition("T")
        return (kind, date, _nanos(clock), _their_zone(rest[1]))
    if kind == "days":
        return (kind, round(rest[0] * _MILLI))
    if kind == "months":
        return (kind, int(rest[0]))
    return (kind, *rest)


def _nanos(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60 * SECOND + int(Decimal(seconds) * SECOND)


def _their_zone(zone: object) -> object:
    return Decimal(zone) if isinstance(zone, int | float) else zone


def agree(ours: Answer, theirs: Answer) -> bool:
    """Say whether two answers are the same value, numbers to the precision of a double."""
    if ours[0] != theirs[0] or len(ours) != len(theirs):
        return False
    if ours[0] == "number":
        return _is_close(ours[1], theirs[1])  # type: ignore[arg-type]
    if ours[0] == "list":
        return _all_agree(ours[1], theirs[1])
    if ours[0] == "context":
        names = [[name for name, _ in side[1]] for side in (ours, theirs)]  # type: ignore[attr-defined]
        values = [tuple(value for _, value in side[1]) for side in (ours, theirs)]  # type: ignore[attr-defined]
        return names[0] == names[1] and _all_agree(*values)
    if ours[0] == "range":
        return ours[3:] == theirs[3:] and _all_agree(ours[1:3], theirs[1:3])
    return ours == theirs


def _all_agree(ours: object, theirs: object) -> bool:
    assert isinstance(ours, tuple)
    assert isinstance(theirs, tuple)
    return len(ours) == len(theirs) and all(map(agree, ours, theirs))


def _is_close(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= PRECISION * max(abs(one), abs(other))


def literal(value: Answer) -> str | None:
    """Write a value as FEEL that means the same on both sides; None where it cannot be written."""
    kind = value[0]
    if kind in {"number", "string", "boolean", "null"}:
        return _plain(value)
    if kind == "list":
        items = [literal(item) for item in value[1]]  # type: ignore[attr-defined]
        return None if None in items else f"[{', '.join(map(str, items))}]"
    if kind == "context":
        entries = [(_quoted(name), literal(item)) for name, item in value[1]]  # type: ignore[attr-defined]
        written = ", ".join(f"{name}: {item}" for name, item in entries)
        return None if any(item is None for _, item in entries) else f"{{{written}}}"
    if kind == "range":
        start, end = literal(value[1]), literal(value[2])  # type: ignore[arg-type]
        if start is None or end is None or "null" in {start, end}:
            return None
        return f"{'[' if value[3] else '('}{start}..{end}{']' if value[4] else ')'}"
    return _temporal_literal(value)


def _plain(value: Answer) -> str:
    if value[0] == "string":
        return _quoted(str(value[1]))
    if value[0] == "number":
        text = number_text(value[1])  # type: ignore[arg-type]
        return f"({text})" if text.startswith("-") else text
    return "null" if value[0] == "null" else str(value[1]).lower()


def _quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'


def _temporal_literal(value: Answer) -> str | None:
    kind = value[0]
    if kind == "date":
        return f'@"{value[1]}"'
    if kind == "time":
        return f'@"{_clock(value[1])}{_suffix(value[2])}"'  # type: ignore[arg-type]
    if kind == "date and time":
        return f'@"{value[1]}T{_clock(value[2])}{_suffix(value[3])}"'  # type: ignore[arg-type]
    if kind == "months":
        return f'@"{_sign(value[1])}P{abs(value[1])}M"'  # type: ignore[arg-type]
    if kind == "days":
        days, nanos = divmod(abs(value[1]), DAY)  # type: ignore[arg-type]
        seconds = number_text(Decimal(nanos) / SECOND)
        return f'@"{_sign(value[1])}P{days}DT{seconds}S"'  # type: ignore[arg-type]
    return None


def _sign(number: int) -> str:
    return "-" if number < 0 else ""


def _clock(nanos: int) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text + (f".{fraction:09}".rstrip("0") if fraction else "")


def _suffix(zone: object) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    minutes = int(zone)  # type: ignore[call-overload]
    size = abs(minutes)
    return f"{'-' if minutes < 0 else '+'}{size // 60:02}:{size % 60:02}" if minutes else "Z"
