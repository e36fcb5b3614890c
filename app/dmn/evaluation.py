"""Deciding along the requirement graph: what is needed first, each part once.

Called by `app.dmn.model`. Source: OMG DMN 1.5, 6.3 and 10.4.
"""

from collections.abc import Iterator, Mapping, Sequence

from app.dmn.decisionrun import DecisionRun
from app.dmn.parts import (
    Decision,
    InputData,
    Knowledge,
    Part,
    Parts,
    Requirement,
    Service,
    names_of,
)
from app.dmn.values import fitted, note
from app.feel.compiling.run import Bindings, Run, Scope
from app.feel.functions import UserFunction
from app.feel.types import ANY
from app.feel.values import Value, entries_of

_COST = 5


class Evaluation:
    """The values found so far while one question is asked of a model."""

    def __init__(self, model: Parts, inputs: Mapping[str, Value], run: DecisionRun) -> None:
        self._model = model
        self._inputs = inputs
        self._run = run
        self._decided: dict[str, Value] = {}
        self._given: dict[str, Value] = {}
        self._functions: dict[str, Value] = {}
        self._imported: dict[str, Evaluation] = {}

    # --- decisions --------------------------------------------------------------------------

    def decide(self, decision: Decision) -> Value:
        """Return a decision's value, deciding it and what it requires unless that is done."""
        waiting = [decision]
        while waiting:
            current = waiting[-1]
            open_ones = [] if current.id in self._decided else list(self._undecided(current))
            if open_ones:
                waiting += reversed(open_ones)
                continue
            waiting.pop()
            if current.id not in self._decided:
                self._decided[current.id] = self._decide(current)
        return self._decided[decision.id]

    def _undecided(self, decision: Decision) -> Iterator[Decision]:
        self._run.spend(_COST)
        for requirement in decision.requires:
            if not requirement.prefix and requirement.id not in self._decided:
                part = self._model.parts.get(requirement.id)
                if isinstance(part, Decision):
                    yield part

    def _decide(self, decision: Decision) -> Value:
        scope = Scope(self._inputs, self._required(decision.requires))
        before = len(self._run.log)
        value = decision.logic(scope, self._run)
        value = fitted(value, decision.type, self._run, place=decision.name)
        self._sign(decision, value, before)
        return value

    def _sign(self, decision: Decision, value: Value, before: int) -> None:
        """Name the decision in what its tables logged; any other logs its value."""
        for entry in self._run.log[before:]:
            entry.setdefault("decision", decision.id)
            entry.setdefault("name", decision.name)
            entry.setdefault("model", self._model.name)
        if decision.kind != "decisionTable":
            self._run.record(
                {
                    "decision": decision.id,
                    "name": decision.name,
                    "model": self._model.name,
                    "logic": decision.kind or None,
                    "value": self._run.shown(value),
                }
            )

    # --- requirements -----------------------------------------------------------------------

    def _required(self, requirements: Sequence[Requirement]) -> dict[str, Value]:
        scope: dict[str, Value] = {}
        imported: dict[str, dict[str, Value]] = {}
        for requirement in requirements:
            part = self._part(requirement)
            if part is None:
                continue
            found = self.at(requirement.prefix).bindings(part)
            if requirement.prefix and requirement.prefix not in self._model.unnamed:
                imported.setdefault(requirement.prefix, {}).update(found)
            else:
                scope.update(found)
        return {**scope, **imported}

    def _part(self, requirement: Requirement) -> Part | None:
        model = self._model.imports[requirement.prefix] if requirement.prefix else self._model
        return model.parts.get(requirement.id)

    def at(self, *path: str) -> "Evaluation":
        """Return the evaluation of a model behind imports, this one without a path."""
        found = self
        for prefix in path:
            found = found._at(prefix) if prefix else found
        return found

    def _at(self, prefix: str) -> "Evaluation":
        found = self._imported.get(prefix)
        if found is None:
            self._run.spend(_COST)
            inputs = {**self._inputs, **entries_of(self._inputs.get(prefix))}
            found = Evaluation(self._model.imports[prefix], inputs, self._run)
            self._imported[prefix] = found
        return found

    def bindings(self, part: Part) -> dict[str, Value]:
        """Return the names under which a part is seen by what requires it, with its value."""
        value = self.value_of(part)
        return dict.fromkeys(names_of(part), value)

    def value_of(self, part: Part) -> Value:
        """Return what a part is worth: a fact, a decision, or a function."""
        if isinstance(part, Decision):
            return self.decide(part)
        if isinstance(part, InputData):
            if part.id not in self._given:
                value = _given(self._inputs, part)
                self._given[part.id] = fitted(value, part.type, self._run, place=part.name)
            return self._given[part.id]
        if part.id not in self._functions:
            made = self._knowledge(part) if isinstance(part, Knowledge) else self._service(part)
            self._functions[part.id] = made
        return self._functions[part.id]

    # --- functions --------------------------------------------------------------------------

    def _knowledge(self, part: Knowledge) -> Value:
        scope = Scope({}, {})
        scope.update(self._required(part.requires))
        function = part.define(scope, self._run)
        # A knowledge model may call itself.
        scope.update(dict.fromkeys(names_of(part), function))
        return function

    def _service(self, service: Service) -> Value:
        parts = [part for one in service.parameters if (part := self._part(one)) is not None]
        names = tuple(part.name for part in parts)
        types = tuple(
            part.type if isinstance(part, InputData | Decision) else ANY for part in parts
        )

        def body(scope: Bindings, run: Run) -> Value:
            if not isinstance(run, DecisionRun):
                return note(run, service.name, "a service is called outside a decision")
            given = {name: scope[name] for name in names}
            return Evaluation(self._model, given, run).serve(service)

        return UserFunction(service.name, names, types, body, {}, 50, service.type)

    def serve(self, service: Service) -> Value:
        """Return a service's value, its parameters being among the inputs by name."""
        inner = Evaluation(self._model, self._inputs, self._run)
        for requirement in service.parameters:
            part = inner._part(requirement)
            owner = inner.at(requirement.prefix)
            if isinstance(part, Decision):
                value = _given(owner._inputs, part)
                owner._decided[part.id] = fitted(value, part.type, self._run, place=part.name)
        outputs: dict[str, Value] = {}
        for requirement in service.outputs:
            part = inner._part(requirement)
            if isinstance(part, Decision):
                outputs[part.name] = inner.at(requirement.prefix).decide(part)
        value = next(iter(outputs.values())) if len(service.outputs) == 1 else outputs
        return fitted(value, service.type, self._run, place=service.name)


def _given(inputs: Mapping[str, Value], part: InputData | Decision) -> Value:
    """Return what was given for a part, by its name, its variable's or its id."""
    for name in (part.name, part.variable, part.id):
        if name in inputs:
            return inputs[name]
    return None
