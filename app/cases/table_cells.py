"""Cells of a table as people write them, and the FEEL they stand for.

A column has a kind; for each kind there is a plain notation (`A01, A02`, `2026-01-01..`, `4 wh`)
that forms and spreadsheets use. What FEEL says beyond it is shown as `feel: …` and kept as it is.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from app import feel
from app.errors import CaseError
from app.organisation.limits import read_limit

MARK = "feel:"
MOST_SIGNS = 2_000


class CellKind(StrEnum):
    """What a column's cells are: tests of an input, or results of an output."""

    ANY_OF = "any_of"  # input: one of these texts
    DAYS = "days"  # input: from a day to a day
    IF = "if"  # input: yes or no
    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    NUMBER = "number"
    LIMIT = "limit"
    FEEL = "feel"


class WrongNumber(CaseError):
    """This is no number."""

    code = "wrong_number"


class WrongFlag(CaseError):
    """Write yes or no."""

    code = "wrong_flag"


class WrongValidity(CaseError):
    """Write the days like 2026-01-01..2026-12-31; one of them may be left out."""

    code = "wrong_validity"


class CellTooLong(CaseError):
    """This is too long: {longest} characters at most."""

    code = "cell_too_long"


def shown(kind: CellKind, text: str) -> str:
    """Return a cell in its plain notation, or as `feel: …` where that does not suffice."""
    plain = _READERS[kind](text) if kind in _READERS else None
    if plain is not None:
        return plain
    return f"{MARK} {text}" if text else ""


def is_plain(kind: CellKind, text: str) -> bool:
    """Tell whether the plain notation says all that a cell says."""
    return kind in _READERS and _READERS[kind](text) is not None


def written(kind: CellKind, given: str, *, is_input: bool, before: str | None = None) -> str:
    """Return the FEEL text of what somebody wrote; the one before where it says the same.

    Without `before` the cell is new.

    Raises:
        CaseError: it is written in no way this kind knows, or its FEEL does not compile.
    """
    given = _tidy(given)
    if before is not None and given == _tidy(shown(kind, before)):
        return before
    if len(given) > MOST_SIGNS:
        raise CellTooLong(longest=MOST_SIGNS)
    if given.lower().startswith(MARK):
        return compiled(given[len(MARK) :].strip(), is_input=is_input)
    if kind is CellKind.FEEL:
        return compiled(given, is_input=is_input)
    return _WRITERS[kind](given)


def _tidy(given: str) -> str:
    return given.replace("\0", "").replace("\r\n", "\n").strip()


def compiled(text: str, *, is_input: bool) -> str:
    """Return a FEEL text that compiles: a test of an input, or an expression of an output.

    Raises:
        FeelSyntaxError: it does not.
    """
    if is_input and text not in ("", "-"):
        feel.compile_unary_tests(text)
    elif not is_input and text:
        feel.compile(text)
    return "" if is_input and text == "-" else text


# --- texts ------------------------------------------------------------------------------------

_TEXT = r'"(?:[^"\\]|\\.)*"'
_ONE = re.compile(_TEXT)
_LISTED = re.compile(rf"{_TEXT}(?:\s*,\s*{_TEXT})*")
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CODE = re.compile(r"[^,，、;；\"]+")


