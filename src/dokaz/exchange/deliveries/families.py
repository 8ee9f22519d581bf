"""Families of the missing: a pedigree (PED), what its relatives consented to, and their genotypes.

A delivery is three files: the PED says who is whose child and who is missing; the relatives' table says who gave a
sample, for what, under which consent; the genotypes say what the laboratory saw. They are read together, since a donor
without a place in the pedigree, or a genotype without a consent, is a mistake that no single file shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.dates import PartialDate
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.genotypes import WIDE, Genotypes, remarks_on, wide_genotypes, wide_markers
from dokaz.exchange.reading.pedigrees import PedigreeRow, read_pedigrees
from dokaz.exchange.reading.remarks import Remark, remark
from dokaz.exchange.reading.rows import PlacedRow
from dokaz.exchange.reading.tables import Column, read_table

#: What a donor may allow. Family DNA serves identification only; nothing here permits a search for suspects.
CONSENT_SCOPES = {
    "identification": "identification",
    "identification and reassociation": "identification and reassociation",
    "this missing person only": "this missing person only",
    "withdrawn": "withdrawn",
    "ідентифікація": "identification",
    "ідентифікація та возз'єднання": "identification and reassociation",
    "лише ця зникла особа": "this missing person only",
    "відкликано": "withdrawn",
}
# What teams write in "relationship", in lower case, to the code that records keep; other words are kept as written.
RELATIONSHIPS = {
    "father": "father",
    "mother": "mother",
    "full sibling": "full_sibling",
    "half sibling": "half_sibling",
    "spouse": "spouse",
    "child": "child",
    "батько": "father",
    "мати": "mother",
    "рідний брат": "full_sibling",
    "рідна сестра": "full_sibling",
    "чоловік": "spouse",
    "дружина": "spouse",
    "син": "child",
    "дочка": "child",
}
DONOR_COLUMNS = (
    Column("family", ("family id", "родина", "сім'я"), required=True, field="missing.Donor.family"),
    Column("member", ("member id", "individual", "член родини", "особа"), required=True, field="missing.Donor.member"),
    Column("name", ("full name", "піб", "ім'я"), required=True, field="missing.Donor.name"),
    Column("born", ("birth date", "date of birth", "дата народження", "народження"), field="missing.Donor.born"),
    Column(
        "relationship",
        ("relation", "спорідненість", "ким доводиться"),
        required=True,
        field="missing.Donor.relationship missing.Donor.relationship_stated",
    ),
    Column(
        "consent",
        ("consent_scope", "scope", "згода", "обсяг згоди"),
        required=True,
        field="missing.Donor.consent missing.Donor.withdrawn",
    ),
    Column("consented_on", ("consent date", "дата згоди"), field="missing.Donor.consented_on"),
    Column("sample", ("sample id", "зразок", "номер зразка"), field="missing.Donor.sample"),
    Column("sampled_on", ("sample date", "дата відбору"), field="missing.Donor.sampled_on"),
    Column("liaison", ("liaison officer", "посадова особа", "контактна особа"), field="missing.Donor.liaison"),
    Column("note", ("примітка",), field="missing.Donor.note"),
)
_LABORATORY, _KIT = ("laboratory", "lab", "лабораторія"), ("kit", "набір")
GENOTYPE_COLUMNS = (
    Column("family", ("family id", "родина", "сім'я"), required=True, field="missing.Reference.donor"),
    Column(
        "member", ("member id", "individual", "член родини", "особа"), required=True, field="missing.Reference.donor"
    ),
    Column("sample", ("sample name", "sample id", "зразок"), field="missing.Reference.sample"),
    Column("laboratory", ("lab", "лабораторія"), field="missing.Reference.laboratory"),
    Column("kit", ("набір",), field="missing.Reference.kit"),
    Column("typed_on", ("date", "дата"), field="missing.Reference.typed_on"),
)


@dataclass(frozen=True, slots=True)
class DeliveredDonor(PlacedRow):
    """A relative who gave a sample, and under which consent; ``relationship`` is a code, or else stated in words."""

    family: str
    member: str
    name: str
    born: PartialDate | None
    relationship: str
    relationship_stated: str
    consent: str
    consented_on: date | None
    sample: str
    sampled_on: date | None
    liaison: str
    note: str


@dataclass(frozen=True, slots=True)
class TypedMember(PlacedRow):
    """The genotypes of one member of a family: a relative, or the missing person's own earlier sample."""

    family: str
    member: str
    sample: str
    laboratory: str
    kit: str
    typed_on: date | None
    genotypes: Genotypes


