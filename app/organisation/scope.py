"""What a person may see, computed from the positions they act in.

`store.scope` alone turns a `Scope` into SQL, and every list and count demands one.
"""

from app.organisation.actor import Actor
from app.organisation.permissions import ROLES_FOR, Action, allows
from app.organisation.roles import Role
from app.organisation.units import UnitKind, keys_of, topmost
from app.store.scope import Scope

__all__ = ["DEPARTMENT_ROLES", "Scope", "can_see_reporter", "is_handler_of", "scope_of"]
DEPARTMENT_ROLES = frozenset({Role.UNIT_CLERK, Role.UNIT_HANDLER, Role.UNIT_LEADER})


def scope_of(actor: Actor) -> Scope:
    """Return what `actor` may see by the positions whose role may read cases."""
    seeing = [held for held in actor.positions if held.role in ROLES_FOR[Action.VIEW_CASES]]
    paths = topmost(frozenset(held.unit_path for held in seeing))
    return Scope(
        person_key=actor.person_key,
        unit_keys=frozenset(keys_of(path)[-1] for path in paths),
        is_district_wide=any(held.unit_kind is UnitKind.DISTRICT for held in seeing),
        roles=frozenset(role.value for role in actor.roles),
        offers=frozenset((held.role.value, held.unit_key) for held in actor.positions),
        can_see_reporters=allows(actor, Action.SEE_REPORTER),
        can_see_confidential=allows(actor, Action.SEE_CONFIDENTIAL),
        lent=frozenset(
            (held.on_behalf_of, held.role.value, held.unit_key)
            for held in actor.positions
            if held.on_behalf_of is not None
        ),
    )


def can_see_reporter(scope: Scope, *, is_confidential: bool, is_handler: bool) -> bool:
    """Tell whether the reporter of a case in the scope may be shown.

    `is_handler`: the person works for a unit that leads or assists the case, or did (see
    `is_handler_of`). A handler of a confidential case never sees the reporter, whatever else
    they are.
    """
    if not is_confidential:
        return scope.can_see_reporters
    return scope.can_see_confidential and not is_handler


def is_handler_of(actor: Actor, unit_keys: frozenset[int]) -> bool:
    """Tell whether `actor` holds a department's role in one of the units handling a case."""
    return any(
        held.role in DEPARTMENT_ROLES and not unit_keys.isdisjoint(keys_of(held.unit_path))
        for held in actor.positions
    )
