"""What runs beside a case that becomes confidential forgets who reported it, at the same moment."""

import contextlib
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, TextClause, insert, select, text, update

from app.cases import assignment, deadlines, messages, recount, whistle_blowing
from app.cases.case_view import read_case
from app.cases.designs import deploy
from app.cases.handling import claim_task, save_draft
from app.cases.intake import Report, receive_report
from app.cases.journal import first_broken
from app.cases.overdue import export_overdue
from app.cases.remarks import add_remark
from app.cases.resident_answering import ask_withdrawal
from app.cases.search import Wanted, find_cases
from app.clock import moved_to
from app.engine.errors import NobodyWaits
from app.errors import CaseBusy
from app.organisation.roles import Role
from app.store import instances
from app.store.blobs import FolderBlobs
from app.store.db import db, metadata, reading, transaction
from app.store.tables.cases import cases
from app.store.tables.runtime import (
    incident,
    job,
    message,
    process_instance,
    timer,
    user_task,
)
from tests.cases.test_concurrency import at_once
from tests.cases.test_tracking_confidential import HOME, MAIL, NAME, PHONE, SECRETS, upload
from tests.cases.test_whistles import SAID
from tests.engine.drawing import (
    at,
    both,
    catch,
    diagram,
    each,
    end,
    first,
    process,
    service,
    start,
    user,
)
from tests.engine.drawing import (
    message as by_message,
)
from tests.support import walk
from tests.support.colleagues import hire
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import CORRELATED, begun, form, posting
from tests.support.residents import text as field

HIDES = process(
    "hides",
    begun(),
    service("locate"),
    user("look", "community_officer"),
    service("record_facts", inputs={"is_confidential": "=true", "lead_unit": '="D-URBAN"'}),
    user("work", "unit_handler", due='=calendar.after("PT1H")'),
    end("done"),
    flows="begin > locate > look > record_facts > work > done",
)
BESIDE = process(
    "beside",
    start("asked", by_message("Beside"), outputs={"said": "=said", "people": "=people"}),
    both("fork"),
    user(
        "visit",
        "community_officer",
        inputs={"told": "=said"},
        properties={"hint": "=said"},
        loop=each("=if people = null then [] else people", "person"),
    ),
    service("ring", "a_stranger", inputs={"told": "=said"}),
    first("wait"),
    catch("late", at('=calendar.after("1 wd")')),
    catch("heard", by_message("Heard"), outputs={"more": "=more"}),
    user("look_again", "community_officer", inputs={"told": "=said", "more": "=more"}),
    end("visited"),
    end("rung"),
    end("over"),
    end("seen"),
    flows="""asked > fork
    fork > visit > visited
    fork > ring > rung
    fork > wait > late > over
    wait > heard > look_again > seen""",
)


def secrets_in(found: object) -> list[str]:
    """Return what of the secrets can be read in a value, packed or not."""
    if isinstance(found, bytes | memoryview):
        raw = bytes(found)
        with contextlib.suppress(zlib.error):
            raw += zlib.decompress(raw[6:])
        found = raw.decode(errors="replace")
    return [secret for secret in SECRETS if secret in str(found)]


def leaks() -> list[str]:
    """Return every column of every table in which a secret stands, but for the reporter's row."""
    found = []
    with reading() as connection:
        for table in metadata.sorted_tables:
            if table.name == "reporter":
                continue
            for row in connection.execute(select(table)).mappings():
                found += [f"{table.name}.{name}" for name in row if secrets_in(row[name])]
    return sorted(set(found))


def columns() -> int:
    """Return how many columns can hold bytes: the check above must know how to unpack them."""
    return sum(
        isinstance(column.type, LargeBinary)
        for table in metadata.sorted_tables
        for column in table.c
    )


def deployed() -> None:
    deploy(
        {
            "hides.bpmn": diagram(HIDES, correlations=CORRELATED),
            "look.form": form("look", field("note")),
            "work.form": form("work", field("note")),
            "beside.bpmn": diagram(
                BESIDE, correlations={"Beside": "=case.number", "Heard": "=case.number"}
            ),
            "visit.form": form("visit", field("found")),
            "look_again.form": form("look_again", field("found")),
        },
        actor=None,
    )


def reported() -> walk.Receipt:
    return receive_report(
        Report(
            channel="web",
            description=f"Oil is poured into the drain. {HOME}",
            latitude=40.005,
            longitude=116.005,
            name=NAME,
            phone=PHONE,
            email=MAIL,
            has_consented=True,
            upload_group="r" * 32,
        ),
    )


def begin_beside(case_key: int) -> None:
    """Let a linked process begin that carries the reporter's words wherever one can."""
    with transaction() as tx:
        work = messages.deliver(
            tx,
            "Beside",
            correlation_key=walk.case_row(case_key)["number"],
            variables={"said": HOME, "people": [f"{NAME}, upstairs", "the landlord"]},
            case_key=case_key,
        )
        messages.finish(work)


