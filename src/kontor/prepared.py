"""Reads of busy pages whose SQL is written once: Django needs longer to write a query of many joins than to run it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet

Value = int | str | datetime
Row = TypeVar("Row", bound=Model)

_FIRST_DAY = datetime(1700, 1, 1, tzinfo=UTC)
"""earlier than any moment that a query could name itself"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    sql: str
    """its parameters have names: Django needs longer to number those of a long statement than the database to run it"""
    constants: Mapping[str, Any]
    """name of the parameter → what it always is"""
    places: Mapping[str, str]
    """name of the parameter → name of the value that belongs there"""
    converters: Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]
    """column → what makes Python's value of the database's"""


class PreparedRows:
    """The rows of `build(**values)`, a queryset that ends in `values_list`; its shape must not hang on the values."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._statements: dict[str, _Statement] = {}

    def read(self, **values: Value) -> list[tuple[Any, ...]]:
        """All rows for these values, in one statement; equal values of a column are one object."""
        return self.converted(self.fetch(**values))

    def fetch(self, **values: Value) -> tuple[tuple[Any, ...], ...]:
        """The rows as the database has them, in one statement: what was made of equal rows before holds for these."""
        database = connections[DEFAULT_DB_ALIAS]
        statement = self._statements.get(database.vendor)
        if statement is None:
            statement = self._statements[database.vendor] = self._write(values)
        given = {name: _parameter(values[place]) for name, place in statement.places.items()}
        with database.cursor() as cursor:
            cursor.execute(statement.sql, {**statement.constants, **given})
            return tuple(map(tuple, cursor.fetchall()))

    def converted(self, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Python's values of fetched rows; equal values of a column are one object."""
        database = connections[DEFAULT_DB_ALIAS]
        found = [list(row) for row in rows]
        for column, (converters, expression) in self._statements[database.vendor].converters.items():
            known: dict[Any, Any] = {}  # joined rows say the same again and again
            for row in found:
                raw = value = row[column]
                if raw not in known:
                    for convert in converters:
                        value = convert(value, expression, database)
                    known[raw] = value
                row[column] = known[raw]
        return [tuple(row) for row in found]

    def _write(self, values: Mapping[str, Value]) -> _Statement:
        marks = {name: _mark(name, number, value) for number, (name, value) in enumerate(values.items())}
        compiler = self._build(**marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if missing := [name for name, mark in marks.items() if _parameter(mark) not in parameters]:
            raise ValueError(f"the query must use each value as it is, but does not so with {missing}")
        numbered = {f"p{number}": parameter for number, parameter in enumerate(parameters)}
        names = {_parameter(mark): name for name, mark in marks.items()}
        places = {
            number: names[one] for number, one in numbered.items() if isinstance(one, Value) and one in names
        }
        return _Statement(
            sql=sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in numbered),
            constants={number: one for number, one in numbered.items() if number not in places},
            places=places,
            converters=compiler.get_converters([column for column, _, _ in compiler.select]),
        )


def instance(model: type[Row], columns: Sequence[str], values: Sequence[Any]) -> Row:
    """A row of the model that knows these columns; others are read when somebody asks for them."""
    return model.from_db(DEFAULT_DB_ALIAS, columns, values)


def _mark(name: str, number: int, value: Value) -> Value:
    if isinstance(value, datetime):
        return _FIRST_DAY + timedelta(days=number)
    return f"value of {name}" if isinstance(value, str) else 1_000_000_007 + number


def _parameter(value: Value) -> Any:
    """As the database takes it: SQLite knows no moments."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
