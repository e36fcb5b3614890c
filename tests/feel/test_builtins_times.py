"""Functions, properties and arithmetic of moments, row by row.

Source: OMG DMN 1.5, 10.3.4.6 and 10.3.4.7; properties table 65; arithmetic tables 50 to 55.
"""

import pytest

from tests.feel.rows import assert_worth, params

# Same kind, same value, same zone: stricter than =.
IS = [
    ('is(@"2012-12-25", @"2012-12-25")', "true"),
    ('is(@"2012-12-25", @"2012-12-25T00:00:00Z")', "false"),
    ('is(@"23:00:50Z", @"23:00:50")', "false"),
    ('is(@"23:00:50+00:00", @"23:00:50Z")', "true"),
    ('is(@"23:00:50@Etc/UTC", @"23:00:50Z")', "false"),
    ('is(@"2012-12-25T23:00:50@Europe/Paris", @"2012-12-25T23:00:50+01:00")', "false"),
    ('is(@"23:00:50+01:00", @"22:00:50Z")', "false"),
    ("is(1, 1.0)", "true"),
    ('is("a", "a")', "true"),
    ("is([1],[1])", "true"),
    ("is(null,null)", "true"),
    ("is(1,null)", "false"),
    ("is(value1: 1, value2: 1)", "true"),
    ('is(@"PT24H", @"P1D")', "true"),
    ('is(@"P1Y", @"P12M")', "true"),
    ('is(@"P0D", @"P0Y")', "false"),
    ("is({a:1},{a:1})", "true"),
    ("is([1..2],[1..2])", "true"),
    ("is(1)", "null"),
    ('is(@"2020-01-01T10:00:00@Europe/Paris", @"2020-01-01T10:00:00@Europe/Paris")', "true"),
    ('is(@"P1D", @"P1M")', "false"),
]
DAY_OF_YEAR = [
    ('day of year(@"2019-09-17")', "260"),
    ('day of year(@"2020-12-31")', "366"),
    ('day of year(@"2019-09-17T10:00:00Z")', "260"),
    ('day of year("2019-09-17")', "null"),
    ('day of year(date: @"2019-09-17")', "260"),
    ("day of year(null)", "null"),
]
DAY_OF_WEEK = [
    ('day of week(@"2019-09-17")', '"Tuesday"'),
    ('day of week(@"-0001-01-01")', '"Friday"'),
    ('day of week(@"10:00:00")', "null"),
]
MONTH_OF_YEAR = [
    ('month of year(@"2019-09-17")', '"September"'),
    ('month of year(@"2020-12-31T23:00:00")', '"December"'),
]
WEEK_OF_YEAR = [
    ('week of year(@"2019-09-17")', "38"),
    ('week of year(@"2003-12-29")', "1"),
    ('week of year(@"2004-01-04")', "1"),
    ('week of year(@"2005-01-01")', "53"),
    ('week of year(@"2005-01-03")', "1"),
    ('week of year(@"2005-01-09")', "1"),
    ('week of year(@"2010-01-03")', "53"),
    ("week of year(null)", "null"),
]
TODAY = [
    ("today()", '@"2026-03-02"'),
    ("today(1)", "null"),
]
NOW = [
    ("now()", '@"2026-03-02T09:30:00Z"'),
    ("now(1)", "null"),
]
# A time with a zone that changes its offset in the year has no offset of its own.
PROPERTIES = [
    ('@"2012-12-25".year', "2012"),
    ('@"2012-12-25".weekday', "2"),
    ('@"2012-12-25".hour', "null"),
    ('@"2012-12-25T10:20:30.5+02:00".hour', "10"),
    ('@"2012-12-25T10:20:30.5+02:00".second', "30"),
    ('@"2012-12-25T10:20:30.5+02:00".time offset', '@"PT2H"'),
    ('@"2012-12-25T10:20:30.5+02:00".timezone', "null"),
    ('@"2012-12-25T10:20:30@Europe/Paris".time offset', '@"PT1H"'),
    ('@"2012-12-25T10:20:30@Europe/Paris".timezone', '"Europe/Paris"'),
    ('@"2012-12-25T10:20:30".time offset', "null"),
    ('@"2012-12-25T10:20:30Z".time offset', '@"PT0S"'),
    ('@"2012-12-25T10:20:30Z".timezone', "null"),
    ('@"10:20:30Z".time offset', '@"PT0S"'),
    ('@"10:20:30Z".timezone', "null"),
    ('@"10:20:30@Etc/UTC".time offset', '@"PT0S"'),
    ('@"10:20:30@Europe/Paris".time offset', "null"),
    ('@"10:20:30@Europe/Paris".timezone', '"Europe/Paris"'),
    ('@"10:20:30".year', "null"),
    ('@"10:20:30".hour', "10"),
    ('@"P1Y14M".years', "2"),
    ('@"P1Y14M".months', "2"),
    ('@"-P1Y14M".months', "-2"),
    ('@"P1Y".days', "null"),
    ('@"P1DT25H61M".days', "2"),
    ('@"P1DT25H61M".hours', "2"),
    ('@"P1DT25H61M".minutes', "1"),
    ('@"-P1DT1H".days', "-1"),
    ('@"-P1DT1H".hours', "-1"),
    ('@"PT1.5S".seconds', "1"),
    ('@"10:00:01.5".second', "1"),
    ('@"10:00:59.999999999".second', "59"),
    ('@"2026-03-01T10:00:01.5Z".second', "1"),
    ('@"2026-03-01T10:00:01.5@Asia/Shanghai".second', "1"),
    ('@"-PT1.5S".seconds', "-1"),
    ('@"P1D".years', "null"),
    ('@"P1D".foo', "null"),
    ("(5).year", "null"),
    ("null.year", "null"),
    ("[1..5].start", "1"),
    ("[1..5].end", "5"),
    ("[1..5].start included", "true"),
    ("(1..5].start included", "false"),
    ("(>5).start", "5"),
    ("(>5).end", "null"),
    ("(>5).start included", "false"),
    ("(>5).end included", "false"),
]
OPERATORS = [
    ('@"2020-01-31" + @"P1M"', '@"2020-02-29"'),
    ('@"2020-03-31" - @"P1M"', '@"2020-02-29"'),
    ('@"2020-02-29" + @"P1Y"', '@"2021-02-28"'),
    ('@"2020-01-01" + @"PT25H"', '@"2020-01-02"'),
    ('@"2020-01-01" - @"PT1H"', '@"2019-12-31"'),
    ('@"2020-01-01" + @"PT1H"', '@"2020-01-01"'),
    ('@"P1D" + @"2020-01-01"', '@"2020-01-02"'),
    ('@"2020-01-01" - @"2019-12-31"', '@"P1D"'),
    ('@"2020-01-01" - @"2019-12-31T00:00:00Z"', '@"P1D"'),
    ('@"2020-01-01" - @"2019-12-31T00:00:00"', "null"),
    ('@"2020-01-01T00:00:00" - @"2019-12-31T00:00:00Z"', "null"),
    ('@"2020-01-01T00:00:00+02:00" - @"2019-12-31T00:00:00Z"', '@"PT22H"'),
    ('@"10:00:00" - @"11:00:00"', '@"-PT1H"'),
    ('@"10:00:00Z" - @"11:00:00+02:00"', '@"PT1H"'),
    ('@"10:00:00" - @"11:00:00Z"', "null"),
    ('@"23:00:00" + @"PT2H"', '@"01:00:00"'),
    ('@"01:00:00" - @"PT2H"', '@"23:00:00"'),
    ('@"23:00:00+02:00" + @"PT2H"', '@"01:00:00+02:00"'),
    ('@"10:00:00" + @"P1D"', '@"10:00:00"'),
    ('@"10:00:00" + @"P1M"', "null"),
    ('@"PT2H" + @"10:00:00"', '@"12:00:00"'),
    ('@"P1D" + @"P1M"', "null"),
    ('@"P1D" + @"PT1H"', '@"P1DT1H"'),
    ('@"P1Y" + @"P1M"', '@"P1Y1M"'),
    ('@"P1Y" - @"P13M"', '@"-P1M"'),
    ('@"P1D" - @"2020-01-01"', "null"),
    ('@"2020-01-01" + @"2020-01-01"', "null"),
    ('@"2020-01-01" + 1', "null"),
    ('@"P1D" + 1', "null"),
    ('@"P1D" * 2', '@"P2D"'),
    ('2 * @"P1D"', '@"P2D"'),
    ('@"P1Y" * 1.5', '@"P1Y6M"'),
    ('@"P1M" * 0.5', '@"P0M"'),
    ('@"P1D" / 2', '@"PT12H"'),
    ('@"P1Y" / 2', '@"P6M"'),
    ('@"P1Y" / 0', "null"),
    ('@"P1D" / @"PT1H"', "24"),
    ('@"P1Y" / @"P1M"', "12"),
    ('@"P1Y" / @"P1D"', "null"),
    ('@"P1D" / @"PT0S"', "null"),
    ('1 / @"P1D"', "null"),
    ('@"P1D" * @"P1D"', "null"),
    ('@"P1D" ** 2', "null"),
    ('-@"P1D"', '@"-P1D"'),
    ('-@"P1Y"', '@"-P1Y"'),
    ('-@"2020-01-01"', "null"),
    ('@"23:59:00Z" + @"PT2M" = time("00:01:00@Etc/UTC")', "true"),
    ('@"2020-03-29T01:30:00@Europe/Paris" + @"PT1H"', '@"2020-03-29T03:30:00@Europe/Paris"'),
    ('@"2020-03-28T02:30:00@Europe/Paris" + @"P1D"', '@"2020-03-29T03:30:00@Europe/Paris"'),
    ('@"2020-02-29T02:30:00@Europe/Paris" + @"P1M"', '@"2020-03-29T02:30:00@Europe/Paris"'),
    ('@"P1D" / @"PT7S"', "12342.85714285714285714285714285714"),
]
# The standard's own example has a lower-case z. There are no leap seconds in XML Schema, and
# 24:00:00 is the midnight it ends in. Offsets reach 18 hours, as in the reference engines.
TIME = [
    ('time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")', "true"),
]
LAST_DAY_OF_MONTH = [
    ('last day of month(@"2024-02-10")', '@"2024-02-29"'),
    ("last day of month(null)", "null"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    params(
        IS,
        DAY_OF_YEAR,
        DAY_OF_WEEK,
        MONTH_OF_YEAR,
        WEEK_OF_YEAR,
        TODAY,
        NOW,
        PROPERTIES,
        OPERATORS,
        TIME,
        LAST_DAY_OF_MONTH,
    ),
)
def test_moment_is_worth(text: str, expected: str) -> None:
    assert_worth(text, expected)
