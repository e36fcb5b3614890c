"""What is overdue in somebody's part of the district: by the tree of units and by category.

Supervisors read it as a page that leads downwards, counts first, and as a table for a spreadsheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.cases.frame import Frame, read_frame
from app.cases.wording import Wording
from app.errors import NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.roles import Role, role_in
from app.organisation.scope import scope_of
from app.organisation.units import Line, Unit, keys_of
from app.store import cards, urges
from app.store import overdue as rows
from app.store.cards import CardTally
from app.store.db import Connection, reading
from app.store.overdue import LateTask, Tally
from app.store.paging import Place, place_from
from app.store.scope import Scope

PAGE = 30
EXPORT_PAGE = 500


@dataclass(frozen=True, slots=True)
class Late:
    """A late task in the reader's language: how late, whose, of which case, how often urged."""

    line: LateTask
    step: str
    category: str
    holder: str
    lateness: timedelta
    urged: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit directly below the one looked at, and its tally."""

    unit: Unit
    tally: Tally


@dataclass(frozen=True, slots=True)
class CategoryTally:
    """A group of categories and its tally; code "" stands for cases without one."""

    code: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What is late under a unit. `above` leads from the top of what the reader may see to it."""

    frame: Frame
    unit: Unit | None
    above: tuple[Unit, ...]
    tally: Tally
    cards: CardTally
    branches: tuple[Branch, ...]
    categories: tuple[CategoryTally, ...]
    category: str
    items: tuple[Late, ...]
    next_place: Place | None


def read_overdue(
    actor: Actor,
    *,
    language: str,
    unit_key: int | None = None,
    category: str = "",
    after: str | None = None,
) -> Overdue:
    """Return what is late under a unit, by default the highest the actor sees, the latest first.

    Raises:
        Forbidden: the actor supervises nothing. NotFound: the unit is not theirs to look into.
    """
    demand(actor, Action.VIEW_OVERDUE)
    scope = scope_of(actor)
    with reading() as connection:
        frame = read_frame(connection)
        unit = look_into(frame, scope, unit_key)
        below = units_below(frame, scope, unit)
        shown = [*below, unit] if unit else below
        tallies = rows.by_unit(connection, scope, shown, now=frame.now)
        wording = Wording(connection, language)
        late = _late(connection, scope, frame, unit, category, after, limit=PAGE + 1)
        return Overdue(
            frame=frame,
            unit=unit,
            above=units_above(frame, scope, unit),
            tally=_total(tallies, unit, below),
            cards=cards.total(cards.by_unit(connection, scope, [unit] if unit else below), unit),
            branches=tuple(
                Branch(each, tallies[each.key]) for each in below if each.key in tallies
            ),
            categories=_categories(connection, scope, frame, unit, wording),
            category=category,
            items=tuple(_in_words(connection, late[:PAGE], frame, wording)),
            next_place=late[PAGE - 1].place if len(late) > PAGE else None,
        )


def export_overdue(
    actor: Actor, *, language: str, unit_key: int | None = None, category: str = ""
) -> Iterator[tuple[Frame, Late]]:
    """Yield every late task of the page, read a few hundred at a time.

    Raises:
        Forbidden, NotFound: as for the page, and for who may not take data along. They are raised
            at once, not with the first line.
    """
    demand(actor, Action.EXPORT_CSV)
    scope = scope_of(actor)
    with reading() as connection:
        frame = read_frame(connection)
    return _every(scope, frame, look_into(frame, scope, unit_key), category, language)


def _every(
    scope: Scope, frame: Frame, unit: Unit | None, category: str, language: str
) -> Iterator[tuple[Frame, Late]]:
    after: str | None = None
    while True:
        with reading() as connection:
            found = _late(connection, scope, frame, unit, category, after, limit=EXPORT_PAGE)
            wording = Wording(connection, language)
            page = list(_in_words(connection, found, frame, wording))
        for late in page:
            yield frame, late
        if len(found) < EXPORT_PAGE:
            return
        after = str(found[-1].place)


def look_into(frame: Frame, scope: Scope, unit_key: int | None) -> Unit | None:
    """Return the unit to look into; None where the scope has several tops and none was chosen.

    Raises:
        NotFound: there is no such unit, or it is not theirs to look into.
    """
    if unit_key is None:
        if len(scope.unit_keys) != 1:
            return None
        (unit_key,) = scope.unit_keys
    unit = frame.directory.units.get(unit_key)
    if unit is None or scope.unit_keys.isdisjoint(keys_of(unit.path)):
        raise NotFound(what="unit", key=unit_key)
    return unit


def units_below(frame: Frame, scope: Scope, unit: Unit | None) -> list[Unit]:
    """Return what lies directly below a unit; the tops of the scope where none was chosen."""
    if unit is None:
        return [frame.directory.unit(key) for key in sorted(scope.unit_keys)]
    return [each for each in frame.directory.children(unit.key) if each.line is not Line.PARTY]


def units_above(frame: Frame, scope: Scope, unit: Unit | None) -> tuple[Unit, ...]:
    """Return what leads from the top of the scope to a unit, without the unit itself."""
    if unit is None:
        return ()
    path = keys_of(unit.path)[:-1]
    visible = [
        key for place, key in enumerate(path) if not scope.unit_keys.isdisjoint(path[: place + 1])
    ]
    return tuple(frame.directory.unit(key) for key in visible)


def _total(tallies: dict[int, Tally], unit: Unit | None, below: list[Unit]) -> Tally:
    if unit is not None:
        return tallies.get(unit.key, Tally())
    found = [tallies[each.key] for each in below if each.key in tallies]
    return Tally(sum(each.open for each in found), sum(each.late for each in found))


def _categories(
    connection: Connection, scope: Scope, frame: Frame, unit: Unit | None, wording: Wording
) -> tuple[CategoryTally, ...]:
    if unit is None:
        return ()
    found = rows.by_class(connection, scope, unit, now=frame.now)
    named = [CategoryTally(code or "", wording.major(code), tally) for code, tally in found.items()]
    return tuple(sorted(named, key=lambda each: (-each.tally.late, each.name)))


def _late(
    connection: Connection,
    scope: Scope,
    frame: Frame,
    unit: Unit | None,
    category: str,
    after: str | None,
    *,
    limit: int,
) -> list[LateTask]:
    if unit is None:
        return []
    return rows.lines(
        connection,
        scope,
        unit,
        now=frame.now,
        major_class=category or None,
        after=place_from(after),
        limit=limit,
    )


def _in_words(
    connection: Connection, lines: Sequence[LateTask], frame: Frame, wording: Wording
) -> Iterator[Late]:
    urged = urges.counts(connection, {line.case_key for line in lines})
    for line in lines:
        yield Late(
            line=line,
            step=wording.step(line.definition_key, line.element_id, line.name),
            category=wording.category(line.minor_class),
            holder=line.assignee_name or offered_in_words(line.offered_to, frame, wording.language),
            lateness=frame.now - line.due_at,
            urged=urged.get(line.case_key, 0),
        )


def offered_in_words(offered_to: list[list[object]], frame: Frame, language: str) -> str:
    """Return to whom a task is offered: roles and units by name."""
    return ("；" if language == "zh-CN" else "; ").join(
        role_in(Role(str(role)), frame.unit_name(int(str(key)), language), language)
        for role, key in offered_to
    )
