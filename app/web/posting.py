"""What a form without a task posts: its fields, its files, the random words its page carries.

`_group` holds the files until the form is accepted, `_once` makes a post count once.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from io import BytesIO

from flask import Response, current_app, request, send_file

from app.cases import start_form
from app.cases.attachments import Upload
from app.cases.task_view import district_zone
from app.errors import CaseError
from app.web.uploads import posted_files

GROUP, ONCE, REFRESH = "_group", "_once", "_refresh"
_RANDOM = re.compile(r"[A-Za-z0-9_-]{32}")
Fields = dict[str, Sequence[str]]
Keep = Callable[[str, Upload], int]


def fields() -> Fields:
    """Return the fields of the post, without the token against forged requests."""
    return {name: values for name, values in request.form.lists() if not name.startswith("csrf_")}


def random_word(name: str) -> str:
    """Return the random word the page carries under `name`, a new one where it carries none."""
    given = request.form.get(name, "")
    return given if _RANDOM.fullmatch(given) else secrets.token_urlsafe(24)


def unsent_file(group: str, key: int) -> Response:
    """Show a file of a form that is not sent yet to whoever is writing it.

    Raises:
        NotFound: there is no such file in that group.
    """
    row = start_form.unsent_file(group, key)
    is_picture = row.thumbnail_as is not None
    return send_file(
        BytesIO(current_app.extensions["blobs"].get(row.thumbnail_as or row.stored_as)),
        mimetype="image/jpeg" if is_picture else row.media_type,
        as_attachment=not is_picture,
        download_name=row.file_name,
    )


def once() -> str:
    """Return the key under which this very post counts once: its page, its words, its files."""
    known = hashlib.sha256(random_word(ONCE).encode())
    for name, values in sorted(fields().items()):
        known.update(repr((name, list(values))).encode())
    for name in sorted(request.files):
        for upload in request.files.getlist(name):
            known.update(hashlib.sha256(upload.stream.read()).digest())
            upload.stream.seek(0)
    return known.hexdigest()


def kept_files(keep: Keep) -> tuple[dict[str, list[int]], CaseError | None]:
    """Keep the files of the post; return their keys by field, and the first error if any."""
    kept: dict[str, list[int]] = {}
    refused: CaseError | None = None
    if not any(file.filename for file in request.files.values()):
        return kept, refused
    for name, upload in posted_files(zone=district_zone()):
        try:
            key = keep(name, upload)
        except CaseError as error:
            refused = refused or error
        else:
            kept.setdefault(name, []).append(key)
    return kept, refused


def address() -> str:
    """Return where the post came from."""
    return request.remote_addr or ""
