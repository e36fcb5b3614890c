"""What a confidential report may not tell: who reported, wherever they wrote it themselves.

The contact of a reporter is kept with the reporter alone. Here their name, number and address of
mail are taken out of free text as well, and what they write later stays within the grid line.
`cases.intake` asks when a report arrives, the residents' use cases when something is added.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from app.json_types import Json, JsonObject

BLANK = "＊＊＊"
CODE = re.compile(
    r"[a-z][a-z0-9_]*|[A-Z]+[-0-9][-A-Z0-9]*"
    r"|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}[^\s]*)?|PT?\d[0-9A-Z.]*"
)
"""A value of a choice, the code of a unit or category, a day, an instant, a duration."""
SHORTEST_NAME = 2
SHORTEST_NUMBER = 7
INTERNAL, DEPARTMENTS = "internal", "departments"
Patterns: TypeAlias = tuple[re.Pattern[str], ...]


def visibility_of(*, is_confidential: bool) -> str:
    """Return who among colleagues may read what a reporter adds: of a confidential one, few."""
    return INTERNAL if is_confidential else DEPARTMENTS


def without(text: str, names: Iterable[str | None]) -> str:
    """Return a text in which none of these names, numbers and addresses can be read."""
    return _blanked(text, tuple(_patterns(names)))


def answers_without(answers: JsonObject, names: Iterable[str | None]) -> JsonObject:
    """Return answers in whose texts none of these can be read."""
    given = tuple(names)
    return {name: _value_without(value, given) for name, value in answers.items()}


def kept_without(value: Json, names: Iterable[str | None]) -> Json:
    """Return what a step has kept without these; a code alone is a choice and stays as it is.

    A case goes on by such codes, so that nobody may change one by bearing its name.
    """
    patterns = tuple(_patterns(names))
    return _kept_blanked(value, patterns) if patterns else value


def _kept_blanked(value: Json, patterns: Patterns) -> Json:
    if isinstance(value, str):
        return value if CODE.fullmatch(value) else _blanked(value, patterns)
    if isinstance(value, list):
        return [_kept_blanked(each, patterns) if not _is_key(each) else each for each in value]
    if isinstance(value, dict):
        return _with_other_names(
            {name: _kept_blanked(each, patterns) for name, each in value.items()}, patterns
        )
    return value


def _blanked(text: str, patterns: Patterns) -> str:
    for pattern in patterns:
        text = pattern.sub(BLANK, text)
    return text


def _with_other_names(value: JsonObject, patterns: Patterns) -> JsonObject:
    """Return a context whose entries bear none of these names; none of them is lost by it."""
    found: JsonObject = {}
    for name, each in value.items():
        shown = name if CODE.fullmatch(name) else _blanked(name, patterns)
        while shown in found:
            shown += BLANK
        found[shown] = each
    return found


def _is_key(value: Json) -> bool:
    return isinstance(value, str) and value.isdecimal()


def _value_without(value: Json, names: tuple[str | None, ...]) -> Json:
    if isinstance(value, str):
        return without(value, names)
    if isinstance(value, list):  # digits alone are the key of a file
        return [each if _is_key(each) else _value_without(each, names) for each in value]
    return answers_without(value, names) if isinstance(value, dict) else value


def _patterns(names: Iterable[str | None]) -> Iterator[re.Pattern[str]]:
    for name in names:
        digits = re.sub(r"\D", "", name or "")
        if len(digits) >= SHORTEST_NUMBER and not re.search(r"[^\W\d]", name or ""):
            yield re.compile(r"(?:\+?86[ -]?)?" + r"[ ()\-]*".join(digits[-11:]))
        elif name and len(name.strip()) >= SHORTEST_NAME:
            yield re.compile(_whole(re.escape(name.strip())), re.IGNORECASE)


def _whole(name: str) -> str:
    """Return a pattern that finds a name in Latin letters as a word only: “Li”, not “light”."""
    before = r"(?<![A-Za-z])" if re.match(r"[A-Za-z]", name) else ""
    after = r"(?![A-Za-z])" if re.search(r"[A-Za-z]$", name) else ""
    return f"{before}{name}{after}"
