"""Which cases a rate counts, as SQL: the latest word on each case, and its first-reply limit.

`rates` sums the conditions and lists the cases behind a number by the same ones, so that a number
and its list cannot differ. Which grades are good is said by a table (`bad_grades`). Everything is
seen through a scope.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    null,
    or_,
    select,
    text,
)

from app.analytics.bad_grades import GoodGrades, good_grades
from app.store.paging import Place, earlier
from app.store.scope import Scope, sees_case
from app.store.tables.cases import cases, deadline_ledger
from app.store.tables.evaluations import evaluation

FIRST_REPLY = "first_reply"
_CALLS = ("callback", "second_callback")
_WORD = ("grade", "resolved", "tags")
_ENDED = ("met", "missed", "lapsed")
_NOT_RUNNING = ("dropped", "paused")


class Measure(StrEnum):
    """What a number counts: `OF_REPLIES` by the first-reply limit, the others by evaluations."""

    DUE = "due"
    IN_TIME = "in_time"
    REACHED = "reached"
    RESOLVED = "resolved"
    RATED = "rated"
    SATISFIED = "satisfied"
    SCREENED = "screened"
    SCREENED_REPLIES = "screened_replies"
    NOT_EVALUATED = "not_evaluated"


class By(StrEnum):
    """What numbers are told apart by."""

    STREET = "street"
    DEPARTMENT = "department"
    MONTH = "month"


UNIT_COLUMNS = {By.STREET: cases.c.street_key, By.DEPARTMENT: cases.c.lead_unit_key}
OF_REPLIES = (Measure.DUE, Measure.IN_TIME, Measure.SCREENED_REPLIES)
OF_EVALUATIONS = tuple(measure for measure in Measure if measure not in OF_REPLIES)


@dataclass(frozen=True, slots=True)
class Period:
    """The instants [start, end), the instant of reading, and the clock domain that is counted."""

    start: datetime
    end: datetime
    now: datetime
    domain: str


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case behind a number. `at` is when it was evaluated, or its first reply due.

    `tags` are what stood out in that evaluation, as codes of the rating form.
    """

    key: int
    number: str
    description: str
    street_key: int | None
    lead_unit_key: int | None
    grade: int | None
    resolved: str | None
    screened: str | None
    tags: list[str] | None
    at: datetime

    @property
    def place(self) -> Place:
        """Where a page that ends with this line ends."""
        return Place(self.at, self.key)


Tally = dict[int | None, dict[Measure, int]]


def tally(connection: Connection, scope: Scope, period: Period, *, by: By) -> Tally:
    """Return every count by unit key, None for cases that lie in no such unit."""
    column = UNIT_COLUMNS[by]
    return _tally(connection, scope, period, lambda _at: column)


def tally_from(
    connection: Connection, scope: Scope, period: Period, starts: Sequence[datetime]
) -> Tally:
    """Return every count by the place of the latest of `starts` (newest first) that came before."""
    places = list(enumerate(starts))
    return _tally(
        connection,
        scope,
        period,
        lambda at: case(*((at >= start, place) for place, start in places)),
    )


def _tally(
    connection: Connection, scope: Scope, period: Period, told_apart: Callable[[Any], Any]
) -> Tally:
    found: Tally = {}
    for measures in (OF_REPLIES, OF_EVALUATIONS):
        group = told_apart(_moment(measures[0])).label("told_apart")
        wanted = _conditions(connection, scope, period, measures)
        sums = [func.coalesce(func.sum(case((wanted[each], 1), else_=0)), 0) for each in measures]
        query = _of(measures[0], scope, period, group, *sums).group_by(text("told_apart"))
        for key, *numbers in connection.execute(query):
            counted = {each: int(number) for each, number in zip(measures, numbers, strict=True)}
            found.setdefault(key, dict.fromkeys(Measure, 0)).update(counted)
    return found


def last_at(connection: Connection, scope: Scope, period: Period) -> datetime | None:
    """Return the latest instant of a period at which something counts; None where nothing does."""
    queries = [
        _of(measures[0], scope, period, func.max(_moment(measures[0])))
        for measures in (OF_REPLIES, OF_EVALUATIONS)
    ]
    found = [connection.execute(query).scalar() for query in queries]
    return max((at for at in found if at is not None), default=None)


