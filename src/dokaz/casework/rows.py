"""Writes rows: the one place below the acts where SQL is written. Filings and rebuilds use it; models refuse to save.

Journal, openings and records are written in one transaction, ten or twenty rows an entry; without the model layer that
costs a tenth of the time, and there is no second way to write a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

from dokaz.casework.models import JournalOpening

_Row = TypeVar("_Row", bound=models.Model)

# Well under the number of variables that SQLite takes in a statement.
_AT_ONCE = 5_000


@lru_cache(maxsize=256)
def _columns(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(model._meta.concrete_fields)


@lru_cache(maxsize=512)
def _sql(model: type[models.Model], vendor: str, verb: str) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = [quote(str(f.column)) for f in _columns(model)]
    if verb == "read":
        return f"SELECT {', '.join(names)} FROM {table} WHERE {quote('id')} = %s"
    if verb == "insert":
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    assigned = ", ".join(f"{name} = %s" for name in names)
    return f"UPDATE {table} SET {assigned} WHERE {quote('id')} = %s AND {quote('entry_hash')} = %s"


def _values(row: models.Model) -> list[Any]:
    return [f.get_db_prep_save(getattr(row, f.attname), connection) for f in _columns(type(row))]


def insert(rows: Iterable[models.Model]) -> None:
    """Insert rows, all of one model, in the transaction that is open.

    Raises:
        IntegrityError: a key or a unique value is there already.
    """
    rows = list(rows)
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_sql(type(rows[0]), connection.vendor, "insert"), [_values(row) for row in rows])


def insert_openings(rows: Sequence[tuple[str, int, str, str, str]]) -> None:
    """Insert openings as (digest, index, salt, name, canonical value): ten or twenty an entry, so without models."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_sql(JournalOpening, connection.vendor, "insert"), rows)


def as_stored(kind: type[models.Model], rows: Sequence[models.Model]) -> dict[Any, list[tuple[str, object]]]:
    """Columns that read as the rows say, and are stored otherwise than ``insert`` stores them: by row, name and value.

    SQLite keeps whatever is written into a column; "no day at all" is read as no date, yet no query finds it as such.
    PostgreSQL keeps types by itself.
    """
    if connection.vendor != "sqlite":
        return {}
    # Of a number its spelling is the database's own.
    fields = [(at, f) for at, f in enumerate(_columns(kind)) if not isinstance(f, models.DecimalField)]
    # As text, lest the driver turn it into a date before it can be seen.
    texts = ", ".join(f"CAST({connection.ops.quote_name(str(f.column))} AS TEXT)" for f in _columns(kind))
    table, marks = connection.ops.quote_name(kind._meta.db_table), ", ".join(["%s"] * len(rows))
    keys = {kind._meta.pk.get_db_prep_save(row.pk, connection): row for row in rows}
    pk = connection.ops.quote_name(str(kind._meta.pk.column))
    odd: dict[Any, list[tuple[str, object]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {pk}, {texts} FROM {table} WHERE {pk} IN ({marks})", list(keys))
        for key, *stored in cursor.fetchall():
            due = [
                value if value is None else str(value + 0 if isinstance(value, bool) else value)
                for value in _values(keys[key])
            ]
            odd[keys[key].pk] = [(f.name, stored[at]) for at, f in fields if stored[at] != due[at]]
    return odd


def replace(row: models.Model, *, entry_hash: str) -> bool:
    """Put a row in the place of the version that bears ``entry_hash``.

    Returns: Whether that version was still there.
    """
    with connection.cursor() as cursor:
        key = type(row)._meta.pk.get_db_prep_save(row.pk, connection)
        cursor.execute(_sql(type(row), connection.vendor, "replace"), [*_values(row), key, entry_hash])
        return bool(cursor.rowcount)


@lru_cache(maxsize=256)
def _converters(model: type[models.Model], vendor: str) -> tuple[tuple[Any, list[Any]], ...]:
    """Each column as Django names it, with what makes its value of the database's."""
    columns = [field.get_col(model._meta.db_table) for field in _columns(model)]
    return tuple(
        (column, [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)])
        for column in columns
    )


def read(model: type[_Row], key: object) -> _Row | None:
    """One row by its key, as ``objects.get`` reads it, in a sixth of the time; None if there is none."""
    with connection.cursor() as cursor:
        prepared = model._meta.pk.get_db_prep_save(key, connection)
        found = cursor.execute(_sql(model, connection.vendor, "read"), [prepared]).fetchone()
    if found is None:
        return None
    values = []
    for value, (column, converters) in zip(found, _converters(model, connection.vendor), strict=True):
        for convert in converters:
            value = convert(value, column, connection)
        values.append(value)
    return model.from_db("default", [field.attname for field in _columns(model)], values)


def texts_of(digests: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """Openings by digest, as (digest, salt, name, canonical value)."""
    found: list[tuple[str, str, str, str]] = []
    for at in range(0, len(digests), _AT_ONCE):
        rows = JournalOpening.objects.filter(digest__in=digests[at : at + _AT_ONCE])
        found += rows.values_list("digest", "salt", "name", "value")
    return found
