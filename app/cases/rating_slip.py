"""A printed slip with which a reporter rates: what was done, and the secret link as a QR code.

Whoever hands it over prints it on the page of the case. The link opens that reporter's tracking
page, so it is for the eyes of those who may see reporters, and the journal keeps who printed it.
"""

from dataclasses import dataclass
from datetime import datetime

from app.cases import case_view, tokens
from app.cases.frame import Frame, read_frame
from app.errors import CaseError, NotFound
from app.organisation.actor import Actor
from app.store import case_files
from app.store.db import reading

PRINTED = "slip_printed"


class NothingToRate(CaseError):
    """Case {number} has not been handled yet. Print the slip once there is something to rate."""

    code = "nothing_to_rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSlip:
    """What stands on a slip; `token` is the reporter's secret, `language` the one they chose."""

    frame: Frame
    number: str
    description: str
    handled_at: datetime
    lead_unit_key: int | None
    language: str
    token: str


def print_slip(actor: Actor, case_key: int) -> RatingSlip:
    """Return the slip of a handled case for its first reporter; the journal notes who printed it.

    Raises:
        NotFound: there is no such case for this person, or nobody reported it. Forbidden: its
            reporters are not for their eyes. NothingToRate: it is not handled yet.
    """
    with reading() as connection:
        frame = read_frame(connection)
        case = case_files.find(connection, case_key)
    if case is not None and not (case["handled_at"] or case["closed_at"]):
        raise NothingToRate(number=case["number"])
    reporters = case_view.read_reporters(actor, case_key, noted_as=PRINTED)
    if case is None or not reporters:
        raise NotFound(what="case", key=case_key)
    first = reporters[0]
    with reading() as connection:
        token = tokens.for_reporter(connection, first.key)
    return RatingSlip(
        frame=frame,
        number=case["number"],
        description=case["description"],
        handled_at=case["handled_at"] or case["closed_at"],
        lead_unit_key=case["lead_unit_key"],
        language=first.language,
        token=token,
    )
