"""Which words form one name: FEEL's names may hold spaces and even operators.

The parser asks at every name for the longest known one; words nobody knows are joined as long as
no keyword comes between. Source: OMG DMN 1.5, 10.3.1.4.
"""

from collections.abc import Iterable, Sequence

from app.feel.errors import FeelSyntaxError
from app.feel.syntax.tokens import Kind, Token, scan

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
    ]
)
"""Words that end a run of unknown ones."""

_INNER_SYMBOLS = frozenset("./-+*'’") | {"**"}


class _Branch:
    """The known names that begin with the same words: the one that ends here, and what follows."""

    __slots__ = ("following", "name")

    def __init__(self) -> None:
        self.following: dict[str, _Branch] = {}
        self.name = ""


class NameTable:
    """The known names of more than one token, word by word.

    `base` is a table that stays as it is: many texts share one and learn their own names apart.
    """

    def __init__(self, names: Iterable[str] = (), *, base: "NameTable | None" = None) -> None:
        self._root = _Branch()
        self._base = base
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Learn a name; single words need no learning."""
        if name.isidentifier():
            return
        try:
            words = [token.text for token in scan(name)[:-1]]
        except FeelSyntaxError:
            return
        if len(words) < 2:
            return
        branch = self._root
        for word in words:
            branch = branch.following.setdefault(word, _Branch())
        branch.name = branch.name or name

    def longest(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        """Return the longest known name at a token, and the index behind it."""
        own = self._longest(tokens, index)
        other = None if self._base is None else self._base.longest(tokens, index)
        if own is None or other is None:
            return own or other
        return own if own[1] >= other[1] else other

    def _longest(self, tokens: Sequence[Token], index: int) -> tuple[str, int] | None:
        found: tuple[str, int] | None = None
        branch = self._root.following.get(tokens[index].text)
        while branch is not None:
            index += 1
            if index == len(tokens):
                break
            name = branch.name
            if name and (name not in _WITH_AND or tokens[index].text in {"(", ">", ","}):
                found = name, index
            branch = branch.following.get(tokens[index].text)
        return found


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
