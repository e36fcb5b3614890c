"""Messages an instance throws: kept with its step, delivered once to whoever waits, or expired."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.cases import deadlines, housekeeping, messages
from app.cases.designs import deploy
from app.cases.journal import first_broken
from app.cases.resident_answering import ask_withdrawal
from app.cases.resident_forms import Posting
from app.clock import moved_to
from app.store.blobs import FolderBlobs
from app.store.db import reading, transaction
from app.store.tables.definitions import process_definition
from app.store.tables.runtime import (
    incident,
    message,
    message_subscription,
    process_instance,
)
from tests.engine.drawing import after, catch, diagram, end, process, service, start, throw
from tests.engine.drawing import message as named
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

NEXT_DAY = TUESDAY_NINE + timedelta(days=1)
CORRELATED = {"Asked": "=case.number", "Told": "=case.number"}


def deployed(*, waits_for: str) -> None:
    """Put a process in place that throws `Asked` and waits for a message."""
    drawn = process(
        "asks",
        start("begin", named("CaseReported")),
        throw("ask", named("Asked")),
        catch("hear", named(waits_for)),
        end("heard"),
        flows="begin > ask > hear > heard",
    )
    deploy({"asks.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)


def buffered() -> int:
    with reading() as connection:
        found: int = connection.execute(select(func.count()).select_from(message)).scalar_one()
        return found


def state(case_key: int) -> str:
    with reading() as connection:
        found: str = connection.execute(
            select(process_instance.c.state).where(process_instance.c.case_key == case_key)
        ).scalar_one()
        return found


def of_case(case_key: int) -> dict[str, str]:
    """The state of each process beside a case, by the id of the process."""
    with reading() as connection:
        rows = connection.execute(
            select(process_definition.c.resource_id, process_instance.c.state)
            .join(process_definition, process_definition.c.key == process_instance.c.definition_key)
            .where(process_instance.c.case_key == case_key)
        )
        return {str(name): str(status) for name, status in rows}


def answering(*, reply: str = "Told", fails: str = "") -> None:
    """Put a process in place that `Asked` starts and that replies."""
    drawn = process(
        "answers",
        start("hear_question", named("Asked")),
        *([service("fail", "establish", inputs={"due": fails})] if fails else []),
        throw("reply", named(reply)),
        end("replied"),
        flows=f"hear_question > {'fail > ' if fails else ''}reply > replied",
    )
    deploy({"answers.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)


def test_a_thrown_message_reaches_who_waits_for_it_at_once(district: District) -> None:
    deployed(waits_for="Asked")
    case_key = walk.report().case_key
    assert (buffered(), state(case_key)) == (0, "COMPLETED")
    assert messages.deliver_buffered() == 0


def test_a_message_starts_a_process_beside_the_case_and_hears_its_reply(district: District) -> None:
    answering()
    deployed(waits_for="Told")
    case_key = walk.report().case_key
    assert of_case(case_key) == {"asks": "COMPLETED", "answers": "COMPLETED"}
    assert buffered() == 0
    kinds = [line["kind"] for line in walk.journal_of(case_key)]
    assert kinds.count("process_started") == 1
    assert kinds.count("message_received") == 2
    assert first_broken(walk.journal_of(case_key)) is None


def test_what_could_not_be_delivered_at_once_is_delivered_by_the_sweep(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(waits_for="Asked")
    with monkeypatch.context() as patched:
        patched.setattr(messages, "MOST_IN_A_ROW", 0)
        case_key = walk.report().case_key
    assert (buffered(), state(case_key)) == (1, "ACTIVE")
    assert messages.deliver_buffered(domain="another") == 0
    assert messages.deliver_buffered() == 1
    assert (buffered(), state(case_key)) == (0, "COMPLETED")
    assert messages.deliver_buffered() == 0


def test_a_message_that_came_too_early_waits_for_its_receiver(district: District) -> None:
    drawn = process(
        "asks",
        start("begin", named("CaseReported")),
        throw("ask", named("Asked")),
        catch("rest", after("P1D")),
        catch("hear", named("Asked")),
        end("heard"),
        flows="begin > ask > rest > hear > heard",
    )
    deploy({"asks.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
        assert (buffered(), messages.deliver_buffered()) == (1, 0)
    with moved_to(TUESDAY_NINE + timedelta(days=1, seconds=1)):
        assert deadlines.fire_due().stepped == 1
        assert messages.deliver_buffered() == 1
    assert (buffered(), state(case_key)) == (0, "COMPLETED")


def checked_and_withdrawn(district: District, monkeypatch: pytest.MonkeyPatch) -> int:
    """A withdrawn case whose callback was asked for before, by a message not yet delivered."""
    said = walk.report(name="Wang", phone="13800000000", has_consented=True)
    for login, step, answers in walk.TO_CALLBACK[:-1]:
        walk.do(district[login], said.case_key, step, answers)
    ask_withdrawal(said.token, Posting(posted={"reason": ["mended"]}))
    login, step, answers = walk.TO_CALLBACK[-1]
    with monkeypatch.context() as patched:
        patched.setattr(messages, "deliver_kept", lambda _keys: None)
        walk.do(district[login], said.case_key, step, answers)
    walk.do(district["dispatcher"], said.case_key, "confirm_withdrawal", {"verdict": "grant"})
    return said.case_key


def test_a_process_that_begins_after_its_case_has_ended_hears_of_the_end(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    with moved_to(TUESDAY_NINE):
        case_key = checked_and_withdrawn(district, monkeypatch)
        assert of_case(case_key)["grid_case"] == "COMPLETED"
    with moved_to(NEXT_DAY):
        messages.deliver_buffered()
        deadlines.fire_due()
        assert of_case(case_key)["callback_rating"] == "COMPLETED"
        assert walk.open_tasks(case_key) == {}
        assert buffered() == 0


def test_a_message_for_one_who_waits_outlives_an_outage(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(waits_for="Told")
    with moved_to(TUESDAY_NINE):
        first, second = (walk.report().case_key for _ in range(2))
        number = walk.case_row(first)["number"]
        with monkeypatch.context() as patched, transaction() as tx:
            patched.setattr(messages, "deliver_kept", lambda _keys: None)
            messages.publish(
                tx,
                "Told",
                correlation_key=number,
                variables={},
                case_key=first,
                time_to_live=timedelta(),
            )
    with moved_to(TUESDAY_NINE + timedelta(days=9)):
        assert (buffered(), state(first)) == (2 + 1, "ACTIVE")
        messages.deliver_buffered()
        assert (state(first), state(second)) == ("COMPLETED", "ACTIVE")


def test_a_message_that_may_not_wait_is_gone_at_once(district: District) -> None:
    drawn = process(
        "asks",
        start("begin", named("CaseReported")),
        throw("ask", named("Asked"), time_to_live="PT0S"),
        end("asked"),
        flows="begin > ask > asked",
    )
    deploy({"asks.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)
    walk.report()
    assert buffered() == 0


def test_a_message_that_may_not_wait_reaches_everybody_who_waits_now(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second receiver is busy at first: it hears of it by the sweep."""
    asks = process(
        "asks",
        start("begin", named("CaseReported")),
        throw("first_asked", named("Asked")),
        throw("then_asked", named("Asked")),
        catch("rest", after("P1D")),
        throw("tell", named("Told"), time_to_live="PT0S"),
        end("told"),
        flows="begin > first_asked > then_asked > rest > tell > told",
    )
    hears = process(
        "hears",
        start("asked", named("Asked")),
        catch("hear", named("Told")),
        end("heard"),
        flows="asked > hear > heard",
    )
    for name, drawn in (("asks", asks), ("hears", hears)):
        deploy({f"{name}.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
    with reading() as connection:
        query = select(func.count()).select_from(message_subscription)
        assert connection.execute(query).scalar_one() == 2
    later = TUESDAY_NINE + timedelta(days=1, seconds=1)
    with monkeypatch.context() as patched, moved_to(later):
        patched.setattr(messages, "MOST_IN_A_ROW", 0)
        deadlines.fire_due()
    assert buffered() == 2
    with moved_to(later + timedelta(seconds=5)):
        assert messages.deliver_buffered() == 2
    assert set(of_case(case_key).values()) == {"COMPLETED"}
    assert buffered() == 0


def test_a_page_may_send_a_message_that_waits(district: District) -> None:
    deployed(waits_for="Told")
    receipt = walk.report()
    with transaction() as tx:
        messages.publish(
            tx, "Told", correlation_key=receipt.number, variables={}, case_key=receipt.case_key
        )
    assert state(receipt.case_key) == "COMPLETED"


def test_a_delivery_that_always_fails_becomes_an_incident_of_the_sender(
    sqlite_district: District,
) -> None:
    answering(fails='="never"')
    deployed(waits_for="Told")
    for pause in range(6):
        with moved_to(TUESDAY_NINE + timedelta(hours=pause)):
            if pause:
                assert messages.deliver_buffered() == 0
            else:
                case_key = walk.report().case_key
    assert of_case(case_key) == {"asks": "ACTIVE"}
    with reading() as connection:
        rows = connection.execute(select(incident.c.kind, incident.c.message)).all()
    assert [kind for kind, _ in rows] == ["MESSAGE_FAILED"]
    assert rows[0].message.startswith("Asked: ")


def test_a_message_nobody_waits_for_stays_until_it_expires(sqlite_district: District) -> None:
    deployed(waits_for="Told")
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
        assert messages.deliver_buffered() == 0
        assert (buffered(), state(case_key)) == (1, "ACTIVE")
    blobs = FolderBlobs(Path(sqlite_district.app.instance_path))
    with moved_to(TUESDAY_NINE + timedelta(days=31)):
        housekeeping.tidy(blobs)
        assert buffered() == 0
