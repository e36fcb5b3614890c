"""Places inside nested answers: reading, writing, and the input names that browsers post.

A name is `group.key` or `rows[0].key`; segments never begin with a digit, so names are unique.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

from app.json_types import Json, JsonObject


class Absence(Enum):
    """The mark of a key that is not there, as distinct from null."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT


def value_at(data: Json, path: Sequence[str]) -> "Json | Absence":
    """Return what lies at `path`, or ABSENT where any step is missing."""
    for segment in path:
        if not isinstance(data, dict) or segment not in data:
            return ABSENT
        data = data[segment]
    return data


def present_at(data: Mapping[str, Json], path: Sequence[str]) -> Json:
    """Return what lies at `path`, null where it is missing."""
    found = value_at(data if isinstance(data, dict) else dict(data), path)
    return None if found is ABSENT else found


def put_at(data: JsonObject, path: Sequence[str], value: Json) -> None:
    """Write `value` at `path`, making the objects on the way; other values give way to objects."""
    for segment in path[:-1]:
        below = data.get(segment)
        if not isinstance(below, dict):
            below = data[segment] = {}
        data = below
    data[path[-1]] = value


def name_in(prefix: str, path: Sequence[str]) -> str:
    """Return the input name of `path` below `prefix` (empty, or a row such as `rows[0]`)."""
    own = ".".join(path)
    return f"{prefix}.{own}" if prefix else own


def row_name(list_name: str, index: int) -> str:
    """Return the name of one row, counted from 0."""
    return f"{list_name}[{index}]"


def html_id(name: str) -> str:
    """Return the HTML id of the input with that name: `rows[0].key` → `f-rows-0-key`."""
    return "f-" + name.replace("[", "-").replace("]", "").replace(".", "-")
