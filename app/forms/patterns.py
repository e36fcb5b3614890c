"""Regular expressions of `validate.pattern`, matched in time linear in the text.

Designers write them, strangers supply the text; a backtracking engine could be made to run for
hours. This one reads the part of JavaScript's syntax that forms use (no look-around, no
back-references), builds an automaton once and walks all its states side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

MAX_STATES = 500
MAX_TEXT = 2_000
_MAX_NESTING = 30

_Test = Callable[[str], bool]
_SPACES = frozenset(" \t\n\r\f\v\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_LINE_ENDS = frozenset("\n\r\u2028\u2029")


class PatternUnsupported(Exception):
    """The pattern is wrong, or beyond what is matched here; the text says why."""


@dataclass(slots=True)
class _State:
    """Consume a character that passes `test`, check an anchor, or just go on to `after`."""

    test: _Test | None = None
    anchor: str = ""
    after: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `source` is what the designer wrote."""

    source: str
    states: tuple[_State, ...]
    start: int
    end: int

    def is_in(self, text: str) -> bool:
        """Tell whether the pattern is found in `text`; never in one beyond 2,000 characters."""
        if len(text) > MAX_TEXT:
            return False
        live: set[int] = set()
        for position in range(len(text) + 1):
            live = self._spread({self.start} | live, text, position)
            if self.end in live:
                return True
            if position < len(text):
                live = self._step(live, text[position])
        return False

    def _spread(self, live: set[int], text: str, position: int) -> set[int]:
        reached, waiting = set(live), list(live)
        while waiting:
            state = self.states[waiting.pop()]
            if state.test or (state.anchor and not _holds(state.anchor, text, position)):
                continue
            for following in state.after:
                if following not in reached:
                    reached.add(following)
                    waiting.append(following)
        return reached

    def _step(self, live: set[int], character: str) -> set[int]:
        moved: set[int] = set()
        for number in live:
            state = self.states[number]
            if state.test and state.test(character):
                moved.update(state.after)
        return moved


def compile_pattern(source: str) -> Pattern:
    """Compile a pattern.

    Raises:
        PatternUnsupported: it is not one, uses look-around or back-references, or is too large.
    """
    builder = _Builder(source)
    start, end = builder.alternatives(0)
    if builder.at < len(source):
        raise PatternUnsupported(f"unexpected {source[builder.at]!r} at {builder.at + 1}")
    return Pattern(source, tuple(builder.states), start, end)


def _holds(anchor: str, text: str, position: int) -> bool:
    if anchor == "^":
        return position == 0
    if anchor == "$":
        return position == len(text)
    before = position > 0 and _is_word(text[position - 1])
    behind = position < len(text) and _is_word(text[position])
    return (before != behind) is (anchor == "b")


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _is_digit(character: str) -> bool:
    return "0" <= character <= "9"


def _is_space(character: str) -> bool:
    return character in _SPACES


_CLASSES: dict[str, _Test] = {"d": _is_digit, "w": _is_word, "s": _is_space}


def _named_class(letter: str) -> _Test | None:
    test = _CLASSES.get(letter.lower())
    if test is None or letter.islower():
        return test
    return lambda character: not test(character)


