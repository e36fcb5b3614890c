"""Which parts of a form exist for given answers: hidden, readonly, disabled, repeated, computed.

`lay_out` makes a tree of instances, one per component and row, each with its value and the scope
its expressions are read in. Hidden answers are null to every other condition, so the tree is built
again until the answers no longer change. `read` and `render` both start from it, so that what a
person saw and what is judged cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Pass:
    """One way through the form: the answers everybody sees, and what came from where."""

    context: Mapping[str, feel.Value]
    seen: JsonObject
    now: datetime
    zone: tzinfo


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
        one = _Pass(context, seen, now, zone)
        scope = Scope(_root_context(context, seen), now, zone)
        where = _Where(scope, False, is_readonly=is_readonly)
        instances = _Builder(one, scope).instances(form.components, "", values, trusted, where)
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
    """The scope of the instances being built and whether something above hides them."""

    scope: Scope
    is_hidden: bool
    numbers: tuple[int, ...] = ()
    is_readonly: bool = False


class _Builder:
    """Builds the instances of one pass."""

    def __init__(self, one: _Pass, root: Scope) -> None:
        self.one, self.root = one, root

    def instances(
        self,
        components: tuple[Component, ...],
        prefix: str,
        values: JsonObject,
        trusted: JsonObject | None,
        where: _Where,
    ) -> tuple[Instance, ...]:
        return tuple(
            self.instance(component, prefix, values, trusted, where) for component in components
        )

    def instance(
        self,
        component: Component,
        prefix: str,
        values: JsonObject,
        trusted: JsonObject | None,
        where: _Where,
    ) -> Instance:
        is_hidden = where.is_hidden or component.hide.is_met(where.scope)
        if isinstance(component, Field):
            return self.field(component, prefix, values, trusted, _under(where, is_hidden))
        if isinstance(component, DynamicList):
            return self.list(component, prefix, values, trusted, _under(where, is_hidden))
        if isinstance(component, Group):
            below = _under(where, is_hidden)
            children = self.instances(component.components, prefix, values, trusted, below)
            return Instance(
                component, _group_name(component, prefix), where.scope, is_hidden, children=children
            )
        return Instance(component, "", where.scope, is_hidden)

    def field(
        self,
        part: Field,
        prefix: str,
        values: JsonObject,
        trusted: JsonObject | None,
        where: _Where,
    ) -> Instance:
        scope = where.scope
        is_readonly = where.is_readonly or part.readonly.is_met(scope)
        is_disabled = part.disabled.is_true(scope)
        if isinstance(part, ExpressionField):
            value = _computed(part, scope)
            return Instance(
                part, name_in(prefix, part.path), scope, where.is_hidden, True, value=value
            )
        is_kept = trusted is not None and (is_readonly or is_disabled)
        value = present_at(trusted or {} if is_kept else values, part.path)
        offered = choices(part, scope) if isinstance(part, ChoiceField) else ()
        return Instance(
            part,
            name_in(prefix, part.path),
            scope,
            where.is_hidden,
            is_readonly,
            is_disabled,
            self.settled(part, value, offered),
            offered,
        )

    def settled(self, part: Field, value: Json, offered: tuple[Choice, ...]) -> Json:
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
            return written(part, value, now=self.one.now, zone=self.one.zone)
        return value

    def list(
        self,
        part: DynamicList,
        prefix: str,
        values: JsonObject,
        trusted: JsonObject | None,
        where: _Where,
    ) -> Instance:
        name = name_in(prefix, part.path)
        is_readonly = where.is_readonly or part.readonly.is_met(where.scope)
        trusted_rows = _rows_at(trusted or {}, part.path)
        is_fixed = trusted is not None and (is_readonly or not part.can_change_rows)
        posted_rows = _rows_at(values, part.path)
        count = len(trusted_rows) if is_fixed else len(posted_rows)
        seen = _rows_at(self.seen_row(where), part.path)
        rows: list[Row] = []
        for index in range(count):
            scope = self.row_scope(where, _at(seen, index), index)
            inside = _Where(scope, where.is_hidden, (*where.numbers, index + 1), is_readonly)
            own = row_name(name, index)
            row_trusted = None if trusted is None else _at(trusted_rows, index)
            built = self.instances(
                part.components, own, _at(posted_rows, index), row_trusted, inside
            )
            rows.append(Row(own, built))
        return Instance(part, name, where.scope, where.is_hidden, is_readonly, rows=tuple(rows))

    def seen_row(self, where: _Where) -> JsonObject:
        this = where.scope.context["_this_"]
        return this if isinstance(this, dict) else {}

    def row_scope(self, where: _Where, row: JsonObject, index: int) -> Scope:
        """Return a row's scope: the whole form's data, `this` row, its `parent`, numbers from 1."""
        above = where.scope.context
        this = above["_this_"]
        parent = {**this, "this": this} if isinstance(this, dict) else {}
        parent["parent"] = above["_parent_"]
        numbers = [*where.numbers, index + 1]
        context = dict(self.root.context)
        for name, value in (("this", row), ("parent", parent), ("i", numbers)):
            context[f"_{name}_"] = value
            context[name] = value
        return Scope(context, self.one.now, self.one.zone)


def _under(where: _Where, is_hidden: bool) -> _Where:
    if is_hidden is where.is_hidden:
        return where
    return _Where(where.scope, is_hidden, where.numbers, where.is_readonly)


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
