"""Reopening: who reported the case that a new one goes on from follows the new one too.

Only a new column that may be empty, and indexes, so running cases go on as they are.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column and the indexes."""
    op.add_column("reporter", sa.Column("continues_key", KEY, nullable=True))
    op.create_index("ix_reporter_continues_key", "reporter", ["continues_key"])
    op.create_index("ix_cases_reopens_key", "cases", ["reopens_key"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_cases_reopens_key", table_name="cases")
    op.drop_index("ix_reporter_continues_key", table_name="reporter")
    op.drop_column("reporter", "continues_key")
