"""One task as the page that works on it needs it: its form filled in so far, its case, its files.

The same reading serves the first look (draft or blank), a refreshed condition, an added row, and a
refused or overtaken submission: what was typed is always in the form that comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.cases import discretion, form_context, report_questions
from app.cases.answered import Answer, attachment_keys
from app.cases.attachments import Upload
from app.cases.calendar import CalendarContext
from app.cases.case_view import is_shown
from app.cases.frame import Frame, read_frame
from app.cases.handling import may_take, save_draft
from app.cases.inbox import Item, read_aside
from app.cases.standard_replies import Ready, fitting
from app.cases.wording import Wording
from app.cases.work import facts_for
from app.errors import Forbidden, NotFound
from app.forms import posted as typing
from app.forms.components import ChoiceField, every
from app.forms.messages import FieldError
from app.forms.posted import HtmlPost
from app.forms.render import view
from app.forms.views import FormView
from app.json_types import JsonObject
from app.organisation import calendar as calendars
from app.organisation.actor import Actor
from app.organisation.scope import scope_of
from app.store import case_files, instances, kept_words
from app.store.attachments import AttachmentRow, of_task
from app.store.case_files import RemarkRow
from app.store.db import Connection, reading
from app.store.scope import can_see_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a page sent: its fields, files just kept by field, the row to add or remove, errors."""

    posted: HtmlPost
    files: Mapping[str, Sequence[int]] = field(default_factory=dict)
    row_action: str = ""
    errors: Mapping[str, Sequence[FieldError]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """A task with all its page shows. `form` is None where the diagram gives the task none.

    `asked` are answers to what the report was asked because of its category; `reporter_words` are
    what reporters wrote after it.
    """

    frame: Frame
    key: int
    version: int
    case: Mapping[str, Any]
    step: str
    advice: str
    category: str
    is_open: bool
    is_mine: bool
    may_take: bool
    holder: str | None
    offered_to: Sequence[Sequence[Any]]
    created_at: datetime
    due_at: datetime | None
    is_due_provisional: bool
    draft_at: datetime | None
    form: FormView | None
    files: Mapping[str, AttachmentRow]
    case_files: tuple[AttachmentRow, ...]
    asked: tuple[Answer, ...]
    reporter_words: tuple[RemarkRow, ...]
    aside: tuple[Item, ...]
    replies: tuple[Ready, ...]
    outcomes: Mapping[str, frozenset[str]]


def read_task(
    actor: Actor, task_key: int, *, language: str, typed: Typed | None = None
) -> TaskPage:
    """Return a task as its page shows it; with `typed`, the form as it was sent.

    Raises:
        NotFound: there is no such task, or it and its case are not for this person's eyes.
    """
    with reading() as connection:
        task = _seen_task(connection, actor, task_key)
        frame = read_frame(connection)
        case = case_files.find(connection, task["case_key"])
        if case is None:
            raise NotFound(what="task", key=task_key)
        wording = Wording(connection, language)
        holder = case_files.names(connection, {task["assignee_key"]} - {None})
        is_open = task["state"] == "CREATED"
        return TaskPage(
            frame=frame,
            key=task_key,
            version=task["version"],
            case=case,
            step=wording.step(task["definition_key"], task["element_id"], task["name"]),
            advice=wording.advice(task["definition_key"], task["element_id"]),
            category=wording.category(case["minor_class"]),
            is_open=is_open,
            is_mine=is_open and task["assignee_key"] == actor.person_key,
            may_take=is_open and may_take(actor, task),
            holder=holder.get(task["assignee_key"]),
            offered_to=task["offered_to"],
            created_at=task["created_at"],
            due_at=task["due_at"],
            is_due_provisional=task["is_due_provisional"],
            draft_at=task["draft_at"],
            form=_form(connection, task, case, wording, frame, typed),
            files={str(row.key): row for row in of_task(connection, task_key)},
            case_files=_case_files(connection, actor, case, task_key),
            asked=report_questions.of_case(connection, case, frame, wording),
            reporter_words=_reporter_words(connection, actor, case["key"]),
            aside=read_aside(connection, actor, language=language),
            replies=fitting(connection, case, frame, wording),
            outcomes=_outcomes(wording, task),
        )


def with_reply(
    actor: Actor, task_key: int, posted: HtmlPost, choice: str, *, language: str
) -> HtmlPost:
    """Return what was typed with a standard reply added to a field; nothing typed is lost.

    `choice` is "field:reply key:language"; one that cannot be read adds nothing.

    Raises:
        NotFound: as for `read_task`.
    """
    name, _, rest = choice.partition(":")
    key, _, spoken = rest.partition(":")
    page = read_task(actor, task_key, language=language)
    for reply in page.replies:
        if str(reply.key) == key and spoken in reply.text:
            given = posted.get(name, "")
            before = given if isinstance(given, str) else "".join(str(each) for each in given)
            text = reply.text[spoken]
            return {**posted, name: [f"{before}\n{text}" if before.strip() else text]}
    return posted


def keep_typed(actor: Actor, task_key: int, posted: HtmlPost) -> None:
    """Keep as a draft what the assignee's page has sent so far.

    Raises:
        NotFound: there is no such task. CaseBusy: it is done, or not (or no longer) theirs.
    """
    with reading() as connection:
        task = case_files.find_task(connection, task_key)
        if task is None:
            raise NotFound(what="task", key=task_key)
        form = Wording(connection, "en").of(task["definition_key"]).forms.get(task["form_id"])
    if form is not None:
        save_draft(actor, task_key, typing.draft(form.form, posted))


def demand_own_task(actor: Actor, task_key: int) -> None:
    """Stop whoever may not add files to a task: it has to be open, and theirs or theirs to take.

    Raises:
        NotFound: there is no such task. CaseBusy, Forbidden: it is not theirs.
    """
    with reading() as connection:
        task = case_files.find_task(connection, task_key)
    if task is None:
        raise NotFound(what="task", key=task_key)
    if task["state"] != "CREATED" or not may_take(actor, task):
        raise Forbidden(key=task_key)


def district_zone() -> ZoneInfo:
    """Return the district's zone, for times that came without one."""
    with reading() as connection:
        return read_frame(connection).zone


def as_asked(task_key: int, field_name: str, upload: Upload) -> Upload:
    """Return a file as a field of a task's form asks for it: what it shows, and who reads it.

    The name of a file on a confidential case is kept without how its reporters can be reached.
    """
    named = replace(upload, field=field_name)
    with reading() as connection:
        task = case_files.find_task(connection, task_key)
        if task is None:
            return named
        case = case_files.find(connection, task["case_key"])
        if case is not None and case["is_confidential"]:
            reporters = tuple(kept_words.contact_words(connection, task["case_key"]))
            named = replace(named, file_name=discretion.without(upload.file_name, reporters))
        form = Wording(connection, "en").of(task["definition_key"]).forms.get(task["form_id"])
    part = form.form.file_field(field_name) if form else None
    if part is None:
        return named
    return replace(
        named, kind=part.shows or named.kind, visibility=part.visibility or named.visibility
    )


def _seen_task(connection: Connection, actor: Actor, task_key: int) -> Mapping[str, Any]:
    task = case_files.find_task(connection, task_key)
    if task is None:
        raise NotFound(what="task", key=task_key)
    if task["state"] == "CREATED" and may_take(actor, task):
        return task
    if not can_see_case(connection, scope_of(actor), task["case_key"]):
        raise NotFound(what="task", key=task_key)
    return task


def _form(
    connection: Connection,
    task: Mapping[str, Any],
    case: Mapping[str, Any],
    wording: Wording,
    frame: Frame,
    typed: Typed | None,
) -> FormView | None:
    pinned = wording.of(task["definition_key"]).forms.get(task["form_id"] or "")
    if pinned is None:
        return None
    current = calendars.current(connection, instances.versions(connection).calendar)
    calendar = CalendarContext(current, frame.directory.chain_of, frame.now)
    facts = facts_for(case, frame.directory, calendar)
    context = form_context.of_task(
        facts, task["inputs"], frame.directory, wording.language, form=pinned.form
    )
    return view(
        pinned.in_language(wording.language),
        answers=_answers(task, pinned.form, typed),
        context=context,
        now=frame.now,
        zone=frame.zone,
        language=wording.language,
        errors=typed.errors if typed else None,
    )


def _outcomes(wording: Wording, task: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """Return what can be chosen at each question a standard reply may go by, by its key."""
    pinned = wording.of(task["definition_key"]).forms.get(task["form_id"] or "")
    return {
        part.key: frozenset(str(option.value) for option in part.source.listed)
        for part in (every(pinned.form.components) if pinned else ())
        if isinstance(part, ChoiceField)
    }


def _answers(task: Mapping[str, Any], form: Any, typed: Typed | None) -> JsonObject | None:
    if typed is None:
        draft: JsonObject | None = task["draft"]
        return draft
    posted = typing.edit_rows(typed.posted, typed.row_action) if typed.row_action else typed.posted
    files = {name: [str(key) for key in keys] for name, keys in typed.files.items()}
    return typing.draft(form, posted, files=files)


def _reporter_words(connection: Connection, actor: Actor, case_key: int) -> tuple[RemarkRow, ...]:
    """Return what reporters wrote after the report, as far as it is for this person's eyes."""
    return tuple(
        row
        for row in case_files.remarks(connection, case_key)
        if row.reporter_key is not None and is_shown(actor, row.visibility, row.person_key)
    )


def _case_files(
    connection: Connection, actor: Actor, case: Mapping[str, Any], task_key: int
) -> tuple[AttachmentRow, ...]:
    """Return the files of the report, and those that the latest answers of other steps name."""
    named = set(attachment_keys(case["answers"]))
    return tuple(
        row
        for row in case_files.attachments(connection, case["key"])
        if (row.kind == "report" or (row.task_key not in (None, task_key) and row.key in named))
        and is_shown(actor, row.visibility, row.person_key)
    )
