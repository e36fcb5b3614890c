"""Files on cases: taking them in, linking them to a task or a report, handing them out.

A file is kept as soon as it is uploaded, so that a refused form loses nothing. It belongs to the
task it was uploaded for, or to an upload group until the report is sent.
"""

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases import confidence
from app.cases.pictures import Inspected, inspect
from app.errors import CaseError, NotFound
from app.store import attachments as rows
from app.store import tasks
from app.store.attachments import AttachmentRow
from app.store.blobs import Blobs
from app.store.db import Connection, Transaction, transaction

MOST_FILES = 20
MOST_NAME = 120
KINDS = ("before", "after", "evidence", "report", "other")
VISIBILITIES = ("internal", "departments", "public")


class TooManyFiles(CaseError):
    """There are {most} files already. Remove one before you add another."""

    code = "too_many_files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a browser sends it; position in degrees (WGS 84), accuracy in metres."""

    file_name: str
    content: bytes
    field: str | None = None
    kind: str = "other"
    visibility: str = "departments"
    captured_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_metres: float | None = None


def keep_upload(
    upload: Upload,
    *,
    blobs: Blobs,
    person_key: int | None = None,
    task_key: int | None = None,
    case_key: int | None = None,
    upload_group: str | None = None,
) -> AttachmentRow:
    """Keep a file for a task, a case or an unsent report, and return its row.

    The caller has checked that the person may add files there.

    Raises:
        FileRefused: see `cases.pictures.inspect`. TooManyFiles: the task or report is full.
    """
    found = inspect(upload.file_name, upload.content)
    stored_as = secrets.token_hex(20)
    blobs.put(stored_as, found.content, media_type=found.media_type)
    thumbnail_as = None
    if found.thumbnail is not None:
        thumbnail_as = f"{stored_as}-small"
        blobs.put(thumbnail_as, found.thumbnail, media_type="image/jpeg")
    with transaction() as tx:
        if _is_full(tx, task_key=task_key, upload_group=upload_group):
            raise TooManyFiles(most=MOST_FILES)
        row = _row(tx, upload, found, stored_as=stored_as, thumbnail_as=thumbnail_as)
        row |= {
            "person_key": person_key,
            "task_key": task_key,
            "case_key": case_key,
            "upload_group": upload_group,
        }
        row["file_name"] = _discreet_name(tx, row)
        rows.add(tx.connection, row)
        kept = rows.find(tx.connection, int(str(row["key"])))
    if kept is None:
        raise NotFound(what="attachment")
    return kept


def _discreet_name(tx: Transaction, row: Mapping[str, Any]) -> str:
    """Return the name of a file without who reported the case, where that is confidential."""
    if row["task_key"] is not None:
        case = tasks.secrecy_of(tx.connection, row["task_key"])
    else:
        case = None if row["case_key"] is None else tasks.secrecy(tx.connection, row["case_key"])
    name: str = row["file_name"]
    return name if case is None else confidence.covered(tx.connection, case, name)


def _is_full(tx: Transaction, *, task_key: int | None, upload_group: str | None) -> bool:
    """Tell whether a task or an unsent report has as many files as it may."""
    if task_key is None and upload_group is None:
        return False
    found = rows.count(tx.connection, task_key=task_key, upload_group=upload_group)
    return found >= MOST_FILES


def adopt(
    connection: Connection,
    upload_group: str,
    *,
    case_key: int,
    is_confidential: bool = False,
) -> None:
    """Give the files of a report to the case it became.

    Those of a confidential one lose their name, and where and when they were taken.
    """
    if is_confidential:
        rows.make_discreet(connection, [row.key for row in rows.of_group(connection, upload_group)])
    rows.adopt(connection, upload_group, case_key=case_key)


def demand_own(connection: Connection, task_key: int, keys: Collection[int]) -> None:
    """Refuse answers that name files which were not uploaded for this very task.

    Raises:
        NotFound: one of them belongs elsewhere.
    """
    if keys and rows.strangers(connection, task_key, keys):
        raise NotFound(what="attachment", task=task_key)


def _plain_name(given: str) -> str:
    """Return a file's name without folders and without signs that cannot be seen."""
    last = re.split(r"[/\\]", given)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-MOST_NAME:] or "file"


def _row(
    tx: Transaction,
    upload: Upload,
    found: Inspected,
    *,
    stored_as: str,
    thumbnail_as: str | None,
) -> dict[str, object]:
    has_position = upload.latitude is not None and upload.longitude is not None
    return {
        "key": tx.next_key(),
        "field": upload.field,
        "kind": upload.kind if upload.kind in KINDS else "other",
        "visibility": upload.visibility if upload.visibility in VISIBILITIES else "departments",
        "file_name": _plain_name(upload.file_name),
        "media_type": found.media_type,
        "size_bytes": len(found.content),
        "digest": hashlib.sha256(found.content).hexdigest(),
        "stored_as": stored_as,
        "thumbnail_as": thumbnail_as,
        "captured_at": upload.captured_at or found.captured_at,
        "latitude": upload.latitude if has_position else found.latitude,
        "longitude": upload.longitude if has_position else found.longitude,
        "accuracy_metres": upload.accuracy_metres,
        "uploaded_at": tx.now,
    }
