"""The codes of the field in words: severity, channel, outcome, visibility, facts.

What designers name (steps, categories, answers) comes from their label files; here is what the
program itself knows by code. An unknown code is shown as it is.
"""

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.organisation.roles import Role, role_in, role_label
from app.web.languages import language

Terms = Mapping[str, object]

TERMS: Mapping[str, Terms] = {
    "severity": {
        "ordinary": _l("Ordinary"),
        "urgent": _l("Urgent"),
        "emergency": _l("Emergency"),
        "major": _l("Major incident"),
    },
    "level": {
        "grid": _l("Grid level"),
        "community": _l("Community level"),
        "street": _l("Street level"),
        "district": _l("District level"),
    },
    "channel": {
        "public": _l("Public page"),
        "web": _l("Public page"),
        "hotline": _l("Hotline"),
        "patrol": _l("Grid patrol"),
        "staff": _l("Reported by staff"),
        "replay": _l("Read from a file"),
    },
    "outcome": {
        "closed": _l("Closed"),
        "rejected": _l("Not accepted"),
        "merged": _l("Merged with another case"),
        "withdrawn": _l("Withdrawn"),
        "no_response": _l("Ended without an answer"),
    },
    "close_code": {
        "resolved": _l("Resolved"),
        "explained": _l("Explained"),
        "unresolvable": _l("Cannot be resolved"),
        "referred": _l("Referred elsewhere"),
        "merged": _l("Merged with another case"),
        "forced": _l("Closed by decision of the district"),
    },
    "reply_outcome": {
        "resolved": _l("Resolved"),
        "partly": _l("Resolved in part"),
        "explained": _l("Explained"),
        "unresolvable": _l("Cannot be resolved"),
        "referred": _l("Referred elsewhere"),
        "outside_district": _l("Outside the district"),
        "not_public": _l("Private matter"),
        "other_channel": _l("Another procedure"),
        "no_facts": _l("Says not what or where"),
        "unfounded": _l("Checked and not so"),
        "false": _l("Not as reported"),
        "not_found": _l("Not found on the spot"),
        "uphold": _l("Rejection stands"),
        "refuse": _l("Withdrawal refused"),
    },
    "grade": {
        "1": _l("Very satisfied"),
        "2": _l("Satisfied"),
        "3": _l("Fairly satisfied"),
        "4": _l("Dissatisfied"),
        "5": _l("Very dissatisfied"),
    },
    "resolved": {
        "yes": _l("Resolved"),
        "partly": _l("Resolved in part"),
        "no": _l("Not resolved"),
    },
    "evaluation": {
        "token": _l("On the page of the case"),
        "device": _l("Rated on the spot"),
        "callback": _l("On the telephone"),
        "second_callback": _l("On the telephone, a second time"),
    },
    "screened": {
        "mistaken": _l("A mistake"),
        "malicious": _l("Made in bad faith"),
        "out_of_scope": _l("Asks for what is nobody's duty"),
        "unreasonable": _l("Unreasonable"),
    },
    "visibility": {
        "internal": _l("Only the grid line"),
        "departments": _l("Grid line and departments"),
        "public": _l("Everybody, the reporter too"),
    },
    "photo": {
        "before": _l("Before"),
        "after": _l("After"),
        "evidence": _l("Evidence"),
        "report": _l("From the reporter"),
        "other": _l("File"),
    },
    "ledger": {
        "set": _l("Limit set"),
        "recounted": _l("Limit counted again on the changed calendar"),
        "changed": _l("Limit changed"),
        "extended": _l("Limit extended"),
        "paused": _l("Clock paused"),
        "resumed": _l("Clock resumed"),
        "met": _l("Limit met"),
        "missed": _l("Limit missed"),
        "lapsed": _l("Limit over, nothing done"),
        "reopened": _l("Handling taken up again"),
        "dropped": _l("Limit dropped"),
    },
    "limit": {
        "handle": _l("Handling"),
        "first_reply": _l("First reply"),
        "sign_for": _l("Signing for"),
        "blow_whistle": _l("Decision on a whistle"),
        "approve_whistle": _l("Approval of a whistle"),
        "screen_whistle": _l("Screening of a whistle"),
        "acknowledge": _l("Answer to a whistle"),
        "check_in": _l("Check-in on the spot"),
        "commit": _l("Commitment"),
        "deliver": _l("Delivery"),
        "joint_action_record": _l("Record of the joint action"),
        "score_departments": _l("Scoring of departments"),
        "callback_task": _l("Callback"),
        "second_callback": _l("Second callback"),
        "verify_bad_rating": _l("Verification of a bad rating"),
        "appeal_rating": _l("Appeal against a rating"),
        "decide_appeal": _l("Decision on an appeal"),
        "rectify": _l("Rectification"),
    },
    "fact": {
        "number": _l("Number"),
        "business_line": _l("Business line"),
        "major_class": _l("Group of categories"),
        "minor_class": _l("Category"),
        "severity": _l("Severity"),
        "level": _l("Level"),
        "description": _l("Description"),
        "address": _l("Address"),
        "grid": _l("Grid"),
        "community": _l("Community"),
        "street": _l("Street"),
        "lead_unit": _l("Lead department"),
        "co_units": _l("Assisting departments"),
        "is_confidential": _l("Confidential"),
        "occurred_at": _l("Noticed"),
        "resolved": _l("Resolved, as the reporter says"),
        "callback_outcome": _l("Callback"),
        "screened": _l("Screened"),
    },
    "card": {
        "yellow": _l("Yellow card"),
        "red": _l("Red card"),
    },
    "notice": {
        "limit_near": _l("A handling limit is near"),
        "limit_passed": _l("A handling limit has passed"),
        "whistle_absent": _l("A department let a limit of a whistle pass"),
        "whistle_unresolved": _l("A whistle was not settled in time"),
        "whistle_left": _l("A department left a whistle without consent"),
        "leadership_decided": _l("The leadership gave an instruction"),
        "reminded": _l("A reminder: a step still waits"),
    },
    "whistle_kind": {
        "hard_problem": _l("Hard problem of residents"),
        "joint_enforcement": _l("Joint enforcement"),
        "emergency": _l("Emergency response"),
    },
    "whistle_step": {
        "acknowledged": _l("Acknowledge"),
        "checked_in": _l("Be there"),
        "committed": _l("Commit"),
        "delivered": _l("Deliver"),
    },
    "whistle_state": {
        "called": _l("Called"),
        "acknowledged": _l("Acknowledged"),
        "checked_in": _l("On the spot"),
        "committed": _l("Committed"),
        "delivered": _l("Delivered"),
    },
    "whistle_absent": {
        "acknowledge": _l("absent: did not answer"),
        "check_in": _l("absent: was not there"),
        "commit": _l("absent: committed to nothing"),
        "deliver": _l("late: did not deliver"),
    },
    "whistle_presence": {
        "absent": _l("was not there"),
        "stays": _l("was there; no consent yet that it leaves"),
        "leaves": _l("was there; the street consents that it leaves"),
        "left": _l("was there; left without the consent of the street"),
    },
    "whistle_leave": {
        "consented": _l("the street consents that it leaves"),
        "refused": _l("the street did not let it go: something is missing"),
        "unconsented": _l("left without the consent of the street"),
    },
    "whistle_late": {
        "acknowledge": _l("did not answer in time"),
        "commit": _l("did not commit in time"),
        "deliver": _l("delivered late"),
    },
    "whistle_decision": {
        "approved": _l("The whistle was approved."),
        "not_approved": _l("The whistle was not approved."),
        "accepted": _l("The district let the whistle pass."),
        "amended": _l("The district let the whistle pass and amended departments or time."),
        "refused": _l("The district refused the whistle."),
    },
    "whistle_result": {
        "resolved": _l("Resolved"),
        "partly": _l("Resolved in part"),
        "unresolved": _l("Not resolved"),
        "refused": _l("Refused by the district"),
        "not_approved": _l("Not approved"),
        "not_blown": _l("Not blown"),
        "case_over": _l("The case ended before"),
    },
    "message": {
        "CaseReported": _l("case reported"),
        "ClockStarted": _l("limit runs"),
        "ClockStopped": _l("limit stopped"),
        "DeadlineChanged": _l("limit changed"),
        "QuestionAnswered": _l("reporter answered"),
        "RejectionAppealed": _l("reporter appealed"),
        "WithdrawalAsked": _l("withdrawal asked for"),
        "CaseWithdrawn": _l("withdrawal granted"),
        "WhistleBlown": _l("whistle blown"),
        "WhistleEnded": _l("whistle ended"),
        "LeadershipAsked": _l("leadership asked"),
        "LeadershipDecided": _l("leadership decided"),
        "SupervisionNeeded": _l("supervision asked for"),
        "SuspensionNeeded": _l("suspension asked for"),
        "CallbackStarted": _l("callback begins"),
        "CallbackDone": _l("callback ended"),
        "RatingReceived": _l("reporter rated"),
        "MasterClosed": _l("case over"),
    },
    "incident": {
        "TIMER_FAILED": _l("A step whose time had come could not be taken"),
        "MESSAGE_FAILED": _l("What one process told another did not arrive"),
        "RECOUNT_FAILED": _l("Limits could not be counted again"),
    },
    "incident_means": {
        "TIMER_FAILED": _l(
            "Its time passed, and the system failed at it five times. The case goes on, but what"
            " was to happen then has not: nobody was reminded, no limit acted on."
        ),
        "MESSAGE_FAILED": _l(
            "A process that runs for the case said something another one waits for, and the system"
            " failed five times to pass it on. The other one still waits."
        ),
        "RECOUNT_FAILED": _l(
            "The work calendar changed, and the limits of the case could not be counted on it. They"
            " stand as they were; the system tries again once a day."
        ),
    },
    "incident_state": {
        "retried": _l("Tried again"),
        "settled": _l("Settled"),
    },
    "letter": {
        "accepted": _l("The case was accepted"),
        "moved": _l("The case moved on"),
        "question": _l("A question about the report"),
        "reminder": _l("A reminder of the question"),
        "no_response": _l("The case ended without an answer"),
        "rejected": _l("The report was rejected"),
        "facts_added": _l("Facts were added"),
        "handled": _l("The case was handled"),
        "rectified": _l("A bad rating was put right"),
        "closed": _l("The case was closed"),
        "continued": _l("Another case goes on with it"),
        "withdrawn": _l("The withdrawal was granted"),
        "withdrawal_denied": _l("The withdrawal was refused"),
        "task_offered": _l("A task is offered"),
        "task_given": _l("A task was given"),
        "task_taken_away": _l("A task was given to somebody else"),
        "task_taken_back": _l("A task was taken back"),
        "task_taken_over": _l("A task was taken over"),
        "tasks_given": _l("Tasks were given"),
        "tasks_taken_away": _l("Tasks were given to somebody else"),
        "tasks_taken_back": _l("Tasks were taken back"),
        "task_canceled": _l("A task is no longer needed"),
        "files_added": _l("A colleague added files"),
        "urged": _l("A reporter urges"),
        "unrectified": _l("A bad rating was not put right"),
        "reworked_often": _l("A result was sent back again and again"),
        "reopened_often": _l("A case had to be reopened again"),
        "mentioned": _l("Somebody was mentioned"),
        "case_moved": _l("A case that is followed moved on"),
        "deputy_appointed": _l("Somebody stands in"),
        "deputy_ended": _l("Somebody no longer stands in"),
        "limit_near": _l("A handling limit is near"),
        "limit_passed": _l("A handling limit has passed"),
        "whistle_absent": _l("A department let a limit of a whistle pass"),
        "whistle_unresolved": _l("A whistle was not settled in time"),
        "whistle_left": _l("A department left a whistle without consent"),
        "leadership_decided": _l("The leadership gave an instruction"),
        "reminded": _l("A reminder: a step still waits"),
    },
    "letter_way": {
        "notice_mail": _l("Mail to the staff"),
        "reporter_mail": _l("Mail to reporters"),
        "reporter_sms": _l("Text message to reporters"),
    },
    "business_line": {
        "governance": _l("Public order and stability"),
        "petition": _l("Petitions"),
        "environment": _l("Environmental inspection"),
        "safety": _l("Work safety"),
    },
}


def init(app: Flask) -> None:
    """Make `term(kind, code)` and the choices of a kind known to templates."""
    app.jinja_env.globals.update(
        term=term, terms=choices, fact_value=fact_value, role_name=role_name, role_at=role_at
    )
    app.jinja_env.filters["dict"] = dict


def term(kind: str, code: object) -> str:
    """Return a code in words; nothing for none."""
    if code is None or code == "":
        return ""
    return str(TERMS[kind].get(str(code), code))


def choices(kind: str) -> list[tuple[str, str]]:
    """Return the codes of a kind with their words, for a select."""
    return [(code, str(words)) for code, words in TERMS[kind].items()]


def fact_value(fact: str, value: str, categories: Mapping[str, str]) -> str:
    """Return the value of a fact in words, as it stood before or after a correction."""
    if fact == "minor_class":
        return categories.get(value, value)
    return term(fact, value) if fact in TERMS else value


def role_at(role: str, unit: str) -> str:
    """Return a role with the name of its unit, in the language of the page."""
    return role_in(Role(role), unit, language())


def role_name(role: str) -> str:
    """Return a role's name in the language of the page."""
    return role_label(Role(role), language())
