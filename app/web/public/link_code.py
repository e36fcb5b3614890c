"""The link to a case, and the same as a square code for the camera of a telephone."""

import segno
from flask import current_app, request, url_for
from markupsafe import Markup


def link_to(token: str) -> str:
    """Return the whole address of the page of a token."""
    site = current_app.extensions["settings"].public_url or request.host_url.rstrip("/")
    return str(site) + url_for("tracking.show", token=token)


def drawn(link: str) -> Markup:
    """Return a link as an SVG picture that fills its box."""
    picture = segno.make(link, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
    return Markup(picture)  # noqa: S704 made of the link's modules, no text of anybody
