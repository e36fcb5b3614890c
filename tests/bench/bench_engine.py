"""Engine room: bytes of an open case, and a step beside stock SpiffWorkflow on the same diagram.

Both sides load a saved case that waits at `handle`, complete it, and save it again, in turns and
in one run. The stock side is SpiffWorkflow's own parser, workflow and serializer; its scripts are
the diagram's, put into Python once beforehand, because it knows no FEEL and no service tasks.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from app.engine import runner
from tests.engine.first_road import BPMN, LIMITS, CaseHost, grid_case

ROUNDS = 300
TO_HANDLE = ("triage", "dispatch", "sign_for")
AFTER_HANDLE = ("review_result", "close")
ANSWERS = {"decision": "accept", "sign": "sign", "verdict": "pass"}


def main() -> int:
    """Print one line of JSON per measure; 1 where a target is missed."""
    ours, theirs = our_step(), stock_step()
    times: dict[str, list[float]] = {"ours": [], "stock": []}
    for number in range(ROUNDS):
        pairs = [("ours", ours), ("stock", theirs)]
        for name, step in pairs if number % 2 else reversed(pairs):
            began = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - began)
    median = {name: statistics.median(each) * 1e6 for name, each in times.items()}
    largest, at_handle = state_sizes()
    lines = [
        line("engine.state_bytes_largest", largest, "bytes", target=4000, is_at_most=True),
        line("engine.state_bytes_at_handle", at_handle, "bytes", target=4000, is_at_most=True),
        line("engine.step_microseconds", median["ours"], "us", target=None),
        line("engine.stock_step_microseconds", median["stock"], "us", target=None),
        line(
            "engine.step_times_faster_than_stock", median["stock"] / median["ours"], "x", target=5
        ),
    ]
    for each in lines:
        sys.stdout.write(json.dumps(each) + "\n")
    return 0 if all(each["met"] for each in lines) else 1


def line(
    name: str, value: float, unit: str, *, target: float | None, is_at_most: bool = False
) -> dict[str, Any]:
    """One measure as `make bench` prints it."""
    met = target is None or (value <= target if is_at_most else value >= target)
    return {"name": name, "value": round(value, 1), "unit": unit, "target": target, "met": met}


def state_sizes() -> tuple[int, int]:
    """Return the largest state on the way of a case with rework, and the one at `handle`."""
    host = CaseHost(grid_case()).start("CaseReported")
    for step in TO_HANDLE:
        host.do(step, **ANSWERS)
    at_handle = len(host.state)
    for _ in range(3):
        host.do("handle").do("review_result", verdict="rework")
    host.do("handle")
    for step in AFTER_HANDLE:
        host.do(step, **ANSWERS)
    return host.largest_state, at_handle


def our_step() -> Callable[[], None]:
    """Return our load → complete → save, for a case that waits at `handle`."""
    host = CaseHost(grid_case()).start("CaseReported")
    for step in TO_HANDLE:
        host.do(step, **ANSWERS)
    next_key = count(10**15).__next__
    key = host.task("handle").key

    def step() -> None:
        run = runner.load(
            host.definition, host.state, facts=host.facts, now=host.now, next_key=next_key
        )
        run.complete(key, {"result": "done"}, actor="7")
        if run.progress().is_completed:
            raise AssertionError("the case should wait at review_result")

    return step


class DoneService(ServiceTask):
    """A service task that is done at once: the stock side performs no operation either."""

    def _run_hook(self, my_task: Any) -> bool:
        return True


class StockParser(BpmnParser):
    """The stock parser; rule and script tasks, which it cannot read here, are services."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012
        full_tag(tag): (TaskParser, DoneService)
        for tag in ("serviceTask", "businessRuleTask", "scriptTask")
    }


class StockExpressions(PythonScriptEngine):
    """What the diagram's expressions would give, at no cost to the stock side."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """Answer conditions with false, so that every gateway takes its default flow."""
        if expression.startswith("=calendar"):
            return "2099-01-01T00:00:00+00:00"
        return False


def stock_step() -> Callable[[], None]:
    """Return the stock library's load → complete → save, for the same case."""
    serializer = stock_serializer()
    saved = stock_case(serializer)
    expressions = StockExpressions()

    def step() -> None:
        case = serializer.deserialize_json(saved)
        case.script_engine = expressions
        ready(case, "handle").run()
        case.do_engine_steps()
        serializer.serialize_json(case)
        if ready(case, "review_result") is None:
            raise AssertionError("the case should wait at review_result")

    return step


def stock_serializer() -> BpmnWorkflowSerializer:
    """Return the stock serializer, told of the one class the parser above adds."""
    config = {**DEFAULT_CONFIG, DoneService: BpmnTaskSpecConverter}
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


def stock_case(serializer: BpmnWorkflowSerializer) -> str:
    """Return the saved case of the stock side, which waits at `handle` with our variables."""
    parser = StockParser()
    parser.add_bpmn_xml(etree.parse(BPMN / "grid_case.bpmn"))
    case = BpmnWorkflow(parser.get_spec("grid_case"), script_engine=StockExpressions())
    case.do_engine_steps()
    variables = {"limits": LIMITS, "return_count": 0, "rework_count": 0, "handler": "7"}
    message = MessageEventDefinition("CaseReported")
    case.send_event(BpmnEvent(message, payload=variables))
    case.do_engine_steps()
    for name in TO_HANDLE:
        ready(case, name).run()
        case.do_engine_steps()
    saved: str = serializer.serialize_json(case)
    return saved


def ready(case: Any, name: str) -> Any:
    """Return the ready task of an element."""
    return case.get_next_task(state=TaskState.READY, spec_name=name)


if __name__ == "__main__":
    sys.exit(main())
