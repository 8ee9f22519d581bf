"""Tables of genotypes in the forms of GeneMapper, GeneMarker and this program."""

from __future__ import annotations

import re

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.programs.genotype_tables import GENEMARKER, read_genotype_table, write_genemapper, write_long
from dokaz.exchange.programs.loading import Options, form_of, load
from dokaz.kinship import Sex

GENEMAPPER = """\
Sample Name\tMarker\tAllele 1\tAllele 2\tHeight 1\tHeight 2\tOS
bone 1\tD3S1358\t15\t16\t1200\t1100\tok
bone 1\tAMEL\tX\tY\t900\t950\t
bone 1\tTH01\t9.3\t\t400\t\tlow
bone 1\tvWA\tINC\tINC\t\t\t
"""
GENEMARKER_TEXT = "Sample\tMarker\tAllele1\tAllele2\nbone 1\tTH01\t6\t9.3\nbone 2\tTH01\t6\t6\n"
PEAKS = "Sample,Marker,Allele,Size,Height\nbone 1,TH01,6,180.1,900\nbone 1,TH01,9.3,195.0,850\nbone 1,vWA,14,150,700\n"
LONG = (
    "group,person,sex,marker,alleles,dropout,dropin\nF1,R1,2,TH01,6/9.3,,\n,V1,1,TH01,6,0.1,0.05\n,V1,1,vWA,,0.1,0.0\n"
)


def test_a_genemapper_table_keeps_what_it_shows() -> None:
    read = read_genotype_table(GENEMAPPER.encode(), file="t.txt")
    assert read.form == "genemapper"
    sample = read.samples[0]
    assert sample.genotypes == {"D3S1358": ("15", "16"), "AMEL": ("X", "Y"), "TH01": ("9.3",)}
    assert (sample.sex, sample.no_result) == (Sex.MALE, ("vWA",))
    assert sample.details["D3S1358"] == {"Height 1": "1200", "Height 2": "1100", "OS": "ok"}
    again = read_genotype_table(write_genemapper(read.samples).encode(), file="t.txt")
    assert again.samples == read.samples


def test_genemarker_tables_are_read_by_marker_and_by_peak() -> None:
    read = read_genotype_table(GENEMARKER_TEXT.encode(), file="t.txt")
    assert read.form == "genemarker"
    assert [s.genotypes for s in read.samples] == [{"TH01": ("6", "9.3")}, {"TH01": ("6", "6")}]
    assert write_genemapper(read.samples, GENEMARKER) == GENEMARKER_TEXT
    peaks = read_genotype_table(PEAKS.encode(), file="t.csv")
    assert peaks.form == "genemarker"
    assert peaks.samples[0].genotypes == {"TH01": ("6", "9.3"), "vWA": ("14",)}
    assert peaks.samples[0].details["TH01"]["Size (line 3)"] == "195.0"


def test_a_long_table_is_written_as_it_was_read() -> None:
    read = read_genotype_table(LONG.encode(), file="t.csv")
    assert read.form == "long"
    assert write_long(read.samples) == LONG
    assert read.samples[1].dropout == {"TH01": 0.1, "vWA": 0.1}
    assert read.samples[1].dropin == {"TH01": 0.05, "vWA": 0.0}


def test_ladders_and_controls_are_no_samples() -> None:
    text = (
        "Sample Name\tSample Type\tMarker\tAllele 1\tAllele 2\nL\tAllelic Ladder\tTH01\t6\t7\nb\tSample\tTH01\t6\t7\n"
    )
    read = read_genotype_table(text.encode(), file="t.txt")
    assert [s.id for s in read.samples] == ["b"]
    assert read.controls == ("L",)


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (GENEMAPPER, "\t15\t16", "\tOL\t16", "line 2, column Allele 1: D3S1358: an off-ladder peak"),
        (GENEMAPPER, "TH01\t9.3", "D3S1358\t9.3", "line 4"),
        (GENEMAPPER, "Allele 2", "Second", "Allele 2 are missing"),
        (PEAKS, "bone 1,vWA", "bone 1,TH01", "3 alleles"),
        (LONG, "6/9.3", "6//9.3", "line 2"),
        (LONG, "F1,R1,2", "F1,R1,5", "sex"),
        (LONG, ",V1,1,vWA,,0.1", ",V1,1,vWA,,", "no allele where no dropout"),
        (LONG, ",V1,1,vWA,,0.1", ",V1,2,vWA,,0.1", "two sexes"),
        (LONG, "vWA", "TH01", "line 3 already"),
        (LONG, "0.05", "5", "not between 0 and 1"),
    ],
)
def test_what_is_no_genotype_is_refused_where_it_stands(text: str, old: str, new: str, words: str) -> None:
    assert old in text
    with pytest.raises(BadFile) as refused:
        read_genotype_table(text.replace(old, new, 1).encode(), file="t.csv")
    assert words in str(refused.value)


