"""Rows of evaluations: how many rounds a case has had, and what stood out in them."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from app.store.tables.evaluations import evaluation


def rounds(connection: Connection, case_key: int) -> int:
    """Return how often the reporter of a case has been heard, or could not be, so far."""
    query = select(func.count()).where(evaluation.c.case_key == case_key)
    return int(connection.execute(query).scalar_one())


def tagged(connection: Connection, case_key: int) -> list[tuple[list[str], datetime]]:
    """Return the tags of each round of a case that has some, and when, the first round first."""
    query = (
        select(evaluation.c.tags, evaluation.c.at)
        .where(evaluation.c.case_key == case_key, evaluation.c.tags.is_not(None))
        .order_by(evaluation.c.round)
    )
    return [(row.tags, row.at) for row in connection.execute(query) if row.tags]
