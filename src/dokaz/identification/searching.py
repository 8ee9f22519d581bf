"""Runs a blind search of all profiles against all families and files what it found: ranks, never identifications."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

from dokaz.casework.filing import Filing
from dokaz.identification.acts import search as file_search
from dokaz.identification.engine import question
from dokaz.identification.models import Search
from dokaz.kinship import UnseenAllelePolicy
from dokaz.missing.models import Frequencies

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


def run(
    filing: Filing,
    *,
    frequencies: Frequencies,
    threshold_log10_lr: float = DEFAULT_THRESHOLD_LOG10_LR,
    policy: UnseenAllelePolicy | None = None,
) -> Search:
    """Compare every profile that stands with every family, and keep the candidates at or above a threshold.

    Args:
        threshold_log10_lr: log10 of the likelihood ratio from which a pair is kept.
        policy: What to do with alleles that have no frequency; without one they are an error.
    """
    from dokaz.kinship import search

    asked = question(frequencies, policy=policy)
    found = search(asked.profiles, asked.families)
    candidates = found.candidates(threshold_log10_lr)
    left_out = list(asked.left_out)
    left_out += [
        {"what": f"{added.marker} {added.allele}", "why": f"had no frequency; was given {added.frequency}"}
        for added in found.assumptions.added
    ]
    if len(candidates) > KEEP_CANDIDATES:
        left_out.append(
            {
                "what": f"{len(candidates) - KEEP_CANDIDATES} candidates",
                "why": f"only the best {KEEP_CANDIDATES} are kept",
            }
        )
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


def _as_json(candidate: Any, asked: Any) -> dict[str, Any]:
    record = asked.records[candidate["profile"]]
    return {
        "profile": candidate["profile"],
        "unit": record.sample.unit.number,
        "family": candidate["family"],
        "missing": candidate["missing"],
        "log10_lr": decimal_text(float(candidate["log10_lr"])),
        "inconsistent": list(candidate["inconsistent"]),
    }
