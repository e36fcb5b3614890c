"""Cases with a card are found by unit: the card of an open case, and its handling limit.

Only new columns that may be empty, filled for open cases that have a card.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WITH_CARD = sa.text("card IS NOT NULL")
OF_CASE = "(SELECT c.{} FROM cases c WHERE c.key = case_unit.case_key)"
FILL = f"""
UPDATE case_unit SET card = {OF_CASE.format("card")},
  due_at = coalesce({OF_CASE.format("due_at")}, reported_at)
WHERE case_key IN (SELECT key FROM cases WHERE card IS NOT NULL AND closed_at IS NULL)
"""  # noqa: S608


def upgrade() -> None:
    """Add the columns with their index, and fill them."""
    op.add_column("case_unit", sa.Column("card", sa.Text(), nullable=True))
    op.add_column("case_unit", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_case_unit_card",
        "case_unit",
        ["unit_key", "card", "due_at", "case_key"],
        sqlite_where=WITH_CARD,
        postgresql_where=WITH_CARD,
    )
    op.execute(FILL)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_case_unit_card", table_name="case_unit")
    op.drop_column("case_unit", "due_at")
    op.drop_column("case_unit", "card")
