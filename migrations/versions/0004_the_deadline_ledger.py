"""The deadline ledger: every limit of a case, by whom, why and by which row of a table.

The lines so far keep their words; what they lack is empty. Counted limits are kept for whoever
waits for them: each row is copied to the tasks, timers and the case that stand at its instant.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
OF_LEDGER = (
    ("instance_key", KEY),
    ("task_key", KEY),
    ("element_id", sa.Text()),
    ("limit_text", sa.Text()),
    ("counted_from", INSTANT),
    ("unit_key", KEY),
    ("basis", sa.Text()),
    ("used_seconds", sa.Integer()),
    ("left_text", sa.Text()),
)
WAITING = """
INSERT INTO counted_limit (instance_key, element_key, due_at, limit_text, counted_from, unit_key,
  is_provisional, calendar_version)
SELECT b.instance_key, w.key, b.due_at, b.limit_text, b.counted_from, b.unit_key,
  b.is_provisional, b.calendar_version
FROM counted_limit_before b
JOIN (
  SELECT t.key AS key, t.instance_key AS instance_key, t.due_at AS due_at
  FROM user_task t WHERE t.state = 'CREATED'
  UNION SELECT m.element_key, m.instance_key, m.due_at FROM timer m
  UNION SELECT 0, i.key, c.due_at FROM process_instance i JOIN cases c ON c.key = i.case_key
    WHERE i.parent_key IS NULL AND c.handled_at IS NULL
) w ON w.instance_key = b.instance_key AND w.due_at = b.due_at
"""
BACK = """
INSERT INTO counted_limit (instance_key, due_at, limit_text, counted_from, unit_key,
  is_provisional, calendar_version)
SELECT b.instance_key, b.due_at, min(b.limit_text), min(b.counted_from), min(b.unit_key),
  b.is_provisional, min(b.calendar_version)
FROM counted_limit_before b GROUP BY b.instance_key, b.due_at, b.is_provisional
"""


def upgrade() -> None:
    """Add the columns, and key counted limits by who waits."""
    for name, kind in OF_LEDGER:
        op.add_column("deadline_ledger", sa.Column(name, kind, nullable=True))
    op.add_column(
        "deadline_ledger",
        sa.Column("is_provisional", sa.Boolean(), server_default="0", nullable=False),
    )
    _make_again(
        sa.Column("element_key", KEY, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
        key=("instance_key", "element_key"),
        copy=WAITING,
    )


def downgrade() -> None:
    """Drop what was added; of two limits at one instant one stays."""
    _make_again(key=("instance_key", "due_at"), copy=BACK)
    op.drop_column("deadline_ledger", "is_provisional")
    for name, _ in reversed(OF_LEDGER):
        op.drop_column("deadline_ledger", name)


def _make_again(*more: "sa.Column[object]", key: tuple[str, str], copy: str) -> None:
    op.execute("CREATE TABLE counted_limit_before AS SELECT * FROM counted_limit")
    op.drop_index("ix_counted_limit_calendar_version", table_name="counted_limit")
    op.drop_table("counted_limit")
    op.create_table(
        "counted_limit",
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("limit_text", sa.Text(), nullable=False),
        sa.Column("counted_from", INSTANT, nullable=False),
        sa.Column("unit_key", KEY, nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_counted_limit_instance_key_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_key"], ["unit.key"], name=op.f("fk_counted_limit_unit_key_unit")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_counted_limit")),
    )
    op.create_index("ix_counted_limit_calendar_version", "counted_limit", ["calendar_version"])
    op.execute(copy)
    op.drop_table("counted_limit_before")
