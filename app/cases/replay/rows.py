"""Reading the file: each line a request with its instants, or a sentence on why it is skipped.

Rows are kept packed, one text each, so that a replay needs little more memory than the file.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.cases.replay.mapping import Mapping
from app.errors import CaseError

BETWEEN = "\x1f"


class FileUnreadable(CaseError):
    """The file {file} cannot be read: {why}"""

    code = "file_unreadable"


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is skipped, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the file; instants in UTC."""

    number: str
    reported_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    packed: str


def columns_of(path: Path) -> list[str]:
    """Return the names in the file's first line.

    Raises:
        FileUnreadable: there is no such file, it is no text, or it is empty.
    """
    try:
        with _text(path) as lines:
            return next(csv.reader(lines))
    except StopIteration as error:
        raise FileUnreadable(file=path.name, why="it is empty.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadable(file=path.name, why=str(error)) from error


def requests_in(path: Path, mapping: Mapping, *, limit: int | None) -> Iterator[Request | Bad]:
    """Yield every line of the file after the first as a request or as bad, at most `limit`.

    Raises:
        FileUnreadable: the file breaks off in the middle.
    """
    columns = columns_of(path)
    seen: set[str] = set()
    try:
        with _text(path) as lines:
            reader = csv.reader(lines)
            next(reader)
            for count, values in enumerate(reader):
                if limit is not None and count >= limit:
                    return
                yield _request(values, columns, mapping, seen, line=reader.line_num)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadable(file=path.name, why=str(error)) from error


def unpacked(request: Request, columns: list[str]) -> dict[str, str | None]:
    """Return the request's cells by column, empty ones None."""
    cells = request.packed.split(BETWEEN)
    return {name: cell.strip() or None for name, cell in zip(columns, cells, strict=True)}


def _text(path: Path) -> io.TextIOWrapper:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _request(
    values: list[str], columns: list[str], mapping: Mapping, seen: set[str], *, line: int
) -> Request | Bad:
    if len(values) != len(columns):
        return Bad(line, f"it has {len(values)} cells, not {len(columns)}")
    cells = dict(zip(columns, (value.strip() for value in values), strict=True))
    number = cells[mapping.number]
    if not number:
        return Bad(line, f"{mapping.number} is empty")
    if number in seen:
        return Bad(line, f"{mapping.number} {number} is there twice")
    try:
        reported_at = _instant(cells[mapping.reported_at], mapping)
        due_at = _instant(cells[mapping.due_at], mapping)
        closed_at = _instant(cells[mapping.closed_at], mapping)
    except ValueError as error:
        return Bad(line, str(error))
    if reported_at is None:
        return Bad(line, f"{mapping.reported_at} is empty")
    if closed_at is not None and closed_at < reported_at:
        return Bad(line, f"{mapping.closed_at} is before {mapping.reported_at}")
    seen.add(number)
    packed = BETWEEN.join(value.replace(BETWEEN, " ") for value in values)
    return Request(number, reported_at, due_at, closed_at, packed)


def _instant(written: str, mapping: Mapping) -> datetime | None:
    if not written:
        return None
    local = datetime.strptime(written, mapping.time_format).replace(tzinfo=mapping.zone)
    return local.astimezone(UTC)
