"""Matches a pattern without backtracking: every place of it at once, one step per character.

Time grows with the length of the text times the size of the pattern, whatever the pattern; used
where Python's engine might backtrack for ever. Back references cannot be matched this way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.regex.charsets import Charset
from app.feel.regex.reading import Anchor, Chars, Choice, Group, Pattern, Piece, Repeat, Row

_MAX_STATES = 5_000


@dataclass(slots=True)
class _Char:
    chars: Charset
    then: int = 0


@dataclass(slots=True)
class _Split:
    first: int = 0
    second: int = 0


@dataclass(slots=True)
class _Save:
    slot: int
    then: int = 0


@dataclass(slots=True)
class _Edge:
    is_start: bool
    then: int = 0


@dataclass(slots=True)
class _Match:
    pass


_State: TypeAlias = _Char | _Split | _Save | _Edge | _Match
Slots: TypeAlias = tuple[int, ...]
"""Where each group begins and ends, pairwise, the whole match first; -1 where it took no part."""


class Matcher:
    """The states of one pattern."""

    def __init__(self, pattern: Pattern) -> None:
        self._states: list[_State] = []
        self._is_multiline = pattern.is_multiline
        self._is_case_blind = pattern.is_case_blind
        self._slots = 2 * (pattern.groups + 1)
        end = self._add(_Match())
        self._start = self._add(_Save(0, self._build(pattern.root, self._add(_Save(1, end)))))

    def __len__(self) -> int:
        return len(self._states)

    def _add(self, state: _State) -> int:
        if len(self._states) >= _MAX_STATES:
            raise Trouble("the pattern is too large")
        self._states.append(state)
        return len(self._states) - 1

    def _build(self, piece: Piece, then: int) -> int:
        """Return the state at which a piece begins that goes on at `then`."""
        if isinstance(piece, Chars):
            return self._add(_Char(piece.chars, then))
        if isinstance(piece, Anchor):
            return self._add(_Edge(piece.is_start, then))
        if isinstance(piece, Row):
            for part in reversed(piece.parts):
                then = self._build(part, then)
            return then
        if isinstance(piece, Choice):
            return self._choice([self._build(option, then) for option in piece.options])
        if isinstance(piece, Group):
            return self._group(piece, then)
        if isinstance(piece, Repeat):
            return self._repeat(piece, then)
        raise Trouble("a back reference cannot stand beside repeats of repeats")

    def _choice(self, starts: list[int]) -> int:
        last = starts.pop()
        while starts:
            last = self._add(_Split(starts.pop(), last))
        return last

    def _group(self, piece: Group, then: int) -> int:
        if not piece.number:
            return self._build(piece.part, then)
        inner = self._build(piece.part, self._add(_Save(2 * piece.number + 1, then)))
        return self._add(_Save(2 * piece.number, inner))

    def _repeat(self, piece: Repeat, then: int) -> int:
        after = then
        if piece.most is None:
            loop = _Split()
            then = self._add(loop)
            inner = self._build(piece.part, then)
            loop.first, loop.second = (after, inner) if piece.is_lazy else (inner, after)
        for _ in range(0 if piece.most is None else piece.most - piece.least):
            inner = self._build(piece.part, then)
            then = self._add(_Split(after, inner) if piece.is_lazy else _Split(inner, after))
        for _ in range(piece.least):
            then = self._build(piece.part, then)
        return then

    def matches(self, text: str, run: Run) -> Iterator[Slots]:
        """Yield the matches from left to right, none overlapping another.

        Raises:
            FeelBudgetExceeded: the text takes more steps than are left.
        """
        position = 0
        while position <= len(text):
            found = self._match(text, position, run)
            if found is None:
                return
            yield found
            position = found[1] + (found[1] == found[0])

    def _match(self, text: str, begin: int, run: Run) -> Slots | None:
        found: Slots | None = None
        threads: list[tuple[int, Slots]] = []
        for position in range(begin, len(text) + 1):
            if found is None:
                seen = {state for state, _ in threads}
                run.spend(2)
                run.spend(
                    self._follow(self._start, (-1,) * self._slots, (text, position), threads, seen)
                )
            if not threads:
                if found is not None:
                    return found
                continue
            threads, ended = self._advance(threads, text, position, run)
            found = ended or found
        return found

    def _advance(
        self, threads: list[tuple[int, Slots]], text: str, position: int, run: Run
    ) -> tuple[list[tuple[int, Slots]], Slots | None]:
        """Take one character; a thread that has ended cuts off those of lower priority."""
        following: list[tuple[int, Slots]] = []
        seen: set[int] = set()
        code = text[position : position + 1]
        run.spend(2 * len(threads))
        for index, slots in threads:
            state = self._states[index]
            if isinstance(state, _Match):
                return following, slots
            if isinstance(state, _Char) and code and self._fits(state.chars, code):
                run.spend(self._follow(state.then, slots, (text, position + 1), following, seen))
        return following, None

    def _fits(self, chars: Charset, character: str) -> bool:
        if ord(character) in chars:
            return True
        if not self._is_case_blind:
            return False
        others = (character.lower(), character.upper())
        return any(len(other) == 1 and ord(other) in chars for other in others)

    def _follow(
        self,
        start: int,
        slots: Slots,
        at: tuple[str, int],
        threads: list[tuple[int, Slots]],
        seen: set[int],
    ) -> int:
        """Add the threads reachable from a state without a character, in order of priority.

        Returns how many steps that took.
        """
        stack = [(start, slots)]
        steps = 0
        while stack:
            index, slots = stack.pop()
            steps += 1
            if index in seen:
                continue
            seen.add(index)
            state = self._states[index]
            if isinstance(state, _Split):
                stack += ((state.second, slots), (state.first, slots))
            elif isinstance(state, _Save):
                steps += len(slots) >> 4
                kept = (*slots[: state.slot], at[1], *slots[state.slot + 1 :])
                stack.append((state.then, kept))
            elif isinstance(state, _Edge):
                if self._is_edge(*at, is_start=state.is_start):
                    stack.append((state.then, slots))
            else:
                threads.append((index, slots))
        return steps

    def _is_edge(self, text: str, position: int, *, is_start: bool) -> bool:
        if is_start:
            is_line = position > 0 and text[position - 1] == "\n"
            return position == 0 or (self._is_multiline and is_line)
        is_line = position < len(text) and text[position] == "\n"
        return position == len(text) or (self._is_multiline and is_line)
