"""Reference check: families that contradict their own pedigree, and which single error would explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dokaz.kinship.amelogenin import amelogenin_sex
from dokaz.kinship.exact.likelihood import ln_likelihood, terms_of
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles


@dataclass(frozen=True)
class Explanation:
    """One single error that would remove contradictions.

    Args:
        what: In words, as "R1 is not the father of C2" or "the profile of R1 is not theirs".
        markers_explained: Contradictory markers that it makes possible.
        ln_likelihood: Of the corrected family, over all markers, without mutation; -inf where some stay impossible.
    """

    what: str
    markers_explained: int
    ln_likelihood: float


@dataclass(frozen=True)
class ReferenceCheck:
    """Whether a family's profiles are possible given its pedigree, without mutation.

    Args:
        family: Its name.
        markers_typed: Markers with at least two typed relatives.
        inconsistent_markers: Markers that are impossible under the stated pedigree unless a mutation happened.
        explanations: Single errors that explain at least one of them; most markers first, then the likelier.
        sex_conflicts: People whose amelogenin or profile sex is not the pedigree's.
    """

    family: str
    markers_typed: int
    inconsistent_markers: tuple[str, ...]
    explanations: tuple[Explanation, ...] = ()
    sex_conflicts: tuple[str, ...] = ()

    @property
    def is_consistent(self) -> bool:
        """No marker and no sex speaks against the pedigree."""
        return not self.inconsistent_markers and not self.sex_conflicts

    @property
    def full_explanations(self) -> tuple[Explanation, ...]:
        """Single errors that explain every contradiction."""
        return tuple(e for e in self.explanations if e.markers_explained == len(self.inconsistent_markers))


def check_references(
    pedigree: Pedigree,
    profiles: Profiles,
    *,
    family: str = "",
    linked: Sequence[Linked] = (),
    amelogenin: Mapping[str, Sequence[str]] | None = None,
) -> ReferenceCheck:
    """Look for contradictions between a family's profiles and its stated pedigree.

    Assumes no mutation: with one or two contradictory markers a mutation is the likelier explanation, with more a wrong
    parentage or a swapped sample. It names what would explain the contradictions; it does not decide.

    Args:
        pedigree: As the family states it.
        profiles: Of relatives; people outside the pedigree are ignored.
        family: Its name in the result.
        linked: Groups of linked markers, as in `likelihood_ratio`; a group is possible or not as one.
        amelogenin: Alleles by person, "X" and "Y"; compared with the sexes of the pedigree.

    Raises:
        BadProfile: an amelogenin allele that is neither X nor Y.

    Source: Egeland, Kling, Mostad 2016, section 3.4 (pedigree errors before a search).
    """
    members = profiles.only([sample for sample in profiles.ids if sample in pedigree])
    stable = members.without_mutation()
    wrong = np.isneginf(ln_likelihood(pedigree, stable, linked=linked))
    inconsistent = tuple(name for name, bad in zip(terms_of(stable, linked).names, wrong, strict=True) if bad)
    conflicts = tuple(
        f"{sample}: {stated.name.lower()} by profile, {pedigree.sex_of(sample).name.lower()} in the pedigree"
        for sample, stated in zip(members.ids, members.sexes, strict=True)
        if Sex.UNKNOWN not in (stated, pedigree.sex_of(sample)) and stated is not pedigree.sex_of(sample)
    )
    checks = [
        amelogenin_sex(person, alleles, pedigree.sex_of(person))
        for person, alleles in (amelogenin or {}).items()
        if person in pedigree
    ]
    conflicts += tuple(check.conflict for check in checks if check.conflict)
    typed = int((members.typed.sum(axis=0) >= 2).sum())
    found: list[Explanation] = []
    if inconsistent:
        for what, other, people in _single_errors(pedigree, stable):
            corrected = ln_likelihood(other, people, linked=linked)
            explained = int((wrong & ~np.isneginf(corrected)).sum())
            if explained:
                found.append(Explanation(what, explained, float(corrected.sum())))
        found.sort(key=lambda e: (-e.markers_explained, -e.ln_likelihood, e.what))
    return ReferenceCheck(family or pedigree.name, typed, inconsistent, tuple(found), conflicts)


def _single_errors(pedigree: Pedigree, profiles: Profiles) -> Iterator[tuple[str, Pedigree, Profiles]]:
    for member in pedigree:
        for role, parent in (("father", member.father), ("mother", member.mother)):
            if parent is None:
                continue
            cut = replace(member, father=None) if role == "father" else replace(member, mother=None)
            others = tuple(cut if m.id == member.id else m for m in pedigree.members)
            twins = tuple(group for group in pedigree.identical_twins if member.id not in group)
            yield f"{parent} is not the {role} of {member.id}", Pedigree(others, twins, pedigree.name), profiles
    for sample in profiles.ids:
        others_typed = profiles.only([other for other in profiles.ids if other != sample])
        yield f"the profile of {sample} is not theirs", pedigree, others_typed
    for group in pedigree.identical_twins:
        rest = tuple(g for g in pedigree.identical_twins if g != group)
        names = " and ".join(sorted(group))
        yield f"{names} are not identical twins", Pedigree(pedigree.members, rest, pedigree.name), profiles
