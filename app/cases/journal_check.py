"""Checks the hash chains of journals, for an operator who wants to know that none was touched."""

from app.cases.journal import first_broken
from app.errors import NotFound
from app.store import journals
from app.store.db import reading


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
