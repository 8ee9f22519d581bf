"""Half a request holds a socket for a while, and nothing else; a large body is taken of whoever is signed in."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import Desk

from dokaz.cli.serve import HEADERS_SECONDS
from dokaz.exchange.reading.limits import STRANGERS_BYTES, STRANGERS_SECONDS

from .stage import PROGRAM, environment

HEAD = b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
FORM = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A server of one worker, by its address."""
    import subprocess

    desk = Desk(tmp_path_factory.mktemp("served") / "store")
    desk.found()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", str(port), "--workers", "1", "--store", str(desk.store)],
        env=environment(desk.store), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 120
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until, "the server does not listen"
                time.sleep(0.2)
        yield "127.0.0.1", port
    finally:
        serving.terminate()
        serving.wait(30)


def answer(address: tuple[str, int], method: str = "GET", path: str = "/account/login/", **request: Any) -> Any:
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request(method, path, **request)
    found = connection.getresponse()
    found.text = found.read().decode()  # type: ignore[attr-defined]
    connection.close()
    return found


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [(b"", HEADERS_SECONDS), (HEAD, HEADERS_SECONDS), (FORM, STRANGERS_SECONDS)],
    ids=["nothing", "half a head", "half a body"],
)
def test_many_half_requests_hinder_nobody_and_end(server: tuple[str, int], sent: bytes, seconds: int) -> None:
    assert answer(server).status == 200
    begun = time.monotonic()
    half = []
    for _ in range(200):
        one = socket.create_connection(server, 10)
        one.sendall(sent)
        half.append(one)
    assert answer(server).status == 200
    for one in half:
        one.settimeout(max(1.0, begun + seconds + 40 - time.monotonic()))
        said = one.recv(1000)
        assert said == b"" or b" 408 " in said
        one.close()


def test_a_large_body_is_not_taken_of_a_stranger(server: tuple[str, int]) -> None:
    told = {"Content-Length": str(STRANGERS_BYTES + 1), "Cookie": "sessionid=" + "a" * 32}
    refused = answer(server, "POST", headers=told, body=b"a")
    assert (refused.status, refused.text) == (413, "At most 64 KiB are taken of whoever is not signed in.\n")


def test_a_body_of_unknown_or_unbelievable_length_is_not_taken(server: tuple[str, int]) -> None:
    unknown = answer(server, "POST", headers={"Transfer-Encoding": "chunked"}, body=b"0\r\n\r\n")
    assert unknown.status == 411
    endless = answer(server, "POST", headers={"Content-Length": str(2**40)}, body=b"a")
    assert (endless.status, "at most 4,096 MiB" in endless.text) == (413, True)


def test_requests_arrive_at_the_pages_as_they_were_sent(server: tuple[str, int]) -> None:
    sent_on = answer(server, path="/units/%D1%97/?q=%D1%97")
    assert (sent_on.status, sent_on.headers["Location"]) == (
        302,
        "/account/login/?next=/units/%25D1%2597/%3Fq%3D%25D1%2597",
    )
    head = answer(server, "HEAD")
    assert (head.status, head.text) == (200, "")
    script = answer(server, path="/static/vendor/htmx.min.js")
    assert script.text == (Path(__file__).parents[2] / "src/dokaz/pages/static/vendor/htmx.min.js").read_text("utf-8")


def test_an_answer_in_ukrainian_is_asked_for_as_ever(server: tuple[str, int]) -> None:
    assert "Увійти" in answer(server, headers={"Accept-Language": "uk"}).text
