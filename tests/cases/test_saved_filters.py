"""Saved filters: one's own, counted, replaced, opened with; on both databases."""

import pytest

from app.cases.handling import claim_task
from app.cases.saved_filters import (
    MOST_FILTERS,
    TooManyFilters,
    choose_default,
    default_query,
    delete_filter,
    read_filters,
    save_filter,
)
from app.errors import Forbidden, InvalidInput, NotFound
from tests.support import walk
from tests.support.district import District


def test_a_filter_is_kept_counted_and_known_again(district: District) -> None:
    officer = district["officer"]
    first = walk.report()
    walk.report(address="人民路 1 号")
    claim_task(officer, walk.open_tasks(first.case_key)["triage"]["key"], seen_version=1)
    save_filter(officer, "inbox", "  Mine  now ", {"tab": "mine", "other": "x"})
    save_filter(officer, "cases", "中山路", {"q": "中山路", "state": "open"})
    (inbox,) = read_filters(officer, "inbox", {"tab": "mine"})
    (cases,) = read_filters(officer, "cases", {"q": "人民路"})
    assert (inbox.name, inbox.query, inbox.count, inbox.is_here) == (
        "Mine now",
        {"tab": "mine"},
        1,
        True,
    )
    assert (cases.count, cases.is_here) == (1, False)
    assert read_filters(district["dispatcher"], "cases", {}) == ()


def test_the_same_name_replaces_and_one_is_opened_with(district: District) -> None:
    officer = district["officer"]
    save_filter(officer, "cases", "Open", {"state": "open"}, is_default=True)
    save_filter(officer, "cases", "Open", {"state": "open", "severity": "urgent"})
    save_filter(officer, "cases", "Closed", {"state": "closed"})
    assert default_query(officer, "cases") == {"state": "open", "severity": "urgent"}
    both = read_filters(officer, "cases", {})
    choose_default(officer, both[1].key, is_default=True)
    assert default_query(officer, "cases") == {"state": "closed"}
    choose_default(officer, both[1].key, is_default=False)
    assert default_query(officer, "cases") is None
    assert delete_filter(officer, both[0].key) == "cases"
    assert [each.name for each in read_filters(officer, "cases", {})] == ["Closed"]


def test_what_cannot_be_kept_is_refused(district: District) -> None:
    officer = district["officer"]
    for name, query in (("", {"q": "x"}), ("x" * 61, {"q": "x"}), ("empty", {"other": "x"})):
        with pytest.raises(InvalidInput):
            save_filter(officer, "cases", name, query)
    with pytest.raises(NotFound):
        save_filter(officer, "elsewhere", "x", {"q": "x"})
    with pytest.raises(Forbidden):
        save_filter(district["admin"], "cases", "x", {"q": "x"})
    for number in range(MOST_FILTERS):
        save_filter(officer, "cases", f"{number}", {"q": f"{number}"})
    with pytest.raises(TooManyFilters):
        save_filter(officer, "cases", "one more", {"q": "x"})


def test_nobody_touches_somebody_elses_filter(district: District) -> None:
    save_filter(district["officer"], "cases", "Open", {"state": "open"})
    (own,) = read_filters(district["officer"], "cases", {})
    with pytest.raises(NotFound):
        delete_filter(district["dispatcher"], own.key)
    with pytest.raises(NotFound):
        choose_default(district["dispatcher"], own.key, is_default=True)
