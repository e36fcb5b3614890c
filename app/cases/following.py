"""Following a case: whoever does hears of the steps its reporter sees, while they may see it.

`cases.journal` asks at every step who is to be told; pages let people begin and end.
"""

from collections.abc import Mapping
from typing import Any

from app.cases import notices
from app.cases.calendar import local_today
from app.cases.colleagues import sees_case
from app.cases.people import directory_now
from app.cases.visible import demand_case
from app.cases.work import NoticeTo, Work
from app.json_types import JsonObject
from app.organisation.actor import Actor
from app.store import follows
from app.store.db import Transaction, transaction

PUBLIC_STEPS = ("closed", "handled", "established")


def follow(actor: Actor, case_key: int) -> None:
    """Begin to follow a case.

    Raises:
        NotFound: the case is not for this person's eyes.
    """
    with transaction() as tx:
        demand_case(tx.connection, actor, case_key)
        follows.add(tx.connection, case_key, actor.person_key, now=tx.now)


def unfollow(actor: Actor, case_key: int) -> None:
    """Follow a case no longer; whoever cannot see it any more may do so too."""
    with transaction() as tx:
        follows.remove(tx.connection, case_key, actor.person_key)


def of_step(work: Work) -> list[NoticeTo]:
    """Return whom to tell of the step at hand: nobody where no reporter would see a change."""
    kinds = {entry.kind for entry in work.entries}
    step = next((kind for kind in PUBLIC_STEPS if kind in kinds), None)
    if step is None and any(_is_public_reply(remark) for remark in work.remarks):
        step = "replied"
    if step is None:
        return []
    params = {"number": work.case["number"], "step": step}
    today = work.calendar.district.local_date(work.now)
    return [
        NoticeTo("case_moved", {**params}, person_key=key)
        for key in follows.of_case(work.tx.connection, work.case_key)
        if key != work.hand.person_key
        and sees_case(work.tx.connection, work.directory, key, work.case_key, on=today)
    ]


def _is_public_reply(remark: Mapping[str, Any]) -> bool:
    return (remark["kind"], remark["visibility"]) == ("reply", "public")


def tell_of_reply(tx: Transaction, case: dict[str, Any], by: int) -> None:
    """Tell followers of a reply to the public that somebody wrote outside a step."""
    directory = directory_now(tx.connection)
    today = local_today(tx.connection, tx.now)
    params: JsonObject = {"number": case["number"], "step": "replied"}
    told = [
        NoticeTo("case_moved", params, person_key=key)
        for key in follows.of_case(tx.connection, case["key"])
        if key != by and sees_case(tx.connection, directory, key, case["key"], on=today)
    ]
    notices.tell(tx, told, case_key=case["key"], clock_domain=case["clock_domain"])
