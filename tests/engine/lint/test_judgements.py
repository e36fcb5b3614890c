"""Where the rules draw their lines: what is just right beside what is just wrong."""

import pytest

from app.engine.lint import check
from app.engine.lint.durations import is_cycle, read_duration
from tests.engine.lint.drawing import (
    boundary,
    catch,
    decide,
    diagram,
    end,
    flows,
    many,
    mapping,
    message,
    node,
    process,
    root_message,
    script,
    service,
    start,
    straight,
    timer,
    user,
    xor,
)
from tests.engine.lint.test_rules import bundle


def rules(*roots: str, **more: object) -> set[str]:
    """Return the rules that a diagram of these roots breaks."""
    resources = {"a.bpmn": diagram(*roots).encode()}
    return {each.rule for each in check(bundle(resources=resources, **more))}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PT4H", "positive"),
        ("P2D", "positive"),
        ("P1DT12H30M", "positive"),
        ("P1Y2M", "positive"),
        ("PT0.5S", "positive"),
        ("P2W", "positive"),
        ("-PT1H", "negative"),
        ("-P2D", "negative"),
        ("P", "invalid"),
        ("PT", "invalid"),
        ("P1DT", "invalid"),
        ("P1H", "invalid"),
        ("4H", "invalid"),
        ("pt4h", "invalid"),
        ("P1D ago", "invalid"),
        ("P1D\nP1D", "invalid"),
        ("P-1D", "invalid"),
    ],
)
def test_durations(text: str, kind: str) -> None:
    assert read_duration(text) == kind


@pytest.mark.parametrize(
    ("text", "is_right"),
    [("R3/PT1H", True), ("R/PT1H", True), ("R3", False), ("R3/-PT1H", False), ("PT1H", False)],
)
def test_cycles(text: str, is_right: bool) -> None:
    assert is_cycle(text) is is_right


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        ("timeDuration", '=duration("PT1H")', None),
        ("timeDuration", '=duration("-PT1H")', "negative-duration"),
        ("timeDuration", '="PT4H"', None),
        ("timeDuration", '="four hours"', "duration-syntax"),
        ("timeDuration", "=4", "duration-syntax"),
        ("timeDate", "2026-03-01T09:00:00+08:00", None),
        ("timeDate", "2026-03-01T09:00:00Z", None),
        ("timeDate", "2026-03-01", "date-without-offset"),
        ("timeDate", '=date and time("2026-03-01T09:00:00")', "date-without-offset"),
        ("timeDate", '=date and time("2026-03-01T09:00:00+08:00")', None),
        ("timeDate", "=case.due_at", None),
        ("timeDate", '=calendar.after("4 wh")', None),
        ("timeDate", '=calendar.before("4 wh")', "unknown-function"),
    ],
)
def test_times(kind: str, text: str, rule: str | None) -> None:
    drawn = straight(catch("wait", timer(kind, text)), names="wait")
    assert rules(drawn) == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("collection", "is_right"),
    [
        ("=case.co_units", True),
        ("=[1, 2]", True),
        ("=if units = null then [] else units", True),
        ("=concatenate([case.number], case.co_units)", True),
        ("=units", False),
        ("=case.due_at", False),
    ],
)
def test_collections(collection: str, is_right: bool) -> None:
    drawn = process(
        start(),
        user("choose", extra=mapping(outputs={"units": "=result"})),
        user("work", many(collection, "unit")),
        end(),
        flows("start > choose > work > end"),
    )
    assert rules(drawn) == (set() if is_right else {"collection-may-be-null"})


@pytest.mark.parametrize(
    ("condition", "is_right"),
    [
        ("=units != null", True),
        ("=units != null and count(units) > 0", True),
        ("=units != null or count(units) > 0", False),
        ("=count(units) > 0", False),
    ],
)
def test_a_collection_may_be_guarded_by_the_gateway_before(condition: str, is_right: bool) -> None:
    drawn = process(
        start(),
        user("choose", extra=mapping(outputs={"units": "=result"})),
        xor("any"),
        user("work", many("=units", "unit")),
        end(),
        flows(f"start > choose > any\nany > work : {condition}\nany > end default\nwork > end"),
    )
    assert rules(drawn) == (set() if is_right else {"collection-may-be-null"})


@pytest.mark.parametrize(
    ("groups", "is_right"),
    [
        ("unit_handler", True),
        ("unit_handler, unit_leader", True),
        ("unit_handler@D-WATER", True),
        ('=["unit_handler", "unit_leader"]', True),
        ('=if case.severity = "major" then "unit_leader" else "unit_handler"', True),
        ('="unit_handler@" + case.number', True),
        ("boss", False),
        ("unit_handler, boss", False),
        ('="boss@" + case.number', False),
        ('=["unit_handler", "boss"]', False),
    ],
)
def test_roles(groups: str, is_right: bool) -> None:
    drawn = straight(user(role=groups), names="work")
    assert rules(drawn) == (set() if is_right else {"unknown-role"})


def test_a_result_table_may_be_completed_by_a_path() -> None:
    drawn = straight(
        decide("limits"),
        user(extra=mapping(outputs={"limits.triage": "=result"})),
        script("use", "used", "=limits.triage"),
        names="limits > work > use",
    )
    assert rules(drawn) == set()


