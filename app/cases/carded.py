"""Cases with a yellow or red card in somebody's part of the district, by the tree of units.

It stands beside the late tasks of `cases.overdue`: a case has its card whether or not one of its
tasks is late, and also while it waits for somebody else.
"""

from dataclasses import dataclass

from app.cases.frame import Frame, read_frame
from app.cases.overdue import look_into, units_above, units_below
from app.cases.search import open_steps
from app.cases.wording import Wording
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.organisation.units import Unit
from app.store import cards as rows
from app.store import urges
from app.store.cards import Card, CardedCase, CardTally
from app.store.case_lists import Step
from app.store.db import Connection, reading
from app.store.paging import Place, place_from

PAGE = 30


@dataclass(frozen=True, slots=True)
class CardedLine:
    """A case with a card in the reader's language: category, open steps, how often urged."""

    line: CardedCase
    category: str
    steps: tuple[tuple[Step, str], ...]
    urged: int


@dataclass(frozen=True, slots=True)
class CardBranch:
    """A unit directly below the one looked at, and its tally."""

    unit: Unit
    tally: CardTally


@dataclass(frozen=True, slots=True, kw_only=True)
class Carded:
    """Cases with a card under a unit. `above` leads from the top of what the reader may see."""

    frame: Frame
    unit: Unit | None
    above: tuple[Unit, ...]
    card: Card
    tally: CardTally
    branches: tuple[CardBranch, ...]
    items: tuple[CardedLine, ...]
    next_place: Place | None


def read_carded(
    actor: Actor,
    *,
    language: str,
    card: str = Card.RED,
    unit_key: int | None = None,
    after: str | None = None,
) -> Carded:
    """Return the cases with a `card`, red or yellow, under a unit; by default the actor's highest.

    Those whose handling limit ended first come first.

    Raises:
        Forbidden: the actor supervises nothing. NotFound: the unit is not theirs to look into.
    """
    demand(actor, Action.VIEW_OVERDUE)
    scope = scope_of(actor)
    with reading() as connection:
        frame = read_frame(connection)
        unit = look_into(frame, scope, unit_key)
        below = units_below(frame, scope, unit)
        tallies = rows.by_unit(connection, scope, [*below, unit] if unit else below)
        found = (
            rows.lines(
                connection, scope, unit, card=Card(card), after=place_from(after), limit=PAGE + 1
            )
            if unit
            else []
        )
        return Carded(
            frame=frame,
            unit=unit,
            above=units_above(frame, scope, unit),
            card=Card(card),
            tally=rows.total(tallies, unit),
            branches=tuple(
                CardBranch(each, tallies[each.key]) for each in below if each.key in tallies
            ),
            items=_in_words(connection, found[:PAGE], Wording(connection, language)),
            next_place=found[PAGE - 1].place if len(found) > PAGE else None,
        )


def _in_words(
    connection: Connection, found: list[CardedCase], wording: Wording
) -> tuple[CardedLine, ...]:
    keys = [line.key for line in found]
    urged = urges.counts(connection, set(keys))
    steps = open_steps(connection, keys, wording)
    return tuple(
        CardedLine(
            line,
            wording.category(line.minor_class),
            steps.get(line.key, ()),
            urged.get(line.key, 0),
        )
        for line in found
    )
