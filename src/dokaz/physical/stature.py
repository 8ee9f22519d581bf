"""Stature from the length of a long bone, by published regressions, and what relatives report of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt

from dokaz.errors import BadScore, NoSuchMethod, OutsideValidity
from dokaz.physical.distributions import Distribution
from dokaz.physical.methods import Estimate, PublishedMethod, one_of, published

#: Reports are not mistaken by more than this on the average, cm; a larger number is in another unit.
MOST_MISTAKEN_CM = 20.0


def stature_from(bone: str, length_cm: float, *, method: str, sex: str) -> Estimate:
    """Stature in the prime of life from one long bone.

    Assumes a body of the method's population: proportions differ between populations and generations. The spread is
    the published standard error of the regression; it lacks what the sample's own mean and slope leave open, a few
    hundredths of it within the range of lengths.

    Args:
        length_cm: Maximum length of the dry bone, cm; the mean where both sides were measured.

    Raises:
        NoSuchMethod: the method has no equation for this bone or sex.
        OutsideValidity: the bone is shorter or longer than the method's.

    Source: Trotter & Gleser 1952, 1958.
    Example:
        >>> found = stature_from("femur", 45.0, method="trotter_gleser_1952", sex="male")
        >>> round(found.distribution.mean, 2), round(found.distribution.sd, 2)  # 2.38 · 45 + 61.41, and 3.27
        (168.51, 3.27)
    """
    entry = one_of(published("stature")["methods"], method, sex)
    equations = {each["bone"]: each for each in entry["equations"]}
    if bone not in equations:
        raise NoSuchMethod(f"{method} has no equation for {bone!r} ({sex})", f"it has {', '.join(equations)}")
    found = equations[bone]
    if not found["shortest_cm"] <= length_cm <= found["longest_cm"]:
        raise OutsideValidity(
            f"{bone} of {length_cm:g} cm: {method} holds from {found['shortest_cm']:g} to {found['longest_cm']:g} cm "
            f"({sex})",
            "lengths are in centimetres; if this one is right, the method does not apply",
        )
    return Estimate(
        of="stature",
        method=PublishedMethod.of(entry),
        scored={"bone": bone, "length_cm": length_cm, "sex": sex},
        distribution=Distribution.normal(
            found["slope"] * length_cm + found["intercept_cm"], found["se_cm"], unit="cm", low=0
        ),
    )


def statures_from(lengths_cm: Mapping[str, float], *, method: str, sex: str) -> list[Estimate]:
    """One estimate a bone, the one of least spread first.

    Bones of one body are of one stature and err together: their estimates are shown side by side and never
    multiplied. The first one is the one to use.

    Raises:
        BadScore: no bones.
    """
    if not lengths_cm:
        raise BadScore("no bones were measured", "give the maximum length of a long bone, in cm")
    found = [stature_from(bone, length, method=method, sex=sex) for bone, length in lengths_cm.items()]
    return sorted(found, key=lambda each: each.distribution.sd)


def at_death(estimate: Estimate, age_years: float) -> Estimate:
    """The estimate less what height is lost with age, 0.06 cm a year from 30 years on.

    The loss differs between people and between studies (Galloway 1988: 0.16 cm a year from 45 years on).

    Requires age_years >= 0.
    Source: Trotter & Gleser 1951.
    """
    if not 0 <= age_years <= 120:
        raise BadScore(f"{age_years:g} is no age at death", "give years, from 0 to 120")
    loss = published("stature")["loss_with_age"]
    lost = loss["cm_per_year"] * max(0.0, age_years - loss["from_years"])
    whole = estimate.distribution
    return replace(
        estimate,
        scored={**estimate.scored, "age_years": age_years},
        distribution=Distribution(whole.edges - lost, whole.masses, whole.unit),
        remarks=(*estimate.remarks, f"{lost:.1f} cm less than in the prime of life, for an age of {age_years:g} years"),
    )


def as_reported(estimate: Estimate, *, overstated_cm: float, spread_cm: float) -> Estimate:
    """What relatives or papers would report of a person of this stature.

    Relatives overstate. By how much differs between countries and sexes, so that whoever asks states the figures that
    are used: none is built in.

    Args:
        overstated_cm: Mean of reported less measured stature.
        spread_cm: Standard deviation of the same.

    Example:
        >>> found = stature_from("femur", 45.0, method="trotter_gleser_1952", sex="male")
        >>> told = as_reported(found, overstated_cm=2.0, spread_cm=3.0).distribution
        >>> round(told.mean, 2), round(told.sd, 2)  # 168.51 + 2, and the root of 3.27² + 3²
        (170.51, 4.44)
    """
    if not (0 <= spread_cm <= MOST_MISTAKEN_CM and abs(overstated_cm) <= MOST_MISTAKEN_CM):
        raise BadScore(
            f"reports that are {overstated_cm:g} cm more than measured, give or take {spread_cm:g} cm",
            f"give a mean and a standard deviation in cm, of {MOST_MISTAKEN_CM:g} cm at most",
        )
    was = estimate.distribution
    told = Distribution.normal(
        was.mean + overstated_cm, sqrt(was.sd**2 + spread_cm**2), unit="cm", low=0
    )  # fmt: skip
    return replace(
        estimate,
        distribution=told,
        remarks=(
            *estimate.remarks,
            f"as reported: {overstated_cm:g} cm more than measured on the average, give or take {spread_cm:g} cm",
        ),
    )
