"""A small district that runs the shipped process: one street, two grids, fourteen departments.

`running` makes an application on an empty database with it; the moved clock starts on a Tuesday
morning at nine, Beijing time.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from app import ROOT, create_app
from app.cases.designs import deploy
from app.cases.setup import shipped_files
from app.config import settings_for
from app.organisation.actor import Actor, HeldPosition
from app.organisation.roles import Role
from app.organisation.units import LINE_OF, UnitKind, path_under
from app.store.db import Transaction, db, metadata, reading, transaction
from app.store.settings import CALENDAR_VERSION, DIRECTORY_VERSION, renew_version
from app.store.tables import organisation as t

SECRET = "a secret only tests know, and long enough"
TUESDAY_NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
DEPARTMENTS = (
    "D-URBAN",
    "D-HOUSING",
    "D-ENV",
    "D-EMERG",
    "D-MARKET",
    "D-POLICE",
    "D-CIVIL",
    "D-HEALTH",
    "D-TRAFFIC",
    "D-WATER",
    "D-PARKS",
    "D-JUSTICE",
    "D-PETITION",
    "D-DATA",
)
GRID_ONE = [[[116.0, 40.0], [116.01, 40.0], [116.01, 40.01], [116.0, 40.01], [116.0, 40.0]]]
GRID_TWO = [[[116.01, 40.0], [116.02, 40.0], [116.02, 40.01], [116.01, 40.01], [116.01, 40.0]]]

UNITS: tuple[tuple[str, UnitKind, str | None, list[list[list[float]]] | None], ...] = (
    ("DISTRICT", UnitKind.DISTRICT, None, None),
    ("S01", UnitKind.STREET, "DISTRICT", None),
    ("S01-C01", UnitKind.COMMUNITY, "S01", None),
    ("S01-C01-G01", UnitKind.GRID, "S01-C01", GRID_ONE),
    ("S01-C01-G02", UnitKind.GRID, "S01-C01", GRID_TWO),
    *((code, UnitKind.DEPARTMENT, "DISTRICT", None) for code in DEPARTMENTS),
)
PEOPLE: tuple[tuple[str, Role, str], ...] = (
    ("worker", Role.GRID_WORKER, "S01-C01-G01"),
    ("officer", Role.COMMUNITY_OFFICER, "S01-C01"),
    ("dispatcher", Role.STREET_DISPATCHER, "S01"),
    ("clerk", Role.UNIT_CLERK, "D-URBAN"),
    ("handler", Role.UNIT_HANDLER, "D-URBAN"),
    ("leader", Role.UNIT_LEADER, "D-URBAN"),
    ("parks_clerk", Role.UNIT_CLERK, "D-PARKS"),
    ("parks_handler", Role.UNIT_HANDLER, "D-PARKS"),
    ("parks_leader", Role.UNIT_LEADER, "D-PARKS"),
    ("district", Role.DISTRICT_DISPATCHER, "DISTRICT"),
    ("supervisor", Role.SUPERVISOR, "DISTRICT"),
    ("callback", Role.CALLBACK_AGENT, "DISTRICT"),
    ("designer", Role.PROCESS_DESIGNER, "DISTRICT"),
    ("admin", Role.ADMINISTRATOR, "DISTRICT"),
)


@dataclass(frozen=True, slots=True)
class District:
    """A running district: the application, where its database is, and who is who."""

    app: Flask
    database_url: str
    units: dict[str, int]
    actors: dict[str, Actor]

    def __getitem__(self, login: str) -> Actor:
        """Return the actor with that login."""
        return self.actors[login]


@contextmanager
def running(
    database_url: str,
    folder: Path,
    *,
    is_demo: bool = False,
    files: Mapping[str, bytes] | None = None,
) -> Iterator[District]:
    """Yield a district on an empty database, inside the application's context.

    `files` are deployed instead of the shipped ones.
    """
    app = create_app(
        settings_for(
            instance_path=folder,
            database_url=database_url,
            secret_key=SECRET,
            is_demo=is_demo,
            log_level="ERROR",
        )
    )
    with app.app_context():
        metadata.create_all(db.engine)
        with transaction() as tx:
            units = add_units(tx)
            actors = add_people(tx, units)
            renew_version(tx.connection, DIRECTORY_VERSION)
            renew_version(tx.connection, CALENDAR_VERSION)
        deploy(dict(files) if files is not None else shipped_files(ROOT), actor=None)
        yield District(app, database_url, units, actors)
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def joined(database_url: str, folder: Path) -> Iterator[District]:
    """Yield a district that `running` has made before, from another process."""
    app = create_app(
        settings_for(
            instance_path=folder, database_url=database_url, secret_key=SECRET, log_level="ERROR"
        )
    )
    with app.app_context():
        with reading() as connection:
            units = {row.code: row.key for row in connection.execute(select(t.unit))}
            actors = {
                row.login: _actor(row.login, role, row.key, position, units[unit], unit)
                for row in connection.execute(select(t.person))
                for login, role, unit in PEOPLE
                if login == row.login
                for position in connection.execute(
                    select(t.position.c.key).where(t.position.c.person_key == row.key)
                ).scalars()
            }
        yield District(app, database_url, units, actors)


def add_units(tx: Transaction) -> dict[str, int]:
    """Insert the units and return their keys by code."""
    keys: dict[str, int] = {}
    paths: dict[str, str] = {"": ""}
    for code, kind, parent, polygon in UNITS:
        keys[code] = tx.next_key()
        paths[code] = path_under(paths[parent or ""], keys[code])
        tx.connection.execute(
            insert(t.unit).values(
                key=keys[code],
                code=code,
                kind=kind.value,
                line=LINE_OF[kind].value,
                name=f"Unit {code}",
                name_zh=f"单位{code}",
                parent_key=keys[parent] if parent else None,
                path=paths[code],
                polygon={"type": "Polygon", "coordinates": polygon} if polygon else None,
                valid_from=LONG_AGO,
            )
        )
    return keys


def add_people(tx: Transaction, units: dict[str, int]) -> dict[str, Actor]:
    """Insert one person for each role and return them as actors by login."""
    actors = {}
    for login, role, unit in PEOPLE:
        person_key, position_key = tx.next_key(), tx.next_key()
        tx.connection.execute(
            insert(t.person).values(
                key=person_key,
                login=login,
                name=login.title(),
                email=f"{login}@example.org",
                created_at=tx.now,
            )
        )
        tx.connection.execute(
            insert(t.position).values(
                key=position_key,
                person_key=person_key,
                role=role.value,
                unit_key=units[unit],
                valid_from=LONG_AGO,
            )
        )
        actors[login] = _actor(login, role, person_key, position_key, units[unit], unit)
    return actors


def _actor(
    login: str, role: Role, person_key: int, position_key: int, unit_key: int, unit: str
) -> Actor:
    kind = next(kind for code, kind, _parent, _polygon in UNITS if code == unit)
    held = HeldPosition(
        position_key=position_key,
        role=role,
        unit_key=unit_key,
        unit_path=f"/{unit_key}/",
        unit_kind=kind,
    )
    return Actor(person_key=person_key, login=login, name=login.title(), positions=(held,))
