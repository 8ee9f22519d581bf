"""Addresses of stylesheets, scripts and fonts, each with the fingerprint of its content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedAssets(StaticFilesStorage):
    """Appends a fingerprint to every address, so that a browser never pairs a new page with an old stylesheet."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        print_ = _fingerprint(name or "")
        return f"{address}?v={print_}" if print_ else address


@lru_cache(maxsize=512)
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:10] if found else ""
