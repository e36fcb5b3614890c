"""What belongs in place of characters that FEEL has not: of other languages, other keyboards."""

import unicodedata
from collections.abc import Mapping

QUOTES = 'straight double quotes, as in "noise"'
"""What to write around a text."""

_CHARACTERS: Mapping[str, str] = {
    **dict.fromkeys("“”„‟«»「」『』＂‘‛´", QUOTES),
    **dict.fromkeys("–—―−‐‑‒", "- (the hyphen of the keyboard)"),
    "`": "a name without quotes",
    "&": "and (or + to join texts)",
    "|": "or",
    "!": "!= to compare, or not(…) to negate",
    "%": "modulo(a, b), or a number such as 0.05",
    "^": "** for powers",
    ";": ", (a comma)",
    "\\": "/ to divide",
    "$": "a name alone, without a $",
    "#": "a name alone, without a #",
    "…": "..",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "→": "-> in a type, or return and then",
    "【": "[",
    "】": "]",
    "〔": "[",
    "〕": "]",
    "、": ",",
    "。": ".",
}


def for_character(character: str) -> str:
    """Return what belongs in place of a character that begins no token."""
    known = _CHARACTERS.get(character)
    if known is not None:
        return known
    narrow = unicodedata.normalize("NFKC", character)
    if narrow != character and narrow.isascii() and narrow.isprintable():
        return f"the half-width {narrow}"
    return "an expression"
