"""`whistle serve` and `whistle worker`: the web server with a clock beside it, the clock alone."""

import signal
import time

import click
from flask import Flask
from flask_migrate import upgrade
from waitress.server import BaseWSGIServer, create_server

from app import ROOT, create_app
from app.cases.setup import set_up
from app.config import Settings
from app.worker import Worker


@click.command()
@click.option("--setup", "does_set_up", is_flag=True, help="Migrate, deploy and load first.")
def serve(does_set_up: bool) -> None:
    """Serve the site and fire timers, in one process, on HOST and PORT."""
    app = create_app()
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        if does_set_up:
            _set_up(app, settings)
    clock = Worker(app)
    clock.start()
    server = server_of(app, settings)
    signal.signal(signal.SIGTERM, _interrupt)
    click.echo(f"Whistle is at http://{settings.host}:{settings.port}", err=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        clock.stop()


def server_of(app: Flask, settings: Settings) -> BaseWSGIServer:
    """Return the web server, listening but not yet answering."""
    return create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        ident="whistle",
        # What is larger than may be sent gets a page of ours, up to this size.
        max_request_body_size=settings.max_upload_bytes * 5,
        clear_untrusted_proxy_headers=not settings.trusted_proxies,  # else `create_app` reads them
    )


@click.command()
def worker() -> None:
    """Fire timers and send mail, beside any number of web servers and other workers."""
    clock = Worker(create_app())
    signal.signal(signal.SIGTERM, lambda *_: clock.stop())
    clock.run()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _set_up(app: Flask, settings: Settings) -> None:
    started = time.monotonic()
    upgrade()
    done = set_up(ROOT, is_demo=settings.is_demo)
    if done.has_loaded_demo:
        click.echo("Loaded the demo district (synthetic).", err=True)
    if done.deployment.new:
        click.echo(f"Deployed {len(done.deployment.new)} diagrams, tables and forms.", err=True)
    app.logger.info("set up in %.1f s", time.monotonic() - started)
