"""The XML of one decision model → a `Model`: parts, requirements, and all its problems.

Called by `app.dmn.loading`, which has read the models it imports before.
"""

from collections.abc import Iterable, Mapping

from app.dmn.boxed import LOGIC, Logic, faulty
from app.dmn.cells import Cells
from app.dmn.circles import circular
from app.dmn.errors import DmnError
from app.dmn.itemtypes import Imported, ItemTypes, is_feel
from app.dmn.model import Model
from app.dmn.parts import Decision, InputData, Knowledge, Part, Requirement, Service, names_of
from app.dmn.xml import Element
from app.feel.types import ANY, FeelType, FunctionType

MAX_PROBLEMS = 500
_PARTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
_NAMING = frozenset({"variable", "formalParameter", "parameter", "column", "output", "parameters"})


class Reader:
    """Reads one model; `imports` are those it imports, by name, and `unnamed` those without."""

    def __init__(
        self, root: Element, *, imports: Mapping[str, Model], unnamed: frozenset[str]
    ) -> None:
        self.root = root
        self.problems: list[DmnError] = []
        self._namespace = root.get("namespace")
        self._imports = imports
        self._unnamed = unnamed
        self._elements: dict[str, Element] = {}
        self._parts: dict[str, Part] = {}

    def report(self, element: Element, why: str) -> None:
        """Keep a problem at its element."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(element.wrong(why))

    def model(self) -> Model:
        """Return the model."""
        if not is_feel(self.root.get("expressionLanguage")):
            self.report(self.root, "the expressions of the model are not in FEEL")
        types = ItemTypes(self.root, imported=self._imported_types(), report=self.report)
        self._elements = self._find_elements()
        known = self._known_names(types)
        cells = Cells(known, types)
        for key, element in self._elements.items():
            logic = Logic(element.name or element.id, types, cells, set(), self.report)
            self._parts[key] = self._part(element, key, logic)
        self._break_circles()
        inputs = _Inputs(self._parts)
        problems = {id(problem): problem for problem in self.problems}
        for other in self._imports.values():
            problems |= {id(problem): problem for problem in other.problems}
        return Model(
            self.root.id,
            self.root.name,
            self._namespace,
            {key: inputs.completed(part) for key, part in self._parts.items()},
            self._imports,
            tuple(sorted(problems.values(), key=lambda problem: problem.line)),
            self._unnamed,
            types,
            known,
        )

    def _imported_types(self) -> Imported:
        found = {key: model.types for key, model in self._imports.items() if model.types}
        return Imported(
            {key: types for key, types in found.items() if key not in self._unnamed},
            {self._imports[key].namespace: types for key, types in found.items()},
            [types for key, types in found.items() if key in self._unnamed],
        )

    def _find_elements(self) -> dict[str, Element]:
        found: dict[str, Element] = {}
        names: set[str] = set()
        unnamed = [self._imports[key] for key in self._unnamed]
        imported = {part.name for model in unnamed for part in model.parts.values()}
        for element in self.root.children(*_PARTS):
            key = element.id or element.name
            if not element.name:
                self.report(element, f"the {element.tag} has no name")
            if key in found:
                self.report(element, f"the id {key!r} is used twice")
            elif element.name in names:
                self.report(element, f"the name {element.name!r} is used twice")
            elif element.name in self._imports:
                self.report(element, f"the name {element.name!r} is that of an import")
            elif element.name in imported:
                self.report(element, f"the name {element.name!r} is imported without a prefix too")
            names.add(element.name)
            found.setdefault(key, element)
        return found

    def _known_names(self, types: ItemTypes) -> frozenset[str]:
        own = {element.name for element in self._elements.values()}
        own |= set(_inner_names(self.root)) | types.component_names
        for key, model in self._imports.items():
            own |= model.names if key in self._unnamed else {key} | model.names
        return frozenset(name for name in own if name)

    # --- parts ------------------------------------------------------------------------------

    def _part(self, element: Element, key: str, logic: Logic) -> Part:
        variable = element.child("variable")
        of = logic.type_of(element if variable is None else variable)
        word = "" if variable is None else variable.name
        if element.tag == "inputData":
            return InputData(key, element.name, of, word)
        if element.tag == "decisionService":
            return self._service(element, key, of, word)
        requires = tuple(self._requirements(element))
        names = self._visible_names(requires)
        if element.tag == "businessKnowledgeModel":
            return self._knowledge(element, key, logic, of, requires)
        inner = element.child(*LOGIC)
        used: frozenset[str] = frozenset()
        if inner is None or (inner.tag == "literalExpression" and not inner.text_of("text")):
            code = faulty(logic.label, "the decision has no logic")
        else:
            code = logic.compile(inner, names, of)
            used = frozenset(logic.used)
            if inner.tag == "functionDefinition" and not isinstance(of, FunctionType):
                of = ANY
        kind = "" if inner is None else inner.tag
        return Decision(
            key, element.name, word or element.name, code, of, requires, used, kind=kind
        )

    def _knowledge(
        self,
        element: Element,
        key: str,
        logic: Logic,
        of: FeelType,
        requires: tuple[Requirement, ...],
    ) -> Knowledge:
        body = element.child("encapsulatedLogic")
        variable = element.child("variable")
        word = "" if variable is None else variable.name
        names = self._visible_names(requires) | {element.name}
        own = ANY if body is None else logic.type_of(body)
        define = logic.function(
            body or element, names, name=element.name, of=of if own is ANY else own
        )
        return Knowledge(key, element.name, define, of, requires, word)

    def _service(self, element: Element, key: str, of: FeelType, word: str) -> Service:
        def targets(*tags: str) -> tuple[Requirement, ...]:
            found = (self._resolve(child) for tag in tags for child in element.children(tag))
            return tuple(one for one in found if one is not None)

        targets("encapsulatedDecision")
        outputs = targets("outputDecision")
        if not outputs:
            self.report(element, "the service gives out no decision")
        result = of.result if isinstance(of, FunctionType) else of
        # The order in which a call by position gives them.
        parameters = targets("inputData", "inputDecision")
        return Service(key, element.name, outputs, parameters, result, word)

    # --- requirements -----------------------------------------------------------------------

    def _visible_names(self, requires: Iterable[Requirement]) -> frozenset[str]:
        names: set[str] = set()
        for requirement in requires:
            if not requirement.prefix:
                element = self._elements[requirement.id]
                variable = element.child("variable")
                names |= {element.name, element.id, "" if variable is None else variable.name}
            elif requirement.prefix in self._unnamed:
                part = self._imports[requirement.prefix].parts[requirement.id]
                names |= set(names_of(part))
            else:
                names.add(requirement.prefix)
        return frozenset(names - {""})

    def _requirements(self, element: Element) -> Iterable[Requirement]:
        for kind in element.children("informationRequirement", "knowledgeRequirement"):
            for target in kind.children("requiredInput", "requiredDecision", "requiredKnowledge"):
                found = self._resolve(target)
                if found is not None:
                    yield found

    def _resolve(self, element: Element) -> Requirement | None:
        namespace, _, key = element.get("href").rpartition("#")
        if namespace in {"", self._namespace} and key in self._elements:
            return Requirement("", key)
        for name, model in self._imports.items():
            is_meant = model.namespace == namespace or (not namespace and name in self._unnamed)
            if is_meant and key in model.parts:
                return Requirement(name, key)
        self.report(element, f"{element.get('href')!r} is required but not there")
        return None

    def _break_circles(self) -> None:
        """Report what requires itself, and let it be null."""
        for key in circular({key: _own_requirements(part) for key, part in self._parts.items()}):
            element = self._elements[key]
            why = f"{element.name!r} requires itself in a circle"
            self.report(element, why)
            part = self._parts[key]
            code = faulty(element.name, why)
            if isinstance(part, Decision):
                self._parts[key] = Decision(
                    part.id, part.name, part.variable, code, ANY, (), frozenset()
                )
            elif isinstance(part, Knowledge):
                self._parts[key] = Knowledge(part.id, part.name, code, ANY, (), part.variable)


class _Inputs:
    """Tells for each decision the input data that it reads, directly or through others."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._found: dict[str, dict[str, None]] = {}

    def completed(self, part: Part) -> Part:
        """Return a part, a decision with its inputs."""
        if not isinstance(part, Decision):
            return part
        inputs = tuple(self._of(part)) or tuple(sorted(part.variables))
        return Decision(
            part.id,
            part.name,
            part.variable,
            part.logic,
            part.type,
            part.requires,
            part.variables,
            inputs,
            part.kind,
        )

    def _of(self, decision: Decision) -> dict[str, None]:
        waiting = [decision]
        while waiting:
            current = waiting[-1]
            required = [self._parts[key] for key in _own_requirements(current)]
            decisions = [part for part in required if isinstance(part, Decision)]
            open_ones = [part for part in decisions if part.id not in self._found]
            if open_ones and current.id not in self._found:
                waiting += open_ones
                continue
            waiting.pop()
            found: dict[str, None] = {}
            for part in required:
                if isinstance(part, InputData):
                    found[part.name] = None
                elif isinstance(part, Decision):
                    found |= self._found[part.id]
            self._found[current.id] = found
        return self._found[decision.id]


def _own_requirements(part: Part) -> list[str]:
    requires = part.requires if isinstance(part, Decision | Knowledge) else ()
    return [requirement.id for requirement in requires if not requirement.prefix]


def _inner_names(element: Element) -> Iterable[str]:
    for child in element.children():
        if child.tag in _NAMING and child.name:
            yield child.name
        if child.get("iteratorVariable"):
            yield " ".join(child.get("iteratorVariable").split())
        yield from _inner_names(child)
