"""A missing person is found alive, or a report was closed by mistake: it closes, stays readable, and opens again."""

from __future__ import annotations

from typing import Any

import dokaz_verify
import pytest
from casebook import assert_refused, compare, identified, missing, newest, units
from django.urls import reverse

from dokaz.court.assembling import make_bundle
from dokaz.errors import EmptyField, WrongState
from dokaz.identification.acts import lay_before_board
from dokaz.missing.acts import found_alive, mark_duplicate, reopen_report, verify
from dokaz.missing.queries import open_reports


@pytest.fixture
def brothers(house: Any) -> list[Any]:
    return missing(house, "Андрій", "Богдан")


def close(house: Any, person: Any, reason: str = "He telephoned; his mother knew his voice.") -> None:
    with house.filing("family_liaison", reason=reason) as f:
        found_alive(newest(person), f)


def open_again(house: Any, person: Any, reason: str = "It was his cousin.") -> None:
    with house.filing("investigator", reason=reason) as f:
        reopen_report(newest(person), f)


def test_a_report_of_somebody_who_is_alive_closes_and_is_searched_no_more(house, brothers):
    person, _other = brothers
    close(house, person)
    assert newest(person).state == "closed_alive"
    assert person not in open_reports()
    assert_refused(WrongState, lambda: close(house, person))


def test_it_is_said_how_it_was_confirmed(house, brothers):
    assert_refused(EmptyField, lambda: close(house, brothers[0], reason=" "))
    close(house, brothers[0])
    assert_refused(EmptyField, lambda: open_again(house, brothers[0], reason=" "))


def test_whoever_is_identified_among_the_dead_is_not_found_alive_before_that_is_doubted(house, brothers):
    person, _other = brothers
    identified(house, units(house)[0], person)
    assert_refused(WrongState, lambda: close(house, person))


def test_nobody_who_is_alive_is_laid_before_the_board(house, brothers):
    person, _other = brothers
    made = compare(house, units(house)[0], person)
    close(house, person)
    with house.filing("investigator") as f:
        assert_refused(WrongState, lambda: lay_before_board(f, comparisons=[newest(made)]))


def test_a_report_that_was_closed_by_mistake_goes_on_from_where_it_stood(house, brothers, tmp_path):
    first, second = brothers
    with house.filing("family_liaison") as f:
        verify(newest(first), f)
    close(house, first)
    open_again(house, first)
    assert newest(first).state == "verified"
    with house.filing("investigator", reason="the same man") as f:
        mark_duplicate(newest(second), f, same_as=newest(first))
    open_again(house, second, reason="They are two brothers.")
    assert (newest(second).state, newest(second).same_as) == ("reported", None)
    assert_refused(WrongState, lambda: open_again(house, second))
    make_bundle(house.store, tmp_path / "b", by=house.acting("prosecutor"), clock=house.clock, purpose="all")
    assert dict(dokaz_verify.verify(tmp_path / "b").counts) == {}


def test_both_are_done_on_the_page_of_the_report(house, brothers, browser):
    client, person = browser("family_liaison"), brothers[0]
    alive, again = (reverse(name, args=[person.number]) for name in ("missing_found_alive", "missing_reopen"))
    page = reverse("missing_person", args=[person.number])
    assert alive in client.get(page).content.decode()
    assert client.post(alive, {"reason": "He telephoned.", "version_seen": 1}).status_code == 302
    assert again in client.get(page).content.decode()
    assert client.post(again, {"reason": "It was his cousin.", "version_seen": 2}).status_code == 302
    assert newest(person).state == "reported"
