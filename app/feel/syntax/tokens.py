"""FEEL text → tokens with positions; the parser is its only caller.

Names are cut into words here: which words belong together ("Years of Service") only the parser
can know. Source: OMG DMN 1.5, 10.3.1.2, rules 25 to 69.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from app.feel.errors import FeelSyntaxError
from app.feel.limits import MAX_TEXT
from app.feel.syntax.spellings import for_character

_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
# Full-width punctuation lies inside the standard's letter ranges; nobody means it as a name.
# The white space of rule 61 lies there too, and wins.
_NOT_NAME = (
    "\u1680\u180e\ufeff"
    "\u3001-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+|//[^\n]*|/\*(?s:.*?)\*/)
    |(?P<number>(?:[0-9]+(?:\.(?!\.)[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9]))
    |(?P<string>"(?:[^"\\\n-\r]|\\[^\n-\r])*")
    |(?P<name>(?![{_NOT_NAME}])[{_START}](?:(?![{_NOT_NAME}])[{_PART}])*|\?)
    |(?P<symbol>\*\*|<=|>=|!=|\.\.|->|[-+*/<>=()\[\]{{}},.:@'’])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its text as written, and where it begins and ends in the source."""

    kind: Kind
    text: str
    start: int
    end: int


def place(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both counted from 1."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def fail(text: str, offset: int, expected: str, found: str) -> NoReturn:
    """Raise the syntax error for a place in `text`."""
    line, column = place(text, offset)
    raise FeelSyntaxError(line, column, expected, found)


def scan(text: str) -> list[Token]:
    """Cut `text` into tokens, the last one of kind END.

    Raises:
        FeelSyntaxError: a character that begins no token, an open string or comment, or a text
            beyond the permitted length.
    """
    if len(text) > MAX_TEXT:
        fail(text, MAX_TEXT, f"at most {MAX_TEXT} characters", f"{len(text)}")
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (text.startswith("/*", position) and match.lastgroup != "space"):
            _refuse(text, position)
        if match.lastgroup != "space":
            kind = Kind(match.lastgroup or "symbol")
            tokens.append(Token(kind, match.group(), position, match.end()))
        position = match.end()
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _refuse(text: str, position: int) -> NoReturn:
    if text[position] == '"':
        is_last = not re.search("[\n-\r]", text[position:])
        found = "the end of the text" if is_last else "the end of the line"
        fail(text, position, 'a closing " on the same line', found)
    if text.startswith("/*", position):
        fail(text, position, "a closing */", "the end of the text")
    fail(text, position, for_character(text[position]), repr(text[position]))


def unquote(literal: str) -> str:
    r"""Return the value of a string literal: quotes off, escapes and surrogate pairs resolved."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    value = _ESCAPE.sub(_unescape, body)
    if any("\ud800" <= character <= "\udfff" for character in value):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _unescape(match: re.Match[str]) -> str:
    short, long, other = match.groups()
    if short or long:
        number = int(short or long, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _SIMPLE_ESCAPES.get(other, "\\" + other)
