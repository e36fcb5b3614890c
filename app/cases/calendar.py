"""The district's work calendar is kept filled: the published years, and the next one as a guess.

Deployment and `cases.demo` call `extend_calendar`; it costs one statement when there is nothing to
do.
"""

from datetime import date

from app.organisation.calendar_seed import CALENDAR, seed_days
from app.store import calendar as calendar_rows
from app.store.db import Transaction


def extend_calendar(tx: Transaction) -> int:
    """Add the days the calendar lacks until the end of next year, and return how many.

    Days that are there stay as they are, edited or not.
    """
    wanted = date(tx.now.year + 1, 12, 31)
    last = calendar_rows.last_day(tx.connection, CALENDAR)
    if last is not None and last >= wanted:
        return 0
    missing = [row for row in seed_days(wanted.year) if last is None or row["day"] > last]
    calendar_rows.insert_days(tx.connection, missing)
    return len(missing)
