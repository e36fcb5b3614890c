"""Tables of what leaves a transaction: notices for the bell, the outbox, repeated requests."""

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata

# Addressed to one person, or to a role in a unit: who holds it is looked up when it is read.
notice = Table(
    "notice",
    metadata,
    key(),
    text("kind"),
    ref("case_key", "cases.key", null=True),
    Column("task_key", key().type, nullable=True),
    ref("person_key", "person.key", null=True),
    text("role", null=True),
    ref("unit_key", "unit.key", null=True),
    json("params", null=False),
    instant("at"),
)
Index("ix_notice_person", notice.c.person_key, notice.c.at)
Index("ix_notice_unit", notice.c.unit_key, notice.c.role, notice.c.at)

outbox = Table(
    "outbox",
    metadata,
    key(),
    text("kind"),  # notice_mail | reporter_mail | reporter_sms
    json("payload", null=False),  # keys only: what they point to is read when it is sent
    text("state", default="waiting"),  # waiting | sent | incident
    Column("attempts", Integer, nullable=False, server_default="0"),
    text("last_error", null=True),
    text("clock_domain", default="live"),
    instant("created_at"),
    instant("retry_at", null=True),
    instant("sent_at", null=True),
)
Index("ix_outbox_waiting", outbox.c.state, outbox.c.created_at)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    text("scope"),
    text("client_key"),
    text("body_digest"),
    json("response", null=False),
    instant("created_at"),
    UniqueConstraint("scope", "client_key"),
)
