"""Read and write rows of several tables in one statement, where the time between counts.

The ORM spends a millisecond on building each statement; the few operations that thousands of
people start in the same second keep theirs ready and hand rows to and from the models here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import Binary


class Columns:
    """The columns of a model under an alias, and back from its values to an instance."""

    def __init__(
        self, model: type[models.Model], alias: str, *, without: Collection[str] = ()
    ) -> None:
        self.model = model
        self.fields = [f for f in model._meta.concrete_fields if f.name not in without]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in self.fields)

    def instance(self, values: Iterable[Any]) -> Any:
        """Return a row of the model; what was left out is loaded when it is asked for."""
        names = [field.attname for field in self.fields]
        opened = [_opened(field, value) for field, value in zip(self.fields, values, strict=True)]
        return self.model.from_db(connection.alias, names, opened)


def _opened(field: Any, value: Any) -> Any:
    if not hasattr(field, "from_db_value"):
        return value
    return field.from_db_value(value, None, connection)


def select(rest: str, *tables: Columns) -> str:
    """Return a statement that reads the columns of `tables`; `rest` begins with FROM."""
    return " ".join(("SELECT", ", ".join(table.sql for table in tables), rest))


def read(sql: str, params: Any, *tables: Columns) -> list[tuple[Any, ...]]:
    """Run `sql`, whose columns are those of `tables` in turn; return instances side by side."""
    return [tuple(_split(row, tables)) for row in values(sql, params)]


def values(sql: str, params: Any) -> list[tuple[Any, ...]]:
    """Run `sql` and return what it found, as it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def copy(table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows`, each with a value for every column of `table` in order, by COPY.

    In the binary form, since sealed values would be twice as long in the other one.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608  # nosec B608  # our own name
        types = [column.type_code for column in cursor.description]
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as into:
            into.set_types(types)
            for row in rows:
                into.write_row(row)


def _split(row: tuple[Any, ...], tables: Iterable[Columns]) -> Iterable[Any]:
    start = 0
    for table in tables:
        end = start + len(table.fields)
        yield table.instance(row[start:end])
        start = end


def as_json(row: models.Model) -> dict[str, Any]:
    """Return an unsaved row as plain values by column, for `jsonb_populate_record`.

    A key that the database hands out is left out.
    """
    return {
        column: _plain(field, is_simple, field.pre_save(row, add=True))
        for column, field, is_simple in _written(type(row))
    }


# Fields that store what they hold: most columns of a row, and asking each costs more than these.
_SIMPLE_FIELDS = (
    *(models.CharField, models.TextField, models.IntegerField, models.BooleanField),
    *(models.DateField, models.UUIDField, models.ForeignKey),
)
_AS_THEY_ARE = (str, int, bool, type(None))


@cache
def _written(model: type[models.Model]) -> list[tuple[str, Any, bool]]:
    """Return column, field, and whether the field stores what it holds."""
    return [
        (str(field.column), field, isinstance(field, _SIMPLE_FIELDS))
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField)
    ]


def _plain(field: Any, is_simple: bool, value: Any) -> Any:
    if is_simple and type(value) in _AS_THEY_ARE:
        return value
    if is_simple and isinstance(value, (date, UUID)):
        return _text(value)
    value = field.get_db_prep_save(value, connection)
    if isinstance(value, Binary):
        value = value.obj
    if isinstance(value, (bytes, memoryview)):
        return "\\x" + bytes(value).hex()
    if hasattr(value, "obj"):  # psycopg's Jsonb
        return value.obj
    return value if isinstance(value, (int, float, str, bool, type(None))) else _text(value)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
