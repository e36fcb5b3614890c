"""The journal of a case line by line, and whether nobody touched it since.

An operator checks the hash chains of all journals; whoever may read one sees that it is sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.cases.frame import Frame, read_frame
from app.cases.journal import first_broken
from app.cases.story import Line, tell
from app.cases.visible import visible_case
from app.cases.wording import Wording
from app.errors import NotFound
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import case_files, journals
from app.store.db import reading


@dataclass(frozen=True, slots=True)
class CaseJournal:
    """The whole journal of a case; `hashes` by number, `broken` is the first line that breaks."""

    frame: Frame
    key: int
    number: str
    lines: tuple[Line, ...]
    hashes: Mapping[int, str]
    broken: int | None


def read_journal(actor: Actor, case_key: int, *, language: str) -> CaseJournal:
    """Return the journal of a case in order, and check its chain.

    Raises:
        Forbidden: the actor may not. NotFound: the case is not for their eyes.
    """
    demand(actor, Action.VIEW_JOURNAL)
    with reading() as connection:
        case = visible_case(connection, actor, case_key)
        frame = read_frame(connection)
        instances = case_files.instances(connection, case_key)
        wording = Wording(connection, language)
        story = tell(connection, case_key, instances, frame=frame, wording=wording)
        ((_number, rows),) = journals.by_case(connection, case["number"])
        return CaseJournal(
            frame,
            case_key,
            case["number"],
            story.lines,
            {row["number"]: row["hash"] for row in rows},
            first_broken(rows),
        )


def verify(number: str | None = None) -> tuple[int, dict[str, int]]:
    """Return how many journals were checked, and by case number the first line that breaks.

    Raises:
        NotFound: there is no case with this number.
    """
    broken: dict[str, int] = {}
    checked = 0
    with reading() as connection:
        for case_number, lines in journals.by_case(connection, number):
            checked += 1
            line = first_broken(lines)
            if line is not None:
                broken[case_number] = line
    if number is not None and not checked:
        raise NotFound(what="case", number=number)
    return checked, broken
