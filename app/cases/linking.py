"""Starts a process that runs beside a case: an instance of its own on the same case.

`cases.messages` calls `start_linked` when a message names no one who waits, but a process it
starts. The case is locked, the sender is not: no transaction locks two instances.
"""

from app.cases.calendar import CalendarContext
from app.cases.work import Work, begin
from app.json_types import JsonObject
from app.organisation import calendar as calendars
from app.organisation import directory as directories
from app.store import instances, processes
from app.store.db import Transaction


def start_linked(
    tx: Transaction, name: str, *, case_key: int, parent_key: int | None, variables: JsonObject
) -> Work | None:
    """Start the newest process that the message `name` starts, beside the case.

    None when no process of that kind is deployed or there is no such case.
    """
    definition_key = processes.newest_started_by(tx.connection, name)
    locked = None if definition_key is None else instances.lock_case(tx.connection, case_key)
    if definition_key is None or locked is None:
        return None
    directory = directories.current(tx.connection, locked.directory_version)
    calendar = CalendarContext(
        calendars.current(tx.connection, locked.calendar_version), directory.chain_of, tx.now
    )
    work = begin(
        tx,
        definition_key,
        name,
        case=dict(locked.case),
        directory=directory,
        calendar=calendar,
        variables=variables,
        parent_key=parent_key,
    )
    work.note("process_started", {"process": work.deployed.process_id})
    return work
