"""The built style sheets and scripts: their present names, and the route that serves them."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

from app.web.access import public

FOLDER = Path(__file__).parent / "static"
MANIFEST = FOLDER / "build/manifest.json"
blueprint = Blueprint("static_files", __name__)


@blueprint.get("/static/<path:name>")
@public
def static(name: str) -> Response:
    """Serve a built file; its name carries a hash, so a browser may keep it for a year."""
    return send_from_directory(FOLDER, name, max_age=31_536_000)


def asset(name: str) -> str:
    """Return the address of a built file, such as "app.css", for templates."""
    return url_for("static_files.static", name=f"build/{_built(MANIFEST.stat().st_mtime)[name]}")


@lru_cache(maxsize=2)
def _built(_changed_at: float) -> dict[str, str]:
    found: dict[str, str] = json.loads(MANIFEST.read_text())
    return found
