"""A table tried out before it takes effect: which unit, which limit, and why.

`try_out` asks the draft and what is in force the same question; `recount` asks both about the last
real cases and counts where the answers part. Nothing is changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from app import dmn
from app.cases import facts, table_questions, table_sheets
from app.cases.frame import Frame, read_frame
from app.cases.intake import REPORTED
from app.cases.reasons import Reason, reasons
from app.cases.table_questions import Asked
from app.cases.table_sheets import TableState
from app.cases.wording import Wording
from app.errors import CaseError
from app.feel import to_json
from app.json_types import Json
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import processes, table_drafts
from app.store.db import Connection, reading
from app.store.processes import Resource, ResourceKind

MOST_CASES = 2_000
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What each table says, why, and what went wrong on the way."""

    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...]

    def given(self) -> list[object]:
        """Return what the tables give, without the rows it comes from."""
        said = [
            (each.is_undecided, each.outputs, *(row.outputs for row in each.rows))
            for each in self.reasons
        ]
        return [*said, self.warnings]


@dataclass(frozen=True, slots=True)
class Trial:
    """The question and both answers of the table; `draft` is None where nothing is changed.

    `asked` is what the table reads, `more` what the other tables read that the main process asks,
    `others` what those say. `beside` are the labels of what is asked and no fact of a case.
    """

    frame: Frame
    decision_id: str
    name: str
    asked: tuple[Asked, ...]
    more: tuple[Asked, ...]
    beside: tuple[str, ...]
    in_force: Answers | None
    draft: Answers | None
    others: Answers | None

    @property
    def differs(self) -> bool:
        """Whether draft and what is in force answer differently, whichever rows say it."""
        if self.draft is None or self.in_force is None:
            return False
        return self.in_force.given() != self.draft.given()


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
    """How many of the last cases the draft would treat otherwise, and in what.

    No case can be asked about where the table asks `beside`: labels of what is no fact of a case.
    """

    looked_at: int
    parted: int
    partings: tuple[Parting, ...] = field(default=())
    beside: tuple[str, ...] = field(default=())


def try_out(
    actor: Actor, decision_id: str, given: Mapping[str, str] | None, *, language: str
) -> Trial:
    """Return what the table and its neighbours say, in the draft and in force.

    `given` holds what is asked about by the names of `Asked`, as texts; without it, or where one of
    them cannot be read, nothing is asked yet.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.VIEW_DESIGNS)
    with reading() as connection:
        frame = read_frame(connection)
        state = table_sheets.load(connection, decision_id, actor.person_key)
        wording = Wording(connection, language)
        tables = _Asker(connection, state, frame, wording)
        own, more = tables.own_fields(), tables.more_fields()
        filled, seen = tables.questions.filled((*own, *more), given or {})
        is_asked = given is not None and not any(each.error for each in filled)
        has_draft = is_asked and state.draft is not None
        return Trial(
            frame=frame,
            decision_id=decision_id,
            name=table_sheets.title(state.sheet, state.labels.get(language, {})),
            asked=filled[: len(own)],
            more=filled[len(own) :],
            beside=_beside(own),
            in_force=tables.answer(seen, is_draft=False) if is_asked else None,
            draft=tables.answer(seen, is_draft=True) if has_draft else None,
            others=tables.others(seen) if is_asked else None,
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
        tables = _Asker(connection, state, frame, wording)
        beside = _beside(tables.own_fields())
        if beside:
            return Recount(0, 0, beside=beside)
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
                found.update((category, *each) for each in tables.partings(before, after))
    most = (Parting(*key, count) for key, count in found.most_common(_SHOWN))
    return Recount(len(rows), parted, tuple(most))


def _beside(asked: Iterable[Asked]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.label for each in asked if not each.is_fact))


class _Asker:
    """Asks a table, and the other tables that the main process asks, about one case."""

    def __init__(
        self, connection: Connection, state: TableState, frame: Frame, wording: Wording
    ) -> None:
        self.state, self.frame, self.wording = state, frame, wording
        self.questions = table_questions.asker(frame, wording)
        self.neighbours = list(_neighbours(connection, state.newest.decision_id))
        versions = [table_sheets.newest(connection, name) for name, _ in self.neighbours]
        self.label_files = {
            each.decision_id: table_sheets.labels_of(connection, each) for each in versions
        }
        self.labels = {
            name: files.get(wording.language, {}) for name, files in self.label_files.items()
        }
        self.worded = state.worded.get(wording.language, {})

    def own_fields(self) -> tuple[Asked, ...]:
        """Return what the table asks for, in force and in the draft."""
        own = self.state.newest.decision_id
        contents = (self.state.content(), self.state.newest.content)
        asked = (self.questions.fields(each, own, self.state.worded) for each in contents)
        return _once(chain.from_iterable(asked))

    def more_fields(self) -> tuple[Asked, ...]:
        """Return the facts that only its neighbours ask for."""
        own = {each.name for each in self.own_fields()}
        asked = (
            self.questions.fields(found.content, name, self.label_files[name])
            for name, found in self.neighbours
        )
        every = chain.from_iterable(asked)
        return _once(each for each in every if each.is_fact and each.name not in own)

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


def _once(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    found: dict[str, Asked] = {}
    for each in asked:
        found.setdefault(each.name, each)
    return tuple(found.values())


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


def _value(model: dmn.Model, decision_id: str, given: Mapping[str, Any], *, now: datetime) -> Json:
    try:
        return to_json(model.evaluate(decision_id, given, now=now).value)
    except CaseError:
        return None
