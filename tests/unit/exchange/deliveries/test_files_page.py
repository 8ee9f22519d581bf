"""The page on files cannot rot: each of its examples is read. Its tables of columns are written by tools/reference.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dokaz.exchange.deliveries import (
    custody,
    detention,
    examinations,
    families,
    frequencies,
    missing,
    profiles,
    samples,
    survey,
)

PAGE = (Path(__file__).parents[4] / "docs" / "files.md").read_text(encoding="utf-8")
EXAMPLES = {m[1]: m[2].encode() for m in re.finditer(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)}
READERS = {
    "survey.csv": survey.read_survey,
    "examinations.csv": examinations.read_examinations,
    "samples.csv": samples.read_samples,
    "custody.csv": custody.read_custody,
    "detention.csv": detention.read_detention,
    "exhibits.csv": detention.read_detention,
    "profiles_wide.csv": profiles.read_profiles,
    "profiles_genemapper.txt": profiles.read_profiles,
    "missing_persons.csv": missing.read_missing,
    "frequencies_long.csv": frequencies.read_frequencies,
    "frequencies_wide.csv": frequencies.read_frequencies,
}
# Read in tests/unit/transcription/test_formats.py.
LOG_BOOKS = {"transcription.csv"}
FAMILIES = {"families.ped", "family_genotypes.csv", "relatives.csv"}


def test_the_page_has_an_example_of_every_format_and_no_other() -> None:
    assert set(EXAMPLES) == set(READERS) | FAMILIES | LOG_BOOKS


@pytest.mark.parametrize("name", READERS)
def test_the_example_is_read_and_every_column_of_it_is_known(name: str) -> None:
    read = READERS[name](EXAMPLES[name], file=name)
    assert [found for found in read.remarks if found["code"] == "column_unknown"] == []


def test_the_example_of_a_family_is_read() -> None:
    ped, genotypes, donors = (EXAMPLES[name] for name in ("families.ped", "family_genotypes.csv", "relatives.csv"))
    read = families.read_families(ped, genotypes, donors, ped_file="p", genotypes_file="g", donors_file="d")
    assert read.families[0].missing == ("MP",)
    assert read.remarks == ()
