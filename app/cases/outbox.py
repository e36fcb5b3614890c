"""Sends what transactions left to be sent: mail to staff about tasks, mail to reporters.

The rows hold keys only. Who is written to is looked up when it is sent, so a person who has left
the role meanwhile is not, and nothing personal lies in the outbox.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.cases.journal import LIVE
from app.cases.tokens import for_reporter
from app.json_types import JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.roles import Role
from app.store import instances, letters, outbox
from app.store.db import Connection, reading, transaction
from app.store.outbox import ToSend

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address. `key` is the same at every attempt; the receiver drops repeats."""

    key: str
    address: str
    language: str
    template: str
    params: JsonObject


Send = Callable[[Letter], None]


def send_waiting(send: Send, *, secret: str, limit: int = 20) -> int:
    """Send at most `limit` waiting rows through `send`; return how many are done.

    A row whose letter fails waits longer each time and becomes an incident in the end.
    """
    with transaction() as tx:
        claimed = outbox.claim(tx.connection, domain=LIVE, now=tx.now, limit=limit)
    done = 0
    for row in claimed:
        try:
            with reading() as connection:
                prepared = _letters(connection, row, secret=secret)
            for letter in prepared:
                send(letter)
        except Exception as error:
            log.warning("outbox row %s was not sent: %s", row.key, error)
            _failed(row, error)
        else:
            with transaction() as tx:
                outbox.mark_sent(tx.connection, row.key, now=tx.now)
            done += 1
    return done


def _failed(row: ToSend, error: Exception) -> None:
    with transaction() as tx:
        sentence = f"{type(error).__name__}: {error}"
        if outbox.mark_failed(tx.connection, row, error=sentence, now=tx.now):
            log.error("outbox row %s became an incident", row.key)


def _letters(connection: Connection, row: ToSend, *, secret: str) -> list[Letter]:
    if row.kind == "notice_mail":
        return _to_staff(connection, row)
    return _to_reporters(connection, row, secret=secret)


def _to_staff(connection: Connection, row: ToSend) -> list[Letter]:
    notice = letters.notice(connection, int(str(row.payload["notice_key"])))
    if notice is None or not letters.is_task_open(connection, notice.task_key):
        return []  # somebody was quicker than the mail
    keys = {notice.person_key} if notice.person_key is not None else set()
    if notice.role is not None and notice.unit_key is not None:
        versions = instances.versions(connection)
        directory = directories.current(connection, versions.directory)
        today = calendars.current(connection, versions.calendar).district.local_date(notice.at)
        keys |= set(directory.people(Role(notice.role), notice.unit_key, on=today))
    return [
        Letter(
            key=f"{row.key}-{person.key}",
            address=person.email,
            language=person.language,
            template=notice.kind,
            params={**notice.params, "task_key": notice.task_key, "case_key": notice.case_key},
        )
        for person in letters.people_with_mail(connection, keys)
    ]


def _to_reporters(connection: Connection, row: ToSend, *, secret: str) -> list[Letter]:
    case_key = int(str(row.payload["case_key"]))
    return [
        Letter(
            key=f"{row.key}-{reporter.key}",
            address=reporter.email,
            language=reporter.language,
            template=f"case_{row.payload['template']}",
            params={"number": reporter.number, "token": for_reporter(secret, reporter.key)},
        )
        for reporter in letters.reporters_with_mail(connection, case_key)
    ]
