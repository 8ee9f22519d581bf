"""The page for users of the library is run as it stands, and the package exports what it says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import dokaz.kinship

PAGE = Path(__file__).parents[3] / "docs" / "kinship-library.md"


def test_every_example_of_the_page_gives_what_it_shows() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert failed == 0
    assert tried > 15


@pytest.mark.parametrize("name", dokaz.kinship.__all__)
def test_whatever_is_exported_is_there_and_is_no_module(name: str) -> None:
    assert type(getattr(dokaz.kinship, name)).__name__ != "module"
    assert not (Path(dokaz.kinship.__file__).parent / f"{name}.py").exists()
