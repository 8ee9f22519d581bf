"""Compares all profiles with all families, blind: what comes out are ranks, never identifications.

``compute`` comes before the filing: a search of thousands of profiles takes long, and keeps nobody waiting.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from dokaz import kinship
from dokaz.identification.evidence import Candidate, SearchResult
from dokaz.identification.kinship_input import KinshipInput, question
from dokaz.identification.left_out import left_out, mutation_models
from dokaz.kinship import UnseenAllelePolicy
from dokaz.missing.models import Frequencies

if TYPE_CHECKING:
    from dokaz.kinship.blind.candidates import Candidates

# One candidate a family of two wrong ones in a million is a good beginning: 10 000 times likelier than a stranger.
DEFAULT_THRESHOLD_LOG10_LR = 4.0
# How many candidates are kept of each profile, and of each missing person.
KEEP_EACH = 10


def decimal_text(value: float) -> str:
    """A computed number as the ledger carries it: the shortest decimal that reads back to the same double.

    Example:
        >>> decimal_text(0.1), decimal_text(float("-inf"))
        ('0.1', '-inf')
    """
    return repr(value) if math.isfinite(value) else ("-inf" if value < 0 else "inf")


@dataclass(frozen=True)
class Found:
    """A search as computed: what was asked, and the strongest candidates of every profile and of every missing person."""

    frequencies: Frequencies
    asked: KinshipInput
    candidates: Candidates

    def pair(self, profile: str, person: str) -> kinship.BlindSearch:
        """One profile and one missing person, marker by marker.

        Args:
            profile, person: Their numbers.
        """
        family = next(f for f in self.asked.families if person in f.missing)
        alone = self.asked.profiles.only([profile])
        return kinship.search(alone, [replace(family, missing=(person,))])

    def everybody(self, profile: str) -> list[tuple[str, float]]:
        """Every missing person whom a profile does not exclude, with log10 LR, strongest first; ties in order of number."""
        all_of_them = kinship.search(self.asked.profiles.only([profile]), self.asked.families)
        found = zip(all_of_them.missing, all_of_them.log10_lr[0], strict=True)
        known = [(person, float(value)) for person, value in found if value > -math.inf]
        return sorted(known, key=lambda row: (-row[1], row[0]))


def compute(
    frequencies: Frequencies,
    *,
    threshold_log10_lr: float = 0.0,
    policy: UnseenAllelePolicy | None = None,
) -> Found:
    """Compare every profile that stands with every family; memory does not grow with the number of pairs.

    Args:
        threshold_log10_lr: log10 of the likelihood ratio from which a pair is kept.
        policy: What to do with alleles that have no frequency; without one they are an error.
    """
    asked = question(frequencies, policy=policy)
    candidates = kinship.find_candidates(
        asked.profiles, asked.families, keep=KEEP_EACH, at_least_log10_lr=threshold_log10_lr
    )
    return Found(frequencies, asked, candidates)


def result_of(found: Found, *, threshold_log10_lr: float = DEFAULT_THRESHOLD_LOG10_LR) -> SearchResult:
    """The candidates of a search at or above a threshold, as the act ``search`` files them.

    Args:
        threshold_log10_lr: log10 of the likelihood ratio from which a pair is kept; at least that of ``compute``.
    """
    asked = found.asked
    pairs = [p for p in found.candidates.pairs() if float(str(p["log10_lr"])) >= threshold_log10_lr]
    aside = [
        *asked.left_out,
        *(
            left_out(f"{added.marker} {added.allele}", "frequency_given", frequency=repr(added.frequency))
            for added in found.candidates.assumptions.added
        ),
        *mutation_models(asked.profiles.markers),
        left_out("", "weaker", kept=KEEP_EACH),
    ]
    return SearchResult(
        frequencies=found.frequencies,
        ledger_size=asked.read,
        engine=f"dokaz {version('dokaz')}",
        threshold_log10_lr=decimal_text(threshold_log10_lr),
        profiles=len(asked.profiles),
        families=len(asked.families),
        missing=sum(len(f.missing) for f in asked.families),
        left_out=aside,
        candidates=[_candidate(pair, asked) for pair in pairs],
    )


def _candidate(pair: Mapping[str, Any], asked: KinshipInput) -> Candidate:
    record = asked.records[pair["profile"]]
    return Candidate(
        profile=pair["profile"],
        unit=record.sample.unit.number,
        family=pair["family"],
        missing=pair["missing"],
        log10_lr=decimal_text(float(pair["log10_lr"])),
    )
