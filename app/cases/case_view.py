"""The file of one case as its page shows it, with what this person may see of it and no more.

Reporters come masked; reading them in full is a step of its own that leaves a line in the journal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from app.cases import discretion, journal, rating_tags, report_questions
from app.cases.answered import Answer, attachment_keys
from app.cases.assignment import leading_position, standing_position
from app.cases.diagram import Diagram, marked
from app.cases.facts import FACTS, FactKind
from app.cases.frame import Frame, read_frame
from app.cases.handling import may_take
from app.cases.limits_view import Limits, read_limits
from app.cases.rating_tags import HeardRound
from app.cases.story import Story, tell
from app.cases.visible import visible_case
from app.cases.wording import Wording, plain
from app.cases.work import Entry, Hand
from app.errors import Forbidden, NotFound
from app.json_types import Json
from app.organisation.actor import Actor
from app.organisation.scope import can_see_reporter, is_handler_of, scope_of
from app.organisation.units import LINE_OF, Line
from app.store import attachments, case_files, follows, remarks, whistles
from app.store.attachments import AttachmentRow
from app.store.case_files import (
    FactChangeRow,
    InstanceRow,
    LedgerRow,
    RemarkRow,
    ReporterRow,
    TaskRow,
)
from app.store.db import Connection, reading, transaction
from app.store.scope import can_see_case
from app.store.whistles import WhistleRow

INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task of the case; `may_take` says that the reader could do it.

    `may_hand_on`: they lead its unit, have it, or stand in for whoever has it.
    """

    row: TaskRow
    step: str
    holder: str
    may_take: bool
    is_mine: bool
    may_hand_on: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact that was corrected; units by name, other values as they are kept.

    `why` is the reason a person gave; a step of a process that corrects gives none.
    """

    row: FactChangeRow
    old: str
    new: str
    person: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment or reply, who wrote it, and whom it mentions."""

    row: RemarkRow
    person: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """Everything of a case this person may see. `reporters` are None where they may not.

    `asked` are answers to what the report was asked because of its category.
    `followers` are names by key; `colleagues` worked on the case: names by login.
    `diagrams` are those of the processes that ran for the case, the one it began with first.
    `going_on` is the case that goes on from it, `gone_on_from` the one it goes on from.
    """

    frame: Frame
    case: Mapping[str, Any]
    category: str
    asked: tuple[Answer, ...]
    tasks: tuple[OpenTask, ...]
    story: Story
    diagrams: tuple[Diagram, ...]
    corrections: tuple[Correction, ...]
    ledger: tuple[LedgerRow, ...]
    limits: Limits
    remarks: tuple[Said, ...]
    attachments: tuple[AttachmentRow, ...]
    heard: tuple[HeardRound, ...]
    screened_because: str
    reporters: tuple[ReporterRow, ...] | None
    categories: Mapping[str, str]
    whistles: tuple[WhistleRow, ...]
    going_on: Mapping[str, Any] | None
    gone_on_from: Mapping[str, Any] | None
    followers: Mapping[int, str]
    colleagues: Mapping[str, str]


def read_case(actor: Actor, case_key: int, *, language: str) -> CaseFile:
    """Return the file of a case.

    Raises:
        NotFound: there is none, or it is not for this person's eyes.
    """
    with reading() as connection:
        case = visible_case(connection, actor, case_key)
        frame = read_frame(connection)
        wording = Wording(connection, language)
        instances = case_files.instances(connection, case_key)
        versions = {each.key: each.definition_key for each in instances}
        changes = case_files.fact_changes(connection, case_key)
        said = _spoken(connection, actor, case_key)
        tasks = [each for each in case_files.tasks(connection, case_key) if each.state == "CREATED"]
        mentions = remarks.mentions(connection, case_key)
        told = {key for keys in mentions.values() for key in keys}
        names = case_files.names(connection, _people(changes, said, tasks) | told)
        return CaseFile(
            frame=frame,
            case=case,
            category=wording.category(case["minor_class"]),
            asked=report_questions.of_case(connection, case, frame, wording),
            tasks=tuple(_open_task(each, actor, versions, wording, names, frame) for each in tasks),
            story=tell(connection, case_key, instances, frame=frame, wording=wording),
            diagrams=tuple(_diagrams(connection, instances, wording)),
            corrections=_corrections(changes, names, frame, wording, instances),
            ledger=tuple(case_files.ledger(connection, case_key)),
            limits=read_limits(connection, case, instances, wording),
            remarks=tuple(_said(each, names, mentions) for each in said),
            attachments=_attachments(connection, actor, case_key),
            heard=rating_tags.of_case(
                connection, case_key, language, has_quotes=_may_read_quotes(actor, case)
            ),
            screened_because=_screened_because(case),
            reporters=_masked(connection, actor, case, changes),
            categories=wording.classes,
            followers=follows.of_case(connection, case_key),
            colleagues=case_files.workers(connection, case_key, but=actor.person_key),
            whistles=tuple(whistles.of_case(connection, case_key)),
            going_on=_going_on(connection, actor, case_key),
            gone_on_from=_gone_on_from(connection, actor, case["reopens_key"]),
        )


