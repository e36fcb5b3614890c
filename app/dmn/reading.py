"""The XML of a decision model → a `Model`: parts, requirements, imports, and all its problems."""

from collections.abc import Iterable, Mapping, Sequence

from app.dmn.boxed import LOGIC, Logic
from app.dmn.errors import DmnError
from app.dmn.itemtypes import ItemTypes
from app.dmn.model import Decision, InputData, Knowledge, Model, Part, Requirement, Service
from app.dmn.xml import Element, parse
from app.feel.types import FeelType


def load(xml: bytes, imports: Sequence[bytes] = (), *, is_lenient: bool = False) -> Model:
    """Read a decision model, with the files of the models it imports.

    `is_lenient` keeps what is wrong in `Model.problems` and lets faulty parts be null, as lint
    and the conformance tests need it.

    Raises:
        DmnError: the file is no decision model; or, unless lenient, the first of its problems.
    """
    others = {element.get("namespace"): element for element in map(parse, imports)}
    reader = _Reader(parse(xml), others, ())
    model = reader.model()
    if model.problems and not is_lenient:
        raise model.problems[0]
    return model


class _Reader:
    """Reads one model; `path` holds the namespaces of those that import it."""

    def __init__(self, root: Element, others: Mapping[str, Element], path: tuple[str, ...]) -> None:
        self.root = root
        self.namespace = root.get("namespace")
        self.problems: list[DmnError] = []
        self.imports: dict[str, _Reader] = {}
        for element in root.children("import"):
            self._import(element, others, (*path, self.namespace))
        self.types: ItemTypes = ItemTypes(
            root,
            imported={prefix: reader.types for prefix, reader in self.imports.items()},
            report=self.report,
        )
        self.elements = {
            element.id or element.name: element
            for element in root.children(
                "inputData", "decision", "businessKnowledgeModel", "decisionService"
            )
        }

    def report(self, element: Element, why: str) -> None:
        """Keep a problem at its element."""
        self.problems.append(element.wrong(why))

    def _import(
        self, element: Element, others: Mapping[str, Element], path: tuple[str, ...]
    ) -> None:
        namespace = element.get("namespace")
        if "MODEL" not in element.get("importType") and "dmn" not in element.get("importType"):
            return
        if namespace in path:
            self.report(element, "models import each other in a circle")
        elif namespace not in others:
            self.report(element, f"the imported model {namespace!r} is not there")
        else:
            self.imports[element.name] = _Reader(others[namespace], others, path)

    def model(self) -> Model:
        """Return the model."""
        imported = {prefix: reader.model() for prefix, reader in self.imports.items()}
        known = self._known_names()
        types = self.types.names()
        parts = {key: self._part(element, known, types) for key, element in self.elements.items()}
        self._demand_unique_names()
        self._refuse_circles(parts)
        parts = {key: self._with_inputs(part, parts) for key, part in parts.items()}
        problems = list(self.problems)
        for model in imported.values():
            problems += model.problems
        problems.sort(key=lambda problem: problem.line)
        return Model(self.root.name, self.namespace, parts, imported, tuple(problems))

    def _known_names(self) -> frozenset[str]:
        own = {element.name for element in self.elements.values()}
        own |= {
            variable.name
            for element in self.elements.values()
            if (variable := element.child("variable")) is not None
        }
        own |= set(_inner_names(self.root)) | self.types.component_names()
        for prefix, reader in self.imports.items():
            own |= {prefix} | reader._known_names()
        return frozenset(name for name in own if name)

    def _part(self, element: Element, known: frozenset[str], types: Mapping[str, FeelType]) -> Part:
        variable = element.child("variable")
        logic = Logic(element.name or element.id, self.types, types, known, set(), self.report)
        of = logic.type_of(variable if variable is not None else element)
        key = element.id or element.name
        if element.tag == "inputData":
            return InputData(key, element.name, of)
        if element.tag == "decisionService":
            return self._service(element, of)
        requires = tuple(self._requirements(element))
        names = self._names_of(requires)
        if element.tag == "businessKnowledgeModel":
            body = element.child("encapsulatedLogic")
            define = logic.function(body or element, names | {element.name}, name=element.name)
            return Knowledge(key, element.name, define, of, requires)
        code = logic.compile(element.child(*LOGIC), names)
        name = element.name if variable is None else variable.name
        used = frozenset(logic.used)
        return Decision(key, element.name, name, code, of, requires, used)

    def _names_of(self, requires: Iterable[Requirement]) -> frozenset[str]:
        names: set[str] = set()
        for requirement in requires:
            if requirement.prefix:
                names.add(requirement.prefix)
                continue
            element = self.elements[requirement.id]
            variable = element.child("variable")
            names |= {element.name, element.id, "" if variable is None else variable.name}
        return frozenset(names - {""})

    def _requirements(self, element: Element) -> Iterable[Requirement]:
        for kind in element.children("informationRequirement", "knowledgeRequirement"):
            for target in kind.children("requiredInput", "requiredDecision", "requiredKnowledge"):
                found = self._resolve(target)
                if found is not None:
                    yield found

    def _resolve(self, element: Element) -> Requirement | None:
        namespace, _, key = element.get("href").rpartition("#")
        if namespace in {"", self.namespace} and key in self.elements:
            return Requirement("", key)
        for prefix, reader in self.imports.items():
            if reader.namespace == namespace and key in reader.elements:
                return Requirement(prefix, key)
        self.report(element, f"{element.get('href')!r} is required but not there")
        return None

    def _service(self, element: Element, of: FeelType) -> Service:
        def targets(*tags: str) -> tuple[Requirement, ...]:
            found = (self._resolve(child) for tag in tags for child in element.children(tag))
            return tuple(one for one in found if one is not None)

        return Service(
            element.id or element.name,
            element.name,
            targets("outputDecision"),
            targets("inputDecision", "inputData"),
            of,
        )

    def _demand_unique_names(self) -> None:
        seen: set[str] = set()
        for element in self.elements.values():
            if element.name in seen:
                self.report(element, f"the name {element.name!r} is used twice")
            seen.add(element.name)

    def _refuse_circles(self, parts: Mapping[str, Part]) -> None:
        done: set[str] = set()
        for key in parts:
            self._visit(key, parts, done, path=())

    def _visit(
        self, key: str, parts: Mapping[str, Part], done: set[str], *, path: tuple[str, ...]
    ) -> None:
        if key in path:
            self.report(self.elements[key], "decisions require each other in a circle")
            raise self.problems[-1]
        if key in done or len(path) > 100:
            return
        for requirement in _requires(parts[key]):
            if not requirement.prefix:
                self._visit(requirement.id, parts, done, path=(*path, key))
        done.add(key)

    def _with_inputs(self, part: Part, parts: Mapping[str, Part]) -> Part:
        if not isinstance(part, Decision):
            return part
        inputs: dict[str, None] = {}
        stack = list(part.requires)
        seen: set[str] = set()
        while stack:
            requirement = stack.pop(0)
            if requirement.prefix or requirement.id in seen:
                continue
            seen.add(requirement.id)
            found = parts[requirement.id]
            if isinstance(found, InputData):
                inputs[found.name] = None
            elif isinstance(found, Decision):
                stack += found.requires
        return Decision(
            part.id,
            part.name,
            part.variable,
            part.logic,
            part.type,
            part.requires,
            part.variables,
            tuple(inputs) or tuple(sorted(part.variables)),
        )


def _requires(part: Part) -> tuple[Requirement, ...]:
    return part.requires if isinstance(part, Decision | Knowledge) else ()


def _inner_names(element: Element) -> Iterable[str]:
    tags = {"variable", "formalParameter", "parameter", "column", "output", "parameters"}
    for child in element.children():
        if child.tag in tags and child.name:
            yield child.name
        if child.get("iteratorVariable"):
            yield " ".join(child.get("iteratorVariable").split())
        yield from _inner_names(child)
