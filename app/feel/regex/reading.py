"""XPath regular expressions → syntax tree → Python's syntax, with a measure of the work they make.

The tree is what tells a pattern that runs in bounded time from one that may backtrack for ever.
Source: XPath and XQuery Functions and Operators 3.1, 5.6.1.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from app.feel.errors import Trouble
from app.feel.regex import charsets
from app.feel.regex.charsets import Charset

_MAX_DEPTH = 30
_MAX_REPEAT = 1000


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    chars: Charset


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^` or `$`."""

    is_start: bool


@dataclass(frozen=True, slots=True)
class Back:
    """What a group matched, again."""

    group: int


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after another."""

    parts: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, the first that fits."""

    options: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A part in parentheses; `number` is 0 where it is not captured."""

    part: "Piece"
    number: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part some times over; `most` is None without a bound."""

    part: "Piece"
    least: int
    most: int | None
    is_lazy: bool


Piece: TypeAlias = Chars | Anchor | Back | Row | Choice | Group | Repeat


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern with its flags."""

    root: Piece
    groups: int
    is_case_blind: bool
    is_multiline: bool


def parse_pattern(pattern: str, flags: str) -> Pattern:
    """Read a pattern.

    Raises:
        Trouble: it is none, or uses what XPath does not have.
    """
    if set(flags) - set("smixq"):
        raise Trouble(f"{flags!r} are no flags of a pattern (s, m, i, x, q)")
    if "x" in flags and "q" not in flags:
        pattern = _without_space(pattern)
    reader = _Reader(pattern, is_dot_all="s" in flags, is_case_blind="i" in flags)
    root = reader.literal() if "q" in flags else reader.choice(0)
    if reader.at < len(reader.text):
        reader.refuse()
    return Pattern(root, reader.groups, "i" in flags, "m" in flags)


def _without_space(pattern: str) -> str:
    """Remove white space outside of classes, as the flag x asks."""
    kept: list[str] = []
    level = 0
    is_escaped = False
    for char in pattern:
        if not is_escaped:
            level += (char == "[") - (char == "]" and level > 0)
        if level or char not in " \t\n\r":
            kept.append(char)
            is_escaped = char == "\\" and not is_escaped
    return "".join(kept)


_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in "\\|.?*+(){}-[]^$/ "}


class _Reader:
    def __init__(self, pattern: str, *, is_dot_all: bool, is_case_blind: bool) -> None:
        self.text = pattern
        self.at = 0
        self.groups = 0
        self.is_dot_all = is_dot_all
        self.is_case_blind = is_case_blind
        self._open: set[int] = set()

    def refuse(self) -> NoReturn:
        """Raise for the place reached."""
        raise Trouble(f"{self.text!r} is no regular expression (at character {self.at + 1})")

    def literal(self) -> Piece:
        """Take the whole text for what it is."""
        self.at = len(self.text)
        return Row(tuple(Chars(charsets.of_characters(char)) for char in self.text))

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _take(self, what: str) -> bool:
        if not self.text.startswith(what, self.at):
            return False
        self.at += len(what)
        return True

    def choice(self, depth: int) -> Piece:
        """Read alternatives."""
        if depth > _MAX_DEPTH:
            raise Trouble("the pattern is nested too deep")
        options = [self._row(depth)]
        while self._take("|"):
            options.append(self._row(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _row(self, depth: int) -> Piece:
        parts = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._quantified(self._atom(depth)))
        return Row(tuple(parts))

    def _quantified(self, part: Piece) -> Piece:
        bounds = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(self._peek())
        if bounds is not None:
            self.at += 1
        elif self._peek() == "{":
            bounds = self._braces()
        else:
            return part
        if isinstance(part, Anchor):
            self.refuse()
        return Repeat(part, bounds[0], bounds[1], self._take("?"))

    def _braces(self) -> tuple[int, int | None]:
        match = re.compile(r"\{(\d{1,4})(,(\d{1,4})?)?\}").match(self.text, self.at)
        if match is None:
            self.refuse()
        self.at = match.end()
        least = int(match[1])
        most = int(match[3]) if match[3] else (None if match[2] else least)
        if max(least, most or 0) > _MAX_REPEAT or (most is not None and most < least):
            raise Trouble(f"a repetition lies between 0 and {_MAX_REPEAT}")
        return least, most

    def _atom(self, depth: int) -> Piece:
        char = self._peek()
        self.at += 1
        if char == "(":
            return self._group(depth)
        if char == "[":
            return Chars(self._class(depth))
        if char == ".":
            return Chars(~Charset(()) if self.is_dot_all else ~charsets.LINE_ENDS)
        if char in "^$":
            return Anchor(char == "^")
        if char == "\\":
            return self._escape()
        if char in "?*+{}]":
            self.at -= 1
            self.refuse()
        return Chars(charsets.of_characters(char))

    def _group(self, depth: int) -> Piece:
        number = 0
        if not self._take("?:"):
            if self._peek() == "?":
                self.refuse()
            self.groups += 1
            number = self.groups
            self._open.add(number)
        part = self.choice(depth + 1)
        if not self._take(")"):
            self.refuse()
        self._open.discard(number)
        return Group(part, number)

    def _escape(self) -> Piece:
        match = re.compile(r"[1-9]").match(self.text, self.at)
        if match:
            self.at += 1
            number = int(match.group())
            if number > self.groups or number in self._open:
                self.refuse()
            return Back(number)
        return Chars(self._escaped())

    def _escaped(self) -> Charset:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        if char in _SINGLE and char:
            return charsets.of_characters(_SINGLE[char])
        if char and char in "pP":
            return self._category(is_negated=char == "P")
        named: dict[str, Callable[[], Charset]] = {
            "s": lambda: charsets.SPACE,
            "d": charsets.digits,
            "w": charsets.word,
            "i": lambda: charsets.NAME_START,
            "c": lambda: charsets.NAME_PART,
        }
        make = named.get(char.lower())
        if make is None:
            self.refuse()
        return ~make() if char.isupper() else make()

    def _category(self, *, is_negated: bool) -> Charset:
        match = re.compile(r"\{([A-Za-z0-9-]{1,40})\}").match(self.text, self.at)
        chars = charsets.category(match[1]) if match else None
        if match is None or chars is None:
            self.refuse()
        self.at = match.end()
        return ~chars if is_negated else chars

    def _class(self, depth: int) -> Charset:
        if depth > _MAX_DEPTH:
            raise Trouble("the pattern is nested too deep")
        is_negated = self.text.startswith("^", self.at)
        self.at += is_negated
        chars = Charset(())
        is_empty = True
        while not self.text.startswith("]", self.at) or is_empty:
            if self.text.startswith("-[", self.at) and not is_empty:
                self.at += 2
                inner = self._class(depth + 1)
                if not self.text.startswith("]", self.at):
                    self.refuse()
                self.at += 1
                return (~chars if is_negated else chars) - inner
            chars = chars | self._class_part()
            is_empty = False
        self.at += 1
        return ~chars if is_negated else chars

    def _class_part(self) -> Charset:
        first = self._class_char()
        is_range = (
            self.text.startswith("-", self.at)
            and self.text[self.at + 1 : self.at + 2] not in {"]", "[", ""}
            and isinstance(first, str)
        )
        if not is_range:
            return self._cased(charsets.of_characters(first)) if isinstance(first, str) else first
        self.at += 1
        last = self._class_char()
        if not isinstance(first, str) or not isinstance(last, str) or last < first:
            self.refuse()
        return self._cased(charsets.of_range(first, last))

    def _cased(self, chars: Charset) -> Charset:
        """Add the other case before a class is negated: `[^Q]` is neither Q nor q then."""
        return charsets.with_other_case(chars) if self.is_case_blind else chars

    def _class_char(self) -> str | Charset:
        char = self.text[self.at : self.at + 1]
        if char in {"", "["}:
            self.refuse()
        self.at += 1
        if char != "\\":
            return char
        following = self.text[self.at : self.at + 1]
        if following and following in _SINGLE:
            self.at += 1
            return _SINGLE[following]
        return self._escaped()


@dataclass(frozen=True, slots=True)
class Work:
    """How a backtracking matcher's work grows with the text: `factor` · length ** `degree`."""

    degree: int
    factor: int


