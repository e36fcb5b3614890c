"""The three rates: response, resolution, satisfaction, by month, street and department.

Source: `docs/glossary.md`, "Rates". What is left out of them (screened, not evaluated) is told
beside them. Cases of a replay are counted only where that replay is asked for, and then alone.
The pages `web.staff.rates` ask here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.analytics import domains, evaluated
from app.analytics.evaluated import By, CountedCase, Measure, Period
from app.analytics.periods import Month, latest, month_named, month_of
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.directory import Directory
from app.organisation.permissions import Action, demand
from app.organisation.scope import scope_of
from app.store import instances
from app.store.db import Connection, instant_of, reading
from app.store.paging import Place, place_from
from app.store.scope import Scope

PAGE = 50
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases each measure counts, and the rates: None where there is nothing to divide."""

    numbers: Mapping[Measure, int]

    def __getitem__(self, measure: Measure) -> int:
        return self.numbers[measure]

    @property
    def response(self) -> float | None:
        """Contacted in time, of all first replies that were due."""
        return _share(self[Measure.IN_TIME], self[Measure.DUE])

    @property
    def resolution(self) -> float | None:
        """Resolved in full as the reporter says, of those reached by a callback."""
        return _share(self[Measure.RESOLVED], self[Measure.REACHED])

    @property
    def satisfaction(self) -> float | None:
        """Grades that are not bad (`bad_grades`), of all that were graded."""
        return _share(self[Measure.SATISFIED], self[Measure.RATED])


@dataclass(frozen=True, slots=True)
class RatesRow:
    """The counts of one unit or month; neither for cases that lie in no such unit."""

    counts: Counts
    unit_key: int | None = None
    month: Month | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of a month (of all months shown, where told apart `by` month) and their parts.

    `replay` names the replayed file whose cases are counted; "" stands for daily work.
    """

    now: datetime
    zone: ZoneInfo
    directory: Directory
    month: Month
    months: tuple[Month, ...]
    by: By
    replay: str
    replays: tuple[str, ...]
    total: Counts
    rows: tuple[RatesRow, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was due or evaluated."""
        return not any(self.total.numbers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCases:
    """A page of the cases behind one number."""

    now: datetime
    zone: ZoneInfo
    directory: Directory
    month: Month
    measure: Measure
    by: By | None
    replay: str
    unit_key: int | None
    items: tuple[CountedCase, ...]
    next_place: Place | None


def read_rates(actor: Actor, *, month: str = "", by: str = "", replay: str = "") -> Rates:
    """Return the rates of a month ("2026-03") in the actor's units.

    Without a month it is this one, of a replay the last in which something counts. A replay that
    left no case there is taken for none.

    Raises:
        Forbidden: statistics are not for this person.
    """
    demand(actor, Action.VIEW_STATISTICS)
    return _rates(scope_of(actor), month, by, replay)


def export_rates(actor: Actor, *, month: str = "", by: str = "", replay: str = "") -> Rates:
    """Return the same rates, to be taken along.

    Raises:
        Forbidden: the person may not take data along.
    """
    demand(actor, Action.EXPORT_CSV)
    return _rates(scope_of(actor), month, by, replay)


def read_counted(
    actor: Actor,
    measure: Measure,
    *,
    month: str = "",
    by: str = "",
    replay: str = "",
    unit_key: int | None = None,
    after: str | None = None,
) -> CountedCases:
    """Return the cases that a number of the rates counts, the newest first.

    Raises:
        Forbidden: statistics are not for this person.
    """
    demand(actor, Action.VIEW_STATISTICS)
    scope = scope_of(actor)
    with reading() as connection:
        now, zone, directory = _frame(connection)
        told_apart = By(by) if by in (By.STREET, By.DEPARTMENT) else None
        replay = replay if replay in domains.replays(connection, scope) else ""
        chosen = month_named(month) or _last_month(connection, scope, replay, now, zone)
        found = evaluated.lines(
            connection,
            scope,
            _period(chosen, now, zone, replay),
            measure,
            by=told_apart,
            unit_key=unit_key,
            after=place_from(after),
            limit=PAGE + 1,
        )
    return CountedCases(
        now=now,
        zone=zone,
        directory=directory,
        month=chosen,
        measure=measure,
        by=told_apart,
        replay=replay,
        unit_key=unit_key,
        items=tuple(found[:PAGE]),
        next_place=found[PAGE - 1].place if len(found) > PAGE else None,
    )


def _rates(scope: Scope, month: str, by: str, replay: str) -> Rates:
    with reading() as connection:
        now, zone, directory = _frame(connection)
        known = domains.replays(connection, scope)
        replay = replay if replay in known else ""
        months = latest(_last_month(connection, scope, replay, now, zone))
        chosen = month_named(month) or months[0]
        told_apart = By(by) if by in set(By) else By.STREET
        if told_apart is By.MONTH:
            year = replace(_period(months[0], now, zone, replay), start=months[-1].starts_at(zone))
            rows = _by_month(connection, scope, months, year, zone)
        else:
            period = _period(chosen, now, zone, replay)
            rows = _by_unit(connection, scope, period, told_apart, directory)
        return Rates(
            now=now,
            zone=zone,
            directory=directory,
            month=chosen,
            months=months if chosen in months else (*months, chosen),
            by=told_apart,
            replay=replay,
            replays=known,
            total=_sum([row.counts for row in rows]),
            rows=rows,
        )


def _last_month(
    connection: Connection, scope: Scope, replay: str, now: datetime, zone: ZoneInfo
) -> Month:
    """Return this month; of a replay, whose file may be years old, the last that has a number."""
    if not replay:
        return month_of(now, zone)
    ever = Period(LONG_AGO, now, now, domains.domain_of(replay))
    return month_of(evaluated.last_at(connection, scope, ever) or now, zone)


def _by_month(
    connection: Connection, scope: Scope, months: tuple[Month, ...], year: Period, zone: ZoneInfo
) -> tuple[RatesRow, ...]:
    starts = [month.starts_at(zone) for month in months]
    found = evaluated.tally_from(connection, scope, year, starts)
    nothing = dict.fromkeys(Measure, 0)
    return tuple(
        RatesRow(Counts(found.get(place, nothing)), month=month)
        for place, month in enumerate(months)
    )


def _by_unit(
    connection: Connection, scope: Scope, period: Period, by: By, directory: Directory
) -> tuple[RatesRow, ...]:
    """Return the rows in the order of the unit's codes; cases without such a unit come last."""
    found = evaluated.tally(connection, scope, period, by=by)
    known = sorted(
        (key for key in found if key is not None),
        key=lambda key: directory.unit(key).code if key in directory.units else "",
    )
    order: list[int | None] = [*known, *([None] if None in found else [])]
    rows = [RatesRow(Counts(found[key]), unit_key=key) for key in order]
    return tuple(row for row in rows if any(row.counts.numbers.values()))


def _period(month: Month, now: datetime, zone: ZoneInfo, replay: str) -> Period:
    start, end = month.starts_at(zone), month.after().starts_at(zone)
    return Period(start, end, now, domains.domain_of(replay))


def _frame(connection: Connection) -> tuple[datetime, ZoneInfo, Directory]:
    versions = instances.versions(connection)
    zone = calendars.current(connection, versions.calendar).district.zone
    return instant_of(connection), zone, directories.current(connection, versions.directory)


def _sum(rows: list[Counts]) -> Counts:
    return Counts({measure: sum(row[measure] for row in rows) for measure in Measure})


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
