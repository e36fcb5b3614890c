"""`whistle user`: accounts and the positions they hold, from a terminal or a script."""

import sys
from datetime import date
from typing import TypedDict

import click

from app.cases import staff
from app.cases.people import PersonView
from app.cases.staff import AdministratorExists
from app.cli.acting import (
    Day,
    NoDistrict,
    administrator,
    every_unit,
    everybody,
    person_named,
    unit_named,
)
from app.cli.output import as_json, show, with_app
from app.errors import CaseError
from app.organisation.passwords import one_time_password
from app.organisation.roles import Role
from app.organisation.units import UnitKind

ROLES = click.Choice([role.value for role in Role])


class Facts(TypedDict):
    """What an account is made from, besides its password."""

    login: str
    name: str
    phone: str | None
    email: str | None
    language: str


class PositionNotHeld(CaseError):
    """{login} does not hold the position {role} in {unit}, now or later."""

    code = "position_not_held"


@click.group()
def user() -> None:
    """Make accounts, give them positions, close them.

    A position is a ROLE in a UNIT, which is named by its code: `whistle unit list` shows them.
    """


@user.command("create")
@click.argument("login", required=False)
@click.option("--name", help="The person's name. Default: the login.")
@click.option(
    "--administrator",
    "is_administrator",
    is_flag=True,
    help="Make an administrator; LOGIN is admin unless given. Makes the district if there is none.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--phone", help="Telephone number.")
@click.option("--email", help="Address for mail.")
@click.option(
    "--language",
    type=click.Choice(["zh-CN", "en"]),
    default="zh-CN",
    show_default=True,
    help="The language of the person's pages.",
)
@with_app
def create(
    login: str | None,
    name: str | None,
    is_administrator: bool,
    password_stdin: bool,
    phone: str | None,
    email: str | None,
    language: str,
) -> None:
    """Make an account; prints a one-time password unless one is given."""
    if login is None and not is_administrator:
        raise click.UsageError("Missing argument 'LOGIN'.")
    login = login or "admin"
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    facts = Facts(login=login, name=name or login, phone=phone, email=email, language=language)
    if is_administrator and _is_first_administrator(facts, given):
        return
    actor = administrator()
    made = staff.create_person(actor, password=given, **facts)
    if is_administrator:
        district = next(unit for unit in every_unit(actor) if unit.kind is UnitKind.DISTRICT)
        staff.grant_position(
            actor, person_key=made.person_key, role=Role.ADMINISTRATOR, unit_key=district.key
        )
    _tell_account(login, made.one_time_password, is_administrator=is_administrator)


@user.command("list")
@click.option("--search", default="", help="Only whose name or login holds these words.")
@click.option("--unit", "unit_code", help="Only who works in or under this unit.")
@as_json
@with_app
def list_users(search: str, unit_code: str | None, is_json: bool) -> None:
    """List accounts with the positions held today."""
    actor = administrator()
    unit_key = unit_named(actor, unit_code).key if unit_code else None
    rows = [
        _row(person, is_json=is_json)
        for person in everybody(actor, search=search, unit_key=unit_key)
    ]
    show(rows, is_json=is_json, empty="Nobody fits.")


@user.command("disable")
@click.argument("login")
@with_app
def disable(login: str) -> None:
    """Close an account: its sessions end, its tasks go back to their groups."""
    actor = administrator()
    person = person_named(actor, login)
    staff.disable_person(actor, person.key)
    click.echo(f"The account {person.login} is closed.")


@user.command("enable")
@click.argument("login")
@with_app
def enable(login: str) -> None:
    """Open a closed account again."""
    actor = administrator()
    person = person_named(actor, login)
    staff.enable_person(actor, person.key)
    click.echo(f"The account {person.login} is open.")


@user.command("reset-password")
@click.argument("login")
@with_app
def reset_password(login: str) -> None:
    """Give somebody a new one-time password and end their sessions."""
    actor = administrator()
    person = person_named(actor, login)
    _tell_password(staff.reset_password(actor, person.key))


@user.command("grant", epilog=f"Roles: {', '.join(Role)}.")
@click.argument("login")
@click.argument("role", type=ROLES, metavar="ROLE")
@click.argument("unit")
@click.option("--from", "first_day", type=Day(), help="First day. Default: today.")
@click.option("--to", "last_day", type=Day(), help="Last day. Default: open.")
@with_app
def grant(login: str, role: str, unit: str, first_day: date | None, last_day: date | None) -> None:
    """Let LOGIN hold ROLE in UNIT."""
    actor = administrator()
    person, place = person_named(actor, login), unit_named(actor, unit)
    staff.grant_position(
        actor,
        person_key=person.key,
        role=Role(role),
        unit_key=place.key,
        valid_from=first_day,
        valid_to=last_day,
    )
    click.echo(f"{person.login} is {role} in {place.code}.")


@user.command("end-position")
@click.argument("login")
@click.argument("role", type=ROLES, metavar="ROLE")
@click.argument("unit")
@click.option("--last-day", type=Day(), help="Its last day. Default: yesterday, so it ends now.")
@with_app
def end_position(login: str, role: str, unit: str, last_day: date | None) -> None:
    """End LOGIN's position of ROLE in UNIT."""
    actor = administrator()
    person, place = person_named(actor, login), unit_named(actor, unit)
    held = [
        line.key
        for line in person.positions
        if (line.role, line.unit.key) == (Role(role), place.key)
        and (line.is_held_today or line.valid_to is None)
    ]
    if not held:
        raise PositionNotHeld(login=person.login, role=role, unit=place.code)
    for key in held:
        staff.end_position(actor, key, last_day=last_day)
    click.echo(f"{person.login} is {role} in {place.code} no longer.")


def _is_first_administrator(facts: Facts, given: str | None) -> bool:
    """Make the first administrator; False where there is one already."""
    password = given if given is not None else one_time_password()
    had_district = _has_district()
    try:
        staff.create_first_administrator(password=password, **facts)
    except AdministratorExists:
        return False
    if not had_district:
        click.echo("There was no district: DISTRICT is made. Name it with: whistle unit rename")
    _tell_account(facts["login"], password if given is None else None, is_administrator=True)
    return True


def _has_district() -> bool:
    try:
        administrator()
    except NoDistrict:
        return False
    return True


def _row(person: PersonView, *, is_json: bool) -> dict[str, object]:
    held = [
        f"{line.role.value}@{line.unit.code}" for line in person.positions if line.is_held_today
    ]
    return {
        "login": person.login,
        "name": person.name,
        "is_active": person.is_active,
        "language": person.language,
        "positions": held if is_json else ", ".join(held),
    }


def _tell_account(login: str, password: str | None, *, is_administrator: bool) -> None:
    what = "administrator" if is_administrator else "account"
    click.echo(f"The {what} {login} is made.")
    if password is not None:
        _tell_password(password)


def _tell_password(password: str) -> None:
    click.echo(f"One-time password: {password}")
    click.echo("It is shown this once; hand it over safely.", err=True)
