"""Which handling of a case a reporter judged: a reopened case is evaluated anew.

Rounds kept so far are told apart by the lines of the journal that say that handling was reopened.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and count the reopenings before each round."""
    column = sa.Column("handling", sa.Integer(), nullable=False, server_default="1")
    op.add_column("evaluation", column)
    op.execute(
        "UPDATE evaluation SET handling = 1 + (SELECT count(*) FROM journal"
        " WHERE journal.case_key = evaluation.case_key AND journal.kind = 'handling_reopened'"
        " AND journal.at < evaluation.at)"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("evaluation", "handling")
