"""The whole road through the store: who is asked, what is written, what begins beside the case."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.cases import deadlines, messages
from app.cases.handling import complete_task, why_not
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.limits import ledger
from app.store.tables.cases import cases, journal
from app.store.tables.runtime import message, process_instance, timer
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

FORCED = {"close_code": "forced", "summary": "No way on.", "forced_reason": "The owner is gone."}
HERE = {"point": "40.0051,116.005"}
FAR = {"point": "40.02,116.005"}


def rows(table: object, *where: object) -> list[dict[str, object]]:
    with reading() as connection:
        query = select(table).where(*where)  # type: ignore[call-overload]
        return [dict(row) for row in connection.execute(query).mappings()]


def lines(case_key: int, kind: str) -> list[dict[str, object]]:
    return rows(journal, journal.c.case_key == case_key, journal.c.kind == kind)


def open_processes(case_key: int) -> int:
    return len(
        rows(
            process_instance,
            process_instance.c.case_key == case_key,
            process_instance.c.state == "ACTIVE",
        )
    )


def test_a_case_ends_with_everything_that_ran_beside_it(district: District) -> None:
    key = walk.report().case_key
    assert walk.to_end(district, key).is_case_closed
    assert open_processes(key) == 0
    assert rows(message) == []


def test_a_returned_case_is_arbitrated_and_dispatched_anew(district: District) -> None:
    key = walk.report(minor_class=None).case_key
    walk.do(district["officer"], key, "triage", {"decision": "accept"})
    walk.do(district["dispatcher"], key, "dispatch", walk.DISPATCHED)
    returned = {
        "sign": "return",
        "return_reason": "not_duty",
        "legal_basis": "Trees belong to the parks.",
        "proposed_unit": "D-PARKS",
    }
    walk.do(district["clerk"], key, "sign_for", returned)
    task = walk.open_tasks(key)["arbitrate_return"]
    assert why_not(district["dispatcher"], task) is not None, "who dispatched does not arbitrate"
    verdict = {"verdict": "approve", "reason": "So it is."}
    walk.do(district["district"], key, "arbitrate_return", verdict)
    again = walk.DISPATCHED | {"lead_unit": "D-PARKS"}
    walk.do(district["dispatcher"], key, "dispatch", again)
    walk.do(district["parks_clerk"], key, "sign_for", walk.SIGNED)
    assert walk.case_row(key)["lead_unit_key"] == district.units["D-PARKS"]
    assert set(walk.open_tasks(key)) == {"handle"}


SOONER = {"limit_until": "2026-11-26T12:00:00+08:00", "limit_reason": "The road opens on Friday."}


def test_a_limit_a_dispatcher_sets_is_kept_with_its_reason_and_heard_by_the_clock(
    district: District,
) -> None:
    """Tuesday nine to Thursday noon: the clock would have warned next Monday, and warns sooner."""
    noon = datetime(2026, 11, 26, 4, tzinfo=UTC)
    with moved_to(TUESDAY_NINE):
        key = walk.report(minor_class=None).case_key
        walk.do(district["officer"], key, "triage", {"decision": "accept"})
        (before,) = ticks(key)
        walk.do(district["dispatcher"], key, "dispatch", walk.DISPATCHED | SOONER)
        (after,) = ticks(key)
        returned = {"sign": "return", "return_reason": "not_duty", "legal_basis": "It is a tree."}
        walk.do(district["clerk"], key, "sign_for", returned)
        verdict = {"verdict": "approve", "reason": "So it is."}
        walk.do(district["district"], key, "arbitrate_return", verdict)
        again = walk.DISPATCHED | {"lead_unit": "D-PARKS"}
        walk.do(district["dispatcher"], key, "dispatch", again)
        walk.do(district["parks_clerk"], key, "sign_for", walk.SIGNED)
    assert before > noon > after
    assert walk.case_row(key)["due_at"] == walk.open_tasks(key)["handle"]["due_at"] == noon
    with reading() as connection:
        first, last = (line for line in ledger(connection, key) if line["limit_name"] == "handle")
    assert (first["action"], first["basis"]) == ("set", "Limit table, ordinary")
    assert (last["action"], last["basis"]) == ("changed", "Set when dispatched")
    assert (last["due_at"], last["previous_due_at"]) == (noon, first["due_at"])
    assert last["reason"] == SOONER["limit_reason"]
    assert last["person_key"] == district["dispatcher"].person_key


def ticks(case_key: int) -> list[datetime]:
    """When the clock beside the case does its next step."""
    beside = select(process_instance.c.key).where(process_instance.c.case_key == case_key)
    found = rows(timer, timer.c.element_id == "tick", timer.c.instance_key.in_(beside))
    return [row["due_at"] for row in found if row["due_at"].year < 2900]  # type: ignore[attr-defined, misc]


def test_an_assisting_unit_gets_a_task_of_its_own(district: District) -> None:
    key = walk.report(minor_class=None).case_key
    walk.do(district["officer"], key, "triage", {"decision": "accept"})
    shared = walk.DISPATCHED | {"co_units": ["D-PARKS"]}
    walk.do(district["dispatcher"], key, "dispatch", shared)
    walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
    assert set(walk.open_tasks(key)) == {"handle", "assist"}
    walk.do(district["handler"], key, "handle", walk.HANDLED)
    assert set(walk.open_tasks(key)) == {"assist"}
    helped = {"done": "yes", "measures": "Cut the branches."}
    walk.do(district["parks_handler"], key, "assist", helped)
    assert set(walk.open_tasks(key)) == {"review_result"}


def test_what_is_grave_is_checked_on_the_spot_by_somebody_near_enough(district: District) -> None:
    key = walk.report(severity="emergency").case_key
    triaged = walk.TRIAGED | {"severity": "emergency"}
    walk.do(district["officer"], key, "triage", triaged)
    for login, step, answers in walk.TO_CALLBACK[1:-1]:
        walk.do(district[login], key, step, answers)
    walk.do(district["worker"], key, "site_check", {"verdict": "pass", **FAR})
    walk.do(district["worker"], key, "site_check", {"verdict": "pass", **HERE})
    far, near = (line["data"]["distance_m"] for line in lines(key, "distance_measured"))  # type: ignore[index]
    assert far > 100 >= near
    assert walk.open_tasks(key) == {}, "the callback has begun"
    assert open_processes(key) == 2


def test_forced_closing_opens_a_linked_case_of_the_same_matter(district: District) -> None:
    key = walk.report(severity="urgent").case_key
    walk.to_callback(district, key)
    walk.rate(key)
    walk.do(district["dispatcher"], key, "close", FORCED)
    walk.do(district["district"], key, "approve_forced", {"verdict": "approve"})
    (behind,) = rows(cases, cases.c.reopens_key == key)
    closed = walk.case_row(key)
    assert closed["close_code"] == "forced"
    assert behind["description"] == closed["description"]
    assert (behind["grid_key"], behind["channel"]) == (closed["grid_key"], "staff")
    assert set(walk.open_tasks(behind["key"])) == {"triage"}  # type: ignore[arg-type]
    (line,) = lines(key, "linked_case_opened")
    assert line["data"] == {"number": behind["number"]}


def ask_withdrawal(case_key: int) -> None:
    with transaction() as tx:
        work = messages.deliver(
            tx,
            "WithdrawalAsked",
            correlation_key=str(walk.case_row(case_key)["number"]),
            variables={"reason": "It was my own car."},
            case_key=case_key,
        )
        messages.finish(work)


def test_a_granted_withdrawal_ends_the_case_and_its_clock(district: District) -> None:
    key = walk.report().case_key
    walk.do(district["officer"], key, "triage", walk.TRIAGED)
    ask_withdrawal(key)
    walk.do(district["dispatcher"], key, "confirm_withdrawal", {"verdict": "grant"})
    assert walk.case_row(key)["outcome"] == "withdrawn"
    assert walk.open_tasks(key) == {}
    assert open_processes(key) == 0
    assert rows(message) == []


def test_the_whistle_of_a_withdrawn_case_calls_nobody_any_more(district: District) -> None:
    key = walk.report().case_key
    walk.do(district["officer"], key, "triage", walk.TRIAGED)
    walk.do(district["clerk"], key, "sign_for", walk.SIGNED)
    stuck = {
        "is_true": "yes",
        "measures": "Seen",
        "result": "needs_coordination",
        "unresolved_reason": "Three must meet.",
    }
    walk.do(district["handler"], key, "handle", {**stuck})
    assert set(walk.open_tasks(key)) == {"blow_whistle"}
    ask_withdrawal(key)
    walk.do(district["dispatcher"], key, "confirm_withdrawal", {"verdict": "grant"})
    assert walk.case_row(key)["outcome"] == "withdrawn"
    assert walk.open_tasks(key) == {}
    assert open_processes(key) == 0
    assert rows(message) == []


def test_a_withdrawal_nobody_decided_ends_with_the_case(district: District) -> None:
    key = walk.report().case_key
    ask_withdrawal(key)
    walk.to_end(district, key)
    assert walk.open_tasks(key) == {}
    assert open_processes(key) == 0


def test_silence_and_a_rejection_end_by_the_clock(district: District) -> None:
    with moved_to(TUESDAY_NINE):
        asked, refused = walk.report().case_key, walk.report().case_key
        question = {"decision": "need_info", "question": "Which gate?"}
        walk.do(district["officer"], asked, "triage", question)
        no = {"decision": "reject", "reject_code": "no_facts", "reason": "It does not say where."}
        walk.do(district["officer"], refused, "triage", no)
    with moved_to(TUESDAY_NINE + timedelta(days=8)):
        deadlines.fire_due()
    assert walk.case_row(asked)["outcome"] == "no_response"
    assert walk.case_row(refused)["outcome"] == "rejected"


def test_what_one_settles_alone_is_numbered_and_closed(district: District) -> None:
    key = walk.report(channel="patrol", self_handled=True).case_key
    task = walk.open_tasks(key)["record_on_site"]
    complete_task(
        district["worker"], task["key"], {"measures": "Swept."}, seen_version=task["version"]
    )
    if "check_on_site" in walk.open_tasks(key):  # one in five, by its number
        task = walk.open_tasks(key)["check_on_site"]
        assert why_not(district["worker"], task) is not None
        walk.do(district["officer"], key, "check_on_site", {"verdict": "pass", **HERE})
    walk.do(district["dispatcher"], key, "close", walk.CLOSED)
    row = walk.case_row(key)
    assert (row["outcome"], row["due_at"]) == ("closed", None)
    assert row["established_at"] is not None
