"""Sample Details Reports of ForenSeq: what was typed, with its sequence, and what stays in the file."""

from __future__ import annotations

import pytest
from workbooks import row, workbook

from dokaz.errors import BadFile
from dokaz.exchange.programs.loading import Options, load_any
from dokaz.kinship.model.pedigree import Sex

_HEAD = (
    row(1, "Autosomal STR Report") + row(3, "Sample", "bone 7") + row(4, "Project", "P") + row(6, "Locus", "Genotype")
)
_COVERAGE = row(9, "Coverage Information") + row(
    10, "Locus", "Allele Name", "Typed Allele?", "Reads", "Repeat Sequence"
)
STR = (
    row(11, "Amelogenin", "X", "Yes", "300")
    + row(12, "Amelogenin", "Y", "Yes", "280")
    + row(13, "D3S1358", "15", "No", "30", "TCTA" * 15)
    + row(14, "D3S1358", "16", "Yes", "900", "TCTA" + "TCTG" * 3 + "TCTA" * 12)
    + row(15, "D3S1358", "17", "Yes", "870", "TCTA" + "TCTG" * 3 + "TCTA" * 13)
    + row(16, "PentaE", "12", "Yes", "700", "AAAGA" * 12)
)
SNP = row(11, "rs1490413", "A", "Yes", "99") + row(12, "rs1490413", "G", "Yes", "90")


def report(**sheets: str) -> bytes:
    return workbook({name: _HEAD + _COVERAGE + rows for name, rows in sheets.items()} | {"Summary": row(1, "x")})


def test_what_was_typed_is_read_with_its_sequence() -> None:
    loaded = load_any("r.xlsx", report(STRs=STR, iSNPs=SNP), Options())
    assert loaded.form == "forenseq"
    [sample] = loaded.samples or ()
    assert (sample.id, sample.sex) == ("bone 7", Sex.MALE)
    assert dict(sample.genotypes) == {
        "AMEL": ("X", "Y"),
        "D3S1358": ("CE16_TCTA[1]TCTG[3]TCTA[12]", "CE17_TCTA[1]TCTG[3]TCTA[13]"),
        "Penta E": ("CE12_AAAGA[12]",),
        "rs1490413": ("A", "G"),
    }
    assert loaded.notes == (
        "r.xlsx: sheets kept in the file only: Summary",
        "r.xlsx: kept in the file only: numbers of reads, and sequences that were not typed (1)",
        "r.xlsx: markers renamed: Amelogenin → AMEL, PentaE → Penta E",
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            report(STRs=STR.replace("Yes", "Maybe")),
            r"STRs, line 11, column typed allele.*not one of",
        ),
        (report(STRs=STR.replace(">No<", ">Yes<")), r"r.xlsx, STRs, line 13.*D3S1358 has 3 alleles"),
        (workbook({"STRs": (_HEAD + _COVERAGE + STR).replace("bone 7", "")}), "0 names of the sample, not one"),
        (
            workbook({"A": _HEAD + _COVERAGE + STR, "B": (_HEAD + _COVERAGE + SNP).replace("bone 7", "bone 8")}),
            "2 names of the sample, not one .found 'bone 7, bone 8'",
        ),
        (
            workbook({"STRs": (_HEAD + _COVERAGE + STR).replace("Allele Name", "Name")}),
            "line 10: the column allele name",
        ),
        (workbook({"STRs": _HEAD + row(9, "Coverage Information")}), "the column allele name is missing"),
    ],
)
def test_a_report_that_is_none_is_refused_with_sheet_and_line(data: bytes, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        load_any("r.xlsx", data, Options())


def test_another_workbook_and_a_text_are_no_report() -> None:
    with pytest.raises(BadFile, match="no workbook that can be read"):
        load_any("r.csv", b"a,b\n", Options(), "forenseq")
    assert load_any("w.xlsx", workbook({"PM": row(1, "Case", "TH01") + row(2, "R1", "6/7")}), Options()).form == "wide"
