"""Builds task specs from a diagram: the library's parser, reading the Camunda 8 dialect.

`definition.py` hands it trees that `xml.py` has already judged. What the lint refuses is refused
here only where the library would otherwise build something that misbehaves.
"""

from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import task_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from app.engine import catching, events, joins, scopes, specs
from app.engine.dialect import BPMN_NAMESPACE, Extensions, feel_of, read
from app.engine.errors import DiagramRefused

_BPMN = f"{{{BPMN_NAMESPACE}}}"
_TIMERS = {
    "timeDate": events.DateTimer,
    "timeDuration": events.DurationTimer,
    "timeCycle": events.CycleTimer,
}


def element_type(tag: str) -> str:
    """Return "USER_TASK" for the tag userTask, with or without its namespace."""
    name = etree.QName(tag).localname
    return "".join(f"_{each}" if each.isupper() else each for each in name).upper().lstrip("_")


class ProcessSpec(BpmnProcessSpec):
    """A process or sub-process; `flow_ids` maps (source id, target id) to the sequence flow."""

    def __init__(
        self,
        name: str | None = None,
        description: str | None = None,
        filename: str | None = None,
        svg: Any = None,
    ) -> None:
        super().__init__(name=name, description=description, filename=filename, svg=svg)
        self.task_specs.clear()
        self.start = specs.Start(self, "Start")
        self.end = joins.EndJoin(self, f"{self.name}.EndJoin")
        self.end.connect(specs.Plain(self, "End"))
        self.flow_ids: dict[tuple[str, str], str] = {}


class DialectProcessParser(ProcessParser):
    """Parses one process or sub-process into a `ProcessSpec`."""

    def create_spec(self) -> ProcessSpec:
        """Create the empty spec."""
        spec = ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)
        for flow in self.node.iterchildren(f"{_BPMN}sequenceFlow"):
            pair = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
            spec.flow_ids.setdefault(pair, flow.get("id", ""))
        return spec

    def add_tasks(self) -> None:
        """Parse from every start event on; `specs.Start` picks one at run time."""
        self.spec.data_objects = {}
        starts = self.node.findall(f"{_BPMN}startEvent")
        if not starts:
            raise DiagramRefused(why=f"{self.bpmn_id} has no start event")
        for start in starts:
            self.parse_node(start)
        for inner in self.node.findall(f"{_BPMN}subProcess"):
            if inner.get("triggeredByEvent") == "true":
                raise DiagramRefused(why=f"{inner.get('id')} is an event sub-process")


class _Dialect(TaskParser):
    """Mixed in front of the library's element parsers."""

    task: Any

    def parse_extensions(self, node: Any = None) -> specs.Traits:
        """Read what zeebe: says, in place of the library's empty answer."""
        node = self.node if node is None else node
        return specs.Traits(element_type=element_type(node.tag), zeebe=read(node))

    def get_position(self, _node: Any = None) -> dict[str, float]:
        """Order flows as the file lists them: a picture moved must not change what happens."""
        return {"x": 0.0, "y": 0.0}

    def connect_outgoing(
        self, outgoing_task: Any, sequence_flow_node: Any, is_default: bool
    ) -> None:
        """Connect a flow; a condition where nobody would ask it must not be lost silently."""
        is_asked = isinstance(self.task, specs.Choice | joins.AnyJoin)
        if not is_asked and self.parse_condition(sequence_flow_node) is not None:
            raise DiagramRefused(why=f"{self.bpmn_id} has a condition but is no gateway that asks")
        super().connect_outgoing(outgoing_task, sequence_flow_node, is_default)

    def parse_incoming_data_references(self) -> list[Any]:
        """Data objects are pictures here: variables are what FEEL reads and mappings write."""
        return []

    def parse_outgoing_data_references(self) -> list[Any]:
        """See `parse_incoming_data_references`."""
        return []

    def parse_io_spec(self) -> None:
        """BPMN's own input and output sets are not part of the dialect."""

    def _add_loop_task(self, _loop_characteristics: Any) -> None:
        raise DiagramRefused(why=f"{self.bpmn_id} uses a standard loop")

    def _add_multiinstance_task(self, loop_characteristics: Any) -> None:
        original = self.spec.task_specs.pop(self.task.name)
        traits = original.extensions
        self.task = scopes.Body(self.spec, original.name, bpmn_name=original.bpmn_name)
        self.task.extensions = specs.Traits(
            element_type="MULTI_INSTANCE_BODY",
            zeebe=Extensions(multi_instance=traits.zeebe.multi_instance),
        )
        self._copy_task_attrs(original, loop_characteristics)

    def _add_boundary_event(self, children: list[Any]) -> Any:
        split = catching.BoundarySplit(self.spec, f"{self.bpmn_id}.BoundaryEventSplit")
        split.connect(self.task)
        for event in children:
            split.connect(self.process_parser.parse_node(event))
        return split

    def handles_multiple_outgoing(self) -> bool:
        """Several flows out of any element are an implicit parallel split, as BPMN has it."""
        return True


