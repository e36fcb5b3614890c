"""The work calendar: how limits were counted, weeks of units, who changed which day.

Only new tables and columns with defaults, so running cases go on. Their present limits were counted
before anybody noted how, and keep their instants.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and say of every limit so far that it is certain."""
    op.create_table(
        "unit_calendar",
        sa.Column("unit_key", KEY, autoincrement=False, nullable=False),
        sa.Column("week", JSON, nullable=False),
        sa.Column("keeps_holidays", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_key"], ["unit.key"], name=op.f("fk_unit_calendar_unit_key_unit")
        ),
        sa.PrimaryKeyConstraint("unit_key", name=op.f("pk_unit_calendar")),
    )
    op.create_table(
        "calendar_change",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("data", JSON, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_calendar_change_person_key_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_calendar_change")),
    )
    op.create_index("ix_calendar_change_calendar", "calendar_change", ["calendar"])
    op.create_table(
        "counted_limit",
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("limit_text", sa.Text(), nullable=False),
        sa.Column("counted_from", INSTANT, nullable=False),
        sa.Column("unit_key", KEY, nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_counted_limit_instance_key_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_key"], ["unit.key"], name=op.f("fk_counted_limit_unit_key_unit")
        ),
        sa.PrimaryKeyConstraint("instance_key", "due_at", name=op.f("pk_counted_limit")),
    )
    op.create_index("ix_counted_limit_calendar_version", "counted_limit", ["calendar_version"])
    for table in ("cases", "user_task"):
        op.add_column(
            table,
            sa.Column("is_due_provisional", sa.Boolean(), server_default="0", nullable=False),
        )


def downgrade() -> None:
    """Drop what was made."""
    for table in ("cases", "user_task"):
        op.drop_column(table, "is_due_provisional")
    op.drop_index("ix_counted_limit_calendar_version", table_name="counted_limit")
    op.drop_table("counted_limit")
    op.drop_index("ix_calendar_change_calendar", table_name="calendar_change")
    op.drop_table("calendar_change")
    op.drop_table("unit_calendar")
