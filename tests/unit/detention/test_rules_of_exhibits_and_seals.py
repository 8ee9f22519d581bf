"""What holds of exhibits, assemblies, opinions, seals and traces, whoever calls the act."""

from __future__ import annotations

import datetime as dt

import pytest
from casebook import a_grave, also, assert_refused, newest
from detention_case import a_place, a_search, an_exhibit, closed, everything_done, rooms_of, sealed
from put_right_cases import assert_verifies, correct, void

from dokaz.casework.acts import hand_over, take_over
from dokaz.casework.filing import filing
from dokaz.casework.models import Person
from dokaz.casework.queries import inventory
from dokaz.detention.acts import (
    account_for_seal,
    assemble,
    find_broken,
    find_intact,
    opine,
    replace_seal,
    secure_trace,
    seize,
)
from dokaz.detention.models import Assembly, Exhibit, FunctionOpinion, Seal
from dokaz.detention.queries import assembly_of, broken_seals, without_opinion
from dokaz.errors import (
    BadChoice,
    BadNumber,
    ClosedField,
    EmptyField,
    InTheFuture,
    NotInOffice,
    NotYours,
    NumberTaken,
    OutOfRange,
    RestedOn,
    TooEarly,
    WrongKind,
    WrongState,
)
from dokaz.numbers import number

LATER = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
BEFORE = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
OPINION = {"function": "an electrical circuit", "basis": "measured: 80 V", "qualification": "engineer, 12 years"}


def filed(house, act, *args, by="scene", nth=1, **values):
    with house.filing(by, nth) as f:
        return act(*(newest(one) for one in args), f, **values)


@pytest.fixture
def search(house):
    return a_search(house)


@pytest.fixture
def room(search):
    return rooms_of(search)[0]


@pytest.fixture
def exhibit(house, room):
    return an_exhibit(house, room)


# --- exhibits --------------------------------------------------------------------------------------------------------


def test_an_exhibit_is_numbered_by_its_room_and_held_by_whoever_files(house, room):
    first = an_exhibit(house, room, position=["1.5", "2.25"])
    trace = filed(house, secure_trace, room, sort="swab", seen="door handle")
    third = an_exhibit(house, room)
    assert [first.number, trace.number, third.number] == [
        number("POL", "C1", n, t) for n, t in ((1, "E"), (2, "T"), (3, "E"))
    ]
    assert (first.holder_id, first.place) == (house.acting("scene").person, "POL-C1")
    label = number("POL", "C1", 40, "E")
    assert an_exhibit(house, room, number=label).number == label
    assert_refused(NumberTaken, lambda: an_exhibit(house, room, number=number("POL", "C1", 2, "E")))
    assert_refused(BadNumber, lambda: an_exhibit(house, room, number=number("POL", "C2", 41, "E")))
    assert_refused(BadNumber, lambda: an_exhibit(house, room, number=number("POL", "C1", 41, "A")))
    assert_refused(BadNumber, lambda: an_exhibit(house, room, number="POL-C1-0041-E-0"))


def test_an_exhibit_is_seized_in_its_search_as_it_is_seen(house, room):
    assert_refused(EmptyField, lambda: an_exhibit(house, room, seen=" "))
    assert_refused(BadChoice, lambda: an_exhibit(house, room, look="for torture"))
    assert_refused(TooEarly, lambda: an_exhibit(house, room, taken_at=BEFORE))
    assert_refused(InTheFuture, lambda: an_exhibit(house, room, taken_at=LATER))
    assert_refused(WrongKind, lambda: an_exhibit(house, room, position=["1"]))
    assert_refused(NotInOffice, lambda: filed(house, seize, room, by="investigator", look="cable", seen="x"))
    assert Exhibit.objects.count() == 0


def test_an_exhibit_has_no_field_for_its_function(exhibit):
    assert not {"function", "purpose", "used_for"} & {field.name for field in Exhibit.content_fields()}


def test_an_exhibit_passes_from_hand_to_hand_and_is_counted_once(house, exhibit):
    to = Person.objects.get(pk=house.acting("investigator").person)
    with house.filing("scene") as f:
        transfer = hand_over([newest(exhibit)], f, to=to, from_place="POL-C1", to_place="Store 1")
    with house.filing("investigator") as f:
        take_over(transfer, f)
    assert newest(exhibit).holder_id == to.id
    assert [row[:2] for row in inventory()] == [("detention.Exhibit", "Store 1")]
    assert_verifies(house, "handed-over")


# --- assemblies and opinions -----------------------------------------------------------------------------------------


def parts(house, room):
    return [an_exhibit(house, room, look=look, seen=look) for look in ("telephone", "cable", "clamp")]


