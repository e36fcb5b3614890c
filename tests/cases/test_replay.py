"""Replaying a file: numbers by the file's own dates, bad rows told, resumable without doubling."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import ROOT, create_app
from app.cases.replay import Numbers, mapping_for, replay
from app.cases.replay.mapping import MappingUnknown, MappingWrong, load_mapping
from app.cases.replay.rows import Bad, columns_of
from app.cases.setup import shipped_files
from app.config import settings_for
from app.store.db import db, metadata, reading
from app.store.tables.cases import cases, submission
from app.store.tables.delivery import notice, outbox
from app.store.tables.organisation import unit
from app.store.tables.runtime import timer

COLUMNS = [
    *("case_enquiry_id", "open_dt", "target_dt", "closed_dt", "closure_reason", "case_title"),
    *("reason", "type", "queue", "department", "location", "neighborhood", "ward", "precinct"),
    *("latitude", "longitude", "source"),
]
UNTIL = datetime(2012, 1, 1, tzinfo=UTC)


def line(number: int, opened: str, target: str, closed: str, **cells: str) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, " ") | {
        "case_enquiry_id": str(number),
        "open_dt": opened,
        "target_dt": target,
        "closed_dt": closed,
        "case_title": "Pothole",
        "type": "Request for Pothole Repair",
        "reason": "Highway Maintenance",
        "department": "PWDx",
        "neighborhood": "Roxbury",
        "ward": "Ward 8",
        "precinct": "0806",
        "latitude": "42.3283",
        "longitude": "-71.0843",
        "source": "Self Service",
    }
    return row | cells


FIRST, NEXT, LATER = "2011-07-01 08:00:00", "2011-07-02 08:00:00", "2011-07-09 08:00:00"
ROWS = [
    line(1, FIRST, NEXT, "2011-07-01 12:00:00"),  # in time
    line(2, FIRST, NEXT, LATER, closure_reason="Case Closed Case Invalid"),  # late
    line(3, FIRST, NEXT, ""),  # open, overdue
    line(4, FIRST, "", LATER),  # no target: in time
    line(5, FIRST, "", ""),  # no target: open, never overdue
    line(6, FIRST, "2059-12-31 19:00:00", "", neighborhood=" "),  # open, not yet due, no place
    line(7, FIRST, NEXT, NEXT),  # to the second: in time
]
BAD = [
    line(8, "yesterday", NEXT, ""),
    line(1, FIRST, NEXT, ""),
    line(9, NEXT, "", FIRST),
    dict.fromkeys(COLUMNS, ""),
]


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@contextmanager
def migrated(database_url: str, folder: Path) -> Iterator[None]:
    settings = settings_for(instance_path=folder, database_url=database_url, log_level="ERROR")
    with create_app(settings).app_context():
        metadata.create_all(db.engine)
        yield
        for engine in db.engines.values():
            engine.dispose()


def run(path: Path, *, until: datetime = UNTIL, **given: object) -> Numbers:
    mapping = mapping_for(columns_of(path), file=path.name)
    return replay(
        path,
        mapping,
        shipped=shipped_files(ROOT),
        until=until,
        **given,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("name", ["requests.csv", "requests.csv.gz"])
def test_a_file_ends_by_its_own_dates(database_url: str, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, ROWS + BAD)
    told: list[Bad] = []
    with migrated(database_url, tmp_path):
        numbers = run(path, on_bad=told.append)
        assert (numbers.cases, numbers.open, numbers.overdue_open) == (7, 3, 1)
        assert (numbers.closed_in_time, numbers.closed_late, numbers.skipped) == (3, 1, 4)
        assert [bad.line for bad in told] == [9, 10, 11, 12]
        assert run(path).steps == 0


def test_what_a_replay_leaves_behind(sqlite_url: str, tmp_path: Path) -> None:
    path = written(tmp_path / "requests.csv", ROWS)
    with migrated(sqlite_url, tmp_path):
        run(path)
        with reading() as connection:
            rows = {row.number: row for row in connection.execute(select(cases))}
            late = rows["2"]
            assert late.reported_at == datetime(2011, 7, 1, 12, 0, tzinfo=UTC)  # New York
            assert late.closed_at == datetime(2011, 7, 9, 12, 0, tzinfo=UTC)
            assert late.due_at == datetime(2011, 7, 2, 12, 0, tzinfo=UTC)
            assert (late.close_code, late.grade, late.clock_domain) == (
                "explained",
                None,
                "replay:boston-311",
            )
            assert rows["4"].due_at is None
            assert "severity" in late.synthetic
            assert connection.execute(select(func.count()).select_from(notice)).scalar() == 0
            assert connection.execute(select(func.count()).select_from(outbox)).scalar() == 0
            units = {(row.kind, row.name) for row in connection.execute(select(unit))}
            assert {("street", "Roxbury"), ("community", "Ward 8"), ("grid", "0806")} <= units
            assert ("department", "Public Works Department") in units
            waiting = connection.execute(select(timer.c.element_id)).scalars().all()
            assert "rating_over" not in waiting  # fifteen days after closing nobody had rated


def test_an_interrupted_replay_goes_on_without_doubling(database_url: str, tmp_path: Path) -> None:
    start = datetime(2011, 7, 1, 8, 0, tzinfo=UTC)
    rows = [
        line(
            number,
            f"{start + timedelta(hours=number):%Y-%m-%d %H:%M:%S}",
            NEXT,
            f"{start + timedelta(days=number + 1):%Y-%m-%d %H:%M:%S}",
        )
        for number in range(1, 61)
    ]
    path = written(tmp_path / "requests.csv", rows)
    told: list[int] = []

    def interrupt(done: int, _total: int) -> None:
        told.append(done)
        if len(told) == 2:
            raise KeyboardInterrupt

    with migrated(database_url, tmp_path):
        with pytest.raises(KeyboardInterrupt):
            run(path, on_progress=interrupt)
        numbers = run(path)
        assert (numbers.cases, numbers.open, numbers.skipped) == (60, 0, 0)
        with reading() as connection:
            tasks = Counter(connection.execute(select(submission.c.task_key)).scalars())
            assert max(count for key, count in tasks.items() if key is not None) == 1


def test_until_stops_the_clock_and_a_later_run_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    path = written(tmp_path / "requests.csv", ROWS)
    with migrated(sqlite_url, tmp_path):
        early = run(path, until=datetime(2011, 7, 3, tzinfo=UTC))
        assert (early.open, early.overdue_open, early.closed_late) == (5, 2, 0)
        late = run(path)
        assert (late.open, late.overdue_open, late.closed_late) == (3, 1, 1)


def test_columns_nobody_knows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingUnknown):
        mapping_for(["a", "b"], file="x.csv")
    broken = tmp_path / "mapping.toml"
    broken.write_text('name = "x"\n')
    with pytest.raises(MappingWrong):
        load_mapping(broken)
