"""Rules about when: durations and dates that parse, carry an offset and lie ahead."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from app.engine.dialect import feel_of
from app.engine.lint.diagram import BPMN, Node, Process
from app.engine.lint.durations import DurationText, is_cycle, read_duration
from app.engine.lint.expression import constant
from app.engine.lint.problems import Finding, Severity, Subject, found, rule

_KINDS = ("timeDate", "timeDuration", "timeCycle")


@rule(
    "timer-incomplete",
    on=Subject.PROCESS,
    message="The timer {element} says {count} times when it is due; it must say it once.",
    mend="Give it either a date or a duration.",
)
def timer_incomplete(process: Process) -> Iterator[Finding]:
    """A timer has exactly one of date, duration and cycle, and a text in it."""
    for node, timer in _timers(process):
        count = sum(bool(_text(timer, kind)) for kind in _KINDS)
        if count != 1:
            yield found(node.element, count=count)


@rule(
    "duration-syntax",
    on=Subject.PROCESS,
    message="“{text}” at {element} is no duration.",
    mend="Write it like PT30M, PT4H, P2D or P1DT12H, or as FEEL with = before it.",
)
def duration_syntax(process: Process) -> Iterator[Finding]:
    """A literal duration is an ISO 8601 duration, a literal cycle a repeated one."""
    for node, timer in _timers(process):
        text = _text(timer, "timeDuration")
        if text and _duration_in(text) is DurationText.INVALID:
            yield found(node.element, text=text)
        cycle = _text(timer, "timeCycle")
        if cycle and feel_of(cycle) is None and not is_cycle(cycle):
            yield found(node.element, text=cycle)


@rule(
    "negative-duration",
    on=Subject.PROCESS,
    message="“{text}” at {element} is negative; the engine would take it as positive.",
    mend="Write how long to wait as a positive duration.",
)
def negative_duration(process: Process) -> Iterator[Finding]:
    """A duration runs forward: the engine takes -PT1H for one hour."""
    for node, timer in _timers(process):
        text = _text(timer, "timeDuration")
        if text and _duration_in(text) is DurationText.NEGATIVE:
            yield found(node.element, text=text)


@rule(
    "date-without-offset",
    on=Subject.PROCESS,
    message="“{text}” at {element} is no instant: a date and time with an offset is needed.",
    mend="Write it like 2026-03-01T09:00:00+08:00, or compute it with calendar.after(…).",
)
def date_without_offset(process: Process) -> Iterator[Finding]:
    """A literal date of a timer, a due date or a follow-up date carries its offset from UTC.

    Without one it would be read in whatever zone the server happens to run in.
    """
    for node, timer in _timers(process):
        yield from _judge_date(node, _text(timer, "timeDate"))
    for node in process.of_type("userTask"):
        schedule = node.extensions.schedule
        if schedule is not None:
            yield from _judge_date(node, schedule.due_date)
            yield from _judge_date(node, schedule.follow_up_date)


@rule(
    "cycle-timer",
    on=Subject.PROCESS,
    severity=Severity.WARNING,
    message="The repeating timer {element} catches up every tick it missed, all at once.",
    mend="Draw a loop with an interrupting timer: five days late, it reminds once.",
)
def cycle_timer(process: Process) -> Iterator[Finding]:
    """Reminders are loops with a timer: a cycle timer ten hours late fires ten times."""
    for node, timer in _timers(process):
        if timer.find(f"{BPMN}timeCycle") is not None:
            yield found(node.element)


def _timers(process: Process) -> Iterator[tuple[Node, etree._Element]]:
    for node in process.nodes:
        timer = node.event("timer")
        if timer is not None:
            yield node, timer


def _text(timer: etree._Element, kind: str) -> str:
    element = timer.find(f"{BPMN}{kind}")
    return "" if element is None else (element.text or "").strip()


def _duration_in(text: str) -> DurationText:
    """Judge a literal, or what a FEEL expression without variables comes to."""
    feel = feel_of(text)
    if feel is None:
        return read_duration(text)
    value = constant(feel)
    if value is None:
        return DurationText.POSITIVE
    if isinstance(value, timedelta):
        return DurationText.NEGATIVE if value < timedelta(0) else DurationText.POSITIVE
    return read_duration(value) if isinstance(value, str) else DurationText.INVALID


def _judge_date(node: Node, text: str | None) -> Iterator[Finding]:
    if not text:
        return
    feel = feel_of(text)
    value = text if feel is None else constant(feel)
    if value is not None and not _is_instant(value):
        yield found(node.element, text=text)


def _is_instant(value: object) -> bool:
    if isinstance(value, datetime):
        return value.tzinfo is not None
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False
