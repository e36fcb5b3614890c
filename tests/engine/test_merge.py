"""Three-way merge: changes survive, whatever the order the branches end in."""

from hypothesis import given
from hypothesis import strategies as st

from app.engine.merge import merge_branches

SCALARS = st.integers(0, 3) | st.none()
VARIABLES = st.dictionaries(st.sampled_from("abcd"), SCALARS)


@given(base=VARIABLES)
def test_branches_that_changed_nothing_change_nothing(base: dict[str, object]) -> None:
    assert merge_branches(base, [dict(base), dict(base)]) == base


@given(base=VARIABLES, branch=VARIABLES)
def test_one_branch_is_taken_over_whole(base: dict[str, object], branch: dict[str, object]) -> None:
    assert merge_branches(base, [branch]) == branch
    assert merge_branches(base, [branch, dict(base)]) == branch
    assert merge_branches(base, [dict(base), branch]) == branch


@given(base=VARIABLES, left=SCALARS, right=SCALARS)
def test_changes_of_different_variables_do_not_depend_on_the_order(
    base: dict[str, object], left: object, right: object
) -> None:
    one, two = {**base, "x": left}, {**base, "y": right}
    assert merge_branches(base, [one, two]) == merge_branches(base, [two, one])
    assert merge_branches(base, [one, two]) == {**base, "x": left, "y": right}


def test_later_branch_stands_where_both_changed_a_plain_value() -> None:
    assert merge_branches({"x": 0}, [{"x": 1}, {"x": 2}]) == {"x": 2}


def test_lists_are_united_and_contexts_merged_by_key() -> None:
    base = {"l": [1], "c": {"k": 0, "old": 1}}
    one = {"l": [1, 2], "c": {"k": 1, "old": 1}}
    two = {"l": [1, 3], "c": {"k": 0, "old": 1, "n": 2}}
    assert merge_branches(base, [one, two]) == {"l": [1, 2, 3], "c": {"k": 1, "old": 1, "n": 2}}


def test_removed_variable_is_gone_unless_another_branch_set_it() -> None:
    assert merge_branches({"x": 1}, [{}, {"x": 1}]) == {}
    assert merge_branches({"x": 1}, [{}, {"x": 2}]) == {"x": 2}
    assert merge_branches({"x": 1}, [{"x": 2}, {}]) == {"x": 2}
