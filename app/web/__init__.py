"""The pages: a door that translates between browsers and use cases, and decides nothing.

`register` hangs everything into the application; a new room of pages is one more blueprint in
`blueprints`.
"""

from pathlib import Path

from flask import Blueprint, Flask
from jinja2 import FileSystemLoader, StrictUndefined

from app.web import (
    access,
    addresses,
    csrf,
    failures,
    headers,
    languages,
    limit_words,
    navigation,
    notice_words,
    numbers,
    pages,
    requests,
    said,
    static_files,
    terms,
    timeline,
    times,
)

HERE = Path(__file__).parent
PARTS = (
    requests,
    access,
    csrf,
    said,
    headers,
    terms,
    times,
    timeline,
    limit_words,
    notice_words,
    navigation,
    numbers,
    pages,
    failures,
)


def register(app: Flask) -> None:
    """Hang the pages into the application."""
    app.jinja_loader = FileSystemLoader(HERE / "templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=static_files.asset, here=addresses.here, asking=addresses.asking
    )
    for part in PARTS:
        part.init(app)
    languages.init(app)
    app.url_map.converters["int"] = numbers.KeyConverter
    for blueprint in blueprints():
        app.register_blueprint(blueprint)


def blueprints() -> list[Blueprint]:
    """Return every room of pages, in the order in which the head of a page shows them."""
    from app.web import admin, public, staff  # their views use the parts above

    return [static_files.blueprint, *public.BLUEPRINTS, *staff.BLUEPRINTS, *admin.BLUEPRINTS]
