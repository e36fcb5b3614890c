"""What a deployed set of diagrams means to the engine: parsed once, shared, never changed.

`load` is the expensive step; `cached` keeps what it returns by the key of the deployed version, so
that all instances of a version in a process share one `Definition`.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from app.engine import xml
from app.engine.canonical import canonical
from app.engine.dialect import BPMN_NAMESPACE, read
from app.engine.errors import DiagramRefused
from app.engine.parser import DialectParser, element_type

_BPMN = f"{{{BPMN_NAMESPACE}}}"
CACHED_DEFINITIONS = 64


class DecisionModel(Protocol):
    """What the engine asks of a decision model; `app.dmn.Model` is one."""

    def evaluate(self, decision: str, inputs: Mapping[str, Any], *, now: datetime | None) -> Any:
        """Return a result with `value`, `trace` and `warnings`."""


@dataclass(frozen=True, slots=True)
class Element:
    """A node of a diagram as people and the journal know it."""

    id: str
    name: str
    type: str
    process_id: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A process with everything it calls. `start_message` names the message that begins it.

    Where a called process uses an element id of the main one, `elements` holds the main one's.
    `spec` and `scope_specs` are the library's and nobody's business outside the engine room.
    """

    process_id: str
    name: str
    version_tag: str | None
    start_message: str | None
    elements: Mapping[str, Element]
    decisions: Mapping[str, DecisionModel]
    spec: Any = field(repr=False)
    scope_specs: Mapping[str, Any] = field(repr=False)


def load(
    processes: Mapping[str, bytes],
    main: str,
    *,
    decisions: Mapping[str, DecisionModel] | None = None,
) -> Definition:
    """Parse the diagram files in `processes` (by process id) and everything `main` calls in them.

    `decisions` holds the decision model by the id of each decision the diagrams ask.

    Raises:
        XmlRefused: a file is no XML this system reads.
        DiagramRefused: a process is missing or holds what the engine does not run.
    """
    roots = _roots(processes)
    parser = DialectParser()
    with _library_errors():
        for name, root in roots.items():
            parser.add_bpmn_xml(root, name)
        spec = parser.get_spec(main)
        scope_specs = parser.get_subprocess_specs(main)
    nodes = {
        node.get("id", ""): node for root in roots.values() for node in root.iter(f"{_BPMN}process")
    }
    process = nodes[main]
    called = [node for name, node in nodes.items() if name in scope_specs]
    return Definition(
        process_id=main,
        name=process.get("name") or main,
        version_tag=read(process).version_tag,
        start_message=_start_message(spec),
        elements={
            element.id: element for node in [*called, process] for element in _elements(node)
        },
        decisions=dict(decisions or {}),
        spec=canonical(spec),
        scope_specs={name: canonical(each) for name, each in scope_specs.items()},
    )


def _roots(processes: Mapping[str, bytes]) -> dict[str, etree._Element]:
    """One tree per distinct file: several process ids may point at the same bytes."""
    by_content: dict[bytes, str] = {}
    for process_id, data in processes.items():
        by_content.setdefault(data, process_id)
    return {name: _root(data, name) for data, name in by_content.items()}


def _root(data: bytes, name: str) -> etree._Element:
    tree = xml.parse(data, filename=f"{name}.bpmn")
    return tree.getroot()


@contextmanager
def _library_errors() -> Iterator[None]:
    """The library reports what it cannot parse in many ways; here they become one."""
    try:
        yield
    except (ValidationException, RecursionError) as error:
        raise _refusal(error) from error


def _refusal(error: BaseException) -> DiagramRefused:
    """Find the cause the library wrapped, or say what it said."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DiagramRefused):
            return cause
        if isinstance(cause, RecursionError):
            return DiagramRefused(why="it has too many elements in a row")
        cause = cause.__context__
    return DiagramRefused(why=str(error))


def _start_message(spec: Any) -> str | None:
    for start in spec.start.outputs:
        name: str | None = getattr(start.event_definition, "name", None)
        if name is not None:
            return name
    return None


def _elements(process: etree._Element) -> Iterator[Element]:
    kinds = tuple(tag.removeprefix(_BPMN) for tag in DialectParser.PARSER_CLASSES)
    for node in process.iter(*(f"{_BPMN}{kind}" for kind in kinds)):
        yield Element(
            id=node.get("id", ""),
            name=node.get("name") or "",
            type=element_type(str(node.tag)),
            process_id=process.get("id", ""),
        )


class DefinitionCache:
    """The definitions used last, by the key of their deployed version."""

    def __init__(self, capacity: int = CACHED_DEFINITIONS) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[int, Definition] = OrderedDict()
        self._lock = Lock()

    def get(self, key: int, load_it: Callable[[], Definition]) -> Definition:
        """Return the definition under `key`, calling `load_it` only where it is not kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        loaded = load_it()
        with self._lock:
            self._kept[key] = loaded
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        return loaded

    def forget(self) -> None:
        """Drop everything, for example between tests that number their versions alike."""
        with self._lock:
            self._kept.clear()


cache = DefinitionCache()
