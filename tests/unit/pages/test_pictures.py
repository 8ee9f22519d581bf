"""Pictures: everybody and everything is drawn once, linked, named in words, and well-formed."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from gettext import NullTranslations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokaz.pages.pictures.flow import FlowStage, flow
from dokaz.pages.pictures.grave_plan import PlanLink, PlanUnit, grave_plan
from dokaz.pages.pictures.homunculus import homunculus
from dokaz.pages.pictures.lr_chart import MarkerLR, lr_chart
from dokaz.pages.pictures.merkle import inclusion_picture, steps
from dokaz.pages.pictures.pedigree import DrawnMember, pedigree
from dokaz.pages.pictures.pedigree_strokes import draw_legend, draw_pedigree
from dokaz.pages.pictures.qr import ACROSS, DOWN, Label, qr, sheets
from dokaz.pages.pictures.rows import NoPedigree, arrange

SVG = "{http://www.w3.org/2000/svg}"


def assert_picture(svg: str) -> ElementTree.Element:
    """It is XML, names and describes itself, and carries neither script nor inline style."""
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert root.get("aria-labelledby") in ids
    assert root.get("aria-describedby") in ids
    assert (root.findtext(f"{SVG}title") or "").strip()
    assert (root.findtext(f"{SVG}desc") or "").strip()
    for one in root.iter():
        assert one.tag != f"{SVG}script"
        assert not [name for name in one.attrib if name == "style" or name.startswith("on")]
    return root


def marked(root: ElementTree.Element, name: str) -> Counter[str]:
    return Counter(str(one.get(name)) for one in root.iter() if one.get(name) is not None)


# --- pedigree ------------------------------------------------------------------------------------------------------


@st.composite
def families(draw: st.DrawFn) -> list[DrawnMember]:
    """Any pedigree at all: parents are chosen among those who came before, so that nobody is their own ancestor."""
    members: list[DrawnMember] = []
    for i in range(draw(st.integers(1, 14))):
        men = [one.name for one in members if one.sex == "m"]
        women = [one.name for one in members if one.sex == "f"]
        father = draw(st.sampled_from(["", *men])) if men else ""
        mother = draw(st.sampled_from(["", *women])) if women else ""
        members.append(
            DrawnMember(
                f"p{i}",
                draw(st.sampled_from(["m", "f", "?"])),
                father,
                mother,
                is_typed=draw(st.booleans()),
                is_dead=draw(st.booleans()),
                is_missing=draw(st.booleans()),
                label=draw(st.text(max_size=30)),
                url=draw(st.sampled_from(["", "/person/1"])),
            )
        )
    return members


@settings(deadline=None)
@given(families())
def test_every_member_of_a_pedigree_is_drawn_once(members: list[DrawnMember]) -> None:
    root = assert_picture(pedigree(members))
    assert marked(root, "data-member") == Counter(one.name for one in members)


@settings(deadline=None)
@given(families())
def test_nobody_stands_on_somebody_elses_place_and_children_stand_below_their_parents(
    members: list[DrawnMember],
) -> None:
    layout = arrange([(one.name, one.father, one.mother) for one in members])
    for one in members:
        for parent in filter(None, (one.father, one.mother)):
            assert layout.row[parent] < layout.row[one.name]
    places = [(layout.row[name], x) for name, x in layout.x.items()]
    for i, (row, x) in enumerate(places):
        assert not [other for other in places[i + 1 :] if other[0] == row and abs(other[1] - x) < 0.999]


def test_cousins_who_have_a_child_are_joined_by_a_double_line() -> None:
    trios = [("a", "", ""), ("b", "", ""), ("c", "a", "b"), ("d", "a", "b"), ("e", "", ""), ("g", "", "")]
    trios += [("h", "c", "e"), ("i", "g", "d"), ("j", "h", "i")]
    unions = {union.parents: union for union in arrange(trios).unions}
    assert unions["h", "i"].is_consanguineous
    assert not unions["a", "b"].is_consanguineous


def test_a_person_with_two_partners_stands_between_them() -> None:
    layout = arrange([("p", "", ""), ("v", "", ""), ("w", "", ""), ("c", "p", "v"), ("d", "p", "w")])
    assert min(layout.x["v"], layout.x["w"]) < layout.x["p"] < max(layout.x["v"], layout.x["w"])
    assert all(union.is_adjacent for union in layout.unions)


@pytest.mark.parametrize(
    "trios",
    [
        [("a", "", ""), ("a", "", "")],
        [("a", "nobody", "")],
        [("a", "b", ""), ("b", "a", "")],
        [("a", "b", ""), ("b", "nobody", "")],
    ],
)
def test_what_is_no_pedigree_is_refused(trios: list[tuple[str, str, str]]) -> None:
    with pytest.raises(NoPedigree):
        arrange(trios)


def test_a_pedigree_says_in_words_who_is_missing_typed_and_dead() -> None:
    svg = pedigree([DrawnMember("f", "m", is_dead=True, is_typed=True), DrawnMember("c", "f", "f", is_missing=True)])
    assert "missing person" in svg
    assert "typed" in svg
    assert "dead" in svg


@pytest.mark.parametrize("has_parents", [True, False])
def test_identical_twins_hang_from_one_point_with_a_bar_between_them(has_parents: bool) -> None:
    father, mother = ("f", "m") if has_parents else ("", "")
    parents = [DrawnMember("f", "m"), DrawnMember("m", "f")] if has_parents else []
    members = [*parents, *(DrawnMember(name, "f", father, mother) for name in ("t1", "s", "t2"))]
    plain = assert_picture(draw_pedigree(members, words=NullTranslations()))
    drawn = assert_picture(draw_pedigree(members, words=NullTranslations(), identical_twins=[{"t1", "t2"}]))
    assert [one for one in plain.iter() if one.get("class") == "identical-twins"] == []
    [bar] = [one for one in drawn.iter() if one.get("class") == "identical-twins"]
    assert bar.get("y1") == bar.get("y2")
    slanted = [
        one for one in drawn.iter(f"{SVG}line") if one.get("x1") != one.get("x2") and one.get("y1") != one.get("y2")
    ]
    assert len(slanted) == 2
    assert {one.get("x1") for one in slanted} == {slanted[0].get("x1")}


def test_one_legend_serves_several_pictures() -> None:
    members = [DrawnMember("f", "m", is_typed=True), DrawnMember("c", "x", "f", is_missing=True)]
    bare = draw_pedigree(members, words=NullTranslations(), has_legend=False, least_width=0)
    assert 'class="legend"' not in bare
    legend = assert_picture(draw_legend(members, words=NullTranslations()))
    said = {one.text for one in legend.iter(f"{SVG}text")}
    assert said == {"male", "female", "sex unknown", "typed", "missing person"}


# --- likelihood ratios ---------------------------------------------------------------------------------------------

ratios = st.one_of(st.none(), st.just(-math.inf), st.floats(-60, 60))


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), ratios), unique_by=lambda one: one[0], max_size=30))
def test_every_marker_is_drawn_once_whatever_it_says(markers: list[tuple[str, float | None]]) -> None:
    root = assert_picture(lr_chart([MarkerLR(*one) for one in markers]))
    assert sum(marked(root, "data-marker").values()) == sum(bool(name) for name, _ in markers)


def test_what_does_not_fit_and_what_is_missing_is_said_in_words() -> None:
    svg = lr_chart([MarkerLR("TH01", 1.5), MarkerLR("FGA", -math.inf), MarkerLR("vWA", None)])
    assert "Inconsistent: FGA." in svg
    assert "Not typed: vWA." in svg
    assert "2 markers compared." in svg
    assert "log10 LR −∞" in svg


def test_the_total_is_the_engines_own_where_it_is_given() -> None:
    assert "+12.34" in lr_chart([MarkerLR("TH01", 1.0)], total=12.34)


def test_a_likelihood_ratio_is_rounded_and_not_cut_off() -> None:
    assert "+21.62" in lr_chart([MarkerLR("TH01", 1.0)], total=21.6157)


# --- plan of a grave -----------------------------------------------------------------------------------------------

coordinates = st.floats(-1000, 1000).map(lambda n: n + 5_431_000)
plan_units = st.lists(
    st.builds(
        PlanUnit,
        number=st.integers(1, 9999).map(lambda n: f"KAM-G1-{n:04d}-B"),
        kind=st.sampled_from(["B", "BP", "GB", "A", "S"]),
        east=coordinates,
        north=coordinates,
        url=st.just("/units/1"),
    ),
    unique_by=lambda one: one.number,
    max_size=40,
)


@settings(deadline=None)
@given(plan_units)
def test_every_unit_on_the_plan_is_linked_once(units: list[PlanUnit]) -> None:
    root = assert_picture(grave_plan(units))
    assert marked(root, "data-unit") == Counter(one.number for one in units)
    assert len([one for one in root.iter(f"{SVG}a") if one.get("href")]) == len(units)


def test_north_is_up_and_east_is_right() -> None:
    units = [PlanUnit("N", "B", 100.0, 210.0), PlanUnit("S", "B", 100.0, 200.0), PlanUnit("E", "B", 105.0, 200.0)]
    root = assert_picture(grave_plan(units))
    marks = {
        str(one.get("data-unit")): list(one.iter(f"{SVG}circle"))[-1] for one in root.iter() if one.get("data-unit")
    }
    assert float(marks["N"].get("cy", 0)) < float(marks["S"].get("cy", 0))
    assert float(marks["E"].get("cx", 0)) > float(marks["S"].get("cx", 0))


def test_a_part_is_tied_to_its_body_and_to_nothing_off_the_plan() -> None:
    units = [PlanUnit("body", "B", 0.0, 0.0), PlanUnit("part", "BP", 3.0, 4.0)]
    svg = grave_plan(units, links=[PlanLink("part", "body"), PlanLink("part", "elsewhere")])
    assert "part belongs to body" in svg
    assert "elsewhere" not in svg


def test_an_empty_grave_can_be_drawn() -> None:
    assert "0 recovery units." in (assert_picture(grave_plan([])).findtext(f"{SVG}desc") or "")


# --- flow, skeleton, labels ----------------------------------------------------------------------------------------


def test_every_stage_names_its_unit_and_streams_join_equal_units_only() -> None:
    stages = [
        FlowStage("Recovered", 10, "recovery units", "/u"),
        FlowStage("Examined", 0, "recovery units"),
        FlowStage("Identified", 3, "persons"),
    ]
    root = assert_picture(flow(stages))
    assert marked(root, "data-stage") == Counter(one.label for one in stages)
    assert len([one for one in root.iter() if one.get("class") == "stream"]) == 1
    spoken = " ".join(one.get("aria-label", "") for one in root.iter())
    assert "10 Recovered recovery units" in spoken
    assert "3 Identified persons" in spoken


def test_absent_and_not_recorded_are_told_apart_on_the_skeleton() -> None:
    root = assert_picture(homunculus({"left_femur": "absent", "cranium": "complete", "tail": "complete"}))
    assert set(marked(root, "data-element").values()) == {1}
    said = {str(one.get("data-element")): one.findtext(f"{SVG}title") for one in root.iter() if one.get("data-element")}
    assert said["left_femur"] == "femur, left side: absent"
    assert said["right_femur"] == "femur, right side: not recorded"
    assert "tail" in (root.findtext(f"{SVG}desc") or "")


def test_a_label_carries_its_number_and_its_uuid() -> None:
    label = Label("KAM-G1-0012-B-7", "9b2f5a1e-7c4d-4e8f-a1b2-3c4d5e6f7a8b")
    root = assert_picture(label.code)
    assert root.findtext(f"{SVG}desc") == "dokaz:KAM-G1-0012-B-7:9b2f5a1e-7c4d-4e8f-a1b2-3c4d5e6f7a8b"


def test_a_qr_code_keeps_its_quiet_zone_and_its_finder_patterns() -> None:
    strokes = qr("dokaz:1:2", title="1").split(' d="')[1].split('"')[0]
    dark = {tuple(map(int, one.split("h")[0].split())) for one in strokes.split("M") if one}
    assert min(x for x, _ in dark) == 4
    assert {(x, 4) for x in range(4, 11)} <= dark


@given(st.integers(0, 60), st.integers(0, 23))
def test_labels_fill_sheets_in_order_after_the_places_already_used(count: int, skip: int) -> None:
    labels = [Label(str(i), str(i)) for i in range(count)]
    found = sheets(labels, skip=skip)
    assert [one for sheet in found for one in sheet if one] == labels
    assert all(len(sheet) <= ACROSS * DOWN for sheet in found)
    assert not count or found[0][:skip] == [None] * skip


# --- the path to the checkpoint ------------------------------------------------------------------------------------


def root_of(leaves: list[bytes]) -> bytes:
    """The textbook definition, RFC 6962 section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()


def path_of(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if index < k:
        return [*path_of(index, leaves[:k]), root_of(leaves[k:])]
    return [*path_of(index - k, leaves[k:]), root_of(leaves[:k])]


@settings(deadline=None)
@given(st.integers(1, 130).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))), st.booleans())
def test_the_drawn_path_ends_in_the_root_of_the_checkpoint(tree: tuple[int, int], altered: bool) -> None:
    size, index = tree
    leaves = [hashlib.sha256(bytes([0, i])).digest() for i in range(size)]
    path = [one.hex() for one in path_of(index, leaves)]
    walked = steps(index, size, leaves[index].hex(), path)
    assert (walked[-1].node if walked else leaves[index].hex()) == root_of(leaves).hex()
    root = assert_picture(inclusion_picture(index, size, leaves[index].hex(), path, altered=altered))
    expected = {leaves[index].hex(), *path, *(one.node for one in walked)}
    assert set(marked(root, "data-hash")) == expected
