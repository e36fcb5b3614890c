"""Drives a file's requests through the deployed process in the order in which things happened.

Reports, closings and due timers of all requests are one line of events in time. Up to two hundred
steps share a commit, and a batch always ends between two events, so the database holds a beginning
of that line at any moment: a replay that was killed goes on where it ended.
"""

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.cases import deadlines, messages
from app.cases.calendar import extend_calendar
from app.cases.designs import deploy
from app.cases.handling import complete_task
from app.cases.intake import Report, receive_report
from app.cases.replay import district, rows
from app.cases.replay.district import ReplayDistrict
from app.cases.replay.mapping import Mapping
from app.cases.replay.rows import Bad, Request
from app.clock import moved_to, utc_now
from app.errors import CaseError
from app.forms.read import InvalidAnswers
from app.organisation.units import UnitKind
from app.store import replays, timers
from app.store.db import batch, reading, transaction

MOST_STEPS_A_COMMIT = 200
MOST_STEPS_AN_EVENT = 20


class NoAnswers(CaseError):
    """The replay's mapping has no answers for the step {element_id} of case {number}."""

    code = "no_answers"


class AnswersRefused(CaseError):
    """The form of the step {element_id} refuses the mapping's answers for case {number}: {why}"""

    code = "answers_refused"


class NobodyToDoIt(CaseError):
    """The step {element_id} of case {number} is offered to nobody of the replay."""

    code = "nobody_to_do_it"


@dataclass(frozen=True, slots=True)
class Numbers:
    """How it ended; `steps` and `seconds` are this run's, the rest is the whole file's."""

    cases: int
    steps: int
    open: int
    overdue_open: int
    closed_in_time: int
    closed_late: int
    skipped: int
    seconds: float


@dataclass(slots=True)
class _Replay:
    mapping: Mapping
    columns: list[str]
    until: datetime
    requests: list[Request]
    where: ReplayDistrict
    keys: dict[str, int]
    events: list[tuple[datetime, int, bool]] = field(default_factory=list)
    steps: int = 0

    @property
    def domain(self) -> str:
        return f"replay:{self.mapping.name}"


def replay(
    path: Path,
    mapping: Mapping,
    *,
    shipped: dict[str, bytes],
    until: datetime | None = None,
    limit: int | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    on_bad: Callable[[Bad], None] = lambda _bad: None,
) -> Numbers:
    """Replay the file up to `until` (default: the start of the run) and say how it stands then.

    `on_progress` is told events done and in all, after each commit; `on_bad` each skipped line.

    Raises:
        FileUnreadable, NoAnswers, AnswersRefused, NobodyToDoIt: see there. What was committed
            stays.
    """
    started = time.monotonic()
    until = until or utc_now()
    requests: list[Request] = []
    skipped = 0
    for each in rows.requests_in(path, mapping, limit=limit):
        if isinstance(each, Bad):
            skipped += 1
            on_bad(each)
        else:
            requests.append(each)
    state = _begin(path, mapping, requests, shipped=shipped, until=until)
    _run(state, on_progress)
    with reading() as connection:
        counted = replays.count(connection, mapping.name, now=until)
    return Numbers(
        cases=counted.cases,
        steps=state.steps,
        open=counted.open,
        overdue_open=counted.overdue_open,
        closed_in_time=counted.closed_in_time,
        closed_late=counted.closed_late,
        skipped=skipped,
        seconds=round(time.monotonic() - started, 1),
    )


def _begin(
    path: Path,
    mapping: Mapping,
    requests: list[Request],
    *,
    shipped: dict[str, bytes],
    until: datetime,
) -> _Replay:
    columns = rows.columns_of(path)
    with transaction() as tx:
        extend_calendar(tx)
        found = (district.named(rows.unpacked(each, columns), mapping) for each in requests)
        where = district.make(tx, mapping, found)
    deploy(shipped, actor=None)
    with reading() as connection:
        known = replays.known(connection, mapping.name)
    state = _Replay(mapping, columns, until, requests, where, {})
    for index, request in enumerate(requests):
        key, is_closed = known.get(request.number, (None, False))
        if key is None:
            if request.reported_at <= until:
                state.events.append((request.reported_at, index, False))
            continue
        state.keys[request.number] = key
        if not is_closed:
            _expect_closing(state, index, request)
    heapq.heapify(state.events)
    return state


def _expect_closing(state: _Replay, index: int, request: Request) -> None:
    if request.closed_at is not None and request.closed_at <= state.until:
        heapq.heappush(state.events, (request.closed_at, index, True))


