"""The command line `whistle`: serve, tick, deploy, check, decide, look and mend.

Commands are thin: they parse, call one use case and print. Exit codes: 0 done, 1 refused or
problems found, 2 wrong usage.
"""

import sys

import click

from app.cli.deciding import decide
from app.cli.designing import deploy, lint
from app.cli.looking import case, overdue
from app.cli.people import user
from app.cli.replaying import replay_command
from app.cli.serving import serve, worker
from app.cli.units import unit
from app.errors import CaseError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="whistle")
def commands() -> None:
    """Whistle: case handling for a city district, run by its diagrams."""


for command in (serve, worker, deploy, lint, decide, replay_command, overdue, case, user, unit):
    commands.add_command(command)


def main() -> None:
    """Run the command line; what a person did wrong ends in one sentence, not in a traceback."""
    try:
        commands(prog_name="whistle")
    except CaseError as error:
        click.echo(f"whistle: {error}", err=True)
        sys.exit(1)
