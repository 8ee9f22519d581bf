"""Lists of places, rooms and exhibits: what they bring, and what is refused at its line with nothing filed."""

from __future__ import annotations

import pytest
from casebook import assert_refused, newest, take_in
from detention_case import a_search, closed, everything_done
from put_right_cases import assert_verifies
from workbooks import row, workbook

from dokaz.detention.intake import DETENTION
from dokaz.detention.models import Exhibit, PlaceOfDetention, PlaceRoom, Seal
from dokaz.errors import BadFile
from dokaz.numbers import number

PLACES = """what,number,kind,name,latitude,longitude,accuracy_m,area m2,door,capacity people,capacity basis,опис
місце,POL,police station,Invented station,49.1234567,37.2,5,,,,,two floors
room,POL-C1,cell,First,,,,9.50,N,6,bunks,
приміщення,POL-YARD,двір,,,,,,,,,
"""
ONE, TWO = number("POL", "C1", 1, "E"), number("POL", "C1", 7, "E")
EXHIBITS = f"""# zone: UTC
what;number;kind;seen;x;y;taken_at;taken_by;packaging;seal
exhibit;{ONE};cable;two wires;1.5;2,25;2026-05-04 09:00;scene 1;bag;AA 0001
доказ;{TWO};телефон;grey box;;;2026-05-04 09:05;scene 2;;
"""
FIRST = "2026-05-04T08:00:00Z"


def taken(house, text, name="list.csv"):
    return take_in(house, DETENTION, "scene", (name, text.encode() if isinstance(text, str) else text))


def searched(house):
    import datetime as dt

    taken(house, PLACES)
    return a_search(house, PlaceOfDetention.objects.get(), started_at=dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC))


def test_a_list_of_places_and_rooms_is_filed_with_its_digits(house):
    assert taken(house, PLACES) == {"places": 1, "rooms": 2, "exhibits": 0, "seals": 0}
    place, (cell, yard) = PlaceOfDetention.objects.get(), PlaceRoom.objects.order_by("number")
    assert (str(place.latitude_deg), place.accuracy_m, place.description) == ("49.1234567", "5", "two floors")
    assert (cell.area_m2, cell.door_side, cell.capacity_people, cell.delivered_row) == ("9.50", "N", 6, "list.csv:3")
    assert (yard.number, yard.used_as) == ("POL-YARD", "yard")


def test_a_list_of_exhibits_is_seized_in_the_search_that_is_under_way(house):
    search = searched(house)
    assert taken(house, EXHIBITS) == {"places": 0, "rooms": 0, "exhibits": 2, "seals": 1}
    one, two = Exhibit.objects.order_by("number")
    assert (one.position, one.taken_by.name, one.look) == (["1.5", "2.25"], "scene 1", "cable")
    assert (two.position, two.taken_by.name, two.look) == ([], "scene 2", "telephone")
    assert Seal.objects.get().label == "AA 0001"
    everything_done(house, newest(search))
    closed(house, search)
    assert_verifies(house, "delivered")


def test_a_workbook_is_read_as_its_table(house):
    rows = "".join(row(nth, *line.split(",")) for nth, line in enumerate(PLACES.splitlines(), start=1))
    assert taken(house, workbook({"List": rows}), "list.xlsx")["rooms"] == 2


@pytest.mark.parametrize(("old", "new", "column"), [
    ("room,POL-C1", "attic,POL-C1", "what"), ("POL-YARD", "POL-C1", "number"), ("POL-YARD", "XXX-YARD", "number"),
    ("POL-YARD", "POL", "number"), ("двір", "palace", "kind"), ("9.50", "nine", "area_m2"), ("9.50", "-9", "area_m2"),
    (",N,", ",up,", "door_side"), ("bunks", "", "capacity_basis"), ("49.1234567", "", "latitude"),
    ("49.1234567", "99", "latitude"), ("Invented station", "", "name"), ("49.1234567", "49.12345678", "number"),
    ("двір,,,", "двір,,1.0,", "latitude"),
])  # fmt: skip
def test_a_list_of_places_is_refused_at_its_cell(house, old, new, column):
    refused = assert_refused(BadFile, lambda: taken(house, PLACES.replace(old, new, 1)))
    assert (refused.column, refused.line is None) == (column, False)


@pytest.mark.parametrize(("old", "new", "column"), [
    (ONE, number("POL", "C9", 1, "E"), "number"), (ONE, number("POL", "C1", 1, "A"), "number"),
    (ONE, ONE[:-1] + "0", "number"), (TWO, ONE, "number"), ("scene 2", "nobody", "taken_by"),
    ("2026-05-04 09:00", "", "taken_at"),
    ("2026-05-04 09:00", "2026-05-04 07:00", "number"), ("2026-05-04 09:00", "2027-05-04 07:00", "number"),
    ("two wires", "", "seen"), ("2,25", "", "y"), ("exhibit", "place", "x"), ("# zone: UTC\n", "", "taken_at"),
])  # fmt: skip
def test_a_list_of_exhibits_is_refused_at_its_cell(house, old, new, column):
    searched(house)
    refused = assert_refused(BadFile, lambda: taken(house, EXHIBITS.replace(old, new, 1)))
    assert refused.column == column


def test_exhibits_wait_for_a_search_and_an_empty_list_is_none(house):
    taken(house, PLACES)
    assert_refused(BadFile, lambda: taken(house, EXHIBITS), match="no search is under way")
    assert_refused(BadFile, lambda: taken(house, PLACES.splitlines()[0] + "\n"))
    assert_refused(BadFile, lambda: taken(house, PLACES), match="given already")


def test_the_lists_of_the_invented_station_are_read_whole():
    from dokaz.exchange.deliveries.detention import read_detention
    from dokaz.simulate.police_station import exhibits, places_and_rooms, station_truth

    def written(rows, above=""):
        return (above + "\n".join(";".join(map(str, cells)) for cells in rows)).encode()

    places = read_detention(written(places_and_rooms()), file="detention.csv")
    seized = read_detention(written(exhibits(), "# zone: +03:00\n"), file="exhibits.csv")
    truth = station_truth()
    assert [f"{one.place}-{one.code}" for one in places.rooms][:9] == truth["cells"]
    assert len(seized.exhibits) == truth["exhibits"] == 60
    assert set(truth["composite"]) <= {one.number for one in seized.exhibits}
    assert truth["broken_seal"] in {one.seal for one in seized.exhibits}
    assert (places.remarks[0]["code"], len(places.remarks)) == ("column_kept", 1)


def test_exhibits_are_handed_over_by_a_list_of_moves(house):
    from dokaz.casework.models import Transfer
    from dokaz.mortuary.custody import CUSTODY

    searched(house)
    taken(house, EXHIBITS)
    moves = f"""number,from,to,given by,received by,time,purpose,seal
{ONE},POL-C1,Store,scene 1,investigator 1,2026-05-04T09:10Z,analysis,AA 0001
"""
    assert take_in(house, CUSTODY, "scene", ("moves.csv", moves.encode()))["moves"] == 1
    assert [thing["number"] for thing in Transfer.objects.get().things] == [ONE]
