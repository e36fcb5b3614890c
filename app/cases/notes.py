"""Notes to colleagues: whoever a comment mentions with @login is told, if they may see the case.

`cases.remarks` asks who is mentioned before it keeps a comment, and keeps none that somebody it
mentions could not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.cases import notices
from app.cases.calendar import local_today
from app.cases.case_view import sees_internal
from app.cases.colleagues import as_actor, sees_case
from app.cases.people import directory_now
from app.cases.work import NoticeTo
from app.errors import CaseError
from app.organisation.actor import Actor
from app.organisation.directory import Directory
from app.store import handovers
from app.store import remarks as rows
from app.store.db import Transaction

INTERNAL = "internal"
MOST_PEOPLE = 20
_AT = re.compile(r"(?<![\w.])@([\w.-]{2,64})")


class MentionedCannotSee(CaseError):
    """{name} may not see this case: none of their positions takes part in it. Leave the name out, or tell them another way."""  # noqa: E501

    code = "mentioned_cannot_see"


class MentionedCannotRead(CaseError):
    """{name} belongs to a department and cannot read comments of the grid line. Let the departments read the comment, or leave the name out."""  # noqa: E501

    code = "mentioned_cannot_read"


class TooManyMentioned(CaseError):
    """A comment can mention {most} colleagues at most."""

    code = "too_many_mentioned"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Who a comment mentions, by key, and what looked like a login and is none."""

    people: dict[int, str]
    unknown: tuple[str, ...]


def mentioned(
    tx: Transaction, actor: Actor, case_key: int, body: str, *, visibility: str
) -> Mentioned:
    """Return the colleagues a comment mentions; oneself is nobody to be told.

    Raises:
        MentionedCannotSee, MentionedCannotRead, TooManyMentioned: see there.
    """
    directory = directory_now(tx.connection)
    keys, unknown = _named(directory, _AT.findall(body))
    keys.discard(actor.person_key)
    if len(keys) > MOST_PEOPLE:
        raise TooManyMentioned(most=MOST_PEOPLE)
    names = {key: name for key, (_, name) in handovers.active(tx.connection, keys).items()}
    today = local_today(tx.connection, tx.now)
    for key, name in names.items():
        if not sees_case(tx.connection, directory, key, case_key, on=today):
            raise MentionedCannotSee(name=name)
        if visibility == INTERNAL and not sees_internal(as_actor(directory, key, today)):
            raise MentionedCannotRead(name=name)
    return Mentioned(names, unknown)


def tell(
    tx: Transaction, actor: Actor, case: dict[str, Any], remark_key: int, people: Iterable[int]
) -> None:
    """Keep whom a comment mentions, and tell them."""
    keys = sorted(people)
    rows.mention(tx.connection, remark_key, keys)
    told = [
        NoticeTo("mentioned", {"number": case["number"], "by": actor.person_key}, person_key=key)
        for key in keys
    ]
    notices.tell(tx, told, case_key=case["key"], clock_domain=case["clock_domain"])


def _named(directory: Directory, words: Iterable[str]) -> tuple[set[int], tuple[str, ...]]:
    """Return whom words name; Chinese has no space after a name, so its beginning may do."""
    keys: set[int] = set()
    unknown: list[str] = []
    for word in words:
        ends = range(len(word), 1, -1)
        found = (directory.person_by_login(word[:end]) for end in ends if _may_end(word, end))
        key = next((each for each in found if each is not None), None)
        if key is None:
            unknown.append(word)
        else:
            keys.add(key)
    return keys, tuple(dict.fromkeys(unknown))


def _may_end(word: str, end: int) -> bool:
    """Tell whether a login may end there: not in the middle of a word of Latin letters."""
    if end == len(word):
        return True
    following = word[end]
    return following in ".-" or not following.isascii()
