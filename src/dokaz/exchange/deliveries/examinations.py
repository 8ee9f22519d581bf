"""Mortuary examinations: what was seen of a unit, apart from what anybody concludes from it.

A row is one examination and its first finding; further findings follow on rows that repeat the unit and leave the
rest of the examination blank.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dokaz.errors import BadFile, UnreadElement, sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow, Row
from dokaz.exchange.reading.skeleton import Element, read_element
from dokaz.exchange.reading.tables import ZONE, Column, Table, read_table

#: Buikstra and Ubelaker (1994).
COMPLETENESS = {">=75": ">=75", "≥75": ">=75", "> 75": ">=75", "25-75": "25-75", "25–75": "25-75", "<25": "<25"}
#: ANSI/ASB 147, and what graves of executed people need beyond it; excavation damage protects against false trauma.
MECHANISMS = {
    "projectile": "projectile", "вогнепальна": "projectile", "sharp": "sharp", "гостра": "sharp",
    "blunt": "blunt", "тупа": "blunt", "thermal": "thermal", "термічна": "thermal", "blast": "blast",
    "вибухова": "blast", "ligature": "ligature", "зв'язування": "ligature", "genital": "genital",
    "статева": "genital", "excavation": "excavation", "розкопки": "excavation",
}  # fmt: skip
TIMINGS = {
    "antemortem": "antemortem", "прижиттєва": "antemortem", "perimortem": "perimortem",
    "приблизно під час смерті": "perimortem", "postmortem": "postmortem", "посмертна": "postmortem",
    "undetermined": "undetermined", "невизначено": "undetermined",
}  # fmt: skip
COLUMNS = (
    Column(
        "unit", ("number", "unit number", "номер", "номер одиниці"), required=True, field="mortuary.Examination.unit"
    ),
    Column(
        "examined_at",
        ("date", "examination date", "час огляду", "дата огляду"),
        field="mortuary.Examination.examined_at",
    ),
    Column("examiner", ("examined by", "експерт", "оглянув"), required=True, field="mortuary.Examination.examiner"),
    Column("sex", ("sex_estimate", "sex 0 5", "стать", "оцінка статі"), field="mortuary.Examination.sex"),
    Column("age_low_years", ("age from", "age min", "вік від"), field="mortuary.Examination.age_low_years"),
    Column("age_high_years", ("age to", "age max", "вік до"), field="mortuary.Examination.age_high_years"),
    Column(
        "stature_low_cm",
        ("stature from", "stature min cm", "зріст від"),
        field="mortuary.Examination.stature_low_cm",
    ),
    Column(
        "stature_high_cm",
        ("stature to", "stature max cm", "зріст до"),
        field="mortuary.Examination.stature_high_cm",
    ),
    Column(
        "elements",
        ("elements present", "present", "наявні елементи", "елементи"),
        field="mortuary.Examination.elements",
    ),
    Column(
        "completeness",
        ("completeness percent", "повнота", "збереженість"),
        field="mortuary.Examination.completeness",
    ),
    Column(
        "mechanism",
        ("finding", "trauma class", "class", "ушкодження", "клас ушкодження"),
        field="mortuary.Finding.mechanism",
    ),
    Column("timing", ("trauma timing", "час ушкодження", "давність"), field="mortuary.Finding.timing"),
    Column(
        "region", ("body region", "location", "ділянка"), field="mortuary.Finding.region mortuary.Finding.region_stated"
    ),
    Column("description", ("finding description", "опис"), field="mortuary.Finding.description"),
    Column("clothing", ("одяг",), field="mortuary.Examination.clothing"),
    Column("marks", ("scars and tattoos", "прикмети"), field="mortuary.Examination.marks"),
    Column("teeth", ("dental_note", "dental", "зуби"), field="mortuary.Examination.teeth"),
    Column("note", ("примітка",), field="mortuary.Examination.description"),
)
_OF_FINDING = ("mechanism", "timing", "region", "description")


@dataclass(frozen=True, slots=True)
class DeliveredFinding(PlacedRow):
    """An observation of trauma: its mechanism and timing, where, and in the examiner's words; never a cause of death."""

    mechanism: str
    timing: str
    region: str
    description: str


@dataclass(frozen=True, slots=True)
class DeliveredExamination(PlacedRow):
    """One examination of one unit. Intervals are (low, high), as delivered; ``None`` where nothing was estimated."""

    unit: str
    examined_at: datetime | None
    examiner: str
    sex: int | None
    age_years: tuple[str, str] | None
    stature_cm: tuple[str, str] | None
    elements: tuple[Element, ...]
    completeness: str
    findings: tuple[DeliveredFinding, ...]
    clothing: str
    marks: str
    teeth: str
    note: str


