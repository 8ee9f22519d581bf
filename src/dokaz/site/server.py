"""The pages as the server asks for them: no thread waits for a body that does not come, and none is larger than allowed.

``dokaz serve`` speaks to Django through this module (decision 11). A request gets a thread once its body is here, if it is
small, or if somebody who is signed in sends it. A stranger who opens a thousand connections and sends half a request on
each holds a thousand sockets for a while, and nothing else.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.wsgi import get_wsgi_application

from dokaz.exchange.reading.limits import (
    MIB,
    SENT_BYTES,
    SENT_SECONDS,
    STRANGERS_BYTES,
    STRANGERS_SECONDS,
)

#: Requests that are answered at the same time by one worker.
THREADS = 32
#: Seconds within which the next part of a large body comes, and the next part of an answer is taken.
PART_SECONDS = 60

_pages = get_wsgi_application()
_threads = ThreadPoolExecutor(THREADS, "request")


async def application(scope: Any, protocol: Any) -> None:
    """Answer one request (the RSGI interface of granian)."""
    loop = asyncio.get_running_loop()
    try:
        body, length = await _body(scope, protocol, loop)
    except _Refused as refused:
        # What else was sent is not read: the connection ends.
        headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        protocol.response_str(refused.status, headers, f"{refused.words}\n")
    else:
        await loop.run_in_executor(_threads, _answer, _environ(scope, length, body), protocol, loop)


class _Refused(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


async def _body(scope: Any, protocol: Any, loop: asyncio.AbstractEventLoop) -> tuple[Any, int]:
    """The body of a request, or where it is read from, and its length."""
    said = scope.headers.get("content-length") or "0"
    if not (said.isascii() and said.isdigit()) or "chunked" in (scope.headers.get("transfer-encoding") or ""):
        raise _Refused(411, "A request says how long its body is.")
    length = int(said)
    if length > SENT_BYTES:
        raise _Refused(413, f"A request has at most {SENT_BYTES // MIB:,} MiB: take in more by `dokaz import`.")
    if length <= STRANGERS_BYTES:
        try:
            return io.BytesIO(await asyncio.wait_for(_whole(protocol), STRANGERS_SECONDS) if length else b""), length
        except TimeoutError:
            raise _Refused(408, f"A request comes within {STRANGERS_SECONDS} seconds.") from None
    if not await loop.run_in_executor(_threads, _is_signed_in, scope.headers.get("cookie") or ""):
        raise _Refused(413, f"At most {STRANGERS_BYTES // 1024} KiB are taken of whoever is not signed in.")
    return _Coming(protocol, length, loop), length


async def _whole(protocol: Any) -> bytes:
    parts, size = [], 0
    async for part in protocol:
        size += len(part)
        if size > STRANGERS_BYTES:
            raise TimeoutError
        parts.append(bytes(part))
    return b"".join(parts)


def _is_signed_in(cookies: str) -> bool:
    """Whether a session stands behind the cookies in which somebody is signed in."""
    from django.conf import settings
    from django.contrib.auth import SESSION_KEY
    from django.db import close_old_connections

    from dokaz.site.sessions import SessionStore

    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if morsel is None:
        return False
    close_old_connections()
    try:
        return SESSION_KEY in SessionStore(morsel.value)
    finally:
        close_old_connections()


class _Coming(io.RawIOBase):
    """A large body, read in parts by the thread that needs it."""

    def __init__(self, protocol: Any, length: int, loop: asyncio.AbstractEventLoop) -> None:
        self._parts: AsyncIterator[bytes] = aiter(protocol)
        self._loop, self._left, self._here = loop, length, b""
        self._until = loop.time() + SENT_SECONDS

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self._left > len(self._here) and (size < 0 or len(self._here) < size):
            if self._loop.time() > self._until:
                raise TimeoutError(f"the body took longer than {SENT_SECONDS} seconds")
            coming = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            part = coming.result(PART_SECONDS)
            if not part:
                break
            self._here += part
        size = len(self._here) if size < 0 else min(size, len(self._here))
        given, self._here = self._here[:size], self._here[size:]
        self._left -= len(given)
        return given

    async def _next(self) -> bytes:
        return bytes(await anext(self._parts, b""))


def _environ(scope: Any, length: int, body: Any) -> dict[str, Any]:
    """What WSGI calls a request (PEP 3333)."""
    host, _, port = scope.server.rpartition(":")
    address = scope.client.rpartition(":")[0].strip("[]")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": address,
        "CONTENT_LENGTH": str(length),
        "CONTENT_TYPE": scope.headers.get("content-type") or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # A name with an underscore would be taken for another header's.
        if name not in ("content-length", "content-type") and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            between = "; " if name == "cookie" else ","
            environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ


async def _send(sending: Any, part: bytes) -> None:
    """Have a part of an answer taken; what the server gives to wait for is no coroutine itself."""
    await sending.send_bytes(part)


def _length(headers: list[tuple[str, str]]) -> int:
    """How long an answer says that it is; endless where it does not."""
    return next((int(value) for name, value in headers if name == "content-length"), SENT_BYTES)


def _answer(environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Have Django answer, in a thread."""
    begun: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        begun[:] = [int(status.split(" ", 1)[0]), [(name.lower(), value) for name, value in headers]]
        return lambda data: None

    parts: Iterable[bytes] = _pages(environ, start_response)
    try:
        status, headers = begun
        if environ["REQUEST_METHOD"] == "HEAD" or status in (204, 304):
            protocol.response_empty(status, headers)
        elif not getattr(parts, "streaming", False) or _length(headers) <= MIB:
            protocol.response_bytes(status, headers, b"".join(parts))
        else:
            sending = protocol.response_stream(status, headers)
            for part in parts:
                asyncio.run_coroutine_threadsafe(_send(sending, part), loop).result(PART_SECONDS)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
