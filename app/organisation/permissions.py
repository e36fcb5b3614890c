"""The one table of who may do what: every action the product offers, and the roles that have it.

Use cases call `demand` first; pages ask `allows` to decide what they show. Tasks are governed
besides by whom they are offered to (`organisation.actor.position_for`), lists by `Scope`.
"""

from enum import StrEnum

from app.errors import Forbidden
from app.organisation.actor import Actor, HeldPosition
from app.organisation.roles import Role


class Action(StrEnum):
    """Something a person may or may not do."""

    REPORT_CASE = "report_case"
    REPORT_FOR_RESIDENT = "report_for_resident"
    VIEW_INBOX = "view_inbox"
    CLAIM_TASK = "claim_task"
    COMPLETE_TASK = "complete_task"
    REASSIGN_TASK = "reassign_task"
    VIEW_CASES = "view_cases"
    BLOW_WHISTLE = "blow_whistle"
    VIEW_WHISTLES = "view_whistles"
    VIEW_OVERDUE = "view_overdue"
    VIEW_STATISTICS = "view_statistics"
    EXPORT_CSV = "export_csv"
    COMMENT = "comment"
    ATTACH = "attach"
    REPLY_PUBLICLY = "reply_publicly"
    CORRECT_FACTS = "correct_facts"
    SEE_REPORTER = "see_reporter"
    SEE_CONFIDENTIAL = "see_confidential"
    VIEW_JOURNAL = "view_journal"
    VIEW_DESIGNS = "view_designs"
    DEPLOY = "deploy"
    VIEW_INCIDENTS = "view_incidents"
    RESOLVE_INCIDENTS = "resolve_incidents"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_UNITS = "manage_units"
    MANAGE_SETTINGS = "manage_settings"
    VIEW_CALENDAR = "view_calendar"


R = Role

# Those who run the machine; nothing makes them handlers of cases.
_MACHINE = frozenset({R.PROCESS_DESIGNER, R.ADMINISTRATOR})
# Those who help in a grid and see the tasks offered to them, not the case files.
_HELPERS = frozenset({R.BUILDING_CAPTAIN, R.PROPERTY_STEWARD, R.PARTY_VOLUNTEER, R.PARTY_LIAISON})
_WORKING = frozenset(Role) - _MACHINE
_STAFF = _WORKING - _HELPERS
_DISPATCHERS = frozenset({R.STREET_DISPATCHER, R.DISTRICT_DISPATCHER})
_LEADERS = frozenset({R.STREET_LEADER, R.UNIT_LEADER, R.LEADERSHIP})

ROLES_FOR: dict[Action, frozenset[Role]] = {
    Action.REPORT_CASE: _WORKING,
    Action.REPORT_FOR_RESIDENT: _STAFF - {R.LEADERSHIP},
    Action.VIEW_INBOX: _WORKING,
    Action.CLAIM_TASK: _WORKING,
    Action.COMPLETE_TASK: _WORKING,
    Action.REASSIGN_TASK: _DISPATCHERS | {R.UNIT_LEADER, R.STREET_LEADER, R.SUPERVISOR},
    Action.VIEW_CASES: _STAFF,
    Action.BLOW_WHISTLE: _DISPATCHERS | {R.STREET_LEADER},
    Action.VIEW_WHISTLES: _DISPATCHERS | _LEADERS | {R.SUPERVISOR, R.UNIT_CLERK, R.UNIT_HANDLER},
    Action.VIEW_OVERDUE: _DISPATCHERS | _LEADERS | {R.SUPERVISOR, R.COMMUNITY_OFFICER},
    Action.VIEW_STATISTICS: _DISPATCHERS | _LEADERS | {R.SUPERVISOR, R.COMMUNITY_OFFICER},
    Action.EXPORT_CSV: _DISPATCHERS | _LEADERS | {R.SUPERVISOR},
    Action.COMMENT: _WORKING,
    Action.ATTACH: _WORKING,
    Action.REPLY_PUBLICLY: _DISPATCHERS
    | {R.COMMUNITY_OFFICER, R.UNIT_HANDLER, R.UNIT_LEADER, R.CALLBACK_AGENT, R.HOTLINE_AGENT},
    Action.CORRECT_FACTS: _DISPATCHERS | {R.COMMUNITY_OFFICER, R.HOTLINE_AGENT},
    Action.SEE_REPORTER: _STAFF - {R.LEADERSHIP},
    Action.SEE_CONFIDENTIAL: _DISPATCHERS | {R.SUPERVISOR, R.CALLBACK_AGENT, R.HOTLINE_AGENT},
    Action.VIEW_JOURNAL: _DISPATCHERS | _LEADERS | {R.SUPERVISOR},
    Action.VIEW_DESIGNS: _STAFF | _MACHINE,
    Action.DEPLOY: _MACHINE,
    Action.VIEW_INCIDENTS: _MACHINE,
    Action.RESOLVE_INCIDENTS: frozenset({R.ADMINISTRATOR}),
    Action.MANAGE_PEOPLE: frozenset({R.ADMINISTRATOR}),
    Action.MANAGE_UNITS: frozenset({R.ADMINISTRATOR}),
    Action.MANAGE_SETTINGS: frozenset({R.ADMINISTRATOR}),
    Action.VIEW_CALENDAR: frozenset(Role),
}


def allows(actor: Actor, action: Action) -> bool:
    """Tell whether one of the actor's positions carries the action."""
    return not ROLES_FOR[action].isdisjoint(actor.roles)


def positions_with(actor: Actor, action: Action) -> tuple[HeldPosition, ...]:
    """Return the actor's positions that carry the action, their own before those lent to them."""
    return tuple(held for held in actor.positions if held.role in ROLES_FOR[action])


def demand(actor: Actor, action: Action) -> None:
    """Stop whoever may not do this.

    Raises:
        Forbidden: none of the actor's positions carries the action.
    """
    if not allows(actor, action):
        raise Forbidden(action=action.value, person_key=actor.person_key)
