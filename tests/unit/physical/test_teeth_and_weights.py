"""Charts compared, and what each line of evidence weighs: closed forms, floors, and no blind product."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest

from dokaz.errors import BadScore, CorrelationUnstated, NotComputable
from dokaz.physical import (
    Distribution,
    Estimate,
    LineRatio,
    ToothCode,
    age_from_phase,
    compare_charts,
    sex_from,
    sex_ratio,
    share_as_similar,
    stature_from,
    taken_together,
    teeth_ratio,
    trait_ratio,
)

CODES = [code.value for code in ToothCode if code is not ToothCode.UNKNOWN]
#: By hand: what a tooth can have become, rows before, columns after.
ALLOWED = {
    *(("V", later) for later in "FCXPI"), *(("F", later) for later in "CXPI"), *(("C", later) for later in "XPI"),
    ("X", "P"), ("X", "I"), ("P", "X"), ("P", "I"), ("I", "X"), ("I", "P"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(product(CODES, CODES)))
def test_treatment_adds_and_never_restores(before: str, after: str) -> None:
    found = compare_charts({"16": before}, {"16": after})
    sort = "agree" if before == after else "explained" if (before, after) in ALLOWED else "excluding"
    assert getattr(found, sort) == ("16",)
    assert found.compared == 1
    assert found.percentage == (100 if before == after else 0)


def test_a_third_molar_may_come_through_after_it_was_charted_as_missing() -> None:
    found = compare_charts({"18": "X", "17": "X"}, {"18": "V", "17": "V"})
    assert (found.explained, found.excluding) == (("18",), ("17",))
    assert compare_charts({"18": "F"}, {"18": "V"}).excluding == ("18",)


def test_what_is_unknown_in_one_chart_is_not_compared() -> None:
    found = compare_charts({"16": "F", "17": "/"}, {"16": "/", "26": "V"})
    assert found.compared == 0
    assert len(found.unknown) == 32
    with pytest.raises(NotComputable, match="no tooth is known in both"):
        _ = found.percentage


@pytest.mark.parametrize("chart", [{"19": "V"}, {"55": "V"}, {"16": "v"}, {"16": "MOD"}, {"16": "А"}])
def test_teeth_and_codes_that_are_none_are_refused(chart: dict[str, str]) -> None:
    with pytest.raises(BadScore):
        compare_charts(chart, {})
    with pytest.raises(BadScore):
        compare_charts({}, chart)


AFTER = {"16": "F", "26": "V", "36": "X"}
POPULATION = [
    {"16": "F", "26": "V", "36": "X"},
    {"16": "V", "26": "V", "36": "X"},
    {"16": "F", "26": "F", "36": "X"},
    {"11": "V"},
]


def test_the_share_as_similar_counts_the_persons_own_chart() -> None:
    # The person agrees whole: only the first of four does so too.
    assert share_as_similar(AFTER, AFTER, POPULATION) == 2 / 5
    # Two thirds agree, one explained: the first and second are as good; the third excludes.
    assert share_as_similar({**AFTER, "16": "V"}, AFTER, POPULATION) == 3 / 5
    with pytest.raises(NotComputable, match="no charts of a population"):
        share_as_similar(AFTER, AFTER, [])


def test_a_chart_weighs_by_the_share_of_others_and_mistakes_it_would_need() -> None:
    whole = teeth_ratio(AFTER, AFTER, POPULATION, mistaken=0.02, useless=0.01, against="the missing")
    assert whole.ratio == pytest.approx(0.99 * 5 / 2 + 0.01)
    one_wrong = teeth_ratio({**AFTER, "26": "F"}, AFTER, POPULATION, mistaken=0.02, useless=0.01, against="the missing")
    assert one_wrong.ratio == pytest.approx(0.99 * (1 - 0.98**3) / (4 / 5) + 0.01)
    two_wrong = {"16": "C", "26": "F", "36": "X"}
    two = teeth_ratio(two_wrong, AFTER, POPULATION, mistaken=0.02, useless=0.01, against="the missing").ratio
    at_least_two = sum(comb(3, k) * 0.02**k * 0.98 ** (3 - k) for k in (2, 3))
    assert two == pytest.approx(0.99 * at_least_two / share_as_similar(two_wrong, AFTER, POPULATION) + 0.01)
    with pytest.raises(NotComputable, match="no tooth"):
        teeth_ratio({}, AFTER, POPULATION, mistaken=0.02, useless=0.01, against="the missing")
    for mistaken in (0.0, 1.0):
        with pytest.raises(BadScore, match="wrongly charted"):
            teeth_ratio(AFTER, AFTER, POPULATION, mistaken=mistaken, useless=0.01, against="the missing")


def test_sex_weighs_by_the_share_of_men_and_its_mean_over_the_population_is_one() -> None:
    found = sex_from({"sciatic_notch": 3}, method="walker_2005", prior_male=0.5)
    man, woman = (
        sex_ratio(found, sex, share_male=0.8, useless=0.02, against="the missing").ratio for sex in ("male", "female")
    )
    assert 0.8 * man + 0.2 * woman == pytest.approx(1)
    assert (man - 0.02) / (woman - 0.02) == pytest.approx(np.exp(found.log_lr))
    with pytest.raises(BadScore, match="reported sex 'unknown'"):
        sex_ratio(found, "unknown", share_male=0.8, useless=0.02, against="the missing")
    for share in (0.0, 1.0):
        with pytest.raises(BadScore, match="share of men"):
            sex_ratio(found, "male", share_male=share, useless=0.02, against="the missing")


ADULTS = Distribution.uniform(15, 95, unit="years", cells=800)


def exactly(age: float) -> Distribution:
    return Distribution.uniform(age - 0.5, age + 0.5, unit="years", cells=10)


def test_an_age_weighs_what_bayes_says_and_a_person_of_any_age_one() -> None:
    found = age_from_phase("III", method="suchey_brooks", sex="male", prior=ADULTS)
    ratio = trait_ratio(found, exactly(28), ADULTS, useless=0.01, against="adults").ratio
    expected = found.distribution.below(28.5) - found.distribution.below(27.5)
    assert ratio == pytest.approx(0.99 * expected * 80 + 0.01, rel=1e-6)
    assert trait_ratio(found, ADULTS, ADULTS, useless=0.01, against="adults").ratio == pytest.approx(1)


def test_no_trait_rules_anybody_out() -> None:
    found = age_from_phase("I", method="suchey_brooks", sex="male", prior=ADULTS)
    assert trait_ratio(found, exactly(80), ADULTS, useless=0.03, against="adults").ratio == pytest.approx(
        0.03, abs=1e-4
    )
    # An estimate that lies outside the population altogether says nothing for anybody of it.
    child = Estimate("age", found.method, {}, Distribution.uniform(2, 5, unit="years"))
    assert trait_ratio(child, exactly(40), ADULTS, useless=0.03, against="adults").ratio == 0.03
    for useless in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(BadScore, match="share of useless records"):
            trait_ratio(found, exactly(80), ADULTS, useless=useless, against="adults")


def test_units_and_populations_that_do_not_fit_are_refused() -> None:
    stature = stature_from("femur", 46.0, method="trotter_gleser_1952", sex="male")
    with pytest.raises(BadScore, match="units differ: cm, years"):
        trait_ratio(stature, exactly(40), ADULTS, useless=0.01, against="adults")
    found = age_from_phase("III", method="suchey_brooks", sex="male", prior=ADULTS)
    with pytest.raises(NotComputable, match="nothing between 15 and 95"):
        trait_ratio(found, exactly(5), ADULTS, useless=0.01, against="adults")
    holes = Distribution(np.array([15.0, 30, 50, 95]), np.array([0.5, 0, 0.5]), "years")
    with pytest.raises(NotComputable, match="holds nobody of this person's age"):
        trait_ratio(found, exactly(40), holes, useless=0.01, against="adults")
    with pytest.raises(BadScore, match="names the population"):
        trait_ratio(found, exactly(40), ADULTS, useless=0.01, against=" ")


def line(about: str, ratio: float, against: str = "the missing") -> LineRatio:
    return LineRatio(about, ratio, against, 0.01)


def test_lines_are_multiplied_with_a_reason_only() -> None:
    lines = [line("sex", 1.8), line("age", 0.5), line("stature", 2.0)]
    found = taken_together(lines, because="equations and phases for the reported sex, given that sex")
    assert found.product == pytest.approx(1.8)
    assert found.cautious == 1.8
    for because in ("", "  "):
        with pytest.raises(CorrelationUnstated, match="sex, age, stature would be multiplied without a reason"):
            taken_together(lines, because=because)
        with pytest.raises(CorrelationUnstated, match="sex, age would be multiplied without a reason"):
            taken_together(lines[:2], because=because)
    assert taken_together(lines[:1], because="").product == 1.8


def test_two_lines_about_one_trait_and_two_populations_are_refused() -> None:
    with pytest.raises(CorrelationUnstated, match="two lines about stature repeat each other"):
        taken_together([line("stature", 2.0), line("stature", 3.0)], because="two bones")
    with pytest.raises(CorrelationUnstated, match="different populations"):
        taken_together([line("sex", 2.0), line("age", 3.0, "everybody")], because="given sex")
    with pytest.raises(BadScore, match="no lines"):
        taken_together([], because="none")


def test_a_ratio_has_its_common_logarithm() -> None:
    assert line("sex", 100.0).log10 == pytest.approx(2)