@pytest.fixture
def receipt(district: District, tmp_path: Path) -> Iterator[walk.Receipt]:
    """A case with a whistle, a wish to withdraw and a process of its own beside it."""
    deployed()
    upload("r" * 32, FolderBlobs(tmp_path / "blobs"))
    with moved_to(TUESDAY_NINE):
        found = reported()
        key = found.case_key
        begin_beside(key)
        asked_for = SAID | {"need": f"Ask {NAME} ({PHONE}) which drain it is."}
        whistle_blowing.blow(district["dispatcher"], key, asked_for)
        ask_withdrawal(found.token, posting(reason=f"I was wrong. {HOME}"))
        add_remark(district["officer"], key, f"{NAME} rang.", visibility="internal")
        with transaction() as tx:
            messages.publish(
                tx, "Kept", correlation_key="1", variables={"who": {PHONE: HOME}}, case_key=key
            )
        fail_everything(key)
        yield found


def fail_everything(case_key: int) -> None:
    """Let everything that notes a failure have noted one in which the reporter stands."""
    with transaction() as tx:
        keys = select(process_instance.c.key).where(process_instance.c.case_key == case_key)
        key = tx.connection.execute(keys).scalars().first()
        row = {"key": tx.next_key(), "instance_key": key, "kind": "TIMER_FAILED"}
        tx.connection.execute(insert(incident).values(**row, message=HOME, created_at=tx.now))
        tx.connection.execute(update(timer).values(last_error=HOME))
        tx.connection.execute(update(message).values(last_error=HOME))
        tx.connection.execute(update(job).values(error_message=HOME))


def looked_at(district: District, case_key: int) -> None:
    walk.do(district["officer"], case_key, "look", {"note": f"{NAME} called me from {PHONE}."})


def test_before_it_the_words_stand_where_they_are_looked_for(
    district: District, receipt: walk.Receipt
) -> None:
    assert {
        "process_instance.engine_state",
        "user_task.inputs",
        "user_task.properties",
        "message.variables",
        "message.last_error",
        "job.inputs",
        "job.error_message",
        "timer.last_error",
        "incident.message",
        "whistle.need",
        "remark.body",
        "submission.answers",
        "attachment.file_name",
        "case_search.words",
        "cases.description",
    } <= set(leaks())
    assert columns() == 5, "engine states, and four kinds of definitions"


def test_no_table_names_the_reporter_once_the_case_is_confidential(
    district: District, receipt: walk.Receipt
) -> None:
    looked_at(district, receipt.case_key)
    assert walk.case_row(receipt.case_key)["is_confidential"]
    assert leaks() == []
    lines = walk.journal_of(receipt.case_key)
    assert first_broken(lines) is None
    assert [line["kind"] for line in lines].count("reporter_hidden") == 1


def test_what_runs_beside_it_goes_on_with_the_words_that_are_left(
    district: District, receipt: walk.Receipt
) -> None:
    officer, key = district["officer"], receipt.case_key
    looked_at(district, key)
    walk.send(key, "Heard", more=f"Still there. {NAME}")
    tasks = walk.open_tasks(key)
    assert {"visit", "look_again", "confirm_withdrawal", "work"} <= set(tasks)
    assert str(tasks["look_again"]["inputs"]["told"]).startswith("I live above it")
    assert str(tasks["look_again"]["inputs"]["more"]).startswith("Still there.")
    walk.do(officer, key, "look_again", {"found": "Nothing"})
    walk.do(officer, key, "visit", {"found": "Nobody"})
    walk.do(officer, key, "visit", {"found": "Nobody"})
    assert "visit" not in walk.open_tasks(key)
    walk.do(officer, key, "confirm_withdrawal", {"verdict": "refuse", "reason": f"No, {NAME}."})
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        deadlines.fire_due()
        recount.recount()
    with reading() as connection:
        kinds = set(connection.execute(select(incident.c.message)).scalars())
    assert len(kinds) == 1, "the one that was put there"
    assert leaks() == []


def test_what_is_written_besides_steps_names_nobody_either(
    district: District, receipt: walk.Receipt
) -> None:
    key, handler = receipt.case_key, district["handler"]
    looked_at(district, key)
    add_remark(district["officer"], key, f"It was {NAME}, {PHONE}.", visibility="internal")
    task = walk.open_tasks(key)["work"]
    claim_task(handler, task["key"], seen_version=task["version"])
    save_draft(handler, task["key"], {"note": f"Ring {PHONE}"})
    second = hire(district, "second", Role.UNIT_HANDLER, "D-URBAN")
    task = walk.open_tasks(key)["work"]
    assignment.reassign_task(
        district["leader"],
        task["key"],
        to_key=second.person_key,
        reason=f"I know {NAME}",
        seen_version=task["version"],
    )
    assert leaks() == []


