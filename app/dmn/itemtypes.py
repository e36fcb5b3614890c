"""The item definitions of a model as FEEL types, allowed values included.

Source: OMG DMN 1.5, 7.3.3.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.dmn.decisionrun import quietly
from app.dmn.xml import Element
from app.feel.errors import FeelSyntaxError
from app.feel.expression import UnaryTests, compile_unary_tests
from app.feel.types import (
    ANY,
    SIMPLE,
    Check,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    SimpleType,
)
from app.feel.values import Value

_MAX_DEPTH = 32
_MOST = 1 << 30


@dataclass(frozen=True, slots=True)
class Allowed:
    """The check that a value is among the allowed ones, and the text that lists them."""

    text: str
    tests: UnaryTests
    before: Check | None

    def __call__(self, value: Value) -> bool:
        """Say whether the value is allowed."""
        if self.before is not None and not self.before(value):
            return False
        return quietly(lambda run: self.tests.code(value, {}, run) is True)


@dataclass(frozen=True, slots=True)
class Imported:
    """The types of imported models: by the name of the import, by namespace, without a name."""

    by_name: Mapping[str, "ItemTypes"]
    by_namespace: Mapping[str, "ItemTypes"]
    unnamed: Sequence["ItemTypes"]

    def all(self) -> Sequence["ItemTypes"]:
        """Return the types of every import."""
        return [*self.by_name.values(), *self.unnamed]


class ItemTypes(Mapping[str, FeelType]):
    """Finds the type a name stands for in one model and those it imports.

    As a mapping it holds the item definitions by the names FEEL uses for them.
    """

    def __init__(
        self, definitions: Element, *, imported: Imported, report: Callable[[Element, str], None]
    ) -> None:
        self._elements = {
            element.name: element for element in definitions.children("itemDefinition")
        }
        self._prefixes = definitions.prefixes
        self._imported = imported
        self._report = report
        self._own: dict[str, FeelType] = {}
        self._under_way: list[str] = []
        self._length = min(_MOST, len(self._elements) + sum(map(len, imported.all())))
        self.component_names = frozenset(
            name for element in self._elements.values() for name in _component_names(element)
        )
        self._check_languages(definitions)
        for name in self._elements:
            self._find_own(name)
        # What is left of the file is not needed any more.
        self._elements = {}

    def __getitem__(self, name: str) -> FeelType:
        found = self._named(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        for types in self._imported.unnamed:
            yield from types
        for prefix, types in self._imported.by_name.items():
            yield from (f"{prefix}.{name}" for name in types)

    def __len__(self) -> int:
        return self._length

    def find(self, reference: str) -> FeelType:
        """Return the type of a reference; Any for an empty or an unknown one."""
        return self._resolved(reference) or ANY

    def is_known(self, reference: str) -> bool:
        """Say whether a reference names a type."""
        return self._resolved(reference) is not None

    def _resolved(self, reference: str) -> FeelType | None:
        reference = " ".join(reference.split())
        if not reference:
            return ANY
        found = self._named(reference)
        if found is not None:
            return found
        # DMN 1.1 and some modelers write the prefix of FEEL's own or of an imported namespace.
        prefix, _, bare = reference.rpartition(":")
        imported = self._imported.by_namespace.get(self._prefixes.get(prefix, ""))
        found = None if imported is None else imported._named(bare)
        return found or SIMPLE.get(bare) or self._named(bare)

    def _named(self, name: str) -> FeelType | None:
        if name in self._own or name in self._elements:
            return self._find_own(name)
        for prefix, types in self._imported.by_name.items():
            if name.startswith(f"{prefix}."):
                found = types._named(name[len(prefix) + 1 :])
                if found is not None:
                    return found
        for types in self._imported.unnamed:
            found = types._named(name)
            if found is not None:
                return found
        return None

    def _find_own(self, name: str) -> FeelType:
        if name in self._own:
            return self._own[name]
        element = self._elements[name]
        if name in self._under_way:
            self._report(element, f"the type {name!r} is defined by itself")
            return ANY
        if len(self._under_way) >= _MAX_DEPTH:
            self._report(element, f"types refer to each other more than {_MAX_DEPTH} deep")
            return ANY
        self._under_way.append(name)
        found = self._build(element)
        self._under_way.pop()
        return self._own.setdefault(name, found)

    def _build(self, element: Element) -> FeelType:
        of = self._base(element)
        allowed = self._allowed(element, "allowedValues")
        if allowed is not None:
            of = _narrowed(of, allowed)
        if element.get("isCollection") == "true":
            of = ListType(of)
        constraint = self._allowed(element, "typeConstraint")
        return of if constraint is None else _narrowed(of, constraint)

    def _base(self, element: Element) -> FeelType:
        components = list(element.children("itemComponent"))
        if components:
            self._demand_unique(components, "component")
            return ContextType({part.name: self._build(part) for part in components})
        function = element.child("functionItem")
        if function is not None:
            parameters = tuple(
                self._referred(part, part.get("typeRef"))
                for part in function.children("parameters")
            )
            return FunctionType(parameters, self._referred(function, function.get("outputTypeRef")))
        return self._referred(element, element.text_of("typeRef") or element.get("typeRef"))

    def _referred(self, element: Element, reference: str) -> FeelType:
        found = self._resolved(reference)
        if found is None:
            self._report(element, f"there is no type {reference!r}")
        return found or ANY

    def _demand_unique(self, elements: Sequence[Element], what: str) -> None:
        seen: set[str] = set()
        for element in elements:
            if element.name in seen:
                self._report(element, f"there are two of the {what} {element.name!r}")
            seen.add(element.name)

    def _allowed(self, element: Element, tag: str) -> Allowed | None:
        found = element.child(tag)
        text = "" if found is None else found.text_of("text")
        if found is None or not text:
            return None
        if not is_feel(found.get("expressionLanguage")):
            self._report(found, "the allowed values are not written in FEEL")
            return None
        try:
            tests = compile_unary_tests(text, self.component_names, types=self, bound=frozenset())
        except FeelSyntaxError as error:
            self._report(found, f"{text!r}: {error}")
            return None
        return Allowed(text, tests, None)

    def _check_languages(self, definitions: Element) -> None:
        if not is_feel(definitions.get("typeLanguage")):
            self._report(definitions, "the types of the model are not FEEL's")
        for element in self._elements.values():
            if not is_feel(element.get("typeLanguage")):
                self._report(element, f"the type {element.name!r} is not one of FEEL's")
        self._demand_unique(list(definitions.children("itemDefinition")), "type")


def is_feel(language: str) -> bool:
    """Say whether a language is FEEL; it is where none is named."""
    return not language or "feel" in language.lower()


def expected(of: FeelType) -> str:
    """Say in words what a type expects."""
    if isinstance(of, ListType):
        return "a list"
    if isinstance(of, ContextType):
        return f"a context of {', '.join(of.entries)}" if of.entries else "a context"
    if isinstance(of, FunctionType):
        return "a function"
    return f"a {of.kind}" if isinstance(of, SimpleType) else "another value"


def _narrowed(of: FeelType, check: Allowed) -> FeelType:
    return replace(of, allows=replace(check, before=of.allows))


def _component_names(element: Element) -> set[str]:
    names: set[str] = set()
    for part in element.children("itemComponent"):
        names.add(part.name)
        names |= _component_names(part)
    return names
