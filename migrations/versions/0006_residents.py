"""Residents: what they asked to be told and by what way, and each time they urged a case on.

Only new columns with defaults and a new table, so running cases go on as they are.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the columns, make the table."""
    op.add_column("reporter", sa.Column("stages", JSON, nullable=True))
    op.add_column(
        "reporter", sa.Column("told_by", sa.Text(), server_default="mail", nullable=False)
    )
    op.create_table(
        "urge",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("reporter_key", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name="fk_urge_case_key_cases"),
        sa.ForeignKeyConstraint(
            ["reporter_key"], ["reporter.key"], name="fk_urge_reporter_key_reporter"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_urge"),
    )
    op.create_index("ix_urge_case_key", "urge", ["case_key"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_urge_case_key", table_name="urge")
    op.drop_table("urge")
    op.drop_column("reporter", "told_by")
    op.drop_column("reporter", "stages")
