"""Decision tables: each cell compiled once, rules tried in order, the reasons kept.

Called by `app.dmn.boxed`. Source: OMG DMN 1.5, chapter 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dmn.decisionrun import DecisionRun
from app.dmn.hits import Aggregation, Chosen, Hit, HitPolicy, Ranks, aggregate, choose
from app.feel.coercion import coerce
from app.feel.compile_tests import TestCode
from app.feel.errors import Trouble
from app.feel.plain import to_json
from app.feel.run import Bindings, Code, Run
from app.feel.types import FeelType
from app.feel.values import Value
from app.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class InputColumn:
    """What a column tests: the expression, its type, and the values it allows."""

    label: str
    text: str
    code: Code
    type: FeelType
    allowed: TestCode | None


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """What a column yields; `default` is used where no rule matches."""

    name: str
    label: str
    type: FeelType
    allowed: TestCode | None
    default: Code | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the tests that are not `-` by column, the outputs, and what its author noted."""

    id: str
    number: int
    tests: tuple[tuple[int, TestCode], ...]
    texts: tuple[str, ...]
    outputs: tuple[Code, ...]
    annotations: JsonObject


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled decision table."""

    id: str
    label: str
    policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    ranks: Ranks

    def evaluate(self, scope: Bindings, run: Run) -> Value:
        """Return what the table decides in a scope, null with a reason where it cannot."""
        run.spend(1 + len(self.rules))
        values: list[Value] = []
        try:
            values = [self._input(column, scope, run) for column in self.inputs]
            hits = self._hits(values, scope, run)
            chosen = choose(self.policy, hits, self.ranks, run) if hits else None
            value = self._default(scope, run) if chosen is None else self._result(chosen, run)
        except Trouble as trouble:
            chosen, value = None, _note(run, self.label, str(trouble))
        if isinstance(run, DecisionRun):
            run.log.append(self._report(values, chosen, value))
        return value

    def _input(self, column: InputColumn, scope: Bindings, run: Run) -> Value:
        value, fits = coerce(column.code(scope, run), column.type)
        if not fits:
            raise Trouble(f"{column.label} has the wrong type")
        if column.allowed is None or value is None or column.allowed(value, scope, run) is True:
            return value
        raise Trouble(f"{column.label} has a value that the table does not allow")

    def _hits(self, values: Sequence[Value], scope: Bindings, run: Run) -> list[Hit]:
        hits: list[Hit] = []
        is_first = self.policy is HitPolicy.FIRST
        for rule in self.rules:
            for index, test in rule.tests:
                if test(values[index], scope, run) is not True:
                    break
            else:
                hits.append(Hit(rule.number, self._outputs(rule, scope, run)))
                if is_first:
                    break
        return hits

    def _outputs(self, rule: Rule, scope: Bindings, run: Run) -> tuple[Value, ...]:
        outputs = []
        for column, code in zip(self.outputs, rule.outputs, strict=True):
            value, fits = coerce(code(scope, run), column.type)
            if not fits:
                _note(run, self.label, f"rule {rule.number}: {column.label} has the wrong type")
            outputs.append(value)
        return tuple(outputs)

    def _result(self, chosen: Chosen, run: Run) -> Value:
        if not chosen.is_list:
            return self._row(chosen.hits[0].outputs)
        if self.aggregation in {Aggregation.LIST, Aggregation.COUNT}:
            return aggregate(self.aggregation, [self._row(hit.outputs) for hit in chosen.hits], run)
        if len(self.outputs) != 1:
            raise Trouble(f"{self.aggregation} needs a table of one output")
        return aggregate(self.aggregation, [hit.outputs[0] for hit in chosen.hits], run)

    def _row(self, outputs: Sequence[Value]) -> Value:
        if len(self.outputs) == 1:
            return outputs[0]
        return {column.name: value for column, value in zip(self.outputs, outputs, strict=True)}

    def _default(self, scope: Bindings, run: Run) -> Value:
        if self.outputs and any(column.default is not None for column in self.outputs):
            values = [
                None if column.default is None else column.default(scope, run)
                for column in self.outputs
            ]
            return self._row(values)
        if self.aggregation is Aggregation.COUNT:
            return aggregate(self.aggregation, [], run)
        return _note(run, self.label, "no rule matches")

    def _report(self, values: Sequence[Value], chosen: Chosen | None, value: Value) -> JsonObject:
        hits = () if chosen is None else chosen.hits
        return {
            "table": self.label,
            "id": self.id,
            "hit_policy": str(self.policy),
            "aggregation": str(self.aggregation) or None,
            "inputs": [
                {"label": column.label, "expression": column.text, "value": to_json(given)}
                for column, given in zip(self.inputs, values, strict=False)
            ],
            "rules": [self._rule_report(hit) for hit in hits],
            "value": to_json(value),
        }

    def _rule_report(self, hit: Hit) -> JsonObject:
        rule = self.rules[hit.rule - 1]
        return {
            "number": rule.number,
            "id": rule.id,
            "tests": list(rule.texts),
            "outputs": {
                column.name or column.label: to_json(value)
                for column, value in zip(self.outputs, hit.outputs, strict=True)
            },
            "annotations": rule.annotations,
        }


def _note(run: Run, place: str, reason: str) -> Value:
    if isinstance(run, DecisionRun):
        return run.note(place, reason)
    return run.warn(0, reason)
