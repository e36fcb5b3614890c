"""Cells of decision tables that compare days: each says the same of a day, however it is kept."""

from datetime import UTC, date, datetime

import pytest

from app import feel
from app.feel import Value

FIRST = date(2026, 3, 1)
SECOND = date(2026, 3, 2)
THIRD = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("cell", "verdicts"),
    [
        ('[date("2026-03-01")..date("2026-03-02")]', (True, True, False)),
        ('(date("2026-03-01")..date("2026-03-02")]', (False, True, False)),
        ('[date("2026-03-01")..date("2026-03-02"))', (True, False, False)),
        (']date("2026-03-01")..date("2026-03-03")[', (False, True, False)),
        ('not([date("2026-03-01")..date("2026-03-02")])', (False, False, True)),
        ('< date("2026-03-02")', (True, False, False)),
        ('<= date("2026-03-02")', (True, True, False)),
        ('> date("2026-03-02")', (False, False, True)),
        ('>= @"2026-03-02"', (False, True, True)),
        ('= date("2026-03-02")', (False, True, False)),
        ('!= date("2026-03-02")', (True, False, True)),
        ('@"2026-03-02"', (False, True, False)),
        ('@"2026-03-01", > @"2026-03-02"', (True, False, True)),
    ],
)
def test_a_cell_judges_a_day(cell: str, verdicts: tuple[bool, ...]) -> None:
    assert tuple(feel.unary_tests(cell, day) for day in (FIRST, SECOND, THIRD)) == verdicts
    # The same bound out of a variable is compared the general way.
    bounds: dict[str, Value] = {"first": FIRST, "second": SECOND, "third": THIRD}
    general = cell
    for name, day in bounds.items():
        general = general.replace(f'date("{day}")', name).replace(f'@"{day}"', name)
    told = tuple(feel.unary_tests(general, day, bounds) for day in (FIRST, SECOND, THIRD))
    assert told == verdicts


@pytest.mark.parametrize("cell", ['[@"2026-03-01"..@"2026-03-02"]', '< @"2026-03-02"'])
@pytest.mark.parametrize("value", [None, "2026-03-01", 5, True, [FIRST, SECOND]])
def test_what_is_no_day_is_not_ordered_with_days(cell: str, value: Value) -> None:
    general = cell.replace('@"2026-03-01"', "first").replace('@"2026-03-02"', "second")
    bounds: dict[str, Value] = {"first": FIRST, "second": SECOND}
    assert feel.unary_tests(cell, value) is feel.unary_tests(general, value, bounds)


def test_a_moment_is_judged_as_a_moment_not_as_its_day() -> None:
    cell = '[@"2026-03-01"..@"2026-03-02"]'
    bounds: dict[str, Value] = {"first": FIRST, "second": SECOND}
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert feel.unary_tests(cell, moment) is feel.unary_tests("[first..second]", moment, bounds)
