"""Rows of remarks: comments among colleagues and replies to the public."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from app.store.tables.cases import cases, remark


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a new remark."""
    connection.execute(insert(remark).values(**values))


def lock_case(connection: Connection, case_key: int) -> dict[str, Any] | None:
    """Lock a case and read it, for adding to its journal outside a step of its process."""
    row = connection.execute(select(cases).where(cases.c.key == case_key).with_for_update()).first()
    return None if row is None else dict(row._mapping)
