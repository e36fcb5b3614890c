"""Each end of each shipped diagram, and each of its timers, is named by a test that walks there.

Whether it is really passed is held after a run of every test, by `support.walked`.
"""

from pathlib import Path

import pytest

from tests.bpmn_shipped.shipped import DIAGRAMS, ends_and_timers
from tests.support.walked import missed

WALKS = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
WORDS = "\n".join(path.read_text("utf-8") for path in WALKS)


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_test_names_each_end_and_each_timer(path: Path) -> None:
    found = ends_and_timers(path)
    assert found
    assert [element for element in found if f'"{element}"' not in WORDS] == []


def test_what_nobody_passed_is_missed() -> None:
    all_of_them = missed([])
    assert {each.split()[0] for each in all_of_them} == {path.stem for path in DIAGRAMS}
    assert missed(all_of_them[1:]) == all_of_them[:1]
    assert missed(all_of_them) == []
