"""Rows of decision tables under change: versions with who deployed them, drafts, reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select

from app.store.tables.cases import cases
from app.store.tables.definitions import decision_definition, decision_requirements, deployment
from app.store.tables.drafts import table_change, table_draft
from app.store.tables.organisation import person
from app.store.units import AnyRow

LIVE = "live"


def decisions(connection: Connection) -> Sequence[AnyRow]:
    """Return every decision with its newest file, who deployed that and when, by name."""
    newest = (
        select(
            decision_definition.c.resource_id,
            func.max(decision_definition.c.version).label("version"),
        )
        .group_by(decision_definition.c.resource_id)
        .subquery()
    )
    query = _versions().join(
        newest,
        (newest.c.resource_id == decision_definition.c.resource_id)
        & (newest.c.version == decision_definition.c.version),
    )
    return connection.execute(query.order_by(decision_definition.c.name)).all()


def versions(connection: Connection, decision_id: str) -> Sequence[AnyRow]:
    """Return every version of the file with this decision, the newest first."""
    here = decision_definition.c.resource_id == decision_id
    query = _versions().where(here).order_by(decision_definition.c.version.desc())
    return connection.execute(query).all()


def lock_newest(connection: Connection, decision_id: str) -> int | None:
    """Return the key of the newest file with this decision, while nobody else deploys one."""
    file = decision_requirements.c.key == decision_definition.c.requirements_key
    here = decision_definition.c.resource_id == decision_id
    ordered = (
        select(decision_requirements.c.key)
        .join(decision_definition, file)
        .where(here)
        .order_by(decision_definition.c.version.desc())
        .limit(1)
    )
    connection.execute(ordered.with_for_update(of=decision_requirements))
    key: int | None = connection.execute(ordered).scalar()
    return key


def draft(connection: Connection, decision_id: str, person_key: int) -> AnyRow | None:
    """Return somebody's draft of a table."""
    here = (table_draft.c.decision_id == decision_id) & (table_draft.c.person_key == person_key)
    return connection.execute(select(table_draft).where(here)).first()


def drafts(connection: Connection, person_key: int) -> Sequence[AnyRow]:
    """Return all drafts of a person."""
    return connection.execute(
        select(table_draft).where(table_draft.c.person_key == person_key)
    ).all()


def others(connection: Connection, decision_id: str, person_key: int) -> Sequence[str]:
    """Return the names of those who have a draft of the same table."""
    query = (
        select(person.c.name)
        .join(table_draft, table_draft.c.person_key == person.c.key)
        .where(table_draft.c.decision_id == decision_id, person.c.key != person_key)
        .order_by(person.c.name)
    )
    return connection.execute(query).scalars().all()


def save_draft(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a draft in the place of the one before."""
    drop_draft(connection, row["decision_id"], row["person_key"])
    connection.execute(insert(table_draft).values(dict(row)))


def drop_draft(connection: Connection, decision_id: str, person_key: int) -> None:
    """Forget somebody's draft of a table."""
    here = (table_draft.c.decision_id == decision_id) & (table_draft.c.person_key == person_key)
    connection.execute(delete(table_draft).where(here))


def note_change(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep why a version of a table took effect."""
    connection.execute(insert(table_change).values(dict(row)))


def recent_cases(connection: Connection, count: int) -> Sequence[Mapping[str, Any]]:
    """Return the newest cases of the live district, whole rows, the newest first."""
    query = (
        select(cases).where(cases.c.clock_domain == LIVE).order_by(cases.c.key.desc()).limit(count)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _versions() -> Any:
    """Return the select of versions: file, decision, who, when, why."""
    changed = and_(
        table_change.c.requirements_key == decision_requirements.c.key,
        table_change.c.decision_id == decision_definition.c.resource_id,
    )
    return (
        select(
            decision_definition.c.resource_id.label("decision_id"),
            decision_definition.c.name,
            decision_definition.c.version,
            decision_requirements.c.key,
            decision_requirements.c.resource_id.label("file_id"),
            decision_requirements.c.resource_name,
            decision_requirements.c.content,
            decision_requirements.c.bindings,
            deployment.c.deployed_at,
            person.c.name.label("person"),
            table_change.c.reason,
            table_change.c.restores,
        )
        .join(
            decision_requirements,
            decision_requirements.c.key == decision_definition.c.requirements_key,
        )
        .join(deployment, deployment.c.key == decision_requirements.c.deployment_key)
        .outerjoin(person, person.c.key == deployment.c.person_key)
        .outerjoin(table_change, changed)
    )
