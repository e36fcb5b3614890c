"""The page about the rules says what the rules say."""

from app.engine.lint import RULES
from tests.engine.lint.handbook import PAGE, page


def test_page_of_the_rules_has_not_drifted() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_page_lists_every_rule_once() -> None:
    for code in RULES:
        assert page().count(f"- `{code}` (") == 1


def test_every_rule_is_documented_in_a_sentence() -> None:
    for rule in RULES.values():
        assert rule.docs.endswith("."), rule.code
        assert rule.mend[0].isupper() or rule.mend == "{how}", rule.code
