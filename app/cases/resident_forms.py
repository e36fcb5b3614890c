"""The forms residents fill in on their page: the newest deployed one of each name, and its answers.

A file is kept as soon as it arrives, under a random group that the page carries, so that a form
sent back loses none; with the answers it goes to the case. A post that is repeated counts once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.cases import attachments, idempotency
from app.cases.attachments import Upload
from app.cases.deployed import PinnedForm, latest_form
from app.cases.frame import Frame, read_frame
from app.cases.pictures import FileRefused, is_picture
from app.cases.task_view import Typed
from app.errors import NotFound
from app.forms import posted as typing
from app.forms.posted import HtmlPost
from app.forms.read import read
from app.forms.render import view
from app.forms.views import FormView
from app.json_types import JsonObject
from app.store import attachments as files_of
from app.store.attachments import AttachmentRow
from app.store.blobs import Blobs
from app.store.db import Connection, Transaction, reading

ANSWER, APPEAL, RATE = "answer_question", "appeal_rejection", "rating"
WITHDRAW, ADD, REOPEN = "withdraw", "add_facts", "reopen"
SLIP: Final = "slip"
"""Led to the page: a slip with a QR code that a colleague showed (`cases.rating_slip`)."""
FORMS: Final = (ANSWER, APPEAL, RATE, WITHDRAW, ADD, REOPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What a resident's form sent: fields, files of this post by field, and the page's two words.

    `group` holds the uploads, `once` makes the post count once. `by` is the way that led to the
    page: `SLIP`, or nothing.
    """

    posted: HtmlPost
    files: Mapping[str, Sequence[int]] = field(default_factory=dict)
    group: str = ""
    once: str = ""
    language: str = "en"
    by: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers of a form, the form in its version, and the files that go with them."""

    answers: JsonObject
    form: PinnedForm
    files: frozenset[int]


def read_form(
    connection: Connection,
    form_id: str,
    *,
    frame: Frame,
    language: str,
    typed: Typed | None,
    own: Mapping[str, AttachmentRow],
) -> FormView | None:
    """Return a form as it was sent, or empty; None where no such form is deployed."""
    pinned = latest_form(connection, form_id)
    if pinned is None:
        return None
    return view(
        pinned.in_language(language),
        answers=_draft(pinned, typed, own) if typed else None,
        context={},
        now=frame.now,
        zone=frame.zone,
        language=language,
        errors=typed.errors if typed else None,
    )


def judged(form_id: str, posting: Posting) -> Judged:
    """Return the answers of a post.

    Raises:
        NotFound: no such form is deployed. InvalidAnswers: with every error at once.
    """
    with reading() as connection:
        frame = read_frame(connection)
        pinned = latest_form(connection, form_id)
        own = own_files(connection, posting.group)
    if pinned is None:
        raise NotFound(what="form", form=form_id)
    answers = read(
        pinned.in_language(posting.language),
        typing.without_strangers(pinned.form, posting.posted, own),
        context={},
        now=frame.now,
        zone=frame.zone,
        language=posting.language,
        files={name: [str(key) for key in keys] for name, keys in posting.files.items()},
    )
    kept = frozenset(int(key) for answer in answers.files for key in answer.keys)
    return Judged(answers.values, pinned, kept)


def keep_file(form_id: str, upload: Upload, *, name: str, group: str, blobs: Blobs) -> int:
    """Keep a picture for a form that is not sent yet, and return its key.

    Raises:
        FileRefused: it is no picture, or see `cases.pictures`. TooManyFiles: the form is full.
    """
    with reading() as connection:
        pinned = latest_form(connection, form_id)
    kind = pinned.form.photo_fields.get(name, "other") if pinned else "other"
    if not is_picture(upload.content):
        raise FileRefused(name=upload.file_name, why="please choose a photo.")
    named = replace(upload, field=name, kind=kind)
    return attachments.keep_upload(named, blobs=blobs, upload_group=group).key


def own_files(connection: Connection, group: str) -> dict[str, AttachmentRow]:
    """Return the files of a form that is not sent yet, by key as text."""
    return {str(row.key): row for row in files_of.of_group(connection, group)} if group else {}


def adopt(tx: Transaction, found: Judged, posting: Posting, case: Mapping[str, object]) -> None:
    """Give the files of a post to the case; of a confidential one without what could betray."""
    if not posting.group:
        return
    files_of.leave_out(tx.connection, posting.group, found.files)
    attachments.adopt(
        tx.connection,
        posting.group,
        case_key=int(str(case["key"])),
        is_confidential=bool(case["is_confidential"]),
    )


def is_repeated(tx: Transaction, reporter_key: int, form_id: str, posting: Posting) -> bool:
    """Tell whether this very post has been taken before; if not, it has been from now on."""
    if not posting.once:
        return False
    said = repr((form_id, reporter_key, posting.once)).encode()
    client_key = hashlib.sha256(said).hexdigest()
    known = idempotency.known(tx.connection, "resident", client_key, digest="", now=tx.now)
    return known is not None


def _draft(pinned: PinnedForm, typed: Typed, own: Mapping[str, AttachmentRow]) -> JsonObject | None:
    files = {name: [str(key) for key in keys] for name, keys in typed.files.items()}
    return typing.draft(
        pinned.form, typing.without_strangers(pinned.form, typed.posted, own), files=files
    )