def test_what_a_table_cannot_hold_is_refused_by_name() -> None:
    long = read_genotype_table(LONG.encode(), file="t.csv").samples
    with pytest.raises(BadFile, match="V1: a probability of dropout has no column"):
        write_genemapper(long)
    with pytest.raises(BadFile, match="two samples are called R1"):
        write_genemapper([long[0], long[0]])


REPORT = """\
Allele Report\r
Software Package: SoftGenetics GeneMarker 2.7.4\r
Date/Time: 05/04/2026 - 09:12:03\r
\r
Project: \r
Panel: invented\r
Analysis Type: HID\r
\r
Report Style: Peak Table\r
\r
\tSample\tAllele\tMarker\tDye\tSize\tHeight\tQuality\tAllele Comments\t\r
1\tb1.fsa\t6\tTH01\tBlue\t160.4\t2011\tPass\t\t\r
2\tb1.fsa\t9.3\tTH01\tBlue\t175.2\t1890\tPass\tedited\t\r
3\tb1.fsa\t\t\tBlue\t201.0\t120\tCheck\t\t\r
4\tb1.fsa\t14\tvWA\tGreen\t150.1\t800\tPass\t\t\r
5\tb2.fsa\t\tTH01\tBlue\t161.0\t90\tCheck\t\t\r
"""


def test_the_allele_report_of_genemarker_is_read_peak_by_peak() -> None:
    assert form_of("r.txt", REPORT.encode()) == "genemarker"
    table = read_genotype_table(REPORT.encode(), file="r.txt")
    first, second = table.samples
    assert first.genotypes == {"TH01": ("6", "9.3"), "vWA": ("14",)}
    assert second.no_result == ("TH01",)
    assert first.details["TH01"]["Height (line 13)"] == "1890"
    assert first.details["TH01"]["Allele Comments (line 13)"] == "edited"
    assert table.notes == ("2 of 5 peaks have no allele and are not counted",)
    assert load("r.txt", REPORT.encode(), "genemarker", Options()).notes == table.notes


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Peak Table", "Bin Table", "a style that is not read here (found 'Bin Table')"),
        ("\tSample\t", "\tFile\t", "a style that is not read here"),
        ("2\tb1.fsa\t9.3\tTH01\tBlue\t175.2\t1890\tPass\tedited\t\r\n", "", "line 13, column Row: row 2 of the report"),
        ("\t14\tvWA\t", "\t14\t\t", "line 15, column marker"),
        ("\t14\tvWA\t", "\tOL\tvWA\t", "an off-ladder peak"),
        ("\t14\tvWA\t", "\t7\tTH01\t", "TH01 has 3 alleles"),
    ],
)
def test_a_damaged_report_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_genotype_table(REPORT.replace(old, new, 1).encode(), file="r.txt")
    assert words in str(refused.value)


def test_a_report_without_markers_is_refused() -> None:
    text = re.sub(r"(\d+\tb\d\.fsa\t)[^\t]*\t[^\t]*", r"\1\t", REPORT)
    with pytest.raises(BadFile, match="no peak lies in a marker"):
        read_genotype_table(text.encode(), file="r.txt")


@pytest.mark.parametrize("header", ["SampleName,Marker,Allele1,Allele2", "Sample.Name,Marker,Allele.1,Allele.2"])
def test_headers_of_other_programs_are_known(header: str) -> None:
    data = f"{header}\nb1,TH01,6,9.3\nb1,vWA,14,\n".encode()
    assert form_of("t.csv", data) == "genemapper"
    (sample,) = read_genotype_table(data, file="t.csv").samples
    assert sample.genotypes == {"TH01": ("6", "9.3"), "vWA": ("14",)}
