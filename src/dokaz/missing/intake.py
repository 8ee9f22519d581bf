"""Takes what families, liaison officers and laboratories deliver: reports, pedigrees with consents, frequencies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dokaz.casework.delivery_kinds import (
    AskedFile,
    AskedText,
    DeliveryKind,
    Offices,
    Progress,
    Read,
    Refusals,
    Sent,
    Taken,
    of_one_file,
    row_of,
    the_table,
)
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import Delivery
from dokaz.casework.roles import Role
from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries import families, frequencies, missing
from dokaz.exchange.deliveries.families import DeliveredDonor, DeliveredFamily, Families, TypedMember, read_families
from dokaz.exchange.deliveries.frequencies import FrequencyTable, read_frequencies
from dokaz.exchange.deliveries.missing import MissingPersons, ReportedPerson, read_missing
from dokaz.exchange.reading import pedigrees
from dokaz.exchange.reading.remarks import Remark
from dokaz.missing.acts import adopt_frequencies, draw_pedigree, enrol_donor, report, type_reference
from dokaz.missing.correcting import correct_report
from dokaz.missing.models import Donor, Family, MissingPerson


def _file_missing(read: Read[MissingPersons], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    """New reports are written down; those that are here are corrected where the list says something else of them."""
    rows = read.content.persons
    here = MissingPerson.objects.in_bulk([row.number for row in rows], field_name="number")
    changed = {row.number: _differing(row, here[row.number]) for row in rows if row.number in here}
    same = [number for number, values in changed.items() if not values]
    if len(same) == len(rows):
        raise BadFile(
            sentence("every report of the list is here already, and says the same"),
            file=read.files[0][0],
            next_step=sentence("nothing is left to do; a newer list would say something new"),
        )
    if len(same) < len(changed) and not filing.reason.strip():
        raise BadFile(
            sentence("reports that are here say something else in the list: {count:,}", count=len(changed) - len(same)),
            file=read.files[0][0],
            next_step=sentence(
                "say what has changed and how that is known, as the reason; or try it first: nothing is filed"
            ),
        )
    taken = {"missing_persons": len(rows) - len(changed), "changed": len(changed) - len(same), "same": len(same)}
    delivery, refusals = read.deliver(filing, {what: count for what, count in taken.items() if count}), Refusals()
    for done, row in enumerate(rows, start=1):
        with refusals.row_of(delivery, filing, row, column="number", value=row.number):
            if row.number not in here:
                report(filing, number=row.number, **_said(row))
            elif {"family_name", "given_name"} <= changed[row.number].keys():
                raise row.refused(
                    "number",
                    row.number,
                    sentence("this number is that of {name} here", name=here[row.number].name),
                    sentence("two people need two numbers; if it is one person, correct the name on the page first"),
                )
            elif changed[row.number]:
                correct_report(here[row.number], filing, values=changed[row.number])
        progress(done, len(rows))
    refusals.refuse()
    return {what: count for what, count in taken.items() if count}


def _said(row: ReportedPerson) -> dict[str, Any]:
    """What a row says, by the fields of a report."""
    return {
        "family_name": row.family_name,
        "given_name": row.given_name,
        "patronymic": row.patronymic,
        "sex": row.sex,
        "born": row.born.edtf if row.born else "",
        "last_seen_on": row.last_seen_on.edtf if row.last_seen_on else "",
        "last_seen_place": row.last_seen_place,
        "stature_cm": row.stature_cm,
        "marks": row.marks,
        "teeth": row.teeth,
        "clothing": row.clothing,
        "occupation": row.occupation,
        "reported_on": row.reported_on,
        "reported_by": row.reported_by,
        "liaison": row.liaison,
        "note": row.note,
        "family_of_pedigree": row.family,
        "member_of_pedigree": row.member,
    }


def _differing(row: ReportedPerson, person: MissingPerson) -> dict[str, Any]:
    """What a row says otherwise than a report that is here. An empty cell says nothing: the report keeps what it has."""
    now = person.content()
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in _said(row).items()}
    return {name: value for name, value in said.items() if value not in ("", None) and value != now[name]}


def _read_families(sent: Sent) -> Families:
    """The three files are read together: each of them shows mistakes of the others."""
    ped, genotypes, donors = (sent.one(name) for name in ("pedigrees", "genotypes", "donors"))
    return read_families(
        ped.read(), genotypes.read(), donors.read(),
        ped_file=ped.name, genotypes_file=genotypes.name, donors_file=donors.name,
    )  # fmt: skip


def _file_families(read: Read[Families], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    delivered = read.content.families
    taken = {
        "families": len(delivered),
        "donors": sum(len(one.donors) for one in delivered),
        "references": sum(len(one.typed) for one in delivered),
    }
    with filing.in_office(offices[Role.FAMILY_LIAISON]):
        delivery = read.deliver(filing, taken)
        for done, one in enumerate(delivered, start=1):
            _take_family(one, delivery, filing, offices[Role.DNA_EXAMINER])
            progress(done, len(delivered))
    return taken


def _take_family(delivered: DeliveredFamily, delivery: Delivery, filing: Filing, examiner: Actor) -> None:
    reports = dict(
        MissingPerson.objects.filter(family_of_pedigree=delivered.id)
        .order_by("-number")
        .values_list("member_of_pedigree", "number")
    )
    with row_of(delivery, filing, delivered, column="family", value=delivered.id):
        family = draw_pedigree(
            filing,
            number=delivered.id,
            members=[
                {
                    "id": m.id,
                    "father": m.father or None,
                    "mother": m.mother or None,
                    "sex": m.sex,
                    "born": m.born.edtf if m.born else None,
                    "missing": reports.get(m.id) if m.is_missing else None,
                    "status": m.status,
                }
                for m in delivered.members
            ],
        )
    donors = {row.member: _take_donor(row, family, delivery, filing) for row in delivered.donors}
    with filing.in_office(examiner):
        for row in delivered.typed:
            _take_reference(row, donors[row.member], delivery, filing)


def _take_donor(row: DeliveredDonor, family: Family, delivery: Delivery, filing: Filing) -> Donor:
    withdrawn = row.consent == "withdrawn"
    with row_of(delivery, filing, row, column="member", value=row.member):
        return enrol_donor(
            family,
            filing,
            member=row.member,
            name=row.name,
            born=row.born.edtf if row.born else "",
            relationship=row.relationship,
            relationship_stated=row.relationship_stated,
            consent="" if withdrawn else row.consent,
            consented_on=row.consented_on,
            withdrawn=withdrawn,
            sample=row.sample,
            sampled_on=row.sampled_on,
            liaison=row.liaison,
            note=row.note,
        )


def _take_reference(row: TypedMember, donor: Donor, delivery: Delivery, filing: Filing) -> None:
    with row_of(delivery, filing, row, column="member", value=row.member):
        type_reference(
            donor,
            filing,
            laboratory=row.laboratory,
            kit=row.kit,
            sample=row.sample,
            typed_on=row.typed_on,
            **row.genotypes.as_record(),
        )


@dataclass(frozen=True)
class NamedTable:
    """A table of frequencies, and what it is called here."""

    table: FrequencyTable
    name: str

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the table says that no record takes."""
        return self.table.remarks


