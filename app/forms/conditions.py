"""Which parts of a form exist for given answers: hidden, readonly, disabled, repeated, computed.

`lay_out` makes a tree of instances, one per component and row, each with its value and the scope
its expressions are read in. Hidden answers are null to every other condition, so the tree is built
again until the answers no longer change. `read` and `render` both start from it, so that what a
person saw and what is judged cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from app import feel
from app.forms.components import (
    CheckboxField,
    ChoiceField,
    Component,
    DateTimeField,
    DynamicList,
    ExpressionField,
    Field,
    FileField,
    Form,
    Group,
    TextField,
)
from app.forms.expressions import Scope, as_json, evaluate
from app.forms.options import Choice, choices, chosen
from app.forms.paths import ABSENT, name_in, present_at, put_at, row_name, value_at
from app.forms.times import written
from app.json_types import Json, JsonObject

# Conditions that hide each other in a circle never come to rest; an even number of passes leaves
# such a circle as form-js would: everything shown.
_MAX_PASSES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeated group: its name and the instances in it."""

    name: str
    instances: tuple["Instance", ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A component in its place, with its answer, what it offers, and what stands in it."""

    component: Component
    name: str
    scope: Scope
    is_hidden: bool
    is_readonly: bool = False
    is_disabled: bool = False
    value: Json = None
    choices: tuple[Choice, ...] = ()
    children: tuple["Instance", ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A form laid out for some answers."""

    instances: tuple[Instance, ...]
    answers: JsonObject


def lay_out(
    form: Form,
    values: JsonObject,
    *,
    context: Mapping[str, feel.Value],
    now: datetime,
    zone: tzinfo,
    trusted: JsonObject | None = None,
    is_readonly: bool = False,
) -> Layout:
    """Lay the form out for readable `values`; `is_readonly` makes all of it so.

    Where `trusted` is given, fields that are readonly or disabled take their values from there
    instead: what was posted for them is not believed.
    """
    seen = _everything(form.fields, values)
    instances: tuple[Instance, ...] = ()
    for _ in range(_MAX_PASSES):
        root = Scope(_root_context(context, seen), now, zone)
        where = _Where(root, root, "", values, trusted, is_readonly=is_readonly)
        instances = _instances(form.components, where)
        following: JsonObject = {}
        collect(instances, following)
        if following == seen:
            break
        seen = following
    return Layout(instances, seen)


def _everything(fields: tuple[Field | DynamicList, ...], values: JsonObject) -> JsonObject:
    """Return the values with every key present, before any condition is known."""
    complete: JsonObject = {}
    for part in fields:
        value = present_at(values, part.path)
        if isinstance(part, DynamicList):
            rows = value if isinstance(value, list) else []
            value = [_everything(part.fields, row) for row in rows if isinstance(row, dict)]
        put_at(complete, part.path, value)
    return complete


def _root_context(context: Mapping[str, feel.Value], seen: JsonObject) -> dict[str, feel.Value]:
    merged: dict[str, feel.Value] = {"this": seen, "parent": None, "i": [], **context, **seen}
    merged.update({"_this_": seen, "_parent_": None, "_i_": []})
    return merged


@dataclass(frozen=True, slots=True)
class _Where:
    """Where instances are being built: the form or one row, and what holds for all of it.

    `values` are those posted for the form or row, `trusted` those nobody may change; `root` is the
    scope of the form, `prefix` the name of the row, `numbers` its number in each list, from 1.
    """

    root: Scope
    scope: Scope
    prefix: str
    values: JsonObject
    trusted: JsonObject | None
    is_hidden: bool = False
    is_readonly: bool = False
    numbers: tuple[int, ...] = ()


def _instances(components: tuple[Component, ...], where: _Where) -> tuple[Instance, ...]:
    return tuple(_instance(component, where) for component in components)


def _instance(component: Component, where: _Where) -> Instance:
    # What only shows something has nothing to say where answers are read.
    if where.trusted is not None and not isinstance(component, Field | DynamicList | Group):
        return Instance(component, "", where.scope, where.is_hidden)
    is_hidden = where.is_hidden or component.hide.is_met(where.scope)
    if isinstance(component, Field):
        return _field(component, where, is_hidden=is_hidden)
    below = where if is_hidden is where.is_hidden else replace(where, is_hidden=is_hidden)
    if isinstance(component, DynamicList):
        return _list(component, below)
    if isinstance(component, Group):
        children = _instances(component.components, below)
        name = _group_name(component, where.prefix)
        return Instance(component, name, where.scope, is_hidden, children=children)
    return Instance(component, "", where.scope, is_hidden)


def _field(part: Field, where: _Where, *, is_hidden: bool) -> Instance:
    scope, name = where.scope, name_in(where.prefix, part.path)
    is_readonly = where.is_readonly or part.readonly.is_met(scope)
    is_disabled = part.disabled.is_true(scope)
    if isinstance(part, ExpressionField):
        return Instance(part, name, scope, is_hidden, value=_computed(part, scope))
    values = where.values
    if where.trusted is not None and (is_readonly or is_disabled):
        values = where.trusted
    offered = choices(part, scope) if isinstance(part, ChoiceField) else ()
    return Instance(
        part,
        name,
        scope,
        is_hidden,
        is_readonly,
        is_disabled,
        _settled(part, present_at(values, part.path), offered=offered, scope=scope),
        offered,
    )


def _settled(part: Field, value: Json, *, offered: tuple[Choice, ...], scope: Scope) -> Json:
    """Return a readable value as it is answered: empty lists, real options, offsets."""
    if isinstance(part, CheckboxField):
        return value is True
    if isinstance(part, FileField) and value is None:
        return []
    if isinstance(part, ChoiceField):
        if part.is_many:
            items = value if isinstance(value, list) else []
            return [_meant(offered, item) for item in items]
        return _meant(offered, value)
    if isinstance(part, DateTimeField) and isinstance(value, str):
        return written(part, value, now=scope.now, zone=scope.zone)
    return value


def _list(part: DynamicList, where: _Where) -> Instance:
    name = name_in(where.prefix, part.path)
    is_readonly = where.is_readonly or part.readonly.is_met(where.scope)
    posted = _rows_at(where.values, part.path)
    trusted = None if where.trusted is None else _rows_at(where.trusted, part.path)
    is_fixed = trusted is not None and (is_readonly or not part.can_change_rows)
    this = where.scope.context["_this_"]
    seen = _rows_at(this, part.path) if isinstance(this, dict) else []
    rows: list[Row] = []
    for index in range(len(trusted if is_fixed and trusted is not None else posted)):
        inside = replace(
            where,
            scope=_row_scope(where, _at(seen, index), number=index + 1),
            prefix=row_name(name, index),
            values=_at(posted, index),
            trusted=None if trusted is None else _trusted_row(part, trusted, index=index),
            is_readonly=is_readonly,
            numbers=(*where.numbers, index + 1),
        )
        rows.append(Row(inside.prefix, _instances(part.components, inside)))
    return Instance(part, name, where.scope, where.is_hidden, is_readonly, rows=tuple(rows))


def _trusted_row(part: DynamicList, rows: list[Json], *, index: int) -> JsonObject:
    """Return what nobody may change in a row: what the context gave, in a new row the defaults."""
    return _at(rows, index) if index < len(rows) else _prefilled(part.fields, {}, {})


def _row_scope(where: _Where, row: JsonObject, *, number: int) -> Scope:
    """Return a row's scope: the whole form's data, `this` row, its `parent`, numbers from 1."""
    above = where.scope.context
    this = above["_this_"]
    parent = {**this, "this": this} if isinstance(this, dict) else {}
    parent["parent"] = above["_parent_"]
    context = dict(where.root.context)
    for name, value in (("this", row), ("parent", parent), ("i", [*where.numbers, number])):
        context[f"_{name}_"] = value
        context[name] = value
    return Scope(context, where.scope.now, where.scope.zone)


def _group_name(group: Group, prefix: str) -> str:
    """Return a name for a group's HTML id: its path, or its component id."""
    return f"{prefix}.{group.id}" if prefix else group.id


def _computed(part: ExpressionField, scope: Scope) -> Json:
    expression = part.expression.expression
    return part.expression.value if expression is None else as_json(evaluate(expression, scope))


def _meant(offered: tuple[Choice, ...], answer: Json) -> Json:
    if answer is None:
        return None
    choice = chosen(offered, answer)
    return answer if choice is None else choice.value


def _rows_at(values: JsonObject, path: tuple[str, ...]) -> list[Json]:
    rows = present_at(values, path)
    return rows if isinstance(rows, list) else []


def _at(rows: list[Json], index: int) -> JsonObject:
    row = rows[index] if index < len(rows) else None
    return row if isinstance(row, dict) else {}


def collect(
    instances: tuple[Instance, ...], answers: JsonObject, *, is_final: bool = False
) -> None:
    """Write every key of the form into `answers`, null where hidden (and, at last, disabled).

    While conditions are told, an empty text is "" as in form-js; as a final answer it is null.
    """
    for instance in instances:
        part = instance.component
        if isinstance(part, Field):
            is_dropped = instance.is_hidden or (is_final and instance.is_disabled)
            value = None if is_dropped else instance.value
            if value is None and isinstance(part, TextField) and not (is_dropped or is_final):
                value = None if part.input else ""
            put_at(answers, part.path, value)
        elif isinstance(part, DynamicList):
            rows: list[Json] = []
            for row in instance.rows:
                below: JsonObject = {}
                collect(row.instances, below, is_final=is_final)
                rows.append(below)
            put_at(answers, part.path, None if instance.is_hidden else rows)
        else:
            collect(instance.children, answers, is_final=is_final)


def prefilled(form: Form, answers: JsonObject, context: Mapping[str, feel.Value]) -> JsonObject:
    """Return what the form starts with: answers or a draft, else the context, else defaults.

    As in form-js, a field takes the context's value of its own key; an answer that is there, null
    included, wins over both.
    """
    return _prefilled(form.fields, answers, context)


def _prefilled(
    fields: tuple[Field | DynamicList, ...],
    answers: JsonObject,
    context: Mapping[str, feel.Value],
) -> JsonObject:
    start: JsonObject = {}
    for part in fields:
        value = value_at(answers, part.path)
        if value is ABSENT and part.path[0] in context:
            value = value_at({part.path[0]: as_json(context[part.path[0]])}, part.path)
        if isinstance(part, DynamicList):
            rows = value if isinstance(value, list) else [None] * part.default_rows
            filled: list[Json] = [
                _prefilled(part.fields, row if isinstance(row, dict) else {}, {}) for row in rows
            ]
            put_at(start, part.path, filled)
        elif not isinstance(part, ExpressionField):
            put_at(start, part.path, part.default if value is ABSENT else value)
    return start
