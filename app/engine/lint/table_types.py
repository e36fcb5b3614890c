"""What the decisions of a file give and what is wrong in their cells, told from types alone.

Walks the boxed expressions beside `app.dmn`, which compiles them: item definitions, required parts
and the names of whoever asks are known, everything else is Any. Source: OMG DMN 1.5, chapter 7.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lxml import etree

from app import feel
from app.dmn.errors import DmnError
from app.dmn.itemtypes import Imported, ItemTypes
from app.dmn.xml import Element, parse
from app.feel import Checked, FeelSyntaxError
from app.feel.checking.calls import may_stand_for
from app.feel.checking.known import (
    BOOLEAN,
    CONTEXT,
    NUMBER,
    NamedFunction,
    Record,
    Texts,
    in_words,
    item_type,
    join,
    may_be,
    texts,
)
from app.feel.checking.mistakes import listed
from app.feel.types import ANY, FeelType, FunctionType, ListType, SimpleType, is_any
from app.feel.values import Kind

Names: TypeAlias = Mapping[str, FeelType]
_LOGIC = (
    "literalExpression",
    "decisionTable",
    "context",
    "invocation",
    "functionDefinition",
    "list",
    "relation",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
)
_LISTS = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})
_PARTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell or expression with what was found in it.

    `wanted` and `given` are set where the value can never be of the type that is declared for it.
    """

    element: etree._Element
    part: str
    text: str
    checked: Checked
    wanted: str = ""
    given: str = ""


@dataclass(slots=True)
class TypesOfTable:
    """The types in one file; `callers` are the names its decisions are handed, None if unknown."""

    root: etree._Element
    callers: Names | None
    cells: list[Cell] = field(default_factory=list)
    _results: dict[str, FeelType] | None = None

    def results(self) -> Mapping[str, FeelType]:
        """Return the type of what each decision gives, by its id."""
        if self._results is None:
            # Whoever is asked in a circle meanwhile is told that nothing is known.
            self._results = {}
            self._results = _Walk(Element(self.root), self.callers, self.cells).decisions()
        return self._results


def result_types(table: bytes) -> Mapping[str, FeelType]:
    """Return the type of what each decision of a file gives, none for a file that is no table."""
    try:
        root = parse(table)
    except DmnError:
        return {}
    return TypesOfTable(root.node, None).results()


