"""Decision tables under change: drafts of rows before they take effect, and why they took it."""

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata

table_draft = Table(
    "table_draft",
    metadata,
    key(),
    text("decision_id"),
    ref("person_key", "person.key"),
    ref("base_key", "decision_requirements.key"),  # the version the draft was begun on
    json("rows", null=False),  # [[id, [cell, …], note], …] in their order
    json("words", null=False),  # {id of a row: {language: its note in that language}}
    instant("changed_at"),
    UniqueConstraint("decision_id", "person_key"),
)

table_change = Table(
    "table_change",
    metadata,
    key(),
    ref("requirements_key", "decision_requirements.key"),  # the version that took effect
    text("decision_id"),
    text("reason", null=True),
    Column("restores", Integer, nullable=True),  # the number of the version put back
    UniqueConstraint("requirements_key", "decision_id"),
)
