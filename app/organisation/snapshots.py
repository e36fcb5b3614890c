"""What a process keeps of the database: immutable values under the version they were read at.

Directory, places and calendar are read often and change seldom. A version is set anew, at random,
by each change (`store.settings.renew_version`), so that one that was rolled back never recurs.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
KEPT = 4


class Snapshots(Generic[T]):
    """The latest few values by version; version 0 stands for 'never changed' and is not kept."""

    def __init__(self) -> None:
        self._values: OrderedDict[int, T] = OrderedDict()
        self._lock = Lock()

    def at(self, version: int, load: Callable[[], T]) -> T:
        """Return the value at `version`, by `load` where it is not at hand."""
        with self._lock:
            if version in self._values:
                self._values.move_to_end(version)
                return self._values[version]
        value = load()
        if version:
            self._keep(version, value)
        return value

    def _keep(self, version: int, value: T) -> None:
        with self._lock:
            self._values[version] = value
            while len(self._values) > KEPT:
                self._values.popitem(last=False)
