"""A form-js form as the rules see it: its components with their lines, levels and expressions.

JSON has no lines of its own: a component's line is where its id or key is written in the text.
Everything is iterative and cut off at a number of components no form reaches.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.engine.lint.answer_types import types_in
from app.engine.lint.problems import Spot
from app.feel.types import ANY, FeelType
from app.json_types import Json, JsonObject

if TYPE_CHECKING:
    from app.engine.lint.reading import Given

MAX_COMPONENTS = 5_000
_NAMES = ("id", "key", "path", "type")


@dataclass(frozen=True, eq=False)
class FormFile:
    """One form-js form; components are all of them, those in groups and lists included."""

    file: str
    data: bytes
    text: str
    schema: JsonObject
    given: "Given"

    @property
    def id(self) -> str:
        """The form's id, or an empty string."""
        found = self.schema.get("id")
        return found if isinstance(found, str) else ""

    @property
    def spot(self) -> Spot:
        """Where the form itself is: the line of its id."""
        return Spot(line=self._line_of("id", self.id) or 1, element_id=self.id)

    @cached_property
    def placed(self) -> tuple[tuple[tuple[str, ...], JsonObject], ...]:
        """Every component with the keys and paths above it, parents before children."""
        rows: list[tuple[tuple[str, ...], JsonObject]] = []
        waiting: list[tuple[tuple[str, ...], JsonObject]] = [
            ((), each) for each in reversed(_children(self.schema))
        ]
        while waiting and len(rows) < MAX_COMPONENTS:
            above, component = waiting.pop()
            rows.append((above, component))
            path = (*above, own) if (own := _text(component, "path")) else above
            waiting.extend((path, each) for each in reversed(_children(component)))
        return tuple(rows)

    @property
    def components(self) -> tuple[JsonObject, ...]:
        """Every component, parents before children."""
        return tuple(component for _above, component in self.placed)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys its answers have at the top."""
        return frozenset(
            name.partition(".")[0] for above, each in self.placed if (name := _top(above, each))
        )

    @cached_property
    def answer_types(self) -> Mapping[str, FeelType]:
        """The types of its answers by the keys at the top."""
        return {**dict.fromkeys(self.keys, ANY), **types_in(self.schema)}

    @cached_property
    def label_keys(self) -> frozenset[str]:
        """The ids and keys that labels may name, keys with the path they lie under."""
        known: set[str] = set()
        for above, component in self.placed:
            own = key_of(component)
            known.update((".".join((*above, own)) if own else "", _text(component, "id")))
        return frozenset(known - {""})

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name its own expressions may read: keys and paths, in pieces."""
        written = (
            _text(each, name) for each in self.components for name in ("key", "path", "valuesKey")
        )
        return frozenset(piece for name in written for piece in name.split(".") if piece)

    def expressions(self) -> Iterator[tuple[JsonObject, str, str]]:
        """Yield component, field and FEEL of every property that begins with "=".

        Raises:
            CheckUnfinished: the time of the check is over.
        """
        for component in self.components:
            self.given.deadline.check()
            waiting: list[tuple[str, Json]] = [
                (name, value) for name, value in component.items() if name != "components"
            ]
            while waiting:
                field, value = waiting.pop()
                if isinstance(value, str) and value.startswith("="):
                    yield component, field, value[1:].strip()
                elif isinstance(value, dict):
                    waiting.extend((f"{field}.{name}", each) for name, each in value.items())

    def spot_of(self, component: JsonObject) -> Spot:
        """Return where a component is: the line of its id, or of what else names it."""
        named = [(name, own) for name in _NAMES if (own := _text(component, name))]
        lines = (self._line_of(name, own) for name, own in named)
        return Spot(
            line=next((line for line in lines if line), 1),
            element_id=named[0][1] if named else "",
            element_name=_text(component, "label"),
        )

    def _line_of(self, name: str, value: str) -> int:
        """Find `"name": "value"` as different editors write it; 0 where it is not."""
        written = json.dumps(value, ensure_ascii=False)
        places = (self.text.find(f'"{name}"{colon}{written}') for colon in (": ", ":", " : "))
        place = next((place for place in places if value and place >= 0), -1)
        return self.text.count("\n", 0, place) + 1 if place >= 0 else 0


def key_of(component: JsonObject) -> str:
    """Return the key or path under which a component answers, or an empty string."""
    return _text(component, "key") or _text(component, "path")


def _top(above: tuple[str, ...], component: JsonObject) -> str:
    return above[0] if above else key_of(component)


def _children(component: JsonObject) -> list[JsonObject]:
    children = component.get("components")
    rows = children if isinstance(children, list) else []
    return [each for each in rows if isinstance(each, dict)]


def _text(component: JsonObject, name: str) -> str:
    value = component.get(name)
    return value if isinstance(value, str) else ""
