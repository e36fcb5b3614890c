"""Rendering: every page is a template given what a use case returned, in its frame."""

from typing import Protocol

from flask import Flask, g, render_template
from flask_babel import gettext

from app.cases import bell, inbox
from app.cases.frame import Frame
from app.organisation.roles import role_label
from app.web.languages import language
from app.web.sentences import error_words


class Framed(Protocol):
    """What a use case for pages returns."""

    @property
    def frame(self) -> Frame:
        """The instant, zone and units it was read in."""


def init(app: Flask) -> None:
    """Make what the head of a page shows known to templates."""
    app.jinja_env.globals.update(
        unseen_notices=unseen_notices,
        own_positions=own_positions,
        waiting=lambda: inbox.count_waiting(g.actor),
        unit_name=unit_name,
        error_words=error_words,
    )
    app.jinja_env.filters["unit_name"] = unit_name


def show(template: str, page: Framed, **more: object) -> str:
    """Return a page."""
    g.frame = page.frame
    return render_template(template, page=page, **more)


def unseen_notices() -> int:
    """Return how many notices the signed-in person has not seen."""
    return 0 if g.actor is None else bell.count_new(g.actor)


def own_positions() -> list[str]:
    """Return the roles the signed-in person acts in, each once."""
    return list(dict.fromkeys(role_label(held.role, language()) for held in g.actor.positions))


def unit_name(key: int | None) -> str:
    """Return a unit's name in the language of the page."""
    frame: Frame | None = g.get("frame")
    return frame.unit_name(key, language()) if frame else ""


def unit_names(codes: object) -> str:
    """Return the names of units given by code, in the language of the page."""
    frame: Frame | None = g.get("frame")
    if frame is None or not isinstance(codes, list):
        return ""
    known = [str(code) for code in codes if frame.directory.has_code(str(code))]
    names = [frame.directory.unit_by_code(code).label(language()) for code in known]
    return str(gettext(", ")).join(names)
