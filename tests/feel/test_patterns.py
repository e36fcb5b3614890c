"""Regular expressions: XPath's, matched in bounded time by two engines that agree."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import feel
from app.feel.compiling.run import Run
from app.feel.regex.matching import Matcher
from app.feel.regex.reading import parse_pattern, to_python

MATCHES = [
    ("abracadabra", "bra", "", True),
    ("abracadabra", "^a.*a$", "", True),
    ("abracadabra", "^bra", "", False),
    ("a\nb", "a.b", "", False),
    ("a\nb", "a.b", "s", True),
    ("a\nb", "^b$", "m", True),
    ("helloworld", "hello world", "x", True),
    ("hello world", "hello\\ sworld", "x", True),
    ("a+b", "a+b", "q", True),
    ("街道12号", "^\\p{Lo}+\\d+\\p{IsCJKUnifiedIdeographs}$", "", True),
    ("xyz", "^[a-z-[aeiou]]+$", "", True),
    ("north", "[^a-z]", "i", False),
    ("street whistle", "[^a-z ]", "i", False),
    ("ſK", "[^a-z]", "i", False),
    ("NORTH", "[^a-z]", "i", False),
    ("north1", "[^A-Z]", "i", True),
    ("o", "[A-Z-[IO]]", "i", False),
    ("NORTH", "^[a-z]+$", "i", True),
    ("Ñ", "[^à-þ]", "i", False),
    ("aba", "^(a)b\\1$", "", True),
    ("𝒳", "^.$", "", True),
    ("clerk@street.gov.example", "^[\\w.-]+@([\\w-]+\\.)+\\w+$", "", True),
    ("x", "(?=x)", "", None),
    ("x", "(?<n>x)", "", None),
    ("x", "[z-a]", "", None),
    ("x", "x{2,1}", "", None),
    ("x", "*x", "", None),
    ("x", "x", "k", None),
    ("x", "\\p{Nope}", "", None),
    ("x", "(x", "", None),
]


@pytest.mark.parametrize(("text", "pattern", "flags", "found"), MATCHES)
def test_pattern_is_found(text: str, pattern: str, flags: str, found: bool | None) -> None:
    context = {"t": text, "p": pattern, "f": flags}
    assert feel.evaluate("matches(t, p, f)", context) is found


REPLACES = [
    ("abracadabra", "a(.)", "a$1$1", "abbraccaddabbra"),
    ("abracadabra", "a.*?a", "*", "*c*bra"),
    ("darted", "^(.*?d)(.*)$", "$1c$2", "dcarted"),
    ("AAAA", "A+?", "b", "bbbb"),
    ("ab", "(a)", "$12", "a2b"),
    ("ab", "(a)|(x)", "[$2$0]", "[a]b"),
    ("ab", "a", "\\$\\\\", "$\\b"),
    ("ab", "a", "$", None),
    ("ab", ".*?", "x", None),
]


@pytest.mark.parametrize(("text", "pattern", "replacement", "value"), REPLACES)
def test_matches_are_replaced(text: str, pattern: str, replacement: str, value: str | None) -> None:
    context = {"t": text, "p": pattern, "r": replacement}
    assert feel.evaluate("replace(t, p, r)", context) == value


EVIL = ["(a+)+b", "(a|aa)+b", "(a*)*b", "a*a*a*a*a*a*b", "(a?){50}a{50}b", "(.*)(.*)(.*)(.*)[c-z]",
        "((a{0,50}){0,50}){0,50}b", "^(([a-z])+.)+[A-Z]([a-z])+$"]  # fmt: skip


@pytest.mark.parametrize("pattern", EVIL)
def test_an_evil_pattern_ends_soon(pattern: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(feel.FeelBudgetExceeded):
        assert feel.evaluate("matches(t, p)", {"t": "a" * 3000, "p": pattern}) in {False, None}
    assert time.process_time() - begun < 3


def _patterns() -> st.SearchStrategy[str]:
    """Patterns whose repeats never repeat nothing: there the engines' groups may differ."""
    atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d"])
    solid = st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
            st.tuples(inner, st.sampled_from(["+", "+?", "{1,2}", "{2}"])).map(
                lambda pair: f"({pair[0]}){pair[1]}"
            ),
        ),
        max_leaves=6,
    )
    loose = st.tuples(solid, st.sampled_from(["*", "?", "*?", "??", "{0,2}"]))
    return st.tuples(solid, loose.map(lambda pair: f"({pair[0]}){pair[1]}"), solid).map("".join)


@settings(max_examples=100, deadline=None)
@given(_patterns(), st.text("ab1", max_size=8))
def test_both_engines_agree(source: str, text: str) -> None:
    pattern = parse_pattern(source, "")
    python = to_python(pattern)
    ours = list(Matcher(pattern).matches(text, Run(None, is_traced=False)))
    theirs = [tuple(edge for span in match.regs for edge in span) for match in
              python.finditer(text)]  # fmt: skip
    assert ours == theirs
