"""What is looked for on every page: its requests, its console, its words, its accessibility, its way round by keyboard."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CATALOGUE = ROOT / "src" / "dokaz" / "locale" / "uk" / "LC_MESSAGES" / "django.po"

# What records of the demo say in English because its author did: the source of the allele frequencies.
_AS_DELIVERED = ("Forensic Sci Int Genet",)
# Abbreviations in capitals are the same in both languages.
_FOUR_ENGLISH_WORDS = re.compile(r"(?:\b[A-Za-z]?[a-z]+[ ,]+){3}[A-Za-z]?[a-z]+")

_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), around = walker.currentNode.parentElement;
    if (!text || around.closest('script, style, code, pre, textarea, .no, .hash, [translate=no]')) continue;
    const tongue = around.closest('[lang]').lang;
    if (tongue === 'uk') found.push(text);
  }
  return found;
}"""

# Follows the focus: what it came to, and whether one can see that it is there.
_FOLLOW = """() => {
  const seen = window.__seen = new Set(); window.__unseen = [];
  document.addEventListener('focusin', event => {
    const one = event.target, style = getComputedStyle(one);
    seen.add(one);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    if (!ring && style.boxShadow === 'none' && one.id !== 'content') window.__unseen.push(one.outerHTML.slice(0, 160));
  });
}"""
_REACHABLE = """(within) => {
  const groups = new Set();
  return [...document.querySelector(within).querySelectorAll(
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(one => {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type === 'radio') {
      const group = one.name + (one.form ? one.form.id : '');
      if (groups.has(group)) return false;
      groups.add(group);
      one.dataset.group = group;
    }
    return true;
  });
}"""


@dataclass
class Watch:
    """A page under watch: everything that it asks for and complains of.

    Args:
        page: The page.
        home: Where alone it may ask.
    """

    page: Page
    home: str
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", lambda socket: self._asked(socket.url))
        self.page.on("console", lambda said: self._said(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme not in {"data", "blob", "about"} and not url.startswith(self.home + "/"):
            self.strangers.append(url)

    def _said(self, kind: str, text: str) -> None:
        # A machine without a graphics card draws the map slowly, and Chromium says so.
        if kind == "error" or (kind == "warning" and "GPU stall" not in text and "WebGL" not in text):
            self.complaints.append(f"{kind}: {text}")

    def go(self, path: str) -> Response:
        """Open a page of the house and wait until it is there; what was asked and said before is forgotten."""
        self.strangers, self.complaints = [], []
        answer = self.page.goto(self.home + path)
        assert answer is not None
        return answer

    def faults(self) -> list[str]:
        """What it asked of others and complained of since the last time."""
        found = [f"asks {url}" for url in self.strangers] + self.complaints
        self.strangers, self.complaints = [], []
        return found


def picture(page: Page, path: Path) -> None:
    """Keep a picture of a page, if pictures are wanted (DOKAZ_PICTURES=1): drawing hundreds of them takes its time."""
    if os.environ.get("DOKAZ_PICTURES"):
        page.screenshot(path=path, full_page=True)


_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def violations(page: Page, *, of_colour: bool = False) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its own good practice; or of that, what hangs on the colours alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        """async (runOnly) => {
          // Pins of sites that lie close together overlap; the list beside holds the same (WCAG 2.5.8, "Equivalent").
          // Fetching every style sheet once more is for rules about sound and about what is not stable yet.
          const {violations} = await axe.run({exclude: ['.pin']}, {resultTypes: ['violations'], preload: false, runOnly});
          return violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' +
            (n.any[0]?.message || n.all[0]?.message || ''))]);
        }""",
        _COLOURS if of_colour else _EVERYTHING,
    )
    return [f"{rule}: {words} {nodes}" for rule, words, nodes in found]


@cache
def _axe() -> str:
    assert AXE.is_file(), f"{AXE.relative_to(ROOT)} is not there; run: sh frontend/build.sh --force"
    return AXE.read_text(encoding="utf-8") + "\n;undefined"


def unreachable(page: Page, *, past_the_rail: bool = False) -> list[str]:
    """What the Tab key does not reach, or does not show that it did; on the whole page, or from the skip link on."""
    handle = page.evaluate_handle(_REACHABLE, "main" if past_the_rail else "body")
    count = handle.evaluate("all => all.length")
    page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); }")
    page.evaluate(_FOLLOW)
    if past_the_rail:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    # A date is several stops, one for the day, one for the month, and so on.
    dates = page.locator("input[type=date], input[type=datetime-local]").count()
    for _nth in range(count + 7 * dates + 3):
        page.keyboard.press("Tab")
    missed: list[str] = handle.evaluate(
        """all => all.filter(one => !window.__seen.has(one) && !(one.type === 'radio' && [...window.__seen].some(
             other => other.type === 'radio' && other.name === one.name))).map(one => one.outerHTML.slice(0, 160))"""
    )
    unseen: list[str] = page.evaluate("window.__unseen")
    return [f"not reached by Tab: {one}" for one in missed] + [f"focus not visible: {one}" for one in unseen]


@cache
def _english() -> frozenset[str]:
    import polib

    said = set()
    for entry in polib.pofile(str(CATALOGUE)):
        for message in (entry.msgid, entry.msgid_plural):
            if message and "%" not in message and message not in {entry.msgstr, *entry.msgstr_plural.values()}:
                said.add(message)
    return frozenset(said)


def untranslated(page: Page) -> list[str]:
    """English on a Ukrainian page: a message of the catalogue left as it is, or four English words in a row."""
    texts: list[str] = page.evaluate(_TEXTS)
    said = [t for t in texts if not any(one in t for one in _AS_DELIVERED)]
    return [t[:120] for t in said if t in _english() or _FOUR_ENGLISH_WORDS.search(t)]


def nothing_sticks_out(page: Page) -> list[str]:
    """The page is no wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wide} pixels wider than the window"] if wide > 0 else []
