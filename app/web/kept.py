"""What somebody typed, carried through a page that had to stop them: sign-in, or a stale form.

Only what our own pages sent is carried, so that nobody else can put words into a person's mouth.
"""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import request

from app.web import csrf

LEFT_OUT = frozenset({csrf.FIELD, "password", "kept", "kept_for", "next"})
MOST_CHARACTERS = 200_000
Fields = Sequence[tuple[str, str]]


def kept_fields() -> Fields:
    """Return the fields of the post at hand, none when another site's page sent it."""
    if not _is_ours():
        return ()
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in LEFT_OUT
    ]
    return fields if sum(len(value) for _, value in fields) <= MOST_CHARACTERS else ()


def packed(fields: Fields) -> str:
    """Return the fields as one hidden input's value."""
    return json.dumps(list(fields), ensure_ascii=False)


def unpacked(value: str | None) -> Fields:
    """Return the fields of a hidden input; none when it cannot be read."""
    try:
        found = json.loads(value or "[]")
        return [(str(name), str(text)) for name, text in found]
    except (ValueError, TypeError, RecursionError):
        return ()


def _is_ours() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(origin).netloc == request.host
