"""What leaves FEEL for JSON."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app import feel
from app.feel import YearsMonths, to_json

ROWS = [
    (None, None),
    (True, True),
    (Decimal("3.0"), 3),
    (Decimal("0.5"), 0.5),
    ("街", "街"),
    (date(2026, 3, 1), "2026-03-01"),
    (time(8, 30), "08:30:00"),
    (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00Z"),
    (datetime(2026, 3, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-03-01T08:00:00+08:00"),
    (timedelta(hours=26), "P1DT2H"),
    (YearsMonths(14), "P1Y2M"),
    ({"a": [Decimal(1), (Decimal("2.5"),)]}, {"a": [1, [2.5]]}),
]


@pytest.mark.parametrize(("value", "plain"), ROWS)
def test_value_becomes_json(value: object, plain: object) -> None:
    found = to_json(value)
    assert found == plain
    assert type(found) is type(plain)


def test_ranges_are_written_and_functions_are_null() -> None:
    assert to_json(feel.evaluate('[1..@"2026-01-01"]')) is None
    assert to_json(feel.evaluate('[@"2026-01-01"..@"2026-01-31")')) == (
        '[@"2026-01-01"..@"2026-01-31")'
    )
    assert to_json(feel.evaluate("function(a) a")) is None
