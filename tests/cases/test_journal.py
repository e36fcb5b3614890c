"""The journal: complete, chained, and free of what should not be in it."""

import logging
from typing import Any

import pytest
from sqlalchemy import select

from app.cases.journal import first_broken, record
from app.cases.operations import settle
from app.cases.work import open_task
from app.store.db import reading, transaction
from app.store.tables.cases import journal, submission
from app.store.tables.runtime import element_instance, process_instance, task_unit, timer
from tests.support import walk
from tests.support.district import District


def lines(case_key: int) -> list[dict[str, Any]]:
    with reading() as connection:
        rows = connection.execute(
            select(journal).where(journal.c.case_key == case_key).order_by(journal.c.number)
        ).mappings()
        return [dict(row) for row in rows]


def closed(district: District) -> int:
    case_key = walk.report(
        name="Wang Fang", phone="138 0000 0000", has_consented=True, email="wang@example.org"
    ).case_key
    walk.to_end(district, case_key)
    return case_key


def test_every_step_leaves_a_line_and_the_chain_holds(district: District) -> None:
    found = lines(closed(district))
    kinds = [line["kind"] for line in found]
    assert kinds.count("task_completed") == 6
    assert kinds[0] == "reported"
    assert {"located", "established", "decision_taken", "handled", "closed"} <= set(kinds)
    assert first_broken(found) is None


@pytest.mark.parametrize("tampering", ["altered", "dropped", "reordered"])
def test_a_touched_journal_shows_where(sqlite_district: District, tampering: str) -> None:
    found = lines(closed(sqlite_district))
    if tampering == "altered":
        found[3]["data"] = {"forged": True}
    elif tampering == "dropped":
        del found[3]
    else:
        found[3], found[4] = found[4], found[3]
    assert first_broken(found) == 4


def test_personal_data_stays_out_of_the_journal(sqlite_district: District) -> None:
    written = str([line["data"] for line in lines(closed(sqlite_district))])
    for personal in ("Wang", "138 0000", "13800000000", "example.org"):
        assert personal not in written


def test_what_is_derived_agrees_with_the_state(district: District) -> None:
    case_key = walk.report().case_key
    walk.to_callback(district, case_key)
    walk.send(case_key, "CallbackDone", outcome="not_evaluated")
    walk.do(district["dispatcher"], case_key, "close", walk.CLOSED)
    with reading() as connection:
        instance = connection.execute(
            select(process_instance).where(
                process_instance.c.case_key == case_key, process_instance.c.parent_key.is_(None)
            )
        ).one()
        waiting = connection.execute(
            select(timer.c.element_id).where(timer.c.instance_key == instance.key)
        ).scalars()
        listed = connection.execute(select(task_unit.c.task_key)).scalars().all()
        states = connection.execute(
            select(element_instance.c.element_id, element_instance.c.state).where(
                element_instance.c.instance_key == instance.key
            )
        ).all()
        answered = connection.execute(
            select(submission.c.element_id).where(submission.c.case_key == case_key)
        ).scalars()
        assert list(waiting) == ["rating_over"]
        assert listed == []
        assert ("handle", "COMPLETED") in {tuple(row) for row in states}
        assert set(answered) == {
            "case_reported",
            "triage",
            "sign_for",
            "handle",
            "review_result",
            "site_check",
            "close",
        }


def test_an_expression_that_became_null_is_logged_without_what_it_saw(
    district: District, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that no form would let through lacks the facts the diagram records."""
    case_key = walk.report().case_key
    task_key = walk.open_tasks(case_key)["triage"]["key"]
    caplog.set_level(logging.WARNING, logger="app.cases.journal")
    with transaction() as tx:
        work = open_task(tx, task_key)
        work.answer("triage", {"decision": "accept"})
        work.refresh()
        work.run.complete(task_key, {"decision": "accept"})
        settle(work)
        record(work)
    said = [each.getMessage() for each in caplog.records if "became null" in each.getMessage()]
    assert any(
        "record_triage: line 1, column 19: the context has no entry …" in line for line in said
    )
    assert not any("'" in line for line in said)
