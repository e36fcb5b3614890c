"""Tables of the case itself: facts, reporters, answers, journal, ledger, comments, attachments."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, UniqueConstraint

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata

cases = Table(
    "cases",
    metadata,
    key(),
    text("number"),
    text("clock_domain", default="live"),
    text("source", null=True),  # where it was read from, with …
    text("source_ref", null=True),  # … its number there
    text("channel"),
    text("business_line", null=True),
    text("major_class", null=True),
    text("minor_class", null=True),
    text("severity"),
    text("level"),
    text("description"),
    text("address", null=True),
    Column("latitude", Float, nullable=True),
    Column("longitude", Float, nullable=True),
    ref("grid_key", "unit.key", null=True),
    ref("community_key", "unit.key", null=True),
    ref("street_key", "unit.key", null=True),
    text("unit_path", null=True),  # of the grid (or what is known of it) when it was placed
    ref("lead_unit_key", "unit.key", null=True),
    text("lead_unit_path", null=True),
    json("co_units"),
    Column("is_anonymous", Boolean, nullable=False),
    Column("has_telephone", Boolean, nullable=True),  # of its reporter; null: left no way at all
    Column("is_confidential", Boolean, nullable=False),
    Column("self_handled", Boolean, nullable=False),
    text("limit_basis"),  # table | given
    instant("given_due_at", null=True),
    instant("occurred_at", null=True),
    instant("reported_at"),
    instant("established_at", null=True),
    instant("due_at", null=True),
    Column("is_due_provisional", Boolean, nullable=False, server_default="0"),
    instant("handled_at", null=True),
    instant("closed_at", null=True),
    Column("grade", Integer, nullable=True),
    text("outcome", null=True),
    text("close_code", null=True),
    text("kind", default="case"),  # case | whistle (one that was blown on its own)
    text("card", null=True),  # yellow | red
    json("clock_phases"),  # the steps of escalation the clock has done
    instant("paused_at", null=True),  # since when the handling limit stands still
    instant("contacted_at", null=True),
    text("resolved", null=True),  # yes | partly | no, as the reporter says
    text("callback_outcome", null=True),  # reached | unreachable
    text("screened", null=True),  # why the case counts in no rate
    Column("reopens_key", key().type, nullable=True),  # the case it takes up again
    json("answers", null=False),  # the latest submission of each task: {element id: {key: value}}
    json("synthetic"),  # names of facts and steps that no source gave
    ref("reported_by", "person.key", null=True),
    Column("journal_length", Integer, nullable=False),
    text("journal_head", null=True),  # hash of the newest journal row
    UniqueConstraint("number"),
    UniqueConstraint("source", "source_ref"),
)
Index("ix_cases_reported_at", cases.c.reported_at)
Index("ix_cases_reopens_key", cases.c.reopens_key)
Index(
    "ix_cases_open_place",  # what lies near a point and is not closed yet
    cases.c.latitude,
    cases.c.longitude,
    sqlite_where=cases.c.closed_at.is_(None),
    postgresql_where=cases.c.closed_at.is_(None),
)

# One row for every unit that takes part in a case or stands above one that does.
case_unit = Table(
    "case_unit",
    metadata,
    Column("unit_key", key().type, primary_key=True),
    Column("case_key", key().type, primary_key=True),
    instant("reported_at"),
    Column("is_open", Boolean, nullable=False),
    text("card", null=True),  # that of an open case: yellow | red
    instant("due_at", null=True),  # its handling limit, where it has a card
)
Index("ix_case_unit_unit", case_unit.c.unit_key, case_unit.c.is_open, case_unit.c.reported_at)
Index("ix_case_unit_newest", case_unit.c.unit_key, case_unit.c.reported_at, case_unit.c.case_key)
Index("ix_case_unit_case_key", case_unit.c.case_key)
Index(
    "ix_case_unit_card",
    case_unit.c.unit_key,
    case_unit.c.card,
    case_unit.c.due_at,
    case_unit.c.case_key,
    sqlite_where=case_unit.c.card.is_not(None),
    postgresql_where=case_unit.c.card.is_not(None),
)

case_search = Table(
    "case_search",
    metadata,
    Column("case_key", key().type, primary_key=True, autoincrement=False),
    text("words"),  # number, address and description, in lower case
)

reporter = Table(
    "reporter",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    text("name", null=True),
    text("phone", null=True),
    text("phone_digits", null=True),
    text("email", null=True),
    text("language"),
    text("channel"),
    Column("is_anonymous", Boolean, nullable=False),
    Column("has_consented", Boolean, nullable=False),
    instant("consented_at", null=True),
    text("token_hash"),
    json("stages"),  # at which they are told (cases.stages); null: at all of them
    text("told_by", default="mail"),  # mail | message | nothing
    Column("continues_key", key().type, nullable=True),  # the same of the case gone on from
    instant("created_at"),
    UniqueConstraint("token_hash"),
)
Index("ix_reporter_phone_digits", reporter.c.phone_digits)
Index("ix_reporter_continues_key", reporter.c.continues_key)

submission = Table(
    "submission",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    ref("instance_key", "process_instance.key"),
    Column("task_key", key().type, nullable=True),
    text("element_id"),
    text("form_id", null=True),
    ref("form_key", "form_definition.key", null=True),
    Column("form_version", Integer, nullable=True),
    json("answers", null=False),
    ref("person_key", "person.key", null=True),
    ref("position_key", "position.key", null=True),
    ref("on_behalf_of", "person.key", null=True),
    ref("reporter_key", "reporter.key", null=True),
    Column("is_synthetic", Boolean, nullable=False, server_default="0"),
    instant("at"),
)

fact_change = Table(
    "fact_change",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    text("fact"),
    json("old_value"),
    json("new_value"),
    text("reason", null=True),
    ref("person_key", "person.key", null=True),
    ref("position_key", "position.key", null=True),
    instant("at"),
)

journal = Table(
    "journal",
    metadata,
    Column("case_key", key().type, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("kind"),  # cases.journal.EntryKind
    text("element_id", null=True),
    Column("task_key", key().type, nullable=True),
    ref("person_key", "person.key", null=True),
    ref("position_key", "position.key", null=True),
    ref("on_behalf_of", "person.key", null=True),
    json("data", null=False),
    instant("at"),
    text("previous_hash", null=True),
    text("hash"),
)

deadline_ledger = Table(
    "deadline_ledger",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    Column("instance_key", key().type, nullable=True),
    Column("task_key", key().type, nullable=True),  # null: a limit of the case
    text("element_id", null=True),
    text("limit_name"),
    text("action"),  # cases.ledger.Action
    instant("due_at", null=True),
    instant("previous_due_at", null=True),
    text("limit_text", null=True),  # "4 wh", "PT24H"; null: an instant that was given
    instant("counted_from", null=True),
    Column("unit_key", key().type, nullable=True),  # whose calendar; null: the district's
    text("basis", null=True),  # by which row of a table
    Column("is_provisional", Boolean, nullable=False, server_default="0"),
    Column("used_seconds", Integer, nullable=True),  # of the limit when it began to run (again)
    text("left_text", null=True),  # what was left when it stopped, written as a limit
    text("reason", null=True),
    ref("person_key", "person.key", null=True),
    ref("position_key", "position.key", null=True),
    instant("at"),
)
Index("ix_deadline_ledger_limit_name", deadline_ledger.c.limit_name, deadline_ledger.c.due_at)

remark = Table(
    "remark",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    text("kind"),  # comment | reply
    text("visibility"),  # internal | departments | public
    text("body"),
    ref("person_key", "person.key", null=True),
    ref("position_key", "position.key", null=True),
    ref("reporter_key", "reporter.key", null=True),
    instant("at"),
)

attachment = Table(
    "attachment",
    metadata,
    key(),
    ref("case_key", "cases.key", null=True, index=True),
    Column("task_key", key().type, nullable=True, index=True),
    text("upload_group", null=True),  # a report's uploads before there is a case
    text("field", null=True),
    text("kind"),  # before | after | evidence | report | other
    text("visibility"),  # internal | departments | public
    text("file_name"),
    text("media_type"),
    Column("size_bytes", Integer, nullable=False),
    text("digest"),  # SHA-256, hexadecimal
    text("stored_as"),
    text("thumbnail_as", null=True),
    instant("captured_at", null=True),
    Column("latitude", Float, nullable=True),
    Column("longitude", Float, nullable=True),
    Column("accuracy_metres", Float, nullable=True),
    ref("person_key", "person.key", null=True),
    instant("uploaded_at"),
)
Index("ix_attachment_upload_group", attachment.c.upload_group)

case_link = Table(
    "case_link",
    metadata,
    ref("from_key", "cases.key"),
    ref("to_key", "cases.key", index=True),
    text("kind"),
    instant("at"),
    UniqueConstraint("from_key", "to_key", "kind"),
)
