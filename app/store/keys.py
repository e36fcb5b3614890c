"""The one sequence behind every 64-bit key: of cases, instances, tasks, jobs and definitions.

Numbers are taken in blocks, so that a key costs no statement of its own; what is left of a block
is never used again. Keys stay below 2^53 for clients that read them as floating-point numbers.
"""

from collections.abc import Callable
from threading import Lock

from sqlalchemy import Connection, text

BLOCK = 1000
SEQUENCE_NAME = "whistle_key"


class _Block:
    """Numbers handed out by this process; on PostgreSQL a block outlives its transaction."""

    def __init__(self) -> None:
        self._next = 0
        self._end = 0
        self._lock = Lock()

    def take(self, fetch: Callable[[], int]) -> int:
        with self._lock:
            if self._next >= self._end:
                self._next = fetch()
                self._end = self._next + BLOCK
            self._next += 1
            return self._next - 1


_blocks: dict[str, _Block] = {}
_blocks_lock = Lock()


def key_source(connection: Connection, database: str) -> Callable[[], int]:
    """Return a function that gives a new key at each call, for use within `connection`'s work.

    `database` tells one database from another.

    A PostgreSQL sequence is not undone by a rollback, so the process keeps its block. SQLite's row
    is, so there a block belongs to one transaction.
    """
    if connection.dialect.name == "postgresql":
        block = _shared_block(database)
        return lambda: block.take(lambda: _from_sequence(connection))
    own = _Block()
    return lambda: own.take(lambda: _from_table(connection))


def _shared_block(database: str) -> _Block:
    with _blocks_lock:
        return _blocks.setdefault(database, _Block())


def _from_sequence(connection: Connection) -> int:
    return int(connection.execute(text(f"SELECT nextval('{SEQUENCE_NAME}')")).scalar_one())


def _from_table(connection: Connection) -> int:
    statement = text(
        "INSERT INTO key_sequence (only_row, next_block) VALUES (1, 1 + :block)"
        " ON CONFLICT (only_row) DO UPDATE SET next_block = next_block + :block"
        " RETURNING next_block - :block"
    )
    return int(connection.execute(statement, {"block": BLOCK}).scalar_one())
