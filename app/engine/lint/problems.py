"""What a rule is and what a problem is: the registry every rule module writes itself into.

A rule is one small generator over one subject (a diagram file, a process, a table, a form, a label
file) that yields `Finding`s; `checking` turns them into `Problem`s. Message and mend are English
templates with `{placeholders}`; a problem keeps its parameters, so that both can be translated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from lxml import etree


class Severity(StrEnum):
    """An error keeps a set from being deployed; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Subject(StrEnum):
    """What a rule looks at, one at a time; a run is a process without any other error."""

    FILE = "file"
    DIAGRAM = "diagram"
    PROCESS = "process"
    RUN = "run"
    TABLE = "table"
    FORM = "form"
    LABELS = "labels"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file: the line (from 1), and the element there (empty: the whole file)."""

    line: int = 1
    element_id: str = ""
    element_name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rule is broken, with what fills its sentences."""

    spot: Spot
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where it is, what is wrong and how to mend it.

    `message` and `mend` are the rule's templates filled from `params`.
    """

    rule: str
    severity: Severity
    file: str
    line: int
    element_id: str
    element_name: str
    message: str
    mend: str
    params: Mapping[str, str] = field(default_factory=dict)


Check: TypeAlias = Callable[[Any], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: its code, how grave it is, its sentences and its check."""

    code: str
    severity: Severity
    subject: Subject
    docs: str
    message: str
    mend: str
    check: Check

    def problem(self, finding: Finding, *, file: str) -> Problem:
        """Return the problem that `finding` in `file` is."""
        spot = finding.spot
        params = {name: str(value) for name, value in finding.params.items()}
        params["element"] = _called(spot)
        return Problem(
            rule=self.code,
            severity=self.severity,
            file=file,
            line=spot.line,
            element_id=spot.element_id,
            element_name=spot.element_name,
            message=self.message.format_map(params),
            mend=self.mend.format_map(params),
            params=params,
        )


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    *,
    on: Subject,
    message: str,
    mend: str,
    severity: Severity = Severity.ERROR,
) -> Callable[[Check], Check]:
    """Register the decorated check as rule `code`; its docstring is the rule's documentation."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"rule {code} is registered twice")
        RULES[code] = Rule(
            code=code,
            severity=severity,
            subject=on,
            docs=" ".join((check.__doc__ or "").split()),
            message=message,
            mend=mend,
            check=check,
        )
        return check

    return register


def spot_of(element: etree._Element) -> Spot:
    """Return where `element` of a diagram or a table is."""
    return Spot(
        line=element.sourceline or 1,
        element_id=element.get("id", ""),
        element_name=element.get("name", ""),
    )


def found(at: etree._Element | Spot, **params: object) -> Finding:
    """Return the finding at an element or a spot; `params` fill the rule's sentences."""
    return Finding(spot=at if isinstance(at, Spot) else spot_of(at), params=params)


def _called(spot: Spot) -> str:
    if spot.element_name and spot.element_name != spot.element_id:
        return f"“{spot.element_name}” ({spot.element_id})"
    return f"“{spot.element_id}”" if spot.element_id else "this file"
