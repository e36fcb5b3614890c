"""Regular expressions of XPath within bounded time: what `matches`, `replace`, `split` use.

Python's engine runs a pattern whose work is known to be small for the text at hand; every other
one is matched without backtracking. Source: OMG DMN 1.5, 10.3.4.3; XPath Functions 3.1, 5.6.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.limits import MAX_LIST, MAX_PATTERN, MAX_STRING
from app.feel.regex.matching import Matcher, Slots
from app.feel.regex.reading import Pattern, Work, parse_pattern, to_python, work_of
from app.feel.values import Value

_MAX_WORK = 2_000_000


@dataclass(frozen=True)
class _Ready:
    """A parsed pattern with both its engines, each made when first needed."""

    pattern: Pattern
    work: Work | None

    @cached_property
    def python(self) -> re.Pattern[str]:
        return to_python(self.pattern)

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.pattern)

    def matches(self, text: str, run: Run) -> Iterator[Slots]:
        """Yield where the pattern and its groups match."""
        run.spend(20 + len(text) // 8)
        if self.work is not None:
            steps = self.work.factor * (len(text) + 1) ** (self.work.degree + 1)
            if steps <= _MAX_WORK:
                run.spend(steps // 32)
                for match in self.python.finditer(text):
                    yield tuple(edge for span in match.regs for edge in span)
                return
        run.spend(len(self.matcher))
        yield from self.matcher.matches(text, run)


@lru_cache(maxsize=512)
def _ready(pattern: str, flags: str) -> _Ready:
    if len(pattern) > MAX_PATTERN:
        raise Trouble(f"a pattern has at most {MAX_PATTERN} characters")
    parsed = parse_pattern(pattern, flags)
    return _Ready(parsed, work_of(parsed.root))


def find(pattern: str, flags: str | None, text: str, run: Run) -> Value:
    """Say whether the pattern occurs in the text."""
    return next(_ready(pattern, flags or "").matches(text, run), None) is not None


def replace(pattern: str, flags: str | None, text: str, run: Run, *, replacement: str) -> Value:
    r"""Replace every match; `$1` stands for a group, `$0` for the match, `\$` for a dollar sign."""
    ready = _ready(pattern, flags or "")
    parts = [replacement] if "q" in (flags or "") else _parts(replacement, ready.pattern.groups)
    result: list[str] = []
    size = position = 0
    run.bounded_text(len(text))
    if next(ready.matches("", run), None) is not None:
        raise Trouble("a pattern that matches the empty text replaces nothing")
    for slots in ready.matches(text, run):
        new = "".join(
            part if isinstance(part, str) else _group(text, slots, part) for part in parts
        )
        result += (text[position : slots[0]], new)
        size += slots[0] - position + len(new)
        position = slots[1]
        run.spend(2)
        run.bounded_text(len(new) if size <= MAX_STRING else size)
    return "".join(result) + text[position:]


_REFERENCE = re.compile(r"\\(?P<plain>[\\$])|\$(?P<group>\d+)|(?P<wrong>[\\$])")


def _parts(replacement: str, groups: int) -> list[str | int]:
    """Cut a replacement into texts and numbers of groups.

    A number takes as many digits as there are groups for.
    """
    parts: list[str | int] = []
    position = 0
    for match in _REFERENCE.finditer(replacement):
        if match["wrong"]:
            raise Trouble("in a replacement a digit follows $, and \\ or $ follows \\")
        parts.append(replacement[position : match.start()])
        position = match.end()
        if match["plain"]:
            parts.append(match["plain"])
            continue
        digits = match["group"][:4]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        parts.append(int(digits))
        parts.append(match["group"][len(digits) :])
        position = match.end()
    parts.append(replacement[position:])
    return parts


def _group(text: str, slots: Slots, number: int) -> str:
    if 2 * number >= len(slots) or slots[2 * number] < 0:
        return ""
    return text[slots[2 * number] : slots[2 * number + 1]]


def split(pattern: str, text: str, run: Run) -> Value:
    """Cut the text at every match that is not empty."""
    parts: list[Value] = []
    position = 0
    for slots in _ready(pattern, "").matches(text, run):
        if slots[1] > slots[0]:
            _keep(text[position : slots[0]], parts, run)
            position = slots[1]
    _keep(text[position:], parts, run)
    return parts


def _keep(part: str, parts: list[Value], run: Run) -> None:
    if len(parts) >= MAX_LIST:
        run.bounded_list(MAX_LIST + 1)
    run.spend(2)
    run.bounded_text(len(part))
    parts.append(part)


def extract(pattern: str, text: str, run: Run) -> Value:
    """List every match."""
    found: list[Value] = []
    for slots in _ready(pattern, "").matches(text, run):
        _keep(text[slots[0] : slots[1]], found, run)
    return found