@dataclass(frozen=True, slots=True)
class Examinations:
    """A file of examinations."""

    file: str
    examinations: tuple[DeliveredExamination, ...]
    remarks: tuple[Remark, ...]


def read_examinations(data: bytes, *, file: str) -> Examinations:
    """Read mortuary examinations.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every examination and named in every error.
    Raises:     BadFile: a unit's number that is mistyped; an estimate outside its scale; half an interval or one that
                    ends
                    before it begins; an unknown element, trauma class or timing; a finding before its examination.
    """
    table = read_table(data, file=file, columns=COLUMNS, above=ZONE)
    examinations: list[DeliveredExamination] = []
    faults = Faults()
    begun = ""
    for given in table:
        with faults.of_row(given) as row:
            unit = row.number("unit", types=("B", "BP", "GB"))
            finding = _finding(row)
            said = [
                column for column in table.known_columns if column not in (*_OF_FINDING, "unit") and row.text(column)
            ]
            if said:
                begun = unit
                examinations.append(_examination(row, unit, finding, table))
            elif not finding:
                raise row.bad(
                    "examiner",
                    sentence("a row without an examination and without a finding"),
                    sentence("fill in either"),
                )
            elif begun != unit:
                raise row.bad(
                    "unit",
                    sentence("a finding without its examination"),
                    sentence("put it below the examination of the same unit"),
                )
            elif examinations:  # none, where the examination itself cannot be read
                last = examinations[-1]
                examinations[-1] = replace(last, findings=(*last.findings, finding))
    faults.refuse()
    if not examinations:
        raise BadFile(sentence("the table has no rows"), file=file, next_step=sentence("export it again"))
    seen: dict[tuple[str, datetime | None, str], int] = {}
    for one in examinations:
        key = one.unit, one.examined_at, one.examiner
        if key in seen:
            raise BadFile(
                sentence("the examination is given twice: line {line}", line=seen[key]),
                file=file,
                line=one.line,
                column="unit",
                value=one.unit,
                next_step=sentence("give another examination its own time or examiner"),
            )
        seen[key] = one.line
    return Examinations(file=file, examinations=tuple(examinations), remarks=table.remarks)


def _examination(row: Row, unit: str, finding: DeliveredFinding | None, table: Table) -> DeliveredExamination:
    elements = []
    for part in row.items("elements"):
        try:
            elements.append(read_element(part))
        except UnreadElement as error:
            raise BadFile(error.what, file=row.file, line=row.line, column="elements", value=part,
                          next_step=error.next_step) from error  # fmt: skip
    places = [(e.name, e.side) for e in elements]
    if twice := next((p for p in places if places.count(p) > 1), None):
        raise row.bad(
            "elements",
            sentence("{element} is listed twice", element=" ".join(twice)),
            sentence("write a count: femur:L*2"),
        )
    return DeliveredExamination(
        unit=unit,
        examined_at=row.moment("examined_at", zone=table.zone()),
        examiner=row.text("examiner", required=True),
        sex=row.integer("sex", low=0, high=5),
        age_years=_interval(row, "age_low_years", "age_high_years", 0, 120),
        stature_cm=_interval(row, "stature_low_cm", "stature_high_cm", 30, 250),
        elements=tuple(elements),
        completeness=row.choice("completeness", COMPLETENESS),
        findings=(finding,) if finding else (),
        clothing=row.text("clothing"),
        marks=row.text("marks"),
        teeth=row.text("teeth"),
        note=row.text("note"),
        file=row.file,
        line=row.line,
    )


def _finding(row: Row) -> DeliveredFinding | None:
    if not any(row.text(column) for column in _OF_FINDING):
        return None
    return DeliveredFinding(
        mechanism=row.choice("mechanism", MECHANISMS, required=True),
        timing=row.choice("timing", TIMINGS, required=True),
        region=row.text("region"),
        description=row.text("description"),
        file=row.file,
        line=row.line,
    )


def _interval(row: Row, low_column: str, high_column: str, least: float, most: float) -> tuple[str, str] | None:
    low, high = row.digits(low_column, low=least, high=most), row.digits(high_column, low=least, high=most)
    if not low and not high:
        return None
    if not low or not high:
        raise row.bad(
            high_column if low else low_column, sentence("half an interval"), sentence("give both ends, or neither")
        )
    if float(high) < float(low):
        raise row.bad(
            high_column,
            sentence("the interval ends before it begins ({low:g})", low=float(low)),
            sentence("write the lower figure first"),
        )
    return low, high
