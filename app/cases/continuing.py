"""A new case that goes on where one was closed: without a result, or with one that did not last.

The operation `open_linked_case` calls it. The new case is one of its own: it begins with the newest
process, and only its `reopens_key` leads back. Whoever reported the first follows the second too.
"""

from dataclasses import replace
from typing import Any

from app.cases import intake, messages, reporter_words, tokens
from app.cases.intake import Report
from app.cases.work import Work
from app.store import reporters
from app.store.projection import Projection

STAFF = "staff"
OF_THE_FIRST_ONLY = {
    "kind",
    "channel",
    "self_handled",
    "source",
    "source_ref",
    "limit_basis",
    "given_due_at",
}
CARRIED_ON = tuple(name for name in intake.AS_REPORTED if name not in OF_THE_FIRST_ONLY)


def open_behind(
    work: Work, *, channel: str | None, reason: str | None, template: str | None
) -> str:
    """Open a case with the matter of this one in the same transaction and return its number.

    `channel` says how it came, by the staff unless given; `reason` is what the reporter says, where
    one acts; `template` names the letter that its reporters get, None for none.
    """
    carried = {name: work.case[name] for name in CARRIED_ON}
    behind = intake.started(
        work.tx, Report(channel=channel or STAFF, **carried), work.hand, domain=work.clock_domain
    )
    behind.case["reopens_key"] = work.case_key
    behind.case["has_telephone"] = work.case["has_telephone"]
    behind.note("reported", {"channel": behind.case["channel"], "synthetic": []})
    followers = [
        _follower(work, row, behind.case_key)
        for row in reporters.of_case(work.tx.connection, work.case_key)
    ]
    _say(behind, followers, reason)
    if template and followers:
        behind.reporter_mails.append({"case_key": behind.case_key, "template": template})
    rows = Projection(reporters=followers, search=[intake.search_row(behind.case)])
    messages.finish(behind, new_rows=rows)
    number: str = behind.case["number"]
    return number


def _follower(work: Work, row: dict[str, Any], case_key: int) -> dict[str, Any]:
    key = work.tx.next_key()
    token = tokens.for_reporter(work.tx.connection, key)
    own = {"key": key, "case_key": case_key, "token_hash": tokens.hashed(token)}
    return {**row, **own, "continues_key": row["key"], "created_at": work.now}


def _say(behind: Work, followers: list[dict[str, Any]], reason: str | None) -> None:
    """Let the reporter who acts be the one of the new case, with what they say."""
    acting = behind.hand.reporter_key
    me = next((each["key"] for each in followers if each["continues_key"] == acting), None)
    behind.hand = replace(behind.hand, reporter_key=me)
    if me is None or not (reason or "").strip():
        return
    behind.remarks.append(
        reporter_words.said(
            behind.tx,
            str(reason),
            kind="reopening",
            case_key=behind.case_key,
            reporter_key=me,
            is_confidential=behind.case["is_confidential"],
        )
    )
