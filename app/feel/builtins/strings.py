"""Built-in functions of strings; positions are counted in code points, from 1 or from the end.

Source: OMG DMN 1.5, 10.3.4.3.
"""

from collections.abc import Sequence
from decimal import Decimal

from app.feel.builtins.registry import feel
from app.feel.compiling.run import Run
from app.feel.errors import Trouble
from app.feel.regex import patterns
from app.feel.values import Value


@feel("substring", "string: string, start position: number, length: number?", returns="string")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None) -> Value:
    """Return the part from a position on, to the end or of a length."""
    position = int(start)
    if position == 0 or (length is not None and length < 1):
        raise Trouble("positions count from 1 (or -1, the last), and the length is at least 1")
    begin = position - 1 if position > 0 else len(string) + position
    if not 0 <= begin < len(string):
        raise Trouble(f"there is no position {position} in {len(string)} characters")
    run.bounded_text(len(string))
    return string[begin:] if length is None else string[begin : begin + int(length)]


@feel("string length", "string: string", returns="number")
def string_length(_run: Run, string: str) -> Value:
    """Count the code points."""
    return Decimal(len(string))


@feel("upper case", "string: string", returns="string")
def upper_case(run: Run, string: str) -> Value:
    """Return the text in capitals."""
    run.bounded_text(3 * len(string))
    return string.upper()


@feel("lower case", "string: string", returns="string")
def lower_case(run: Run, string: str) -> Value:
    """Return the text in small letters."""
    run.bounded_text(3 * len(string))
    return string.lower()


@feel("substring before", "string: string, match: string", returns="string")
def substring_before(run: Run, string: str, match: str) -> Value:
    """Return what stands before the first match, nothing without one."""
    run.bounded_text(len(string))
    return string.partition(match)[0] if match and match in string else ""


@feel("substring after", "string: string, match: string", returns="string")
def substring_after(run: Run, string: str, match: str) -> Value:
    """Return what stands behind the first match, nothing without one."""
    run.bounded_text(len(string))
    return string.partition(match)[2] if match else string


@feel("contains", "string: string, match: string", returns="boolean")
def contains(_run: Run, string: str, match: str) -> Value:
    """Say whether the match occurs."""
    return match in string


@feel("starts with", "string: string, match: string", returns="boolean")
def starts_with(_run: Run, string: str, match: str) -> Value:
    """Say whether the text begins with the match."""
    return string.startswith(match)


@feel("ends with", "string: string, match: string", returns="boolean")
def ends_with(_run: Run, string: str, match: str) -> Value:
    """Say whether the text ends with the match."""
    return string.endswith(match)


@feel("matches", "input: string, pattern: string, flags: string?", returns="boolean")
def matches(run: Run, text: str, pattern: str, flags: str | None) -> Value:
    """Say whether a regular expression occurs in the text."""
    return patterns.find(pattern, flags, text, run)


@feel(
    "replace",
    "input: string, pattern: string, replacement: string, flags: string?",
    returns="string",
)
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    """Replace every match; `$1` stands for the first group, `$0` for the whole."""
    return patterns.replace(pattern, flags, text, run, replacement=replacement)


@feel("split", "string: string, delimiter: string", returns="list<string>")
def split(run: Run, string: str, delimiter: str) -> Value:
    """Cut the text at every match of a regular expression."""
    return patterns.split(delimiter, string, run)


@feel("extract", "string: string, pattern: string", returns="list<string>")
def extract(run: Run, string: str, pattern: str) -> Value:
    """Return every match of a regular expression (Camunda)."""
    return patterns.extract(pattern, string, run)


@feel(
    "string join",
    "list: list, delimiter: string!, prefix: string, suffix: string",
    returns="string",
)
@feel("string join", "list: list, delimiter: string?", returns="string")
def string_join(
    run: Run, parts: Sequence[Value], delimiter: str | None, prefix: str = "", suffix: str = ""
) -> Value:
    """Join texts, nulls left out."""
    run.spend(len(parts))
    texts = [part for part in parts if part is not None]
    if not all(isinstance(part, str) for part in texts):
        raise Trouble("something in the list is no string")
    joint = delimiter or ""
    size = sum(len(str(part)) for part in texts) + len(joint) * len(texts)
    run.bounded_text(size + len(prefix) + len(suffix))
    return prefix + joint.join(str(part) for part in texts) + suffix


@feel("trim", "string: string", returns="string")
def trim(run: Run, string: str) -> Value:
    """Return the text without white space at its ends (Camunda)."""
    run.bounded_text(len(string))
    return string.strip()


@feel("is blank", "string: string", returns="boolean")
def is_blank(_run: Run, string: str) -> Value:
    """Say whether the text holds nothing but white space (Camunda)."""
    return not string.strip()
