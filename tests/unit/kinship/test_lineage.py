"""Y haplotypes, mtDNA and amelogenin."""

from __future__ import annotations

import pytest

from dokaz.errors import BadProfile, BadQuestion
from dokaz.kinship import Sex
from dokaz.kinship.amelogenin import amelogenin_sex
from dokaz.kinship.lineage import (
    LineageDatabase,
    LineageVerdict,
    compare_mtdna,
    compare_y,
    upper_frequency,
)

EVIDENCE = {"DYS19": ("14",), "DYS385": ("11", "14"), "DYS390": ("24",)}
DATABASE = LineageDatabase(
    "invented Y database 2026-01",
    (EVIDENCE, {"DYS19": ("15",), "DYS385": ("11", "14"), "DYS390": ("24",)}, {"DYS19": ("14",)}),
)


def test_a_match_is_as_strong_as_the_upper_bound_of_its_frequency() -> None:
    found = compare_y(EVIDENCE, dict(EVIDENCE), DATABASE)
    assert found.verdict is LineageVerdict.MATCH
    assert (found.count, found.database_size, found.database) == (1, 3, "invented Y database 2026-01")
    assert found.lr == pytest.approx(1 / upper_frequency(1, 3))


def test_copies_of_a_duplicated_locus_have_no_order() -> None:
    other = {**EVIDENCE, "DYS385": ("14", "11")}
    assert compare_y(EVIDENCE, other, DATABASE).verdict is LineageVerdict.MATCH


@pytest.mark.parametrize(
    ("reference", "allowed", "mutations", "verdict"),
    [
        ({"DYS19": ("15",)}, 0, 1, LineageVerdict.EXCLUSION),
        ({"DYS19": ("15",)}, 1, 1, LineageVerdict.MATCH_WITH_MUTATIONS),
        ({"DYS19": ("16",)}, 1, 2, LineageVerdict.EXCLUSION),
        ({"DYS19": ("14.2",)}, 3, 4, LineageVerdict.EXCLUSION),
        ({"DYS385": ("11",)}, 3, 4, LineageVerdict.EXCLUSION),
    ],
)
def test_exclusion_needs_more_mutations_than_allowed(reference, allowed, mutations, verdict) -> None:
    found = compare_y(EVIDENCE, {**EVIDENCE, **reference}, DATABASE, allowed_mutations=allowed)
    assert (found.mutations, found.verdict) == (mutations, verdict)
    assert found.lr == (0.0 if verdict is LineageVerdict.EXCLUSION else None)
    assert len(found.differences) == 1


def test_loci_typed_in_one_only_are_not_compared() -> None:
    found = compare_y(EVIDENCE, {"DYS19": ("14",)}, DATABASE)
    assert found.compared == ("DYS19",)
    assert found.count == 2
    assert compare_y(EVIDENCE, {"DYS448": ("20",)}, DATABASE).verdict is LineageVerdict.NOT_COMPARABLE


def test_mtdna_is_compared_where_both_were_read() -> None:
    database = LineageDatabase("invented mtDNA 2026-01", ({"variants": ("263G", "16126C")}, {"variants": ("73G",)}))
    found = compare_mtdna(("73G", "263G", "309.1C"), (1, 300), ("263G", "16126C"), (50, 576), database)
    assert found.compared == ("50-300",)
    assert found.differences == ("73: 73G against as rCRS",)
    assert found.verdict is LineageVerdict.MATCH_WITH_MUTATIONS
    assert compare_mtdna(("263G",), (1, 576), ("263G", "309.1C"), (1, 576), database).verdict is LineageVerdict.MATCH
    with pytest.raises(BadProfile, match="CRS"):
        compare_mtdna(("rCRS",), (1, 576), (), (1, 576), database)


def test_the_upper_bound_covers_the_true_frequency() -> None:
    assert upper_frequency(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert upper_frequency(5, 5) == 1.0
    with pytest.raises(BadQuestion, match="6 of 5"):
        upper_frequency(6, 5)
    with pytest.raises(BadQuestion, match="without a name"):
        LineageDatabase("", ({},))


@pytest.mark.parametrize(
    ("alleles", "seen", "contradicts"),
    [
        (("X", "Y"), Sex.MALE, True),
        (("X", "X"), Sex.FEMALE, False),
        (("X",), Sex.FEMALE, False),
        (("Y",), Sex.UNKNOWN, False),
        ((), Sex.UNKNOWN, False),
    ],
)
def test_amelogenin_checks_the_stated_sex(alleles, seen, contradicts) -> None:
    found = amelogenin_sex("V1", alleles, Sex.FEMALE)
    assert (found.seen, found.contradicts) == (seen, contradicts)
    with pytest.raises(BadProfile, match="'Z'"):
        amelogenin_sex("V1", ("Z",))
