"""Open cases by place: what lies near a point is found without reading every case.

Only a new index, of the cases that are not closed; running cases go on as they are.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_cases_open_place",
        "cases",
        ["latitude", "longitude"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_cases_open_place", table_name="cases")
