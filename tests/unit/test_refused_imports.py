"""A refused import names file, line, column and value, and changes nothing."""

import datetime as dt
import shutil

import pytest
from casebook import take_in

from dokaz.casework import journal
from dokaz.errors import BadFile
from dokaz.graves.intake import SURVEY
from dokaz.missing.intake import FAMILIES, FREQUENCIES, MISSING
from dokaz.mortuary.intake import EXAMINATIONS, PROFILES, SAMPLES
from dokaz.simulate import simulate


@pytest.fixture(scope="session")
def delivered(tmp_path_factory):
    directory = tmp_path_factory.mktemp("delivered") / "files"
    simulate(directory, seed=5, remains=40)
    yield directory
    shutil.rmtree(directory)


def pictures(delivered):
    return list((delivered / "photographs").iterdir())


def files_in(vault):
    return sorted(path for path in vault.path.rglob("*") if path.is_file())


def assert_refused(house, role, kind, *tables, says, **others):
    files = house.store.vault
    before, kept = journal.size(), files_in(files)
    with pytest.raises(BadFile) as refused:
        take_in(house, kind, role, *tables, **others)
    assert journal.size() == before
    for part in says:
        assert part in str(refused.value)
    assert files.check() == []
    assert files_in(files) == kept


@pytest.fixture
def surveyed(house, delivered):
    for name in ("survey_KLN1.csv", "survey_KLN2.csv", "survey_STV1.tsv"):
        take_in(house, SURVEY, "scene", (name, (delivered / name).read_bytes()), photographs=pictures(delivered))
    return house


def edited(data, old, new, *, times=1):
    text = data.decode("utf-8-sig")
    assert old in text
    return text.replace(old, new, times).encode()


def test_a_photograph_that_is_not_there(house, delivered):
    data = (delivered / "survey_KLN1.csv").read_bytes()
    assert_refused(
        house, "scene", SURVEY, ("survey.csv", data),
        says=["survey.csv, line", "column photographs", "next:"],
    )  # fmt: skip


def test_a_truncated_photograph(house, delivered, tmp_path):
    data = (delivered / "survey_KLN1.csv").read_bytes()
    given = pictures(delivered)
    whole = next(path for path in given if path.name.startswith("KLN1-G01-0001"))
    cut = tmp_path / whole.name
    cut.write_bytes(whole.read_bytes()[:2000])
    given = [cut, *(path for path in given if path != whole)]
    assert_refused(house, "scene", SURVEY, ("survey.csv", data), photographs=given, says=[cut.name])


def test_a_coordinate_outside_its_reference_system(house, delivered):
    data = edited((delivered / "survey_KLN1.csv").read_bytes(), "334000.000,5500000.000", "9334000.000,5500000.000")
    assert_refused(
        house, "scene", SURVEY, ("survey.csv", data), photographs=pictures(delivered),
        says=["survey.csv, line 4", "column"],
    )  # fmt: skip


def test_the_same_survey_twice(surveyed, delivered):
    data = (delivered / "survey_KLN2.csv").read_bytes()
    assert_refused(
        surveyed, "scene", SURVEY, ("survey_KLN2.csv", data), photographs=pictures(delivered),
        says=["survey_KLN2.csv, line", "has been given already"],
    )  # fmt: skip


def by_known_hands(data, known="mortuary 1"):
    """A mortuary table in which everybody who is named works here."""
    for name in ("Білик Оксана", "Яворенко Ніна", "Крук Мар'яна", "Степаненко Лев"):
        data = data.replace(name.encode(), known.encode())
    return data


def test_an_examination_of_what_was_never_received(surveyed, delivered):
    data = by_known_hands((delivered / "examinations.csv").read_bytes())
    assert_refused(
        surveyed, "mortuary", EXAMINATIONS, ("examinations.csv", data),
        says=["examinations.csv, line 2", "column unit", "received"],
    )  # fmt: skip


def test_an_examination_by_nobody_of_the_investigation_is_not_ascribed_to_who_files_it(surveyed, delivered):
    data = (delivered / "examinations.csv").read_bytes()
    assert_refused(
        surveyed, "mortuary", EXAMINATIONS, ("examinations.csv", data),
        says=["examinations.csv, line 2, column examiner: nobody", "enrol the person"],
    )  # fmt: skip


