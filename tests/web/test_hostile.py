"""What nobody should send: each is answered with a sentence and its status, and changes nothing.

The same table runs on both databases. After every attack all rows are as before, the draft is in
its form, and the server still serves.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.support import walk
from tests.support.postgres import PostgresServer
from tests.web.conftest import PASSWORD, SAME_SITE
from tests.web.hostile_scene import (
    DRAFT,
    Scene,
    end_sessions,
    hostile_scene,
    picture,
    set_active,
    signed_in,
)

NOT_FOUND = "There is nothing here under that address"
NO_PAGE = "There is no page under this address"
TOO_LARGE = "This is more than can be sent at once"
NOT_ALLOWED = "Your role does not allow this"
FASTER = "A colleague was faster"
TOO_OLD = "This page was open too long"
SIGN_IN = "Please sign in first"
NOT_TAKEN = "was not taken"
CANNOT = "cannot be taken as it is"
ERRORS = "error-summary"
GARBLED = "What arrived cannot be read"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("pg", marks=pytest.mark.postgres)])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Yield one scene for all attacks: none of them may leave a trace for the next."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    if request.param == "sqlite":
        with hostile_scene(f"sqlite:///{folder / 'whistle.sqlite'}", folder) as found:
            yield found
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url, hostile_scene(url, folder) as found:
        yield found


@dataclass(frozen=True, slots=True)
class Attack:
    """One thing nobody should send, and the status and words it is answered with."""

    name: str
    send: Callable[[Scene], TestResponse]
    status: int
    says: str = ""


def task(step: str, login: str, /, **fields: object) -> Callable[[Scene], TestResponse]:
    """Complete the task of a step with these fields besides the version of its form."""

    def send(scene: Scene) -> TestResponse:
        given = {"_version": scene.versions[step], **fields}
        return scene.by(login).post(f"/tasks/{scene.tasks[step]}", given)

    return send


def triage(**fields: object) -> Callable[[Scene], TestResponse]:
    """Complete the officer's own task."""
    return task("triage", "officer", **fields)


def body(content: bytes, media_type: str = FORM) -> Callable[[Scene], TestResponse]:
    """Send a body of any kind to the officer's own task, with the token in its header."""

    def send(scene: Scene) -> TestResponse:
        browser = scene.by("officer")
        return browser.send(
            f"/tasks/{scene.tasks['triage']}",
            method="POST",
            data=content,
            content_type=media_type,
            headers={**SAME_SITE, "X-CSRFToken": browser.token},
        )

    return send


def upload(content: bytes, name: str) -> Callable[[Scene], TestResponse]:
    """Add a file to the officer's case."""

    def send(scene: Scene) -> TestResponse:
        address = f"/cases/{scene.cases['triage']}/attachments"
        return scene.by("officer").post(address, {"file": (io.BytesIO(content), name)})

    return send


def get(who: str, address: str) -> Callable[[Scene], TestResponse]:
    """Open an address; {names} in it are filled from the scene."""

    def send(scene: Scene) -> TestResponse:
        known = {"file": scene.foreign_file, "code": scene.code}
        known |= {f"case_{step}": key for step, key in scene.cases.items()}
        known |= {f"task_{step}": key for step, key in scene.tasks.items()}
        browser = scene.visitor if who == "visitor" else scene.by(who)
        return browser.get(address.format(**known))

    return send


def post(who: str, address: str, /, **fields: object) -> Callable[[Scene], TestResponse]:
    """Send a form to an address; {names} in it are filled from the scene."""

    def send(scene: Scene) -> TestResponse:
        known = {"file": scene.foreign_file, "code": scene.code}
        known |= {f"case_{step}": key for step, key in scene.cases.items()}
        known |= {f"task_{step}": key for step, key in scene.tasks.items()}
        browser = scene.visitor if who == "visitor" else scene.by(who)
        if who == "visitor":
            browser.get("/sign-in")
        return browser.post(address.format(**known), fields)

    return send


def with_token(token: str | None) -> Callable[[Scene], TestResponse]:
    """Send good answers with another token, or none."""

    def send(scene: Scene) -> TestResponse:
        fields = {"_version": scene.versions["triage"], **walk.TRIAGED}
        if token is not None:
            fields["csrf_token"] = token or scene.by("handler").token
        address = f"/tasks/{scene.tasks['triage']}"
        return scene.by("officer").send(address, method="POST", data=fields, headers=SAME_SITE)

    return send


