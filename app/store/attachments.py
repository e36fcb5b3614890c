"""Rows of attachments: what a file is and to what it belongs; its bytes are in `store.blobs`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from app.store.tables.cases import attachment


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One attachment as pages and rules need it."""

    key: int
    case_key: int | None
    task_key: int | None
    upload_group: str | None
    field: str | None
    kind: str
    visibility: str
    file_name: str
    media_type: str
    size_bytes: int
    stored_as: str
    thumbnail_as: str | None
    captured_at: datetime | None
    latitude: float | None
    longitude: float | None
    person_key: int | None
    uploaded_at: datetime


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a new attachment's row."""
    connection.execute(insert(attachment).values(**values))


def find(connection: Connection, key: int) -> AttachmentRow | None:
    """Return an attachment, None when there is none."""
    row = connection.execute(select(attachment).where(attachment.c.key == key)).first()
    return None if row is None else _row(row)


def of_case(connection: Connection, case_key: int) -> list[AttachmentRow]:
    """Return the attachments of a case, oldest first."""
    rows = connection.execute(
        select(attachment).where(attachment.c.case_key == case_key).order_by(attachment.c.key)
    )
    return [_row(row) for row in rows]


def of_task(connection: Connection, task_key: int) -> list[AttachmentRow]:
    """Return what was uploaded while filling in a task, oldest first."""
    rows = connection.execute(
        select(attachment).where(attachment.c.task_key == task_key).order_by(attachment.c.key)
    )
    return [_row(row) for row in rows]


def of_group(connection: Connection, upload_group: str) -> list[AttachmentRow]:
    """Return what was uploaded for a report that is not sent yet, oldest first."""
    rows = connection.execute(
        select(attachment)
        .where(attachment.c.upload_group == upload_group, attachment.c.case_key.is_(None))
        .order_by(attachment.c.key)
    )
    return [_row(row) for row in rows]


def count(connection: Connection, *, task_key: int | None, upload_group: str | None) -> int:
    """Return how many files a task or an unsent report already has."""
    where = (
        attachment.c.task_key == task_key
        if task_key is not None
        else attachment.c.upload_group == upload_group
    )
    found: int = connection.execute(
        select(func.count()).select_from(attachment).where(where)
    ).scalar_one()
    return found


def adopt(connection: Connection, upload_group: str, *, case_key: int) -> None:
    """Give the files of a report to the case it became."""
    connection.execute(
        update(attachment)
        .where(attachment.c.upload_group == upload_group, attachment.c.case_key.is_(None))
        .values(case_key=case_key)
    )


def make_discreet(connection: Connection, keys: Collection[int]) -> None:
    """Give files plain names, and forget where and when they were taken."""
    nothing = ("captured_at", "latitude", "longitude", "accuracy_metres")
    for key in keys:
        row = find(connection, key)
        if row is not None:
            name = f"{row.kind}-{key}.{row.media_type.rpartition('/')[2]}"
            connection.execute(
                update(attachment)
                .where(attachment.c.key == key)
                .values(file_name=name, **dict.fromkeys(nothing))
            )


def leave_out(connection: Connection, upload_group: str, kept: Collection[int]) -> None:
    """Take the files that are not among `kept` out of an unsent report."""
    connection.execute(
        update(attachment)
        .where(
            attachment.c.upload_group == upload_group,
            attachment.c.case_key.is_(None),
            attachment.c.key.not_in(sorted(kept)),
        )
        .values(upload_group=None)
    )


def never_sent(connection: Connection, *, before: datetime, limit: int) -> list[AttachmentRow]:
    """Return files uploaded before an instant for reports that never became a case."""
    rows = connection.execute(
        select(attachment)
        .where(
            attachment.c.case_key.is_(None),
            attachment.c.task_key.is_(None),
            attachment.c.uploaded_at < before,
        )
        .order_by(attachment.c.key)
        .limit(limit)
    )
    return [_row(row) for row in rows]


def drop(connection: Connection, key: int) -> None:
    """Delete the row of a file that belongs to no case."""
    connection.execute(
        delete(attachment).where(attachment.c.key == key, attachment.c.case_key.is_(None))
    )


def strangers(connection: Connection, task_key: int, keys: Collection[int]) -> set[int]:
    """Return which of `keys` were not uploaded for this task."""
    rows = connection.execute(
        select(attachment.c.key).where(
            attachment.c.task_key == task_key, attachment.c.key.in_(sorted(keys))
        )
    )
    return set(keys) - {row.key for row in rows}


def _row(row: Row[Any]) -> AttachmentRow:
    return AttachmentRow(
        **{name: getattr(row, name) for name in AttachmentRow.__dataclass_fields__}
    )
