"""Rows are kept as they were given, whether one or many go to the database, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from app.store.db import reading, transaction
from app.store.rows import delete_rows, insert_new_rows, insert_rows, update_row, upsert_rows
from app.store.tables.delivery import outbox
from app.store.tables.runtime import task_unit
from tests.support.district import District

AT = datetime(2026, 3, 1, 8, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=8)))
PAYLOADS: list[Any] = [
    {"text": "含引号 ' \" 和 %(sign)s", "list": [1, None, {"deep": True}]},
    {},
    {"number": 12.5, "large": 2**60},
]


def _rows(count: int, **changed: Any) -> list[dict[str, Any]]:
    return [
        {
            "key": 2**52 + number,
            "kind": "trial",
            "payload": PAYLOADS[number],
            "clock_domain": "trial",
            "created_at": AT,
            "sent_at": None,
            **changed,
        }
        for number in range(count)
    ]


def _kept() -> list[dict[str, Any]]:
    names = ("key", "kind", "payload", "clock_domain", "created_at", "sent_at")
    query = select(*[outbox.c[name] for name in names]).where(outbox.c.clock_domain == "trial")
    with reading() as connection:
        return [dict(row) for row in connection.execute(query.order_by(outbox.c.key)).mappings()]


@pytest.mark.parametrize("count", [1, 3])
def test_rows_come_back_as_they_were_given(district: District, count: int) -> None:
    with transaction() as tx:
        insert_rows(tx.connection, outbox, _rows(count))
    assert _kept() == _rows(count)
    assert {row["created_at"].tzinfo for row in _kept()} == {UTC}


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_there_already_is_changed_only_where_asked(district: District, count: int) -> None:
    with transaction() as tx:
        insert_rows(tx.connection, outbox, _rows(1))
        insert_new_rows(tx.connection, outbox, _rows(count, kind="not this"))
        upsert_rows(tx.connection, outbox, _rows(count, sent_at=AT, kind="nor"), change=["sent_at"])
    assert [row["kind"] for row in _kept()] == ["trial", *["not this"] * (count - 1)]
    assert {row["sent_at"] for row in _kept()} == {AT}


@pytest.mark.parametrize("count", [1, 3])
def test_an_instant_without_a_zone_is_refused(district: District, count: int) -> None:
    rows = _rows(count, created_at=AT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="without a zone"), transaction() as tx:
        insert_rows(tx.connection, outbox, rows)
    assert _kept() == []


def test_a_row_is_changed_and_rows_are_deleted_by_key(district: District) -> None:
    with transaction() as tx:
        insert_rows(tx.connection, outbox, _rows(3))
        update_row(tx.connection, outbox, 2**52, {"sent_at": AT, "payload": PAYLOADS[2]})
        delete_rows(tx.connection, outbox, column="key", values={2**52 + 1})
        delete_rows(tx.connection, task_unit, column="task_key", values=set())
    assert [(row["payload"], row["sent_at"]) for row in _kept()] == [
        (PAYLOADS[2], AT),
        (PAYLOADS[2], None),
    ]
    with transaction() as tx:
        delete_rows(tx.connection, outbox, column="key", values={2**52, 2**52 + 2})
    assert _kept() == []
