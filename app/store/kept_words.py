"""Every column in which words of a case are kept, so that they can be changed in all of them.

`cases.confidence` asks for it when a case becomes confidential. The journal is not among them: its
lines hold keys and codes, and are chained.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, select, update

from app.json_types import Json
from app.store.tables.cases import (
    attachment,
    case_search,
    deadline_ledger,
    fact_change,
    remark,
    reporter,
    submission,
)
from app.store.tables.evaluations import evaluation
from app.store.tables.runtime import (
    incident,
    job,
    message,
    process_instance,
    timer,
    user_task,
)
from app.store.tables.together import handover
from app.store.tables.whistles import whistle, whistle_report

Change = Callable[[Json], Json]
OF_WHISTLE = ("need", "expected", "basis", "legal_basis", "minutes", "decisions")
OF_CASE: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (case_search, ("words",)),
    (submission, ("answers",)),
    (fact_change, ("old_value", "new_value", "reason")),
    (remark, ("body",)),
    (deadline_ledger, ("reason",)),
    (evaluation, ("quote",)),
    (user_task, ("inputs", "properties", "draft")),
    (message, ("variables", "last_error")),
    (handover, ("reason",)),
    (whistle, OF_WHISTLE),
)
CONTACT = ("name", "phone", "email")
OF_JOB = ("inputs", "error_message")
OF_FILE = ("file_name",)
OF_REPORT = ("who", "tasks", "owner", "outcome")


def rewrite(connection: Connection, case_key: int, change: Change) -> None:
    """Change the words kept about a case whose row is locked, wherever `change` finds some."""
    for table, columns, where in _places(case_key):
        keys = list(table.primary_key)
        kept = [table.c[name] for name in columns]
        found = select(*keys, *kept).where(where).with_for_update(of=table, key_share=True)
        for row in connection.execute(found).mappings().all():
            changed = {name: change(row[name]) for name in columns if row[name] is not None}
            changed = {name: value for name, value in changed.items() if value != row[name]}
            if changed:
                this = and_(*(key == row[key.name] for key in keys))
                connection.execute(update(table).where(this).values(changed))


def keep_within(connection: Connection, case_key: int, *, visibility: str) -> None:
    """Let what reporters of a case wrote be read by fewer; what is public stays so."""
    connection.execute(
        update(remark)
        .where(
            remark.c.case_key == case_key,
            remark.c.reporter_key.is_not(None),
            remark.c.visibility != "public",
        )
        .values(visibility=visibility)
    )


def files_of_reporters(connection: Connection, case_key: int) -> list[int]:
    """Return the keys of the files that came with the report, or from its reporters later."""
    query = select(attachment.c.key).where(
        attachment.c.case_key == case_key,
        attachment.c.person_key.is_(None) | (attachment.c.kind == "report"),
    )
    return list(connection.execute(query.order_by(attachment.c.key)).scalars())


def contact_words(connection: Connection, case_key: int) -> Iterator[str]:
    """Yield every name, number and address of mail of the reporters of a case."""
    for row in connection.execute(_CONTACT_WORDS, {"the_case": case_key}):
        yield from filter(None, row)


_CONTACT_WORDS = select(*(reporter.c[name] for name in CONTACT)).where(
    reporter.c.case_key == bindparam("the_case")
)


def _places(case_key: int) -> Iterator[tuple[Table, tuple[str, ...], ColumnElement[bool]]]:
    for table, columns in OF_CASE:
        yield table, columns, table.c.case_key == case_key
    instances = select(process_instance.c.key).where(process_instance.c.case_key == case_key)
    yield job, OF_JOB, job.c.instance_key.in_(instances)
    yield timer, ("last_error",), timer.c.instance_key.in_(instances)
    yield incident, ("message", "reason"), incident.c.instance_key.in_(instances)
    whistles = select(whistle.c.key).where(whistle.c.case_key == case_key)
    yield whistle_report, OF_REPORT, whistle_report.c.whistle_key.in_(whistles)
    tasks = select(user_task.c.key).where(user_task.c.case_key == case_key)
    yield attachment, OF_FILE, attachment.c.task_key.in_(tasks)
