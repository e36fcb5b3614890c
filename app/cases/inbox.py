"""What waits for somebody: their own tasks, and those offered to the roles they hold.

The pages of the staff read it; claiming, releasing and completing is `cases.handling`'s.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from app.cases.frame import Frame, read_frame
from app.cases.handling import may_take
from app.cases.wording import Wording
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.scope import Scope, scope_of
from app.store import case_files
from app.store import inbox as rows
from app.store.db import Connection, instant_of, reading
from app.store.handovers import is_passed_on
from app.store.inbox import Count, TaskLine
from app.store.paging import Place, place_from
from app.store.words import terms

PAGE = 30
ASIDE = 12


class Tab(StrEnum):
    """Which tasks: one's own, one's groups', those of people one stands in for, those passed on."""

    MINE = "mine"
    GROUPS = "groups"
    LENT = "lent"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Item:
    """A task of the inbox with its step and category in the reader's language."""

    line: TaskLine
    step: str
    category: str
    place_key: int | None
    holder: str = ""
    tab: Tab = Tab.MINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A page of an inbox; `next_place` leads to the next one, None on the last.

    `lent` counts open tasks of people the reader stands in for, `passed` those that went from the
    reader to a colleague and may be taken back.
    """

    frame: Frame
    tab: Tab
    text: str
    items: tuple[Item, ...]
    mine: Count
    groups: Count
    lent: Count
    passed: Count
    next_place: Place | None


def read_inbox(
    actor: Actor, tab: Tab, *, language: str, text: str = "", after: str | None = None
) -> Inbox:
    """Return a page of the actor's inbox, due first; `text` filters both tabs and their counts.

    Raises:
        Forbidden: the actor handles no cases.
    """
    demand(actor, Action.VIEW_INBOX)
    scope, wanted = scope_of(actor), terms(text)
    conditions = _conditions(scope)
    with reading() as connection:
        frame = read_frame(connection)
        found = rows.lines(
            connection, conditions[tab], terms=wanted, after=place_from(after), limit=PAGE + 1
        )
        counts = {
            each: rows.count(connection, condition, now=frame.now, terms=wanted)
            for each, condition in conditions.items()
        }
        return Inbox(
            frame=frame,
            tab=tab,
            text=text,
            items=_items(connection, found[:PAGE], language, tab),
            mine=counts[Tab.MINE],
            groups=counts[Tab.GROUPS],
            lent=counts[Tab.LENT],
            passed=counts[Tab.PASSED],
            next_place=found[PAGE - 1].place if len(found) > PAGE else None,
        )


def read_aside(connection: Connection, actor: Actor, *, language: str) -> tuple[Item, ...]:
    """Return the first few of the actor's own tasks, to stand beside the one being worked on."""
    found = rows.lines(connection, rows.is_own(scope_of(actor)), limit=ASIDE)
    return _items(connection, found, language)


@dataclass(frozen=True, slots=True)
class OneTask:
    """A single task of an inbox, None when it has left it."""

    frame: Frame
    item: Item | None


def read_item(actor: Actor, task_key: int, *, language: str) -> OneTask:
    """Return one task of the actor's inbox as it is now."""
    scope = scope_of(actor)
    with reading() as connection:
        frame = read_frame(connection)
        for tab, condition in _conditions(scope).items():
            found = rows.line(connection, condition, task_key)
            if found is not None:
                return OneTask(frame, _items(connection, [found], language, tab)[0])
    return OneTask(frame, None)


def next_task(actor: Actor) -> int | None:
    """Return the key of the actor's own task that is due first, None when nothing waits."""
    with reading() as connection:
        found = rows.lines(connection, rows.is_own(scope_of(actor)), limit=1)
    return found[0].key if found else None


def next_of_case(actor: Actor, case_key: int) -> int | None:
    """Return the task of a case that the actor may go on with, what opened last; None if none."""
    with reading() as connection:
        found = [
            each
            for each in case_files.tasks(connection, case_key)
            if each.state == "CREATED" and may_take(actor, asdict(each))
        ]
    return max(found, key=lambda each: (each.created_at, each.key)).key if found else None


def count_waiting(actor: Actor) -> int:
    """Return how many tasks are the actor's own, for the head of every page."""
    with reading() as connection:
        frame = read_frame(connection)
        return rows.count(connection, rows.is_own(scope_of(actor)), now=frame.now).all


def count_of(connection: Connection, actor: Actor, query: Mapping[str, str]) -> int:
    """Return how many tasks a saved filter of this page finds."""
    tab = query.get("tab", "")
    condition = _conditions(scope_of(actor))[Tab(tab) if tab in set(Tab) else Tab.MINE]
    now = instant_of(connection)
    return rows.count(connection, condition, now=now, terms=terms(query.get("q", ""))).all


def _conditions(scope: Scope) -> dict[Tab, rows.Condition]:
    return {
        Tab.MINE: rows.is_own(scope),
        Tab.GROUPS: rows.is_offered(scope),
        Tab.LENT: rows.is_lent(scope),
        Tab.PASSED: is_passed_on(scope),
    }


def _items(
    connection: Connection, lines: list[TaskLine], language: str, tab: Tab = Tab.MINE
) -> tuple[Item, ...]:
    wording = Wording(connection, language)
    holders = {line.assignee_key for line in lines if line.assignee_key is not None}
    names = case_files.names(connection, holders)
    return tuple(
        Item(
            line=line,
            step=wording.step(line.definition_key, line.element_id, line.name),
            category=wording.category(line.minor_class),
            place_key=line.grid_key or line.community_key or line.street_key,
            holder=names.get(line.assignee_key or 0, ""),
            tab=tab,
        )
        for line in lines
    )
