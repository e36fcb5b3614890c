"""The public conformance kit of DMN, as far as it lies beside the repository."""

import pytest

from tests.dmn import tck

FLOOR = {2: 1.0, 3: 0.99}
"""The share of result nodes that are right today, by conformance level."""


@pytest.fixture(scope="module")
def outcomes() -> list[tck.Outcome]:
    if not tck.FOLDER.is_dir():
        pytest.skip(f"the conformance kit is not there: {tck.FOLDER} (set WHISTLE_SHARED)")
    return list(tck.outcomes())


@pytest.mark.parametrize("level", [2, 3])
def test_share_of_right_results_does_not_fall(level: int, outcomes: list[tck.Outcome]) -> None:
    ours = [outcome for outcome in outcomes if outcome.level == level]
    wrong = [outcome for outcome in ours if not outcome.is_passed]
    share = 1 - len(wrong) / len(ours)
    lines = [f"{one.folder} {one.case}: {one.found}, not {one.wanted}" for one in wrong]
    assert share >= FLOOR[level], "\n".join(lines)
