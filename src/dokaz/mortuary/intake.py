"""Takes what mortuary and laboratory deliver, whole files at a time: examinations, samples, DNA profiles."""

from __future__ import annotations

import math

from dokaz.casework.acts import deliver
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.queries import person_named
from dokaz.errors import ActRefused, BadFile, NobodyOfThatName, sentence
from dokaz.exchange.deliveries.examinations import read_examinations
from dokaz.exchange.deliveries.profiles import read_profiles
from dokaz.exchange.deliveries.samples import read_samples
from dokaz.exchange.reading.remarks import remark, unknown_columns, unknown_markers
from dokaz.graves.intake import Progress, silent, unit_of_number
from dokaz.mortuary.acts import Seen, examine, profile, sample
from dokaz.mortuary.models import Sample


def _refused(refusal: ActRefused, *, file: str, line: int, column: str, value: str) -> BadFile:
    return BadFile(refusal.what, file=file, line=line, column=column, value=value, next_step=refusal.next_step)


def _person(name: str, *, file: str, line: int, column: str) -> Person:
    """Who is named in a table; never the person who files it in their place."""
    try:
        return person_named(name)
    except NobodyOfThatName as error:
        raise BadFile(sentence("nobody, or several people, of this investigation"), file=file, line=line, column=column,
                      value=name, next_step=sentence("enrol the person, or write their number")) from error  # fmt: skip


def take_examinations(data: bytes, *, file: str, filing: Filing, progress: Progress = silent) -> dict[str, int]:
    """File a table of examinations.

    Returns: How many records of what were made.

    Raises:
        BadFile: a row that cannot be read, or that an act refuses.
    """
    read = read_examinations(data, file=file)
    taken = {"examinations": 0, "findings": 0}
    for done, row in enumerate(read.examinations):
        unit = unit_of_number(row.unit, file=row.file, line=row.line)
        try:
            examine(
                unit,
                filing,
                sex=row.sex_estimate or 0,
                age_years=_whole(row.age_years),
                stature_cm=_whole(row.stature_cm),
                completeness=row.completeness,
                elements=[str(e) for e in row.elements],
                findings=[Seen(f.region, f.trauma, f.timing or "undetermined", f.description) for f in row.findings],
                clothing=row.clothing,
                marks=row.marks,
                teeth=row.dental_note,
                description=row.note,
                examined_at=row.examined_at,
                examiner=_person(row.examiner, file=row.file, line=row.line, column="examiner"),
            )
        except ActRefused as refusal:
            raise _refused(refusal, file=row.file, line=row.line, column="unit", value=row.unit) from refusal
        taken["examinations"] += 1
        taken["findings"] += len(row.findings)
        progress(done + 1, len(read.examinations))
    deliver(filing, form="examinations", files=[(file, data)], taken=taken,
            remarks=unknown_columns(read.unknown_columns))  # fmt: skip
    return taken


def _whole(interval: tuple[float, float] | None) -> tuple[int, int] | None:
    """An interval in whole years or centimetres that holds the stated one."""
    return None if interval is None else (math.floor(interval[0]), math.ceil(interval[1]))


def take_samples(data: bytes, *, file: str, filing: Filing, progress: Progress = silent) -> dict[str, int]:
    """File a list of samples.

    Raises:
        BadFile: a row that cannot be read, or that an act refuses.
    """
    read = read_samples(data, file=file)
    for done, row in enumerate(read.samples):
        unit = unit_of_number(row.unit, file=row.file, line=row.line)
        try:
            sample(unit, filing, element=str(row.element), taken_at=row.taken_at, number=row.number,
                   taken_by=_person(row.taken_by, file=row.file, line=row.line, column="taken_by"))  # fmt: skip
        except ActRefused as refusal:
            raise _refused(refusal, file=row.file, line=row.line, column="sample", value=row.number) from refusal
        progress(done + 1, len(read.samples))
    taken = {"samples": len(read.samples)}
    deliver(filing, form="samples", files=[(file, data)], taken=taken,
            remarks=unknown_columns(read.unknown_columns))  # fmt: skip
    return taken


def take_profiles(data: bytes, *, file: str, filing: Filing, progress: Progress = silent) -> dict[str, int]:
    """File a laboratory's table of profiles; attempts without any result are filed too.

    Raises:
        BadFile: a row that cannot be read, an unknown sample, or what an act refuses.
    """
    read = read_profiles(data, file=file)
    samples = {s.number: s for s in Sample.objects.filter(number__in=[p.sample for p in read.profiles])}
    for done, row in enumerate(read.profiles):
        source = samples.get(row.sample)
        if source is None:
            raise BadFile(sentence("no sample of this number was taken"), file=row.file, line=row.line, column="sample",
                          value=row.sample, next_step=sentence("import the list of samples first"))  # fmt: skip
        genotypes = dict(row.genotypes.autosomal)
        if row.genotypes.amelogenin:
            genotypes["AMEL"] = row.genotypes.amelogenin
        try:
            profile(source, filing, laboratory=row.lab, kit=row.kit, genotypes=genotypes, attempt=row.attempt,
                    typed_on=row.typed_on)  # fmt: skip
        except ActRefused as refusal:
            raise _refused(refusal, file=row.file, line=row.line, column="sample", value=row.sample) from refusal
        progress(done + 1, len(read.profiles))
    taken = {"profiles": len(read.profiles)}
    remarks = [remark("control", sample=sample) for sample in read.controls]
    remarks += [*unknown_markers(read.unknown_markers), *unknown_columns(read.unknown_columns)]
    deliver(filing, form="profiles", files=[(file, data)], taken=taken, remarks=remarks)
    return taken
