"""What is kept of an exception: its kind and sentence, without anybody it may name.

The sweeps ask for it when they note that something failed; people read it on the page of incidents.
"""

from collections.abc import Mapping
from typing import Any

from app.cases import confidence
from app.store.db import Connection

MOST_CHARACTERS = 500


def sentence_of(connection: Connection, case: Mapping[str, Any] | None, error: Exception) -> str:
    """Return kind and sentence of an error; the reporters of the case do not stand in it."""
    sentence = f"{type(error).__name__}: {error}"
    if case is not None:
        sentence = confidence.unnamed(connection, case, sentence)
    return sentence[:MOST_CHARACTERS]
