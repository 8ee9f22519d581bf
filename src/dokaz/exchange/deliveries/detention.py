"""Places of detention, their rooms, and the exhibits that a search has seized: one list, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dokaz.errors import BadFile, BadNumber, sentence
from dokaz.exchange.reading.faults import Faults
from dokaz.exchange.reading.remarks import Remark
from dokaz.exchange.reading.rows import PlacedRow, Row
from dokaz.exchange.reading.tables import ZONE, Column, read_table
from dokaz.exchange.reading.workbooks import is_workbook, sheet_as_text
from dokaz.numbers import must_be_grave, must_be_site

PLACE, ROOM, EXHIBIT = "place", "room", "exhibit"
_WHAT = {
    PLACE: PLACE,
    "місце": PLACE,
    "місце утримання": PLACE,
    ROOM: ROOM,
    "приміщення": ROOM,
    "камера": ROOM,
    "cell": ROOM,
    EXHIBIT: EXHIBIT,
    "доказ": EXHIBIT,
    "речовий доказ": EXHIBIT,
}
_KINDS = {
    PLACE: {"police": "police", "police station": "police", "відділок поліції": "police", "prison": "prison",
            "в'язниця": "prison", "basement": "basement", "підвал": "basement", "school": "school", "школа": "school",
            "garage": "garage", "гараж": "garage", "dwelling": "dwelling", "житло": "dwelling", "industrial": "industrial",
            "camp": "camp", "табір": "camp", "other": "other", "інше": "other"},
    ROOM: {"cell": "cell", "камера": "cell", "interrogation": "interrogation", "допитна": "interrogation",
           "office": "office", "кабінет": "office", "corridor": "corridor", "коридор": "corridor", "sanitary": "sanitary",
           "санвузол": "sanitary", "store": "store", "комора": "store", "yard": "yard", "двір": "yard", "other": "other",
           "інше": "other"},
    EXHIBIT: {"cable": "cable", "кабель": "cable", "дріт": "cable", "clamp": "clamp", "затискач": "clamp",
              "telephone": "telephone", "телефон": "telephone", "power": "power", "baton": "baton", "кийок": "baton",
              "restraint": "restraint", "кайданки": "restraint", "hood": "hood", "мішок": "hood", "blade": "blade",
              "ніж": "blade", "ammunition": "ammunition", "набої": "ammunition", "weapon": "weapon", "зброя": "weapon",
              "device": "device", "пристрій": "device", "log_book": "log_book", "log book": "log_book",
              "журнал": "log_book", "document": "document", "документ": "document", "clothing": "clothing",
              "одяг": "clothing", "belonging": "belonging", "особиста річ": "belonging", "other": "other", "інше": "other"},
}  # fmt: skip
_SIDES = {"n": "N", "e": "E", "s": "S", "w": "W", "пн": "N", "сх": "E", "пд": "S", "зх": "W"}

_P, _R, _E = "detention.PlaceOfDetention", "detention.PlaceRoom", "detention.Exhibit"
COLUMNS = (
    Column("what", ("record", "що"), required=True, kept="it says of which kind the row is"),
    Column("number", ("code", "номер"), required=True, field=f"{_P}.number {_R}.number {_E}.number"),
    Column("kind", ("type", "вид"), required=True, field=f"{_P}.kind_of_place {_R}.used_as {_E}.look"),
    Column("name", ("назва",), field=f"{_P}.name {_R}.name"),
    Column("address", ("адреса",), field=f"{_P}.address"),
    Column("latitude", ("lat", "широта"), field=f"{_P}.latitude_deg"),
    Column("longitude", ("lon", "довгота"), field=f"{_P}.longitude_deg"),
    Column("accuracy_m", ("accuracy", "точність"), field=f"{_P}.accuracy_m"),
    Column("area_m2", ("area", "площа"), field=f"{_R}.area_m2"),
    Column("height_m", ("height", "висота"), field=f"{_R}.height_m"),
    Column("windows", ("вікна",), field=f"{_R}.windows"),
    Column("door_side", ("door", "двері"), field=f"{_R}.door_side"),
    Column("capacity_people", ("capacity", "місткість"), field=f"{_R}.capacity_people"),
    Column("capacity_basis", ("як визначено місткість",), field=f"{_R}.capacity_basis"),
    Column("seen", ("description", "опис", "що видно"), field=f"{_P}.description {_R}.description {_E}.seen"),
    Column("x", field=f"{_E}.position"),
    Column("y", field=f"{_E}.position"),
    Column("taken_at", ("seized at", "вилучено"), field=f"{_E}.taken_at"),
    Column("taken_by", ("seized by", "вилучив"), field=f"{_E}.taken_by"),
    Column("packaging", ("пакування",), field=f"{_E}.packaging"),
    Column("seal", ("seal number", "пломба"), field="detention.Seal.label"),
)
# Which cells a row of each kind may have; a cell that belongs to another kind would be lost, and is refused.
_MAY_HAVE = {
    PLACE: {"name", "address", "latitude", "longitude", "accuracy_m", "seen"},
    ROOM: {"name", "area_m2", "height_m", "windows", "door_side", "capacity_people", "capacity_basis", "seen"},
    EXHIBIT: {"seen", "x", "y", "taken_at", "taken_by", "packaging", "seal"},
}
_ALL_HAVE = {"what", "number", "kind"}


@dataclass(frozen=True, slots=True)
class DeliveredPlace(PlacedRow):
    """A place of detention; its coordinates are degrees, WGS 84, with the digits that were delivered."""

    code: str
    kind: str
    name: str
    address: str
    latitude: str
    longitude: str
    accuracy_m: str
    seen: str


@dataclass(frozen=True, slots=True)
class DeliveredRoom(PlacedRow):
    """A room, with its figures as they were written."""

    place: str
    code: str
    kind: str
    name: str
    area_m2: str
    height_m: str
    windows: str
    door_side: str
    capacity_people: int | None
    capacity_basis: str
    seen: str


@dataclass(frozen=True, slots=True)
class DeliveredExhibit(PlacedRow):
    """An exhibit of a search that is under way in its room; ``position`` is a point of the room's plan."""

    number: str
    kind: str
    seen: str
    position: tuple[str, ...]
    taken_at: datetime
    taken_by: str
    packaging: str
    seal: str


