"""The hypotheses of a report: a pair gives the likelihood ratio of the search, whatever is assumed."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from small_cases import QUESTION, VICTIMS, changed

from dokaz.errors import BadQuestion
from dokaz.exchange.programs.case_reader import VictimCase, question_from, victims_from
from dokaz.kinship import Pedigree, Profiles, Sex, search
from dokaz.reports.compared import answered, fewest_steps, of_pair, of_question, unshared_alleles

STEPWISE = {
    sex: {"model": "stepwise", "rate": rate, "rate2": 0.0, "range": 0.1}
    for sex, rate in (("female", 0.001), ("male", 0.003))
}


def _family(**others: Any) -> dict[str, Any]:
    """A mother and a sister typed, two brothers missing, one of whose twins is asked after; an X marker beside others."""
    alleles, frequencies = ["14", "15", "16", "17", "18"], [0.1, 0.2, 0.3, 0.25, 0.15]
    markers = [
        {"name": name, "chrom": chrom, "alleles": alleles, "freqs": frequencies, "mutation": STEPWISE}
        for name, chrom in (("D3S1358", None), ("vWA", None), ("D12S391", None), ("DXS8378", "X"), ("FGA", None))
    ]
    members = [
        {"id": "father", "father": None, "mother": None, "sex": 1},
        {"id": "mother", "father": None, "mother": None, "sex": 2},
        {"id": "sister", "father": "father", "mother": "mother", "sex": 2},
        {"id": "elder", "father": "father", "mother": "mother", "sex": 1},
        {"id": "younger", "father": "father", "mother": "mother", "sex": 1},
    ]
    bone = {"D3S1358": ["14", "15"], "vWA": ["16", "17"], "D12S391": ["14", "14"], "DXS8378": ["17"]}
    relatives = {
        "mother": {"D3S1358": ["15", "18"], "vWA": ["17", "18"], "D12S391": ["16", "17"], "DXS8378": ["17", "18"]},
        "sister": {"D3S1358": ["14", "18"], "vWA": ["16", "18"], "D12S391": ["14", "16"], "FGA": ["15", "16"]},
    }
    return {
        "case": "brothers",
        "markers": markers,
        "pm": [{"id": "V1", "sex": 1, "genotypes": bone}],
        "am": [{"family": "F", "components": [{"members": members}], "genotypes": relatives}],
        "missing": ["elder", "younger"],
        **others,
    }


def _case(**others: Any) -> VictimCase:
    return victims_from(_family(**others), "brothers")


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"theta": 0.02},
        {"linked": [{"markers": ["vWA", "D12S391"], "rho": [0.11]}]},
        {"dropout": {"V1": 0.2}, "dropin": 0.03},
        {"pairings": {"V1": ["younger"]}},
    ],
)
def test_a_pair_has_the_likelihood_ratio_of_the_search_marker_by_marker(others: dict[str, Any]) -> None:
    case = _case(**others)
    found = search(
        case.victims, case.families, theta=case.theta, linked=case.linked, pairings={"V1": ["elder", "younger"]}
    )
    for missing in case.missing:
        answer = answered(of_pair(case, "V1", missing))
        expected = found.log10_lr_per_marker[0, found.missing.index(missing)]
        assert dict(zip(answer.result.markers, answer.result.log10_lr_per_marker, strict=True)) == pytest.approx(
            dict(zip(found.markers, expected, strict=True)), abs=1e-9
        )
    assert math.isfinite(answer.result.log10_lr)


def test_remains_of_unknown_sex_are_compared_on_x_as_the_missing_person_would_be() -> None:
    family = changed(changed(_family(), "pm.0.sex", 0), "pm.0.genotypes.DXS8378", ["17", "17"])
    case = victims_from(family, "brothers")
    answer = answered(of_pair(case, "V1", "elder"))
    expected = search(case.victims, case.families).log10_lr_per_marker[0, 0]
    assert answer.result.log10_lr_per_marker == pytest.approx(expected, abs=1e-9)


def test_the_terms_that_need_a_mutation_are_those_of_each_hypothesis() -> None:
    answer = answered(of_pair(_case(), "V1", "elder"))
    # The mother has 16/17 at D12S391, the bone 14/14; the sister alone is possible with her.
    assert answer.impossible == (("D12S391",), ())
    stable = copy.deepcopy(_family())
    for marker in stable["markers"]:
        marker["mutation"] = None
    without = answered(of_pair(victims_from(stable, "brothers"), "V1", "elder"))
    assert without.result.log10_lr == -math.inf
    assert without.impossible == (("D12S391",), ())


def test_the_remains_stand_in_the_missing_persons_place_and_beside_the_family() -> None:
    compared = of_pair(_case(), "V1", "elder")
    assert compared.h1.ids == ("father", "mother", "sister", "V1", "younger")
    assert compared.h1["V1"].father == "father"
    assert compared.h2.ids == ("father", "mother", "sister", "elder", "younger", "V1")
    assert compared.h2["V1"].is_founder
    assert compared.profiles.ids == ("V1", "mother", "sister")
    assert compared.prior_odds is None


def test_a_missing_parent_keeps_children_and_twins() -> None:
    family = _family()
    [part] = family["am"][0]["components"]
    part["identical_twins"] = [["elder", "younger"]]
    case = victims_from({**family, "missing": ["father", "elder"]}, "brothers")
    as_father = of_pair(case, "V1", "father")
    assert [child.id for child in as_father.h1.children_of("V1")] == ["sister", "elder", "younger"]
    as_elder = of_pair(case, "V1", "elder")
    assert as_elder.h1.identical_twins == (frozenset({"V1", "younger"}),)
    assert as_elder.h2.identical_twins == (frozenset({"elder", "younger"}),)


def test_remains_that_bear_a_relatives_name_are_told_apart() -> None:
    family = changed(_family(), "pm.0.id", "sister")
    compared = of_pair(victims_from(family, "brothers"), "sister", "elder")
    assert compared.profiles.ids == ("sister (remains)", "mother", "sister")
    plain = answered(of_pair(_case(), "V1", "elder")).result.log10_lr
    assert answered(compared).result.log10_lr == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize("pair", [("V9", "elder"), ("V1", "sister"), ("V1", "nobody")])
def test_a_pair_of_other_names_is_refused_with_the_names_there_are(pair: tuple[str, str]) -> None:
    with pytest.raises(BadQuestion, match="no such remains and missing person") as refused:
        of_pair(_case(), *pair)
    assert "V1" in refused.value.next_step
    assert "elder, younger" in refused.value.next_step


def test_remains_of_another_sex_are_refused() -> None:
    family = changed(changed(_family(), "pm.0.sex", 2), "pm.0.genotypes.DXS8378", ["17", "17"])
    with pytest.raises(BadQuestion, match="female by profile"):
        answered(of_pair(victims_from(family, "brothers"), "V1", "elder"))


def test_a_case_states_the_odds_of_a_pair_and_1_where_it_lists_others() -> None:
    case = _case(prior={"V1": {"elder": 3}})
    assert of_pair(case, "V1", "elder").prior_odds == 3
    assert of_pair(case, "V1", "younger").prior_odds == 1


def test_a_question_is_compared_as_it_is() -> None:
    compared = of_question(question_from({**QUESTION, "theta": 0.01, "frequency_source": "invented"}, "q"))
    assert (compared.theta, compared.frequency_source, compared.pair) == (0.01, "invented", None)
    plain = answered(of_question(question_from(QUESTION, "q")))
    # A man 1/3 and a girl 1/2: 1 / (4 · 0.1); on X, a man 1 and a girl 1/2: 1 / (2 · 0.25).
    assert plain.result.lr_per_marker == pytest.approx([2.5, 2.0])


def test_who_shares_no_allele_is_named_with_the_steps_between() -> None:
    compared = of_pair(_case(), "V1", "elder")
    [one] = unshared_alleles(compared.h1, compared.profiles, ["D3S1358", "D12S391"])
    assert (one.marker, one.parent, one.child, one.steps) == ("D12S391", "mother", "V1", 2)
    assert unshared_alleles(compared.h2, compared.profiles, compared.profiles.markers.names) == []


def test_a_father_and_son_share_nothing_on_x_and_are_not_named() -> None:
    question = question_from(QUESTION, "q")
    markers = question.profiles.markers
    for sex, named in ((Sex.MALE, []), (Sex.FEMALE, ["L2"])):
        child = {"L2": ["2"] if sex is Sex.MALE else ["2", "2"]}
        profiles = Profiles.of({"man": {"L2": ["1"]}, "child": child}, markers, sexes={"man": Sex.MALE, "child": sex})
        trio = Pedigree.of(child=("man", None), man=(None, None))
        members = tuple(m if m.id == "man" else type(m)(m.id, m.father, m.mother, sex) for m in trio)
        assert [one.marker for one in unshared_alleles(Pedigree(members), profiles, ["L2"])] == named


@pytest.mark.parametrize(
    ("mine", "theirs", "steps"),
    [(("16", "17"), ("18", "20"), 1), (("9.3",), ("10.3",), 1), (("9",), ("9.3",), None), (("A",), ("G",), None)],
)
def test_steps_are_whole_repeats(mine: tuple[str, ...], theirs: tuple[str, ...], steps: int | None) -> None:
    assert fewest_steps(mine, theirs) == fewest_steps(theirs, mine) == steps


def test_the_small_case_with_a_father_alone_is_compared_as_well() -> None:
    case = victims_from(VICTIMS, "two")
    # A man 1/1 (0.1) and remains 1/1: 1 / 0.1.
    assert answered(of_pair(case, "V1", "M1")).result.lr == pytest.approx(10)
