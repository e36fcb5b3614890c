"""Tables of the district itself: units, people, positions, sessions, settings, calendar."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    func,
)

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata
from app.store.keys import BLOCK, SEQUENCE_NAME

unit = Table(
    "unit",
    metadata,
    key(),
    text("code"),
    text("kind"),  # organisation.units.UnitKind
    text("line"),  # grid | party | department
    text("name"),  # English
    text("name_zh"),
    ref("parent_key", "unit.key", null=True, index=True),
    text("path"),  # /district/street/…/ of keys, root first
    text("party_type", null=True),  # standalone | affiliated | joint
    ref("serves_key", "unit.key", null=True),  # the grid-line unit a Party unit stands beside
    json("polygon"),  # GeoJSON geometry, WGS 84
    Column("is_synthetic", Boolean, nullable=False, server_default="0"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    UniqueConstraint("code"),
)
Index("ix_unit_path", unit.c.path)

person = Table(
    "person",
    metadata,
    key(),
    text("login"),
    text("name"),
    text("password_hash", null=True),
    text("phone", null=True),
    text("email", null=True),
    text("language", default="zh-CN"),
    Column("is_active", Boolean, nullable=False, server_default="1"),
    Column("is_demo", Boolean, nullable=False, server_default="0"),
    Column("wants_mail", Boolean, nullable=False, server_default="1"),
    json("unwanted_mail"),  # kinds of notice that come without mail (cases.own_page)
    instant("notices_seen_at", null=True),
    instant("created_at"),
    UniqueConstraint("login"),
)

position = Table(
    "position",
    metadata,
    key(),
    ref("person_key", "person.key", index=True),
    text("role"),
    ref("unit_key", "unit.key"),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
)
Index("ix_position_unit_key_role", position.c.unit_key, position.c.role)

deputy = Table(
    "deputy",
    metadata,
    key(),
    ref("position_key", "position.key", index=True),
    ref("person_key", "person.key", index=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    Column("absence_key", key().type, nullable=True),  # the absence it is for, if for one
)

login_session = Table(
    "login_session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    ref("person_key", "person.key", null=True, index=True, cascade=True),
    json("data", null=False),
    instant("created_at"),
    instant("last_seen_at"),
)

rate_counter = Table(
    "rate_counter",
    metadata,
    Column("bucket", Text, primary_key=True),
    instant("window_start"),
    Column("count", Integer, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    json("value", null=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

# PostgreSQL numbers by a sequence, SQLite by a row; both in blocks (store.keys).
Sequence(SEQUENCE_NAME, increment=BLOCK, metadata=metadata)
key_sequence = Table(
    "key_sequence",
    metadata,
    Column("only_row", Integer, primary_key=True, autoincrement=False),
    Column("next_block", key().type, nullable=False),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("is_working", Boolean, nullable=False),
    json("hours"),  # [["09:00", "12:00"], …]; null: the calendar's usual hours
    text("name", null=True),
    Column("is_provisional", Boolean, nullable=False, server_default="0"),
)

# A unit with a week of its own; its special days are rows of `calendar_day` called unit-<key>.
unit_calendar = Table(
    "unit_calendar",
    metadata,
    Column("unit_key", key().type, ForeignKey("unit.key"), primary_key=True, autoincrement=False),
    json("week", null=False),  # seven times [["09:00", "12:00"], …], Monday first
    Column("keeps_holidays", Boolean, nullable=False),
)

calendar_change = Table(
    "calendar_change",
    metadata,
    key(),
    text("calendar"),
    text("kind"),  # cases.calendar_changes.ChangeKind
    Column("first_day", Date, nullable=True),
    Column("last_day", Date, nullable=True),
    json("data"),
    text("reason", null=True),
    ref("person_key", "person.key", null=True),
    instant("at"),
)
Index("ix_calendar_change_calendar", calendar_change.c.calendar)
Index("ix_person_login_lower", func.lower(person.c.login))
