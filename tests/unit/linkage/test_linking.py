"""Two lists linked, one against itself, one to one; and what a careless list does."""

from __future__ import annotations

import numpy as np
import pytest
from linkage_lists import people, two_lists

from dokaz.errors import BadPeople
from dokaz.linkage import (
    FIELDS,
    Blocks,
    Linked,
    Listed,
    Lists,
    Weights,
    bits_of,
    evaluate,
    grouped,
    link,
    missed,
    nobody_twice,
    one_to_one,
    prepare,
    train,
    with_rivals,
)
from dokaz.linkage.comparing import NameLevel, level_of, patterns


def linked_lists(left: list[Listed], right: list[Listed] | None = None) -> tuple[Lists, Blocks, Weights, Linked]:
    lists = prepare(left, right)
    blocks = Blocks(lists)
    weights = train(lists, blocks)
    return lists, blocks, weights, link(lists, blocks, weights)


def as_links(linked: Linked) -> dict[tuple[int, int], float]:
    return dict(
        zip(zip(linked.left.tolist(), linked.right.tolist(), strict=True), linked.probability.tolist(), strict=True)
    )


@pytest.fixture(scope="module")
def log():
    left, right, truth = two_lists(600, 300, 200)
    return *linked_lists(left, right), truth


def test_people_are_found_in_another_hand(log):
    lists, _, weights, linked, truth = log
    assert evaluate(as_links(linked), truth).f1 > 0.9
    assert evaluate(as_links(one_to_one(linked, lists, weights)), truth).f1 > 0.95


def test_probabilities_mean_about_what_they_say(log):
    *_, linked, truth = log
    found = as_links(linked)
    assert sum(found.values()) == pytest.approx(len(truth), rel=0.1)


def test_one_to_one_takes_no_row_twice(log):
    lists, _, weights, linked, _ = log
    found = one_to_one(linked, lists, weights)
    assert len(set(found.left.tolist())) == len(set(found.right.tolist())) == len(found.left)
    assert set(as_links(found)) <= set(as_links(linked))


def test_rivals_share_what_is_certain(log):
    lists, _, weights, linked, _ = log
    found = with_rivals(linked, lists, weights)
    for rows in (found.left, found.right):
        assert np.bincount(rows, found.probability).max() <= 1.0 + 1e-9


def test_the_same_seed_gives_the_same_links():
    left, right, _ = two_lists(200, 100, 60)
    one, other = (linked_lists(left, right)[3] for _ in range(2))
    assert as_links(one) == as_links(other)


def test_lists_may_change_places():
    left, right, truth = two_lists(300, 200, 120)
    there, back = as_links(linked_lists(left, right)[3]), as_links(linked_lists(right, left)[3])
    certain = {pair for pair, chance in there.items() if chance > 0.99}
    assert len(certain & truth) > 80
    assert all(back.get((b, a), 0.0) > 0.5 for a, b in certain)


def test_a_list_against_itself_gives_pairs_of_two_rows_once():
    everybody = people(150)
    lists, _, weights, linked = linked_lists([*everybody, *everybody[:50]])
    found = grouped(linked, lists, weights)
    assert all(a < b for a, b in as_links(found))
    assert {(row, 150 + row) for row in range(50)} <= {
        pair for pair, chance in as_links(found).items() if chance > 0.99
    }


def test_two_rows_that_hardly_resemble_each_other_meet_in_a_third():
    everybody = people(200, seed=5)
    whole = Listed("Сиволап", "Остап", "Іванович", "05.06.1971", "Лиман")
    name, day = Listed("Сиволап", "Остап", "Іванович"), Listed("", "Остап", "", "05.06.1971", "Лиман")
    lists, _, weights, linked = linked_lists([*everybody, *everybody[:60], whole, name, day])
    found = as_links(grouped(linked, lists, weights))
    assert as_links(linked).get((261, 262), 0.0) < 0.5 < found[261, 262]


def test_one_wrong_link_joins_no_two_groups():
    from dokaz.linkage.grouping import average_linkage

    bits = np.full((6, 6), -6.0)
    bits[:3, :3] = bits[3:, 3:] = 9.0
    bits[2, 3] = bits[3, 2] = 8.0
    groups, joined = average_linkage(bits)
    assert groups == [[0, 1, 2], [3, 4, 5]]
    assert joined[0, 1] == 9.0 and joined[2, 3] == -np.inf


