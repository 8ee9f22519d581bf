"""Age, stature and sex by every method that is here: published figures, Bayes written out, refusals by name."""

from __future__ import annotations

from math import erf, exp, log, sqrt

import numpy as np
import pytest

from dokaz.errors import BadScore, NoSuchMethod, OutsideValidity
from dokaz.physical import (
    Distribution,
    age_from_indicator,
    age_from_phase,
    as_reported,
    at_death,
    indicators,
    sex_from,
    stage_of_composite,
    stature_from,
    statures_from,
)
from dokaz.physical.methods import published

PHASES = [(entry["key"], entry.get("sex"), phase) for entry in published("age")["methods"] for phase in entry["phases"]]
WITH_NUMBERS = [entry for entry in published("age")["methods"] if "people" in entry["phases"][0]]


@pytest.mark.parametrize(("method", "sex", "phase"), PHASES)
def test_a_phase_gives_its_published_mean_and_spread(method: str, sex: str | None, phase: dict[str, float]) -> None:
    found = age_from_phase(str(phase["phase"]), method=method, sex=sex).distribution
    uncut = Distribution.normal(phase["mean"], phase["sd"], unit="years", low=found.edges[0], high=found.edges[-1])
    assert (found.mean, found.sd) == (pytest.approx(uncut.mean), pytest.approx(uncut.sd))
    assert found.edges[0] >= 14 and found.edges[-1] <= 100


@pytest.mark.parametrize("entry", WITH_NUMBERS, ids=lambda entry: f"{entry['key']}-{entry['sex']}")
def test_numbers_of_people_add_up_to_the_published_sample(entry: dict[str, object]) -> None:
    people = sum(phase["people"] for phase in entry["phases"])  # type: ignore[attr-defined]
    assert f"{people}" in str(entry["population"])


@pytest.mark.parametrize("entry", WITH_NUMBERS, ids=lambda entry: f"{entry['key']}-{entry['sex']}")
def test_a_prior_is_weighed_in_by_bayes(entry: dict[str, object]) -> None:
    prior = Distribution.uniform(20, 60, unit="years", cells=40)
    phases = entry["phases"]
    at = prior.middles
    likely = {
        p["phase"]: p["people"] * np.exp(-0.5 * ((at - p["mean"]) / p["sd"]) ** 2) / p["sd"]
        for p in phases  # type: ignore[attr-defined]
    }
    for phase in likely:
        expected = likely[phase] / sum(likely.values())
        found = age_from_phase(phase, method=str(entry["key"]), sex=entry["sex"], prior=prior).distribution  # type: ignore[arg-type]
        assert found.masses.tolist() == pytest.approx((expected / expected.sum()).tolist())


def test_younger_dead_make_the_same_phase_younger() -> None:
    young = Distribution.of_groups([15, 25, 40], 60, [80, 15, 5], unit="years")
    old = Distribution.of_groups([15, 25, 40], 90, [5, 15, 80], unit="years")
    by = {
        name: age_from_phase("IV", method="suchey_brooks", sex="male", prior=prior).distribution.median
        for name, prior in (("young", young), ("old", old))
    }
    assert by["young"] < 30 < by["old"]


def test_phases_and_methods_that_are_not_there_are_refused_by_name() -> None:
    with pytest.raises(BadScore, match="no phase 'IX'"):
        age_from_phase("IX", method="suchey_brooks", sex="male")
    with pytest.raises(BadScore, match="no phase '1'"):
        age_from_phase("1", method="iscan_rib", sex="female")
    with pytest.raises(NoSuchMethod, match="no method is called 'todd'"):
        age_from_phase("I", method="todd")
    with pytest.raises(NoSuchMethod, match="figures for each sex apart"):
        age_from_phase("I", method="suchey_brooks")
    with pytest.raises(NoSuchMethod, match="no figures for sex 'unknown'"):
        age_from_phase("I", method="suchey_brooks", sex="unknown")
    with pytest.raises(NoSuchMethod, match="lovejoy_1985 gives no distribution"):
        age_from_phase("1", method="lovejoy_1985")


