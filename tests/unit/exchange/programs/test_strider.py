"""STRidER frequency files, and frequency tables written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.frequencies import FrequencyTable, read_frequencies, write_frequencies
from dokaz.exchange.programs.conversion import convert, one_table
from dokaz.exchange.programs.loading import Options, form_of, load
from dokaz.exchange.programs.strider import read_strider, write_strider, write_strider_csv

TEXT = """\
<?xml version="1.0" encoding="UTF-8"?>
<frequencies>
  <marker>
    <name>TH01</name>
    <alleles>6, 9.3, 10</alleles>
    <origin name="NORTH" n="100">
      <frequency allele="6">0.25</frequency>
      <frequency allele="9.3">0.745</frequency>
      <frequency allele="10">5e-3</frequency>
    </origin>
    <origin name="SOUTH" n="50">
      <frequency allele="6">0.5</frequency>
      <frequency allele="9.3">0.5</frequency>
    </origin>
  </marker>
  <marker>
    <name>FGA</name>
    <alleles/>
  </marker>
</frequencies>
"""


def test_every_population_of_a_file_is_a_table() -> None:
    north, south = read_strider(TEXT.encode(), file="x.xml")
    assert north.frequencies == {"TH01": {"6": 0.25, "9.3": 0.745, "10": 0.005}}
    assert (north.population, north.sample_sizes) == ("NORTH", {"TH01": 100})
    assert south.frequencies == {"TH01": {"6": 0.5, "9.3": 0.5}}
    assert "Bodner" in south.source


@pytest.mark.parametrize("write", [write_strider, write_strider_csv])
def test_tables_survive_the_way_there_and_back(write: Callable[[Sequence[FrequencyTable]], str]) -> None:
    tables = read_strider(TEXT.encode(), file="x.xml")
    again = read_strider(write(tables).encode(), file="x.xml")
    assert [(t.population, t.frequencies, t.sample_sizes) for t in again] == [
        (t.population, t.frequencies, t.sample_sizes) for t in tables
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<frequencies>", "<table>", "not XML"),
        ('allele="9.3">0.745', 'allele="9.3">0.5', "line 6: TH01: the frequencies sum to 0.755"),
        ('allele="9.3">0.745', 'allele="9.3">-0.7', "line 8"),
        ('allele="9.3">0.745', 'allele="6">0.745', "given twice"),
        ('allele="9.3">0.745', 'allele="11">0.745', "does not list this allele"),
        ('allele="9.3">0.745', 'allele="OL">0.745', "not the frequency of an allele"),
        ('n="100"', 'n="many"', "not a number of people"),
        ('name="SOUTH"', 'name="NORTH"', "given twice"),
        (">FGA<", ">tho1<", "line 16: a marker without a name, or given twice"),
        ("<alleles/>", "<alleles/><comment>x</comment>", "not understood"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(BadFile) as refused:
        read_strider(TEXT.replace(old, new, 1).encode(), file="x.xml")
    assert "x.xml, line " in str(refused.value)
    assert words in str(refused.value)


def test_a_table_without_numbers_of_people_is_no_strider_file() -> None:
    table = read_frequencies(b"# population: P\nmarker,allele,frequency\nTH01,6,1\n", file="f.csv")
    with pytest.raises(BadFile, match="number of people is not known"):
        write_strider([table])


@pytest.mark.parametrize(
    "text",
    [
        "# population: P\n# source: S 2020\nmarker,allele,frequency\nTH01,6,0.25\nTH01,9.3,0.75\nvWA,14,1.0\n",
        "# population: P\nallele,TH01,vWA\n6,0.25,\n9.3,0.75,\n14,,1.0\nn,100,99\n",
    ],
)
def test_a_frequency_table_is_written_as_it_was_read(text: str) -> None:
    assert write_frequencies(read_frequencies(text.encode(), file="f.csv")) == text


BLOCKS = """\
TH01
Allele,"All of it",NORTH,"SOUTH LAND"
,150,100,50
6,0.333333,0.25,0.5
9.3,0.666667,0.75,0.5

FGA
Allele