@dataclass(frozen=True, slots=True)
class DetentionList:
    """A list, in the order in which it is filed: places, rooms, exhibits."""

    places: tuple[DeliveredPlace, ...]
    rooms: tuple[DeliveredRoom, ...]
    exhibits: tuple[DeliveredExhibit, ...]
    remarks: tuple[Remark, ...]


def read_detention(data: bytes, *, file: str) -> DetentionList:
    """Read a list of places of detention, rooms and exhibits.

    Args:       data: the whole file: a table with the columns of ``docs/files.md``, or a workbook with one sheet of it.
                file: its name, kept on every row and named in every error.
    Raises:     BadFile: a row of no known kind, a number given twice or mistyped, a cell that such a row does not have, a
                    figure or a time that is none.
    """
    text = sheet_as_text(data, file=file) if is_workbook(data) else data
    table = read_table(text, file=file, columns=COLUMNS, above=ZONE)
    places: list[DeliveredPlace] = []
    rooms: list[DeliveredRoom] = []
    exhibits: list[DeliveredExhibit] = []
    lines: dict[str, int] = {}
    faults = Faults()
    for given in table:
        with faults.of_row(given) as row:
            number, what = row.text("number", required=True), row.choice("what", _WHAT, required=True)
            if not what:  # noted: nobody knows what such a row may hold
                continue
            if number in lines:
                raise row.bad("number", sentence("the number is given twice: line {line}", line=lines[number]))
            lines[number] = row.line
            for name, value in row.values.items():
                if value and name not in _MAY_HAVE[what] | _ALL_HAVE:
                    raise row.bad(name, sentence("a row of this kind has no such cell"), sentence("leave it empty"))
            if what == PLACE:
                places.append(_place(row, number))
            elif what == ROOM:
                rooms.append(_room(row, number))
            else:
                taken_at = row.needed_moment("taken_at", zone=table.zone())
                exhibits.append(_exhibit(row, taken_at))
    faults.refuse()
    if not lines:
        raise BadFile(sentence("the table has no rows"), file=file, next_step=sentence("export it again"))
    return DetentionList(tuple(places), tuple(rooms), tuple(exhibits), table.remarks)


def _place(row: Row, code: str) -> DeliveredPlace:
    try:
        must_be_site(code)
    except BadNumber as error:
        raise row.bad("number", error.problem) from error
    return DeliveredPlace(
        code=code,
        kind=row.choice("kind", _KINDS[PLACE], required=True),
        name=row.text("name", required=True),
        address=row.text("address"),
        latitude=row.digits("latitude", required=bool(row.text("longitude")), low=-90, high=90),
        longitude=row.digits("longitude", required=bool(row.text("latitude")), low=-180, high=180),
        accuracy_m=row.digits("accuracy_m", low=0, high=100_000),
        seen=row.text("seen"),
        file=row.file,
        line=row.line,
    )


def _room(row: Row, number: str) -> DeliveredRoom:
    place, _dash, code = number.partition("-")
    try:
        must_be_site(place, number)
        must_be_grave(code, number)
    except BadNumber as error:
        raise row.bad("number", error.problem, sentence("write place and room, as POL-C1")) from error
    return DeliveredRoom(
        place=place,
        code=code,
        kind=row.choice("kind", _KINDS[ROOM], required=True),
        name=row.text("name"),
        area_m2=row.digits("area_m2", low=0, high=100_000),
        height_m=row.digits("height_m", low=0, high=100),
        windows=row.text("windows"),
        door_side=row.choice("door_side", _SIDES),
        capacity_people=row.integer("capacity_people", low=0, high=10_000),
        capacity_basis=row.text("capacity_basis", required=bool(row.text("capacity_people"))),
        seen=row.text("seen"),
        file=row.file,
        line=row.line,
    )


def _exhibit(row: Row, taken_at: datetime) -> DeliveredExhibit:
    x = row.digits("x", required=bool(row.text("y")), low=-100_000, high=100_000)
    y = row.digits("y", required=bool(row.text("x")), low=-100_000, high=100_000)
    return DeliveredExhibit(
        number=row.number("number", types=("E",)),
        kind=row.choice("kind", _KINDS[EXHIBIT], required=True),
        seen=row.text("seen", required=True),
        position=(x, y) if x else (),
        taken_at=taken_at,
        taken_by=row.text("taken_by", required=True),
        packaging=row.text("packaging"),
        seal=row.text("seal"),
        file=row.file,
        line=row.line,
    )
