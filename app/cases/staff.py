"""Administering people: their accounts, the positions they hold, and who stands in for them.

The pages of administrators and the command line call it; lists are in `cases.people`, units
in `cases.units`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.calendar import local_today
from app.errors import CaseError, InvalidInput, NotFound
from app.organisation import directory as directories
from app.organisation.actor import Actor
from app.organisation.passwords import check_new_password, hash_password, one_time_password
from app.organisation.permissions import Action, demand
from app.organisation.roles import HELD_IN, Role, role_label
from app.organisation.units import Line, Unit, UnitKind, is_valid, path_under
from app.store import people as rows
from app.store import sessions as session_rows
from app.store import units as unit_rows
from app.store.db import Transaction, transaction
from app.store.settings import district_settings


class DuplicateLogin(CaseError):
    """The login {login} is taken. Choose another."""

    code = "duplicate_login"


class WrongLogin(CaseError):
    """A login has 2 to 64 letters, digits, dots, hyphens or underscores, and no spaces."""

    code = "wrong_login"


class RoleNotHeldThere(CaseError):
    """{role} cannot be held in {unit}: it belongs in another kind of unit."""

    code = "role_not_held_there"


class PositionHeldAlready(CaseError):
    """This person holds that position already at that time."""

    code = "position_held_already"


class WrongSpan(CaseError):
    """The last day comes before the first."""

    code = "wrong_span"


class LastAdministrator(CaseError):
    """This is the only administrator left. Make another one first."""

    code = "last_administrator"


class AdministratorExists(CaseError):
    """There is an administrator already, who can make others."""

    code = "administrator_exists"


class OwnDeputy(CaseError):
    """Nobody can stand in for themselves."""

    code = "own_deputy"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A new account, and the password to hand over where none was given."""

    person_key: int
    one_time_password: str | None


def create_person(
    actor: Actor,
    *,
    login: str,
    name: str,
    password: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    language: str = "zh-CN",
) -> NewAccount:
    """Make an account; without a password a random one is made and returned, once.

    Raises:
        Forbidden, WrongLogin, DuplicateLogin: as they say. InvalidInput: there is no name.
        PasswordTooShort, PasswordTooLong, PasswordTooEasy: the password cannot be taken.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    chosen = password if password is not None else one_time_password()
    kept = _new_password(login, chosen)
    with transaction() as tx:
        key = _insert_person(tx, login, name, kept, phone=phone, email=email, language=language)
    return NewAccount(key, chosen if password is None else None)


def create_first_administrator(
    *,
    login: str,
    password: str,
    name: str = "",
    phone: str | None = None,
    email: str | None = None,
    language: str = "zh-CN",
) -> int:
    """Make the first administrator, and the district where there is none; return the person's key.

    Raises:
        AdministratorExists: there is one already. WrongLogin, DuplicateLogin: see `create_person`.
        PasswordTooShort, PasswordTooLong, PasswordTooEasy: the password cannot be taken.
    """
    kept = _new_password(login, password)
    with transaction() as tx:
        today = _today(tx)
        if rows.count_active(tx.connection, Role.ADMINISTRATOR, today):
            raise AdministratorExists
        district_key = _district_key(tx, today)
        person_key = _insert_person(
            tx, login, name or login, kept, phone=phone, email=email, language=language
        )
        _insert_position(tx, person_key, Role.ADMINISTRATOR, district_key, valid_from=today)
    return person_key


def disable_person(actor: Actor, person_key: int) -> None:
    """Close an account: its sessions end at once, and tasks it has taken go back.

    Raises:
        Forbidden, NotFound, LastAdministrator: as they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with transaction() as tx:
        _demand_person(tx, person_key)
        rows.update_person(tx.connection, person_key, is_active=False)
        _demand_administrator_left(tx)
        session_rows.delete_sessions_of(tx.connection, person_key)
        rows.release_tasks_of(tx.connection, person_key)


def enable_person(actor: Actor, person_key: int) -> None:
    """Open a closed account again.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with transaction() as tx:
        _demand_person(tx, person_key)
        rows.update_person(tx.connection, person_key, is_active=True)


def reset_password(actor: Actor, person_key: int) -> str:
    """Give somebody a new random password, end their sessions, and return it this once.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    password = one_time_password()
    kept = hash_password(password)
    with transaction() as tx:
        _demand_person(tx, person_key)
        rows.update_person(tx.connection, person_key, password_hash=kept)
        session_rows.delete_sessions_of(tx.connection, person_key)
    return password


