"""A few thousand of the inputs that `tests/soak/soak_feel_fuzz.py` makes a million of."""

from collections import Counter

from tests.dmn.fuzzing import DmnMaker
from tests.dmn.fuzzing import run as run_model
from tests.feel.fuzzing import Maker, Trap, contexts, corpus, run

INPUTS = 1_500
MODELS = 120


def test_whatever_is_handed_in_only_the_two_errors_come_out() -> None:
    maker, places = Maker("tests"), contexts()
    outcomes: Counter[str] = Counter()
    for number in range(INPUTS):
        given = maker.make(number)
        outcomes[run(given, places[given.context])] += 1
    assert outcomes.keys() <= {"feel_syntax", "feel_budget", "null", "value"}
    assert min(outcomes[kind] for kind in ("feel_syntax", "null", "value")) > INPUTS // 20
    assert Trap.touched == []


def test_no_context_is_changed_by_what_is_evaluated_in_it() -> None:
    maker, place, untouched = Maker("changes", corpus()[:500]), contexts()[0], contexts()[0]
    for number in range(500):
        run(maker.make(number), place)
    del place["f"], untouched["f"]
    assert place == untouched


def test_a_mutated_model_is_refused_or_decides() -> None:
    maker = DmnMaker("tests")
    outcomes = Counter(run_model(maker.make(number)) for number in range(MODELS))
    assert outcomes.keys() <= {"dmn_invalid", "feel_budget", "not_found", "loaded", "null", "value"}
    assert outcomes["dmn_invalid"] > 0
    assert outcomes["value"] > 0


def test_an_input_is_made_again_from_its_number() -> None:
    assert Maker("again").make(7) == Maker("again").make(7)
    assert DmnMaker("again").make(7) == DmnMaker("again").make(7)
