"""The table of urges: each time a reporter asked that their case be hurried on."""

from sqlalchemy import Table

from app.store.columns import instant, key, ref
from app.store.db import metadata

urge = Table(
    "urge",
    metadata,
    key(),
    ref("case_key", "cases.key", index=True),
    ref("reporter_key", "reporter.key"),
    instant("at"),
)
