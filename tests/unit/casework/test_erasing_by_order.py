"""Erasure by order: what two put in force is destroyed wherever the store keeps it, and nothing else is."""

import datetime as dt
import hashlib
import shutil

import pytest
from casebook import assert_refused
from django.core.management import call_command
from dokaz_verify.store import verify_store

from dokaz.casework import carrying_out, journal
from dokaz.casework.acts import agree, appoint, enrol, offer, order_erasure, withdraw_proposal
from dokaz.casework.acts.erasing import destroy_again
from dokaz.casework.checking import check
from dokaz.casework.erasure import ordered_by_the_journal
from dokaz.casework.filing import Actor
from dokaz.casework.models import ErasureDue, ErasureOrder, JournalOpening, ProposalState
from dokaz.casework.rebuilding import rebuild
from dokaz.casework.records import ERASED, record_kinds
from dokaz.errors import (
    BadChoice,
    EmptyField,
    InTheFuture,
    NeverErased,
    NothingToErase,
    NotInOffice,
    OpeningMissing,
    SignedAlready,
    WrongKind,
    WrongState,
)
from dokaz.ledger.personal import from_seed
from dokaz.missing.acts import report, verify
from dokaz.missing.correcting import correct_report
from dokaz.missing.models import MissingPerson

NAME = "Неповторненко"
DOCUMENT = "Invented court, 12/26"
DAY = dt.date(2026, 5, 1)


@pytest.fixture
def people(real_house):
    """Somebody at the families, and somebody who leads the investigation."""
    for role in ("family_liaison", "investigator"):
        key = from_seed(hashlib.sha256(role.encode()).digest())
        with real_house.filing("administrator") as f:
            person = enrol(f, name=role, key=offer(key, real_house.store))
            office = appoint(person, f, role=role)
        real_house.people[f"{role}1"] = Actor(person.id, office.id, role, key.key_id, key)
    return real_house


@pytest.fixture
def person(people):
    with people.filing("family_liaison") as f:
        return report(f, family_name=NAME, given_name="Invented", sex="male", born="1990", note=f"brother of {NAME}")


def newest(record):
    return type(record).every.get(pk=record.pk)


def ordered(house, record, *fields, role="administrator", reason="outside of the mandate", **more):
    given = {"authority": "court", "document": DOCUMENT, "ordered_on": DAY, **more}
    with house.filing(role, reason=reason) as f:
        return order_erasure(newest(record), f, fields=fields, **given)


def put_in_force(house, order):
    with house.filing("administrator", 2) as f:
        return agree(newest(order), f)


def erased(house, record, *fields, **more):
    order = ordered(house, record, *fields, **more)
    assert put_in_force(house, order)
    return newest(order)


def openings_of(house):
    return (house.store.path / "openings" / "000.jsonl").read_text(encoding="utf-8")


def what_is_wrong(house):
    """Keys aside: of these people nobody has theirs in the store."""
    return [(each.what, each.unfinished) for each in check(house.store) if not each.file.startswith("keys")]


def codes(house):
    return set(verify_store(house.store.path).counts)


def assert_sound(house):
    assert what_is_wrong(house) == []
    verdict = verify_store(house.store.path)
    assert verdict.verified, verdict.faults[:3]
    return verdict


# --- what an order does -----------------------------------------------------------------------------------------------


def test_what_two_put_in_force_is_destroyed_in_openings_tables_and_rows(people, person):
    order = ordered(people, person, "family_name", "note")
    assert newest(person).family_name == NAME, "one alone destroys nothing"
    assert_sound(people)
    assert put_in_force(people, order) is True
    found = newest(person)
    assert (found.family_name, found.note, found.given_name) == (ERASED, ERASED, "Invented")
    assert found.erased == ["family_name", "note"]
    assert not JournalOpening.objects.filter(value__contains=NAME).exists()
    assert NAME not in openings_of(people) and "Invented" in openings_of(people)
    assert not ErasureDue.objects.exists()
    verdict = assert_sound(people)
    told = {(each.name, each.order, each.authority, each.document) for each in verdict.erased}
    assert told == {(name, order.number, "court", DOCUMENT) for name in ("family_name", "note")}


def test_an_investigator_orders_and_two_administrators_put_it_in_force(people, person):
    order = ordered(people, person, "note", role="investigator")
    with people.filing("administrator") as f:
        assert agree(newest(order), f) is False
    assert newest(person).note != ERASED
    assert put_in_force(people, order) is True
    assert newest(person).note == ERASED
    assert_sound(people)


