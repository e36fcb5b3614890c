"""The classes of difference: what the two sides answer differently, and what decides it.

A class is recognised where an expression begins to differ: by the construct, the values of its
parts and both answers. Each has an example that a test asks again, so that no class outlives its
reason. Clauses and tables are those of OMG DMN 1.5.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from app.feel.temporal.moments import DAY, SECOND
from tests.feel.differential import values
from tests.feel.differential.builtins import SELDOM
from tests.feel.differential.expressions import Expr, sketch
from tests.feel.differential.isolation import Difference
from tests.feel.differential.values import NULL, Answer, agree

Right: TypeAlias = Literal["we", "they", "open"]
"""Who answers as the standard says; "open" where it leaves the answer open."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of difference; `form` and `example` are one that must still differ.

    In the example the parts of the construct stand in ⟨ ⟩.
    """

    id: str
    title: str
    clause: str
    right: Right
    form: str
    example: str
    holds: Callable[[Difference], bool]

    @property
    def expr(self) -> Expr:
        """The example as a tree."""
        return sketch(self.form, self.example)


TRUE: Answer = ("boolean", True)
FALSE: Answer = ("boolean", False)

_MOMENTS = frozenset(["date", "time", "date and time"])
_TEMPORAL = _MOMENTS | {"days", "months"}
_ORDERED = _MOMENTS | {"number", "string", "days", "months"}
_INEQUALITIES = ("<", "<=", ">", ">=")
_TESTS = ("", "in ", "unary ", "unary not ")


def kind(d: Difference, index: int) -> str:
    """Return the kind of an operand, "" where there is none."""
    return str(d.operands[index][0]) if -len(d.operands) <= index < len(d.operands) else ""


def is_call(d: Difference, *names: str) -> bool:
    """Say whether the construct is a call of one of these functions, by position or by name."""
    return d.form.removesuffix(" by name") in {f"call {name}" for name in names}


def zone(value: Answer) -> str:
    """Say how a moment is placed: local, by offset, or by a named zone."""
    if value[0] == "date":
        return "offset"
    return "local" if value[-1] is None else (value[-1] if isinstance(value[-1], str) else "offset")


def have_order(one: Answer, other: Answer) -> bool:
    """Say whether two values are of kinds that table 54 orders."""
    if {one[0], other[0]} == {"date", "date and time"}:
        return True
    return one[0] == other[0] and one[0] in _ORDERED


def have_mixed_zones(*values: Answer) -> bool:
    """Say whether moments are placed in different ways."""
    moments = [value for value in values if value[0] in _MOMENTS]
    return len({value[0] == "time" for value in moments}) == 1 and len(set(map(zone, moments))) > 1


def pairs(d: Difference) -> list[tuple[Answer, Answer]]:
    """Return what a comparison compares: the value with an operand, or with a range's ends."""
    value, *others = d.operands
    ends = [end for o in others for end in (o[1:3] if o[0] == "range" else (o,))]
    return [(value, end) for end in ends if isinstance(end, tuple)]


def is_comparison(d: Difference) -> bool:
    """Say whether the construct compares one value with others by order."""
    if d.form == "between" or d.form in {"in range", "unary range", "unary not range"}:
        return len(d.operands) > 1
    return d.form in {f"{test}{op}" for test in _TESTS for op in _INEQUALITIES}


def is_test(d: Difference) -> bool:
    """Say whether the construct is a unary test or what stands behind `in`."""
    return d.form.startswith(("unary", "in "))


def is_verdict(*answers: Answer) -> bool:
    """Say whether answers are what a comparison may give, or an error."""
    return all(answer[0] in {"boolean", "null", "error"} for answer in answers)


def is_reversed(d: Difference) -> bool:
    """Say whether the tested range, or the ends of between, go from the greater to the smaller."""
    ends = [end for _, end in pairs(d)]
    return len(ends) == 2 and ends[0][0] == ends[1][0] and _key(ends[0]) > _key(ends[1])


def _key(value: Answer) -> tuple[str, ...] | tuple[object, ...]:
    if value[0] in {"time", "date and time"} and isinstance(value[-1], Decimal):
        day = date.fromisoformat(str(value[1])).toordinal() if value[0] != "time" else 0
        return (day * DAY + Decimal(value[-2]) - value[-1] * 60 * SECOND,)  # type: ignore[arg-type]
    return value[1:-1] if value[0] in {"time", "date and time"} else value[1:]


def _whole(value: Answer) -> bool:
    return value[0] == "number" and value[1] == value[1].to_integral_value()  # type: ignore[attr-defined]


def _number(value: Answer) -> Decimal:
    return value[1] if value[0] == "number" else Decimal("NaN")  # type: ignore[return-value]


def _items(value: Answer) -> tuple[Answer, ...]:
    return value[1] if value[0] == "list" else (value,)  # type: ignore[return-value]


def _unlike(d: Difference) -> bool:
    return any(not have_order(one, other) for one, other in pairs(d))


def _range_points(d: Difference) -> list[Answer]:
    return [end for o in d.operands for end in (o[1:3] if o[0] == "range" else (o,))]  # type: ignore[misc]


def _is_range_call(d: Difference) -> bool:
    return is_call(d, "before", "after", "meets", "met by", "overlaps", "includes")


def _position_of(d: Difference) -> tuple[int, Decimal]:
    subject, place = d.operands[:2]
    measured = "string" if is_call(d, "substring") else "list"
    size = len(subject[1]) if subject[0] == measured else 1  # type: ignore[arg-type]
    return size, _number(place)


def _is_outside(d: Difference) -> bool:
    size, place = _position_of(d)
    return not (place == place.to_integral_value() and 1 <= abs(place) <= size)


def _length_is_outside(d: Difference) -> bool:
    size, place = _position_of(d)
    length = _number(d.operands[2]) if len(d.operands) > 2 else Decimal(1)
    most = size - place + 1 if place > 0 else -place
    return not (length == length.to_integral_value() and 1 <= length <= most)


_POSITIONED = ("insert before", "remove", "list replace", "sublist", "substring")


def _numbers(d: Difference) -> list[Decimal]:
    items = d.operands if len(d.operands) > 1 else _items(d.operands[0])
    return [_number(item) for item in items]


def _largest(numbers: Iterable[Decimal]) -> Decimal:
    return max((abs(number) for number in numbers if number.is_finite()), default=Decimal(0))


def _median_by_text(d: Difference) -> bool:
    """Say whether they took the median of the numbers by their texts, and we did not."""
    numbers = _numbers(d)
    by_text = sorted(numbers, key=_script_text)
    ours, theirs = (("number", _middle(row)) for row in (sorted(numbers), by_text))
    return agree(ours, d.ours) and agree(theirs, d.theirs)


def _script_text(number: Decimal) -> str:
    """Write a number as JavaScript does."""
    if not number or Decimal("1e-6") <= abs(number) < Decimal("1e21"):
        return values.number_text(number)
    return repr(float(number)).replace("e-0", "e-")