def work_of(piece: Piece) -> Work | None:
    """Measure a pattern; None where backtracking may be exponential."""
    if isinstance(piece, Row):
        return _product([work_of(part) for part in piece.parts])
    if isinstance(piece, Choice):
        total = _product([work_of(option) for option in piece.options])
        return total and Work(total.degree, total.factor * len(piece.options))
    if isinstance(piece, Group):
        return work_of(piece.part)
    if isinstance(piece, Repeat):
        return _repeat_work(piece)
    return Work(0, 1)


def _product(works: list[Work | None]) -> Work | None:
    degree, factor = 0, 1
    for work in works:
        if work is None:
            return None
        degree += work.degree
        factor = min(factor * work.factor, 10**9)
    return Work(degree, factor)


def _repeat_work(piece: Repeat) -> Work | None:
    inner = work_of(piece.part)
    if inner is None:
        return None
    is_plain = inner.degree == 0 and inner.factor == 1
    if piece.most == 1:
        return Work(inner.degree, inner.factor + 1)
    if not is_plain:
        return None
    if piece.most is None:
        return Work(1, 1)
    return Work(0, piece.most - piece.least + 1)


def to_python(pattern: Pattern) -> re.Pattern[str]:
    """Write a pattern in Python's syntax and compile it."""
    flags = (re.IGNORECASE if pattern.is_case_blind else 0) | (
        re.MULTILINE if pattern.is_multiline else 0
    )
    try:
        return re.compile(_python(pattern.root, is_multiline=pattern.is_multiline), flags)
    except (re.error, OverflowError, RecursionError):
        raise Trouble("the pattern is too large") from None


def _python(piece: Piece, *, is_multiline: bool) -> str:
    if isinstance(piece, Chars):
        return _python_class(piece.chars)
    if isinstance(piece, Anchor):
        return "^" if piece.is_start else ("$" if is_multiline else r"\Z")
    if isinstance(piece, Back):
        return rf"(?:\{piece.group})"
    if isinstance(piece, Row):
        return "".join(_python(part, is_multiline=is_multiline) for part in piece.parts)
    if isinstance(piece, Choice):
        options = (_python(option, is_multiline=is_multiline) for option in piece.options)
        return "(?:" + "|".join(options) + ")"
    if isinstance(piece, Group):
        inner = _python(piece.part, is_multiline=is_multiline)
        return f"({inner})" if piece.number else f"(?:{inner})"
    most = "" if piece.most is None else str(piece.most)
    inner = _python(piece.part, is_multiline=is_multiline)
    return f"(?:{inner}){{{piece.least},{most}}}" + ("?" if piece.is_lazy else "")


def _python_class(chars: Charset) -> str:
    if not chars.ranges:
        return "(?!)"
    parts = (
        f"\\U{first:08x}" + (f"-\\U{last:08x}" if last > first else "")
        for first, last in chars.ranges
    )
    return "[" + "".join(parts) + "]"
