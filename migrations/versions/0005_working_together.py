"""Working together: tasks handed on, bulk work, absences, saved filters, replies, followers.

Only new tables and empty columns, so running cases go on as they are.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and columns."""
    _handovers()
    _bulk()
    _absences()
    _own()
    _replies()


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_standard_reply_change_reply_key", table_name="standard_reply_change")
    op.drop_table("standard_reply_change")
    op.drop_index("ix_standard_reply_category", table_name="standard_reply")
    op.drop_table("standard_reply")
    op.drop_table("mention")
    op.drop_index("ix_case_follow_person_key", table_name="case_follow")
    op.drop_table("case_follow")
    op.drop_table("saved_filter")
    op.drop_column("person", "unwanted_mail")
    op.drop_column("deputy", "absence_key")
    op.drop_index("ix_absence_deputy_key", table_name="absence")
    op.drop_index("ix_absence_person_key", table_name="absence")
    op.drop_table("absence")
    op.drop_table("bulk_item")
    op.drop_index("ix_bulk_action_person_key", table_name="bulk_action")
    op.drop_table("bulk_action")
    for column in ("from_key", "case_key", "task_key"):
        op.drop_index(f"ix_handover_{column}", table_name="handover")
    op.drop_table("handover")


def _handovers() -> None:
    op.create_table(
        "handover",
        _key(),
        _ref("handover", "task_key", "user_task"),
        _ref("handover", "case_key", "cases"),
        sa.Column("kind", sa.Text(), nullable=False),
        _ref("handover", "from_key", "person", null=True),
        _ref("handover", "to_key", "person"),
        _ref("handover", "by_key", "person"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_handover"),
    )
    for column in ("task_key", "case_key", "from_key"):
        op.create_index(f"ix_handover_{column}", "handover", [column])


def _bulk() -> None:
    op.create_table(
        "bulk_action",
        _key(),
        _ref("bulk_action", "person_key", "person"),
        sa.Column("kind", sa.Text(), nullable=False),
        _ref("bulk_action", "to_key", "person", null=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_bulk_action"),
    )
    op.create_index("ix_bulk_action_person_key", "bulk_action", ["person_key"])
    op.create_table(
        "bulk_item",
        _ref("bulk_item", "action_key", "bulk_action"),
        _ref("bulk_item", "task_key", "user_task"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        _ref("bulk_item", "previous_key", "person", null=True),
        sa.Column("failure", JSON, nullable=True),
        sa.PrimaryKeyConstraint("action_key", "task_key", name="pk_bulk_item"),
    )


def _absences() -> None:
    op.create_table(
        "absence",
        _key(),
        _ref("absence", "person_key", "person"),
        _ref("absence", "deputy_key", "person"),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_absence"),
    )
    op.create_index("ix_absence_person_key", "absence", ["person_key"])
    op.create_index("ix_absence_deputy_key", "absence", ["deputy_key"])
    op.add_column("deputy", sa.Column("absence_key", KEY, nullable=True))
    op.add_column("person", sa.Column("unwanted_mail", JSON, nullable=True))


def _own() -> None:
    op.create_table(
        "saved_filter",
        _key(),
        _ref("saved_filter", "person_key", "person"),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", JSON, nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_saved_filter"),
        sa.UniqueConstraint(
            "person_key", "page", "name", name="uq_saved_filter_person_key_page_name"
        ),
    )
    op.create_table(
        "case_follow",
        _ref("case_follow", "case_key", "cases"),
        _ref("case_follow", "person_key", "person"),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case_key", "person_key", name="pk_case_follow"),
    )
    op.create_index("ix_case_follow_person_key", "case_follow", ["person_key"])
    op.create_table(
        "mention",
        _ref("mention", "remark_key", "remark"),
        _ref("mention", "person_key", "person"),
        sa.PrimaryKeyConstraint("remark_key", "person_key", name="pk_mention"),
    )


def _replies() -> None:
    texts = ("category", "outcome", "title", "title_zh", "body", "body_zh")
    op.create_table(
        "standard_reply",
        _key(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_standard_reply"),
    )
    op.create_index("ix_standard_reply_category", "standard_reply", ["category", "outcome"])
    op.create_table(
        "standard_reply_change",
        _key(),
        _ref("standard_reply_change", "reply_key", "standard_reply"),
        _ref("standard_reply_change", "person_key", "person", null=True),
        sa.Column("before", JSON, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_standard_reply_change"),
    )
    op.create_index("ix_standard_reply_change_reply_key", "standard_reply_change", ["reply_key"])


def _key() -> sa.Column[int]:
    return sa.Column("key", KEY, autoincrement=False, nullable=False)


def _ref(table: str, column: str, target: str, *, null: bool = False) -> sa.Column[int]:
    named = f"fk_{table}_{column}_{target}"
    return sa.Column(column, KEY, sa.ForeignKey(f"{target}.key", name=named), nullable=null)
