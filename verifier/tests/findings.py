"""What the verifier finds in a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dokaz_verify
from dokaz_verify import Verdict
from story import Story


def codes(bundle: Path) -> set[str]:
    """The codes of all faults."""
    return set(verdict(bundle).counts)


def verdict(bundle: Path) -> Verdict:
    """What the verifier finds."""
    return dokaz_verify.verify(bundle)


def assert_faults(story: Story, folder: Path, *expected: str, **bundle: Any) -> None:
    """The bundle of the whole log has exactly these faults."""
    assert codes(story.log.bundle(folder / "bundle", story.prosecutor, **bundle)) == set(expected)
