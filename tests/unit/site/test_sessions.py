"""Whoever reads a copy of the database, or of the whole disk but the browser's cookie, continues nobody's session."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.contrib.sessions.models import Session
from django.test import Client

from dokaz.site.sessions import SessionStore, stored_name


def with_cookie(value):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    return client


def is_signed_in(client):
    return client.get("/").status_code == 200


def test_a_browser_stays_signed_in_and_signs_out(browser):
    client = browser("scene")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert is_signed_in(client)
    assert is_signed_in(with_cookie(key))
    client.post("/account/logout/")
    assert not is_signed_in(with_cookie(key))
    assert not Session.objects.filter(session_key=stored_name(key)).exists()


def test_what_the_database_holds_continues_no_session_and_tells_nothing(browser):
    client = browser("scene")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    (row,) = Session.objects.all()
    assert row.session_key not in ("", key)
    assert not is_signed_in(with_cookie(row.session_key))
    # What Django itself would read of the row, with the server's secret at hand.
    assert Plain().decode(row.session_data) == {}
    assert SessionStore(row.session_key).decode(row.session_data) == {}
    assert client.session["second_factor"]
    assert "second_factor" not in row.session_data


def test_another_secret_voids_every_session(browser, settings):
    client = browser("scene")
    assert is_signed_in(client)
    settings.SECRET_KEY = "another"
    assert not is_signed_in(client)


def test_a_row_under_another_name_signs_nobody_in(browser):
    """An insider who writes into the database moves somebody's row to a name that they hold the cookie of."""
    browser("scene")
    (row,) = Session.objects.all()
    Session.objects.create(
        session_key=stored_name("k" * 32), session_data=row.session_data, expire_date=row.expire_date
    )
    assert not is_signed_in(with_cookie("k" * 32))


def test_a_session_that_has_expired_is_over(browser):
    client = browser("scene")
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    assert not is_signed_in(client)


def test_an_invented_cookie_is_given_another_name(browser):
    """No session is fixed by whoever sets the cookie first."""
    client = with_cookie("a" * 32)
    client.get("/account/login/")
    assert not SessionStore().exists("a" * 32)