def lines(
    connection: Connection,
    scope: Scope,
    period: Period,
    measure: Measure,
    *,
    by: By | None = None,
    unit_key: int | None = None,
    after: Place | None = None,
    limit: int,
) -> list[CountedCase]:
    """Return the cases a number counts, the newest first; `unit_key` None asks for the unplaced.

    Without a unit to tell apart by (`by`), the cases of all units come.
    """
    at = _moment(measure)
    word: dict[str, Any] = {each: evaluation.c[each] for each in _WORD}
    if measure in OF_REPLIES:
        word = {"tags": null().label("tags")}
    names = list(CountedCase.__dataclass_fields__)[:-1]
    columns = [word[name] if name in word else cases.c[name] for name in names]
    wanted = _conditions(connection, scope, period, [measure])
    query = _of(measure, scope, period, *columns, at).where(wanted[measure])
    column = UNIT_COLUMNS.get(by) if by is not None else None
    if column is not None:
        query = query.where(column.is_(None) if unit_key is None else column == unit_key)
    if after is not None:
        query = query.where(earlier(at, cases.c.key, after))
    rows = connection.execute(query.order_by(at.desc(), cases.c.key.desc()).limit(limit))
    return [CountedCase(*row) for row in rows]


def _of(measure: Measure, scope: Scope, period: Period, *columns: Any) -> Select[Any]:
    """Return the query over the cases that a measure's rate is about, in a period and a scope."""
    at = _moment(measure)
    source = deadline_ledger if measure in OF_REPLIES else evaluation
    newest = _newest_reply(period) if measure in OF_REPLIES else _latest_word()
    return (
        select(*columns)
        .select_from(source)
        .join(cases, cases.c.key == source.c.case_key)
        .where(at >= period.start, at < period.end, newest, sees_case(scope, cases.c.key))
        .where(cases.c.clock_domain == period.domain)
    )


def _moment(measure: Measure) -> Any:
    return deadline_ledger.c.due_at if measure in OF_REPLIES else evaluation.c.at


def _conditions(
    connection: Connection, scope: Scope, period: Period, measures: Sequence[Measure]
) -> dict[Measure, ColumnElement[bool]]:
    """Return for each measure when a row of `_of` counts; tables are asked where one needs it."""
    good = GoodGrades({})
    if Measure.SATISFIED in measures:
        query = _of(Measure.SATISFIED, scope, period, cases.c.major_class).distinct()
        good = good_grades(connection, list(connection.scalars(query)), now=period.now)
    return {measure: _counts(measure, good) for measure in measures}


def _counts(measure: Measure, good: GoodGrades) -> ColumnElement[bool]:
    """Return the condition on a row of `_of` to be counted; screened cases count as such only."""
    is_screened = cases.c.screened.is_not(None)
    if measure in (Measure.SCREENED, Measure.SCREENED_REPLIES):
        return is_screened
    e, ledger = evaluation.c, deadline_ledger.c
    reached = and_(e.is_reached, e.kind.in_(_CALLS))
    wanted: dict[Measure, ColumnElement[bool]] = {
        Measure.DUE: ledger.key.is_not(None),
        Measure.IN_TIME: ledger.action == "met",
        Measure.REACHED: reached,
        Measure.RESOLVED: and_(reached, e.resolved == "yes"),
        Measure.RATED: e.grade.is_not(None),
        Measure.SATISFIED: good.is_good(),
        Measure.NOT_EVALUATED: ~e.is_reached,
    }
    return and_(wanted[measure], ~is_screened)


def _latest_word() -> ColumnElement[bool]:
    """Return the condition that no other round of the case stands before this one.

    What was said of the latest handling does; of one handling, what the reporter said stands before
    calls that nobody answered, however late; then the later round.
    """
    this, other = evaluation.c, evaluation.alias("other_word").c
    is_later = and_(other.is_reached == this.is_reached, other.round > this.round)
    is_heard = and_(other.is_reached, ~this.is_reached)
    same = other.handling == this.handling
    return ~exists().where(
        other.case_key == this.case_key,
        or_(other.handling > this.handling, and_(same, or_(is_heard, is_later))),
    )


def _newest_reply(period: Period) -> ColumnElement[bool]:
    """Return the condition that a line of the ledger is the last on a first reply that was due."""
    line, later = deadline_ledger.c, deadline_ledger.alias("later_line")
    is_later = or_(later.c.at > line.at, and_(later.c.at == line.at, later.c.key > line.key))
    has_passed = and_(line.action.not_in(_NOT_RUNNING), line.due_at < period.now)
    return and_(
        line.limit_name == FIRST_REPLY,
        or_(line.action.in_(_ENDED), has_passed),
        ~exists().where(
            later.c.case_key == line.case_key, later.c.limit_name == FIRST_REPLY, is_later
        ),
    )