@dataclass(frozen=True, slots=True)
class DeliveredFamily(PlacedRow):
    """One family: everyone in its pedigree, who of them is missing, who gave a sample, and what was typed."""

    id: str
    members: tuple[PedigreeRow, ...]
    missing: tuple[str, ...]
    donors: tuple[DeliveredDonor, ...]
    typed: tuple[TypedMember, ...]


@dataclass(frozen=True, slots=True)
class Families:
    """A delivery of families; ``remarks`` also name contradictions that a person should look into."""

    families: tuple[DeliveredFamily, ...]
    remarks: tuple[Remark, ...]


def read_families(
    ped: bytes, genotypes: bytes, donors: bytes, *, ped_file: str, genotypes_file: str, donors_file: str
) -> Families:
    """Read the three files of a delivery of families together.

    Args:       ped: pedigrees, six columns or with a header (see ``read_pedigrees``).
                genotypes: a wide table, a row a member: family, member, then two columns a marker.
                donors: the relatives' table, with consent.
    Returns:    the families in the order of the PED.
    Raises:     BadFile: any of the three cannot be read; a donor or genotype belongs to nobody in a pedigree; a member
                    is typed twice, or without consent, or after it was withdrawn; a family has nobody missing; a child
                    is older than its parent.
    """
    donated, donor_remarks = _read_donors(donors, file=donors_file)
    typed, genotype_remarks = _read_genotypes(genotypes, file=genotypes_file)
    born = {(d.family, d.member): d.born for d in donated if d.born}
    members, markers = read_pedigrees(ped, file=ped_file, born=born)
    by_key = {(m.family, m.id): m for m in members}
    donor_of = {(d.family, d.member): d for d in donated}
    for kind, things in (("donor", donated), ("genotype", typed)):
        for thing in things:
            if (thing.family, thing.member) not in by_key:
                raise thing.refused(
                    "member",
                    thing.member,
                    sentence("the {kind} is nobody in the pedigree of family {family}", kind=kind, family=thing.family),
                    sentence("add the person to {ped_file}, or correct family and member", ped_file=ped_file),
                )
    for one in typed:
        consented = donor_of.get((one.family, one.member))
        if consented is None:
            raise one.refused(
                "member",
                f"{one.family} {one.member}",
                sentence("typed, but no consent is recorded"),
                sentence("add the donor and the consent to {donors_file}", donors_file=donors_file),
            )
        if consented.consent == "withdrawn":
            raise one.refused(
                "member",
                f"{one.family} {one.member}",
                sentence("typed, but the consent was withdrawn"),
                sentence("remove the genotype; the donor's wish stands"),
            )
        if one.sample and consented.sample and one.sample != consented.sample:
            raise one.refused(
                "sample",
                one.sample,
                sentence(
                    "the donor's sample is {sample!r} ({donors_file}, line {line})",
                    sample=consented.sample,
                    donors_file=donors_file,
                    line=consented.line,
                ),
                sentence("find out whose sample was typed"),
            )
    grouped: dict[str, tuple[list[PedigreeRow], list[DeliveredDonor], list[TypedMember]]] = {}
    for member in members:
        grouped.setdefault(member.family, ([], [], []))[0].append(member)
    for donor in donated:
        grouped[donor.family][1].append(donor)
    for one in typed:
        grouped[one.family][2].append(one)
    families = []
    for family, (own, own_donors, own_typed) in grouped.items():
        missing = tuple(m.id for m in own if m.is_missing)
        if not missing:
            raise BadFile(
                sentence("nobody in family {family} is missing", family=family),
                file=ped_file,
                line=own[0].line,
                column="status",
                value=own[0].status,
                next_step=sentence("give the missing person the status 2"),
            )
        families.append(
            DeliveredFamily(
                id=family,
                members=tuple(own),
                missing=missing,
                donors=tuple(own_donors),
                typed=tuple(own_typed),
                file=ped_file,
                line=own[0].line,
            )
        )
    return Families(
        families=tuple(families),
        remarks=(
            *_contradictions(typed, by_key),
            *(remark("column_kept", column=m, cells=sum(m in one.genotypes for one in members)) for m in markers),
            *genotype_remarks,
            *donor_remarks,
        ),
    )


