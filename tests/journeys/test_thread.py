"""The whole thread in browsers: a case is taken in, searched, compared, signed by four people, bundled, and verified."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import ADMINISTRATOR, PASSPHRASE, Desk, family_case
from figures import outside
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.stage import HEIGHT, WIDTH, Stage, sit_down, staged

pytestmark = pytest.mark.browser

PEOPLE = {
    "zoya": ("Zoya Examiner", ["scene", "mortuary", "family_liaison", "dna_examiner"]),
    "yuriy": ("Yuriy Examiner", ["dna_examiner"]),
    "inna": ("Inna Investigator", ["investigator"]),
    "bohdana": ("Bohdana Board", ["board"]),
    "vasyl": ("Vasyl Board", ["board"]),
    "pavlo": ("Pavlo Prosecutor", ["prosecutor"]),
}


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[Stage]:
    """An investigation with people and nothing else, served."""
    desk = Desk(tmp_path / "store")
    desk.found()
    with staged(desk.store, PASSPHRASE, workers=1) as stage:
        for login, (name, roles) in PEOPLE.items():
            stage.ask("new_person", name=name, roles=roles, login=login, passphrase=PASSPHRASE, chief=ADMINISTRATOR,
                      chief_passphrase=PASSPHRASE)  # fmt: skip
        yield stage


class Company:
    """Everybody's pages in one house, at one browser; whoever comes brings their own cookies, and takes them along."""

    def __init__(self, context: BrowserContext, stage: Stage) -> None:
        self.context, self.stage, self.pages, self.sitting = context, stage, {}, ""

    def of(self, login: str) -> Page:
        """Somebody's page, signed in."""
        if login != self.sitting:
            if self.sitting:
                self.stage.doors[self.sitting] = self.context.cookies()
            sit_down(self.context, self.stage, login)
            self.sitting = login
        if login not in self.pages:
            self.pages[login] = self.context.new_page()
        page: Page = self.pages[login]
        return page

    def at(self, login: str, path: str) -> Page:
        """Somebody's page, there."""
        page = self.of(login)
        page.goto(self.stage.address + path)
        return page


@pytest.fixture
def company(browser: Browser, new_house: Stage) -> Iterator[Company]:
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB") as context:
        yield Company(context, new_house)


def cases() -> list[Any]:
    return [pytest.param(None, id="invented"), *outside("dvi_icmp.json")]


@pytest.mark.parametrize("published", cases())
def test_a_case_goes_from_its_file_to_a_bundle_that_a_stranger_verifies(
    company: Company, published: Path | None, tmp_path: Path, screenshots: Path
) -> None:
    file = published or tmp_path / "case.json"
    if published is None:
        file.write_text(json.dumps(family_case()), encoding="utf-8")

    empty_rooms_say_what_to_do(company)
    take_in(company, file, screenshots)
    comparison = compare(company, *search(company))
    sign_by_two(company, f"/identification/comparison/{comparison}/", ("zoya", "yuriy"))
    decision = lay(company, comparison)
    sign_by_two(company, f"/identification/decision/{decision}/", ("bohdana", "vasyl"))
    expect(company.of("vasyl").locator("header.record")).to_contain_text("certified")
    bundle = bundle_of(company, tmp_path)
    go_home(company)

    program = Path(sys.executable).parent / "dokaz-verify"
    verdict = subprocess.run([str(program), str(bundle)], capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert "VERIFIED" in verdict.stdout


def empty_rooms_say_what_to_do(company: Company) -> None:
    """Before anything is filed, every list tells where to begin."""
    for path in ("/deliveries/", "/sites/", "/units/", "/mortuary/", "/missing/", "/identification/comparisons/",
                 "/identification/decisions/", "/identification/reviews/", "/custody/"):  # fmt: skip
        page = company.at("inna", path)
        assert page.locator(".empty p").count() >= 2, f"{path} does not say what to do"


def take_in(company: Company, file: Path, screenshots: Path) -> None:
    """The first act of the day asks for the passphrase; a file that does not read is refused; whole, it is taken in."""
    page = company.at("zoya", "/deliveries/")
    page.get_by_role("link", name="Take in files").first.click()
    page.get_by_role("link", name="Victim-identification case").click()
    cut = file.read_text(encoding="utf-8")[:-20]
    torn: Any = {"name": file.name, "mimeType": "application/json", "buffer": cut.encode()}
    with company.stage.assert_files_nothing():
        page.get_by_label("The file").set_input_files(torn)
        page.get_by_label("Passphrase").fill("not her passphrase")
        page.get_by_role("button", name="Take in").click()
        expect(page.get_by_role("alert")).to_contain_text("passphrase")
    page.get_by_label("The file").set_input_files(torn)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("alert")).to_contain_text(file.name)
    expect(page.locator(".self")).to_contain_text("Session of work until")
    expect(page.get_by_label("Passphrase")).to_have_count(0)
    with company.stage.assert_files_nothing():
        page.get_by_label("The file").set_input_files(torn)
        page.get_by_role("button", name="Take in").click()
        expect(page.get_by_role("alert")).to_contain_text(file.name)
        page.screenshot(path=screenshots / "delivery_new-refused.png", full_page=True)
    with company.stage.assert_files_something():
        page.get_by_label("The file").set_input_files(file)
        page.get_by_role("button", name="Take in").click()
        expect(page.locator("h1")).to_contain_text("DEL-")
    expect(page.get_by_role("status").first).to_contain_text("Filed as")
    expect(page.locator("main")).to_contain_text(file.name)