def test_links_that_no_group_holds_are_less_likely_than_not():
    from dokaz.linkage.grouping import _with_groups

    everybody = people(150)
    lists, _, weights, linked = linked_lists([*everybody, *everybody[:50]])
    nobody = np.zeros(0, int)
    found = _with_groups(linked, lists, weights, nobody, nobody, np.zeros(0))
    assert len(found.left) == len(linked.left) and linked.probability.max() > 0.99
    assert found.probability.max() < 0.5


def test_a_crowd_is_parted_by_stronger_links(monkeypatch):
    from dokaz.linkage import grouping

    monkeypatch.setattr(grouping, "_CROWD", 3)
    bits = np.array([9.0, 1.0, 9.0])
    chain = Linked(np.array([0, 1, 2]), np.array([1, 2, 3]), bits, bits, np.zeros(3, int), 3)
    assert sorted(grouping._crowds_parted(chain, 4)) == [[0, 1], [2, 3]]


def test_a_rare_name_is_worth_more_than_a_common_one():
    crowd = [Listed("Мельник", given) for given in ("Іван", "Роман", "Тарас", "Богдан", "Петро")] * 8
    lists = prepare([*crowd, Listed("Сиволап", "Іван")], [Listed("Мельник", "Іван"), Listed("Сиволап", "Іван")])
    weights = train(lists, Blocks(lists))
    (common, rare), levels = bits_of(lists, weights, np.array([0, 40]), np.array([0, 1]))
    assert levels[0] == levels[1]
    assert rare - common == pytest.approx(np.log2((40 + 1) / 2), abs=1e-9)


def test_surname_and_given_name_may_have_changed_places():
    lists = prepare([Listed("Коваль", "Тарас")], [Listed("Тарас", "Коваль")])
    found = patterns(lists, np.array([0]), np.array([0]))
    assert level_of(found, "surname")[0] == NameLevel.EXCHANGED
    assert level_of(found, "given")[0] == NameLevel.NOT_KNOWN


def test_a_name_in_one_cell_is_taken_apart():
    lists = prepare([Listed("Коваль Тарас Іванович")], [Listed("Тарас Іванович Коваль"), Listed("Коваль Т.І.")])
    found = patterns(lists, np.array([0, 0]), np.array([0, 1]))
    assert level_of(found, "surname").tolist() == [NameLevel.SAME, NameLevel.SAME]
    assert level_of(found, "given").tolist() == [NameLevel.SAME, NameLevel.INITIAL]
    assert level_of(found, "patronymic").tolist() == [NameLevel.SAME, NameLevel.INITIAL]


def test_empty_rows_and_endless_names_are_linked_to_nobody():
    everybody = people(60)
    odd = [Listed(), Listed("Ж" * 400, "Щ" * 400, "", "0" * 400, "x" * 400), Listed("?", "-", ".", "?", "—")]
    linked = linked_lists([*everybody, *odd], [*everybody[:30], *odd])[3]
    rows = {pair for pair, chance in as_links(linked).items() if chance > 0.5}
    assert not any(a in (60, 62) or b in (30, 32) for a, b in rows)


def test_lists_that_cannot_be_linked_are_refused():
    with pytest.raises(BadPeople, match="nobody on it"):
        prepare([], [Listed("Коваль")])
    with pytest.raises(BadPeople, match="nobody on it"):
        prepare([Listed("Коваль")], [])
    with pytest.raises(BadPeople, match="list of one"):
        prepare([Listed("Коваль")])
    with pytest.raises(BadPeople, match="no field in common"):
        prepare([Listed(surname="Коваль")], [Listed(dob="1974")])


@pytest.mark.parametrize("fields", [("surname",), ("surname", "given"), ("given", "dob"), ("surname", "dob", "place")])
def test_any_column_may_lack(fields):
    left, right, truth = two_lists(300, 200, 120)
    kept = [[Listed(**{f: getattr(person, f) for f in fields}) for person in each] for each in (left, right)]
    found = as_links(linked_lists(*kept)[3])
    assert all(0.0 <= chance <= 1.0 for chance in found.values())
    assert len(fields) == 1 or evaluate(found, truth, at_least=0.05).recall > 0.2


