"""The law or the rule a whistle rests on is kept with it.

Only a new column that may be empty: of a whistle blown before nobody knows it.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("whistle", sa.Column("legal_basis", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("whistle", "legal_basis")
