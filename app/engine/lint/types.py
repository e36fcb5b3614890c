"""The types of the names an expression of a diagram sees, from everything the set tells.

Facts are declared, answers follow from forms, variables from what writes them: scripts, mappings,
called decisions, loops. What a step writes is kept as plain JSON, so a date becomes a text there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from app import feel
from app.engine.lint.diagram import LOOP_COUNTER, Node, Process
from app.engine.lint.variables import ACTOR, COUNTERS, visible
from app.feel import Checked, FeelSyntaxError
from app.feel.checking.known import (
    CONTEXT,
    DATE_TIME,
    NULL,
    NUMBER,
    STRING,
    Either,
    NamedFunction,
    Record,
    choices_of,
    join,
    kind_of_type,
)
from app.feel.types import ANY, SIMPLE, ContextType, FeelType, ListType
from app.feel.values import Kind

if TYPE_CHECKING:
    from app.engine.lint.reading import Given
    from app.engine.lint.texts import Text

_LIMIT = Either((STRING, SIMPLE["days and time duration"]))
CALENDAR = Record(
    {
        "after": NamedFunction((_LIMIT,), DATE_TIME, ("limit",)),
        "unit_after": NamedFunction((STRING, _LIMIT), DATE_TIME, ("unit", "limit")),
        "later": NamedFunction((DATE_TIME, _LIMIT), DATE_TIME, ("instant", "limit")),
        "part": NamedFunction(
            (DATE_TIME, DATE_TIME, SIMPLE["number"]), DATE_TIME, ("start", "end", "share")
        ),
        "hours_between": NamedFunction((DATE_TIME, DATE_TIME), SIMPLE["number"], ("start", "end")),
        "add_working_days": NamedFunction(
            (SIMPLE["date"], SIMPLE["number"]), SIMPLE["date"], ("day", "count")
        ),
        "is_working_day": NamedFunction((SIMPLE["date"],), SIMPLE["boolean"], ("day",)),
    }
)
"""What `cases.calendar` gives expressions, as types."""
_COLLECTION = " collection"
"""Stands for the collection of a loop among the names of a step; no name has a space."""

_AS_TEXT = frozenset(
    {
        Kind.DATE,
        Kind.TIME,
        Kind.DATE_TIME,
        Kind.DAYS_DURATION,
        Kind.MONTHS_DURATION,
        Kind.RANGE,
    }
)


def as_json(of: FeelType) -> FeelType:
    """Return the type a value has after it was written down as JSON."""
    return join(*(_as_json(each) for each in choices_of(of)))


def _as_json(of: FeelType) -> FeelType:
    kind = kind_of_type(of)
    if kind in _AS_TEXT:
        return STRING
    if isinstance(of, ListType):
        return ListType(as_json(of.item))
    if isinstance(of, ContextType):
        entries = {name: as_json(each) for name, each in of.entries.items()}
        return Record(entries) if isinstance(of, Record) else ContextType(entries)
    return NULL if kind is Kind.FUNCTION else of


class Known(Mapping[str, FeelType]):
    """The names in reach of an expression, each one's type found when it is asked for."""

    def __init__(self, names: "Finders", brought: "Finders") -> None:
        self._names, self._brought = names, brought

    def __getitem__(self, name: str) -> FeelType:
        return (self._brought.get(name) or self._names[name])()

    def __contains__(self, name: object) -> bool:
        return name in self._brought or name in self._names

    def __iter__(self) -> Iterator[str]:
        yield from self._names
        yield from self._brought

    def __len__(self) -> int:
        return len(self._names) + len(self._brought)


Finders: TypeAlias = Mapping[str, "partial[FeelType]"]


