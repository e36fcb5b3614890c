"""Who acts: a person signed in, with the positions they hold themselves or as a deputy today.

`cases.sessions` makes an `Actor` for each request; use cases receive it and never look it up again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.organisation.roles import Role
from app.organisation.units import UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosition:
    """A role in a unit, held today; `on_behalf_of` names whom a deputy stands in for."""

    position_key: int
    role: Role
    unit_key: int
    unit_path: str
    unit_kind: UnitKind
    on_behalf_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person and what they may act as at this moment."""

    person_key: int
    login: str
    name: str
    language: str = "zh-CN"
    positions: tuple[HeldPosition, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """Every role the person acts in, as a deputy too."""
        return frozenset(position.role for position in self.positions)


def position_for(actor: Actor, offered_to: Iterable[Sequence[str | int]]) -> HeldPosition | None:
    """Return the position by which `actor` may take what is offered to [[role, unit key], …].

    A position of one's own comes before one held as a deputy. None: nothing of it is theirs.
    """
    offered = {(str(role), int(unit_key)) for role, unit_key in offered_to}
    fitting = [held for held in actor.positions if (held.role.value, held.unit_key) in offered]
    fitting.sort(key=lambda held: (held.on_behalf_of is not None, held.position_key))
    return fitting[0] if fitting else None
