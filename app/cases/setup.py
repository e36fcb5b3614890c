"""Brings an empty or older installation up to date: shipped designs, calendar, demo district.

`whistle serve --setup` and the tests call it after the migrations; a second run changes nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from app.cases.calendar import extend_calendar
from app.cases.demo import load_demo_district
from app.cases.designs import Deployment, deploy
from app.cases.standard_replies import seed_replies
from app.store import units
from app.store.db import transaction

SUFFIXES = {".bpmn", ".dmn", ".form"}


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a set-up did."""

    deployment: Deployment
    has_loaded_demo: bool


def set_up(shipped: Path, *, is_demo: bool) -> SetUp:
    """Deploy the diagrams, tables, forms and labels under `shipped`; load the demo if wanted."""
    with transaction() as tx:
        extend_calendar(tx)
        seed_replies(tx)
        has_loaded = is_demo and not units.has_units(tx.connection)
        if has_loaded:
            load_demo_district(tx)
    return SetUp(deploy(shipped_files(shipped), actor=None), has_loaded)


def shipped_files(root: Path) -> dict[str, bytes]:
    """Return the files to deploy in `bpmn/` and `forms/` under `root`, by their relative names."""
    found = {}
    for folder in ("bpmn", "forms"):
        for path in sorted((root / folder).iterdir()):
            if path.suffix in SUFFIXES or path.name.endswith(".zh-CN.json"):
                found[f"{folder}/{path.name}"] = path.read_bytes()
    return found
