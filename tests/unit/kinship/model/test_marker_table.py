"""The table that says what a marker is."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from dokaz.kinship.model.marker_table import (
    chromosome_of,
    is_one_copy,
    known_markers,
    linked_groups,
    marker_named,
    of_one_haplotype,
    renamed,
    taken_as_unlinked,
)
from dokaz.kinship.model.markers import Chromosome, Marker
from dokaz.kinship.model.published_frequencies import published, published_names


def test_every_spelling_means_one_marker() -> None:
    for marker in known_markers().values():
        for spelling in (marker.name, *marker.aliases, *marker.copies):
            assert marker_named(spelling) == marker.name
            assert marker_named(spelling.lower().replace(" ", "_")) == marker.name


def test_a_d_number_lies_where_it_says() -> None:
    for marker in known_markers().values():
        if marker.name[0] == "D" and (number := marker.name[1:].split("S")[0]).isdigit():
            assert marker.place == number
        if marker.name.startswith(("DXS", "DYS", "DYF")):
            assert marker.place == marker.name[1]


def test_groups_hold_neighbours_within_the_distance_and_no_marker_without_a_position() -> None:
    names = [m.name for m in known_markers().values()]
    groups = linked_groups(names)
    assert {len({known_markers()[n].place for n in group}) for group, _ in groups} == {1}
    for group, fractions in groups:
        at = [known_markers()[n].cm or -1 for n in group]
        assert at == sorted(at)
        assert all(0 <= r < 0.5 for r in fractions)
        gaps = [b - a for a, b in pairwise(at)]
        assert max(gaps) <= 50
        assert fractions == pytest.approx([(1 - math.exp(-gap / 50)) / 2 for gap in gaps])
    assert [g for g, _ in linked_groups(["Penta D", "D21S11", "D21S2055"])] == [("D21S11", "D21S2055", "Penta D")]
    assert [g for g, _ in linked_groups(["Penta D", "D21S11", "D21S2055"], within=10)] == [("D21S2055", "Penta D")]
    assert linked_groups(["DXS10075", "DXS9902", "TH01", "vWA", "rs1"]) == ()


def test_the_linkage_groups_of_argus_lie_apart_and_their_markers_together() -> None:
    groups = (
        ("DXS10148", "DXS10135", "DXS8378"),
        ("DXS7132", "DXS10079", "DXS10074"),
        ("DXS10103", "HPRTB", "DXS10101"),
        ("DXS10146", "DXS10134", "DXS7423"),
    )
    names = [name for group in reversed(groups) for name in group]
    assert tuple(group for group, _ in linked_groups(names, within=1)) == groups
    # The third and the fourth lie 33 cM apart.
    assert [group for group, _ in linked_groups(names)] == [groups[0], groups[1], groups[2] + groups[3]]
    across = dict(zip(groups[2] + groups[3], linked_groups(names)[2][1], strict=False))["DXS10101"]
    assert across == pytest.approx(0.24, abs=0.005)


def test_what_is_multiplied_as_independent_is_told_by_what_the_table_knows() -> None:
    def marker(name: str, where: Chromosome = Chromosome.X) -> Marker:
        return Marker(name, ("1", "2"), (0.5, 0.5), where)

    of = [marker(name) for name in ("DXS10079", "DXS10074", "DXS10075", "HPRTB")]
    assert taken_as_unlinked(of, ()) == ((("DXS10079", "DXS10074"),), ("DXS10075",))
    assert taken_as_unlinked(of, linked_groups(m.name for m in of)) == ((), ("DXS10075",))
    assert of_one_haplotype(of) == (("DXS10079", "DXS10074"),)
    # A marker alone on X is linked to nothing.
    assert taken_as_unlinked([marker("DXS10075"), marker("TH01", Chromosome.AUTOSOMAL)], ()) == ((), ())


def test_kits_hold_what_their_makers_say() -> None:
    def kit(name: str) -> set[str]:
        return {m.name for m in known_markers().values() if name in m.kits}

    assert {name: len(kit(name)) for name in ("GlobalFiler", "PowerPlex Fusion", "Yfiler Plus", "Argus X-12")} == {
        "GlobalFiler": 24, "PowerPlex Fusion": 24, "Yfiler Plus": 25, "Argus X-12": 14
    }  # fmt: skip
    assert kit("PowerPlex ESI 17") == kit("PowerPlex ESX 17")
    assert kit("MiniFiler") < kit("Identifiler")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Penta_E", "Penta E"), ("pentaD", "Penta D"), ("VWA", "vWA"), ("vWА", "vWA"), ("THO1", "TH01"),
        ("DYS385a/b", "DYS385"), ("DYS385a-b", "DYS385"), ("DYS385_b", "DYS385"), ("DYS389.1", "DYS389I"),
        ("DYS389-2", "DYS389II"), ("DYS389 II", "DYS389II"), ("YGATA_H4.1", "YGATAH4"), ("Y-GATA-H4", "YGATAH4"),
        ("GATA-H4", "YGATAH4"), ("DYS19/394", "DYS19"), ("HPRT", "HPRTB"), ("Amelogenin", "AMEL"), ("D99S1", ""),
    ],
)  # fmt: skip
def test_names_as_laboratories_write_them(written: str, name: str) -> None:
    assert marker_named(written) == name


def test_only_a_copy_is_a_copy() -> None:
    assert is_one_copy("DYS385a")
    assert not is_one_copy("DYS385a/b")
    assert not is_one_copy("DYS19")


def test_what_is_renamed_is_what_is_written_otherwise() -> None:
    assert renamed(["TH01", "THO1", "D99S1"]) == {"THO1": "TH01"}


def test_every_marker_of_the_shipped_frequencies_is_in_the_table() -> None:
    for name in published_names():
        assert {chromosome_of(marker) for marker in published(name).counts} == {Chromosome.AUTOSOMAL}
