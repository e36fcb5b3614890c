"""The part of the parser that reads control structures: `if`, `for`, `some`, `every`, `function`.

The parser of expressions extends it and gives it `_parse`.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from app.feel.syntax import tree
from app.feel.syntax.names import NameTable, scan_declared
from app.feel.syntax.tokens import Kind, Token
from app.feel.syntax.type_names import TypeParser
from app.feel.types import ANY, FeelType


class ControlParser(TypeParser):
    """A cursor over tokens that can read what begins with a keyword."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        types: Mapping[str, FeelType],
        *,
        known: NameTable,
        entries: Iterable[str],
    ) -> None:
        super().__init__(text, tokens, types)
        # Names in scope, and (behind a dot and in filters) the keys of any context in the text.
        self._known = known
        self._entries = NameTable(entries, base=known)
        self._entry_names = list(entries)

    @abstractmethod
    def _parse(self, minimum: int) -> tree.Node:
        """Read an expression whose operators bind tighter than `minimum`."""

    @contextmanager
    def _scope(self, names: Iterable[str] = ()) -> Iterator[None]:
        """Forget, at the end, the names that were learned inside."""
        outer, self._known = self._known, NameTable(names, base=self._known)
        yield
        self._known = outer

    def _comma(self, closing: str) -> bool:
        if self._token.text != "," or self._token.kind is not Kind.SYMBOL:
            return False
        self._advance()
        if self._token.text == closing:
            self._fail("a value after the comma")
        return True

    def _declared(self, what: str, *, until: str = "") -> str:
        start = self._index
        end = scan_declared(self._tokens, start)
        if end is None:
            self._fail(what)
        if until:
            words = [token.text for token in self._tokens[start:end]]
            end = start + words.index(until, 1) if until in words[1:] else end
        self._index = end
        raw = self._text[self._tokens[start].start : self._tokens[end - 1].end]
        return " ".join(raw.split())

    def _if(self) -> tree.Node:
        start = self._advance().start
        condition = self._parse(0)
        self._expect("then")
        yes = self._parse(0)
        self._expect("else")
        return tree.If(start, condition, yes, self._parse(0))

    def _for(self) -> tree.Node:
        start = self._advance().start
        with self._scope():
            iterations = self._iterations()
            self._expect("return")
            return tree.For(start, iterations, self._parse(0))

    def _quantified(self) -> tree.Node:
        token = self._advance()
        with self._scope():
            iterations = self._iterations()
            self._expect("satisfies")
            return tree.Quantified(token.start, token.text == "every", iterations, self._parse(0))

    def _iterations(self) -> tuple[tree.Iteration, ...]:
        found = [self._iteration()]
        while self._token.text == ",":
            self._advance()
            found.append(self._iteration())
        return tuple(found)

    def _iteration(self) -> tree.Iteration:
        name = self._declared("the name of an item", until="in")
        self._expect("in")
        source = self._parse(0)
        until = None
        if self._token.text == "..":
            self._advance()
            until = self._parse(0)
        self._known.add(name)
        return tree.Iteration(name, source, until)

    def _function(self) -> tree.Node:
        with self._scope():
            return self._function_in_scope()

    def _function_in_scope(self) -> tree.Node:
        start = self._advance().start
        self._expect("(")
        parameters: list[tree.Parameter] = []
        while self._token.text != ")":
            name = self._declared("the name of a parameter")
            self._known.add(name)
            of: FeelType = ANY
            if self._token.text == ":":
                self._advance()
                of = self.type()
            parameters.append(tree.Parameter(name, of))
            if not self._comma(")"):
                break
        self._expect(")")
        is_external = self._token.text == "external" and self._token.kind is Kind.NAME
        if is_external:
            self._advance()
        return tree.FunctionOf(start, tuple(parameters), self._parse(0), is_external)
