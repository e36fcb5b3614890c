"""One's own page: password, language, which mail one wants, and one's absence."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from app.cases import sessions
from app.cases.absence import Absences, read_absences
from app.cases.frame import Frame, read_frame
from app.errors import InvalidInput, NotFound
from app.organisation.actor import Actor
from app.store import people as rows
from app.store.db import reading, transaction

WISHES = {
    "offered": ("task_offered",),
    "handed": (
        "task_given",
        "task_taken_away",
        "task_taken_back",
        "task_taken_over",
        "tasks_given",
        "tasks_taken_away",
        "tasks_taken_back",
        "task_canceled",
    ),
    "mentioned": ("mentioned",),
    "followed": ("case_moved",),
}
"""What people choose their mail by, and the kinds of notice under each; others always come."""

TRIES, WINDOW = 10, timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What somebody may see and change of themselves."""

    frame: Frame
    login: str
    name: str
    email: str | None
    language: str
    wants_mail: bool
    wishes: tuple[str, ...]
    absences: Absences


def read_own_page(actor: Actor) -> OwnPage:
    """Return one's own page.

    Raises:
        NotFound: the account is gone.
    """
    with reading() as connection:
        frame = read_frame(connection)
        person = rows.person_by_key(connection, actor.person_key)
        if person is None:
            raise NotFound(what="person", key=actor.person_key)
        unwanted = set(person.unwanted_mail or [])
        today = frame.now.astimezone(frame.zone).date()
        return OwnPage(
            frame=frame,
            login=person.login,
            name=person.name,
            email=person.email,
            language=person.language,
            wants_mail=person.wants_mail,
            wishes=tuple(wish for wish, kinds in WISHES.items() if unwanted.isdisjoint(kinds)),
            absences=read_absences(connection, actor, today),
        )


def choose_password(actor: Actor, current: str, new: str, again: str, *, token: str) -> None:
    """Let somebody choose a new password, typed twice; every other session of theirs ends.

    Raises:
        InvalidInput: the two differ. WrongCredentials: the current one is another.
        TooManyAttempts: it was guessed too often.
        PasswordTooShort, PasswordTooLong, PasswordTooEasy: the new one cannot be taken.
    """
    if new != again:
        raise InvalidInput(what="The new password", why="the two do not match.", field="again")
    sessions.limit_rate(f"own password of {actor.person_key}", at_most=TRIES, window=WINDOW)
    sessions.change_password(actor, current, new, token=token)


def choose_mail(actor: Actor, *, wants_mail: bool, wishes: Collection[str]) -> None:
    """Keep whether somebody wants mail, and about what."""
    unwanted = sorted(
        kind for wish, kinds in WISHES.items() if wish not in wishes for kind in kinds
    )
    with transaction() as tx:
        rows.update_person(
            tx.connection, actor.person_key, wants_mail=wants_mail, unwanted_mail=unwanted
        )
