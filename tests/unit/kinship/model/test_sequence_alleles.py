"""Alleles as sequences: one allele in every notation, its length, and how sequences and lengths are compared."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.errors import BadMarker, BadMutationModel, BadProfile
from dokaz.kinship import Marker, MarkerSet, Member, Mutation, MutationKind, MutationModel, Pedigree, Profiles, Sex
from dokaz.kinship import likelihood_ratio as engine_ratio
from dokaz.kinship.model.sequence_alleles import SequenceAllele, in_one_spelling, is_sequence, length_of
from dokaz.kinship.model.sequenced_markers import compared_alike, named_as

A16 = "CE16_TCTA[1]TCTG[3]TCTA[12]"
B16 = "CE16_TCTA[1]TCTG[2]TCTA[13]"
A17 = "CE17_TCTA[1]TCTG[3]TCTA[13]"
D3 = Marker("D3S1358", (A16, B16, A17), (0.1, 0.3, 0.6))


@pytest.mark.parametrize(
    "written",
    [
        "[TCTA]1 [TCTG]3 [TCTA]12",
        "TCTA [TCTG]3 [TCTA]12",
        "CE16_TCTA[1]TCTG[3]TCTA[12]",
        "ce16 tcta[1]tctg[3]tcta[12]",
        "[CE 16] [TCTA]1 [TCTG]3 [TCTA]12",
        "D3S1358[CE 16]-Chr3-GRCh38 45540690-45540755 TCTA [TCTG]3 [TCTA]12",
        "16 TCTA(1)TCTG(3)TCTA(12)",
        "16:[TCTA]1[TCTG]2[TCTG]1[TCTA]12",
        "16_" + "TCTA" + "TCTG" * 3 + "TCTA" * 12,
    ],
)
def test_one_allele_is_one_in_every_notation(written: str) -> None:
    read = SequenceAllele.of(written)
    assert read is not None
    assert read.is_same(SequenceAllele("16", (("TCTA", 1), ("TCTG", 3), ("TCTA", 12))))


@pytest.mark.parametrize(
    "other",
    [B16, A17, "CE16.2_TCTA[1]TCTG[3]TCTA[12]", "CE16_TCTA[1]TCTG[3]TCTA[12]_+3A>G", "16a", "16_12_3"],
)
def test_another_sequence_length_or_variant_is_another_allele(other: str) -> None:
    one, two = SequenceAllele.of(A16), SequenceAllele.of(other)
    assert one is not None
    assert two is not None
    assert not one.is_same(two)


@pytest.mark.parametrize(
    "text",
    ["", "9.3", "16", "X", "NULL", "A/B", "[TCTA]0", "[TCTA]999[TCTA]999", "TCTATCTG[3]", "CE16", "12.5.3", "263G"],
)
def test_what_is_no_sequence_is_none(text: str) -> None:
    assert SequenceAllele.of(text) is None
    assert not is_sequence(text)


_UNITS = st.lists(st.tuples(st.text("ACGT", min_size=2, max_size=6), st.integers(1, 20)), min_size=1, max_size=6)


@given(_UNITS, st.sampled_from(["", "9.3", "16"]))
def test_what_is_written_is_read_again(blocks: list[tuple[str, int]], length: str) -> None:
    merged = SequenceAllele.of(" ".join([length, *(f"[{unit}]{count}" for unit, count in blocks)]))
    assert merged is not None
    assert SequenceAllele.of(merged.text) == merged
    assert merged.bases == "".join(unit * count for unit, count in blocks)
    assert in_one_spelling(merged.text) == merged.text
    assert length_of(merged.text) == length


@given(st.text(max_size=40))
def test_any_text_is_read_or_is_none(text: str) -> None:
    found = SequenceAllele.of(text)
    assert found is None or SequenceAllele.of(found.text) == found


def _parent_and_child(parent: list[str], child: list[str], marker: Marker = D3) -> tuple[float, tuple[str, ...]]:
    """LR of parent and child against unrelated, and the markers that were compared by length."""
    typed = {"P": {"D3S1358": parent}, "C": {"D3S1358": child}}
    markers, names = compared_alike(MarkerSet((marker,)), typed.items())
    profiles = Profiles.of({who: named_as(shown, names) for who, shown in typed.items()}, markers)
    related = Pedigree((Member("P", None, None, Sex.MALE), Member("M", None, None, Sex.FEMALE), Member("C", "P", "M")))
    apart = Pedigree((Member("P", None, None, Sex.MALE), Member("C")))
    return engine_ratio(related, apart, profiles).lr, markers.by_length


def test_two_sequenced_are_compared_by_sequence() -> None:
    # Parent A16/A17, child A16/B16: the parent gives A16 with 1/2; LR = 1 / (4 f(A16)).
    assert _parent_and_child([A16, A17], ["16 TCTA [TCTG]3 [TCTA]12", B16]) == (pytest.approx(1 / (4 * 0.1)), ())
    # The same lengths, another sequence: nothing in common.
    assert _parent_and_child([A16, A16], [B16, B16])[0] == 0


def test_where_one_is_typed_by_length_both_are_compared_by_length() -> None:
    # Lengths 16 (0.1 + 0.3) and 17 (0.6): parent 16/17, child 16/16: LR = 1 / (2 f(16)).
    assert _parent_and_child([A16, A17], ["16", "16"]) == (pytest.approx(1 / (2 * 0.4)), ("D3S1358",))
    assert _parent_and_child([A16, A16], ["16", "16"]) == (pytest.approx(1 / 0.4), ("D3S1358",))


def test_frequencies_of_lengths_compare_sequences_by_length() -> None:
    lengths = Marker("D3S1358", ("16", "17"), (0.4, 0.6))
    assert _parent_and_child([A16, A17], [B16, B16], lengths) == (pytest.approx(1 / (2 * 0.4)), ("D3S1358",))
    assert _parent_and_child(["16", "17"], ["16", "16"], lengths) == (pytest.approx(1 / (2 * 0.4)), ())


def test_a_sequence_without_its_length_has_that_of_the_frequencies_or_is_refused() -> None:
    assert _parent_and_child([A16, A17], ["TCTA [TCTG]3 [TCTA]12", B16])[0] == pytest.approx(1 / (4 * 0.1))
    by_length = _parent_and_child(["16", "17"], ["TCTA [TCTG]3 [TCTA]12", B16])
    assert by_length == (pytest.approx(1 / (2 * 0.4)), ("D3S1358",))
    with pytest.raises(BadProfile, match=r"C, D3S1358: .* does not state its length, and P is typed by length"):
        _parent_and_child(["16", "17"], ["TCTA [TCTG]4 [TCTA]11", B16])


def test_sequences_of_one_length_over_different_ranges_are_refused() -> None:
    with pytest.raises(BadProfile, match="read over different ranges"):
        _parent_and_child([A16, A17], ["16 TCTA [TCTG]3 [TCTA]12 TCAT", A17])


def test_a_short_name_means_what_the_frequencies_say() -> None:
    named = Marker("D3S1358", ("16a", "16b", "17a"), (0.1, 0.3, 0.6))
    assert _parent_and_child(["16a", "17a"], ["16a", "16b"], named)[0] == pytest.approx(1 / (4 * 0.1))
    assert _parent_and_child(["16a", "17a"], ["16", "16"], named) == (pytest.approx(1 / (2 * 0.4)), ("D3S1358",))
    with pytest.raises(BadProfile, match="C, D3S1358: the frequencies do not list the short name 16c"):
        _parent_and_child(["16a", "17a"], ["16c", "16b"], named)


def test_frequencies_of_both_sorts_or_of_one_sequence_twice_are_refused() -> None:
    with pytest.raises(BadMarker, match=r"frequencies of sequences .* and of lengths"):
        _parent_and_child([A16, A17], [A16, A16], Marker("D3S1358", (A16, "17"), (0.4, 0.6)))
    twice = Marker("D3S1358", (A16, "CE16_TCTA[1]TCTG[1]TCTG[2]TCTA[12]"), (0.4, 0.6))
    with pytest.raises(BadMarker, match=r"list .* and as"):
        _parent_and_child([A16, A16], [A16, A16], twice)


def test_bases_of_a_snp_stay_what_they_are() -> None:
    snp = Marker("rs1", ("A", "G"), (0.4, 0.6))
    assert compared_alike(MarkerSet((snp,)), [("P", {"rs1": ["A", "G"]})]) == (MarkerSet((snp,)), {})


@pytest.mark.parametrize("kind", [MutationKind.STEPWISE, MutationKind.ONESTEP])
def test_a_model_of_lengths_among_sequences_adds_up_to_itself(kind: MutationKind) -> None:
    model = MutationModel(kind, rate=0.1, range=0.1)
    matrix = model.matrix(D3.alleles, D3.frequencies)
    of_lengths = model.matrix(("16", "17"), (0.4, 0.6))
    # 16 → 17 has one sequence; 17 → 16 is shared 0.1 to 0.3; no sequence becomes another of its length.
    assert np.allclose(matrix, [[0.9, 0, 0.1], [0, 0.9, 0.1], [0.1 / 4, 0.3 / 4, 0.9]])
    assert np.allclose(matrix[:2].sum(axis=0)[2] / 2, of_lengths[0, 1])
    assert np.allclose(matrix.sum(axis=1), 1)


def test_a_stated_matrix_and_a_sequence_without_length_are_refused_under_models_of_lengths() -> None:
    with pytest.raises(BadMutationModel, match=r"allele 'TCTA\[16\]' does not state its length"):
        MutationModel(MutationKind.STEPWISE, rate=0.1).matrix(("TCTA[16]", A17), (0.4, 0.6))
    same = tuple(tuple(float(i == j) for j in range(3)) for i in range(3))
    stated = Mutation.alike(MutationModel(MutationKind.CUSTOM, stated=same))
    with pytest.raises(BadMarker, match="a stated mutation matrix says nothing"):
        _parent_and_child([A16, A17], ["16", "16"], Marker("D3S1358", D3.alleles, D3.frequencies, mutation=stated))
