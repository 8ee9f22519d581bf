"""An honest filing never alarms: whatever a field takes, `check` then reads in the table what the ledger committed to."""

import datetime as dt
import os
import unicodedata
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum

import pytest
from anything import files_anything
from casebook import a_profile, compare, doubted, identified, lay, lay_keys, missing, newest, told, units
from django.db import connection, models
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from put_right_cases import a_searched_place

from dokaz.casework.checking import check
from dokaz.casework.filing import filing
from dokaz.casework.models import Constitution, JournalOpening, TransferState
from dokaz.casework.records import record_kinds
from dokaz.errors import DokazError, TooEarly, UnreadableCharacter, WrongKind
from dokaz.graves.models import RecoveryUnit, Site

LARGEST = 2**53 - 1
# Of each kind. Kinds share the types of their fields, so each type is tried with all kinds that have it; 200 tries harder.
TRIED_OF_A_KIND = int(os.environ.get("DOKAZ_TRIED_OF_A_KIND", "10"))


class Shelf(str, Enum):  # noqa: UP042 - one whose words are not its value
    UPPER = "upper shelf "


TEXTS = [
    "with a space at its end ", "  with two before", "two\nlines\r\n", "tab\there", "'; DROP TABLE graves_site; --",
    "\\u0000", "é", unicodedata.normalize("NFD", "éї"), "ﬁ", "\u00a0", "\u200cabc", "İı", "𝔘",
    "null", "{}", "50", "1e5", "Вигаданий",
]  # fmt: skip
# They turn the direction of writing, have no width, or are no letters.
MARKS = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
texts = st.sampled_from(TEXTS) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=MARKS), max_size=40
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts | st.sampled_from(list(TransferState)),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
moments = st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 12, 31), timezones=zones)


def spellings_of_number(places):
    """A number as people and programs hand it in: as text, with an exponent, with fewer digits, negative zero."""
    exact = st.decimals(-90, 90, places=places)
    odd = st.sampled_from(
        ["50", "5E+1", "-0", "+1.5", "07", " 12.25", Decimal("5E+1"), Decimal("-0.00"), 50, -7, "1.50"]
    )
    return exact | exact.map(str) | odd


def values_of(field, there):
    """Values that a field may be handed, in every spelling that it takes."""
    if field.choices:
        values = st.sampled_from([value for value, _label in field.flatchoices])
    elif isinstance(field, models.ForeignKey):
        ids = [record.pk for record in there[field.related_model]]
        values = st.sampled_from([*ids, *map(str, ids), *(str(each).upper() for each in ids)]) if ids else st.nothing()
    elif isinstance(field, models.UUIDField):
        values = st.uuids() | st.uuids().map(lambda each: str(each).upper()) | st.uuids().map(lambda each: each.hex)
    elif isinstance(field, models.JSONField):
        values = json_values.filter(lambda each: each is not None)
    elif isinstance(field, models.DecimalField):
        values = spellings_of_number(field.decimal_places)
    elif isinstance(field, models.DateTimeField):
        values = moments | moments.map(lambda each: each.isoformat())
    elif isinstance(field, models.DateField):
        values = st.dates() | st.dates().map(str) | st.sampled_from(["2026-5-1", "2026-05-01"])
    elif field.name == "voided":
        values = st.just(False)  # a void record is changed no more: test_putting_right
    elif isinstance(field, models.BooleanField):
        values = st.booleans()
    elif isinstance(field, models.IntegerField):
        low, high = connection.ops.integer_field_range(field.get_internal_type())
        values = st.integers(max(low, -LARGEST), min(high, LARGEST))
        values |= values.map(str)
    else:
        values = texts.map(lambda each: each[: field.max_length]).filter(lambda each: field.blank or each.strip())
        values |= st.just("") if field.blank else st.nothing()
    return values | st.none() if field.null else values


@pytest.fixture
def case(house):
    """An investigation with at least one record of every kind that another may point to."""
    lay_keys(house)
    one, other = units(house, 2)
    first, second = missing(house, "Андрій", "Богдан")
    a_profile(house, other)
    doubted(house, told(house, identified(house, one, first)))
    lay(house, compare(house, other, second))
    a_searched_place(house)
    return house


@pytest.fixture
def lifted(house):
    """An investigation with a site, a unit and the transfer in which it was moved."""
    lay_keys(house)
    units(house)
    return house


@contextmanager
def trying(house):
    """A filing in which an act is under way that allows everything: gives what an act calls to file a record."""
    by = house.acting("scene")
    with (
        filing(by=by, at=house.clock(), reason="tried", store=house.store) as work,
        work._doing(files_anything()),
    ):
        yield work.add


def write_down(house, record):
    """File a record as it is."""
    with trying(house) as add:
        add(record)


