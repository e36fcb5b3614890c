"""Our task specs: what the library's activities and gateways do differently here.

`parser.py` builds them, a `Definition` shares them between all its instances, so nothing here may
be changed while an instance runs. Everything a diagram expresses in zeebe: terms sits in
`extensions` (`Traits`) and is evaluated as FEEL at run time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask, SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.defaults import (
    ExclusiveGateway,
    ManualTask,
    NoneTask,
    ScriptTask,
    ServiceTask,
    UserTask,
)

from app.engine.dialect import Extensions, feel_of
from app.engine.errors import DiagramFailed
from app.engine.task import FUTURE
from app.engine.workflow import PROPERTY


@dataclass(frozen=True, slots=True)
class Traits:
    """What the diagram says about an element beyond its flows."""

    element_type: str = ""
    zeebe: Extensions = field(default_factory=Extensions)


_NO_TRAITS = Traits()


class Lean(BpmnTaskSpec):
    """Mixed in front of every library spec: one-step prediction, no re-checks, zeebe mappings.

    The library predicts whole chains of tasks ahead and checks each spec whenever a token enters
    it; here a task lays out its successors when it runs, and specs are checked at deployment.
    """

    is_boundary = False
    is_boundary_split = False
    reconsiders = False
    extensions: Traits = _NO_TRAITS

    @property
    def zeebe(self) -> Extensions:
        """What the dialect says about this element."""
        return self.extensions.zeebe

    def test(self) -> None:
        """Specs are checked once, by the lint."""

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        """Successors are laid out by `CaseTask.run`."""

    def _predict_hook(self, my_task: Any) -> None:
        my_task._sync_children(self.outputs, FUTURE)

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()
        return True

    def _on_ready_hook(self, my_task: Any) -> None:
        """Evaluate the input mappings: they belong to the moment the token arrives."""
        if self.zeebe.inputs:
            script_engine = my_task.workflow.script_engine
            inputs: dict[str, Any] = {}
            my_task.internal_data["inputs"] = inputs
            for mapping in self.zeebe.inputs:
                put(inputs, mapping.target, script_engine.evaluate(my_task, mapping.source))

    def _on_complete(self, my_task: Any) -> None:
        parent = my_task.parent
        if parent is not None:
            parent.task_spec.child_completed(parent, my_task)
        super()._on_complete(my_task)

    def child_completed(self, my_task: Any, child: Any) -> None:
        """Hear that a child of `my_task` completed, before anything that follows it moves."""

    def keep_results(self, my_task: Any, results: dict[str, Any], *, is_kept: bool) -> None:
        """Turn what the element produced into variables.

        With output mappings only these count, and they may read `results`; without, the results
        themselves become variables where `is_kept`. A mapping of a name to itself means the
        result of that name: where it is missing it is null, never what the variable was before.
        """
        my_task.local = {**my_task.local, **results}
        if self.zeebe.outputs:
            script_engine = my_task.workflow.script_engine
            own = my_task.local.keys() | my_task.internal_data.get("inputs", {}).keys()
            for mapping in self.zeebe.outputs:
                is_missing = mapping.target not in own and feel_of(mapping.source) == mapping.target
                value = None if is_missing else script_engine.evaluate(my_task, mapping.source)
                put(my_task.data, mapping.target, value)
        elif is_kept:
            my_task.data.update(results)

    def _leave_by(self, my_task: Any, specs: list[Any]) -> None:
        my_task._sync_children(specs, FUTURE)


def put(variables: dict[str, Any], target: str, value: Any) -> None:
    """Set `target`, which may be a path such as "limits.triage"; values on the way are copied."""
    name, _, rest = target.partition(".")
    if rest:
        inner = variables.get(name)
        inner = dict(inner) if isinstance(inner, dict) else {}
        put(inner, rest, value)
        value = inner
    variables[name] = value


class Start(Lean, BpmnStartTask):
    """The library's invisible start of every process; of several start events it takes one."""

    def _predict_hook(self, my_task: Any) -> None:
        outputs = self.outputs
        if len(outputs) > 1:
            outputs = [self._entry(my_task.workflow, outputs)]
        my_task._sync_children(outputs, FUTURE)

    def _entry(self, workflow: Any, events: list[Any]) -> Any:
        wanted = workflow.entry_message
        by_name = {getattr(each.event_definition, "name", None): each for each in events}
        return by_name.get(wanted, by_name.get(None, events[0]))


