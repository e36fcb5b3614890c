"""One instance under the lock: what use case, operations and journal share in a transaction.

`open_task` and `open_instance` lock and load; `begin` starts a new one.
Whoever holds a `Work` changes it through the engine run, the case file and the lists below, then
hands it to `cases.journal.record`, which writes it all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.cases import facts as declared
from app.cases.calendar import CalendarContext
from app.cases.deployed import Deployed, deployed
from app.engine import runner
from app.engine.progress import ThrownMessage
from app.errors import CaseBusy, NotFound
from app.json_types import Json, JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor, HeldPosition
from app.organisation.directory import CasePlace, Directory
from app.store import instances
from app.store.db import Transaction
from app.store.instances import Locked


@dataclass(frozen=True, slots=True)
class Hand:
    """By whose hand something happens: a person in a position, perhaps on behalf of another."""

    person_key: int | None = None
    position_key: int | None = None
    on_behalf_of: int | None = None
    reporter_key: int | None = None

    @classmethod
    def of(cls, actor: Actor, position: HeldPosition | None = None) -> "Hand":
        """Return the hand of `actor` in `position`."""
        if position is None:
            return cls(person_key=actor.person_key)
        return cls(actor.person_key, position.position_key, position.on_behalf_of)


NOBODY = Hand()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal to come. `data` holds keys and codes, never personal data."""

    kind: str
    data: JsonObject = field(default_factory=dict)
    element_id: str | None = None
    task_key: int | None = None


@dataclass(frozen=True, slots=True)
class NoticeTo:
    """A line for somebody's bell: one person's, or that of whoever holds a role in a unit."""

    kind: str
    params: JsonObject
    person_key: int | None = None
    role: str | None = None
    unit_key: int | None = None
    task_key: int | None = None


