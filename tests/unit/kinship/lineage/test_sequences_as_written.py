"""A mitochondrial sequence compares as itself, however it is written."""

from __future__ import annotations

import hashlib
import os
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_sequences import CIRCLE, REFERENCE, least, notation, rebuilt

from dokaz.errors import BadProfile
from dokaz.kinship.haplotypes import LineageDatabase, LineageVerdict, compare_mtdna, rarity_of
from dokaz.kinship.lineage.alignment import align
from dokaz.kinship.lineage.mtdna import LENGTH_VARIANTS, MtSequence, is_compatible, sequence_differences
from dokaz.kinship.lineage.rcrs import BASES, LETTERS, reference

#: Stretches with the repeats that are written in many ways: C-stretches, the AC repeat, the 9-bp repeat.
PLACES = ((295, 325), (500, 576), (8260, 8300), (16165, 16205))
SEQUENCES = int(os.environ.get("DOKAZ_SEQUENCES", "300"))


def read(first: int, last: int, *variants: str) -> MtSequence:
    return MtSequence.of([f"{first}-{last}", *variants])


def drawn(rng: random.Random, first: int, last: int, letters: str = "ACGT") -> str:
    """A sequence near the reference: some letters changed, taken out or put in, alone or a few together."""
    found = list(CIRCLE[first - 1 : last])
    for _ in range(rng.randrange(4)):
        at, size = rng.randrange(1, len(found) - 9), rng.choice((1, 1, 1, 2, 9))
        what = rng.randrange(4)
        if what == 0:
            del found[at : at + size]
        elif what == 1:
            found[at:at] = found[at : at + size]
        elif what == 2:
            found[at:at] = [rng.choice(letters)]
        else:
            found[at] = rng.choice(letters)
    return "".join(found)


def test_the_reference_is_the_one_of_genbank() -> None:
    assert hashlib.md5(REFERENCE.encode(), usedforsecurity=False).hexdigest() == "c68f52674c9fb33aef52dcf399755519"
    known = {263: "A", 750: "A", 1438: "A", 3107: "N", 4769: "A", 8860: "A", 15326: "A", 16519: "T"}
    assert {position: LETTERS[reference()[position]] for position in known} == known
    assert len(reference()) == 16570


@pytest.mark.parametrize("place", PLACES)
def test_two_notations_of_one_sequence_are_one_sequence(place: tuple[int, int]) -> None:
    rng = random.Random(f"notations {place}")
    first, last = place
    rewritten = 0
    for _ in range(SEQUENCES):
        sequence, other = drawn(rng, first, last, "ACGTRY"), drawn(rng, first, last)
        texts = [notation(first, last, sequence, rng) for _ in range(2)]
        rewritten += texts[0] != texts[1]
        assert [rebuilt(first, last, text) for text in texts] == [sequence, sequence]
        one, two = (read(first, last, *text) for text in texts)
        assert one.slots == two.slots, texts
        third = read(first, last, *notation(first, last, other, rng))
        for ignored in (LENGTH_VARIANTS, frozenset[int]()):
            found = [sequence_differences(x, third, [place], ignored) for x in (one, two)]
            assert found[0] == found[1]
            assert is_compatible(one, third, [place], ignored) == (not found[0])
    assert rewritten > SEQUENCES / 4


