"""Age at death of adults from phases of the pubic symphysis, the auricular surface and the fourth rib."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dokaz.errors import BadScore, NoSuchMethod, OutsideValidity
from dokaz.physical.distributions import Array, Distribution
from dokaz.physical.methods import Estimate, PublishedMethod, one_of, published

#: Refused by name: published without a spread, or only as intervals, so that no distribution follows.
WITHOUT_SPREAD = {
    "lovejoy_1985": "publishes spans of five years without a spread; use osborne_2004, which scores the same traits",
    "london_atlas": "no licence to copy its figures was found, and it gives no spread; use the teeth of mcp_s_age",
}

#: Of what a bone says alone, less than this inside the prior's ages is a contradiction.
CONTRADICTED = 0.01


def age_from_phase(phase: str, *, method: str, sex: str | None = None, prior: Distribution | None = None) -> Estimate:
    """Age at death from a phase.

    Without a prior: the people of the phase in the reference sample, as a normal distribution of their published mean
    and standard deviation, cut off below the youngest age of the method. It takes over the ages of that sample: where
    the dead were younger, it is too old.

    With a prior: by Bayes, from the probability of the phase at each age. That follows from the published numbers of
    people, means and standard deviations of all phases, each phase taken as normal.

    Args:
        phase: As the method names it, ``IV``.
        sex: Which sex is taken, for methods that have each apart.
        prior: Ages of those who could lie here, in years; inside the method's ages.

    Raises:
        NoSuchMethod: no such method or sex; no numbers of people, and yet a prior.
        BadScore: no such phase.
        OutsideValidity: a prior outside the ages for which the method holds.

    Source: see the method's citation; for Bayes Boldsen, Milner, Konigsberg & Wood 2002.
    Example:
        >>> found = age_from_phase("V", method="suchey_brooks", sex="male")
        >>> round(found.distribution.median, 1), [round(end) for end in found.distribution.interval(0.95)]
        (45.6, [25, 66])
    """
    if method in WITHOUT_SPREAD:
        raise NoSuchMethod(f"{method} gives no distribution", WITHOUT_SPREAD[method])
    entry = one_of(published("age")["methods"], method, sex)
    phases = {each["phase"]: each for each in entry["phases"]}
    if phase not in phases:
        raise BadScore(
            f"{method} has no phase {phase!r}{f' ({sex})' if entry.get('sex') else ''}",
            f"phases are {', '.join(phases)}",
        )
    found = phases[phase]
    low, high = ("no youngest" if found["low"] is None else f"{found['low']:g}"), f"{found['high']:g}"
    remarks = [f"published range {low} to {high} years: {entry['ranges']}"]
    if prior is None:
        held = Distribution.normal(
            found["mean"], found["sd"], unit="years", low=entry["youngest"], high=entry["oldest"]
        )  # fmt: skip
        remarks.append("no prior was stated: ages are those of the reference sample's people of this phase")
    else:
        held = prior.weighed(phase_likelihood(phase, prior.middles, entry, prior))
        remarks.append(
            f"prior: {prior.median:.0f} years, 95 % from {prior.interval(0.95)[0]:.0f} to {prior.interval(0.95)[1]:.0f}"
        )
        whole = Distribution.uniform(entry["youngest"], entry["oldest"], unit="years")
        remarks += contradicted(prior, whole.weighed(phase_likelihood(phase, whole.middles, entry, whole)))
    scored: dict[str, object] = {"phase": phase} | ({"sex": sex} if entry.get("sex") else {})
    return Estimate("age", PublishedMethod.of(entry), scored, held, tuple(remarks))


def contradicted(prior: Distribution, alone: Distribution) -> list[str]:
    """A remark where what the bone says alone lies outside the ages that the prior allows; else none.

    Args:
        alone: The estimate with all ages of the method as likely before.
    """
    allowed = np.flatnonzero(prior.masses > 0)
    share = alone.below(float(prior.edges[allowed[-1] + 1])) - alone.below(float(prior.edges[allowed[0]]))
    if share >= CONTRADICTED:
        return []
    low, high = alone.interval(0.95)
    return [f"prior and bone contradict each other: with all ages possible it would be {low:.0f} to {high:.0f} years"]


def phase_likelihood(phase: str, ages: Array, entry: Mapping[str, Any], prior: Distribution) -> Array:
    """Probability of a phase at each age, from how many people of the sample were in each phase at what age.

    Raises:
        NoSuchMethod: the numbers of people of the phases were not published, or not compared with the original.
        OutsideValidity: ages outside those of the method.
    """
    if "people" not in entry["phases"][0]:
        raise NoSuchMethod(
            f"{entry['key']}: how many people were in each phase is not known here, so that no prior can be weighed in",
            "leave the prior out, or use suchey_brooks or buckberry_chamberlain",
        )
    if prior.unit != "years" or prior.edges[0] < entry["youngest"] or prior.edges[-1] > entry["oldest"]:
        raise OutsideValidity(
            f"prior from {prior.edges[0]:g} to {prior.edges[-1]:g} {prior.unit}: {entry['key']} holds from "
            f"{entry['youngest']} to {entry['oldest']} years",
            "state a prior inside these ages",
        )
    densities = {
        each["phase"]: each["people"] / each["sd"] * np.exp(-(((ages - each["mean"]) / each["sd"]) ** 2) / 2)
        for each in entry["phases"]
    }
    return np.asarray(densities[phase] / sum(densities.values()))


def stage_of_composite(score: int) -> str:
    """Stage of a composite score of the auricular surface (Buckberry & Chamberlain 2002), 5 to 19.

    Raises:
        BadScore: five traits add up to no such score.

    Example:
        >>> stage_of_composite(12)
        'IV'
    """
    entry = one_of(published("age")["methods"], "buckberry_chamberlain", None)
    for each, (low, high) in zip(entry["phases"], entry["composite"], strict=True):
        if low <= score <= high:
            return str(each["phase"])
    raise BadScore(f"{score} is no composite score", "five traits add up to 5 at least and 19 at most")
