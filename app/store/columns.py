"""Column types and short-hands shared by all tables: instants in UTC, 64-bit keys, JSON."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: kept as `timestamptz`, on SQLite as naive UTC text; read back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the database keeps.

        Raises:
            ValueError: the instant carries no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone cannot be stored")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Hand the instant back, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite makes a column the row's own address only when it is called INTEGER.
KeyType = BigInteger().with_variant(Integer(), "sqlite")
JsonType = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def key() -> Column[int]:
    """Return the primary key column: a number of the one sequence."""
    return Column("key", KeyType, primary_key=True, autoincrement=False)


def ref(
    name: str, target: str, *, null: bool = False, index: bool = False, cascade: bool = False
) -> Column[Any]:
    """Return a column that refers to `target` ("table.column")."""
    return Column(
        name,
        KeyType,
        ForeignKey(target, ondelete="CASCADE" if cascade else None),
        nullable=null,
        index=index,
    )


def instant(name: str, *, null: bool = False) -> Column[datetime]:
    """Return a column that keeps an instant."""
    return Column(name, UtcDateTime, nullable=null)


def text(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    """Return a text column; `default` is also the database's, so that old rows get it."""
    return Column(name, Text, nullable=null, server_default=default)


def json(name: str, *, null: bool = True) -> Column[Any]:
    """Return a column that keeps a JSON value (JSONB on PostgreSQL)."""
    return Column(name, JsonType, nullable=null)
