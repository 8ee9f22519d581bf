"""What the verifier finds in a bundle."""

from __future__ import annotations

from pathlib import Path

import dokaz_verify
from dokaz_verify import Verdict


def codes(bundle: Path) -> set[str]:
    """The codes of all faults."""
    return set(verdict(bundle).counts)


def verdict(bundle: Path) -> Verdict:
    """What the verifier finds."""
    return dokaz_verify.verify(bundle)
