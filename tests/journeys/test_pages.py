"""Every page, in a real browser: it answers, asks nobody else, is accessible, works by keyboard, speaks one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from journeys.pages import IN_THE_DARK, NO_PAGES, VISITS, Visit
from journeys.stage import HEIGHT, WIDTH, Stage, sit_down
from journeys.watching import Watch, nothing_sticks_out, picture, unreachable, untranslated, violations

pytestmark = pytest.mark.browser


class Walkers:
    """Everybody at one browser that stays open, so that what every page asks for is fetched and compiled once."""

    def __init__(self, context: BrowserContext, stage: Stage) -> None:
        self.context, self.stage = context, stage
        self.watch = Watch(context.new_page(), stage.address)
        self.numbers = stage.ask("numbers")
        self.walked_the_rail: set[str] = set()
        self.paths = self._paths()

    def _paths(self) -> dict[Visit, str]:
        known = [visit for visit in VISITS if set(visit.of) <= set(self.numbers)]
        named = [
            [v.name, [self.numbers[kind] for kind in v.of], v.query.format_map(self.numbers) if v.query else ""]
            for v in known
        ]
        return dict(zip(known, self.stage.ask("addresses", named=named), strict=True))

    def of(self, visit: Visit, language: str, theme: str) -> Watch:
        """The browser, with whoever makes a visit sitting at it."""
        sit_down(self.context, self.stage, visit.login, language=language)
        self.watch.page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        return self.watch


@pytest.fixture(scope="module")
def walkers(browser: Browser, stage: Stage) -> Iterator[Walkers]:
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB") as context:
        yield Walkers(context, stage)


def opened(walkers: Walkers, visit: Visit, language: str = "en", theme: str = "light") -> Watch:
    """The page, answered and quiet."""
    assert visit in walkers.paths, f"the demo has no {visit.of} to show"
    watch = walkers.of(visit, language, theme)
    answer = watch.go(walkers.paths[visit])
    assert answer.status == 200
    return watch


def test_every_address_is_visited_or_is_no_page(stage: Stage) -> None:
    names = {name for name, _converters in stage.ask("url_names")}
    visited = {visit.name for visit in VISITS}
    assert names - visited - set(NO_PAGES) == set()
    assert (visited | set(NO_PAGES)) - names == set()
    assert visited & set(NO_PAGES) == set()


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.title)
def test_a_page_answers_whole_accessible_and_by_keyboard(walkers: Walkers, visit: Visit, screenshots: Path) -> None:
    watch = opened(walkers, visit)
    page = watch.page
    page.wait_for_load_state("networkidle" if visit.name in {"map", "photograph"} else "load")
    picture(page, screenshots / f"{visit.title}.png")
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert not page.title().startswith(" ")
    faults = violations(page) + nothing_sticks_out(page)
    # The rail is the same on every page of one reader, hence walked once; then from the skip link on.
    faults += unreachable(page, past_the_rail=visit.login in walkers.walked_the_rail) + watch.faults()
    walkers.walked_the_rail.add(visit.login)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.title)
def test_a_page_speaks_ukrainian_throughout(walkers: Walkers, visit: Visit, screenshots: Path) -> None:
    watch = opened(walkers, visit, language="uk")
    page = watch.page
    assert page.locator("html").get_attribute("lang") == "uk"
    faults = untranslated(page) + nothing_sticks_out(page) + watch.faults()
    assert not faults, "\n".join(faults)
    if visit.name in IN_THE_DARK:
        picture(page, screenshots / f"{visit.title}-uk.png")


@pytest.mark.parametrize("visit", [v for v in VISITS if v.name in IN_THE_DARK], ids=lambda visit: visit.title)
def test_a_page_reads_well_in_the_dark(walkers: Walkers, visit: Visit, screenshots: Path) -> None:
    watch = opened(walkers, visit, theme="dark")
    picture(watch.page, screenshots / f"{visit.title}-dark.png")
    faults = violations(watch.page, of_colour=True) + watch.faults()
    assert not faults, "\n".join(faults)


def test_the_skip_link_leads_past_the_rail(walkers: Walkers) -> None:
    page = opened(walkers, VISITS[0]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.fixture
def telephone(walkers: Walkers) -> Iterator[Callable[[Visit], Page]]:
    """``telephone(visit)``: the page on a narrow screen."""
    shown: list[Page] = []

    def show(visit: Visit) -> Page:
        shown.append(walkers.of(visit, "en", "light").page)
        shown[-1].set_viewport_size({"width": 390, "height": 844})
        return opened(walkers, visit).page

    yield show
    for page in shown:
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


@pytest.mark.parametrize("visit", [v for v in VISITS if v.name in IN_THE_DARK], ids=lambda visit: visit.title)
def test_a_page_is_no_wider_than_a_telephone(telephone: Callable[[Visit], Page], visit: Visit) -> None:
    faults = nothing_sticks_out(telephone(visit))
    assert not faults, "\n".join(faults)


def test_on_a_telephone_the_rooms_are_folded_and_opened_by_keyboard(telephone: Callable[[Visit], Page]) -> None:
    page = telephone(VISITS[0])
    main = page.locator("main").bounding_box()
    assert main is not None
    assert main["y"] < 844 / 4
    ledger, way_out = page.get_by_role("link", name="Ledger"), page.get_by_role("button", name="Sign out")
    for folded, opener in ((ledger, ".rail > .opens"), (way_out, ".bar > .opens")):
        assert not folded.is_visible()
        page.locator(opener).press("Enter")
        assert folded.is_visible()
        assert not violations(page)
        page.keyboard.press("Escape")
        assert not folded.is_visible()
    page.locator(".rail > .opens").press("Enter")
    ledger.press("Enter")
    page.wait_for_url("**/ledger/")


def test_no_pin_on_the_map_covers_another(walkers: Walkers) -> None:
    page = opened(walkers, next(v for v in VISITS if v.name == "map")).page
    page.locator(".pin").first.wait_for()
    boxes = [pin.bounding_box() for pin in page.locator(".pin").all()]
    assert len(boxes) > 1
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert one is not None
            assert other is not None
            apart_x = abs(one["x"] - other["x"]) >= min(one["width"], other["width"]) * 0.9
            apart_y = abs(one["y"] - other["y"]) >= min(one["height"], other["height"]) * 0.9
            assert apart_x or apart_y, "two pins overlap"
