"""A store on disk, a real server on it, and the people who come to it with their browsers."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

PROGRAM = Path(sys.executable).parent / "dokaz"
BACKSTAGE = Path(__file__).with_name("backstage.py")
WIDTH, HEIGHT = 1360, 900


def environment(store: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOKAZ_", "DJANGO_"))}
    return kept | {"DOKAZ_STORE": str(store), **more}


def chromium() -> str | None:
    """A Chromium on this machine, by its path; None to let Playwright look for its own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass
class Stage:
    """One store that is served.

    Args:
        store: Its directory.
        address: Where its pages are, without a slash at the end.
        password: Everybody's, and the passphrase of their keys.
        wings: The process that answers what a browser cannot see.
    """

    store: Path
    address: str
    password: str
    wings: subprocess.Popen[str]
    doors: dict[str, Any] = field(default_factory=dict)

    def ask(self, name: str, /, **given: Any) -> Any:
        """Ask ``backstage`` something."""
        assert self.wings.stdin is not None
        assert self.wings.stdout is not None
        self.wings.stdin.write(json.dumps([name, given]) + "\n")
        self.wings.stdin.flush()
        answer = self.wings.stdout.readline()
        assert answer, f"backstage failed over {name}"
        told = json.loads(answer)
        assert "fault" not in told, told["fault"]
        return told["answer"]

    def size(self) -> int:
        """Entries in the ledger."""
        return int(self.ask("size"))

    def path(self, name: str, *arguments: object, query: str = "") -> str:
        """The path of a page by its name."""
        return str(self.ask("addresses", named=[[name, [str(a) for a in arguments], query]])[0])

    @contextmanager
    def assert_files_nothing(self) -> Iterator[None]:
        """Whatever happens inside leaves no entry."""
        before = self.size()
        yield
        assert self.size() == before, "something was filed"

    @contextmanager
    def assert_files_something(self) -> Iterator[None]:
        before = self.size()
        yield
        assert self.size() > before, "nothing was filed"


@contextmanager
def staged(store: Path, password: str, *, workers: int = 2) -> Iterator[Stage]:
    """Serve a store on a free port until the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = store.parent / "server.log"
    with ExitStack() as at_the_end:
        out = at_the_end.enter_context(log.open("w", encoding="utf-8"))
        server = subprocess.Popen(
            [str(PROGRAM), "serve", "--port", str(port), "--workers", str(workers), "--store", str(store)],
            env=environment(store), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        at_the_end.callback(_end, server)
        wings = subprocess.Popen(
            [sys.executable, str(BACKSTAGE), str(store)],
            env=environment(store), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        at_the_end.callback(_end, wings)
        assert wings.stdout is not None
        assert json.loads(wings.stdout.readline()) == "ready"
        stage = Stage(store, f"http://127.0.0.1:{port}", password, wings)
        _wait_for(stage.address + "/account/login/", server, log)
        yield stage


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def _wait_for(address: str, server: subprocess.Popen[Any], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the server does not answer:\n{log.read_text(encoding='utf-8')}")


def sign_in(page: Page, stage: Stage, login: str) -> None:
    """Sign in as a person does: password, then the code of the authenticator."""
    page.goto(stage.address + "/account/login/")
    page.get_by_label("Login").or_(page.get_by_label("Username")).fill(login)
    page.get_by_label("Password").fill(stage.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("input[name=code]").fill(stage.ask("code", login=login))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(stage.address + "/")


def signed_in(
    browser: Browser, stage: Stage, login: str, *, language: str = "en", theme: str = "light"
) -> BrowserContext:
    """A browser of somebody who has signed in."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="en-GB" if language == "en" else "uk-UA",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        accept_downloads=True,
    )
    sit_down(context, stage, login, language=language)
    return context


def sit_down(context: BrowserContext, stage: Stage, login: str, *, language: str = "en") -> None:
    """Somebody takes over a browser; each person signs in once, for a code opens a door once."""
    context.clear_cookies()
    if login not in stage.doors:
        page = context.new_page()
        sign_in(page, stage, login)
        page.close()
        stage.doors[login] = context.cookies()
    context.clear_cookies()
    context.add_cookies(stage.doors[login])
    context.add_cookies([{"name": "django_language", "value": language, "url": stage.address}])
