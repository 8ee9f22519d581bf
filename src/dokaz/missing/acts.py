"""What people do with and for families.

Family DNA serves identification only: no act, here or elsewhere, searches it for anything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts import refuse_future, require_fields
from dokaz.casework.filing import Filing, act
from dokaz.casework.roles import Role
from dokaz.errors import BadChoice, NoConsent, TooManyAlleles, WrongState, sentence
from dokaz.missing.models import (
    Consent,
    Donor,
    Family,
    Frequencies,
    MissingPerson,
    MissingState,
    Reference,
    ReportedSex,
)

_CLOSED = (MissingState.CLOSED_ALIVE, MissingState.CLOSED_DEAD, MissingState.DUPLICATE)


@act(roles={Role.FAMILY_LIAISON}, past=_("reported missing"))
def report(
    filing: Filing,
    *,
    family_name: str,
    given_name: str = "",
    patronymic: str = "",
    sex: str = ReportedSex.UNKNOWN,
    born: str = "",
    last_seen_on: str = "",
    last_seen_place: str = "",
    stature_cm: int | str | None = None,
    marks: str = "",
    teeth: str = "",
    clothing: str = "",
    occupation: str = "",
    reported_on: dt.date | None = None,
    reported_by: str = "",
    liaison: str = "",
    note: str = "",
    family_of_pedigree: str = "",
    member_of_pedigree: str = "",
    number: str = "",
) -> MissingPerson:
    """Write down a report of a missing person, in the words and the script of the family.

    Raises:
        BadChoice: sex is not in the vocabulary.
        EmptyField: there is no name at all.
        InTheFuture: it is said to have been reported later than now.
    """
    require_fields(sentence("missing person"), sentence("a report names the person"), family_name=family_name)
    refuse_future(number or sentence("missing person"), filing, reported_on=reported_on)
    if sex not in ReportedSex.values:
        raise BadChoice("sex", sex, list(ReportedSex.values))
    person = MissingPerson(
        number=number or filing.next_number(MissingPerson, "MP"),
        family_name=family_name,
        given_name=given_name,
        patronymic=patronymic,
        sex=sex,
        born=born,
        last_seen_on=last_seen_on,
        last_seen_place=last_seen_place,
        stature_cm=str(stature_cm or ""),
        marks=marks,
        teeth=teeth,
        clothing=clothing,
        occupation=occupation,
        reported_on=reported_on,
        reported_by=reported_by,
        liaison=liaison,
        note=note,
        family_of_pedigree=family_of_pedigree,
        member_of_pedigree=member_of_pedigree,
    )
    filing.add(person)
    return person


@act(roles={Role.FAMILY_LIAISON, Role.INVESTIGATOR}, past=_("verified"))
def verify(person: MissingPerson, filing: Filing) -> None:
    """Confirm with the family that the report stands."""
    if person.state != MissingState.REPORTED:
        raise WrongState(person.number, person.get_state_display(), [MissingState.REPORTED.label])
    person.state = MissingState.VERIFIED
    filing.add(person)


@act(roles={Role.FAMILY_LIAISON, Role.INVESTIGATOR}, past=_("closed as reported twice"))
def mark_duplicate(person: MissingPerson, filing: Filing, *, same_as: MissingPerson) -> None:
    """Close a report because the same person was reported before; both reports stay readable.

    Raises:
        WrongState: the report is closed, or is the one that it would point to.
    """
    require_fields(person.number, sentence("say how it was found that both are one person"), reason=filing.reason)
    if person.state in _CLOSED or person.id == same_as.id or same_as.state == MissingState.DUPLICATE:
        raise WrongState(
            person.number, person.get_state_display(), [sentence("an open report, and another open report")]
        )
    person.state, person.same_as = MissingState.DUPLICATE, same_as
    filing.add(person)


@act(roles={Role.FAMILY_LIAISON, Role.DNA_EXAMINER}, past=_("stated the pedigree"))
def draw_pedigree(
    filing: Filing,
    *,
    members: Sequence[Mapping[str, Any]],
    name: str = "",
    number: str = "",
    family: Family | None = None,
) -> Family:
    """State a family's pedigree, or correct it (then with a reason).

    Args:
        members: ``{"id", "father", "mother", "sex", "born", "missing"}`` each; ``missing`` is a number or null.
        family: The family whose pedigree is corrected.
    """
    require_fields(name or "family", sentence("a pedigree has members"), members=list(members))
    if family is None:
        family = Family(number=number or filing.next_number(Family, "FAM"), name=name)
    else:
        require_fields(family.number, sentence("say why the pedigree is corrected"), reason=filing.reason)
    family.members = [dict(m) for m in members]
    filing.add(family)
    return family


@act(roles={Role.FAMILY_LIAISON}, past=_("enrolled as a donor"))
def enrol_donor(
    family: Family,
    filing: Filing,
    *,
    member: str,
    consent: str,
    consented_on: dt.date | None = None,
    withdrawn: bool = False,
    name: str = "",
    born: str = "",
    relationship: str = "",
    sample: str = "",
    sampled_on: dt.date | None = None,
    liaison: str = "",
    note: str = "",
) -> Donor:
    """Take a relative in as a donor, with what they agreed to.

    Args:
        withdrawn: They no longer agree, it is not known since when; what they agreed to before may be unknown (``""``).

    Raises:
        BadChoice: the consent has no such scope, or the pedigree no such member.
        InTheFuture: the consent is said to have been given later than now.
    """
    refuse_future(family.number, filing, consented_on=consented_on, sampled_on=sampled_on)
    if consent not in Consent.values and not (withdrawn and not consent):
        raise BadChoice("consent", consent, list(Consent.values))
    if member not in {m["id"] for m in family.members}:
        raise BadChoice("member", member, [str(m["id"]) for m in family.members])
    donor = Donor(
        number=filing.next_number(Donor, "DON"),
        family=family,
        member=member,
        name=name,
        relationship=relationship,
        consent=consent,
        consented_on=consented_on,
        withdrawn=withdrawn,
        born=born,
        sample=sample,
        sampled_on=sampled_on,
        liaison=liaison,
        note=note,
    )
    filing.add(donor)
    return donor


@act(roles={Role.FAMILY_LIAISON}, past=_("withdrew consent"))
def withdraw_consent(donor: Donor, filing: Filing) -> None:
    """Take note that a donor no longer agrees; their profile is not compared from now on."""
    if donor.withdrawn:
        raise WrongState(donor.number, sentence("withdrawn"), [sentence("a standing consent")])
    donor.withdrawn, donor.withdrawn_on = True, filing.at.date()
    filing.add(donor)


@act(roles={Role.DNA_EXAMINER}, past=_("typed the reference"))
def type_reference(
    donor: Donor,
    filing: Filing,
    *,
    genotypes: Mapping[str, Sequence[str]],
    laboratory: str = "",
    kit: str = "",
    sample: str = "",
    typed_on: dt.date | None = None,
    lone_alleles: Sequence[str] = (),
    lineage: Mapping[str, Sequence[str]] | None = None,
    no_result: Sequence[str] = (),
) -> Reference:
    """Keep a donor's DNA profile.

    Raises:
        NoConsent: the donor withdrew.
        InTheFuture: it is said to have been typed later than now.
        TooManyAlleles: a marker shows three or more alleles.
    """
    refuse_future(donor.number, filing, typed_on=typed_on)
    if donor.withdrawn:
        raise NoConsent(donor.number)
    for marker, alleles in genotypes.items():
        if len(alleles) != 2:
            raise TooManyAlleles(donor.number, marker, alleles)
    reference = Reference(
        number=filing.next_number(Reference, "REF"),
        donor=donor,
        laboratory=laboratory,
        kit=kit,
        sample=sample,
        typed_on=typed_on,
        genotypes={marker: sorted(alleles) for marker, alleles in genotypes.items()},
        lone_alleles=list(lone_alleles),
        lineage={marker: list(alleles) for marker, alleles in (lineage or {}).items()},
        no_result=list(no_result),
    )
    filing.add(reference)
    return reference


@act(roles={Role.DNA_EXAMINER}, past=_("adopted the frequencies"))
def adopt_frequencies(
    filing: Filing,
    *,
    name: str,
    source: str,
    markers: Mapping[str, Mapping[str, str]],
    mutation: Mapping[str, Any] | None = None,
    population: str = "",
    sample_sizes: Mapping[str, int] | None = None,
) -> Frequencies:
    """Adopt a table of allele frequencies for the investigation's comparisons, with its source."""
    require_fields(
        name or "frequencies",
        sentence("a frequency table names its source"),
        name=name,
        source=source,
        markers=dict(markers),
    )
    table = Frequencies(
        number=filing.next_number(Frequencies, "FRQ"),
        name=name,
        source=source,
        population=population,
        markers={m: dict(alleles) for m, alleles in markers.items()},
        mutation=dict(mutation or {}),
        sample_sizes=dict(sample_sizes or {}),
    )
    filing.add(table)
    return table


@act(roles={Role.BOARD}, past=_("carried the decision over"))
def apply_decision(person: MissingPerson, filing: Filing, *, state: str) -> None:
    """Carry a board's decision over to the missing person's file; part of certifying, revoking and releasing."""
    person.state = state
    filing.add(person)
