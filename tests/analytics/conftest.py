"""A hand-made set of cases whose rates can be computed on paper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.clock import moved_to
from app.store.db import transaction
from app.store.tables.cases import case_unit, cases, deadline_ledger
from app.store.tables.evaluations import evaluation
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District


def november(day: int, hour: int = 4) -> datetime:
    """An instant of November 2026; in the district it is eight hours later."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@dataclass(slots=True)
class Written:
    """Cases written down as they stand, each with what was heard and what became of its reply."""

    district: District
    keys: dict[str, int] = field(default_factory=dict)
    _lines: Any = field(default_factory=lambda: count(900_000_001))

    def case(self, name: str, *, lead: str | None = None, **given: Any) -> "Written":
        """Write a case of a department; without a point it lies in no street."""
        screened = given.pop("screened", None)
        with moved_to(TUESDAY_NINE):
            case_key = walk.report(description=f"Case {name}", **given).case_key
        self.keys[name] = case_key
        lead_key = self.district.units[lead] if lead else None
        with transaction() as tx:
            tx.connection.execute(
                update(cases)
                .where(cases.c.key == case_key)
                .values(lead_unit_key=lead_key, screened=screened)
            )
            if lead_key is not None:
                at = walk.case_row(case_key)["reported_at"]
                row = {"unit_key": lead_key, "case_key": case_key, "reported_at": at}
                tx.connection.execute(insert(case_unit).values(**row, is_open=True))
        return self

    def heard(
        self,
        name: str,
        kind: str,
        grade: int | None,
        resolved: str | None,
        *,
        at: datetime,
        round: int = 1,
        handling: int = 1,
    ) -> "Written":
        """Write a round in which the reporter was heard, of the first handling unless given."""
        said = {"grade": grade, "resolved": resolved, "handling": handling}
        return self._evaluated(name, kind, at, round, is_reached=True, **said)

    def not_heard(self, name: str, *, at: datetime, round: int = 1, handling: int = 1) -> "Written":
        """Write a round of calls that nobody answered."""
        return self._evaluated(name, "callback", at, round, is_reached=False, handling=handling)

    def reply(self, name: str, *actions: tuple[str, datetime]) -> "Written":
        """Write lines of the ledger on the first reply: action and when it is due then."""
        with transaction() as tx:
            for place, (action, due_at) in enumerate(actions):
                tx.connection.execute(
                    insert(deadline_ledger).values(
                        key=next(self._lines),
                        case_key=self.keys[name],
                        limit_name="first_reply",
                        action=action,
                        due_at=due_at,
                        at=november(1, place),
                    )
                )
        return self

    def _evaluated(
        self, name: str, kind: str, at: datetime, round: int, **values: Any
    ) -> "Written":
        row = {"kind": kind, "at": at, "round": round, **values}
        with transaction() as tx:
            tx.connection.execute(
                insert(evaluation).values(key=next(self._lines), case_key=self.keys[name], **row)
            )
        return self


@pytest.fixture
def written(district: District) -> Written:
    """Return a hand that writes cases into the small district."""
    return Written(district)


@pytest.fixture
def paper(written: Written) -> Callable[[], Written]:
    """Return a function that writes the cases the tests compute by hand, as of 28 November."""
    return lambda: on_paper(written)


def on_paper(written: Written) -> Written:
    """Write ten cases of November 2026."""
    urban, parks = {"lead": "D-URBAN"}, {"lead": "D-PARKS"}
    nowhere = {"latitude": None, "longitude": None}
    written.case("A", **urban).heard("A", "token", 1, "yes", at=november(10))
    written.case("B", **urban).heard("B", "callback", 4, "no", at=november(11))
    written.case("C", **parks).heard("C", "callback", 2, "yes", at=november(12))
    written.case("D", **parks).heard("D", "callback", 3, "partly", at=november(13))
    written.case("E").not_heard("E", at=november(14))
    written.case("F", screened="malicious", **urban).heard("F", "token", 5, None, at=november(15))
    written.case("G", **urban).heard("G", "token", 5, "no", at=november(2))
    written.heard("G", "second_callback", 2, "yes", at=november(16), round=2)
    written.case("H", **parks).heard(
        "H", "token", 1, "yes", at=datetime(2026, 10, 31, 15, tzinfo=UTC)
    )
    written.case("I", **nowhere).heard(
        "I", "callback", 5, "partly", at=datetime(2026, 10, 31, 16, tzinfo=UTC)
    )
    written.case("J", **parks).not_heard("J", at=november(20))
    written.heard("J", "token", 3, None, at=datetime(2026, 12, 1, 9, tzinfo=UTC), round=2)
    written.reply("A", ("set", november(4)), ("met", november(4)))
    written.reply("B", ("set", november(5)), ("missed", november(5)))
    written.reply("C", ("set", november(6)))
    written.reply("D", ("set", november(30)))
    written.reply("E", ("set", november(7)), ("met", november(7)))
    written.reply("F", ("set", november(8)), ("met", november(8)))
    written.reply("G", ("set", november(8)), ("extended", november(9)))
    written.reply("H", ("set", november(9)), ("dropped", november(9)))
    written.reply("I", ("met", datetime(2026, 10, 30, 9, tzinfo=UTC)))
    return written
