"""Cases with a card by unit, on both databases: counted and read from one index, page by page."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from app.cases import carded, deadlines, messages
from app.clock import moved_to
from app.errors import Forbidden, NotFound
from app.store.db import db
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

LATER = TUESDAY_NINE + timedelta(days=8)


def red_cases(district: District, count: int) -> list[int]:
    """Return cases whose handling limit has passed, the earliest first."""
    keys = []
    for minute in range(count):
        with moved_to(TUESDAY_NINE + timedelta(minutes=minute)):
            keys.append(walk.report().case_key)
            walk.do(district["officer"], keys[-1], "triage", walk.TRIAGED)
    with moved_to(LATER):
        while deadlines.fire_due().stepped:
            messages.deliver_buffered()
    return keys


def test_pages_follow_each_other_and_nothing_is_read_twice(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carded, "PAGE", 2)
    keys = red_cases(district, 5)
    found: list[int] = []
    after: str | None = None
    with moved_to(LATER):
        for size in (2, 2, 1):
            page = carded.read_carded(district["supervisor"], language="en", after=after)
            assert (len(page.items), page.tally.red, page.tally.yellow) == (size, 5, 0)
            found += [item.line.key for item in page.items]
            after = str(page.next_place) if page.next_place else None
    assert (found, after) == (keys, None)


def test_counts_and_lines_come_from_an_index_of_what_has_a_card(
    sqlite_district: District,
) -> None:
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, given: object, *_: object
    ) -> None:
        if "FROM case_unit" in statement and "card" in statement:
            asked.append((statement, given))

    red_cases(sqlite_district, 1)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        with moved_to(LATER):
            carded.read_carded(sqlite_district["supervisor"], language="en")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 2
    for statement, given in asked:
        with db.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
        assert "ix_case_unit_card" in plan[0][-1]
        assert not any("TEMP B-TREE" in row[-1] for row in plan)


def test_who_does_not_supervise_and_what_is_not_theirs(district: District) -> None:
    with pytest.raises(Forbidden):
        carded.read_carded(district["worker"], language="en")
    foreign = district.units["DISTRICT"]
    with pytest.raises(NotFound):
        carded.read_carded(district["dispatcher"], language="en", unit_key=foreign)
