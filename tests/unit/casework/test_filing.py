"""A filing writes everything or nothing, and nothing is written round it."""

from decimal import Decimal

import pytest

from dokaz.casework import journal
from dokaz.casework.models import JournalEntry, JournalOpening, Person
from dokaz.errors import (
    ChangedInMemory,
    ChangedMeanwhile,
    DirectWriteRefused,
    NotInOffice,
    NumberTaken,
    SignatureNeeded,
)
from dokaz.graves.acts import end_quarantine, open_grave, open_site, quarantine, register_unit
from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.graves.places import Point
from dokaz.numbers import number


def a_grave(house):
    with house.filing("scene") as f:
        site = open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
        return open_grave(site, f, code="01")


def test_a_filing_writes_rows_entries_and_openings_together(house):
    before = journal.size()
    grave = a_grave(house)
    assert journal.size() == before + 2
    assert Grave.objects.get().entry_hash == grave.entry_hash
    newest = journal.history(grave.id)[-1]
    assert newest.fields == grave.content()
    assert house.store.log.size == before + 2


def test_an_error_inside_a_filing_leaves_nothing(house):
    before = (journal.size(), JournalOpening.objects.count())
    with pytest.raises(RuntimeError), house.filing("scene") as f:
        open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
        raise RuntimeError("the laptop fell")
    assert (journal.size(), JournalOpening.objects.count()) == before
    assert not Site.objects.exists()


def test_a_refused_filing_takes_its_files_back_and_no_other(house):
    from hashlib import sha256
    from io import BytesIO

    with house.filing("scene") as f:
        f.keep(BytesIO(b"here before"))
    with pytest.raises(RuntimeError), house.filing("scene") as f:
        for content in (b"here before", b"new", b"new"):
            f.keep(BytesIO(content))
        raise RuntimeError("refused")
    assert sha256(b"here before").hexdigest() in house.store.vault
    assert sha256(b"new").hexdigest() not in house.store.vault


@pytest.mark.parametrize("code", [" LIS", "A/B", "..", "L\nS", "L\0S", "x" * 65])
def test_a_number_that_no_page_can_show_is_not_given(house, code):
    from dokaz.errors import UnfitNumber, UnreadableCharacter
    from dokaz.missing.acts import report

    before = journal.size()
    with pytest.raises((UnfitNumber, UnreadableCharacter)), house.filing("family_liaison") as f:
        report(f, number=code, family_name="Вигаданий")
    assert journal.size() == before


@pytest.mark.parametrize("verb", ["save", "delete", "update", "bulk_update", "bulk_create", "create", "qs_delete"])
def test_nothing_is_written_round_the_acts(house, verb):
    person = Person.objects.first()
    before = journal.size()
    attempt = {
        "save": person.save,
        "delete": person.delete,
        "update": lambda: Person.objects.update(name="x"),
        "bulk_update": lambda: Person.objects.bulk_update([person], ["name"]),
        "bulk_create": lambda: Person.objects.bulk_create([Person(number="x", name="x")]),
        "create": lambda: Person.objects.create(number="x", name="x"),
        "qs_delete": lambda: Person.objects.all().delete(),
    }[verb]
    with pytest.raises(DirectWriteRefused):
        attempt()
    assert journal.size() == before
    assert not Person.objects.filter(name="x").exists()


def test_two_people_at_once_do_not_overwrite_each_other(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
    mine, hers = RecoveryUnit.objects.get(pk=unit.pk), RecoveryUnit.objects.get(pk=unit.pk)
    with house.filing("scene", reason="a grenade beneath") as f:
        quarantine(mine, f)
    with pytest.raises(ChangedMeanwhile), house.filing("scene", 2, reason="a doubt") as f:
        quarantine(hers, f)
    assert RecoveryUnit.objects.get(pk=unit.pk).version == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "LIS-01-0009-B-0"),
        ("state", "lifted"),
        ("latitude_deg", Decimal("1.00")),
        ("version", 7),
        ("points", [{"easting": 1.5}]),
    ],
)
@pytest.mark.parametrize("handed_before", [False, True])
def test_a_record_that_was_changed_after_it_was_read_is_not_filed_as_if_the_act_had(house, field, value, handed_before):
    grave = a_grave(house)
    with house.filing("scene") as f:
        register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
    unit, before = RecoveryUnit.objects.get(), journal.size()
    with pytest.raises(ChangedInMemory) as refused, house.filing("scene", reason="a grenade beneath") as f:
        if handed_before:
            quarantine(unit, f)
        setattr(unit, field, value)
        (end_quarantine if handed_before else quarantine)(unit, f)
    assert refused.value.fields == [field]
    assert journal.size() == before
    with house.filing("scene", reason="a grenade beneath") as f:
        quarantine(RecoveryUnit.objects.get(), f)


