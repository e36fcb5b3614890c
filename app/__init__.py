"""Whistle: a district's case handling, run by the diagrams in `bpmn/`.

Importing the package loads none of its rooms: whoever wants only `app.feel` or `app.dmn` gets them
without Flask and without a database.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

ROOT = Path(__file__).resolve().parent.parent
__all__ = ["ROOT", "create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """Wire the application: settings, database, doors. Nothing is decided here."""
    from flask import Flask
    from flask_migrate import Migrate
    from werkzeug.middleware.proxy_fix import ProxyFix

    from app import logs, web
    from app.config import from_environment
    from app.store.blobs import open_blobs
    from app.store.db import READING, db, engine_options, prepare_engines

    settings = settings or from_environment()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, instance_path=str(settings.instance_path), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        SQLALCHEMY_BINDS={
            bind: engine_options(
                settings.database_url,
                pool_size=settings.threads,
                is_reading=bind == READING,
                secret=settings.secret_key,
            )
            for bind in (None, READING)
        },
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    app.extensions["settings"] = settings
    app.extensions["blobs"] = open_blobs(settings.attachments_url)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        prepare_engines()
    logs.configure(settings.log_level)
    web.register(app)
    return app
