"""One token's stay at one element: the library's Task without its clocks, UUIDs and log records.

A visible element gets its public key when a token reaches it, never for a mere prediction; order
is kept by a counter of the instance, so that saving and loading cannot change it. `workflow.py`
creates the roots, the library's own code creates the rest through `_add_child`.
"""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

ACTIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
FINISHED = TaskState.FINISHED_MASK
WAITING = TaskState.WAITING
READY = TaskState.READY
STARTED = TaskState.STARTED
FUTURE = TaskState.FUTURE
COMPLETED = TaskState.COMPLETED
CANCELLED = TaskState.CANCELLED


class CaseTask(Task):
    """A task whose state changes are told to the instance it belongs to.

    `key` is 0 until the element is reached, and stays 0 for what no diagram shows. `local` holds
    what only this element's own mappings may see while it is being completed; it is never saved.
    """

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: "CaseTask | None" = None,
        state: int = TaskState.MAYBE,
    ) -> None:
        # The library's constructor asks the clock and draws a UUID for every prediction.
        top = workflow.top_workflow
        self.id = top.next_id()
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = None if parent is None else parent.id
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.local: dict[str, Any] = {}
        self.key = 0
        self.last_state_change = top.next_moment()
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)
        if state & ACTIVE:
            self._entered(top)

    def _entered(self, top: Any) -> None:
        if self.task_spec.bpmn_id is not None:
            self.key = top.next_key()
            top.journal.entered(self)

    def _set_state(self, value: int) -> None:
        was = self._state
        if value == was:
            return
        top = self.workflow.top_workflow
        self._state = value
        self.last_state_change = top.next_moment()
        if value & ACTIVE and not was & ACTIVE:
            self._entered(top)
        elif value & FINISHED and was & ACTIVE and self.key:
            top.journal.left(self)

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> "CaseTask":
        child = CaseTask(self.workflow, task_spec, self, state)
        if state == READY:
            child._ready()
        return child

    def _inherit_data(self) -> None:
        """Take the parent's variables, except those this element was given for itself."""
        parent = self.parent
        if parent is not None:
            self.data = {**parent.data, **self.data}

    def run(self) -> bool | None:
        """Execute the element; what follows it is only now laid out, one step ahead."""
        self.task_spec._predict_hook(self)
        return super().run()

    def cancel(self) -> None:
        """Cancel an unfinished element and everything that runs inside it, innermost first.

        Branches that a repeating boundary event has opened are not inside it: they live on.
        """
        if self._state & FINISHED:
            return
        for child in self.children:
            if child.triggered:
                child.cancel()
        self.task_spec._on_cancel(self)
        self._set_state(CANCELLED)
        self.drop_predictions()

    def drop_predictions(self) -> None:
        """Remove the successors that were laid out for this task but never reached."""
        for child in self.children:
            if child._state < WAITING:
                self.workflow._remove_task(child.id)
