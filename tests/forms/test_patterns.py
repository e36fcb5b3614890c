"""Patterns find what JavaScript finds, in time that grows with the text alone."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms.patterns import PatternUnsupported, compile_pattern

ATOMS = st.sampled_from(
    ["a", "b", "1", r"\d", r"\w", r"\S", ".", "[ab]", "[^a]", "[0-9x-]", r"\b", r"\B", r"\."]
)
REPEATS = st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0}", "{2,}", "{0,2}", "*?", "+?"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("({}|{})".format, inner, inner),
        st.builds("(?:{}){}".format, inner, REPEATS),
        st.builds("^{}".format, inner),
        st.builds("{}$".format, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.text("ab1x .-", min_size=1, max_size=8))  # Python finds no \B in ""
def test_finds_what_a_backtracking_engine_finds(pattern, text):
    assert compile_pattern(pattern).is_in(text) == bool(re.search(pattern, text, re.ASCII))


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (r"^\d{17}[\dXx]$", "11010519491231002X", True),
        (r"^1[3-9]\d{9}$", "13800138000", True),
        (r"^1[3-9]\d{9}$", "1380013800", False),
        (r"^[\w.-]+@[\w-]+(\.[\w-]+)+$", "a.b@example.com", True),
        (r"^[一-龥]{2,4}$", "王小明", True),
        (r"^[一-龥]{2,4}$", "Wang", False),
        (r"^\/[\/a]+$", "/a/", True),
        (r"^[^\s]+$", "a　b", False),
        (r"\t|\x41", "A", True),
        ("", "anything", True),
    ],
)
def test_known_patterns(pattern, text, is_found):
    assert compile_pattern(pattern).is_in(text) is is_found


@pytest.mark.parametrize(
    "pattern",
    [
        *("(", ")", "[a", "*", "a**", "a{2", "a{3,2}", "a{1000}", "(?=a)", "(?<n>a)", r"(a)\1"),
        *(r"\p{L}", "[b-a]", "\\", r"\u12", r"\u+123", "(a{99}){99}", "(" * 40 + "a" + ")" * 40),
    ],
)
def test_what_cannot_be_matched_is_refused(pattern):
    with pytest.raises(PatternUnsupported):
        compile_pattern(pattern)


def test_a_pattern_made_to_hang_does_not():
    pattern = compile_pattern(r"^(a|a)*(a*)*b$")
    began = time.process_time()
    assert not pattern.is_in("a" * 2_000)
    assert time.process_time() - began < 2


def test_a_text_beyond_the_limit_matches_nothing():
    assert not compile_pattern("a").is_in("a" * 2_001)
