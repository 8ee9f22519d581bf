"""What is typed and not filed is kept in the browser, for its writer alone, and offered again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from journeys.stage import Stage
from journeys.watching import violations

pytestmark = pytest.mark.browser

FAMILY_NAME = "Незаписаний"
KEPT = (
    "Object.keys(localStorage).filter((key) => key.startsWith('draft:')).map((key) => key + localStorage.getItem(key))"
)


def kept(page: Page) -> list[str]:
    """Names and contents of the drafts in this browser, as they lie there."""
    found: list[str] = page.evaluate(KEPT)
    return found


def wait_for_drafts(page: Page, count: int) -> None:
    """Until so many are kept; the page forbids scripts that come as text, hence asked again and again."""
    for _turn in range(100):
        if len(kept(page)) == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(kept(page))} drafts are kept, not {count}")


def form(page: Page, stage: Stage) -> Page:
    """A page on which somebody is reported missing, ready to keep what is typed."""
    page.goto(stage.address + stage.path("missing_report"))
    page.locator("html[data-keeps-drafts]").wait_for()
    return page


def typed(page: Page, stage: Stage) -> Page:
    """The same, with a few things typed and kept."""
    form(page, stage).get_by_label("Family name").fill(FAMILY_NAME)
    page.locator("select, input[type=radio]").first.evaluate(
        "field => field.tagName === 'SELECT' ? field.selectedIndex = 1 : field.click()"
    )
    page.get_by_label("Family name").press("End")
    wait_for_drafts(page, 1)
    return page


@pytest.fixture
def liaison(at_browser: Callable[..., BrowserContext]) -> BrowserContext:
    return at_browser("liaison")


def test_a_closed_tab_loses_nothing_that_was_typed(liaison: BrowserContext, stage: Stage) -> None:
    typed(liaison.new_page(), stage).close()
    page = form(liaison.new_page(), stage)
    assert page.get_by_label("Family name").input_value() == "", "it is offered, not filled in"
    expect(page.get_by_text("is not filed")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Take it up").click()
    assert page.get_by_label("Family name").input_value() == FAMILY_NAME
    assert page.evaluate("document.activeElement.form !== null"), "the keyboard goes on in the form"
    expect(page.get_by_text("is not filed")).to_have_count(0)


def test_nothing_of_it_can_be_read_on_the_disk_and_no_passphrase_is_kept(liaison: BrowserContext, stage: Stage) -> None:
    page = form(liaison.new_page(), stage)
    page.get_by_label("Passphrase").first.fill("a passphrase typed here")
    typed_here = page.get_by_label("Family name")
    typed_here.fill(FAMILY_NAME)
    wait_for_drafts(page, 1)
    (draft,) = kept(page)
    assert FAMILY_NAME not in draft and "passphrase typed" not in draft
    typed_here.press("End")
    page.reload()
    page.locator("html[data-keeps-drafts]").wait_for()
    page.get_by_role("button", name="Take it up").click()
    assert page.get_by_label("Family name").input_value() == FAMILY_NAME
    assert page.get_by_label("Passphrase").first.input_value() == ""


def test_it_is_told_on_the_overview_and_can_be_thrown_away(liaison: BrowserContext, stage: Stage) -> None:
    page = typed(liaison.new_page(), stage)
    page.goto(stage.address + "/")
    expect(page.get_by_role("heading", name="Typed and not filed")).to_be_visible()
    page.locator("[data-drafts] a").click()
    page.get_by_role("button", name="Discard").click()
    assert kept(page) == []
    page.goto(stage.address + "/")
    page.locator("html[data-keeps-drafts]").wait_for()
    expect(page.get_by_role("heading", name="Typed and not filed")).to_be_hidden()


def test_it_is_gone_once_it_is_filed_and_stays_where_it_was_refused(liaison: BrowserContext, stage: Stage) -> None:
    page = typed(liaison.new_page(), stage)
    page.get_by_label("Passphrase").first.fill("not the passphrase")
    page.locator("form[data-draft] button.first").click()
    page.locator("html[data-keeps-drafts]").wait_for()
    assert page.get_by_label("Family name").input_value() == FAMILY_NAME
    assert len(kept(page)) == 1
    expect(page.get_by_role("button", name="Take it up")).to_have_count(0)
    page.get_by_label("Passphrase").first.fill(stage.password)
    with stage.assert_files_something():
        page.locator("form[data-draft] button.first").click()
        page.locator(".messages .success").wait_for()
    wait_for_drafts(page, 0)


def test_signing_out_wipes_it_before_the_server_answers(liaison: BrowserContext, stage: Stage) -> None:
    page = typed(liaison.new_page(), stage)
    page.goto(stage.address + "/")
    page.locator("html[data-keeps-drafts]").wait_for()
    page.route("**/account/logout/", lambda route: route.fulfill(status=204))  # other tests go on with this session
    page.get_by_role("button", name="Sign out").click()
    wait_for_drafts(page, 0)
    assert kept(page) == []


def test_another_person_at_the_same_browser_is_shown_nothing_of_it(
    at_browser: Callable[..., BrowserContext], liaison: BrowserContext, stage: Stage
) -> None:
    page = typed(liaison.new_page(), stage)
    (draft,) = kept(page)
    other = at_browser("investigator")
    elsewhere = other.new_page()
    elsewhere.goto(stage.address + "/")
    key, value = draft.split("{", 1)
    elsewhere.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, "{" + value])
    elsewhere.reload()
    elsewhere.locator("html[data-keeps-drafts]").wait_for()
    assert elsewhere.locator("[data-drafts] a").count() == 0
    mine = elsewhere.evaluate("document.getElementById('drafts').dataset.person")
    stolen = f"draft:{mine}:" + key.split(":", 2)[2]
    elsewhere.evaluate("([key, value]) => localStorage.setItem(key, value)", [stolen, "{" + value])
    elsewhere.reload()
    elsewhere.locator("html[data-keeps-drafts]").wait_for()
    assert elsewhere.locator("[data-drafts] a").count() == 0, "renamed to another's, it cannot be read"