class _Walk:
    """One walk over a file, from each decision to what it requires."""

    def __init__(self, root: Element, callers: Names | None, cells: list[Cell]) -> None:
        self._cells = cells
        self._callers = callers
        self._types = ItemTypes(
            root, imported=Imported({}, {}, ()), report=lambda _element, _why: None
        )
        self._parts = {element.id or element.name: element for element in root.children(*_PARTS)}
        self._has_imports = any(True for _ in root.children("import"))
        self._has_inputs = any(element.tag == "inputData" for element in self._parts.values())
        self._words = frozenset(name for name in _names_in(root) if not name.isidentifier())
        self._found: dict[str, FeelType] = {}

    def decisions(self) -> dict[str, FeelType]:
        """Return the type of each decision by its id."""
        return {
            key: self._type_of_part(key)
            for key, element in self._parts.items()
            if element.tag in {"decision", "businessKnowledgeModel"}
        }

    # --- parts ------------------------------------------------------------------------------

    def _type_of_part(self, key: str) -> FeelType:
        if key not in self._found:
            self._found[key] = ANY
            self._found[key] = self._find(self._parts[key])
        return self._found[key]

    def _find(self, element: Element) -> FeelType:
        variable = element.child("variable")
        declared = self._declared(element if variable is None else variable)
        if element.tag == "decision":
            logic = element.child(*_LOGIC)
            names = self._required(element)
            return ANY if logic is None else self._fitted(self._type(logic, names), declared)
        if element.tag == "businessKnowledgeModel":
            body = element.child("encapsulatedLogic")
            return ANY if body is None else self._function(body, self._required(element))
        return declared if element.tag == "inputData" else ANY

    def _required(self, element: Element) -> Names:
        names: dict[str, FeelType] = {}
        for kind in element.children("informationRequirement", "knowledgeRequirement"):
            for target in kind.children("requiredInput", "requiredDecision", "requiredKnowledge"):
                key = target.get("href").rpartition("#")[2]
                part = self._parts.get(key)
                if part is not None:
                    of = self._type_of_part(key)
                    variable = part.child("variable")
                    own = {part.name, part.id, "" if variable is None else variable.name}
                    names |= dict.fromkeys(own - {""}, of)
        return names

    def _declared(self, element: Element) -> FeelType:
        return self._types.find(element.get("typeRef") or element.text_of("typeRef"))

    def _fitted(self, own: FeelType, declared: FeelType) -> FeelType:
        """Return the type of a value that was converted to a declared type."""
        if is_any(declared):
            return own
        is_text = isinstance(own, Texts) and isinstance(declared, SimpleType)
        return (
            own
            if is_text and declared.allows is None and may_be(declared, Kind.STRING)
            else (declared)
        )

    # --- expressions ------------------------------------------------------------------------

    def _is_open(self) -> bool:
        """Names nobody told of may be there unless all that the file can be handed is known."""
        return self._has_imports or (self._callers is None and not self._has_inputs)

    def _known(self, names: Names) -> Names:
        if self._callers is not None:
            return {**self._callers, **names}
        return {"case": ANY, "answers": ANY, "calendar": ANY, **names}

    def _text(self, element: Element, part: str, names: Names, wanted: FeelType = ANY) -> FeelType:
        """Check the expression in an element, and that it can be of the type declared for it."""
        text = element.text_of("text")
        if not text or "feel" not in (element.get("expressionLanguage") or "feel").lower():
            return ANY
        try:
            compiled = feel.compile(text, self._words, types=self._types or None)
        except FeelSyntaxError:
            return ANY
        checked = compiled.check(self._known(names), is_open=self._is_open())
        cell = Cell(element.node, part, text, checked)
        if not may_stand_for(checked.type, wanted) or _is_other_text(checked.type, wanted):
            cell = replace(cell, wanted=_told(wanted), given=_told(checked.type))
        self._cells.append(cell)
        return checked.type

    def _tests(self, element: Element, names: Names, of: FeelType, label: str) -> None:
        text = element.text_of("text")
        if not text or text == "-":
            return
        try:
            compiled = feel.compile_unary_tests(text, self._words, types=self._types or None)
        except FeelSyntaxError:
            return
        checked = compiled.check(self._known(names), of, of=label, is_open=self._is_open())
        self._cells.append(Cell(element.node, element.tag, text, checked))

    def _type(self, element: Element, names: Names) -> FeelType:
        walkers: Mapping[str, Callable[[Element, Names], FeelType]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "invocation": self._invocation,
            "functionDefinition": self._function,
            "list": self._list,
            "relation": self._relation,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }
        return self._fitted(walkers[element.tag](element, names), self._declared(element))

    def _inside(self, element: Element | None, names: Names) -> FeelType:
        logic = None if element is None else element.child(*_LOGIC)
        return ANY if logic is None else self._type(logic, names)

    def _literal(self, element: Element, names: Names) -> FeelType:
        return self._text(element, "literalExpression", names, self._declared(element))

    def _context(self, element: Element, names: Names) -> FeelType:
        entries: dict[str, FeelType] = {}
        for entry in element.children("contextEntry"):
            of = self._inside(entry, {**names, **entries})
            variable = entry.child("variable")
            if variable is None:
                return of
            entries[variable.name] = self._fitted(of, self._declared(variable))
        return Record(entries)

    def _invocation(self, element: Element, names: Names) -> FeelType:
        called = self._inside(element, names)
        for binding in element.children("binding"):
            self._inside(binding, names)
        return called.result if isinstance(called, FunctionType) else ANY

    def _function(self, element: Element, names: Names) -> FeelType:
        parameters = {
            parameter.name: self._declared(parameter)
            for parameter in element.children("formalParameter")
        }
        result = ANY
        if element.get("kind") not in {"Java", "PMML"}:
            result = self._inside(element, {**names, **parameters})
        return NamedFunction(tuple(parameters.values()), result, tuple(parameters))

    def _list(self, element: Element, names: Names) -> FeelType:
        return ListType(join(*(self._type(part, names) for part in element.children(*_LOGIC))))

    def _relation(self, element: Element, names: Names) -> FeelType:
        columns = [column.name for column in element.children("column")]
        found: dict[str, FeelType] = {}
        for row in element.children("row"):
            for name, cell in zip(columns, row.children(*_LOGIC), strict=False):
                of = self._type(cell, names)
                found[name] = join(found[name], of) if name in found else of
        return ListType(Record(found))

    def _conditional(self, element: Element, names: Names) -> FeelType:
        self._inside(element.child("if"), names)
        yes = self._inside(element.child("then"), names)
        return join(yes, self._inside(element.child("else"), names))

    def _filter(self, element: Element, names: Names) -> FeelType:
        item = item_type(self._inside(element.child("in"), names))
        if isinstance(item, Record):
            self._inside(element.child("match"), {**names, "item": item, **item.entries})
        return ListType(item)

    def _for(self, element: Element, names: Names) -> FeelType:
        inner = self._iterating(element, names)
        return ListType(self._inside(element.child("return"), {**inner, "partial": ANY}))

    def _quantified(self, element: Element, names: Names) -> FeelType:
        self._inside(element.child("satisfies"), self._iterating(element, names))
        return BOOLEAN

    def _iterating(self, element: Element, names: Names) -> Names:
        self._inside(element.child("in"), names)
        return {**names, " ".join(element.get("iteratorVariable").split()): ANY}

    # --- decision tables --------------------------------------------------------------------

    def _table(self, element: Element, names: Names) -> FeelType:
        inputs = [self._input(part, names) for part in element.children("input")]
        columns = list(element.children("output"))
        outputs: list[FeelType] = [ANY for _ in columns]
        given: list[list[FeelType]] = [[] for _ in columns]
        for rule in element.children("rule"):
            for (of, label), entry in zip(inputs, rule.children("inputEntry"), strict=False):
                self._tests(entry, names, of, label)
            for place, entry in enumerate(list(rule.children("outputEntry"))[: len(columns)]):
                wanted = _wanted(columns[place], self._declared(columns[place]))
                given[place].append(self._text(entry, "outputEntry", names, wanted))
        for place, column in enumerate(columns):
            default = column.child("defaultOutputEntry")
            if default is not None:
                given[place].append(self._text(default, "defaultOutputEntry", names))
            outputs[place] = self._fitted(join(*given[place]), self._declared(column))
        return _shape(element, columns, outputs)

    def _input(self, element: Element, names: Names) -> tuple[FeelType, str]:
        """Return the type and the name of what a column tests."""
        expression = element.child("inputExpression")
        if expression is None:
            return ANY, ""
        declared = self._declared(expression)
        of = self._fitted(self._text(expression, "inputExpression", names, declared), declared)
        label = f"“{element.get('label') or expression.text_of('text')}”"
        allowed = element.child("inputValues")
        values = _written_values(allowed) if allowed is not None else []
        if values and may_be(of, Kind.STRING) and not isinstance(of, Texts):
            of = texts(values)
        return of, label


