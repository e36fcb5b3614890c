"""The part of the parser that reads types: `list<number>`, `function<string> -> boolean`.

Also holds the token cursor, since the parser of expressions extends it.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn

from app.feel.limits import MAX_DEPTH
from app.feel.syntax import hints
from app.feel.syntax.tokens import Kind, Token, fail
from app.feel.types import (
    SIMPLE,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    OpenType,
    RangeType,
)

_GENERIC = frozenset({"list", "range", "context", "function"})


class TypeParser:
    """A cursor over tokens that can read a type."""

    def __init__(self, text: str, tokens: Sequence[Token], types: Mapping[str, FeelType]) -> None:
        self._text = text
        self._tokens = tokens
        self._index = 0
        self._types = types
        self._type_depth = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _advance(self) -> Token:
        token = self._tokens[self._index]
        if token.kind is not Kind.END:
            self._index += 1
        return token

    def _expect(self, text: str) -> None:
        if self._token.text != text or self._token.kind is Kind.STRING:
            self._fail(repr(text))
        self._advance()

    def _fail(self, expected: str) -> NoReturn:
        token = self._token
        found = "the end of the text" if token.kind is Kind.END else repr(token.text)
        mending = hints.for_token(self._text, self._tokens, self._index, expected)
        fail(self._text, token.start, mending or expected, found)

    def type(self) -> FeelType:
        """Read a type.

        Raises:
            FeelSyntaxError: there is none of that name.
        """
        self._type_depth += 1
        if self._type_depth > MAX_DEPTH:
            self._fail(f"at most {MAX_DEPTH} levels of nesting")
        found = self._generic() or self._type_name()
        self._type_depth -= 1
        return found

    def instance_type(self) -> FeelType:
        """Read the type behind `instance of`, where `list` alone cannot be one (table 61)."""
        name = self._token.text
        if name not in _GENERIC or name in self._types:
            return self.type()
        if self._tokens[self._index + 1].text == "<":
            return self.type()
        self._advance()
        return OpenType(name)

    def _generic(self) -> FeelType | None:
        name = self._token.text
        if name not in _GENERIC:
            return None
        if self._tokens[self._index + 1].text != "<":
            return None
        self._index += 2
        if name == "context":
            return self._context_type()
        if name == "function":
            return self._function_type()
        item = self.type()
        self._expect(">")
        return ListType(item) if name == "list" else RangeType(item)

    def _context_type(self) -> FeelType:
        entries: dict[str, FeelType] = {}
        while self._token.text != ">":
            words = []
            while self._token.kind in {Kind.NAME, Kind.NUMBER}:
                words.append(self._advance().text)
            self._expect(":")
            entries[" ".join(words)] = self.type()
            if self._token.text != ",":
                break
            self._advance()
        self._expect(">")
        return ContextType(entries)

    def _function_type(self) -> FeelType:
        parameters: list[FeelType] = []
        while self._token.text != ">":
            parameters.append(self.type())
            if self._token.text != ",":
                break
            self._advance()
        self._expect(">")
        self._expect("->")
        return FunctionType(tuple(parameters), self.type())

    def _type_name(self) -> FeelType:
        best: FeelType | None = None
        best_end = self._index
        words = ""
        for index in range(self._index, min(self._index + 12, len(self._tokens))):
            token = self._tokens[index]
            if token.kind is not Kind.NAME and token.text not in {".", "-"}:
                break
            joint = "" if "." in (token.text, words[-1:]) or not words else " "
            words += joint + token.text
            known = self._types.get(words) or SIMPLE.get(words)
            if known is not None:
                best, best_end = known, index + 1
        if best is None:
            self._fail("a type")
        self._index = best_end
        return best
