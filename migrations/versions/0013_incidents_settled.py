"""Incidents settled: who had one tried again or settled it, and why; letters keep no addresses.

Only new columns that may be empty. What a mail server said of a letter that could not be sent is
cut down to its kind, because it can hold the address it was meant for.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and shorten the errors."""
    op.add_column("incident", sa.Column("resolution", sa.Text(), nullable=True))
    op.add_column("incident", sa.Column("resolved_by", KEY, nullable=True))
    op.add_column("incident", sa.Column("reason", sa.Text(), nullable=True))
    op.create_index("ix_incident_state", "incident", ["state", "created_at"])
    place = "instr(last_error, ':')"
    if op.get_context().dialect.name == "postgresql":
        place = "strpos(last_error, ':')"
    op.execute(
        f"UPDATE outbox SET last_error = substr(last_error, 1, {place} - 1) WHERE {place} > 0"  # noqa: S608
    )


def downgrade() -> None:
    """Drop them; the errors stay short."""
    op.drop_index("ix_incident_state", table_name="incident")
    op.drop_column("incident", "reason")
    op.drop_column("incident", "resolved_by")
    op.drop_column("incident", "resolution")
