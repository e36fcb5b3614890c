"""Receiving reports, from any channel: a case, its first reporter and the process that handles it.

Whatever receives a report calls `receive_report`; which process starts is decided by the deployed
diagrams: the newest one that the message `CaseReported` starts.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from app.cases import (
    attachments,
    discretion,
    idempotency,
    journal,
    messages,
    submissions,
    tokens,
)
from app.cases.calendar import CalendarContext
from app.cases.deployed import deployed
from app.cases.stages import MAIL
from app.cases.work import Hand, Work, begin
from app.errors import CaseError
from app.json_types import JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.organisation.actor import Actor, HeldPosition
from app.organisation.directory import Directory
from app.store import instances, numbering, processes
from app.store.db import Transaction, transaction
from app.store.projection import Projection

REPORTED = "CaseReported"


# Columns of the case that a report fills, and those that come later.
AS_REPORTED = (
    "kind",
    "channel",
    "description",
    "major_class",
    "minor_class",
    "business_line",
    "address",
    "latitude",
    "longitude",
    "grid_key",
    "community_key",
    "street_key",
    "severity",
    "occurred_at",
    "is_anonymous",
    "is_confidential",
    "self_handled",
    "source",
    "source_ref",
    "limit_basis",
    "given_due_at",
)
NOT_YET_KNOWN = (
    "unit_path",
    "lead_unit_key",
    "lead_unit_path",
    "co_units",
    "established_at",
    "due_at",
    "handled_at",
    "closed_at",
    "grade",
    "outcome",
    "close_code",
    "card",
    "clock_phases",
    "paused_at",
    "contacted_at",
    "resolved",
    "callback_outcome",
    "screened",
    "reopens_key",
    "journal_head",
)


class NothingDeployed(CaseError):
    """No deployed process takes reports yet. Deploy one that the message {message} starts."""

    code = "nothing_deployed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as any channel hands it over; units by key, instants aware."""

    channel: str
    description: str
    kind: str = "case"
    language: str = "zh-CN"
    major_class: str | None = None
    minor_class: str | None = None
    business_line: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    grid_key: int | None = None
    community_key: int | None = None
    street_key: int | None = None
    severity: str = "ordinary"
    occurred_at: datetime | None = None
    is_anonymous: bool = False
    is_confidential: bool = False
    self_handled: bool = False
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    has_consented: bool = False
    told_by: str = MAIL
    stages: tuple[str, ...] | None = None
    upload_group: str | None = None
    answers: JsonObject = field(default_factory=dict)
    number: str | None = None
    source: str | None = None
    source_ref: str | None = None
    given_due_at: datetime | None = None
    limit_basis: str = "table"
    synthetic: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reporter gets: the case's number and the secret with which to follow it."""

    case_key: int
    number: str
    token: str


def receive_report(
    report: Report,
    *,
    actor: Actor | None = None,
    position: HeldPosition | None = None,
    client_key: str | None = None,
    domain: str = journal.LIVE,
) -> Receipt:
    """Open a case for a report and start its process.

    `client_key` makes a repeated call give the first one's receipt.

    Raises:
        NothingDeployed: see there.
        RepeatedWithOtherContent: `client_key` was used with another report.
    """
    report = _discreet(report)
    digest = _digest(report)
    with transaction() as tx:
        if client_key is not None:
            known = idempotency.known(
                tx.connection, "report", client_key, digest=digest, now=tx.now
            )
            if known is not None:
                return _receipt(tx, known)
        hand = Hand.of(actor, position) if actor else Hand()
        work, rows = _begin(tx, report, hand, domain=domain)
        messages.finish(work, new_rows=rows)
        if report.upload_group is not None:
            attachments.adopt(
                tx.connection,
                report.upload_group,
                case_key=work.case_key,
                is_confidential=report.is_confidential,
            )
        response: JsonObject = {
            "case_key": work.case_key,
            "number": work.case["number"],
            "reporter_key": rows.reporters[0]["key"],
        }
        if client_key is not None:
            idempotency.keep(tx.connection, "report", client_key, response=response)
        return _receipt(tx, response)


