"""Which words form one name: FEEL's names may hold spaces and even operators.

The parser asks at every name for the longest known one; words nobody knows are joined as long as
no keyword comes between. Source: OMG DMN 1.5, 10.3.1.4.
"""

from collections.abc import Iterable, Sequence

from app.feel.errors import FeelSyntaxError
from app.feel.tokens import Kind, Token, scan

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "function",
        "true",
        "false",
        "null",
        "external",
    ]
)
"""Words that end a run of unknown ones."""

_INNER_SYMBOLS = frozenset("./-+*'’") | {"**"}


class NameTable:
    """The known names of more than one token, found by their first.

    `base` is a table that stays as it is: many texts share one and learn their own names apart.
    """

    def __init__(self, names: Iterable[str] = (), *, base: "NameTable | None" = None) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._base = base
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Learn a name; single words need no learning."""
        if name.isidentifier():
            return
        try:
            words = tuple(token.text for token in scan(name)[:-1])
        except FeelSyntaxError:
            return
        if len(words) < 2:
            return
        known = self._by_first.setdefault(words[0], [])
        if (words, name) not in known:
            known.append((words, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """Return the longest known name at a token, and the index behind it."""
        own = self._longest(tokens, index)
        other = None if self._base is None else self._base.longest(tokens, index)
        if own is None or other is None:
            return own or other
        return own if own[1] >= other[1] else other

    def _longest(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        for words, name in self._by_first.get(tokens[index].text, ()):
            end = index + len(words)
            if end > len(tokens):
                continue
            if any(tokens[index + i].text != word for i, word in enumerate(words)):
                continue
            if "and" in words and tokens[end].text not in {"(", ">", ","} and name in _WITH_AND:
                continue
            return name, end
        return None


_WITH_AND = frozenset({"date and time", "years and months duration", "days and time duration"})


def join_unknown(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    """Join the words from a token on up to a keyword or another kind of token."""
    words = [tokens[index].text]
    index += 1
    while tokens[index].kind is Kind.NAME and tokens[index].text not in KEYWORDS | {"?"}:
        words.append(tokens[index].text)
        index += 1
    return " ".join(words), index


def scan_declared(tokens: Sequence[Token], index: int) -> int | None:
    """Return the index behind a name that is being declared, None if there is none.

    A declared name (a context key, a parameter) may hold anything a name may.
    """
    if tokens[index].kind is not Kind.NAME:
        return None
    while tokens[index].kind in {Kind.NAME, Kind.NUMBER} or tokens[index].text in _INNER_SYMBOLS:
        index += 1
    return index
