"""From which address somebody asks: proxies are believed if they are trusted, strangers never."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from dokaz.pages.addresses import address_of


def asked(remote: str, forwarded: str = "", **headers: str) -> str:
    more = {"X-Forwarded-For": forwarded} if forwarded else {}
    return address_of(RequestFactory().get("/", REMOTE_ADDR=remote, headers=more | headers))


def test_without_a_trusted_proxy_what_is_forwarded_says_nothing(settings: Any) -> None:
    settings.TRUSTED_PROXIES = []
    assert asked("203.0.113.7", "198.51.100.9") == "203.0.113.7"
    assert asked("127.0.0.1", "198.51.100.9") == "127.0.0.1"


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("10.0.0.2", "203.0.113.7", "203.0.113.7"),
        # What the client wrote itself stands before what the proxy added.
        ("10.0.0.2", "1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.2", "10.0.0.5, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "10.0.0.5", "10.0.0.5"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "203.0.113.7, not an address", "10.0.0.2"),
        # Whoever reaches the server past the proxy is no proxy.
        ("203.0.113.8", "198.51.100.9", "203.0.113.8"),
        ("10.0.0.2", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("10.0.0.2", "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_a_trusted_proxy_is_believed_about_what_it_added(
    settings: Any, remote: str, forwarded: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert asked(remote, forwarded) == found


def test_a_header_of_another_name_is_never_read(settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert asked("10.0.0.2", **{"X-Real-IP": "198.51.100.9", "Forwarded": "for=198.51.100.9"}) == "10.0.0.2"


def test_an_unknown_address_is_one_for_all(settings: Any) -> None:
    assert asked("") == "unknown"
