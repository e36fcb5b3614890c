"""All tables, by topic; importing this package makes them known to migrations."""

from app.store.tables import cases, definitions, delivery, organisation, runtime

__all__ = ["cases", "definitions", "delivery", "organisation", "runtime"]
