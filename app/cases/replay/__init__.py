"""Replaying a file of real service requests through the deployed process, on a moved clock."""

from app.cases.replay.drive import Numbers, replay
from app.cases.replay.mapping import Mapping, MappingUnknown, load_mapping, mapping_for

__all__ = [
    "Mapping",
    "MappingUnknown",
    "Numbers",
    "load_mapping",
    "mapping_for",
    "replay",
]
