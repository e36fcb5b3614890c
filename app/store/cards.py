"""Rows of cases with a yellow or red card, counted and listed by unit.

`case_unit` holds an open case once for every unit above it, with its card and handling limit; a
case leaves the list when it is closed. `cases.carded` asks, `cases.journal` has them written.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from app.store.overdue import UnitAt
from app.store.paging import Place, later
from app.store.scope import Scope, holds
from app.store.tables.cases import case_unit, cases


class Card(StrEnum):
    """What a case gets when its handling limit is near, or has passed."""

    RED = "red"
    YELLOW = "yellow"


@dataclass(frozen=True, slots=True)
class CardTally:
    """How many open cases have a card."""

    red: int = 0
    yellow: int = 0


@dataclass(frozen=True, slots=True)
class CardedCase:
    """An open case with a card: what it is about, whose it is, until when it was to be handled."""

    key: int
    number: str
    description: str
    address: str | None
    minor_class: str | None
    severity: str
    card: str
    due_at: datetime
    is_due_provisional: bool
    established_at: datetime | None
    handled_at: datetime | None
    reported_at: datetime
    grid_key: int | None
    community_key: int | None
    street_key: int | None
    lead_unit_key: int | None

    @property
    def place(self) -> Place:
        """Where a page that ends with this line ends."""
        return Place(self.due_at, self.key)


def by_unit(
    connection: Connection, scope: Scope, units: Collection[UnitAt]
) -> dict[int, CardTally]:
    """Return the tally of each of these units that lies in the scope and has cases with a card."""
    keys = sorted(unit.key for unit in units if holds(scope, unit.path))
    query = (
        select(case_unit.c.unit_key, case_unit.c.card, func.count())
        .where(case_unit.c.unit_key.in_(keys), case_unit.c.card.is_not(None))
        .group_by(case_unit.c.unit_key, case_unit.c.card)
    )
    found: dict[int, dict[str, int]] = {}
    for unit_key, card, count in connection.execute(query):
        found.setdefault(unit_key, {})[card] = count
    return {key: CardTally(**counts) for key, counts in found.items()}


def total(tallies: dict[int, CardTally], unit: UnitAt | None) -> CardTally:
    """Return the tally of a unit, or of all together where none was chosen."""
    if unit is not None:
        return tallies.get(unit.key, CardTally())
    return CardTally(
        red=sum(each.red for each in tallies.values()),
        yellow=sum(each.yellow for each in tallies.values()),
    )


def lines(
    connection: Connection,
    scope: Scope,
    unit: UnitAt,
    *,
    card: Card,
    after: Place | None = None,
    limit: int,
) -> list[CardedCase]:
    """Return a page of the cases with a card under a unit, the earliest limit first."""
    if not holds(scope, unit.path):
        return []
    due, key = case_unit.c.due_at, case_unit.c.case_key
    own = {"card": case_unit.c.card, "due_at": due}
    names = CardedCase.__dataclass_fields__
    columns: list[Any] = [own[name] if name in own else cases.c[name] for name in names]
    query = (
        select(*columns)
        .select_from(case_unit)
        .join(cases, cases.c.key == key)
        .where(case_unit.c.unit_key == unit.key, case_unit.c.card == card.value)
        .order_by(due, key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(later(due, key, after))
    return [CardedCase(*row) for row in connection.execute(query)]