def _middle(numbers: list[Decimal]) -> Decimal:
    middle = numbers[(len(numbers) - 1) // 2 : len(numbers) // 2 + 1]
    return sum(middle) / len(middle)


def _is_scaled(d: Difference) -> bool:
    """Say whether our duration is the product or quotient of a duration and a number."""
    durations = [o for o in d.operands if o[0] in {"days", "months"}]
    numbers = [o for o in d.operands if o[0] == "number"]
    if len(durations) != 1 or len(numbers) != 1 or d.ours[0] != durations[0][0]:
        return False
    size, factor = Decimal(durations[0][1]), _number(numbers[0])  # type: ignore[arg-type]
    exact = size * factor if d.form == "*" else size / factor
    return abs(Decimal(d.ours[1]) - exact) < 1  # type: ignore[arg-type]


def _is_casual_months(d: Difference) -> bool:
    """Say whether months are compared that differ by no more than years of 365 days explain."""
    sizes = [
        (abs(int(one[1]) - int(other[1])), max(abs(int(one[1])), abs(int(other[1]))))  # type: ignore[call-overload]
        for one, other in pairs(d)
        if one[0] == other[0] == "months"
    ]
    return any(distance <= 1 + size // 72 for distance, size in sizes)


def _first_texts(d: Difference) -> list[str]:
    return [str(o[1]) for o in d.operands if o[0] == "string"]


def _same_without_falsy(d: Difference) -> bool:
    kept = [item for item in _items(d.ours) if item not in (NULL, ("boolean", False))]
    return len(kept) < len(_items(d.ours)) and agree(("list", tuple(kept)), d.theirs)


def _is_extreme(d: Difference) -> bool:
    items = d.operands if len(d.operands) > 1 else _items(d.operands[0])
    return d.ours in items and d.ours[0] in _ORDERED - {"number"}


def _are_whole_months(d: Difference) -> bool:
    """Say whether our months are those that lie between two dates, or none where one is a time."""
    if "time" in {kind(d, 0), kind(d, 1)}:
        return d.ours == NULL
    start, end = (date.fromisoformat(str(operand[1])) for operand in d.operands)
    clocks = [operand[2] if operand[0] == "date and time" else 0 for operand in d.operands]
    months = (end.year - start.year) * 12 + end.month - start.month
    first, last = (start.day, clocks[0]), (end.day, clocks[1])
    counts = {months - (months > 0 and last < first) + (months < 0 and last > first)}
    # Whether the clocks count is left open.
    counts.add(months - (months > 0 and end.day < start.day) + (months < 0 and end.day > start.day))
    return d.ours[0] == "months" and d.ours[1] in counts


def _has_part(d: Difference) -> bool:
    """Say whether the duration is of the kind that has the part."""
    return (d.form in {"property years", "property months"}) == (kind(d, 0) == "months")


def _is_moved_clock(d: Difference) -> bool:
    """Say whether our time is the other operand's clock moved by the duration."""
    clock = next(o[1] for o in d.operands if o[0] == "time")
    moved = next((o[1] for o in d.operands if o[0] == "days"), None)
    return moved is not None and d.ours[1] == (clock + (moved if d.form == "+" else -moved)) % DAY  # type: ignore[operator]


def _without_durations(text: Answer) -> str:
    return re.sub(r"-?\bP[-\dYMDTHS.]+", "P", str(text[1]))


def _are_singles_dropped(d: Difference) -> bool:
    """Say whether all they lack are lists of one of our items, or items that we have in such."""
    kept, all_items = (list(_items(answer)) for answer in (d.theirs, d.ours))
    dropped = [item for item in all_items if item not in kept]
    singles = [item[1][0] for item in all_items if item[0] == "list" and len(_items(item)) == 1]  # type: ignore[index]
    return (
        [item for item in all_items if item in kept] == kept
        and bool(dropped)
        and all(item in singles or _items(item)[0] in all_items for item in dropped)
    )


def _year(answer: Answer) -> int:
    found = re.match(r"-?\d+(?=-)", str(answer[1]))
    return int(found[0]) if found else 0


_STOPS = (
    "unsupported range",
    "not implemented: SpecialType",
    "Invalid unit",
    "Unknown duration argument",
)
"""The errors with which the reference stops where two values have no order or a type is asked."""

_ROUNDINGS = (
    "decimal",
    "floor",
    "ceiling",
    "round up",
    "round down",
    "round half up",
    "round half down",
)


def _lies_on_edge(d: Difference) -> bool:
    """Say whether the scaled number lies where rounding turns, the answers one step apart."""
    scale = _number(d.operands[1]) if len(d.operands) > 1 else Decimal(0)
    scaled = _number(d.operands[0]) * 10**scale
    edge = (scaled * 2).to_integral_value()
    step = abs(_number(d.ours) - _number(d.theirs)) * 10**scale
    return abs(scaled * 2 - edge) < Decimal("1e-6") and abs(step - 1) < Decimal("1e-6")


CLASSES: tuple[Class, ...] = (
    # --- comparisons ------------------------------------------------------------------------
    Class(
        "unlike-order",
        "values that have no order are compared as JavaScript compares them, or not at all",
        "10.3.2.15, table 52: both must be of the same kind, else null; table 55",
        "we",
        "<",
        '⟨1⟩ < ⟨"a"⟩',
        lambda d: (
            is_comparison(d) and _unlike(d) and d.ours in (NULL, FALSE) and is_verdict(d.theirs)
        ),
    ),
    Class(
        "mixed-zones",
        "a moment without an offset counts as one of the system's zone",
        "10.3.2.15, table 54: it has the offset of the other",
        "we",
        "<",
        '⟨@"12:00:00"⟩ < ⟨@"13:00:00+08:00"⟩',
        lambda d: (
            is_comparison(d)
            and any(have_mixed_zones(*pair) for pair in pairs(d))
            and is_verdict(d.ours, d.theirs)
        ),
    ),
    Class(
        "reversed-test",
        "a range or between from the greater to the smaller is turned round",
        "10.3.2.15, table 55: e1 >= e2 and e1 <= e3; 10.3.2.7: start <= end",
        "we",
        "between",
        "⟨2⟩ between ⟨3⟩ and ⟨1⟩",
        lambda d: (
            is_comparison(d) and is_reversed(d) and d.ours in (NULL, FALSE) and d.theirs == TRUE
        ),
    ),
    Class(
        "unlike-value",
        "a value of another kind than a unary test's counts as different, not as null",
        "10.3.2.15, tables 52 and 55: both must be of the same kind, else null",
        "we",
        "unary value",
        '⟨1⟩⟨"a"⟩',
        lambda d: (
            is_test(d)
            and d.form.endswith(("value", "list", "range"))
            and kind(d, 1) not in {kind(d, 0), "list", "range"}
            and d.ours == NULL
            and d.theirs[0] == "boolean"
        ),
    ),
    Class(
        "unlike-unequal",
        "!= turns the null of an equality that cannot be told into true",
        "10.3.2.15, table 52 and FEEL(not(e1 = e2)); table 51: not(null) is null",
        "we",
        "!=",
        '⟨1⟩ != ⟨"a"⟩',
        lambda d: (
            d.form == "!=" and kind(d, 0) != kind(d, 1) and d.ours == NULL and d.theirs == TRUE
        ),
    ),
    Class(
        "in-null",
        "in null is null, though it means = null",
        "10.3.2.15, table 55: e1 in e2 is e1 = e2; table 49: e = null",
        "we",
        "in value",
        "⟨1⟩ in ⟨null⟩",
        lambda d: (
            is_test(d)
            and kind(d, 1) == "null"
            and d.theirs == NULL
            and d.ours == (("boolean", kind(d, 0) == "null"))
        ),
    ),
    Class(
        "casual-months",
        "years and months durations are compared as days: a year of 365, a month of 30",
        "10.3.2.3.8 and table 54: by their months",
        "we",
        ">",
        '⟨@"P1Y2M"⟩ > ⟨@"P14M"⟩',
        lambda d: (
            (is_comparison(d) or d.form in {"=", "!="})
            and _is_casual_months(d)
            and is_verdict(d.ours, d.theirs)
        ),
    ),
    # --- ranges -----------------------------------------------------------------------------
    Class(
        "null-end",
        "a range that ends at null is not included there, whatever its bracket",
        "10.3.2.7: the brackets say what is included",
        "we",
        "interval",
        "[⟨1⟩..⟨null⟩]",
        lambda d: (
            d.form == "interval"
            and "null" in {kind(d, 0), kind(d, 1)}
            and d.theirs[0] == "range"
            and d.ours[0] in {"range", "null"}
        ),
    ),
    Class(
        "unlike-ends",
        "a range between values that have no order is one, or an error",
        "10.3.2.7: the endpoints are of equivalent types",
        "we",
        "interval",
        '[⟨1⟩..⟨"a"⟩]',
        lambda d: (
            d.form == "interval"
            and (not have_order(*d.operands) or have_mixed_zones(*d.operands))
            and d.theirs[0] in {"range", "error"}
        ),
    ),
    Class(
        "reversed-ends",
        "a range from the greater to the smaller is one",
        "10.3.2.7: start <= end",
        "we",
        "interval",
        "[⟨3⟩..⟨1⟩]",
        lambda d: (
            d.form == "interval"
            and d.ours == NULL
            and d.theirs[0] == "range"
            and kind(d, 0) == kind(d, 1)
            and _key(d.operands[0]) > _key(d.operands[1])
        ),
    ),
    Class(
        "unlike-points",
        "range functions relate what has no order as JavaScript does",
        "10.3.4.7, table 78: by <, <= and =; table 52",
        "we",
        "call before",
        'before(⟨1⟩, ⟨"a"⟩)',
        lambda d: (
            _is_range_call(d)
            and d.ours == NULL
            and d.theirs[0] in {"boolean", "null", "error"}
            and (NULL in _range_points(d) or len({end[0] for end in _range_points(d)}) > 1)
        ),
    ),
    Class(
        "identical-ends",
        "ends that are temporal values are the same only if they are one object",
        "10.3.4.7, table 78: by =",
        "we",
        "call meets",
        'meets(⟨[@"2026-01-01"..@"2026-02-01"]⟩, ⟨[@"2026-02-01"..@"2026-03-01"]⟩)',
        lambda d: (
            _is_range_call(d)
            and is_verdict(d.ours, d.theirs)
            and all(end[0] in _MOMENTS | {"days", "months"} for end in _range_points(d))
        ),
    ),
    Class(
        "range-functions-absent",
        "most range functions are not implemented",
        "10.3.4.7, table 78",
        "we",
        "call starts",
        "starts(⟨1⟩, ⟨[1..5]⟩)",
        lambda d: (
            is_call(d, *(way.function for way in SELDOM))
            and d.ours[0] in {"boolean", "null"}
            and (d.theirs == NULL or str(d.theirs[1]).startswith("not implemented"))
        ),
    ),
    Class(
        "open-bracket",
        "[ at the end of a range behind an operation begins an index",
        "10.3.1.2, rule 7: a closing bracket",
        "we",
        "interval",
        "(⟨1⟩..⟨sum|7 - n⟩[",
        lambda d: (
            any(e.form == "interval" and e.text.endswith("[") for e in d.expr.walk())
            and d.theirs == ("error", "syntax")
            and d.ours[0] != "error"
        ),
    ),
    Class(
        "date-among-moments",
        "a range from a date to a date and time is none, nor has anything a place between them",
        "10.3.2.9.4: from date to date and time",
        "open",
        "interval",
        '[⟨@"2026-01-01"⟩..⟨@"2026-02-01T10:00:00Z"⟩]',
        lambda d: (
            d.form in {"interval", "between"}
            and {kind(d, -2), kind(d, -1)} == {"date", "date and time"}
            and d.theirs[0] == "error"
            and d.ours[0] in {"range", "null", "boolean"}
        ),
    ),
    Class(
        "fraction-of-equals",
        "fractions of a second count when moments are equated",
        "10.3.2.3.4: seconds; the published test cases want none",
        "open",
        "=",
        '⟨@"08:00:15"⟩ = ⟨@"08:00:15.125"⟩',
        lambda d: (
            (d.form in {"=", "!=", "unary value", "in value"} or is_call(d, "is"))
            and kind(d, 0) == kind(d, 1) in {"time", "date and time"}
            and {d.operands[0][-2] % SECOND == 0, d.operands[1][-2] % SECOND == 0}
            and abs(d.operands[0][-2] - d.operands[1][-2]) < SECOND
            and d.operands[0][-2] != d.operands[1][-2]
            and is_verdict(d.ours, d.theirs)
        ),
    ),
    # --- arithmetic -------------------------------------------------------------------------
    Class(
        "exponent",
        "an exponent behind a whole number is not read",
        "10.3.1.2, rule 37",
        "we",
        "number",
        "1e3",
        lambda d: (
            d.form == "number"
            and "e" in d.expr.text
            and "." not in d.expr.text
            and d.theirs == ("number", Decimal(d.expr.text.partition("e")[0]))
        ),
    ),
    Class(
        "zone-difference",
        "moments of which only one has an offset are subtracted all the same",
        "10.3.2.15, table 57: undefined where only one has a timezone",
        "we",
        "-",
        '⟨@"10:00:00"⟩ - ⟨@"09:00:00Z"⟩',
        lambda d: (
            d.form == "-"
            and have_mixed_zones(*d.operands)
            and d.ours == NULL
            and d.theirs[0] == "days"
        ),
    ),
    Class(
        "date-moved",
        "a date moved by hours becomes a date and time",
        "10.3.2.15, table 57: date(…)",
        "we",
        "+",
        '⟨@"2026-01-01"⟩ + ⟨@"PT5H"⟩',
        lambda d: (
            d.form in {"+", "-"}
            and {kind(d, 0), kind(d, 1)} == {"date", "days"}
            and d.ours[0] == "date"
            and d.theirs[:2] == ("date and time", d.ours[1])
        ),
    ),
    Class(
        "negated-duration",
        "durations cannot be negated",
        "10.3.2.15, table 62: e * -1",
        "we",
        "negate",
        '-⟨@"PT5H"⟩',
        lambda d: (
            d.form == "negate" and d.theirs == NULL and d.ours == (kind(d, 0), -d.operands[0][1])
        ),
    ),
    Class(
        "scaled-duration",
        "durations and numbers neither multiply nor divide",
        "10.3.2.15, table 59",
        "we",
        "*",
        '⟨@"PT5H"⟩ * ⟨2⟩',
        lambda d: d.form in {"*", "/"} and d.theirs == NULL and _is_scaled(d),
    ),
    Class(
        "divided-months",
        "months are divided by months as days: a year of 365, a month of 30",
        "10.3.2.15, table 59: by their months",
        "we",
        "/",
        '⟨@"P1Y2M"⟩ / ⟨@"P1M"⟩',
        lambda d: (
            d.form == "/"
            and kind(d, 0) == kind(d, 1) == "months"
            and d.theirs[0] == "number"
            and agree(
                ("number", Decimal(d.operands[0][1]) / Decimal(d.operands[1][1] or "NaN")), d.ours
            )
        ),
    ),
    Class(
        "mixed-durations",
        "months and days add to a duration of both",
        "10.3.2.15, table 57: no such row, so null",
        "we",
        "+",
        '⟨@"P1M"⟩ + ⟨@"P1D"⟩',
        lambda d: (
            d.form in {"+", "-"}
            and {kind(d, 0), kind(d, 1)} == {"months", "days"}
            and d.ours == NULL
            and d.theirs[0] in {"mixed duration", "months", "days"}
        ),
    ),
    Class(
        "unnormalised",
        "parts of durations are read as they were written",
        "10.3.2.15, table 66: normalized",
        "we",
        "property minutes",
        '⟨@"PT90M"⟩.minutes',
        lambda d: (
            d.form.removeprefix("property ")
            in {"years", "months", "days", "hours", "minutes", "seconds"}
            and kind(d, 0) in {"days", "months"}
            and d.theirs[0] == "number"
            and d.ours[0] == ("number" if _has_part(d) else "null")
        ),
    ),
    Class(
        "unlike-items",
        "collections that hold values of two kinds in one place are different",
        "10.3.2.15, tables 52 and 53: that equality is null, and so is the whole",
        "we",
        "=",
        '⟨[1, 2]⟩ = ⟨["a", "b"]⟩',
        lambda d: (
            d.form in {"=", "!=", "unary value", "in value"}
            and kind(d, 0) == kind(d, 1)
            and kind(d, 0) in {"list", "context"}
            and d.ours == NULL
            and d.theirs == (TRUE if d.form == "!=" else FALSE)
        ),
    ),
    Class(
        "calendar-days",
        "days added in a named zone are those of the calendar, not of 24 hours",
        "10.3.2.15, table 57: valuedt(e1) +/- valuedtd(e2)",
        "we",
        "+",
        '⟨@"2026-10-24T12:00:00@Europe/Berlin"⟩ + ⟨@"P1D"⟩',
        lambda d: (
            d.form in {"+", "-"}
            and d.ours[0] == d.theirs[0] == "date and time"
            and isinstance(d.ours[-1], str)
            and "days" in {kind(d, 0), kind(d, 1)}
            and abs(_key((*d.ours[:3], Decimal(0)))[0] - _key((*d.theirs[:3], Decimal(0)))[0])
            == 3600 * SECOND
        ),
    ),
    Class(
        "zone-of-1900",
        "times of named zones are moved along the offsets of the year 1900",
        "10.3.2.15, table 57: valuet(e1) +/- valuedtd(e2)",
        "we",
        "+",
        '⟨opened - 生日⟩ + ⟨@"23:30:00@Asia/Shanghai"⟩',
        lambda d: (
            d.form in {"+", "-"}
            and d.ours[0] == d.theirs[0] == "time"
            and isinstance(d.ours[-1], str)
            and _is_moved_clock(d)
        ),
    ),
    # --- the rest of the language -----------------------------------------------------------
    Class(
        "to-zero",
        "an iteration that ends at 0 has no end",
        "10.3.2.14: a range of numbers",
        "we",
        "for",
        "for i in ⟨iteration|3..0⟩ return ⟨1⟩",
        lambda d: (
            d.form in {"for", "for several"}
            and d.expr.children[0].text.endswith("..0")
            and d.theirs == NULL
            and d.ours[0] == "list"
        ),
    ),
    Class(
        "if-otherwise",
        "a condition that is no boolean counts as true",
        "10.3.2.13, below table 50: equal to b if a is true, and to c otherwise",
        "we",
        "if",
        "if ⟨5⟩ then ⟨1⟩ else ⟨2⟩",
        lambda d: (
            d.form == "if"
            and kind(d, 0) not in {"boolean", "null"}
            and agree(d.operands[1], d.theirs)
            and agree(d.ours, d.operands[2])
        ),
    ),
    Class(
        "falsy-items",
        "a filter drops false and null items",
        "10.3.2.15, table 68: each item for which the condition is true",
        "we",
        "filter",
        "⟨[true, false, null]⟩[⟨item != true⟩]",
        lambda d: d.form == "filter" and _same_without_falsy(d),
    ),
    Class(
        "instance-of",
        "instance of is not implemented",
        "10.3.2.15, table 61",
        "we",
        "instance of",
        "⟨1⟩ instance of number",
        lambda d: (
            "instance of" in d.expr.text
            and (d.form == "instance of" or d.theirs == ("error", "syntax"))
            and d.ours[0] != "error"
            and d.theirs[0] in {"boolean", "error"}
            and d.theirs != TRUE
        ),
    ),
    Class(
        "any-truth",
        "some and every take whatever is not false and not null for true",
        "10.3.2.15, table 49 and 50",
        "we",
        "some",
        "some x in ⟨[1]⟩ satisfies ⟨x⟩",
        lambda d: d.form in {"some", "every"} and d.ours == NULL and d.theirs[0] == "boolean",
    ),
    Class(
        "falsy-argument",
        "a named argument that is false, 0 or empty is left out of repeated ones",
        "10.3.2.15, table 63",
        "we",
        "call append by name",
        'append(list: ⟨[1]⟩, item: ⟨""⟩)',
        lambda d: (
            is_call(d, "append")
            and d.form.endswith(" by name")
            and d.operands[1] in {("string", ""), ("number", Decimal(0)), FALSE, NULL}
        ),
    ),
    Class(
        "single-filtered",
        "a single value filtered by true is no list",
        "10.3.2.15, table 68: [e1]",
        "we",
        "filter",
        "⟨5⟩[⟨true⟩]",
        lambda d: (
            d.form == "filter"
            and kind(d, 0) != "list"
            and agree(d.operands[0], d.theirs)
            and d.ours == ("list", d.operands[:1])
        ),
    ),
    Class(
        "duration-itself",
        "duration() of a duration is null",
        "10.3.4.1, table 72: duration string",
        "open",
        "call duration",
        'duration(⟨@"P1Y"⟩)',
        lambda d: is_call(d, "duration") and d.theirs == NULL and d.ours == d.operands[0],
    ),
    Class(
        "empty-match",
        "a pattern that matches the empty text is replaced everywhere",
        "10.3.4.3, note 2: XPath Functions 7.6.3: an error, so null",
        "we",
        "call replace",
        'replace(⟨"dust"⟩, ⟨"x?"⟩, ⟨"-"⟩)',
        lambda d: (
            is_call(d, "replace")
            and d.ours == NULL
            and d.theirs[0] == "string"
            and re.search(_first_texts(d)[1].replace("\\\\", "\\"), "") is not None
        ),
    ),
    Class(
        "utc-midnight",
        "a date and time at midnight of UTC is taken for a date",
        "10.3.2.3.6: two kinds",
        "we",
        "call date and time",
        'date and time(⟨"2026-01-01T00:00:00Z"⟩)',
        lambda d: (
            d.ours == ("date and time", d.theirs[1] if len(d.theirs) > 1 else "", 0, Decimal(0))
            and d.theirs[0] == "date"
        ),
    ),
    Class(
        "put-into-scalar",
        "context put() goes into what is no context",
        "10.3.4.10: contexts",
        "we",
        "call context put",
        'context put(⟨{a: "x"}⟩, ⟨["a", "b"]⟩, ⟨1⟩)',
        lambda d: (
            is_call(d, "context put")
            and d.ours == NULL
            and d.theirs[0] == "context"
            and kind(d, 1) == "list"
        ),
    ),
    Class(
        "null-verdict",
        "unary tests that are neither true nor false count as false, or as the null they test",
        "10.3.2.10 and table 51: the verdict is that of the expression, and not(null) is null",
        "we",
        "unary",
        "⟨1⟩⟨test input|? < null⟩",
        lambda d: (
            d.form in {"unary", "unary not"}
            and d.ours == NULL
            and d.theirs == ("boolean", (kind(d, 0) == "null") == (d.form == "unary"))
        ),
    ),
    Class(
        "open-test",
        "a comparison behind in reaches over and and or",
        "10.3.1.2, rules 7 and 49c: the grammar leaves open where the endpoint ends",
        "open",
        "or",
        "⟨in <=|1 in <= 2⟩ or ⟨false⟩",
        lambda d: (
            d.form in {"and", "or"}
            and any(c.form.startswith("in ") for c in d.expr.walk())
            and is_verdict(d.ours, d.theirs)
        ),
    ),
    Class(
        "two-durations",
        "durations of two kinds are different, not incomparable",
        "10.3.2.15, table 52: both must be of the same kind, else null",
        "we",
        "=",
        '⟨@"P1Y"⟩ = ⟨@"P1D"⟩',
        lambda d: (
            d.form in {"=", "unary value", "in value"}
            and {kind(d, 0), kind(d, 1)} == {"months", "days"}
            and d.ours == NULL
            and d.theirs[0] == "boolean"
        ),
    ),
    Class(
        "short-lists",
        "a list of none or one is compared as its item",
        "10.3.2.15, table 53; 10.3.2.9.4 names no such conversion",
        "we",
        "=",
        "⟨[]⟩ = ⟨[1, 2]⟩",
        lambda d: (
            (d.form in {"=", "!="} or is_call(d, "is"))
            and any(o[0] == "list" and len(_items(o)) < 2 for o in d.operands)
            and is_verdict(d.ours, d.theirs)
        ),
    ),
    Class(
        "identical-items",
        "temporal values and collections are in a list only if they are one object",
        "10.3.2.15, table 55: list contains(e2, e1)",
        "we",
        "unary list",
        '⟨@"2026-01-01"⟩⟨[@"2026-01-01"]⟩',
        lambda d: (
            is_test(d)
            and kind(d, 1) == "list"
            and kind(d, 0) in _MOMENTS | {"days", "months"}
            and is_verdict(d.ours, d.theirs)
            and d.operands[0] in _items(d.operands[1])
        ),
    ),
    Class(
        "time-and-months",
        "a time moved by months stays what it is",
        "10.3.2.15, table 57: no such row, so null",
        "we",
        "+",
        '⟨@"10:00:00"⟩ + ⟨@"P1M"⟩',
        lambda d: (
            d.form in {"+", "-"}
            and {kind(d, 0), kind(d, 1)} == {"time", "months"}
            and d.ours == NULL
            and d.theirs[0] == "time"
        ),
    ),
    Class(
        "temporal-nonsense",
        "moments and durations subtract, multiply and divide as their milliseconds",
        "10.3.2.15, tables 57 and 59: no such row, so null",
        "we",
        "-",
        '⟨@"P1D"⟩ - ⟨@"2026-01-01"⟩',
        lambda d: (
            d.form in {"-", "*", "/"}
            and d.ours == NULL
            and kind(d, 0) in _TEMPORAL
            and kind(d, 1) in _TEMPORAL
            and (
                d.form != "-"
                or kind(d, 0) in {"days", "months"}
                or "time" in {kind(d, 0), kind(d, 1)}
            )
            and d.theirs[0] in {"number", "days", "odd"}
        ),
    ),
    Class(
        "filter-by-call",
        "a condition that is a call, a name or an if is no filter, but an index taken once",
        "10.3.2.5: the condition is evaluated for each item",
        "we",
        "filter",
        "⟨[1, 2]⟩[⟨call odd|odd(item)⟩]",
        lambda d: (
            d.form == "filter"
            and d.theirs in {("list", ()), NULL, d.operands[0]}
            and d.expr.children[1].form.split()[0] in {"call", "if", "bound", "invoke", "entry"}
        ),
    ),
    Class(
        "inner-error",
        "an error for one item stops the whole",
        "10.3.2.15, table 52: null, and the rest goes on",
        "we",
        "call sort",
        "sort(⟨[true, 1]⟩, ⟨function|function(a, b) a < b⟩)",
        lambda d: (
            bool(d.expr.names or any(c.form == "function" for c in d.expr.children))
            and d.theirs[0] == "error"
            and str(d.theirs[1]).startswith(_STOPS)
        ),
    ),
    Class(
        "other-index",
        "an index that is no number selects nothing, as a list",
        "10.3.2.15, table 68: outside of the domain, so null",
        "we",
        "index",
        "⟨[1, 2]⟩[⟨when⟩]",
        lambda d: (
            (d.form == "index" or (d.form == "filter" and kind(d, 1) == "null"))
            and kind(d, 1) not in {"number", "boolean"}
            and d.ours in {NULL, ("list", ())}
            and d.theirs in {("list", ()), NULL}
        ),
    ),
    Class(
        "other-index-of-rounds",
        "what loops select by an index that is no number is nothing, as a list to ask about",
        "10.3.2.15, table 68: outside of the domain, so null",
        "we",
        "for",
        'for v1 in ⟨[@"1987-08-15"]⟩ return ⟨filter|reports[v1]⟩',
        lambda d: (
            d.form == "for"
            and d.ours[0] == d.theirs[0] == "list"
            and len(_items(d.ours)) == len(_items(d.theirs))
            and any(c.form == "filter" and re.search(r"\[\w+\]$", c.text) for c in d.expr.walk())
            and all(
                agree(one, other) or (one == NULL and other in {FALSE, ("list", ())})
                for one, other in zip(_items(d.ours), _items(d.theirs), strict=True)
            )
        ),
    ),
    Class(
        "calendar-of-time",
        "a time has the calendar of a day of 1900",
        "10.3.4.8: date or date and time; table 65",
        "we",
        "call day of week",
        'day of week(⟨@"10:00:00"⟩)',
        lambda d: (
            (
                is_call(d, "day of week", "day of year", "month of year", "week of year", "date")
                or d.form in {"property year", "property month", "property day", "property weekday"}
            )
            and kind(d, 0) == "time"
            and d.ours == NULL
            and d.theirs[0] in {"string", "number", "time", "date"}
        ),
    ),
    Class(
        "clock-of-date",
        "a date has the clock of its midnight",
        "10.3.2.15, table 65: date has year, month, day, weekday",
        "we",
        "property hour",
        '⟨@"2026-01-01"⟩.hour',
        lambda d: (
            d.form in {"property hour", "property minute", "property second"}
            and kind(d, 0) == "date"
            and d.ours == NULL
            and d.theirs == ("number", Decimal(0))
        ),
    ),
    # --- built-in functions -----------------------------------------------------------------
    Class(
        "parameter-names",
        "parameters have names of their own",
        "10.3.4: the parameters as the tables name them; table 63",
        "we",
        "call sublist by name",
        "sublist(list: ⟨[1, 2]⟩, start position: ⟨1⟩)",
        lambda d: (
            d.form.endswith(" by name")
            and is_call(d, "sublist", "before", "after", "includes", "date and time")
            and d.theirs == NULL
        ),
    ),
    Class(
        "abs-duration",
        "abs takes numbers only",
        "10.3.4.5, table 76",
        "we",
        "call abs",
        'abs(⟨@"-PT5H"⟩)',
        lambda d: (
            is_call(d, "abs")
            and kind(d, 0) in {"days", "months"}
            and d.theirs == NULL
            and d.ours == (kind(d, 0), abs(d.operands[0][1]))
        ),
    ),
    Class(
        "extreme",
        "min and max take numbers only",
        "10.3.4.4, table 75: comparable items",
        "we",
        "call min",
        'min(⟨["b", "a"]⟩)',
        lambda d: is_call(d, "min", "max") and d.theirs == NULL and _is_extreme(d),
    ),
    Class(
        "position-outside",
        "positions and lengths beyond the list or text are cut to it",
        "10.3.4.3, table 74 note 1; 10.3.4.4, table 75 notes 1 and 2: else null",
        "we",
        "call sublist",
        "sublist(⟨[1, 2]⟩, ⟨5⟩)",
        lambda d: (
            is_call(d, *_POSITIONED)
            and kind(d, 1) == "number"
            and d.ours == NULL
            and d.theirs[0] in {"list", "string"}
            and (_is_outside(d) or (is_call(d, "sublist", "substring") and _length_is_outside(d)))
        ),
    ),
    Class(
        "position-from-end",
        "positions from the end are counted from the start",
        "10.3.4.4, table 75 note 1",
        "we",
        "call remove",
        "remove(⟨[1, 2, 3]⟩, ⟨-1⟩)",
        lambda d: (
            is_call(d, "insert before", "remove", "list replace")
            and kind(d, 1) == "number"
            and _number(d.operands[1]) < 0
            and d.ours[0] == d.theirs[0] == "list"
        ),
    ),
    Class(
        "position-in-utf-16",
        "a position from the end of a text is found by UTF-16 units",
        "10.3.4.3, table 74: characters",
        "we",
        "call substring",
        'substring(⟨"👍ab"⟩, ⟨-1⟩)',
        lambda d: (
            is_call(d, "substring")
            and any(c > chr(0xFFFF) for c in _first_texts(d)[0])
            and _number(d.operands[1]) < 0
            and d.ours[0] == d.theirs[0] == "string"
        ),
    ),
    Class(
        "is-of-unlike",
        "is() of values of two kinds is null",
        "10.3.4.6, table 77: false",
        "we",
        "call is",
        'is(⟨1⟩, ⟨"a"⟩)',
        lambda d: (
            is_call(d, "is") and kind(d, 0) != kind(d, 1) and d.ours == FALSE and d.theirs == NULL
        ),
    ),
    Class(
        "date-overflow",
        "months and days beyond the calendar roll over",
        "10.3.2.3.5 and table 72: no such date",
        "we",
        "call date",
        "date(⟨2026⟩, ⟨2⟩, ⟨30⟩)",
        lambda d: (
            is_call(d, "date", "time")
            and len(d.operands) >= 3
            and d.ours == NULL
            and d.theirs[0] in {"date", "time"}
        ),
    ),
    Class(
        "epoch-date",
        "the first of January 1900 is taken for a time",
        "10.3.2.3.5",
        "we",
        "call date",
        "date(⟨1900⟩, ⟨1⟩, ⟨1⟩)",
        lambda d: (
            d.ours[:2] in {("date", "1900-01-01"), ("date and time", "1900-01-01")}
            and d.theirs[0] == "time"
        ),
    ),
    Class(
        "date-part",
        "the date of a date and time is that of UTC",
        "10.3.4.1, table 72: ignoring any time component",
        "we",
        "call date and time",
        'date and time(⟨@"2026-01-01T00:00:00+08:00"⟩, ⟨@"10:00:00"⟩)',
        lambda d: (
            is_call(d, "date and time", "date")
            and kind(d, 0) == "date and time"
            and zone(d.operands[0]) != "local"
            and d.ours[0] == d.theirs[0]
            and d.ours[1] == d.operands[0][1]
            and d.ours[2:] == d.theirs[2:]
        ),
    ),
    Class(
        "time-argument",
        "date and time() takes any moment for a time",
        "10.3.4.1, table 72: time is a time",
        "we",
        "call date and time",
        'date and time(⟨@"2026-01-01"⟩, ⟨@"2026-01-01"⟩)',
        lambda d: (
            is_call(d, "date and time")
            and len(d.operands) == 2
            and (kind(d, 1) != "time" or kind(d, 0) not in {"date", "date and time"})
            and d.ours == NULL
            and d.theirs[0] in _MOMENTS
        ),
    ),
    Class(
        "date-alone",
        "a date alone makes no date and time",
        "10.3.4.1, table 72: date time string; 10.3.2.9.4 converts",
        "open",
        "call date and time",
        'date and time(⟨@"2026-01-01"⟩)',
        lambda d: (
            is_call(d, "date and time")
            and len(d.operands) == 1
            and kind(d, 0) in {"date", "date and time"}
            and d.theirs == NULL
        ),
    ),
    Class(
        "median-by-text",
        "median sorts numbers as texts",
        "10.3.4.4, table 75",
        "we",
        "call median",
        "median(⟨[9, 10, 1]⟩)",
        lambda d: (
            is_call(d, "median") and d.ours[0] == d.theirs[0] == "number" and _median_by_text(d)
        ),
    ),
    Class(
        "mode-order",
        "several modes are in no order",
        "10.3.4.4, table 75: in ascending order",
        "we",
        "call mode",
        "mode(⟨[2.5, 7]⟩)",
        lambda d: (
            is_call(d, "mode")
            and d.ours[0] == d.theirs[0] == "list"
            and len(_items(d.ours)) > 1
            and agree(d.ours, ("list", tuple(sorted(_items(d.theirs)))))
        ),
    ),
    Class(
        "null-among-lists",
        "null is concatenated as an item",
        "10.3.4.4, table 75: lists",
        "we",
        "call concatenate",
        "concatenate(⟨[1]⟩, ⟨null⟩)",
        lambda d: (
            is_call(d, "concatenate", "union")
            and NULL in d.operands
            and d.ours == NULL
            and d.theirs[0] == "list"
        ),
    ),
    Class(
        "single-lists",
        "single items are no lists to union()",
        "10.3.2.9.4: to singleton list",
        "we",
        "call union",
        "union(⟨1⟩, ⟨[2]⟩)",
        lambda d: (
            is_call(d, "union")
            and d.theirs[0] in {"error", "null"}
            and d.ours[0] == "list"
            and any(o[0] != "list" for o in d.operands)
        ),
    ),
    Class(
        "loose-numerals",
        "texts that are no numbers are read as JavaScript reads them",
        "10.3.4.1, table 72 note 1: grammar rule 37",
        "we",
        "call number",
        'number(⟨""⟩)',
        lambda d: (
            is_call(d, "number")
            and d.ours == NULL
            and d.theirs[0] == "number"
            and not re.fullmatch(r"-?(\d+(\.\d+)?|\.\d+)", _first_texts(d)[0])
        ),
    ),
    Class(
        "fraction-of-second",
        "time() cuts the fraction off its seconds",
        "10.3.4.1, table 72: numbers",
        "we",
        "call time",
        "time(⟨10⟩, ⟨0⟩, ⟨1.5⟩)",
        lambda d: (
            is_call(d, "time")
            and len(d.operands) > 2
            and d.theirs[0] == "time"
            and not all(_whole(operand) for operand in d.operands[:3])
            and (d.ours == NULL or 0 < d.ours[1] - d.theirs[1] < 10**9)
        ),
    ),
    Class(
        "absent-group",
        "a replacement keeps the number of a group that is not there",
        "10.3.4.3, note 2: XPath Functions 7.6: a zero-length string",
        "we",
        "call replace",
        'replace(⟨"a"⟩, ⟨"a"⟩, ⟨"$1"⟩)',
        lambda d: (
            is_call(d, "replace")
            and "$1" in _first_texts(d)[2]
            and "(" not in _first_texts(d)[1].replace("(?:", "")
            and d.ours[0] == "string"
            and d.theirs == ("string", d.theirs[1])
        ),
    ),
    Class(
        "broken-scale",
        "a scale that is no whole number, or far out, is a power of ten",
        "10.3.4.5, table 76 note 1",
        "open",
        "call floor",
        "floor(⟨12⟩, ⟨1.5⟩)",
        lambda d: (
            is_call(d, *_ROUNDINGS)
            and len(d.operands) > 1
            and not (_whole(d.operands[1]) and abs(_number(d.operands[1])) < 300)
        ),
    ),
    Class(
        "beyond-doubles",
        "numbers beyond a double's range are infinite or not at all",
        "10.3.2.3.1: 34 digits, exponents to 6144",
        "we",
        "call exp",
        "exp(⟨1000⟩)",
        lambda d: (
            d.ours[0] in {"number", "null"}
            and (
                d.theirs[0] == "odd"
                or (d.theirs == ("number", 0) and 0 < abs(_number(d.ours)) < Decimal("1e-307"))
            )
        ),
    ),
    Class(
        "quoted-keys",
        "keys that are no ASCII words are written in quotes",
        "10.3.4.1, table 72: string() of a context is not laid down",
        "open",
        "call string",
        "string(⟨{等级: 1}⟩)",
        lambda d: (
            is_call(d, "string")
            and d.ours[0] == d.theirs[0] == "string"
            and kind(d, 0) in {"list", "context"}
            and str(d.ours[1]).replace('"', "") == str(d.theirs[1]).replace('"', "")
        ),
    ),
    Class(
        "rounded-remainder",
        "modulo rounds to nine places, and doubles may leave the divisor itself",
        "10.3.4.5, table 76",
        "we",
        "call modulo",
        "modulo(⟨7⟩, ⟨1.1234567891234⟩)",
        lambda d: (
            is_call(d, "modulo")
            and d.ours[0] == d.theirs[0] == "number"
            and min(
                abs(abs(_number(d.ours) - _number(d.theirs)) - size)
                for size in (0, abs(_number(d.operands[1])))
            )
            <= Decimal("1e-9") + _largest(map(_number, d.operands)) * Decimal("1e-15")
        ),
    ),
    Class(
        "rounded-double",
        "a double lies beside the number that is to be rounded",
        "10.3.2.3.1: decimal numbers",
        "we",
        "call round down",
        "round down(⟨-68.85⟩, ⟨2⟩)",
        lambda d: (
            is_call(d, *_ROUNDINGS) and d.ours[0] == d.theirs[0] == "number" and _lies_on_edge(d)
        ),
    ),
    Class(
        "months-between",
        "the months between two dates have fractions, or are counted from ends of months",
        "10.3.4.1, table 72 and 10.3.2.3.8: whole months",
        "we",
        "call years and months duration",
        'years and months duration(⟨@"2026-01-15"⟩, ⟨@"2026-03-01"⟩)',
        lambda d: (
            is_call(d, "years and months duration")
            and d.theirs[0] in {"months", "mixed duration", "null"}
            and _are_whole_months(d)
        ),
    ),
    Class(
        "truth-of-match",
        "the function of list replace() may give anything",
        "10.3.4.4, table 75: a boolean function",
        "we",
        "call list replace",
        "list replace(⟨[1]⟩, ⟨function|function(a, b) 1⟩, ⟨2⟩)",
        lambda d: (
            is_call(d, "list replace")
            and any(c.form == "function" for c in d.expr.children)
            and d.ours == NULL
            and d.theirs[0] == "list"
        ),
    ),
    Class(
        "empty-named-list",
        "a named empty list is no argument at all",
        "10.3.2.15, table 63",
        "we",
        "call any by name",
        "any(list: ⟨[]⟩)",
        lambda d: (
            d.form.endswith(" by name")
            and d.operands[:1] == (("list", ()),)
            and d.theirs == NULL
            and is_call(d, "any", "all", "mode", "context", "context merge")
        ),
    ),
    Class(
        "any-separator",
        "any text separates groups or decimals of a number",
        "10.3.4.1, table 72 note 1",
        "we",
        "call number",
        'number(⟨"1"⟩, ⟨"x"⟩, ⟨"."⟩)',
        lambda d: (
            is_call(d, "number")
            and len(d.operands) > 1
            and d.ours == NULL
            and d.theirs[0] == "number"
            and (
                d.operands[1][1:] not in {(), (" ",), (",",), (".",)}
                or d.operands[2][1:] not in {(), (",",), (".",)}
            )
        ),
    ),
    Class(
        "broken-position",
        "a position or length that is no whole number, or null, is taken as JavaScript takes it",
        "10.3.4.3, table 74 note 1 and 10.3.4.4, table 75 notes 1 and 2: whole numbers",
        "open",
        "call sublist",
        "sublist(⟨[1, 2]⟩, ⟨1⟩, ⟨null⟩)",
        lambda d: (
            is_call(d, "sublist", "substring")
            and any(
                kind(d, i) == "null" or (kind(d, i) == "number" and not _whole(d.operands[i]))
                for i in range(1, len(d.operands))
            )
        ),
    ),
    Class(
        "text-of-range",
        "string() does not write ranges",
        "10.3.4.1, table 72: non-null",
        "we",
        "call string",
        "string(⟨[1..2]⟩)",
        lambda d: is_call(d, "string") and d.ours[0] == "string" and "<range>" in str(d.theirs[1]),
    ),
    Class(
        "negative-duration-text",
        "negative durations are written with a sign in each part",
        "10.3.2.3.7 and 10.3.2.3.8: the lexical space of XML Schema",
        "we",
        "call string",
        'string(⟨@"-P14M"⟩)',
        lambda d: (
            is_call(d, "string")
            and d.ours[0] == "string"
            and "-P" in str(d.ours[1])
            and re.search(r"[PYMDTHS]-", str(d.theirs[1])) is not None
        ),
    ),
    Class(
        "casual-text",
        "days are written as months of 30",
        "10.3.2.3.7: days, hours, minutes and seconds",
        "we",
        "call string",
        'string(⟨@"P40D"⟩)',
        lambda d: (
            is_call(d, "string")
            and kind(d, 0) in {"days", "list", "context"}
            and d.ours[0] == d.theirs[0] == "string"
            and re.search(r"\bP(2[89]|[3-9]\d|\d{3,})D", str(d.ours[1])) is not None
            and _without_durations(d.ours) == _without_durations(d.theirs)
        ),
    ),
    Class(
        "ascii-words",
        "\\\\w, \\\\d and \\\\b know no letters but those of ASCII",
        "10.3.4.3, note 2: XPath Functions, 5.6.1: by Unicode",
        "we",
        "call matches",
        'matches(⟨"街"⟩, ⟨"\\\\w"⟩)',
        lambda d: (
            is_call(d, "matches", "replace", "split")
            and re.search(r"\\[wWdDsSiIcC]", _first_texts(d)[1]) is not None
            and not _first_texts(d)[0].isascii()
            and d.ours[0] == d.theirs[0]
        ),
    ),
    Class(
        "sum-of-durations",
        "sum() takes numbers only",
        "10.3.4.4, table 75: numbers; the published test cases want durations too",
        "open",
        "call sum",
        'sum(⟨[@"P1D", @"P2D"]⟩)',
        lambda d: (
            is_call(d, "sum")
            and d.theirs == NULL
            and d.ours[0] in {"days", "months"}
            and d.ours[1] == sum(item[1] for o in d.operands for item in _items(o))
        ),
    ),
    Class(
        "digits-of-doubles",
        "string() of a number has the digits of a double",
        "10.3.2.3.1: 34 digits",
        "we",
        "call string",
        "string(⟨0.12345678901234567890123⟩)",
        lambda d: (
            is_call(d, "string")
            and kind(d, 0) == "number"
            and d.ours == ("string", values.number_text(_number(d.operands[0])))
            and re.fullmatch(r"-?[\d.]+(e[+-]\d+)?", str(d.theirs[1])) is not None
            and agree(d.operands[0], ("number", Decimal(str(d.theirs[1]))))
        ),
    ),
    Class(
        "distinct-singles",
        "a list of one and its item are one value to distinct values() and union()",
        "10.3.4.4, table 75 and 10.3.2.15, table 53; 10.3.2.9.4 names no such conversion",
        "we",
        "call distinct values",
        'distinct values(⟨["a", ["a"]]⟩)',
        lambda d: (
            is_call(d, "distinct values", "union")
            and d.ours[0] == d.theirs[0] == "list"
            and _are_singles_dropped(d)
        ),
    ),
    Class(
        "casual-input",
        "what tests make of ? keeps years and months that were never carried",
        "10.3.2.3.8 and table 54: by their months",
        "we",
        "unary",
        '⟨+|@"-P14M" + @"P1Y2M"⟩⟨test input|? > term - term⟩',
        lambda d: (
            d.form in {"unary", "unary not"}
            and kind(d, 0) == "months"
            and "?" in d.expr.text
            and d.expr.children[0].form in {"+", "-"}
            and is_verdict(d.ours, d.theirs)
        ),
    ),
    Class(
        "beyond-milliseconds",
        "moments further than 8.64e15 milliseconds from 1970 are none",
        "10.3.2.3.5 and 10.3.2.3.6: XML Schema, years of any size",
        "we",
        "+",
        '⟨@"2026-01-31"⟩ + ⟨@"P11111111M"⟩',
        lambda d: (
            d.theirs == ("odd", "invalid moment")
            and d.ours[0] in {"date", "date and time"}
            and abs(_year(d.ours)) > 271_000
        ),
    ),
    Class(
        "negative-text",
        "a text with a sign in front stops date(), whether or not it is a date",
        "10.3.4.1, table 72: a text that is no date is null",
        "we",
        "call date",
        'date(⟨"-2"⟩)',
        lambda d: (
            is_call(d, "date", "date and time")
            and any(text.startswith("-") for text in _first_texts(d))
            and d.theirs == ("error", "not implemented: negative date")
        ),
    ),
    Class(
        "year-zero",
        "a year that is 0 is taken for none",
        "10.3.4.1, table 72: numbers; 10.3.2.3.5: XML Schema 1.1 has a year 0",
        "we",
        "call date",
        "date(⟨0⟩, ⟨1⟩, ⟨29⟩)",
        lambda d: (
            is_call(d, "date")
            and len(d.operands) == 3
            and _number(d.operands[0]) == 0
            and d.ours[0] == "date"
            and d.theirs == NULL
        ),
    ),
    Class(
        "single-position",
        "a list of one is no position to list replace()",
        "10.3.2.9.4: from singleton list",
        "we",
        "call list replace",
        "list replace(⟨[3, 1]⟩, ⟨[1]⟩, ⟨0⟩)",
        lambda d: (
            is_call(d, "list replace")
            and kind(d, 1) == "list"
            and len(_items(d.operands[1])) == 1
            and d.ours[0] == "list"
            and d.theirs == NULL
        ),
    ),
    Class(
        "list-among-tests",
        "a list among several tests is no list to search",
        "10.3.2.15, table 55: list contains(e2, e1)",
        "we",
        "in several",
        "⟨1⟩ in (⟨2⟩, ⟨test list|[1, 3]⟩)",
        lambda d: (
            d.form == "in several"
            and any(c.form in {"test list", "test value"} for c in d.expr.children)
            and d.ours in (TRUE, NULL)
            and d.theirs == FALSE
        ),
    ),
    Class(
        "same-object",
        "list contains() and index of() find collections and temporal values only as one object",
        "10.3.4.4, table 75 and 10.3.2.15, table 53",
        "we",
        "call list contains",
        "list contains(⟨[[1]]⟩, ⟨[1]⟩)",
        lambda d: (
            is_call(d, "list contains", "index of")
            and kind(d, 1) in _TEMPORAL | {"list", "context", "range"}
            and d.theirs in {FALSE, ("list", ())}
            and d.operands[1] in _items(d.operands[0])
        ),
    ),
    Class(
        "date-names",
        "a parameter named date or time spoils the name date and time",
        "10.3.1.4: names",
        "we",
        "if",
        "if ⟨null⟩ then ⟨date and time(date: 生日, time: clock)⟩ else ⟨date and time(生日, clock)⟩",
        lambda d: (
            "date and time(date: " in d.expr.text
            and (d.theirs == NULL or ".function" in str(d.theirs[1]))
            and d.ours[0] != "error"
        ),
    ),
    Class(
        "zero-duration-text",
        "no months are written as no seconds",
        "10.3.2.3.8: the lexical space of yearMonthDuration",
        "we",
        "call string",
        'string(⟨@"P1Y" - @"P1Y"⟩)',
        lambda d: (
            is_call(d, "string") and d.ours == ("string", "P0M") and d.theirs == ("string", "PT0S")
        ),
    ),
    Class(
        "fraction-text",
        "fractions of a second are written with three digits",
        "10.3.4.1, table 72: XML Schema writes them without needless zeros",
        "we",
        "call string",
        'string(⟨@"10:00:00.5"⟩)',
        lambda d: (
            is_call(d, "string")
            and d.ours[0] == d.theirs[0] == "string"
            and re.search(r"\.\d+0(?!\d)", str(d.theirs[1])) is not None
            and re.sub(r"(:\d\d\.\d*?)0+(?!\d)", r"\1", str(d.theirs[1])).replace('"', "")
            == str(d.ours[1]).replace('"', "")
        ),
    ),
    Class(
        "deviation-of-doubles",
        "doubles leave a deviation where there is none",
        "10.3.2.3.1: decimal numbers",
        "we",
        "call stddev",
        "stddev(⟨[69.59, 69.59, 69.59, 69.59, 69.59, 69.59]⟩)",
        lambda d: (
            is_call(d, "stddev")
            and d.ours[0] == d.theirs[0] == "number"
            and max(abs(_number(d.ours)), abs(_number(d.theirs)))
            <= Decimal("1e-14") * _largest(_numbers(d))
        ),
    ),
    Class(
        "number-itself",
        "number() of a number is null",
        "10.3.4.1, table 72: string",
        "open",
        "call number",
        "number(⟨80⟩)",
        lambda d: (
            is_call(d, "number")
            and kind(d, 0) == "number"
            and d.ours == d.operands[0]
            and d.theirs == NULL
        ),
    ),
    Class(
        "single-among-numbers",
        "a list of one among several numbers is joined to them as a text",
        "10.3.2.9.4 and table 63: from singleton list, number by number",
        "we",
        "call stddev",
        "stddev(⟨[1]⟩, ⟨5⟩)",
        lambda d: (
            is_call(d, "stddev", "sum", "mean", "median")
            and d.ours[0] == "number"
            and d.theirs[0] in {"number", "string"}
            and any(o[0] == "list" and len(_items(o)) == 1 for o in d.operands)
            and len(d.operands) > 1
        ),
    ),
    Class(
        "single-extreme",
        "a list of one among several values counts as its item",
        "10.3.2.9.4 and table 75: the parameters are of any type, so that nothing is converted",
        "open",
        "call min",
        "min(⟨[1]⟩, ⟨5⟩)",
        lambda d: (
            is_call(d, "min", "max")
            and d.ours == NULL
            and d.theirs[0] == "number"
            and any(o[0] == "list" and len(_items(o)) == 1 for o in d.operands)
            and len(d.operands) > 1
        ),
    ),
)


def classify(difference: Difference) -> str | None:
    """Return the class of a difference, None where none explains it."""
    return next((known.id for known in CLASSES if _is_of(known, difference)), None)


def _is_of(known: Class, difference: Difference) -> bool:
    try:
        return known.holds(difference)
    except InvalidOperation:
        # What is no number has no size.
        return False
