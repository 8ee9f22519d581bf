"""What people do with and for families.

Family DNA serves identification only: no act, here or elsewhere, searches it for anything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.corrections import tell_rooms
from dokaz.casework.effects import BLANK, STATED, Rule, changes, exists, held, holds, makes, part_of, refers, restores
from dokaz.casework.filing import Filing
from dokaz.casework.journal import history
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import refuse_future, require_fields, require_genotypes
from dokaz.errors import BadChoice, DonorLeftOut, NoConsent, RestedOn, WrongState, sentence
from dokaz.missing.correcting import correct_reference as correct_reference
from dokaz.missing.correcting import correct_report as correct_report
from dokaz.missing.correcting import void_reference as void_reference
from dokaz.missing.correcting import void_report as void_report
from dokaz.missing.frequency_markers import StatedMutation, marker_set
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
from dokaz.missing.pedigrees import PedigreeMember, must_be_possible
from dokaz.missing.queries import CLOSED, NOT_MATCHED, OF_NOBODY, OPEN, members_who_can_give
from dokaz.missing.splitting import WhatIsReported
from dokaz.missing.splitting import split_report as split_report

REOPENED = OF_NOBODY


def _decided(state: str, *decided: str) -> Rule:
    """The person gets a state because a decision about them is in one of these."""
    return exists("identification.Decision", "missing_person", {"state": state}, if_shown=True, state=decided)


@act(
    roles={Role.FAMILY_LIAISON},
    past=_("reported missing"),
    files=(makes(MissingPerson, MissingState.REPORTED, blank="same_as split_from"),),
)
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

    Args:
        born, last_seen_on: As far as they are known, in Extended Date/Time Format: 1987-04-12, 1987-04, 1987, 1987~.

    Raises:
        BadChoice: sex is not in the vocabulary.
        EmptyField: there is no name at all.
        BadDate, InTheFuture: a date is none, or is later than now.
        OutOfRange: nobody is that short or tall.
    """
    told = WhatIsReported(
        family_name=family_name,
        given_name=given_name,
        patronymic=patronymic,
        sex=sex,
        born=born,
        last_seen_on=last_seen_on,
        last_seen_place=last_seen_place,
        stature_cm=stature_cm,
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
    person = told.written_down(filing, number=number)
    filing.add(person)
    return person


@act(
    roles={Role.FAMILY_LIAISON, Role.INVESTIGATOR},
    past=_("verified"),
    files=(changes(MissingPerson, "", {MissingState.REPORTED: MissingState.VERIFIED}),),
)
def verify(person: MissingPerson, filing: Filing) -> None:
    """Confirm with the family that the report is as they gave it.

    Raises:
        WrongState: it was verified before, or is closed.
    """
    person.must_be(MissingState.REPORTED)
    person.state = MissingState.VERIFIED
    filing.add(person)


@act(
    roles={Role.FAMILY_LIAISON, Role.INVESTIGATOR},
    past=_("closed as reported twice"),
    files=(
        changes(
            MissingPerson,
            "same_as",
            {state: MissingState.DUPLICATE for state in OPEN if state != MissingState.MATCHED},
            rules=(holds(same_as=STATED), refers("same_as", state=OPEN)),
        ),
    ),
)
def mark_duplicate(person: MissingPerson, filing: Filing, *, same_as: MissingPerson) -> None:
    """Close a report because the same person was reported before; both reports stay readable.

    What was compared with the closed one, and decided on it, is reopened until somebody answers.

    Raises:
        WrongState: the report is closed, or is the one that it would point to, or that one is closed; or somebody was
            identified as its person: the decision is revoked first.
    """
    require_fields(person.number, sentence("say how it was found that both are one person"), reason=filing.reason)
    for report_ in (person, same_as):
        if report_.state in CLOSED or person.id == same_as.id:
            wanted = [sentence("an open report, and another open report")]
            raise WrongState(report_.number, report_.get_state_display(), wanted)
    if person.state == MissingState.MATCHED:
        raise WrongState(
            person.number, person.get_state_display(), [sentence("a report as whose person nobody is identified")]
        )
    person.state, person.same_as = MissingState.DUPLICATE, same_as
    filing.add(person)
    tell_rooms(person, filing)


@act(
    roles={Role.FAMILY_LIAISON, Role.INVESTIGATOR},
    past=_("closed: found alive"),
    files=(changes(MissingPerson, "", dict.fromkeys(NOT_MATCHED, MissingState.CLOSED_ALIVE)),),
)
def found_alive(person: MissingPerson, filing: Filing) -> None:
    """Close a report because the person is alive; says how that was confirmed. The report stays readable.

    Raises:
        EmptyField: it is not said how it was confirmed.
        WrongState: the report is closed, or the person is identified among the dead; then a doubt is raised first.
    """
    require_fields(person.number, sentence("say by whom and how it was confirmed"), reason=filing.reason)
    person.must_be(*NOT_MATCHED)
    person.state = MissingState.CLOSED_ALIVE
    filing.add(person)


@act(
    roles={Role.FAMILY_LIAISON, Role.INVESTIGATOR},
    past=_("opened the report again"),
    files=(
        changes(
            MissingPerson,
            "same_as",
            dict.fromkeys(REOPENED, OPEN),
            rules=(restores("state"), holds(same_as=BLANK)),
        ),
    ),
)
def reopen_report(person: MissingPerson, filing: Filing) -> None:
    """Open a report again that was closed by mistake: as alive, reported twice, or of two people. It goes on as before.

    Raises:
        EmptyField: no reason is given.
        WrongState: it was not closed as found alive, as reported twice or as two people.
        RestedOn: reports of two people were made of it, and are not void.
    """
    require_fields(person.number, sentence("say why it was a mistake"), reason=filing.reason)
    person.must_be(*REOPENED)
    if parts := list(person.parts.order_by("number").values_list("number", flat=True)):
        raise RestedOn(person.number, parts)
    before = [v.fields["state"] for v in history(person.id) if v.fields.get("state") != person.state]
    person.state, person.same_as = str(before[-1]), None
    filing.add(person)


@act(
    roles={Role.FAMILY_LIAISON, Role.DNA_EXAMINER},
    past=_("stated the pedigree"),
    files=(makes(Family), changes(Family, "members")),
)
def draw_pedigree(
    filing: Filing,
    *,
    members: Sequence[PedigreeMember],
    name: str = "",
    number: str = "",
    family: Family | None = None,
) -> Family:
    """State a family's pedigree, or correct it (then with a reason).

    Args:
        family: The family whose pedigree is corrected.

    Raises:
        EmptyField: there are no members; a pedigree is corrected without a reason.
        MemberTwice, UnknownParent, ImpossibleParent, OwnAncestor, OutOfRange: the pedigree cannot be.
        NoSuchRecord, ReportTwice: a member is missing by a report that there is not, or that another member has.
        DonorLeftOut: a member who gave a sample is no member any more.
    """
    named = (family.number if family else number) or name or "family"
    require_fields(named, sentence("a pedigree has members"), members=list(members))
    must_be_possible(named, members, filing)
    if family is None:
        family = Family(number=number or filing.next_number(Family, "FAM"), name=name)
    else:
        require_fields(family.number, sentence("say why the pedigree is corrected"), reason=filing.reason)
        for donor in family.donors.filter(withdrawn=False).order_by("number"):
            if donor.member not in {m["id"] for m in members}:
                raise DonorLeftOut(donor.number, donor.member)
    family.members = [dict(m) for m in members]
    filing.add(family)
    return family


@act(roles={Role.FAMILY_LIAISON}, past=_("enrolled as a donor"), files=(makes(Donor, blank="withdrawn_on"),))
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
    relationship_stated: str = "",
    sample: str = "",
    sampled_on: dt.date | None = None,
    liaison: str = "",
    note: str = "",
) -> Donor:
    """Take a relative in as a donor, with what they agreed to.

    Args:
        relationship: A ``Relationship``, or empty.
        relationship_stated: Another relationship, in the family's words.
        withdrawn: They no longer agree, it is not known since when; what they agreed to before may be unknown (``""``).

    Raises:
        BadChoice: the consent has no such scope; there is no such relationship; or the pedigree has no such member, or
            one who is missing, or is a donor already.
        InTheFuture: the consent is said to have been given later than now.
    """
    refuse_future(family.number, filing, consented_on=consented_on, sampled_on=sampled_on)
    if not consent and not withdrawn:
        raise BadChoice("consent", consent, list(Consent.values))
    can_give = [str(m["id"]) for m in members_who_can_give(family)]
    if member not in can_give:
        raise BadChoice("member", member, can_give)
    donor = Donor(
        number=filing.next_number(Donor, "DON"),
        family=family,
        member=member,
        name=name,
        relationship=relationship,
        relationship_stated=relationship_stated,
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


@act(
    roles={Role.FAMILY_LIAISON},
    past=_("withdrew consent"),
    files=(changes(Donor, "withdrawn withdrawn_on", rules=(held(withdrawn=False), holds(withdrawn=True))),),
)
def withdraw_consent(donor: Donor, filing: Filing) -> None:
    """Take note that a donor no longer agrees; their profile is not compared from now on."""
    if donor.withdrawn:
        raise WrongState(donor.number, sentence("withdrawn"), [sentence("a consent that was not withdrawn")])
    donor.withdrawn, donor.withdrawn_on = True, filing.at.date()
    filing.add(donor)


@act(
    roles={Role.DNA_EXAMINER},
    past=_("typed the reference"),
    files=(makes(Reference, rules=(refers("donor", withdrawn=False),)),),
)
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
        TooManyAlleles: a marker shows one allele, or three and more.
        FileMissing: the file that it was read from is not kept.
    """
    refuse_future(donor.number, filing, typed_on=typed_on)
    if donor.withdrawn:
        raise NoConsent(donor.number)
    require_genotypes(donor.number, genotypes)
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


@act(roles={Role.DNA_EXAMINER}, past=_("adopted the frequencies"), files=(makes(Frequencies),))
def adopt_frequencies(
    filing: Filing,
    *,
    name: str,
    source: str,
    markers: Mapping[str, Mapping[str, str]],
    mutation: Mapping[str, StatedMutation] | None = None,
    population: str = "",
    sample_sizes: Mapping[str, int] | None = None,
) -> Frequencies:
    """Adopt a table of allele frequencies for the investigation's comparisons, with its source.

    Args:
        markers: Marker to allele to frequency, as decimal text.
        mutation: Marker to the models of mothers and of fathers.

    Raises:
        EmptyField: a table without a name, a source or a marker.
        WrongKind, BadMarker, BadMutationModel: figures with which nothing can be computed.
    """
    require_fields(
        name or "frequencies",
        sentence("a frequency table names its source"),
        name=name,
        source=source,
        markers=dict(markers),
    )
    marker_set(markers, mutation or {})
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


@act(
    roles={Role.BOARD},
    past=_("carried the decision over"),
    part_of="identification.certify identification.revoke",
    files=(
        changes(
            MissingPerson,
            "",
            dict.fromkeys(OPEN, (MissingState.MATCHED, MissingState.SUFFICIENT))
            | {MissingState.CLOSED_DEAD: MissingState.SUFFICIENT},
            rules=(
                _decided(MissingState.MATCHED, "certified", "family_notified", "released"),
                _decided(MissingState.SUFFICIENT, "revoked"),
                part_of(
                    "identification.certify identification.revoke",
                    kind="identification.Decision",
                    field="missing_person",
                    if_shown=True,
                ),
            ),
        ),
    ),
)
def apply_decision(person: MissingPerson, filing: Filing, *, state: str) -> None:
    """Carry a board's decision over to the missing person's file."""
    person.state = state
    filing.add(person)
