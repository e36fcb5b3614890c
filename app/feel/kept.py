"""What has been compiled, kept for the next time within a bound of its size.

A compiled expression takes some 200 bytes for each character of its text, so characters are what is
counted. The oldest goes first: looking up is one step without a lock.
"""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

from app.feel.limits import KEPT_CHARACTERS, KEPT_EXPRESSIONS

T = TypeVar("T")
LEAST = KEPT_CHARACTERS // KEPT_EXPRESSIONS
"""Characters counted for the shortest text, so that the number of texts is bounded too."""


class Kept(Generic[T]):
    """Compiled things by what they were compiled from."""

    def __init__(self) -> None:
        self._found: dict[Hashable, tuple[T, int]] = {}
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """Return what is kept under a key."""
        found = self._found.get(key)
        return None if found is None else found[0]

    def keep(self, key: Hashable, value: T, characters: int) -> T:
        """Keep a value that was made from so many characters, and return it."""
        size = max(characters, LEAST)
        with self._lock:
            if key not in self._found:
                self._found[key] = (value, size)
                self._size += size
                # The newest stays in any case: no text alone is longer than the bound.
                while self._size > KEPT_CHARACTERS:
                    _, gone = self._found.pop(next(iter(self._found)))
                    self._size -= gone
        return value

    def cache_clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()
            self._size = 0

    def __len__(self) -> int:
        return len(self._found)
