"""A draft of a table takes effect: a new version of its file, labels and asking processes with it.

A draft takes effect only on the version it was begun with. New cases go by it at once, running ones
keep the version they began with.
"""

from graphlib import TopologicalSorter

import orjson

from app.cases import designs, table_sheets
from app.cases.designs import Deployment
from app.cases.table_drafts import demand_short, has_changed
from app.cases.table_sheets import TableState
from app.errors import CaseError
from app.organisation.actor import Actor
from app.organisation.permissions import Action, demand
from app.store import processes, table_drafts
from app.store.db import Connection, transaction
from app.store.processes import Resource, ResourceKind


class DraftOvertaken(CaseError):
    """Somebody put another version of this table into effect after you began. Your changes are kept: carry them over, then look at them again."""  # noqa: E501

    code = "draft_overtaken"


class NothingChanged(CaseError):
    """There is no change that could take effect."""

    code = "nothing_changed"


def put_into_effect(
    actor: Actor, decision_id: str, *, reason: str = "", restores: int | None = None
) -> Deployment:
    """Deploy the actor's draft as a new version, with its labels and the processes that ask it.

    New cases go by it at once; running ones keep the version they began with.

    Raises:
        Forbidden, NotFound, NothingChanged: as they say. DraftOvertaken: see there.
        DesignRefused: the table, or a process that asks it, has problems.
    """
    demand(actor, Action.DEPLOY)
    demand_short(reason)
    with transaction() as tx:
        newest = table_drafts.lock_newest(tx.connection, decision_id)
        state = table_sheets.load(tx.connection, decision_id, actor.person_key)
        if state.draft is None or not has_changed(state):
            raise NothingChanged
        if state.draft.base_key != newest or state.newest.key != newest:
            raise DraftOvertaken
        done = designs.deploy_within(tx, _files(tx.connection, state), actor=actor)
        table_drafts.drop_draft(tx.connection, decision_id, actor.person_key)
        for resource in done.new:
            if resource.kind is ResourceKind.DECISION:
                row = {
                    "key": tx.next_key(),
                    "requirements_key": resource.key,
                    "decision_id": decision_id,
                    "reason": reason.strip() or None,
                    "restores": restores,
                }
                table_drafts.note_change(tx.connection, row)
        return done


def _files(connection: Connection, state: TableState) -> dict[str, bytes]:
    """Return what is deployed: the table, its labels, and the processes that ask it."""
    files = {state.newest.file_name: state.content()}
    for language, labels in state.worded.items():
        written = orjson.dumps(labels, option=orjson.OPT_INDENT_2) + b"\n"
        files[f"{state.newest.file_id}.{language}.json"] = written
    return files | _asking(connection, state.newest.decision_id)


def _asking(connection: Connection, decision_id: str) -> dict[str, bytes]:
    """Return the newest processes that ask a decision, and those that call them, called first."""
    latest = processes.latest(connection, ResourceKind.PROCESS)
    asking = {name for name, each in latest.items() if decision_id in _bound(each, "decisions")}
    while True:
        more = {name for name, each in latest.items() if asking & _bound(each, "processes")}
        if more <= asking:
            break
        asking |= more
    calls = {name: asking & _bound(latest[name], "processes") - {name} for name in sorted(asking)}
    ordered = TopologicalSorter(calls).static_order()
    return {latest[name].resource_name: latest[name].content for name in ordered}


def _bound(process: Resource, section: str) -> set[str]:
    found = process.bindings.get(section)
    return set(found) if isinstance(found, dict) else set()
