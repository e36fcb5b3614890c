"""The journal of a case line by line, for those who may read it, and whether it is sound."""

import pytest
from sqlalchemy import update

from app.store.db import transaction
from app.store.tables.cases import journal
from tests.support import walk
from tests.support.district import District
from tests.web.conftest import Login


def test_each_line_stands_there_with_its_seal(district: District, login: Login) -> None:
    key = walk.report().case_key
    browser = login("supervisor")
    assert f"/cases/{key}/journal" in browser.get(f"/cases/{key}").get_data(as_text=True)
    page = browser.get(f"/cases/{key}/journal").get_data(as_text=True)
    lines = walk.journal_of(key)
    assert page.count("data-list-item") == len(lines)
    assert "The chain is sound" in page
    assert all(line["hash"][:12] in page for line in lines)
    chinese = browser.language("zh-CN").get(f"/cases/{key}/journal").get_data(as_text=True)
    assert "链条完整" in chinese


def test_a_line_that_was_altered_is_named(district: District, login: Login) -> None:
    key = walk.report().case_key
    with transaction() as tx:
        second = (journal.c.case_key == key) & (journal.c.number == 2)
        tx.connection.execute(update(journal).where(second).values(kind="closed"))
    page = login("district").get(f"/cases/{key}/journal").get_data(as_text=True)
    assert "The chain breaks at line 2" in page


@pytest.mark.parametrize("name", ["officer", "worker", "handler", "admin", "designer"])
def test_others_do_not_read_it(district: District, login: Login, name: str) -> None:
    key = walk.report().case_key
    browser = login(name)
    assert browser.get(f"/cases/{key}/journal").status_code == 403
    assert "/journal" not in browser.get(f"/cases/{key}").get_data(as_text=True)


def test_a_leader_elsewhere_does_not_find_the_case(district: District, login: Login) -> None:
    key = walk.report().case_key
    assert login("parks_leader").get(f"/cases/{key}/journal").status_code == 404
