"""Loads the synthetic demo district into a database that has no units yet.

`make run` calls it in demo mode; tests call it for a district of realistic shape.
"""

from datetime import date
from typing import Any

from app.cases.calendar import extend_calendar
from app.organisation.demo import (
    DEMO_PASSWORD,
    DemoAccount,
    UnitPlan,
    demo_accounts,
    planned_people,
    planned_units,
)
from app.organisation.demo.names import DISTRICT
from app.organisation.passwords import hash_password
from app.organisation.units import LINE_OF, path_under
from app.store import people as people_rows
from app.store import units as unit_rows
from app.store.db import Transaction, reading
from app.store.settings import save_setting

SINCE = date(2000, 1, 1)


def load_demo_district(tx: Transaction) -> None:
    """Make the demo district's units, people, positions and calendar; nothing if units exist."""
    if unit_rows.has_units(tx.connection):
        return
    units = _unit_rows(tx)
    unit_rows.insert_units(tx.connection, list(units.values()))
    people, positions = _people_rows(tx, {code: row["key"] for code, row in units.items()})
    people_rows.insert_people(tx.connection, people)
    people_rows.insert_positions(tx.connection, positions)
    save_setting(tx.connection, "district_name", DISTRICT[0])
    save_setting(tx.connection, "district_name_zh", DISTRICT[1])
    extend_calendar(tx)


def _unit_rows(tx: Transaction) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for plan in planned_units():
        key = tx.next_key()
        parent = rows[plan.parent] if plan.parent else None
        rows[plan.code] = {
            "key": key,
            "code": plan.code,
            "kind": plan.kind.value,
            "line": LINE_OF[plan.kind].value,
            "name": plan.name,
            "name_zh": plan.name_zh,
            "parent_key": parent["key"] if parent else None,
            "path": path_under(parent["path"] if parent else "", key),
            "party_type": plan.party_type.value if plan.party_type else None,
            "serves_key": rows[plan.serves]["key"] if plan.serves else None,
            "polygon": _geojson(plan),
            "is_synthetic": True,
            "valid_from": SINCE,
            "valid_to": None,
        }
    return rows


def _geojson(plan: UnitPlan) -> dict[str, Any] | None:
    if plan.outline is None:
        return None
    ring = [[x / 1_000_000, y / 1_000_000] for x, y in plan.outline]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _people_rows(
    tx: Transaction, unit_keys: dict[str, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    password_hash = hash_password(DEMO_PASSWORD)
    people, positions = [], []
    for plan in planned_people():
        key = tx.next_key()
        people.append(
            {
                "key": key,
                "login": plan.login,
                "name": plan.name,
                "password_hash": password_hash,
                "language": "zh-CN",
                "is_active": True,
                "is_demo": True,
                "wants_mail": False,
                "created_at": tx.now,
            }
        )
        for role, code in plan.positions:
            positions.append(
                {
                    "key": tx.next_key(),
                    "person_key": key,
                    "role": role.value,
                    "unit_key": unit_keys[code],
                    "valid_from": SINCE,
                    "valid_to": None,
                }
            )
    return people, positions


__all__ = ["DEMO_PASSWORD", "demo_accounts", "load_demo_district"]


def listed_accounts() -> tuple[DemoAccount, ...]:
    """Return the accounts to list on the sign-in page: none where no demo district was loaded."""
    with reading() as connection:
        return demo_accounts() if people_rows.has_demo_people(connection) else ()
