"""Samples: what was cut from which unit, by whom, and which laboratory it went to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dokaz.errors import BadFile, UnreadElement, sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow
from dokaz.exchange.reading.skeleton import Element, read_element
from dokaz.exchange.reading.tables import ZONE, Column, read_table
from dokaz.numbers import parse_number

COLUMNS = (
    Column(
        "sample", ("sample number", "number", "зразок", "номер зразка"), required=True, field="mortuary.Sample.number"
    ),
    Column("unit", ("unit number", "одиниця", "номер одиниці"), required=True, field="mortuary.Sample.unit"),
    Column("element", ("source", "елемент", "матеріал"), required=True, field="mortuary.Sample.element"),
    Column(
        "taken_at", ("date", "taken on", "час відбору", "дата відбору"), required=True, field="mortuary.Sample.taken_at"
    ),
    Column("taken_by", ("sampled by", "відібрав"), required=True, field="mortuary.Sample.taken_by"),
    Column("laboratory", ("lab", "лабораторія"), field="mortuary.Sample.laboratory"),
    Column("purpose", ("reason", "причина"), field="mortuary.Sample.purpose"),
    Column("note", ("примітка",), field="mortuary.Sample.note"),
)


@dataclass(frozen=True, slots=True)
class DeliveredSample(PlacedRow):
    """A sample; ``purpose`` says why a further one was taken."""

    number: str
    unit: str
    element: Element
    taken_at: datetime
    taken_by: str
    laboratory: str
    purpose: str
    note: str


@dataclass(frozen=True, slots=True)
class Samples:
    """A file of samples."""

    file: str
    samples: tuple[DeliveredSample, ...]
    remarks: tuple[Remark, ...]


def read_samples(data: bytes, *, file: str) -> Samples:
    """Read a list of samples.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every sample and named in every error.
    Raises:     BadFile: a number mistyped or given twice; a sample whose number belongs to another unit; an unknown
                    element; a time without a zone.
    """
    table = read_table(data, file=file, columns=COLUMNS, above=ZONE)
    samples: dict[str, DeliveredSample] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            number, unit = row.number("sample", types=("S",)), row.number("unit", types=("B", "BP", "GB"))
            if number in samples:
                raise row.bad(
                    "sample",
                    sentence("the number is given twice: line {line}", line=samples[number].line),
                    sentence("number each sample"),
                )
            sample, source = parse_number(number), parse_number(unit)
            if sample.root != source.root or sample.derivation[:-1] != source.derivation:
                raise row.bad(
                    "sample",
                    sentence("the sample's number does not derive from the unit {unit}", unit=unit),
                    sentence("a sample of SITE-GRAVE-0017-B is SITE-GRAVE-0017-S.1; compare with both labels"),
                )
            try:
                element = read_element(row.text("element", required=True))
            except UnreadElement as error:
                raise row.bad("element", error.what, error.next_step) from error
            taken_at = row.needed_moment("taken_at", zone=table.zone())
            samples[number] = DeliveredSample(
                number=number,
                unit=unit,
                element=element,
                taken_at=taken_at,
                taken_by=row.text("taken_by", required=True),
                laboratory=row.text("laboratory"),
                purpose=row.text("purpose"),
                note=row.text("note"),
                file=file,
                line=row.line,
            )
    faults.refuse()
    if not samples:
        raise BadFile(sentence("the table has no rows"), file=file, next_step=sentence("export it again"))
    return Samples(file=file, samples=tuple(samples.values()), remarks=table.remarks)
