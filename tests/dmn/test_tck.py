"""The public conformance kit of DMN, as far as it lies beside the repository."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.dmn import tck

LISTED = Path(__file__).with_name("failing_cases.toml")
JAVA = "0076-feel-external-java/"
WANTED_SHARE = 0.98


@pytest.fixture(scope="module")
def outcomes() -> list[tck.Outcome]:
    if not tck.FOLDER.is_dir():
        pytest.skip(f"the conformance kit is not there: {tck.FOLDER} (set WHISTLE_SHARED)")
    return list(tck.outcomes())


def test_exactly_the_listed_cases_fail(outcomes: list[tck.Outcome]) -> None:
    failing = {each.id: "; ".join(each.wrong) for each in outcomes if each.wrong}
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    new = [f"{case}: {wrong}" for case, wrong in failing.items() if case not in listed]
    assert new == []
    assert sorted(listed.keys() - failing.keys()) == []


def test_every_listed_case_has_a_reason() -> None:
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    assert all(isinstance(reason, str) and reason.strip() for reason in listed.values())


def test_no_two_cases_share_an_id(outcomes: list[tck.Outcome]) -> None:
    assert [
        name for name, count in Counter(each.id for each in outcomes).items() if count > 1
    ] == []


@pytest.mark.parametrize(("level", "least"), [(2, 116), (3, 2400)])
def test_the_share_of_passing_cases_is_what_was_promised(
    level: int, least: int, outcomes: list[tck.Outcome]
) -> None:
    ours = [each for each in outcomes if each.level == level and not each.id.startswith(JAVA)]
    assert len(ours) >= least
    passing = sum(not each.wrong for each in ours)
    assert passing / len(ours) >= WANTED_SHARE