def test_parts_keep_their_numbers_and_belong_to_one_assembly(house, search, room):
    found = parts(house, room)
    whole = filed(house, assemble, search, parts=found, connected="yes", seen="connected when found")
    assert [assembly_of(newest(part)) for part in found] == [whole] * 3
    again = {"connected": "no", "seen": "x"}
    lone, more = an_exhibit(house, room), parts(house, room)
    elsewhere = an_exhibit(house, rooms_of(a_search(house, a_place(house, "SCH")))[0])
    assert_refused(NotYours, lambda: filed(house, assemble, search, parts=[newest(found[0]), lone], **again))
    for wrong in ([lone], [lone, lone], [lone, elsewhere]):
        assert_refused(WrongKind, lambda wrong=wrong: filed(house, assemble, search, parts=wrong, **again))
    assert_refused(EmptyField, lambda: filed(house, assemble, search, parts=more, connected="no", seen=""))
    assert_refused(RestedOn, lambda: void(house, found[0]))
    assert_refused(ClosedField, lambda: correct(house, whole, {"parts": []}))
    void(house, whole)
    filed(house, assemble, search, parts=[newest(one) for one in found[:2]], **again)
    assert Assembly.objects.count() == 1
    # Void as it is, it does not come back beside the one that took its parts.
    assert_refused(NotYours, lambda: void(house, whole, "it was right after all"))


def test_an_opinion_is_signed_apart_by_one_who_did_not_seize_it(house, search, exhibit):
    opinion = filed(house, opine, exhibit, by="mortuary", **OPINION)
    assert (opinion.expert_id, opinion.seized_by_id) == (house.acting("mortuary").person, exhibit.taken_by_id)
    assert newest(exhibit).version == 1
    assert not without_opinion().exists()
    assert_refused(NotInOffice, lambda: filed(house, opine, exhibit, by="scene", **OPINION))
    assert_refused(NotInOffice, lambda: filed(house, opine, exhibit, by="investigator", **OPINION))
    for name in OPINION:
        assert_refused(
            EmptyField, lambda name=name: filed(house, opine, exhibit, by="mortuary", **{**OPINION, name: " "})
        )
    assert_refused(TooEarly, lambda: filed(house, opine, exhibit, by="mortuary", given_on=BEFORE.date(), **OPINION))
    assert_refused(InTheFuture, lambda: filed(house, opine, exhibit, by="mortuary", given_on=LATER.date(), **OPINION))
    assert_refused(ClosedField, lambda: correct(house, opinion, {"function": "a lamp"}))
    other = house.acting("mortuary", 2)
    assert_refused(NotYours, lambda: correct(house, opinion, {"qualification": "none"}, by=other))
    assert_verifies(house, "opined")


def test_an_opinion_by_the_person_who_seized_it_is_no_experts(house, search, room, exhibit):
    seizer = also(house, "scene1", "dna_examiner")

    def opine_as_seizer(about):
        with filing(by=seizer, at=house.clock(), store=house.store) as f:
            opine(newest(about), f, **OPINION)

    assert_refused(NotYours, lambda: opine_as_seizer(exhibit))
    others = [an_exhibit(house, room, by=2) for _nth in range(2)]
    whole = filed(house, assemble, search, nth=2, parts=[*others, newest(exhibit)], connected="yes", seen="one device")
    assert_refused(NotYours, lambda: opine_as_seizer(whole))
    filed(house, opine, whole, by="mortuary", **OPINION)
    assert FunctionOpinion.objects.get().assembly == whole
    assert not without_opinion().exists()


# --- seals -----------------------------------------------------------------------------------------------------------


def test_a_seal_is_applied_once_by_whoever_holds_the_exhibit(house, exhibit):
    seal = sealed(house, exhibit, label=" AA 0001 ")
    assert (seal.label, seal.state, seal.applied_by_id) == ("AA 0001", "on", exhibit.holder_id)
    assert_refused(NumberTaken, lambda: sealed(house, exhibit, label="aa 0001"))
    assert_refused(EmptyField, lambda: sealed(house, exhibit, label=" "))
    assert_refused(TooEarly, lambda: sealed(house, exhibit, label="AA 2", applied_at=BEFORE))
    assert_refused(InTheFuture, lambda: sealed(house, exhibit, label="AA 2", applied_at=LATER))
    with pytest.raises(NotYours), house.filing("mortuary") as f:
        from dokaz.detention.acts import apply_seal

        apply_seal(newest(exhibit), f, label="AA 3")
    assert Seal.objects.count() == 1


def test_a_seal_is_found_intact_under_its_own_number_only(house, exhibit):
    seal = sealed(house, exhibit)
    assert_refused(NotYours, lambda: filed(house, find_intact, seal, by="mortuary", label="AA 0007"), match="AA 0001")
    filed(house, find_intact, seal, by="mortuary", label="AA 0001", seen="whole")
    looked = newest(seal)
    assert (looked.state, looked.checked_by_id, looked.seen) == ("on", house.acting("mortuary").person, "whole")
    assert_refused(ClosedField, lambda: correct(house, seal, {"label": "AA 0007"}))


