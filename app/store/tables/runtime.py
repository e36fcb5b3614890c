"""Tables of running processes: instances and what is derived from their state at every save."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from app.store.columns import instant, json, key, ref, text
from app.store.db import metadata
from app.store.tables.definitions import TENANT

process_instance = Table(
    "process_instance",
    metadata,
    key(),
    ref("definition_key", "process_definition.key", index=True),
    ref("case_key", "cases.key", null=True, index=True),
    text("business_id", null=True),
    text("tenant_id", default=TENANT),
    text("state", default="ACTIVE"),  # ACTIVE | COMPLETED | TERMINATED | SUSPENDED
    Column("version", Integer, nullable=False),
    Column("engine_state", LargeBinary, nullable=True),  # the engine's codec; null once ended
    ref("parent_key", "process_instance.key", null=True, index=True),
    Column("parent_element_key", key().type, nullable=True),
    ref("root_key", "process_instance.key", null=True),
    text("clock_domain", default="live"),
    json("tags"),
    Column("has_incident", Boolean, nullable=False, server_default="0"),
    instant("started_at"),
    instant("ended_at", null=True),
    instant("suspended_at", null=True),
)

element_instance = Table(
    "element_instance",
    metadata,
    key(),
    ref("instance_key", "process_instance.key", index=True),
    text("element_id"),
    text("element_type"),
    text("name", null=True),
    text("state"),  # ACTIVE | COMPLETED | TERMINATED
    instant("started_at"),
    instant("ended_at", null=True),
)

user_task = Table(
    "user_task",
    metadata,
    key(),  # the key of its element instance
    ref("instance_key", "process_instance.key", index=True),
    ref("case_key", "cases.key", null=True, index=True),
    text("element_id"),
    text("name", null=True),
    text("state"),  # CREATED | COMPLETED | CANCELED
    Column("version", Integer, nullable=False, server_default="1"),
    ref("assignee_key", "person.key", null=True),
    text("assignee_login", null=True),  # as the diagram or a client wrote it
    json("candidate_groups", null=False),
    json("candidate_users", null=False),
    json("offered_to", null=False),  # [[role, unit key], …] after resolution
    Column("priority", Integer, nullable=False, server_default="50"),
    text("form_id", null=True),
    ref("form_key", "form_definition.key", null=True),
    json("headers"),
    json("properties"),
    json("inputs"),
    text("not_actor", null=True),  # the person who may not do it, by key
    instant("created_at"),
    instant("due_at", null=True),
    Column("is_due_provisional", Boolean, nullable=False, server_default="0"),
    instant("follow_up_at", null=True),
    instant("completed_at", null=True),
    ref("completed_by", "person.key", null=True),
    json("draft"),
    instant("draft_at", null=True),
    text("clock_domain", default="live"),
)
Index(
    "ix_user_task_assignee_key_due_at",
    user_task.c.assignee_key,
    user_task.c.due_at,
    sqlite_where=user_task.c.state == "CREATED",
    postgresql_where=user_task.c.state == "CREATED",
)

# One row for every unit an open task is found under: role '' for each unit above it (supervisors
# count and list by these), or the role that may claim it there (inboxes read these).
task_unit = Table(
    "task_unit",
    metadata,
    ref("unit_key", "unit.key"),
    text("role"),
    ref("task_key", "user_task.key"),
    instant("due_at", null=True),
    text("major_class", null=True),
    text("clock_domain", default="live"),
)
Index("ix_task_unit_task_key", task_unit.c.task_key)
Index("ix_task_unit_unit", task_unit.c.unit_key, task_unit.c.role, task_unit.c.due_at)
Index(
    "ix_task_unit_class",
    task_unit.c.unit_key,
    task_unit.c.role,
    task_unit.c.major_class,
    task_unit.c.due_at,
)

timer = Table(
    "timer",
    metadata,
    key(),
    ref("instance_key", "process_instance.key"),
    Column("element_key", key().type, nullable=False),
    text("element_id"),
    instant("due_at"),
    text("state", default="waiting"),  # waiting | incident
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("retry_at", null=True),
    text("last_error", null=True),
    text("clock_domain", default="live"),
    UniqueConstraint("instance_key", "element_key", "due_at"),
)
Index("ix_timer_due", timer.c.clock_domain, timer.c.state, timer.c.due_at)

# How an instant that tasks, timers or the case wait for was counted, so that it can be counted
# again when the work calendar changes. Gone with its instance.
counted_limit = Table(
    "counted_limit",
    metadata,
    ref("instance_key", "process_instance.key"),
    Column("element_key", key().type, nullable=False),  # of task or timer; see store.limits
    text("limit_name", default=""),  # which of the case's own
    instant("due_at"),
    text("limit_text"),  # "4 wh", "2 wd"; organisation.limits
    instant("counted_from"),
    ref("unit_key", "unit.key", null=True),  # whose calendar; null: the district's
    Column("is_provisional", Boolean, nullable=False),
    Column("calendar_version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("retry_at", null=True),
    PrimaryKeyConstraint("instance_key", "element_key", "limit_name"),
)
Index("ix_counted_limit_calendar_version", counted_limit.c.calendar_version)

message_subscription = Table(
    "message_subscription",
    metadata,
    key(),
    ref("instance_key", "process_instance.key", index=True),
    Column("element_key", key().type, nullable=False),
    text("element_id"),
    text("message_name"),
    text("correlation_key", null=True),
    instant("created_at"),
)
Index(
    "ix_message_subscription_name",
    message_subscription.c.message_name,
    message_subscription.c.correlation_key,
)

message = Table(
    "message",
    metadata,
    key(),
    text("message_name"),
    text("correlation_key", null=True),
    text("message_id", null=True),
    text("tenant_id", default=TENANT),
    json("variables", null=False),
    instant("published_at"),
    instant("expires_at"),
    text("clock_domain", default="live"),
    Column("case_key", key().type, nullable=True),  # the sender's, joined by what it starts
    Column("instance_key", key().type, nullable=True),  # the sender
    Column("receiver_key", key().type, nullable=True),  # the instance it is for; null: who waits
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("retry_at", null=True),
    text("last_error", null=True),
    UniqueConstraint("tenant_id", "message_name", "correlation_key", "message_id"),
)
Index("ix_message_name", message.c.message_name, message.c.correlation_key)

job = Table(
    "job",
    metadata,
    key(),  # the key of its element instance
    ref("instance_key", "process_instance.key", index=True),
    text("element_id"),
    text("job_type"),
    text("state"),  # CREATED | COMPLETED | FAILED | CANCELED
    Column("retries", Integer, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    text("worker", null=True),
    json("inputs", null=False),
    json("headers", null=False),
    text("error_code", null=True),
    text("error_message", null=True),
    instant("created_at"),
    instant("deadline_at", null=True),
    instant("retry_at", null=True),
    instant("ended_at", null=True),
)
Index("ix_job_type", job.c.job_type, job.c.state)

incident = Table(
    "incident",
    metadata,
    key(),
    ref("instance_key", "process_instance.key", index=True),
    text("element_id", null=True),
    Column("element_key", key().type, nullable=True),
    Column("job_key", key().type, nullable=True),
    text("kind"),
    text("message"),
    text("state", default="ACTIVE"),  # ACTIVE | RESOLVED
    instant("created_at"),
    instant("resolved_at", null=True),
    text("resolution", null=True),  # retried | settled
    Column("resolved_by", key().type, nullable=True),
    text("reason", null=True),
)
Index("ix_incident_state", incident.c.state, incident.c.created_at)
