"""The deployed form that a case begins with: shown, judged, and the report its answers make.

Which questions are asked is the form's to say; the answers this module knows by key become facts of
the case; all stay with it as answered, except who reported: that goes to the reporter's own row
alone. `cases.public_report` and `cases.registering` hand in what their page knows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.cases import already_reported, attachments, form_context, intake, matters, stages, tokens
from app.cases.already_reported import Near, Told
from app.cases.attachments import Upload
from app.cases.deployed import PinnedForm, deployed
from app.cases.frame import Frame, read_frame
from app.cases.idempotency import RepeatedWithOtherContent
from app.cases.intake import REPORTED, NothingDeployed, Receipt, Report
from app.cases.task_view import Typed
from app.cases.told_place import ToldPlace, community_of, point_of, read_place
from app.errors import NotFound
from app.forms import posted as typing
from app.forms.posted import HtmlPost
from app.forms.read import read
from app.forms.render import view
from app.forms.views import FormView
from app.json_types import JsonObject
from app.organisation.actor import Actor, HeldPosition
from app.organisation.directory import Directory
from app.store import attachments as files_of
from app.store import idempotency, processes
from app.store.attachments import AttachmentRow
from app.store.blobs import Blobs
from app.store.db import Connection, reading, transaction
from app.store.scope import Scope

PERSONAL = frozenset({"contact_name", "contact_phone", "contact_email"})  # with the reporter only
Known = Mapping[str, object]
"""What the page knows besides the units and categories on offer, by the names the form reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage:
    """The form, filled in so far; `files` were uploaded for it, by key as text.

    `nearby` are open cases that may be the same.
    """

    frame: Frame
    form: FormView
    files: Mapping[str, AttachmentRow]
    place: ToldPlace
    nearby: tuple[Near, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A report on its way: what was posted, its uploads, and the key that makes it count once.

    `files` are the keys of uploads that came with this very post, by field.
    """

    posted: HtmlPost
    files: Mapping[str, Sequence[int]] = field(default_factory=dict)
    upload_group: str
    client_key: str
    language: str
    has_messages: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Accepted answers, the report they make, and the keys of the files that go with it."""

    answers: JsonObject
    report: Report
    files: frozenset[int]


def read_page(
    known: Known,
    *,
    language: str,
    upload_group: str,
    typed: Typed | None = None,
    scope: Scope | None = None,
) -> StartPage:
    """Return the form; with `typed`, as it was sent.

    `scope` is that of the staff whose page it is: of which open cases near by it may tell.

    Raises:
        NothingDeployed: no deployed process takes reports with a form.
    """
    with reading() as connection:
        frame = read_frame(connection)
        pinned = _start_form(connection)
        own = _own_files(connection, upload_group)
        answers = _answers(pinned, typed, own)
        place = read_place(connection, frame.directory, answers or {})
        told = _told(connection, answers or {}, place)
        return StartPage(
            frame=frame,
            form=view(
                pinned.in_language(language),
                answers=answers,
                context=_context(frame, language, known, place),
                now=frame.now,
                zone=frame.zone,
                language=language,
                errors=typed.errors if typed else None,
            ),
            files=own,
            place=place,
            nearby=already_reported.find(connection, frame, told, scope=scope, language=language),
        )


def judged(sending: Sending, known: Known, *, channel: str) -> Judged:
    """Judge the answers of a post and return the report they make by this channel.

    Raises:
        InvalidAnswers: the form comes back with every error at once.
        NothingDeployed: as for `read_page`.
    """
    with reading() as connection:
        frame = read_frame(connection)
        pinned = _start_form(connection)
        own = _own_files(connection, sending.upload_group)
        listed = matters.current(connection)
        posted = typing.without_strangers(pinned.form, sending.posted, own)
        place = read_place(connection, frame.directory, typing.draft(pinned.form, posted))
    answers = read(
        pinned.in_language(sending.language),
        posted,
        context=_context(frame, sending.language, known, place),
        now=frame.now,
        zone=frame.zone,
        language=sending.language,
        files={name: [str(key) for key in keys] for name, keys in sending.files.items()},
    )
    report = replace(
        report_of(answers.values, channel=channel, directory=frame.directory, zone=frame.zone),
        major_class=listed.group_of(_text(answers.values, "minor_class")),
        language=sending.language,
        upload_group=sending.upload_group,
    )
    kept = frozenset(int(key) for answer in answers.files for key in answer.keys)
    return Judged(answers.values, report, kept)


def send(
    found: Judged,
    *,
    client_key: str,
    actor: Actor | None = None,
    position: HeldPosition | None = None,
) -> Receipt:
    """Open the case and return the receipt; a repeated post gets the first one.

    Raises:
        NothingDeployed: see `cases.intake`.
    """
    with transaction() as tx:
        files_of.leave_out(tx.connection, found.report.upload_group or "", found.files)
    try:
        return intake.receive_report(
            found.report, actor=actor, position=position, client_key=client_key
        )
    except RepeatedWithOtherContent:
        # The key tells the same words and pictures; only their upload happened twice.
        return _first_receipt(client_key)


def keep_photo(
    upload: Upload,
    *,
    name: str,
    upload_group: str,
    blobs: Blobs,
    person_key: int | None = None,
) -> AttachmentRow:
    """Keep a file of the field `name` for a report that is not sent yet.

    Raises:
        FileRefused, TooManyFiles: see `cases.attachments`.
    """
    with reading() as connection:
        kind = _start_form(connection).form.photo_fields.get(name, "other")
    named = replace(upload, field=name, kind=kind)
    return attachments.keep_upload(
        named, blobs=blobs, upload_group=upload_group, person_key=person_key
    )


def unsent_file(upload_group: str, key: int) -> AttachmentRow:
    """Return a file uploaded for a report that is not sent yet.

    Raises:
        NotFound: there is none in this group.
    """
    with reading() as connection:
        found = _own_files(connection, upload_group).get(str(key))
    if found is None:
        raise NotFound(what="attachment", key=key)
    return found


def report_of(answers: JsonObject, *, channel: str, directory: Directory, zone: ZoneInfo) -> Report:
    """Return the report that the answers of a start form make."""
    point = point_of(answers)
    report = Report(
        channel=channel,
        description=_text(answers, "description") or "",
        minor_class=_text(answers, "minor_class"),
        address=_text(answers, "address"),
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        community_key=community_of(answers, directory),
        occurred_at=_instant(answers, zone),
        is_confidential=answers.get("is_confidential") is True,
        answers={**answers, **dict.fromkeys(PERSONAL & answers.keys())},
    )
    return _signed(report, answers)


def _signed(report: Report, answers: JsonObject) -> Report:
    """Return the report with who sent it: nobody's name is kept without their consent."""
    name, phone, email = (_text(answers, f"contact_{part}") for part in ("name", "phone", "email"))
    has_consented = answers.get("consent") is True and answers.get("is_anonymous") is not True
    if not has_consented or not (name or phone or email):
        return replace(report, is_anonymous=True)
    return replace(
        report,
        name=name,
        phone=phone,
        email=email,
        has_consented=True,
        told_by=_way(answers, phone=phone, email=email),
        stages=_stages(answers),
    )


def _way(answers: JsonObject, *, phone: str | None, email: str | None) -> str:
    """Return how to tell them: as chosen, as far as they left an address for it."""
    wanted = answers.get("told_by")
    if wanted == stages.MESSAGE and phone:
        return stages.MESSAGE
    return stages.NOTHING if wanted == stages.NOTHING or not email else stages.MAIL


def _stages(answers: JsonObject) -> tuple[str, ...] | None:
    """Return the stages they ticked; None (all) where the form does not ask."""
    if "told_at" not in answers:
        return None
    ticked = answers["told_at"]
    return tuple(stages.known(ticked)) if isinstance(ticked, list) else ()


def _instant(answers: JsonObject, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(answers, "occurred_at") or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _text(answers: JsonObject, key: str) -> str | None:
    value = answers.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _start_form(connection: Connection) -> PinnedForm:
    key = processes.newest_started_by(connection, REPORTED)
    found = deployed(connection, key) if key is not None else None
    form = found.forms.get(found.start_form_id or "") if found is not None else None
    if form is None:
        raise NothingDeployed(message=REPORTED)
    return form


def _context(frame: Frame, language: str, known: Known, place: ToldPlace) -> dict[str, object]:
    today = frame.now.astimezone(frame.zone).date()
    offered = form_context.choices(frame.directory, language, day=today)
    return {**offered, **known, "is_outside": place.outside is not None}


def _told(connection: Connection, answers: JsonObject, place: ToldPlace) -> Told:
    minor_class = _text(answers, "minor_class")
    return Told(
        minor_class=minor_class,
        major_class=matters.current(connection).group_of(minor_class),
        point=place.point,
        community_key=place.community_key,
    )


def _own_files(connection: Connection, upload_group: str) -> dict[str, AttachmentRow]:
    return {str(row.key): row for row in files_of.of_group(connection, upload_group)}


def _answers(
    pinned: PinnedForm, typed: Typed | None, own: Mapping[str, AttachmentRow]
) -> JsonObject | None:
    if typed is None:
        return None
    posted = typing.edit_rows(typed.posted, typed.row_action) if typed.row_action else typed.posted
    files = {name: [str(key) for key in keys] for name, keys in typed.files.items()}
    return typing.draft(
        pinned.form, typing.without_strangers(pinned.form, posted, own), files=files
    )


def _first_receipt(client_key: str) -> Receipt:
    with reading() as connection:
        first = idempotency.find(connection, "report", client_key).response
        return Receipt(
            case_key=int(str(first["case_key"])),
            number=str(first["number"]),
            token=tokens.for_reporter(connection, int(str(first["reporter_key"]))),
        )
