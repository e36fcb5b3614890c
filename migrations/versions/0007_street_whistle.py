"""Street whistle: what was blown for, and what each department did of it.

Only new tables.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_whistle()
    _make_whistle_report()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("whistle_report")
    op.drop_table("whistle")


def _make_whistle() -> None:
    op.create_table(
        "whistle",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("expected", "basis")),
        sa.Column("meet_at", INSTANT, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("blown_by", KEY, nullable=True),
        sa.Column("blown_at", INSTANT, nullable=False),
        sa.Column("called_at", INSTANT, nullable=True),
        sa.Column("check_in_by", INSTANT, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("minutes", "decisions", "result")),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name="fk_whistle_case_key_cases"),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name="fk_whistle_instance_key_process_instance",
        ),
        sa.ForeignKeyConstraint(["blown_by"], ["person.key"], name="fk_whistle_blown_by_person"),
        sa.PrimaryKeyConstraint("key", name="pk_whistle"),
        sa.UniqueConstraint("instance_key", name="uq_whistle_instance_key"),
    )
    op.create_index("ix_whistle_case_key", "whistle", ["case_key"])
    op.create_index("ix_whistle_blown_at", "whistle", ["blown_at"])


def _make_whistle_report() -> None:
    op.create_table(
        "whistle_report",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("whistle_key", KEY, nullable=False),
        sa.Column("unit_key", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("called_at", INSTANT, nullable=False),
        *(
            sa.Column(f"{step}_at", INSTANT, nullable=True)
            for step in ("acknowledged", "checked_in", "committed", "delivered", "absent")
        ),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("absent_step", "who")),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("latitude", "longitude")),
        sa.Column("distance_m", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("proof", "tasks", "owner")),
        sa.Column("promised_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("timely", "attended", "solved")
        ),
        sa.ForeignKeyConstraint(
            ["whistle_key"], ["whistle.key"], name="fk_whistle_report_whistle_key_whistle"
        ),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name="fk_whistle_report_unit_key_unit"),
        sa.PrimaryKeyConstraint("key", name="pk_whistle_report"),
        sa.UniqueConstraint(
            "whistle_key", "unit_key", name="uq_whistle_report_whistle_key_unit_key"
        ),
    )
    op.create_index("ix_whistle_report_unit_key", "whistle_report", ["unit_key"])
