"""How our values lie in columns: instants, lengths, prompts, words.

Serves ``schema.py``. The same types work on SQLite and on PostgreSQL. Never decides what a column
means.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Float,
    Integer,
    Text,
    literal,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from bot.errors import BrokenInvariant


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC.

    SQLite has no such type: there it is ISO text of fixed width, so that text order is time order.
    PostgreSQL has ``timestamptz``.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else DateTime(timezone=True)

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise BrokenInvariant(f"an instant without a time zone: {value}")
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        return cast("datetime", value).astimezone(UTC)


class Earlier(FunctionElement[datetime]):
    """An instant in a column, moved ``by`` into the past; on SQLite to the millisecond."""

    type = Instant()
    inherit_cache = True

    def __init__(self, instant: ColumnElement[datetime], by: timedelta) -> None:
        super().__init__(instant, literal(-by.total_seconds(), Float))


@compiles(Earlier)
def _earlier(earlier: Earlier, compiler: SQLCompiler, **options: Any) -> str:
    instant, seconds = (compiler.process(part, **options) for part in earlier.clauses)
    return f"{instant} + make_interval(secs => {seconds})"


@compiles(Earlier, "sqlite")
def _earlier_text(earlier: Earlier, compiler: SQLCompiler, **options: Any) -> str:
    instant, seconds = (compiler.process(part, **options) for part in earlier.clauses)
    moved = f"strftime('%Y-%m-%dT%H:%M:%f', {instant}, {seconds} || ' seconds')"
    return f"{moved} || '000+00:00'"


class Seconds(TypeDecorator[timedelta]):
    """A film's length, in whole seconds as services count it."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else round(value.total_seconds())

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


class Lines(TypeDecorator[tuple[str, ...]]):
    """Several texts in their order."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(
        self, value: tuple[str, ...] | None, dialect: Dialect
    ) -> list[str] | None:
        return None if value is None else list(value)

    @override
    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


def words(kind: type[StrEnum]) -> Enum:
    """Return a text column type that holds the values of ``kind``.

    No CHECK constraint: SQLite would have to rebuild the whole table for every new word.
    """
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
