"""Decision models (OMG DMN 1.2 to 1.5): tables and boxed expressions over FEEL.

Pure: bytes in, values and the reasons for them out. The engine evaluates called decisions
through `load` and `Model.evaluate`.
"""

from app.dmn.errors import DmnError
from app.dmn.hits import Aggregation, HitPolicy
from app.dmn.model import Decision, Model, Result
from app.dmn.reading import load

__all__ = ["Aggregation", "Decision", "DmnError", "HitPolicy", "Model", "Result", "load"]
