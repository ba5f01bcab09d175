"""What the columns of all tables are made of: their names, moments in UTC, keys and references."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    TypeDecorator,
    Uuid,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def in_utc(value: datetime) -> datetime:
    """The moment in UTC. Raises ValueError where it does not say in which time zone it is."""
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: SQLite forgets time zones, so they are taken off on the way in and put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Long = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere: SQLite's INTEGER has them, and only that name gets AUTOINCREMENT there."""


def key() -> Column[object]:
    """The column `id`: a UUID."""
    return Column("id", Uuid, primary_key=True)


def to(target: str, name: str, *, nullable: bool = False, index: bool = True) -> Column[object]:
    """A column `name` that refers to a row of the table `target`."""
    return Column(name, Uuid, ForeignKey(f"{target}.id"), nullable=nullable, index=index)
