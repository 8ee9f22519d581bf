"""A value of the wrong kind is refused in a sentence of ours, and never computed with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dokaz.errors import DokazError
from dokaz.kinship import (
    KinshipFamily,
    Marker,
    MarkerSet,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    likelihood_ratio,
    search,
)

MARKER = Marker("TH01", ("6", "7"), (0.4, 0.6))
MARKERS = MarkerSet((MARKER,))
PEDIGREE = Pedigree.of(child=("father", None), father=(None, None))
PEOPLE = Profiles.of({"father": {"TH01": ("6", "7")}}, MARKERS)
FAMILY = KinshipFamily("F", PEDIGREE, ("child",), PEOPLE)
of: Any = Profiles.of


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: of({"a": {"TH01": ("6", "7")}}, [MARKER]), r"markers with their frequencies: \[Marker.* \(list\)"),
        (lambda: of({"a": {"TH01": "6/7"}}, MARKERS), r"a, TH01: alleles are texts, one each: '6/7' \(str\)"),
        (lambda: of({"a": {"TH01": "67"}}, MARKERS), r"alleles are texts, one each: '67' \(str\)"),
        (lambda: of({"a": {"TH01": (6, 7)}}, MARKERS), r"alleles are texts, one each: 6 \(int\)"),
        (lambda: of({"a": {"TH01": 16}}, MARKERS), r"alleles are texts, one each: 16 \(int\)"),
        (lambda: of({"a": {"TH01": None}}, MARKERS), r"alleles are texts, one each: None"),
        (lambda: of([("a", {"TH01": ("6", "7")})], MARKERS), "genotypes by sample"),
        (lambda: of({"a": {"TH01": ("6", "7")}}, MARKERS, policy=0.001), r"a policy: 0.001 \(float\)"),
        (lambda: of({"a": {"TH01": ("6", "7")}}, MARKERS, sexes={"a": "male"}), "sexes: 'male'"),
        (lambda: of({"a": {"TH01": ("6",)}}, MARKERS, dropout=0.1), "by sample: 0.1"),
        (lambda: Marker("TH01", (6, 7), (0.4, 0.6)), "alleles are texts: 6"),  # type: ignore[arg-type]
        (lambda: Marker("TH01", ("6",), ("1",)), "frequencies are numbers: '1'"),  # type: ignore[arg-type]
        (lambda: Marker("TH01", {"6": 1.0}, (1.0,)), "alleles are texts: {'6': 1.0}"),  # type: ignore[arg-type]
        (lambda: Marker("X1", ("6",), (1.0,), "X"), "a chromosome: 'X'"),  # type: ignore[arg-type]
        (
            lambda: Marker("TH01", ("6",), (1.0,), mutation=MutationModel(MutationKind.EQUAL)),  # type: ignore[arg-type]
            "a mutation: MutationModel",
        ),
        (lambda: MutationModel("equal"), "'equal' is no kind of mutation"),  # type: ignore[arg-type]
        (lambda: MarkerSet(MARKER), "a set of markers: Marker"),  # type: ignore[arg-type]
        (lambda: MarkerSet({"TH01": {"6": 1}}), "a set of markers"),  # type: ignore[arg-type]
        (lambda: Pedigree({"child": ("father", None)}), "members of a pedigree"),  # type: ignore[arg-type]
        (lambda: KinshipFamily("F", PEDIGREE, "child", PEOPLE), "who is missing: 'child'"),  # type: ignore[arg-type]
        (lambda: KinshipFamily("F", PEDIGREE, ("child",), {}), "profiles of relatives: {}"),  # type: ignore[arg-type]
        (lambda: search(PEOPLE, FAMILY), "families: KinshipFamily"),  # type: ignore[arg-type]
        (lambda: likelihood_ratio(PEOPLE, PEDIGREE, PEDIGREE), "a hypothesis is a pedigree"),  # type: ignore[arg-type]
        (lambda: likelihood_ratio(PEDIGREE, PEDIGREE, PEOPLE, theta="0.1"), "theta is a number"),  # type: ignore[arg-type]
    ],
)
def test_a_value_of_the_wrong_kind_gets_a_sentence(mistake: Callable[[], object], words: str) -> None:
    with pytest.raises(DokazError, match=words) as refused:
        mistake()
    assert "--" not in str(refused.value), "no advice for the command line"
    assert refused.value.next_step


def test_what_can_be_gone_through_once_only_is_still_taken() -> None:
    assert MarkerSet(m for m in (MARKER,)).names == ("TH01",)  # type: ignore[arg-type]
