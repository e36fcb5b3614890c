"""FEEL, the expression language of diagrams, tables and forms (OMG DMN 1.5, chapter 10).

Pure: text and values in, values out; no clock, no database, no Python attribute is ever reached.
Engine, tables and forms evaluate through the functions named here.
"""

from app.feel.checking.doors import Checked
from app.feel.checking.mistakes import Mistake, MistakeKind
from app.feel.compiling.run import FeelWarning
from app.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from app.feel.expression import (
    Expression,
    Traced,
    UnaryTests,
    Variable,
    compile_unary_tests,
    evaluate,
    trace,
    unary_tests,
)
from app.feel.expression import compile_expression as compile
from app.feel.odd_names import KnownKeys
from app.feel.plain import to_json
from app.feel.temporal.moments import YearsMonths
from app.feel.values import Function, HostFunction, Range, Value, host_function

__all__ = [
    "Checked",
    "Expression",
    "FeelBudgetExceeded",
    "FeelSyntaxError",
    "FeelWarning",
    "Function",
    "HostFunction",
    "KnownKeys",
    "Mistake",
    "MistakeKind",
    "Range",
    "Traced",
    "UnaryTests",
    "Value",
    "Variable",
    "YearsMonths",
    "compile",
    "compile_unary_tests",
    "evaluate",
    "host_function",
    "to_json",
    "trace",
    "unary_tests",
]