@dataclass(slots=True)
class Work:
    """The locked instance, its case, its engine run, and what is to be written with it.

    At version 0 the instance is new; `parent_key` names the one whose message began it. `seen` is
    the case as FEEL saw it last, none once a fact has changed.
    """

    tx: Transaction
    instance_key: int
    version: int
    clock_domain: str
    definition_key: int
    deployed: Deployed
    directory: Directory
    calendar: CalendarContext
    case: dict[str, Any]
    task: Mapping[str, Any] | None
    run: runner.Run
    seen: dict[str, Any] | None = None
    parent_key: int | None = None
    hand: Hand = NOBODY
    changes: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    notices: list[NoticeTo] = field(default_factory=list)
    fact_changes: list[dict[str, Any]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    evaluations: list[dict[str, Any]] = field(default_factory=list)
    whistles: dict[int, dict[str, Any]] = field(default_factory=dict)
    whistle_reports: dict[int, dict[str, Any]] = field(default_factory=dict)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[dict[str, Any]] = field(default_factory=list)
    thrown: list[int] = field(default_factory=list)
    messages: list[ThrownMessage] = field(default_factory=list)
    reporter_mails: list[JsonObject] = field(default_factory=list)

    @property
    def case_key(self) -> int:
        """The key of the case."""
        key: int = self.case["key"]
        return key

    @property
    def now(self) -> datetime:
        """The instant at which all of this happens."""
        return self.tx.now

    def place(self) -> CasePlace:
        """Return where the case lies, for finding who is responsible."""
        return place_of(self.case)

    def note(
        self,
        kind: str,
        data: JsonObject | None = None,
        *,
        element_id: str | None = None,
        task_key: int | None = None,
    ) -> None:
        """Add a line to the journal."""
        self.entries.append(Entry(kind, data or {}, element_id, task_key))

    def set_column(self, column: str, value: Any) -> None:
        """Change a column of the case; the engine sees it from its next step on."""
        self.case[column] = value
        self.changes[column] = value
        if column in declared.COLUMNS:
            self.seen = None

    def set_fact(self, name: str, value: object, *, reason: str | None = None) -> None:
        """Change a declared fact, keeping what it was before.

        Raises:
            UnknownFact, WrongFact: see `cases.facts.stored`.
        """
        column, kept = declared.stored(name, value, self.directory)
        before = self.case[column]
        if before == kept:
            return
        if before is not None:
            self.fact_changes.append(self._fact_change(name, before, kept, reason))
        self.set_column(column, kept)

    def answer(self, element_id: str, answers: JsonObject) -> None:
        """Make `answers` the latest of this task, for gateways and later forms."""
        self.set_column("answers", {**self.case["answers"], element_id: answers})

    def refresh(self) -> None:
        """Show the engine the facts and answers as they are now."""
        self.run.facts = self.facts()

    def facts(self) -> dict[str, Any]:
        """Return what FEEL sees besides the instance's own variables."""
        facts = facts_for(self.case, self.directory, self.calendar, seen=self.seen)
        self.seen = facts["case"]
        return facts

    def _fact_change(self, name: str, old: Any, new: Any, reason: str | None) -> dict[str, Any]:
        return {
            "key": self.tx.next_key(),
            "case_key": self.case_key,
            "fact": name,
            "old_value": _plain(old),
            "new_value": _plain(new),
            "reason": reason,
            "person_key": self.hand.person_key,
            "position_key": self.hand.position_key,
            "at": self.now,
        }


def facts_for(
    case: Mapping[str, Any],
    directory: Directory,
    calendar: CalendarContext,
    *,
    seen: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the three names every expression may use: `case`, `answers`, `calendar`.

    `seen` is what `case` was before, where no fact has changed since.
    """
    return {
        "case": seen or declared.context(case, directory, calendar.district.zone),
        "answers": case["answers"],
        "calendar": calendar.values(),
    }


def place_of(case: Mapping[str, Any]) -> CasePlace:
    """Return where a case lies, from its row."""
    return CasePlace(
        grid_key=case["grid_key"],
        community_key=case["community_key"],
        street_key=case["street_key"],
        lead_unit_key=case["lead_unit_key"],
    )


def begin(
    tx: Transaction,
    definition_key: int,
    message: str,
    *,
    case: dict[str, Any],
    directory: Directory,
    calendar: CalendarContext,
    variables: JsonObject | None = None,
    hand: Hand = NOBODY,
    parent_key: int | None = None,
) -> Work:
    """Start a process version by its message on a case, new or locked; nothing is written yet."""
    found = deployed(tx.connection, definition_key)
    facts = facts_for(case, directory, calendar)
    return Work(
        tx=tx,
        instance_key=tx.next_key(),
        version=0,
        clock_domain=case["clock_domain"],
        definition_key=definition_key,
        deployed=found,
        directory=directory,
        calendar=calendar,
        case=case,
        task=None,
        run=runner.start(
            found.definition,
            facts=facts,
            now=calendar.local_now,
            next_key=tx.next_key,
            message=message,
            variables=variables,
        ),
        seen=facts["case"],
        parent_key=parent_key,
        hand=hand,
    )


def open_task(tx: Transaction, task_key: int) -> Work:
    """Lock and load the instance a task belongs to.

    Raises:
        NotFound: there is no such task.
        CaseBusy: its instance has ended.
    """
    locked = instances.lock_for_task(tx.connection, task_key)
    if locked is None:
        raise NotFound(what="task", key=task_key)
    return _loaded(tx, locked)


def open_instance(tx: Transaction, instance_key: int, *, skips_locked: bool = False) -> Work | None:
    """Lock and load an instance; None when it has ended or, if asked so, is locked by another."""
    locked = instances.lock(tx.connection, instance_key, skips_locked=skips_locked)
    if locked is None or locked.engine_state is None:
        return None
    return _loaded(tx, locked)


def _loaded(tx: Transaction, locked: Locked) -> Work:
    if locked.engine_state is None:
        raise CaseBusy(key=locked.key)
    directory = directories.current(tx.connection, locked.directory_version)
    calendar = CalendarContext(
        calendars.current(tx.connection, locked.calendar_version), directory.chain_of, tx.now
    )
    found = deployed(tx.connection, locked.definition_key)
    case = dict(locked.case)
    facts = facts_for(case, directory, calendar)
    run = runner.load(
        found.definition,
        locked.engine_state,
        facts=facts,
        now=calendar.local_now,
        next_key=tx.next_key,
    )
    return Work(
        tx=tx,
        instance_key=locked.key,
        version=locked.version,
        clock_domain=locked.clock_domain,
        definition_key=locked.definition_key,
        deployed=found,
        directory=directory,
        calendar=calendar,
        case=case,
        task=locked.task,
        run=run,
        seen=facts["case"],
    )


def _plain(value: Any) -> Json:
    return value.isoformat() if isinstance(value, datetime) else value
