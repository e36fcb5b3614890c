"""Boxed expressions of a model → compiled code, with every problem reported at its element.

Called by `app.dmn.reading` for the logic of decisions and of business knowledge models. Source:
OMG DMN 1.5, 10.2.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.dmn import boxed_loops
from app.dmn.cells import Cells, Names
from app.dmn.decisionrun import DecisionRun
from app.dmn.itemtypes import ItemTypes, is_feel
from app.dmn.table_reading import read_table
from app.dmn.values import fitted, note
from app.dmn.xml import Element
from app.feel.compiling.run import Bindings, Code, Run, Scope
from app.feel.compiling.tests import TestCode
from app.feel.errors import FeelSyntaxError, Trouble
from app.feel.expression import Expression
from app.feel.functions import UserFunction, invoke
from app.feel.types import ANY, FeelType, FunctionType
from app.feel.values import Function, Value, kind_of

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
_OUTSIDE = frozenset({"Java", "PMML", "J", "P"})


def _nothing(_scope: Bindings, _run: Run) -> Value:
    return None


@dataclass(frozen=True, slots=True)
class Logic:
    """Compiles the logic of one decision or business knowledge model.

    `used` collects the names it takes from around it.
    """

    label: str
    types: ItemTypes
    cells: Cells
    used: set[str]
    report: Callable[[Element, str], None]

    def compile(self, element: Element, names: Names, expected: FeelType = ANY) -> Code:
        """Compile a boxed expression; `expected` is the type of what it is the value of."""
        if element.tag == "decisionTable":
            code: Code = read_table(element, self, names, expected=expected).evaluate
        elif element.tag == "functionDefinition":
            # Its type is that of the function, which is no value to convert.
            return self.function(element, names, of=self.type_of(element))
        else:
            code = self._compilers()[element.tag](element, names)
        return self.typed(code, self.type_of(element), self.label)

    def _compilers(self) -> Mapping[str, Callable[[Element, Names], Code]]:
        return {
            "literalExpression": self._literal,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "conditional": lambda element, names: boxed_loops.conditional(element, self, names),
            "filter": lambda element, names: boxed_loops.filtered(element, self, names),
            "for": lambda element, names: boxed_loops.repeated(element, self, names),
            "some": lambda element, names: boxed_loops.quantified(element, self, names),
            "every": lambda element, names: boxed_loops.quantified(element, self, names),
        }

    def logic_in(self, element: Element | None, names: Names, expected: FeelType = ANY) -> Code:
        """Compile the boxed expression that an element wraps; one that is missing gives null."""
        inner = None if element is None else element.child(*LOGIC)
        return _nothing if inner is None else self.compile(inner, names, expected)

    def type_of(self, element: Element) -> FeelType:
        """Return the type an element declares, Any without one."""
        reference = element.get("typeRef") or element.text_of("typeRef")
        if reference and not self.types.is_known(reference):
            self.report(element, f"there is no type {reference!r}")
        return self.types.find(reference)

    def typed(self, code: Code, of: FeelType, place: str) -> Code:
        """Return code whose value is converted to a type."""
        if of is ANY:
            return code

        def convert(scope: Bindings, run: Run) -> Value:
            return fitted(code(scope, run), of, run, place=place)

        return convert

    # --- FEEL -------------------------------------------------------------------------------

    def expression(self, element: Element, text: str, names: Names) -> Code:
        """Compile a FEEL expression that stands in an element; empty text gives null."""
        fault = self._fault(element)
        if fault:
            return faulty(self.label, fault)
        if not text:
            return _nothing
        try:
            found = self.cells.expression(text, names)
        except FeelSyntaxError as error:
            self.report(element, f"{text!r}: {error}")
            return faulty(self.label, f"{text!r}: {error}")
        self.used.update(found.free)
        return _labelled(found.expression, self.label)

    def tests(self, element: Element, text: str, names: Names) -> TestCode:
        """Compile unary tests that stand in an element; faulty ones cannot be decided."""
        fault = self._fault(element)
        if fault:
            return _undecidable(fault)
        try:
            found = self.cells.tests(text, names)
        except FeelSyntaxError as error:
            self.report(element, f"{text!r}: {error}")
            return _undecidable(f"{text!r}: {error}")
        self.used.update(found.free)
        return found.tests.code

    def _fault(self, element: Element) -> str:
        """Report an element that holds no FEEL, and return what is wrong with it."""
        fault = ""
        if not is_feel(element.get("expressionLanguage")):
            fault = f"the expression is in {element.get('expressionLanguage')}, not in FEEL"
        elif element.child("importedValues") is not None:
            fault = "values imported from outside of the model are not read"
        if fault:
            self.report(element, fault)
        return fault

    def _literal(self, element: Element, names: Names) -> Code:
        return self.expression(element, element.text_of("text"), names)

    # --- contexts and lists -----------------------------------------------------------------

    def _context(self, element: Element, names: Names) -> Code:
        entries: list[tuple[str, Code]] = []
        for entry in element.children("contextEntry"):
            variable = entry.child("variable")
            if variable is None:
                entries.append(("", self.logic_in(entry, names)))
                continue
            if any(variable.name == name for name, _ in entries):
                self.report(variable, f"the context has two entries {variable.name!r}")
            entries.append((variable.name, self._entry(entry, variable, names)))
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

    def _entry(self, entry: Element, variable: Element, names: Names) -> Code:
        of = self.type_of(variable)
        function = entry.child("functionDefinition")
        if function is not None:
            own = self.type_of(function)
            return self.function(function, names, name=variable.name, of=of if own is ANY else own)
        return self.typed(self.logic_in(entry, names, of), of, variable.name)

    def _list(self, element: Element, names: Names) -> Code:
        items = [self.compile(part, names) for part in element.children(*LOGIC)]

        def build(scope: Bindings, run: Run) -> Value:
            run.spend(1)
            return [item(scope, run) for item in items]

        return build

    def _relation(self, element: Element, names: Names) -> Code:
        columns = [(column.name, self.type_of(column)) for column in element.children("column")]
        rows: list[list[tuple[str, Code]]] = []
        for row in element.children("row"):
            cells = list(row.children(*LOGIC))
            if len(cells) != len(columns):
                self.report(row, "the row has not as many cells as there are columns")
            rows.append(
                [
                    (name, self.typed(self.compile(cell, names), of, name))
                    for (name, of), cell in zip(columns, cells, strict=False)
                ]
            )

        def build(scope: Bindings, run: Run) -> Value:
            run.spend(1 + len(rows))
            return [{name: cell(scope, run) for name, cell in row} for row in rows]

        return build

    # --- functions --------------------------------------------------------------------------

    def _invocation(self, element: Element, names: Names) -> Code:
        target = self.logic_in(element, names)
        bindings: list[tuple[str, Code]] = []
        for binding in element.children("binding"):
            parameter = binding.child("parameter")
            if parameter is None:
                self.report(binding, "the binding names no parameter")
                continue
            of = self.type_of(parameter)
            code = self.typed(self.logic_in(binding, names), of, parameter.name)
            bindings.append((parameter.name, code))
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

    def function(
        self, element: Element, names: Names, *, name: str = "function", of: FeelType = ANY
    ) -> Code:
        """Compile a function definition, or the encapsulated logic of a knowledge model.

        `of` is the type of the function, or what some modelers write instead, of its result.
        """
        parameters = list(element.children("formalParameter"))
        types = tuple(self.type_of(parameter) for parameter in parameters)
        words = tuple(parameter.name for parameter in parameters)
        if len(set(words)) < len(words):
            self.report(element, f"two parameters of {name!r} have the same name")
        result = of.result if isinstance(of, FunctionType) else of
        if element.get("kind") in _OUTSIDE:
            body: Code = faulty(self.label, "functions outside FEEL are never run")
        else:
            body = self.logic_in(element, names | set(words), result)

        def define(scope: Bindings, _run: Run) -> Value:
            return UserFunction(name, words, types, body, scope, 20, result)

        return define


def faulty(label: str, reason: str) -> Code:
    """Return the code of what cannot be read: it is null, and says why."""

    def nothing(_scope: Bindings, run: Run) -> Value:
        return note(run, label, reason)

    return nothing


def _undecidable(reason: str) -> TestCode:
    def fail(_value: Value, _scope: Bindings, _run: Run) -> bool | None:
        raise Trouble(reason)

    return fail


def _labelled(compiled: Expression, label: str) -> Code:
    def evaluate(scope: Bindings, run: Run) -> Value:
        value = compiled.within(scope, run)
        if run.notes and isinstance(run, DecisionRun):
            run.collect(label)
        return value

    return evaluate