def grant_position(
    actor: Actor,
    *,
    person_key: int,
    role: Role,
    unit_key: int,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> int:
    """Let somebody hold a role in a unit, from today unless told; return the position's key.

    Raises:
        Forbidden, NotFound, UnknownUnit, RoleNotHeldThere, PositionHeldAlready, WrongSpan: as
        they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with transaction() as tx:
        first = valid_from or _today(tx)
        _demand_span(first, valid_to)
        _demand_person(tx, person_key)
        unit = directories.load(tx.connection, 0).unit(unit_key)
        _demand_held_there(role, unit, first, actor.language)
        _demand_free(tx, person_key, (role, unit_key), (first, valid_to))
        return _insert_position(tx, person_key, role, unit_key, valid_from=first, valid_to=valid_to)


def end_position(actor: Actor, position_key: int, *, last_day: date | None = None) -> None:
    """Let a position end, with yesterday unless told: then it is no longer held today.

    Raises:
        Forbidden, NotFound, LastAdministrator: as they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with transaction() as tx:
        if rows.position_by_key(tx.connection, position_key) is None:
            raise NotFound(position_key=position_key)
        rows.end_positions(
            tx.connection, [position_key], last_day or _today(tx) - timedelta(days=1)
        )
        _demand_administrator_left(tx)


def appoint_deputy(
    actor: Actor,
    *,
    position_key: int,
    person_key: int,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> int:
    """Let somebody stand in for a position, from today unless told; return the appointment's key.

    Raises:
        Forbidden, NotFound, OwnDeputy, WrongSpan: as they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with transaction() as tx:
        first = valid_from or _today(tx)
        _demand_span(first, valid_to)
        _demand_person(tx, person_key)
        position = rows.position_by_key(tx.connection, position_key)
        if position is None:
            raise NotFound(position_key=position_key)
        if position.person_key == person_key:
            raise OwnDeputy
        key = tx.next_key()
        appointment = {
            "key": key,
            "position_key": position_key,
            "person_key": person_key,
            "valid_from": first,
            "valid_to": valid_to,
        }
        rows.insert_deputies(tx.connection, [appointment])
    return key


def end_deputy(actor: Actor, deputy_key: int, *, last_day: date | None = None) -> None:
    """Let somebody stop standing in, with yesterday unless told.

    Raises:
        Forbidden, NotFound: as they say.
    """
    demand(actor, Action.MANAGE_PEOPLE)
    with transaction() as tx:
        last = last_day or _today(tx) - timedelta(days=1)
        if not rows.end_deputy(tx.connection, deputy_key, last):
            raise NotFound(deputy_key=deputy_key)


def _new_password(login: str, password: str) -> str:
    """Check login and password and return what is kept of the password."""
    plain = login.replace(".", "").replace("-", "").replace("_", "")
    if not (2 <= len(login) <= 64 and plain.isalnum()):
        raise WrongLogin
    check_new_password(password, login=login)
    return hash_password(password)


def _insert_person(
    tx: Transaction,
    login: str,
    name: str,
    password_hash: str,
    *,
    phone: str | None = None,
    email: str | None = None,
    language: str = "zh-CN",
) -> int:
    if not name.strip():
        raise InvalidInput(what="The name", why="it is empty.")
    if rows.person_by_login(tx.connection, login) is not None:
        raise DuplicateLogin(login=login)
    key = tx.next_key()
    person = {
        "key": key,
        "login": login,
        "name": name.strip(),
        "password_hash": password_hash,
        "phone": phone or None,
        "email": email or None,
        "language": language,
        "created_at": tx.now,
    }
    rows.insert_people(tx.connection, [person])
    return key


def _insert_position(
    tx: Transaction,
    person_key: int,
    role: Role,
    unit_key: int,
    *,
    valid_from: date,
    valid_to: date | None = None,
) -> int:
    key = tx.next_key()
    position = {
        "key": key,
        "person_key": person_key,
        "role": role.value,
        "unit_key": unit_key,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    rows.insert_positions(tx.connection, [position])
    return key


def _demand_person(tx: Transaction, person_key: int) -> None:
    if rows.person_by_key(tx.connection, person_key) is None:
        raise NotFound(person_key=person_key)


def _demand_administrator_left(tx: Transaction) -> None:
    if not rows.count_active(tx.connection, Role.ADMINISTRATOR, _today(tx)):
        raise LastAdministrator


def _demand_span(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise WrongSpan


def _demand_free(
    tx: Transaction, person_key: int, place: tuple[Role, int], span: tuple[date, date | None]
) -> None:
    for held in rows.positions_of(tx.connection, [person_key]):
        is_same = (held.role, held.unit_key) == place
        if is_same and _overlap((held.valid_from, held.valid_to), span):
            raise PositionHeldAlready


def _demand_held_there(role: Role, unit: Unit, on: date, language: str) -> None:
    if unit.kind not in HELD_IN[role] or not unit.is_valid(on):
        raise RoleNotHeldThere(role=role_label(role, language), unit=unit.label(language))


def _overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    return is_valid(*one, other[0]) or is_valid(*other, one[0])


def _district_key(tx: Transaction, today: date) -> int:
    """Return the key of the district; it is made where there is none."""
    found = directories.load(tx.connection, 0)
    if found.units:
        return found.district.key
    settings, key = district_settings(tx.connection), tx.next_key()
    district = {
        "key": key,
        "code": "DISTRICT",
        "kind": UnitKind.DISTRICT.value,
        "line": Line.GRID.value,
        "name": settings.district_name,
        "name_zh": settings.district_name_zh,
        "parent_key": None,
        "path": path_under("", key),
        "valid_from": today,
    }
    unit_rows.insert_units(tx.connection, [district])
    return key


def _today(tx: Transaction) -> date:
    return local_today(tx.connection, tx.now)