def search(company: Company) -> tuple[str, str, list[str]]:
    """Run the search, and open the best candidate whom nothing contradicts; who else fits the same unit?"""
    page = company.of("zoya")
    page.get_by_label("Acting as").select_option(label="DNA examiner")
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".rail")).to_contain_text("Identification")
    page.goto(company.stage.address + "/identification/search/new/")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("h1")).to_contain_text("SRC-", timeout=60_000)
    found, rows = page.url, page.locator("#list tbody tr")
    pairs = [(row.locator("th .no").inner_text(), row.locator("td .no").first.inner_text()) for row in rows.all()]
    for unit, person in pairs:
        page.goto(found)
        page.get_by_role("link", name=f"Compare {unit} with {person}").click()
        bearings = [one.input_value() for one in page.locator("select[name$=bearing]").all()]
        if "contradicts" not in bearings:
            rivals = [other for same, other in pairs if same == unit and other != person]
            return unit, person, rivals
    raise AssertionError("everybody is contradicted by something")


def compare(company: Company, unit: str, person: str, rivals: list[str]) -> str:
    """Conclude, in one's own words; what DNA cannot tell apart, sex can."""
    page = company.of("zoya")
    if rivals:
        page.locator("input[name$=distinguishes]").first.fill(" ".join(rivals))
    page.get_by_label("concordant").check()
    page.get_by_label("In your own words").fill(f"{unit} fits the family of {person} at every marker.")
    page.get_by_role("button", name="File the comparison").click()
    expect(page.locator("h1")).to_contain_text("CMP-")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def sign_by_two(company: Company, path: str, who: tuple[str, str]) -> None:
    """A wrong passphrase is refused; the first signs, and is refused a second signature; the second completes it."""
    first, second = who
    page = company.at(first, path)
    panel = page.locator(".signing")
    with company.stage.assert_files_nothing():
        panel.get_by_label("Passphrase").fill("not her passphrase")
        panel.get_by_role("button").last.click()
        expect(page.locator(".wrong").first).to_contain_text("passphrase")
    panel.get_by_label("Passphrase").fill(PASSPHRASE)
    panel.get_by_role("button").last.click()
    expect(panel.locator("ol.signatures")).to_contain_text(PEOPLE[first][0])
    assert panel.get_by_label("Passphrase").count() == 0
    expect(panel.locator(".refused")).to_contain_text("signed")
    page = company.at(second, path)
    page.locator(".signing").get_by_label("Passphrase").fill(PASSPHRASE)
    page.locator(".signing").get_by_role("button").last.click()
    expect(page.locator("main")).to_contain_text("Filed as")
    expect(page.get_by_role("heading", name="Signed by")).to_be_visible()
    expect(page.locator("main")).to_contain_text(PEOPLE[second][0])


def lay(company: Company, comparison: str) -> str:
    """Lay the comparison before the board."""
    page = company.at("inna", f"/identification/comparison/{comparison}/lay/")
    page.get_by_label(comparison).check()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.locator("main form button.first").last.click()
    expect(page.locator("h1")).to_contain_text("DEC-")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def go_home(company: Company) -> None:
    """Whoever worked signs out, and files with it that their session is over."""
    ended = {"kind": "casework.SessionKey", "ended_at__isnull": False}
    assert company.stage.ask("records", **ended) == []
    page = company.at("zoya", "/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")
    assert len(company.stage.ask("records", **ended)) == 1


def bundle_of(company: Company, tmp_path: Path) -> Path:
    """Make a bundle, take it home, unpack it."""
    page = company.at("pavlo", "/bundles/new/")
    page.get_by_label("Purpose").fill("disclosure in an invented case")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Write and sign the bundle").click()
    expect(page.locator("h1")).to_contain_text("BUN-", timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    archive, folder = tmp_path / "bundle.zip", tmp_path / "unpacked"
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
