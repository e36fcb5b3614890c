"""Tables of what designers deploy: diagrams, tables, forms and their translations, by version."""

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata

TENANT = "<default>"

deployment = Table(
    "deployment",
    metadata,
    key(),
    text("tenant_id", default=TENANT),
    ref("person_key", "person.key", null=True),
    instant("deployed_at"),
)


def _versioned(name: str, *extra: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        key(),
        text("resource_id"),
        Column("version", Integer, nullable=False),
        text("version_tag", null=True),
        text("name", null=True),
        text("resource_name"),
        text("tenant_id", default=TENANT),
        text("digest"),  # SHA-256 of the content, hexadecimal
        ref("deployment_key", "deployment.key"),
        *extra,
        UniqueConstraint("tenant_id", "resource_id", "version"),
    )


process_definition = _versioned(
    "process_definition",
    Column("content", LargeBinary, nullable=False),
    text("state", default="ACTIVE"),
    text("start_message", null=True),
    Column("has_start_form", Boolean, nullable=False, server_default="0"),
    # What the names in the diagram mean for this version, pinned when it was deployed:
    # {"processes": {id: key}, "decisions": {id: key of the requirements}, "forms": {id: key},
    #  "labels": {"zh-CN": key}}
    json("bindings", null=False),
)

form_definition = _versioned(
    "form_definition",
    Column("content", LargeBinary, nullable=False),
    json("bindings", null=False),
)

decision_requirements = _versioned(
    "decision_requirements",
    Column("content", LargeBinary, nullable=False),
    json("bindings", null=False),
)

decision_definition = _versioned(
    "decision_definition",
    ref("requirements_key", "decision_requirements.key", index=True),
)

label_definition = _versioned(
    "label_definition",  # resource_id: "<process | decision | form>:<id>:<language>"
    Column("content", LargeBinary, nullable=False),
)
Index("ix_process_definition_start_message", process_definition.c.start_message)
