"""Whom an event tells: the roles a decision table names, each in its unit of the case.

Operations of limits, evaluations and whistles call `tell`; the diagram passes the roles as the
input `tell`, so that who hears of what is a row of a table and never code.
"""

from dataclasses import replace

from app.cases.job_inputs import WrongOperationInput
from app.cases.work import NoticeTo, Work
from app.engine.progress import PendingJob
from app.json_types import JsonObject


def tell(
    work: Work,
    job: PendingJob,
    kind: str,
    params: JsonObject | None = None,
    *,
    department_key: int | None = None,
    task_key: int | None = None,
) -> list[str]:
    """Ring the bell of every role in the input `tell`, and return "role@unit" of each.

    A role is told in its unit of the case, as a task is offered: where nobody holds it, the next
    unit up. `department_key` is the department the event is about, in place of the case's own.
    Null tells nobody; who is named twice is told once.

    Raises:
        WrongOperationInput: `tell` is no list.
        UnknownRole, UnknownUnit: it names what there is not.
    """
    groups = _groups(job)
    place = work.place()
    if department_key is not None:
        place = replace(place, lead_unit_key=department_key)
    today = work.calendar.district.local_date(work.now)
    offers = [work.directory.resolve(group, place, on=today) for group in groups]
    told: list[str] = []
    for offer in offers:
        named = f"{offer.role.value}@{work.directory.unit(offer.unit_key).code}"
        if named in told:
            continue
        told.append(named)
        work.notices.append(
            NoticeTo(
                kind,
                {"number": work.case["number"], **(params or {})},
                role=offer.role.value,
                unit_key=offer.unit_key,
                task_key=task_key,
            )
        )
    return told


def _groups(job: PendingJob) -> list[str]:
    given = job.inputs.get("tell")
    if given is None:
        return []
    if not isinstance(given, list):
        raise WrongOperationInput(
            name="tell",
            value=given,
            operation=job.job_type,
            needed='a list of roles such as ["supervisor"], or null',
        )
    return [str(each) for each in given]
