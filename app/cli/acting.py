"""Who acts at the terminal, and whom and what its words mean: logins, codes of units, days.

`whistle user` and `whistle unit` use it; whoever can run the command on the host administers.
"""

from dataclasses import replace
from datetime import date

import click

from app.cases import people, units
from app.cases.operator import operator
from app.cases.people import PersonView
from app.errors import CaseError
from app.organisation.actor import Actor
from app.organisation.directory import UnknownUnit
from app.organisation.units import Unit

LANGUAGE = "en"


class NoDistrict(CaseError):
    """There is no district yet. Make it and its first administrator with: whistle user create --administrator"""  # noqa: E501

    code = "no_district"


class UnknownLogin(CaseError):
    """There is nobody with the login {login}."""

    code = "unknown_login"


class Day(click.ParamType[date]):
    """A day written as 2026-11-24."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or say how to write one."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("write a day such as 2026-11-24", param, ctx)


def administrator() -> Actor:
    """Return the hand at the terminal.

    Raises:
        NoDistrict: there is nothing yet to administer.
    """
    try:
        return replace(operator(), language=LANGUAGE)
    except UnknownUnit:
        raise NoDistrict from None


def everybody(actor: Actor, *, search: str = "", unit_key: int | None = None) -> list[PersonView]:
    """Return all the people that fit, whatever the length of a page."""
    first = people.list_people(actor, search=search, unit_key=unit_key)
    found = list(first.people)
    for page in range(2, first.page_count + 1):
        more = people.list_people(actor, search=search, unit_key=unit_key, page=page)
        found.extend(more.people)
    return found


def person_named(actor: Actor, login: str) -> PersonView:
    """Return the person with a login, whatever its case.

    Raises:
        UnknownLogin: there is none.
    """
    for person in everybody(actor, search=login):
        if person.login.lower() == login.lower():
            return person
    raise UnknownLogin(login=login)


def every_unit(actor: Actor) -> list[Unit]:
    """Return all units from the district down, closed ones too."""
    top = units.list_units(actor, with_closed=True)
    return list(top.flat()) if top else []


def unit_named(actor: Actor, code: str) -> Unit:
    """Return the unit with a code.

    Raises:
        UnknownUnit: there is none.
    """
    for unit in every_unit(actor):
        if unit.code == code:
            return unit
    raise UnknownUnit(unit=code)
