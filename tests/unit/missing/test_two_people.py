"""A report that turns out to be of two people is split; what rested on it is reopened; a mistake is undone."""

from __future__ import annotations

import dokaz_verify
import pytest
from casebook import assert_refused, compare, identified, missing, newest, units
from pagebook import assert_files_nothing, assert_files_one

from dokaz.court.assembling import make_bundle
from dokaz.errors import EmptyField, NotInOffice, RestedOn, WrongKind, WrongState
from dokaz.identification.acts import lay_before_board
from dokaz.identification.kinship_input import _open_reports
from dokaz.identification.models import Review
from dokaz.missing.acts import WhatIsReported, mark_duplicate, reopen_report, split_report, void_report
from dokaz.missing.models import Family, MissingPerson
from dokaz.missing.queries import in_pedigrees_still

FIRST = WhatIsReported("Вигаданий", "Андрій", sex="male", born="1990")
SECOND = WhatIsReported("Вигаданий", "Анатолій", sex="male", born="1993")


@pytest.fixture
def person(house):
    return missing(house, "А.")[0]


def split(house, person, first=FIRST, second=SECOND, reason="Two brothers under one initial.", role="family_liaison"):
    with house.filing(role, reason=reason) as f:
        return split_report(newest(person), f, first=first, second=second)


def undo(house, person, reason="It was one man after all."):
    with house.filing("family_liaison", reason=reason) as f:
        reopen_report(newest(person), f)


def void(house, person):
    with house.filing("family_liaison", reason="there is no such man") as f:
        void_report(newest(person), f)


def assert_bundle_verifies(house, tmp_path):
    make_bundle(house.store, tmp_path / "b", by=house.acting("prosecutor"), clock=house.clock, purpose="all")
    assert dict(dokaz_verify.verify(tmp_path / "b").counts) == {}


def test_the_old_report_keeps_its_number_and_points_to_the_reports_of_both(house, person, tmp_path):
    one, other = split(house, person)
    old = newest(person)
    assert (old.number, old.state, old.family_name) == (person.number, "split", person.family_name)
    assert list(old.parts.order_by("number")) == [one, other]
    assert (one.name, one.state, one.split_from) == ("Вигаданий Андрій", "reported", old)
    assert (other.name, other.born) == ("Вигаданий Анатолій", "1993")
    assert set(_open_reports()) == {one.number, other.number}
    assert_bundle_verifies(house, tmp_path)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"reason": " "}, EmptyField),
        ({"second": WhatIsReported(" ")}, EmptyField),
        ({"second": FIRST}, WrongKind),
        ({"role": "investigator"}, NotInOffice),
    ],
)
def test_who_says_too_little_splits_nothing(house, person, changed, refused):
    with assert_files_nothing():
        assert_refused(refused, lambda: split(house, person, **changed))


def test_whoever_is_identified_is_not_two_people_before_that_is_doubted(house, person):
    identified(house, units(house)[0], person)
    with assert_files_nothing():
        assert_refused(WrongState, lambda: split(house, person))


def test_a_closed_report_is_not_split(house, person):
    split(house, person)
    with assert_files_nothing():
        assert_refused(WrongState, lambda: split(house, person))


def test_what_was_compared_with_the_old_report_is_reopened_and_is_not_laid_before_the_board(house, person):
    made = compare(house, units(house)[0], person)
    split(house, person)
    (review,) = Review.objects.filter(closed_on=None)
    assert (review.comparison, review.corrected) == (newest(made), person.number)
    with house.filing("investigator") as f:
        assert_refused(WrongState, lambda: lay_before_board(f, comparisons=[newest(made)]))


def test_what_was_compared_with_a_report_that_was_reported_twice_is_reopened(house):
    first, second = missing(house, "Андрій", "Андрей")
    made = compare(house, units(house)[0], second)
    with house.filing("investigator", reason="the same man") as f:
        mark_duplicate(newest(second), f, same_as=newest(first))
    (review,) = Review.objects.filter(closed_on=None)
    assert (review.comparison, review.corrected) == (newest(made), second.number)
    assert list(in_pedigrees_still()) == [newest(second)]


def test_it_is_undone_once_the_reports_of_both_are_void_and_these_come_not_back_beside_it(house, person, tmp_path):
    one, other = split(house, person)
    assert_refused(EmptyField, lambda: undo(house, person, reason=" "))
    assert_refused(RestedOn, lambda: undo(house, person))
    void(house, one)
    assert_refused(RestedOn, lambda: undo(house, person))
    void(house, other)
    undo(house, person)
    assert newest(person).state == "reported"
    with house.filing("family_liaison", reason="there is such a man") as f:
        assert_refused(WrongState, lambda: void_report(MissingPerson.every.get(pk=one.pk), f))
    assert set(_open_reports()) == {person.number}
    assert_bundle_verifies(house, tmp_path)


# --- the page ------------------------------------------------------------------------------------------------------------


def sent(person, **changed):
    form = {"version_seen": person.version, "reason": "Two brothers under one initial."}
    for who, told in (("first", FIRST), ("second", SECOND)):
        form |= {f"{who}_family_name": told.family_name, f"{who}_given_name": told.given_name}
        form |= {f"{who}_sex": told.sex, f"{who}_born": told.born}
    return form | changed


def test_it_is_split_on_a_page_which_says_of_each_pedigree_whom_it_means(house, browser, person):
    client, family = browser("family_liaison"), Family.objects.get()
    address = f"/missing/{person.number}/split/"
    assert f'href="{address}"' in client.get(f"/missing/{person.number}/").content.decode()
    with assert_files_one("missing.split_report"):
        client.post(address, sent(person, **{f"pedigree_{family.number}": "second"}))
    one, other = newest(person).parts.order_by("number")
    assert [m["missing"] for m in newest(family).members if m["missing"]] == [other.number]
    assert list(in_pedigrees_still()) == []
    page = client.get(f"/missing/{person.number}/").content.decode()
    assert f"/missing/{one.number}/" in page
    assert f"/missing/{other.number}/" in page
    assert f"/missing/{person.number}/" in client.get(f"/missing/{one.number}/").content.decode()


def test_a_pedigree_that_nobody_decided_on_waits_until_somebody_does(house, browser, person):
    client = browser("family_liaison")
    client.post(f"/missing/{person.number}/split/", sent(person))
    assert list(in_pedigrees_still()) == [newest(person)]
    listed = client.get("/missing/?waits=pedigrees+to+correct").content.decode()
    one, _other = newest(person).parts.order_by("number")
    assert f"/missing/{person.number}/" in listed
    assert f"/missing/{one.number}/" not in listed


def test_the_form_shows_what_is_wrong_and_files_nothing(house, browser, person):
    client = browser("family_liaison")
    with assert_files_nothing():
        page = client.post(f"/missing/{person.number}/split/", sent(person, first_born="yesterday")).content.decode()
    assert "yesterday" in page
