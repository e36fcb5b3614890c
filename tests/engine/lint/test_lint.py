"""A check as a whole: clean sets stay clean, everything is told at once, nothing makes it raise."""

import os
import socket
import time
from pathlib import Path

import pytest

from app.engine.lint import Problem, Severity, check
from tests.engine.lint.drawing import diagram, end, flows, process, script, start, straight, user
from tests.engine.lint.example import FOLDER
from tests.engine.lint.examples_good import FILES
from tests.engine.lint.test_rules import bundle

SHARED = Path(os.environ.get("WHISTLE_SHARED", "../shared"))
MODELS = SHARED / "conformance" / "bpmn-miwg"


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{each.file}:{each.line} {each.rule}: {each.message}" for each in problems]


def test_a_good_set_has_no_problems() -> None:
    resources = {name: content.encode() for name, content in FILES.items()}
    more = {"roles": frozenset({"unit_handler", "unit_clerk"})}
    facts = frozenset({"number", "severity", "co_units", "lead_unit"})
    good = bundle(**more, resources=resources, case_facts=facts)
    assert told(check(good)) == []


def test_all_problems_of_all_files_are_told_at_once_in_reading_order() -> None:
    broken = straight(user(role="", form="nothing"), names="work")
    resources = {
        "b.bpmn": diagram(broken).encode(),
        "a.bpmn": diagram(broken.replace("example", "other")).encode(),
        "c.bpmn": b"<bpmn>",
        "d.form": b"{}",
    }
    problems = check(bundle(resources=resources))
    assert [(each.file, each.rule) for each in problems] == [
        ("b.bpmn", "user-task-without-role"),
        ("b.bpmn", "unknown-form"),
        ("a.bpmn", "user-task-without-role"),
        ("a.bpmn", "unknown-form"),
        ("c.bpmn", "unreadable-file"),
        ("d.form", "form-without-id"),
    ]


def test_a_problem_names_file_line_element_and_how_to_mend_it() -> None:
    drawn = diagram(straight(user(role=""), names="work")).replace(
        '<bpmn:userTask id="work"', '<bpmn:userTask id="work" name="Handle case"'
    )
    problem = check(bundle(resources={"a.bpmn": drawn.encode()}, languages=()))[0]
    assert problem == Problem(
        rule="user-task-without-role",
        severity=Severity.ERROR,
        file="a.bpmn",
        line=11,
        element_id="work",
        element_name="Handle case",
        message="The user task “Handle case” (work) is offered to nobody.",
        mend="Write the role into its candidate groups, such as unit_handler.",
        params={"element": "“Handle case” (work)"},
    )


def test_what_is_deployed_already_counts_as_there() -> None:
    caller = (FOLDER / "called-process-missing.bpmn").read_bytes()
    deployed = diagram(
        process(start(), user(), end(), flows("start > work > end"), own_id="nothing")
    )
    assert told(check(bundle(resources={"a.bpmn": caller}))) != []
    called = {"nothing": deployed.encode()}
    assert told(check(bundle(resources={"a.bpmn": caller}, called=called))) == []


def test_a_deployed_process_that_cannot_be_read_counts_as_missing() -> None:
    caller = (FOLDER / "called-process-missing.bpmn").read_bytes()
    problems = check(bundle(resources={"a.bpmn": caller}, called={"nothing": b"<broken"}))
    assert [each.rule for each in problems] == ["called-process-missing"]


def test_an_empty_set_has_no_problems() -> None:
    assert check(bundle(resources={})) == ()
    assert check(bundle(resources={}), seconds=0) == ()


def test_the_schema_is_checked_without_following_any_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        port = server.getsockname()[1]
        hints = f'xsi:schemaLocation="urn:x http://127.0.0.1:{port}/x.xsd" xmlns:x="urn:x"'
        drawn = diagram(straight(user("work", "<x:thing />"), names="work"))
        drawn = drawn.replace("<bpmn:definitions", f"<bpmn:definitions {hints}")
        rules = {each.rule for each in check(bundle(resources={"a.bpmn": drawn.encode()}))}
        assert rules == {"schema"}
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_hundred_nodes_are_checked_in_a_blink() -> None:
    steps = [script(f"step_{n}", f"result_{n}", f"=case.number + {n}") for n in range(98)]
    names = " > ".join(f"step_{n}" for n in range(98))
    large = bundle(resources={"a.bpmn": diagram(straight(*steps, names=names)).encode()})
    assert told(check(large)) == []
    began = time.process_time()
    check(large)
    # about 10 ms on an idle core; the margin is for a busy one
    assert time.process_time() - began < 1


@pytest.mark.skipif(not MODELS.is_dir(), reason="no BPMN MIWG models (WHISTLE_SHARED)")
def test_reference_models_of_other_tools_are_checked_without_an_exception() -> None:
    paths = sorted(MODELS.glob("*.bpmn"))
    assert paths
    for path in paths:
        data = path.read_bytes()
        as_executable = data.replace(b'isExecutable="false"', b'isExecutable="true"')
        for content in (data, as_executable):
            problems = check(bundle(resources={path.name: content}))
            assert all(each.line >= 1 and each.mend for each in problems)
