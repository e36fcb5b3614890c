"""User tasks: what a diagram says about them, evaluated once, and what completing them leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from app import feel
from app.engine import definition, runner
from app.engine.errors import RunUnusable, TaskNotOpen
from app.engine.progress import ClosedState, ClosedTask
from tests.engine import drawing as draw
from tests.engine.host import MONDAY, Host


def one_task(task: str, *more: str, flows: str = "start > a > e") -> definition.Definition:
    data = draw.diagram(draw.process("p", task, *more, draw.end("e"), flows=flows))
    return definition.load({"p": data}, "p")


def test_expressions_of_a_task_are_evaluated_when_it_becomes_ready() -> None:
    task = draw.user(
        "a",
        '=["clerk", "leader@u-7"]',
        due="=case.due_at",
        follow_up='=calendar.after("1 wd")',
        assignee="=case.owner",
        priority="=40 + 2",
        properties={"notActor": "=case.owner", "calendar": "work"},
        inputs={"level": "=case.level"},
    )
    tomorrow = MONDAY + timedelta(days=1)
    facts = {
        "case": {"due_at": tomorrow, "owner": 17, "level": "street"},
        "calendar": {"after": feel.host_function("calendar.after", ["span"], lambda _: tomorrow)},
    }
    opened = Host(one_task(task), facts=facts).start().task("a")
    assert opened.candidate_groups == ("clerk", "leader@u-7")
    assert opened.assignee == "17"
    assert opened.due_at == tomorrow
    assert opened.follow_up_at == tomorrow
    assert opened.priority == 42
    assert opened.form_id == "a"
    assert opened.form_binding == "deployment"
    assert opened.properties == {"notActor": 17, "calendar": "work"}
    assert opened.inputs == {"level": "street"}


def test_due_date_stays_when_the_facts_move_on() -> None:
    facts = {"case": {"due_at": MONDAY}}
    host = Host(one_task(draw.user("a", due="=case.due_at")), facts=facts).start()
    host.facts = {"case": {"due_at": MONDAY + timedelta(days=9)}}
    assert host.tick(hours=1).task("a").due_at == MONDAY


def test_literals_are_taken_as_they_are_written() -> None:
    task = draw.user("a", "clerk, leader@u-7", due="2026-03-05T08:00:00+08:00", priority="70")
    opened = Host(one_task(task)).start().task("a")
    assert opened.candidate_groups == ("clerk", "leader@u-7")
    assert opened.due_at == datetime(2026, 3, 5, tzinfo=UTC)
    assert opened.priority == 70


def test_expressions_that_give_null_leave_nothing_and_warn() -> None:
    host = Host(one_task(draw.user("a", "=case.nobody", due="=case.never", priority="=null")))
    opened = host.start().task("a")
    assert opened.candidate_groups == ()
    assert opened.due_at is None
    assert opened.priority == 50


def test_trouble_in_an_expression_is_reported_with_its_element() -> None:
    host = Host(one_task(draw.user("a", '=1 + "x"'))).start()
    assert host.progress is not None
    assert [warning.partition(":")[0] for warning in host.progress.warnings] == ["a"]


def test_answers_do_not_become_variables_without_an_output_mapping() -> None:
    host = Host(one_task(draw.user("a"), draw.user("b"), flows="start > a > b > e")).start()
    assert host.do("a", verdict="pass").variables == {}


def test_output_mapping_reads_answers_actor_facts_and_variables() -> None:
    task = draw.user(
        "a",
        outputs={"verdict": "=verdict", "by": "=actor", "n": "=n + 1", "level": "=case.level"},
    )
    host = Host(one_task(task, draw.user("b"), flows="start > a > b > e"))
    host.facts = {"case": {"level": "street"}}
    host.start(n=1).do("a", actor="42", verdict="pass", comment="not kept")
    assert host.variables == {"n": 2, "verdict": "pass", "by": "42", "level": "street"}


def test_answer_missing_on_the_second_pass_is_null_not_the_old_one() -> None:
    task = draw.user("a", outputs={"proceed": "=proceed"})
    flows = "start > m > a > b > x\nx > e : =done\nx > m default"
    merge, gateway = draw.xor("m", has_default=False), draw.xor("x")
    host = Host(one_task(task, merge, gateway, draw.user("b"), flows=flows)).start()
    host.do("a", proceed=True).do("b").do("a")
    assert host.variables == {"proceed": None}


def test_facts_given_before_completion_are_what_the_next_gateway_reads() -> None:
    flows = "start > a > x\nx > b : =answers.a.verdict = 1\nx > e default\nb > e"
    host = Host(one_task(draw.user("a"), draw.xor("x"), draw.user("b"), flows=flows)).start()
    host.facts = {"answers": {"a": {"verdict": 1}}}
    assert host.do("a", verdict=1).open == ["b"]


def test_variables_cannot_hide_the_facts() -> None:
    task = draw.user("a", inputs={"seen": "=case.level"})
    host = Host(one_task(task), facts={"case": {"level": "street"}})
    assert host.start(case={"level": "forged"}).task("a").inputs == {"seen": "street"}


def test_completed_task_is_closed_and_cannot_be_completed_again() -> None:
    flows = "start > a > b > e"
    host = Host(one_task(draw.user("a"), draw.user("b"), flows=flows)).start()
    key = host.task("a").key
    host.do("a")
    assert host.progress is not None
    assert host.progress.closed == (ClosedTask(key, "a", ClosedState.COMPLETED),)
    with pytest.raises(TaskNotOpen):
        host.load().complete(key, {})


def test_asking_for_a_task_that_is_not_open_does_not_spend_the_run() -> None:
    run = Host(one_task(draw.user("a"))).start().load()
    with pytest.raises(TaskNotOpen):
        run.complete(5, {})
    run.complete(run.open_tasks[0].key, {})
    assert run.is_completed


def test_run_that_failed_is_not_used_again() -> None:
    task, gateway = draw.user("a"), draw.xor("x", has_default=False)
    flows = "start > a > x\nx > e : =go = 1\nx > b : =go = 2\nb > e"
    run = Host(one_task(task, gateway, draw.user("b"), flows=flows)).start().load()
    with pytest.raises(runner.DiagramFailed, match="no condition is true"):
        run.complete(run.open_tasks[0].key, {})
    with pytest.raises(RunUnusable):
        run.progress()
    with pytest.raises(RunUnusable):
        run.fire()
