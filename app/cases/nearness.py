"""When a limit counts as near: where the table of the clock's steps gives a yellow card.

Lists mark limits of tasks and cases by the same rows by which a case gets its card, so that the two
never say different things. `cases.frame` asks for every page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app import dmn
from app.cases import standing_tables
from app.cases.facts import SEVERITIES
from app.organisation.working_time import WorkCalendar
from app.store.db import Connection

TABLE = "escalation_steps"
NEAR_CARD = "yellow"


@dataclass(frozen=True, slots=True)
class Share:
    """So much of the time of a limit, from 0 to 1; of its working time, or of all."""

    of_one: float
    is_working: bool


@dataclass(frozen=True, slots=True)
class Nearness:
    """From which share of its time on a limit is near, by severity, on the district's calendar."""

    shares: Mapping[str, Share]
    calendar: WorkCalendar

    def begins(self, since: datetime, due_at: datetime, severity: str) -> datetime | None:
        """Return from when on a limit is near; None where the table warns of none."""
        share = self.shares.get(severity)
        if share is None or due_at <= since:
            return None
        if share.is_working:
            return self.calendar.part(since, due_at, share.of_one)
        return since + (due_at - since) * share.of_one


def read_nearness(connection: Connection, calendar: WorkCalendar, *, now: datetime) -> Nearness:
    """Return from when on limits are near, by the newest table."""
    content = standing_tables.content_of(connection, TABLE)
    return Nearness(_shares(content, calendar.local_date(now)), calendar)


@lru_cache(maxsize=8)
def _shares(content: bytes, today: date) -> Mapping[str, Share]:
    model = dmn.load(content)
    found = {}
    for severity in SEVERITIES:
        given = {"case": {"severity": severity, "reported_on": today}}
        rows = model.evaluate(TABLE, given).value
        shares = [share for row in rows if (share := _share(row))] if isinstance(rows, list) else []
        if shares:
            found[severity] = min(shares, key=lambda share: share.of_one)
    return found


def _share(row: object) -> Share | None:
    if not isinstance(row, dict) or row.get("card") != NEAR_CARD or row.get("share") is None:
        return None
    return Share(float(str(row["share"])), row.get("time") == "working")