class Plain(Lean, SimpleBpmnTask):
    """The library's invisible end."""


class PassThrough(Lean, NoneTask):
    """bpmn:task: no semantics, so it does not hold the token."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **{**kwargs, "manual": False})
        self.manual = False


class ManualStep(Lean, ManualTask):
    """bpmn:manualTask: done outside, unseen by the system, as in Camunda 8."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **{**kwargs, "manual": False})
        self.manual = False


class HumanTask(Lean, UserTask):
    """A user task: everything about it is evaluated when it becomes ready, once."""

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        script_engine = my_task.workflow.script_engine
        values = {
            name: value
            for name, text in self._expressions()
            if (value := script_engine.evaluate(my_task, text)) is not None
        }
        if values:
            my_task.internal_data["task"] = values

    def _expressions(self) -> list[tuple[str, str]]:
        """Name and text of all that is FEEL here; literals stay in the definition."""
        zeebe = self.zeebe
        texts: dict[str, str | None] = {"priority": zeebe.priority}
        if zeebe.assignment is not None:
            texts["assignee"] = zeebe.assignment.assignee
            texts["groups"] = zeebe.assignment.candidate_groups
            texts["users"] = zeebe.assignment.candidate_users
        if zeebe.schedule is not None:
            texts["due"] = zeebe.schedule.due_date
            texts["follow_up"] = zeebe.schedule.follow_up_date
        if zeebe.form is not None:
            texts["form"] = zeebe.form.form_id
        texts.update({f"{PROPERTY}{name}": text for name, text in zeebe.properties.items()})
        return [(name, text) for name, text in texts.items() if text and feel_of(text) is not None]


class JobTask(Lean, ServiceTask):
    """A service task: stays STARTED until the host brings a result."""

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        job = self.zeebe.job
        if job is not None:
            script_engine = my_task.workflow.script_engine
            for name, text in (("type", job.job_type), ("retries", job.retries)):
                if feel_of(text) is not None:
                    my_task.internal_data[name] = script_engine.evaluate(my_task, text)

    def _run_hook(self, _my_task: Any) -> bool | None:
        return None


class DecisionTask(Lean, ServiceTask):
    """A business rule task with zeebe:calledDecision: asks a decision table."""

    def _run_hook(self, my_task: Any) -> bool:
        called = self.zeebe.decision
        if called is None:
            return True
        result = my_task.workflow.top_workflow.decide(my_task, called.decision_id)
        self.keep_results(my_task, {called.result_variable: result}, is_kept=True)
        return True


class FeelScript(Lean, ScriptTask):
    """A script task with zeebe:script: one FEEL expression, one variable."""

    def __init__(self, wf_spec: Any, bpmn_id: str, script: str = "", **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, script, **kwargs)

    def _run_hook(self, my_task: Any) -> bool:
        script = self.zeebe.script
        if script is None:
            return True
        value = my_task.workflow.script_engine.evaluate(my_task, script.expression)
        self.keep_results(my_task, {script.result_variable: value}, is_kept=True)
        return True


class Choice(Lean, ExclusiveGateway):
    """An exclusive gateway: the first condition that is true, else the default flow."""

    def _predict_hook(self, my_task: Any) -> None:
        """The outgoing flow is chosen when the gateway runs."""

    def _run_hook(self, my_task: Any) -> bool:
        name = next(iter(matching_flows(self, my_task)), self.default_task_spec)
        if name is None:
            raise DiagramFailed(
                element_id=self.bpmn_id, why="no condition is true, no default flow"
            )
        self._leave_by(my_task, [self._wf_spec.task_specs[name]])
        return True


def matching_flows(gateway: Any, my_task: Any) -> Iterator[str]:
    """Yield the target of each conditional flow whose condition is true, in the drawn order."""
    script_engine = my_task.workflow.script_engine
    for condition, name in gateway.cond_task_specs:
        if condition is not None and script_engine.evaluate(my_task, condition.args[0]) is True:
            yield name
