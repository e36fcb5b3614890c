"""From which grade on a rating counts as bad, by the group of categories of its case.

The table `case_rules` says it, for the main process, the callback and the rates alike. `evaluated`
asks here, for the groups it counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, false, or_

from app import dmn
from app.store import processes
from app.store.processes import ResourceKind
from app.store.tables.cases import cases
from app.store.tables.evaluations import evaluation

TABLE, COLUMN, GROUP = "case_rules", "bad_grade", "major_class"


@dataclass(frozen=True, slots=True)
class GoodGrades:
    """For each first bad grade the groups (None: no group) for which it is the first."""

    groups: dict[int, list[str | None]]

    def is_good(self) -> ColumnElement[bool]:
        """Return the condition on an evaluation that its grade is not bad; no grade is not good."""
        return or_(
            false(),
            *(
                _is_of(groups) & (evaluation.c.grade < bad_from)
                for bad_from, groups in sorted(self.groups.items())
            ),
        )


def good_grades(
    connection: Connection, groups: Sequence[str | None], *, now: datetime
) -> GoodGrades:
    """Ask the newest table for each group; where no row says it, no grade of the group is good."""
    found: dict[int, list[str | None]] = {}
    key = processes.newest_decision(connection, TABLE)
    if key is None:
        return GoodGrades(found)
    (resource,) = processes.by_keys(connection, ResourceKind.DECISION, [key])
    model = dmn.load(resource.content)
    for group in groups:
        said = model.evaluate(TABLE, {"case": {GROUP: group}}, now=now).value
        bad_from = said.get(COLUMN) if isinstance(said, dict) else None
        if bad_from is not None:
            found.setdefault(int(str(bad_from)), []).append(group)
    return GoodGrades(found)


def _is_of(groups: Sequence[str | None]) -> ColumnElement[bool]:
    named = [group for group in groups if group is not None]
    is_named = cases.c.major_class.in_(named)
    return or_(is_named, cases.c.major_class.is_(None)) if None in groups else is_named
