"""Counted limits of the case itself by name: the first reply is counted again, not only handling.

A whistle's time to be there is kept under the element key -1. What runs now is taken over from the
ledger as if counted on an older calendar, so that the worker looks at it once. A whistle that runs
keeps its time.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
COLUMNS = (
    "instance_key, element_key, due_at, limit_text, counted_from, unit_key, is_provisional,"
    " calendar_version, attempts, retry_at"
)
NAMED = f"""
INSERT INTO counted_limit ({COLUMNS}, limit_name)
SELECT {COLUMNS}, CASE WHEN element_key = 0 THEN 'handle' ELSE '' END FROM counted_limit_before
"""  # noqa: S608
RUNNING = """
INSERT INTO counted_limit (instance_key, element_key, limit_name, due_at, limit_text, counted_from,
  unit_key, is_provisional, calendar_version)
SELECT i.instance_key, 0, l.limit_name, l.due_at, l.limit_text, l.counted_from, l.unit_key,
  l.is_provisional, -1
FROM deadline_ledger l
JOIN (SELECT case_key, min(key) AS instance_key FROM process_instance
  WHERE engine_state IS NOT NULL GROUP BY case_key) i ON i.case_key = l.case_key
WHERE l.task_key IS NULL AND l.limit_name <> 'handle' AND l.limit_text LIKE '%w_'
  AND l.counted_from IS NOT NULL AND l.left_text IS NULL
  AND l.action NOT IN ('paused', 'met', 'missed', 'dropped')
  AND NOT EXISTS (SELECT 1 FROM deadline_ledger n WHERE n.case_key = l.case_key
    AND n.task_key IS NULL AND n.limit_name = l.limit_name AND n.key > l.key)
"""
BACK = f"""
INSERT INTO counted_limit ({COLUMNS})
SELECT {COLUMNS} FROM counted_limit_before WHERE limit_name IN ('', 'handle') AND element_key >= 0
"""  # noqa: S608


def upgrade() -> None:
    """Key counted limits by name too, and take over those of the case that run."""
    _make_again(
        sa.Column("limit_name", sa.Text(), server_default="", nullable=False),
        key=("instance_key", "element_key", "limit_name"),
        copy=NAMED,
    )
    op.execute(RUNNING)


def downgrade() -> None:
    """Keep those of tasks and timers, and handling."""
    _make_again(key=("instance_key", "element_key"), copy=BACK)


def _make_again(*more: "sa.Column[object]", key: tuple[str, ...], copy: str) -> None:
    op.execute("CREATE TABLE counted_limit_before AS SELECT * FROM counted_limit")
    op.drop_index("ix_counted_limit_calendar_version", table_name="counted_limit")
    op.drop_table("counted_limit")
    op.create_table(
        "counted_limit",
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("element_key", KEY, nullable=False),
        *more,
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("limit_text", sa.Text(), nullable=False),
        sa.Column("counted_from", INSTANT, nullable=False),
        sa.Column("unit_key", KEY, nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", INSTANT, nullable=True),
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
