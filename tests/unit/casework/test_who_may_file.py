"""Who files: a key in use, an office held, and nobody in another person's name."""

import uuid
from dataclasses import replace

import pytest
from casebook import also, assert_refused

from dokaz.casework.filing import filing
from dokaz.casework.models import Key, Office, Person
from dokaz.errors import BadChoice, LastAdministrator, NotInOffice, SignedAlready, WrongKind, WrongState
from dokaz.graves.acts import open_site
from dokaz.graves.models import Site


def a_site(house, by, code="LIS"):
    with filing(by=by, at=house.clock(), store=house.store) as f:
        return open_site(f, code=code, name="Invented forest", crs="EPSG:32637")


def retired(house, actor, *, nth=1):
    from dokaz.casework.acts import retire_key

    with house.filing("administrator", nth, reason="lost") as f:
        retire_key(Key.objects.get(number=actor.key_id), f)


def dismissed(house, actor):
    from dokaz.casework.acts import dismiss

    with house.filing("administrator", reason="left the investigation") as f:
        dismiss(Office.objects.get(pk=actor.office), f)


def test_a_retired_key_files_nothing(house):
    thief, other = house.acting("scene"), house.acting("scene", 2)
    retired(house, thief)
    assert_refused(NotInOffice, lambda: a_site(house, thief), match="retired")
    a_site(house, other)
    assert Site.objects.get().number == "LIS"


def test_the_key_of_another_person_files_nothing(house):
    other = house.acting("scene", 2)
    mixed = replace(house.acting("scene"), key_id=other.key_id, key=other.key)
    assert_refused(NotInOffice, lambda: a_site(house, mixed))


def test_an_office_that_ended_files_nothing(house):
    left, other = house.acting("scene"), house.acting("scene", 2)
    dismissed(house, left)
    assert_refused(NotInOffice, lambda: a_site(house, left))
    a_site(house, other)


@pytest.mark.parametrize("what", ["office", "role", "person"])
def test_an_office_of_somebody_else_files_nothing(house, what):
    mixed = replace(house.acting("scene"), **{what: getattr(house.acting("board"), what)})
    assert_refused(NotInOffice, lambda: a_site(house, mixed))


# --- in several offices ----------------------------------------


def in_both(house, other, code="LIS"):
    with house.filing("mortuary") as f, f.in_office(other):
        open_site(f, code=code, name="Invented forest", crs="EPSG:32637")


def test_one_person_files_in_two_offices(house):
    too = also(house, "mortuary1", "scene")
    in_both(house, too)
    assert Site.objects.get().number == "LIS"


def test_nobody_files_in_the_office_of_another_person(house):
    assert_refused(NotInOffice, lambda: in_both(house, house.acting("scene")))


def test_nobody_files_in_an_office_that_they_no_longer_hold(house):
    too = also(house, "mortuary1", "scene")
    dismissed(house, too)
    assert_refused(NotInOffice, lambda: in_both(house, too))


def test_after_another_office_one_is_in_the_first_again(house):
    too = also(house, "mortuary1", "scene")

    def back():
        with house.filing("mortuary") as f:
            with f.in_office(too):
                open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")
            open_site(f, code="STV", name="Invented village", crs="EPSG:32637")

    assert_refused(NotInOffice, back)


# --- keys and offices ----------------------------------------


def test_a_key_is_retired_once_and_never_the_one_that_signs(house):
    actor = house.acting("scene")
    retired(house, actor)
    assert_refused(WrongState, lambda: retired(house, actor))
    assert_refused(WrongState, lambda: retired(house, house.acting("administrator")))
    key = Key.objects.get(number=actor.key_id)
    assert key.retired_at is not None and key.reason == "lost"


def test_an_appointment_ends_once(house):
    actor = house.acting("scene")
    dismissed(house, actor)
    assert_refused(WrongState, lambda: dismissed(house, actor))
    assert Office.objects.get(pk=actor.office).until is not None


def test_the_last_administrator_is_not_dismissed(house):
    assert_refused(LastAdministrator, lambda: dismissed(house, house.acting("administrator")))
    second = also(house, "scene1", "administrator")
    dismissed(house, second)
    also(house, "scene2", "administrator")
    dismissed(house, house.acting("administrator"))
    assert Office.objects.filter(role="administrator", until=None).count() == 1


def test_a_second_office_of_one_administrator_is_no_second_administrator(house):
    """The same person twice: nobody could appoint anybody after that."""
    from dokaz.casework.acts import appoint

    chief = Person.objects.get(pk=house.acting("administrator").person)

    def again():
        with house.filing("administrator") as f:
            appoint(chief, f, role="administrator")

    assert_refused(BadChoice, again)
    assert_refused(LastAdministrator, lambda: dismissed(house, house.acting("administrator")))


def test_an_office_may_be_given_again_after_it_ended(house):
    from dokaz.casework.acts import appoint

    actor = house.acting("scene")
    person = Person.objects.get(pk=actor.person)

    def appointed():
        with house.filing("administrator") as f:
            return appoint(person, f, role="scene")

    assert_refused(WrongState, appointed)
    dismissed(house, actor)
    office = appointed()
    assert office.until is None and office.role == "scene"
    a_site(house, replace(actor, office=office.id))


@pytest.mark.parametrize("public_key", ["", "zz" * 32, "ab" * 31, "AB" * 32])
def test_a_key_that_is_none_is_not_enrolled(house, public_key):
    from dokaz.casework.acts import OfferedKey, enrol

    def enrolled():
        with house.filing("administrator") as f:
            enrol(f, name="Somebody", key=OfferedKey(public_key, uuid.uuid4(), "AA=="))

    assert_refused(WrongKind, enrolled)


def test_nobody_signs_the_same_version_twice_with_a_second_key_in_use(house, tmp_path):
    """Whoever had two keys would be two people: the signatures are counted by person."""
    from casebook import compare, lay, missing, sign, units

    (unit,), (person,) = units(house), missing(house, "Андрій")
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    assert_refused(SignedAlready, lambda: sign(house, decision, 1))
    assert sign(house, decision, 2) is True
