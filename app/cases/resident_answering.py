"""A reporter answers what their case waits for: a question, the end of a report, how it went.

Each goes to the process that waits for it, by the name of the message, in one transaction with the
words as they were written. `web.public.resident` calls these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.cases import (
    discretion,
    journal,
    messages,
    reporter_words,
    resident_forms,
    resident_waiting,
    submissions,
    tokens,
    tracking,
)
from app.cases.evaluation_operations import Kind as HowRated
from app.cases.resident_forms import Judged, Posting
from app.cases.resident_waiting import APPEAL, QUESTION, RATING, REOPENING, WITHDRAWAL
from app.cases.work import Entry, Hand, Work
from app.engine.errors import NobodyWaits
from app.errors import CaseError
from app.json_types import JsonObject
from app.store import case_files, projection, remarks, reporters, resident_view
from app.store.db import Transaction, reading, transaction
from app.store.projection import Projection
from app.store.reporters import TrackedRow

RATED_ELEMENT = "rated"


class NotToBeWithdrawn(CaseError):
    """This case cannot be withdrawn now: it is closed, or you have asked for it already."""

    code = "not_to_be_withdrawn"


class NotToBeReopened(CaseError):
    """This case cannot be taken up again: the time for it is over, or it was done already. If the matter goes on, please report it again."""  # noqa: E501

    code = "not_to_be_reopened"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of answer: its form, its message, its line in the journal and which field is said.

    `remark` is empty where the words are not repeated among the comments.
    """

    form: str
    message: str
    entry: str
    remark: str
    said: str


ANSWER = Kind(resident_forms.ANSWER, QUESTION, "question_answered", "answer", "answer")
APPEALED = Kind(resident_forms.APPEAL, APPEAL, "rejection_appealed", "appeal", "reason")
RATED = Kind(resident_forms.RATE, RATING, "rating_received", "", "comment")
WITHDRAWN = Kind(resident_forms.WITHDRAW, WITHDRAWAL, "withdrawal_asked", "withdrawal", "reason")
REOPENED = Kind(resident_forms.REOPEN, REOPENING, "reopening_asked", "", "reason")


def answer_question(token: str, posting: Posting) -> None:
    """Answer the question a colleague asked.

    Raises:
        NotFound: no such token. InvalidAnswers: the form comes back.
        NobodyWaits: it was answered already, or the time for it is over.
    """
    _send(token, posting, ANSWER)


def appeal_rejection(token: str, posting: Posting) -> None:
    """Appeal against not taking the report up.

    Raises:
        NotFound, InvalidAnswers, NobodyWaits: as for an answer.
    """
    _send(token, posting, APPEALED)


def rate(token: str, posting: Posting) -> None:
    """Give the rating form's answers (`grade` 1 very satisfied … 5) to the case.

    Where the table `resident_offers` says so (as it ships, from handling on) it may come before a
    process waits for it; then it is kept. One that came by a slip is a rating on the spot.

    Raises:
        NotFound, InvalidAnswers: as for an answer.
        NobodyWaits: it is rated already, or the time for it is over.
    """
    is_shown = posting.by == resident_forms.SLIP
    how: JsonObject = {"kind": (HowRated.DEVICE if is_shown else HowRated.TOKEN).value}
    keep = partial(_keep_rating, how)
    _send(token, posting, RATED, otherwise=keep, is_fit=_demand_unrated, more=how)


def ask_withdrawal(token: str, posting: Posting) -> None:
    """Ask that the case be withdrawn: a process of its own decides on it.

    Raises:
        NotFound, InvalidAnswers: as for an answer. NotToBeWithdrawn: see there.
    """
    _send(token, posting, WITHDRAWN, otherwise=_refuse_withdrawal, is_fit=_demand_withdrawable)


def ask_reopening(token: str, posting: Posting) -> str:
    """Ask that a closed case be taken up again; return the token of the case that goes on.

    The photos go to that case. Where the deployed process opens none, it is the token given.

    Raises:
        NotFound, InvalidAnswers: as for an answer. NotToBeReopened: see there.
    """
    _send(token, posting, REOPENED, otherwise=_refuse_reopening, is_fit=_demand_reopenable)
    with reading() as connection:
        who = tracking.demand(connection, token)
        behind = reporters.going_on(connection, who.reporter_key)
        return token if behind is None else tokens.for_reporter(connection, behind.reporter_key)


Otherwise = Callable[[Transaction, TrackedRow, Judged, JsonObject], None]


