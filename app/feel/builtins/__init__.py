"""The built-in functions of FEEL, by name.

Source: OMG DMN 1.5, 10.3.4; a few of Camunda's additions that its modelers offer are here too.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.feel.builtins import (
    aggregates,
    contexts,
    conversions,
    lists,
    numbers,
    ranges,
    strings,
    times,
)
from app.feel.builtins.registry import all_functions
from app.feel.functions import Builtin

__all__ = ["BUILTINS", "MODULES"]

MODULES = (aggregates, contexts, conversions, lists, numbers, ranges, strings, times)
BUILTINS: Mapping[str, Builtin] = MappingProxyType(all_functions())
