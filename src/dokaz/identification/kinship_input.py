"""Turns records into the values that the kinship engine takes; nothing is computed here.

A missing person is called by their number, every other member of a pedigree by family and member, so that no name is met
twice. Profiles are compared whatever their sex: sex is a line of evidence that people weigh, never a filter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dokaz.casework import journal
from dokaz.errors import NothingToCompare, sentence
from dokaz.exchange.reading.genotypes import AMELOGENIN
from dokaz.identification.left_out import left_out
from dokaz.kinship import (
    KinshipFamily,
    MarkerSet,
    Member,
    Pedigree,
    Profiles,
    Sex,
    UnseenAllelePolicy,
)
from dokaz.missing.frequency_markers import marker_set
from dokaz.missing.models import Donor, Family, Frequencies, MissingPerson, Reference
from dokaz.missing.queries import OF_NOBODY
from dokaz.mortuary.models import Profile


@dataclass
class KinshipInput:
    """What a search compares, and what it had to leave out, with the reason.

    Args:
        profiles: One a usable DNA profile, named by its number.
        families: One a family that misses somebody and has a typed relative.
        records: The profile records, by number.
        left_out: As ``left_out.left_out`` makes them.
        read: How many entries the ledger held before the first record was read.
    """

    read: int
    profiles: Profiles
    families: list[KinshipFamily]
    records: dict[str, Profile]
    references: dict[str, list[Reference]]
    left_out: list[dict[str, Any]] = field(default_factory=list)


def question(
    table: Frequencies,
    *,
    profiles: Iterable[Profile] | None = None,
    families: Iterable[Family] | None = None,
    policy: UnseenAllelePolicy | None = None,
) -> KinshipInput:
    """Gather what can be compared: profiles that stand, and families with a consenting typed relative.

    Args:
        table: Frequencies for every marker that is compared.
        profiles: Only these; every profile that stands if not given.
        families: Only these; every family if not given.
        policy: What to do with alleles that have no frequency; without one they are an error.

    Raises:
        NothingToCompare: there is no profile, or no family.
        AlleleWithoutFrequency: an allele has no frequency, and no policy was chosen.
    """
    read = journal.size()
    aside: list[dict[str, Any]] = []
    chosen = list(profiles) if profiles is not None else _standing_profiles(aside)
    records = {p.number: p for p in chosen}
    asked = list(families if families is not None else Family.objects.order_by("number"))
    references = _references(asked, aside)
    markers = marker_set(table.markers, table.mutation)
    known = set(markers.names)
    _say_unknown_markers(chosen, known, aside)
    genotypes = {p.number: _known(p.genotypes, known) for p in chosen}
    relatives = {
        number: {_name(number, r.donor.member): _known(r.genotypes, known) for r in found}
        for number, found in references.items()
    }
    typed = [*genotypes.items(), *(one for by_name in relatives.values() for one in by_name.items())]
    markers = markers.admitting(typed, policy)
    open_reports = _open_reports()
    gathered = []
    for record in asked:
        family = _family(record, relatives.get(record.number, {}), markers, open_reports, aside)
        if family is not None:
            gathered.append(family)
    if not genotypes:
        raise NothingToCompare(
            sentence("no DNA profile stands"), sentence("import the laboratory's profiles (`dokaz import profiles`)")
        )
    if not gathered:
        raise NothingToCompare(
            sentence("no family has a missing person and a typed relative"),
            sentence("import the families (`dokaz import families`)"),
        )
    return KinshipInput(read, Profiles.of(genotypes, markers), gathered, records, references, aside)


def _standing_profiles(aside: list[dict[str, Any]]) -> list[Profile]:
    """The profile with most markers of each sample, newest first among equals; the others are named as left out."""
    best: dict[object, Profile] = {}
    for profile in Profile.objects.select_related("sample__unit").order_by("number"):
        if profile.withdrawn:
            aside.append(left_out(profile.number, "withdrawn"))
        elif profile.markers_typed == 0:
            aside.append(left_out(profile.number, "no_marker"))
        else:
            other = best.get(profile.sample_id)
            if other is None or profile.markers_typed >= other.markers_typed:
                if other is not None:
                    aside.append(left_out(other.number, "shows_less", other=profile.number))
                best[profile.sample_id] = profile
            else:
                aside.append(left_out(profile.number, "shows_less", other=other.number))
    return list(best.values())


def _references(families: Sequence[Family], aside: list[dict[str, Any]]) -> dict[str, list[Reference]]:
    """The newest profile of every donor whose consent stands, by family."""
    newest: dict[object, Reference] = {}
    rows = Reference.objects.select_related("donor__family").order_by("number")
    if len(families) < Donor.objects.values("family").distinct().count():
        rows = rows.filter(donor__family__in=[f.id for f in families])
    for reference in rows:
        if reference.donor.withdrawn:
            aside.append(left_out(reference.number, "consent_withdrawn"))
        else:
            newest[reference.donor_id] = reference
    by_family: dict[str, list[Reference]] = {}
    for reference in newest.values():
        by_family.setdefault(reference.donor.family.number, []).append(reference)
    return by_family


def _open_reports() -> dict[str, str]:
    """Reports that are still searched for: number to state."""
    return dict(MissingPerson.objects.exclude(state__in=OF_NOBODY).values_list("number", "state"))


def _known(genotypes: dict[str, list[str]], known: set[str]) -> dict[str, list[str]]:
    return {m: alleles for m, alleles in genotypes.items() if m in known}


def _say_unknown_markers(profiles: Sequence[Profile], known: set[str], aside: list[dict[str, Any]]) -> None:
    unknown = sorted({m for p in profiles for m in p.genotypes} - known - {AMELOGENIN})
    aside += [left_out(marker, "marker_without_frequencies") for marker in unknown]


def _name(family: str, member: str) -> str:
    return f"{family}/{member}"


def _family(
    record: Family,
    relatives: dict[str, dict[str, list[str]]],
    markers: MarkerSet,
    open_reports: dict[str, str],
    aside: list[dict[str, Any]],
) -> KinshipFamily | None:
    missing = {m["id"]: str(m["missing"]) for m in record.members if m.get("missing") in open_reports}
    if not missing or not relatives:
        aside.append(left_out(record.number, "no_relative" if missing else "nobody_missing"))
        return None
    names = {m["id"]: missing.get(m["id"]) or _name(record.number, m["id"]) for m in record.members}
    pedigree = Pedigree(
        tuple(
            Member(
                names[m["id"]],
                names[m["father"]] if m["father"] else None,
                names[m["mother"]] if m["mother"] else None,
                Sex[m["sex"].upper()],
            )
            for m in record.members
        ),
        name=record.number,
    )
    return KinshipFamily(record.number, pedigree, tuple(missing.values()), Profiles.of(relatives, markers))
