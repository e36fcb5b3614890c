"""What was compiled is kept within a bound of its size, the oldest going first."""

from app import feel
from app.feel.kept import LEAST, Kept
from app.feel.limits import KEPT_CHARACTERS, KEPT_EXPRESSIONS, MAX_TEXT


def test_the_same_text_is_compiled_once() -> None:
    assert feel.compile("1 + kept") is feel.compile("1 + kept")
    assert feel.compile_unary_tests("< kept") is feel.compile_unary_tests("< kept")
    assert feel.compile("kept one", ["kept one"]) is not feel.compile("kept one")


def test_long_texts_push_out_the_oldest() -> None:
    kept: Kept[str] = Kept()
    most = KEPT_CHARACTERS // MAX_TEXT
    for number in range(most + 5):
        assert kept.keep(number, f"text {number}", MAX_TEXT) == f"text {number}"
    assert len(kept) == most
    assert kept.get(4) is None
    assert kept.get(most + 4) == f"text {most + 4}"


def test_short_texts_are_bounded_in_number() -> None:
    kept: Kept[int] = Kept()
    for number in range(3 * KEPT_EXPRESSIONS):
        kept.keep(number, number, 1)
    assert len(kept) == KEPT_CHARACTERS // LEAST <= KEPT_EXPRESSIONS + 20


def test_what_is_kept_twice_counts_once() -> None:
    kept: Kept[str] = Kept()
    for _ in range(2 * KEPT_EXPRESSIONS):
        kept.keep("same", "value", 1)
    kept.keep("other", "value", 1)
    assert (len(kept), kept.get("same")) == (2, "value")
