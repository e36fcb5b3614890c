"""Rows that change when facts of a locked case are corrected outside a step of its processes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from app.store import projection
from app.store.rows import insert_rows
from app.store.tables.cases import case_search, fact_change
from app.store.tables.runtime import task_unit, user_task


def write(
    connection: Connection,
    case: Mapping[str, Any],
    *,
    columns: Collection[str],
    changes: Sequence[Mapping[str, Any]],
    words: str,
) -> None:
    """Keep these columns of the case, what they were before, and what lists find it by."""
    projection.update_case(connection, case["key"], {name: case[name] for name in columns})
    insert_rows(connection, fact_change, changes)
    here = case_search.c.case_key == case["key"]
    connection.execute(update(case_search).where(here).values(words=words))
    if "major_class" in columns:
        tasks = select(user_task.c.key).where(user_task.c.case_key == case["key"])
        of_case = task_unit.c.task_key.in_(tasks)
        connection.execute(update(task_unit).where(of_case).values(major_class=case["major_class"]))