def _begin(tx: Transaction, report: Report, hand: Hand, *, domain: str) -> tuple[Work, Projection]:
    work = started(tx, report, hand, domain=domain)
    reporter = _reporter_row(tx, report, work.case_key)
    work.note("reported", {"channel": report.channel, "synthetic": list(report.synthetic)})
    work.hand = replace(hand, reporter_key=reporter["key"])
    submissions.keep(
        work,
        work.deployed.start_element_id,
        report.answers,
        form=work.deployed.forms.get(work.deployed.start_form_id or ""),
        is_synthetic=bool(report.synthetic),
    )
    return work, Projection(reporters=[reporter], search=[search_row(work.case)])


def started(
    tx: Transaction,
    report: Report,
    hand: Hand,
    *,
    domain: str,
    message: str = REPORTED,
    variables: JsonObject | None = None,
) -> Work:
    """Start the newest process that `message` starts on a new case, none of it written yet."""
    definition_key = processes.newest_started_by(tx.connection, message)
    if definition_key is None:
        raise NothingDeployed(message=message)
    directory, calendar = _surroundings(tx)
    found = deployed(tx.connection, definition_key)
    case = _case_row(tx, report, hand, zone=calendar.district.zone, domain=domain)
    case["answers"] = {found.start_element_id: report.answers}
    return begin(
        tx,
        definition_key,
        message,
        case=case,
        directory=directory,
        calendar=calendar,
        variables=variables,
        hand=hand,
    )


def _surroundings(tx: Transaction) -> tuple[Directory, CalendarContext]:
    versions = instances.versions(tx.connection)
    directory = directories.current(tx.connection, versions.directory)
    calendar = calendars.current(tx.connection, versions.calendar)
    return directory, CalendarContext(calendar, directory.chain_of, tx.now)


def _case_row(
    tx: Transaction, report: Report, hand: Hand, *, zone: ZoneInfo, domain: str
) -> dict[str, Any]:
    number = report.number or numbering.next_number(tx.connection, tx.now.astimezone(zone))
    return {
        "key": tx.next_key(),
        "number": number,
        "clock_domain": domain,
        "level": "community",
        "reported_at": tx.now,
        "reported_by": hand.person_key,
        "synthetic": list(report.synthetic) or None,
        "journal_length": 0,
        "is_due_provisional": False,
        **dict.fromkeys(NOT_YET_KNOWN),
        "has_telephone": _has_telephone(report),
        **{name: getattr(report, name) for name in AS_REPORTED},
    }


def _has_telephone(report: Report) -> bool | None:
    """Tell whether the reporter left a telephone number; None where they left no way at all."""
    if report.is_anonymous or not (report.phone or report.email):
        return None
    return bool(report.phone)


def _reporter_row(tx: Transaction, report: Report, case_key: int) -> dict[str, Any]:
    key = tx.next_key()
    is_known = not report.is_anonymous
    phone = report.phone if is_known else None
    return {
        "key": key,
        "case_key": case_key,
        "name": report.name if is_known else None,
        "phone": phone,
        "phone_digits": tokens.digits(phone),
        "email": report.email if is_known else None,
        "language": report.language,
        "channel": report.channel,
        "is_anonymous": report.is_anonymous,
        "has_consented": report.has_consented,
        "consented_at": tx.now if report.has_consented else None,
        "token_hash": tokens.hashed(tokens.for_reporter(tx.connection, key)),
        "stages": None if report.stages is None else list(report.stages),
        "told_by": report.told_by,
        "continues_key": None,
        "created_at": tx.now,
    }


def _discreet(report: Report) -> Report:
    """Return a report; of a confidential one without how its reporter can be reached."""
    if not report.is_confidential:
        return report
    contact = (report.name, report.phone, report.email)
    return replace(
        report,
        description=discretion.without(report.description, contact),
        address=report.address and discretion.without(report.address, contact),
        answers=discretion.answers_without(report.answers, contact),
    )


def search_row(case: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row by whose words a case is found."""
    words = " ".join(
        part for part in (case["number"], case["address"], case["description"]) if part
    )
    return {"case_key": case["key"], "words": words.lower()}


def _digest(report: Report) -> str:
    return hashlib.sha256(orjson.dumps(report, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _receipt(tx: Transaction, response: JsonObject) -> Receipt:
    return Receipt(
        case_key=int(str(response["case_key"])),
        number=str(response["number"]),
        token=tokens.for_reporter(tx.connection, int(str(response["reporter_key"]))),
    )
