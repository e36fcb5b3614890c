"""Rows of evaluations: how many rounds a case has had."""

from sqlalchemy import Connection, func, select

from app.store.tables.evaluations import evaluation


def rounds(connection: Connection, case_key: int) -> int:
    """Return how often the reporter of a case has been heard, or could not be, so far."""
    query = select(func.count()).where(evaluation.c.case_key == case_key)
    return int(connection.execute(query).scalar_one())
