"""Evaluations: each round of what a reporter said of a case.

Only a new table, and an index by which limits are found by name and day. What was rated before is
there as the grade of its case.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "evaluation",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.Column("resolved", sa.Text(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("result_grade", sa.Integer(), nullable=True),
        sa.Column("attitude_grade", sa.Integer(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_evaluation_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_evaluation_person_key_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("case_key", "round", name=op.f("uq_evaluation_case_key_round")),
    )
    op.create_index("ix_evaluation_at", "evaluation", ["at"])
    op.create_index("ix_deadline_ledger_limit_name", "deadline_ledger", ["limit_name", "due_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_deadline_ledger_limit_name", "deadline_ledger")
    op.drop_table("evaluation")
