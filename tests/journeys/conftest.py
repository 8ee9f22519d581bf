"""One browser and one small demo, served, for all journeys."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from journeys.stage import PROGRAM, Stage, chromium, environment, signed_in, staged

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
REMAINS = 60


# Of the package, not of the session: Playwright keeps a loop running in this thread, in which Django's database, that
# later tests use, does not answer.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        except Error as problem:
            told = f"no Chromium, hence no journey in a browser: {str(problem).splitlines()[0]}"
            if os.environ.get("DOKAZ_REQUIRE_BROWSER") == "1":
                pytest.fail(told)
            pytest.skip(told)
        yield started
        started.close()


@pytest.fixture(scope="package")
def demo_directory(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A small demo: store, incoming files, bundle; made through the importers and acts that users have.

    It is made once for all workers; each has a copy of its own.
    """
    base = tmp_path_factory.getbasetemp()
    made = Path(os.environ.get("DOKAZ_JOURNEYS_DEMO") or (base if worker_id == "master" else base.parent) / "made")
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "bundle").is_dir():
            _make_demo(made)
    return shutil.copytree(made, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)


def _make_demo(directory: Path) -> None:
    made = subprocess.run(
        [str(PROGRAM), "demo", str(directory), "--remains", str(REMAINS), "--no-serve"],
        env=environment(directory / "store"), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.fixture(scope="package")
def stage(browser: Browser, demo_directory: Path) -> Iterator[Stage]:
    """The demo, served."""
    from dokaz.cli.demo_people import PASSPHRASE

    with staged(demo_directory / "store", PASSPHRASE) as served:
        yield served


@pytest.fixture
def at_browser(browser: Browser, stage: Stage) -> Iterator[Callable[..., BrowserContext]]:
    """``at_browser("dna")``: somebody at their browser, signed in to the demo."""
    opened: list[BrowserContext] = []

    def open_one(login: str, **how: str) -> BrowserContext:
        opened.append(signed_in(browser, stage, login, **how))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """Somebody who has not signed in."""
    with browser.new_context(locale="en-GB") as context:
        yield context.new_page()


@pytest.fixture(scope="package")
def screenshots() -> Path:
    """Where pictures of pages go; git does not keep them."""
    folder = Path(__file__).parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
