"""What follows when a case is confidential: nothing kept about it says who reported it.

`case_operations.record_facts` calls `hide_reporters` when the fact becomes true after the report;
`journal.record` covers what each later step writes, `covered` what is written outside of one. What
is taken out is exactly what stands in the rows of the reporters, which only those see who may, so
nothing is lost and no other copy is kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from app.cases import discretion
from app.cases.deployed import deployed
from app.cases.work import Work
from app.engine import runner
from app.errors import CaseBusy
from app.json_types import Json
from app.store import attachments, instances, kept_words, projection
from app.store.db import Connection, Transaction
from app.store.instances import Running
from app.store.kept_words import Change
from app.store.projection import Projection, Rows

Kept = TypeVar("Kept", bound=Json)

OF_CASE = ("description", "address", "answers")


def hide_reporters(work: Work) -> None:
    """Take out of everything kept about the case of a step how its reporters can be reached.

    Words of theirs stay within the grid line from now on, and their files lose their names, and
    where and when they were taken. The other instances of the case are changed in the same
    transaction: it has the case, without which none of them moves (`store.instances`).
    """
    change = _change(work.tx.connection, work.case)
    _cover_case(work, change)
    work.run.rewrite(change)
    _clean(work.tx, work.case, change, but=work.instance_key)
    work.note("reporter_hidden")


def hide_reporters_of(tx: Transaction, case: dict[str, Any]) -> None:
    """Do the same for a locked case outside a step: none of its instances is under way."""
    change = _change(tx.connection, case)
    changed = {column: change(case[column]) for column in OF_CASE}
    case |= changed
    projection.update_case(tx.connection, case["key"], changed)
    _clean(tx, case, change)


def cover_variables(work: Work) -> None:
    """Take it out of what the instance of a confidential case remembers, before it is kept."""
    work.run.rewrite(_change(work.tx.connection, work.case))


def cover(work: Work, rows: Projection) -> None:
    """Take it out of the rows a step of a confidential case is about to write."""
    change = _change(work.tx.connection, work.case)
    _cover_case(work, change)
    for table, columns in _written(rows):
        for row in table:
            for name in columns:
                if row.get(name) is not None:
                    row[name] = change(row[name])


def covered(connection: Connection, case: Mapping[str, Any], value: Kept) -> Kept:
    """Return what is about to be kept of a case without its reporters, if it is confidential."""
    if not case["is_confidential"]:
        return value
    changed: Kept = _change(connection, case)(value)  # type: ignore[assignment]
    return changed


def unnamed(connection: Connection, case: Mapping[str, Any], value: Kept) -> Kept:
    """Return what can never be changed again without the reporters, whatever the case is."""
    changed: Kept = unnaming(connection, case)(value)  # type: ignore[assignment]
    return changed


def unnaming(
    connection: Connection, case: Mapping[str, Any], *, besides: Rows | None = None
) -> Change:
    """Return what `unnamed` does, for several things at once.

    `besides` are rows of reporters that are about to be written.
    """
    return _change(connection, case, besides or [])


def _clean(
    tx: Transaction, case: Mapping[str, Any], change: Change, *, but: int | None = None
) -> None:
    for instance in instances.running(tx.connection, case["key"]):
        if instance.key != but:
            _clean_instance(tx, instance, change)
    kept_words.rewrite(tx.connection, case["key"], change)
    kept_words.keep_within(
        tx.connection, case["key"], visibility=discretion.visibility_of(is_confidential=True)
    )
    files = kept_words.files_of_reporters(tx.connection, case["key"])
    attachments.make_discreet(tx.connection, files)


def _clean_instance(tx: Transaction, instance: Running, change: Change) -> None:
    """Change the variables of an instance that stands still; it stays where it is."""
    run = runner.load(
        deployed(tx.connection, instance.definition_key).definition,
        instance.engine_state,
        facts={},
        now=tx.now,
        next_key=tx.next_key,
    )
    run.rewrite(change)
    if not instances.save(
        tx.connection,
        instance.key,
        seen_version=instance.version,
        engine_state=run.progress().state,
        state=instance.state,
        ended_at=None,
    ):
        raise CaseBusy(key=instance.key)


def _cover_case(work: Work, change: Change) -> None:
    for column in OF_CASE:
        value = change(work.case[column])
        if value != work.case[column]:
            work.set_column(column, value)


def _written(rows: Projection) -> Iterator[tuple[Rows, tuple[str, ...]]]:
    yield rows.submissions, ("answers",)
    yield rows.fact_changes, ("old_value", "new_value")
    yield rows.remarks, ("body",)
    yield rows.ledger, ("reason",)
    yield rows.evaluations, ("quote",)
    yield rows.tasks, ("inputs", "properties", "draft")
    yield rows.jobs, ("inputs",)
    yield rows.messages, ("variables",)
    yield rows.whistles, kept_words.OF_WHISTLE
    yield rows.whistle_reports, kept_words.OF_REPORT


def _change(connection: Connection, case: Mapping[str, Any], new: Rows | None = None) -> Change:
    coming = (row[name] for row in new or [] for name in kept_words.CONTACT if row[name])
    names = (*kept_words.contact_words(connection, case["key"]), *coming)

    def change(value: Json) -> Json:
        return value if value == case["number"] else discretion.kept_without(value, names)

    return change
