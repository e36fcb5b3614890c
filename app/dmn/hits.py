"""The hit policies: what a decision table gives when its rules have been tried.

Source: OMG DMN 1.5, 8.2.10.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.feel.builtins import BUILTINS
from app.feel.compiling.operators import equals
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.functions import call_builtin
from app.feel.values import Value


class HitPolicy(StrEnum):
    """How the matching rules of a table become one result."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(StrEnum):
    """What COLLECT does with the outputs it collects."""

    LIST = ""
    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and its outputs column by column."""

    rule: int
    outputs: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The hits a policy keeps, in its order, and whether they stand for a list."""

    hits: Sequence[Hit]
    is_list: bool


MANY = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
"""The policies that keep every rule that matches."""

RANKED = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})
"""The policies that go by the order in which the output values are listed."""

Ranks = Sequence[Callable[[Value, Run], int]]
"""Per output column: the place of a value in the order of its allowed values."""


def choose(policy: HitPolicy, hits: Sequence[Hit], ranks: Ranks, run: Run) -> Chosen:
    """Apply a hit policy to the rules that matched.

    Raises:
        Trouble: the rules contradict the policy.
    """
    if policy is HitPolicy.UNIQUE and len(hits) > 1:
        numbers = ", ".join(str(hit.rule) for hit in hits)
        raise Trouble(f"only one rule may match, but {numbers} do")
    if policy is HitPolicy.ANY:
        _demand_same(hits, run)
    if policy in RANKED:
        hits = sorted(hits, key=lambda hit: _rank(hit, ranks, run))
    is_list = policy in MANY
    return Chosen(hits if is_list else hits[:1], is_list)


def _demand_same(hits: Sequence[Hit], run: Run) -> None:
    for hit in hits[1:]:
        if equals(list(hit.outputs), list(hits[0].outputs), run) is not True:
            raise Trouble(f"rules {hits[0].rule} and {hit.rule} match but differ")


def _rank(hit: Hit, ranks: Ranks, run: Run) -> tuple[int, ...]:
    return tuple(rank(value, run) for rank, value in zip(ranks, hit.outputs, strict=True))


_FUNCTIONS: Mapping[Aggregation, str] = {
    Aggregation.SUM: "sum",
    Aggregation.MIN: "min",
    Aggregation.MAX: "max",
}


def aggregate(aggregation: Aggregation, values: Sequence[Value], run: Run) -> Value:
    """Reduce collected outputs to one value.

    Raises:
        Trouble: the values cannot be reduced that way.
    """
    if aggregation is Aggregation.LIST:
        return list(values)
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    return call_builtin(BUILTINS[_FUNCTIONS[aggregation]], [list(values)], run)
