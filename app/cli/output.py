"""How commands print: a table for people, JSON for scripts; and the context they run in."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

import click

from app import create_app

P = ParamSpec("P")

as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON for scripts.")


def with_app(command: Callable[P, None]) -> Callable[P, None]:
    """Run a command inside the application's context."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with create_app().app_context():
            command(*args, **kwargs)

    return run


def show(rows: Sequence[dict[str, Any]], *, is_json: bool, empty: str) -> None:
    """Print rows that share their columns, or the sentence for none."""
    if is_json:
        click.echo(json.dumps(rows, default=str, ensure_ascii=False))
        return
    if not rows:
        click.echo(empty)
        return
    table = [[str(name) for name in rows[0]]]
    table += [["" if value is None else str(value) for value in row.values()] for row in rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
