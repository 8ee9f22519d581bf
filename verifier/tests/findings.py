"""What the verifier finds in a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dokaz_verify
from builder import TO_JUDGE, Fields
from dokaz_verify import Verdict
from dokaz_verify.report import sentence
from story import Story

LANGUAGES = ("en", "uk")


def codes(bundle: Path, **options: Any) -> set[str]:
    """The codes of all faults."""
    return set(verdict(bundle, **options).counts)


def verdict(bundle: Path, **options: Any) -> Verdict:
    """What the verifier finds: of each fault a reader is told where it is, and everything that its sentence names."""
    found = dokaz_verify.verify(bundle, **options)
    for fault in found.faults:
        # Of the log as a whole, one thing alone is said: how old it is.
        assert fault.file or fault.index is not None or fault.code in ("head-too-old", "path-not-allowed"), fault
        assert all(sentence(fault, language) for language in LANGUAGES)
    return found


def assert_faults(story: Story, folder: Path, *expected: str, accept: str = "", **bundle: Any) -> None:
    """The bundle of the whole log has exactly these faults."""
    found = verdict(story.log.bundle(folder / "bundle", story.prosecutor, **bundle), constitution=accept)
    assert set(found.counts) == set(expected), found.faults[:5]


def without(record: str, version: int = 0) -> Any:
    """Everything but a record, or but one version of it: the bundle of a part."""

    def is_shown(entry: Fields) -> bool:
        return bool(entry["record"] != record or (version and entry["version"] != version))

    return is_shown


def withholding(record: str, *names: str) -> Any:
    """Fields of a record are kept back, as a court ordered."""
    return lambda entry, name: TO_JUDGE if entry["record"] == record and name in names else None