class TypesOfDiagram:
    """The types of the variables of one process, and its expressions checked with them."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._given = process.given
        self._found: dict[tuple[Node | None, str], FeelType] = {}
        self._under_way: set[tuple[Node | None, str]] = set()
        self._checked: dict[Text, Checked | None] = {}
        self._reach: dict[tuple[Node, bool], Finders] = {}
        self._brought: dict[Node, Finders] = {}
        self._writers: dict[tuple[Node | None, str], list[tuple[Text, str]]] = {}
        for text in process.texts:
            for owner, target in _targets(text):
                key = (owner, target.partition(".")[0])
                self._writers.setdefault(key, []).append((text, target))

    def checked(self, text: "Text") -> Checked | None:
        """Check the expression of a text; None where it is none."""
        if text not in self._checked:
            self._checked[text] = self._check(text)
        return self._checked[text]

    def result_of(self, text: "Text") -> FeelType:
        """Return the type of what a text gives, a literal's included."""
        if text.feel is None:
            return STRING
        # What is asked on the way to a variable knows less of it: that is not kept.
        checked = self._check(text) if self._under_way else self.checked(text)
        return ANY if checked is None else checked.type

    def variable(self, name: str) -> FeelType:
        """Return the type of a variable: whatever any step writes into it."""
        return self._once(None, name)

    def _once(self, owner: Node | None, name: str) -> FeelType:
        """Find the type of a variable, or of what only a step sees; of a circle it is Any."""
        key = (owner, name)
        if key in self._under_way:
            return ANY
        if key not in self._found:
            self._under_way.add(key)
            try:
                found = self._variable(name) if owner is None else self._local(owner, name)
            except RecursionError:
                found = ANY
            self._under_way.discard(key)
            self._found[key] = found
        return self._found[key]

    def _check(self, text: "Text") -> Checked | None:
        self._given.deadline.check()
        try:
            compiled = feel.compile(text.feel or "")
        except FeelSyntaxError:
            return None
        names = self._names_at(text.node, is_inner=text.is_inner)
        if text.field == "completionCondition":
            names = {**names, **{name: partial(_itself, NUMBER) for name in COUNTERS}}
        brought = self._brought_by(text.node) if text.is_open else {}
        is_open = text.is_open and not brought
        return compiled.check(Known(names, brought), is_open=is_open)

    def _names_at(self, node: Node, *, is_inner: bool) -> Finders:
        key = (node, is_inner)
        if key not in self._reach:
            names = {name: partial(self._once, None, name) for name in self._process.written}
            for each in (*reversed(list(node.ancestors())), *((node,) if is_inner else ())):
                names |= {name: partial(self._once, each, name) for name in each.local_names}
            names["case"] = partial(_itself, self._given.case_type)
            names["answers"] = partial(_itself, self._given.answers_type)
            names["calendar"] = partial(_itself, CALENDAR)
            self._reach[key] = names
        return self._reach[key]

    def _brought_by(self, node: Node) -> Finders:
        if node not in self._brought:
            self._brought[node] = self._find_brought(node)
        return self._brought[node]

    def _find_brought(self, node: Node) -> Finders:
        """Return what a step brings along; nothing where that is not known."""
        form = node.extensions.form
        if node.type == "userTask" and form is not None:
            own = self._given.form_types.get(form.form_id)
            if own is not None:
                found = {name: partial(_itself, of) for name, of in own.items()}
                return {**found, ACTOR: partial(_itself, STRING)}
        called = node.extensions.called_process
        target = self._given.callable_processes.get(called.process_id) if called else None
        if target is not None:
            of_target = self._given.types_of(target)
            return {name: partial(of_target.variable, name) for name in target.written}
        return {}

    def _local(self, node: Node, name: str) -> FeelType:
        """Return the type of an input of a step, or of the item of its loop."""
        if name == LOOP_COUNTER:
            return NUMBER
        loop = node.extensions.multi_instance
        if loop is not None and loop.input_element == name:
            collection = self._writers.get((node, _COLLECTION), ())
            return join(*(_items(as_json(self.result_of(text))) for text, _ in collection))
        return self._joined(self._writers.get((node, name), ()))

    def _variable(self, name: str) -> FeelType:
        written = self._joined(self._writers.get((None, name), ()))
        return join(written, *self._written_otherwise(name))

    def _written_otherwise(self, name: str) -> Iterator[FeelType]:
        """Yield what decisions, loops and calls of the process make of a variable."""
        for node in self._process.nodes:
            decision, loop = node.extensions.decision, node.extensions.multi_instance
            if decision is not None and decision.result_variable == name:
                yield as_json(self._given.decision_types.get(decision.decision_id, ANY))
            if loop is not None and loop.output_collection == name:
                yield CONTEXT
        for text, target in self._given.handed_texts.get(self._process.id, ()):
            if target.partition(".")[0] == name:
                of_caller = self._given.types_of(text.node.process)
                yield as_json(of_caller.result_of(text)) if "." not in target else ANY

    def _joined(self, sources: "Sequence[tuple[Text, str]]") -> FeelType:
        """Join what texts write into a variable.

        Of one that is also written along a path it is not known what else it holds.
        """
        if any("." in path for _, path in sources):
            return ANY
        return join(*(as_json(self.result_of(text)) for text, _ in sources))


def _itself(of: FeelType) -> FeelType:
    return of


def _items(of: FeelType) -> FeelType:
    """Return the type of what a loop takes from its collection: items, or the entries of a dict."""
    found: list[FeelType] = []
    for each in choices_of(of):
        if isinstance(each, ListType):
            found.append(each.item)
        elif isinstance(each, Record):
            found.extend(each.entries.values())
        else:
            return ANY
    return join(*found)


def _targets(text: "Text") -> Iterator[tuple[Node | None, str]]:
    """Yield what a text is written into: a variable, or a name only its own step sees."""
    if text.field == "script" and text.node.extensions.script is not None:
        yield None, text.node.extensions.script.result_variable
    elif text.field.startswith("output "):
        yield None, text.field.removeprefix("output ")
    elif text.field.startswith("input "):
        yield text.node, text.field.removeprefix("input ")
    elif text.field == "inputCollection":
        yield text.node, _COLLECTION


def handed_texts(given: "Given") -> Mapping[str, list[tuple["Text", str]]]:
    """Return the input mappings of the calls of each process, with their targets."""
    found: dict[str, list[tuple[Text, str]]] = {}
    for process in given.callable_processes.values():
        for text in process.texts:
            called = text.node.extensions.called_process
            if called is not None and text.field.startswith("input "):
                target = text.field.removeprefix("input ")
                found.setdefault(called.process_id, []).append((text, target))
    return found


def names_of_callers(given: "Given", decisions: Collection[str]) -> Mapping[str, FeelType] | None:
    """Return the names that the steps asking for one of these decisions hand to it.

    None where nothing of the set asks for any.
    """
    steps = [
        node
        for process in given.callable_processes.values()
        for node in process.of_type("businessRuleTask")
        if node.extensions.decision is not None
        and node.extensions.decision.decision_id in decisions
    ]
    if not steps:
        return None
    in_reach = [visible(node, is_inner=True) for node in steps]
    names = frozenset[str]().union(*in_reach)
    return {
        **dict.fromkeys(names, ANY),
        "case": given.case_type,
        "answers": given.answers_type,
        "calendar": CALENDAR,
    }
