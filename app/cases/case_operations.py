"""The operations the shipped diagrams ask for by name: place a case, record facts, close it.

Each takes the locked work and the pending job and returns the job's variables. What happens next is
the diagram's to say; nothing here looks at where the case stands.
"""

from collections.abc import Callable
from typing import Any, Final

from app.cases import confidence, telling
from app.cases.job_inputs import WrongOperationInput, text
from app.cases.work import Work
from app.engine.progress import PendingJob
from app.json_types import Json, JsonObject
from app.organisation import places
from app.organisation.units import UnitKind

REPEATED: Final = {"rework": "reworked_often", "reopened": "reopened_often"}
PLACE_COLUMNS = {
    UnitKind.GRID: "grid_key",
    UnitKind.COMMUNITY: "community_key",
    UnitKind.STREET: "street_key",
}


def locate(work: Work, job: PendingJob) -> JsonObject:
    """Find the grid from the point, and community and street above whatever is known."""
    case = work.case
    known = case["grid_key"] or _grid_at(work) or case["community_key"] or case["street_key"]
    if known is not None:
        chain = work.directory.ancestors(known)
        for key in chain:
            column = PLACE_COLUMNS.get(work.directory.unit(key).kind)
            if column:
                work.set_column(column, key)
        work.set_column("unit_path", work.directory.unit(known).path)
    units: list[Json] = [*_codes(work)]
    work.note("located", {"units": units}, element_id=job.element_id)
    return {}


def record_facts(work: Work, job: PendingJob) -> JsonObject:
    """Record every input as the fact of its name; a fact that changes keeps what it was.

    A case that becomes confidential by it is cleaned of who reported it.
    """
    was_confidential = work.case["is_confidential"]
    for name, value in job.inputs.items():
        work.set_fact(name, value, reason=job.element_id)
    if "lead_unit" in job.inputs:
        key = work.case["lead_unit_key"]
        work.set_column("lead_unit_path", work.directory.unit(key).path if key else None)
    names: list[Json] = [*sorted(job.inputs)]
    work.note("facts_recorded", {"facts": names}, element_id=job.element_id)
    if work.case["is_confidential"] and not was_confidential:
        confidence.hide_reporters(work)
    return {}


def auto_sign(work: Work, job: PendingJob) -> JsonObject:
    """Note that a unit let the time to sign for a case pass; it counts as signed for."""
    work.note("auto_signed", {"lead_unit": _lead_code(work)}, element_id=job.element_id)
    return {}


def close_case(work: Work, job: PendingJob) -> JsonObject:
    """Close the case with `outcome` and `close_code`."""
    work.set_column("closed_at", work.now)
    for name in ("outcome", "close_code"):
        work.set_column(name, text(job, name))
    work.note("closed", {"outcome": work.case["outcome"]}, element_id=job.element_id)
    return {}


def notify_reporter(work: Work, job: PendingJob) -> JsonObject:
    """Tell the reporters who agreed to it; the header `template` names the letter.

    An input `reply` becomes the reply that everybody who follows the case can read.
    """
    reply = text(job, "reply")
    if reply:
        work.remarks.append(_public_reply(work, reply))
    template = job.headers.get("template", "moved")
    work.reporter_mails.append({"case_key": work.case_key, "template": template})
    work.note("reporter_told", {"template": template}, element_id=job.element_id)
    return {}


def report_repeated(work: Work, job: PendingJob) -> JsonObject:
    """Tell the roles in `tell` that a case is done again, for the `count`th time.

    `reason` is "rework" (its result was sent back) or "reopened" (after its callback).
    """
    kind = REPEATED.get(text(job, "reason") or "")
    if kind is None:
        raise WrongOperationInput(
            name="reason",
            value=job.inputs.get("reason"),
            operation=job.job_type,
            needed=" or ".join(REPEATED),
        )
    count: JsonObject = {"count": job.inputs.get("count")}
    telling.tell(work, job, kind, count)
    work.note(kind, count, element_id=job.element_id)
    return {}


OPERATIONS: Final[dict[str, Callable[[Work, PendingJob], JsonObject]]] = {
    "locate": locate,
    "record_facts": record_facts,
    "auto_sign": auto_sign,
    "close_case": close_case,
    "notify_reporter": notify_reporter,
    "report_repeated": report_repeated,
}


def _public_reply(work: Work, body: str) -> dict[str, Any]:
    return {
        "key": work.tx.next_key(),
        "case_key": work.case_key,
        "kind": "reply",
        "visibility": "public",
        "body": body,
        "person_key": work.hand.person_key,
        "position_key": work.hand.position_key,
        "reporter_key": None,
        "at": work.now,
    }


def _grid_at(work: Work) -> int | None:
    latitude, longitude = work.case["latitude"], work.case["longitude"]
    if latitude is None or longitude is None:
        return None
    grid: int | None = places.current(work.tx.connection, work.directory).grid_at(
        latitude, longitude
    )
    return grid


def _codes(work: Work) -> list[str]:
    keys = [work.case[column] for column in PLACE_COLUMNS.values()]
    return [work.directory.unit(key).code for key in keys if key is not None]


def _lead_code(work: Work) -> str | None:
    key = work.case["lead_unit_key"]
    return work.directory.unit(key).code if key is not None else None
