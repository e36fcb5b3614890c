"""Leaving a whistle: what the street said of a department that wanted to leave, and when.

Only new columns that may be empty, so running whistles go on as they are.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("whistle_report", sa.Column("leave", sa.Text(), nullable=True))
    op.add_column(
        "whistle_report", sa.Column("leave_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("whistle_report", "leave_at")
    op.drop_column("whistle_report", "leave")
