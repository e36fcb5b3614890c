"""Rating tags: what stood out to whoever rated stays with the round it was said in.

Only a new column that may be empty, so running cases go on as they are.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the column."""
    op.add_column("evaluation", sa.Column("tags", JSON, nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("evaluation", "tags")
