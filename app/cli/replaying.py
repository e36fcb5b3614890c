"""`whistle replay`: a file of real service requests through the deployed process."""

import gc
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from app import ROOT, create_app
from app.cases.replay import load_mapping, mapping_for, replay
from app.cases.replay.drive import instant
from app.cases.replay.rows import Bad, columns_of
from app.cases.setup import shipped_files

NEW_OBJECTS = 20_000
"""So many before Python looks for garbage: each step leaves a little, and all else stays."""


class Instant(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset it is UTC."""

    name = "instant"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the instant, or say how to write one."""
        try:
            return instant(value)
        except ValueError:
            self.fail("write an instant such as 2011-10-01T00:00:00-04:00", param, ctx)


@click.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that says what the columns mean; shipped ones are found by the columns.",
)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many lines.")
@click.option("--until", type=Instant(), help="Stop at this instant. Default: now.")
def replay_command(
    file: Path, mapping_file: Path | None, limit: int | None, until: datetime | None
) -> None:
    """Replay the service requests in FILE (.csv or .csv.gz) on a moved clock.

    Deploys the shipped diagrams and makes the units the file names. Interrupted at any moment, it
    goes on where it was. Prints one line of JSON.
    """
    mapping = (
        load_mapping(mapping_file)
        if mapping_file
        else mapping_for(columns_of(file), file=file.name)
    )
    gc.set_threshold(NEW_OBJECTS)
    app = create_app()
    with (
        app.app_context(),
        click.progressbar(length=1, label=mapping.title, file=sys.stderr) as bar,
    ):

        def on_progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        numbers = replay(
            file,
            mapping,
            shipped=shipped_files(ROOT),
            until=until,
            limit=limit,
            on_progress=on_progress,
            on_bad=_tell,
        )
    click.echo(json.dumps(asdict(numbers)))


def _tell(bad: Bad) -> None:
    click.echo(f"line {bad.line} is skipped: {bad.why}", err=True)
