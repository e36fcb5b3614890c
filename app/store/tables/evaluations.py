"""The table of evaluations: each time a reporter was heard, or could not be."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint

from app.store.columns import JsonType, instant, key, ref, text
from app.store.db import metadata

evaluation = Table(
    "evaluation",
    metadata,
    key(),
    ref("case_key", "cases.key"),
    Column("round", Integer, nullable=False),  # 1, 2, … within the case
    Column("handling", Integer, nullable=False, server_default="1"),  # 2 after one reopening, …
    text("kind"),  # token | device | callback | second_callback
    Column("is_reached", Boolean, nullable=False),
    text("resolved", null=True),  # yes | partly | no
    Column("grade", Integer, nullable=True),  # 1 the best … 5 the worst
    Column("result_grade", Integer, nullable=True),
    Column("attitude_grade", Integer, nullable=True),
    text("quote", null=True),
    Column("tags", JsonType, nullable=True),  # what stood out: a list of the form's choices
    Column("attempt", Integer, nullable=True),  # of a callback, from 1 on
    ref("person_key", "person.key", null=True),  # who called; null: the reporter's own hand
    instant("at"),
    UniqueConstraint("case_key", "round"),
)
Index("ix_evaluation_at", evaluation.c.at)