def read_reporters(
    actor: Actor, case_key: int, *, noted_as: str = "reporter_read"
) -> tuple[ReporterRow, ...]:
    """Return who reported a case, in full, and write into its journal that this person read it.

    `noted_as` is the kind of that line, where the reporters are read for something else.

    Raises:
        NotFound: as for the case. Forbidden: the reporters are not for this person's eyes.
    """
    with reading() as connection:
        seen = visible_case(connection, actor, case_key)
        if not _may_see_reporters(actor, seen, case_files.fact_changes(connection, case_key)):
            raise Forbidden(key=case_key)
    with transaction() as tx:
        case = remarks.lock_case(tx.connection, case_key)
        if case is None:
            raise NotFound(what="case", key=case_key)
        journal.append(tx, case, [Entry(noted_as)], Hand.of(actor))
        return tuple(case_files.reporters(tx.connection, case_key))


def read_diagram(actor: Actor, case_key: int, instance_key: int | None = None) -> bytes:
    """Return the diagram one process of a case runs on (the first one's), as it was drawn.

    Raises:
        NotFound: as for the case; or the case has no such process.
    """
    with reading() as connection:
        visible_case(connection, actor, case_key)
        for each in case_files.instances(connection, case_key):
            if instance_key in (None, each.key):
                return Wording(connection, "en").of(each.definition_key).content
        raise NotFound(what="process", key=instance_key)


def read_attachment(actor: Actor, attachment_key: int) -> AttachmentRow:
    """Return a file's row when this person may open it.

    Raises:
        NotFound: there is none, or it is not for this person's eyes.
    """
    with reading() as connection:
        row = attachments.find(connection, attachment_key)
        case_key = case_files.case_of_attachment(connection, row) if row else None
        if row is None or (case_key is None and row.person_key != actor.person_key):
            raise NotFound(what="attachment", key=attachment_key)
        if case_key is not None:
            visible_case(connection, actor, case_key)
        if not is_shown(actor, row.visibility, row.person_key):
            raise NotFound(what="attachment", key=attachment_key)
        return row


def sees_internal(actor: Actor) -> bool:
    """Tell whether the person belongs to the grid line, among whom internal remarks stay."""
    kinds = {held.unit_kind for held in actor.positions}
    return any(LINE_OF[kind] is Line.GRID for kind in kinds)


def _screened_because(case: Mapping[str, Any]) -> str:
    """Return why the case counts in no rate: the evidence of the step that found its code."""
    for answers in case["answers"].values():
        if case["screened"] and answers.get("screen_code") == case["screened"]:
            return str(answers.get("screen_evidence") or answers.get("reasons") or "")
    return ""


def _may_read_quotes(actor: Actor, case: Mapping[str, Any]) -> bool:
    """Tell whether the words of reporters are for this person, as those they add to a case are."""
    visibility = discretion.visibility_of(is_confidential=case["is_confidential"])
    return is_shown(actor, visibility, None)


def _corrections(
    changes: Sequence[FactChangeRow],
    names: Mapping[int, str],
    frame: Frame,
    wording: Wording,
    instances: Sequence[InstanceRow],
) -> tuple[Correction, ...]:
    steps = _steps(instances, wording) if changes else frozenset()
    return tuple(_correction(each, names, frame, wording, steps) for each in changes)


def _correction(
    row: FactChangeRow,
    names: Mapping[int, str],
    frame: Frame,
    wording: Wording,
    steps: frozenset[str],
) -> Correction:
    return Correction(
        row,
        _fact_in_words(row.fact, row.old_value, frame, wording),
        _fact_in_words(row.fact, row.new_value, frame, wording),
        names.get(row.person_key or 0, ""),
        row.reason if row.reason and row.reason not in steps else "",
    )


def _steps(instances: Sequence[InstanceRow], wording: Wording) -> frozenset[str]:
    """Return the ids of the elements of the processes of a case."""
    keys = {each.definition_key for each in instances}
    return frozenset(name for key in keys for name in wording.of(key).definition.elements)


def _going_on(connection: Connection, actor: Actor, case_key: int) -> Mapping[str, Any] | None:
    return _if_seen(connection, actor, case_files.going_on(connection, case_key))