def test_a_broken_seal_waits_until_an_investigator_accounts_for_it(house, exhibit):
    seal = sealed(house, exhibit)
    assert_refused(EmptyField, lambda: filed(house, find_broken, seal, by="mortuary", seen=""))
    filed(house, find_broken, seal, by="mortuary", seen="cut through")
    assert list(broken_seals()) == [newest(seal)]
    assert_refused(WrongState, lambda: filed(house, find_broken, seal, by="mortuary", seen="again"))
    assert_refused(WrongState, lambda: filed(house, find_intact, seal, by="mortuary", label="AA 0001"))
    assert_refused(WrongState, lambda: filed(house, replace_seal, seal, label="AA 2", seen="x"))
    assert_refused(NotInOffice, lambda: filed(house, account_for_seal, seal, by="mortuary", account="customs"))
    assert_refused(EmptyField, lambda: filed(house, account_for_seal, seal, by="investigator", account=" "))
    # Voiding it would hide it.
    assert_refused(WrongState, lambda: void(house, seal))
    filed(house, account_for_seal, seal, by="investigator", account="opened at the border; protocol 5")
    assert (newest(seal).state, broken_seals().count()) == ("accounted", 0)
    assert_refused(WrongState, lambda: void(house, seal))
    assert sealed(house, exhibit, label="AA 0002").state == "on"
    assert_verifies(house, "sealed")


def test_neither_who_applied_nor_who_found_it_accounts_for_a_seal(house, exhibit):
    seals = [sealed(house, exhibit, label=label) for label in ("AA 1", "AA 2")]
    finder = also(house, "mortuary1", "investigator")
    sealer = also(house, "scene1", "investigator")
    for seal, by in zip(seals, (finder, sealer), strict=True):
        filed(house, find_broken, seal, by="mortuary", seen="cut")

        def accounted(seal=seal, by=by):
            with filing(by=by, at=house.clock(), store=house.store) as f:
                account_for_seal(newest(seal), f, account="I did not")

        assert_refused(NotYours, accounted)


def test_a_seal_is_replaced_by_another_that_names_it(house, exhibit):
    old = sealed(house, exhibit)
    assert_refused(EmptyField, lambda: filed(house, replace_seal, old, label="AA 0002", seen=" "))
    assert_refused(NumberTaken, lambda: filed(house, replace_seal, old, label="AA 0001", seen="opened to swab"))
    new = filed(house, replace_seal, old, label="AA 0002", seen="opened to swab it; was whole")
    assert (newest(old).state, new.state, new.replaces_id) == ("replaced", "on", old.pk)
    assert_refused(WrongState, lambda: filed(house, replace_seal, old, label="AA 0003", seen="again"))
    assert_verifies(house, "replaced")


# --- traces ----------------------------------------------------------------------------------------------------------


def test_what_is_carried_away_has_a_holder_and_what_stays_has_none(house, room):
    swab = filed(house, secure_trace, room, sort="swab", seen="door handle")
    writing = filed(
        house, secure_trace, room, sort="writing", seen="over the bunk", transcription="12.04 Вигаданий І[…]"
    )
    assert (swab.holder_id, writing.holder_id) == (house.acting("scene").person, None)
    assert writing.place == "POL-C1"
    assert_refused(EmptyField, lambda: filed(house, secure_trace, room, sort="swab", seen=" "))
    assert_refused(BadChoice, lambda: filed(house, secure_trace, room, sort="aura", seen="x"))
    assert_refused(TooEarly, lambda: filed(house, secure_trace, room, sort="swab", seen="x", taken_at=BEFORE))


def test_a_trace_on_an_exhibit_is_of_the_room_where_that_was_found(house, search, exhibit):
    room, other = rooms_of(search)
    trace = filed(house, secure_trace, room, sort="print", seen="handle", exhibit=newest(exhibit))
    assert list(exhibit.traces.all()) == [trace]
    assert_refused(
        WrongKind, lambda: filed(house, secure_trace, other, sort="print", seen="x", exhibit=newest(exhibit))
    )
    everything_done(house, search)
    closed(house, search)
    assert_refused(WrongState, lambda: filed(house, secure_trace, room, sort="print", seen="x"))
    assert_verifies(house, "traced")


# --- photographs -----------------------------------------------------------------------------------------------------


def test_a_photograph_of_an_exhibit_says_its_scale_and_direction(house, exhibit, search):
    import io

    from dokaz.casework.acts import AttachedFile, attach
    from dokaz.detention.acts import note_picture

    def attached(record, media_type="image/jpeg"):
        file = AttachedFile("e.jpg", io.BytesIO(b"invented"), media_type)
        return filed(house, attach, record, file=file, description="from above")

    picture, text, elsewhere = attached(exhibit), attached(exhibit, "application/pdf"), attached(a_grave(house))
    note = filed(house, note_picture, picture, shows="both ends", scale_cm="10", direction="DOWN")
    assert (note.picture, note.scale_cm, note.direction) == (picture, "10", "DOWN")
    for wrong in (text, elsewhere):
        assert_refused(WrongKind, lambda wrong=wrong: filed(house, note_picture, wrong, shows="x"))
    assert_refused(EmptyField, lambda: filed(house, note_picture, picture, shows=" "))
    assert_refused(OutOfRange, lambda: filed(house, note_picture, picture, shows="x", scale_cm="1001"))
    assert_refused(BadChoice, lambda: filed(house, note_picture, picture, shows="x", direction="left"))
    assert_refused(OutOfRange, lambda: correct(house, note, {"scale_cm": "-1"}))
