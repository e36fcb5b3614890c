"""A bad rating taken seriously: verified, put right, asked again, and only then closed."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.phones import (
    accept,
    begin,
    choose,
    close,
    complete,
    dispatch,
    follow,
    handled,
    offered,
    phone,
    photo,
    report,
    said,
    sign,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
WORDS = "只清了一半，墙角还堆着"
FOUND = "墙角仍有残留垃圾，群众反映属实。"
PUT_RIGHT = "墙角残留已清净，增加每日巡查。"
REPLY = "墙角的残留已全部清走，今后每天巡查。"


def test_a_bad_rating_is_verified_put_right_and_asked_about_again(
    browser: "Browser", address: str
) -> None:
    with phone(browser, address) as resident:
        tracking = report(resident, address, "小区门口垃圾堆放多日，异味严重")
    with phone(browser, address, "officer") as officer:
        accept(officer)
    with phone(browser, address, "dispatcher") as dispatcher:
        dispatch(dispatcher, "D-URBAN")
    with phone(browser, address, "clerk") as clerk:
        sign(clerk)
    handled(browser, address, "垃圾已清运。")

    with phone(browser, address) as resident:
        resident.goto(tracking)
        resident.fill('#rating [name="comment"]', WORDS)
        choose(resident, "grade", "4")
        choose(resident, "resolved", "partly")
        follow(resident, resident.locator("#rating form [data-primary]"))
        assert "感谢" in said(resident)

    with phone(browser, address, "dispatcher") as dispatcher:
        assert offered(dispatcher, "结案") == 0
    with phone(browser, address, "supervisor") as supervisor:
        begin(supervisor, "差评核实")
        assert WORDS in said(supervisor)
        choose(supervisor, "verdict", "justified")
        supervisor.fill('[name="finding"]', FOUND)
        complete(supervisor)

    with phone(browser, address, "handler") as handler:
        begin(handler, "差评整改")
        assert FOUND in said(handler)
        handler.fill('[name="cause"]', "首次清运不彻底")
        handler.fill('[name="measures"]', PUT_RIGHT)
        handler.fill('[name="public_reply"]', REPLY)
        field = 'input[type="file"][name="after_photos"]'
        handler.set_input_files(field, files=[photo()])  # type: ignore[arg-type,list-item]
        complete(handler)
    with phone(browser, address) as resident:
        resident.goto(tracking)
        assert REPLY in said(resident)

    with phone(browser, address, "callback") as agent:
        begin(agent, "二次回访")
        assert PUT_RIGHT in said(agent)
        choose(agent, "contacted", "yes")
        choose(agent, "resolved", "yes")
        choose(agent, "grade", "2")
        agent.fill('[name="quote"]', "这回清干净了，谢谢。")
        complete(agent)

    with phone(browser, address, "dispatcher") as dispatcher:
        close(dispatcher)
    with phone(browser, address) as resident:
        resident.goto(tracking)
        assert "已结案" in said(resident)
