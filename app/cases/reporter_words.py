"""What a reporter writes after the report, as the remark that colleagues may read.

The residents' use cases write it on their case, `cases.continuing` on the one that goes on.
"""

from typing import Any

from app.cases import discretion
from app.store.db import Transaction


def said(
    tx: Transaction,
    body: str,
    *,
    kind: str,
    case_key: int,
    reporter_key: int,
    is_confidential: bool,
) -> dict[str, Any]:
    """Return the row of a remark by a reporter, for those colleagues who may read it."""
    return {
        "key": tx.next_key(),
        "case_key": case_key,
        "kind": kind,
        "visibility": discretion.visibility_of(is_confidential=is_confidential),
        "body": body.strip(),
        "person_key": None,
        "position_key": None,
        "reporter_key": reporter_key,
        "at": tx.now,
    }
