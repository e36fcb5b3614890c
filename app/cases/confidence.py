"""What follows when a case is confidential: nothing kept about it says who reported it.

`case_operations.record_facts` calls `hide_reporters` when the fact becomes true after the report;
`journal.record` covers what each later step writes. What is taken out is exactly what stands in the
rows of the reporters, which only those see who may, so nothing is lost and no other copy is kept.
"""

from collections.abc import Iterator

from app.cases import attachments, discretion
from app.cases.work import Work
from app.json_types import Json
from app.store import kept_words
from app.store.kept_words import Change
from app.store.projection import Projection, Rows

OF_CASE = ("description", "address", "answers")


def hide_reporters(work: Work) -> None:
    """Take out of everything kept about a case how its reporters can be reached.

    Words of theirs stay within the grid line from now on, and their files lose their names, and
    where and when they were taken.
    """
    change = _change(work)
    connection = work.tx.connection
    _cover_case(work, change)
    work.run.rewrite(change)
    kept_words.rewrite(connection, work.case_key, change)
    kept_words.keep_within(
        connection, work.case_key, visibility=discretion.visibility_of(is_confidential=True)
    )
    attachments.make_discreet(connection, kept_words.files_of_reporters(connection, work.case_key))
    work.note("reporter_hidden")


def cover(work: Work, rows: Projection) -> None:
    """Take it out of the rows a step of a confidential case is about to write."""
    change = _change(work)
    _cover_case(work, change)
    for table, columns in _written(rows):
        for row in table:
            for name in columns:
                if row.get(name) is not None:
                    row[name] = change(row[name])


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
    yield rows.tasks, ("inputs",)
    yield rows.jobs, ("inputs",)
    yield rows.messages, ("variables",)
    yield rows.whistles, ("need", "expected", "basis", "minutes", "decisions")
    yield rows.whistle_reports, kept_words.OF_REPORT


def _change(work: Work) -> Change:
    names = tuple(kept_words.contact_words(work.tx.connection, work.case_key))

    def change(value: Json) -> Json:
        return discretion.kept_without(value, names)

    return change
