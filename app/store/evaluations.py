"""Rows of evaluations: how many rounds a case has had, and what was said in them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.store.tables.evaluations import evaluation


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """A round in which the reporter was heard, or could not be."""

    kind: str
    is_reached: bool
    resolved: str | None
    grade: int | None
    result_grade: int | None
    attitude_grade: int | None
    quote: str | None
    tags: list[str] | None
    attempt: int | None
    at: datetime


def rounds(connection: Connection, case_key: int) -> int:
    """Return how often the reporter of a case has been heard, or could not be, so far."""
    query = select(func.count()).where(evaluation.c.case_key == case_key)
    return int(connection.execute(query).scalar_one())


def of_case(connection: Connection, case_key: int) -> list[EvaluationRow]:
    """Return every round of a case, the newest first."""
    columns = [evaluation.c[name] for name in EvaluationRow.__dataclass_fields__]
    query = select(*columns).where(evaluation.c.case_key == case_key)
    rows = connection.execute(query.order_by(evaluation.c.round.desc()))
    return [EvaluationRow(*row) for row in rows]
