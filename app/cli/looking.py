"""`whistle overdue` and `whistle case`: what supervisors and operators ask from a terminal."""

import itertools
import json

import click

from app.cases import journal_check
from app.cases.operator import operator
from app.cases.overdue import export_overdue
from app.cases.search import Wanted, find_cases
from app.cli.output import as_json, show, with_app
from app.errors import CaseError

LANGUAGE = "en"


class JournalBroken(CaseError):
    """The journal of case {number} breaks at line {line}: it was altered behind the system."""

    code = "journal_broken"


@click.command()
@click.option("--limit", type=click.IntRange(1), default=50, help="At most so many. Default: 50.")
@as_json
@with_app
def overdue(limit: int, is_json: bool) -> None:
    """List what is overdue, the latest first: which case, which step, whose, since when."""
    lines = itertools.islice(export_overdue(operator(), language=LANGUAGE), limit)
    rows = [
        {
            "case": late.line.number,
            "step": late.step,
            "due": late.line.due_at.isoformat(timespec="minutes"),
            "late_hours": round(late.lateness.total_seconds() / 3600, 1),
            "whose": late.holder,
        }
        for _frame, late in lines
    ]
    show(rows, is_json=is_json, empty="Nothing is overdue.")


@click.group()
def case() -> None:
    """Find cases and check their journals."""


@case.command("find")
@click.argument("text")
@as_json
@with_app
def find(text: str, is_json: bool) -> None:
    """Find cases by number, phone, address or words."""
    found = find_cases(operator(), Wanted(text=text), language=LANGUAGE)
    rows = [
        {
            "number": each.line.number,
            "reported": each.line.reported_at.isoformat(timespec="minutes"),
            "state": "closed" if each.line.closed_at else "open",
            "at": ", ".join(name for _step, name in each.steps),
            "address": each.line.address,
        }
        for each in found.found
    ]
    show(rows, is_json=is_json, empty=f"No case fits {text!r}.")


@case.command("verify")
@click.argument("number", required=False)
@as_json
@with_app
def verify(number: str | None, is_json: bool) -> None:
    """Check the hash chain of one case's journal, or of all; exit code 1 where one is broken."""
    checked, broken = journal_check.verify(number)
    if is_json:
        click.echo(json.dumps({"checked": checked, "broken": broken}))
    else:
        click.echo(f"{checked} journals checked, {len(broken)} broken")
    for found, line in broken.items():
        raise JournalBroken(number=found, line=line)
