"""ISO 8601 as timers write it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.timing import UNBOUNDED, Duration, Repetition, UnreadableTime, parse_instant

START = datetime(2024, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("PT30M", "2024-01-31T12:30:00+00:00"),
        ("PT1.5S", "2024-01-31T12:00:01.500000+00:00"),
        ("P1D", "2024-02-01T12:00:00+00:00"),
        ("P2W", "2024-02-14T12:00:00+00:00"),
        ("P1M", "2024-02-29T12:00:00+00:00"),
        ("P13M", "2025-02-28T12:00:00+00:00"),
        ("P1Y", "2025-01-31T12:00:00+00:00"),
        ("P11M", "2024-12-31T12:00:00+00:00"),
        ("P1Y2M3DT4H5M6S", "2025-04-03T16:05:06+00:00"),
        ("PT0S", "2024-01-31T12:00:00+00:00"),
    ],
)
def test_span_after_a_start(text: str, end: str) -> None:
    assert Duration.parse(text).after(START).isoformat() == end


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "-PT1H", "P-1D", "1H", "PT1H30", "P1H", "PT1D", "P1DT", "P1.5D", "pt1h"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(UnreadableTime):
        Duration.parse(text)


@pytest.mark.parametrize("text", ["P9999Y", "P999999999999D", "P120000M"])
def test_spans_beyond_the_calendar_are_unreadable_not_a_crash(text: str) -> None:
    with pytest.raises(UnreadableTime):
        Duration.parse(text).after(START)


def test_repetitions() -> None:
    assert Repetition.parse("R/P1D") == Repetition(UNBOUNDED, Duration(0, timedelta(days=1)), None)
    assert Repetition.parse("R3/PT1H").times == 3
    started = Repetition.parse("R3/2026-03-01T08:00:00+08:00/P1M")
    assert started.start == datetime(2026, 3, 1, tzinfo=UTC)
    assert started.every == Duration(1, timedelta())


@pytest.mark.parametrize(
    "text", ["P1D", "R/", "R3", "R/PT0S", "Rx/P1D", "R/2026-03-01T08:00:00/P1D"]
)
def test_what_is_no_repetition(text: str) -> None:
    with pytest.raises(UnreadableTime):
        Repetition.parse(text)


@pytest.mark.parametrize("text", ["2026-03-05", "2026-03-05T08:00:00", "tomorrow", ""])
def test_instants_need_an_offset(text: str) -> None:
    with pytest.raises(UnreadableTime):
        parse_instant(text)


@given(st.text(alphabet="PTYMDHSWR0123456789./:-+Z", max_size=24))
def test_no_text_brings_anything_but_a_time_or_the_typed_error(text: str) -> None:
    for read in (Duration.parse, Repetition.parse, parse_instant):
        try:
            read(text)
        except UnreadableTime:
            continue
