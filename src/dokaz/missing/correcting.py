"""How reports, families, donors and what was typed of them are put right."""

from __future__ import annotations

from collections.abc import Iterable

from dokaz.casework.corrections import Correcting, Why, putting_right
from dokaz.casework.filing import Filing
from dokaz.casework.records import Record
from dokaz.casework.roles import Role
from dokaz.casework.rules import require_between, require_dates, require_fields, require_profile
from dokaz.errors import BadChoice, WrongKind, sentence
from dokaz.missing.frequency_markers import marker_set
from dokaz.missing.models import Consent, Donor, Family, Frequencies, MissingPerson, MissingState, Reference

# What a family may report; the shortest are infants.
STATURE_CM = (30, 260)


def _report(person: MissingPerson, filing: Filing, changed: frozenset[str]) -> None:
    # Where nothing changes, one that was void counts again: not beside the report of which it was split, if that is open.
    if not changed and person.split_from is not None:
        person.split_from.must_be(MissingState.SPLIT)
    require_dates(person.number, filing, born=person.born, last_seen_on=person.last_seen_on)
    require_between(person.number, *STATURE_CM, stature_cm=person.stature_cm)


def _in_pedigrees(person: MissingPerson) -> Iterable[Record]:
    """The pedigrees in which a report is a member's."""
    return (one for one in Family.objects.order_by("number") if any(m["missing"] == person.number for m in one.members))


def _donor(donor: Donor, filing: Filing, changed: frozenset[str]) -> None:
    """The donor is a member of the pedigree who can give a sample, and no other donor is."""
    if not donor.consent and not donor.withdrawn:
        raise BadChoice("consent", donor.consent, list(Consent.values))
    others = donor.family.donors.filter(withdrawn=False).exclude(pk=donor.pk)
    taken = set(others.values_list("member", flat=True))
    can_give = [str(m["id"]) for m in donor.family.members if not m["missing"] and m["id"] not in taken]
    if not donor.withdrawn and donor.member not in can_give:
        raise BadChoice("member", donor.member, can_give)
    require_dates(donor.number, filing, **({"born": donor.born} if "born" in changed else {}))


def _reference(reference: Reference, filing: Filing, changed: frozenset[str]) -> None:
    require_profile(reference.number, genotypes=reference.genotypes, lineage=reference.lineage,
           lone_alleles=reference.lone_alleles, no_result=reference.no_result)  # fmt: skip


def _frequencies(table: Frequencies, filing: Filing, changed: frozenset[str]) -> None:
    require_fields(table.number, sentence("a frequency table names its source"), name=table.name, source=table.source,
           markers=table.markers)  # fmt: skip
    if changed & {"markers", "mutation"}:
        try:
            marker_set(table.markers, table.mutation)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise WrongKind(
                "markers", table.markers, sentence("markers with the frequencies of their alleles")
            ) from error


correct_report, void_report, _ = putting_right(
    "dokaz.missing.acts",
    "report",
    Correcting(
        kind=MissingPerson,
        closed={Why.ACT: "same_as split_from"},
        check=_report,
        rests=_in_pedigrees,
        aside="liaison note",
    ),
    Correcting(kind=Family, closed={Why.ACT: "members"}),
    Correcting(
        kind=Donor,
        closed={Why.BELONGS: "family", Why.ACT: "withdrawn withdrawn_on"},
        check=_donor,
        aside="liaison note",
    ),
    roles={Role.FAMILY_LIAISON},
)
correct_reference, void_reference, _ = putting_right(
    "dokaz.missing.acts",
    "reference",
    Correcting(kind=Reference, closed={Why.BELONGS: "donor"}, check=_reference),
    Correcting(kind=Frequencies, check=_frequencies),
    roles={Role.DNA_EXAMINER},
)
