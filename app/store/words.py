"""Finding cases by what somebody remembers of them: number, telephone, address, words.

`case_search.words` holds number, address and description in lower case. Chinese has no spaces, so a
term may stand anywhere in it.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.sql.elements import SQLCoreOperations

from app.store.scope import Scope
from app.store.tables.cases import case_search, cases, reporter

MOST_TERMS = 8
MOST_CHARACTERS = 100
PHONE_DIGITS = 5
_PHONE = re.compile(r"[+\d][\d ()-]*")


def terms(text: str) -> list[str]:
    """Return what is to be found, in lower case; a telephone number stays together."""
    text = text.strip()[:MOST_CHARACTERS]
    if _PHONE.fullmatch(text) and len(_digits(text)) >= PHONE_DIGITS:
        return [text.lower()]
    return text.lower().split()[:MOST_TERMS]


def found_in(case_key: SQLCoreOperations[Any], wanted: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a case (its key a column) holds every term."""
    if not wanted:
        return true()
    words = case_search.c.words
    return exists().where(
        case_search.c.case_key == case_key,
        *(words.contains(term, autoescape=True) for term in wanted),
    )


def found_by(scope: Scope, wanted: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition on `cases`: every term is in its words, or is its reporter's number.

    Numbers are compared only for those who may see reporters; those of confidential cases only for
    those who may see them there.
    """
    in_words = found_in(cases.c.key, wanted)
    digits = _digits(wanted[0]) if len(wanted) == 1 and _PHONE.fullmatch(wanted[0]) else ""
    if len(digits) < PHONE_DIGITS or not scope.can_see_reporters:
        return in_words
    called = select(reporter.c.case_key).where(
        reporter.c.phone_digits >= digits, reporter.c.phone_digits < digits + ":"
    )
    has_number: ColumnElement[bool] = cases.c.key.in_(called)
    if not scope.can_see_confidential:
        has_number = and_(has_number, cases.c.is_confidential.is_(False))
    return or_(in_words, has_number)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
