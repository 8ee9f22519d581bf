"""Takes what mortuary and laboratory deliver: examinations, samples, DNA profiles."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from dokaz.casework.delivery_kinds import (
    DeliveryKind,
    Offices,
    Progress,
    Read,
    Refusals,
    Taken,
    of_one_file,
    the_table,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.queries import person_named
from dokaz.casework.roles import Role
from dokaz.errors import NobodyOfThatName, sentence
from dokaz.exchange.deliveries import examinations, profiles, samples
from dokaz.exchange.deliveries.examinations import Examinations, read_examinations
from dokaz.exchange.deliveries.profiles import ProfileTable, read_profiles
from dokaz.exchange.deliveries.samples import Samples, read_samples
from dokaz.exchange.reading.rows import PlacedRow
from dokaz.graves.intake import unit_of
from dokaz.graves.models import RecoveryUnit
from dokaz.mortuary.acts import SeenFinding, examine, profile, sample
from dokaz.mortuary.models import Sample


def _units(numbers: set[str]) -> Mapping[str, RecoveryUnit]:
    return RecoveryUnit.objects.in_bulk(list(numbers), field_name="number")


def person_of(name: str, row: PlacedRow, column: str, filing: Filing) -> Person:
    """Who is named in a table; never the person who files it in their place."""
    known = filing.memory.setdefault("people", {})
    if name not in known:
        try:
            known[name] = person_named(name)
        except NobodyOfThatName as error:
            raise row.refused(
                column,
                name,
                sentence("nobody, or several people, of this investigation"),
                sentence("enrol the person, or write their number"),
            ) from error
    person: Person = known[name]
    return person


def _file_examinations(read: Read[Examinations], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    rows = read.content.examinations
    taken = {"examinations": len(rows), "findings": sum(len(row.findings) for row in rows)}
    delivery, refusals = read.deliver(filing, taken), Refusals()
    units = _units({row.unit for row in rows})
    for done, row in enumerate(rows, start=1):
        with refusals.row_of(delivery, filing, row, column="unit", value=row.unit):
            examine(
                unit_of(row, row.unit, units),
                filing,
                sex=row.sex,
                age_years=row.age_years,
                stature_cm=row.stature_cm,
                completeness=row.completeness,
                elements=[str(element) for element in row.elements],
                findings=[SeenFinding(f.region, f.mechanism, f.timing, f.description) for f in row.findings],
                clothing=row.clothing,
                marks=row.marks,
                teeth=row.teeth,
                description=row.note,
                examined_at=row.examined_at,
                examiner=person_of(row.examiner, row, "examiner", filing),
            )
        progress(done, len(rows))
    refusals.refuse()
    return taken


def _file_samples(read: Read[Samples], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    rows = read.content.samples
    taken = {"samples": len(rows)}
    delivery, refusals = read.deliver(filing, taken), Refusals()
    units = _units({row.unit for row in rows})
    for done, row in enumerate(rows, start=1):
        with refusals.row_of(delivery, filing, row, column="sample", value=row.number):
            sample(
                unit_of(row, row.unit, units),
                filing,
                element=str(row.element),
                taken_at=row.taken_at,
                taken_by=person_of(row.taken_by, row, "taken_by", filing),
                laboratory=row.laboratory,
                purpose=row.purpose,
                note=row.note,
                number=row.number,
            )
        progress(done, len(rows))
    refusals.refuse()
    return taken


def _file_profiles(read: Read[ProfileTable], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    rows = read.content.profiles
    taken = {"profiles": len(rows)}
    delivery, refusals = read.deliver(filing, taken), Refusals()
    known: Mapping[str, Sample] = Sample.objects.in_bulk(list({row.sample for row in rows}), field_name="number")
    for done, row in enumerate(rows, start=1):
        with refusals.row_of(delivery, filing, row, column="sample", value=row.sample):
            if row.sample not in known:
                raise row.refused(
                    "sample",
                    row.sample,
                    sentence("no sample of this number was taken"),
                    sentence("import the list of samples first"),
                )
            profile(
                known[row.sample],
                filing,
                laboratory=row.laboratory,
                kit=row.kit,
                attempt=row.attempt,
                typed_on=row.typed_on,
                note=row.note,
                **row.genotypes.as_record(),
            )
        progress(done, len(rows))
    refusals.refuse()
    return taken


EXAMINATIONS = DeliveryKind(
    name="examinations",
    label=_("Examinations"),
    help=_("what was seen on units in the mortuary, with the findings"),
    offices=(Role.MORTUARY,),
    rooms=("mortuary",),
    files=(the_table(examinations.COLUMNS),),
    reader=of_one_file(read_examinations),
    filer=_file_examinations,
    counted={"examinations": _("examinations"), "findings": _("findings")},
)
SAMPLES = DeliveryKind(
    name="samples",
    label=_("Samples"),
    help=_("what was taken from which unit for the laboratory"),
    offices=(Role.MORTUARY,),
    rooms=("mortuary",),
    files=(the_table(samples.COLUMNS),),
    reader=of_one_file(read_samples),
    filer=_file_samples,
    counted={"samples": _("samples")},
)
PROFILES = DeliveryKind(
    name="profiles",
    label=_("DNA profiles of remains"),
    help=_("a GeneMapper table, or a row for each sample"),
    offices=(Role.DNA_EXAMINER,),
    rooms=("mortuary",),
    files=(the_table(profiles.COLUMNS),),
    reader=of_one_file(read_profiles),
    filer=_file_profiles,
    counted={"profiles": _("DNA profiles")},
    is_evidence=True,
)
