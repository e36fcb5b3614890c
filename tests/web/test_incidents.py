"""Those who look after the system see what failed, have it tried again, or settle it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.cases import deadlines, messages, outbox, recount
from app.cases.designs import deploy
from app.cases.outbox import Letter
from app.clock import moved_to
from app.store.db import reading, transaction
from app.store.tables.cases import deadline_ledger
from app.store.tables.delivery import outbox as outbox_table
from app.store.tables.runtime import (
    counted_limit,
    incident,
    message,
    process_instance,
    timer,
)
from tests.engine.drawing import (
    after,
    both,
    catch,
    diagram,
    end,
    first,
    process,
    service,
    user,
)
from tests.engine.drawing import message as by_message
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.residents import CORRELATED, begun, form
from tests.support.residents import text as field
from tests.web.conftest import Browser, Login

DAYS_LATER = TUESDAY_NINE + timedelta(days=9)
NAME, MAIL = "Wang Xiaofang", "wang.fang@example.org"


def broken(table: object, **values: object) -> None:
    with transaction() as tx:
        tx.connection.execute(update(table).values(**values))  # type: ignore[arg-type]


def states() -> dict[int, bytes]:
    with reading() as connection:
        p = process_instance.c
        query = select(p.key, p.engine_state).where(p.engine_state.is_not(None))
        return {row.key: row.engine_state for row in connection.execute(query)}


def mended(kept: dict[int, bytes]) -> None:
    with transaction() as tx:
        for key, state in kept.items():
            here = process_instance.c.key == key
            tx.connection.execute(update(process_instance).where(here).values(engine_state=state))


def five_times(try_it: Callable[[], object], at: datetime = DAYS_LATER) -> datetime:
    """Let a sweep fail until it gives up; return when it did."""
    for _ in range(6):
        with moved_to(at):
            try_it()
        at += timedelta(hours=2)
    return at


def deployed() -> None:
    """Put a process in place that waits for its reporter beside a task with a limit."""
    drawn = process(
        "waits",
        begun(),
        service("locate"),
        both("fork"),
        user("look", "community_officer", due='=calendar.after("5 wd")'),
        first("wait"),
        catch("heard", by_message("QuestionAnswered"), outputs={"said": "=answer"}),
        catch("silence", after("P3D")),
        end("looked"),
        end("told"),
        end("untold"),
        flows="""begin > locate > fork > look > looked
        fork > wait > heard > told
        wait > silence > untold""",
    )
    files = {
        "waits.bpmn": diagram(drawn, correlations=CORRELATED),
        "look.form": form("look", field("note")),
    }
    deploy(files, actor=None)


def reported() -> walk.Receipt:
    deployed()
    with moved_to(TUESDAY_NINE):
        return walk.report(name=NAME, email=MAIL, has_consented=True)


def given_up() -> tuple[walk.Receipt, dict[int, bytes], datetime]:
    """Return a case whose first limit passed while its state could not be read."""
    receipt = reported()
    kept = states()
    broken(process_instance, engine_state=b"damaged")
    return receipt, kept, five_times(deadlines.fire_due)


def incidents() -> list[tuple[str, str]]:
    with reading() as connection:
        rows = connection.execute(
            select(incident.c.kind, incident.c.state).order_by(incident.c.key)
        )
        return [(row.kind, row.state) for row in rows]


def page(browser: Browser, address: str = "/incidents") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def first_link(text: str) -> str:
    return text.split('href="/incidents/')[2].split('"')[0]


def key_of_incident() -> int:
    with reading() as connection:
        return int(connection.execute(select(incident.c.key)).scalar_one())


def test_an_empty_page_says_that_all_is_done(login: Login) -> None:
    for name in ("admin", "designer"):
        assert "There is no incident." in page(login(name))
    assert "没有故障" in page(login("admin").language("zh-CN"))
    assert "No letter was given up." in page(login("admin"), "/incidents/letters")


@pytest.mark.parametrize("name", ["officer", "district", "leader", "supervisor"])
def test_others_do_not_see_it(login: Login, name: str) -> None:
    browser = login(name)
    for address in ("/incidents", "/incidents/letters", "/incidents/1"):
        assert browser.get(address).status_code == 403
    for address in ("/incidents/1", "/incidents/letters/1", "/incidents/letters/all"):
        assert browser.post(address, {"reason": "x", "act": "retry"}).status_code == 403


def test_a_limit_that_could_not_be_acted_on_is_told_and_tried_again(
    district: District, login: Login
) -> None:
    receipt, kept, now = given_up()
    assert incidents() == [("TIMER_FAILED", "ACTIVE")]
    admin = login("admin")
    shown = page(admin)
    assert "A step whose time had come could not be taken" in shown
    assert receipt.number in shown
    assert "5 times" in shown
    assert f"/cases/{receipt.case_key}" not in shown, "administrators open no cases"
    address = f"/incidents/{key_of_incident()}"
    assert "StateUnreadable" in page(admin, address)
    mended(kept)
    refused = admin.post(address, {"act": "retry", "reason": "  "})
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.get_data(as_text=True)
    sent = admin.post(address, {"act": "retry", "reason": "The disk is mended"})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/incidents")
    with moved_to(now):
        assert deadlines.fire_due().stepped == 1
    assert incidents() == [("TIMER_FAILED", "RESOLVED")]
    line = walk.journal_of(receipt.case_key)
    (told,) = [each for each in line if each["kind"] == "incident_retried"]
    assert (told["data"], told["person_key"]) == (
        {"incident": "TIMER_FAILED"},
        district["admin"].person_key,
    )
    again = page(admin, "/incidents?state=settled")
    assert "Tried again" in again
    with reading() as connection:
        flags = connection.execute(select(process_instance.c.has_incident)).scalars().all()
    assert set(flags) == {False}
    assert "had it tried again" in page(login("officer"), f"/cases/{receipt.case_key}")


def test_one_that_is_settled_is_not_tried_again(district: District, login: Login) -> None:
    receipt, kept, now = given_up()
    mended(kept)
    admin, address = login("admin"), f"/incidents/{key_of_incident()}"
    page(admin, address)
    sent = admin.post(address, {"act": "settle", "reason": f"{NAME} was rung up"})
    assert sent.status_code == 303
    with moved_to(now):
        assert deadlines.fire_due() == deadlines.Fired()
    late = admin.post(address, {"act": "retry", "reason": "Too late"})
    assert late.status_code == 409
    assert [line["kind"] for line in walk.journal_of(receipt.case_key)][-1] == "incident_settled"
    assert f"{NAME} was rung up" in page(admin, address)


def test_a_designer_reads_and_does_not_act(district: District, login: Login) -> None:
    given_up()
    designer, address = login("designer"), f"/incidents/{key_of_incident()}"
    assert 'value="retry"' not in page(designer, address)
    assert designer.post(address, {"act": "retry", "reason": "x"}).status_code == 403
    assert incidents() == [("TIMER_FAILED", "ACTIVE")]


def test_the_same_failure_is_one_incident(district: District) -> None:
    _receipt, _kept, now = given_up()
    broken(timer, state="waiting", attempts=0, retry_at=None)
    five_times(deadlines.fire_due, now)
    assert incidents() == [("TIMER_FAILED", "ACTIVE")]


def test_what_a_reporter_sent_and_nobody_could_take_is_an_incident(
    district: District, login: Login
) -> None:
    receipt = reported()
    kept = states()
    broken(process_instance, engine_state=b"damaged")
    with moved_to(TUESDAY_NINE), transaction() as tx:
        messages.publish(
            tx,
            "QuestionAnswered",
            correlation_key=receipt.number,
            variables={"answer": NAME},
            case_key=receipt.case_key,
        )
    now = five_times(messages.deliver_buffered, TUESDAY_NINE)
    assert incidents() == [("MESSAGE_FAILED", "ACTIVE")]
    admin, address = login("admin"), f"/incidents/{key_of_incident()}"
    assert NAME not in page(admin, address)
    assert "What one process told another did not arrive" in page(admin)
    mended(kept)
    assert admin.post(address, {"act": "retry", "reason": "Mended"}).status_code == 303
    with moved_to(now):
        assert messages.deliver_buffered() == 1
    with reading() as connection:
        gone = select(message.c.key).where(message.c.message_name == "QuestionAnswered")
        assert connection.execute(gone).first() is None


def test_limits_that_cannot_be_counted_are_counted_after_it(
    district: District, login: Login
) -> None:
    receipt = reported()
    kept = states()
    broken(counted_limit, calendar_version=-1, limit_text="7 wd")
    broken(process_instance, engine_state=b"damaged")
    now = five_times(recount.recount)
    assert incidents() == [("RECOUNT_FAILED", "ACTIVE")]
    assert "Limits could not be counted again" in page(login("admin"))
    mended(kept)
    admin, address = login("admin"), f"/incidents/{key_of_incident()}"
    page(admin, address)
    with moved_to(now):
        assert recount.recount() == 0, "it waits a day"
    assert admin.post(address, {"act": "retry", "reason": "Mended"}).status_code == 303
    with moved_to(now):
        assert recount.recount() > 0
    with reading() as connection:
        told = select(deadline_ledger.c.action).where(
            deadline_ledger.c.case_key == receipt.case_key
        )
        assert "recounted" in set(connection.execute(told).scalars())


def test_the_list_is_filtered_and_paged(district: District, login: Login) -> None:
    receipt = reported()
    with transaction() as tx:
        key = tx.connection.execute(select(process_instance.c.key)).scalars().first()
        for number in range(35):
            tx.connection.execute(
                incident.insert().values(
                    key=tx.next_key(),
                    instance_key=key,
                    kind="TIMER_FAILED" if number else "MESSAGE_FAILED",
                    message="Error: it failed",
                    created_at=TUESDAY_NINE + timedelta(minutes=number),
                )
            )
    admin = login("admin")
    shown = page(admin)
    assert shown.count("data-list-item") == 30
    assert "35 open incidents" in shown
    more = shown.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    answer = admin.client.get(more, headers={"HX-Request": "true"}).get_data(as_text=True)
    assert answer.count("data-list-item") == 5
    assert "<h1>" not in answer
    assert page(admin, "/incidents?kind=MESSAGE_FAILED").count("data-list-item") == 1
    assert "No incident fits." in page(admin, "/incidents?kind=RECOUNT_FAILED")
    assert receipt.number in shown


def test_letters_are_listed_without_addresses_and_sent_again(
    district: District, login: Login
) -> None:
    receipt = reported()

    def refuse(letter: Letter) -> None:
        raise OSError(f"no such mailbox: {letter.address}")

    with transaction() as tx:
        row = {
            "kind": "reporter_mail",
            "payload": {"case_key": receipt.case_key, "template": "closed"},
        }
        tx.connection.execute(
            outbox_table.insert().values(key=tx.next_key(), created_at=TUESDAY_NINE, **row)
        )
    at = TUESDAY_NINE
    for _ in range(10):
        with moved_to(at):
            outbox.send_waiting(refuse, limit=100)
        at += timedelta(days=1)
    admin = login("admin")
    shown = page(admin, "/incidents/letters")
    assert "The case was closed" in shown
    assert "The reporters of the case" in shown
    assert "OSError" in shown
    assert MAIL not in shown
    with reading() as connection:
        rows = connection.execute(
            select(outbox_table).where(outbox_table.c.state == "incident")
        ).all()
    assert rows
    assert MAIL not in repr(rows)
    assert login("designer").post("/incidents/letters/all", {}).status_code == 403
    (first, *rest) = [row.key for row in rows]
    page(admin, "/incidents/letters")
    assert admin.post(f"/incidents/letters/{first}", {}).status_code == 303
    assert admin.post(f"/incidents/letters/{first}", {}).status_code == 409
    if rest:
        assert admin.post("/incidents/letters/all", {}).status_code == 303
    sent: list[Letter] = []
    with moved_to(at):
        outbox.send_waiting(sent.append, limit=100)
    assert MAIL in [letter.address for letter in sent]
    assert "No letter was given up." in page(admin, "/incidents/letters")
