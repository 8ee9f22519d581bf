"""Runs a blind search of all profiles against all families and files what it found: ranks, never identifications."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from dokaz import kinship
from dokaz.casework.filing import Filing
from dokaz.identification.acts import search as file_search
from dokaz.identification.engine import Question, question
from dokaz.identification.models import Search
from dokaz.kinship import UnseenAllelePolicy
from dokaz.missing.models import Family, Frequencies
from dokaz.mortuary.models import Profile

# One candidate a family of two wrong ones in a million is a good beginning: 10 000 times likelier than a stranger.
DEFAULT_THRESHOLD_LOG10_LR = 4.0
KEEP_CANDIDATES = 5_000


def decimal_text(value: float) -> str:
    """A computed number as the ledger carries it: the shortest decimal that reads back to the same double.

    Example:
        >>> decimal_text(0.1), decimal_text(float("-inf"))
        ('0.1', '-inf')
    """
    return repr(value) if math.isfinite(value) else ("-inf" if value < 0 else "inf")


@dataclass(frozen=True)
class Found:
    """A search as computed: what was asked, and every pair's likelihood ratio marker by marker."""

    asked: Question
    result: kinship.Search


def compute(
    frequencies: Frequencies,
    *,
    policy: UnseenAllelePolicy | None = None,
    profiles: Iterable[Profile] | None = None,
    families: Iterable[Family] | None = None,
) -> Found:
    """Compare profiles with families; all that stand, where none are named.

    Args:
        policy: What to do with alleles that have no frequency; without one they are an error.
    """
    asked = question(frequencies, policy=policy, profiles=profiles, families=families)
    return Found(asked, kinship.search(asked.profiles, asked.families))


def run(
    filing: Filing,
    *,
    frequencies: Frequencies,
    threshold_log10_lr: float = DEFAULT_THRESHOLD_LOG10_LR,
    policy: UnseenAllelePolicy | None = None,
    found: Found | None = None,
) -> Search:
    """Compare every profile that stands with every family, and file the candidates at or above a threshold.

    Args:
        threshold_log10_lr: log10 of the likelihood ratio from which a pair is kept.
        policy: What to do with alleles that have no frequency; without one they are an error.
        found: The search, where it was computed already.
    """
    found = found or compute(frequencies, policy=policy)
    asked, result = found.asked, found.result
    candidates = result.candidates(threshold_log10_lr)
    left_out = list(asked.left_out)
    left_out += [
        {"what": f"{added.marker} {added.allele}", "why": f"had no frequency; was given {added.frequency}"}
        for added in result.assumptions.added
    ]
    if len(candidates) > KEEP_CANDIDATES:
        beyond = len(candidates) - KEEP_CANDIDATES
        left_out.append({"what": f"{beyond} candidates", "why": f"only the best {KEEP_CANDIDATES} are kept"})
    return file_search(
        filing,
        frequencies=frequencies,
        engine=f"dokaz {version('dokaz')}",
        threshold_log10_lr=decimal_text(threshold_log10_lr),
        profiles=len(asked.profiles),
        families=len(asked.families),
        missing=sum(len(f.missing) for f in asked.families),
        left_out=left_out,
        candidates=[_as_json(c, asked) for c in candidates[:KEEP_CANDIDATES]],
    )


def _as_json(candidate: Mapping[str, Any], asked: Question) -> dict[str, Any]:
    record = asked.records[candidate["profile"]]
    return {
        "profile": candidate["profile"],
        "unit": record.sample.unit.number,
        "family": candidate["family"],
        "missing": candidate["missing"],
        "log10_lr": decimal_text(float(candidate["log10_lr"])),
        "inconsistent": list(candidate["inconsistent"]),
    }
