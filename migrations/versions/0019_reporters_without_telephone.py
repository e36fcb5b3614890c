"""Whether whoever reported a case left a telephone number, or an address of mail only.

Only a new column that may be empty, filled from the reporters: empty where nobody left either.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LEFT = (
    "UPDATE cases SET has_telephone = {} WHERE {} EXISTS (SELECT 1 FROM reporter r"
    " WHERE r.case_key = cases.key AND r.{} IS NOT NULL)"
)


def upgrade() -> None:
    """Add the column and fill it."""
    op.add_column("cases", sa.Column("has_telephone", sa.Boolean(), nullable=True))
    op.execute(LEFT.format("true", "", "phone"))
    op.execute(LEFT.format("false", "has_telephone IS NULL AND", "email"))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("cases", "has_telephone")
