"""The item definitions of a model as FEEL types, allowed values included.

Source: OMG DMN 1.5, 7.3.3.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.dmn.xml import Element
from app.feel.errors import FeelSyntaxError
from app.feel.expression import UnaryTests, compile_unary_tests
from app.feel.run import Run
from app.feel.types import (
    ANY,
    SIMPLE,
    Check,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
)

_MAX_DEPTH = 32


class ItemTypes:
    """Finds the type a name stands for in one model and those it imports."""

    def __init__(
        self,
        definitions: Element,
        *,
        imported: Mapping[str, "ItemTypes"],
        report: Callable[[Element, str], None],
    ) -> None:
        self._elements = {
            element.name: element for element in definitions.children("itemDefinition")
        }
        self._imported = imported
        self._report = report
        self._found: dict[str, FeelType] = {}
        self._depth = 0

    def names(self) -> Mapping[str, FeelType]:
        """Return every type of the model by the name FEEL uses for it."""
        own = {name: self.find(name) for name in self._elements}
        for prefix, types in self._imported.items():
            own |= {f"{prefix}.{name}": of for name, of in types.names().items()}
        return own

    def component_names(self) -> frozenset[str]:
        """Return the names of all components, for the recognition of names with spaces."""
        return frozenset(
            name for element in self._elements.values() for name in _component_names(element)
        )

    def find(self, reference: str) -> FeelType:
        """Return the type of a reference; Any for an empty or an unknown one."""
        reference = " ".join(reference.split())
        if not reference:
            return ANY
        if reference in self._found:
            return self._found[reference]
        if reference in self._elements:
            return self._define(reference)
        prefix, _, name = reference.partition(".")
        if name and prefix in self._imported:
            return self._imported[prefix].find(name)
        # DMN 1.1 and some modelers write the prefix of FEEL's own namespace.
        bare = reference.rpartition(":")[2]
        return (
            self._found.get(bare)
            or SIMPLE.get(bare)
            or (self._define(bare) if bare in self._elements else ANY)
        )

    def is_known(self, reference: str) -> bool:
        """Say whether a reference names a type."""
        reference = " ".join(reference.split())
        prefix, _, name = reference.partition(".")
        if name and prefix in self._imported:
            return self._imported[prefix].is_known(name)
        bare = reference.rpartition(":")[2]
        return reference in self._elements or bare in SIMPLE or bare in self._elements

    def _define(self, name: str) -> FeelType:
        # A type that contains itself is Any where it does.
        self._found[name] = ANY
        self._found[name] = self.build(self._elements[name])
        return self._found[name]

    def build(self, element: Element) -> FeelType:
        """Return the type one item definition or component describes."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._report(element, "types are nested too deep")
            self._depth -= 1
            return ANY
        of = self._base(element)
        allowed = self._allowed(element, "allowedValues")
        constraint = self._allowed(element, "typeConstraint")
        if allowed is not None:
            of = _narrowed(of, allowed)
        if element.get("isCollection") == "true":
            of = ListType(of)
        if constraint is not None:
            of = _narrowed(of, constraint)
        self._depth -= 1
        return of

    def _base(self, element: Element) -> FeelType:
        components = list(element.children("itemComponent"))
        if components:
            return ContextType({part.name: self.build(part) for part in components})
        function = element.child("functionItem")
        if function is not None:
            parameters = tuple(
                self.find(part.get("typeRef")) for part in function.children("parameters")
            )
            return FunctionType(parameters, self.find(function.get("outputTypeRef")))
        reference = element.text_of("typeRef") or element.get("typeRef")
        if reference and not self.is_known(reference):
            self._report(element, f"there is no type {reference!r}")
        return self.find(reference)

    def _allowed(self, element: Element, tag: str) -> Check | None:
        found = element.child(tag)
        text = "" if found is None else found.text_of("text")
        if found is None or not text:
            return None
        try:
            return _checker(compile_unary_tests(text))
        except FeelSyntaxError as error:
            self._report(found, str(error))
            return None


def _checker(tests: UnaryTests) -> Check:
    return lambda value: tests.code(value, {}, Run(None, is_traced=False)) is True


def _narrowed(of: FeelType, check: Check) -> FeelType:
    before = of.allows
    if before is None:
        return replace(of, allows=check)
    return replace(of, allows=lambda value: before(value) and check(value))


def _component_names(element: Element) -> set[str]:
    names: set[str] = set()
    for part in element.children("itemComponent"):
        names.add(part.name)
        names |= _component_names(part)
    return names
