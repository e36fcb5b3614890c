"""The few pages of the head of every page, each shown to those whose roles may open it.

A blueprint adds its own with `add`; the lowest `order` comes first.
"""

from dataclasses import dataclass

from flask import Flask, g, request, url_for

from app.organisation.actor import Actor
from app.organisation.permissions import Action, allows


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the head: its route, words (translated when shown), who may open it, its place.

    `rooms` are further blueprints whose pages count as being there; `key` opens it when pressed.
    """

    endpoint: str
    words: object
    action: Action | None = None
    order: int = 100
    rooms: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is shown."""

    href: str
    words: str
    is_here: bool
    key: str = ""


ENTRIES: list[Entry] = []


def add(entry: Entry) -> None:
    """Show a page in the head."""
    if entry not in ENTRIES:
        ENTRIES.append(entry)
        ENTRIES.sort(key=lambda each: each.order)


def init(app: Flask) -> None:
    """Make `navigation()` known to templates."""
    app.jinja_env.globals["navigation"] = links


def links() -> list[Link]:
    """Return what the signed-in person may open."""
    actor = g.get("actor")
    if actor is None:
        return []
    return [
        Link(url_for(entry.endpoint), str(entry.words), _is_in(entry), entry.key)
        for entry in ENTRIES
        if _is_for(actor, entry)
    ]


def endpoints_for(actor: Actor) -> list[str]:
    """Return the routes of the pages a person may open, the first one first."""
    return [entry.endpoint for entry in ENTRIES if _is_for(actor, entry)]


def _is_for(actor: Actor, entry: Entry) -> bool:
    return entry.action is None or allows(actor, entry.action)


def _is_in(entry: Entry) -> bool:
    """Tell whether the page at hand is the entry's own or one of its rooms."""
    return request.blueprint in (entry.endpoint.rpartition(".")[0], *entry.rooms)
