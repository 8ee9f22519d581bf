"""Sex of adults from scored traits of the skull and the pelvis: a probability with its prior, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, isfinite, log

from dokaz.errors import BadScore
from dokaz.physical.methods import PublishedMethod, one_of, published


@dataclass(frozen=True)
class SexEstimate:
    """How much scored traits speak for a man rather than a woman.

    Args:
        method: By which method.
        scored: Score of each trait.
        log_lr: Natural logarithm of the likelihood ratio, male against female; below zero it speaks for a woman.
        prior_male: Probability of a man before the traits were looked at.
        remarks: What a reader must know beside the number.
    """

    method: PublishedMethod
    scored: Mapping[str, int]
    log_lr: float
    prior_male: float
    remarks: tuple[str, ...]

    @property
    def probability_male(self) -> float:
        """Probability of a man, by Bayes from the prior and the likelihood ratio."""
        return 1 / (1 + exp(-(self.log_lr + log(self.prior_male / (1 - self.prior_male)))))


def sex_from(scores: Mapping[str, int], *, method: str, prior_male: float) -> SexEstimate:
    """Sex from the traits that a method asks for, all of them.

    The published function gives the probability of a man where as many men and women as in its sample were possible. It
    is taken back to a likelihood ratio by the odds of the sample, and the stated prior is put in their place. Methods that
    share traits or a bone repeat each other: their ratios are not multiplied.

    Assumes an adult of the method's population: skulls of men are more robust in some populations than in others.

    Args:
        scores: Trait and score, 1 (most like a woman) to 5 (most like a man), as Buikstra & Ubelaker 1994 or the method
            draws them.
        prior_male: Share of men among those who could lie here; above 0, below 1.

    Raises:
        NoSuchMethod: no such method.
        BadScore: a trait missing, unknown, or not scored 1 to 5; a prior that leaves nothing to decide.

    Source: Walker 2005, 2008; Klales, Ousley & Vollner 2012.
    Example: the functions are logistic; here 1.375 · 3 + 1.185 · 3 + 1.15 · 3 − 9.128 = 2.002
        >>> scores = {"glabella": 3, "mastoid": 3, "mental_eminence": 3}
        >>> found = sex_from(scores, method="walker_2008", prior_male=164 / 304)
        >>> round(found.probability_male, 4)  # 1 / (1 + exp(−2.002))
        0.881
    """
    if not (isfinite(prior_male) and 0 < prior_male < 1):
        raise BadScore(f"a prior of {prior_male} for a man leaves nothing to decide", "state a number between 0 and 1")
    figures = published("sex")
    entry = one_of([*figures["functions"], *figures["tables"]], method, None)
    traits = list(entry["slopes"]) if "slopes" in entry else [entry["trait"]]
    missing, unknown = [t for t in traits if t not in scores], [t for t in scores if t not in traits]
    if missing or unknown:
        raise BadScore(
            f"{method} scores {', '.join(traits)}; " + " and ".join(
                f"{word} {', '.join(names)}" for word, names in (("missing:", missing), ("unknown:", unknown)) if names
            ),
            "score all of its traits, or take a method whose traits are there",
        )  # fmt: skip
    for trait in traits:
        score = scores[trait]
        if isinstance(score, bool) or not isinstance(score, int) or not 1 <= score <= 5:
            raise BadScore(
                f"{trait} is scored {score!r}", "scores are whole numbers from 1 to 5; leave out what was not"
            )
    if "slopes" in entry:
        log_odds = entry["intercept"] + sum(entry["slopes"][trait] * scores[trait] for trait in traits)
    else:
        share = entry["share_male"][str(scores[traits[0]])]
        log_odds = log(share / (1 - share))
    remarks = [f"prior: {prior_male:.0%} men"]
    if entry["males"] is None:
        remarks.append("the sample's numbers of men and women are not known here and taken as equal")
        sample = 0.0
    else:
        sample = log(entry["males"] / entry["females"])
    return SexEstimate(PublishedMethod.of(entry), dict(scores), log_odds - sample, prior_male, tuple(remarks))