@pytest.mark.parametrize("place", [*PLACES, (16090, 16200)])
def test_events_are_those_of_the_full_table(place: tuple[int, int]) -> None:
    rng = random.Random(f"events {place}")
    first, last = place
    differing = 0
    for _ in range(max(SEQUENCES // 5, 20)):
        ours, theirs = drawn(rng, first, last, "ACGTRYN"), drawn(rng, first, last, "ACGTRYN")
        one, other = (read(first, last, *notation(first, last, s, rng)) for s in (ours, theirs))
        found = sequence_differences(one, other, [place], frozenset())
        assert len(found) == least(ours, theirs)[1], (ours, theirs, found)
        assert len(sequence_differences(other, one, [place], frozenset())) == len(found)
        differing += bool(found)
    assert differing


def wrapped(texts: list[str]) -> list[str]:
    """Positions after the end of the circle as they are written: from 1."""
    return [re.sub(r"^\d+", lambda m: str((int(m[0]) - 1) % len(REFERENCE) + 1), text) for text in texts]


@pytest.mark.parametrize("ranges", [["16024-576"], ["1-16569"], ["16540-16569", "1-40"]])
def test_a_stretch_across_the_end_of_the_circle_is_compared_as_any_other(ranges: list[str]) -> None:
    rng = random.Random(f"circle {ranges}")
    first, last = len(REFERENCE) - 24, len(REFERENCE) + 25
    differing = 0
    for _ in range(max(SEQUENCES // 5, 20)):
        ours, theirs = drawn(rng, first, last), drawn(rng, first, last)
        one, again, other = (
            MtSequence.of([*ranges, *wrapped(notation(first, last, s, rng))]) for s in (ours, ours, theirs)
        )
        assert one.slots == again.slots
        found = sequence_differences(one, other, one.ranges, frozenset())
        assert len(found) == least(ours, theirs)[1], (ours, theirs, found)
        assert is_compatible(one, other, one.ranges, frozenset()) == (not found)
        differing += bool(found)
    assert differing


def test_a_whole_circle_is_not_cut_through_an_event() -> None:
    whole, one = MtSequence.of(["1-16569"]), MtSequence.of(["1-16569", "48-54DEL", "16569DEL"])
    assert compare_mtdna(whole, one).mutations == 2


def test_what_is_there_in_a_part_of_the_molecules_matches_both() -> None:
    whole, partial = read(1, 576, "524.1A", "524.2C"), read(1, 576, "524.1a", "524.2c")
    none = read(1, 576)
    for other in (whole, none):
        found = compare_mtdna(partial, other)
        assert found.verdict is LineageVerdict.MATCH
        assert found.disregarded == ("524.1a: read with and without", "524.2c: read with and without")
        assert compare_mtdna(other, partial).verdict is LineageVerdict.MATCH
        database = LineageDatabase("one person", (other,))
        assert rarity_of(partial, found.compared, database).count == 1
        assert rarity_of(other, found.compared, LineageDatabase("one", (partial,))).count == 1
    assert compare_mtdna(whole, none).mutations == 1
    assert compare_mtdna(partial, read(1, 576, "523-524d")).mutations == 1
    # A lower-case base of the reference may be missing; of another base it is that base.
    assert compare_mtdna(read(1, 576, "249a"), read(1, 576, "249DEL")).mutations == 0
    assert compare_mtdna(read(1, 576, "249a"), none).mutations == 0
    assert read(1, 576, "263g") == read(1, 576, "263G")
    # One of two inserted bases: the other stays, wherever it is written.
    half = read(1, 576, "309.1C", "309.2c")
    assert {reading.variants for reading in half.readings} == {frozenset({"309.1C", "309.2C"}), frozenset({"309.1C"})}
    assert compare_mtdna(half, none, length_variants=()).mutations == 1
    assert compare_mtdna(half, read(1, 576, "309.1C"), length_variants=()).mutations == 0
    assert [reading.variants for reading in read(1, 576, "309.1c", "309.2C").readings][1] == {"309.1C"}
    with pytest.raises(BadProfile, match="7 bases in small letters"):
        read(1, 576, *(f"573.{k}c" for k in range(1, 8)))


def test_substitutions_far_apart_are_those_of_the_full_table() -> None:
    rng = random.Random("substitutions")
    first, last = 16090, 16200
    for _ in range(max(SEQUENCES // 10, 20)):
        pair = []
        for _side in "12":
            letters = list(REFERENCE[first - 1 : last])
            for at in rng.sample(range(1, len(letters)), rng.randrange(12)):
                letters[at] = rng.choice("ACGTRY")
            pair.append("".join(letters))
        one, other = (read(first, last, *notation(first, last, s, rng)) for s in pair)
        assert len(sequence_differences(one, other, [(first, last)], frozenset())) == least(*pair)[1], pair


def test_places_do_not_disturb_one_another() -> None:
    rng = random.Random("places")
    places = [place for place in PLACES if place[0] != 8260]
    for _ in range(max(SEQUENCES // 5, 20)):
        drawn_at = [[drawn(rng, *place) for place in places] for _side in "12"]
        written = [
            MtSequence.of(["16024-576", *(v for p, s in zip(places, side, strict=True) for v in notation(*p, s, rng))])
            for side in drawn_at
        ]
        again = [
            MtSequence.of(["16024-576", *(v for p, s in zip(places, side, strict=True) for v in notation(*p, s, rng))])
            for side in drawn_at
        ]
        assert [one.slots for one in written] == [one.slots for one in again]
        whole = [(1, 576), (16024, 16569)]
        assert sequence_differences(*written, whole) == sequence_differences(*again, whole)


def test_lengths_of_c_stretches_are_disregarded_as_in_strings_without_them() -> None:
    rng = random.Random("stretches")
    for _ in range(max(SEQUENCES // 5, 20)):
        pair = [f"AAA{'C' * rng.randrange(1, 12)}{rng.choice('TTTC')}{'C' * rng.randrange(1, 9)}GCTTC" for _ in "12"]
        one, other = (read(300, 320, *notation(300, 320, s, rng)) for s in pair)
        expected = least(*(re.sub("C+", "C", text[:-5]) for text in pair))[1]
        assert len(sequence_differences(one, other, [(300, 320)])) == expected, pair


@given(st.text("ACGTYN", max_size=9), st.text("ACGTYN", max_size=9))
@settings(max_examples=300, deadline=None)
def test_an_alignment_has_the_least_penalty(ours: str, theirs: str) -> None:
    columns = align([BASES[x] for x in ours], [BASES[x] for x in theirs])
    assert [i for i, _ in columns if i is not None] == list(range(len(ours)))
    assert [j for _, j in columns if j is not None] == list(range(len(theirs)))
    penalty = events = 0
    before = ""
    for i, j in columns:
        gap = "ours" if j is None else "theirs" if i is None else ""
        if gap:
            penalty, events = penalty + (2 if gap == before else 11), events + (gap != before)
        elif not BASES[ours[i or 0]] & BASES[theirs[j or 0]]:
            penalty, events = penalty + 10, events + 1
        before = gap
    assert (penalty, events) == least(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs", "events"),
    [
        (("16093Y", "146Y"), ("16093C", "146C"), 0),
        (("16093Y",), (), 0),
        (("16093R",), ("16093C",), 1),
        (("16093N",), ("16093C",), 0),
        (("523DEL", "524DEL"), (), 1),
        (("523-524del",), ("515d", "516d"), 0),
        (("524.1A", "524.2C"), ("514.1A", "514.2C"), 0),
        (("524.1AC",), (), 1),
        (("309.1C", "315.1C"), ("302.1C", "310.1C"), 0),
        (("309.1C", "309.2C", "315.1C"), (), 0),
        (("309DEL",), ("309.1C",), 0),
        (("573.1CCC",), (), 0),
        (("310C",), (), 1),
        (("310Y", "309.1C"), ("310C",), 0),
        (("310Y", "309.1C"), (), 0),
        (("16189C", "16193.1C"), ("16189C",), 0),
        (("16189Y",), ("16189C", "16193.1C"), 0),
        (("16183C", "16189C"), ("16183DEL", "16189C", "16193.1C"), 0),
        (("263G", "150.1C"), ("263G",), 1),
    ],
)
def test_each_rule_of_the_control_region(ours: tuple[str, ...], theirs: tuple[str, ...], events: int) -> None:
    one, other = (MtSequence.of(["16024-576", *texts]) for texts in (ours, theirs))
    found = compare_mtdna(one, other)
    assert (found.mutations, len(found.differences)) == (events, events)
    assert compare_mtdna(other, one).mutations == events
    database = LineageDatabase("one person", (other,))
    assert rarity_of(one, found.compared, database).count == (events == 0)


def test_the_nine_base_deletion_is_one_event_wherever_it_is_written() -> None:
    whole, one, other = (read(8200, 8400, *t) for t in ((), ("8281-8289d",), ("8272-8280DEL",)))
    assert compare_mtdna(one, other).verdict is LineageVerdict.MATCH
    assert compare_mtdna(whole, one).mutations == compare_mtdna(whole, other).mutations == 1


def test_position_3107_holds_no_base_however_that_is_written() -> None:
    texts = ((), ("3107DEL",), ("3107N",), ("3106DEL",))
    spelt = [read(3000, 3200, *t) for t in texts]
    assert spelt[0].slots == spelt[1].slots == spelt[2].slots == {}
    assert compare_mtdna(spelt[0], spelt[3]).mutations == 1


def test_lengths_are_told_and_counted_when_asked() -> None:
    one, other = read(1, 576, "309.1C", "309.2C", "315.1C", "573.1C"), read(1, 576)
    found = compare_mtdna(one, other)
    assert found.verdict is LineageVerdict.MATCH
    assert found.disregarded == (
        "length at 309: 9 against 7",
        "length at 315: 6 against 5",
        "length at 573: 7 against 6",
    )
    counted = compare_mtdna(one, other, length_variants=())
    assert counted.differences == (
        "309: 309.1C 309.2C against as rCRS", "315: 315.1C against as rCRS", "573: 573.1C against as rCRS",
    )  # fmt: skip
    database = LineageDatabase("one person", (other,))
    assert rarity_of(one, ("1-576",), database).count == 1
    assert rarity_of(one, ("1-576",), database, length_variants=()).count == 0


def test_what_is_n_is_told_and_alone_gives_nothing_to_compare() -> None:
    found = compare_mtdna(read(1, 576, "73N"), read(1, 576, "73G"))
    assert (found.verdict, found.disregarded) == (LineageVerdict.MATCH, ("73: not read (N)",))
    nothing = compare_mtdna(read(70, 72, "70N", "71N", "72N"), read(1, 576))
    assert nothing.verdict is LineageVerdict.NOT_COMPARABLE


def test_ranges_that_touch_are_one() -> None:
    assert MtSequence.of(["1-300", "301-576", "290-310"]) == read(1, 576)
    assert read(1, 576).covers([(1, 300), (301, 576)])


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("T263G",), "the reference has A at 263"),
        (("263G", "263C"), "two variants at 263"),
        (("263G", "263DEL"), "two variants at 263"),
        (("309.2C",), "309.2C without 309.1"),
        (("309.0C",), "variant '309.0C'"),
        (("263GG",), "variant '263GG'"),
        (("309.1DEL",), "variant '309.1DEL'"),
        (("524-523d",), "deletion '524-523d'"),
    ],
)
def test_a_notation_of_nothing_is_refused(texts: tuple[str, ...], words: str) -> None:
    with pytest.raises(BadProfile, match=re.escape(words)):
        MtSequence.of(["1-576", *texts])
