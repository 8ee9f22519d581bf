"""Every kind of delivery says where each of its columns is filed, or that it is kept in the file only."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from dokaz.casework.models import DeliveredRecord
from dokaz.casework.rooms import delivery_kinds, page_named
from dokaz.exchange.reading.tables import Column

COLUMNS = [
    pytest.param(column, id=f"{kind.name} {asked.name} {column.name}")
    for kind in delivery_kinds().values()
    for asked in kind.files
    for column in asked.columns
]


def assert_has_a_place(column: Column) -> None:
    assert bool(column.field) != bool(column.kept), f"{column.name} names a field, or why it is kept in the file only"
    for field in column.field.split():
        room, kind, name = field.split(".")
        model = apps.get_model(room, kind)
        model._meta.get_field(name)
        assert issubclass(model, DeliveredRecord), f"{field}: the record does not point to its delivery"


def test_the_kinds_are_in_the_order_of_an_investigation() -> None:
    known = ["survey", "custody", "examinations", "samples", "profiles", "missing", "families", "frequencies", "dvi"]
    assert [name for name in delivery_kinds() if name in known] == known


@pytest.mark.parametrize("name", ["delivery_new", "delivery_new_of"])
def test_the_page_is_open_to_whoever_may_bring_something(name: str) -> None:
    page = page_named(name)
    assert page is not None
    bringing = {str(role) for kind in delivery_kinds().values() for role in kind.offices}
    assert {str(role) for role in page.open_to} == bringing
    assert bringing >= {"scene", "mortuary", "dna_examiner", "family_liaison", "investigator"}


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_names_its_field_or_is_kept_in_the_file(column: Column) -> None:
    assert_has_a_place(column)


@pytest.mark.parametrize(
    "column",
    [Column("a"), Column("a", field="graves.Site.name", kept="why"), Column("a", field="graves.Site.nmae")],
)
def test_a_column_without_a_place_is_found(column: Column) -> None:
    with pytest.raises((AssertionError, FieldDoesNotExist)):
        assert_has_a_place(column)
