"""A grid worker on patrol, on the phone, in Chinese: what is settled at once is a case as well."""

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.store.db import reading
from app.store.tables.cases import attachment, cases, deadline_ledger
from tests.browser.phones import REFUSAL, complete, fits, follow, phone, photo, said

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MATTER = "楼道堆放纸箱，占用消防通道"


def add_photo(page: "Page", name: str) -> None:
    field = f'input[type="file"][name="{name}"]'
    page.set_input_files(field, files=[photo()])  # type: ignore[arg-type]


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_a_grid_worker_settles_a_matter_and_records_it(browser: "Browser", address: str) -> None:
    with phone(browser, address, "grid") as worker:
        follow(worker, worker.get_by_role("link", name="登记案件"))
        worker.wait_for_url("**/cases/new")
        assert not worker.locator('[name="contact_phone"]').is_visible()
        worker.fill('[name="description"]', MATTER)
        add_photo(worker, "photos")
        worker.locator('[type="checkbox"][name="self_handled"]').check()
        fits(worker)
        follow(worker, worker.locator("form.task-form [data-primary]"))
        worker.wait_for_url(re.compile(r"/tasks/\d+$"))
        assert worker.locator(REFUSAL).count() == 0
        assert "已登记。请填写处置情况。" in said(worker)
        fits(worker)

        worker.fill('[name="measures"]', "已联系住户清走纸箱，通道恢复畅通")
        for name in ("before_photos", "after_photos"):
            add_photo(worker, name)
        complete(worker)
        assert re.search(r"已完成：案件 [\d-]+ 进入下一环节。", said(worker))

    with reading() as connection:
        case = connection.execute(select(cases)).mappings().one()
        kinds = connection.execute(select(attachment.c.kind)).scalars().all()
        limits = connection.execute(select(deadline_ledger.c.limit_name)).scalars().all()
    assert (case["channel"], case["self_handled"], case["description"]) == ("patrol", True, MATTER)
    assert case["established_at"] is not None
    assert case["due_at"] is None
    assert "handle" not in limits
    assert sorted(kinds) == ["after", "before", "report"]
