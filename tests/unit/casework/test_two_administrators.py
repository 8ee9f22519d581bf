"""What gives people power over others is put in force by two administrators; a key is stopped by one, at once."""

from dataclasses import replace

import pytest
from casebook import PASSPHRASE, assert_refused
from dokaz_verify.store import verify_store

from dokaz.casework import journal
from dokaz.casework.acts import (
    agree,
    appoint,
    dismiss,
    enrol,
    offer,
    retire_key,
    retire_own_key,
    withdraw_proposal,
)
from dokaz.casework.models import Key, Office, Person, ProposalState
from dokaz.casework.queries import actor, key_of, offices_of
from dokaz.casework.trial import is_trial
from dokaz.errors import (
    BadChoice,
    EmptyField,
    HoldsNoOffice,
    LastAdministrator,
    NotInOffice,
    NotYours,
    SignedAlready,
    WrongState,
)
from dokaz.ledger.personal import from_seed


def enrolled(house, name="Vira"):
    with house.filing("administrator") as f:
        return enrol(f, name=name, key=offer(from_seed(name.encode().ljust(32)), house.store))


def proposed(house, role="board"):
    person = enrolled(house)
    with house.filing("administrator") as f:
        return appoint(person, f, role=role)


def newest(record):
    return type(record).objects.get(pk=record.pk)


def by_the_second(house, act, record, **more):
    with house.filing("administrator", 2, **more) as f:
        return act(newest(record), f)


@pytest.mark.parametrize("role", ["administrator", "board", "dna_examiner", "print_examiner", "mortuary"])
def test_an_appointment_of_weight_waits_for_the_second_administrator(real_house, role):
    assert not is_trial()
    office = proposed(real_house, role)
    assert office.state == ProposalState.PROPOSED
    assert offices_of(office.person_id) == []
    with pytest.raises(HoldsNoOffice):
        actor(office.person, role)
    assert by_the_second(real_house, agree, office) is True
    assert [one.role for one in offices_of(office.person_id)] == [role]
    assert newest(office).since > office.since, "it is held from when it was put in force"
    assert verify_store(real_house.store.path).verified


@pytest.mark.parametrize("role", ["scene", "family_liaison", "investigator", "prosecutor", "auditor", "defence"])
def test_one_administrator_appoints_to_the_other_offices(real_house, role):
    office = proposed(real_house, role)
    assert office.state == ProposalState.IN_FORCE
    assert verify_store(real_house.store.path).verified


def test_in_a_trial_one_administrator_is_enough(house):
    assert is_trial()
    office = proposed(house)
    assert office.state == ProposalState.IN_FORCE
    assert verify_store(house.store.path).verified and verify_store(house.store.path).is_trial


def test_nobody_agrees_twice(real_house):
    office = proposed(real_house)

    def again():
        with real_house.filing("administrator") as f:
            agree(newest(office), f)

    assert_refused(SignedAlready, again)


def test_nobody_agrees_to_their_own_appointment(real_house):
    second = Person.objects.get(pk=real_house.acting("administrator", 2).person)
    with real_house.filing("administrator") as f:
        office = appoint(second, f, role="board")
    assert_refused(BadChoice, lambda: by_the_second(real_house, agree, office))


def test_only_administrators_agree(real_house):
    office = proposed(real_house)

    def by_the_scene():
        with real_house.filing("scene") as f:
            agree(newest(office), f)

    assert_refused(NotInOffice, by_the_scene)


def test_a_proposal_is_withdrawn_with_a_reason_and_not_put_in_force_after_that(real_house):
    office = proposed(real_house)
    assert_refused(EmptyField, lambda: by_the_second(real_house, withdraw_proposal, office))
    by_the_second(real_house, withdraw_proposal, office, reason="not now")
    assert_refused(WrongState, lambda: by_the_second(real_house, agree, office))
    with real_house.filing("administrator") as f:
        assert appoint(newest(office.person), f, role="board").state == ProposalState.PROPOSED
    assert verify_store(real_house.store.path).verified


def test_nobody_is_proposed_twice_for_one_office(real_house):
    office = proposed(real_house)

    def again():
        with real_house.filing("administrator") as f:
            appoint(newest(office.person), f, role="board")

    assert_refused(WrongState, again)


def test_another_key_waits_for_the_second_administrator(real_house):
    person = Person.objects.get(pk=real_house.acting("scene").person)
    fresh = from_seed(b"fresh".ljust(32))
    with real_house.filing("administrator", reason="lost") as f:
        retire_key(key_of(person.id), f)
        enrol(f, person=person, key=offer(fresh, real_house.store, person.id))
    assert key_of(person.id) is None
    by_the_second(real_house, agree, Key.objects.get(number=fresh.key_id))
    assert key_of(person.id).number == fresh.key_id
    assert verify_store(real_house.store.path).verified


