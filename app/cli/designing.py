"""`whistle lint` and `whistle deploy`: check designs as one set, and put them live."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from app.cases import designs
from app.cases.designs import DesignRefused
from app.cli.output import as_json, show, with_app
from app.engine.lint import Problem, Severity

ENDINGS = (".bpmn", ".dmn", ".form", ".json")
paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


@click.command()
@paths
@as_json
def lint(paths: tuple[Path, ...], is_json: bool) -> None:
    """Check files and folders as one set; exit code 1 when there are errors.

    Needs no database: what the set refers to has to be in it.
    """
    problems = designs.check(files_in(paths))
    _show(problems, is_json=is_json)
    if any(each.severity is Severity.ERROR for each in problems):
        sys.exit(1)


@click.command()
@paths
@as_json
@with_app
def deploy(paths: tuple[Path, ...], is_json: bool) -> None:
    """Deploy files and folders as one set: a new version of each changed resource, or nothing."""
    try:
        done = designs.deploy(files_in(paths), actor=None)
    except DesignRefused as refused:
        _show(refused.problems, is_json=is_json)
        sys.exit(1)
    rows = [
        {
            "kind": each.kind.value,
            "id": each.resource_id,
            "version": each.version,
            "key": str(each.key),
            "is_new": each in done.new,
        }
        for each in (*done.new, *done.unchanged)
    ]
    show(rows, is_json=is_json, empty="There was nothing to deploy.")


def files_in(paths: Sequence[Path]) -> dict[str, bytes]:
    """Return the resources among the files, and in the folders, by name."""
    found: dict[str, bytes] = {}
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for each in inside:
            if each.is_file() and each.name.endswith(ENDINGS):
                found[str(each)] = each.read_bytes()
    return found


def _show(problems: Sequence[Problem], *, is_json: bool) -> None:
    if is_json:
        rows = [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "file": each.file,
                "line": each.line,
                "element_id": each.element_id,
                "element_name": each.element_name,
                "message": each.message,
                "mend": each.mend,
            }
            for each in problems
        ]
        show(rows, is_json=True, empty="")
        return
    for each in problems:
        where = f"{each.file}:{each.line}"
        what = f" {each.element_id}" if each.element_id else ""
        click.echo(f"{where}:{what} {each.severity.value} [{each.rule}] {each.message}")
        click.echo(f"    {each.mend}")
    errors = sum(each.severity is Severity.ERROR for each in problems)
    click.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