def filed_with_every_type_of_value(add, kind, there, tried):
    fields = [field for field in kind.content_fields() if field.name not in ("number", "reason")]

    @settings(max_examples=TRIED_OF_A_KIND, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(values=st.fixed_dictionaries({field.attname: values_of(field, there) for field in fields}))
    def once(values):
        tried.append(kind)
        record = kind(number=f"TRIED-{len(tried)}", **values)
        try:
            add(record)
        except TooEarly:  # two dates in an order that cannot be
            reject()
        assert newest(record).content() == record.content()
        # Handed in again as it was typed, it is the same: no field is filed anew.
        before = JournalOpening.objects.count()
        again = newest(record)
        for name, value in values.items():
            setattr(again, name, value)
        add(again)
        assert JournalOpening.objects.count() == before

    once()


def test_every_kind_filed_with_every_type_of_value_is_found_in_order(case):
    there = {kind: list(kind.objects.all()[:3]) for kind in record_kinds()}
    tried = []
    # A constitution last: once another one is in force, this program files nothing more.
    for kind in sorted(record_kinds(), key=lambda each: each is Constitution):
        # In one filing a kind, for each is published.
        with trying(case) as add:
            filed_with_every_type_of_value(add, kind, there, tried)
    assert len(set(tried)) == len(list(record_kinds()))
    # Nobody holds the private half of an invented key.
    assert [f for f in check(case.store) if not f.file.startswith("keys/people/TRIED-")] == []


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("latitude_deg", "50", "50.0000000"),
        ("latitude_deg", Decimal("50"), "50.0000000"),
        ("latitude_deg", "50.1234567", "50.1234567"),
        ("latitude_deg", Decimal("-0.0"), "0.0000000"),
        ("points", ({"e": "1", "role": TransferState.TAKEN_OVER},), [{"e": "1", "role": "taken_over"}]),
        ("place", Shelf.UPPER, "upper shelf "),
        ("state", RecoveryUnit._meta.get_field("state").default, "in_situ"),
    ],
)
def test_what_is_committed_to_is_what_will_be_read(lifted, name, typed, kept):
    unit = RecoveryUnit.objects.first()
    setattr(unit, name, typed)
    write_down(lifted, unit)
    assert newest(unit).content()[name] == kept
    assert check(lifted.store) == []


@pytest.mark.parametrize(
    ("kind", "name", "typed", "error"),
    [
        (RecoveryUnit, "latitude_deg", "50.12345678", WrongKind),  # a digit would be lost
        (RecoveryUnit, "latitude_deg", 50.5, WrongKind),
        (RecoveryUnit, "latitude_deg", "NaN", WrongKind),
        (RecoveryUnit, "latitude_deg", Decimal("Infinity"), WrongKind),
        (RecoveryUnit, "latitude_deg", True, WrongKind),
        (RecoveryUnit, "points", [{"e": 1.5}], WrongKind),
        (RecoveryUnit, "points", [{1: "e"}], WrongKind),
        (RecoveryUnit, "points", ["a\0b"], UnreadableCharacter),
        (RecoveryUnit, "holder_id", "nobody", WrongKind),
        (Site, "name", 5, WrongKind),
        (Site, "name", "a\0b", UnreadableCharacter),
        (Site, "name", "a\ud800b", UnreadableCharacter),
        *[(Site, "name", f"a{mark}b", UnreadableCharacter) for mark in MARKS + "\x1b\x85"],
        (RecoveryUnit, "points", [{"e": "a\u202eb"}], UnreadableCharacter),
        (RecoveryUnit, "points", [{"a\u202eb": "e"}], UnreadableCharacter),
    ],
)
def test_what_no_database_gives_back_is_refused(lifted, kind, name, typed, error):
    record, before = kind.objects.first(), JournalOpening.objects.count()
    setattr(record, name, typed)
    with pytest.raises(error):
        write_down(lifted, record)
    assert JournalOpening.objects.count() == before


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("handed_at", dt.datetime(2026, 5, 4)),
        ("handed_at", dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=3)))),
        ("handed_at", dt.date(2026, 5, 4)),
        ("handed_at", "2026-05-04"),
        ("opened_on", dt.datetime(2026, 5, 4, tzinfo=dt.UTC)),
        ("opened_on", "4 May"),
        ("giver_id", "0" * 31),
    ],
)
def test_a_moment_without_a_zone_is_no_moment_and_a_moment_is_no_day(lifted, name, typed):
    record = next(
        kind for kind in record_kinds() if name.removesuffix("_id") in {f.name for f in kind.content_fields()}
    )
    one = record.objects.first()
    setattr(one, name, typed)
    with pytest.raises(DokazError):
        write_down(lifted, one)
