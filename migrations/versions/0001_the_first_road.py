"""The first road: units and people, designs, instances, cases, journal, delivery.

Keys come from a sequence on PostgreSQL, which also wakes workers when a timer or a letter is new.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SEARCH = """
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX ix_case_search_words ON case_search USING gin (words gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'pg_trgm is not to be had: a search reads the whole table';
END $$
"""
WAKE = """
CREATE FUNCTION whistle_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('whistle_due', TG_ARGV[0]);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Make all tables, and on PostgreSQL the sequence and the triggers."""
    _make_tables()
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE SEQUENCE whistle_key INCREMENT BY 1000")
    op.execute(WAKE)
    op.execute(SEARCH)
    for table, tick in (("timer", "timers"), ("outbox", "outbox"), ("message", "messages")):
        op.execute(
            f"CREATE TRIGGER wake_{tick} AFTER INSERT ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION whistle_wake('{tick}')"
        )


def _make_tables() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("hours", JSON, nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("calendar", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "case_search",
        sa.Column("case_key", KEY, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_key", name=op.f("pk_case_search")),
    )
    op.create_table(
        "case_unit",
        sa.Column("unit_key", KEY, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("unit_key", "case_key", name=op.f("pk_case_unit")),
    )
    op.create_index("ix_case_unit_case_key", "case_unit", ["case_key"], unique=False)
    op.create_index(
        "ix_case_unit_newest", "case_unit", ["unit_key", "reported_at", "case_key"], unique=False
    )
    op.create_index(
        "ix_case_unit_unit", "case_unit", ["unit_key", "is_open", "reported_at"], unique=False
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("response", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "scope", "client_key", name=op.f("uq_idempotency_key_scope_client_key")
        ),
    )
    op.create_table(
        "key_sequence",
        sa.Column("only_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_block", KEY, nullable=False),
        sa.PrimaryKeyConstraint("only_row", name=op.f("pk_key_sequence")),
    )
    op.create_table(
        "message",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("message_name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("variables", JSON, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "tenant_id",
            "message_name",
            "correlation_key",
            "message_id",
            name=op.f("uq_message_tenant_id_message_name_correlation_key_message_id"),
        ),
    )
    op.create_index("ix_message_name", "message", ["message_name", "correlation_key"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_waiting", "outbox", ["state", "created_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="zh-CN", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("is_demo", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("wants_mail", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("notices_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_index(
        "ix_person_login_lower", "person", [sa.literal_column("lower(login)")], unique=False
    )
    op.create_table(
        "rate_counter",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_rate_counter")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "unit",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("parent_key", KEY, nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("party_type", sa.Text(), nullable=True),
        sa.Column("serves_key", KEY, nullable=True),
        sa.Column("polygon", JSON, nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_key"], ["unit.key"], name=op.f("fk_unit_parent_key_unit")),
        sa.ForeignKeyConstraint(["serves_key"], ["unit.key"], name=op.f("fk_unit_serves_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_index(op.f("ix_unit_parent_key"), "unit", ["parent_key"], unique=False)
    op.create_index("ix_unit_path", "unit", ["path"], unique=False)
    op.create_table(
        "cases",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_ref", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("business_line", sa.Text(), nullable=True),
        sa.Column("major_class", sa.Text(), nullable=True),
        sa.Column("minor_class", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("grid_key", KEY, nullable=True),
        sa.Column("community_key", KEY, nullable=True),
        sa.Column("street_key", KEY, nullable=True),
        sa.Column("unit_path", sa.Text(), nullable=True),
        sa.Column("lead_unit_key", KEY, nullable=True),
        sa.Column("lead_unit_path", sa.Text(), nullable=True),
        sa.Column("co_units", JSON, nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("self_handled", sa.Boolean(), nullable=False),
        sa.Column("limit_basis", sa.Text(), nullable=False),
        sa.Column("given_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("established_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("close_code", sa.Text(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("synthetic", JSON, nullable=True),
        sa.Column("reported_by", KEY, nullable=True),
        sa.Column("journal_length", sa.Integer(), nullable=False),
        sa.Column("journal_head", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_key"], ["unit.key"], name=op.f("fk_cases_community_key_unit")
        ),
        sa.ForeignKeyConstraint(["grid_key"], ["unit.key"], name=op.f("fk_cases_grid_key_unit")),
        sa.ForeignKeyConstraint(
            ["lead_unit_key"], ["unit.key"], name=op.f("fk_cases_lead_unit_key_unit")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["person.key"], name=op.f("fk_cases_reported_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["street_key"], ["unit.key"], name=op.f("fk_cases_street_key_unit")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_cases_source_source_ref")),
    )
    op.create_index("ix_cases_reported_at", "cases", ["reported_at"], unique=False)
    op.create_table(
        "deployment",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_deployment_person_key_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deployment")),
    )
    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_key"],
            ["person.key"],
            name=op.f("fk_login_session_person_key_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_session")),
    )
    op.create_index(
        op.f("ix_login_session_person_key"), "login_session", ["person_key"], unique=False
    )
    op.create_table(
        "position",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("person_key", KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_key", KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_position_person_key_person")
        ),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_position_unit_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_position")),
    )
    op.create_index(op.f("ix_position_person_key"), "position", ["person_key"], unique=False)
    op.create_index("ix_position_unit_key_role", "position", ["unit_key", "role"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=True),
        sa.Column("task_key", KEY, nullable=True),
        sa.Column("upload_group", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.Column("thumbnail_as", sa.Text(), nullable=True),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy_metres", sa.Float(), nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_attachment_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_attachment_person_key_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_case_key"), "attachment", ["case_key"], unique=False)
    op.create_index(op.f("ix_attachment_task_key"), "attachment", ["task_key"], unique=False)
    op.create_index("ix_attachment_upload_group", "attachment", ["upload_group"], unique=False)
    op.create_table(
        "case_link",
        sa.Column("from_key", KEY, nullable=False),
        sa.Column("to_key", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_key"], ["cases.key"], name=op.f("fk_case_link_from_key_cases")
        ),
        sa.ForeignKeyConstraint(["to_key"], ["cases.key"], name=op.f("fk_case_link_to_key_cases")),
        sa.UniqueConstraint(
            "from_key", "to_key", "kind", name=op.f("uq_case_link_from_key_to_key_kind")
        ),
    )
    op.create_index(op.f("ix_case_link_to_key"), "case_link", ["to_key"], unique=False)
    op.create_table(
        "deadline_ledger",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("limit_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("position_key", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_deadline_ledger_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_deadline_ledger_person_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["position_key"],
            ["position.key"],
            name=op.f("fk_deadline_ledger_position_key_position"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deadline_ledger")),
    )
    op.create_index(
        op.f("ix_deadline_ledger_case_key"), "deadline_ledger", ["case_key"], unique=False
    )
    op.create_table(
        "decision_requirements",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deployment_key", KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("bindings", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_key"],
            ["deployment.key"],
            name=op.f("fk_decision_requirements_deployment_key_deployment"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision_requirements")),
        sa.UniqueConstraint(
            "tenant_id",
            "resource_id",
            "version",
            name=op.f("uq_decision_requirements_tenant_id_resource_id_version"),
        ),
    )
    op.create_table(
        "deputy",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("position_key", KEY, nullable=False),
        sa.Column("person_key", KEY, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_deputy_person_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["position_key"], ["position.key"], name=op.f("fk_deputy_position_key_position")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deputy")),
    )
    op.create_index(op.f("ix_deputy_person_key"), "deputy", ["person_key"], unique=False)
    op.create_index(op.f("ix_deputy_position_key"), "deputy", ["position_key"], unique=False)
    op.create_table(
        "fact_change",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("old_value", JSON, nullable=True),
        sa.Column("new_value", JSON, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("position_key", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_fact_change_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_fact_change_person_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["position_key"], ["position.key"], name=op.f("fk_fact_change_position_key_position")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fact_change")),
    )
    op.create_index(op.f("ix_fact_change_case_key"), "fact_change", ["case_key"], unique=False)
    op.create_table(
        "form_definition",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deployment_key", KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("bindings", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_key"],
            ["deployment.key"],
            name=op.f("fk_form_definition_deployment_key_deployment"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_definition")),
        sa.UniqueConstraint(
            "tenant_id",
            "resource_id",
            "version",
            name=op.f("uq_form_definition_tenant_id_resource_id_version"),
        ),
    )
    op.create_table(
        "journal",
        sa.Column("case_key", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("task_key", KEY, nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("position_key", KEY, nullable=True),
        sa.Column("on_behalf_of", KEY, nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["person.key"], name=op.f("fk_journal_on_behalf_of_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_journal_person_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["position_key"], ["position.key"], name=op.f("fk_journal_position_key_position")
        ),
        sa.PrimaryKeyConstraint("case_key", "number", name=op.f("pk_journal")),
    )
    op.create_table(
        "label_definition",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deployment_key", KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_key"],
            ["deployment.key"],
            name=op.f("fk_label_definition_deployment_key_deployment"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_label_definition")),
        sa.UniqueConstraint(
            "tenant_id",
            "resource_id",
            "version",
            name=op.f("uq_label_definition_tenant_id_resource_id_version"),
        ),
    )
    op.create_table(
        "notice",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_key", KEY, nullable=True),
        sa.Column("task_key", KEY, nullable=True),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("unit_key", KEY, nullable=True),
        sa.Column("params", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name=op.f("fk_notice_case_key_cases")),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_notice_person_key_person")
        ),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_notice_unit_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_person", "notice", ["person_key", "at"], unique=False)
    op.create_index("ix_notice_unit", "notice", ["unit_key", "role", "at"], unique=False)
    op.create_table(
        "process_definition",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deployment_key", KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="ACTIVE", nullable=False),
        sa.Column("start_message", sa.Text(), nullable=True),
        sa.Column("has_start_form", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("bindings", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_key"],
            ["deployment.key"],
            name=op.f("fk_process_definition_deployment_key_deployment"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_definition")),
        sa.UniqueConstraint(
            "tenant_id",
            "resource_id",
            "version",
            name=op.f("uq_process_definition_tenant_id_resource_id_version"),
        ),
    )
    op.create_index(
        "ix_process_definition_start_message", "process_definition", ["start_message"], unique=False
    )
    op.create_table(
        "reporter",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_digits", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("has_consented", sa.Boolean(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_reporter_case_key_cases")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reporter")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reporter_token_hash")),
    )
    op.create_index(op.f("ix_reporter_case_key"), "reporter", ["case_key"], unique=False)
    op.create_index("ix_reporter_phone_digits", "reporter", ["phone_digits"], unique=False)
    op.create_table(
        "decision_definition",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("resource_name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deployment_key", KEY, nullable=False),
        sa.Column("requirements_key", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_key"],
            ["deployment.key"],
            name=op.f("fk_decision_definition_deployment_key_deployment"),
        ),
        sa.ForeignKeyConstraint(
            ["requirements_key"],
            ["decision_requirements.key"],
            name=op.f("fk_decision_definition_requirements_key_decision_requirements"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_decision_definition")),
        sa.UniqueConstraint(
            "tenant_id",
            "resource_id",
            "version",
            name=op.f("uq_decision_definition_tenant_id_resource_id_version"),
        ),
    )
    op.create_index(
        op.f("ix_decision_definition_requirements_key"),
        "decision_definition",
        ["requirements_key"],
        unique=False,
    )
    op.create_table(
        "process_instance",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("definition_key", KEY, nullable=False),
        sa.Column("case_key", KEY, nullable=True),
        sa.Column("business_id", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Text(), server_default="<default>", nullable=False),
        sa.Column("state", sa.Text(), server_default="ACTIVE", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("engine_state", sa.LargeBinary(), nullable=True),
        sa.Column("parent_key", KEY, nullable=True),
        sa.Column("parent_element_key", KEY, nullable=True),
        sa.Column("root_key", KEY, nullable=True),
        sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False),
        sa.Column("tags", JSON, nullable=True),
        sa.Column("has_incident", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_process_instance_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["definition_key"],
            ["process_definition.key"],
            name=op.f("fk_process_instance_definition_key_process_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_key"],
            ["process_instance.key"],
            name=op.f("fk_process_instance_parent_key_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["root_key"],
            ["process_instance.key"],
            name=op.f("fk_process_instance_root_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_instance")),
    )
    op.create_index(
        op.f("ix_process_instance_case_key"), "process_instance", ["case_key"], unique=False
    )
    op.create_index(
        op.f("ix_process_instance_definition_key"),
        "process_instance",
        ["definition_key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_process_instance_parent_key"), "process_instance", ["parent_key"], unique=False
    )
    op.create_table(
        "remark",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("position_key", KEY, nullable=True),
        sa.Column("reporter_key", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["cases.key"], name=op.f("fk_remark_case_key_cases")),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_remark_person_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["position_key"], ["position.key"], name=op.f("fk_remark_position_key_position")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_key"], ["reporter.key"], name=op.f("fk_remark_reporter_key_reporter")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_case_key"), "remark", ["case_key"], unique=False)
    op.create_table(
        "element_instance",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("element_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_element_instance_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_element_instance")),
    )
    op.create_index(
        op.f("ix_element_instance_instance_key"), "element_instance", ["instance_key"], unique=False
    )
    op.create_table(
        "incident",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=True),
        sa.Column("element_key", KEY, nullable=True),
        sa.Column("job_key", KEY, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="ACTIVE", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_incident_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_instance_key"), "incident", ["instance_key"], unique=False)
    op.create_table(
        "job",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("job_type", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_job_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_instance_key"), "job", ["instance_key"], unique=False)
    op.create_index("ix_job_type", "job", ["job_type", "state"], unique=False)
    op.create_table(
        "message_subscription",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("element_key", KEY, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("message_name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_message_subscription_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_message_subscription")),
    )
    op.create_index(
        op.f("ix_message_subscription_instance_key"),
        "message_subscription",
        ["instance_key"],
        unique=False,
    )
    op.create_index(
        "ix_message_subscription_name",
        "message_subscription",
        ["message_name", "correlation_key"],
        unique=False,
    )
    op.create_table(
        "submission",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("case_key", KEY, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("task_key", KEY, nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=True),
        sa.Column("form_key", KEY, nullable=True),
        sa.Column("form_version", sa.Integer(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("person_key", KEY, nullable=True),
        sa.Column("position_key", KEY, nullable=True),
        sa.Column("on_behalf_of", KEY, nullable=True),
        sa.Column("reporter_key", KEY, nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_submission_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["form_key"],
            ["form_definition.key"],
            name=op.f("fk_submission_form_key_form_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_submission_instance_key_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of"], ["person.key"], name=op.f("fk_submission_on_behalf_of_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_key"], ["person.key"], name=op.f("fk_submission_person_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["position_key"], ["position.key"], name=op.f("fk_submission_position_key_position")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_key"], ["reporter.key"], name=op.f("fk_submission_reporter_key_reporter")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_case_key"), "submission", ["case_key"], unique=False)
    op.create_table(
        "timer",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("element_key", KEY, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_timer_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_timer")),
        sa.UniqueConstraint(
            "instance_key",
            "element_key",
            "due_at",
            name=op.f("uq_timer_instance_key_element_key_due_at"),
        ),
    )
    op.create_index("ix_timer_due", "timer", ["clock_domain", "state", "due_at"], unique=False)
    op.create_table(
        "user_task",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("instance_key", KEY, nullable=False),
        sa.Column("case_key", KEY, nullable=True),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("assignee_key", KEY, nullable=True),
        sa.Column("assignee_login", sa.Text(), nullable=True),
        sa.Column("candidate_groups", JSON, nullable=False),
        sa.Column("candidate_users", JSON, nullable=False),
        sa.Column("offered_to", JSON, nullable=False),
        sa.Column("priority", sa.Integer(), server_default="50", nullable=False),
        sa.Column("form_id", sa.Text(), nullable=True),
        sa.Column("form_key", KEY, nullable=True),
        sa.Column("headers", JSON, nullable=True),
        sa.Column("properties", JSON, nullable=True),
        sa.Column("inputs", JSON, nullable=True),
        sa.Column("not_actor", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", KEY, nullable=True),
        sa.Column("draft", JSON, nullable=True),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_key"], ["person.key"], name=op.f("fk_user_task_assignee_key_person")
        ),
        sa.ForeignKeyConstraint(
            ["case_key"], ["cases.key"], name=op.f("fk_user_task_case_key_cases")
        ),
        sa.ForeignKeyConstraint(
            ["completed_by"], ["person.key"], name=op.f("fk_user_task_completed_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["form_key"],
            ["form_definition.key"],
            name=op.f("fk_user_task_form_key_form_definition"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_key"],
            ["process_instance.key"],
            name=op.f("fk_user_task_instance_key_process_instance"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_user_task")),
    )
    op.create_index(
        "ix_user_task_assignee_key_due_at",
        "user_task",
        ["assignee_key", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'CREATED'"),
        postgresql_where=sa.text("state = 'CREATED'"),
    )
    op.create_index(op.f("ix_user_task_case_key"), "user_task", ["case_key"], unique=False)
    op.create_index(op.f("ix_user_task_instance_key"), "user_task", ["instance_key"], unique=False)
    op.create_table(
        "task_unit",
        sa.Column("unit_key", KEY, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("task_key", KEY, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("major_class", sa.Text(), nullable=True),
        sa.Column("clock_domain", sa.Text(), server_default="live", nullable=False),
        sa.ForeignKeyConstraint(
            ["task_key"], ["user_task.key"], name=op.f("fk_task_unit_task_key_user_task")
        ),
        sa.ForeignKeyConstraint(
            ["unit_key"], ["unit.key"], name=op.f("fk_task_unit_unit_key_unit")
        ),
    )
    op.create_index(
        "ix_task_unit_class",
        "task_unit",
        ["unit_key", "role", "major_class", "due_at"],
        unique=False,
    )
    op.create_index("ix_task_unit_task_key", "task_unit", ["task_key"], unique=False)
    op.create_index("ix_task_unit_unit", "task_unit", ["unit_key", "role", "due_at"], unique=False)


def downgrade() -> None:
    """Drop everything this step made."""
    _drop_tables()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION whistle_wake()")
        op.execute("DROP SEQUENCE whistle_key")


def _drop_tables() -> None:
    op.drop_index("ix_task_unit_unit", table_name="task_unit")
    op.drop_index("ix_task_unit_task_key", table_name="task_unit")
    op.drop_index("ix_task_unit_class", table_name="task_unit")
    op.drop_table("task_unit")
    op.drop_index(op.f("ix_user_task_instance_key"), table_name="user_task")
    op.drop_index(op.f("ix_user_task_case_key"), table_name="user_task")
    op.drop_index(
        "ix_user_task_assignee_key_due_at",
        table_name="user_task",
        sqlite_where=sa.text("state = 'CREATED'"),
        postgresql_where=sa.text("state = 'CREATED'"),
    )
    op.drop_table("user_task")
    op.drop_index("ix_timer_due", table_name="timer")
    op.drop_table("timer")
    op.drop_index(op.f("ix_submission_case_key"), table_name="submission")
    op.drop_table("submission")
    op.drop_index("ix_message_subscription_name", table_name="message_subscription")
    op.drop_index(op.f("ix_message_subscription_instance_key"), table_name="message_subscription")
    op.drop_table("message_subscription")
    op.drop_index("ix_job_type", table_name="job")
    op.drop_index(op.f("ix_job_instance_key"), table_name="job")
    op.drop_table("job")
    op.drop_index(op.f("ix_incident_instance_key"), table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_element_instance_instance_key"), table_name="element_instance")
    op.drop_table("element_instance")
    op.drop_index(op.f("ix_remark_case_key"), table_name="remark")
    op.drop_table("remark")
    op.drop_index(op.f("ix_process_instance_parent_key"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_definition_key"), table_name="process_instance")
    op.drop_index(op.f("ix_process_instance_case_key"), table_name="process_instance")
    op.drop_table("process_instance")
    op.drop_index(op.f("ix_decision_definition_requirements_key"), table_name="decision_definition")
    op.drop_table("decision_definition")
    op.drop_index("ix_reporter_phone_digits", table_name="reporter")
    op.drop_index(op.f("ix_reporter_case_key"), table_name="reporter")
    op.drop_table("reporter")
    op.drop_index("ix_process_definition_start_message", table_name="process_definition")
    op.drop_table("process_definition")
    op.drop_index("ix_notice_unit", table_name="notice")
    op.drop_index("ix_notice_person", table_name="notice")
    op.drop_table("notice")
    op.drop_table("label_definition")
    op.drop_table("journal")
    op.drop_table("form_definition")
    op.drop_index(op.f("ix_fact_change_case_key"), table_name="fact_change")
    op.drop_table("fact_change")
    op.drop_index(op.f("ix_deputy_position_key"), table_name="deputy")
    op.drop_index(op.f("ix_deputy_person_key"), table_name="deputy")
    op.drop_table("deputy")
    op.drop_table("decision_requirements")
    op.drop_index(op.f("ix_deadline_ledger_case_key"), table_name="deadline_ledger")
    op.drop_table("deadline_ledger")
    op.drop_index(op.f("ix_case_link_to_key"), table_name="case_link")
    op.drop_table("case_link")
    op.drop_index("ix_attachment_upload_group", table_name="attachment")
    op.drop_index(op.f("ix_attachment_task_key"), table_name="attachment")
    op.drop_index(op.f("ix_attachment_case_key"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_index("ix_position_unit_key_role", table_name="position")
    op.drop_index(op.f("ix_position_person_key"), table_name="position")
    op.drop_table("position")
    op.drop_index(op.f("ix_login_session_person_key"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_table("deployment")
    op.drop_index("ix_cases_reported_at", table_name="cases")
    op.drop_table("cases")
    op.drop_index("ix_unit_path", table_name="unit")
    op.drop_index(op.f("ix_unit_parent_key"), table_name="unit")
    op.drop_table("unit")
    op.drop_table("setting")
    op.drop_table("rate_counter")
    op.drop_index("ix_person_login_lower", table_name="person")
    op.drop_table("person")
    op.drop_index("ix_outbox_waiting", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_message_name", table_name="message")
    op.drop_table("message")
    op.drop_table("key_sequence")
    op.drop_table("idempotency_key")
    op.drop_table("counter")
    op.drop_index("ix_case_unit_unit", table_name="case_unit")
    op.drop_index("ix_case_unit_newest", table_name="case_unit")
    op.drop_index("ix_case_unit_case_key", table_name="case_unit")
    op.drop_table("case_unit")
    op.drop_table("case_search")
    op.drop_table("calendar_day")
