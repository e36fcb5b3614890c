"""Mentions, followers and the mail they want, on both databases."""

import pytest
from sqlalchemy import select, update

from app.cases import own_page, staff
from app.cases.case_view import read_case
from app.cases.following import follow, unfollow
from app.cases.handling import claim_task
from app.cases.notes import MentionedCannotRead, MentionedCannotSee
from app.cases.outbox import Letter, send_waiting
from app.cases.remarks import add_remark
from app.cases.resident_answering import answer_question, ask_withdrawal
from app.cases.resident_forms import Posting
from app.errors import InvalidInput, NotFound
from app.organisation.actor import Actor
from app.organisation.roles import Role
from app.store.db import reading, transaction
from app.store.tables.delivery import notice, outbox
from tests.support import walk
from tests.support.colleagues import hire, signed
from tests.support.district import District


def told(person: Actor) -> list[tuple[str, str | None]]:
    query = select(notice.c.kind, notice.c.params).where(notice.c.person_key == person.person_key)
    with reading() as connection:
        rows = connection.execute(query.order_by(notice.c.at, notice.c.key)).all()
    return [(row.kind, row.params.get("step")) for row in rows]


def test_whoever_is_mentioned_is_told_and_named(district: District) -> None:
    case_key = signed(district)
    body = "@handler请看一下, and @LEADER. Not @nobody_here, not me@handler.org, not @clerk"
    named = add_remark(district["clerk"], case_key, body, visibility="departments")
    assert sorted(named.people.values()) == ["Handler", "Leader"]
    assert named.unknown == ("nobody_here",)
    assert told(district["handler"]) == [("mentioned", None)]
    assert told(district["clerk"]) == []
    said = read_case(district["leader"], case_key, language="en").remarks[0]
    assert sorted(said.told) == ["Handler", "Leader"]


def test_who_may_not_see_the_case_is_not_told_and_the_comment_not_kept(
    district: District,
) -> None:
    case_key = signed(district)
    with pytest.raises(MentionedCannotSee, match="Parks_Handler may not see this case"):
        add_remark(district["clerk"], case_key, "See @parks_handler", visibility="departments")
    assert not read_case(district["clerk"], case_key, language="en").remarks
    assert told(district["parks_handler"]) == []


def test_what_stays_in_the_grid_line_mentions_no_department(district: District) -> None:
    case_key = signed(district)
    with pytest.raises(MentionedCannotRead):
        add_remark(district["officer"], case_key, "Ask @handler", visibility="internal")
    add_remark(district["officer"], case_key, "Ask @dispatcher", visibility="internal")
    assert told(district["dispatcher"]) == [("mentioned", None)]


def test_the_public_reads_no_mention(district: District) -> None:
    case_key = signed(district)
    named = add_remark(district["dispatcher"], case_key, "Write to @handler", visibility="public")
    assert named.people == {}
    assert told(district["handler"]) == []
    with pytest.raises(InvalidInput):
        add_remark(district["dispatcher"], case_key, "  ", visibility="departments")


def test_a_follower_hears_of_the_steps_a_reporter_sees(district: District) -> None:
    case_key = walk.report().case_key
    follow(district["supervisor"], case_key)
    follow(district["supervisor"], case_key)
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    add_remark(district["dispatcher"], case_key, "On its way", visibility="public")
    assert told(district["supervisor"]) == [
        ("case_moved", "established"),
        ("case_moved", "replied"),
    ]
    page = read_case(district["officer"], case_key, language="en")
    assert list(page.followers.values()) == ["Supervisor"]
    unfollow(district["supervisor"], case_key)
    add_remark(district["dispatcher"], case_key, "There", visibility="public")
    assert len(told(district["supervisor"])) == 2


def test_an_answer_of_the_reporter_is_no_reply_to_the_public(district: District) -> None:
    said = walk.report(name="Wang", phone="13800000000", has_consented=True)
    follow(district["supervisor"], said.case_key)
    walk.do(
        district["officer"],
        said.case_key,
        "triage",
        {"decision": "need_info", "question": "At which door?"},
    )
    assert told(district["supervisor"]) == [("case_moved", "replied")], "the question is one"
    answer_question(said.token, Posting(posted={"answer": ["At the second"]}))
    assert len(told(district["supervisor"])) == 1


def test_who_had_a_task_hears_that_the_case_ended_without_it(district: District) -> None:
    said = walk.report(name="Wang", phone="13800000000", has_consented=True)
    for login, step, answers in walk.TO_CALLBACK[:2]:
        walk.do(district[login], said.case_key, step, answers)
    task = walk.open_tasks(said.case_key)["handle"]
    claim_task(district["handler"], task["key"], seen_version=task["version"])
    ask_withdrawal(said.token, Posting(posted={"reason": ["mended"]}))
    walk.do(district["dispatcher"], said.case_key, "confirm_withdrawal", {"verdict": "grant"})
    assert walk.open_tasks(said.case_key) == {}
    assert told(district["handler"])[-1][0] == "task_canceled"
    assert "task_canceled" not in [kind for kind, _step in told(district["dispatcher"])]


def test_who_cannot_see_a_case_neither_follows_it_nor_hears_of_it(district: District) -> None:
    case_key = walk.report().case_key
    with pytest.raises(NotFound):
        follow(district["parks_handler"], case_key)
    second = hire(district, "second", Role.COMMUNITY_OFFICER, "S01-C01")
    follow(second, case_key)
    with reading() as connection:
        from app.store.people import positions_of

        (position,) = positions_of(connection, [second.person_key])
    staff.end_position(district["admin"], position.key)
    walk.do(district["officer"], case_key, "triage", walk.TRIAGED)
    assert told(second) == []


def letters() -> list[Letter]:
    sent: list[Letter] = []
    send_waiting(sent.append, limit=200)
    return sent


def test_mail_comes_about_what_one_wants(district: District) -> None:
    case_key = signed(district)
    leader, handler = district["leader"], district["handler"]
    own_page.choose_mail(handler, wants_mail=True, wishes=["offered", "handed", "followed"])
    assert own_page.read_own_page(handler).wishes == ("offered", "handed", "followed")
    with transaction() as tx:
        tx.connection.execute(update(outbox).values(state="sent"))
    add_remark(district["clerk"], case_key, "@handler @leader please", visibility="departments")
    (letter,) = letters()
    assert (letter.address, letter.template) == ("leader@example.org", "staff_news")
    own_page.choose_mail(leader, wants_mail=False, wishes=[])
    add_remark(district["clerk"], case_key, "@leader again", visibility="departments")
    assert letters() == []


@pytest.mark.parametrize(
    ("stages", "visibility", "letters"),
    [
        (("progress",), "public", ["case_moved"]),
        (("closed",), "public", []),
        (("progress",), "departments", []),
    ],
)
def test_a_reporter_who_wants_to_know_of_progress_hears_of_a_public_reply(
    district: District, stages: tuple[str, ...], visibility: str, letters: list[str]
) -> None:
    key = walk.report(
        name="Chen Mei", email="mei@example.org", has_consented=True, stages=stages
    ).case_key
    add_remark(district["dispatcher"], key, "They come tomorrow.", visibility=visibility)
    sent: list[Letter] = []
    send_waiting(sent.append, limit=50)
    assert [each.template for each in sent if each.address == "mei@example.org"] == letters
