"""Agreement of two readers: closed forms, naive twins, properties; and what a third person settles."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest
from any_transcription import texts
from hypothesis import given, settings
from hypothesis import strategies as st
from small_book import BOOK, PAGE

from dokaz.errors import BadTranscription, NotSettled
from dokaz.transcription.agreement import agreement, cohens_kappa
from dokaz.transcription.alignment import COST_OF_A_GAP, ReadRow, aligned_rows, pair_cost, read_rows
from dokaz.transcription.edit_distance import edit_distance
from dokaz.transcription.marked_text import plain_text
from dokaz.transcription.notation import read_notation
from dokaz.transcription.settlement import differences, settle, with_readings_of

WORDS = st.text("абв ", max_size=6)


def row(of: str, page: str = "p", is_header: bool = False, **values: str) -> ReadRow:
    return ReadRow(page, of, is_header, {key: read_notation(text) for key, text in values.items()})


def naive_distance(first: str, second: str) -> int:
    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        return min(of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (first[i - 1] != second[j - 1]))

    return of(len(first), len(second))


def naive_alignment_cost(left: list[ReadRow], right: list[ReadRow]) -> float:
    """The cheapest of all ways to pair rows in order, each tried."""
    costs = []
    for count in range(min(len(left), len(right)) + 1):
        for ours in combinations(left, count):
            for theirs in combinations(right, count):
                pairs = sum(map(pair_cost, ours, theirs))
                costs.append(pairs + COST_OF_A_GAP * (len(left) + len(right) - 2 * count))
    return min(costs)


def naive_kappa(pairs: list[tuple[str, str]]) -> float | None:
    """From the table of all categories, as Cohen writes it."""
    words = sorted({word for pair in pairs for word in pair})
    table = {(a, b): pairs.count((a, b)) / len(pairs) for a in words for b in words}
    alike = sum(table[word, word] for word in words)
    chance = sum(sum(table[word, b] for b in words) * sum(table[a, word] for a in words) for word in words)
    return (alike - chance) / (1 - chance) if chance < 1 - 1e-12 else None


@given(WORDS, WORDS, WORDS)
def test_edit_distance_is_that_of_its_definition_and_a_metric(first, second, third):
    distance = edit_distance(first, second)
    assert distance == naive_distance(first, second) == edit_distance(second, first)
    assert (distance == 0) == (first == second)
    assert distance <= edit_distance(first, third) + edit_distance(third, second)


@given(st.lists(st.tuples(st.sampled_from("абв"), st.sampled_from("абв")), min_size=1, max_size=12))
def test_kappa_is_that_of_its_definition(pairs):
    kappa, why = cohens_kappa(pairs)
    naive = naive_kappa(pairs)
    assert kappa == (None if naive is None else pytest.approx(naive))
    assert bool(why) == (kappa is None)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([("а", "а"), ("б", "б")], 1.0),
        ([("а", "б"), ("б", "а")], -1.0),
        ([("а", "а"), ("а", "б"), ("б", "а"), ("б", "б")], 0.0),
        ([("а", "б")], 0.0),
        # Open vocabulary: of n different words alike, and one misread, e = (n - 1)/n².
        ([(str(i), str(i)) for i in range(9)] + [("x", "y")], (0.9 - 0.09) / (1 - 0.09)),
    ],
)
def test_kappa_in_closed_form(pairs, kappa):
    assert cohens_kappa(pairs) == (pytest.approx(kappa), "")


def test_kappa_is_undefined_with_its_reason():
    assert cohens_kappa([]) == (None, "no cell was read by both")
    assert cohens_kappa([("а", "а")] * 3)[0] is None


def test_two_readings_in_figures():
    first = [
        row("1", name="Петренко", cell="3"),
        row("2", name="(?Коваль)", cell="3"),
        row("3", name="Гай"),
        row("4", cell="1"),
    ]
    second = [
        row("1", name="Петриненк", cell="3"),
        row("2", name="Коваль", cell="4"),
        row("3", name="Гай", cell="5"),
        row("5"),
    ]
    third = [row("1", name="Петренко", cell="3"), row("2", name="Ковальов", cell="4"), row("3", name="Гей", cell="5")]
    found = agreement(first, second, third)
    assert (found.rows_paired, found.rows_only_first, found.rows_only_second) == (3, 1, 1)
    assert found.paired == "by the id of the row"
    name, cell = found.fields
    assert (name.field, name.cells, name.equal, name.equal_with_marks) == ("name", 3, 2, 1)
    assert name.share_equal == pytest.approx(2 / 3)
    assert name.character_error_rate == pytest.approx(3 / (9 + 6 + 3))
    # Equal in 2 of 3; by chance 2 of 9, as the names that both read occur once with each.
    assert name.kappa == pytest.approx((2 / 3 - 2 / 9) / (1 - 2 / 9))
    assert (cell.cells, cell.only_first, cell.only_second, cell.equal) == (2, 0, 1, 1)
    made = name.settled
    assert (made.cells, made.kept, made.took_first, made.took_second, made.neither, made.changed) == (3, 0, 1, 0, 0, 2)
    assert made.first_error_rate == pytest.approx((0 + 2 + 1) / (8 + 8 + 3))
    assert made.second_error_rate == pytest.approx((3 + 2 + 1) / (8 + 8 + 3))
    assert (cell.settled.took_second, cell.settled.kept, cell.settled.neither) == (1, 1, 0)
    [cell] = agreement([row("1", c="2")], [row("1", c="3")], [row("1", c="4")]).fields
    assert (cell.settled.neither, cell.settled.changed, cell.kappa) == (1, 0, 0.0)


def test_nothing_read_gives_no_number():
    found = agreement([], [])
    assert found.fields == () and found.rows_paired == 0
    [field] = agreement([row("1", a="")], [row("1", a="")]).fields
    assert (field.equal, field.share_equal, field.kappa, field.character_error_rate) == (1, 1.0, None, None)
    [field] = agreement([row("1", a="х"), row("2", b="у")], [row("1", b="х"), row("2", b="у")]).fields[:1]
    assert (field.cells, field.only_first, field.share_equal, field.kappa_undefined) == (
        0,
        1,
        None,
        "no cell was read by both",
    )


@given(st.lists(st.tuples(texts(), texts()), max_size=6))
@settings(max_examples=50, deadline=None)
def test_agreement_is_the_same_whoever_is_first_and_whole_with_oneself(cells):
    first = [ReadRow("p", f"r{i}", False, {"a": one}) for i, (one, _) in enumerate(cells)]
    second = [ReadRow("p", f"r{i}", False, {"a": other}) for i, (_, other) in enumerate(cells)]
    there, back = agreement(first, second).fields, agreement(second, first).fields
    assert there == back
    for one in agreement(first, first, first).fields:
        assert one.equal == one.equal_with_marks == one.cells == one.settled.kept
        assert one.kappa in (None, 1.0) and one.character_error_rate in (None, 0.0)


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
@settings(max_examples=100, deadline=None)
def test_rows_with_other_ids_are_paired_as_cheaply_as_can_be(ours, theirs):
    left = [ReadRow("p", f"a{i}", False, {"x": plain_text(text)}) for i, text in enumerate(ours)]
    right = [ReadRow("p", f"b{i}", False, {"x": plain_text(text)}) for i, text in enumerate(theirs)]
    pairs, how = aligned_rows(left, right)
    assert [one for one, _ in pairs if one] == left and [other for _, other in pairs if other] == right
    cost = sum(pair_cost(one, other) if one and other else COST_OF_A_GAP for one, other in pairs)
    assert cost == pytest.approx(naive_alignment_cost(left, right))
    assert how.startswith("by order on p" if left and right else "by the id")


def test_a_row_that_one_reader_missed_moves_no_other():
    left = [row(f"a{i}", name=name) for i, name in enumerate(["Петренко", "Коваль", "Шевчук", "Гай"])]
    right = [row(f"b{i}", name=name) for i, name in enumerate(["Петренка", "Шевчук", "Гай"])]
    pairs, _ = aligned_rows(left, right)
    assert [(a.row, b and b.row) for a, b in pairs] == [("a0", "b0"), ("a1", None), ("a2", "b1"), ("a3", "b2")]


def test_headers_and_pages_are_never_paired_with_rows_or_other_pages():
    left = [row("a", x="один", is_header=True), row("b", "q", x="два")]
    right = [row("c", x="один"), row("d", x="два")]
    pairs, how = aligned_rows(left, right)
    assert all(not (one and other) for one, other in pairs) and how == "by the id of the row"


def test_too_many_rows_with_other_ids_are_refused():
    left, right = [row(f"a{i}", x="а") for i in range(401)], [row("b", x="а")]
    with pytest.raises(BadTranscription, match="p: more than 400 rows that have other ids"):
        aligned_rows(left, right)


def test_texts_are_compared_in_nfc():
    first, second = unicodedata.normalize("NFD", "Їжак"), "Їжак"
    assert first != second
    [field] = agreement([row("1", a=first)], [row("1", a=second)]).fields
    assert (field.equal, field.character_error_rate) == (1, 0.0)


# --- settlement ---------------------------------------------------------------------------------------------------------


def test_differences_are_settled_and_every_reading_stays():
    found = differences(BOOK, "Бойко", "Крук")
    assert [each.place[1] for each in found] == ["hd.date", "h0", "h1", "c0", "c1", "c2", "c3"]
    assert found[0].second is None and found[3].field == "surname"
    choices = {each.place: each.second or each.first for each in found}
    settled = settle(BOOK, "Бойко", "Крук", "Гай", choices)
    for before, after in zip(BOOK.pages[0].texts(), settled.pages[0].texts(), strict=True):
        assert after.readings[: len(before.readings)] == before.readings
        assert after.read_by("Гай") == choices.get(("p1", after.id), before.read_by("Бойко"))
    assert differences(settled, "Гай", "Гай") == ()


def test_what_both_read_alike_is_settled_without_a_choice():
    [region] = [text for text in PAGE.texts() if text.id == "hd.date"]
    both = replace(region, readings=(region.readings[0], replace(region.readings[0], reader="Крук")))
    book = replace(BOOK, pages=(replace(PAGE, regions=(both,)),))
    assert differences(book, "Бойко", "Крук") == ()
    settled = settle(book, "Бойко", "Крук", "Гай", {})
    assert settled.pages[0].regions[0].read_by("Гай") == plain_text("12.03.2022")


def test_a_settlement_with_a_hole_or_a_decision_too_many_is_refused():
    choices = {each.place: plain_text("а") for each in differences(BOOK, "Бойко", "Крук")}
    with pytest.raises(NotSettled, match="c0 of p1 is not settled, one of 1"):
        settle(BOOK, "Бойко", "Крук", "Гай", {place: text for place, text in choices.items() if place[1] != "c0"})
    with pytest.raises(NotSettled, match="c9 of p1 does not differ"):
        settle(BOOK, "Бойко", "Крук", "Гай", choices | {("p1", "c9"): plain_text("а")})
    with pytest.raises(NotSettled, match="Крук is one of the two"):
        settle(BOOK, "Бойко", "Крук", "Крук", choices)
    settled = settle(BOOK, "Бойко", "Крук", "Гай", choices)
    with pytest.raises(BadTranscription, match="two readings by Гай"):
        settle(settled, "Бойко", "Крук", "Гай", choices)


def test_readings_of_another_file_are_put_beside_ours():
    header = PAGE.regions[0].parts[0]
    ours = replace(BOOK, pages=(replace(PAGE, regions=(header,)),))
    read = replace(header, readings=(replace(header.readings[0], reader="Крук"),))
    theirs = replace(BOOK, pages=(replace(PAGE, regions=(read,)),))
    [joined] = with_readings_of(ours, theirs).pages[0].regions
    assert [each.reader for each in joined.readings] == ["Бойко", "Крук"]
    with pytest.raises(NotSettled, match=r"hd.date of p1 is not in the other reading"):
        with_readings_of(replace(ours, pages=()), ours)
    with pytest.raises(BadTranscription, match="two readings by Бойко"):
        with_readings_of(ours, ours)


def test_rows_to_compare_are_those_that_were_read():
    rows = read_rows(BOOK, "Крук")
    assert [(each.row, sorted(each.values)) for each in rows] == [
        ("r1", ["cell", "surname"]),
        ("r2", ["cell", "surname"]),
    ]
    header = read_rows(BOOK, "Бойко")[0]
    assert header.is_header and header.values == {"date": plain_text("12.03.2022")}
    alone = replace(PAGE, regions=(replace(PAGE.regions[0].parts[0], field=""),))
    [text] = read_rows(replace(BOOK, pages=(alone,)), "Бойко")
    assert text.is_header and list(text.values) == ["text"]
    bare = replace(PAGE.regions[1].rows[1], cells=(replace(PAGE.regions[1].rows[1].cells[1], field=""),))
    [row] = read_rows(replace(BOOK, pages=(replace(PAGE, regions=(replace(PAGE.regions[1], rows=(bare,)),)),)), "Бойко")
    assert not row.is_header and list(row.values) == ["column 1"]
