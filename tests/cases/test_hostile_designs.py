"""Designs nobody should hand in: each is refused with sentences, and nothing of it is kept.

There is no page for designs yet; the use case and the command line are its doors.
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Table, func, select

from app import ROOT
from app.cases.designs import DesignRefused, deploy
from app.cases.setup import shipped_files
from app.cli.designing import lint
from app.engine.lint import Severity
from app.errors import CaseError, Forbidden
from app.store.db import reading
from app.store.tables import definitions
from tests.support import walk
from tests.support.district import District, running

BPMN = (ROOT / "bpmn/grid_case.bpmn").read_text()
DMN = (ROOT / "bpmn/duty_list.dmn").read_text()
FORM = (ROOT / "forms/triage.form").read_text()
SPACE = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
BOMB = "".join(
    f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' if level else '<!ENTITY a0 "ha">'
    for level in range(9)
)
DOCTYPE = f"<!DOCTYPE definitions [{BOMB}]>"
EXTERNAL = '<!DOCTYPE definitions [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/evil.dtd">'
PARAMETER = '<!DOCTYPE definitions [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def with_doctype(doctype: str, document: str = BPMN) -> bytes:
    """Put a document type before the root element."""
    before, after = document.split("?>", 1)
    return f"{before}?>{doctype}{after}".encode()


def small(inside: str) -> bytes:
    """A diagram with this in it."""
    return f"{HEAD}<definitions {SPACE}>{inside}</definitions>".encode()


UTF_16 = with_doctype(DOCTYPE).decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")
TEN = "=for a in 1..9000 return for b in 1..9000 return for c in 1..9000 return a"
HOSTILE: dict[str, tuple[str, bytes]] = {
    "an empty file": ("a.bpmn", b""),
    "NUL": ("a.bpmn", b"\0" * 5_000),
    "no XML": ("a.bpmn", b"MZ\x90\x00 not a diagram"),
    "half a diagram": ("grid_case.bpmn", BPMN[: len(BPMN) // 2].encode()),
    "a billion laughs": ("grid_case.bpmn", with_doctype(DOCTYPE)),
    "a billion laughs in UTF-16": ("grid_case.bpmn", UTF_16),
    "a file of the server": ("grid_case.bpmn", with_doctype(EXTERNAL)),
    "a file of the server, by parameter": ("grid_case.bpmn", with_doctype(PARAMETER)),
    "a type from the network": ("grid_case.bpmn", with_doctype(REMOTE)),
    "a table with entities": ("duty_list.dmn", with_doctype(DOCTYPE, DMN)),
    "a table with a file of the server": ("duty_list.dmn", with_doctype(EXTERNAL, DMN)),
    "another encoding": ("a.bpmn", BPMN.replace("UTF-8", "ISO-8859-1").encode()),
    "an encoding there is not": ("a.bpmn", BPMN.replace("UTF-8", "x-evil").encode()),
    "bytes that are no UTF-8": ("a.bpmn", BPMN.encode() + b"<!-- \xff\xfe -->"),
    "3 MB": ("grid_case.bpmn", BPMN.encode() + b"<!--" + b"a" * 3_000_000 + b"-->"),
    "100,000 deep": ("a.bpmn", small("<process>" * 100_000)),
    "200 deep": ("a.bpmn", small("<subProcess>" * 200 + "</subProcess>" * 200)),
    "90,000 wide": ("a.bpmn", small("<task/>" * 90_000)),
    "an attribute of a megabyte": ("a.bpmn", small(f"<process id='{'a' * 1_000_000}'/>")),
    "20,000 attributes": (
        "a.bpmn",
        small("<p " + " ".join(f"a{n}=''" for n in range(20_000)) + "/>"),
    ),
    "a page instead of a diagram": ("a.bpmn", b"<html><script>alert(1)</script></html>"),
    "an instruction to include": (
        "a.bpmn",
        small("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd'/>"),
    ),
    "Python in a script": (
        "grid_case.bpmn",
        BPMN.replace("=", "=__import__('os').system('x')=", 40).encode(),
    ),
    "a program in a diagram": (
        "a.bpmn",
        small(
            "<process id='p' isExecutable='true'><scriptTask id='s'><script>import os</script>"
            "</scriptTask></process>"
        ),
    ),
    "a form that is a list": ("a.form", b"[1, 2, 3]"),
    "a form that is a number": ("a.form", b"1e999"),
    "a form of no JSON": ("a.form", b"{'id': NaN}"),
    "a form with an infinite length": (
        "triage.form",
        FORM.replace("1000", "Infinity").encode(),
    ),
    "a form with a mark before it": ("triage.form", b"\xef\xbb\xbf" + FORM.encode()),
    "a form with half a sign": (
        "triage.form",
        FORM.replace('"label": "', '"label": "\\ud800', 1).encode(),
    ),
    "a form without end": ("a.form", b'{"components":' * 50_000),
    "a form with a list for a name": ("a.form", b'{"id": ["a"], "components": []}'),
    "a form with a number for a name": ("a.form", b'{"id": 5, "components": []}'),
    "a form with a pattern that tires": (
        "triage.form",
        FORM.replace('"validate": {', '"validate": {"pattern": "(a+)+$(((((", ', 5).encode(),
    ),
    "a form with a huge length": (
        "triage.form",
        re.sub(r'"maxLength": \d+', '"maxLength": 1e400', FORM).encode(),
    ),
    "a form that computes for ever": (
        "a.form",
        json.dumps(
            {
                "id": "a",
                "schemaVersion": 18,
                "type": "default",
                "components": [
                    {"type": "expression", "id": "e", "key": "e", "expression": TEN + " +"}
                ],
            }
        ).encode(),
    ),
    "translations that are a list": ("triage.zh-CN.json", b"[]"),
    "translations that are a text": ("triage.zh-CN.json", b'"elements"'),
    "translations that are nothing": ("triage.zh-CN.json", b"null"),
    "translations of numbers": ("triage.zh-CN.json", b'{"elements": {"a": 1}, "fields": 5}'),
    "half a table": ("duty_list.dmn", DMN[:900].encode()),
    "a table with a formula without end": (
        "duty_list.dmn",
        DMN.replace("<text>", "<text>" + "(" * 5_000, 3).encode(),
    ),
    "a program": ("run.sh", b"#!/bin/sh\nrm -rf /"),
    "a name out of the folder": ("../../../etc/a.bpmn", b"<a/>"),
    "a name with NUL": ("a\0.bpmn", b"<a/>"),
}
MOST_SECONDS = 15


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    """Yield a district in which the shipped set is deployed; no test may change what is."""
    folder = tmp_path_factory.mktemp("designs")
    with running(f"sqlite:///{folder / 'whistle.sqlite'}", folder) as found:
        yield found


def kept() -> dict[str, int]:
    """Return how much of each kind is deployed."""
    tables = [table for table in vars(definitions).values() if isinstance(table, Table)]
    with reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        }


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_words_and_nothing_is_kept(standing: District, name: str) -> None:
    file, content = HOSTILE[name]
    before, began = kept(), time.process_time()
    with pytest.raises(DesignRefused) as refused:
        deploy({file: content}, actor=standing["designer"])
    assert time.process_time() - began < MOST_SECONDS
    errors = [each for each in refused.value.problems if each.severity is Severity.ERROR]
    assert errors
    assert all(each.message and each.mend and each.file for each in errors)
    assert "root:" not in str([each.message for each in refused.value.problems])
    assert kept() == before


@pytest.mark.parametrize("name", [name for name in HOSTILE if "\0" not in HOSTILE[name][0]])
def test_the_command_says_so_and_ends_with_one(name: str, tmp_path: Path) -> None:
    file, content = HOSTILE[name]
    written = tmp_path / Path(file).name
    written.write_bytes(content)
    done = CliRunner().invoke(lint, [str(written), "--json"])
    if written.suffix in {".bpmn", ".dmn", ".form", ".json"}:
        assert done.exit_code == 1, done.output
        assert "Traceback" not in done.output
        assert any(each["severity"] == "error" for each in json.loads(done.stdout))


def test_one_bad_file_keeps_the_whole_set_out(standing: District) -> None:
    files = dict(shipped_files(ROOT))
    changed = next(name for name in files if name.endswith("triage.form"))
    files[changed] = files[changed].replace(b'"label": "', b'"label": "New ', 1)
    files["evil.bpmn"] = with_doctype(DOCTYPE)
    before = kept()
    with pytest.raises(DesignRefused):
        deploy(files, actor=standing["designer"])
    assert kept() == before


def test_who_may_not_deploy_is_told_before_anything_is_read(standing: District) -> None:
    before = kept()
    with pytest.raises(Forbidden):
        deploy({"a.bpmn": with_doctype(DOCTYPE)}, actor=standing["officer"])
    assert kept() == before


def test_cases_go_on_after_all_of_it(standing: District) -> None:
    case_key = walk.report().case_key
    with pytest.raises(CaseError):
        deploy({"grid_case.bpmn": b"<a/>"}, actor=standing["designer"])
    walk.do(standing["officer"], case_key, "triage", walk.TRIAGED)
    assert "sign_for" in walk.open_tasks(case_key)
