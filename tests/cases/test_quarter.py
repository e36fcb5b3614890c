"""A short quarter: sixty mixed cases from report to end, and nothing left over."""

from datetime import timedelta

from sqlalchemy import delete, insert, update

from app.cases.journal import first_broken
from app.store.db import transaction
from app.store.tables.cases import journal
from app.store.tables.runtime import message, process_instance, timer
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District
from tests.support.quarter import LATEST, Quarter, count_messages, faults

THE_END = LATEST + timedelta(days=1)


def test_sixty_mixed_cases_leave_nothing_behind(district: District) -> None:
    quarter = Quarter(district, count=60, seed=2026)
    count_messages()
    quarter.run()
    assert len(quarter.case_keys) >= 60
    assert faults(THE_END) == []


def test_what_is_left_behind_is_told(sqlite_district: District) -> None:
    """The negative control: each kind of thing left over is found."""
    count_messages()
    key = walk.report().case_key
    with transaction() as tx:
        tx.connection.execute(
            update(process_instance)
            .where(process_instance.c.case_key == key)
            .values(state="COMPLETED")
        )
        instance = tx.connection.execute(process_instance.select()).one()
        tx.connection.execute(
            insert(timer).values(
                key=tx.next_key(),
                instance_key=instance.key,
                element_key=1,
                element_id="lost",
                due_at=TUESDAY_NINE,
            )
        )
        tx.connection.execute(
            insert(message).values(
                key=tx.next_key(),
                message_name="Lost",
                variables={},
                published_at=tx.now,
                expires_at=THE_END,
            )
        )
        tx.connection.execute(delete(journal).where(journal.c.number == 2))
    assert first_broken(walk.journal_of(key)) == 2
    told = " / ".join(faults(THE_END))
    for what in (
        "1 timers of instances that have ended",
        "1 timers that are due",
        "1 messages that are not delivered",
        "1 cases without an outcome",
        "1 messages Lost were thrown and 0 received",
        f"the journal of case {key} is broken at line 2",
    ):
        assert what in told
