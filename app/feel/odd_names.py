"""Names of a host's values that the parser must be told of, because they are more than one word.

A name with spaces or operators is read as one only where it is known. The doors of the package look
for such names in the context they are given; whoever compiles beforehand hands them in.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from app.feel.builtins import BUILTINS
from app.feel.limits import KEPT_TEXTS, MAX_LOOKED_INTO
from app.feel.values import Function, Value

_LEAVES = frozenset({str, int, float, bool, type(None), Decimal, date, datetime, timedelta})
_WORD = re.compile(r"[^\W\d]\w*")
# Without a way back into what they have read, so that they stay linear in hostile texts.
_OPERATOR_BEHIND_DOT = re.compile(r"\.\s*+\w[\w\s]*+[-+*/.'’]")
_OPERATOR_BEHIND_WORD = re.compile(r"\w\s*+[-+*/'’]")
_OPERATOR_IN_NAME = re.compile(r"\w\s*[-+*/.'’]")


def special_names(context: Mapping[str, Value]) -> frozenset[str]:
    """Return the variables that are no single word, or functions called as a built-in one is."""
    return frozenset(
        name
        for name, value in context.items()
        if isinstance(name, str)
        and (not _WORD.fullmatch(name) or (name in BUILTINS and isinstance(value, Function)))
    )


def odd_keys(text: str, context: Mapping[str, Value]) -> frozenset[str]:
    """Return the keys with operators in them inside the variables, if `text` may read one."""
    return frozenset(_keys_with_operators(context)) if _may_read_one(text) else frozenset[str]()


@lru_cache(maxsize=KEPT_TEXTS)
def _may_read_one(text: str) -> bool:
    if _OPERATOR_BEHIND_DOT.search(text):
        return True
    bracket = text.find("[")
    return bracket >= 0 and _OPERATOR_BEHIND_WORD.search(text, bracket) is not None


@lru_cache(maxsize=KEPT_TEXTS)
def _has_operator(key: str) -> bool:
    return _OPERATOR_IN_NAME.search(key) is not None


def _keys_with_operators(context: Mapping[str, Value]) -> Iterator[str]:
    waiting, left = list(context.values()), MAX_LOOKED_INTO
    while waiting and left:
        value = waiting.pop()
        left -= 1
        if type(value) in _LEAVES:  # most are, and asking for an abstract class is slow
            continue
        if isinstance(value, Mapping):
            yield from (key for key in value if _has_operator(str(key)))
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value[:MAX_LOOKED_INTO])
