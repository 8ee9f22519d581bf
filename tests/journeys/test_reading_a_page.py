"""Two people read a page of a log book by keyboard alone, a third settles it; and key presses are counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dokaz.errors import BadNotation, BadTranscription
from dokaz.transcription.notation import read_notation
from journeys.stage import Stage
from journeys.watching import violations

pytestmark = pytest.mark.browser

COLUMNS = ("number", "surname", "given", "birth_year", "cell")
DITTO = '(")'
#: Lines of the page, keys that are pressed here, keys that a spreadsheet takes; docs/detention.md publishes them.
PRESSES = (23, 873, 873)


@dataclass
class Hands:
    """Somebody at a keyboard, whose key presses are counted: a letter of whatever alphabet is one."""

    page: Page
    presses: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += len(key.split("+"))

    def type(self, text: str, *, letter_by_letter: bool = True) -> None:
        """Type a text; that it comes in at once instead of letter by letter saves the test a minute."""
        (self.page.keyboard.type if letter_by_letter else self.page.keyboard.insert_text)(text)
        self.presses += len(text)

    def cell(self, text: str, *, letter_by_letter: bool = True) -> None:
        """Type one cell and go on to the next."""
        if text == DITTO:
            self.press("Control+Enter")
        else:
            self.type(text, letter_by_letter=letter_by_letter)
            self.press("Enter")


def rows_of(directory: Path, page: str) -> list[list[str]]:
    """What is written on a page, cell by cell."""
    truth = json.loads((directory / "incoming" / "truth.json").read_text(encoding="utf-8"))["log_book"]
    return [[str(row.get(name, "")) for name in COLUMNS] for row in truth["rows"] if row["page"] == page]


def in_a_spreadsheet(rows: Sequence[Sequence[str]]) -> int:
    """Key presses there: each letter, a key to leave each cell, and Ctrl+D where the cell says the same as above."""
    return sum((2 if cell == DITTO else len(cell)) + 1 for row in rows for cell in row)


def open_page(context: BrowserContext, stage: Stage, what: str) -> Page:
    page = context.new_page()
    page.goto(stage.address + what)
    return page


def unread(context: BrowserContext, stage: Stage) -> str:
    """The address of a page that nobody has read."""
    page = open_page(context, stage, "/pages-of-log-books/?progress=unread")
    address = page.locator("tbody th a").last.get_attribute("href")
    assert address
    page.close()
    return address


def read_all(
    context: BrowserContext, stage: Stage, address: str, rows: Sequence[Sequence[str]], date: str, *, by_hand: int
) -> Hands:
    """Read a page; after so many rows the rest is filled in at once, as it shows nothing new."""
    hands = Hands(open_page(context, stage, f"{address}read/"))
    hands.press("Enter")
    expect(hands.page.locator("input[data-cell]").first).to_be_focused()
    hands.cell(date)
    hands.presses = 0
    for nth, row in enumerate(rows[:by_hand]):
        for text in row:
            hands.cell(text, letter_by_letter=nth < 2)
    rest = [text for row in rows[by_hand:] for text in row]
    fill = "(cells, rest) => rest.forEach((text, at) => cells[cells.length - rest.length + at].value = text)"
    if rest:
        hands.page.locator("input[data-cell]").evaluate_all(fill, rest)
        hands.page.locator("input[data-cell]").last.press("Enter")
    if hands.page.locator("input[type=password]").count():
        hands.type(stage.password)
    hands.press("Enter")
    expect(hands.page.locator(".messages .success")).to_contain_text("is filed")
    assert not violations(hands.page)
    return hands


def test_two_read_by_keyboard_alone_and_a_third_settles(
    at_browser: Callable[..., BrowserContext], stage: Stage, demo_directory: Path, screenshots: Path
) -> None:
    rows = rows_of(demo_directory, "p6")
    analyst, investigator, scene = (at_browser(login) for login in ("analyst", "investigator", "scene"))
    address = unread(analyst, stage)
    first = read_all(analyst, stage, address, rows, "06.03.2022", by_hand=len(rows))
    wrong = [[*row] for row in rows]
    wrong[0][1], wrong[3][4] = "Інакший", "9"
    read_all(investigator, stage, address, wrong, "06.03.2022", by_hand=2)
    page = open_page(scene, stage, f"{address}settle/")
    expect(page.locator("fieldset.difference")).to_have_count(2)
    hands = Hands(page)
    page.locator("input[type=radio]").first.focus()
    page.screenshot(path=screenshots / "settling.png", full_page=True)
    hands.press("Space", "Tab", "Tab", "Tab", "Space")
    page.locator("input[type=password]").focus()
    hands.type(stage.password)
    hands.press("Enter")
    expect(page.locator(".messages .success")).to_contain_text("is settled")
    entries = open_page(scene, stage, address).locator("section", has_text="Entries").last.locator("tbody tr")
    expect(entries).to_have_count(len(rows))
    # The passphrase of the day and the last Enter sign, and type nothing.
    signs = 1 if first.presses < len(stage.password) + in_a_spreadsheet(rows) else 1 + len(stage.password)
    assert first.presses - signs <= in_a_spreadsheet(rows)
    assert (len(rows), first.presses - signs, in_a_spreadsheet(rows)) == PRESSES


@pytest.fixture
def reading(at_browser: Callable[..., BrowserContext], stage: Stage) -> Page:
    """A page that is being read."""
    context = at_browser("scene")
    page = open_page(context, stage, "/pages-of-log-books/?progress=once")
    address = page.locator("tbody th a").first.get_attribute("href")
    page.goto(f"{stage.address}{address}read/")
    page.keyboard.press("Enter")
    expect(page.locator("input[data-cell]").first).to_be_focused()
    return page


def test_letters_come_whatever_the_keyboard_has(reading: Page) -> None:
    cell = reading.locator(":focus")
    reading.keyboard.press("F2")
    for key in ("Shift+KeyG", "KeyF", "BracketRight", "KeyS", "Quote", "Backslash", "Backquote"):
        reading.keyboard.press(key)
    assert cell.input_value() == "Паїієґ’"
    reading.keyboard.press("F2")
    for key in ("KeyS", "Quote", "BracketRight", "Backquote"):
        reading.keyboard.press(key)
    assert cell.input_value() == "Паїієґ’ыэъё"
    reading.get_by_role("button", name="ґ", exact=True).click()
    reading.keyboard.press("F2")
    reading.keyboard.press("KeyS")
    assert cell.input_value() == "Паїієґ’ыэъёґs"


def test_a_ruler_follows_and_keys_lead_along_the_row_or_down_the_column(reading: Page, screenshots: Path) -> None:
    assert not violations(reading)
    ids = [cell.get_attribute("data-cell") for cell in reading.locator("input[data-cell]").all()]

    def at() -> str:
        return str(reading.locator(":focus").get_attribute("data-cell"))

    def seen() -> str:
        return str(reading.locator("svg.book-page").get_attribute("viewBox"))

    assert at() == ids[0]
    before = seen()
    reading.keyboard.press("Enter")
    assert (at(), seen()) == (ids[1], before)
    reading.keyboard.press("ArrowDown")
    assert at() == ids[1 + len(COLUMNS)] and seen() != before
    assert reading.locator(".ruler").count() == 1
    reading.keyboard.press("Shift+Enter")
    assert at() == ids[len(COLUMNS)]
    reading.get_by_label("down the column").check()
    reading.locator(f"input[data-cell={ids[1]}]").focus()
    reading.keyboard.press("Enter")
    assert at() == ids[1 + len(COLUMNS)]
    reading.keyboard.press("Control+Enter")
    assert reading.locator(f"input[data-cell={ids[1 + len(COLUMNS)]}]").input_value() == DITTO
    reading.keyboard.type("(-Пе(?тр)) (..2)")
    expect(reading.locator("[data-preview] s")).to_have_text(["Пе", "тр"])
    reading.screenshot(path=screenshots / "reading.png")
    reading.keyboard.type("(?")
    expect(reading.locator("[data-preview]")).to_have_text("A mark is not closed: type )")


SAMPLES = (
    "", "Петренко", "(помер)", "(..3)", "(..0)", "(..x)", "(..", "(?Петр(..2)ко)", "(-(?а) б)", "(?)", "(*)", "(* )",
    "(%гр.)",
    "(%гр.=громадянин)", "(%)", '(")', '("=Петренко)', '("-//-=Петренко)', "(/)", "а(/)б", r"\(", r"\х", r"тел. \(+380 44)",
    "(-(помер))", "(%а(?б))", "(-", "(%а", r"(%а\))", r"(%а\б)", "(:12.05) (+вст)", "(..1000)", "(-  )", "(%а=б=в)", "a)",
)  # fmt: skip


def test_the_browser_reads_marks_as_the_program_does(reading: Page) -> None:
    names = {"struck": "struck_out", "hand": "other_hand"}
    for typed in SAMPLES:
        found = reading.evaluate("text => window.readNotation(text)", typed)
        try:
            read = read_notation(typed)
        except (BadNotation, BadTranscription):
            assert "wrong" in found, typed
            continue
        assert "wrong" not in found, (typed, found)
        shown = "".join(part["text"] or "□" * max(1, part["gap"]) for part in found)
        assert " ".join(shown.split()) == " ".join(read.as_written.split()), typed
        marks = [{names.get(mark, mark) for mark in part["marks"]} for part in found if part["marks"]]
        assert [set(map(str, run.marks)) for run in read.runs if run.marks] == marks, typed
        stands = [part["standsFor"] for part in found if part["standsFor"]]
        assert stands == [run.stands_for for run in read.runs if run.stands_for], typed


def test_what_is_typed_is_offered_again_after_the_session_is_lost(
    at_browser: Callable[..., BrowserContext], stage: Stage
) -> None:
    context = at_browser("scene")
    page = open_page(context, stage, "/pages-of-log-books/?progress=once")
    address = f"{stage.address}{page.locator('tbody th a').first.get_attribute('href')}read/"
    page.goto(address)
    page.locator("html[data-keeps-drafts]").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("01.03.2022")
    page.wait_for_timeout(600)
    page.close()
    again = context.new_page()
    again.goto(address)
    again.get_by_role("button", name="Take it up").click()
    assert again.locator("input[data-cell]").first.input_value() == "01.03.2022"