def _read_donors(data: bytes, *, file: str) -> tuple[tuple[DeliveredDonor, ...], tuple[Remark, ...]]:
    table = read_table(data, file=file, columns=DONOR_COLUMNS)
    donors: dict[tuple[str, str], DeliveredDonor] = {}
    samples: dict[str, int] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            key = row.text("family", required=True), row.text("member", required=True)
            if key in donors:
                raise row.bad(
                    "member",
                    sentence("the donor is given twice: line {line}", line=donors[key].line),
                    sentence("keep one row a donor"),
                )
            sample = row.text("sample")
            if sample and sample in samples:
                raise row.bad(
                    "sample",
                    sentence("the sample is given twice: line {line}", line=samples[sample]),
                    sentence("give each sample its own number"),
                )
            samples[sample] = row.line
            related = row.text("relationship", required=True)
            donors[key] = DeliveredDonor(
                family=key[0],
                member=key[1],
                name=row.text("name", required=True),
                born=row.partial_date("born"),
                relationship=RELATIONSHIPS.get(related.casefold(), ""),
                relationship_stated="" if related.casefold() in RELATIONSHIPS else related,
                consent=row.choice("consent", CONSENT_SCOPES, required=True),
                consented_on=row.day("consented_on"),
                sample=sample,
                sampled_on=row.day("sampled_on"),
                liaison=row.text("liaison"),
                note=row.text("note"),
                file=file,
                line=row.line,
            )
    faults.refuse()
    return tuple(donors.values()), table.remarks


def _read_genotypes(data: bytes, *, file: str) -> tuple[tuple[TypedMember, ...], tuple[Remark, ...]]:
    table = read_table(data, file=file, columns=GENOTYPE_COLUMNS, patterns=(WIDE,), above=(*_LABORATORY, *_KIT))
    markers = wide_markers(table)
    typed: dict[tuple[str, str], TypedMember] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            key = row.text("family", required=True), row.text("member", required=True)
            if key in typed:
                raise row.bad(
                    "member",
                    sentence("the member is typed twice: line {line}", line=typed[key].line),
                    sentence("keep the result that stands, or resolve the two samples first"),
                )
            typed[key] = TypedMember(
                family=key[0],
                member=key[1],
                sample=row.text("sample"),
                laboratory=row.text("laboratory") or table.says(*_LABORATORY),
                kit=row.text("kit") or table.says(*_KIT),
                typed_on=row.day("typed_on"),
                genotypes=wide_genotypes(row, markers),
                file=file,
                line=row.line,
            )
    faults.refuse()
    return tuple(typed.values()), (*remarks_on(one.genotypes for one in typed.values()), *table.remarks)


def _contradictions(typed: Sequence[TypedMember], members: Mapping[tuple[str, str], PedigreeRow]) -> Iterator[Remark]:
    """Members whose amelogenin says another sex than the pedigree."""
    for one in typed:
        stated = members[one.family, one.member].sex
        seen = one.genotypes.sex
        if stated != "unknown" and seen and stated != seen:
            yield remark(
                "sex_of_amelogenin",
                file=one.file,
                line=one.line,
                member=one.member,
                family=one.family,
                seen=seen,
                stated=stated,
            )
