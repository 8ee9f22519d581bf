"""Absent and forbidden read the same; refusals are said in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.stage import Stage

pytestmark = pytest.mark.browser

At = Callable[..., BrowserContext]
# Somebody, a page that is not theirs, and one like it that does not exist.
SHUT = [
    ("scene", "missing_person", "missing"),
    ("mortuary", "family", "family"),
    ("scene", "comparison", "comparison"),
    ("scene", "decision", "certified"),
    ("liaison", "unit_examine", "unit"),
    ("dna", "bundle", "bundle"),
    ("board", "unit_lift", "unit"),
    ("administrator", "unit", "unit"),
    ("administrator", "missing_person", "missing"),
    ("defence", "unit", "unit"),
    ("defence", "bundle", "bundle"),
    ("defence", "decision_certificate", "certified"),
    ("defence", "photograph", "photograph"),
    ("defence", "delivery", "delivery"),
]


def read(page: Page, address: str, number: str) -> tuple[int, str]:
    """The status, and all that is said, without the number that was asked for and without tokens."""
    answer = page.goto(address)
    assert answer is not None
    said = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content())
    return answer.status, said.replace(number, "")


@pytest.mark.parametrize("login", sorted({login for login, _, _ in SHUT}))
def test_absent_and_forbidden_read_the_same(at_browser: At, stage: Stage, login: str) -> None:
    numbers = stage.ask("numbers")
    page = at_browser(login).new_page()
    for who, name, kind in SHUT:
        if who == login:
            number, nothing = numbers[kind], "NO-SUCH-THING"
            forbidden = read(page, stage.address + stage.path(name, number), number)
            absent = read(page, stage.address + stage.path(name, nothing), nothing)
            assert forbidden[0] == 404, f"{login} sees {name}"
            assert forbidden == absent


def test_the_defence_sees_nothing_until_something_is_disclosed(at_browser: At, stage: Stage) -> None:
    page = at_browser("defence").new_page()
    page.goto(stage.address + "/")
    expect(page.locator("h1")).to_contain_text("Nothing has been disclosed to you yet")
    for path in ("/map/", "/sites/", "/units/", "/missing/", "/mortuary/", "/identification/", "/deliveries/", "/ledger/",
                 "/custody/", "/inventory/"):  # fmt: skip
        answer = page.goto(stage.address + path)
        assert answer is not None
        assert answer.status == 404, path


def lay_it(page: Page, comparison: str) -> None:
    """Try to lay a tie before the board; what stands in the way is said."""
    expect(page.locator(".requirements .unmet")).to_contain_text("fits as well")
    page.get_by_label(comparison).check()
    page.locator("main form button.first").last.click()
    expect(page.get_by_role("alert")).to_contain_text("fits as well")


def test_a_tie_between_brothers_is_not_laid_before_the_board(
    at_browser: At, stage: Stage, demo_directory: Path, screenshots: Path
) -> None:
    truth = json.loads((demo_directory / "incoming" / "truth.json").read_text(encoding="utf-8"))
    brothers = next(trap for trap in truth["traps"] if trap["id"] == "two-brothers")
    tie = stage.ask("tie", units=brothers["units"])
    page = at_browser("investigator").new_page()
    page.goto(stage.address + stage.path("decision_new", tie["comparison"]))
    page.get_by_label("Passphrase").fill(stage.password)
    lay_it(page, tie["comparison"])
    expect(page.get_by_label("Passphrase")).to_have_count(0)  # work has begun, though this act was refused
    with stage.assert_files_nothing():
        lay_it(page, tie["comparison"])
    page.screenshot(path=screenshots / "decision_new-tie.png", full_page=True)


def test_a_form_sent_by_two_clicks_files_once(at_browser: Callable[..., BrowserContext], stage: Stage) -> None:
    page = at_browser("liaison").new_page()
    page.goto(stage.address + stage.path("missing_report"))
    page.get_by_label("Family name").fill("Двічі")
    page.get_by_label("Passphrase").fill(stage.password)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(
        "() => { const form = document.querySelector('form.form'); form.requestSubmit(); form.requestSubmit(); }"
    )
    page.wait_for_url("**/missing/MP-*/")
    assert len(sent) == 1
    assert len(stage.ask("records", kind="missing.MissingPerson", family_name="Двічі")) == 1