def test_in_a_trial_one_administrator_is_enough(house):
    with house.filing("family_liaison") as f:
        person = report(f, family_name=NAME, given_name="Invented", sex="male")
    assert ordered(house, person, "family_name").state == ProposalState.IN_FORCE
    assert newest(person).family_name == ERASED
    assert_sound(house)


def test_a_record_goes_on_after_something_of_it_was_erased(people, person):
    erased(people, person, "family_name", "reported_by")
    with people.filing("family_liaison") as f:
        verify(newest(person), f)
    found = newest(person)
    assert (found.version, found.state, found.family_name, found.erased) == (2, "verified", ERASED, ["family_name"])
    first, second = journal.history(person.pk)
    assert first.entry.fields["family_name"] == second.entry.fields["family_name"], (
        "what is not changed keeps its digest"
    )
    assert first.erased == second.erased == {"family_name": ErasureOrder.objects.get().number}
    assert_sound(people)


def test_what_was_erased_may_be_stated_anew(people, person):
    erased(people, person, "family_name", "note")
    with people.filing("family_liaison", reason="the family agrees to this spelling") as f:
        correct_report(newest(person), f, values={"family_name": "Другий"})
    assert (newest(person).family_name, newest(person).erased) == ("Другий", ["note"])
    assert_sound(people)


def test_only_what_the_named_versions_held_is_erased(people, person):
    with people.filing("family_liaison", reason="misread") as f:
        correct_report(newest(person), f, values={"family_name": "Правильний"})
    erased(people, person, "family_name", versions=[1])
    assert (newest(person).family_name, newest(person).erased) == ("Правильний", [])
    assert NAME not in openings_of(people).replace(f"brother of {NAME}", "")
    assert_sound(people)


def test_what_was_stated_after_the_order_is_not_covered_by_it(people, person):
    order = ordered(people, person, "family_name")
    with people.filing("family_liaison", reason="misread") as f:
        correct_report(newest(person), f, values={"family_name": "Правильний"})
    put_in_force(people, order)
    assert (newest(person).family_name, newest(person).erased) == ("Правильний", [])
    assert_sound(people)


def test_an_order_that_was_withdrawn_destroys_nothing(people, person):
    order = ordered(people, person, "family_name")
    with people.filing("administrator", 2, reason="not this court") as f:
        withdraw_proposal(newest(order), f)
    assert newest(person).family_name == NAME
    assert_refused(WrongState, lambda: put_in_force(people, order))
    assert_sound(people)


def test_the_copy_that_two_agreed_to_is_erased_with_the_value(house):
    from casebook import identified, missing, units

    from dokaz.casework.models import Correction
    from dokaz.identification.acts import agree_comparison, correct_comparison
    from dokaz.identification.models import Comparison

    (unit,), (person,) = units(house), missing(house, "One")
    identified(house, unit, person)
    comparison = Comparison.objects.filter(state="signed").first()
    with house.filing("dna_examiner", reason="a slip") as f:
        correct_comparison(comparison, f, values={"statement": f"{NAME} is named here"})
    proposed = Correction.objects.get()
    assert_refused(WrongState, lambda: ordered(house, comparison, "statement"))
    with house.filing("dna_examiner", 2, reason="compared") as f:
        agree_comparison(newest(proposed), f)
    assert openings_of(house).count(NAME) == 2
    ordered(house, comparison, "statement", versions=[newest(comparison).version])
    assert NAME not in openings_of(house)
    assert newest(proposed).openings == {} and newest(proposed).erased == ["openings"]
    assert_sound(house)


def test_the_values_of_a_correction_that_was_declined_are_erased_too(house):
    """No version ever held them, and they are written down all the same."""
    from casebook import identified, missing, units

    from dokaz.casework.models import Correction
    from dokaz.casework.second_person import decline_correction
    from dokaz.identification.acts import correct_comparison
    from dokaz.identification.models import Comparison

    (unit,), (person,) = units(house), missing(house, "One")
    identified(house, unit, person)
    with house.filing("dna_examiner", reason="a slip") as f:
        correct_comparison(Comparison.objects.filter(state="signed").first(), f, values={"statement": f"of {NAME}"})
    proposed = Correction.objects.get()
    with house.filing("dna_examiner", 2, reason="not so") as f:
        decline_correction(proposed, f)
    ordered(house, Comparison.objects.filter(state="signed").first(), "statement")
    assert NAME not in openings_of(house) and newest(proposed).openings == {}
    assert_sound(house)


