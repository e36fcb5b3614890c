"""Sends what transactions left to be sent: mail to staff, mail and text messages to reporters.

The rows hold keys only. Who is written to is looked up when it is sent, so a person who has left
the role meanwhile is not, and nothing personal lies in the outbox.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.cases.frame import read_frame
from app.cases.journal import LIVE
from app.cases.notices import IN_SHORT
from app.cases.stages import MAIL, MESSAGE, NoStage, is_wanted, stage_of
from app.cases.tokens import for_reporter
from app.json_types import JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.roles import Role
from app.store import case_files, instances, letters, outbox
from app.store.db import Connection, Transaction, reading, transaction
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
NOTICE_MAIL, REPORTER_MAIL, REPORTER_SMS = "notice_mail", "reporter_mail", "reporter_sms"


def send_waiting(send: Send | None, *, limit: int = 20, text: Send | None = None) -> int:
    """Send at most `limit` waiting rows; return how many are done.

    Mail goes through `send`, text messages through `text`; None where there is no server for it.
    A row whose letter fails waits longer each time and becomes an incident in the end.
    """
    senders = {kind: way for kind, way in _ways(send, text).items() if way is not None}
    with transaction() as tx:
        claimed = outbox.claim(
            tx.connection, domain=LIVE, kinds=senders.keys(), now=tx.now, limit=limit
        )
    done = 0
    for row in claimed:
        try:
            with reading() as connection:
                prepared = _letters(connection, row)
            for letter in prepared:
                senders[row.kind](letter)
        except Exception as error:
            log.warning("outbox row %s was not sent: %s", row.key, _kind_of(error))
            _failed(row, error)
        else:
            with transaction() as tx:
                outbox.mark_sent(tx.connection, row.key, now=tx.now)
                if row.kind == REPORTER_MAIL and text is not None:
                    _text_too(tx, row)
            done += 1
    return done


def _ways(send: Send | None, text: Send | None) -> dict[str, Send | None]:
    """Return by which way each kind of row leaves.

    A reporter's row is looked at for its text messages too where mail cannot be sent.
    """
    mail = send if send is not None or text is None else _drop
    return {NOTICE_MAIL: send, REPORTER_MAIL: mail, REPORTER_SMS: text}


def _drop(_letter: Letter) -> None:
    """Send nothing: there is no mail server."""


def _text_too(tx: Transaction, row: ToSend) -> None:
    """Let the text messages that go with a letter be sent, each tried on its own."""
    case_key = int(str(row.payload["case_key"]))
    if any(each.told_by == MESSAGE for each in letters.reporters_to_tell(tx.connection, case_key)):
        key = tx.next_key()
        outbox.add(tx.connection, key, REPORTER_SMS, row.payload, domain=LIVE, now=tx.now)


def _failed(row: ToSend, error: Exception) -> None:
    with transaction() as tx:
        if outbox.mark_failed(tx.connection, row, error=_kind_of(error), now=tx.now):
            log.error("outbox row %s became an incident", row.key)


def _kind_of(error: Exception) -> str:
    """Return what kind of failure it was; its words can hold the address of a reporter.

    What a table lacks is said in words, which name a letter and no more.
    """
    if isinstance(error, NoStage):
        return f"{type(error).__name__}: {error}"
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _letters(connection: Connection, row: ToSend) -> list[Letter]:
    if row.kind == NOTICE_MAIL:
        return _to_staff(connection, row)
    return _to_reporters(connection, row)


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
            template=notice.kind if notice.kind not in IN_SHORT else "staff_news",
            params={
                "kind": notice.kind,
                **notice.params,
                "task_key": notice.task_key,
                "case_key": notice.case_key,
            },
        )
        for person in letters.people_with_mail(connection, keys, notice.kind)
    ]


def _to_reporters(connection: Connection, row: ToSend) -> list[Letter]:
    """Return the letters to those reporters who chose this way and this stage.

    Raises:
        NoStage: the table of letters does not name this one.
    """
    case_key = int(str(row.payload["case_key"]))
    template = str(row.payload["template"])
    way = MESSAGE if row.kind == REPORTER_SMS else MAIL
    reporters = letters.reporters_to_tell(connection, case_key)
    case = case_files.find(connection, case_key)
    if case is None or not reporters:
        return []
    stage = stage_of(connection, template, case, frame=read_frame(connection))
    return [
        Letter(
            key=f"{row.key}-{reporter.key}",
            address=address,
            language=reporter.language,
            template=f"case_{template}",
            params={"number": reporter.number, "token": for_reporter(connection, reporter.key)},
        )
        for reporter in reporters
        if reporter.told_by == way and is_wanted(stage, reporter.stages)
        if (address := reporter.phone if way == MESSAGE else reporter.email)
    ]
