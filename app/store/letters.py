"""What the sender of mail looks up: notices, and the people and reporters who may be written to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.json_types import JsonObject
from app.store.tables.cases import cases, reporter
from app.store.tables.delivery import notice as notice_table
from app.store.tables.organisation import person
from app.store.tables.runtime import user_task


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A line for somebody's bell."""

    kind: str
    case_key: int | None
    task_key: int | None
    person_key: int | None
    role: str | None
    unit_key: int | None
    params: JsonObject
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonWithMail:
    """Somebody of the staff who wants mail."""

    key: int
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class ReporterToTell:
    """A reporter who agreed to be written to, how and when, and the number of their case."""

    key: int
    email: str | None
    phone: str | None
    told_by: str
    stages: list[str] | None
    language: str
    number: str


def notice(connection: Connection, key: int) -> NoticeRow | None:
    """Return a notice, None when it is gone."""
    columns = [notice_table.c[name] for name in NoticeRow.__dataclass_fields__]
    row = connection.execute(select(*columns).where(notice_table.c.key == key)).first()
    return None if row is None else NoticeRow(*row)


def is_task_open(connection: Connection, task_key: int | None) -> bool:
    """Tell whether a task still waits; True where the notice is about none."""
    if task_key is None:
        return True
    state = connection.execute(
        select(user_task.c.state).where(user_task.c.key == task_key)
    ).scalar()
    return state == "CREATED"


def people_with_mail(
    connection: Connection, keys: Collection[int], kind: str
) -> list[PersonWithMail]:
    """Return those of `keys` who are active, have an address and want mail of that kind."""
    rows = connection.execute(
        select(person.c.key, person.c.email, person.c.language, person.c.unwanted_mail)
        .where(
            person.c.key.in_(sorted(keys)),
            person.c.is_active,
            person.c.wants_mail,
            person.c.email.is_not(None),
        )
        .order_by(person.c.key)
    )
    return [PersonWithMail(*row[:3]) for row in rows if kind not in (row.unwanted_mail or ())]


def reporters_to_tell(connection: Connection, case_key: int) -> list[ReporterToTell]:
    """Return the reporters of a case who agreed to be written to and have not stopped it."""
    r = reporter.c
    rows = connection.execute(
        select(r.key, r.email, r.phone, r.told_by, r.stages, r.language, cases.c.number)
        .join(cases, cases.c.key == r.case_key)
        .where(r.case_key == case_key, r.has_consented, r.told_by != "nothing")
        .order_by(r.key)
    )
    return [ReporterToTell(*row) for row in rows]