def _read_frequencies(sent: Sent) -> NamedTable:
    file = sent.one("file")
    read = read_frequencies(file.read(), file=file.name)
    name = sent.texts.get("name", "")
    if not (read.source or name):
        raise BadFile(sentence("the table does not state its source"), file=file.name, line=1,
                      next_step=sentence("write '# source: …' above the header: an LR names its frequencies"))  # fmt: skip
    return NamedTable(replace(read, source=read.source or name), name or read.population or file.name)


def _file_frequencies(read: Read[NamedTable], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    table = read.content.table
    taken = {"markers": len(table.digits)}
    delivery = read.deliver(filing, taken)
    with filing.from_delivery(delivery, table.file):
        adopt_frequencies(
            filing,
            name=read.content.name,
            population=table.population,
            source=table.source,
            markers=table.digits,
            sample_sizes=table.sample_sizes,
        )
    return taken


MISSING = DeliveryKind(
    name="missing",
    label=_("Missing persons"),
    help=_("reports, one a row"),
    offices=(Role.FAMILY_LIAISON,),
    rooms=("missing",),
    files=(the_table(missing.COLUMNS),),
    reader=of_one_file(read_missing),
    filer=_file_missing,
    counted={
        "missing_persons": _("reports of missing persons"),
        "changed": _("reports that were corrected"),
        "same": _("reports that said the same already"),
    },
    texts=(
        AskedText(
            "reason",
            _("Reason"),
            _("Where a report that is here says something else in the list: what has changed, and how that is known"),
        ),
    ),
)
FAMILIES = DeliveryKind(
    name="families",
    label=_("Families"),
    help=_("pedigrees, the genotypes of relatives, and their consents"),
    offices=(Role.FAMILY_LIAISON, Role.DNA_EXAMINER),
    rooms=("missing",),
    files=(
        AskedFile("pedigrees", _("Pedigrees"), _("a PED file"), columns=pedigrees.COLUMNS),
        AskedFile(
            "genotypes",
            _("Genotypes of relatives"),
            _("a row for each person and marker, or wide"),
            columns=families.GENOTYPE_COLUMNS,
        ),
        AskedFile("donors", _("Donors and their consents"), _("CSV"), columns=families.DONOR_COLUMNS),
    ),
    reader=_read_families,
    filer=_file_families,
    counted={"families": _("families"), "donors": _("donors"), "references": _("reference profiles")},
    needs_all=True,
)
FREQUENCIES = DeliveryKind(
    name="frequencies",
    label=_("Allele frequencies"),
    help=_("of a population, with their source"),
    offices=(Role.DNA_EXAMINER,),
    rooms=("identification",),
    files=(the_table(frequencies.COLUMNS),),
    texts=(AskedText("name", _("What the table is called here"), _("left empty, as the file names its population")),),
    reader=_read_frequencies,
    filer=_file_frequencies,
    counted={"markers": _("markers")},
)
