"""Refused missing persons, families and frequencies name file, line, column and value, and change nothing."""

import datetime as dt

import pytest
from casebook import take_in
from refused_imports import assert_import_refused, edited

from dokaz.errors import BadFile
from dokaz.missing.intake import FAMILIES, FREQUENCIES, MISSING


def test_a_person_last_seen_tomorrow_week(house):
    data = f"id,surname,given_name,sex,last_seen\nMP-7,Boiko,Oleh,m,{house.clock().date() + dt.timedelta(8)}\n"
    assert_import_refused(
        house, "family_liaison", MISSING, ("missing.csv", data.encode()),
        says=["missing.csv, line 2", "MP-7: last_seen_on", "lies in the future"],
    )  # fmt: skip


def test_a_person_last_seen_tomorrow(house):
    """Today is taken; tomorrow, whatever the zone, is not."""
    today, header = house.clock().date(), "id,surname,given_name,sex,last_seen\n"
    tomorrow = f"{header}MP-7,Boiko,Oleh,m,{today + dt.timedelta(1)}\n"
    assert_import_refused(
        house, "family_liaison", MISSING, ("missing.csv", tomorrow.encode()),
        says=["missing.csv, line 2", "MP-7: last_seen_on", "lies in the future"],
    )  # fmt: skip
    data = f"{header}MP-7,Boiko,Oleh,m,{today}\n"
    assert take_in(house, MISSING, "family_liaison", ("missing.csv", data.encode())) == {"missing_persons": 1}


def test_a_person_reported_before_they_were_last_seen(house):
    data = "id,surname,given_name,sex,born,last_seen,reported_on\nMP-7,Boiko,Oleh,m,1990,2022-05,2022-04-30\n"
    assert_import_refused(
        house, "family_liaison", MISSING, ("missing.csv", data.encode()),
        says=["missing.csv, line 2", "MP-7: reported_on 2022-04-30 is before last_seen_on 2022-05"],
    )  # fmt: skip


def test_a_cell_of_a_megabyte_is_called_too_long_and_not_shown_whole(house):
    data = f"id,surname,given_name,sex,note\nMP-7,Boiko,Oleh,m,{'x' * 1_000_000}\n"
    assert_import_refused(
        house, "family_liaison", MISSING, ("missing.csv", data.encode()),
        says=["missing.csv, line 2: a cell holds more than 131,072 characters"],
    )  # fmt: skip
    long = f"id,surname,given_name,sex\nMP-7,Boiko,Oleh,{'x' * 9000}\n".encode()
    with pytest.raises(BadFile) as refused:
        take_in(house, MISSING, "family_liaison", ("m.csv", long))
    assert len(str(refused.value)) < 600


def test_a_missing_person_reported_under_a_number_in_use(house, delivered):
    data = (delivered / "missing_persons.csv").read_bytes()
    take_in(house, MISSING, "family_liaison", ("missing.csv", data))
    assert_import_refused(
        house, "family_liaison", MISSING, ("missing.csv", data), says=["every report of the list is here"]
    )


def test_frequencies_without_a_source(house, delivered):
    data = (delivered / "allele_frequencies.csv").read_bytes()
    bare = b"\n".join(line for line in data.split(b"\n") if not line.startswith(b"#"))
    assert_import_refused(house, "dna_examiner", FREQUENCIES, ("freq.csv", bare), says=["source"])


def test_a_child_older_than_its_parent(house, delivered):
    from dataclasses import replace

    from dokaz.casework.acts import appoint
    from dokaz.casework.models import Person

    with house.filing("administrator") as f:
        liaison = house.acting("family_liaison")
        office = appoint(Person.objects.get(pk=liaison.person), f, role="dna_examiner")
    examiner = replace(liaison, office=office.id, role="dna_examiner")
    ped = (delivered / "families.ped").read_text(encoding="utf-8")
    child = next(line for line in ped.splitlines() if " CH1 " in line)
    older = " ".join([*child.split(" ")[:-1], "1890-01-01"])
    files = {n: (n, (delivered / n).read_bytes()) for n in ("family_genotypes.csv", "relatives.csv")}
    bad = ("families.ped", ped.replace(child, older).encode())
    assert_import_refused(
        house,
        "family_liaison",
        FAMILIES,
        bad,
        files["family_genotypes.csv"],
        files["relatives.csv"],
        offices={"family_liaison": liaison, "dna_examiner": examiner},
        says=["families.ped, line"],
    )


@pytest.mark.parametrize("number", ["../../x", "a/b", "a\\b", "..", "x" * 65])
def test_a_missing_person_whose_number_no_page_can_show(house, delivered, number):
    data = edited((delivered / "missing_persons.csv").read_bytes(), "MP-0003", number)
    assert_import_refused(
        house,
        "family_liaison",
        MISSING,
        ("m.csv", data),
        says=["m.csv, line 4", "column number", repr(number)],
    )
