"""Rows of deployed resources: diagrams, tables, forms and translations, each version for ever.

`cases.designs` writes them at a deployment and reads them, once per version and process, to build
what the engine and the forms work with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select

from app.json_types import JsonObject
from app.store.tables import definitions as t


class ResourceKind(StrEnum):
    """What a deployed resource is."""

    PROCESS = "process"
    FORM = "form"
    DECISION = "decision"
    LABELS = "labels"


TABLES: Mapping[ResourceKind, Table] = {
    ResourceKind.PROCESS: t.process_definition,
    ResourceKind.FORM: t.form_definition,
    ResourceKind.DECISION: t.decision_requirements,
    ResourceKind.LABELS: t.label_definition,
}


@dataclass(frozen=True, slots=True)
class Resource:
    """One version of one resource. `bindings` is empty for translations."""

    key: int
    kind: ResourceKind
    resource_id: str
    version: int
    version_tag: str | None
    name: str | None
    resource_name: str
    digest: str
    content: bytes
    bindings: JsonObject


def latest(connection: Connection, kind: ResourceKind) -> dict[str, Resource]:
    """Return the newest version of every resource of `kind`, by its id."""
    table = TABLES[kind]
    newest = (
        select(table.c.resource_id, func.max(table.c.version).label("version"))
        .group_by(table.c.resource_id)
        .subquery()
    )
    rows = connection.execute(
        select(table).join(
            newest,
            (newest.c.resource_id == table.c.resource_id) & (newest.c.version == table.c.version),
        )
    )
    return {row.resource_id: _resource(kind, row) for row in rows}


def newest_started_by(connection: Connection, message_name: str) -> int | None:
    """Return the key of the newest process this message starts; None when none was deployed."""
    key: int | None = connection.execute(_STARTED_BY, {"the_message": message_name}).scalar()
    return key


def newest_decision(connection: Connection, decision_id: str) -> int | None:
    """Return the key of the newest table file with this decision; None where there is none."""
    key: int | None = connection.execute(_WITH_DECISION, {"the_decision": decision_id}).scalar()
    return key


def by_keys(connection: Connection, kind: ResourceKind, keys: Sequence[int]) -> list[Resource]:
    """Return these versions, in no order."""
    table = TABLES[kind]
    rows = connection.execute(select(table).where(table.c.key.in_(keys)))
    return [_resource(kind, row) for row in rows]


def insert_deployment(
    connection: Connection, *, key: int, person_key: int | None, now: datetime
) -> None:
    """Note that somebody deployed something."""
    connection.execute(insert(t.deployment).values(key=key, person_key=person_key, deployed_at=now))


def insert_resource(
    connection: Connection,
    resource: Resource,
    *,
    deployment_key: int,
    start_message: str | None = None,
    has_start_form: bool = False,
) -> None:
    """Keep a new version; of a process also what starts it."""
    values: dict[str, object] = {
        "key": resource.key,
        "resource_id": resource.resource_id,
        "version": resource.version,
        "version_tag": resource.version_tag,
        "name": resource.name,
        "resource_name": resource.resource_name,
        "digest": resource.digest,
        "content": resource.content,
        "deployment_key": deployment_key,
    }
    if resource.kind is not ResourceKind.LABELS:
        values["bindings"] = resource.bindings
    if resource.kind is ResourceKind.PROCESS:
        values |= {"start_message": start_message, "has_start_form": has_start_form}
    connection.execute(insert(TABLES[resource.kind]).values(values))


def insert_decision(
    connection: Connection,
    *,
    key: int,
    decision_id: str,
    name: str | None,
    of: Resource,
    deployment_key: int,
) -> None:
    """Keep a decision of the requirements graph `of`, in the graph's version."""
    connection.execute(
        insert(t.decision_definition).values(
            key=key,
            resource_id=decision_id,
            version=of.version,
            name=name,
            resource_name=of.resource_name,
            digest=of.digest,
            deployment_key=deployment_key,
            requirements_key=of.key,
        )
    )


def _resource(kind: ResourceKind, row: Row[tuple[object, ...]]) -> Resource:
    return Resource(
        key=row.key,
        kind=kind,
        resource_id=row.resource_id,
        version=row.version,
        version_tag=row.version_tag,
        name=row.name,
        resource_name=row.resource_name,
        digest=row.digest,
        content=bytes(row.content),
        bindings={} if kind is ResourceKind.LABELS else row.bindings,
    )


_STARTED_BY = (
    select(t.process_definition.c.key)
    .where(t.process_definition.c.start_message == bindparam("the_message"))
    .order_by(t.process_definition.c.key.desc())
    .limit(1)
)
_WITH_DECISION = (
    select(t.decision_definition.c.requirements_key)
    .where(t.decision_definition.c.resource_id == bindparam("the_decision"))
    .order_by(t.decision_definition.c.version.desc())
    .limit(1)
)
