"""What a case waits for from its reporter now, and what they may do with it beside.

What the processes wait for is read from their subscriptions by the name of the message. What may be
done beside at which stage stands in the table `resident_offers`, how often in `resident_rules`, how
long a closed case can be taken up again in `reopening_rules`. The tracking page offers exactly
this, and the residents' use cases look again under the lock.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.cases import standing_tables
from app.cases.calendar import CalendarContext
from app.cases.work import facts_for
from app.json_types import JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.store import case_files, instances, processes, resident_view, urges
from app.store.db import Connection

QUESTION, APPEAL, RATING = "QuestionAnswered", "RejectionAppealed", "RatingReceived"
WITHDRAWAL, REOPENING = "WithdrawalAsked", "ReopeningAsked"
OFFERS, RULES, REOPENING_RULES = "resident_offers", "resident_rules", "reopening_rules"
ASKING = "question"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the table says for a case.

    `urge_every` is a limit such as "P1D" (None: no limit), `urge_tell` are roles,
    `urges_to_supervision` is None for never, `withdrawals` how often one may be asked for.
    """

    urge_every: str | None
    urge_tell: tuple[str, ...]
    urges_to_supervision: int | None
    withdrawals: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the table allows of a case now: to add facts, urge, rate unasked, ask to withdraw."""

    can_add: bool = False
    can_urge: bool = False
    can_rate: bool = False
    can_withdraw: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal that is being decided: since when, by which unit, until when."""

    asked_at: datetime
    unit_key: int | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a reporter may do now. `question` is None unless somebody waits for an answer to it.

    `urge_again_at` is None where the case may be urged at once, or not at all (`can_urge`);
    `reopen_until` is None where the case cannot be taken up again.
    """

    question: str | None
    can_appeal: bool
    can_rate: bool
    has_rated: bool
    can_add: bool
    can_urge: bool
    urged: int
    urge_again_at: datetime | None
    can_withdraw: bool
    withdrawal: Withdrawal | None
    reopen_until: datetime | None


def read_offers(connection: Connection, case_key: int, *, now: datetime) -> Offers:
    """Return what the reporter of a case may do at `now`."""
    case = case_files.find(connection, case_key) or {}
    waited_for = resident_view.waits_for(connection, case["number"], (QUESTION, APPEAL, RATING))
    is_open = case["closed_at"] is None
    has_rated = resident_view.kept_for(connection, case_key, RATING) is not None
    is_unrated = case["grade"] is None and not has_rated
    asked = _withdrawals(connection, case_key)
    pending = _pending(connection, case_key, asked)
    tables = _Tables(connection, case, now)
    rules, again_at = tables.rules()
    allowed = tables.allowed()
    return Offers(
        question=_question(connection, case_key) if QUESTION in waited_for else None,
        can_appeal=APPEAL in waited_for,
        can_rate=(is_unrated and RATING in waited_for) or allowed.can_rate,
        has_rated=has_rated,
        can_add=allowed.can_add,
        can_urge=allowed.can_urge,
        urged=urges.counts(connection, [case_key]).get(case_key, 0),
        urge_again_at=again_at if allowed.can_urge else None,
        can_withdraw=allowed.can_withdraw
        and pending is None
        and len(asked) < rules.withdrawals
        and can_be_withdrawn(connection, case["number"]),
        withdrawal=pending,
        reopen_until=None if is_open else _reopen_until(tables),
    )


def allowed(connection: Connection, case: Any, *, now: datetime) -> Allowed:
    """Return what the table allows of a case; of a closed one nothing, whatever its rows say."""
    return _Tables(connection, case, now).allowed()


def can_be_withdrawn(connection: Connection, number: str) -> bool:
    """Tell whether anybody takes a withdrawal: a process that waits for it or begins with it."""
    if processes.newest_started_by(connection, WITHDRAWAL) is not None:
        return True
    return bool(resident_view.waits_for(connection, number, (WITHDRAWAL,)))


def urging(connection: Connection, case: Any, *, now: datetime) -> tuple[Rules, datetime | None]:
    """Return the rules for a case, and when it may be urged again, None where it may be at once."""
    return _Tables(connection, case, now).rules()


def _question(connection: Connection, case_key: int) -> str:
    """Return the latest question that a colleague asked the reporter; "" where none is kept."""
    return _latest(resident_view.latest_answers(connection, case_key).values())


def _latest(answers: Iterable[JsonObject]) -> str:
    asked = [str(each[ASKING]) for each in answers if each.get(ASKING)]
    return asked[-1] if asked else ""


def _withdrawals(connection: Connection, case_key: int) -> list[resident_view.Beside]:
    found = resident_view.started_by(connection, case_key, WITHDRAWAL)
    kept = resident_view.kept_for(connection, case_key, WITHDRAWAL)
    return [*found, resident_view.Beside(0, "ACTIVE", kept)] if kept else found


def _pending(
    connection: Connection, case_key: int, asked: list[resident_view.Beside]
) -> Withdrawal | None:
    running = next((each for each in reversed(asked) if each.state == "ACTIVE"), None)
    if running is None:
        return None
    tasks = resident_view.open_tasks(connection, case_key, instance_key=running.key)
    offered = tasks[0].offered_to if tasks else []
    return Withdrawal(
        asked_at=running.started_at,
        unit_key=int(offered[0][1]) if offered else None,
        due_at=tasks[0].due_at if tasks else None,
    )


def _count(value: object) -> int | None:
    return None if value is None else int(str(value))


def _reopen_until(tables: "_Tables") -> datetime | None:
    """Return until when a closed case can be taken up again; None where it cannot now."""
    connection, case = tables.connection, tables.case
    if processes.newest_started_by(connection, REOPENING) is None:
        return None
    if case_files.going_on(connection, case["key"]) is not None:
        return None
    within = tables.decide(REOPENING_RULES)
    if not isinstance(within, str):
        return None
    until = tables.district.after(case["closed_at"], within)
    return until if until > tables.now else None


class _Tables:
    """The newest deployed tables, asked about a case at `now`."""

    def __init__(self, connection: Connection, case: Any, now: datetime) -> None:
        self.connection, self.case, self.now = connection, case, now
        versions = instances.versions(connection)
        directory = directories.current(connection, versions.directory)
        current = calendars.current(connection, versions.calendar)
        self.district = current.district
        self._facts = facts_for(case, directory, CalendarContext(current, directory.chain_of, now))

    def allowed(self) -> Allowed:
        """Return what may be done now; nothing where no row fits.

        A rating that comes unasked is kept for a process, so one must still run and none be kept.
        """
        case, connection = self.case, self.connection
        if case["closed_at"] is not None:
            return Allowed()
        is_kept = resident_view.kept_for(connection, case["key"], RATING) is not None
        has_rated = is_kept or case["grade"] is not None
        may_appeal = bool(resident_view.waits_for(connection, case["number"], (APPEAL,)))
        found = self.decide(OFFERS, has_rated=has_rated, may_appeal=may_appeal)
        said = found if isinstance(found, dict) else {}
        names = [name for name in Allowed.__dataclass_fields__ if said.get(name) is True]
        given = Allowed(**dict.fromkeys(names, True))
        if has_rated or not resident_view.is_running(connection, case["key"]):
            return replace(given, can_rate=False)
        return given

    def rules(self) -> tuple[Rules, datetime | None]:
        """Return what may be asked how often, and when the case may be urged again.

        Where no row fits there is no limit to urging, and no withdrawal.
        """
        found = self.decide(RULES)
        given = found if isinstance(found, dict) else {}
        every, told = given.get("urge_every"), given.get("urge_tell")
        rules = Rules(
            urge_every=str(every) if every else None,
            urge_tell=tuple(str(role) for role in told) if isinstance(told, list) else (),
            urges_to_supervision=_count(given.get("urges_to_supervision")),
            withdrawals=_count(given.get("withdrawals")) or 0,
        )
        last = urges.last_at(self.connection, self.case["key"])
        if last is None or rules.urge_every is None:
            return rules, None
        again = self.district.after(last, rules.urge_every)
        return rules, again if again > self.now else None

    def decide(self, decision: str, **more: object) -> object:
        """Ask the table of that name; None where no row fits."""
        given = {**self._facts, **more}
        return standing_tables.ask(self.connection, decision, given, now=self.now)
