"""How to mend what designers typically write instead of FEEL.

The parser asks about a token that does not fit; where nothing is known, the error says what the
grammar expected.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from app.feel.syntax.spellings import QUOTES
from app.feel.syntax.tokens import Kind, Token, place

_CAPITALS = frozenset(
    ["AND", "OR", "NOT", "IN", "IF", "THEN", "ELSE", "BETWEEN", "RETURN", "SATISFIES"]
)
_PAIRS: Mapping[tuple[str, str], str] = {
    ("=", "="): "one = to compare",
    ("=", ">"): ">= (the = stands last)",
    ("=", "<"): "<= (the = stands last)",
    ("<", ">"): "!=",
    (">", "="): ">= in one piece",
    ("<", "="): "<= in one piece",
    ("!=", "="): "!= with one =",
    (">=", "="): ">=",
    ("<=", "="): "<=",
    ("is", "null"): "= null, since is compares nothing",
    ("is", "true"): "= true, since is compares nothing",
    ("is", "false"): "= false, since is compares nothing",
}
_OPENING = {")": "(", "]": "[", "}": "{"}


def for_words(words: Sequence[Token]) -> tuple[Token, str] | None:
    """Find, in words nobody knows as a name, the one that is meant as an operator."""
    for before, word in pairwise(words):
        if word.text == "not":
            is_comparison = before.text == "is"
            return word, "!= to say “is not”" if is_comparison else "not(…) around all of it"
    for word in words:
        if word.text == "not":
            return word, "not(…) with parentheses"
        if word.text in _CAPITALS:
            return word, f"{word.text.lower()} in small letters"
    return None


def for_token(text: str, tokens: Sequence[Token], index: int, expected: str) -> str | None:
    """Return how to mend a token that does not fit, None if the grammar's own word must do."""
    token = tokens[index]
    if token.kind is Kind.STRING:
        return None
    before = tokens[index - 1].text if index else ""
    pair = _PAIRS.get((before, token.text))
    if pair is not None:
        return pair
    if token.text in {"'", "’"}:
        return QUOTES
    if token.text == "=" and index == 0:
        return "the expression alone, without a = before it"
    if token.text in {"elseif", "elsif", "elif"}:
        return "else if, in two words"
    if expected == "'else'":
        return "else, which no if may lack (else null)"
    if expected.strip("'") in _OPENING and token.kind is Kind.END:
        return _unclosed(text, tokens, expected)
    return _for_end(tokens, index) if expected == "an operator or the end" else None


def _for_end(tokens: Sequence[Token], index: int) -> str | None:
    token = tokens[index]
    if token.text == "..":
        return "brackets around a range, as in [1..5]"
    if token.text == "?":
        return "if … then … else …"
    if token.text == "->":
        return "function(x) and then what it gives"
    if token.text in _OPENING:
        return f"an operator or the end, as no {_OPENING[token.text]} is open"
    if token.text == "," and tokens[index + 1].kind is Kind.NUMBER:
        return "a number without separators of thousands, or the end"
    return None


def _unclosed(text: str, tokens: Sequence[Token], expected: str) -> str:
    closing = expected.strip("'")
    level = 0
    for token in reversed(tokens):
        if token.kind is Kind.SYMBOL:
            level += (token.text == closing) - (token.text == _OPENING[closing])
        if level < 0:
            line, column = place(text, token.start)
            return f"{closing} to close the {token.text} of line {line}, column {column}"
    return expected
