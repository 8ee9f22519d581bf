"""Frequencies of SNPs, microhaplotypes and sequences, and the lists of pedtools and MERLIN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.frequencies import FrequencyTable, read_frequencies, write_frequencies
from dokaz.exchange.programs.listed_frequencies import is_listed, read_listed, write_listed
from dokaz.exchange.programs.loading import Options, form_of, load

LIST = "TH01\n6 0.3\n9.3 0.7\n\nPenta_E\n12\t0.25\n13\t0.75\n"
MERLIN = "M TH01\nA 6 0.3\nA 9.3 0.7\nM rs1\nF 0.25 0.75\n"


def test_a_list_of_pedtools_is_told_and_read_with_other_spellings_renamed() -> None:
    assert form_of("f.txt", LIST.encode()) == "pedtools"
    found = load("f.txt", LIST.encode(), "pedtools", Options())
    assert dict(found.tables[0].frequencies) == {"TH01": {"6": 0.3, "9.3": 0.7}, "Penta E": {"12": 0.25, "13": 0.75}}
    assert found.notes == ("f.txt: markers renamed: Penta_E → Penta E",)


def test_the_form_of_merlin_is_read_and_counts_its_alleles_from_one() -> None:
    assert form_of("f.freq", MERLIN.encode()) == "pedtools"
    assert dict(read_listed(MERLIN.encode(), file="f").frequencies) == {
        "TH01": {"6": 0.3, "9.3": 0.7},
        "rs1": {"1": 0.25, "2": 0.75},
    }


def test_a_list_without_blank_lines_and_with_decimal_commas_is_read() -> None:
    assert dict(read_listed(b"TH01\n6 0,3\n9.3 0,7\nPenta E\n12 1\n", file="f").frequencies) == {
        "TH01": {"6": 0.3, "9.3": 0.7},
        "Penta E": {"12": 1.0},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TH01\n6 0.3\n6 0.7\n", "line 3, column allele: TH01: the allele is given twice: line 2"),
        ("TH01\n6 0.3\n9.3 0.9\n", r"the frequencies sum to 1\.2, not 1"),
        ("TH01\n6 1\n\nTHO1\n6 1\n", "line 4, column marker: TH01 is there under two names"),
        ("TH01\n6 1\n\nvWA\n", "line 4: the marker has no alleles"),
        ("TH01\n6 1.5\n", "line 2, column frequency: not between 0 and 1"),
        ("TH01\nOL 1\n", "line 2, column allele: not an allele"),
        ("A 6 1\nM TH01\n", "line 1, column allele: a frequency before any marker"),
        ("M TH01\nB 6 1\n", "line 2: a line that begins with neither M, A nor F"),
        ("M TH01\nA 6\n", "line 2: not an allele and its frequency"),
    ],
)
def test_a_list_that_is_none_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_listed(text.encode(), file="f")


_ALLELES = st.one_of(
    st.integers(1, 99).map(str),
    st.sampled_from(["A", "C", "ACG", "9.3", "16a", "CE16_TCTA[16]", "CE16_TCTA[1]TCTG[15]", "CE17_TCTA[17]"]),
)
_TABLES = st.dictionaries(
    st.sampled_from(["TH01", "Penta E", "rs1490413", "mh01KK-001"]),
    st.lists(_ALLELES, min_size=1, max_size=6, unique=True).map(lambda a: {x: 1 / len(a) for x in a}),
    min_size=1,
)


@given(_TABLES)
def test_what_is_written_is_read_again(frequencies: dict[str, dict[str, float]]) -> None:
    table = FrequencyTable("f", "", "", frequencies, {})
    listed = write_listed(table)
    assert is_listed(listed)
    assert read_listed(listed.encode(), file="f").frequencies == frequencies
    long = read_frequencies(write_frequencies(table).encode(), file="f", takes_sequences=True)
    assert long.frequencies == frequencies


def test_microhaplotypes_are_bases_however_they_are_divided() -> None:
    text = "Marker,Population,Allele,Frequency,Count\nmh01KK-001,P,A|C|G,0.5,200\nmh01KK-001,P,A;T;G,0.5,200\n"
    found = load("f.csv", text.encode(), form_of("f.csv", text.encode()), Options())
    assert dict(found.tables[0].frequencies) == {"mh01KK-001": {"ACG": 0.5, "ATG": 0.5}}
    assert found.tables[0].population == "P"
    assert found.notes == ("column not known: Count",)


def test_of_several_populations_in_one_table_one_is_named() -> None:
    text = b"marker,population,allele,frequency\nrs1,P,A,0.25\nrs1,P,G,0.75\nrs1,Q,A,1\n"
    with pytest.raises(BadFile, match="two populations in one file"):
        load("f.csv", text, "frequencies", Options())
    found = load("f.csv", text, "frequencies", Options(population="Q"))
    assert dict(found.tables[0].frequencies) == {"rs1": {"A": 1.0}}
    with pytest.raises(BadFile, match="no population of this name"):
        load("f.csv", text, "frequencies", Options(population="R"))


def test_a_sequence_is_no_allele_where_records_hold_lengths() -> None:
    text = b"marker,allele,frequency\nD3S1358,16 [TCTA]16,1\n"
    with pytest.raises(BadFile, match="not an allele"):
        read_frequencies(text, file="f")
    assert read_frequencies(text, file="f", takes_sequences=True).frequencies == {"D3S1358": {"CE16_TCTA[16]": 1.0}}
