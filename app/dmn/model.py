"""A loaded decision model: its parts, and the doors to their evaluation.

Engine, command line and lint use it through `app.dmn`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from app.dmn.decisionrun import DecisionRun, under_way
from app.dmn.errors import DmnError, UnknownDecision
from app.dmn.evaluation import Evaluation
from app.dmn.itemtypes import ItemTypes
from app.dmn.parts import Decision, Knowledge, Part, Service
from app.feel.errors import FeelBudgetExceeded
from app.feel.results import outgoing
from app.feel.values import Value
from app.json_types import JsonObject

_Named = TypeVar("_Named", Decision, Knowledge, Service)


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided, why, and what went wrong on the way.

    `trace` is plain JSON, an entry for each thing decided in the order of deciding. Each entry has
    `decision` (the id), `name`, `model` (its name) and `value`. The entry of a table has as well:

    - `table`: the decision or knowledge model it belongs to; `id` and `table_name`: its own
    - `hit_policy`, `aggregation` (or null)
    - `inputs`: for each column `id`, `label`, `expression`, and the `value` seen
    - `outputs`: for each column `name` and `label`
    - `matched`: the numbers, from 1, of the rules that apply (FIRST looks no further than one)
    - `rules`: those of them that made the result, each with `number`, `id`, `label`, `tests` (the
      texts of the cells), `outputs` by name, `annotations` by name
    - `default_used`: whether the default outputs stand in because no rule applies
    - `violation`: why the table could not decide, or null

    Any other decision has `logic`, the kind of its boxed expression. A value too large to be shown
    is replaced by a text that says so.
    """

    value: Value
    trace: list[JsonObject]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A decision model with the models it imports, ready to decide; immutable and shareable.

    `problems` lists every fault of the model and of those it imports, each with its line and
    element. `imports` holds the imported models by the name of their import; `unnamed` those of
    these names under which a model without an own name was imported into this one's names.
    """

    id: str
    name: str
    namespace: str
    parts: Mapping[str, Part]
    imports: Mapping[str, "Model"]
    problems: tuple[DmnError, ...] = field(default=())
    unnamed: frozenset[str] = field(default=frozenset(), repr=False)
    types: ItemTypes | None = field(default=None, repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions, by id and by name."""
        return self._named(Decision)

    @property
    def services(self) -> Mapping[str, Service]:
        """The decision services, by id and by name."""
        return self._named(Service)

    def evaluate(
        self, decision: str, inputs: Mapping[str, Value], *, now: datetime | None = None
    ) -> Result:
        """Decide a decision, given by id or name, after those it requires.

        An imported one is named as in FEEL, behind the name of its import: `other.Limit`.
        `inputs` holds the input data by name; whatever else it holds is visible to the logic too,
        as it is in the modelers whose tables name process variables. What an imported model needs
        stands in a context under the name of the import, or directly. `now` is what `now()` and
        `today()` answer.

        Raises:
            UnknownDecision: there is no such decision.
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        found, path = self._find(decision, Decision)
        return _finish(now, lambda run: Evaluation(self, inputs, run).at(*path).decide(found))

    def evaluate_service(
        self, service: str, inputs: Mapping[str, Value], *, now: datetime | None = None
    ) -> Result:
        """Decide the outputs of a decision service, given by id or name.

        `inputs` holds its input data and input decisions by name. A service of several outputs
        gives a context of them.

        Raises:
            UnknownDecision: there is no such service.
            FeelBudgetExceeded: it took more than an evaluation may.
        """
        found, path = self._find(service, Service)
        return _finish(now, lambda run: Evaluation(self, inputs, run).at(*path).serve(found))

    def _find(self, name: str, kind: type[_Named]) -> tuple[_Named, tuple[str, ...]]:
        for part, path in self._called(" ".join(name.split())):
            if isinstance(part, kind):
                return part, path
        known = self._named(kind).values()
        raise UnknownDecision(name, dict.fromkeys(part.name for part in known))

    def _called(self, name: str) -> Iterator[tuple[Part, tuple[str, ...]]]:
        """Yield the parts of an id or a name, each with the imports that lead to it."""
        part = self.parts.get(name)
        if part is not None:
            yield part, ()
        yield from ((part, ()) for part in self.parts.values() if part.name == name)
        for key, model in self.imports.items():
            is_unnamed = key in self.unnamed
            if is_unnamed or name.startswith(f"{key}."):
                rest = name if is_unnamed else name[len(key) + 1 :]
                yield from ((part, (key, *path)) for part, path in model._called(rest))

    def _named(self, kind: type[_Named]) -> dict[str, _Named]:
        found = [part for part in self.parts.values() if isinstance(part, kind)]
        return {part.name: part for part in found} | {part.id: part for part in found if part.id}


def _finish(now: datetime | None, decide: Callable[[DecisionRun], Value]) -> Result:
    run = DecisionRun(now)
    try:
        with under_way(run):
            value = outgoing(decide(run), run)
    except RecursionError:
        raise FeelBudgetExceeded(what="depth") from None
    run.collect("")
    return Result(value, run.log, tuple(run.reasons))
