"""`whistle unit`: the units of the district, listed, made, renamed, moved and closed."""

import json
from collections.abc import Mapping
from datetime import date

import click

from app.cases import units
from app.cases.units import UnitView
from app.cli.acting import Day, administrator, every_unit, unit_named
from app.cli.output import as_json, show, with_app
from app.organisation.units import PartyType, Unit, UnitKind

KINDS = click.Choice([kind.value for kind in UnitKind])
without_asking = click.option("--yes", is_flag=True, help="Do not ask first.")


@click.group()
def unit() -> None:
    """List, make, rename, move and close units; each is named by its CODE."""


@unit.command("list")
@click.option("--kind", type=KINDS, metavar="KIND", help=f"One of {', '.join(UnitKind)}.")
@click.option("--all", "with_closed", is_flag=True, help="Closed units too.")
@as_json
@with_app
def list_units(kind: str | None, with_closed: bool, is_json: bool) -> None:
    """List units by code."""
    found = every_unit(administrator())
    codes = {each.key: each.code for each in found}
    rows = [
        _row(each, codes)
        for each in sorted(found, key=lambda each: each.code)
        if kind in (None, each.kind.value) and (with_closed or each.valid_to is None)
    ]
    show(rows, is_json=is_json, empty="There is no such unit.")


@unit.command("show")
@click.argument("code")
@as_json
@with_app
def show_unit(code: str, is_json: bool) -> None:
    """Show one unit: what it is, what hangs under it, who holds which role."""
    actor = administrator()
    view = units.unit_view(actor, unit_named(actor, code).key)
    if is_json:
        found = {**_facts(view), "holders": _holders(view)}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in _facts(view).items():
        said = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{name.replace('_', ' ') + ':':<12} {'' if said is None else said}".rstrip())
    holders = _holders(view)
    if holders:
        click.echo()
    show(holders, is_json=False, empty="Nobody holds a role here.")


@unit.command("create")
@click.argument("code")
@click.option("--kind", type=KINDS, metavar="KIND", required=True, help="As in `unit list`.")
@click.option("--name", required=True, help="English name.")
@click.option("--name-zh", required=True, help="Chinese name.")
@click.option("--under", required=True, metavar="CODE", help="The unit it hangs under.")
@click.option("--serves", metavar="CODE", help="The unit of the grid line it stands beside.")
@click.option("--party-type", type=click.Choice([each.value for each in PartyType]))
@with_app
def create(
    code: str,
    kind: str,
    name: str,
    name_zh: str,
    under: str,
    serves: str | None,
    party_type: str | None,
) -> None:
    """Make a unit, from today."""
    actor = administrator()
    units.create_unit(
        actor,
        code=code,
        kind=UnitKind(kind),
        name=name,
        name_zh=name_zh,
        parent_key=unit_named(actor, under).key,
        serves_key=unit_named(actor, serves).key if serves else None,
        party_type=PartyType(party_type) if party_type else None,
    )
    click.echo(f"The {kind} {code} is made under {under}.")


@unit.command("rename")
@click.argument("code")
@click.option("--name", help="New English name.")
@click.option("--name-zh", help="New Chinese name.")
@with_app
def rename(code: str, name: str | None, name_zh: str | None) -> None:
    """Give a unit another name, in one language or both."""
    if name is None and name_zh is None:
        raise click.UsageError("Give --name, --name-zh or both.")
    actor = administrator()
    found = unit_named(actor, code)
    units.rename_unit(
        actor,
        found.key,
        name=found.name if name is None else name,
        name_zh=found.name_zh if name_zh is None else name_zh,
    )
    click.echo(f"{code} is renamed.")


@unit.command("move")
@click.argument("code")
@click.option("--under", required=True, metavar="CODE", help="The unit it is to hang under.")
@without_asking
@with_app
def move(code: str, under: str, yes: bool) -> None:
    """Hang a unit, and all under it, under another unit; says first what moves along."""
    actor = administrator()
    found, above = unit_named(actor, code), unit_named(actor, under)
    below = sum(each.path.startswith(found.path) for each in every_unit(actor)) - 1
    tasks = units.unit_view(actor, found.key).open_tasks
    click.echo(f"{code} moves with {below} units under it and {tasks} open tasks.", err=True)
    if not yes:
        click.confirm(f"Move it under {under}?", abort=True, err=True)
    units.move_unit(actor, found.key, parent_key=above.key)
    click.echo(f"{code} hangs under {under}.")


@unit.command("close")
@click.argument("code")
@click.option("--last-day", type=Day(), help="Its last day. Default: yesterday, so it ends now.")
@without_asking
@with_app
def close(code: str, last_day: date | None, yes: bool) -> None:
    """Close a unit and end the positions in it."""
    actor = administrator()
    found = unit_named(actor, code)
    held = sum(line.is_held_today for line in units.unit_view(actor, found.key).holders)
    click.echo(f"{held} positions end with {code}.", err=True)
    if not yes:
        click.confirm("Close it?", abort=True, err=True)
    units.close_unit(actor, found.key, last_day=last_day)
    click.echo(f"{code} is closed.")


def _row(each: Unit, codes: Mapping[int, str]) -> dict[str, object]:
    return {
        "code": each.code,
        "kind": each.kind.value,
        "name": each.name,
        "name_zh": each.name_zh,
        "under": codes.get(each.parent_key) if each.parent_key else None,
        "serves": codes.get(each.serves_key) if each.serves_key else None,
        "from": each.valid_from.isoformat(),
        "to": each.valid_to.isoformat() if each.valid_to else None,
    }


def _facts(view: UnitView) -> dict[str, object]:
    near = (*view.above, view.unit, *([view.serves] if view.serves else []))
    return {
        **_row(view.unit, {each.key: each.code for each in near}),
        "children": [child.code for child in view.children],
        "beside": [each.code for each in view.beside],
        "open_tasks": view.open_tasks,
    }


def _holders(view: UnitView) -> list[dict[str, object]]:
    return [
        {
            "role": line.role.value,
            "login": line.login,
            "name": line.name,
            "from": line.valid_from.isoformat(),
            "to": line.valid_to.isoformat() if line.valid_to else None,
            "held_today": line.is_held_today,
            "deputies": ", ".join(deputy.login for deputy in line.deputies),
        }
        for line in view.holders
    ]
