"""What is done in every room of a search: versioned lists, which are data and not code (``checklists.json``)."""

from __future__ import annotations

import functools
import json
from importlib import resources

from django.utils.translation import get_language

from dokaz.errors import BadChoice


@functools.cache
def _lists() -> dict[str, dict[str, dict[str, str]]]:
    text = (resources.files("dokaz.detention") / "checklists.json").read_text(encoding="utf-8")
    return {version: {item["code"]: item for item in items} for version, items in json.loads(text).items()}


def versions() -> tuple[str, ...]:
    """The versions that there are, oldest first; a search keeps the one that it began with."""
    return tuple(_lists())


def items_of(version: str) -> tuple[str, ...]:
    """The codes of a list, in the order in which the work is done.

    Raises:
        BadChoice: there is no such version.
    """
    if version not in _lists():
        raise BadChoice("checklist", version, list(versions()))
    return tuple(_lists()[version])


def in_words(version: str, code: str) -> str:
    """An item in the language of the page; the code itself of one that this list does not hold."""
    item = _lists().get(version, {}).get(code)
    language = (get_language() or "en").partition("-")[0]
    return item.get(language, item["en"]) if item is not None else code
