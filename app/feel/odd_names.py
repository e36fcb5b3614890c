"""Names of a host's values that the parser must be told of, because they are more than one word.

A name with spaces or operators is read as one only where it is known. The doors of the package look
for such names in the context they are given; whoever compiles beforehand hands them in.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from app.feel.builtins import BUILTINS
from app.feel.limits import KEPT_TEXTS, MAX_LOOKED_INTO
from app.feel.values import Function, Value

_LEAVES = frozenset({str, int, float, bool, type(None), Decimal, date, datetime, timedelta})
_NONE: frozenset[str] = frozenset()
_MANY_NAMES = 64
_WORD = re.compile(r"[^\W\d]\w*")
# Without a way back into what they have read, so that they stay linear in hostile texts.
_OPERATOR_BEHIND_DOT = re.compile(r"\.\s*+\w[\w\s]*+[-+*/.'’]")
_OPERATOR_BEHIND_WORD = re.compile(r"\w\s*+[-+*/'’]")
_OPERATOR_IN_NAME = re.compile(r"\w\s*[-+*/.'’]")


def special_names(context: Mapping[str, Value]) -> frozenset[str]:
    """Return the variables that are no single word, or functions called as a built-in one is."""
    names = tuple(context)
    found = _not_plain(names) if len(names) < _MANY_NAMES else _sorted_out(names)
    if not found:
        return _NONE
    return frozenset(
        name for name in found if not _WORD.fullmatch(name) or isinstance(context[name], Function)
    )


def odd_keys(text: str, context: Mapping[str, Value]) -> frozenset[str]:
    """Return the keys with operators in them inside the variables, if `text` may read one."""
    return frozenset(_keys_with_operators(context)) if _may_read_one(text) else _NONE


class KnownKeys:
    """Odd keys of values that nobody changes, so that each value is looked into once.

    For whoever evaluates many expressions over the same values, such as a step of a process.
    """

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[int, tuple[Value, frozenset[str]]] = {}

    def odd_keys(self, text: str, context: Mapping[str, Value]) -> frozenset[str]:
        """Return what the function of that name does."""
        if not _may_read_one(text):
            return _NONE
        return _NONE.union(*[self._of(v) for v in context.values() if type(v) not in _LEAVES])

    def _of(self, value: Value) -> frozenset[str]:
        known = self._found.get(id(value))
        if known is None:  # the value is kept with what was found, so that its id stays its own
            known = (value, frozenset(_keys_with_operators({"": value})))
            self._found[id(value)] = known
        return known[1]


def _sorted_out(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([name for name in names if isinstance(name, str) and not _is_plain(name)])


_not_plain = lru_cache(maxsize=KEPT_TEXTS)(_sorted_out)


@lru_cache(maxsize=KEPT_TEXTS)
def _is_plain(name: str) -> bool:
    """Tell whether a name is a single word and that of no built-in function."""
    return _WORD.fullmatch(name) is not None and name not in BUILTINS


@lru_cache(maxsize=KEPT_TEXTS)
def _may_read_one(text: str) -> bool:
    if _OPERATOR_BEHIND_DOT.search(text):
        return True
    bracket = text.find("[")
    return bracket >= 0 and _OPERATOR_BEHIND_WORD.search(text, bracket) is not None


@lru_cache(maxsize=KEPT_TEXTS)
def _has_operator(key: str) -> bool:
    return _OPERATOR_IN_NAME.search(key) is not None


def _keys_with_operators(context: Mapping[str, Value]) -> list[str]:
    # Most values are leaves: they are passed over where they lie, as this is asked very often.
    found: list[str] = []
    waiting = [value for value in context.values() if type(value) not in _LEAVES]
    left = MAX_LOOKED_INTO - len(context)
    while waiting and left > 0:
        value = waiting.pop()
        inside: Iterable[Value] = ()
        if isinstance(value, Mapping):
            found += [key for key in value if _has_operator(str(key))]
            inside, left = value.values(), left - len(value)
        elif isinstance(value, list | tuple):
            inside, left = value[:left], left - len(value)
        waiting += [each for each in inside if type(each) not in _LEAVES]
    return found
