"""Every example of docs/methods/lineage.md gives what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokaz.kinship.haplotypes import compare_mtdna, compare_y
from dokaz.kinship.lineage.mtdna import MtSequence
from dokaz.kinship.lineage.y_str import Haplotype, checked_y

PAGE = Path(__file__).resolve().parents[4] / "docs" / "methods" / "lineage.md"


def rows(heading: str) -> list[tuple[str, str, int]]:
    """One haplotype, the other, and the mutations that the page tells."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("| ")]
    return [(one, other, int(number)) for _, one, other, number, _ in cells[1:]]


def haplotype(text: str) -> Haplotype:
    loci = (part.split() for part in text.split(","))
    return checked_y({locus: tuple(alleles.split("/")) for locus, alleles in loci})


@pytest.mark.parametrize(("one", "other", "mutations"), rows("mtDNA"))
def test_sequences(one: str, other: str, mutations: int) -> None:
    ours, theirs = (MtSequence.of(["16024-576", "8200-8400", *text.split()]) for text in (one, other))
    assert compare_mtdna(ours, theirs).mutations == compare_mtdna(theirs, ours).mutations == mutations


@pytest.mark.parametrize(("one", "other", "mutations"), rows("Y"))
def test_y_haplotypes(one: str, other: str, mutations: int) -> None:
    ours, theirs = haplotype(one), haplotype(other)
    assert compare_y(ours, theirs).mutations == compare_y(theirs, ours).mutations == mutations


def test_both_tables_are_there() -> None:
    assert (len(rows("mtDNA")), len(rows("Y"))) == (21, 12)
