"""Holds, after a run of every test, that each end and timer of a shipped diagram was really passed.

`tests/bpmn_shipped/road.py` notes what its instances pass. Test processes hand that to the one that
started them, which fails the run where something was passed by nobody. A run of some tests says
nothing about it.
"""

import sys
from collections.abc import Iterable
from typing import Any

import pytest

ROAD = "tests.bpmn_shipped.road"
_passed: set[str] = set()
_missed: list[str] = []


def seen_here() -> set[str]:
    """Return what instances passed in this process, each as "process element"."""
    road = sys.modules.get(ROAD)
    return set() if road is None else {" ".join(pair) for pair in road.PASSED}


def missed(passed: Iterable[str]) -> list[str]:
    """Return the ends and timers of the shipped diagrams that are not among `passed`."""
    from tests.bpmn_shipped.shipped import DIAGRAMS, ends_and_timers

    found = set(passed)
    wanted = [f"{path.stem} {element}" for path in DIAGRAMS for element in ends_and_timers(path)]
    return sorted(set(wanted) - found)


def is_whole(config: pytest.Config) -> bool:
    """Tell whether every test was asked for."""
    chosen = config.option
    return not any((chosen.file_or_dir, chosen.keyword, chosen.markexpr, chosen.deselect))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a test process passed."""
    _passed.update(getattr(node, "workeroutput", {}).get("passed", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what was passed, or judge it where the run was whole and green so far."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["passed"] = sorted(seen_here())
        return
    if (
        session.exitstatus == 0
        and is_whole(session.config)
        and not session.config.option.collectonly
    ):
        _missed[:] = missed(_passed | seen_here())
        if _missed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what nobody passed."""
    for element in _missed:
        terminalreporter.write_line(f"FAILED no test walks to {element}", red=True)
