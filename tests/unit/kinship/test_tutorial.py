"""The tutorial cannot rot: every command in it is run, and prints what the page shows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("page", ["tutorial-kinship.md"])
def test_every_command_prints_what_the_page_shows(page: str) -> None:
    spec = importlib.util.spec_from_file_location("tutorial", ROOT / "tools" / "tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    tutorial = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tutorial)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert text.count("\n$ dokaz kinship ") >= 10
    assert tutorial.as_run(text).splitlines() == text.splitlines()


def test_every_format_stands_on_the_page_of_files() -> None:
    from dokaz.exchange.programs.loading import FORMS

    page = (ROOT / "docs" / "kinship-files.md").read_text(encoding="utf-8")
    assert all(f"`{form}`" in page for form in FORMS)
