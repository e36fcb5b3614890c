"""The outlines of the grids as GeoJSON, for the map on which a place is pointed out."""

import gzip
from functools import lru_cache

from flask import Blueprint, Response, request

from app.cases.grid_map import read_grid_map
from app.web.access import public
from app.web.languages import LANGUAGES, language

blueprint = Blueprint("grids", __name__)
KEPT_SECONDS = 3600


@blueprint.get("/grids.geojson")
@public
def show() -> Response:
    """Hand out the outlines; `language` in the address lets a browser keep one for each."""
    asked = request.args.get("language", "")
    found = read_grid_map(asked if asked in LANGUAGES else language())
    response = Response(found.content, mimetype="application/geo+json")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        response.set_data(_small(found.content))
        response.content_encoding = "gzip"
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=4)
def _small(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
