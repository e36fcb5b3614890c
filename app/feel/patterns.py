"""Regular expressions of XPath within bounded time: what `matches`, `replace`, `split` use.

Python's engine runs them, so whatever could make it backtrack without end is refused: a repeated
group that itself repeats or chooses, and too much work for the length of the text.
"""

import re
from functools import lru_cache

from app.feel.errors import FeelBudgetExceeded, Trouble
from app.feel.limits import MAX_PATTERN
from app.feel.regex import Work, parse_pattern, to_python, work_of
from app.feel.run import Run
from app.feel.values import Value

_MAX_WORK = 20_000_000


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], Work]:
    if len(pattern) > MAX_PATTERN:
        raise Trouble(f"a pattern has at most {MAX_PATTERN} characters")
    parsed = parse_pattern(pattern, flags)
    work = work_of(parsed.root)
    if work is None:
        raise Trouble(f"{pattern!r} repeats what repeats: it might never end")
    return to_python(parsed), work


def _ready(pattern: str, flags: str | None, text: str, run: Run) -> re.Pattern[str]:
    compiled, work = _compiled(pattern, flags or "")
    steps = work.factor * (len(text) + 1) ** (work.degree + 1)
    if steps > _MAX_WORK:
        raise FeelBudgetExceeded(what="time for a regular expression")
    run.spend(20 + min(steps, len(text) * 100) // 100)
    return compiled


def find(pattern: str, flags: str | None, text: str, run: Run) -> Value:
    """Say whether the pattern occurs in the text."""
    return _ready(pattern, flags, text, run).search(text) is not None


def replace(pattern: str, flags: str | None, text: str, run: Run, *, replacement: str) -> Value:
    """Replace every match; `$1` stands for a group, `\\$` for a dollar sign."""
    compiled = _ready(pattern, flags, text, run)
    is_literal = "q" in (flags or "")
    parts = [replacement] if is_literal else _replacement_parts(replacement)
    size = 0
    result: list[str] = []
    position = 0
    for match in compiled.finditer(text):
        new = "".join(part if isinstance(part, str) else _group(match, part) for part in parts)
        result += (text[position : match.start()], new)
        size += match.start() - position + len(new)
        position = match.end()
        run.bounded_text(size)
    return "".join(result) + text[position:]


_REFERENCE = re.compile(r"\\([\\$])|\$(\d{1,2})")


def _replacement_parts(replacement: str) -> list[str | int]:
    parts: list[str | int] = []
    position = 0
    for match in _REFERENCE.finditer(replacement):
        parts.append(replacement[position : match.start()])
        parts.append(match[1] if match[1] else int(match[2]))
        position = match.end()
    parts.append(replacement[position:])
    return parts


def _group(match: re.Match[str], number: int) -> str:
    if number <= (match.re.groups or 0):
        return match.group(number) or ""
    if number >= 10 and number // 10 <= (match.re.groups or 0):
        return (match.group(number // 10) or "") + str(number % 10)
    return ""


def split(pattern: str, text: str, run: Run) -> Value:
    """Cut the text at every match."""
    compiled = _ready(pattern, None, text, run)
    parts: list[Value] = []
    position = 0
    for match in compiled.finditer(text):
        if match.end() > match.start():
            parts.append(text[position : match.start()])
            position = match.end()
    run.bounded_list(len(parts) + 1)
    return [*parts, text[position:]]


def extract(pattern: str, text: str, run: Run) -> Value:
    """List every match."""
    found: list[Value] = [
        match.group() for match in _ready(pattern, None, text, run).finditer(text)
    ]
    run.bounded_list(len(found))
    return found