def _run(state: _Replay, on_progress: Callable[[int, int], None]) -> None:
    done = 0
    is_over = False
    while not is_over:
        ends_at = state.steps + MOST_STEPS_A_COMMIT - MOST_STEPS_AN_EVENT
        with batch():
            while state.steps < ends_at and not is_over:
                next_at = state.events[0][0] if state.events else state.until
                if _fire_next(state, before=next_at):
                    continue
                if state.events:
                    _happen(state, *heapq.heappop(state.events))
                    done += 1
                else:
                    is_over = True
        on_progress(done, done + len(state.events))


def _fire_next(state: _Replay, *, before: datetime) -> bool:
    """Fire the timer that is due next, if that is before the next event."""
    with reading() as connection:
        due = timers.due_instances(connection, domain=state.domain, now=before, limit=1)
    if not due:
        return False
    with moved_to(due[0].due_at):
        deadlines.fire_instance(due[0].instance_key)
    state.steps += 1
    return True


def _happen(state: _Replay, at: datetime, index: int, is_closing: bool) -> None:
    request = state.requests[index]
    row = rows.unpacked(request, state.columns)
    with moved_to(at):
        if not is_closing:
            state.keys[request.number] = _report(state, request, row)
            _expect_closing(state, index, request)
        _walk(state, request, row, is_closing=is_closing)


def _report(state: _Replay, request: Request, row: dict[str, str | None]) -> int:
    mapping = state.mapping
    place = district.named(row, mapping).place
    unit_key = state.where.places.get(place) if place else None
    kind = state.where.kinds[unit_key] if unit_key is not None else None
    latitude, longitude = _point(row, mapping)
    given = mapping.report.fill(row)
    receipt = receive_report(
        Report(
            **given,  # type: ignore[arg-type]
            language="en",
            latitude=latitude,
            longitude=longitude,
            grid_key=unit_key if kind is UnitKind.GRID else None,
            community_key=unit_key if kind is UnitKind.COMMUNITY else None,
            street_key=unit_key if kind is UnitKind.STREET else None,
            is_anonymous=True,
            number=request.number,
            source=mapping.name,
            source_ref=request.number,
            given_due_at=request.due_at,
            limit_basis="given",
            synthetic=mapping.synthetic,
        ),
        domain=state.domain,
    )
    state.steps += 1
    return receipt.case_key


def _point(row: dict[str, str | None], mapping: Mapping) -> tuple[float | None, float | None]:
    """Return the point of a row; none where the file writes its placeholder."""
    latitude, longitude = row[mapping.latitude], row[mapping.longitude]
    if latitude is None or longitude is None or (latitude, longitude) in mapping.placeholders:
        return None, None
    try:
        return float(latitude), float(longitude)
    except ValueError:
        return None, None


def _walk(
    state: _Replay, request: Request, row: dict[str, str | None], *, is_closing: bool
) -> None:
    """Do the steps of a case that belong to this event, until it waits for a later one."""
    case_key = state.keys[request.number]
    for _ in range(MOST_STEPS_AN_EVENT):
        with reading() as connection:
            waiting = replays.open_tasks(connection, case_key)
        task = next(
            (task for task in waiting if is_closing or task.element_id in state.mapping.at_report),
            None,
        )
        if task is None:
            if not is_closing or not _send_next(state, request, row):
                return
            continue
        answers = state.mapping.answers.get(task.element_id)
        if answers is None:
            raise NoAnswers(element_id=task.element_id, number=request.number)
        actor = state.where.actor_for(task.offered_to)
        if actor is None:
            raise NobodyToDoIt(element_id=task.element_id, number=request.number)
        try:
            complete_task(
                actor, task.key, answers.fill(row), seen_version=task.version, is_synthetic=True
            )
        except InvalidAnswers as error:
            raise AnswersRefused(
                element_id=task.element_id, number=request.number, why=error.sentences
            ) from error
        state.steps += 1


def _send_next(state: _Replay, request: Request, row: dict[str, str | None]) -> bool:
    """Send the case a message it waits for, if the mapping has it."""
    sent = state.mapping.messages
    case_key = state.keys[request.number]
    with reading() as connection:
        name = replays.waited_for(connection, case_key, sent)
    if name is None:
        return False
    with transaction() as tx:
        work = messages.deliver(
            tx, name, correlation_key=request.number, variables=sent[name].fill(row)
        )
        messages.finish(work)
    state.steps += 1
    return True


def instant(written: str) -> datetime:
    """Return the instant written in ISO 8601; without an offset it is UTC.

    Raises:
        ValueError: it is no instant.
    """
    found = datetime.fromisoformat(written)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
