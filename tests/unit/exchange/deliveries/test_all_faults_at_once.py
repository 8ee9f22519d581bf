"""A table with several faults is refused for all of them at once, each with its place, and for nothing that they cause."""

from __future__ import annotations

import io
import os
import random

import pytest

from dokaz.casework import answers
from dokaz.errors import BadFile, BadRows
from dokaz.exchange.deliveries.custody import read_custody
from dokaz.exchange.deliveries.detention import read_detention
from dokaz.exchange.deliveries.examinations import read_examinations
from dokaz.exchange.deliveries.families import _read_donors
from dokaz.exchange.deliveries.missing import read_missing
from dokaz.exchange.deliveries.profiles import read_profiles
from dokaz.exchange.deliveries.samples import read_samples
from dokaz.exchange.deliveries.survey import read_survey

#: How many tables with random cells; a run by hand may ask for thousands.
ROUNDS = int(os.environ.get("DOKAZ_ROUNDS", "60"))

MISSING = """number,family_name,given_name,sex,born,last_seen_on,stature_cm,family,member
A-1,Вигадане,Ім'я,чч,31.02.1970,2022-03-01,12,,
A-2,,Ім'я,ч,1970,1960-03-01,171,,
A-3,Вигадане,Ім'я,ч,1970,2022-03-01,171,F,
A-4,Вигадане,Ім'я,ч,1970,2022-03-01,171,,
A-4,Інше,Ім'я,ж,1971,2022-03-01,165,,
"""
CUSTODY = """# zone: UTC
number,from_place,to_place,giver,receiver,handed_at
{one},a,b,Ада,Ада,2026-05-01 10:00
{one},b,c,Ада,Іван,
{one},nowhere,d,Іван,Ада,2026-05-01 09:00
"""
DETENTION = """# zone: UTC
what,number,kind,name,latitude,longitude,area_m2
place,POL1,palace,Вигаданий відділок,91,37.3,
place,POL2,police station,,49.2,,
room,POL2-C1,cell,,,,much
"""
SURVEY = """# CRS: EPSG:32637
site,site_name,grave,unit,kind,point,easting,northing,surveyed_at
KLN,,,,,datum,334000.0,,
KLN,,G01,,,outline,x,5500010.0,
,,G01,,,outline,334012.0,5500010.0,
"""
SAMPLES = """# zone: UTC
sample,unit,element,taken_at,taken_by
KLN-G01-0001-S.1-x,KLN-G01-0001-B-x,femur,2026-05-01 10:00,Ада
{sample},{unit},elbow,2026-05-01,
"""
EXAMINATIONS = """# zone: UTC
unit,examined_at,examiner,sex,age_low_years,age_high_years,mechanism,timing
{unit},2026-05-01 10:00,,9,40,,blunt,
{unit},,,,,,blunt,perimortem
"""
PROFILES = """sample_name,attempt,D3S1358 1,D3S1358 2
x,1,15,16
{sample},0,15,16
{sample},1,fifteen,16
"""
DONORS = """family,member,name,relationship,consent,consented_on
F1,M,Ада,mother,perhaps,2026-02-30
F1,,Іван,father,identification,
"""


def numbers():
    from dokaz.numbers import number

    return {"one": number("KLN", "G01", 1, "B"), "unit": number("KLN", "G01", 1, "B"),
            "sample": number("KLN", "G01", 1, "S", (1,))}  # fmt: skip


CASES = [
    (read_missing, MISSING, [(2, "born"), (2, "sex"), (2, "stature_cm"), (3, "born"), (3, "family_name"), (4, "member"),
                             (6, "number")]),
    (read_custody, CUSTODY, [(3, "receiver"), (4, "handed_at")]),
    (read_detention, DETENTION, [(3, "kind"), (3, "latitude"), (4, "longitude"), (4, "name"), (5, "area_m2")]),
    (read_samples, SAMPLES, [(3, "sample"), (4, "element")]),
    (read_examinations, EXAMINATIONS, [(3, "age_high_years"), (3, "examiner"), (3, "sex"), (3, "timing")]),
    (read_profiles, PROFILES, [(2, "sample_name"), (3, "attempt"), (4, "D3S1358 1")]),
    (_read_donors, DONORS, [(2, "consent"), (2, "consented_on"), (3, "member")]),
]  # fmt: skip