def test_a_prior_is_refused_where_it_cannot_be_weighed_in_or_leaves_the_methods_ages() -> None:
    adults = Distribution.uniform(20, 60, unit="years")
    with pytest.raises(NoSuchMethod, match="how many people were in each phase"):
        age_from_phase("2", method="osborne_2004", prior=adults)
    for wrong in (Distribution.uniform(10, 60, unit="years"), Distribution.uniform(20, 110, unit="years"),
                  Distribution.uniform(20, 60, unit="cm")):  # fmt: skip
        with pytest.raises(OutsideValidity, match="holds from 15 to 100 years"):
            age_from_phase("II", method="suchey_brooks", sex="male", prior=wrong)


@pytest.mark.parametrize(("score", "stage"), [(5, "I"), (6, "I"), (7, "II"), (16, "VI"), (17, "VII"), (19, "VII")])
def test_a_composite_score_has_its_stage(score: int, stage: str) -> None:
    assert stage_of_composite(score) == stage


@pytest.mark.parametrize("score", [4, 20])
def test_a_composite_score_that_five_traits_cannot_make_is_refused(score: int) -> None:
    with pytest.raises(BadScore, match=f"{score} is no composite score"):
        stage_of_composite(score)


def test_a_prior_against_which_the_bone_speaks_is_remarked_on() -> None:
    def told(low: float, high: float) -> bool:
        prior = Distribution.uniform(low, high, unit="years")
        remarks = age_from_phase("I", method="suchey_brooks", sex="male", prior=prior).remarks
        return any(remark.startswith("prior and bone contradict each other: ") for remark in remarks)

    assert told(60, 95)
    assert not told(15, 95)
    assert not told(19, 95)
    # What the prior leaves out by weights of zero is outside its ages too.
    young = Distribution.of_groups([15, 40, 60], 90, [0, 0, 1], unit="years")
    assert "contradict" in " ".join(age_from_phase("I", method="suchey_brooks", sex="male", prior=young).remarks)
    infants = Distribution.uniform(0, 3, unit="years")
    remarks = " ".join(age_from_indicator("FDL", 400.0, prior=infants).remarks)
    assert "contradict" in remarks
    assert "open above: " in remarks
    assert "contradict" not in " ".join(age_from_indicator("FDL", 200.0, prior=infants).remarks)


CHILDREN = Distribution.uniform(0, 23, unit="years", cells=230)


def test_the_probabilities_of_all_stages_add_up_to_one_at_every_age() -> None:
    from dokaz.physical.growth import stage_likelihood

    for code, each in published("subadult")["indicators"].items():
        if each["model"] == "pow_law":
            continue
        total = sum(stage_likelihood(names[0], CHILDREN.middles, each, code) for names in each["stages"])
        assert total.tolist() == pytest.approx([1.0] * 230), code
        assert each["thresholds"] == sorted(each["thresholds"])


def test_a_stage_is_the_cumulative_probit_of_its_thresholds() -> None:
    # Lower first molar, root a quarter grown: between thresholds 7 and 8 of age to the power of 0.287, spread 0.0735.
    each = published("subadult")["indicators"]["man_M1"]
    low, high = each["thresholds"][6:8]

    def phi(z: float) -> float:
        return (1 + erf(z / sqrt(2))) / 2

    likely = [phi((high - a ** each["power"]) / each["sd"]) - phi((low - a ** each["power"]) / each["sd"])
              for a in CHILDREN.middles]  # fmt: skip
    found = age_from_indicator("man_M1", "R 1/4", prior=CHILDREN).distribution
    assert found.masses.tolist() == pytest.approx([each / sum(likely) for each in likely])
    assert 3 < found.median < 6


def test_a_length_is_normal_around_its_mean_at_each_age() -> None:
    each = published("subadult")["indicators"]["FDL"]
    likely = []
    for a in CHILDREN.middles:
        spread = each["sd"] * (1 + each["sd_growth"] * a)
        mean = each["scale"] * a ** each["power"] + each["offset"]
        likely.append(exp(-0.5 * ((250 - mean) / spread) ** 2) / spread)
    found = age_from_indicator("FDL", 250, prior=CHILDREN).distribution
    assert found.masses.tolist() == pytest.approx([each / sum(likely) for each in likely])


@pytest.mark.parametrize("code", sorted(indicators()))
def test_every_indicator_grows_with_age(code: str) -> None:
    each = published("subadult")["indicators"][code]
    ordered = [150.0, 200.0] if code.endswith("DL") else [20.0, 24.0] if each["model"] == "pow_law" else None
    scores = ordered or [names[-1] for names in each["stages"]]
    if code in ("FMSB", "HMSB", "RMSB", "TMSB", "UMSB"):
        scores = [8.0, 10.0]
    try:
        medians = [age_from_indicator(code, score, prior=CHILDREN).distribution.median for score in scores]
    except OutsideValidity:
        pytest.fail(f"{code}: {scores} are lengths of children")
    assert medians == sorted(medians)
    assert medians[0] < medians[-1]


