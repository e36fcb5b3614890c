"""All tables, by topic; importing this package makes them known to migrations."""

from app.store.tables import (
    cases,
    definitions,
    delivery,
    drafts,
    evaluations,
    organisation,
    residents,
    runtime,
    together,
    whistles,
)

__all__ = [
    "cases",
    "definitions",
    "delivery",
    "drafts",
    "evaluations",
    "organisation",
    "residents",
    "runtime",
    "together",
    "whistles",
]
