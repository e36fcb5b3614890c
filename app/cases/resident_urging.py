"""A reporter says more than they were asked: adds facts and photos, urges, chooses what to be told.

What is added answers an open question, else goes to whoever has the open task; an urge goes to
those the table `resident_rules` names too, which also says how often one may urge and which urge
asks for supervision; at which stages, `resident_offers` says. `web.public.resident` calls these.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.cases import (
    journal,
    messages,
    resident_forms,
    resident_notices,
    resident_waiting,
    stages,
    tracking,
)
from app.cases.frame import read_frame
from app.cases.resident_answering import discreet, taken_as_answer, words_of
from app.cases.resident_forms import Posting
from app.cases.sessions import limit_rate
from app.cases.work import Entry, Hand
from app.errors import CaseError, InvalidInput, NotFound
from app.store import projection, remarks, reporters, urges
from app.store.db import Transaction, reading, transaction
from app.store.projection import Projection
from app.store.reporters import TrackedRow

MOST_ADDITIONS = 20
SUPERVISION = "SupervisionNeeded"
DAY = timedelta(days=1)


class CaseOver(CaseError):
    """This case is closed already. If the matter goes on, please report it again."""

    code = "case_over"


class NotNow(CaseError):
    """This is not possible at this stage of your case. Its page shows what is."""

    code = "not_now"


class UrgedAlready(CaseError):
    """This case was urged a short while ago. You can urge it again from {when}."""

    code = "urged_already"


class NothingAdded(CaseError):
    """Write something, or choose a photo."""

    code = "nothing_added"


def add_facts(token: str, posting: Posting) -> None:
    """Add words and photos to a case that is not closed; whoever has the open task is told.

    Where a process waits for the answer to a question, they are that answer.

    Raises:
        NotFound: no such token. InvalidAnswers, NothingAdded: the form comes back.
        CaseOver: the case is closed. NotNow: the table offers it at no stage such as this.
        TooManyAttempts: a lot was added today.
    """
    with reading() as connection:
        key: int = tracking.demand(connection, token).case_key
    found = resident_forms.judged(resident_forms.ADD, posting)
    if not found.files and not _said(found.answers.get("facts")):
        raise NothingAdded
    limit_rate(f"facts for {key}", at_most=MOST_ADDITIONS, window=DAY)
    with transaction() as tx:
        who = tracking.demand(tx.connection, token)
        if resident_forms.is_repeated(tx, who.reporter_key, resident_forms.ADD, posting):
            return
        said = _said(discreet(tx, who, found.answers).get("facts")) or None
        # First of all: an instance that waits is locked before its case.
        asking = taken_as_answer(tx, who, said)
        case = asking.case if asking is not None else _open_case(tx, who)
        if not resident_waiting.allowed(tx.connection, case, now=tx.now).can_add:
            raise NotNow
        entry = Entry("facts_added", {"photos": len(found.files)})
        added = [words_of(tx, who, said, kind="addition")] if said else []
        if asking is not None:
            asking.entries.append(entry)
            asking.remarks.extend(added)
            messages.finish(asking)
        else:
            projection.write(tx.connection, Projection(remarks=added))
            journal.append(tx, case, [entry], Hand(reporter_key=who.reporter_key))
            resident_notices.tell_holders(tx, case, "facts_added")
        resident_forms.adopt(tx, found, posting, case)


def urge(token: str) -> None:
    """Ask that a case be hurried on; its holder and others are told.

    Raises:
        NotFound: no such token. CaseOver: it is closed. NotNow, UrgedAlready: the tables do not
            offer it at this stage, or not yet again.
    """
    with transaction() as tx:
        who = tracking.demand(tx.connection, token)
        case = _open_case(tx, who)
        if not resident_waiting.allowed(tx.connection, case, now=tx.now).can_urge:
            raise NotNow
        rules, again = resident_waiting.urging(tx.connection, case, now=tx.now)
        if again is not None:
            zone = read_frame(tx.connection).zone
            raise UrgedAlready(when=again.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
        urges.add(
            tx.connection,
            key=tx.next_key(),
            case_key=who.case_key,
            reporter_key=who.reporter_key,
            now=tx.now,
        )
        count = urges.counts(tx.connection, [who.case_key])[who.case_key]
        hand = Hand(reporter_key=who.reporter_key)
        journal.append(tx, case, [Entry("urged", {"count": count})], hand)
        resident_notices.tell_holders(tx, case, "urged", count=count, besides=rules.urge_tell)
        if count == rules.urges_to_supervision:
            _ask_supervision(tx, who)


def choose_news(
    token: str, *, told_by: str, chosen: Sequence[str], has_messages: bool = False
) -> None:
    """Keep at which stages a reporter is told, and by what way; "nothing" stops all of it.

    Raises:
        NotFound: no such token. InvalidInput: they left no address for that way, or it is none.
    """
    with transaction() as tx:
        who = tracking.demand(tx.connection, token)
        if told_by not in ways(who, has_messages=has_messages):
            raise InvalidInput(what="What you chose", why="you cannot be reached that way.")
        reporters.choose(
            tx.connection, who.reporter_key, told_by=told_by, stages=stages.known(chosen)
        )


def ways(who: Any, *, has_messages: bool) -> list[str]:
    """Return by what ways a reporter can be told; none for one who left no contact."""
    if not who.has_consented or not (who.has_mail or who.has_phone):
        return []
    found = [stages.MAIL] if who.has_mail else []
    if has_messages and who.has_phone:
        found.append(stages.MESSAGE)
    return [*found, stages.NOTHING]


def _ask_supervision(tx: Transaction, who: TrackedRow) -> None:
    messages.publish(
        tx,
        SUPERVISION,
        correlation_key=who.number,
        variables={"reason": "urged"},
        case_key=who.case_key,
        domain=who.clock_domain,
        time_to_live=journal.AT_ONCE,
    )


def _said(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _open_case(tx: Transaction, who: TrackedRow) -> dict[str, Any]:
    case = remarks.lock_case(tx.connection, who.case_key)
    if case is None:
        raise NotFound(what="case", key=who.case_key)
    if case["closed_at"] is not None:
        raise CaseOver
    return case
