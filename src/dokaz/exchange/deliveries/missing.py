"""Missing persons: who is looked for, as families and police reported them; names stay as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.dates import PartialDate
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow
from dokaz.exchange.reading.sexes import SEXES
from dokaz.exchange.reading.tables import Column, read_table

COLUMNS = (
    Column(
        "number", ("id", "case number", "номер", "номер справи"), required=True, field="missing.MissingPerson.number"
    ),
    Column(
        "family_name", ("surname", "last name", "прізвище"), required=True, field="missing.MissingPerson.family_name"
    ),
    Column("given_name", ("first name", "name", "ім'я"), required=True, field="missing.MissingPerson.given_name"),
    Column("patronymic", ("по батькові",), field="missing.MissingPerson.patronymic"),
    Column("sex", ("gender", "стать"), required=True, field="missing.MissingPerson.sex"),
    Column("born", ("birth date", "date of birth", "дата народження"), field="missing.MissingPerson.born"),
    Column(
        "last_seen_on",
        ("last seen", "date last seen", "востаннє бачили", "дата зникнення"),
        field="missing.MissingPerson.last_seen_on",
    ),
    Column("last_seen_place", ("place", "місце", "місце зникнення"), field="missing.MissingPerson.last_seen_place"),
    Column(
        "stature_cm",
        ("height cm", "height", "stature", "зріст", "зріст см"),
        field="missing.MissingPerson.stature_cm",
    ),
    Column(
        "marks",
        ("distinguishing marks", "scars and tattoos", "особливі прикмети", "прикмети"),
        field="missing.MissingPerson.marks",
    ),
    Column("teeth", ("dental_note", "dental", "зуби", "стоматологічні дані"), field="missing.MissingPerson.teeth"),
    Column("clothing", ("одяг",), field="missing.MissingPerson.clothing"),
    Column("occupation", ("service", "рід занять"), field="missing.MissingPerson.occupation"),
    Column("family", ("family id", "родина", "сім'я"), field="missing.MissingPerson.family_of_pedigree"),
    Column(
        "member",
        ("member id", "pedigree id", "член родини", "особа"),
        field="missing.MissingPerson.member_of_pedigree",
    ),
    Column("reported_on", ("report date", "дата звернення"), field="missing.MissingPerson.reported_on"),
    Column("reported_by", ("reporter", "заявник"), field="missing.MissingPerson.reported_by"),
    Column(
        "liaison", ("liaison officer", "office", "посадова особа", "підрозділ"), field="missing.MissingPerson.liaison"
    ),
    Column("note", ("примітка",), field="missing.MissingPerson.note"),
)


@dataclass(frozen=True, slots=True)
class ReportedPerson(PlacedRow):
    """One report of a missing person; two reports may be of one person, which no reader decides.

    ``sex`` is ``male``, ``female`` or ``unknown``; ``stature_cm`` is as reported by relatives, who overstate it; ``family``
    and ``member`` say who this is in the pedigrees, where a family has given samples.
    """

    number: str
    family_name: str
    given_name: str
    patronymic: str
    sex: str
    born: PartialDate | None
    last_seen_on: PartialDate | None
    last_seen_place: str
    stature_cm: str
    marks: str
    teeth: str
    clothing: str
    occupation: str
    family: str
    member: str
    reported_on: date | None
    reported_by: str
    liaison: str
    note: str


@dataclass(frozen=True, slots=True)
class MissingPersons:
    """A list of missing persons."""

    file: str
    persons: tuple[ReportedPerson, ...]
    remarks: tuple[Remark, ...]


def read_missing(data: bytes, *, file: str) -> MissingPersons:
    """Read a list of missing persons.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every person and named in every error.
    Raises:     BadFile: a number given twice, no name, a sex or date that cannot be read, a birth after the
                    disappearance, a family without a member or the reverse, or two persons who are one member.
    """
    table = read_table(data, file=file, columns=COLUMNS)
    persons: dict[str, ReportedPerson] = {}
    places: dict[tuple[str, str], str] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            key = row.text("number", required=True)
            if key in persons:
                row.fault(
                    "number",
                    sentence("the number is given twice: line {line}", line=persons[key].line),
                    sentence("give each report its own number"),
                )
            born, last_seen_on = row.partial_date("born"), row.partial_date("last_seen_on")
            if born and last_seen_on and born.earliest > last_seen_on.latest:
                row.fault(
                    "born",
                    sentence("born after being last seen ({last_seen_on})", last_seen_on=last_seen_on),
                    sentence("correct one of the two dates"),
                )
            family, member = row.text("family"), row.text("member")
            if bool(family) != bool(member):
                row.fault(
                    "member" if family else "family",
                    sentence("family and member belong together"),
                    sentence("give both, or neither"),
                )
            if family and (family, member) in places:
                row.fault(
                    "member",
                    sentence(
                        "{person} is this member of family {family} already",
                        person=places[family, member],
                        family=family,
                    ),
                    sentence("two reports of one person name two members, or one of them none"),
                )
            if family:
                places[family, member] = key
            persons[key] = ReportedPerson(
                number=key,
                family_name=row.text("family_name", required=True),
                given_name=row.text("given_name", required=True),
                patronymic=row.text("patronymic"),
                sex=row.choice("sex", SEXES, required=True),
                born=born,
                last_seen_on=last_seen_on,
                last_seen_place=row.text("last_seen_place"),
                stature_cm=row.digits("stature_cm", low=30, high=250),
                marks=row.text("marks"),
                teeth=row.text("teeth"),
                clothing=row.text("clothing"),
                occupation=row.text("occupation"),
                family=family,
                member=member,
                reported_on=row.day("reported_on"),
                reported_by=row.text("reported_by"),
                liaison=row.text("liaison"),
                note=row.text("note"),
                file=file,
                line=row.line,
            )
    faults.refuse()
    if not persons:
        raise BadFile(sentence("the list has no rows"), file=file, next_step=sentence("export it again"))
    return MissingPersons(file=file, persons=tuple(persons.values()), remarks=table.remarks)
