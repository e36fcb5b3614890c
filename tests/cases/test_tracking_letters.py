"""Letters to reporters: each in both languages, and the same as a text message by a gateway."""

import json
import re
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.error import HTTPError

import pytest

from app import ROOT, dmn
from app.cases.outbox import Letter
from app.cases.stages import ALWAYS, STAGES, is_wanted
from app.config import settings_for
from app.mail import compose, text_of, text_sender
from tests.support.district import District

SHIPPED = ROOT / "bpmn"
MAILS = ROOT / "app" / "web" / "templates" / "mail"
TEMPLATES = sorted(path.stem.removeprefix("case_") for path in MAILS.glob("case_*.txt"))


def letter(template: str, language: str = "en") -> Letter:
    params = {"number": "20261124-00001", "token": "t" * 32}
    return Letter("7-1", "a@example.org", language, f"case_{template}", {**params})


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_letter_to_a_reporter_reads_in_both_languages(
    sqlite_district: District, template: str, language: str
) -> None:
    settings = settings_for(mail_sender="whistle@example.org", public_url="https://w.org")
    message = compose(sqlite_district.app, settings, letter(template, language))
    text = f"{message['Subject']} {message.get_content()}"
    assert "20261124-00001" in message["Subject"]
    assert f"https://w.org/track/{'t' * 32}" in text
    assert any("\u4e00" <= sign <= "\u9fff" for sign in text) == (language == "zh-CN")


def test_every_letter_of_a_shipped_diagram_is_one_of_these() -> None:
    named = {
        name
        for path in SHIPPED.glob("*.bpmn")
        for name in re.findall(r'header key="template" value="(\w+)"', path.read_text("utf-8"))
    }
    assert len(named) > 5
    assert named <= set(TEMPLATES)


def stage(letter: str) -> object:
    model = dmn.load((SHIPPED / "reporter_letters.dmn").read_bytes(), is_strict=True)
    case = {"reported_on": date(2026, 11, 24)}
    return model.evaluate("reporter_letters", {"letter": letter, "case": case}).value


def test_every_letter_belongs_to_a_stage_or_reaches_everybody() -> None:
    stages = {letter: stage(letter) for letter in TEMPLATES}
    assert set(stages.values()) == {*STAGES, ALWAYS}
    assert {letter for letter, found in stages.items() if found == ALWAYS} == {
        "continued",
        "no_response",
        "question",
        "rejected",
        "reminder",
        "withdrawal_denied",
    }
    assert stage("one nobody knows") == "progress"


def test_who_chose_no_stage_gets_what_goes_to_everybody() -> None:
    assert [found for found in (*STAGES, ALWAYS) if is_wanted(found, [])] == [ALWAYS]
    assert all(is_wanted(found, None) for found in (*STAGES, ALWAYS))


class Gateway(BaseHTTPRequestHandler):
    """Takes text messages as a provider's gateway does."""

    taken: list[tuple[str | None, dict[str, str]]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[tuple[str, type[Gateway]]]:
    kind = type("ThisGateway", (Gateway,), {"taken": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/send", kind
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_text_message_goes_to_the_gateway_with_its_key_and_token(
    sqlite_district: District, gateway: tuple[str, type[Gateway]]
) -> None:
    address, kind = gateway
    settings = settings_for(
        message_gateway=address, message_token="abc", public_url="https://w.org"
    )
    send = text_sender(sqlite_district.app, settings)
    assert send is not None
    send(letter("question", "zh-CN"))
    ((token, body),) = kind.taken
    assert token == "Bearer abc"
    assert (body["id"], body["to"]) == ("7-1", "a@example.org")
    assert body["text"].startswith("请就您上报的 20261124-00001 回答一个问题")
    assert body["text"].endswith(f"https://w.org/track/{'t' * 32}")


def test_a_gateway_that_refuses_lets_the_row_be_tried_again(
    sqlite_district: District, gateway: tuple[str, type[Gateway]]
) -> None:
    address, kind = gateway
    kind.status = 503
    send = text_sender(sqlite_district.app, settings_for(message_gateway=address))
    assert send is not None
    with pytest.raises(HTTPError):
        send(letter("closed"))


def test_without_a_gateway_there_are_no_text_messages(sqlite_district: District) -> None:
    assert text_sender(sqlite_district.app, settings_for()) is None


def test_without_a_public_address_a_text_message_has_no_link(sqlite_district: District) -> None:
    said = text_of(sqlite_district.app, settings_for(), letter("closed"))["text"]
    assert "http" not in said
