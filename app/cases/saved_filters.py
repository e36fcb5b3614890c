"""Saved filters: a list as somebody wants to see it again, under a name, with how much it finds.

They belong to one person; the inbox and the list of cases show them, and open with the default one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cases import inbox, search
from app.errors import CaseError, InvalidInput, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import saved_filters as rows
from app.store.db import reading, transaction

PAGES = {
    "inbox": (Action.VIEW_INBOX, ("tab", "q")),
    "cases": (Action.VIEW_CASES, tuple(search.FIELDS.values())),
}
COUNTS = {"inbox": inbox.count_of, "cases": search.count_of}
MOST_CHARACTERS = 60
MOST_FILTERS = 12


class TooManyFilters(CaseError):
    """There are {most} filters on this page already. Delete one first."""

    code = "too_many_filters"


@dataclass(frozen=True, slots=True)
class ShownFilter:
    """A filter and how much it finds now; `is_here`: the page shows just that."""

    key: int
    name: str
    query: Mapping[str, str]
    is_default: bool
    count: int
    is_here: bool


def save_filter(
    actor: Actor, page: str, name: str, query: Mapping[str, str], *, is_default: bool = False
) -> None:
    """Keep a page's query under a name; one of that name is replaced.

    Raises:
        Forbidden: the page is not for this person. NotFound: there is no such page.
        InvalidInput: there is no name, or nothing is filtered. TooManyFilters: see there.
    """
    kept = _query(actor, page, query)
    named = " ".join(name.split())
    if not named or len(named) > MOST_CHARACTERS:
        raise InvalidInput(what="The name", why="write 1 to 60 characters.")
    if not kept:
        raise InvalidInput(what="The filter", why="nothing is filtered.")
    with transaction() as tx:
        own = rows.of_person(tx.connection, actor.person_key, page)
        same = next((each for each in own if each.name == named), None)
        if same is None and len(own) >= MOST_FILTERS:
            raise TooManyFilters(most=MOST_FILTERS)
        key = same.key if same else tx.next_key()
        if same is not None:
            rows.replace(tx.connection, key, {**kept})
        else:
            values = {"key": key, "person_key": actor.person_key, "page": page, "name": named}
            rows.insert(
                tx.connection,
                {**values, "query": kept, "is_default": False, "created_at": tx.now},
            )
        if is_default:
            rows.set_default(tx.connection, actor.person_key, page, key)


def delete_filter(actor: Actor, key: int) -> str:
    """Drop one of one's own filters and return the page it was on.

    Raises:
        NotFound: it is not the actor's.
    """
    with transaction() as tx:
        found = rows.find(tx.connection, actor.person_key, key)
        if found is None:
            raise NotFound(what="filter", key=key)
        rows.remove(tx.connection, key)
        return found.page


def choose_default(actor: Actor, key: int, *, is_default: bool) -> str:
    """Let a page open with one of one's own filters, or not any more; return the page.

    Raises:
        NotFound: it is not the actor's.
    """
    with transaction() as tx:
        found = rows.find(tx.connection, actor.person_key, key)
        if found is None:
            raise NotFound(what="filter", key=key)
        chosen = key if is_default else None
        rows.set_default(tx.connection, actor.person_key, found.page, chosen)
        return found.page


def read_filters(actor: Actor, page: str, here: Mapping[str, str]) -> tuple[ShownFilter, ...]:
    """Return one's own filters of a page, each with how much it finds."""
    current = _query(actor, page, here)
    with reading() as connection:
        return tuple(
            ShownFilter(
                key=each.key,
                name=each.name,
                query=_texts(each.query),
                is_default=each.is_default,
                count=COUNTS[page](connection, actor, _texts(each.query)),
                is_here=_texts(each.query) == current,
            )
            for each in rows.of_person(connection, actor.person_key, page)
        )


def default_query(actor: Actor, page: str) -> dict[str, str] | None:
    """Return what a page opens with; None: everything."""
    with reading() as connection:
        for each in rows.of_person(connection, actor.person_key, page):
            if each.is_default:
                return _texts(each.query)
    return None


def _query(actor: Actor, page: str, query: Mapping[str, str]) -> dict[str, str]:
    """Return what of a query belongs to a page."""
    if page not in PAGES:
        raise NotFound(what="page", key=page)
    action, names = PAGES[page]
    demand(actor, action)
    return {name: query[name][:200] for name in names if query.get(name)}


def _texts(query: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in query.items()}
