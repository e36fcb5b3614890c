"""Names of steps and categories in the reader's language, from the labels deployed with designs.

Nothing here is translated by the program: a step is called what its diagram's label file says, a
category what the matter list calls it, or the report form where it lists categories itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.cases import matters
from app.cases.deployed import Deployed, PinnedForm, deployed
from app.cases.diagram import documentation
from app.cases.intake import REPORTED
from app.forms.components import ChoiceField, every
from app.forms.options import token_of
from app.json_types import Json
from app.store import processes
from app.store.db import Connection

CATEGORY_FIELD = "minor_class"
_SEPARATORS = ("：", ": ")


@dataclass(slots=True)
class Wording:
    """Looks names up while one page is read; `connection` is that page's."""

    connection: Connection
    language: str
    _classes: Mapping[str, str] | None = field(default=None)

    def step(self, definition_key: int, element_id: str, name: str | None = None) -> str:
        """Return what an element is called; its own name or its id where nobody says."""
        found = self.of(definition_key).labels.get(self.language, {}).get(element_id)
        element = self.of(definition_key).definition.elements.get(element_id)
        return found or name or (element.name if element else "") or element_id

    def advice(self, definition_key: int, element_id: str) -> str:
        """Return what a step tells whoever does it; in the diagram's words where none are ours."""
        found = self.of(definition_key).advice.get(self.language, {}).get(element_id)
        return found or documentation(self.of(definition_key), element_id)

    def of(self, definition_key: int) -> Deployed:
        """Return a deployed process version."""
        return deployed(self.connection, definition_key)

    def category(self, code: str | None) -> str:
        """Return what a category is called; the code itself where nobody says."""
        return self.classes.get(code, code) if code else ""

    def major(self, code: str | None) -> str:
        """Return what a group of categories is called: the part its categories begin with."""
        if not code:
            return ""
        known = matters.current(self.connection).groups(self.language).get(code)
        if known:
            return known
        names = {_split(name)[0] for each, name in self.classes.items() if each.startswith(code)}
        return names.pop() if len(names) == 1 else code

    @property
    def classes(self) -> Mapping[str, str]:
        """The categories of the newest matter list, and of the newest report form: code → name."""
        if self._classes is None:
            self._classes = self._read_classes()
        return self._classes

    def _read_classes(self) -> dict[str, str]:
        listed = matters.current(self.connection).names(self.language)
        return {**self._read_form_classes(), **listed}

    def _read_form_classes(self) -> dict[str, str]:
        key = processes.newest_started_by(self.connection, REPORTED)
        if key is None:
            return {}
        found = self.of(key)
        form = found.forms.get(found.start_form_id or "")
        return option_names(form, CATEGORY_FIELD, self.language) if form else {}


def option_names(form: PinnedForm, key: str, language: str) -> dict[str, str]:
    """Return the choices of a form's field: token → name in `language`."""
    parts = every(form.in_language(language).components)
    return {
        token_of(option.value): option.label
        for part in parts
        if isinstance(part, ChoiceField) and part.key == key
        for option in part.source.listed
    }


def plain(value: Json) -> str:
    """Return a JSON value as words."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(item)}" for name, item in value.items())
    return str(value)


def _split(name: str) -> tuple[str, str]:
    for separator in _SEPARATORS:
        group, found, rest = name.partition(separator)
        if found:
            return group, rest
    return name, name
