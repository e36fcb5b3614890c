"""The stages of a case at which its reporter can ask to be told.

The report form and the tracking page offer the choice. Which letter belongs to which stage is said
by the table `reporter_letters`; the outbox asks it before it writes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.cases import facts, standing_tables
from app.cases.frame import Frame
from app.errors import CaseError
from app.store.db import Connection

TABLE: Final = "reporter_letters"
STAGES: Final = ("accepted", "progress", "handled", "closed")
ALWAYS: Final = "always"
MAIL, MESSAGE, NOTHING = "mail", "message", "nothing"
WAYS: Final = (MAIL, MESSAGE, NOTHING)


class NoStage(CaseError):
    """The table “Letters to reporters” says for no stage when the letter {letter} is sent. Add a row for it, or a last row that fits every letter."""  # noqa: E501

    code = "no_stage"


def stage_of(connection: Connection, letter: str, case: Mapping[str, Any], *, frame: Frame) -> str:
    """Return the stage of a case, or `ALWAYS`, to which a letter about it belongs.

    Raises:
        NoStage: no row of the table fits, or the one that does gives none.
    """
    given = {"letter": letter, "case": facts.context(case, frame.directory, frame.zone)}
    found = standing_tables.ask(connection, TABLE, given, now=frame.now)
    if found not in (*STAGES, ALWAYS):
        raise NoStage(letter=letter)
    return str(found)


def is_wanted(stage: str, chosen: Sequence[str] | None) -> bool:
    """Tell whether somebody who chose these stages (None: all) wants what belongs to `stage`."""
    return stage == ALWAYS or chosen is None or stage in chosen


def known(stages: Sequence[object]) -> list[str]:
    """Return those that are stages, each once, in the order in which a case takes them."""
    return [stage for stage in STAGES if stage in stages]
