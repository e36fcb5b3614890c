"""Models made to take all time or memory there is are stopped early, with a typed error."""

import os
import resource

import pytest

from app import dmn
from app.feel import FeelBudgetExceeded
from tests.dmn.models import model

MEGABYTE = 1024


def _literal(text: str) -> str:
    return f"<literalExpression><text>{text}</text></literalExpression>"


def _loop(times: int, body: str) -> str:
    return (
        f'<for iteratorVariable="i"><in>{_literal(f"[1..{times}]")}</in>'
        f"<return>{body}</return></for>"
    )


def _table(rules: int, columns: int, output: str) -> str:
    head = "<input><inputExpression><text>i</text></inputExpression></input>" * columns
    cells = "<inputEntry><text>&gt; 0</text></inputEntry>" * columns
    row = f"<rule>{cells}<outputEntry><text>{output}</text></outputEntry></rule>"
    return (
        f'<decisionTable hitPolicy="COLLECT">{head}<output name="o"/>{row * rules}</decisionTable>'
    )


BOMBS = {
    "lists in a loop": _loop(90_000, _literal(f"[{','.join(['[]'] * 9_000)}]")),
    "contexts in loops": _loop(300, _loop(300, _loop(300, _literal("{a: i, b: []}")))),
    "rows in a loop": _loop(90_000, _table(50, 1, "[i, []]")),
    "cells in a loop": _loop(90_000, _table(200, 20, "i")),
    "a relation in a loop": _loop(
        90_000,
        '<relation><column name="a"/>' + f"<row>{_literal('[i]')}</row>" * 300 + "</relation>",
    ),
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_bomb_of_boxed_expressions_is_stopped(body: str) -> None:
    loaded = dmn.load(model(f'<decision id="d" name="d">{body}</decision>'))
    with pytest.raises(FeelBudgetExceeded):
        loaded.evaluate("d", {})


def test_all_bombs_together_need_little_memory() -> None:
    child = os.fork()
    if child == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for body in BOMBS.values():
            test_a_bomb_of_boxed_expressions_is_stopped(body)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os._exit(0 if grown < 64 * MEGABYTE else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_very_long_name_is_cut_in_every_warning() -> None:
    row = _literal("[1 + null, 1 + null, 1 + null]")
    loaded = dmn.load(model(f'<decision id="d" name="{"x" * 900_000}">{row}</decision>'))
    warnings = loaded.evaluate("d", {}).warnings
    assert len(warnings) == 3
    assert max(map(len, warnings)) <= 400
