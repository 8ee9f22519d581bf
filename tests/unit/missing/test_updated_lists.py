"""A list that comes again: what is new is written down, what changed is corrected, the same is left; or only tried."""

from __future__ import annotations

import pytest
from casebook import assert_refused, take_in
from django.core.files.uploadedfile import SimpleUploadedFile

from dokaz.casework import journal
from dokaz.casework.models import Delivery, JournalEntry
from dokaz.casework.tried_deliveries import TriedOnly
from dokaz.errors import BadFile, BadRows
from dokaz.missing.intake import MISSING
from dokaz.missing.models import MissingPerson

HEADER = "number,family_name,given_name,sex,born,last_seen_place,reported_on\n"
FIRST = HEADER + (
    "A-1,Вигадане,Андрій,ч,1951-02-11,Село,2026-03-01\n"
    "A-2,Вигадане,Богдан,ч,1952-03-12,Село,2026-03-01\n"
    "A-3,Вигадане,Василь,ч,1953-04-13,Село,2026-03-01\n"
)
UPDATED = HEADER + (
    "A-1,Вигадане,Андрій,ч,1951-02-11,Село,2026-03-01\n"
    "A-2,Вигадане,Богдан,ч,1952-03-12,Місто,2026-03-02\n"
    "A-3,Вигадане,Василь,ч,,,\n"
    "A-4,Нове,Гнат,ч,1970,Село,2026-04-01\n"
)


def deliver(house, table, reason="", **other):
    return take_in(house, MISSING, "family_liaison", ("list.csv", table.encode()), reason=reason, **other)


@pytest.fixture
def listed(house):
    deliver(house, FIRST)
    return house


def test_what_is_new_is_filed_what_changed_is_corrected_and_what_is_the_same_is_left(listed):
    before = JournalEntry.objects.count()
    assert deliver(listed, UPDATED, "the family wrote again") == {"missing_persons": 1, "changed": 1, "same": 2}
    assert JournalEntry.objects.count() == before + 3  # the delivery, the correction, the new report
    old, now = journal.history(MissingPerson.objects.get(number="A-2").pk)
    assert (old.fields["last_seen_place"], now.fields["last_seen_place"]) == ("Село", "Місто")
    assert (now.fields["reported_on"], now.fields["reason"]) == ("2026-03-02", "the family wrote again")
    assert now.entry.act == "missing.correct_report"
    kept = MissingPerson.objects.get(number="A-3")
    assert (kept.version, str(kept.born), kept.last_seen_place) == (1, "1953-04-13", "Село"), (
        "an empty cell says nothing"
    )
    new = MissingPerson.objects.get(number="A-4")
    assert new.delivered_row == "list.csv:5"
    assert Delivery.objects.get(pk=new.delivery_id).taken == {"missing_persons": 1, "changed": 1, "same": 2}


def test_what_changes_is_not_filed_without_a_reason(listed):
    assert_refused(
        BadFile, lambda: deliver(listed, UPDATED), match="reports that are here say something else in the list: 1"
    )
    assert deliver(listed, UPDATED.replace("Місто", "Село").replace("03-02", "03-01")) == {
        "missing_persons": 1,
        "same": 3,
    }


def test_another_person_under_a_number_in_use_is_refused(listed):
    other = UPDATED.replace("Вигадане,Богдан", "Інше,Остап")
    refused = assert_refused(
        BadFile, lambda: deliver(listed, other, "updated"), match="this number is that of Вигадане Богдан"
    )
    assert (refused.line, refused.column) == (3, "number")
    renamed = UPDATED.replace("Вигадане,Богдан", "Вигаданий,Богдан")
    assert deliver(listed, renamed, "a letter was wrong")["changed"] == 1


def test_a_list_that_says_nothing_new_is_recognised(listed):
    assert_refused(BadFile, lambda: deliver(listed, FIRST, "again"), match="every report of the list is here already")


def test_a_trial_says_row_by_row_what_would_be_filed_and_files_nothing(listed):
    before = JournalEntry.objects.count()
    with pytest.raises(TriedOnly) as trial:
        deliver(listed, UPDATED, only_try=True)
    assert JournalEntry.objects.count() == before and not MissingPerson.objects.filter(number="A-4").exists()
    assert trial.value.taken == {"missing_persons": 1, "changed": 1, "same": 2}
    assert [(row.row, row.number, row.is_new, dict(row.changed)) for row in trial.value.rows] == [
        (
            "list.csv:3",
            "A-2",
            False,
            {"last_seen_place": ("Село", "Місто"), "reported_on": ("2026-03-01", "2026-03-02")},
        ),
        ("list.csv:5", "A-4", True, {}),
    ]


def test_all_rows_that_an_act_refuses_are_named(house):
    future = FIRST.replace("2026-03-01", "2026-09-01")
    refused = assert_refused(BadRows, lambda: deliver(house, future), match="3 faults")
    assert [fault.line for fault in refused.faults] == [2, 3, 4]


def test_the_page_tries_a_list_and_shows_all_its_faults(listed, browser):
    client, before = browser("family_liaison"), JournalEntry.objects.count()

    def page(table, **other):
        file = SimpleUploadedFile("list.csv", table.encode())
        return client.post("/deliveries/new/missing/", {"file": file, **other}).content.decode()

    tried_on_page = page(UPDATED, only_try="on")
    assert "Tried; nothing was filed" in tried_on_page and "<ins>Місто</ins>" in tried_on_page
    assert "reports that were corrected: 1" in tried_on_page and "A-4" in tried_on_page
    faulty = page(FIRST.replace(",ч,", ",чч,"))
    assert "Refused; nothing was taken in" in faulty and faulty.count("not one of the known terms") >= 3
    assert JournalEntry.objects.count() == before
    assert "missing.csv" not in page(UPDATED, reason="the family wrote again")
    assert MissingPerson.objects.filter(number="A-4").exists()