def test_a_last_stage_and_a_first_one_say_that_their_ends_are_the_priors() -> None:
    last = age_from_indicator("FDE_EF", "4", prior=CHILDREN)
    assert any(remark.startswith("open above: ") for remark in last.remarks)
    first = age_from_indicator("man_M3", "Ci", prior=CHILDREN)
    assert any(remark.startswith("open below: ") for remark in first.remarks)
    middle = age_from_indicator("man_M1", "R 1/4", prior=CHILDREN)
    assert not any(remark.startswith("open") for remark in middle.remarks)
    assert last.method.table == "models/US/univariate/FDE_EF_pow_law_ord_lin_pos_int.rds"


@pytest.mark.parametrize(
    ("code", "scored", "error", "told"),
    [
        ("XYZ", 1, NoSuchMethod, "no indicator is called 'XYZ'"),
        ("man_M1", "R 1/3", BadScore, "man_M1 has no stage 'R 1/3'"),
        ("FDL", "long", BadScore, "FDL is 'long'"),
        ("FDL", True, BadScore, "FDL is True"),
        ("FDL", -3, BadScore, "FDL is -3"),
        ("FDL", 25.0, OutsideValidity, "FDL of 25 mm lies outside"),
        ("FDL", 2500, OutsideValidity, "FDL of 2500 mm lies outside"),
        ("FDL", float("nan"), BadScore, "FDL is nan"),
    ],
)
def test_what_cannot_be_scored_is_refused(code: str, scored: float | str, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        age_from_indicator(code, scored, prior=CHILDREN)


@pytest.mark.parametrize(("length", "held"), [(40.0, False), (42.0, True), (640.0, True), (642.0, False)])
def test_lengths_are_taken_from_three_spreads_below_the_newborn_to_three_above_the_eldest(
    length: float, held: bool
) -> None:
    # 63.876 − 3 · 7.699 = 40.8; 66.799 · 23^0.6051 + 63.876 + 3 · 7.699 · (1 + 0.2043 · 23) = 640.8
    if held:
        assert age_from_indicator("FDL", length, prior=CHILDREN).distribution.mean >= 0
    else:
        with pytest.raises(OutsideValidity, match="lies outside 41 to 641 mm"):
            age_from_indicator("FDL", length, prior=CHILDREN)


def test_ages_beyond_growth_are_no_prior() -> None:
    for prior in (Distribution.uniform(0, 60, unit="years"), Distribution.uniform(0, 20, unit="cm")):
        with pytest.raises(OutsideValidity, match="holds from 0 to 23 years"):
            age_from_indicator("FDL", 250, prior=prior)


EQUATIONS = [(entry, each) for entry in published("stature")["methods"] for each in entry["equations"]]


@pytest.mark.parametrize(("entry", "each"), EQUATIONS, ids=[f"{e['key']}-{e['sex']}-{b['bone']}" for e, b in EQUATIONS])
def test_a_bone_gives_the_regression_and_its_standard_error(entry: dict[str, str], each: dict[str, float]) -> None:
    for length in (each["shortest_cm"], each["longest_cm"]):
        found = stature_from(str(each["bone"]), length, method=entry["key"], sex=entry["sex"]).distribution
        assert found.mean == pytest.approx(each["slope"] * length + each["intercept_cm"])
        assert found.sd == pytest.approx(each["se_cm"], rel=1e-3)
        assert 135 < found.mean < 205
    for length in (each["shortest_cm"] - 0.1, each["longest_cm"] + 0.1, each["longest_cm"] * 10, float("nan")):
        with pytest.raises(OutsideValidity, match="holds from"):
            stature_from(str(each["bone"]), length, method=entry["key"], sex=entry["sex"])


def test_bones_stand_side_by_side_the_surest_first() -> None:
    found = statures_from({"humerus": 33.0, "femur": 46.0}, method="trotter_gleser_1952", sex="male")
    assert [each.scored["bone"] for each in found] == ["femur", "humerus"]
    assert found[0].distribution.sd == pytest.approx(3.27, rel=1e-3)
    with pytest.raises(BadScore, match="no bones"):
        statures_from({}, method="trotter_gleser_1952", sex="male")
    with pytest.raises(NoSuchMethod, match="no equation for 'tibia'"):
        statures_from({"tibia": 38.0}, method="trotter_gleser_1952", sex="male")


def test_height_is_lost_from_thirty_years_on() -> None:
    found = stature_from("femur", 46.0, method="trotter_gleser_1952", sex="male")
    for age in (0, 25, 30):
        assert at_death(found, age).distribution.mean == pytest.approx(found.distribution.mean)
    assert at_death(found, 120).distribution.mean == pytest.approx(found.distribution.mean - 5.4)
    assert at_death(found, 70).distribution.mean == pytest.approx(found.distribution.mean - 2.4)
    assert at_death(found, 70).remarks == ("2.4 cm less than in the prime of life, for an age of 70 years",)
    for age in (-1, 121, float("nan")):
        with pytest.raises(BadScore, match="no age at death"):
            at_death(found, age)


def test_a_report_is_higher_and_vaguer_than_the_stature() -> None:
    found = stature_from("femur", 46.0, method="trotter_gleser_1952", sex="male")
    told = as_reported(found, overstated_cm=2, spread_cm=4).distribution
    assert told.mean == pytest.approx(found.distribution.mean + 2)
    assert told.sd == pytest.approx(sqrt(3.27**2 + 16), rel=1e-3)
    for overstated, spread in ((2, -1), (2, 20.1), (20.1, 3), (-20.1, 3), (float("nan"), 3), (2, float("nan"))):
        with pytest.raises(BadScore, match="more than measured, give or take"):
            as_reported(found, overstated_cm=overstated, spread_cm=spread)
    assert as_reported(found, overstated_cm=-20, spread_cm=0).distribution.mean == pytest.approx(
        found.distribution.mean - 20
    )


def test_the_sex_of_scores_is_logistic_and_carries_the_stated_prior() -> None:
    scores = {"ventral_arc": 4, "medial_aspect": 3, "subpubic_contour": 4}
    score = 2.726 * 4 + 1.214 * 3 + 1.073 * 4 - 16.312
    even = sex_from(scores, method="klales_2012", prior_male=0.5)
    assert even.probability_male == pytest.approx(1 / (1 + exp(-score)))
    skewed = sex_from(scores, method="klales_2012", prior_male=0.9)
    assert skewed.log_lr == even.log_lr
    assert log(skewed.probability_male / (1 - skewed.probability_male)) == pytest.approx(score + log(9))


def test_the_odds_of_the_sample_are_taken_out() -> None:
    for score, share in {1: 0.12, 2: 0.66, 3: 0.88, 4: 0.93, 5: 0.90}.items():
        found = sex_from({"sciatic_notch": score}, method="walker_2005", prior_male=165 / 296)
        assert found.probability_male == pytest.approx(share)
    women = sex_from(dict.fromkeys(("glabella", "mastoid", "mental_eminence"), 1), method="walker_2008", prior_male=0.5)
    men = sex_from(dict.fromkeys(("glabella", "mastoid", "mental_eminence"), 5), method="walker_2008", prior_male=0.5)
    assert women.probability_male < 0.01 < 0.99 < men.probability_male


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ({"glabella": 3, "mastoid": 3}, "missing: mental_eminence"),
        ({"glabella": 3, "mastoid": 3, "mental_eminence": 3, "orbit": 2}, "unknown: orbit"),
        ({"glabella": 3, "mastoid": 3, "mental_eminence": 0}, "mental_eminence is scored 0"),
        ({"glabella": 6, "mastoid": 3, "mental_eminence": 3}, "glabella is scored 6"),
        ({"glabella": 2.5, "mastoid": 3, "mental_eminence": 3}, "glabella is scored 2.5"),
        ({"glabella": True, "mastoid": 3, "mental_eminence": 3}, "glabella is scored True"),
    ],
)
def test_traits_that_were_not_scored_so_are_refused(scores: dict[str, int], told: str) -> None:
    with pytest.raises(BadScore, match=told):
        sex_from(scores, method="walker_2008", prior_male=0.5)


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, float("nan")])
def test_a_prior_that_decides_by_itself_is_refused(prior: float) -> None:
    with pytest.raises(BadScore, match="leaves nothing to decide"):
        sex_from({"sciatic_notch": 1}, method="walker_2005", prior_male=prior)
