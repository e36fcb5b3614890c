"""A table tried out before it takes effect: which unit, which limit, and why.

`try_out` asks the draft and what is in force the same question; `recount` asks both about the last
real cases and counts where the answers part. Nothing is changed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from app import dmn
from app.cases import facts, matters, table_sheets
from app.cases.frame import Frame, read_frame
from app.cases.intake import REPORTED
from app.cases.reasons import Reason, reasons
from app.cases.table_columns import Choice
from app.cases.table_sheets import TableState
from app.cases.wording import Wording
from app.errors import CaseError
from app.feel import to_json
from app.json_types import Json
from app.organisation.actor import Actor
from app.organisation.directory import Directory
from app.organisation.permissions import Action, demand
from app.organisation.units import UnitKind
from app.store import processes, table_drafts
from app.store.db import Connection, reading
from app.store.processes import Resource, ResourceKind

MOST_CASES = 2_000
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCase:
    """A case that is asked about; units by code."""

    minor_class: str = ""
    severity: str = "ordinary"
    street: str = ""
    community: str = ""
    grid: str = ""
    channel: str = "web"
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What each table says, why, and what went wrong on the way."""

    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The question and both answers of the table; `draft` is None where nothing is changed.

    `others` is what the other tables say that the main process asks.
    """

    frame: Frame
    decision_id: str
    name: str
    case: TrialCase
    categories: Mapping[str, str]
    streets: tuple[Choice, ...]
    communities: tuple[Choice, ...]
    in_force: Answers | None
    draft: Answers | None
    others: Answers | None

    @property
    def differs(self) -> bool:
        """Whether draft and what is in force answer differently."""
        return self.draft is not None and self.in_force != self.draft


@dataclass(frozen=True, slots=True)
class Parting:
    """Cases of a category for which the table would give something else: what, instead of what."""

    category: str
    column: str
    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Recount:
    """How many of the last cases the draft would treat otherwise, and in what."""

    looked_at: int
    parted: int
    partings: tuple[Parting, ...] = field(default=())


def try_out(
    actor: Actor, decision_id: str, case: TrialCase, *, language: str, is_asked: bool = True
) -> Trial:
    """Return what the table and its neighbours say of a case, in the draft and in force.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.VIEW_DESIGNS)
    with reading() as connection:
        frame = read_frame(connection)
        state = table_sheets.load(connection, decision_id, actor.person_key)
        wording = Wording(connection, language)
        found = _filled(case, frame)
        group = matters.current(connection).group_of(found.minor_class)
        given = _context(found, frame, group)
        asker = _Asker(connection, state, frame, wording)
        in_force = asker.answer(given, is_draft=False) if is_asked else None
        draft = asker.answer(given, is_draft=True) if is_asked and state.draft else None
        return Trial(
            frame=frame,
            decision_id=decision_id,
            name=table_sheets.title(state.sheet, state.labels.get(language, {})),
            case=found,
            categories=wording.classes,
            streets=_units(frame.directory, UnitKind.STREET, language),
            communities=_units(frame.directory, UnitKind.COMMUNITY, language),
            in_force=in_force,
            draft=draft,
            others=asker.others(given) if is_asked else None,
        )


