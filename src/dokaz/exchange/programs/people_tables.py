"""Lists of people for linkage: surname, given name, patronymic, date of birth, place, under the names that lists give them.

CSV (UTF-8 or cp1251; comma, semicolon or tab) and XLSX. A column may lack, others are left alone; every row is kept,
an empty one too, so that rows are counted as other programs count them.
"""

from __future__ import annotations

from dataclasses import dataclass

from dokaz.errors import BadFile, sentence
from dokaz.exchange.programs.case_markers import read_json
from dokaz.exchange.reading.sheets import read_sheet
from dokaz.exchange.reading.tables import Column, header_key, read_table
from dokaz.exchange.reading.workbooks import is_workbook, sheet_as_text
from dokaz.linkage import Listed, name_parts

MOST_LINES = 5_000_000
#: What lists call each field; the first that a list has is read.
HEADERS = {
    "surname": "surname, last name, lastname, family name, прізвище, фамилия",
    "given": "given, given name, first name, firstname, forename, ім'я, имя, імʼя",
    "patronymic": "patronymic, middle name, по батькові, побатькові, отчество",
    "dob": "dob, date of birth, birth date, birthdate, born, year of birth, дата народження, дата рождения, "
    "рік народження, год рождения, дн, др, age, вік, возраст",
    "place": "place, place of birth, birth place, residence, place of residence, city, town, address, місце проживання, "
    "місце народження, населений пункт, місто, адреса, место жительства, место рождения, населенный пункт, город, адрес",
    "whole": "name, full name, fullname, піб, п і б, прізвище ім'я по батькові, прізвище та ім'я, фио, ф и о, "
    "фамилия имя отчество",
}
_FIELD_OF = {header_key(header): field for field, headers in HEADERS.items() for header in headers.split(", ")}
_ORDER = {header_key(header): at for headers in HEADERS.values() for at, header in enumerate(headers.split(", "))}


@dataclass(frozen=True)
class PeopleTable:
    """The people of a list in its order, and which of its columns were read as what."""

    file: str
    people: tuple[Listed, ...]
    read: dict[str, str]
    not_read: tuple[str, ...]


def read_people(data: bytes, *, file: str, sheet: str = "") -> PeopleTable:
    """Read a list of people.

    Raises:
        BadFile: no table, no column that is known, a row of headers among the people.
    """
    if is_workbook(data):
        data = sheet_as_text(data, file=file, sheet=sheet)
    cells = read_sheet(
        data,
        file=file,
        is_known=lambda cell: header_key(cell) in _FIELD_OF,
        most_lines=MOST_LINES,
        keeps_empty_rows=True,
    )
    at: dict[str, int] = {}
    keys = [header_key(cell) for cell in cells.header]
    for index, key in enumerate(keys):
        field = _FIELD_OF.get(key)
        if field and (field not in at or _ORDER[key] < _ORDER[keys[at[field]]]):
            at[field] = index
    if not at:
        raise BadFile(
            sentence("no column is known"), file=file, line=cells.header_line, value=", ".join(cells.header)[:200],
            next_step=sentence("name columns surname, given, patronymic, dob or place"),
        )  # fmt: skip
    people = []
    for line, row in cells.records:
        known = [header_key(cell) for cell in row if cell.strip()]
        if len(known) > 1 and all(key in _FIELD_OF for key in known):
            raise BadFile(
                sentence("a second row of headers"), file=file, line=line, value=", ".join(row)[:120],
                next_step=sentence("keep one row of headers, at the top"),
            )  # fmt: skip
        people.append(_person({field: row[index].strip() for field, index in at.items()}))
    not_read = tuple(
        cell.strip() for index, cell in enumerate(cells.header) if index not in at.values() and cell.strip()
    )
    return PeopleTable(
        file, tuple(people), {field: cells.header[index].strip() for field, index in at.items()}, not_read
    )


def _person(cells: dict[str, str]) -> Listed:
    whole = cells.pop("whole", "")
    if whole and not cells.get("surname"):
        # Beside a given name of its own, a column called name holds the surname.
        if cells.get("given"):
            cells["surname"] = whole
        else:
            parts = zip(("surname", "given", "patronymic"), name_parts(whole), strict=True)
            cells = {**cells, **{field: part for field, part in parts if not cells.get(field)}}
    return Listed(**cells)


def read_links(data: bytes, *, file: str) -> dict[tuple[int, int], float]:
    """The links that `dokaz linkage link --json` printed.

    Raises:
        BadFile: of another form.
    """
    links = read_json(data, file=file).get("links")
    try:
        return {(int(each["left"]), int(each["right"])): float(each["probability"]) for each in links}  # type: ignore[union-attr]
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile(
            sentence("it holds no links"), file=file, value=repr(error),
            next_step=sentence("give what `dokaz linkage link --json` printed"),
        ) from None  # fmt: skip


def read_truth(data: bytes, *, file: str) -> set[tuple[int, int]]:
    """Pairs of rows that are of one person: columns left and right.

    Raises:
        BadFile: a cell that is no row.
    """
    columns = (Column("left", required=True), Column("right", required=True))
    pairs = set()
    for row in read_table(data, file=file, columns=columns):
        left, right = (row.integer(side, required=True, low=0, high=MOST_LINES) for side in ("left", "right"))
        pairs.add((left or 0, right or 0))
    return pairs
