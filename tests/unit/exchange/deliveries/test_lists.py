"""The missing, frequencies, examinations, samples, custody and numbers: what is read and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from dokaz.errors import BadFile, BadNumber
from dokaz.exchange.deliveries.custody import read_custody
from dokaz.exchange.deliveries.examinations import read_examinations
from dokaz.exchange.deliveries.frequencies import read_frequencies
from dokaz.exchange.deliveries.missing import read_missing
from dokaz.exchange.deliveries.samples import read_samples
from dokaz.numbers import number, parse_number

UNIT, OTHER = number("KLN1", "G01", 1, "B"), number("KLN1", "G01", 2, "B")
SAMPLE = number("KLN1", "G01", 1, "S", (1,))


def assert_refused(
    read: Callable[..., object], text: str, match: str, *, line: int, column: str, value: str | None
) -> None:
    with pytest.raises(BadFile, match=match) as caught:
        read(text.encode(), file="list.csv")
    error = caught.value
    assert (error.file, error.line, error.column, error.value) == ("list.csv", line, column, value)


# --- the missing ---------------------------------------------------------------------------------------------------

MISSING = "номер;прізвище;ім'я;стать;дата народження;дата зникнення;родина;член родини;зріст\n"


def test_missing_persons_keep_their_names_as_written_and_their_dates_as_far_as_known() -> None:
    person = read_missing(
        (MISSING + "M1;Ґоляш;Мар’яна;ж;05.1984;2022;F1;MP;165,5\n").encode("cp1251"), file="m.csv"
    ).persons[0]
    assert (person.family_name, person.given_name) == ("Ґоляш", "Мар’яна")
    assert (person.sex, person.stature_cm) == ("female", "165.5")
    assert person.born is not None and person.born.edtf == "1984-05"


@pytest.mark.parametrize(
    ("row", "match", "column", "value"),
    [
        ("M1;;Іван;ч;1984;2022;;;", "empty", "family_name", ""),
        ("M1;Бойко;Іван;x;1984;2022;;;", "not one of the known terms", "sex", "x"),
        ("M1;Бойко;Іван;ч;2023;2022;;;", "born after being last seen", "born", "2023"),
        ("M1;Бойко;Іван;ч;1984;2022;F1;;", "belong together", "member", ""),
        ("M1;Бойко;Іван;ч;1984;2022;;;1,70", "not between 30 and 250", "stature_cm", "1,70"),
        ("M1;Бойко;Іван;ч;1984;03/04/2022;;;", "cannot be told apart", "last_seen_on", "03/04/2022"),
    ],
)
def test_a_malformed_missing_person_is_refused(row: str, match: str, column: str, value: str) -> None:
    assert_refused(read_missing, MISSING + row + "\n", match, line=2, column=column, value=value)


def test_two_reports_under_one_number_or_in_one_place_of_a_family_are_refused() -> None:
    row = "{};Бойко;Іван;ч;1984;2022;F1;MP;\n"
    assert_refused(
        read_missing, MISSING + row.format("M1") * 2, "given twice: line 2", line=3, column="number", value="M1"
    )
    text = MISSING + row.format("M1") + row.format("M2")
    assert_refused(read_missing, text, "M1 is this member", line=3, column="member", value="MP")


# --- frequencies ---------------------------------------------------------------------------------------------------


def test_long_and_wide_frequencies_give_one_table() -> None:
    long = read_frequencies(b"# population: P\nmarker,allele,frequency\nTH01,6,0.4\nTH01,9.3,0.6\n", file="f.csv")
    wide = read_frequencies(b"# population: P\nallele,TH01\n6,0.4\n9.3,0.6\nN,361\n", file="f.csv")
    assert long.frequencies == wide.frequencies == {"TH01": {"6": 0.4, "9.3": 0.6}}
    assert wide.sample_sizes == {"TH01": 361}
    assert long.marker_set()["TH01"].frequencies[1] == 0.6


@pytest.mark.parametrize(
    ("rows", "match", "line", "column", "value"),
    [
        ("TH01,6,-0.1\n", "not between 0 and 1", 2, "frequency", "-0.1"),
        ("TH01,6,0.5\nTH01,6,0.5\n", "given twice: line 2", 3, "allele", "6"),
        ("TH01,6,0.5\nTH01,7,0.4\n", "sum to 0.9", 3, "frequency", "0.9"),
        ("TH01,six,1\n", "not an allele", 2, "allele", "six"),
        ("TH01,6,often\n", "not a number", 2, "frequency", "often"),
    ],
)
def test_malformed_frequencies_are_refused(rows: str, match: str, line: int, column: str, value: str) -> None:
    assert_refused(read_frequencies, "marker,allele,frequency\n" + rows, match, line=line, column=column, value=value)


# --- examinations --------------------------------------------------------------------------------------------------

EXAMINATION = "unit,examiner,sex_estimate,age_low_years,age_high_years,elements,completeness,finding,timing\n"


def test_an_examination_and_its_further_findings_are_one() -> None:
    text = f"{EXAMINATION}{UNIT},Крук,5,30,45,cranium|femur:L*2,>=75,projectile,perimortem\n{UNIT},,,,,,,blunt,antemortem\n"
    examination = read_examinations(text.encode(), file="e.csv").examinations[0]
    assert [finding.mechanism for finding in examination.findings] == ["projectile", "blunt"]
    assert examination.elements[1].count == 2
    assert examination.age_years == ("30", "45")


@pytest.mark.parametrize(
    ("row", "match", "column", "value"),
    [
        (f"{UNIT},Крук,6,,,,,,", "not between 0 and 5", "sex", "6"),
        (f"{UNIT},Крук,5,30,,,,,", "half an interval", "age_high_years", ""),
        (f"{UNIT},Крук,5,45,30,,,,", "ends before it begins", "age_high_years", "30"),
        (f"{UNIT},Крук,5,,,femur,,,", "side is missing", "elements", "femur"),
        (f"{UNIT},Крук,5,,,tail,,,", "not a known element", "elements", "tail"),
        (f"{UNIT},Крук,5,,,,,shot,perimortem", "not one of the known terms", "mechanism", "shot"),
        (f"{UNIT},Крук,5,,,,,blunt,", "empty", "timing", ""),
        (f"{UNIT},,,,,,,blunt,antemortem", "without its examination", "unit", UNIT),
        (f"{SAMPLE},Крук,5,,,,,,", "does not belong here", "unit", SAMPLE),
    ],
)
def test_a_malformed_examination_is_refused(row: str, match: str, column: str, value: str) -> None:
    assert_refused(read_examinations, EXAMINATION + row + "\n", match, line=2, column=column, value=value)


# --- samples and custody -------------------------------------------------------------------------------------------

SAMPLES = "sample,unit,element,taken_at,taken_by\n"
CUSTODY = "number,from,to,given by,received by,time\n"


def test_a_sample_belongs_to_the_unit_that_its_number_names() -> None:
    assert read_samples(f"{SAMPLES}{SAMPLE},{UNIT},femur:L,2023-05-12T10:00Z,Б\n".encode(), file="s.csv").samples
    text = f"{SAMPLES}{SAMPLE},{OTHER},femur:L,2023-05-12T10:00Z,Б\n"
    assert_refused(read_samples, text, "does not derive", line=2, column="sample", value=SAMPLE)


def test_a_move_has_two_parties_and_starts_where_the_last_one_ended() -> None:
    first = f"{UNIT},grave,store,A,B,2023-05-12T10:00Z\n"
    assert (
        len(read_custody(f"{CUSTODY}{first}{UNIT},store,morgue,B,C,2023-05-12T12:00Z\n".encode(), file="c.csv").moves)
        == 2
    )
    alone = CUSTODY + first.replace(",B,", ",a,")
    assert_refused(read_custody, alone, "one person", line=2, column="receiver", value="a")
    gap = f"{CUSTODY}{first}{UNIT},van,morgue,B,C,2023-05-12T12:00Z\n"
    assert_refused(read_custody, gap, "left it at 'store'", line=3, column="from_place", value="van")
    early = f"{CUSTODY}{first}{UNIT},store,morgue,B,C,2023-05-12T09:00Z\n"
    assert_refused(read_custody, early, "earlier", line=3, column="handed_at", value="2023-05-12T09:00Z")


# --- numbers -------------------------------------------------------------------------------------------------------


def test_every_single_wrong_character_in_a_number_is_caught() -> None:
    for at, right in enumerate(UNIT):
        for wrong in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if right not in "-." and wrong != right:
                with pytest.raises(BadNumber):
                    parse_number(UNIT[:at] + wrong + UNIT[at + 1 :])


def test_letters_and_digits_that_changed_places_are_caught() -> None:
    text = number("KLN1", "G27", 1983, "BP", (2,))
    for at in range(len(text) - 1):
        swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        # A separator is not counted: one that moved names another grave, which the survey's own columns contradict.
        if swapped != text and not {text[at], text[at + 1]} & set("-."):
            with pytest.raises(BadNumber):
                parse_number(swapped)


@pytest.mark.parametrize("text", ["KLN1", UNIT.lower(), UNIT + " ", UNIT.replace("0001", "1"), "KLN1-G01-0000-B-5",
                                  "KLN1-G01-0001-B.0-5", "KLN1-G01-0001-Q-5", "КЛН1-G01-0001-B-5"])  # fmt: skip
def test_what_is_no_number_is_refused_and_never_corrected(text: str) -> None:
    with pytest.raises(BadNumber, match=re.escape(text)):
        parse_number(text)


@pytest.mark.parametrize("header", ["allele,D3S1358,TH01", "marker,allele,frequency"])
def test_a_table_of_frequencies_with_a_header_alone_is_refused(header):
    with pytest.raises(BadFile, match="no frequencies"):
        read_frequencies(f"# source: invented\n{header}\n".encode(), file="frequencies.csv")
