"""What colleagues say about a case, and what the public is told of it.

A comment stays among colleagues: within the grid line (internal) or with the departments too. A
reply to the public stands on the reporter's page.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.cases import confidence, following, journal, notes, notices, resident_notices
from app.cases.attachments import Upload, keep_upload
from app.cases.notes import Mentioned
from app.cases.visible import demand_case
from app.cases.work import Entry, Hand
from app.errors import InvalidInput, NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import remarks as rows
from app.store.blobs import Blobs
from app.store.db import Transaction, reading, transaction

MOST_CHARACTERS = 4000
PUBLIC = "public"
AMONG_COLLEAGUES = ("internal", "departments")


def add_remark(actor: Actor, case_key: int, body: str, *, visibility: str) -> Mentioned:
    """Add a comment ("internal", "departments") or a reply to the public ("public") to a case.

    Colleagues a comment mentions with @login are told; so are followers of a public reply, and
    reporters who want to hear of progress.

    Raises:
        MentionedCannotSee, MentionedCannotRead, TooManyMentioned: see `cases.notes`.
        NotFound: the case is not for this person's eyes. Forbidden: they may not say this there.
        InvalidInput: nothing was written, or too much.
    """
    demand(actor, Action.REPLY_PUBLICLY if visibility == PUBLIC else Action.COMMENT)
    text = _checked(body, visibility)
    with transaction() as tx:
        demand_case(tx.connection, actor, case_key)
        case = rows.lock_case(tx.connection, case_key)
        if case is None:
            raise NotFound(what="case", key=case_key)
        kind, key = "reply" if visibility == PUBLIC else "comment", tx.next_key()
        named = _mentioned(tx, actor, case_key, text, visibility)
        rows.add(
            tx.connection,
            {
                "key": key,
                "case_key": case_key,
                "kind": kind,
                "visibility": visibility,
                "body": confidence.covered(tx.connection, case, text),
                "person_key": actor.person_key,
                "at": tx.now,
            },
        )
        entry = Entry("remark_added", {"kind": kind, "visibility": visibility})
        journal.append(tx, case, [entry], Hand.of(actor))
        if visibility == PUBLIC:
            following.tell_of_reply(tx, case, actor.person_key)
            notices.tell_reporters(tx, case, "moved")
        notes.tell(tx, actor, case, key, named.people)
        return named


def _mentioned(
    tx: Transaction, actor: Actor, case_key: int, text: str, visibility: str
) -> Mentioned:
    """Return whom a comment mentions; what everybody reads mentions nobody."""
    if visibility == PUBLIC:
        return Mentioned({}, ())
    return notes.mentioned(tx, actor, case_key, text, visibility=visibility)


def attach(
    actor: Actor, case_key: int, uploads: Sequence[Upload], *, visibility: str, blobs: Blobs
) -> None:
    """Add files to a case; the journal says so, and who has its open tasks is told.

    Files of a confidential case are named without who reported it.

    Raises:
        NotFound, Forbidden: as for a remark. InvalidInput: there is none.
        FileRefused: one is not a file that is taken; those before it are there.
    """
    demand(actor, Action.REPLY_PUBLICLY if visibility == PUBLIC else Action.ATTACH)
    if not uploads:
        raise InvalidInput(what="The file", why="none was chosen.")
    with reading() as connection:
        demand_case(connection, actor, case_key)
    added = 0
    try:
        for upload in uploads:
            seen = replace(upload, visibility=visibility)
            keep_upload(seen, blobs=blobs, person_key=actor.person_key, case_key=case_key)
            added += 1
    finally:
        if added:
            _say_added(actor, case_key, added, visibility)


def _say_added(actor: Actor, case_key: int, added: int, visibility: str) -> None:
    with transaction() as tx:
        case = rows.lock_case(tx.connection, case_key)
        if case is None:
            return
        entry = Entry("files_added", {"count": added, "visibility": visibility})
        journal.append(tx, case, [entry], Hand.of(actor))
        resident_notices.tell_of_files(
            tx, case, by=actor.person_key, is_internal=visibility == "internal"
        )


def _checked(body: str, visibility: str) -> str:
    text = body.strip()
    if visibility not in (*AMONG_COLLEAGUES, PUBLIC):
        raise InvalidInput(what="The comment", why="choose who may read it.")
    if not text:
        raise InvalidInput(what="The comment", why="nothing was written.")
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(what="The comment", why="it is longer than 4,000 characters.")
    return text
