"""What we rely on in SpiffWorkflow: an upgrade that changes it must show here.

Most of what the library does differently from what a case needs is overridden; these are the
places where our classes hang on its inner workings.
"""

import inspect
from importlib.metadata import version

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine import catching, joins, scopes, specs, task, workflow
from app.engine.parser import DialectParser


def test_the_version_is_the_one_these_facts_were_found_on() -> None:
    assert version("SpiffWorkflow") == "3.2.0"


def test_states_are_ordered_as_our_masks_assume() -> None:
    names = ["MAYBE", "LIKELY", "FUTURE", "WAITING", "READY", "STARTED", "COMPLETED", "ERROR"]
    values = [getattr(TaskState, name) for name in names]
    assert values == sorted(values)
    assert task.FINISHED == TaskState.COMPLETED | TaskState.ERROR | TaskState.CANCELLED


OVERRIDDEN: list[tuple[type, type, tuple[str, ...]]] = [
    (task.CaseTask, Task, ("_set_state", "_add_child", "_inherit_data", "run", "cancel")),
    (
        specs.Lean,
        TaskSpec,
        ("test", "_predict", "_predict_hook", "_update_hook", "_on_ready_hook", "_on_complete"),
    ),
    (catching.Catcher, CatchingEvent, ("_update_hook", "_run_hook", "_on_cancel", "catches")),
    (joins.AllJoin, UnstructuredJoin, ("_update_hook", "_run_hook")),
    (scopes.SubProcess, scopes.SubWorkflowTask, ("_update_hook", "_on_subworkflow_completed")),
    (
        workflow.Instance,
        BpmnWorkflow,
        ("create_subprocess", "update_waiting_tasks", "_task_completed_notify", "_mark_complete"),
    ),
]


@pytest.mark.parametrize(("ours", "library", "names"), OVERRIDDEN)
def test_what_we_override_is_still_there_to_override(
    ours: type, library: type, names: tuple[str, ...]
) -> None:
    """Each still exists there, and ours takes what the library would hand over."""
    for name in names:
        expected = inspect.signature(getattr(library, name)).parameters
        inspect.signature(getattr(ours, name)).bind(*expected)
        assert getattr(ours, name) is not getattr(library, name)


def test_completing_updates_the_children_and_then_tells_the_workflow() -> None:
    source = inspect.getsource(TaskSpec._on_complete)
    hook, update, notify = map(
        source.index, ("_on_complete_hook(", "task_spec._update(", "_task_completed_notify(")
    )
    assert hook < update < notify


def test_every_tag_the_library_parses_has_our_parser_or_is_refused() -> None:
    refused = {"transaction", "adHocSubProcess"}
    theirs = {tag.rpartition("}")[2] for tag in BpmnParser.PARSER_CLASSES}
    ours = {tag.rpartition("}")[2] for tag in DialectParser.PARSER_CLASSES}
    assert theirs - refused <= ours
    assert ours - theirs == {"businessRuleTask"}


def test_no_spec_class_of_the_library_is_built_without_our_changes() -> None:
    for _, spec_class in DialectParser.PARSER_CLASSES.values():
        assert issubclass(spec_class, specs.Lean), spec_class


def test_no_python_of_a_model_can_run() -> None:
    """Our expressions object offers the library nothing that executes."""
    from app.engine.expressions import Expressions

    for name in ("execute", "call_service", "environment"):
        assert not hasattr(Expressions, name)


def test_waiting_elements_register_with_the_event_manager_by_id() -> None:
    manager = EventManager(None)

    class Waiting:
        id = 7

    manager.add_task(Waiting())
    assert list(manager.tasks) == [7]


def test_our_multi_instance_is_not_the_one_that_changes_shared_specs() -> None:
    assert not issubclass(scopes.Body, MultiInstanceTask)
