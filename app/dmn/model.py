"""A loaded decision model: its decisions, and their evaluation along the requirement graph.

Engine, command line and lint use it through `app.dmn`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.dmn.boxed import fitted, note
from app.dmn.decisionrun import DecisionRun
from app.dmn.errors import DmnError
from app.errors import NotFound
from app.feel.calls import UserFunction
from app.feel.errors import FeelBudgetExceeded
from app.feel.plain import to_json
from app.feel.results import outgoing
from app.feel.run import Bindings, Code, Run, Scope
from app.feel.types import ANY, FeelType
from app.feel.values import Value, entries_of
from app.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something a decision needs: under `prefix` if it is imported, and by its id there."""

    prefix: str
    id: str


@dataclass(frozen=True, slots=True)
class InputData:
    """A fact the model is given."""

    id: str
    name: str
    type: FeelType


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: its function, and the knowledge it needs itself."""

    id: str
    name: str
    define: Code
    type: FeelType
    requires: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic and what it requires.

    `inputs` names the input data it reads, its required decisions' included; `variables` the
    names its own logic takes from around it.
    """

    id: str
    name: str
    variable: str
    logic: Code
    type: FeelType
    requires: tuple[Requirement, ...]
    variables: frozenset[str]
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: what it gives out, and what it is given."""

    id: str
    name: str
    outputs: tuple[Requirement, ...]
    parameters: tuple[Requirement, ...]
    type: FeelType


Part = InputData | Knowledge | Decision | Service


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided, and the trace: plain JSON that says which rules matched and why."""

    value: Value
    trace: list[JsonObject]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A decision model with the models it imports, ready to decide; immutable and shareable."""

    name: str
    namespace: str
    parts: Mapping[str, Part]
    imports: Mapping[str, "Model"]
    problems: tuple[DmnError, ...] = field(default=())

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions, by id and by name."""
        found = [part for part in self.parts.values() if isinstance(part, Decision)]
        return {part.name: part for part in found} | {part.id: part for part in found if part.id}

    @property
    def services(self) -> Mapping[str, Service]:
        """The decision services, by id and by name."""
        found = [part for part in self.parts.values() if isinstance(part, Service)]
        return {part.name: part for part in found} | {part.id: part for part in found if part.id}

    def evaluate(
        self, decision: str, inputs: Mapping[str, Value], *, now: datetime | None = None
    ) -> Result:
        """Decide a decision, given by id or name, after those it requires.

        `inputs` holds the input data by name; whatever else it holds is visible to the logic too,
        as it is in the modelers whose tables name process variables.

        Raises:
            NotFound: there is no such decision.
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        found = self.decisions.get(decision)
        if found is None:
            raise NotFound(what="decision", name=decision)
        run = DecisionRun(now)
        return _finish(run, lambda: _Evaluation(self, inputs, run).decide(found))

    def evaluate_service(
        self, service: str, inputs: Mapping[str, Value], *, now: datetime | None = None
    ) -> Result:
        """Decide the outputs of a decision service, given by id or name.

        Raises:
            NotFound: there is no such service.
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        found = self.services.get(service)
        if found is None:
            raise NotFound(what="decision service", name=service)
        run = DecisionRun(now)
        return _finish(run, lambda: _Evaluation(self, inputs, run).serve(found, inputs))


def _finish(run: DecisionRun, decide: Callable[[], Value]) -> Result:
    try:
        value = outgoing(decide(), run)
    except RecursionError:
        raise FeelBudgetExceeded(what="depth") from None
    run.collect("")
    return Result(value, run.log, tuple(run.reasons))


