"""What sex, age, stature and teeth weigh for one missing person: likelihood ratios that never reach zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log10

import numpy as np

from dokaz.errors import BadScore, CorrelationUnstated, NotComputable
from dokaz.physical.distributions import Distribution
from dokaz.physical.methods import Estimate
from dokaz.physical.sex import SexEstimate
from dokaz.physical.teeth import compare_charts, share_as_similar


@dataclass(frozen=True)
class LineRatio:
    """The likelihood ratio of one line of evidence: this missing person against somebody of the reference population.

    Args:
        about: ``sex``, ``age``, ``stature`` or ``teeth``.
        ratio: Above one it speaks for this person, below one against; never zero.
        against: The reference population, in words.
        useless: Share of cases in which record or score say nothing (stated by whoever asks); the ratio is at least that.
    """

    about: str
    ratio: float
    against: str
    useless: float

    @property
    def log10(self) -> float:
        """Common logarithm of the ratio."""
        return log10(self.ratio)


@dataclass(frozen=True)
class Together:
    """Several lines of evidence taken together.

    Args:
        product: Their product, right if they are independent of each other as ``because`` says.
        cautious: The ratio nearest to one among them: all that would be left if they told the same thing.
        because: Why they may be multiplied, in the words of whoever did it.
    """

    product: float
    cautious: float
    because: str


def _with_errors(ratio: float, useless: float, about: str, against: str) -> LineRatio:
    """Allow for records and scores that say nothing: a person is never ruled out by a trait.

    With probability ``useless`` what was observed has nothing to do with the person, and weighs 1.
    """
    if not (isfinite(useless) and 0 < useless < 1):
        raise BadScore(
            f"a share of useless records of {useless}",
            "state how often a record or a score is wrong altogether, above 0 and below 1; with 0 a trait would rule out",
        )
    if not against.strip():
        raise BadScore("a likelihood ratio names the population that it compares with")
    return LineRatio(about, (1 - useless) * ratio + useless, against, useless)


def sex_ratio(estimate: SexEstimate, reported: str, *, share_male: float, useless: float, against: str) -> LineRatio:
    """How much the scored sex speaks for a person of a reported sex.

    Args:
        reported: ``male`` or ``female``.
        share_male: Share of men in the reference population.

    Example: a score that says nothing weighs nothing
        >>> from dokaz.physical.sex import sex_from
        >>> found = sex_from({"sciatic_notch": 3}, method="walker_2005", prior_male=0.5)
        >>> round(sex_ratio(found, "male", share_male=0.5, useless=0.01, against="as many men as women").ratio, 2)
        1.7
    """
    if reported not in ("male", "female"):
        raise BadScore(f"reported sex {reported!r}", "male or female; where it is not known, there is no ratio")
    if not 0 < share_male < 1:
        raise BadScore(f"a share of men of {share_male}", "state a number between 0 and 1")
    male = exp(estimate.log_lr)
    expected = share_male * male + (1 - share_male)
    return _with_errors((male if reported == "male" else 1.0) / expected, useless, "sex", against)


def trait_ratio(
    estimate: Estimate, person: Distribution, reference: Distribution, *, useless: float, against: str
) -> LineRatio:
    """How much an age or stature speaks for a person: the mean over the person of estimate over reference.

    By Bayes, the probability of what was scored at an age over its probability in the population is the estimate's
    density over the prior's, if the estimate was made with the population as its prior. An estimate without a prior
    took its sample's ages or statures as one, and then ``reference`` should be near to that sample.

    Args:
        person: What is known of the missing person's age or stature, as wide as the report is vague.
        reference: Ages or statures of the population compared with, for stature of the same sex.

    Raises:
        BadScore: units that differ.
        NotComputable: a person whom the population does not hold.
    """
    units = {estimate.distribution.unit, person.unit, reference.unit}
    if len(units) > 1:
        raise BadScore(f"units differ: {', '.join(sorted(units))}")
    known = person.on(reference.edges)
    # What the estimate holds outside the population speaks for nobody in it.
    held = np.diff([estimate.distribution.below(edge) for edge in reference.edges])
    if (known.masses[reference.masses <= 0] > 0).any():
        raise NotComputable(
            f"the reference population holds nobody of this person's {estimate.of}", "take one that is wide enough"
        )
    there = reference.masses > 0
    ratio = float((held[there] / reference.masses[there]) @ known.masses[there])
    return _with_errors(ratio, useless, estimate.of, against)


def teeth_ratio(
    before: Mapping[str, str],
    after: Mapping[str, str],
    population: Sequence[Mapping[str, str]],
    *,
    mistaken: float,
    useless: float,
    against: str,
) -> LineRatio:
    """How much a dental chart speaks for a person, from how many others' would agree as well.

    Args:
        mistaken: Share of teeth that are charted wrongly; each excluding difference needs one such mistake.

    Raises:
        NotComputable: no tooth known in both charts, no population.
    """
    if not 0 < mistaken < 1:
        raise BadScore(f"a share of wrongly charted teeth of {mistaken}", "state a number between 0 and 1")
    found = compare_charts(before, after)
    if not found.compared:
        raise NotComputable("no tooth is known in both charts")
    # Probability of so many mistakes or more, were it this person, over the share of others who agree as well.
    return _with_errors(
        _so_many_or_more(len(found.excluding), found.compared, mistaken) / share_as_similar(before, after, population),
        useless, "teeth", against,
    )  # fmt: skip


def _so_many_or_more(mistakes: int, teeth: int, share: float) -> float:
    """Probability of at least so many mistakes on so many teeth (binomial)."""
    term, fewer = (1 - share) ** teeth, 0.0
    for k in range(mistakes):
        fewer += term
        term *= (teeth - k) / (k + 1) * share / (1 - share)
    return max(1 - fewer, term)


def taken_together(lines: Sequence[LineRatio], *, because: str) -> Together:
    """Multiply ratios of several lines, with the reason why that is allowed.

    Stature by equations for a sex, and age by phases for a sex, are ratios given that sex: they may be multiplied with
    that of sex. Two bones' statures, two indicators' ages, or a skull's and a pelvis' sex repeat each other.

    Raises:
        BadScore: no lines.
        CorrelationUnstated: two lines about the same, lines against different populations, or no reason.

    Example:
        >>> both = [LineRatio(about, ratio, "the missing", 0.01) for about, ratio in (("sex", 1.8), ("age", 2.0))]
        >>> taken_together(both, because="phases of the pubic symphysis for men, given that sex").product
        3.6
    """
    if not lines:
        raise BadScore("no lines of evidence to take together")
    about = [line.about for line in lines]
    if len(set(about)) < len(about):
        raise CorrelationUnstated(
            f"two lines about {next(name for name in about if about.count(name) > 1)} repeat each other",
            "take the one of least spread, chosen before looking at the person",
        )
    if len({line.against for line in lines}) > 1:
        raise CorrelationUnstated(
            "ratios against different populations cannot be multiplied", "compute them against one and the same"
        )
    if len(lines) > 1 and not because.strip():
        raise CorrelationUnstated(
            f"{', '.join(about)} would be multiplied without a reason",
            "say why they are independent, or given what each was computed",
        )
    product = 1.0
    for line in lines:
        product *= line.ratio
    return Together(product, min((line.ratio for line in lines), key=lambda ratio: abs(log10(ratio))), because)
