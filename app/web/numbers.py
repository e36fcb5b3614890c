"""Whole numbers out of addresses and forms, where anything may have been typed."""

LARGEST = 2**53


def whole(text: str | None, *, default: int = 0) -> int:
    """Return the number a text holds, `default` where it holds none that could be ours."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 16:
        return default
    found = int(text)
    return found if found < LARGEST else default
