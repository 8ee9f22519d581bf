"""SNPs and microhaplotypes: frequencies of bases, read, written and computed with."""

from __future__ import annotations

import math

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.frequencies import read_frequencies, write_frequencies
from dokaz.exchange.programs.assembly import assemble
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.exchange.programs.loading import Options, form_of, load_any
from dokaz.kinship import search

LONG = b"marker,allele,frequency\nmh01,CT,0.2\nmh01,AT,0.8\nrs1,G,0.6\nrs1,A,0.4\nTH01,9.3,0.5\nTH01,6,0.5\n"


def test_bases_are_alleles_in_both_forms_of_a_table() -> None:
    long = read_frequencies(LONG, file="f.csv")
    assert long.frequencies == {
        "mh01": {"AT": 0.8, "CT": 0.2}, "rs1": {"A": 0.4, "G": 0.6}, "TH01": {"6": 0.5, "9.3": 0.5}
    }  # fmt: skip
    assert list(long.frequencies["rs1"]) == ["A", "G"]
    wide = read_frequencies(b"allele,rs1,TH01\n9.3,,0.5\nG,0.6,\n6,,0.5\nA,0.4,\nn,100,100\n", file="w.csv")
    assert wide.frequencies["rs1"] == long.frequencies["rs1"]
    for table in (long, wide):
        assert read_frequencies(write_frequencies(table).encode(), file="x.csv").frequencies == table.frequencies


@pytest.mark.parametrize("allele", ["N", "a", "AX", "0", "-1", "9.33"])
def test_what_is_neither_repeats_nor_bases_is_refused(allele: str) -> None:
    with pytest.raises(BadFile, match="not an allele"):
        read_frequencies(f"marker,allele,frequency\nrs1,{allele},1\n".encode(), file="f.csv")


def test_a_father_and_son_at_a_snp() -> None:
    table = read_frequencies(LONG, file="f.csv")
    remains = "Sample Name\tMarker\tAllele 1\tAllele 2\nbone\trs1\tA\tG\n"
    family = "#family\tid\tfather\tmother\tsex\tstatus\trs1\nF\tdad\t0\t0\t1\t1\tA/A\nF\tson\tdad\t0\t1\t2\t0/0\n"
    data, _ = assemble(
        [("r.txt", remains.encode())], [("f.ped", family.encode())], table, "case", chromosomes={"rs*": "autosomal"}
    )
    case = victims_from(data, "case")
    # A of the father, G of the mother: 0.6 against 2 × 0.4 × 0.6.
    assert search(case.victims, case.families).log10_lr[0, 0] == pytest.approx(math.log10(1 / 0.8))


def test_a_row_a_marker_and_a_column_a_base_is_read() -> None:
    text = b"# of: invented people\nSNP,Chr,A,C,G,T,N\nrs1,1,0.4,,0.6,,200\nrs2,2,-,0.25,NA,0.75,200\n"
    assert form_of("f.csv", text) == "frequencies"
    found = load_any("f.csv", text, Options())
    assert dict(found.tables[0].frequencies) == {"rs1": {"A": 0.4, "G": 0.6}, "rs2": {"C": 0.25, "T": 0.75}}
    assert found.notes == (
        "line 1 of f.csv is kept in the file only: of: invented people",
        "f.csv: columns kept in the file only: Chr, N",
    )


def test_a_row_a_marker_with_numbered_alleles_is_read() -> None:
    text = b"rsID;Allele 1;Frequency 1;Allele 2;Frequency 2\nrs1;A;0,4;G;0,6\nrs2;C;1;;\n"
    found = load_any("f.csv", text, Options())
    assert dict(found.tables[0].frequencies) == {"rs1": {"A": 0.4, "G": 0.6}, "rs2": {"C": 1.0}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SNP,A,G\nrs1,0.4,0.6\nrs1,0.4,0.6\n", "line 3, column marker: the marker is there twice"),
        ("SNP,A,G\nrs1,0.4,0.9\n", r"line 2.*the frequencies sum to 1\.3, not 1"),
        ("SNP,A,G\nrs1,0.4,x\n", "line 2, column frequency: not a number"),
        ("SNP,A,G\nrs1,,\n", "line 2, column marker: the marker has no alleles"),
        ("SNP,A,G\n,0.4,0.6\n", "line 2, column marker: the cell is empty"),
        ("SNP,Allele1,Freq1,Allele2,Freq2\nrs1,A,0.4,A,0.6\n", "line 2, column allele: rs1: the allele is given twice"),
        ("SNP,Allele1,Freq1,Allele2,Freq2\nrs1,A,1,G,\n", "line 2, column frequency: the cell is empty"),
        ("SNP,Allele1,Freq1\nrs1,N,1\n", "line 2, column allele: not an allele"),
    ],
)
def test_a_row_a_marker_that_is_none_is_refused_at_its_place(text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        load_any("f.csv", text.encode(), Options())


def test_a_long_table_may_call_them_snps_and_haplotypes() -> None:
    text = b"SNP,Haplotype,Freq\nmh01KK-001,A-C,0.5\nmh01KK-001,G-C,0.5\n"
    found = load_any("f.csv", text, Options())
    assert dict(found.tables[0].frequencies) == {"mh01KK-001": {"AC": 0.5, "GC": 0.5}}
