"""Reads on the hot path: statements of SQLAlchemy Core, compiled once and run on the driver.

Core costs some tens of microseconds a statement, and a turn's dossier takes a dozen of them.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import Boolean

from bot.storage.records import from_row
from bot.storage.tables import Day, Instant, Json

R = TypeVar("R")
_CONVERT: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Instant, datetime.fromisoformat),
    (Day, date.fromisoformat),
    (Json, msgspec.json.Decoder().decode),
    (Boolean, bool),
)


class Query(Generic[R]):
    """A select of whole records; `parameters` name its bind parameters in the order of `fetch`."""

    def __init__(self, kind: type[R], statement: Select[Any], parameters: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
        order = compiled.positiontup or []
        self._kind = kind
        self._sql = str(compiled)
        self._pick = tuple(parameters.index(name) for name in order)
        columns = list(statement.selected_columns)
        self._names = tuple(str(column.name) for column in columns)
        self._convert = [
            (place, convert)
            for place, column in enumerate(columns)
            for type_, convert in _CONVERT
            if isinstance(column.type, type_)
        ]

    def fetch(self, connection: sqlite3.Connection, *values: Any) -> tuple[R, ...]:
        """The records, in the statement's order."""
        bound = tuple(values[place] for place in self._pick)
        return tuple(self._records(connection.execute(self._sql, bound)))

    def _records(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[R]:
        for row in rows:
            cells = list(row)
            for place, convert in self._convert:
                if cells[place] is not None:
                    cells[place] = convert(cells[place])
            yield from_row(self._kind, dict(zip(self._names, cells, strict=True)))