class _SubProcessParser(_Dialect, task_parsers.SubWorkflowParser):
    pass


class _CallParser(_Dialect, task_parsers.CallActivityParser):
    def create_task(self) -> Any:
        """Create the call from zeebe:calledElement, which modelers write instead of BPMN's own."""
        called = read(self.node).called_process
        process_id = self.node.get("calledElement") if called is None else called.process_id
        if not process_id or feel_of(process_id) is not None:
            raise DiagramRefused(why=f"{self.bpmn_id} does not name the process it calls")
        return self.spec_class(
            self.spec, self.bpmn_id, subworkflow_spec=process_id, **self.bpmn_attributes
        )


class _JobParser(_Dialect):
    """Any task with zeebe:taskDefinition is a job, whatever its tag."""

    def create_task(self) -> Any:
        """Create a job, or what the tag says where no job is defined."""
        spec_class = specs.JobTask if read(self.node).job is not None else self.spec_class
        return spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)


class _EventParser(_Dialect, EventDefinitionParser):
    """Events: which definition an element has, and our own classes for it."""

    def parse_timer_event(self, event: Any) -> Any:
        """Read one of timeDate, timeDuration and timeCycle."""
        for tag, definition in _TIMERS.items():
            found = event.find(f"{_BPMN}{tag}")
            if found is not None:
                return definition(self.bpmn_id, (found.text or "").strip())
        raise DiagramRefused(why=f"{self.bpmn_id} has a timer without a time")

    def parse_message_event(self, message_event: Any) -> Any:
        """Read the message an element refers to, with its correlation key."""
        message = self._referred(message_event, "message")
        return events.Message(message.get("name"), read(message).correlation_key)

    def parse_signal_event(self, signal_event: Any) -> Any:
        """Read the signal an element refers to."""
        return events.Signal(self._referred(signal_event, "signal").get("name"))

    def parse_error_event(self, error_event: Any) -> Any:
        """Read the error; without a reference a boundary takes every error."""
        error = self._referred(error_event, "error", is_required=False)
        if error is None:
            return events.Error("", None)
        return events.Error(error.get("name"), error.get("errorCode"))

    def parse_escalation_event(self, escalation_event: Any) -> Any:
        """Read the escalation; without a reference a boundary takes every escalation."""
        escalation = self._referred(escalation_event, "escalation", is_required=False)
        if escalation is None:
            return events.Escalation("", None)
        return events.Escalation(escalation.get("name"), escalation.get("escalationCode"))

    def parse_conditional_event(self, _event: Any) -> Any:
        """Refuse: the engine would not look at the condition again."""
        raise DiagramRefused(why=f"{self.bpmn_id} is a conditional event")

    def _referred(self, node: Any, kind: str, *, is_required: bool = True) -> Any:
        reference = node.get(f"{kind}Ref")
        found = None
        if reference:
            root = self.process_parser.document_root
            found = next(
                (each for each in root.iter(f"{_BPMN}{kind}") if each.get("id") == reference), None
            )
        if found is None and (is_required or reference):
            raise DiagramRefused(why=f"{self.bpmn_id} refers to no {kind}")
        return found

    def _definition(self) -> Any:
        """Return the one event definition of the element, a none definition where it has none."""
        readers = {
            "messageEventDefinition": self.parse_message_event,
            "timerEventDefinition": self.parse_timer_event,
            "errorEventDefinition": self.parse_error_event,
            "escalationEventDefinition": self.parse_escalation_event,
            "signalEventDefinition": self.parse_signal_event,
            "terminateEventDefinition": self.parse_terminate_event,
            "conditionalEventDefinition": self.parse_conditional_event,
        }
        found = [
            (readers.get(etree.QName(child).localname), child)
            for child in self.node
            if isinstance(child.tag, str) and child.tag.endswith("EventDefinition")
        ]
        if not found:
            return NoneEventDefinition()
        reader, child = found[0]
        if reader is None or len(found) > 1:
            raise DiagramRefused(why=f"{self.bpmn_id} has an event this system does not run")
        return reader(child)

    def create_task(self) -> Any:
        """Create the event."""
        attributes = self.bpmn_attributes
        if issubclass(self.spec_class, catching.Boundary):
            attributes["cancel_activity"] = self.node.get("cancelActivity", "true") == "true"
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=self._definition(), **attributes
        )

    def get_description(self) -> str:
        """Nobody reads the library's descriptions."""
        return ""