def test_what_is_filed_on_in_the_same_filing_does_not_bring_it_back(house):
    from dokaz.casework.acts import correct_person
    from dokaz.casework.models import Person

    who = Person.objects.get(name="scene 1")
    with house.filing("administrator", reason="tried") as f:
        correct_person(who, f, values={"organisation": NAME})
        order_erasure(newest(who), f, fields=["organisation"], authority="law", document=DOCUMENT, ordered_on=DAY)
        correct_person(newest(who), f, values={"name": "Another"})
    assert (newest(who).organisation, newest(who).erased) == (ERASED, ["organisation"])
    assert NAME not in openings_of(house)
    assert_sound(house)


def test_an_order_counts_from_the_size_of_the_log_on_at_which_it_is_in_force(people, person):
    order = ordered(people, person, "note")
    before = journal.size()
    put_in_force(people, order)
    assert ordered_by_the_journal(before) == {} and set(ordered_by_the_journal().values()) == {order.number}


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "change"), [
    (EmptyField, {"document": " "}),
    (EmptyField, {"reason": ""}),
    (BadChoice, {"authority": "me"}),
    (InTheFuture, {"ordered_on": dt.date(2027, 1, 1)}),
    (WrongKind, {"versions": [7]}),
])  # fmt: skip
def test_an_order_says_on_whose_authority_and_why(people, person, error, change):
    assert_refused(error, lambda: ordered(people, person, "note", **change))


@pytest.mark.parametrize(("error", "field"), [
    (NeverErased, "number"), (NeverErased, "state"), (NeverErased, "voided"), (NeverErased, "same_as"),
    (NeverErased, "delivery"), (NothingToErase, "clothing"), (NothingToErase, "marks"), (WrongKind, "shoes"),
])  # fmt: skip
def test_what_rules_read_and_what_links_or_numbers_records_is_never_erased(people, person, error, field):
    assert_refused(error, lambda: ordered(people, person, field))


def test_why_a_field_is_never_erased_is_said(people, person):
    for field, why in (
        ("number", "given once"),
        ("state", "rules read it"),
        ("delivery", "what the record belongs to"),
    ):
        assert_refused(NeverErased, lambda field=field: ordered(people, person, field), match=why)


def test_nothing_is_erased_twice(people, person):
    erased(people, person, "note")
    assert_refused(NothingToErase, lambda: ordered(people, person, "note"))


def test_nobody_else_orders_and_nobody_agrees_twice(people, person):
    assert_refused(NotInOffice, lambda: ordered(people, person, "note", role="family_liaison"))
    order = ordered(people, person, "note")

    def again():
        with people.filing("administrator") as f:
            agree(newest(order), f)

    assert_refused(SignedAlready, again)


def test_orders_keys_offices_signatures_and_constitutions_are_never_erased(people, person):
    from dokaz.casework.constitution import WHOLLY_OPEN
    from dokaz.casework.erasure import erasable_fields

    order = ordered(people, person, "note")
    assert_refused(NeverErased, lambda: ordered(people, order, "document"))
    for kind in record_kinds():
        assert bool(erasable_fields(kind)) != (kind.kind() in WHOLLY_OPEN), kind


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_operator_destroys_an_opening_and_no_order_covers_it(people, person):
    digest = journal.history(person.pk)[0].entry.fields["note"]
    index = journal.history(person.pk)[0].index
    people.store.log.erase({digest: index})
    assert [what for what, _ in what_is_wrong(people)] == [
        f"entry {index}: nothing opens its field 'note', and no order erased it"
    ]
    assert codes(people) == {"field-not-declared"}
    JournalOpening.objects.filter(digest=digest).delete()
    found = [what for what, _ in what_is_wrong(people)]
    assert found.count(f"entry {index}: nothing opens its field 'note', and no order erased it") == 2
    assert "note: the ledger holds no opening for it" in found

    def go_on():
        with people.filing("family_liaison") as f:
            verify(newest(person), f)

    assert_refused(OpeningMissing, go_on)