def test_a_reserved_name_is_not_written_by_a_path_either() -> None:
    drawn = straight(user(extra=mapping(outputs={"case.severity": "=result"})), names="work")
    assert rules(drawn) == {"reserved-variable"}


def test_the_position_in_a_loop_is_known_inside_a_multi_instance_only() -> None:
    inside = user("work", many("=case.co_units", "unit"), extra=mapping({"n": "=loopCounter"}))
    assert rules(straight(inside, names="work")) == set()
    outside = user("work", extra=mapping({"n": "=loopCounter"}))
    assert rules(straight(outside, names="work")) == {"unknown-variable"}


def test_what_a_form_answers_is_seen_in_output_mappings_and_nowhere_else() -> None:
    seen = user(extra=mapping(outputs={"verdict": "=result", "who": "=actor"}))
    assert rules(straight(seen, names="work")) == set()
    unseen = straight(user(), script("use", "used", "=result"), names="work > use")
    assert rules(unseen) == {"unknown-variable"}
    mistaken = user(extra=mapping(outputs={"verdict": "=colour"}))
    assert rules(straight(mistaken, names="work")) == {"unknown-variable"}


def test_a_job_for_somebody_outside_says_so() -> None:
    external = '<zeebe:taskHeaders><zeebe:header key="external" value="true" /></zeebe:taskHeaders>'
    assert rules(straight(service("s", "elsewhere", extra=external), names="s")) == set()


def test_a_send_task_needs_a_message_or_a_job() -> None:
    sent = node("sendTask", "tell", messageRef="Message_Told")
    both = straight(sent, catch("hear", message()), names="tell > hear")
    assert rules(root_message(), both) == set()
    assert "service-without-type" in rules(straight(node("sendTask", "tell"), names="tell"))


def test_a_reminder_of_a_receive_task_may_start_it_anew() -> None:
    def waiting(kind: str, text: str) -> str:
        return process(
            start(),
            node("receiveTask", "hear", messageRef="Message_Told"),
            boundary("late", "hear", timer(kind, text)),
            service("remind"),
            end(),
            flows("start > hear > end\nlate > remind > hear"),
        )

    assert rules(root_message(), waiting("timeDuration", "P5D")) == set()
    assert "timeout-to-same-task" in rules(root_message(), waiting("timeDate", "=case.due_at"))


def test_the_same_message_may_start_and_be_caught() -> None:
    drawn = process(
        start("start", message()),
        catch("hear", message()),
        end(),
        flows("start > hear > end"),
    )
    assert rules(root_message(), drawn) == set()


def test_an_error_caught_around_its_sub_process_is_caught() -> None:
    error = '<bpmn:error id="Error_x" name="X" errorCode="X" />'
    thrown = '<bpmn:errorEventDefinition errorRef="Error_x" />'
    part = node(
        "subProcess",
        "part",
        start("part_start"),
        user("inner"),
        end("failed", thrown),
        flows("part_start > inner > failed"),
    )
    drawn = process(
        start(),
        part,
        boundary("caught", "part", thrown),
        end(),
        flows("start > part > end\ncaught > end"),
    )
    assert rules(error, drawn) == set()


def test_three_hundred_nodes_are_allowed() -> None:
    steps = [script(f"s{n}", f"r{n}", "=1") for n in range(298)]
    names = " > ".join(f"s{n}" for n in range(298))
    assert rules(straight(*steps, names=names)) == set()


INSIDE = node(
    "subProcess",
    "inner",
    start("begun"),
    catch("hear", message()),
    end("done"),
    flows("begun > hear > done"),
)


@pytest.mark.parametrize(
    ("is_found", "parts", "names"),
    [
        (False, [INSIDE, catch("hear_again", message())], "start > inner > hear_again > end"),
        (
            True,
            [INSIDE, boundary("hear_again", "inner", message()), end("other")],
            "start > inner > end; hear_again > other",
        ),
        (
            True,
            [INSIDE, catch("hear_again", message()), node("parallelGateway", "fork"), end("other")],
            "start > fork > inner > end; fork > hear_again > other",
        ),
        (True, [catch("hear", message()), catch("hear_again", message())], ""),
    ],
)
def test_a_message_has_a_second_catcher_only_in_a_sub_process_that_takes_turns(
    is_found: bool, parts: list[str], names: str
) -> None:
    drawn = flows(names.replace("; ", "\n") or "start > hear > hear_again > end")
    found = rules(root_message(), process(start(), *parts, end(), drawn))
    assert ("message-caught-twice" in found) is is_found


@pytest.mark.parametrize(("elements", "is_missing"), [('{"street": "街道"}', False), ("{}", True)])
def test_lanes_divide_a_process_and_their_names_are_translated(
    elements: str, is_missing: bool
) -> None:
    lanes = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="street" name="Street">'
        "<bpmn:flowNodeRef>work</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    drawn = diagram(process(lanes, start(), user("work"), end(), flows("start > work > end")))
    resources = {
        "a.bpmn": drawn.encode(),
        "example.zh-CN.json": f'{{"elements": {elements}}}'.encode(),
    }
    found = check(bundle(resources=resources))
    assert [(each.rule, each.element_id) for each in found] == (
        [("label-missing", "street")] if is_missing else []
    )
