"""Tables of working together: tasks handed on, work done in bulk, absences, filters, replies."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata

# A task that went from one pair of hands to another; who passed it on may take it back while open.
handover = Table(
    "handover",
    metadata,
    key(),
    ref("task_key", "user_task.key", index=True),
    ref("case_key", "cases.key", index=True),
    text("kind"),  # cases.assignment.HandoverKind
    ref("from_key", "person.key", null=True, index=True),
    ref("to_key", "person.key"),
    ref("by_key", "person.key"),
    text("reason", null=True),
    instant("at"),
    instant("ended_at", null=True),
)

bulk_action = Table(
    "bulk_action",
    metadata,
    key(),
    ref("person_key", "person.key", index=True),
    text("kind"),  # claim | reassign
    ref("to_key", "person.key", null=True),
    text("reason", null=True),
    instant("at"),
    instant("undone_at", null=True),
)

# One row for each task of a bulk action: as it was seen while it waits for its turn, then as it was
# left, or why it was not touched.
bulk_item = Table(
    "bulk_item",
    metadata,
    ref("action_key", "bulk_action.key"),
    ref("task_key", "user_task.key"),
    text("state"),  # waiting | done | failed | undone | kept
    Column("version", Integer, nullable=True),
    ref("previous_key", "person.key", null=True),
    json("failure"),  # {"sentence", "context"} of what stood in the way
    PrimaryKeyConstraint("action_key", "task_key"),
)

absence = Table(
    "absence",
    metadata,
    key(),
    ref("person_key", "person.key", index=True),
    ref("deputy_key", "person.key", index=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    instant("made_at"),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    key(),
    ref("person_key", "person.key"),
    text("page"),  # inbox | cases
    text("name"),
    json("query", null=False),
    Column("is_default", Boolean, nullable=False, server_default="0"),
    instant("created_at"),
    UniqueConstraint("person_key", "page", "name"),
)

case_follow = Table(
    "case_follow",
    metadata,
    ref("case_key", "cases.key"),
    ref("person_key", "person.key", index=True),
    instant("at"),
    PrimaryKeyConstraint("case_key", "person_key"),
)

mention = Table(
    "mention",
    metadata,
    Column("remark_key", key().type, ForeignKey("remark.key"), nullable=False),
    ref("person_key", "person.key"),
    PrimaryKeyConstraint("remark_key", "person_key"),
)

standard_reply = Table(
    "standard_reply",
    metadata,
    key(),
    text("category"),  # minor class, the beginning of one, or "" for all
    text("outcome"),  # a value of the field the form names, or "" for all
    text("title"),
    text("title_zh"),
    text("body"),
    text("body_zh"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
)

standard_reply_change = Table(
    "standard_reply_change",
    metadata,
    key(),
    ref("reply_key", "standard_reply.key", index=True),
    ref("person_key", "person.key", null=True),
    json("before"),  # the row as it was; null: it was made then
    instant("at"),
)
Index("ix_standard_reply_category", standard_reply.c.category, standard_reply.c.outcome)
