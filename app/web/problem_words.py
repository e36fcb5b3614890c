"""What the check of designs finds, and what FEEL expects, in the language of the page.

Rules fill English templates, and what fills them are often English phrases themselves ("a number
is never a date"). Such a phrase is recognised by the template it was made from and made anew from
the template's translation; one that nobody has translated stays English.
"""

import re
from functools import cache

from flask_babel import gettext

from app.engine.lint import RULES, Problem
from app.errors import CaseError
from app.feel.checking.mistakes import SENTENCES
from app.web.languages import language
from app.web.sentences import sentence_of


def _l(phrase: str) -> str:
    """Mark a phrase for translators; it is looked up when a problem is told."""
    return phrase


_FEEL_SYNTAX = "feel_syntax"
_BLANK = re.compile(r"\{(\w+)\}")
_OPERATION = re.compile(r"(?P<left>[a-z ]+) (?P<sign>[-+*/<>=!]+) (?P<right>[a-z ]+)")
_OPTIONAL = {"hint": "(?P<hint>[,:].+)?", "guess": r"(?P<guess>Did you mean .+?\? )?"}
_SPACES = re.compile(" {2,}| (?=,)")
_CELLS = frozenset({"inputEntry", "outputEntry"})
_DEEPEST = 4
_IN_WORDS = frozenset({"reason", "how", "given", "wanted", "expected", "found"})
_PHRASES = (
    _l("Did you mean “{name}”? "),
    _l("at least {count} arguments"),
    _l("{count} argument"),
    _l("{count} arguments"),
    _l("the test {operator} {type}"),
    _l("a test for a {type}"),
    _l("counting from {first} to {last}"),
    _l("a range from {first} to {last}"),
    _l("list of {type}"),
    _l("range of {type}"),
    _l("number"),
    _l("string"),
    _l("boolean"),
    _l("date"),
    _l("time"),
    _l("date and time"),
    _l("days and time duration"),
    _l("years and months duration"),
    _l("list"),
    _l("context"),
    _l("range"),
    _l("function"),
    _l("value"),
    _l("the end of the text"),
    _l("the end of the line"),
    _l("a value"),
    _l("a value after the comma"),
    _l("a name"),
    _l("a type"),
    _l("an expression"),
    _l("an operator or the end"),
    _l("an operator or the end, as no {sign} is open"),
    _l("a number without separators of thousands, or the end"),
    _l('a closing " on the same line'),
    _l('straight double quotes, as in "noise"'),
    _l("the half-width {sign}"),
    _l("the expression alone, without a = before it"),
    _l("one = to compare"),
    _l("brackets around a range, as in [1..5]"),
    _l("else, which no if may lack (else null)"),
    _l("a shorter or less nested text"),
    _l("too much of it"),
    _l(": count between two numbers or two dates"),
    _l(", such as 1..10"),
    _l(", by string(…)"),
    _l(", by number(…)"),
    _l(", by string(…) or number(…)"),
    _l(", by string(…), date(…) or duration(…)"),
    _l(", by date(…), time(…) or date and time(…)"),
    _l(", or ask whether it is in the list by list contains(…)"),
    _l(', such as date("2026-03-01") or duration("PT4H")'),
)


def problem_words(problem: Problem) -> str:
    """Return what is wrong and how to mend it; a cell is named by whoever shows it."""
    rule = RULES[problem.rule]
    filled = {
        name: phrase(value) if name in _IN_WORDS else value
        for name, value in problem.params.items()
    }
    if "part" in filled:
        kind = _l("cell") if filled["part"] in _CELLS else _l("expression")
        filled |= {"part": str(gettext(kind)), "element": ""}
    between = "" if language() == "zh-CN" else " "
    return between.join(
        part
        for template in (rule.message, rule.mend)
        if (part := _SPACES.sub(" ", str(gettext(template)).format_map(filled)).strip())
    )


def trouble_words(trouble: CaseError | Problem) -> str:
    """Return what is wrong with a cell: an error, or what the check of designs says of it."""
    if isinstance(trouble, Problem):
        return problem_words(trouble)
    if trouble.code != _FEEL_SYNTAX:
        return sentence_of(trouble)
    filled = {name: phrase(str(value)) for name, value in trouble.context.items()}
    return str(gettext(trouble.sentence())).format_map(filled)


def phrase(text: str, depth: int = 0) -> str:
    """Return an English phrase of a rule in the language of the page."""
    said = str(gettext(text)) if text else text
    if said != text or depth == _DEEPEST:
        return said
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found:
            parts = {
                name: phrase(part or "", depth + 1) for name, part in found.groupdict().items()
            }
            return str(gettext(template)).format_map(parts)
    operation = _OPERATION.fullmatch(text)
    if operation:
        left, right = (phrase(operation[side], depth + 1) for side in ("left", "right"))
        return f"{left} {operation['sign']} {right}"
    return _alternatives(text, depth) or text


def _alternatives(text: str, depth: int) -> str:
    """Return types such as "number, date or string" one by one, empty where it is no such list."""
    head, found, last = text.rpartition(" or ")
    if not found or not re.fullmatch(r"[a-z, ]+", text):
        return ""
    parts = [phrase(each, depth + 1) for each in [*head.split(", "), last]]
    first = str(gettext(", ")).join(parts[:-1])
    return str(gettext("{first} or {last}")).format(first=first, last=parts[-1])


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return every template with blanks and the pattern of what it makes, the longest first."""
    found = {template for pair in SENTENCES.values() for template in pair} | {*_PHRASES}
    ordered = sorted((each for each in found if _BLANK.search(each)), key=len, reverse=True)
    return tuple((each, re.compile(_pattern(each), re.DOTALL)) for each in ordered)


def _pattern(template: str) -> str:
    seen: set[str] = set()
    made = ""
    for place, part in enumerate(_BLANK.split(template)):
        if place % 2 == 0:
            made += re.escape(part)
        elif part in seen:
            made += f"(?P={part})"
        else:
            seen.add(part)
            made += _OPTIONAL.get(part, f"(?P<{part}>.+?)")
    return made