class _StartParser(_EventParser):
    def create_task(self) -> Any:
        """Create the start event behind the invisible start."""
        task = super().create_task()
        self.spec.start.connect(task)
        return task


class _EndParser(_EventParser):
    def create_task(self) -> Any:
        """Create the end event in front of the invisible end."""
        task = super().create_task()
        task.connect(self.spec.end)
        return task


class _MessageTaskParser(_EventParser):
    """Send and receive tasks name their message themselves; a send task may be a job instead."""

    def create_task(self) -> Any:
        """Create the task."""
        if self.node.get("messageRef") is None and read(self.node).job is not None:
            return specs.JobTask(self.spec, self.bpmn_id, **self.bpmn_attributes)
        definition = self.parse_message_event(self.node)
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=definition, **self.bpmn_attributes
        )


class _GatewayParser(_Dialect, task_parsers.GatewayParser):
    pass


class _ConditionalGatewayParser(_Dialect, task_parsers.ConditionalGatewayParser):
    pass


class _EventGatewayParser(_EventParser):
    def create_task(self) -> Any:
        """Create the gateway; it takes over the definitions of the events behind it."""
        return self.spec_class(
            self.spec,
            self.bpmn_id,
            event_definition=MultipleEventDefinition(),
            **self.bpmn_attributes,
        )


class DialectParser(BpmnParser):
    """The parser of the engine room."""

    PROCESS_PARSER_CLASS = DialectProcessParser

    def _add_data_stores(self, _bpmn: Any) -> None:
        """Data stores are pictures here, as data objects are."""

    PARSER_CLASSES: ClassVar[dict[str, tuple[type, type]]] = {
        full_tag(tag): pair
        for tag, pair in {
            "startEvent": (_StartParser, catching.StartCatch),
            "endEvent": (_EndParser, catching.End),
            "intermediateCatchEvent": (_EventParser, catching.IntermediateCatch),
            "intermediateThrowEvent": (_EventParser, catching.Throw),
            "boundaryEvent": (_EventParser, catching.Boundary),
            "eventBasedGateway": (_EventGatewayParser, catching.FirstEvent),
            "receiveTask": (_MessageTaskParser, catching.Receive),
            "sendTask": (_MessageTaskParser, catching.Send),
            "userTask": (_Dialect, specs.HumanTask),
            "task": (_Dialect, specs.PassThrough),
            "manualTask": (_Dialect, specs.ManualStep),
            "serviceTask": (_JobParser, specs.JobTask),
            "scriptTask": (_JobParser, specs.FeelScript),
            "businessRuleTask": (_JobParser, specs.DecisionTask),
            "exclusiveGateway": (_ConditionalGatewayParser, specs.Choice),
            "inclusiveGateway": (_ConditionalGatewayParser, joins.AnyJoin),
            "parallelGateway": (_GatewayParser, joins.AllJoin),
            "subProcess": (_SubProcessParser, scopes.SubProcess),
            "callActivity": (_CallParser, scopes.Call),
        }.items()
    }