class _Evaluation:
    """The values found so far while one question is answered."""

    def __init__(self, model: Model, inputs: Mapping[str, Value], run: DecisionRun) -> None:
        self._model = model
        self._inputs = inputs
        self._run = run
        self._decided: dict[str, Value] = {}

    def decide(self, decision: Decision) -> Value:
        """Return a decision's value, deciding it if that has not been done."""
        if decision.id in self._decided:
            return self._decided[decision.id]
        scope = Scope(self._inputs, self._required(decision.requires))
        before = len(self._run.log)
        value = decision.logic(scope, self._run)
        value = fitted(value, decision.type, self._run, place=decision.name)
        self._sign(decision, value, before)
        self._decided[decision.id] = value
        return value

    def _sign(self, decision: Decision, value: Value, before: int) -> None:
        """Name the decision in what its tables logged; one without tables logs its value."""
        entries = self._run.log[before:]
        for entry in entries:
            entry.setdefault("decision", decision.id)
            entry.setdefault("name", decision.name)
        if not any(entry["decision"] == decision.id for entry in entries):
            self._run.log.append(
                {"decision": decision.id, "name": decision.name, "value": to_json(value)}
            )

    def serve(self, service: Service, given: Mapping[str, Value]) -> Value:
        """Return a service's value, with its parameters given by name."""
        inner = _Evaluation(self._model, given, self._run)
        for requirement in service.parameters:
            part = inner._part(requirement)
            if isinstance(part, Decision):
                known = given.get(part.name, given.get(part.id))
                inner._decided[part.id] = fitted(known, part.type, self._run, place=part.name)
        outputs: dict[str, Value] = {}
        for requirement in service.outputs:
            part = inner._part(requirement)
            if isinstance(part, Decision):
                outputs[part.name] = inner.decide(part)
        value: Value = next(iter(outputs.values())) if len(outputs) == 1 else outputs
        return fitted(value, service.type, self._run, place=service.name)

    def _part(self, requirement: Requirement) -> Part | None:
        model = self._model.imports[requirement.prefix] if requirement.prefix else self._model
        return model.parts.get(requirement.id)

    def _required(self, requirements: Sequence[Requirement]) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        imported: dict[str, dict[str, Value]] = {}
        for requirement in requirements:
            part = self._part(requirement)
            if part is None:
                continue
            if requirement.prefix:
                found = self._imported(requirement.prefix).bindings(part)
                imported.setdefault(requirement.prefix, {}).update(found)
            else:
                scope.update(self.bindings(part))
        return {**scope, **imported}

    def _imported(self, prefix: str) -> "_Evaluation":
        given = entries_of(self._inputs.get(prefix))
        return _Evaluation(self._model.imports[prefix], {**self._inputs, **given}, self._run)

    def bindings(self, part: Part) -> dict[str, Value]:
        """Return the names under which a part is seen by what requires it, with its value."""
        if isinstance(part, InputData):
            return {part.name: self._input(part)}
        if isinstance(part, Decision):
            value = self.decide(part)
            return {name: value for name in (part.id, part.name, part.variable) if name}
        if isinstance(part, Knowledge):
            return {part.name: self._function(part)}
        return {part.name: self._service_function(part)}

    def _input(self, part: InputData) -> Value:
        value = self._inputs.get(part.name, self._inputs.get(part.id))
        return fitted(value, part.type, self._run, place=part.name)

    def _function(self, part: Knowledge) -> Value:
        scope = Scope({}, {})
        scope.update(self._required(part.requires))
        function = part.define(scope, self._run)
        # A knowledge model may call itself.
        scope[part.name] = function
        return function

    def _service_function(self, service: Service) -> Value:
        parts = [part for one in service.parameters if (part := self._part(one)) is not None]
        names = tuple(part.name for part in parts)
        types = tuple(
            part.type if isinstance(part, InputData | Decision) else ANY for part in parts
        )

        def body(scope: Bindings, run: Run) -> Value:
            if not isinstance(run, DecisionRun):
                return note(run, service.name, "a service is called outside a decision")
            return _Evaluation(self._model, {}, run).serve(
                service, {name: scope[name] for name in names}
            )

        return UserFunction(service.name, names, types, body, {}, 50, service.type)
