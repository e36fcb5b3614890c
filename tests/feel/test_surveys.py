"""What lint learns from a compiled expression: names, paths, places, unknown functions."""

from app import feel


def test_free_names_and_paths_are_listed() -> None:
    found = feel.compile('case.level >= 2 and answers.handle.result = "done"')
    assert found.names == {"case", "answers"}
    assert found.paths == {("case", "level"), ("answers", "handle", "result")}


def test_bound_names_are_not_free() -> None:
    found = feel.compile("for x in rows return {y: x + z, w: y}.w + (function(a) a + b)(1)")
    assert found.names == {"rows", "z", "b"}


def test_names_in_a_filter_are_uncertain() -> None:
    found = feel.compile("rows[price > limit]")
    assert found.names == {"rows"}
    uncertain = [one.name for one in found.variables if not one.is_certain]
    assert uncertain == ["price", "limit"]


def test_places_count_from_one() -> None:
    found = feel.compile("1 +\n  missing.part")
    (variable,) = found.variables
    assert (variable.path, variable.line, variable.column) == (("missing", "part"), 2, 3)


def test_unknown_functions_are_listed_with_their_place() -> None:
    found = feel.compile('count([1]) + calendar.after("1 wd") + nope(2)')
    (unknown,) = found.unknown_functions({"calendar.after"})
    assert (unknown.path, unknown.column) == (("nope",), 39)
    assert {one.path for one in found.unknown_functions()} == {("calendar", "after"), ("nope",)}
    assert found.names == frozenset()


def test_functions_of_a_context_may_call_themselves_and_later_ones() -> None:
    found = feel.compile("{f: function(n) if n < 2 then g(n) else f(n - 1), g: function(n) n}")
    assert found.unknown_functions() == ()


def test_warnings_say_where_and_why() -> None:
    traced = feel.trace("1 + missing\n* 2")
    assert traced.value is None
    assert [(w.line, w.column) for w in traced.warnings] == [(1, 5), (2, 1), (1, 3)]
    assert "missing" in traced.warnings[0].reason
    assert str(traced.warnings[0]).startswith("line 1, column 5: ")


def test_unary_tests_name_their_variables() -> None:
    found = feel.compile_unary_tests("> case.limit, ? < other")
    assert found.names == {"case", "other"}