def quoted(text: str) -> str:
    """Return a text as FEEL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _BREAKING.sub(lambda found: f"\\u{ord(found[0]):04X}", escaped) + '"'


def codes(given: str) -> list[str]:
    """Return the codes somebody listed, whatever commas they use."""
    return list(dict.fromkeys(part.strip() for part in _CODE.findall(given) if part.strip()))


def texts_of(text: str) -> list[str] | None:
    """Return the texts that a FEEL text lists, None where it says something else."""
    if not _LISTED.fullmatch(text):
        return None
    found = [feel.evaluate(each) for each in _ONE.findall(text)]
    return [each for each in found if isinstance(each, str)]


def _any_of(text: str) -> str | None:
    found = texts_of(text) if text not in ("", "-") else []
    return None if found is None or not all(map(_is_code, found)) else ", ".join(found)


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text)) and text == text.strip() and not text.startswith(MARK)


def _read_text(text: str) -> str | None:
    if text in ("", "null"):
        return ""
    if not _ONE.fullmatch(text):
        return None
    found = "".join(texts_of(text) or ())
    is_told = found.isprintable() and found == found.strip() != ""
    return found if is_told and not found.lower().startswith(MARK) else None


def _read_list(text: str) -> str | None:
    inner = re.fullmatch(r"\[\s*(.*?)\s*\]", text, re.DOTALL)
    return _any_of(inner[1]) if inner else None


def _write_texts(given: str) -> str:
    return ",".join(quoted(each) for each in codes(given))


def _write_text(given: str) -> str:
    return quoted(given) if given else "null"


def _write_list(given: str) -> str:
    return f"[{', '.join(quoted(each) for each in codes(given))}]"


# --- yes and no, numbers, limits --------------------------------------------------------------

_FLAGS = {"true": "yes", "false": "no", "": ""}
_SAID: Mapping[str, str] = {
    **dict.fromkeys(("yes", "true", "y", "1", "是", "对"), "true"),
    **dict.fromkeys(("no", "false", "n", "0", "否", "不"), "false"),
}


def _read_flag(text: str) -> str | None:
    return _FLAGS.get("" if text in ("-", "null") else text)


def _write_test_of_flag(given: str) -> str:
    return _write_flag(given) if given else ""


def _write_flag(given: str) -> str:
    if not given:
        return "null"
    if given.lower() not in _SAID:
        raise WrongFlag
    return _SAID[given.lower()]


def _read_number(text: str) -> str | None:
    if text in ("", "null"):
        return ""
    return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _write_number(given: str) -> str:
    if not given:
        return "null"
    try:
        number = Decimal(given.replace("−", "-"))
    except InvalidOperation:
        raise WrongNumber from None
    if not number.is_finite():
        raise WrongNumber
    return f"{number:f}"


def _read_limit(text: str) -> str | None:
    return _read_text(text)


def _write_limit(given: str) -> str:
    if given:
        read_limit(given)
    return _write_text(given)


# --- days -------------------------------------------------------------------------------------

_DAY = r'(?:date\(\s*"(\d{4}-\d\d-\d\d)"\s*\)|@"(\d{4}-\d\d-\d\d)")'
_SPANS = (
    (re.compile(rf"\[\s*{_DAY}\s*\.\.\s*{_DAY}\s*\]"), "{0}..{1}"),
    (re.compile(rf">=\s*{_DAY}"), "{0}.."),
    (re.compile(rf"<=\s*{_DAY}"), "..{0}"),
)
BETWEEN = ".."


def span(text: str) -> tuple[date | None, date | None] | None:
    """Return the first and the last day a cell admits, None where it says something else."""
    plain = _read_days(text)
    if plain is None:
        return None
    first, _, last = plain.partition(BETWEEN)
    return (
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


def _read_days(text: str) -> str | None:
    if text in ("", "-"):
        return ""
    for pattern, form in _SPANS:
        found = pattern.fullmatch(text)
        if found:
            return form.format(*(each for each in found.groups() if each))
    return None


def _write_days(given: str) -> str:
    if not given or given == BETWEEN:
        return ""
    first, found, last = (part.strip() for part in given.partition(BETWEEN))
    try:
        days = [date.fromisoformat(each) for each in (first, last) if each]
    except ValueError:
        raise WrongValidity from None
    if not found or days != sorted(days):
        raise WrongValidity
    if first and last:
        return f'[date("{first}")..date("{last}")]'
    return f'>= date("{first}")' if first else f'<= date("{last}")'


_READERS: Mapping[CellKind, Callable[[str], str | None]] = {
    CellKind.ANY_OF: _any_of,
    CellKind.DAYS: _read_days,
    CellKind.IF: _read_flag,
    CellKind.TEXT: _read_text,
    CellKind.CHOICE: _read_text,
    CellKind.CHOICES: _read_list,
    CellKind.FLAG: _read_flag,
    CellKind.NUMBER: _read_number,
    CellKind.LIMIT: _read_limit,
}
_WRITERS: Mapping[CellKind, Callable[[str], str]] = {
    CellKind.ANY_OF: _write_texts,
    CellKind.DAYS: _write_days,
    CellKind.IF: _write_test_of_flag,
    CellKind.TEXT: _write_text,
    CellKind.CHOICE: _write_text,
    CellKind.CHOICES: _write_list,
    CellKind.FLAG: _write_flag,
    CellKind.NUMBER: _write_number,
    CellKind.LIMIT: _write_limit,
}
