"""Sets of characters as sorted ranges of code points: what classes of a pattern stand for.

Source: XML Schema 1.1 part 2, appendix G (character classes), which XPath's patterns use.
"""

import sys
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

_TOP = sys.maxunicode
_LAST_CASED = 0x1E943


@dataclass(frozen=True, slots=True)
class Charset:
    """A set of code points, as the sorted ranges (first, last) it consists of."""

    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, code: int) -> bool:
        index = bisect_right(self.ranges, (code, _TOP + 1)) - 1
        return index >= 0 and self.ranges[index][0] <= code <= self.ranges[index][1]

    def __or__(self, other: "Charset") -> "Charset":
        return _normal((*self.ranges, *other.ranges))

    def __invert__(self) -> "Charset":
        gaps = []
        start = 0
        for first, last in self.ranges:
            if start < first:
                gaps.append((start, first - 1))
            start = last + 1
        if start <= _TOP:
            gaps.append((start, _TOP))
        return Charset(tuple(gaps))

    def __sub__(self, other: "Charset") -> "Charset":
        return ~(~self | other)


def _normal(ranges: tuple[tuple[int, int], ...]) -> Charset:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return Charset(tuple(merged))


def of_range(first: str, last: str) -> Charset:
    """Return the characters from one to another."""
    return Charset(((ord(first), ord(last)),))


def of_characters(characters: str) -> Charset:
    """Return exactly these characters."""
    return _normal(tuple((ord(character), ord(character)) for character in characters))


@lru_cache(maxsize=1)
def _cased() -> tuple[tuple[int, str], ...]:
    """Return each code point that has another case, with all that are the same but for case."""
    alike: dict[str, str] = {}
    for code in range(_LAST_CASED + 1):
        char = chr(code)
        # The capital I with a dot becomes two code points; its first is its case.
        upper = char.lower()[:1].upper()
        alike[upper] = alike.get(upper, "") + char
    groups = [group for group in alike.values() if len(group) > 1]
    return tuple(sorted((ord(char), group) for group in groups for char in group))


def with_other_case(chars: Charset) -> Charset:
    """Return the characters together with their other cases."""
    cased = _cased()
    others = "".join(
        other
        for first, last in chars.ranges
        for _, other in cased[bisect_left(cased, (first, "")) : bisect_right(cased, (last + 1, ""))]
    )
    return chars | of_characters(others)


@lru_cache(maxsize=1)
def _categories() -> dict[str, Charset]:
    found: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    for code in range(1, _TOP + 2):
        name = unicodedata.category(chr(code)) if code <= _TOP else ""
        if name != current:
            found.setdefault(current, []).append((start, code - 1))
            start, current = code, name
    return {name: Charset(tuple(ranges)) for name, ranges in found.items()}


@lru_cache(maxsize=128)
def category(name: str) -> Charset | None:
    """Return the characters of a Unicode category, `L` or `Lu`, or of a block such as `IsGreek`."""
    if name in _BLOCKS:
        return of_range(*_BLOCKS[name])
    sets = [chars for key, chars in _categories().items() if key.startswith(name)]
    if not sets or len(name) > 2:
        return None
    return _normal(tuple(part for chars in sets for part in chars.ranges))


_BLOCKS = {
    "IsBasicLatin": ("\u0000", "\u007f"),
    "IsLatin-1Supplement": ("\u0080", "\u00ff"),
    "IsGreek": ("\u0370", "\u03ff"),
    "IsCyrillic": ("\u0400", "\u04ff"),
    "IsHebrew": ("\u0590", "\u05ff"),
    "IsArabic": ("\u0600", "\u06ff"),
    "IsThai": ("\u0e00", "\u0e7f"),
    "IsHiragana": ("\u3040", "\u309f"),
    "IsKatakana": ("\u30a0", "\u30ff"),
    "IsHangulSyllables": ("\uac00", "\ud7a3"),
    "IsCJKUnifiedIdeographs": ("\u4e00", "\u9fff"),
}

SPACE = of_characters(" \t\n\r")
LINE_ENDS = of_characters("\n\r")
NAME_START = (
    of_range("A", "Z")
    | of_range("a", "z")
    | of_characters(":_")
    | of_range("\u00c0", "\u00d6")
    | of_range("\u00d8", "\u00f6")
    | of_range("\u00f8", "\u02ff")
    | of_range("\u0370", "\u037d")
    | of_range("\u037f", "\u1fff")
    | of_range("\u200c", "\u200d")
    | of_range("\u2070", "\u218f")
    | of_range("\u2c00", "\u2fef")
    | of_range("\u3001", "\ud7ff")
    | of_range("\uf900", "\ufdcf")
    | of_range("\ufdf0", "\ufffd")
    | of_range("\U00010000", "\U000effff")
)
NAME_PART = (
    NAME_START
    | of_characters("-.\u00b7")
    | of_range("0", "9")
    | of_range("\u0300", "\u036f")
    | of_range("\u203f", "\u2040")
)


def digits() -> Charset:
    """Return the decimal digits of every script."""
    return category("Nd") or Charset(())


@lru_cache(maxsize=1)
def word() -> Charset:
    """Return what `\\w` means: all but punctuation, separators and control characters."""
    rest = Charset(())
    for name in "PZC":
        rest = rest | (category(name) or rest)
    return ~rest
