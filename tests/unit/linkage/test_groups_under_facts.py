"""Groups of entries under facts: "not the same" outranks any score, and nothing is cut in silence."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.errors import BadFacts
from dokaz.linkage import EntryCircumstances, EntryFact, facts_against, group_under_facts, what_speaks_against

ENTRIES = 7
PAIRS = list(combinations(range(ENTRIES), 2))
SOME = st.lists(st.sampled_from(PAIRS), max_size=8, unique=True)
LINKS = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99]), max_size=14)


def facts(pairs, why="said"):
    return [EntryFact(a, b, f"{why} {a} {b}") for a, b in pairs]


def naive(links, same, apart) -> set[frozenset[int]]:
    """Sets of entries, joined one after the other unless a pair across is kept apart."""
    groups = {frozenset([k]) for k in range(ENTRIES)}
    ranked = sorted((p for p in links if links[p] >= 0.5), key=lambda p: (-links[p], p))
    for a, b in [*same, *ranked]:
        one, other = (next(g for g in groups if entry in g) for entry in (a, b))
        if not any((min(x, y), max(x, y)) in apart for x in one for y in other):
            groups = groups - {one, other} | {one | other}
    return {g for g in groups if len(g) > 1}


@given(LINKS, SOME, SOME)
def test_groups_are_those_of_the_naive_twin(links, same, apart):
    found = group_under_facts(ENTRIES, links, same=facts(same), apart=facts(apart))
    assert {frozenset(group) for group in found.groups} == naive(links, same, apart)


@given(LINKS, SOME, SOME)
def test_no_group_holds_two_that_a_fact_keeps_apart(links, same, apart):
    found = group_under_facts(ENTRIES, links, same=facts(same), apart=facts(apart))
    inside = {pair for group in found.groups for pair in combinations(group, 2)}
    assert not inside & set(apart)


@given(LINKS, SOME, SOME)
def test_every_link_and_fact_is_obeyed_or_returned(links, same, apart):
    found = group_under_facts(ENTRIES, links, same=facts(same), apart=facts(apart))
    inside = {pair for group in found.groups for pair in combinations(group, 2)}
    returned = {fact.pair for each in found.violated for fact in each.because}
    assert {pair for pair, chance in links.items() if chance >= 0.5} | set(same) <= inside | returned


@given(LINKS, SOME, SOME)
def test_a_violation_leads_from_one_end_of_its_fact_to_the_other(links, same, apart):
    for each in group_under_facts(ENTRIES, links, same=facts(same), apart=facts(apart)).violated:
        ends: dict[int, int] = {}
        for fact in each.because:
            for entry in fact.pair:
                ends[entry] = ends.get(entry, 0) + 1
        assert {entry for entry, times in ends.items() if times % 2} == set(each.against.pair)


def test_a_decision_of_sameness_against_a_fact_is_returned_with_both():
    found = group_under_facts(
        2, {(0, 1): 1.0}, same=[EntryFact(0, 1, "two reviewers")], apart=[EntryFact(1, 0, "DNA of two people")]
    )
    assert found.groups == ()
    assert [(each.because[0].why, each.against.why) for each in found.violated] == [
        ("two reviewers", "DNA of two people"),
        ("linked with probability 1.0000", "DNA of two people"),
    ]


def test_not_the_same_outranks_certainty():
    found = group_under_facts(3, {(0, 1): 1.0, (1, 2): 0.6}, apart=[EntryFact(0, 1, "two lines of page 4")])
    assert found.groups == ((1, 2),)


@pytest.mark.parametrize("fact", [EntryFact(0, 9, "x"), EntryFact(-1, 0, "x"), EntryFact(1, 1, "x")])
def test_facts_about_nobody_are_refused(fact):
    with pytest.raises(BadFacts):
        group_under_facts(3, {}, apart=[fact])
    with pytest.raises(BadFacts):
        group_under_facts(3, {}, same=[fact])


NIGHT, LATER = date(2022, 4, 3), date(2022, 4, 9)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"page": 4}, {"page": 4}, "two lines of page 4"),
        (
            {"nights": {NIGHT: "cell 2"}},
            {"nights": {NIGHT: "cell 5"}},
            f"in cell 2 and in cell 5 in the night of {NIGHT}",
        ),
        ({"died_by": NIGHT}, {"alive_on": (LATER,)}, "alive on 2022-04-09, dead by 2022-04-03"),
        (
            {"received_on": NIGHT},
            {"detained_on": (LATER,)},
            f"detained on {LATER}, received in the mortuary on {NIGHT}",
        ),
        ({"sex": "male"}, {"sex": "female"}, "sex: male and female"),
        ({"dna": "profile 1"}, {"dna": "profile 2"}, "DNA of two people"),
        ({"prints": "card 1"}, {"prints": "card 2"}, "prints of two people"),
    ],
)
def test_each_circumstance_speaks_against(one, other, why):
    assert what_speaks_against(EntryCircumstances(**one), EntryCircumstances(**other)) == [why]
    assert len(what_speaks_against(EntryCircumstances(**other), EntryCircumstances(**one))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"page": 4}, {"page": 5}),
        ({"nights": {NIGHT: "cell 2"}}, {"nights": {NIGHT: "cell 2", LATER: "cell 5"}}),
        ({"died_by": NIGHT}, {"alive_on": (NIGHT,)}),
        ({"received_on": NIGHT}, {"detained_on": (NIGHT,)}),
        ({"sex": "male"}, {"sex": ""}),
        ({"dna": "profile 1"}, {"dna": "profile 1"}),
    ],
)
def test_what_fits_does_not_speak_against(one, other):
    assert what_speaks_against(EntryCircumstances(**one), EntryCircumstances(**other)) == []


def test_facts_of_all_pairs_or_of_some():
    three = [EntryCircumstances(page=1), EntryCircumstances(page=1), EntryCircumstances(page=1)]
    assert [fact.pair for fact in facts_against(three)] == [(0, 1), (0, 2), (1, 2)]
    assert [fact.pair for fact in facts_against(three, [(2, 0)])] == [(0, 2)]
