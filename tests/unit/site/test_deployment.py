"""`dokaz serve --check`: whatever makes serving unsafe is said in a sentence, and ends with exit code 1."""

from __future__ import annotations

import os

import pytest
from commands import Desk

from dokaz.site.deployment import look_at_deployment

BEHIND_TLS = {
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "dokaz.example.org"],
    "BEHIND_TLS": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
}


@pytest.fixture
def served(house, settings):
    """A store whose own secret is the server's, as after a start."""
    os.umask(os.umask(0o077) | 0o077)
    settings.SECRET_KEY = (house.store.path / "secret").read_text(encoding="ascii").strip()
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # a test's browser calls itself testserver
    return house


@pytest.fixture(autouse=True)
def umask():
    before = os.umask(0o077)
    yield
    os.umask(before)


def wrong(host="127.0.0.1"):
    return [one.said for one in look_at_deployment(host) if not one.holds and "runs as root" not in one.said]


def test_on_one_laptop_everything_holds(served):
    assert wrong() == []


def test_behind_a_proxy_everything_holds(served, settings):
    for name, value in BEHIND_TLS.items():
        setattr(settings, name, value)
    assert wrong() == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("ALLOWED_HOSTS", ["*"], "Pages are answered under"),
        ("ALLOWED_HOSTS", [".example.org"], "Pages are answered under"),
        ("ALLOWED_HOSTS", ["https://dokaz.example.org"], "Pages are answered under"),
        ("ALLOWED_HOSTS", ["localhost"], "0 names beside this machine's own"),
        ("SESSION_COOKIE_SECURE", False, "Cookies travel without TLS too"),
        ("CSRF_COOKIE_SECURE", False, "Cookies travel without TLS too"),
        ("SESSION_COOKIE_HTTPONLY", False, "Scripts of a page"),
        ("SESSION_COOKIE_SAMESITE", "None", "Scripts of a page"),
        ("SECURE_PROXY_SSL_HEADER", None, "read from nothing"),
        ("SECURE_HSTS_SECONDS", 0, "not told to insist on TLS"),
        ("SECURE_HSTS_SECONDS", 3600, "for 0 days"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.db", "readable"),
        ("SECRET_KEY", "short", "5 characters long"),
    ],
)
def test_what_is_set_wrongly_behind_a_proxy_is_said(served, settings, name, value, said):
    for each, right in BEHIND_TLS.items():
        setattr(settings, each, right)
    setattr(settings, name, value)
    (found,) = wrong()
    assert said in found


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ALLOWED_HOSTS", ["localhost", "dokaz.example.org"], "pages go out without TLS"),
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https"), "read from X-Forwarded-Proto"),
        ("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60, "for 365 days"),
    ],
)
def test_what_is_set_wrongly_without_a_proxy_is_said(served, settings, name, value, said):
    setattr(settings, name, value)
    (found,) = wrong()
    assert said in found


def test_a_server_that_others_reach_past_the_proxy_is_said(served):
    assert wrong("localhost") == wrong("::1") == []
    assert wrong("0.0.0.0") == ["The server listens on 0.0.0.0."]
    assert wrong("dokaz.example.org") == ["The server listens on dokaz.example.org."]


@pytest.mark.parametrize(("name", "mode"), [(".", 0o750), ("keys", 0o701), ("keys/log.pem", 0o640), ("secret", 0o604)])
def test_what_other_users_can_read_is_said(served, name, mode):
    (served.store.path / name).chmod(mode)
    (found,) = wrong()
    assert "open to other users" in found


def test_a_secret_that_is_damaged_is_said(served):
    path = served.store.path / "secret"
    path.write_bytes(path.read_bytes().replace(b".", b"-"))
    (found,) = wrong()
    assert "lost or damaged" in found
    path.unlink()
    (found,) = wrong()
    assert "lost or damaged" in found


def test_files_that_a_careless_umask_would_open_are_said(served):
    os.umask(0o022)
    (found,) = wrong()
    assert "umask 022" in found


def test_the_command_says_it_and_tells_by_its_exit_code(tmp_path, monkeypatch):
    desk = Desk(tmp_path / "store")
    desk.found()
    code, said = desk.attempt("serve", "--check")
    expected = int(os.geteuid() == 0)
    assert code == expected, said
    assert f"{expected} wrong of" in said
    (desk.store / "secret").chmod(0o644)
    code, said = desk.attempt("serve", "--check", "--host", "0.0.0.0")
    assert code == 1
    assert f"{expected + 2} wrong of" in said
    assert "chmod 600" in said
