"""STRidER frequency files, and frequency tables written."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.frequencies import read_frequencies, write_frequencies
from dokaz.exchange.strider import read_strider, write_strider

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


def test_tables_survive_the_way_there_and_back() -> None:
    tables = read_strider(TEXT.encode(), file="x.xml")
    again = read_strider(write_strider(tables).encode(), file="x.xml")
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