def test_lists_without_anybody_in_common_give_hardly_a_link():
    everybody = people(400)
    linked = linked_lists(everybody[:200], everybody[200:])[3]
    assert (linked.probability > 0.9).sum() <= 4


def test_two_lists_of_one_are_weighed_by_what_is_believed_of_lists_in_general():
    same = linked_lists([Listed("Сиволап", "Микола", "", "05.06.1971")], [Listed("Сиволап", "Николай", "", "1971")])[3]
    other = linked_lists([Listed("Сиволап", "Микола", "", "05.06.1971")], [Listed("Мельник", "Іван", "", "1950")])[3]
    assert same.probability.tolist() > [0.8]
    assert other.probability.tolist() == []


def test_nobody_twice_is_seen_and_repetitions_too():
    left, right, _ = two_lists(600, 300, 250)
    lists, *_, linked = linked_lists(left, right)
    assert nobody_twice(linked, lists)
    lists, *_, linked = linked_lists(left, [*right, *right[:150]])
    assert not nobody_twice(linked, lists)


def test_pairs_that_no_rule_reaches_are_estimated_from_random_ones(log):
    lists, blocks, weights, *_ = log
    few = Blocks(lists, budget=300)
    assert missed(lists, blocks, weights, sample=100_000).pairs < missed(lists, few, weights, sample=100_000).pairs


def test_every_pair_of_blocking_shares_a_key_and_every_pair_that_does_is_there():
    """The naive twin: each pair of rows, rule by rule."""
    left, right, _ = two_lists(40, 30, 20)
    lists = prepare(left, right)
    blocks = Blocks(lists)
    a, b, rules = blocks.pairs(0, 40)
    found = dict(zip(zip(a.tolist(), b.tolist(), strict=True), rules.tolist(), strict=True))
    expected: dict[tuple[int, int], int] = {}
    for at, rule in enumerate(blocks.rules):
        for i in range(40):
            for j in range(30):
                ours, theirs = (
                    [blocks._parts[side][part][row] for part in rule.parts] for side, row in (("left", i), ("right", j))
                )
                if all(ours) and ours == theirs:
                    expected[i, j] = expected.get((i, j), 0) | 1 << at
    assert found == expected
    spans = list(blocks.chunks(most=10))
    assert [pair for first, last in spans for pair in zip(*blocks.pairs(first, last)[:2], strict=True)] == list(
        zip(a, b, strict=True)
    )
    every = np.array([(i, j) for i in range(40) for j in range(30)])
    assert blocks.share_a_key(every[:, 0], every[:, 1]).sum() == len(expected)


def test_random_pairs_of_one_list_are_of_two_rows():
    from dokaz.linkage.linking import _random_pairs

    left, right = _random_pairs(prepare(people(3)), 300, np.random.default_rng(1))
    assert 100 < len(left) < 300 and (left != right).all()


def test_a_smaller_budget_takes_tighter_rules():
    lists = prepare(*two_lists(200, 100, 60)[:2])
    wide, narrow = Blocks(lists), Blocks(lists, budget=200)
    assert all(rule.pairs <= 200 for rule in narrow.rules)
    assert sum(rule.pairs for rule in narrow.rules) < sum(rule.pairs for rule in wide.rules)


def test_levels_of_many_pairs_are_those_of_each_alone():
    lists = prepare(*two_lists(30, 30, 20)[:2])
    i, j = (np.repeat(np.arange(30), 30), np.tile(np.arange(30), 30))
    together = patterns(lists, i, j)
    alone = [patterns(lists, i[k : k + 1], j[k : k + 1])[0] for k in range(len(i))]
    assert together.tolist() == alone
    assert all(level_of(together, field).max() > 0 for field in FIELDS)


def test_an_initial_fits_some_names_and_not_others():
    lists = prepare([Listed("Коваль", "Н.")], [Listed("Коваль", "Микола"), Listed("Коваль", "Тарас")])
    found = patterns(lists, np.array([0, 0]), np.array([0, 1]))
    assert level_of(found, "given").tolist() == [NameLevel.INITIAL, NameLevel.DIFFERENT]


def test_an_initial_is_no_surname():
    assert Listed("Т.", "Коваль", "М.").in_place() == Listed("Коваль", "Т.", "М.")
