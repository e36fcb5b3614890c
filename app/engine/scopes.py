"""Activities with an inside: embedded sub-processes, call activities, multi-instance bodies."""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from app.engine.dialect import MultiInstance
from app.engine.merge import merge_branches
from app.engine.specs import Lean
from app.engine.task import ACTIVE, READY, STARTED, WAITING


class SubProcess(Lean, SubWorkflowTask):
    """An embedded sub-process: its variables start as a copy and come back when it ends."""

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.has_state(STARTED | READY):
            return False
        my_task._inherit_data()
        Lean._on_ready_hook(self, my_task)
        my_task._set_state(STARTED)
        inside = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inside.task_tree.data.update(self.variables_in(my_task))
        inside.completed_event.connect(self._on_subworkflow_completed, my_task)
        inside.task_tree._ready()
        inside.task_tree.run()
        return False

    def _on_ready_hook(self, my_task: Any) -> None:
        """Inputs were evaluated on entry; on the way out there is nothing to prepare."""

    def _on_subworkflow_completed(self, inside: Any, my_task: Any) -> None:
        my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        self.take_out(my_task, inside.last_task.data)
        my_task._set_state(READY)

    def _run_hook(self, _my_task: Any) -> bool:
        return True

    def _on_cancel(self, my_task: Any) -> None:
        inside = my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        if inside is not None:
            inside.cancel()

    def variables_in(self, my_task: Any) -> dict[str, Any]:
        """Return the variables the inside starts with."""
        return {**my_task.data, **my_task.internal_data.get("inputs", {})}

    def take_out(self, my_task: Any, inner: dict[str, Any]) -> None:
        """Take the variables of the inside over; what only its input mappings made stays there."""
        if self.zeebe.outputs:
            self.keep_results(my_task, inner, is_kept=False)
            return
        own = my_task.internal_data.get("inputs", {}).keys() - my_task.data.keys()
        my_task.data = {name: value for name, value in inner.items() if name not in own}


class Call(SubProcess, CallActivity):
    """A call activity: with input mappings the called process sees these variables only."""

    def variables_in(self, my_task: Any) -> dict[str, Any]:
        """Return the mapped variables, or all where nothing is mapped."""
        if self.zeebe.inputs:
            return dict(my_task.internal_data["inputs"])
        return dict(my_task.data)

    def take_out(self, my_task: Any, inner: dict[str, Any]) -> None:
        """Take over what is mapped, or everything where the diagram says so."""
        called = self.zeebe.called_process
        is_kept = called is None or called.propagates_all_child_variables
        self.keep_results(my_task, inner, is_kept=is_kept)


class Body(Lean, BpmnSpecMixin):
    """The body of a multi-instance activity; its instances are its children.

    The output collection is a context keyed by the item where that is a string, by the position
    otherwise, and starts empty on every entry. A collection that is null counts as empty.
    """

    def __init__(self, wf_spec: Any, bpmn_id: str, task_spec: str = "", **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.task_spec = task_spec

    @property
    def loop(self) -> MultiInstance:
        """The zeebe:loopCharacteristics of this activity."""
        loop = self.zeebe.multi_instance
        assert loop is not None, "only elements with loop characteristics become bodies"  # noqa: S101
        return loop

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.has_state(STARTED | READY):
            return False
        my_task._inherit_data()
        items = self._items(my_task)
        my_task.internal_data.update(total=len(items), done=0)
        if self.loop.output_collection:
            my_task.data[self.loop.output_collection] = {}
        if not items:
            return True
        my_task._set_state(STARTED)
        if self.loop.is_sequential:
            my_task.internal_data["left"] = items
            self._create_next(my_task)
        else:
            for number, (key, item) in enumerate(items, start=1):
                self._create(my_task, number, key, item)
        return False

    def _items(self, my_task: Any) -> list[list[Any]]:
        """Pairs of output key and item."""
        found = my_task.workflow.script_engine.evaluate(my_task, self.loop.input_collection)
        if isinstance(found, dict):
            return [[key, item] for key, item in found.items()]
        if found is not None and not isinstance(found, list):
            found = [found]
        return [
            [item if isinstance(item, str) else str(index), item]
            for index, item in enumerate(found or [])
        ]

    def _create_next(self, my_task: Any) -> None:
        internal = my_task.internal_data
        key, item = internal["left"][0]
        internal["left"] = internal["left"][1:]
        self._create(my_task, internal["total"] - len(internal["left"]), key, item)

    def _create(self, my_task: Any, number: int, key: str, item: Any) -> None:
        spec = self._wf_spec.task_specs[self.task_spec]
        child = my_task._add_child(spec, WAITING)
        child.triggered = True
        child.internal_data.update(item_key=key, number=number)
        if self.loop.input_element:
            child.data[self.loop.input_element] = item
        spec._update(child)

    def child_completed(self, my_task: Any, child: Any) -> None:
        """Collect an instance's output and see whether another starts or the body is done."""
        if not child.triggered:
            return
        my_task.internal_data["done"] += 1
        self._collect(my_task, child)
        if self._is_enough(my_task, child):
            for other in my_task.children:
                if other.triggered and other is not child:
                    other.cancel()
            my_task._set_state(READY)
        elif my_task.internal_data.get("left"):
            self._create_next(my_task)
        elif not any(each.triggered and each.has_state(ACTIVE) for each in my_task.children):
            my_task._set_state(READY)

    def _collect(self, my_task: Any, child: Any) -> None:
        loop = self.loop
        if loop.output_collection:
            value = None
            if loop.output_element:
                value = child.workflow.script_engine.evaluate(child, loop.output_element)
            collected = my_task.data.get(loop.output_collection) or {}
            key = child.internal_data["item_key"]
            my_task.data[loop.output_collection] = {**collected, key: value}
            return
        found = {name: value for name, value in child.data.items() if name != loop.input_element}
        my_task.data = merge_branches(my_task.parent.data, (my_task.data, found))

    def _is_enough(self, my_task: Any, child: Any) -> bool:
        condition = self.loop.completion_condition
        if not condition:
            return False
        running = [each for each in my_task.children if each.triggered and each.has_state(ACTIVE)]
        counts = {
            "numberOfInstances": my_task.internal_data["total"],
            "numberOfCompletedInstances": my_task.internal_data["done"],
            "numberOfActiveInstances": len(running),
        }
        if self.loop.output_collection:
            name = self.loop.output_collection
            counts[name] = my_task.data[name]
        result = child.workflow.script_engine.evaluate(child, condition, counts)
        return result is True

    def _run_hook(self, _my_task: Any) -> bool:
        return True
