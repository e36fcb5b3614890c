"""Drafts of tables: changed rows before they take effect, and why they took it.

Only new tables.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "table_draft",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("person_key", KEY, nullable=False),
        sa.Column("base_key", KEY, nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["base_key"],
            ["decision_requirements.key"],
            name=op.f("fk_table_draft_base_key_decision_requirements"),
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_table_draft_person_key_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_table_draft")),
        sa.UniqueConstraint(
            "decision_id", "person_key", name=op.f("uq_table_draft_decision_id_person_key")
        ),
    )
    op.create_table(
        "table_change",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("requirements_key", KEY, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["requirements_key"],
            ["decision_requirements.key"],
            name=op.f("fk_table_change_requirements_key_decision_requirements"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_table_change")),
        sa.UniqueConstraint(
            "requirements_key",
            "decision_id",
            name=op.f("uq_table_change_requirements_key_decision_id"),
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("table_change")
    op.drop_table("table_draft")
