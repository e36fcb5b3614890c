"""Boxed expressions of a model → compiled code, with every problem reported at its element.

Called by `app.dmn.reading` for the logic of decisions and of business knowledge models. Source:
OMG DMN 1.5, 10.2.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.dmn.decisionrun import DecisionRun
from app.dmn.itemtypes import ItemTypes
from app.dmn.table_reading import read_table
from app.dmn.xml import Element
from app.feel.calls import UserFunction, invoke
from app.feel.coercion import coerce
from app.feel.compile_loops import range_values
from app.feel.errors import FeelSyntaxError, Trouble
from app.feel.expression import Expression, UnaryTests, compile_expression, compile_unary_tests
from app.feel.run import Bindings, Code, Run, Scope
from app.feel.types import ANY, FeelType
from app.feel.values import Function, Range, Value, entries_of, items_of, kind_of

Names: TypeAlias = frozenset[str]

LOGIC = (
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


def _nothing(_scope: Bindings, _run: Run) -> Value:
    return None


@dataclass(frozen=True, slots=True)
class Logic:
    """Compiles the logic of one decision or business knowledge model.

    `known` are all names of the model, for those with spaces; `used` collects the free names.
    """

    label: str
    types: ItemTypes
    type_names: Mapping[str, FeelType]
    known: Names
    used: set[str]
    report: Callable[[Element, str], None]

    def compile(self, element: Element | None, names: Names) -> Code:
        """Compile a boxed expression; one that is missing gives null."""
        if element is None:
            return _nothing
        compilers: Mapping[str, Callable[[Element, Names], Code]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "invocation": self._invocation,
            "functionDefinition": self.function,
            "list": self._list,
            "relation": self._relation,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }
        code = compilers[element.tag](element, names)
        of = self.type_of(element)
        return code if of is ANY else self._typed(code, of, self.label)

    def logic_in(self, element: Element | None, names: Names) -> Code:
        """Compile the boxed expression that an element wraps."""
        return self.compile(None if element is None else element.child(*LOGIC), names)

    def type_of(self, element: Element) -> FeelType:
        """Return the type an element declares, Any without one."""
        reference = element.get("typeRef") or element.text_of("typeRef")
        if reference and not self.types.is_known(reference):
            self.report(element, f"there is no type {reference!r}")
        return self.types.find(reference)

    def _typed(self, code: Code, of: FeelType, place: str) -> Code:
        def typed(scope: Bindings, run: Run) -> Value:
            return fitted(code(scope, run), of, run, place=place)

        return typed

    # --- FEEL -------------------------------------------------------------------------------

    def expression(self, element: Element, text: str, names: Names) -> Code:
        """Compile a FEEL expression that stands in an element; empty text gives null."""
        language = element.get("expressionLanguage").lower()
        if language and "feel" not in language:
            self.report(element, f"the expression is in {language}, not in FEEL")
            return _nothing
        if not text:
            return _nothing
        try:
            compiled = compile_expression(
                text, self.known | names, types=self.type_names, bound=names
            )
        except FeelSyntaxError as error:
            self.report(element, f"{text!r}: {error}")
            return _faulty(self.label, str(error))
        self.used.update(compiled.names - names)
        return _labelled(compiled, self.label)

    def tests(self, element: Element, text: str, names: Names) -> UnaryTests | None:
        """Compile unary tests that stand in an element; None where they are faulty."""
        try:
            compiled = compile_unary_tests(
                text, self.known | names, types=self.type_names, bound=names
            )
        except FeelSyntaxError as error:
            self.report(element, f"{text!r}: {error}")
            return None
        self.used.update(compiled.names - names)
        return compiled

    def _literal(self, element: Element, names: Names) -> Code:
        return self.expression(element, element.text_of("text"), names)

    def _table(self, element: Element, names: Names) -> Code:
        return read_table(element, self, names).evaluate

    # --- contexts, lists, calls -------------------------------------------------------------

    def _context(self, element: Element, names: Names) -> Code:
        entries: list[tuple[str, Code]] = []
        for entry in element.children("contextEntry"):
            variable = entry.child("variable")
            code = self.logic_in(entry, names)
            if variable is None:
                entries.append(("", code))
                continue
            of = self.type_of(variable)
            entries.append((variable.name, self._typed(code, of, variable.name)))
            names = names | {variable.name}

        def build(scope: Bindings, run: Run) -> Value:
            local = Scope(scope, {})
            for name, code in entries:
                value = code(local, run)
                if not name:
                    return value
                local[name] = value
            return dict(local)

        return build

    def _list(self, element: Element, names: Names) -> Code:
        items = [self.compile(part, names) for part in element.children(*LOGIC)]
        return lambda scope, run: [item(scope, run) for item in items]

    def _relation(self, element: Element, names: Names) -> Code:
        columns = [column.name for column in element.children("column")]
        rows = [
            [self.compile(cell, names) for cell in row.children(*LOGIC)]
            for row in element.children("row")
        ]
        for row in element.children("row"):
            if len(list(row.children(*LOGIC))) != len(columns):
                self.report(row, "the row has not as many cells as there are columns")

        def build(scope: Bindings, run: Run) -> Value:
            return [
                {name: cell(scope, run) for name, cell in zip(columns, row, strict=False)}
                for row in rows
            ]

        return build

    def _invocation(self, element: Element, names: Names) -> Code:
        target = self.logic_in(element, names)
        bindings = [
            (parameter.name, self.logic_in(binding, names))
            for binding in element.children("binding")
            if (parameter := binding.child("parameter")) is not None
        ]
        parameters = [name for name, _ in bindings]
        label = self.label

        def call(scope: Bindings, run: Run) -> Value:
            function = target(scope, run)
            if not isinstance(function, Function):
                return note(run, label, f"{kind_of(function)} is invoked, which is no function")
            try:
                given = [code(scope, run) for _, code in bindings]
                return invoke(function, given, run, names=parameters)
            except Trouble as trouble:
                return note(run, label, str(trouble))

        return call

    def function(self, element: Element, names: Names, *, name: str = "function") -> Code:
        """Compile a function definition, or the encapsulated logic of a knowledge model."""
        parameters = list(element.children("formalParameter"))
        types = tuple(self.type_of(parameter) for parameter in parameters)
        words = tuple(parameter.name for parameter in parameters)
        if element.get("kind") in {"Java", "PMML"}:
            body: Code = _faulty(self.label, "functions outside FEEL are never run")
        else:
            body = self.logic_in(element, names | set(words))
        result = self.type_of(element) if element.tag == "encapsulatedLogic" else ANY

        def define(scope: Bindings, _run: Run) -> Value:
            return UserFunction(name, words, types, body, scope, 20, result)

        return define

    # --- conditions and loops ---------------------------------------------------------------

    def _conditional(self, element: Element, names: Names) -> Code:
        condition = self.logic_in(element.child("if"), names)
        yes = self.logic_in(element.child("then"), names)
        no = self.logic_in(element.child("else"), names)
        label = self.label

        def choose(scope: Bindings, run: Run) -> Value:
            verdict = condition(scope, run)
            if verdict is None or isinstance(verdict, bool):
                return (yes if verdict is True else no)(scope, run)
            return note(run, label, f"the condition is a {kind_of(verdict)}, not a boolean")

        return choose

    def _filter(self, element: Element, names: Names) -> Code:
        source = self.logic_in(element.child("in"), names)
        match = self.logic_in(element.child("match"), names | {"item"})
        label = self.label

        def select(scope: Bindings, run: Run) -> Value:
            value = source(scope, run)
            chosen: list[Value] = []
            for item in items_of(value):
                run.spend(10)
                verdict = match(Scope(scope, {"item": item, **entries_of(item)}), run)
                if verdict is True:
                    chosen.append(item)
                elif verdict is not False:
                    return note(run, label, "the condition of the filter is no boolean")
            return chosen

        return select

    def _for(self, element: Element, names: Names) -> Code:
        variable = " ".join(element.get("iteratorVariable").split())
        source = self.logic_in(element.child("in"), names)
        body = self.logic_in(element.child("return"), names | {variable, "partial"})
        label = self.label

        def repeat(scope: Bindings, run: Run) -> Value:
            results: list[Value] = []
            items = listed(source(scope, run), run)
            if items is None:
                return note(run, label, "there is no list to go through")
            for item in items:
                run.spend(10 + len(results) // 8)
                local = Scope(scope, {variable: item, "partial": results.copy()})
                results.append(body(local, run))
            return results

        return repeat

    def _quantified(self, element: Element, names: Names) -> Code:
        variable = " ".join(element.get("iteratorVariable").split())
        source = self.logic_in(element.child("in"), names)
        condition = self.logic_in(element.child("satisfies"), names | {variable})
        is_every = element.tag == "every"
        label = self.label

        def decide(scope: Bindings, run: Run) -> Value:
            items = listed(source(scope, run), run)
            if items is None:
                return note(run, label, "there is no list to go through")
            result: bool | None = is_every
            for item in items:
                run.spend(10)
                verdict = condition(Scope(scope, {variable: item}), run)
                if verdict is (not is_every):
                    return verdict
                if verdict is not is_every:
                    result = None
            return result

        return decide


def note(run: Run, place: str, reason: str) -> Value:
    """Keep a reason why something became null, and return that null."""
    if isinstance(run, DecisionRun):
        return run.note(place, reason)
    return run.warn(0, reason)


def fitted(value: Value, of: FeelType, run: Run, *, place: str) -> Value:
    """Return a value converted to a type, null with a reason where it does not fit."""
    found, fits = coerce(value, of)
    if not fits:
        return note(run, place, f"the value is a {kind_of(value)} or not among the allowed ones")
    return found


def listed(value: Value, run: Run) -> list[Value] | None:
    """Return what an iteration goes through; None where there is no list."""
    if isinstance(value, Range):
        return list(range_values(value, run))
    return list(value) if isinstance(value, list | tuple) else None


def _labelled(compiled: Expression, label: str) -> Code:
    def evaluate(scope: Bindings, run: Run) -> Value:
        value = compiled.within(scope, run)
        if run.notes and isinstance(run, DecisionRun):
            run.collect(label)
        return value

    return evaluate


def _faulty(label: str, reason: str) -> Code:
    def nothing(_scope: Bindings, run: Run) -> Value:
        return note(run, label, reason)

    return nothing
