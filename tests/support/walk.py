"""A hand that walks a case: reports, finds the open task of a step, fills it in.

The shortest road: `triage`, `sign_for`, `handle`, `review_result`, `site_check`; then the callback
waits for the reporter (`rate`), and `close` ends the case. `to_callback` and `to_end` take it at
one go.
"""

from typing import Any

from sqlalchemy import select

from app.cases import messages
from app.cases.handling import Completed, complete_task
from app.cases.intake import Receipt, Report, receive_report
from app.json_types import Json, JsonObject
from app.organisation.actor import Actor
from app.store.db import reading, transaction
from app.store.tables.cases import cases, journal
from app.store.tables.runtime import user_task
from tests.support.district import District

TRIAGED: JsonObject = {"decision": "accept", "minor_class": "A01", "severity": "ordinary"}
DISPATCHED: JsonObject = {"lead_unit": "D-URBAN", "co_units": [], "instruction": "Please see to it"}
SIGNED: JsonObject = {"sign": "sign"}
HANDLED: JsonObject = {
    "is_true": "yes",
    "measures": "Taken away",
    "result": "resolved",
    "public_reply": "It was taken away this morning.",
}
PASSED: JsonObject = {"verdict": "pass"}
CHECKED: JsonObject = {"verdict": "pass", "point": "40.005,116.005"}
CLOSED: JsonObject = {"close_code": "resolved", "summary": "Taken away"}
TO_CALLBACK: tuple[tuple[str, str, JsonObject], ...] = (
    ("officer", "triage", TRIAGED),
    ("clerk", "sign_for", SIGNED),
    ("handler", "handle", HANDLED),
    ("leader", "review_result", PASSED),
    ("worker", "site_check", CHECKED),
)
"""Who does which step of a clear case until it is handled and its callback begins."""


def report(**values: Any) -> Receipt:
    """Send a report from the public page, of rubbish in the first grid unless said otherwise."""
    given: dict[str, Any] = {
        "channel": "web",
        "description": "Rubbish by the gate 门口有垃圾",
        "address": "中山路 12 号",
        "minor_class": "A01",
        "latitude": 40.005,
        "longitude": 116.005,
    }
    return receive_report(Report(**(given | values)))


def open_tasks(case_key: int) -> dict[str, dict[str, Any]]:
    """Return the open tasks of a case by element id."""
    with reading() as connection:
        rows = connection.execute(
            select(user_task).where(
                user_task.c.case_key == case_key, user_task.c.state == "CREATED"
            )
        ).mappings()
        return {row["element_id"]: dict(row) for row in rows}


def do(actor: Actor, case_key: int, element_id: str, answers: JsonObject) -> Completed:
    """Complete the open task of a step."""
    task = open_tasks(case_key)[element_id]
    return complete_task(actor, task["key"], answers, seen_version=task["version"])


def to_callback(district: District, case_key: int) -> None:
    """Take a reported case as far as its callback: it is handled, the reporter may rate."""
    for login, step, answers in TO_CALLBACK:
        do(district[login], case_key, step, answers)


def to_end(district: District, case_key: int, *, grade: int = 1) -> Completed:
    """Take a reported case to its end: handled, rated by its reporter, closed."""
    to_callback(district, case_key)
    rate(case_key, grade=grade)
    return do(district["dispatcher"], case_key, "close", CLOSED)


def rate(case_key: int, *, grade: int = 1) -> None:
    """Let the reporter rate the case, which must wait for it."""
    send(
        case_key, "RatingReceived", grade=grade, resolved="yes", tags=[], comment=None, kind="token"
    )


def send(case_key: int, name: str, **variables: Json) -> None:
    """Send a message to whichever instance of the case waits for it."""
    number = case_row(case_key)["number"]
    with transaction() as tx:
        work = messages.deliver(tx, name, correlation_key=number, variables=variables)
        messages.finish(work)


def case_row(case_key: int) -> dict[str, Any]:
    """Return the case's row as it is now."""
    with reading() as connection:
        found = connection.execute(select(cases).where(cases.c.key == case_key)).mappings().one()
        return dict(found)


def journal_of(case_key: int) -> list[dict[str, Any]]:
    """Return the journal of a case, the first line first."""
    query = select(journal).where(journal.c.case_key == case_key).order_by(journal.c.number)
    with reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
