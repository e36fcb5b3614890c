"""Messages an instance throws: kept with its step, delivered once to whoever waits, or expired."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.cases import housekeeping, messages
from app.cases.designs import deploy
from app.clock import moved_to
from app.store.blobs import FolderBlobs
from app.store.db import reading
from app.store.tables.runtime import message, process_instance
from tests.engine.drawing import catch, diagram, end, process, start, throw
from tests.engine.drawing import message as named
from tests.support import walk
from tests.support.district import TUESDAY_NINE, District

CORRELATED = {"Asked": "=case.number", "Told": "=case.number"}


def deployed(*, waits_for: str) -> None:
    """Put a process in place that throws `Asked` and waits for a message."""
    drawn = process(
        "asks",
        start("begin", named("CaseReported")),
        throw("ask", named("Asked")),
        catch("hear", named(waits_for)),
        end("heard"),
        flows="begin > ask > hear > heard",
    )
    deploy({"asks.bpmn": diagram(drawn, correlations=CORRELATED)}, actor=None)


def buffered() -> int:
    with reading() as connection:
        found: int = connection.execute(select(func.count()).select_from(message)).scalar_one()
        return found


def state(case_key: int) -> str:
    with reading() as connection:
        found: str = connection.execute(
            select(process_instance.c.state).where(process_instance.c.case_key == case_key)
        ).scalar_one()
        return found


def test_a_thrown_message_reaches_who_waits_for_it_once(district: District) -> None:
    deployed(waits_for="Asked")
    case_key = walk.report().case_key
    assert (buffered(), state(case_key)) == (1, "ACTIVE")
    assert messages.deliver_buffered() == 1
    assert (buffered(), state(case_key)) == (0, "COMPLETED")
    assert messages.deliver_buffered() == 0


def test_a_message_nobody_waits_for_stays_until_it_expires(sqlite_district: District) -> None:
    deployed(waits_for="Told")
    with moved_to(TUESDAY_NINE):
        case_key = walk.report().case_key
        assert messages.deliver_buffered() == 0
        assert (buffered(), state(case_key)) == (1, "ACTIVE")
    blobs = FolderBlobs(Path(sqlite_district.app.instance_path))
    with moved_to(TUESDAY_NINE + timedelta(days=31)):
        housekeeping.tidy(blobs)
        assert buffered() == 0
