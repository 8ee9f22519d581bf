"""Times by the clock of the investigation: typed, shown with how far they are from UTC, kept in UTC."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from dokaz.casework.acts.correcting import correct_investigation
from dokaz.casework.models import Investigation, Office
from dokaz.casework.queries import local_zone
from dokaz.errors import BadChoice, InTheFuture
from dokaz.pages.fields import MomentField
from dokaz.pages.local_time import LocalTimeField, in_local_time, offset_of
from dokaz.pages.refusals import what_and_next
from dokaz.pages.templatetags.dokaz import when
from dokaz.pages.ways import history_of

SUMMER = dt.datetime(2026, 7, 4, 9, 12, tzinfo=dt.UTC)
WINTER = dt.datetime(2026, 12, 4, 9, 12, tzinfo=dt.UTC)


@pytest.fixture
def kyiv():
    with timezone.override(ZoneInfo("Europe/Kyiv")):
        yield


@pytest.mark.parametrize(
    ("zone", "moment", "offset"),
    [
        ("Europe/Kyiv", SUMMER, "UTC+3"),
        ("Europe/Kyiv", WINTER, "UTC+2"),
        ("UTC", SUMMER, "UTC"),
        ("Asia/Tehran", SUMMER, "UTC+3:30"),
        ("America/St_Johns", WINTER, "UTC-3:30"),
        ("America/New_York", SUMMER, "UTC-4"),
        ("Pacific/Chatham", WINTER, "UTC+13:45"),
    ],
)
def test_how_far_a_clock_is_from_utc(zone, moment, offset):
    with timezone.override(ZoneInfo(zone)):
        assert offset_of(moment) == offset


def test_a_time_is_shown_by_the_local_clock_and_read_by_machines_in_utc(kyiv):
    with translation.override("en"):
        assert when(SUMMER) == '<time datetime="2026-07-04T09:12:00Z">4 July 2026, 12:12 UTC+3</time>'
        assert when(WINTER) == '<time datetime="2026-12-04T09:12:00Z">4 December 2026, 11:12 UTC+2</time>'
    with translation.override("uk"):
        assert "4 липня 2026, 12:12 UTC+3" in when(SUMMER)


def test_outside_a_request_times_are_utc():
    with translation.override("en"):
        assert "9:12 UTC<" in when(SUMMER)


def test_a_time_is_typed_by_the_local_clock(kyiv):
    assert LocalTimeField().clean("2026-07-04T12:12") == SUMMER
    assert MomentField().clean("2026-12-04T11:12") == WINTER
    assert LocalTimeField().clean("2026-07-04T10:12+01:00") == SUMMER


def test_the_field_names_the_clock(kyiv):
    with translation.override("en"):
        said = str(MomentField().help_text)
    assert said.startswith("By the clock of Europe/Kyiv, now UTC+")
    assert said.endswith("If it is left empty, the time of filing holds.")


def test_a_time_that_the_clocks_skipped_is_refused(kyiv):
    with translation.override("en"), pytest.raises(forms.ValidationError, match="skipped"):
        LocalTimeField().clean("2026-03-29T03:30")
    assert LocalTimeField().clean("2026-03-29T04:00") == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)


def test_a_time_that_came_twice_is_asked_for_with_its_offset(kyiv):
    field = LocalTimeField()
    with translation.override("en"), pytest.raises(forms.ValidationError) as refused:
        field.clean("2026-10-25T03:30")
    assert "Write 2026-10-25T03:30:00+03:00 or 2026-10-25T03:30:00+02:00." in refused.value.messages[0]
    assert field.widget.input_type == "text"
    assert field.clean("2026-10-25T03:30:00+02:00") == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    assert LocalTimeField().clean("2026-10-25T04:00") == dt.datetime(2026, 10, 25, 2, tzinfo=dt.UTC)


def test_nonsense_is_refused_as_before(kyiv):
    for text in ("yesterday", "2026-02-30T10:00", "2026-07-04T25:00"):
        with pytest.raises(forms.ValidationError) as refused:
            LocalTimeField().clean(text)
        assert refused.value.error_list[0].code == "invalid"


@given(
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2037, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=dt.UTC)
    )
    | st.sampled_from(
        [dt.datetime(2026, 10, 25, hour, minute, tzinfo=dt.UTC) for hour in (0, 1) for minute in (0, 30)]
    ),
    st.sampled_from(["Europe/Kyiv", "UTC", "Asia/Tehran", "Australia/Lord_Howe"]),
)
def test_a_form_that_is_sent_back_as_it_was_changes_no_moment(moment, zone):
    with timezone.override(ZoneInfo(zone)):
        field = LocalTimeField()
        shown = field.widget.format_value(field.prepare_value(moment))
        assert field.clean(shown) == moment


def test_pages_show_the_clock_of_the_investigation(house, browser):
    assert local_zone() == dt.UTC
    with house.filing("investigator", reason="the team works in Kyiv") as f:
        correct_investigation(Investigation.objects.get(), f, values={"time_zone": "Europe/Kyiv"})
    assert local_zone() == ZoneInfo("Europe/Kyiv")
    page = browser("investigator").get(history_of(Investigation.objects.get())).content.decode()
    assert "UTC+3</time>" in page
    assert "UTC</time>" not in page
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_history_of_a_record_shows_its_moments_by_the_local_clock(house, browser):
    office = Office.objects.get(pk=house.acting("scene").office)
    with house.filing("investigator", reason="the team works in Kyiv") as f:
        correct_investigation(Investigation.objects.get(), f, values={"time_zone": "Europe/Kyiv"})
    page = browser("auditor").get(history_of(office)).content.decode()
    with timezone.override(ZoneInfo("Europe/Kyiv")):
        local = in_local_time(office.since)
    assert local.startswith("2026-05-04 ")
    assert local.endswith(":03 UTC+3")
    assert local in page
    assert f"{office.since:%Y-%m-%dT%H:%M:%SZ}</td>" not in page


def test_a_refusal_names_a_moment_by_the_local_clock(kyiv):
    refused = InTheFuture("LIS-01-0001-B-5", "lifted_at", SUMMER)
    assert "2026-07-04 12:12 UTC+3" in what_and_next(refused)[0]


def test_the_zone_is_not_corrected_into_nonsense(house):
    with pytest.raises(BadChoice), house.filing("investigator", reason="typed wrong") as f:
        correct_investigation(Investigation.objects.get(), f, values={"time_zone": "Europe/Nowhere"})
