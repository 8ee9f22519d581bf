"""The examples in the engine's docstrings are checked with the rest."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "dokaz.cli.kinship",
    "dokaz.kinship.amelogenin",
    "dokaz.kinship.model.published_frequencies",
    "dokaz.kinship.exact.likelihood",
    "dokaz.kinship.haplotypes",
    "dokaz.kinship.model.markers",
    "dokaz.kinship.model.mutation",
    "dokaz.kinship.model.pedigree",
    "dokaz.kinship.model.profiles",
    "dokaz.kinship.exact.theta",
)


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_holds(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