def _gone_on_from(
    connection: Connection, actor: Actor, key: int | None
) -> Mapping[str, Any] | None:
    found = None if key is None else case_files.find(connection, key)
    return _if_seen(connection, actor, found)


def _if_seen(
    connection: Connection, actor: Actor, case: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    is_seen = case is not None and can_see_case(connection, scope_of(actor), case["key"])
    return case if is_seen else None


def is_shown(actor: Actor, visibility: str, person_key: int | None) -> bool:
    """Tell whether a remark or file of that visibility, by that person, may be read."""
    return visibility != INTERNAL or person_key == actor.person_key or sees_internal(actor)


def _people(
    changes: Sequence[FactChangeRow], said: Sequence[RemarkRow], tasks: Sequence[TaskRow]
) -> set[int]:
    keys = [each.person_key for each in changes]
    keys += [each.person_key for each in said]
    keys += [each.assignee_key for each in tasks]
    return {key for key in keys if key is not None}


def _spoken(connection: Connection, actor: Actor, case_key: int) -> list[RemarkRow]:
    return [
        each
        for each in case_files.remarks(connection, case_key)
        if is_shown(actor, each.visibility, each.person_key)
    ]


def _said(row: RemarkRow, names: Mapping[int, str], mentions: Mapping[int, list[int]]) -> Said:
    told = tuple(names.get(key, "") for key in mentions.get(row.key, ()))
    return Said(row, names.get(row.person_key or 0, ""), told)


def _open_task(
    row: TaskRow,
    actor: Actor,
    versions: Mapping[int, int],
    wording: Wording,
    names: Mapping[int, str],
    frame: Frame,
) -> OpenTask:
    task, is_mine = asdict(row), row.assignee_key == actor.person_key
    return OpenTask(
        row=row,
        step=wording.step(versions[row.instance_key], row.element_id, row.name),
        holder=names.get(row.assignee_key or 0, ""),
        may_take=may_take(actor, task),
        is_mine=is_mine,
        may_hand_on=is_mine
        or leading_position(actor, task, frame.directory) is not None
        or standing_position(actor, task) is not None,
    )


def _diagrams(
    connection: Connection, instances: Sequence[InstanceRow], wording: Wording
) -> Iterator[Diagram]:
    for each in instances:
        elements = case_files.elements(connection, each.key)
        yield marked(wording.of(each.definition_key), each, elements, wording.language)


def _attachments(connection: Connection, actor: Actor, case_key: int) -> tuple[AttachmentRow, ...]:
    """Return the files of the case, and those of its tasks that an answer names."""
    named = {
        key
        for each in case_files.submissions(connection, case_key)
        for key in attachment_keys(each.answers)
    }
    return tuple(
        row
        for row in case_files.attachments(connection, case_key)
        if (row.case_key is not None or row.key in named)
        and is_shown(actor, row.visibility, row.person_key)
    )


def _masked(
    connection: Connection,
    actor: Actor,
    case: Mapping[str, Any],
    changes: Sequence[FactChangeRow],
) -> tuple[ReporterRow, ...] | None:
    if not _may_see_reporters(actor, case, changes):
        return None
    return tuple(
        replace(
            each,
            name=masked(each.name, keep=1),
            phone=masked(each.phone, keep=3),
            email=masked(each.email, keep=1),
        )
        for each in case_files.reporters(connection, case["key"])
    )


def masked(text: str | None, *, keep: int) -> str | None:
    """Return a text of which only the first `keep` characters can be read."""
    if not text:
        return None
    return text[:keep] + "*" * min(max(len(text) - keep, 2), 6)


def _may_see_reporters(
    actor: Actor, case: Mapping[str, Any], changes: Sequence[FactChangeRow]
) -> bool:
    units = {case["lead_unit_key"], *(case["co_units"] or [])}
    for each in changes:
        if each.fact == "lead_unit":
            units.add(each.old_value)
        elif each.fact == "co_units" and isinstance(each.old_value, list):
            units.update(each.old_value)
    handling = frozenset(int(str(key)) for key in units if key is not None)
    return can_see_reporter(
        scope_of(actor),
        is_confidential=case["is_confidential"],
        is_handler=is_handler_of(actor, handling),
    )


def _fact_in_words(name: str, value: Json, frame: Frame, wording: Wording) -> str:
    kind = FACTS[name].kind if name in FACTS else FactKind.TEXT
    language = wording.language
    if name == "major_class" and isinstance(value, str):
        return wording.major(value)
    if kind is FactKind.UNIT and isinstance(value, int):
        return frame.unit_name(value, language)
    if kind is FactKind.UNITS and isinstance(value, list):
        between = "、" if language.startswith("zh") else ", "
        return between.join(frame.unit_names([int(str(key)) for key in value], language))
    return plain(value)
