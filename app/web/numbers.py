"""Whole numbers out of addresses and forms, where anything may have been typed."""

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**53


class KeyConverter(IntegerConverter):
    """A key in an address; under a number that can be none there is no page."""

    def __init__(self, map: Any, **options: Any) -> None:
        super().__init__(map, max=LARGEST - 1, **options)


def whole(text: str | None, *, default: int = 0) -> int:
    """Return the number a text holds, `default` where it holds none that could be ours."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 16:
        return default
    found = int(text)
    return found if found < LARGEST else default
