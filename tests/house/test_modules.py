"""A module is one idea: short, introduced by its docstring, made of short functions."""

import ast
import statistics

from tests.house.source import Function, modules

LINES_OF_A_MODULE = 450
LINES_OF_A_FUNCTION = 40
MEDIAN_LINES_OF_A_FUNCTION = 10
DATA = (ast.Dict, ast.List, ast.Tuple, ast.Set)
VAGUE = ("manager", "helper", "helpers", "util", "utils", "service", "services", "misc", "common")


def length(function: Function) -> int:
    """Return the lines of a function; its docstring and rows written out count as data."""
    taken = set(range(function.lineno, (function.end_lineno or 0) + 1))
    told = function.body[:1] if ast.get_docstring(function, clean=False) is not None else []
    written_out = [node for node in ast.walk(function) if isinstance(node, DATA)]
    for node in [*told, *written_out]:
        taken -= set(range(node.lineno + 1, (node.end_lineno or 0) + 1))
    return len(taken)


def test_every_module_says_what_it_knows() -> None:
    assert [m.name for m in modules() if not ast.get_docstring(m.tree)] == []


def test_every_module_is_short_enough_to_be_one_idea() -> None:
    lengths = {m.name: len(m.text.splitlines()) for m in modules()}
    assert {name: n for name, n in lengths.items() if n > LINES_OF_A_MODULE} == {}


def test_functions_are_short() -> None:
    long = {
        f"{module.name}.{function.name}": length(function)
        for module in modules()
        for function in module.functions()
        if length(function) > LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_most_functions_fit_in_a_glance() -> None:
    lengths = [length(function) for module in modules() for function in module.functions()]
    assert statistics.median(lengths) <= MEDIAN_LINES_OF_A_FUNCTION


def test_no_module_is_named_for_nothing() -> None:
    vague = [m.name for m in modules() if m.name.rsplit(".", 1)[-1] in VAGUE]
    assert vague == []