def test_a_sample_taken_by_nobody_of_the_investigation(surveyed, delivered):
    data = (delivered / "samples.csv").read_bytes()
    assert_refused(
        surveyed, "mortuary", SAMPLES, ("samples.csv", data),
        says=["samples.csv, line 2, column taken_by: nobody", "Білик Оксана"],
    )  # fmt: skip


def test_a_unit_that_will_be_surveyed_some_day(house, delivered):
    text = (delivered / "survey_KLN1.csv").read_text(encoding="utf-8")
    data = text.replace("2023-05-10", "2123-05-10").encode()
    assert_refused(
        house, "scene", SURVEY, ("survey.csv", data), photographs=pictures(delivered),
        says=["survey.csv, line 9", "surveyed_at 2123-05-10", "lies in the future"],
    )  # fmt: skip


def test_a_person_last_seen_tomorrow_week(house):
    data = f"id,surname,given_name,sex,last_seen\nMP-7,Boiko,Oleh,m,{house.clock().date() + dt.timedelta(8)}\n"
    assert_refused(
        house, "family_liaison", MISSING, ("missing.csv", data.encode()),
        says=["missing.csv, line 2", "MP-7: last_seen_on", "lies in the future"],
    )  # fmt: skip


def test_what_happened_a_day_ahead_of_this_machines_clock_is_taken(house):
    data = f"id,surname,given_name,sex,last_seen\nMP-7,Boiko,Oleh,m,{house.clock().date() + dt.timedelta(1)}\n"
    assert take_in(house, MISSING, "family_liaison", ("missing.csv", data.encode())) == {"missing_persons": 1}


def test_a_cell_of_a_megabyte_is_called_too_long_and_not_shown_whole(house):
    data = f"id,surname,given_name,sex,note\nMP-7,Boiko,Oleh,m,{'x' * 1_000_000}\n"
    assert_refused(
        house, "family_liaison", MISSING, ("missing.csv", data.encode()),
        says=["missing.csv, line 2: a cell holds more than 131,072 characters"],
    )  # fmt: skip
    long = f"id,surname,given_name,sex\nMP-7,Boiko,Oleh,{'x' * 9000}\n".encode()
    with pytest.raises(BadFile) as refused:
        take_in(house, MISSING, "family_liaison", ("m.csv", long))
    assert len(str(refused.value)) < 600


def test_a_sample_of_an_unknown_unit(house, delivered):
    data = (delivered / "samples.csv").read_bytes()
    assert_refused(house, "mortuary", SAMPLES, ("samples.csv", data), says=["samples.csv, line 2"])


def test_a_profile_of_an_unknown_sample(house, delivered):
    data = (delivered / "profiles_north.csv").read_bytes()
    assert_refused(house, "dna_examiner", PROFILES, ("p.csv", data), says=["p.csv, line", "column sample"])


def test_a_missing_person_reported_under_a_number_in_use(house, delivered):
    data = (delivered / "missing_persons.csv").read_bytes()
    take_in(house, MISSING, "family_liaison", ("missing.csv", data))
    assert_refused(house, "family_liaison", MISSING, ("missing.csv", data), says=["line 2", "column number"])


def test_frequencies_without_a_source(house, delivered):
    data = (delivered / "allele_frequencies.csv").read_bytes()
    bare = b"\n".join(line for line in data.split(b"\n") if not line.startswith(b"#"))
    assert_refused(house, "dna_examiner", FREQUENCIES, ("freq.csv", bare), says=["source"])


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
    assert_refused(
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
    assert_refused(
        house,
        "family_liaison",
        MISSING,
        ("m.csv", data),
        says=["m.csv, line 4", "column number", repr(number)],
    )


@pytest.mark.parametrize("above", ["# CRS: EPSG:1\n", "# zone: nowhere\n# CRS: EPSG:32637\n"])
def test_a_statement_above_the_header_is_refused_by_its_line(house, delivered, above):
    table = (delivered / "survey_KLN1.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    data = "".join(["# invented\n", above, *(line for line in table if not line.startswith("#"))]).encode()
    assert_refused(house, "scene", SURVEY, ("s.csv", data), photographs=pictures(delivered), says=["s.csv, line 2"])
