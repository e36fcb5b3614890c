"""Takes a parsed spec once through the library's registry, so that all instances share one shape.

A freshly parsed spec is wired differently from a restored one, and instances saved under one could
get stuck under the other. Only specs pass here; nobody's data ever does.
"""

from typing import Any

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default import BpmnProcessSpecConverter
from SpiffWorkflow.bpmn.serializer.default.event_definition import (
    ErrorEscalationEventDefinitionConverter,
    TimerConditionalEventDefinitionConverter,
)
from SpiffWorkflow.bpmn.serializer.default.task_spec import (
    BoundaryEventConverter,
    BpmnStartTaskConverter,
    BpmnTaskSpecConverter,
    ConditionalGatewayConverter,
    EventConverter,
    ExclusiveGatewayConverter,
    ParallelGatewayConverter,
    ScriptTaskConverter,
    SubWorkflowConverter,
)
from SpiffWorkflow.bpmn.serializer.helpers import EventDefinitionConverter

from app.engine import catching, events, joins, scopes, specs
from app.engine.parser import ProcessSpec


class _ProcessConverter(BpmnProcessSpecConverter):
    def to_dict(self, spec: Any) -> dict[str, Any]:
        return {**super().to_dict(spec), "flow_ids": spec.flow_ids}

    def from_dict(self, dct: dict[str, Any]) -> Any:
        flow_ids = dct.pop("flow_ids")
        spec = super().from_dict(dct)
        spec.flow_ids = flow_ids
        return spec


class _BodyConverter(BpmnTaskSpecConverter):
    def to_dict(self, spec: Any) -> dict[str, Any]:
        return {**super().to_dict(spec), "task_spec": spec.task_spec}


class _MessageConverter(EventDefinitionConverter):
    def to_dict(self, event_definition: Any) -> dict[str, Any]:
        found = super().to_dict(event_definition)
        return {**found, "correlation_key": event_definition.correlation_key}


_CONVERTERS = {
    ProcessSpec: _ProcessConverter,
    specs.Start: BpmnStartTaskConverter,
    specs.Plain: BpmnTaskSpecConverter,
    specs.PassThrough: BpmnTaskSpecConverter,
    specs.ManualStep: BpmnTaskSpecConverter,
    specs.HumanTask: BpmnTaskSpecConverter,
    specs.JobTask: BpmnTaskSpecConverter,
    specs.DecisionTask: BpmnTaskSpecConverter,
    specs.FeelScript: ScriptTaskConverter,
    specs.Choice: ExclusiveGatewayConverter,
    joins.AllJoin: ParallelGatewayConverter,
    joins.AnyJoin: ConditionalGatewayConverter,
    joins.EndJoin: BpmnTaskSpecConverter,
    scopes.SubProcess: SubWorkflowConverter,
    scopes.Call: SubWorkflowConverter,
    scopes.Body: _BodyConverter,
    catching.StartCatch: EventConverter,
    catching.IntermediateCatch: EventConverter,
    catching.Receive: EventConverter,
    catching.Boundary: BoundaryEventConverter,
    catching.BoundarySplit: BpmnTaskSpecConverter,
    catching.FirstEvent: EventConverter,
    catching.Throw: EventConverter,
    catching.Send: EventConverter,
    catching.End: EventConverter,
    events.DateTimer: TimerConditionalEventDefinitionConverter,
    events.DurationTimer: TimerConditionalEventDefinitionConverter,
    events.CycleTimer: TimerConditionalEventDefinitionConverter,
    events.Message: _MessageConverter,
    events.Signal: EventDefinitionConverter,
    events.Error: ErrorEscalationEventDefinitionConverter,
    events.Escalation: ErrorEscalationEventDefinitionConverter,
}
_REGISTRY = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, **_CONVERTERS})


def canonical(spec: ProcessSpec) -> ProcessSpec:
    """Return the spec in the shape every instance of it shares."""
    restored: ProcessSpec = _REGISTRY.restore(describe(spec))
    return restored


def describe(spec: ProcessSpec) -> dict[str, Any]:
    """Return everything the registry knows of `spec`; equal before and after any run."""
    described: dict[str, Any] = _REGISTRY.convert(spec)
    return described
