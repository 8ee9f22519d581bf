"""Age at death of children and adolescents from one indicator: a diaphysis, a tooth's development, an epiphysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dokaz.errors import BadScore, NoSuchMethod, OutsideValidity
from dokaz.physical.age import contradicted
from dokaz.physical.distributions import Array, Distribution, normal_cdf
from dokaz.physical.methods import Estimate, PublishedMethod, published

#: A length is refused that lies so many standard deviations below the newborn's or above the eldest's.
FARTHEST = 3.0
#: Where an end of the prior is still this likely, beside the likeliest age, the estimate ends there because the prior does.
OPEN_END = 0.05


def indicators() -> dict[str, str]:
    """Every indicator that is here: its code, and what is measured or scored.

    Example:
        >>> indicators()["FDL"]
        'femur, diaphyseal length, mm'
    """
    return {code: each["name"] for code, each in published("subadult")["indicators"].items()}


def age_from_indicator(code: str, scored: float | str, *, prior: Distribution) -> Estimate:
    """Age at death from a length or breadth of a diaphysis (mm) or a stage of development, ossification or fusion.

    A continuous indicator is normal around its mean at each age; a stage lies between two thresholds of a latent
    indicator (cumulative probit). Several indicators of one body develop together: estimates from them are shown side by
    side and never multiplied.

    Args:
        code: As the method names it (``indicators()``); with ``_c`` where stages were joined to four.
        scored: mm, or the stage as the method names it.
        prior: Ages of those who could lie here, years, from 0 to 23; it is part of the answer.

    Raises:
        NoSuchMethod: no such indicator.
        BadScore: no such stage; a measurement that is no number.
        OutsideValidity: a measurement far from all ages; a prior outside 0 to 23 years.

    Source: Stull, Chu, Corron & Price 2022, 2023.
    Example:
        >>> prior = Distribution.uniform(0, 23, unit="years")
        >>> round(age_from_indicator("FDL", 333.0, prior=prior).distribution.median)  # 66.8 · 10^0.605 + 63.9 = 333
        10
    """
    data = published("subadult")
    method, each = data["method"], data["indicators"].get(code)
    if each is None:
        raise NoSuchMethod(
            f"no indicator is called {code!r}", "`dokaz physical age --explain` lists the indicators of mcp_s_age"
        )
    if prior.unit != "years" or prior.edges[0] < method["youngest"] or prior.edges[-1] > method["oldest"]:
        raise OutsideValidity(
            f"prior from {prior.edges[0]:g} to {prior.edges[-1]:g} {prior.unit}: {method['key']} holds from "
            f"{method['youngest']} to {method['oldest']} years",
            "state a prior inside these ages",
        )
    likelihood = length_likelihood if each["model"] == "pow_law" else stage_likelihood
    likely = likelihood(scored, prior.middles, each, code)
    held = prior.weighed(likely)
    remarks = [f"prior: from {prior.edges[0]:g} to {prior.edges[-1]:g} years, mean {prior.mean:.1f}"]
    whole = Distribution.uniform(method["youngest"], method["oldest"], unit="years")
    remarks += contradicted(prior, whole.weighed(likelihood(scored, whole.middles, each, code)))
    if likely[-1] > OPEN_END * likely.max():
        remarks.append(f"open above: {held.quantile(0.05):.1f} years or older (95 %); the upper end is the prior's")
    if likely[0] > OPEN_END * likely.max():
        remarks.append(f"open below: {held.quantile(0.95):.1f} years or younger (95 %); the lower end is the prior's")
    return Estimate("age", PublishedMethod.of(method | {"table": each["file"]}), {code: scored, "name": each["name"]}, held,
                    tuple(remarks))  # fmt: skip


def length_likelihood(scored: float | str, ages: Array, each: Mapping[str, Any], code: str) -> Array:
    """Density of a measurement at each age.

    Raises:
        BadScore: not a number above zero.
        OutsideValidity: far below the mean of a newborn or above that of the eldest.
    """
    if isinstance(scored, (str, bool)) or not (np.isfinite(scored) and scored > 0):
        raise BadScore(f"{code} is {scored!r}", f"give {each['name']} as a number above zero")
    youngest, eldest = np.array([0.0]), np.array([float(published("subadult")["method"]["oldest"])])
    low = _mean(youngest, each)[0] - FARTHEST * _spread(youngest, each)[0]
    high = _mean(eldest, each)[0] + FARTHEST * _spread(eldest, each)[0]
    if not low <= scored <= high:
        raise OutsideValidity(
            f"{code} of {scored:g} mm lies outside {low:.0f} to {high:.0f} mm",
            f"give {each['name']}, between epiphyses",
        )
    spread = _spread(ages, each)
    return np.asarray(np.exp(-(((scored - _mean(ages, each)) / spread) ** 2) / 2) / spread)


def stage_likelihood(scored: float | str, ages: Array, each: Mapping[str, Any], code: str) -> Array:
    """Probability of a stage at each age.

    Raises:
        BadScore: not a stage of this indicator.
    """
    at = next((k for k, names in enumerate(each["stages"]) if str(scored) in names), None)
    if at is None:
        stages = ", ".join(" or ".join(names) for names in each["stages"])
        raise BadScore(f"{code} has no stage {scored!r}", f"stages of {each['name']} are {stages}")
    mean, spread = _mean(ages, each), _spread(ages, each)
    ends = [-np.inf, *each["thresholds"], np.inf]
    return np.asarray(normal_cdf((ends[at + 1] - mean) / spread) - normal_cdf((ends[at] - mean) / spread))


def _mean(ages: Array, each: Mapping[str, Any]) -> Array:
    """Mean of the indicator at each age: mm, or on the latent scale."""
    if each["model"] == "pow_law":
        return np.asarray(each["scale"] * ages ** each["power"] + each["offset"])
    if each["model"] == "pow_law_ord":
        return np.asarray(ages ** each["power"])
    return np.log(ages) if each["model"] == "log_ord" else ages


def _spread(ages: Array, each: Mapping[str, Any]) -> Array:
    """Standard deviation of the indicator at each age."""
    return np.asarray(each["sd"] * (1 + each.get("sd_growth", 0.0) * ages))
