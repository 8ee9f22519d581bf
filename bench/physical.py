"""How often estimates from bones hold the truth, on simulated people: `python bench/physical.py [--people N]`.

Coverage and bias of ages and statures with the right prior and without one; false exclusions of pair-matching against their
stated rate; credible sets of numbers of people; how long a list must be for the true person to be on it in 99 of 100 cases.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from dokaz.errors import NotComputable
from dokaz.physical import (
    BodySide,
    Distribution,
    Fragment,
    PairedElement,
    ReferencePairs,
    age_from_indicator,
    age_from_phase,
    could_be_pair,
    least_number,
    sex_from,
    sex_ratio,
    stature_from,
    taken_together,
    trait_ratio,
)
from dokaz.physical.age import phase_likelihood
from dokaz.physical.evidence import LineRatio
from dokaz.physical.growth import length_likelihood, stage_likelihood
from dokaz.physical.methods import one_of, published

#: Ages of invented dead: many young men, few old.
DEAD = Distribution.of_groups([15, 20, 30, 40, 50, 60], 90, [60, 320, 280, 180, 100, 60], unit="years")
CHILDREN = Distribution.uniform(0, 20, unit="years", cells=400)
#: Rates of the field (Komar 2003, 59 identified): intervals that held the true age and stature.
AGE_HELD, STATURE_HELD, SEX_RIGHT = 0.424, 0.294, 0.98


def drawn(rng: np.random.Generator, of: Distribution, size: int) -> np.ndarray:
    return np.interp(rng.random(size), np.concatenate([[0], np.cumsum(of.masses)]), of.edges)


def told(name: str, truth: np.ndarray, found: list[Distribution]) -> None:
    ends = np.array([each.interval(0.95) for each in found])
    held = ((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean()
    bias = np.mean([each.median for each in found] - truth)
    print(f"  {name:<52} {held:6.1%}  {bias:+6.2f}  {np.mean(ends[:, 1] - ends[:, 0]):6.1f}")


def ages(rng: np.random.Generator, people: int) -> None:
    print(f"\nages of {people:,} each: 95 % intervals that hold it, bias of the median, mean width (years)")
    truth = drawn(rng, DEAD, people)
    for method, sex in (("suchey_brooks", "male"), ("suchey_brooks", "female"), ("buckberry_chamberlain", None)):
        entry = one_of(published("age")["methods"], method, sex)
        names = [phase["phase"] for phase in entry["phases"]]
        prior = DEAD if entry["youngest"] <= 15 else DEAD.on(np.linspace(16, 90, 1_001))
        truth = drawn(rng, prior, people)
        chances = np.array([phase_likelihood(name, truth, entry, prior) for name in names])
        at = (chances.cumsum(axis=0) < rng.random(people)).sum(axis=0).clip(max=len(names) - 1)
        with_prior = {n: age_from_phase(n, method=method, sex=sex, prior=prior).distribution for n in names}
        without = {n: age_from_phase(n, method=method, sex=sex).distribution for n in names}
        label = f"{method}{f', {sex}' if sex else ''}"
        told(f"{label}, prior of these dead", truth, [with_prior[names[k]] for k in at])
        told(f"{label}, no prior", truth, [without[names[k]] for k in at])
    truth = drawn(rng, CHILDREN, min(people, 1_000))
    for code in ("FDL", "HDL", "man_M1", "max_M2", "FDE_EF", "IC_EF"):
        each = published("subadult")["indicators"][code]
        told(f"mcp_s_age {code}", truth, [child(rng, code, each, age) for age in truth])


def child(rng: np.random.Generator, code: str, each: dict, age: float) -> Distribution:
    """An age from the indicator of a simulated child."""
    if each["model"] == "pow_law":
        spread = each["sd"] * (1 + each["sd_growth"] * age)
        scored = each["scale"] * age ** each["power"] + each["offset"] + spread * rng.standard_normal()
        length_likelihood(scored, CHILDREN.middles, each, code)
        return age_from_indicator(code, float(scored), prior=CHILDREN).distribution
    chances = [stage_likelihood(names[0], np.array([age]), each, code)[0] for names in each["stages"]]
    return age_from_indicator(code, each["stages"][rng.choice(len(chances), p=chances)][0], prior=CHILDREN).distribution


def statures(rng: np.random.Generator, people: int) -> None:
    print(f"\nstatures of {people:,} each: 95 % intervals that hold it, bias of the median, mean width (cm)")
    for method, sex, bone in (("trotter_gleser_1952", "male", "femur"), ("trotter_gleser_1952", "female", "femur"),
                              ("trotter_gleser_1958", "male", "humerus")):  # fmt: skip
        entry = one_of(published("stature")["methods"], method, sex)
        each = next(e for e in entry["equations"] if e["bone"] == bone)
        middle, quarter = (each["shortest_cm"] + each["longest_cm"]) / 2, (each["longest_cm"] - each["shortest_cm"]) / 4
        lengths = np.clip(rng.normal(middle, quarter / 2, people), each["shortest_cm"], each["longest_cm"])
        found = [stature_from(bone, length, method=method, sex=sex).distribution for length in lengths]
        truth = each["slope"] * lengths + each["intercept_cm"] + each["se_cm"] * rng.standard_normal(people)
        told(f"{method}, {sex}, {bone}", truth, found)
        told("  of people with legs longer by 3 cm of stature", truth - 3, found)


def pairs(rng: np.random.Generator, people: int) -> None:
    print(
        f"\npairs: {people:,} true and {people:,} wrong ones, 99 reference pairs in each of 20 draws, two measurements"
    )
    print("  differences        stated   true pairs excluded: by ranks, by t   wrong pairs excluded by ranks")
    for name, heavy in (("normal", False), ("heavy tails", True)):
        for rate in (0.05, 0.1):
            true, by_t, wrong, tried = 0, 0, 0, 0
            for _ in range(20):
                reference, others = bones(rng, 99, heavy), bones(rng, people // 20, heavy)
                for k in range(others.persons):
                    test = could_be_pair(others.left[k].tolist(), others.right[k].tolist(), reference, rate=rate)
                    true, by_t, tried = true + test.excluded, by_t + (test.p_t <= rate), tried + 1
                    stranger = others.right[(k + 1) % others.persons].tolist()
                    wrong += could_be_pair(others.left[k].tolist(), stranger, reference, rate=rate).excluded
            print(f"  {name:<18} {rate:6.1%}   {true / tried:8.1%} {by_t / tried:14.1%} {wrong / tried:30.1%}")


def bones(rng: np.random.Generator, persons: int, heavy: bool) -> ReferencePairs:
    size = rng.normal([320, 245], [18, 14], (persons, 2))
    differ = rng.standard_t(2, (persons, 2)) * 1.5 if heavy else rng.normal(0, 2.2, (persons, 2))
    return ReferencePairs(size + 1 + differ / 2, size - differ / 2)


def numbers(rng: np.random.Generator, people: int) -> None:
    print(
        f"\nnumbers of people, {people:,} graves each: 95 % sets that hold it, mean of the most likely, without a set"
    )
    for n, share, missed in ((20, 0.6, 0), (60, 0.5, 0), (60, 0.3, 0), (60, 0.5, 0.1)):
        held, likely, refused = 0, [], 0
        for _ in range(people):
            left, right = rng.random(n) < share, rng.random(n) < share
            found = int(((left & right) & (rng.random(n) >= missed)).sum())
            if not left.any() and not right.any():
                refused += 1
                continue
            element = PairedElement(int(left.sum()), int(right.sum()), found)
            try:
                low, high = element.credible_set()
            except NotComputable:
                refused += 1
                continue
            held += low <= n <= high
            likely.append(element.most_likely)
        what = f"{n} people, {share:.0%} of bones found" + (f", {missed:.0%} of pairs missed" if missed else "")
        print(f"  {what:<52} {held / len(likely):6.1%}  {np.mean(likely):6.1f}  {refused}")
    many = [
        Fragment(str(k), "fthu"[rng.integers(4)], (BodySide.LEFT, BodySide.RIGHT)[rng.integers(2)],
                 frozenset(rng.choice(list("12345"), 3, replace=False).tolist()))
        for k in range(400)
    ]  # fmt: skip
    start = time.process_time()
    found = least_number(many)
    print(f"  400 fragments of four bones: at least {found.people}, proven {found.proven}, "
          f"{time.process_time() - start:.1f} s")  # fmt: skip


def recall(rng: np.random.Generator, cases: int, missing: int = 1_000) -> None:
    """Where the true person stands among the missing when sex, age and stature are scored as badly as in the field."""
    men = rng.random(missing) < 0.85
    age = np.floor(drawn(rng, DEAD, missing)) + 0.5
    stature = np.where(men, rng.normal(176, 7, missing), rng.normal(164, 6.5, missing))
    against = "the thousand missing of this simulation"
    because = "phases and equations of the scored sex, priors of these missing: given sex"
    useless_age, useless_stature = 1 - AGE_HELD, 1 - STATURE_HELD
    scores = {"ventral_arc": 3, "medial_aspect": 4, "subpubic_contour": 4}
    mirrored = {"ventral_arc": 2, "medial_aspect": 2, "subpubic_contour": 2}
    reference = {True: Distribution.normal(176, 7, unit="cm", low=130, high=220),
                 False: Distribution.normal(164, 6.5, unit="cm", low=130, high=220)}  # fmt: skip
    tables: dict[tuple[bool, str], np.ndarray] = {}
    whole = np.arange(15, 90)
    ranks, kept = [], 0
    for _ in range(cases):
        true = int(rng.integers(missing))
        seen_man = bool(men[true]) == (rng.random() < SEX_RIGHT)
        sexes = sex_from(scores if seen_man else mirrored, method="klales_2012", prior_male=0.85)
        by_sex = {s: sex_ratio(sexes, s, share_male=0.85, useless=0.02, against=against) for s in ("male", "female")}
        weight_sex = np.where(men, by_sex["male"].ratio, by_sex["female"].ratio)
        sex = "male" if seen_man else "female"
        entry = one_of(published("age")["methods"], "suchey_brooks", sex)
        right = rng.random() < AGE_HELD
        while True:
            # Scored as another age would be, until the interval is right or wrong as it is to be.
            scored = age[true] if right else float(rng.choice(age))
            chances = np.array(
                [phase_likelihood(p["phase"], np.array([scored]), entry, DEAD)[0] for p in entry["phases"]]
            )
            phase = entry["phases"][rng.choice(len(chances), p=chances / chances.sum())]["phase"]
            estimate = age_from_phase(phase, method="suchey_brooks", sex=sex, prior=DEAD)
            ends = estimate.distribution.interval(0.95)
            if (ends[0] <= age[true] <= ends[1]) == right:
                break
        if (seen_man, phase) not in tables:
            tables[seen_man, phase] = np.array(
                [trait_ratio(estimate, Distribution.uniform(y, y + 1, unit="years", cells=4), DEAD,
                             useless=useless_age, against=against).ratio for y in whole]
            )  # fmt: skip
        weight_age = tables[seen_man, phase][(age - 15).astype(int)]
        right = rng.random() < STATURE_HELD
        while True:
            mean = (stature[true] if right else float(rng.choice(stature))) + rng.normal(0, 3.3)
            held = Distribution.normal(mean, 3.3, unit="cm")
            if (abs(stature[true] - mean) <= 1.96 * 3.3) == right:
                break
        people = reference[seen_man]
        density = np.array([held.below(s + 0.5) - held.below(s - 0.5) for s in stature])
        weight_stature = (1 - useless_stature) * density / np.array(
            [max(people.below(s + 0.5) - people.below(s - 0.5), 1e-9) for s in stature]
        ) + useless_stature
        together = weight_sex * weight_age * weight_stature
        checked = taken_together(
            [LineRatio("sex", float(weight_sex[true]), against, 0.02),
             LineRatio("age", float(weight_age[true]), against, useless_age),
             LineRatio("stature", float(weight_stature[true]), against, useless_stature)],
            because=because,
        )  # fmt: skip
        assert abs(checked.product / together[true] - 1) < 1e-9
        ranks.append(int((together > together[true]).sum()) + 1)
        low, high = estimate.distribution.interval(0.95)
        inside = (low <= age[true] <= high) and held.interval(0.95)[0] <= stature[true] <= held.interval(0.95)[1]
        kept += inside and seen_man == men[true]
    order = np.sort(ranks)
    print(f"\nthe true person among {missing:,} missing, {cases:,} cases, intervals right in {AGE_HELD:.0%} (age) and "
          f"{STATURE_HELD:.0%} (stature) of cases:")  # fmt: skip
    for share in (0.5, 0.9, 0.95, 0.99):
        print(f"  on a list of {order[int(np.ceil(share * cases)) - 1]:>5,} in {share:.0%} of cases")
    print(f"  kept by filters (sex, and both 95 % intervals): {kept / cases:.1%}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--people", type=int, default=500, help="simulated people, pairs, graves and cases of each kind"
    )
    asked = parser.parse_args()
    rng = np.random.default_rng(13)
    for part in (ages, statures, pairs, numbers, recall):
        part(rng, asked.people)
