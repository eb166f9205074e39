"""Statements of the hot path: SQLAlchemy Core, compiled once and run on the driver.

Core costs some tens to hundreds of microseconds a statement, and a turn takes some thirty of them.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Dialect, Select
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import Boolean

from bot.storage.records import NAMES, PARTS
from bot.storage.tables import Day, Instant, Json

R = TypeVar("R")
_CONVERT: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Instant, datetime.fromisoformat),
    (Day, date.fromisoformat),
    (Json, msgspec.json.Decoder().decode),
    (Boolean, bool),
)


class Rows:
    """A select of plain rows; `parameters` name its bind parameters in the order of `fetch`."""

    def __init__(self, statement: Select[Any], parameters: tuple[str, ...], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self._sql = str(compiled)
        fixed = compiled.params
        self._binds = tuple(
            (parameters.index(name), None) if name in parameters else (None, fixed[name])
            for name in compiled.positiontup or ()
        )

    def fetch(self, connection: sqlite3.Connection, *values: Any) -> list[tuple[Any, ...]]:
        """The rows as the driver gives them."""
        bound = tuple(fixed if place is None else values[place] for place, fixed in self._binds)
        return connection.execute(self._sql, bound).fetchall()


class Query(Generic[R]):
    """A select of whole records; `parameters` name its bind parameters in the order of `fetch`."""

    def __init__(self, kind: type[R], statement: Select[Any], parameters: tuple[str, ...], dialect: Dialect) -> None:
        # Columns in the order of the record's fields, so that a row is the record's arguments.
        columns = [statement.selected_columns[name] for name in NAMES[kind]]
        self._rows = Rows(statement.with_only_columns(*columns), parameters, dialect)
        self._kind = kind
        self._convert = [
            (place, convert)
            for place, column in enumerate(columns)
            for type_, convert in _CONVERT
            if isinstance(column.type, type_)
        ] + [(NAMES[kind].index(name), read) for name, read in PARTS.get(kind, {}).items()]

    def fetch(self, connection: sqlite3.Connection, *values: Any) -> tuple[R, ...]:
        """The records, in the statement's order."""
        rows = self._rows.fetch(connection, *values)
        return tuple(self._records(rows)) if rows else ()

    def _records(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[R]:
        kind, conversions = self._kind, self._convert
        for row in rows:
            cells = list(row)
            for place, convert in conversions:
                if cells[place] is not None:
                    cells[place] = convert(cells[place])
            yield kind(*cells)


class Write:
    """An insert, upsert or update whose values are given by the names of its bind parameters."""

    def __init__(self, statement: UpdateBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        fixed = compiled.params
        self._binds = tuple(
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect), fixed.get(name))
            for name in compiled.positiontup or ()
        )

    def run(self, connection: sqlite3.Connection, values: Mapping[str, Any]) -> int:
        """Execute once; the number of rows touched."""
        return connection.execute(self._sql, self._bound(values)).rowcount

    def run_many(self, connection: sqlite3.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute once a row."""
        connection.executemany(self._sql, [self._bound(values) for values in rows])

    def _bound(self, values: Mapping[str, Any]) -> list[Any]:
        bound = []
        for name, process, fixed in self._binds:
            value = values.get(name, fixed)
            bound.append(process(value) if process is not None else value)
        return bound
