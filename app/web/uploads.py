"""Files of a post: each as the use case takes it, with what the camera told the page's script.

A browser without that script sends the files alone; time and place then come from the file itself.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import FileStorage

from app.cases.attachments import Upload


def posted_files(*, zone: ZoneInfo) -> Iterator[tuple[str, Upload]]:
    """Yield every file of the post with the name of its field."""
    for name in request.files:
        files = [file for file in request.files.getlist(name) if file.filename]
        taken = request.form.getlist(f"{name}_taken_at")
        latitudes = request.form.getlist(f"{name}_latitude")
        longitudes = request.form.getlist(f"{name}_longitude")
        rows = zip_longest(files, taken, latitudes, longitudes, fillvalue="")
        for file, at, latitude, longitude in rows:
            if isinstance(file, FileStorage):
                yield name, _upload(file, (str(at), str(latitude), str(longitude)), zone)


def _upload(file: FileStorage, told: Sequence[str], zone: ZoneInfo) -> Upload:
    taken, latitude, longitude = told
    place = (_degrees(latitude, 90), _degrees(longitude, 180))
    has_place = None not in place
    return Upload(
        file_name=file.filename or "file",
        content=file.read(),
        captured_at=_instant(taken, zone),
        latitude=place[0] if has_place else None,
        longitude=place[1] if has_place else None,
    )


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    """Read what a camera wrote: without an offset it is the district's local time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _degrees(text: str, most: int) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if -most <= found <= most else None
