"""Foreign files may hold anything: readers refuse in their own words, or read; they never fall over."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from dokaz.errors import BadNumber, DokazError, UnreadDate
from dokaz.exchange.deliveries.custody import read_custody
from dokaz.exchange.deliveries.examinations import read_examinations
from dokaz.exchange.deliveries.families import read_families
from dokaz.exchange.deliveries.frequencies import read_frequencies
from dokaz.exchange.deliveries.missing import read_missing
from dokaz.exchange.deliveries.profiles import read_profiles
from dokaz.exchange.deliveries.samples import read_samples
from dokaz.exchange.deliveries.survey import read_survey
from dokaz.exchange.reading.dates import read_moment, read_partial_date
from dokaz.exchange.reading.pedigrees import read_pedigrees
from dokaz.exchange.reading.photographs import read_photograph
from dokaz.exchange.reading.tables import Column, read_table
from dokaz.numbers import TYPES, number, parse_number

UNIT, SAMPLE = number("KLN1", "G01", 1, "B"), number("KLN1", "G01", 1, "S", (1,))


PED = "F1 FA 0 0 1 1\nF1 MP FA 0 1 2\n"
DONORS = "family,member,name,relationship,consent_scope,born\nF1,FA,Бойко Іван,father,identification,1950\n"
GENOTYPES = "family,member,TH01 1,TH01 2,AMEL 1,AMEL 2\nF1,FA,6,9.3,X,Y\n"


def _families(data: bytes, *, file: str, part: int = 0) -> object:
    parts = [PED.encode(), GENOTYPES.encode(), DONORS.encode()]
    parts[part] = data
    names = ["sound"] * 3
    names[part] = file
    return read_families(*parts, ped_file=names[0], genotypes_file=names[1], donors_file=names[2])


def _jpeg() -> str:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Olivka"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2023:05:10 09:12:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (49.0, 37.0, 12.0)
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG", exif=exif)
    return out.getvalue().decode("latin-1")


#: Each reader with a file that it takes, for mutations to start from.
READERS: dict[str, tuple[Callable[..., object], str]] = {
    "survey": (
        read_survey,
        f"# CRS: EPSG:32637\nsite,grave,unit,point,easting,northing\nKLN1,G01,{UNIT},,334000,5500000\n",
    ),
    "profiles": (read_profiles, f"Sample Name,TH01 1,TH01 2\n{SAMPLE},6,9.3\n"),
    "long profiles": (read_profiles, f"Sample Name\tMarker\tAllele 1\tAllele 2\n{SAMPLE}\tTH01\t6\t9.3\n"),
    "pedigrees": (read_pedigrees, PED),
    "families, pedigrees": (_families, PED),
    "families, genotypes": (partial(_families, part=1), GENOTYPES),
    "families, donors": (partial(_families, part=2), DONORS),
    "missing": (read_missing, "id;surname;given_name;sex;born\nM1;Бойко;Іван;ч;1984~\n"),
    "frequencies": (read_frequencies, "marker,allele,frequency\nTH01,6,0.4\nTH01,9.3,0.6\n"),
    "wide frequencies": (read_frequencies, "allele,TH01\n6,0.4\n9.3,0.6\n"),
    "examinations": (read_examinations, f"unit,examiner,elements,finding,timing\n{UNIT},К,femur:L,blunt,antemortem\n"),
    "samples": (read_samples, f"sample,unit,element,taken_at,taken_by\n{SAMPLE},{UNIT},femur:L,2023-05-12T10:00Z,Б\n"),
    "custody": (read_custody, f"number,from,to,given by,received by,time\n{UNIT},a,b,A,B,2023-05-12T10:00Z\n"),
    "photograph": (read_photograph, _jpeg()),
}


def assert_reads_or_refuses(read: Callable[..., object], data: bytes) -> None:
    try:
        read(data, file="any.csv")
    except DokazError as refusal:
        named = "any.csv" in str(refusal) or "sound" in str(refusal)
    else:
        named = True
    assert named, "the refusal does not name the file"


@pytest.mark.parametrize("name", READERS)
@given(data=st.binary(max_size=400))
def test_arbitrary_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    assert_reads_or_refuses(READERS[name][0], data)


@pytest.mark.parametrize("name", READERS)
@given(
    at=st.floats(0, 1),
    gone=st.integers(0, 12),
    put=st.one_of(st.binary(max_size=6), st.text(max_size=4).map(str.encode)),
)
def test_a_good_file_with_any_bytes_changed_is_read_or_refused(name: str, at: float, gone: int, put: bytes) -> None:
    read, text = READERS[name]
    data = text.encode("latin-1" if name == "photograph" else "utf-8")
    start = round(at * len(data))
    assert_reads_or_refuses(read, data[:start] + put + data[start + gone :])


@pytest.mark.parametrize("name", [name for name in READERS if name != "photograph"])
@given(cell=st.text(max_size=12), at=st.integers(0, 11), row=st.integers(0, 2))
def test_a_good_file_with_any_cell_changed_is_read_or_refused(name: str, cell: str, at: int, row: int) -> None:
    read, text = READERS[name]
    delimiter = next((d for d in "\t;," if d in text), ",")
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    cells = rows[min(row, len(rows) - 1)]
    if cells:
        cells[at % len(cells)] = cell
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    assert_reads_or_refuses(read, out.getvalue().encode("utf-8", "surrogatepass"))


#: Characters that turn the direction of the text round or have no width, and two that are none; the reader refuses them.
TURNING = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
CELL = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters=TURNING),
    max_size=15,
).map(str.strip)  # fmt: skip


@given(rows=st.lists(st.tuples(CELL.filter(bool), CELL), min_size=1, max_size=6), delimiter=st.sampled_from(",;\t"),
       mark=st.booleans())  # fmt: skip
def test_whatever_a_table_holds_comes_back_cell_by_cell(
    rows: list[tuple[str, str]], delimiter: str, mark: bool
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("number", "name"), *rows])
    data = out.getvalue().encode("utf-8-sig" if mark else "utf-8")
    table = read_table(data, file="any.csv", columns=(Column("number", required=True), Column("name")))
    assert [(row.text("number"), row.text("name")) for row in table] == rows


@given(
    site=st.from_regex(r"[A-Z0-9]{2,8}", fullmatch=True),
    grave=st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True),
    n=st.integers(1, 9999),
    kind=st.sampled_from(sorted(TYPES)),
    derivation=st.lists(st.integers(1, 9999), max_size=3).map(tuple),
)
def test_every_number_reads_back_as_what_it_was_made_of(
    site: str, grave: str, n: int, kind: str, derivation: tuple[int, ...]
) -> None:
    parsed = parse_number(number(site, grave, n, kind, derivation))
    assert (parsed.site, parsed.grave, parsed.n, parsed.type, parsed.derivation) == (site, grave, n, kind, derivation)


@given(text=st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        again = str(parse_number(text))
    except BadNumber as refusal:
        again = refusal.number
    assert again == text


@given(day=st.dates(date(1850, 1, 1), date(2200, 12, 31)))
def test_every_date_reads_back_in_both_ways_of_writing(day: date) -> None:
    assert read_partial_date(day.isoformat()).earliest == day
    assert read_partial_date(f"{day:%d.%m.%Y}").latest == day


@given(text=st.text(alphabet="0123456789-./~ T:+Z", max_size=24))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    for read in (read_partial_date, read_moment):
        try:
            explained = read(text) is not None
        except UnreadDate as refusal:
            explained = bool(refusal.what and refusal.next_step)
        assert explained
