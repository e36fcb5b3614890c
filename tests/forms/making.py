"""A clock, a zone, and short ways to a form and its answers, for the tests of forms."""

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.forms import Form, InvalidAnswers, load, read, view
from app.forms.views import FieldView, GroupView, ListView

_IDS = itertools.count()
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def part(kind, key="", **properties):
    """Return one component; `hide` and `required` are written short."""
    made = {"type": kind, "id": properties.pop("id", None) or f"Field_{next(_IDS)}"}
    if key:
        made["path" if kind in ("group", "dynamiclist") else "key"] = key
    if "hide" in properties:
        made["conditional"] = {"hide": properties.pop("hide")}
    if properties.pop("required", False):
        made["validate"] = {"required": True}
    return {**made, **properties}


def schema(*parts, **head):
    return {"type": "default", "id": "Form", "schemaVersion": 19, "components": [*parts], **head}


def form_of(*parts) -> Form:
    return load(schema(*parts))


def options(*values):
    return [{"label": f"Option {value}", "value": value} for value in values]


def answered(form, posted, **more):
    """Return the answers' values."""
    more = {"context": {}, "now": NOW, "zone": SHANGHAI, **more}
    return read(form, posted, **more).values


def codes(form, posted, **more):
    """Return the codes of what is wrong, by input name."""
    try:
        answered(form, posted, **more)
    except InvalidAnswers as wrong:
        return {name: [error.code for error in found] for name, found in wrong.errors.items()}
    return {}


def shown(form, answers=None, **more):
    return view(form, answers=answers, **{"context": {}, "now": NOW, "zone": SHANGHAI, **more})


def fields_in(nodes):
    """Return every field view below, by input name."""
    found = {}
    for node in nodes:
        if isinstance(node, FieldView):
            found[node.name] = node
        elif isinstance(node, GroupView):
            found.update(fields_in(node.children))
        elif isinstance(node, ListView):
            for row in node.rows:
                found.update(fields_in(row.children))
    return found


def field_shown(form, answers=None, **more):
    """Return the only field of a form as it is shown."""
    (only,) = fields_in(shown(form, answers, **more).children).values()
    return only