def recount(actor: Actor, decision_id: str, count: int, *, language: str) -> Recount:
    """Return how the draft would treat the last `count` real cases.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.DEPLOY)
    with reading() as connection:
        frame = read_frame(connection)
        state = table_sheets.load(connection, decision_id, actor.person_key)
        wording = Wording(connection, language)
        asker = _Asker(connection, state, frame, wording)
        rows = table_drafts.recent_cases(connection, max(1, min(count, MOST_CASES)))
        old, new = dmn.load(state.newest.content), dmn.load(state.content())
        found: Counter[tuple[str, str, str, str]] = Counter()
        parted = 0
        for row in rows:
            given = {"case": facts.context(row, frame.directory, frame.zone)}
            before = _value(old, decision_id, given, now=frame.now)
            after = _value(new, decision_id, given, now=frame.now)
            if before != after:
                parted += 1
                category = wording.category(row["minor_class"])
                found.update((category, *each) for each in asker.partings(before, after))
    most = (Parting(*key, count) for key, count in found.most_common(_SHOWN))
    return Recount(len(rows), parted, tuple(most))


class _Asker:
    """Asks a table, and the other tables that the main process asks, about one case."""

    def __init__(
        self, connection: Connection, state: TableState, frame: Frame, wording: Wording
    ) -> None:
        self.state, self.frame, self.wording = state, frame, wording
        self.neighbours = list(_neighbours(connection, state.newest.decision_id))
        versions = [table_sheets.newest(connection, name) for name, _ in self.neighbours]
        self.labels = {
            each.decision_id: table_sheets.labels_of(connection, each).get(wording.language, {})
            for each in versions
        }
        self.worded = state.worded.get(wording.language, {})

    def answer(self, given: Mapping[str, Any], *, is_draft: bool) -> Answers:
        """Return what the table says, in force or in the draft."""
        own = self.state.newest.decision_id
        labels = self.worded if is_draft else self.state.labels.get(self.wording.language, {})
        self.labels[own] = labels
        content = self.state.content() if is_draft else self.state.newest.content
        return self._answers([(own, content)], given)

    def others(self, given: Mapping[str, Any]) -> Answers:
        """Return what its neighbours say."""
        return self._answers([(name, found.content) for name, found in self.neighbours], given)

    def _answers(self, asked: Sequence[tuple[str, bytes]], given: Mapping[str, Any]) -> Answers:
        trace: list[Json] = []
        warnings: list[str] = []
        for decision_id, data in asked:
            try:
                result = dmn.load(data).evaluate(decision_id, given, now=self.frame.now)
            except CaseError as error:
                warnings.append(str(error))
                continue
            trace += result.trace
            warnings += result.warnings
        found = reasons(trace, self.frame, self.wording, self.labels)
        return Answers(tuple(found), tuple(dict.fromkeys(warnings)))

    def partings(self, before: Json, after: Json) -> Iterator[tuple[str, str, str]]:
        """Yield column, former and new words for each output that differs."""
        old = before if isinstance(before, dict) else {"": before}
        new = after if isinstance(after, dict) else {"": after}
        for name in dict.fromkeys([*old, *new]):
            if old.get(name) != new.get(name):
                yield (
                    self.column(name),
                    self.words(name, old.get(name)),
                    self.words(name, new.get(name)),
                )

    def column(self, name: str) -> str:
        labels = self.state.labels.get(self.wording.language, {}).get("outputs")
        known = labels.get(name) if isinstance(labels, dict) else None
        drawn = (each.label for each in self.state.sheet.columns if each.key == name)
        return str(known) if known else next(drawn, name)

    def words(self, name: str, value: Json) -> str:
        values = self.worded.get("values")
        known = values.get(name) if isinstance(values, dict) else None
        each = value if isinstance(value, list) else [value]
        said = (self._word(known, item) for item in each if item not in (None, ""))
        return ", ".join(said)

    def _word(self, known: Json, item: Json) -> str:
        directory = self.frame.directory
        if isinstance(item, str) and directory.has_code(item):
            return directory.unit_by_code(item).label(self.wording.language)
        if isinstance(known, dict) and known.get(str(item)):
            return str(known[str(item)])
        return str(item)


def _neighbours(connection: Connection, decision_id: str) -> Iterator[tuple[str, Resource]]:
    """Yield the other decisions the newest main process asks, with their files."""
    key = processes.newest_started_by(connection, REPORTED)
    if key is None:
        return
    (main,) = processes.by_keys(connection, ResourceKind.PROCESS, [key])
    bound = main.bindings.get("decisions")
    pairs = bound.items() if isinstance(bound, dict) else ()
    for name, pinned in pairs:
        if name != decision_id:
            (resource,) = processes.by_keys(connection, ResourceKind.DECISION, [int(str(pinned))])
            yield name, resource


def _filled(case: TrialCase, frame: Frame) -> TrialCase:
    """Return the case with its street where only the community was named, and with a day."""
    directory = frame.directory
    street = case.street
    if case.community and directory.has_code(case.community):
        above = directory.chain_of(case.community)
        street = next(
            (
                directory.unit(key).code
                for key in above
                if directory.unit(key).kind is UnitKind.STREET
            ),
            street,
        )
    day = case.reported_on or frame.now.astimezone(frame.zone).date()
    return TrialCase(
        minor_class=case.minor_class,
        severity=case.severity,
        street=street,
        community=case.community,
        grid=case.grid,
        channel=case.channel,
        reported_on=day,
    )


def _context(case: TrialCase, frame: Frame, major_class: str | None) -> dict[str, Any]:
    """Return `case` with every declared fact: what nobody said is null."""
    at = datetime.combine(case.reported_on or date.min, time(12), frame.zone).astimezone(UTC)
    found: dict[str, Any] = {
        name: [] if fact.kind in {facts.FactKind.UNITS, facts.FactKind.TEXTS} else None
        for name, fact in facts.FACTS.items()
    }
    told = {
        "minor_class": case.minor_class,
        "major_class": major_class,
        "severity": case.severity,
        "street": case.street,
        "community": case.community,
        "grid": case.grid,
        "channel": case.channel,
    }
    return {
        "case": found
        | {name: value or None for name, value in told.items()}
        | {"reported_at": at, "reported_on": case.reported_on, "level": "community"}
    }


def _value(model: dmn.Model, decision_id: str, given: Mapping[str, Any], *, now: datetime) -> Json:
    try:
        return to_json(model.evaluate(decision_id, given, now=now).value)
    except CaseError:
        return None


def _units(directory: Directory, kind: UnitKind, language: str) -> tuple[Choice, ...]:
    units = sorted(directory.units.values(), key=lambda each: each.code)
    return tuple(Choice(each.code, each.label(language)) for each in units if each.kind is kind)
