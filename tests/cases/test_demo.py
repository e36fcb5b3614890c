"""The demo district: its shape, who works in it, and that loading it twice changes nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.cases.demo import DEMO_PASSWORD, demo_accounts, load_demo_district
from app.config import settings_for
from app.organisation import calendar, directory, places
from app.organisation.demo.people import STAFFING
from app.organisation.directory import CasePlace
from app.organisation.passwords import verify_password
from app.organisation.roles import Role
from app.organisation.units import UnitKind
from app.store.db import db, metadata, reading, transaction
from app.store.settings import CALENDAR_VERSION, DIRECTORY_VERSION, version
from app.store.tables import organisation as t

TODAY = date(2026, 3, 2)


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(
        settings_for(
            instance_path=tmp_path,
            database_url=database_url,
            secret_key="only tests know this one, it is long enough",
            log_level="ERROR",
        )
    )
    with app.app_context():
        metadata.create_all(db.engine)
        with transaction() as tx:
            load_demo_district(tx)
        yield app
        for engine in db.engines.values():
            engine.dispose()


def current() -> directory.Directory:
    with reading() as connection:
        return directory.current(connection, version(connection, DIRECTORY_VERSION))


def test_the_district_has_the_shape_of_the_founding_document(demo: Flask) -> None:
    found = current()
    counts = Counter(unit.kind for unit in found.units.values())
    assert counts[UnitKind.STREET] == 8
    assert counts[UnitKind.COMMUNITY] == 57
    assert counts[UnitKind.GRID] == 455
    assert counts[UnitKind.PARTY_BRANCH] == 285
    assert counts[UnitKind.DEPARTMENT] == 14
    assert counts[UnitKind.STREET_BRANCH] == 14 * 8
    assert counts[UnitKind.UNIT_PARTY_ORGANISATION] == 58
    assert all(unit.is_synthetic for unit in found.units.values())
    assert "synthetic" in found.district.name
    _every_role_is_held_where_it_is_needed(found)
    _the_listed_accounts_work_on_one_grid(found)
    _a_point_of_a_grid_is_found(found)


def _every_role_is_held_where_it_is_needed(found: directory.Directory) -> None:
    lacking = [
        (unit.code, role)
        for unit in found.units.values()
        for role, count in STAFFING.get(unit.kind, ())
        if len(found.people(role, unit.key, TODAY)) < count
    ]
    assert lacking == []
    assert {role for staffed in STAFFING.values() for role, _ in staffed} == set(Role)


def _the_listed_accounts_work_on_one_grid(found: directory.Directory) -> None:
    grid = found.unit_by_code("S01-C01-G01")
    _, street, community, _ = found.ancestors(grid.key)
    lead = found.unit_by_code("D-WATER").key
    place = CasePlace(
        grid_key=grid.key, community_key=community, street_key=street, lead_unit_key=lead
    )
    for account in demo_accounts():
        offer = found.resolve(account.role, place, on=TODAY)
        person = found.person_by_login(account.login)
        assert offer.raised_from is None
        assert person in found.people(account.role, offer.unit_key, TODAY), account.login


def _a_point_of_a_grid_is_found(found: directory.Directory) -> None:
    with reading() as connection:
        known = places.current(connection, found)
    assert len(known.shapes) == 455
    key = known.grid_at(39.62, 116.31)
    assert key is not None
    assert found.unit(key).kind is UnitKind.GRID


def test_every_account_has_the_demo_password_and_is_marked_as_demo(demo: Flask) -> None:
    with reading() as connection:
        hashes = set(connection.scalars(select(t.person.c.password_hash)))
        real = connection.scalar(
            select(func.count()).select_from(t.person).where(t.person.c.is_demo.is_(False))
        )
    assert [verify_password(DEMO_PASSWORD, kept) for kept in hashes] == [True]
    assert real == 0


def test_loading_again_changes_nothing(demo: Flask) -> None:
    before = _counts()
    with transaction() as tx:
        load_demo_district(tx)
    assert _counts() == before


def test_the_calendar_comes_with_it(demo: Flask) -> None:
    with reading() as connection:
        found = calendar.current(connection, version(connection, CALENDAR_VERSION)).district
    assert found.is_working_day(date(2026, 2, 14))
    assert not found.is_working_day(date(2026, 2, 16))


def _counts() -> list[int | None]:
    with reading() as connection:
        return [
            connection.scalar(select(func.count()).select_from(table))
            for table in (t.unit, t.person, t.position, t.calendar_day)
        ]
