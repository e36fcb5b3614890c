"""Decision tables: each cell compiled once, rules tried in order, the reasons kept.

Called by `app.dmn.boxed`. Source: OMG DMN 1.5, chapter 8.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.dmn.decisionrun import DecisionRun
from app.dmn.hits import Aggregation, Chosen, Hit, HitPolicy, Ranks, aggregate, choose
from app.dmn.values import fitted, note
from app.feel.compiling.run import Bindings, Code, Run
from app.feel.compiling.tests import TestCode
from app.feel.errors import Trouble
from app.feel.types import ANY, FeelType
from app.feel.values import Value
from app.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class InputColumn:
    """What a column tests: the expression, its type, and the values it allows."""

    id: str
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
    label: str
    number: int
    tests: tuple[tuple[int, TestCode], ...]
    texts: tuple[str, ...]
    outputs: tuple[Code, ...]
    annotations: JsonObject


@dataclass(slots=True)
class _Seen:
    """What one evaluation of a table saw, for its trace."""

    values: list[Value] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    chosen: Chosen | None = None
    is_default: bool = False
    violation: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled decision table; `name` is what its author calls it, `label` whose logic it is."""

    id: str
    name: str
    label: str
    policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    ranks: Ranks

    def evaluate(self, scope: Bindings, run: Run) -> Value:
        """Return what the table decides in a scope, null with a reason where it cannot."""
        run.spend(1 + len(self.rules) * (1 + len(self.inputs)))
        seen = _Seen()
        try:
            value = self._decide(seen, scope, run)
        except Trouble as trouble:
            seen.violation = str(trouble)
            value = note(run, self.label, seen.violation)
        if isinstance(run, DecisionRun):
            run.record(self._report(seen, value, run))
        return value

    def _decide(self, seen: _Seen, scope: Bindings, run: Run) -> Value:
        seen.values = [self._input(column, scope, run) for column in self.inputs]
        for column, value in zip(self.inputs, seen.values, strict=True):
            if not _is_allowed(value, column.allowed, scope, run):
                raise Trouble(f"{column.label} has a value that the table does not allow")
        seen.hits = self._hits(seen.values, scope, run)
        if not seen.hits:
            return self._default(seen, scope, run)
        seen.chosen = choose(self.policy, seen.hits, self.ranks, run)
        return self._result(seen.chosen, run)

    def _input(self, column: InputColumn, scope: Bindings, run: Run) -> Value:
        value = column.code(scope, run)
        if column.type is ANY:
            return value
        return fitted(value, column.type, run, place=f"{self.label}, {column.label}")

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
        return tuple(
            self._output(column, code, scope, run, place=f"{self.label}, rule {rule.number}")
            for column, code in zip(self.outputs, rule.outputs, strict=True)
        )

    def _output(
        self, column: OutputColumn, code: Code, scope: Bindings, run: Run, *, place: str
    ) -> Value:
        value = fitted(code(scope, run), column.type, run, place=f"{place}, {column.label}")
        if _is_allowed(value, column.allowed, scope, run):
            return value
        return note(run, place, f"{column.label} is not among the output values of the table")

    def _result(self, chosen: Chosen, run: Run) -> Value:
        if not chosen.is_list:
            return self._row(chosen.hits[0].outputs)
        rows = [self._row(hit.outputs) for hit in chosen.hits]
        if self.policy is not HitPolicy.COLLECT or self.aggregation is Aggregation.LIST:
            return rows
        if len(self.outputs) != 1:
            raise Trouble(f"{self.aggregation} needs a table of one output")
        return aggregate(self.aggregation, rows, run)

    def _row(self, outputs: Sequence[Value]) -> Value:
        if len(self.outputs) == 1:
            return outputs[0]
        return {column.name: value for column, value in zip(self.outputs, outputs, strict=True)}

    def _default(self, seen: _Seen, scope: Bindings, run: Run) -> Value:
        if any(column.default is not None for column in self.outputs):
            seen.is_default = True
            place = f"{self.label}, default"
            return self._row(
                [
                    None
                    if column.default is None
                    else self._output(column, column.default, scope, run, place=place)
                    for column in self.outputs
                ]
            )
        if self.policy is HitPolicy.COLLECT and self.aggregation is Aggregation.COUNT:
            return aggregate(self.aggregation, [], run)
        return note(run, self.label, "no rule matches")

    # --- the trace --------------------------------------------------------------------------

    def _report(self, seen: _Seen, value: Value, run: DecisionRun) -> JsonObject:
        hits = () if seen.chosen is None else seen.chosen.hits
        return {
            "table": self.label,
            "id": self.id,
            "table_name": self.name or self.label,
            "hit_policy": str(self.policy),
            "aggregation": str(self.aggregation) or None,
            "inputs": [
                {
                    "id": column.id,
                    "label": column.label,
                    "expression": column.text,
                    "value": run.shown(given),
                }
                for column, given in zip(self.inputs, seen.values, strict=False)
            ],
            "outputs": [{"name": column.name, "label": column.label} for column in self.outputs],
            "matched": [hit.rule for hit in seen.hits],
            "rules": [self._rule_report(hit, run) for hit in hits],
            "default_used": seen.is_default,
            "violation": seen.violation,
            "value": run.shown(value),
        }

    def _rule_report(self, hit: Hit, run: DecisionRun) -> JsonObject:
        rule = self.rules[hit.rule - 1]
        return {
            "number": rule.number,
            "id": rule.id,
            "label": rule.label,
            "tests": list(rule.texts),
            "outputs": {
                column.name or column.label: run.shown(value)
                for column, value in zip(self.outputs, hit.outputs, strict=True)
            },
            "annotations": rule.annotations,
        }


def _is_allowed(value: Value, allowed: TestCode | None, scope: Bindings, run: Run) -> bool:
    """Say whether a column allows a value: null always, a list also when all its items are."""
    if allowed is None or value is None or allowed(value, scope, run) is True:
        return True
    return isinstance(value, list | tuple) and all(
        allowed(item, scope, run) is True for item in value
    )