def with_session(cookie: str) -> Callable[[Scene], TestResponse]:
    """Send good answers under another session."""

    def send(scene: Scene) -> TestResponse:
        return scene.visitor.send(
            f"/tasks/{scene.tasks['triage']}",
            method="POST",
            data={"_version": scene.versions["triage"], **walk.TRIAGED},
            headers={**SAME_SITE, "Cookie": f"whistle_language=en; whistle_session={cookie}"},
        )

    return send


def too_late(scene: Scene) -> TestResponse:
    """Send an answer in a session that is older than any may be."""
    browser = signed_in(scene.district, "parks_handler")
    end_sessions("parks_handler")
    answer = browser.post(f"/tasks/{scene.tasks['handle']}", {"comment": "still here"})
    scene.browsers["parks_handler"] = signed_in(scene.district, "parks_handler")
    return answer


def disabled(scene: Scene) -> TestResponse:
    """Send an answer in the session of an account that is closed meanwhile."""
    browser = signed_in(scene.district, "worker")
    set_active("worker", is_active=False)
    answer = browser.post(f"/tasks/{scene.tasks['handle']}", {"comment": "still here"})
    set_active("worker", is_active=True)
    return answer


def png(width: int, height: int) -> bytes:
    """Return a PNG that says it is this large and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 4096)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


BOMB = {"[Content_Types].xml": b"<Types/>", "word__document.xml": b"\0" * 300_000_000}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
EXE = b"MZ\x90\x00" + b"\0" * 200 + b"PE\0\0" + b"\0" * 200
PARTS = "multipart/form-data; boundary=x"
PART = b"--x\r\nContent-Disposition: form-data; name=photos; filename=a.jpg\r\n\r\n"
ROWS = (
    b"_version=2&" + "&".join(f"steps_taken[{number}].step=a" for number in range(9_000)).encode()
)

UPLOADS = (
    Attack("an EXE renamed .jpg", upload(EXE, "photo.jpg"), 422, NOT_TAKEN),
    Attack("an EXE renamed .pdf", upload(EXE, "order.pdf"), 422, NOT_TAKEN),
    Attack("an empty file", upload(b"", "photo.jpg"), 422, "it is empty"),
    Attack("a page renamed .png", upload(b"<html><script>1</script>", "a.png"), 422, NOT_TAKEN),
    Attack("a drawing with a script", upload(SVG, "a.svg"), 422, NOT_TAKEN),
    Attack("a drawing with a script renamed .png", upload(SVG, "a.png"), 422, NOT_TAKEN),
    Attack("half a JPEG", upload(picture()[:300], "a.jpg"), 422, NOT_TAKEN),
    Attack("only the head of a JPEG", upload(b"\xff\xd8\xff\xe0", "a.jpg"), 422, NOT_TAKEN),
    Attack(
        "a picture of 2,500 million pixels", upload(png(50_000, 50_000), "a.png"), 422, NOT_TAKEN
    ),
    Attack("a picture of 81 million pixels", upload(png(9_000, 9_000), "a.png"), 422, NOT_TAKEN),
    Attack("a picture with no width", upload(png(0, 5), "a.png"), 422, NOT_TAKEN),
    Attack("a picture that ends early", upload(png(4_000, 4_000), "a.png"), 422, NOT_TAKEN),
    Attack("RIFF that is no WebP", upload(b"RIFF\x10\0\0\0AVI LIST", "a.webp"), 422, NOT_TAKEN),
    Attack("WebP without a picture", upload(b"RIFF\x10\0\0\0WEBPVP8 ", "a.webp"), 422, NOT_TAKEN),
    Attack(
        "a GIF that is also a script",
        upload(b"GIF89a/*" + b"\0" * 9 + b"*/=1;alert(1)", "a.gif"),
        422,
        NOT_TAKEN,
    ),
    Attack("a zip bomb as .docx", upload(zipped(**BOMB), "a.docx"), 422, NOT_TAKEN),
    Attack("any archive as .xlsx", upload(zipped(**{"run.exe": EXE}), "a.xlsx"), 422, NOT_TAKEN),
    Attack(
        "half an archive as .docx", upload(b"PK\x03\x04" + b"\0" * 50, "a.docx"), 422, NOT_TAKEN
    ),
    Attack("a script as .docx", upload(b"#!/bin/sh\nrm -rf /", "a.docx"), 422, NOT_TAKEN),
    Attack(
        "a file to a case of others",
        lambda s: s.by("parks_handler").post(
            f"/cases/{s.cases['triage']}/attachments", {"file": (io.BytesIO(picture()), "a.jpg")}
        ),
        404,
        NOT_FOUND,
    ),
    Attack(
        "a file to a task of others",
        lambda s: s.by("parks_handler").post(
            f"/tasks/{s.tasks['review_result']}",
            {"before_photos": (io.BytesIO(picture()), "a.jpg")},
        ),
        403,
        NOT_ALLOWED,
    ),
    Attack("no file at all", post("officer", "/cases/{case_triage}/attachments"), 422, CANNOT),
    Attack(
        "a file for the public by who may not",
        lambda s: s.by("clerk").post(
            f"/cases/{s.cases['sign_for']}/attachments",
            {"visibility": "public", "file": (io.BytesIO(picture()), "a.jpg")},
        ),
        403,
        NOT_ALLOWED,
    ),
)
BODIES = (
    Attack("13 MB", body(b"comment=" + b"a" * 13_000_000), 413, TOO_LARGE),
    Attack(
        "13 MB as a file",
        body(PART + b"\xff\xd8\xff" + b"\0" * 13_000_000 + b"\r\n--x--", PARTS),
        413,
        TOO_LARGE,
    ),
    Attack("100,000 fields", body(b"a=1&" * 100_000 + b"b" * 200_000), 413, TOO_LARGE),
    Attack(
        "3,000 parts", body(PART.replace(b"; filename=a.jpg", b"") * 3_000, PARTS), 413, TOO_LARGE
    ),
    Attack("deep JSON", body(b"[" * 100_000, "application/json"), 409, FASTER),
    Attack("a diagram for a form", body(b"<?xml version='1.0'?><a/>", "text/xml"), 409, FASTER),
    Attack("a body of no type", body(b"\0\xff" * 50, ""), 409, FASTER),
    Attack("parts without a boundary", body(b"--x\r\n\r\n", "multipart/form-data"), 409, FASTER),
    Attack(
        "parts that never end",
        body(b"--x\r\nContent-Disposition: form-data; name=a", PARTS),
        409,
        FASTER,
    ),
    Attack(
        "bytes that are no UTF-8",
        body(b"_version=2&decision=%ff%fe&comment=%c3%28\xff"),
        409,
        FASTER,
    ),
    Attack("half a sign, quoted", body(b"_version=2&decision=%ff%fe&comment=%c3%28"), 422, ERRORS),
    Attack("half a surrogate", body(b"_version=2&decision=%ed%a0%80"), 422, ERRORS),
    Attack("9,000 rows", body(ROWS), 422, ERRORS),
)
FIELDS = (
    Attack("an answer the form does not offer", triage(decision="perhaps"), 422, ERRORS),
    Attack("an answer twice", triage(decision=["accept", "reject"]), 422, ERRORS),
    Attack(
        "smuggled facts",
        triage(**{"case.grade": "1", "is_admin": "1", "answers.handle.result": "x", "actor": "1"}),
        422,
        ERRORS,
    ),
    Attack(
        "a text of 400,000 characters", triage(**walk.TRIAGED, comment="a" * 400_000), 422, ERRORS
    ),
    Attack("NUL in a choice", triage(decision="acc\0ept"), 400, GARBLED),
    Attack("NUL in the name of a field", triage(**{"dec\0ision": "accept"}), 400, GARBLED),
    Attack("a button that means nothing", triage(_rows="remove:" + "[" * 900), 200),
    Attack(
        "a day that is none",
        task(
            "handle",
            "handler",
            **walk.HANDLED
            | {"contacted": "true", "contacted_by": "I", "contacted_at": "2026-02-30T25:61"},
        ),
        422,
        ERRORS,
    ),
    Attack(
        "a day after the last",
        task(
            "handle",
            "handler",
            **walk.HANDLED
            | {"contacted": "true", "contacted_by": "I", "contacted_at": "99999-01-01T00:00"},
        ),
        422,
        ERRORS,
    ),
    Attack(
        "a number that tires patterns",
        task(
            "handle",
            "handler",
            **walk.HANDLED
            | {
                "contacted": "true",
                "contacted_by": "I",
                "contacted_number": "+" + "1 " * 60_000 + "x",
            },
        ),
        422,
        ERRORS,
    ),
    Attack(
        "a photo of another case",
        lambda s: task("handle", "handler", **walk.HANDLED, before_photos=s.foreign_file)(s),
        404,
        NOT_FOUND,
    ),
    Attack(
        "a photo with a huge number",
        task("handle", "handler", **walk.HANDLED, before_photos="9" * 40),
        422,
        ERRORS,
    ),
    Attack(
        "a photo of no number",
        task("handle", "handler", **walk.HANDLED, before_photos="../../etc/passwd"),
        422,
        ERRORS,
    ),
)
OTHERS = (
    Attack(
        "a task of another unit", task("review_result", "officer", **walk.PASSED), 403, NOT_ALLOWED
    ),
    Attack(
        "a task a colleague has claimed",
        task("sign_for", "parks_clerk", **walk.SIGNED),
        409,
        FASTER,
    ),
    Attack(
        "reviewing one's own work",
        task("review_result", "handler", **walk.PASSED),
        403,
        "You did the step before",
    ),
    Attack(
        "a version of tomorrow",
        triage(**walk.TRIAGED, _version=999, comment="typed with care"),
        409,
        "typed with care",
    ),
    Attack("a version that is no number", triage(**walk.TRIAGED, _version="NaN"), 409, FASTER),
    Attack("a version below nothing", triage(**walk.TRIAGED, _version="-1"), 409, FASTER),
    Attack("a version of 40 digits", triage(**walk.TRIAGED, _version="9" * 40), 409, FASTER),
    Attack("a version in other digits", triage(**walk.TRIAGED, _version="²"), 409, FASTER),
    Attack(
        "wrong answers to a task nobody has claimed",
        task("review_result", "leader", verdict="pass or not", comment="typed with care"),
        422,
        ERRORS,
    ),
    Attack("a task there is not", post("officer", "/tasks/999999999"), 404, NOT_FOUND),
    Attack("a task beyond 64 bits", post("officer", "/tasks/" + "9" * 30), 405),
    Attack("reading a task beyond 64 bits", get("officer", "/tasks/" + "9" * 30), 404),
    Attack("reading a case beyond 64 bits", get("officer", "/cases/" + "9" * 30), 404),
    Attack("reading a file beyond 64 bits", get("officer", "/attachments/" + "9" * 30), 404),
    Attack("a task below nothing", post("officer", "/tasks/-1"), 404, NO_PAGE),
    Attack(
        "claiming what a colleague has",
        post("parks_clerk", "/tasks/{task_sign_for}/claim", version="2"),
        409,
        FASTER,
    ),
    Attack(
        "claiming for another unit",
        post("officer", "/tasks/{task_review_result}/claim", version="1"),
        403,
        NOT_ALLOWED,
    ),
    Attack(
        "releasing what a colleague has",
        post("parks_clerk", "/tasks/{task_sign_for}/release", version="2"),
        403,
        NOT_ALLOWED,
    ),
    Attack(
        "a draft in a colleague's task",
        post("parks_clerk", "/tasks/{task_sign_for}/draft", reason="x"),
        409,
        FASTER,
    ),
    Attack(
        "looking at the form of others",
        post("parks_handler", "/tasks/{task_triage}/form"),
        404,
        NOT_FOUND,
    ),
    Attack(
        "the case of another unit", get("parks_handler", "/cases/{case_triage}"), 404, NOT_FOUND
    ),
    Attack(
        "the reporters of another unit's case",
        post("parks_handler", "/cases/{case_triage}/reporters"),
        404,
        NOT_FOUND,
    ),
    Attack(
        "the diagram of another unit's case",
        get("parks_handler", "/cases/{case_triage}/diagram.bpmn"),
        404,
        NOT_FOUND,
    ),
    Attack(
        "the file of another unit's case",
        get("parks_handler", "/attachments/{file}"),
        404,
        NOT_FOUND,
    ),
    Attack("its thumbnail", get("parks_handler", "/attachments/{file}/thumb"), 404, NOT_FOUND),
    Attack(
        "the file as if of a report", get("visitor", "/report/files/" + "a" * 32 + "/{file}"), 404
    ),
    Attack("the file with another code", get("visitor", "/track/{code}/files/{file}1"), 404),
    Attack(
        "a remark for nobody known",
        post("officer", "/cases/{case_triage}/remarks", body="x", visibility="root"),
        422,
        CANNOT,
    ),
    Attack(
        "a remark of nothing",
        post("officer", "/cases/{case_triage}/remarks", body=" \t "),
        422,
        CANNOT,
    ),
    Attack(
        "a remark of 5,000 characters",
        post("officer", "/cases/{case_triage}/remarks", body="a" * 5_000),
        422,
        CANNOT,
    ),
    Attack(
        "a remark on a case of others",
        post("parks_handler", "/cases/{case_triage}/remarks", body="x"),
        404,
        NOT_FOUND,
    ),
    Attack(
        "people, by who is no administrator",
        post("officer", "/people/new", login="me2", name="Me"),
        403,
        NOT_ALLOWED,
    ),
    Attack("overdue lists, by who may not", get("clerk", "/overdue.csv"), 403, NOT_ALLOWED),
    Attack("cases, by an administrator", get("admin", "/cases"), 403, NOT_ALLOWED),
)
SESSIONS = (
    Attack("no token", with_token(None), 400, TOO_OLD),
    Attack("a forged token", with_token("0" * 64), 400, TOO_OLD),
    Attack("a token of no ASCII", with_token("令牌"), 400, TOO_OLD),
    Attack("the token of a colleague", with_token(""), 400, TOO_OLD),
    Attack("a forged session", with_session("A" * 43), 401, SIGN_IN),
    Attack("a session of 5,000 characters", with_session("A" * 5_000), 401, SIGN_IN),
    Attack("a session in quotation marks", with_session('"\\000\\377"'), 401, SIGN_IN),
    Attack("a session past its time", too_late, 401, SIGN_IN),
    Attack("a session of a closed account", disabled, 401, SIGN_IN),
    Attack(
        "a wrong password",
        post("visitor", "/sign-in", login="admin", password="' OR 1=1 --"),
        422,
        "do not belong together",
    ),
    Attack(
        "a password of 300,000 characters",
        post("visitor", "/sign-in", login="admin", password="a" * 300_000),
        422,
        "do not belong together",
    ),
    Attack(
        "a login with NUL",
        post("visitor", "/sign-in", login="ad\0min", password="x"),
        400,
        GARBLED,
    ),
    Attack(
        "a login of 300 characters",
        post("visitor", "/sign-in", login="a" * 300, password="x"),
        422,
        "do not belong together",
    ),
    Attack(
        "deep JSON kept for later",
        post("visitor", "/sign-in", login="x", password="x", kept="[" * 100_000),
        422,
        "do not belong together",
    ),
    Attack(
        "a number kept for later",
        post("visitor", "/sign-in", login="x", password="x", kept="9" * 5_000),
        422,
        "do not belong together",
    ),
)
ADDRESSES = (
    Attack("a code that was never given", get("visitor", "/track/" + "A" * 32), 404, "ode"),
    Attack("a code of 4,000 characters", get("visitor", "/track/" + "A" * 4_000), 404, "ode"),
    Attack("a code with NUL", get("visitor", "/track/a%00b"), 404, "ode"),
    Attack(
        "rating with a code never given",
        post("visitor", "/track/" + "A" * 32, grade="1"),
        404,
        "ode",
    ),
    Attack(
        "rating before the end",
        post("visitor", "/track/{code}", grade="1"),
        409,
        "cannot be rated now",
    ),
    Attack("a receipt for no code", get("visitor", "/report/sent"), 404),
    Attack("a report of nothing", post("visitor", "/report"), 422, ERRORS),
    Attack(
        "a report at no place",
        post("visitor", "/report", description="x", location="NaN,1e999"),
        422,
        ERRORS,
    ),
    Attack(
        "a report of smuggled facts",
        post("visitor", "/report", severity="major", number="1", lead_unit="D-URBAN", grade="1"),
        422,
        ERRORS,
    ),
    Attack(
        "a report with groups out of the tree",
        post("visitor", "/report", _group="../../etc", _once="x"),
        422,
        ERRORS,
    ),
    Attack("out of the static files", get("visitor", "/static/../../../etc/passwd"), 404, NO_PAGE),
    Attack(
        "out of the static files, in disguise",
        get("visitor", "/static/..%2f..%2fconfig.py"),
        404,
        NO_PAGE,
    ),
    Attack("NUL in the static files", get("visitor", "/static/a%00.js"), 404, NO_PAGE),
    Attack("no language", get("visitor", "/language/../../x"), 404, NO_PAGE),
    Attack("a search with NUL", get("officer", "/cases?q=a%00b"), 400, GARBLED),
    Attack("a search of 5,000 signs", get("officer", "/cases?q=" + "%25_" * 2_500), 200),
    Attack("a unit of 5,000 digits", get("officer", "/cases?unit=" + "9" * 5_000), 200),
    Attack("a unit beyond 64 bits", get("supervisor", "/overdue?unit=" + "9" * 30), 200),
    Attack("a unit of 18 nines", get("supervisor", "/overdue?unit=" + "9" * 15), 404),
    Attack("the last of all days", get("officer", "/cases?from=9999-12-31&to=9999-12-31"), 200),
    Attack("days that are none", get("officer", "/cases?from=0000-00-00&to=1e9"), 200),
    Attack("categories with NUL", get("officer", "/cases?category=%00&severity=%00"), 400, GARBLED),
    Attack("a category with NUL", get("supervisor", "/overdue?category=%00"), 400, GARBLED),
    Attack(
        "pages after nowhere", get("officer", "/inbox?after=' OR 1=1&tab=%00&q=%00"), 400, GARBLED
    ),
    Attack(
        "pages after the end of time",
        get("officer", "/inbox?after=99991231T235959.0_" + "9" * 18),
        200,
    ),
    Attack("pages before all time", get("officer", "/cases?after=00010101T000000.0_1"), 200),
    Attack("bell after nowhere", get("officer", "/notices?after=%F0%9F%94%94_1"), 200),
    Attack("an address of no UTF-8", get("officer", "/cases?q=%ff%fe"), 200),
    Attack("people by NUL", get("admin", "/people?q=%00&unit=x&page=-1"), 400, GARBLED),
    Attack("people on a page beyond all", get("admin", "/people?page=" + "9" * 15), 200),
    Attack(
        "an account with NUL", post("admin", "/people/new", login="a\0b", name=""), 400, GARBLED
    ),
    Attack(
        "an account of 300 characters", post("admin", "/people/new", login="a" * 300, name="A"), 422
    ),
    Attack("a person beyond 64 bits", get("admin", "/people/" + "9" * 30), 404),
    Attack(
        "a way that is none",
        lambda s: s.by("officer").send(f"/tasks/{s.tasks['triage']}", method="DELETE"),
        405,
        "cannot be used that way",
    ),
)
ATTACKS = (*UPLOADS, *BODIES, *FIELDS, *OTHERS, *SESSIONS, *ADDRESSES)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_is_answered_in_words_and_changes_nothing(scene: Scene, attack: Attack) -> None:
    before, files = scene.rows(), scene.count_files()
    answer = attack.send(scene)
    text = answer.get_data(as_text=True)
    assert answer.status_code == attack.status, text[:3000]
    assert attack.says in text
    if answer.status_code >= 400:
        assert 'role="alert"' in text, "there is no sentence"
    assert "Traceback" not in text
    demand_unharmed(scene, before, files)


def demand_unharmed(scene: Scene, before: dict[str, Any], files: int) -> None:
    """Demand that nothing changed, the draft is in its form, and everybody is served."""
    after = scene.rows()
    assert [name for name in before if before[name] != after[name]] == []
    assert scene.count_files() == files
    page = scene.by("officer").get(f"/tasks/{scene.tasks['triage']}")
    assert page.status_code == 200
    assert DRAFT in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "part"), [("a.docx", "word__document2.xml"), ("a.xlsx", "xl__workbook.xml")]
)
def test_an_office_document_is_taken(scene: Scene, name: str, part: str) -> None:
    content = zipped(**{"[Content_Types].xml": b"<Types/>", part: b"<a/>"})
    assert upload(content, name)(scene).status_code == 303
    assert scene.newest_file().file_name == name
    shown = scene.by("officer").get(f"/attachments/{scene.newest_file().key}")
    assert shown.headers["Content-Disposition"].startswith("attachment")


ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\r\nSet-Cookie: whistle_session=evil",
    "/\u2028//evil.example",
    "//evil.example/%2f..",
    "http:///evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_elsewhere(scene: Scene, target: str) -> None:
    browser = scene.visitor
    browser.get("/sign-in")
    fields: dict[str, object] = {"login": "worker", "password": PASSWORD, "next": target}
    entered = browser.post("/sign-in", fields)
    browser.get("/notices")
    left = browser.post("/sign-out", {})
    chosen = browser.send("/language/en", query_string={"next": target})
    released = scene.by("officer").post(
        f"/tasks/{scene.tasks['triage']}/claim", {"version": "0", "next": target}
    )
    assert (entered.status_code, left.status_code, chosen.status_code) == (303, 303, 303)
    assert released.status_code == 409
    for answer in (entered, chosen):
        where = answer.headers["Location"]
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))
        assert not any(ord(sign) < 32 for sign in where)
        assert "evil" not in str(answer.headers.getlist("Set-Cookie"))


NAMES = (
    "../../../etc/cron.d/evil.jpg",
    "C:\\Windows\\evil.jpg",
    "a\0.exe.jpg",
    "名" * 300 + ".jpg",
    'a"; filename="evil.exe',
    "<img src=x onerror=alert(1)>.jpg",
    ".jpg",
    "\u202egpj.exe",
    "=cmd|' /C calc'!A0.jpg",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_good_photo_with_an_evil_name_is_kept_without_it(scene: Scene, name: str) -> None:
    officer, case_key = scene.by("officer"), scene.cases["triage"]
    address = f"/cases/{case_key}/attachments"
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"
    answer = officer.post(address, {"file": (io.BytesIO(polyglot), name)})
    assert answer.status_code == 303
    kept = scene.newest_file()
    assert len(kept.file_name) <= 120
    assert not set(kept.file_name) & set("/\\\0\r\n\u202e")
    page = officer.get(f"/cases/{case_key}").get_data(as_text=True)
    assert "<img src=x" not in page
    shown = officer.get(f"/attachments/{kept.key}")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.mimetype == "image/jpeg"
    assert b"<script>" not in shown.data


NUL = "before\0after"


def test_strange_signs_are_kept_as_they_are(scene: Scene) -> None:
    scene.visitor.get("/report")
    strange = "\ufffe\u202e\U0001f600 \x01\x7f 漏水 \u0000".replace("\0", "")
    fields: dict[str, object] = {
        "description": strange,
        "address": strange,
        "minor_class": "A01",
        "location": "40.005,116.005",
        "is_anonymous": "true",
    }
    answer = scene.visitor.post("/report", fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    shown = scene.visitor.get(answer.headers["Location"])
    assert shown.status_code == 200


@pytest.mark.parametrize("room", ["remarks", "draft", "form"])
def test_nul_in_words_is_refused_in_words(scene: Scene, room: str) -> None:
    before, files = scene.rows(), scene.count_files()
    address = f"/cases/{scene.cases['triage']}/remarks"
    if room != "remarks":
        address = f"/tasks/{scene.tasks['triage']}/{room}"
    answer = scene.by("officer").post(address, {"body": NUL, "comment": NUL})
    assert answer.status_code == 400
    assert GARBLED in answer.get_data(as_text=True)
    demand_unharmed(scene, before, files)


def test_no_cell_of_the_overdue_table_is_computed(scene: Scene) -> None:
    answer = scene.by("supervisor").get("/overdue.csv")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "'=cmd" in text
    assert "'+1+1" in text
    assert all(",=cmd" not in line and ",+1" not in line for line in text.splitlines())


def test_a_hostile_request_id_stays_out_of_answers(scene: Scene) -> None:
    answer = scene.by("officer").send("/inbox", headers={"X-Request-ID": "a" * 500})
    assert answer.status_code == 200
    assert len(answer.headers["X-Request-ID"]) < 65
