"""The rules that acts of every room share: nothing empty, nothing in the future, nothing beyond what can be."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from dokaz.casework import rules
from dokaz.casework.rules import (
    refuse_future,
    require_between,
    require_dates,
    require_fields,
    require_genotypes,
    require_interval,
    require_zone,
)
from dokaz.errors import (
    BadChoice,
    BadDate,
    BadInterval,
    EmptyField,
    InTheFuture,
    OutOfRange,
    TooManyAlleles,
    WrongKind,
    sentence,
)

NOW = dt.datetime(2026, 5, 4, 9, 12, tzinfo=dt.UTC)
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
WHY = sentence("say something")


def filed_at(moment):
    """All that these rules ask of a filing is its time, and a place to keep the day that it is."""
    return SimpleNamespace(at=moment, memory={})


FILING = filed_at(NOW)


@pytest.fixture(autouse=True)
def _in_kyiv(monkeypatch):
    monkeypatch.setattr(rules, "local_zone", lambda: ZoneInfo("Europe/Kyiv"))


@pytest.mark.parametrize("value", [None, "", " \t", [], (), {}])
def test_what_says_nothing_is_empty_and_is_named(value):
    with pytest.raises(EmptyField, match="second"):
        require_fields("X-1", WHY, first="said", second=value)


@pytest.mark.parametrize("value", ["x", 0, False, [0], (None,), {"a": None}, b"", " ґ "])
def test_what_says_something_is_not_empty(value):
    assert require_fields("X-1", WHY, it=value) is None


@pytest.mark.parametrize("moment", [NOW, NOW + MINUTE, NOW.date(), None, dt.date(1850, 1, 1)])
def test_what_is_not_later_than_now_is_not_in_the_future(moment):
    assert refuse_future("X-1", FILING, at=moment) is None


@pytest.mark.parametrize("moment", [NOW + MINUTE + dt.timedelta(seconds=1), (NOW + DAY).date(), NOW + 9 * DAY])
def test_what_is_later_is_in_the_future_and_is_named(moment):
    with pytest.raises(InTheFuture, match="second"):
        refuse_future("X-1", FILING, first=NOW, second=moment)


def test_a_day_begins_by_the_clock_of_the_investigation(monkeypatch):
    late, tomorrow = filed_at(NOW.replace(hour=21, minute=30)), (NOW + DAY).date()
    assert refuse_future("X-1", late, at=tomorrow) is None
    with pytest.raises(InTheFuture):
        refuse_future("X-1", filed_at(NOW.replace(hour=20, minute=59)), at=tomorrow)
    monkeypatch.setattr(rules, "local_zone", lambda: dt.UTC)
    with pytest.raises(InTheFuture):
        refuse_future("X-1", filed_at(late.at), at=tomorrow)


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "UTC", "+03:00", "-04:30", "Asia/Tehran"])
def test_a_zone_is_a_name_or_an_offset(zone):
    assert require_zone("X-1", zone) is None


@pytest.mark.parametrize("zone", ["", "Kyiv", "Europe/Nowhere", "+15:00", "three", "../../etc/passwd"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(BadChoice, match="time_zone"):
        require_zone("X-1", zone)


@pytest.mark.parametrize("text", ["", "1987", "1987-04", "1987-04-12", "1987~", "2026-05", "2026"])
def test_a_date_is_kept_as_far_as_it_is_known(text):
    assert require_dates("X-1", FILING, born=text) is None


@pytest.mark.parametrize("text", ["12.04.1987", "1987-4-12", "1987-02-30", "yesterday", " 1987"])
def test_a_date_that_is_written_otherwise_is_refused(text):
    with pytest.raises(BadDate):
        require_dates("X-1", FILING, first="", born=text)


@pytest.mark.parametrize("text", ["2027", "2026-06", "2026-05-05"])
def test_a_date_whose_earliest_day_is_to_come_is_refused(text):
    with pytest.raises(InTheFuture):
        require_dates("X-1", FILING, born=text)


@pytest.mark.parametrize("value", [None, "", 30, 260, "30", "260.0", Decimal("30.5"), "100.123456789"])
def test_bounds_are_within_the_range(value):
    assert require_between("X-1", 30, 260, stature_cm=value) is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (29, OutOfRange),
        (261, OutOfRange),
        ("29.999", OutOfRange),
        ("260.001", OutOfRange),
        ("-100", OutOfRange),
        ("1,5", WrongKind),
        ("1e2", WrongKind),
        ("100 ", WrongKind),
        ("100.", WrongKind),
        ("1234567890", WrongKind),
        ("100.1234567891", WrongKind),
        (Decimal("NaN"), WrongKind),
    ],
)
def test_what_is_beyond_or_no_number_is_refused(value, error):
    with pytest.raises(error):
        require_between("X-1", 30, 260, first=None, stature_cm=value)


@pytest.mark.parametrize("interval", [None, (0, 120), (30, 30), ("9", "10"), ("9.5", Decimal("9.6"))])
def test_an_interval_begins_before_it_ends(interval):
    assert require_interval("X-1", 0, 120, age_years=interval) is None


@pytest.mark.parametrize(
    ("interval", "error"),
    [
        ((31, 30), BadInterval),
        (("10", "9"), BadInterval),
        ((-1, 30), OutOfRange),
        ((30, 121), OutOfRange),
        (("", 30), EmptyField),
        ((30, None), EmptyField),
        (("old", 30), WrongKind),
    ],
)
def test_an_interval_that_cannot_be_is_refused(interval, error):
    with pytest.raises(error):
        require_interval("X-1", 0, 120, first=None, age_years=interval)


@pytest.mark.parametrize("genotypes", [{}, {"TH01": ["6", "9.3"]}, {"AMEL": ("X", "Y")}, {"A": ["x" * 32, "1"]}])
def test_two_alleles_are_one_person(genotypes):
    assert require_genotypes("X-1", genotypes) is None


@pytest.mark.parametrize(
    ("genotypes", "error"),
    [
        ({"TH01": ["6"]}, TooManyAlleles),
        ({"TH01": []}, TooManyAlleles),
        ({"TH01": ["6", "7", "8"]}, TooManyAlleles),
        ({"": ["6", "7"]}, EmptyField),
        ({"TH01": ["6", ""]}, WrongKind),
        ({"TH01": ["6", "7 8"]}, WrongKind),
        ({"TH01": ["x" * 33, "7"]}, WrongKind),
        ({"FGA": ["21", "24"], "TH01": ["6"]}, TooManyAlleles),
    ],
)
def test_genotypes_of_no_single_person_are_refused(genotypes, error):
    with pytest.raises(error):
        require_genotypes("X-1", genotypes)
