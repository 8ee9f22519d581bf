"""Y haplotypes, mtDNA and amelogenin."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.errors import BadProfile, BadQuestion
from dokaz.kinship import Pedigree, Sex
from dokaz.kinship.amelogenin import amelogenin_sex
from dokaz.kinship.haplotypes import (
    LineageDatabase,
    LineageKind,
    LineageVerdict,
    compare_mtdna,
    compare_y,
    rarity_of,
    upper_frequency,
)
from dokaz.kinship.lineage.mtdna import MtSequence
from dokaz.kinship.lineage_match import LineFamily, compare_lines, in_line
from dokaz.kinship.model.pedigree import Member

EVIDENCE = {"DYS19": ("14",), "DYS385": ("11", "14"), "DYS390": ("24",)}
DATABASE = LineageDatabase(
    "invented Y database 2026-01",
    (EVIDENCE, {"DYS19": ("15",), "DYS385": ("11", "14"), "DYS390": ("24",)}, {"DYS19": ("14",)}),
)


def sequence(*texts: str) -> MtSequence:
    return MtSequence.of(texts)


def test_a_match_is_as_strong_as_the_upper_bound_of_its_frequency() -> None:
    found = compare_y(EVIDENCE, dict(EVIDENCE))
    assert (found.verdict, found.compared) == (LineageVerdict.MATCH, ("DYS19", "DYS385", "DYS390"))
    rarity = rarity_of(EVIDENCE, found.compared, DATABASE)
    assert (rarity.count, rarity.size, rarity.database) == (1, 2, "invented Y database 2026-01")
    assert rarity.lr == pytest.approx(1 / upper_frequency(1, 2))


def test_entries_that_were_not_typed_where_it_is_compared_make_nothing_rarer() -> None:
    assert (lambda r: (r.count, r.size))(rarity_of(EVIDENCE, ("DYS19",), DATABASE)) == (2, 3)
    nothing = rarity_of({"DYS448": ("20",)}, ("DYS448",), DATABASE)
    assert (nothing.count, nothing.size, nothing.frequency_upper, nothing.lr) == (0, 0, 1.0, 1.0)


def test_copies_of_a_duplicated_locus_have_no_order_and_one_peak_is_both() -> None:
    assert compare_y(EVIDENCE, {**EVIDENCE, "DYS385": ("14", "11")}).verdict is LineageVerdict.MATCH
    one = compare_y(EVIDENCE, {**EVIDENCE, "DYS385": ("14",)}, allowed_mutations=3)
    assert (one.mutations, one.verdict) == (3, LineageVerdict.MATCH_WITH_MUTATIONS)


@pytest.mark.parametrize(
    ("reference", "allowed", "mutations", "verdict"),
    [
        ({"DYS19": ("15",)}, 0, 1, LineageVerdict.EXCLUSION),
        ({"DYS19": ("15",)}, 1, 1, LineageVerdict.MATCH_WITH_MUTATIONS),
        ({"DYS19": ("16",)}, 1, 2, LineageVerdict.EXCLUSION),
        ({"DYS19": ("14.2",)}, 3, 4, LineageVerdict.EXCLUSION),
        ({"DYS19": ("14", "15")}, 1, 1, LineageVerdict.MATCH_WITH_MUTATIONS),
        ({"DYS19": ("0",)}, 0, 1, LineageVerdict.EXCLUSION),
    ],
)
def test_exclusion_needs_more_mutations_than_allowed(reference, allowed, mutations, verdict) -> None:
    found = compare_y(EVIDENCE, {**EVIDENCE, **reference}, allowed_mutations=allowed)
    assert (found.mutations, found.verdict) == (mutations, verdict)
    assert len(found.differences) == 1


def test_loci_typed_in_one_only_are_not_compared() -> None:
    assert compare_y(EVIDENCE, {"DYS19": ("14",)}).compared == ("DYS19",)
    assert compare_y(EVIDENCE, {"DYS448": ("20",)}).verdict is LineageVerdict.NOT_COMPARABLE
    with pytest.raises(BadProfile, match="DYS19: allele 'OL'"):
        compare_y(EVIDENCE, {"DYS19": ("OL",)})


def test_mtdna_is_compared_where_both_were_read() -> None:
    found = compare_mtdna(sequence("1-300", "73G", "263G"), sequence("50-576", "16024-16365", "263G", "16126C"))
    assert found.compared == ("50-300",)
    assert found.differences == ("73: 73G against as rCRS",)
    assert found.verdict is LineageVerdict.MATCH_WITH_MUTATIONS
    assert compare_mtdna(sequence("1-99"), sequence("100-200")).verdict is LineageVerdict.NOT_COMPARABLE


def test_insertions_where_length_varies_are_disregarded() -> None:
    one, other = sequence("1-576", "263G"), sequence("1-576", "263G", "309.1C", "315.1C")
    assert compare_mtdna(one, other).verdict is LineageVerdict.MATCH
    assert compare_mtdna(one, sequence("1-576", "263G", "150.1C")).mutations == 1


def test_the_circle_is_read_across_its_end() -> None:
    assert sequence("16024-576", "16126C", "263G").ranges == ((1, 576), (16024, 16569))
    found = compare_mtdna(sequence("16024-576", "263G"), sequence("16024-16365", "73-340", "263G"))
    assert (found.compared, found.verdict) == (("73-340", "16024-16365"), LineageVerdict.MATCH)


def test_one_variant_has_one_spelling() -> None:
    spelt = [sequence("1-576", *texts) for texts in (("A263G", "523DEL"), ("263g", "523del"), ("263G", "523d"))]
    assert spelt[0] == spelt[1] == spelt[2]
    # D in a reading is one of A, G and T; a small d is a deletion.
    assert sequence("1-576", "523D") != spelt[0]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("263G",), "without a range"),
        (("1-576", "rCRS"), "mtDNA variant 'rCRS'"),
        (("1-576", "16126C"), "16126C lies outside what was read"),
        (("0-576",), "range '0-576'"),
        (("1-17000",), "range '1-17000'"),
        (("1-576", "263"), "variant '263'"),
    ],
)
def test_a_sequence_that_cannot_be_is_refused(texts: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadProfile, match=words):
        MtSequence.of(texts)


def test_mtdna_is_counted_among_those_who_were_read_there() -> None:
    database = LineageDatabase(
        "invented mtDNA 2026-01",
        (
            sequence("1-576", "263G"),
            sequence("1-576", "263G", "309.1C"),
            sequence("1-576", "73G"),
            sequence("16024-16365"),
        ),
    )
    rarity = rarity_of(sequence("1-576", "263G"), ("1-300",), database)
    assert (rarity.count, rarity.size) == (2, 3)
    for evidence, base in ((sequence("1-576"), DATABASE), (EVIDENCE, database)):
        with pytest.raises(BadQuestion, match="holds no"):
            rarity_of(evidence, ("1-576",), base)


@given(st.data(), st.integers(1, 60), st.floats(0.5, 0.9999))
def test_at_the_upper_bound_a_count_this_low_has_the_probability_that_is_left(data, size, confidence) -> None:
    count = data.draw(st.integers(0, size - 1))
    bound = upper_frequency(count, size, confidence)
    tail = math.fsum(math.comb(size, k) * bound**k * (1 - bound) ** (size - k) for k in range(count + 1))
    assert tail == pytest.approx(1 - confidence, rel=1e-11)
    assert bound > count / size


def test_the_upper_bound_covers_the_true_frequency() -> None:
    assert upper_frequency(0, 1000) == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert upper_frequency(5, 5) == 1.0
    # All but one show it: 1 - p^n is the probability of that or less.
    assert upper_frequency(999, 1000) == pytest.approx(0.95 ** (1 / 1000), rel=1e-14)
    # Quantiles of the beta distribution with 2 and 99, 4 and 719, 13 and 46,342 degrees, from another library.
    assert upper_frequency(1, 100) == pytest.approx(0.046559811453538935, rel=1e-13)
    assert upper_frequency(3, 722) == pytest.approx(0.010703829113449055, rel=1e-13)
    assert upper_frequency(12, 46354) == pytest.approx(0.00041940303917836893, rel=1e-13)
    with pytest.raises(BadQuestion, match="6 of 5"):
        upper_frequency(6, 5)
    with pytest.raises(BadQuestion, match="without a name"):
        LineageDatabase("", ({},))


# --- lines ------------------------------------------------------------------------------------------------------------

FAMILY = Pedigree(
    (
        Member("grandfather", sex=Sex.MALE),
        Member("grandmother", sex=Sex.FEMALE),
        Member("uncle", "grandfather", "grandmother", Sex.MALE),
        Member("aunt", "grandfather", "grandmother", Sex.FEMALE),
        Member("father", "grandfather", "grandmother", Sex.MALE),
        Member("mother", sex=Sex.FEMALE),
        Member("missing", "father", "mother", Sex.MALE),
        Member("sister", "father", "mother", Sex.FEMALE),
        Member("nephew", None, "sister", Sex.MALE),
        Member("cousin", "uncle", None, Sex.MALE),
    ),
    name="F",
)


def test_men_share_the_line_of_their_fathers() -> None:
    assert in_line(FAMILY, "missing", LineageKind.PATERNAL) == {
        "grandfather": 2, "uncle": 3, "father": 1, "missing": 0, "cousin": 4,
    }  # fmt: skip
    assert in_line(FAMILY, "sister", LineageKind.PATERNAL) == {}


def test_everybody_shares_the_line_of_the_mother() -> None:
    assert in_line(FAMILY, "missing", LineageKind.MATERNAL) == {"mother": 1, "missing": 0, "sister": 2, "nephew": 3}
    assert in_line(FAMILY, "aunt", LineageKind.MATERNAL) == {"grandmother": 1, "uncle": 2, "aunt": 0, "father": 2}


def test_identical_twins_share_their_lines_whoever_their_parents_are() -> None:
    twins = Pedigree(
        (Member("a", sex=Sex.MALE), Member("b", sex=Sex.MALE), Member("son", "b", None, Sex.MALE)),
        (frozenset({"a", "b"}),),
    )
    assert in_line(twins, "a", LineageKind.PATERNAL) == {"a": 0, "b": 0, "son": 1}


def test_every_typed_relative_of_the_line_is_compared_and_no_other() -> None:
    other = {**EVIDENCE, "DYS19": ("20",)}
    family = LineFamily("F", FAMILY, ("missing",), {"uncle": EVIDENCE, "nephew": EVIDENCE, "cousin": other})
    remains = {"V1": EVIDENCE, "V2": other}
    found = {(m.remains, m.relative): m for m in compare_lines(remains, [family], database=DATABASE)}
    assert set(found) == {("V1", "uncle"), ("V1", "cousin"), ("V2", "uncle"), ("V2", "cousin")}
    match = found["V1", "uncle"]
    assert (match.meioses, match.missing, match.family) == (3, "missing", "F")
    assert match.lr == pytest.approx(1 / upper_frequency(1, 2))
    excluded = found["V1", "cousin"]
    assert (excluded.comparison.verdict, excluded.lr, excluded.rarity) == (LineageVerdict.EXCLUSION, 0.0, None)
    assert [m.lr for m in compare_lines({"V1": EVIDENCE}, [family])] == [None, 0.0]
    assert not list(compare_lines(remains, [family], is_paired=lambda one, missing: False))


def test_a_match_with_mutations_has_a_rarity_but_no_lr() -> None:
    family = LineFamily("F", FAMILY, ("missing",), {"father": {**EVIDENCE, "DYS19": ("15",)}})
    (match,) = compare_lines({"V1": EVIDENCE}, [family], database=DATABASE)
    assert match.comparison.verdict is LineageVerdict.MATCH_WITH_MUTATIONS
    assert match.rarity is not None
    assert match.lr is None


def test_two_kinds_are_never_compared() -> None:
    family = LineFamily("F", FAMILY, ("missing",), {"mother": sequence("1-576"), "father": sequence("1-576")})
    with pytest.raises(BadQuestion, match="cannot be compared"):
        list(compare_lines({"V1": EVIDENCE}, [family]))


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
