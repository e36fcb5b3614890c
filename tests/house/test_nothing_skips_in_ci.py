"""A test that needs what is absent skips on a desk and fails where the whole suite is promised."""

import pytest

from tests.conftest import absent


def test_on_a_desk_it_skips_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        absent("no browser")


def test_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI promises"):
        absent("no browser")
