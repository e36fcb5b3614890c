"""Messages to one receiver: what may not wait is kept for each who waited when it was sent.

Only a new column that may be empty: a message without a receiver goes to whoever waits, as before.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column."""
    op.add_column("message", sa.Column("receiver_key", KEY, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("message", "receiver_key")
