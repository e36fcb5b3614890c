"""Short processes that wait for a reporter, drawn for the tests of what reporters may do."""

import json
from typing import Any

from sqlalchemy import select

from app.cases import notices
from app.cases.designs import deploy
from app.cases.resident_forms import Posting
from app.json_types import JsonObject
from app.store.db import reading, transaction
from app.store.projection import Projection, write
from app.store.tables.cases import journal, remark
from app.store.tables.delivery import notice
from tests.engine.drawing import (
    after,
    catch,
    diagram,
    end,
    first,
    message,
    process,
    service,
    start,
    user,
    xor,
)
from tests.support import walk
from tests.support.district import District

CORRELATED = dict.fromkeys(
    ("QuestionAnswered", "RejectionAppealed", "RatingReceived", "WithdrawalAsked"),
    "=case.number",
)
QUESTION = "Which gate is it, the north or the south one?"


def begun() -> str:
    """Return the start of a process that takes reports with the shipped form."""
    drawn = start("begin", message("CaseReported"))
    shown = '<zeebe:formDefinition formId="report" bindingType="deployment"/>'
    opened = drawn.index(">") + 1
    extended = f"<bpmn:extensionElements>{shown}</bpmn:extensionElements>"
    return drawn[:opened] + extended + drawn[opened:]


def form(id: str, *components: dict[str, Any]) -> bytes:
    """Return a form of these components."""
    rest = {
        "type": "default",
        "id": id,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.8.0",
        "schemaVersion": 19,
    }
    return json.dumps({"components": list(components), **rest}).encode()


def text(key: str) -> dict[str, Any]:
    """Return a field for text."""
    return {"type": "textarea", "id": f"f_{key}", "key": key, "label": key}


def asking(message_name: str = "QuestionAnswered", said: str = "answer") -> None:
    """Put a process in place whose officer asks, and that then waits for the reporter."""
    drawn = process(
        "asks",
        begun(),
        service("locate"),
        user("look", "community_officer"),
        first("wait"),
        catch("heard", message(message_name), outputs={"said": f"={said}"}),
        catch("silence", after("P15D")),
        user("go_on", "community_officer"),
        end("gone"),
        flows="""begin > locate > look > wait > heard > go_on > gone
        wait > silence > gone""",
    )
    files = {
        "asks.bpmn": diagram(drawn, correlations=CORRELATED),
        "look.form": form("look", text("question")),
        "go_on.form": form("go_on", text("note")),
    }
    deploy(files, actor=None)


def asked(district: District, **report: Any) -> walk.Receipt:
    """Return the receipt of a case whose reporter was asked."""
    receipt = walk.report(**report)
    walk.do(district["officer"], receipt.case_key, "look", {"question": QUESTION})
    return receipt


def handling() -> None:
    """Put a process in place that is handled, closed, and waits for a rating at last."""
    drawn = process(
        "handles",
        begun(),
        service("locate"),
        user("handle", "community_officer"),
        service("mark_handled"),
        service(
            "tell",
            "notify_reporter",
            inputs={"reply": "=answers.handle.measures"},
            headers={"template": "handled"},
        ),
        user("close", "community_officer"),
        service("close_case", inputs={"outcome": '="closed"', "close_code": '="resolved"'}),
        first("wait"),
        catch("rated", message("RatingReceived"), outputs={"grade": "=grade"}),
        catch("silence", after("P15D")),
        service("record_rating", inputs={"grade": "=grade"}),
        end("done"),
        end("unrated"),
        flows="""begin > locate > handle > mark_handled > tell > close > close_case > wait
        wait > rated > record_rating > done
        wait > silence > unrated""",
    )
    photos = {
        "type": "filepicker",
        "id": "f_after_photos",
        "key": "after_photos",
        "label": "After",
        "multiple": True,
        "properties": {"input": "photo", "kind": "after"},
    }
    files = {
        "handles.bpmn": diagram(drawn, correlations=CORRELATED),
        "handle.form": form("handle", text("measures"), photos),
        "close.form": form("close", text("summary")),
    }
    deploy(files, actor=None)


def withdrawing() -> None:
    """Put a process in place that a wish to withdraw begins; the street decides on it."""
    drawn = process(
        "decides",
        start("asked", message("WithdrawalAsked"), outputs={"why": "=reason"}),
        user("decide", "street_dispatcher", due='=calendar.after("1 wd")'),
        xor("granted"),
        service("close_case", inputs={"outcome": '="withdrawn"', "close_code": "=null"}),
        end("withdrawn"),
        end("denied"),
        flows="""asked > decide > granted
        granted > close_case : =answers.decide.verdict = "grant"
        close_case > withdrawn
        granted > denied default""",
    )
    files = {
        "decides.bpmn": diagram(drawn, correlations=CORRELATED),
        "decide.form": form("decide", text("verdict")),
    }
    deploy(files, actor=None)


def posting(once: str = "", **values: str) -> Posting:
    """Return what a form sends, as a browser does."""
    return Posting(posted={name: [value] for name, value in values.items()}, once=once)


def kinds(case_key: int) -> list[str]:
    """Return the kinds of the lines in the journal of a case."""
    with reading() as connection:
        query = select(journal.c.kind).where(journal.c.case_key == case_key)
        return list(connection.execute(query.order_by(journal.c.number)).scalars())


def words(case_key: int) -> list[tuple[str, str, str]]:
    """Return kind, visibility and words of the remarks of a case."""
    with reading() as connection:
        query = select(remark.c.kind, remark.c.visibility, remark.c.body)
        found = connection.execute(
            query.where(remark.c.case_key == case_key).order_by(remark.c.key)
        )
        return [(str(row[0]), str(row[1]), str(row[2])) for row in found]


def told(kind: str) -> list[tuple[int | None, str | None, int | None]]:
    """Return to whom notices of a kind went: person, role, unit."""
    with reading() as connection:
        query = select(notice.c.person_key, notice.c.role, notice.c.unit_key)
        found = connection.execute(query.where(notice.c.kind == kind).order_by(notice.c.key))
        return [(row[0], row[1], row[2]) for row in found]


__all__ = [
    "QUESTION",
    "asked",
    "asking",
    "form",
    "handling",
    "kinds",
    "posting",
    "text",
    "told",
    "with_department",
    "withdrawing",
    "words",
]


def with_department() -> None:
    """Put a process in place whose handler in a department works on the case from the start."""
    drawn = process(
        "works",
        begun(),
        service("locate"),
        service("record_facts", inputs={"lead_unit": '="D-URBAN"'}),
        user("work", "unit_handler", due='=calendar.after("PT1H")'),
        catch("heard", message("QuestionAnswered"), outputs={"said": "=answer"}),
        user("work_on", "unit_handler", inputs={"told": "=said"}),
        end("done"),
        flows="begin > locate > record_facts > work > heard > work_on > done",
    )
    files = {
        "works.bpmn": diagram(drawn, correlations=CORRELATED),
        "work.form": form("work", text("question")),
        "work_on.form": form("work_on", text("note")),
    }
    deploy(files, actor=None)


def owe(case_key: int, template: str) -> None:
    """Put a letter into the outbox as a step of the process does."""
    with transaction() as tx:
        payload: JsonObject = {"case_key": case_key, "template": template}
        row = notices.mail(tx, "reporter_mail", payload)
        write(tx.connection, Projection(outbox=[row]))
