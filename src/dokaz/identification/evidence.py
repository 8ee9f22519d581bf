"""What a search and a comparison hold, as plain values: candidates, and likelihood ratios by marker."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from dokaz.casework import journal
from dokaz.casework.filing import Filing
from dokaz.errors import BadChoice, WrongKind, WrongState, sentence
from dokaz.graves.models import RecoveryUnit
from dokaz.identification.models import Discipline
from dokaz.missing.models import Donor, Family, Frequencies, MissingPerson, Reference
from dokaz.mortuary.models import Profile

_LOG10 = re.compile(r"-?([0-9]{1,6}(\.[0-9]{1,40})?(e[+-]?[0-9]{1,3})?|inf)")


def require_log10(**values: str) -> None:
    """Refuse what is not a logarithm, written as a decimal number, ``inf`` or ``-inf``.

    Raises:
        WrongKind: one of ``values`` is something else.
    """
    for name, value in values.items():
        if not _LOG10.fullmatch(value):
            raise WrongKind(name, value, sentence("a number, as 4.25, or -inf"))


class MarkerEvidence(TypedDict):
    """What one marker says: log10 of its likelihood ratio as text, None where it was not compared; and why."""

    marker: str
    log10_lr: str | None
    state: str


class OtherCandidate(TypedDict):
    """Another pair of which one side is the same."""

    missing: str
    unit: str
    log10_lr: str


@dataclass(frozen=True)
class DnaEvidence:
    """What a DNA comparison rests on, as ``comparing.dna_evidence`` computes it.

    Args:
        log10_lr: log10 of the likelihood ratio, as decimal text, or -inf.
        inputs: The versions that were compared, the program, and as ``ledger_size`` how many entries the ledger held.
    """

    profile: Profile
    family: Family
    frequencies: Frequencies
    log10_lr: str
    per_marker: Sequence[MarkerEvidence]
    other_candidates: Sequence[OtherCandidate]
    inputs: Mapping[str, Any]

    def must_fit(self, person: MissingPerson, unit: RecoveryUnit, discipline: str) -> None:
        """Refuse evidence of another unit, family or discipline, and figures that are none.

        Raises:
            BadChoice: the profile is of another unit, the family misses somebody else, or it is no DNA comparison.
            WrongState: the profile was withdrawn.
            WrongKind: a likelihood ratio is not a number.
        """
        if discipline != Discipline.DNA:
            raise BadChoice("discipline", discipline, [Discipline.DNA.value])
        if self.profile.sample.unit_id != unit.id:
            raise BadChoice("profile", self.profile.number, [sentence("a profile of {number}", number=unit.number)])
        if self.profile.withdrawn:
            raise WrongState(self.profile.number, sentence("withdrawn"), [sentence("a profile that was not withdrawn")])
        if person.number not in {m["missing"] for m in self.family.members}:
            raise BadChoice(
                "family", self.family.number, [sentence("a pedigree that names {number}", number=person.number)]
            )
        for one in (*self.per_marker, *self.other_candidates):
            if one["log10_lr"] is not None:
                require_log10(log10_lr=one["log10_lr"])
        require_log10(log10_lr=self.log10_lr)

    def must_be_current(self, filing: Filing) -> None:
        """Refuse a likelihood ratio if what it rests on changed after it was computed; other people's records may have.

        Raises:
            WrongKind: it does not say how many entries the ledger held when it was computed.
            InputsChanged: a profile of the sample, the family, one of its donors or references, or the table was filed
                since.
        """
        read = self.inputs.get("ledger_size")
        if not isinstance(read, int) or not 0 <= read <= journal.size():
            raise WrongKind("ledger_size", read, sentence("how many entries the ledger held when it was computed"))
        of_sample = Profile.objects.filter(sample=self.profile.sample_id)
        donors, references = (
            Donor.objects.filter(family=self.family),
            Reference.objects.filter(donor__family=self.family),
        )
        records: list[Any] = [*of_sample, self.family, *donors, *references, self.frequencies]
        filing.require_unchanged(read, records=[record.id for record in records])


class Candidate(TypedDict):
    """A pair at or above the threshold of a search: a rank, never an identification."""

    profile: str
    unit: str
    family: str
    missing: str
    log10_lr: str


@dataclass(frozen=True)
class SearchResult:
    """A blind search as it was computed.

    Args:
        ledger_size: How many entries the ledger held when the search began to read.
        engine: Program and version.
        threshold_log10_lr: From which log10 LR candidates are kept, as decimal text.
        profiles, families, missing: How many were compared.
        candidates: Best first.
    """

    frequencies: Frequencies
    ledger_size: int
    engine: str
    threshold_log10_lr: str
    profiles: int
    families: int
    missing: int
    left_out: Sequence[Mapping[str, Any]]
    candidates: Sequence[Candidate]
