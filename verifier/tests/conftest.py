"""What the tests of the verifier share: sound bundles to attack, and the cases that lie outside of the repository."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from story import Story

# A machine that does other work is slow at any moment; what a test may take is not told by one example.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def story() -> Story:
    """An investigation with its people, and nothing done yet."""
    return Story()


@pytest.fixture(scope="session")
def sound_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that tests copy."""
    told = Story()
    return told.tell().bundle(tmp_path_factory.mktemp("sound") / "bundle", told.prosecutor)


@pytest.fixture
def sound(sound_once: Path, tmp_path: Path) -> Path:
    """A sound bundle of a whole log with every kind of act."""
    return Path(shutil.copytree(sound_once, tmp_path / "bundle"))


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of reference cases; tests that need it skip visibly where it is absent."""
    here = Path(__file__).resolve().parents[2]
    folder = Path(os.environ.get("DOKAZ_CASES", here.parent / "shared" / "cases"))
    if not folder.is_dir():
        pytest.skip("vectors of other licences are not beside the repository (DOKAZ_CASES)")
    return folder