def test_a_message_taken_meanwhile_arrives_without_the_words(
    district: District, receipt: walk.Receipt
) -> None:
    """The sweep found it before the case became confidential, and delivers it afterwards."""
    number = walk.case_row(receipt.case_key)["number"]
    with transaction() as tx:
        tx.connection.execute(
            update(message)
            .where(message.c.message_name == "Kept")
            .values(message_name="Heard", correlation_key=number, variables={"more": HOME})
        )
    with reading() as connection:
        row = connection.execute(select(message).where(message.c.message_name == "Heard")).one()
        (found,) = messages.waiting.wanted(connection, [row.key])
    assert found.variables == {"more": HOME}
    looked_at(district, receipt.case_key)
    assert messages._deliver_one(found)
    assert str(walk.open_tasks(receipt.case_key)["look_again"]["inputs"]["more"]).startswith(
        "I live"
    )
    assert leaks() == []


def test_pages_lists_and_exports_name_nobody(district: District, receipt: walk.Receipt) -> None:
    looked_at(district, receipt.case_key)
    for wanted in (NAME, PHONE, MAIL):
        assert find_cases(district["handler"], Wanted(text=wanted), language="en").count == 0
    for login in ("officer", "handler", "parks_handler", "district"):
        seen = read_case(district[login], receipt.case_key, language="en")
        assert secrets_in([seen.case, seen.remarks, seen.story, seen.ledger]) == [], login
    with moved_to(TUESDAY_NINE + timedelta(days=2)):
        lines = [line for _frame, line in export_overdue(district["leader"], language="en")]
    assert lines
    assert secrets_in(lines) == []


@pytest.mark.postgres
def test_whoever_waits_for_the_case_holds_none_of_its_instances(
    postgres_again: str, tmp_path: Path
) -> None:
    """So that whoever has the case may change all of them and wait for nobody."""
    from tests.conftest import in_district

    with in_district(postgres_again, tmp_path) as district:
        case_key = walk.report().case_key
        with reading() as connection:
            of_case = process_instance.c.case_key == case_key
            keys = list(connection.execute(select(process_instance.c.key).where(of_case)).scalars())
            task_key = walk.open_tasks(case_key)["triage"]["key"]

        def wait(lock: object) -> None:
            with district.app.app_context(), transaction() as tx:
                lock(tx.connection)  # type: ignore[operator]

        for lock in (
            lambda connection: instances.lock(connection, keys[0]),
            lambda connection: instances.lock_for_task(connection, task_key),
        ):
            with db.engine.connect() as holder, holder.begin():
                holder.execute(select(cases.c.key).where(cases.c.key == case_key).with_for_update())
                other = threading.Thread(target=wait, args=(lock,))
                other.start()
                blocked = text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
                assert eventually(blocked), "the other waits for the case"
                free = select(process_instance.c.key).where(process_instance.c.key.in_(keys))
                found = holder.execute(free.with_for_update(skip_locked=True)).scalars().all()
                assert sorted(found) == sorted(keys)
                held = select(user_task.c.key).where(user_task.c.key == task_key)
                assert holder.execute(held.with_for_update(skip_locked=True)).scalar() == task_key
            other.join(timeout=10)


def test_steps_deliveries_and_the_cleaning_at_once_never_lock_each_other_out(
    district: District, tmp_path: Path
) -> None:
    deployed()
    with moved_to(TUESDAY_NINE):
        found = []
        for number in range(6):
            upload("r" * 32, FolderBlobs(tmp_path / f"blobs{number}"))
            found.append(reported())
            begin_beside(found[-1].case_key)
    before = deadlocks()

    def clean(key: int) -> object:
        return lambda: looked_at(district, key)

    def tell(key: int) -> object:
        def send() -> None:
            with transaction() as tx:
                number = tx.connection.execute(
                    select(cases.c.number).where(cases.c.key == key)
                ).scalar_one()
                messages.publish(
                    tx, "Heard", correlation_key=number, variables={"more": HOME}, case_key=key
                )

        return send

    def visit(key: int) -> object:
        return lambda: walk.do(district["officer"], key, "visit", {"found": NAME})

    def sweep() -> object:
        deadlines.fire_due()
        return messages.deliver_buffered()

    calls = [make(each.case_key) for each in found for make in (tell, clean, visit, tell)]
    calls += [sweep] * 8
    outcomes = at_once(district, calls, now=TUESDAY_NINE + timedelta(days=3))  # type: ignore[arg-type]
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert all(isinstance(each, CaseBusy | NobodyWaits) for each in refused)
    assert deadlocks() == before
    for receipt in found:
        if not walk.case_row(receipt.case_key)["is_confidential"]:
            looked_at(district, receipt.case_key)
        assert first_broken(walk.journal_of(receipt.case_key)) is None
    messages.deliver_buffered()
    assert leaks() == []


def eventually(query: TextClause) -> bool:
    """Tell whether a count becomes more than nothing within ten seconds."""
    ends_at = time.monotonic() + 10
    while time.monotonic() < ends_at:
        with reading() as connection:
            if connection.execute(query).scalar():
                return True
        time.sleep(0.02)
    return False


def deadlocks() -> int:
    """Return how often the database had to break a deadlock (SQLite knows none)."""
    with reading() as connection:
        if connection.dialect.name != "postgresql":
            return 0
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return int(connection.execute(text(query)).scalar_one())
