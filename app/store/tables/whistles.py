"""Tables of street whistles: what was blown for, and what each department did of it."""

from sqlalchemy import Column, Float, Index, Integer, Table, UniqueConstraint

from app.store.columns import instant, key, ref, text
from app.store.db import metadata

whistle = Table(
    "whistle",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    ref("instance_key", "process_instance.key"),
    text("kind"),  # hard_problem | joint_enforcement | emergency
    text("need"),
    text("expected", null=True),
    text("basis", null=True),
    text("legal_basis", null=True),
    instant("meet_at", null=True),
    text("code"),  # under the QR code that is shown on the spot
    ref("blown_by", "person.key", null=True),
    instant("blown_at"),
    instant("called_at", null=True),
    instant("check_in_by", null=True),
    text("minutes", null=True),
    text("decisions", null=True),
    text(
        "result", null=True
    ),  # resolved | partly | unresolved, and at its end refused | not_approved
    instant("ended_at", null=True),
    UniqueConstraint("instance_key"),
)
Index("ix_whistle_blown_at", whistle.c.blown_at)

whistle_report = Table(
    "whistle_report",
    metadata,
    key(),
    ref("whistle_key", "whistle.key"),
    ref("unit_key", "unit.key", index=True),
    text("state"),  # called | acknowledged | checked_in | committed | delivered
    instant("called_at"),
    instant("acknowledged_at", null=True),
    instant("checked_in_at", null=True),
    instant("committed_at", null=True),
    instant("delivered_at", null=True),
    instant("absent_at", null=True),  # when a limit passed first, …
    text("absent_step", null=True),  # … of the step acknowledge | check_in | commit | deliver
    text("who", null=True),
    Column("latitude", Float, nullable=True),
    Column("longitude", Float, nullable=True),
    Column("distance_m", Integer, nullable=True),
    text("proof", null=True),  # position | stated | code
    text("tasks", null=True),
    text("owner", null=True),
    instant("promised_at", null=True),
    text("outcome", null=True),
    text("leave", null=True),  # consented | refused | unconsented: it left without the street
    instant("leave_at", null=True),
    Column("timely", Integer, nullable=True),  # 0 to 5, as the street scored
    Column("attended", Integer, nullable=True),
    Column("solved", Integer, nullable=True),
    UniqueConstraint("whistle_key", "unit_key"),
)
