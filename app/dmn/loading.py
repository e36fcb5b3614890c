"""Bytes → `Model`, with the models it imports read before it, whatever their order."""

from collections.abc import Iterable

from app.dmn.model import Model
from app.dmn.reading import Reader
from app.dmn.xml import NAMESPACES, Element, parse

MAX_IMPORTS = 32
"""Models that import each other in a row."""


def load(xml: bytes, imports: Iterable[bytes | Model] = (), *, is_strict: bool = False) -> Model:
    """Read a decision model (DMN 1.1 to 1.5), with the models it imports.

    `imports` are files or loaded models, in any order; those that are not needed are ignored. What
    is wrong inside the model is listed in `Model.problems`: a decision whose logic cannot be read
    is null, with a warning, when it is decided. `is_strict` refuses such a model instead.

    Raises:
        DmnError: a file is no decision model or too large; or, if strict, the first problem.
    """
    model = _Library(imports).model(parse(xml), ())
    if is_strict and model.problems:
        raise model.problems[0]
    return model


class _Library:
    """The models at hand by namespace, each read once."""

    def __init__(self, imports: Iterable[bytes | Model]) -> None:
        self._files: dict[str, Element] = {}
        self._models: dict[str, Model] = {}
        for given in imports:
            if isinstance(given, Model):
                self._models.setdefault(given.namespace, given)
            else:
                root = parse(given)
                self._files.setdefault(root.get("namespace"), root)

    def model(self, root: Element, path: tuple[str, ...]) -> Model:
        """Return the model of a file; `path` holds the namespaces of those that import it."""
        found: dict[str, Model] = {}
        unnamed: set[str] = set()
        problems: list[tuple[Element, str]] = []
        path = (*path, root.get("namespace"))
        for element in root.children("import"):
            if not (_is_model(element) or self._has(element.get("namespace"))):
                continue
            model, why = self._imported(element.get("namespace"), path)
            key = element.name or element.get("namespace")
            if model is not None and key in found:
                why = f"there are two imports {key!r}"
            elif model is not None:
                found[key] = model
                if not element.name:
                    unnamed.add(key)
            if why:
                problems.append((element, why))
        reader = Reader(root, imports=found, unnamed=frozenset(unnamed))
        for element, why in problems:
            reader.report(element, why)
        return reader.model()

    def _has(self, namespace: str) -> bool:
        return namespace in self._models or namespace in self._files

    def _imported(self, namespace: str, path: tuple[str, ...]) -> tuple[Model | None, str]:
        if namespace in path:
            return None, "models import each other in a circle"
        if namespace not in self._models:
            root = self._files.get(namespace)
            if root is None:
                return None, f"the imported model {namespace!r} is not there"
            if len(path) > MAX_IMPORTS:
                return None, f"more than {MAX_IMPORTS} models import each other in a row"
            self._models[namespace] = self.model(root, path)
        return self._models[namespace], ""


def _is_model(element: Element) -> bool:
    """Say whether an import is of a decision model, and not of types or PMML."""
    kind = element.get("importType").strip()
    return kind in NAMESPACES or "/DMN/" in kind
