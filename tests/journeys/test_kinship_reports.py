"""A kinship report in a real browser: read aloud and on a telephone, without a request to anywhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from commands import PROGRAM
from playwright.sync_api import Browser

from journeys.watching import violations

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_report_has_no_fault_that_axe_knows_and_asks_for_nothing(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    out = tmp_path / "report.html"
    asked = ["kinship", "report", str(EXAMPLES / "paternity.fam"), str(out), "--language", language, "--prior", "0.5"]
    subprocess.run([str(PROGRAM), *asked], check=True, capture_output=True)
    for width in (1280, 360):
        context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
        page, requests, said = context.new_page(), [], []
        page.on("request", lambda request, into=requests: into.append(request.url))
        page.on("console", lambda message, into=said: into.append(message.text))
        page.goto(out.as_uri())
        assert requests == [out.as_uri()]
        assert said == []
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()