def test_what_is_gone_under_an_order_that_only_was_proposed_is_missing(people, person):
    ordered(people, person, "note")
    JournalOpening.objects.filter(digest=journal.history(person.pk)[0].entry.fields["note"]).delete()
    assert journal.history(person.pk)[0].erased == {}

    def go_on():
        with people.filing("family_liaison") as f:
            verify(newest(person), f)

    assert_refused(OpeningMissing, go_on)


def test_an_order_that_was_not_carried_out_is_named_and_can_be_carried_out_again(people, person):
    kept = JournalOpening.objects.filter(name="note", value__contains=NAME).get()
    before = openings_of(people)
    order = erased(people, person, "note")
    lines = openings_of(people).splitlines()
    lines[kept.index] = before.splitlines()[kept.index]
    (people.store.path / "openings" / "000.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    kept.save(force_insert=True)
    said = f"entry {kept.index}: 'note' is there, though {order.number} ordered that it be erased"
    assert what_is_wrong(people) == [(said, False), (said, False)], "on the disk and in the database"
    assert codes(people) == {"erased-and-shown"}
    assert destroy_again() == 1
    people.store.publish()
    assert NAME not in openings_of(people).replace(f'"{NAME}"', "")
    assert_sound(people)


def test_whoever_is_killed_between_the_database_and_the_disk_is_carried_on(people, person, monkeypatch):
    order = ordered(people, person, "family_name", "note")
    with monkeypatch.context() as patched:
        patched.setattr("dokaz.casework.carrying_out.carry_out_erasures", lambda store: None)
        put_in_force(people, order)
    assert NAME in openings_of(people)
    assert {unfinished for _what, unfinished in what_is_wrong(people)} == {True}
    assert codes(people) == {"erased-and-shown"} and carrying_out.is_due()
    people.store.publish()
    assert NAME not in openings_of(people) and not carrying_out.is_due()
    assert_sound(people)


def test_whoever_is_killed_before_publishing_is_carried_on(people, monkeypatch):
    """The record, its order and its erasure are committed, and nothing of them is published; its line is half there."""
    with monkeypatch.context() as patched:
        patched.setattr("dokaz.casework.store.Store.publish", lambda store: None)
        with people.filing("family_liaison") as f:
            person = report(f, family_name=NAME, given_name="Invented", sex="male")
        first = people.store.log.size
        people.store.log.openings.append(journal.new_openings(first, journal.size()))
        erased(people, person, "family_name")
    assert NAME in openings_of(people)
    people.store.publish()
    assert NAME not in openings_of(people)
    assert_sound(people)


def test_a_row_that_was_changed_back_is_named(people, person):
    from dokaz.casework.rows import replace

    erased(people, person, "note")
    row = newest(person)
    row.note = f"brother of {NAME}"
    replace(row, entry_hash=row.entry_hash)
    assert what_is_wrong(people) == [("note was erased, and the table says something", False)]
    row.note, row.erased = ERASED, []
    replace(row, entry_hash=row.entry_hash)
    assert what_is_wrong(people) == [("marks as erased: nothing; orders cover: note", False)]


def empty_tables():
    call_command("flush", interactive=False, verbosity=0)


def test_rebuild_makes_the_same_tables_and_brings_nothing_back(people, person):
    kept = people.store.path.with_name("kept")
    shutil.copytree(people.store.path / "openings", kept)
    erased(people, person, "family_name", "note", "born", "reported_on")
    with people.filing("family_liaison") as f:
        verify(newest(person), f)
    due = {
        kind: [row.values_to_compare() + [row.erased] for row in kind.every.order_by("pk")] for kind in record_kinds()
    }
    empty_tables()
    rebuild(people.store)
    assert due == {
        kind: [row.values_to_compare() + [row.erased] for row in kind.every.order_by("pk")] for kind in record_kinds()
    }
    assert_sound(people)
    # A copy of the openings from before the order.
    lines = openings_of(people).splitlines()
    index = journal.history(person.pk)[0].index
    lines[index] = (kept / "000.jsonl").read_text(encoding="utf-8").splitlines()[index]
    (people.store.path / "openings" / "000.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    empty_tables()
    rebuild(people.store)
    assert newest(MissingPerson.objects.get(pk=person.pk)).family_name == ERASED
    assert not JournalOpening.objects.filter(value__contains=NAME).exists()
    people.store.publish()
    assert NAME not in openings_of(people)
    assert_sound(people)
