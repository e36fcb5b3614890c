"""What is more than can be sent at once is refused, with the way back to what was typed."""

import pytest

from tests.web.conftest import SAME_SITE, Browser


@pytest.mark.parametrize(("language", "words"), [("en", "Back button"), ("zh-CN", "后退按钮")])
def test_what_is_too_large_is_refused_with_the_way_back_to_what_was_typed(
    visitor: Browser, language: str, words: str
) -> None:
    page = visitor.language(language).get("/report")
    assert f'name="most-bytes" content="{12 * 1024 * 1024}"' in page.text
    refused = visitor.client.post(
        "/report",
        data=b"x" * (12 * 1024 * 1024 + 1),
        content_type="multipart/form-data; boundary=x",
        headers=SAME_SITE,
    )
    assert refused.status_code == 413
    assert words in refused.text
    assert 'class="action-bar"' not in refused.text, "a link would open the page without the text"
