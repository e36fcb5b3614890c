"""What must happen in one place only: committing, and asking the clock."""

from tests.house.source import modules

CLOCKS = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
)


def callers_of(*names: str) -> set[str]:
    return {
        f"{module.name}:{line}"
        for module in modules()
        for call, line in module.calls()
        if any(call == name or call.endswith(f".{name}") for name in names)
    }


def test_only_the_transaction_commits() -> None:
    strangers = {where for where in callers_of("commit") if not where.startswith("store.db:")}
    assert strangers == set()


def test_only_the_clock_asks_the_time() -> None:
    callers = callers_of(*CLOCKS)
    assert any(where.startswith("clock:") for where in callers), "the search finds the clock itself"
    assert {where for where in callers if not where.startswith("clock:")} == set()
