"""Boxed conditions and loops: conditional, filter, for, some and every.

Called by `app.dmn.boxed`. Source: OMG DMN 1.5, 10.2.2.9 to 10.2.2.12; each means what the FEEL
expression of that name means.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.dmn.values import fitted, listed, note
from app.dmn.xml import Element
from app.feel.compiling.loops import pick
from app.feel.compiling.run import Bindings, Code, Run, Scope
from app.feel.errors import Trouble
from app.feel.types import ANY, FeelType, ListType
from app.feel.values import Value, entries_of, items_of, kind_of, number_of

if TYPE_CHECKING:
    from app.dmn.boxed import Logic
    from app.dmn.cells import Names


def conditional(element: Element, logic: "Logic", names: "Names") -> Code:
    """Compile a boxed conditional; a condition that is null counts as false."""
    condition = _part(element, "if", logic, names)
    yes = _part(element, "then", logic, names)
    no = _part(element, "else", logic, names)
    label = logic.label

    def choose(scope: Bindings, run: Run) -> Value:
        verdict = condition(scope, run)
        if verdict is None or isinstance(verdict, bool):
            return (yes if verdict is True else no)(scope, run)
        return note(run, label, f"the condition is a {kind_of(verdict)}, not a boolean")

    return choose


def filtered(element: Element, logic: "Logic", names: "Names") -> Code:
    """Compile a boxed filter: a condition on each item, or the number of one."""
    source, _ = _source(element, logic, names)
    match = _part(element, "match", logic, names | {"item"})
    label = logic.label

    def select(scope: Bindings, run: Run) -> Value:
        value = source(scope, run)
        chosen: list[Value] = []
        for item in items_of(value):
            run.spend(10)
            verdict = match(Scope(scope, {"item": item, **entries_of(item)}), run)
            if verdict is True:
                chosen.append(item)
            elif number_of(verdict) is not None:
                return pick(value, number_of(verdict), run, 0)
            elif verdict is not False and verdict is not None:
                return note(run, label, f"the filter gives a {kind_of(verdict)}, not a boolean")
        return chosen

    return select


def repeated(element: Element, logic: "Logic", names: "Names") -> Code:
    """Compile a boxed for; `partial` holds the results so far."""
    variable = _variable(element, logic)
    values = _values(element, logic, names)
    body = _part(element, "return", logic, names | {variable, "partial"})

    def repeat(scope: Bindings, run: Run) -> Value:
        items = values(scope, run)
        if items is None:
            return None
        results: list[Value] = []
        for item in items:
            run.spend(10 + len(results) // 8)
            local = Scope(scope, {variable: item, "partial": results.copy()})
            results.append(body(local, run))
        return results

    return repeat


def quantified(element: Element, logic: "Logic", names: "Names") -> Code:
    """Compile a boxed some or every, in three-valued logic."""
    variable = _variable(element, logic)
    values = _values(element, logic, names)
    condition = _part(element, "satisfies", logic, names | {variable})
    is_every = element.tag == "every"

    def decide(scope: Bindings, run: Run) -> Value:
        items = values(scope, run)
        if items is None:
            return None
        result: bool | None = is_every
        for item in items:
            run.spend(10)
            verdict = condition(Scope(scope, {variable: item}), run)
            if verdict is (not is_every):
                return verdict
            if verdict is not is_every:
                result = None
        return result

    return decide


def _part(element: Element, tag: str, logic: "Logic", names: "Names") -> Code:
    part = element.child(tag)
    if part is None:
        logic.report(element, f"the {element.tag} has no {tag!r}")
    return logic.logic_in(part, names)


def _source(element: Element, logic: "Logic", names: "Names") -> tuple[Code, FeelType]:
    """Compile what is gone through, and return the type declared for each item of it.

    Modelers declare the type of the whole or that of an item; the whole is converted here.
    """
    code = _part(element, "in", logic, names)
    source = element.child("in")
    of = ANY if source is None else logic.type_of(source)
    return (logic.typed(code, of, logic.label), ANY) if isinstance(of, ListType) else (code, of)


def _values(
    element: Element, logic: "Logic", names: "Names"
) -> Callable[[Bindings, Run], list[Value] | None]:
    """Compile the values of an iteration, each converted to the type of its variable."""
    source, of = _source(element, logic, names)
    label = logic.label

    def values(scope: Bindings, run: Run) -> list[Value] | None:
        try:
            items = listed(source(scope, run), run)
        except Trouble as trouble:
            note(run, label, str(trouble))
            return None
        if items is None:
            note(run, label, "there is no list to go through")
            return None
        if of is ANY:
            return items
        return [fitted(item, of, run, place=label) for item in items]

    return values


def _variable(element: Element, logic: "Logic") -> str:
    name = " ".join(element.get("iteratorVariable").split())
    if not name:
        logic.report(element, f"the {element.tag} names no variable")
    return name
