"""Facts and columns under the names that models give to their fields, so that no label is written twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.text import capfirst

from dokaz.casework.records import Record
from dokaz.pages.list_page import Filter
from dokaz.pages.parts import Fact, ListColumn, Text
from dokaz.pages.ways import address_of, page_of


def field_of(kind: type[Record], field: str) -> Any:
    """A field of a kind of record; ``sample__unit`` is the unit of a profile's sample."""
    *way, last = field.split("__")
    for step in way:
        kind = kind._meta.get_field(step).related_model  # type: ignore[assignment]
    return kind._meta.get_field(last)


def label_of(kind: type[Record], field: str) -> Text:
    """What a field is called, with a capital."""
    words: Text = capfirst(field_of(kind, field).verbose_name)
    return words


def value_of(record: Any, field: str) -> Any:
    """What a record says in a field: choices in words, another record by its number."""
    *way, last = field.split("__")
    for step in way:
        record = getattr(record, step)
    declared = record._meta.get_field(last)
    if declared.choices:
        return getattr(record, f"get_{last}_display")()
    value = getattr(record, last)
    return value.number if isinstance(value, Record) else value


def _behind(record: Any, field: str) -> str:
    for step in field.split("__"):
        record = getattr(record, step)
    return address_of(record)


def _day(moment: Any) -> Any:
    return moment.date() if moment is not None else None


def fact_of(record: Record, field: str, note: Text = "") -> Fact:
    """A line of the facts of a record: one of its fields; a record behind it is linked."""
    declared = field_of(type(record), field)
    kind = url = ""
    if isinstance(declared, models.ForeignKey):
        kind, url = "number", _behind(record, field)
    elif isinstance(declared, models.DateField):
        kind = "when"
    elif field.endswith("sha256"):
        kind = "hash"
    return Fact(label_of(type(record), field), value_of(record, field), note, url, kind)


def column_of(
    kind: type[Record], field: str, key: str = "", /, *, order: Sequence[Any] = (), **more: Any
) -> ListColumn:
    """A column of a list: one field of each line, shown as what it is.

    Args:
        key: By which addresses ask for its order; empty: the list cannot be ordered by it.
        order: The fields of that order, if not the field itself.
        more: Whatever else a column states.
    """
    declared = field_of(kind, field)
    if field == "number":
        more = {"kind": "number", "url": page_of} | more
    elif field == "state":
        more = {"kind": "state", "value": lambda line: (line.get_state_display(), line.tone)} | more
    elif isinstance(declared, models.ForeignKey):
        more = {"kind": "number", "url": lambda line: _behind(line, field)} | more
    elif isinstance(declared, models.DateTimeField):
        more = {"kind": "when", "value": lambda line: _day(value_of(line, field))} | more
    elif isinstance(declared, models.DateField):
        more = {"kind": "when"} | more
    elif isinstance(declared, models.IntegerField) and not declared.choices:
        more = {"is_number": True} | more
    more = {"value": lambda line: value_of(line, field)} | more
    by_itself = (field,) if field == "number" else (field, "number")
    return ListColumn(label_of(kind, field), key, order=order or (by_itself if key else ()), **more)


def filter_of(kind: type[Record], field: str) -> Filter:
    """A filter above a list by one of its fields, with the choices of the model."""
    return Filter(field, label_of(kind, field), field_of(kind, field).choices)
