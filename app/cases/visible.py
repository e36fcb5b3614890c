"""Which cases somebody may see at all, asked before a use case reads or changes one."""

from typing import Any

from app.errors import NotFound
from app.organisation.actor import Actor
from app.organisation.scope import scope_of
from app.store import case_files
from app.store.db import Connection
from app.store.scope import can_see_case


def demand_case(connection: Connection, actor: Actor, case_key: int) -> None:
    """Stop whoever may not see a case.

    Raises:
        NotFound: there is none, or it is not for this person's eyes.
    """
    if not can_see_case(connection, scope_of(actor), case_key):
        raise NotFound(what="case", key=case_key)


def visible_case(connection: Connection, actor: Actor, case_key: int) -> dict[str, Any]:
    """Return the row of a case that somebody may see.

    Raises:
        NotFound: as for `demand_case`.
    """
    demand_case(connection, actor, case_key)
    found = case_files.find(connection, case_key)
    if found is None:
        raise NotFound(what="case", key=case_key)
    return dict(found)
