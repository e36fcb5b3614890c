"""The built style sheets and scripts: their present names, and the route that serves them."""

import json
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

from app.web.access import public

FOLDER = Path(__file__).parent / "static"
MANIFEST = FOLDER / "build/manifest.json"
YEAR_SECONDS = 31_536_000
blueprint = Blueprint("static_files", __name__)


@blueprint.get("/static/<path:name>")
@public
def static(name: str) -> Response:
    """Serve a built file, compressed where it lies so; its name carries a hash: keep it a year."""
    is_zipped = name in _zipped() and request.accept_encodings.quality("gzip") > 0
    answer = send_from_directory(
        FOLDER,
        f"{name}.gz" if is_zipped else name,
        mimetype=guess_type(name)[0],
        max_age=YEAR_SECONDS,
    )
    if is_zipped:
        answer.content_encoding = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


def asset(name: str) -> str:
    """Return the address of a built file, such as "app.css", for templates."""
    return url_for("static_files.static", name=f"build/{_built(MANIFEST.stat().st_mtime)[name]}")


@lru_cache(maxsize=2)
def _built(_changed_at: float) -> dict[str, str]:
    found: dict[str, str] = json.loads(MANIFEST.read_text())
    return found


def _zipped() -> frozenset[str]:
    names = _built(MANIFEST.stat().st_mtime).values() if MANIFEST.exists() else ()
    return frozenset(f"build/{name}" for name in names)
