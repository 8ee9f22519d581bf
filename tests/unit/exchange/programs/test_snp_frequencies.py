"""SNPs and microhaplotypes: frequencies of bases, read, written and computed with."""

from __future__ import annotations

import math

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.deliveries.frequencies import read_frequencies, write_frequencies
from dokaz.exchange.programs.assembly import assemble
from dokaz.exchange.programs.case_reader import victims_from
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