class _Builder:
    """Recursive descent over the pattern; every part becomes states with one entry and exit."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.states: list[_State] = []

    def state(self, test: _Test | None = None, anchor: str = "") -> int:
        if len(self.states) >= MAX_STATES:
            raise PatternUnsupported("it is too large; a length belongs in minLength, maxLength")
        self.states.append(_State(test, anchor))
        return len(self.states) - 1

    def link(self, one: int, other: int) -> None:
        self.states[one].after.append(other)

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise PatternUnsupported("it ends too early")
        self.at += 1
        return character

    def alternatives(self, depth: int) -> tuple[int, int]:
        if depth > _MAX_NESTING:
            raise PatternUnsupported("it is nested too deeply")
        start, end = self.state(), self.state()
        while True:
            first, last = self.sequence(depth)
            self.link(start, first)
            self.link(last, end)
            if self.peek() != "|":
                return start, end
            self.at += 1

    def sequence(self, depth: int) -> tuple[int, int]:
        start = end = self.state()
        while self.peek() not in ("", "|", ")"):
            began = self.at
            first, last = self.atom(depth)
            first, last = self.repeated(first, last, began, depth)
            self.link(end, first)
            end = last
        return start, end

    def atom(self, depth: int) -> tuple[int, int]:
        character = self.take()
        if character == "(":
            return self.group(depth)
        if character in "^$":
            return self.single(anchor=character)
        if character == "[":
            return self.single(self.char_class())
        if character == ".":
            return self.single(lambda other: other not in _LINE_ENDS)
        if character in "*+?{":
            raise PatternUnsupported(f"{character!r} at {self.at} repeats nothing")
        if character == "\\":
            if self.peek() in ("b", "B"):
                return self.single(anchor=self.take())
            return self.single(self.escaped())
        return self.single(_equals(character))

    def single(self, test: _Test | None = None, anchor: str = "") -> tuple[int, int]:
        first, last = self.state(test, anchor), self.state()
        self.link(first, last)
        return first, last

    def group(self, depth: int) -> tuple[int, int]:
        if self.peek() == "?":
            if self.source[self.at : self.at + 2] != "?:":
                raise PatternUnsupported("look-around and named groups are not matched here")
            self.at += 2
        inside = self.alternatives(depth + 1)
        if self.peek() != ")":
            raise PatternUnsupported("a bracket is not closed")
        self.at += 1
        return inside

    def repeated(self, first: int, last: int, began: int, depth: int) -> tuple[int, int]:
        """Apply the quantifier that may follow the atom read from `began`."""
        bounds = self.quantifier()
        if bounds is None:
            return first, last
        least, most = bounds
        resume = self.at
        copies = max(least, most or 0, 1) if most != 0 else 0
        parts = [(first, last)]
        for _ in range(copies - 1):
            self.at = began
            parts.append(self.atom(depth))
        self.at = resume
        return self.chain(parts[:copies], least, most)

    def chain(self, parts: list[tuple[int, int]], least: int, most: int | None) -> tuple[int, int]:
        start = end = self.state()
        out = self.state()
        for number, (first, last) in enumerate(parts):
            if number >= least:
                self.link(end, out)
            self.link(end, first)
            end = last
            if most is None and number == len(parts) - 1:
                self.link(last, first)
        self.link(end, out)
        return start, out

    def quantifier(self) -> tuple[int, int | None] | None:
        mark = self.peek()
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if mark in simple:
            self.at += 1
            bounds = simple[mark]
        elif mark == "{":
            bounds = self.counted()
        else:
            return None
        if self.peek() == "?":  # lazy: finds the same texts
            self.at += 1
        if self.peek() in ("*", "+", "?", "{"):
            raise PatternUnsupported(f"two repetitions in a row at {self.at + 1}")
        return bounds

    def counted(self) -> tuple[int, int | None]:
        end = self.source.find("}", self.at)
        least, comma, most = self.source[self.at + 1 : end].partition(",")
        if end < 0 or not _is_count(least) or not (_is_count(most) or most == ""):
            raise PatternUnsupported("a repetition is written {2}, {2,} or {2,4}")
        self.at = end + 1
        lower = int(least)
        upper = lower if not comma else int(most) if most else None
        if upper is not None and upper < lower:
            raise PatternUnsupported("a repetition's bounds are the wrong way round")
        return lower, upper

    def escaped(self) -> _Test:
        letter = self.take()
        named = _named_class(letter)
        return named if named else _equals(self.escaped_character(letter))

    def escaped_character(self, letter: str) -> str:
        if letter in "xu":
            return self.hexadecimal(letter, 2 if letter == "x" else 4)
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isalnum():
            raise PatternUnsupported(f"\\{letter} is not matched here")
        return letter

    def hexadecimal(self, letter: str, length: int) -> str:
        digits = self.source[self.at : self.at + length]
        if len(digits) < length or not set(digits) <= _HEXADECIMAL:
            raise PatternUnsupported(f"\\{letter} needs {length} hexadecimal digits")
        self.at += length
        return chr(int(digits, 16))

    def char_class(self) -> _Test:
        is_negated = self.peek() == "^"
        self.at += is_negated
        tests: list[_Test] = []
        while self.peek() != "]":
            tests.append(self.class_part())
        self.at += 1
        if is_negated:
            return lambda character: not any(test(character) for test in tests)
        return lambda character: any(test(character) for test in tests)

    def class_part(self) -> _Test:
        low = self.class_character()
        if not isinstance(low, str):
            return low
        if self.peek() != "-" or self.source[self.at + 1 : self.at + 2] in ("]", ""):
            return _equals(low)
        self.at += 1
        high = self.class_character()
        if not isinstance(high, str) or high < low:
            raise PatternUnsupported("a range in [ ] is the wrong way round")
        return lambda character: low <= character <= high

    def class_character(self) -> str | _Test:
        character = self.take()
        if character != "\\":
            return character
        letter = self.take()
        if letter == "b":
            return "\b"
        return _named_class(letter) or self.escaped_character(letter)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _equals(wanted: str) -> _Test:
    return lambda character: character == wanted
