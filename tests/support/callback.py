"""A case that is handled at once and asks its reporter: the shipped callback process beside it.

The main process of these tests is a short one of their own, so that what is seen is the callback.
"""

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.cases import deadlines, messages
from app.cases.attachments import Upload, keep_upload
from app.cases.designs import deploy
from app.cases.intake import Receipt
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.evaluations import evaluation
from tests.engine.drawing import (
    catch,
    diagram,
    end,
    message,
    process,
    service,
    start,
    throw,
)
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
CORRELATED = {"CallbackStarted": "=case.number", "CallbackDone": "=case.number"}
DAY = timedelta(days=1)
CALLED = {"contacted": "yes", "resolved": "yes", "grade": "2", "quote": "Clean again."}
NO_ANSWER = {"contacted": "no", "not_reached": "no_answer"}
FOUND = {"finding": "The bags still lie there."}
JUSTIFIED = {"verdict": "justified", **FOUND}
PUT_RIGHT = {"measures": "Swept.", "public_reply": "We swept the corner as well."}
APPEALED = {"appeal": "appeal", "grounds": "She meant another street."}
MISTAKEN = {"verdict": "mistaken", "finding": "She meant another street."}


def handled(district: District, *, at: datetime = TUESDAY_NINE, **reported: Any) -> Receipt:
    """Return a case that has just been handled; its callback waits. `outcome` is what it answers.

    Whoever handled it is the department's handler.
    """
    handler = f'="{district["handler"].person_key}"'
    drawn = process(
        "asks_reporters",
        start("begin", message("CaseReported")),
        service("place", "locate"),
        service("name_unit", "record_facts", inputs={"lead_unit": '="D-URBAN"'}),
        throw("ask", message("CallbackStarted"), {"handler": handler}),
        catch("hear", message("CallbackDone"), {"outcome": "=outcome"}),
        service("close", "close_case", inputs={"outcome": "=outcome", "close_code": "=null"}),
        end("closed"),
        flows="begin > place > name_unit > ask > hear > close > closed",
    )
    deploy({"asks_reporters.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)
    with moved_to(at):
        return walk.report(**reported)


def rate(receipt: Receipt, grade: str, *, at: datetime = TUESDAY_NINE, **given: Any) -> None:
    """Send a rating to the case, as its tracking page does."""
    with moved_to(at), transaction() as tx:
        work = messages.deliver(
            tx,
            "RatingReceived",
            correlation_key=receipt.number,
            variables={"grade": grade, **given},
        )
        messages.finish(work)


def do(
    district: District, login: str, receipt: Receipt, step: str, given: Any, *, at: datetime
) -> None:
    """Let somebody complete a step of the case, at an instant."""
    with moved_to(at):
        walk.do(district[login], receipt.case_key, step, given)


def shown(
    district: District, login: str, receipt: Receipt, step: str, given: Any, *, at: datetime
) -> None:
    """Let somebody complete a step with a file as evidence."""
    task = walk.open_tasks(receipt.case_key)[step]
    upload = Upload(file_name="log.png", content=PIXEL, kind="evidence")
    kept = keep_upload(upload, blobs=district.app.extensions["blobs"], task_key=task["key"])
    do(district, login, receipt, step, {**given, "evidence": [str(kept.key)]}, at=at)


def wait_until(instant: datetime) -> None:
    """Let everything happen that is due by an instant."""
    with moved_to(instant):
        deadlines.fire_due()


def rounds(receipt: Receipt) -> list[dict[str, Any]]:
    """Return every round in which the reporter was heard, or could not be."""
    query = (
        select(evaluation)
        .where(evaluation.c.case_key == receipt.case_key)
        .order_by(evaluation.c.round)
    )
    with reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
