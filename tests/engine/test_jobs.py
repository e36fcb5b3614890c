"""Service, script and rule tasks: the engine performs no effect, it says which one is due."""

from typing import Any

import pytest

from app.engine import definition
from app.engine.errors import DiagramFailed, JobNotPending
from app.engine.progress import PendingJob
from tests.engine import drawing as draw
from tests.engine.first_road import Table
from tests.engine.host import Host


def load(*nodes: str, flows: str, **given: Any) -> definition.Definition:
    data = draw.diagram(draw.process("p", *nodes, draw.end("e"), flows=flows))
    return definition.load({"p": data}, "p", **given)


def test_service_task_waits_for_its_host() -> None:
    job = draw.service(
        "s", "notify", inputs={"to": "=who", "fixed": "x"}, headers={"template": "closed"}
    )
    host = Host(load(job, flows="start > s > e"), does_jobs=False).start(who="7")
    assert host.run.jobs == (
        PendingJob(
            key=host.job("s").key,
            element_id="s",
            job_type="notify",
            inputs={"to": "7", "fixed": "x"},
            headers={"template": "closed"},
        ),
    )
    assert not host.is_completed
    assert host.finish("s").is_completed


def test_inputs_are_those_of_the_moment_the_job_became_due() -> None:
    job = draw.service("s", inputs={"level": "=case.level"})
    host = Host(load(job, flows="start > s > e"), does_jobs=False)
    host.facts = {"case": {"level": "street"}}
    host.start()
    host.facts = {"case": {"level": "district"}}
    assert host.tick(hours=1).job("s").inputs == {"level": "street"}


def test_type_and_retries_may_be_expressions() -> None:
    job = draw.service("s", '="do_" + what', retries="=2 + 3")
    pending = Host(load(job, flows="start > s > e"), does_jobs=False).start(what="it").job("s")
    assert (pending.job_type, pending.retries) == ("do_it", 5)


def test_results_become_variables_or_go_through_the_output_mapping() -> None:
    plain, mapped = draw.service("s"), draw.service("t", outputs={"kept": "=made + 1"})
    host = Host(load(plain, mapped, draw.user("u"), flows="start > s > t > u > e"), does_jobs=False)
    host.start().finish("s", found=1).finish("t", made=1, other=2)
    assert host.variables == {"found": 1, "kept": 2}


def test_finished_job_is_gone() -> None:
    host = Host(load(draw.service("s"), flows="start > s > e"), does_jobs=False).start()
    key = host.job("s").key
    host.finish("s")
    assert host.progress is not None
    assert [job.key for job in host.progress.jobs_gone] == [key]
    with pytest.raises(JobNotPending):
        host.load().finish_job(key, {})


def test_job_of_a_multi_instance_says_so() -> None:
    job = draw.service("s", inputs={"item": "=d"}, loop=draw.each('=["a","b"]', "d"))
    host = Host(load(job, flows="start > s > e"), does_jobs=False).start()
    assert [(job.is_multi_instance, job.inputs) for job in host.run.jobs] == [
        (True, {"item": "a"}),
        (True, {"item": "b"}),
    ]


def test_script_sets_its_variable() -> None:
    nodes = draw.script("s", "n", "=(if n = null then 0 else n) + 1"), draw.user("u")
    assert Host(load(*nodes, flows="start > s > u > e")).start().variables == {"n": 1}


def test_mapping_may_set_a_part_of_a_variable() -> None:
    nodes = draw.service("s", outputs={"limits.triage": '="2 wh"'}), draw.user("u")
    host = Host(load(*nodes, flows="start > s > u > e")).start(limits={"close": "1 wd"})
    assert host.variables == {"limits": {"close": "1 wd", "triage": "2 wh"}}


def test_nothing_of_a_diagram_is_python() -> None:
    text = "__import__('os').system('true')"
    host = Host(load(draw.script("s", "v", text), draw.user("u"), flows="start > s > u > e"))
    assert host.start().variables == {"v": text}


def test_table_answers_into_its_variable_with_reasons() -> None:
    nodes = draw.rule("r", "duty_list", "duty"), draw.user("u")
    tables = {"duty_list": Table({"lead_unit": "roads"})}
    host = Host(load(*nodes, flows="start > r > u > e", decisions=tables), facts={"case": {}})
    assert host.start().variables == {"duty": {"lead_unit": "roads"}}
    assert host.progress is not None
    (taken,) = host.progress.decisions
    assert (taken.element_id, taken.decision_id) == ("r", "duty_list")
    assert taken.result == {"lead_unit": "roads"}
    assert taken.trace == {"decision": "duty_list"}


def test_table_that_is_not_deployed_fails_by_name() -> None:
    host = Host(load(draw.rule("r", "duty_list", "duty"), flows="start > r > e"))
    with pytest.raises(DiagramFailed, match="duty_list is not deployed"):
        host.start()


def test_tasks_without_meaning_do_not_hold_the_token() -> None:
    nodes = draw.element("task", "t"), draw.element("manualTask", "m")
    assert Host(load(*nodes, flows="start > t > m > e")).start().is_completed
