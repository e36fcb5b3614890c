"""Linked processes: who sent a message, in which domain; what clock and callback know of a case.

Only new columns, empty or with defaults, so running cases go on as they are.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
OF_CASES = (
    ("card", sa.Text()),
    ("clock_phases", JSON),
    ("paused_at", INSTANT),
    ("contacted_at", INSTANT),
    ("resolved", sa.Text()),
    ("callback_outcome", sa.Text()),
    ("screened", sa.Text()),
    ("reopens_key", KEY),
)
OF_MESSAGE = (
    ("case_key", KEY),
    ("instance_key", KEY),
    ("retry_at", INSTANT),
    ("last_error", sa.Text()),
)


def upgrade() -> None:
    """Add the columns."""
    op.add_column("cases", sa.Column("kind", sa.Text(), server_default="case", nullable=False))
    for name, kind in OF_CASES:
        op.add_column("cases", sa.Column(name, kind, nullable=True))
    op.add_column(
        "message", sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False)
    )
    op.add_column(
        "message", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False)
    )
    for name, kind in OF_MESSAGE:
        op.add_column("message", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop what was added."""
    for name in [*(name for name, _ in reversed(OF_MESSAGE)), "attempts", "clock_domain"]:
        op.drop_column("message", name)
    for name in [*(name for name, _ in reversed(OF_CASES)), "kind"]:
        op.drop_column("cases", name)