def test_somebody_stops_their_own_stolen_key_at_once(real_house):
    own = real_house.acting("scene")
    with real_house.filing("scene", reason="stolen") as f:
        retire_own_key(key_of(own.person), f)
    assert key_of(own.person) is None

    def after():
        with real_house.filing("scene"):
            pass

    assert_refused(NotInOffice, after)
    assert verify_store(real_house.store.path).verified


def test_nobody_stops_the_key_of_another_but_an_administrator(real_house):
    def anothers():
        with real_house.filing("scene", reason="x") as f:
            retire_own_key(key_of(real_house.acting("administrator").person), f)

    assert_refused(NotYours, anothers)


def test_the_last_administrator_keeps_their_key(real_house):
    with real_house.filing("administrator", reason="lost") as f:
        retire_key(key_of(real_house.acting("administrator", 2).person), f)

    def the_last():
        with real_house.filing("administrator", reason="stolen") as f:
            retire_own_key(key_of(real_house.acting("administrator").person), f)

    assert_refused(LastAdministrator, the_last)


def test_two_administrators_stay_in_office(real_house):
    """One alone could not appoint a second."""
    second = Office.objects.get(pk=real_house.acting("administrator", 2).office)

    def dismissed():
        with real_house.filing("administrator", reason="left") as f:
            dismiss(second, f)

    assert_refused(LastAdministrator, dismissed)
    third = proposed(real_house, "administrator")
    by_the_second(real_house, agree, third)
    dismissed()
    assert newest(second).until is not None


def test_what_was_proposed_holds_no_key_and_no_office(real_house):
    """An act signed with a key that is only proposed is refused, whatever the caller says."""
    office, before = proposed(real_house, "board"), journal.size()
    member = replace(real_house.acting("scene"), person=office.person_id, office=office.id, role="board")
    real_house.people["board1"] = member
    with pytest.raises(NotInOffice), real_house.filing("board"):
        pass
    assert journal.size() == before


# --- on the pages -------------------------------------------------------------------------------------------------------


def browser_of(house, nth):
    from django.contrib.auth.models import User
    from django.test import Client

    from dokaz.casework.models import Account

    actor = house.acting("administrator", nth)
    pem = house.store.path / "keys" / "people" / f"{actor.key_id}.pem"
    pem.write_bytes(actor.key.wrap(PASSPHRASE).pem)
    user, is_new = User.objects.get_or_create(username=f"administrator{nth}")
    if is_new:
        Account.objects.create(user=user, person_id=actor.person)
    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"], session["office"] = user.pk, str(actor.office)
    session.save()
    return client


def test_on_the_pages_one_administrator_proposes_and_the_other_agrees(real_house):
    person = enrolled(real_house)
    first, second = browser_of(real_house, 1), browser_of(real_house, 2)
    assert "Appoint" in first.get("/ledger/people/").content.decode()
    form = {"person": str(person.pk), "role": "board", "passphrase": PASSPHRASE}
    answer = first.post("/ledger/people/appoint/", form, follow=True).content.decode()
    office = Office.objects.get(person=person)
    assert office.state == ProposalState.PROPOSED
    assert f"{office.number} waits for a second administrator" in answer
    assert "Ada Administrator" in answer, "who agreed"
    address = f"/ledger/people/office/{office.number}/agree/"
    assert address not in answer, "nobody is offered to agree twice"
    assert address in second.get("/ledger/people/").content.decode()
    assert address in second.get("/").content.decode()
    done = second.post(
        address, {"passphrase": PASSPHRASE, "version_seen": office.version}, follow=True
    ).content.decode()
    assert newest(office).state == ProposalState.IN_FORCE
    assert "Waits for a second administrator" not in done


def test_on_the_pages_a_proposal_is_withdrawn_with_a_reason(real_house):
    office, second = proposed(real_house), browser_of(real_house, 2)
    address = f"/ledger/people/office/{office.number}/withdraw/"
    second.post(address, {"passphrase": PASSPHRASE, "version_seen": office.version, "reason": "not now"})
    assert newest(office).state == ProposalState.WITHDRAWN


def test_on_the_pages_an_administrator_stops_their_own_key(real_house):
    own, second = key_of(real_house.acting("administrator", 2).person), browser_of(real_house, 2)
    address = f"/ledger/people/key/{own.number}/stop/"
    assert address in second.get("/ledger/people/").content.decode()
    second.post(address, {"passphrase": PASSPHRASE, "version_seen": own.version, "reason": "stolen"})
    assert newest(own).retired_at is not None


def test_only_administrators_are_offered_to_appoint(house, browser):
    assert browser("scene").get("/ledger/people/appoint/").status_code == 404
