"""Missing persons: who is looked for, as families and police reported them; names stay as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dokaz.errors import BadFile, sentence
from dokaz.exchange.reading.dates import PartialDate
from dokaz.exchange.reading.tables import Column, read_table

_SEXES = {
    "m": "male", "male": "male", "ч": "male", "чол": "male", "чол.": "male", "чоловіча": "male", "1": "male",
    "f": "female", "female": "female", "ж": "female", "жін": "female", "жін.": "female", "жіноча": "female",
    "2": "female", "unknown": "", "невідомо": "", "0": "",
}  # fmt: skip
COLUMNS = (
    Column("id", ("number", "case number", "номер", "номер справи"), required=True),
    Column("surname", ("family name", "last name", "прізвище"), required=True),
    Column("given_name", ("first name", "name", "ім'я"), required=True),
    Column("patronymic", ("по батькові",)),
    Column("sex", ("gender", "стать"), required=True),
    Column("born", ("birth date", "date of birth", "дата народження")),
    Column("last_seen_on", ("last seen", "date last seen", "востаннє бачили", "дата зникнення")),
    Column("last_seen_place", ("place", "місце", "місце зникнення")),
    Column("stature_cm", ("height cm", "height", "stature", "зріст", "зріст см")),
    Column("marks", ("distinguishing marks", "scars and tattoos", "особливі прикмети", "прикмети")),
    Column("dental_note", ("dental", "teeth", "зуби", "стоматологічні дані")),
    Column("clothing", ("одяг",)),
    Column("occupation", ("service", "рід занять")),
    Column("family", ("family id", "родина", "сім'я")),
    Column("member", ("member id", "pedigree id", "член родини", "особа")),
    Column("reported_on", ("report date", "дата звернення")),
    Column("reported_by", ("reporter", "заявник")),
    Column("liaison", ("liaison officer", "office", "посадова особа", "підрозділ")),
    Column("note", ("примітка",)),
)


@dataclass(frozen=True, slots=True)
class MissingPerson:
    """One report of a missing person; two reports may be of one person, which no reader decides.

    ``sex`` is ``male``, ``female`` or empty; ``stature_cm`` is as reported by relatives, who overstate it; ``family``
    and ``member`` say who this is in the pedigrees, where a family has given samples.
    """

    id: str
    surname: str
    given_name: str
    patronymic: str
    sex: str
    born: PartialDate | None
    last_seen_on: PartialDate | None
    last_seen_place: str
    stature_cm: float | None
    marks: str
    dental_note: str
    clothing: str
    occupation: str
    family: str
    member: str
    reported_on: date | None
    reported_by: str
    liaison: str
    note: str
    file: str
    line: int

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic, as a Ukrainian list writes them."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class MissingPersons:
    """A list of missing persons."""

    file: str
    persons: tuple[MissingPerson, ...]
    unknown_columns: tuple[str, ...]


def read_missing(data: bytes, *, file: str) -> MissingPersons:
    """Read a list of missing persons.

    Args:       data: the whole file, a table with the columns of ``docs/files.md``.
                file: its name, kept on every person and named in every error.
    Raises:     BadFile: an id given twice, no name, a sex or date that cannot be read, a birth after the
                    disappearance, a
                    family without a member or the reverse, or two persons who are one member of one family.
    """
    table = read_table(data, file=file, columns=COLUMNS)
    persons: dict[str, MissingPerson] = {}
    places: dict[tuple[str, str], str] = {}
    for row in table:
        key = row.text("id", required=True)
        if key in persons:
            raise row.bad(
                "id",
                sentence("the id is given twice: line {line}", line=persons[key].line),
                sentence("give each report its own number"),
            )
        born, last_seen_on = row.partial_date("born"), row.partial_date("last_seen_on")
        if born and last_seen_on and born.earliest > last_seen_on.latest:
            raise row.bad(
                "born",
                sentence("born after being last seen ({last_seen_on})", last_seen_on=last_seen_on),
                sentence("correct one of the two dates"),
            )
        family, member = row.text("family"), row.text("member")
        if bool(family) != bool(member):
            raise row.bad(
                "member" if family else "family",
                sentence("family and member belong together"),
                sentence("give both, or neither"),
            )
        if family and (family, member) in places:
            raise row.bad(
                "member",
                sentence(
                    "{person} is this member of family {family} already", person=places[family, member], family=family
                ),
                sentence("two reports of one person name two members, or one of them none"),
            )
        if family:
            places[family, member] = key
        persons[key] = MissingPerson(
            id=key,
            surname=row.text("surname", required=True),
            given_name=row.text("given_name", required=True),
            patronymic=row.text("patronymic"),
            sex=row.choice("sex", _SEXES, required=True),
            born=born,
            last_seen_on=last_seen_on,
            last_seen_place=row.text("last_seen_place"),
            stature_cm=row.decimal("stature_cm", low=30, high=250),
            marks=row.text("marks"),
            dental_note=row.text("dental_note"),
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
    if not persons:
        raise BadFile(sentence("the list has no rows"), file=file, next_step=sentence("export it again"))
    return MissingPersons(file=file, persons=tuple(persons.values()), unknown_columns=table.unknown_columns)
