"""Tables of genotypes in the forms of GeneMapper, GeneMarker and this program."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.genotype_tables import GENEMARKER, read_genotype_table, write_genemapper, write_long
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