def test_a_list_within_a_record_that_was_changed_in_place_is_seen(house):
    grave = a_grave(house)
    with house.filing("scene", reason="a grenade beneath") as f:
        unit = register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
        name, stated = unit.points[0].popitem()
        with pytest.raises(ChangedInMemory, match="points"):
            quarantine(unit, f)
        unit.points[0][name] = stated
        quarantine(unit, f)
    unit.points.clear()
    with pytest.raises(ChangedInMemory, match="points"), house.filing("scene", reason="nothing there") as f:
        end_quarantine(unit, f)


def test_every_kind_of_column_is_read_quickly_as_django_reads_it(house):
    from dokaz.casework.rows import read

    grave = a_grave(house)
    with house.filing("scene") as f:
        register_unit(grave, f, type="B", points=[Point("385201.00", "5450002.00")])
    for kind in (RecoveryUnit, Grave, Site, Person):
        stored = kind.objects.first()
        found = read(kind, stored.pk)
        for column in kind._meta.concrete_fields:
            pair = getattr(found, column.attname), getattr(stored, column.attname)
            assert pair[0] == pair[1]
            assert type(pair[0]) is type(pair[1]), column
    assert read(Site, grave.pk) is None


@pytest.mark.parametrize("label", ["A-7", "a-7", "А-7", "A\u20107", "A\u20137"])
def test_a_number_that_looks_like_a_given_one_is_refused(house, label):
    """Small letters, Cyrillic letters, another dash: on a label they are one number."""
    from dokaz.missing.acts import report

    def reported(number):
        with house.filing("family_liaison") as f:
            report(f, number=number, family_name="Вигадана")

    reported("A-7")
    with pytest.raises(NumberTaken):
        reported(label)
    reported("A-8")


@pytest.mark.parametrize("number", ["СMP-000001", "cmp-000001", "CMP\u2010000001"])
def test_a_number_that_looks_like_one_of_a_series_is_unfit(number):
    from dokaz.casework.numbering import is_fit

    assert is_fit("CMP-000001") and is_fit("С-1")
    assert not is_fit(number)


def test_a_number_is_given_once(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        register_unit(grave, f, type="B", number=number("LIS", "01", 7, "B"))
    with pytest.raises(NumberTaken), house.filing("scene") as f:
        register_unit(grave, f, type="BP", number=number("LIS", "01", 7, "BP"))
    assert RecoveryUnit.objects.count() == 1


def test_an_office_that_does_not_fit_is_refused(house):
    with pytest.raises(NotInOffice), house.filing("board") as f:
        open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
    assert not Site.objects.exists()


def test_an_act_that_needs_a_signature_is_refused_without_a_key(house):
    from dataclasses import replace

    from dokaz.casework.acts import appoint
    from dokaz.casework.filing import filing

    locked = replace(house.acting("administrator"), key=None)
    with pytest.raises(SignatureNeeded), filing(by=locked, at=house.clock(), store=house.store) as f:
        appoint(Person.objects.exclude(pk=locked.person).first(), f, role="analyst")


def test_an_unchanged_field_keeps_its_salt(house):
    grave = a_grave(house)
    with house.filing("scene") as f:
        unit = register_unit(grave, f, type="B")
    with house.filing("scene", reason="flooding") as f:
        quarantine(unit, f)
    first, second = (set(v.entry.fields.values()) for v in journal.history(unit.id))
    assert len(first - second) == len(second - first) == 2  # state and reason
    assert JournalEntry.objects.filter(record=unit.id).count() == 2


def test_values_that_python_takes_for_equal_are_two_values_in_the_ledger():
    from dokaz.casework.committed import carried_over

    first = carried_over({}, {"state": "mapped", "depth_cm": "120", "count": 1})
    second = carried_over(first, {"state": "opened", "depth_cm": "120", "count": True})
    assert second["depth_cm"] is first["depth_cm"]
    assert second["state"].salt != first["state"].salt
    assert second["count"].salt != first["count"].salt


def test_the_quick_digest_is_the_digest_of_the_opening():
    from dokaz.ledger import Opening, canonical
    from dokaz.ledger.opening import digest_of

    for value in (None, 'Київ \u2028 "x"', ["1", {"a": True}], 5):
        opening = Opening.fresh("lifted_by", value)
        assert digest_of(opening.salt, "lifted_by", canonical(value).decode()) == opening.digest
