"""What must hold before pages are served to others: asked by `dokaz serve --check`, each said in a sentence."""

from __future__ import annotations

import ipaddress
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dokaz.casework.store import is_whole_secret

_ITS_OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})
_YEAR_S = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Safety:
    """One thing that was looked at.

    Args:
        holds: Whether it is as it must be.
        said: In a sentence, with what was found.
        next_step: What to do where it does not hold.
    """

    holds: bool
    said: str
    next_step: str = ""

    def __str__(self) -> str:
        text = f"{'ok   ' if self.holds else 'WRONG'}  {self.said}"
        return text if self.holds or not self.next_step else f"{text}\n       next: {self.next_step}"


def look_at_deployment(host: str) -> list[Safety]:
    """Everything about settings, machine and store on which safe serving rests.

    Args:
        host: The address on which the server would listen.
    """
    return [*_of_the_program(), *_of_names_and_tls(host), *_of_cookies(), *_of_the_store(Path(settings.STORE))]


def _of_the_program() -> Iterator[Safety]:
    yield Safety(not settings.DEBUG, f"DEBUG is {'on: pages of errors show the program' if settings.DEBUG else 'off'}.")
    umask = os.umask(0o077)
    os.umask(umask)
    yield Safety(umask & 0o077 == 0o077, f"Files are made with umask {umask:03o}.", "start the server by `dokaz serve`")
    is_root = sys.platform != "win32" and os.geteuid() == 0
    yield Safety(
        not is_root,
        "The server runs as root." if is_root else "The server does not run as root.",
        "make a user of its own for Dokaz, who owns the store: chown -R dokaz STORE",
    )


def _of_names_and_tls(host: str) -> Iterator[Safety]:
    names = [name for name in settings.ALLOWED_HOSTS if name not in _ITS_OWN]
    behind = settings.BEHIND_TLS
    odd = [name for name in names if name.startswith((".", "*")) or "/" in name or ":" in name.strip("[]")]
    yield Safety(
        not odd,
        f"Pages are answered under {', '.join([*sorted(_ITS_OWN), *names])}.",
        f"DOKAZ_HOSTS takes whole names by comma, as dokaz.example.org; not {', '.join(odd)}",
    )
    yield Safety(
        behind or not names,
        "DOKAZ_TLS=1: a proxy in front speaks TLS." if behind else "DOKAZ_TLS is not set: pages go out without TLS.",
        "other machines reach these pages (DOKAZ_HOSTS): put a TLS proxy in front, and set DOKAZ_TLS=1",
    )
    yield Safety(
        not behind or bool(names),
        f"{len(names)} names beside this machine's own are answered.",
        "with DOKAZ_TLS=1 say under which name the proxy is reached: DOKAZ_HOSTS=dokaz.example.org",
    )
    yield Safety(
        _is_of_this_machine(host),
        f"The server listens on {host}.",
        "listen on 127.0.0.1 behind the proxy: whoever reaches the server past it may claim to speak TLS",
    )
    header = settings.SECURE_PROXY_SSL_HEADER
    yield Safety(
        (header is not None) == behind,
        f"Whether a request came over TLS is read from {'X-Forwarded-Proto' if header else 'nothing a client can send'}.",
        "let DOKAZ_TLS decide; the proxy must set X-Forwarded-Proto: https, and drop what a client sent under that name",
    )
    hsts = int(settings.SECURE_HSTS_SECONDS)
    yield Safety(
        hsts >= _YEAR_S if behind else hsts == 0,
        f"Browsers are told to insist on TLS for {hsts // 86400} days (HSTS)."
        if hsts
        else "Browsers are not told to insist on TLS.",
        "let DOKAZ_TLS decide: a year behind TLS, nothing without",
    )


def _is_of_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _of_cookies() -> Iterator[Safety]:
    behind = settings.BEHIND_TLS
    secure = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
    yield Safety(
        secure or not behind,
        f"Cookies travel {'over TLS only' if secure else 'without TLS too'}.",
        "let DOKAZ_TLS decide: it sets SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE",
    )
    yield Safety(
        bool(settings.SESSION_COOKIE_HTTPONLY) and settings.SESSION_COOKIE_SAMESITE in ("Lax", "Strict"),
        "Scripts of a page cannot read the cookie of a session, and other sites cannot send it.",
        "SESSION_COOKIE_HTTPONLY must be on, SESSION_COOKIE_SAMESITE Lax or Strict",
    )
    apart = settings.SESSION_ENGINE == "dokaz.site.sessions"
    yield Safety(
        apart,
        f"Sessions in the database are {'of no use without the cookie and the secret' if apart else 'readable'}.",
        'SESSION_ENGINE must be "dokaz.site.sessions"',
    )


def _of_the_store(store: Path) -> Iterator[Safety]:
    for name, most in (
        (".", 0o700),
        ("keys", 0o700),
        ("keys/log.pem", 0o600),
        ("secret", 0o600),
        ("dokaz.sqlite3", 0o600),
    ):
        path = store / name
        if not path.exists():
            continue
        status = path.stat()
        mode = stat.S_IMODE(status.st_mode)
        shown = f"{path if name != '.' else store}"
        yield Safety(
            not mode & 0o077,
            f"{shown} is {'open to other users' if mode & 0o077 else 'closed to other users'} ({mode:03o}).",
            f"chmod {most:03o} {shown}",
        )
    here = store / "secret"
    is_whole = here.is_file() and is_whole_secret(here.read_bytes())
    yield Safety(
        is_whole and len(settings.SECRET_KEY) >= 50,
        f"The secret is {'whole' if is_whole else 'lost or damaged'}, and {len(settings.SECRET_KEY)} characters long.",
        "restore it from a copy; or move it away: the next start makes another, and everybody signs in anew",
    )
