"""Where built-in functions are declared: name, parameters and code in one line each."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from app.feel.functions import Builtin, Implementation, Signature, parse_expected

_functions: dict[str, Builtin] = {}
_Code = TypeVar("_Code", bound=Implementation)


def feel(name: str, parameters: str = "", *, returns: str = "any") -> Callable[[_Code], _Code]:
    """Declare one signature of a built-in function; the code receives the run first.

    `parameters` is read by `calls.parse_expected`; `returns` by `checking_calls.result_of`: a type,
    or `like`, `item of`, `list of` a parameter.
    """

    def declare(code: _Code) -> _Code:
        expected = parse_expected(parameters)
        signature = Signature(expected, code, returns)
        known = _functions.get(name)
        if known is None:
            names = tuple(part.name for part in expected)
            _functions[name] = Builtin(name, names, (signature,))
        else:
            _functions[name] = replace(known, signatures=(*known.signatures, signature))
        return code

    return declare


def all_functions() -> dict[str, Builtin]:
    """Return every declared function by name."""
    return dict(_functions)
