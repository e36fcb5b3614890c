"""How a report that the staff registers comes in: the channel, and who noticed the matter.

The table `registering_rules` says it by the role in which somebody registers. `cases.registering`
asks here.
"""

from dataclasses import dataclass

from app.cases import standing_tables
from app.cases.frame import Frame
from app.errors import CaseError
from app.organisation.roles import Role
from app.store.db import Connection

TABLE = "registering_rules"
SELF, RESIDENT = "self", "resident"  # answers of `noticed_by`


class NoChannel(CaseError):
    """The table “Registering by the staff” does not say how a report by the role {role} comes in. Add a row for it, or a last row that fits every role."""  # noqa: E501

    code = "no_channel"


@dataclass(frozen=True, slots=True)
class Way:
    """The channel, and whether the form begins with `SELF` or `RESIDENT`."""

    channel: str
    noticed_by: str


def way_of(connection: Connection, role: Role, *, is_told: bool | None, frame: Frame) -> Way:
    """Return how a report by this role comes in; `is_told` (by a resident) None: not known yet.

    Raises:
        NoChannel: no row of the table fits, or the one that does gives no channel.
    """
    today = frame.now.astimezone(frame.zone).date()
    given = {"role": role.value, "is_told": is_told, "case": {"reported_on": today}}
    found = standing_tables.ask(connection, TABLE, given, now=frame.now)
    said = found if isinstance(found, dict) else {}
    if not said.get("channel"):
        raise NoChannel(role=role.value)
    return Way(str(said["channel"]), str(said.get("noticed_by") or RESIDENT))
