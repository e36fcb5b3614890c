"""Reading journals: whole ones, case by case, and how often something happened to a case."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from app.store.tables.cases import cases, journal

AT_ONCE = 500


def count(connection: Connection, case_key: int, kind: str) -> int:
    """Return how many lines of a kind the journal of a case has."""
    query = select(func.count()).where(journal.c.case_key == case_key, journal.c.kind == kind)
    return int(connection.execute(query).scalar_one())


def by_case(
    connection: Connection, number: str | None = None
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the number of each case (or of the one named) with its journal's lines in order."""
    last = 0
    while True:
        query = select(cases.c.key, cases.c.number).where(cases.c.key > last)
        if number is not None:
            query = query.where(cases.c.number == number)
        found = connection.execute(query.order_by(cases.c.key).limit(AT_ONCE)).all()
        if not found:
            return
        last = found[-1].key
        numbers = {row.key: row.number for row in found}
        lines = connection.execute(
            select(journal)
            .where(journal.c.case_key.in_(numbers))
            .order_by(journal.c.case_key, journal.c.number)
        ).mappings()
        for key, group in groupby(lines, key=lambda line: line["case_key"]):
            yield numbers[key], [dict(line) for line in group]
