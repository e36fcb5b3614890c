"""Tables for spreadsheets: CSV sent row by row, with no cell that a spreadsheet would compute."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
BYTE_ORDER_MARK = "\ufeff"  # by it spreadsheets know that the file is UTF-8


def csv_response(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """Return the rows as a download called `name`."""
    return Response(
        stream_with_context(_written(rows)),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def cell(value: object) -> str:
    """Return a cell as text; one that a spreadsheet would compute is marked as text."""
    text = "" if value is None else str(value)
    text = text.replace("\0", "")
    return f"'{text}" if str(value).startswith(_COMPUTED) else text


def _written(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield BYTE_ORDER_MARK
    for row in rows:
        writer.writerow([cell(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
