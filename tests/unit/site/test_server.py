"""What the server makes of a request for the pages; whole requests are in tests/journeys/test_connections.py."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest


def environ(headers: dict[str, str], **fields: Any) -> dict[str, Any]:
    from dokaz.site.server import _environ

    plain = {"server": "127.0.0.1:8000", "client": "203.0.113.7:5555", "method": "GET", "path": "/units/%D1%97/",
             "query_string": "q=1", "http_version": "1.1", "scheme": "http", "authority": None}  # fmt: skip
    return _environ(SimpleNamespace(headers=headers, **(plain | fields)), 0, None)


def test_a_header_with_an_underscore_passes_for_no_other() -> None:
    found = environ({"x_forwarded_for": "1.2.3.4", "x-forwarded-for": "203.0.113.9", "host": "localhost"})
    assert found["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"
    assert "HTTP_X_FORWARDED_FOR" not in environ({"x_forwarded_for": "1.2.3.4"})


@pytest.mark.parametrize(
    ("client", "address"), [("203.0.113.7:5555", "203.0.113.7"), ("[2001:db8::1]:5555", "2001:db8::1")]
)
def test_an_address_is_said_without_its_port(client: str, address: str) -> None:
    assert environ({}, client=client)["REMOTE_ADDR"] == address


def test_a_path_is_bytes_that_were_sent() -> None:
    assert environ({})["PATH_INFO"].encode("latin-1").decode() == "/units/ї/"


def test_only_a_session_of_somebody_is_signed_in(house: Any, django_user_model: Any) -> None:
    from django.test import Client

    from dokaz.site.server import _is_signed_in

    client = Client()
    client.get("/account/login/")
    assert not _is_signed_in("")
    assert not _is_signed_in("sessionid=" + "a" * 32)
    assert not _is_signed_in('sessionid="\\')
    client.force_login(django_user_model.objects.create(username="somebody"))
    assert _is_signed_in(f"csrftoken=x; sessionid={client.cookies['sessionid'].value}")
