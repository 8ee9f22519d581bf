"""The least number of people: against every layout tried one by one, and refused where links contradict each other."""

from __future__ import annotations

import random

import pytest
from slow_people import least_number_slowly

from dokaz.errors import BadScore, ContradictingLinks
from dokaz.physical import BodySide, Fragment, least_number


def bone(name: str, side: BodySide = BodySide.LEFT, *zones: str, element: str = "femur") -> Fragment:
    return Fragment(name, element, side, frozenset(zones or {"whole"}))


def test_the_least_number_is_that_of_the_best_of_all_layouts() -> None:
    rng = random.Random(13)
    sides = [BodySide.LEFT, BodySide.RIGHT, BodySide.UNSIDED]
    refused = 0
    for _ in range(150):
        fragments = [
            bone(str(k), rng.choice(sides), *rng.sample("123", rng.randint(1, 2)), element=rng.choice("ft"))
            for k in range(rng.randint(1, 6))
        ]
        pairs = [(a.name, b.name) for a in fragments for b in fragments if a.name < b.name]
        same = rng.sample(pairs, min(len(pairs), rng.choice([0, 1, 2])))
        different = rng.sample(pairs, min(len(pairs), rng.choice([0, 2, 4])))
        expected = least_number_slowly(fragments, same, different)
        if expected is None:
            refused += 1
            with pytest.raises(ContradictingLinks):
                least_number(fragments, same=same, different=different)
            continue
        found = least_number(fragments, same=same, different=different)
        assert (found.people, found.proven) == (expected, True)
    assert 10 < refused < 100


def test_an_odd_ring_of_fragments_that_differ_asks_for_three_though_no_three_differ() -> None:
    ring = [bone(name, element=element) for name, element in zip("abcde", "fghij", strict=True)]
    found = least_number(ring, different=[("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")])
    assert (found.people, found.proven) == (3, True)
    assert found.because == "they cannot be laid out on 2, whichever way is tried"


def test_a_first_layout_that_takes_too_many_bodies_is_undone() -> None:
    # Everybody of the one side differs from all of the other but their namesake: two bodies do, where taking each as it
    # comes asks for five.
    crown = [bone(f"{side}{k}", element=f"{side}{k}") for k in range(5) for side in "ab"]
    found = least_number(crown, different=[(f"a{j}", f"b{k}") for j in range(5) for k in range(5) if j != k])
    assert (found.people, found.enough) == (2, 2)


def test_pieces_of_one_bone_count_once_and_pieces_of_one_zone_twice() -> None:
    assert least_number([bone("a", BodySide.LEFT, "1", "2"), bone("b", BodySide.LEFT, "3")]).people == 1
    found = least_number([bone("a", BodySide.LEFT, "1", "2"), bone("b", BodySide.LEFT, "2", "3")])
    assert (found.people, found.because) == (2, "2 × left femur, zone 2")
    assert found.by_element == {"femur:left": 2}


def test_a_body_has_one_skull_and_two_bones_of_no_known_side() -> None:
    skulls = [bone(name, BodySide.NONE, element="skull") for name in "ab"]
    assert least_number(skulls).people == 2
    unsided = [bone(name, BodySide.UNSIDED) for name in "abc"]
    assert (least_number(unsided[:2]).people, least_number(unsided).people) == (1, 2)
    assert least_number(unsided).because == "3 × femur, of which a body has two"
    assert least_number([*unsided[:1], bone("l"), bone("r", BodySide.RIGHT)]).people == 2


def test_a_bone_of_no_known_side_keeps_both_sides_off_its_body() -> None:
    # Each two of the three would make a zone thrice on one body or twice on its left, and no zone asks for more than two.
    whole = [("l", BodySide.LEFT), ("r", BodySide.RIGHT)]
    first = [bone(f"a{name}", side, "1") for name, side in whole] + [bone("a", BodySide.LEFT, "3")]
    second = [bone(f"b{name}", side, "2", "3") for name, side in whole]
    unsided = bone("u", BodySide.UNSIDED, "1", "2")
    found = least_number([*first, *second, unsided], same=[("al", "ar"), ("al", "a"), ("bl", "br")])
    assert (found.people, found.proven) == (3, True)


def test_links_that_join_a_zone_twice_are_refused_with_the_fragments() -> None:
    fragments = [bone("a", BodySide.LEFT, "2"), bone("b", BodySide.RIGHT, "2"), bone("c", BodySide.LEFT, "2")]
    with pytest.raises(ContradictingLinks, match=r"a, b, c are linked as one person, and hold femur \(2\)"):
        least_number(fragments, same=[("a", "b"), ("b", "c")])
    with pytest.raises(ContradictingLinks, match="b and a are said to differ, and linked"):
        least_number(fragments, same=[("a", "b")], different=[("b", "a")])


@pytest.mark.parametrize(
    ("fragments", "links", "told"),
    [
        ([], [], "no fragments"),
        ([bone("a"), bone("a")], [], "'a' is given twice"),
        ([bone("a")], [("a", "z")], "'a' and 'z'"),
        ([bone("a")], [("a", "a")], "'a' and 'a'"),
    ],
)
def test_fragments_and_links_that_cannot_be_are_refused(
    fragments: list[Fragment], links: list[tuple[str, str]], told: str
) -> None:
    with pytest.raises(BadScore, match=told):
        least_number(fragments, same=links)


def test_a_fragment_without_name_element_or_zone_is_refused() -> None:
    for wrong in (("", "femur", "1"), ("a", " ", "1"), ("a", "femur", "")):
        with pytest.raises(BadScore, match="lacks a name, an element or a zone"):
            Fragment(wrong[0], wrong[1], BodySide.LEFT, frozenset(wrong[2]))


def test_where_trying_is_given_up_the_number_is_proven_from_below_only() -> None:
    ring = [bone(name, element=element) for name, element in zip("abcde", "fghij", strict=True)]
    found = least_number(ring, different=[("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")], tries=3)
    assert (found.people, found.enough, found.proven) == (2, 3, False)


def test_hundreds_of_fragments_are_counted_in_seconds() -> None:
    rng = random.Random(5)
    many = [
        bone(str(k), rng.choice([BodySide.LEFT, BodySide.RIGHT]), *rng.sample("12345", 3), element=rng.choice("fthu"))
        for k in range(120)
    ]
    found = least_number(many)
    assert found.proven
    assert found.people >= max(found.by_element.values())


def test_bones_that_have_nothing_to_do_with_each_other_are_laid_out_apart_and_the_most_of_them_counts() -> None:
    femora = [bone(f"f{k}") for k in range(4)]
    ring = [bone(name, element=element) for name, element in zip("abcde", "ghijk", strict=True)]
    around = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "a")]
    found = least_number([*femora, *ring], different=around)
    assert (found.people, found.because) == (4, "4 × left femur")
    # Linked with each other they no longer are: a femur and a ring of one person each.
    joined = least_number([*femora[:2], *ring], different=around, same=[("f0", "a"), ("f1", "b")])
    assert (joined.people, joined.groups) == (3, (("f0", "a"), ("f1", "b")))
