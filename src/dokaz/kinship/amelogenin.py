"""Amelogenin: a check of a sample's sex, never a factor of a likelihood ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokaz.errors import BadProfile
from dokaz.kinship.model.pedigree import Sex


@dataclass(frozen=True)
class SexCheck:
    """The sex that amelogenin shows of a sample, and the sex that is stated.

    Args:
        sample: Id of the sample.
        seen: Sex by amelogenin; unknown where nothing or only Y was seen.
        stated: Sex stated for the sample or its place in a pedigree.
        caution: Why the reading may mislead; empty where there is no known reason.
    """

    sample: str
    seen: Sex
    stated: Sex
    caution: str = ""

    @property
    def contradicts(self) -> bool:
        """Both are known and differ."""
        return Sex.UNKNOWN not in (self.seen, self.stated) and self.seen is not self.stated

    @property
    def conflict(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        if self.contradicts:
            caution = f" ({self.caution})" if self.caution else ""
            return f"{self.sample}: {self.seen.name.lower()} by amelogenin, stated {self.stated.name.lower()}{caution}"
        return f"{self.sample}: {self.caution}" if self.caution and self.seen is Sex.UNKNOWN else ""


def amelogenin_sex(sample: str, alleles: Sequence[str], stated: Sex = Sex.UNKNOWN) -> SexCheck:
    """Read the sex off an amelogenin typing.

    X alone may be a man whose Y dropped out or is deleted there; Y alone is a typing fault.

    Args:
        alleles: As "X", "Y"; none for an untyped sample.

    Raises:
        BadProfile: an allele that is neither X nor Y.

    Example:
        >>> amelogenin_sex("V1", ("X", "Y"), Sex.FEMALE).contradicts
        True
    """
    shown = {allele.strip().upper() for allele in alleles}
    if shown - {"X", "Y"}:
        odd = sorted(shown - {"X", "Y"})[0]
        raise BadProfile(f"{sample}: amelogenin allele {odd!r}", next_step="amelogenin is typed X or Y")
    if shown == {"X", "Y"}:
        return SexCheck(sample, Sex.MALE, stated)
    if shown == {"X"}:
        return SexCheck(sample, Sex.FEMALE, stated, "X alone: the Y may have dropped out or be deleted")
    if shown == {"Y"}:
        return SexCheck(sample, Sex.UNKNOWN, stated, "Y without X: the X must have dropped out; retype")
    return SexCheck(sample, Sex.UNKNOWN, stated)