def _send(
    token: str,
    posting: Posting,
    kind: Kind,
    *,
    otherwise: Otherwise | None = None,
    is_fit: Callable[[Work], None] | None = None,
    more: JsonObject | None = None,
) -> None:
    """Give the answers, and what `more` the process is told, to whatever waits for them."""
    found = resident_forms.judged(kind.form, posting)
    with transaction() as tx:
        who = tracking.demand(tx.connection, token)
        if resident_forms.is_repeated(tx, who.reporter_key, kind.form, posting):
            return
        answers = discreet(tx, who, found.answers)
        try:
            work = _delivered(tx, who, kind, {**answers, **(more or {})})
        except NobodyWaits:
            if otherwise is None:
                raise
            otherwise(tx, who, found, answers)
        else:
            if is_fit is not None:
                is_fit(work)
            _write(work, who, kind, answers, found)
            messages.finish(work)
            behind = case_files.going_on(tx.connection, who.case_key) if kind is REOPENED else None
            resident_forms.adopt(tx, found, posting, behind or work.case)


def taken_as_answer(tx: Transaction, who: TrackedRow, said: str | None) -> Work | None:
    """Give what a reporter added unasked to whatever waits for an answer of theirs.

    Returns that work, not yet recorded; None where nobody asked. `said` is None for photos alone.
    """
    try:
        return _delivered(tx, who, ANSWER, {"answer": said})
    except NobodyWaits:
        return None


def discreet(tx: Transaction, who: TrackedRow, answers: JsonObject) -> JsonObject:
    """Return answers of a reporter; of a confidential case without how they can be reached."""
    if not who.is_confidential:
        return answers
    contact = reporters.contact(tx.connection, who.reporter_key)
    return discretion.answers_without(answers, (contact.name, contact.phone, contact.email))


def _delivered(tx: Transaction, who: TrackedRow, kind: Kind, answers: JsonObject) -> Work:
    """Give the message to who waits for it; what may be asked anew begins a process of its own."""
    begins = kind is REOPENED or (kind is WITHDRAWN and who.closed_at is None)
    return messages.deliver(
        tx,
        kind.message,
        correlation_key=who.number,
        variables=answers,
        hand=Hand(reporter_key=who.reporter_key),
        case_key=who.case_key if begins else None,
    )


def _write(work: Work, who: TrackedRow, kind: Kind, answers: JsonObject, found: Judged) -> None:
    work.note(kind.entry)
    said = answers.get(kind.said)
    if kind.remark and isinstance(said, str) and said.strip():
        work.remarks.append(words_of(work.tx, who, said, kind=kind.remark))
    submissions.keep(work, _element(work, who, kind), answers, form=found.form)


def words_of(tx: Transaction, who: TrackedRow, body: str, *, kind: str) -> dict[str, Any]:
    """Return the row of a remark by a reporter, for those colleagues who may read it."""
    return reporter_words.said(
        tx,
        body,
        kind=kind,
        case_key=who.case_key,
        reporter_key=who.reporter_key,
        is_confidential=who.is_confidential,
    )


def _element(work: Work, who: TrackedRow, kind: Kind) -> str:
    if kind is RATED:
        return RATED_ELEMENT
    # The rows still show who waited: the step is not written yet.
    waited = resident_view.element_waiting(work.tx.connection, who.number, kind.message)
    return waited or work.deployed.start_element_id


def _keep_rating(
    how: JsonObject, tx: Transaction, who: TrackedRow, found: Judged, answers: JsonObject
) -> None:
    case = remarks.lock_case(tx.connection, who.case_key)
    instance_key = resident_view.first_instance(tx.connection, who.case_key)
    if case is None or not resident_waiting.allowed(tx.connection, case, now=tx.now).can_rate:
        raise NobodyWaits(name=RATING)
    hand = Hand(reporter_key=who.reporter_key)
    row = submissions.row_of(tx, RATED_ELEMENT, answers, form=found.form, hand=hand)
    row |= {"case_key": who.case_key, "instance_key": instance_key}
    projection.write(tx.connection, Projection(submissions=[row]))
    journal.append(tx, case, [Entry(RATED.entry)], hand)
    messages.publish(
        tx,
        RATING,
        correlation_key=who.number,
        variables={**answers, **how},
        case_key=who.case_key,
        domain=who.clock_domain,
    )


def _demand_unrated(work: Work) -> None:
    """Look again, now that the case is locked: one rating is taken of what was done."""
    kept = resident_view.kept_for(work.tx.connection, work.case_key, RATING)
    if work.case["grade"] is not None or kept is not None:
        raise NobodyWaits(name=RATING)


def _refuse_withdrawal(
    _tx: Transaction, _who: TrackedRow, _found: Judged, _answers: JsonObject
) -> None:
    raise NotToBeWithdrawn


def _refuse_reopening(
    _tx: Transaction, _who: TrackedRow, _found: Judged, _answers: JsonObject
) -> None:
    raise NotToBeReopened


def _demand_reopenable(work: Work) -> None:
    """Look again, now that the case is locked."""
    offers = resident_waiting.read_offers(work.tx.connection, work.case_key, now=work.now)
    if offers.reopen_until is None:
        raise NotToBeReopened


def _demand_withdrawable(work: Work) -> None:
    """Look again, now that the case is locked."""
    offers = resident_waiting.read_offers(work.tx.connection, work.case_key, now=work.now)
    if not offers.can_withdraw:
        raise NotToBeWithdrawn
