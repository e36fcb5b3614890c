"""Saved and loaded at every step, an instance equals one that was kept in memory.

`WHISTLE_WALKS` raises the number of walks; `make soak` does.
"""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine import codec
from app.engine.errors import StateUnreadable
from tests.engine.walks import walk_generated, walk_grid_case

WALKS = int(os.environ.get("WHISTLE_WALKS", "150"))
RARELY_SLOW = settings(
    max_examples=WALKS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def picking(data: st.DataObject) -> Callable[[Sequence[Any]], Any]:
    return lambda options: options[data.draw(st.integers(0, len(options) - 1))]


@given(data=st.data())
@RARELY_SLOW
def test_generated_processes(data: st.DataObject) -> None:
    assert walk_generated(picking(data)).fault is None


@given(data=st.data())
@RARELY_SLOW
def test_the_main_process(data: st.DataObject) -> None:
    assert walk_grid_case(picking(data)).fault is None


def test_walks_see_everything_there_is_to_do() -> None:
    seen = [walk_generated(random.Random(seed).choice, steps=40) for seed in range(80)]
    assert [walk.fault for walk in seen if walk.fault] == []
    did = {kind for walk in seen for kind in walk.did}
    assert did == {"complete", "finish", "fail", "send", "tick"}
    assert max(walk.largest_state for walk in seen) < 4000


def _without_inner_scopes(scope: dict[str, Any]) -> None:
    scope.pop("s", None)


def _without_waits(scope: dict[str, Any]) -> None:
    for row in _rows(scope):
        if len(row) > 5 and isinstance(row[5], dict):
            row[5].pop("waits", None)


def _without_removed_variables(scope: dict[str, Any]) -> None:
    for row in _rows(scope):
        if len(row) > 6 and row[6]:
            row[6].popitem()


def _with_the_order_reversed(scope: dict[str, Any]) -> None:
    for row in _rows(scope):
        row[2] = -row[2]


def _rows(scope: dict[str, Any]) -> Iterator[list[Any]]:
    yield from scope.get("t", [])
    for inner in scope.get("s", {}).values():
        yield from _rows(inner)


BROKEN = [
    _without_inner_scopes,
    _without_waits,
    _without_removed_variables,
    _with_the_order_reversed,
]


@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_codec_is_caught_by_the_same_walks(
    damage: Callable[[dict[str, Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: each of these mistakes shows within a few walks."""
    dumps = codec.orjson.dumps

    def spoiled(document: dict[str, Any]) -> bytes:
        damage(document)
        return dumps(document)

    monkeypatch.setattr(codec.orjson, "dumps", spoiled)
    assert any(_is_faulty(seed) for seed in range(60))


def _is_faulty(seed: int) -> bool:
    try:
        return walk_generated(random.Random(seed).choice, steps=40).fault is not None
    except (StateUnreadable, LookupError, AttributeError, TypeError, AssertionError):
        return True
