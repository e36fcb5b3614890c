"""The form of closing says what the reporter said of the case, and nothing else."""

from collections.abc import Callable

import pytest

from app.cases.intake import Receipt
from app.clock import moved_to
from tests.support import callback, walk
from tests.support.callback import APPEALED, CALLED, DAY, JUSTIFIED, MISTAKEN, PUT_RIGHT
from tests.support.district import TUESDAY_NINE, District
from tests.web.conftest import Login
from tests.web.test_tasks import claimed

LATER = TUESDAY_NINE + DAY
DECLINED = {"contacted": "no", "not_reached": "declined"}
SAID = ("The reporter is:", "The reporter calls", "counts in no rate", "has judged it", "put right")


def called(district: District, case: Receipt) -> None:
    callback.wait_until(LATER)
    callback.do(district, "callback", case, "callback_task", CALLED, at=LATER)


def nobody_reached(district: District, case: Receipt) -> None:
    callback.wait_until(LATER)
    callback.do(district, "callback", case, "callback_task", DECLINED, at=LATER)


def nobody_asked(_district: District, _case: Receipt) -> None:
    """A case found on patrol has nobody to ask."""


def not_confirmed(district: District, case: Receipt) -> None:
    callback.rate(case, "5", resolved="partly")
    callback.do(district, "supervisor", case, "verify_bad_rating", JUSTIFIED, at=TUESDAY_NINE)
    callback.do(district, "handler", case, "rectify", PUT_RIGHT, at=TUESDAY_NINE)
    callback.do(district, "callback", case, "second_callback", DECLINED, at=TUESDAY_NINE)


def screened(district: District, case: Receipt) -> None:
    callback.rate(case, "5", resolved="no")
    callback.shown(district, "supervisor", case, "verify_bad_rating", MISTAKEN, at=TUESDAY_NINE)
    callback.shown(district, "leader", case, "appeal_rating", APPEALED, at=TUESDAY_NINE)
    upheld = {"decision": "uphold", "screen_code": "mistaken", "reasons": "So it is."}
    callback.do(district, "district", case, "decide_appeal", upheld, at=TUESDAY_NINE)


@pytest.mark.parametrize(
    ("so_far", "channel", "english", "chinese"),
    [
        (
            called,
            "web",
            ["is:</strong> satisfied", "matter:</strong> resolved<"],
            "评价：</strong>满意",
        ),
        (
            nobody_reached,
            "web",
            ["judged it:</strong> the reporter has not rated, and nobody was reached"],
            "回访也未能联系上",
        ),
        (nobody_asked, "patrol", ["there was nobody to ask"], "没有可回访的上报人"),
        (
            not_confirmed,
            "web",
            ["very dissatisfied", "resolved in part", "put right</strong> nobody was reached"],
            "部分解决",
        ),
        (
            screened,
            "web",
            ["very dissatisfied", "not resolved", "rate:</strong> it was given by mistake"],
            "误评",
        ),
    ],
)
def test_whoever_closes_a_case_reads_what_the_reporter_said(
    district: District,
    login: Login,
    so_far: Callable[[District, Receipt], None],
    channel: str,
    english: list[str],
    chinese: str,
) -> None:
    with moved_to(TUESDAY_NINE):
        case = walk.report(channel=channel, name="Wang", phone="13800000000")
        walk.to_callback(district, case.case_key)
    so_far(district, case)
    with moved_to(LATER):
        browser = login("dispatcher")
        address, _ = claimed(browser, case.case_key, "close")
        page = browser.get(address).text
        shown = [line for line in page.splitlines() if 'data-part="words" >' in line]
        assert all(any(words in line for line in shown) for words in english)
        assert sum(any(words in line for line in shown) for words in SAID) == len(english)
        assert chinese in browser.language("zh-CN").get(address).text
