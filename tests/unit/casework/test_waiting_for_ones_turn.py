"""Whoever waits too long for a large filing of somebody else is told so; nothing of theirs is written."""

import pytest
from casebook import assert_refused
from django.db import OperationalError
from django.test import Client

from dokaz.casework.models import JournalHead
from dokaz.errors import StoreBusy
from dokaz.graves.acts import open_site
from dokaz.graves.models import Site


class NotNow(Exception):
    """What psycopg raises beneath Django's error."""

    sqlstate = "55P03"


def locked(*args, **kwargs):
    raise OperationalError("database is locked")


def lock_not_available(*args, **kwargs):
    raise OperationalError("canceling statement due to lock timeout") from NotNow()


def broken(*args, **kwargs):
    raise OperationalError("disk I/O error")


def open_a_site(house):
    with house.filing("scene") as f:
        open_site(f, code="LIS", name="Invented forest", crs="EPSG:32637")


@pytest.mark.parametrize("said", [locked, lock_not_available])
def test_a_filing_whose_turn_does_not_come_is_refused_by_name(house, monkeypatch, said):
    monkeypatch.setattr(JournalHead.objects, "select_for_update", said)
    refused = assert_refused(StoreBusy, lambda: open_a_site(house))
    assert "again in a minute" in refused.next_step
    monkeypatch.undo()
    open_a_site(house)
    assert Site.objects.count() == 1


def test_another_fault_of_the_database_keeps_its_name(house, monkeypatch):
    monkeypatch.setattr(JournalHead.objects, "select_for_update", broken)
    with pytest.raises(OperationalError, match="disk I/O"):
        open_a_site(house)


@pytest.mark.parametrize(("said", "status"), [(locked, 503), (lock_not_available, 503), (broken, 500)])
def test_a_sign_in_that_waits_too_long_is_told_to_come_again(house, monkeypatch, said, status):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("dokaz.pages.acting.acting_as", said)
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", said)
    answer = client.get("/")
    assert answer.status_code == status
    assert ("busy" in answer.content.decode()) == (status == 503)
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)
