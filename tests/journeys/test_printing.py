"""What is printed: labels that fit their sheets, and pages that read on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from journeys.stage import Stage

pytestmark = pytest.mark.browser

A4_POINTS = (595.28, 841.89)
A_SHEET = 24


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points, as the file states them."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [(float(width), float(height)) for width, height in found]


def assert_a4(pdf: bytes, pages: int | None = None) -> None:
    found = sizes(pdf)
    assert found, "no page"
    for size in found:
        assert size == pytest.approx(A4_POINTS, abs=1)
    if pages is not None:
        assert len(found) == pages


def test_labels_of_a_grave_fit_sheets_of_24_and_nothing_is_cut(
    at_browser: Callable[..., BrowserContext], stage: Stage, screenshots: Path
) -> None:
    grave = stage.ask("numbers")["grave"]
    units = stage.ask("records", kind="graves.RecoveryUnit", grave__number=grave)
    page = at_browser("scene").new_page()
    page.goto(stage.address + stage.path("labels", query=f"?grave={grave}"))
    page.emulate_media(media="print")
    labels = page.locator(".label:has(b)")
    assert labels.count() == len(units)
    assert [one.inner_text() for one in page.locator(".label b").all()] == units
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.label')].flatMap(label => {
          const around = label.getBoundingClientRect();
          return [...label.querySelectorAll(':not(svg *)')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.right > around.right + 0.5 || box.bottom > around.bottom + 0.5 || box.left < around.left - 0.5 ||
              box.top < around.top - 0.5 || one.scrollWidth > around.width;
          }).map(one => label.innerText.slice(0, 30) + ': ' + one.tagName + ' ' + one.textContent.trim().slice(0, 40));
        })"""
    )
    assert cut == []
    sheets = -(-len(units) // A_SHEET)
    assert page.locator(".sheet-of-labels").count() == sheets
    assert_a4(page.pdf(format="A4", prefer_css_page_size=True, print_background=True), sheets)
    page.locator(".sheet-of-labels").first.screenshot(path=screenshots / "labels-sheet.png")


def test_a_qr_code_of_a_label_is_dark_on_light(at_browser: Callable[..., BrowserContext], stage: Stage) -> None:
    from PIL import Image

    unit = stage.ask("numbers")["unit"]
    page = at_browser("scene", theme="dark").new_page()
    page.goto(stage.address + stage.path("labels", query=f"?thing={unit}"))
    page.emulate_media(media="print")
    seen = Image.open(io.BytesIO(page.locator(".label svg").first.screenshot())).convert("L")
    low, high = seen.getextrema()
    assert low < 60
    assert high > 230
    assert seen.getpixel((0, 0)) > 200, "no quiet zone around the code"


def test_the_page_of_a_unit_prints_whole_hashes_and_no_rail(
    at_browser: Callable[..., BrowserContext], stage: Stage, screenshots: Path
) -> None:
    unit = stage.ask("numbers")["unit"]
    page = at_browser("investigator").new_page()
    page.goto(stage.address + stage.path("unit", unit))
    page.emulate_media(media="print")
    assert not page.locator("nav.rail").is_visible()
    assert not page.locator("header.bar .self").is_visible()
    assert page.locator("h1").is_visible()
    assert_a4(page.pdf(format="A4", prefer_css_page_size=True))
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=screenshots / "unit-print.png", full_page=True)


def test_a_certificate_prints_on_one_sheet_without_the_way_to_its_page(
    at_browser: Callable[..., BrowserContext], stage: Stage
) -> None:
    page = at_browser("prosecutor").new_page()
    page.goto(stage.address + stage.path("decision_certificate", stage.ask("numbers")["certified"]))
    page.emulate_media(media="print")
    assert not page.locator("header.bar").is_visible()
    assert_a4(page.pdf(format="A4", prefer_css_page_size=True), 1)
