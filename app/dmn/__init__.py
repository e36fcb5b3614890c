"""Decision models (OMG DMN 1.1 to 1.5): tables and boxed expressions over FEEL.

Pure: bytes in, values and the reasons for them out. The engine evaluates called decisions
through `load` and `Model.evaluate`.
"""

from app.dmn.errors import DmnError, UnknownDecision
from app.dmn.hits import Aggregation, HitPolicy
from app.dmn.loading import load
from app.dmn.model import Model, Result
from app.dmn.parts import Decision

__all__ = [
    "Aggregation",
    "Decision",
    "DmnError",
    "HitPolicy",
    "Model",
    "Result",
    "UnknownDecision",
    "load",
]
