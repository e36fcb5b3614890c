"""Repeated requests: the same key and body give the first answer again, another body is refused."""

from datetime import datetime

from app.errors import CaseError
from app.json_types import JsonObject
from app.store import idempotency as rows
from app.store.db import Connection


class RepeatedWithOtherContent(CaseError):
    """This was sent before with other content. Send it again as something new."""

    code = "repeated_with_other_content"


def known(
    connection: Connection, scope: str, client_key: str, *, digest: str, now: datetime
) -> JsonObject | None:
    """Return the answer given to this key before; None when it is new and reserved for the caller.

    A second request at the same time waits here until the first has committed.

    Raises:
        RepeatedWithOtherContent: the key came with another body.
    """
    if rows.reserve(connection, scope, client_key, digest=digest, now=now):
        return None
    kept = rows.find(connection, scope, client_key)
    if kept.body_digest != digest:
        raise RepeatedWithOtherContent(scope=scope)
    return kept.response


def keep(connection: Connection, scope: str, client_key: str, *, response: JsonObject) -> None:
    """Keep the answer under the reserved key, in the transaction that reserved it."""
    rows.keep(connection, scope, client_key, response=response)