def _wanted(column: Element, declared: FeelType) -> FeelType:
    """Return what a cell of an output column may give: one of its values where they are listed.

    An output of a table that collects may be declared as the list of what its rows give.
    """
    allowed = column.child("outputValues")
    values = _written_values(allowed) if allowed is not None else []
    if values:
        return texts(values)
    return join(declared, declared.item) if isinstance(declared, ListType) else declared


def _is_other_text(given: FeelType, wanted: FeelType) -> bool:
    """Say whether a text is none of those that are wanted."""
    is_text = isinstance(given, Texts) and isinstance(wanted, Texts)
    return is_text and not set(given.values) & set(wanted.values)  # type: ignore[attr-defined]


def _told(of: FeelType) -> str:
    return listed(f"“{each}”" for each in of.values) if isinstance(of, Texts) else in_words(of)


def _shape(element: Element, columns: list[Element], outputs: list[FeelType]) -> FeelType:
    """Return what a table gives for the types of its columns, by its hit policy."""
    row = outputs[0] if len(columns) == 1 else CONTEXT
    if len(columns) > 1:
        pairs = zip(columns, outputs, strict=True)
        row = Record({column.name: of for column, of in pairs})
    policy, aggregation = element.get("hitPolicy") or "UNIQUE", element.get("aggregation")
    if policy not in _LISTS:
        return row
    if aggregation == "COUNT":
        return NUMBER
    return row if aggregation else ListType(row)


def _written_values(element: Element) -> list[str]:
    """Return the strings a column allows, nothing where it allows anything else."""
    try:
        checked = feel.compile(f"[{element.text_of('text')}]").check({}, is_open=True)
    except FeelSyntaxError:
        return []
    items = item_type(checked.type)
    return list(items.values) if isinstance(items, Texts) else []


def _unheard(_element: Element, _why: str) -> None:
    """What is wrong with a type is told by `table-refused`."""


def _names_in(element: Element) -> Iterator[str]:
    for child in element.children():
        if child.name:
            yield child.name
        if child.get("iteratorVariable"):
            yield " ".join(child.get("iteratorVariable").split())
        yield from _names_in(child)