VWA
Allele,"All of it",NORTH
,150,100
14,0.00666667,0.01
17,0.993333,0.99
"""


@pytest.mark.parametrize("name", ["strider.csv", "strider.txt"])
def test_the_csv_of_all_populations_is_read_by_blocks_of_markers(name: str) -> None:
    assert form_of(name, BLOCKS.encode()) == "strider"
    everywhere, north, south = read_strider(BLOCKS.encode(), file=name)
    assert everywhere.frequencies["vWA"] == {"14": 0.00666667, "17": 0.993333}
    assert (north.population, north.sample_sizes) == ("NORTH", {"TH01": 100, "vWA": 100})
    assert (south.population, south.frequencies) == ("SOUTH LAND", {"TH01": {"6": 0.5, "9.3": 0.5}})


def test_a_spreadsheet_that_padded_the_blocks_changes_nothing() -> None:
    padded = BLOCKS.replace("TH01\n", "TH01,,,\n").replace("FGA\nAllele\n\n", "FGA,,,\nAllele,,,\n,,,\n")
    padded = padded.replace("VWA\n", "VWA,,,\n").replace("\n", "\r\n")
    assert form_of("x.csv", padded.encode()) == "strider"
    read, again = (read_strider(text.encode(), file="x.csv") for text in (BLOCKS, padded))
    assert [table.frequencies for table in read] == [table.frequencies for table in again]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("TH01\n", "TH01,x\n", "line 1: not the name of another marker"),
        ("VWA", "TH01", "line 10: not the name of another marker"),
        ("FGA\nAllele\n", "FGA\nAlleles\n", "line 8: FGA: not 'Allele'"),
        (",NORTH\n", ",All of it\n", "line 11: vWA: not 'Allele' and the populations, each once"),
        (",150,100,50\n", "", "line 3: TH01: no line with the number of people"),
        (",150,100,50", ",150,,50", "line 3, column NORTH: TH01: n is not a number of people"),
        ("0.25,0.5", "0.25", "line 4: TH01: the allele twice, or not a cell a population (found '6')"),
        ("9.3,", "6,", "line 5: TH01: the allele twice"),
        ("9.3,", "OL,", "line 3, column All of it: TH01: the frequencies sum to 0.333333"),
        ("0.75", "1.75", "line 5, column NORTH: TH01 9.3: not a frequency from 0 to 1 (found '1.75')"),
        ("0.75", "0.7.5", "not a frequency"),
        ("17,0.993333,0.99\n", "", "line 12, column All of it: vWA: the frequencies sum to 0.00666667"),
        ('"SOUTH LAND"', '"SOUTH LAND', "not a table"),
    ],
)
def test_a_damaged_block_names_line_population_and_value(old: str, new: str, words: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_strider(BLOCKS.replace(old, new, 1).encode(), file="x.csv")
    assert words in str(refused.value)


@pytest.mark.parametrize("form", ["strider", "strider-csv"])
def test_that_the_source_is_left_out_is_said(form: str) -> None:
    table = b"# population: NORTH\n# source: invented\nallele,TH01\nn,100\n6,0.25\n9.3,0.75\n"
    loaded = load("f.csv", table, "frequencies", Options())
    written, _, notes = convert(loaded, form, Options())
    assert "invented" not in written.decode()
    assert notes == ("a STRidER file does not say where its frequencies come from",)
    assert convert(load("again", written, form, Options()), form, Options())[2] == ()


@pytest.mark.parametrize(("asked", "count"), [("", "2"), ("WEST", "0")])
def test_one_population_is_asked_for_and_never_chosen(asked: str, count: str) -> None:
    loaded = load("x.xml", TEXT.encode(), form_of("x.xml", TEXT.encode()), Options())
    assert one_table(loaded, Options(population="SOUTH")).population == "SOUTH"
    with pytest.raises(BadFile, match=rf"{count} populations, not one") as refused:
        one_table(loaded, Options(population=asked))
    assert "NORTH, SOUTH" in str(refused.value)
    assert (refused.value.file, refused.value.value) == ("x", asked or None)
