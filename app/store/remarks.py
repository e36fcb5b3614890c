"""Rows of remarks: comments among colleagues and replies to the public."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from app.store.rows import insert_rows
from app.store.tables.cases import cases, remark
from app.store.tables.together import mention as mention_table


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a new remark."""
    connection.execute(insert(remark).values(**values))


def mention(connection: Connection, remark_key: int, person_keys: Sequence[int]) -> None:
    """Keep whom a remark mentions."""
    rows = [{"remark_key": remark_key, "person_key": key} for key in person_keys]
    insert_rows(connection, mention_table, rows)


def mentions(connection: Connection, case_key: int) -> dict[int, list[int]]:
    """Return whom the remarks of a case mention, by remark."""
    query = (
        select(mention_table.c.remark_key, mention_table.c.person_key)
        .join(remark, remark.c.key == mention_table.c.remark_key)
        .where(remark.c.case_key == case_key)
        .order_by(mention_table.c.person_key)
    )
    found: dict[int, list[int]] = {}
    for row in connection.execute(query):
        found.setdefault(row.remark_key, []).append(row.person_key)
    return found


def lock_case(connection: Connection, case_key: int) -> dict[str, Any] | None:
    """Lock a case and read it, for adding to its journal outside a step of its process."""
    row = connection.execute(select(cases).where(cases.c.key == case_key).with_for_update()).first()
    return None if row is None else dict(row._mapping)
