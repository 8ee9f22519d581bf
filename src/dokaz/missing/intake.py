"""Takes what families, liaison officers and laboratories deliver: reports, pedigrees with consents, frequencies."""

from __future__ import annotations

from dokaz.casework.acts import deliver, refuse_future
from dokaz.casework.filing import Actor, Filing
from dokaz.errors import ActRefused, BadFile, sentence
from dokaz.exchange.deliveries.families import Family as DeliveredFamily
from dokaz.exchange.deliveries.families import read_families
from dokaz.exchange.deliveries.frequencies import read_frequencies
from dokaz.exchange.deliveries.missing import read_missing
from dokaz.exchange.reading.remarks import unknown_columns, unknown_markers
from dokaz.graves.intake import Progress, silent
from dokaz.missing.acts import (
    adopt_frequencies,
    draw_pedigree,
    enrol_donor,
    report,
    type_reference,
    verify,
    withdraw_consent,
)
from dokaz.missing.models import Consent, MissingPerson


def take_missing(data: bytes, *, file: str, filing: Filing, progress: Progress = silent) -> dict[str, int]:
    """File a list of missing persons, each as one verified report.

    Raises:
        BadFile: a row that cannot be read, or a number that was given before.
    """
    read = read_missing(data, file=file)
    for done, row in enumerate(read.persons):
        try:
            refuse_future(row.id, filing, last_seen_on=row.last_seen_on.earliest if row.last_seen_on else None)
            person = report(
                filing,
                number=row.id,
                family_name=row.surname,
                given_name=row.given_name,
                patronymic=row.patronymic,
                sex=row.sex or "unknown",
                born=row.born.edtf if row.born else "",
                last_seen_on=row.last_seen_on.edtf if row.last_seen_on else "",
                last_seen_at=row.last_seen_place,
                stature_reported_cm=round(row.stature_cm) if row.stature_cm else None,
                marks="; ".join(t for t in (row.marks, row.clothing, row.occupation, row.note) if t),
                teeth=row.dental_note,
                reported_by=row.reported_by,
                family_of_pedigree=row.family,
                member_of_pedigree=row.member,
            )
            verify(person, filing)
        except ActRefused as refusal:
            raise BadFile(refusal.what, file=row.file, line=row.line, column="id", value=row.id,
                          next_step=refusal.next_step) from refusal  # fmt: skip
        progress(done + 1, len(read.persons))
    taken = {"missing_persons": len(read.persons)}
    deliver(filing, form="missing", files=[(file, data)], taken=taken,
            remarks=unknown_columns(read.unknown_columns))  # fmt: skip
    return taken


def take_families(
    pedigrees: tuple[str, bytes],
    genotypes: tuple[str, bytes],
    donors: tuple[str, bytes],
    *,
    filing: Filing,
    examiner: Actor,
    progress: Progress = silent,
) -> dict[str, int]:
    """File pedigrees, the consents of those who gave a sample, and their profiles; the three are read together.

    Args:
        pedigrees, genotypes, donors: Name and content of each file.
        examiner: The same person in the office of DNA examiner, who files the profiles.

    Raises:
        BadFile: the files do not read, or disagree with each other; a family of this number is there already.
    """
    read = read_families(
        pedigrees[1], genotypes[1], donors[1],
        ped_file=pedigrees[0], genotypes_file=genotypes[0], donors_file=donors[0],
    )  # fmt: skip
    taken = {"families": 0, "donors": 0, "references": 0}
    for done, family in enumerate(read.families):
        try:
            _take_family(family, filing, examiner, taken)
        except ActRefused as refusal:
            raise BadFile(refusal.what, file=family.file, line=family.line, column="family", value=family.id,
                          next_step=refusal.next_step) from refusal  # fmt: skip
        progress(done + 1, len(read.families))
    remarks = [*read.remarks, *unknown_markers(read.unknown_markers), *unknown_columns(read.unknown_columns)]
    deliver(filing, form="families", files=[pedigrees, genotypes, donors], taken=taken, remarks=remarks)
    return taken


def _take_family(delivered: DeliveredFamily, filing: Filing, examiner: Actor, taken: dict[str, int]) -> None:
    reports = dict(
        MissingPerson.objects.filter(family_of_pedigree=delivered.id)
        .order_by("-number")
        .values_list("member_of_pedigree", "number")
    )
    family = draw_pedigree(
        filing,
        number=delivered.id,
        members=[
            {
                "id": m.id,
                "father": m.father or None,
                "mother": m.mother or None,
                "sex": m.sex or "unknown",
                "born": m.born.earliest.year if m.born else None,
                "missing": reports.get(m.id) if m.is_missing else None,
            }
            for m in delivered.members
        ],
    )
    taken["families"] += 1
    typed = {t.member: t for t in delivered.typed}
    for row in delivered.donors:
        withdrawn = row.consent_scope == "withdrawn"
        donor = enrol_donor(
            family,
            filing,
            member=row.member,
            name=row.name,
            relationship=row.relationship,
            consent=Consent.IDENTIFICATION if withdrawn else row.consent_scope,
            consented_on=row.consented_on or filing.at.date(),
        )
        taken["donors"] += 1
        if withdrawn:
            withdraw_consent(donor, filing)
        elif row.member in typed:
            reference = typed[row.member]
            genotypes = dict(reference.genotypes.autosomal)
            if reference.genotypes.amelogenin:
                genotypes["AMEL"] = reference.genotypes.amelogenin
            with filing.in_office(examiner):
                type_reference(donor, filing, genotypes=genotypes, laboratory=reference.lab, kit=reference.kit)
            taken["references"] += 1


def take_frequencies(data: bytes, *, file: str, filing: Filing, name: str = "") -> dict[str, int]:
    """Adopt a table of allele frequencies.

    Raises:
        BadFile: the table does not read, or does not say where its figures come from.
    """
    read = read_frequencies(data, file=file)
    source = read.source or name
    if not source:
        raise BadFile(sentence("the table does not state its source"), file=file, line=1,
                      next_step=sentence("write '# source: …' above the header: an LR names its frequencies"))  # fmt: skip
    markers = {
        marker: {allele: repr(value) for allele, value in alleles.items()}
        for marker, alleles in read.frequencies.items()
    }
    adopt_frequencies(filing, name=name or read.population or file, population=read.population, source=source,
                      markers=markers)  # fmt: skip
    taken = {"markers": len(markers)}
    deliver(filing, form="frequencies", files=[(file, data)], taken=taken,
            remarks=unknown_markers(read.unknown_markers))  # fmt: skip
    return taken
