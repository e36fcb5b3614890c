"""Where walks take place: the demo district, served on a free port of this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.phones import served


@pytest.fixture
def address(sqlite_url: str, tmp_path: Path) -> Iterator[str]:
    """Yield where the demo district is served; the test is in its application."""
    with served(sqlite_url, tmp_path) as place:
        yield place