@pytest.mark.parametrize(("read", "table", "expected"), CASES, ids=[case[0].__name__ for case in CASES])
def test_every_faulty_cell_is_named_once(read, table, expected):
    with pytest.raises(BadRows) as refused:
        read(table.format(**numbers()).encode(), file="list.csv")
    faults = refused.value.faults
    assert sorted((fault.line, fault.column) for fault in faults) == expected, str(refused.value)
    said = str(refused.value)
    assert said.startswith(f"list.csv: {len(faults)} faults\n- list.csv, line ")
    assert all(str(fault.what) in said and str(fault.next_step) in said for fault in faults)
    answer = io.BytesIO()
    answers.write(answer, None, refused.value)
    answer.seek(0)
    _nothing, again = answers.read(answer)
    assert str(again) == said and len(again.faults) == len(faults)


def test_a_survey_names_the_faults_of_one_reading_together():
    with pytest.raises(BadFile) as refused:
        read_survey(SURVEY.encode(), file="survey.csv")
    assert (refused.value.line, refused.value.column) == (5, "site")
    mended = SURVEY.replace(",,G01,,,outline,334012", "KLN,,G01,,,outline,334012")
    with pytest.raises(BadRows) as refused:
        read_survey(mended.encode(), file="survey.csv")
    assert [(fault.line, fault.column) for fault in refused.value.faults] == [(3, "northing"), (4, "easting")]


def test_one_fault_is_said_as_it_always_was():
    with pytest.raises(BadFile) as refused:
        read_missing(MISSING.splitlines()[0].encode() + "\nA-2,,Ім'я,ч,1970,,171,,\n".encode(), file="list.csv")
    assert type(refused.value) is BadFile
    assert (refused.value.line, refused.value.column) == (2, "family_name")


def test_of_thousands_of_faults_a_hundred_are_said():
    rows = "".join(f"A-{n},,Ім'я,ч,1970,,171,,\n" for n in range(130))
    with pytest.raises(BadRows, match=r"list.csv: 130 faults(\n.*)*\n- and 30 more") as refused:
        read_missing((MISSING.splitlines()[0] + "\n" + rows).encode(), file="list.csv")
    assert len(refused.value.faults) == 130


GARBAGE = [
    "",
    "чч",
    "-1",
    "1e9",
    "31.02.1970",
    "2026-05-01",
    "=1",
    "x" * 300,
    "0",
    "KLN-G01-0001-B-I",
    "male",
    "blunt",
    "room",
    "9,9",
]


def sound(table):
    """The table with its rows as they would be filled in, so that garbage meets cells that are read."""
    above = [line for line in table.format(**numbers()).splitlines() if line.startswith("#")]
    header, *rows = [line.split(",") for line in table.format(**numbers()).splitlines() if not line.startswith("#")]
    return above, header, rows


@pytest.mark.parametrize(("read", "table", "_expected"), [*CASES, (read_survey, SURVEY, [])])
def test_whatever_stands_in_the_cells_is_read_or_refused(read, table, _expected):
    above, header, rows = sound(table)
    chance = random.Random(read.__name__)
    for _each in range(ROUNDS):
        tried = [
            [chance.choice([cell, cell, cell, chance.choice(GARBAGE).replace(",", ".")]) for cell in row]
            for row in rows
        ]
        text = "\n".join([*above, ",".join(header), *(",".join(row) for row in tried)])
        faults = faults_of(read, text)
        assert len({(fault.line, fault.column) for fault in faults}) == len(faults), text
        assert all(fault.file == "list.csv" and fault.problem for fault in faults)


def faults_of(read, text):
    """What is wrong with a table; nothing, if it is read."""
    try:
        read(text.encode(), file="list.csv")
    except BadRows as refused:
        return refused.faults
    except BadFile as refused:
        return [refused]
    return []


def test_of_a_move_that_cannot_be_read_nobody_says_where_it_ended():
    one = numbers()["one"]
    rows = [f"{one},a,b,Ада,Іван,2026-05-01 10:00", f"{one},b,c,Іван,Ада,soon", f"{one},c,d,Ада,Іван,2026-05-01 12:00"]
    table = "\n".join([*CUSTODY.splitlines()[:2], *rows])
    assert [(fault.line, fault.column) for fault in faults_of(read_custody, table)] == [(4, "handed_at")]
    assert [
        fault.column
        for fault in faults_of(read_custody, table.replace("soon", "2026-05-01 11:00").replace("c,d", "x,d"))
    ] == ["from_place"]
