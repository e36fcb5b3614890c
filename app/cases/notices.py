"""Lines for the bell, and the mail that goes with each: made here, written with what happened.

`cases.journal` makes those of a step; assignments, remarks and absences tell people outside one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.cases.work import NoticeTo
from app.store import projection
from app.store.db import Transaction
from app.store.projection import Projection

LIVE = "live"
IN_SHORT = frozenset(
    {
        "task_given",
        "task_taken_away",
        "task_taken_back",
        "task_taken_over",
        "tasks_given",
        "tasks_taken_away",
        "tasks_taken_back",
        "task_canceled",
        "facts_added",
        "files_added",
        "urged",
        "unrectified",
        "reworked_often",
        "reopened_often",
        "mentioned",
        "case_moved",
        "deputy_appointed",
        "deputy_ended",
    }
)
"""Kinds of notice whose mail is one sentence and a link; every other has a letter of its own."""
Rows = list[dict[str, Any]]


def rows_of(
    tx: Transaction, notices: Sequence[NoticeTo], *, case_key: int | None
) -> tuple[Rows, Rows]:
    """Return the rows of these notices, and those of their mail for the outbox."""
    found = [
        {
            "key": tx.next_key(),
            "kind": notice.kind,
            "case_key": case_key,
            "task_key": notice.task_key,
            "person_key": notice.person_key,
            "role": notice.role,
            "unit_key": notice.unit_key,
            "params": notice.params,
            "at": tx.now,
        }
        for notice in notices
    ]
    return found, [mail(tx, "notice_mail", {"notice_key": row["key"]}) for row in found]


def mail(tx: Transaction, kind: str, payload: Any) -> dict[str, Any]:
    """Return a row for the outbox."""
    return {
        "key": tx.next_key(),
        "kind": kind,
        "payload": payload,
        "clock_domain": LIVE,
        "created_at": tx.now,
    }


def tell_reporters(tx: Transaction, case: Mapping[str, Any], template: str) -> None:
    """Send reporters a letter outside a step of a process; none of a case that is replayed."""
    if case["clock_domain"] == LIVE:
        letter = mail(tx, "reporter_mail", {"case_key": case["key"], "template": template})
        projection.write(tx.connection, Projection(outbox=[letter]))


def tell(
    tx: Transaction,
    notices: Sequence[NoticeTo],
    *,
    case_key: int | None = None,
    clock_domain: str = LIVE,
) -> None:
    """Tell people outside a step of a process; nobody is told of a case that is replayed."""
    if clock_domain != LIVE or not notices:
        return
    lines, letters = rows_of(tx, notices, case_key=case_key)
    projection.write(tx.connection, Projection(notices=lines, outbox=letters))
