"""CODIS files: everything in them survives, and nothing is made up to write one."""

from __future__ import annotations

import pytest

from dokaz.errors import BadFile
from dokaz.exchange.programs.codis import codis_of, read_codis, write_codis
from dokaz.exchange.programs.loading import Options, load
from dokaz.kinship import Sex

TEXT = """\
<?xml version="1.0" encoding="UTF-8"?>
<CODISImportFile xmlns="urn:CODISImportFile-schema">
  <HEADERVERSION>3.2</HEADERVERSION>
  <MESSAGETYPE>Import</MESSAGETYPE>
  <DESTINATIONORI>UA0000001</DESTINATIONORI>
  <SOURCELAB>UA0000002</SOURCELAB>
  <SUBMITBYUSERID>levada</SUBMITBYUSERID>
  <SUBMITDATETIME>2026-05-04T09:12:03</SUBMITDATETIME>
  <BATCHID>B &amp; 1</BATCHID>
  <SPECIMEN SOURCEID="No" CASEID="KLN1" PARTIAL="true">
    <SPECIMENID>V1</SPECIMENID>
    <SPECIMENCATEGORY>Unidentified Person</SPECIMENCATEGORY>
    <LOCUS BATCHID="7">
      <LOCUSNAME>TH01</LOCUSNAME>
      <READINGBY>levada</READINGBY>
      <READINGDATETIME>2026-05-03T10:00:00</READINGDATETIME>
      <ALLELE ALLELEREQUIRED="true">
        <ALLELEVALUE>6</ALLELEVALUE>
      </ALLELE>
      <ALLELE>
        <ALLELEVALUE>9.3</ALLELEVALUE>
      </ALLELE>
      <NOTED>by hand</NOTED>
    </LOCUS>
    <EXTRA kind="x">
      <INNER>1</INNER>
    </EXTRA>
  </SPECIMEN>
</CODISImportFile>
"""


def test_reading_then_writing_gives_the_same_file_unknown_elements_included() -> None:
    read = read_codis(TEXT.encode(), file="x.xml")
    assert write_codis(read) == TEXT
    specimen = read.specimens[0]
    assert (specimen.id, specimen.is_partial) == ("V1", True)
    assert specimen.loci["TH01"].alleles == ("6", "9.3")
    assert specimen.loci["TH01"].allele_attributes[0] == {"ALLELEREQUIRED": "true"}


def test_the_location_of_a_schema_is_kept() -> None:
    at = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:CODISImportFile-schema a.xsd"'
    text = TEXT.replace('xmlns="urn:CODISImportFile-schema"', 'xmlns="urn:CODISImportFile-schema"' + at)
    assert write_codis(read_codis(text.encode(), file="x.xml")) == text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("CODISImportFile", "CODISRapidImportFile", "not a CODIS file"),
        (">3.2<", ">1.0<", "version"),
        ("    <SPECIMENID>V1</SPECIMENID>\n", "", "line 10: <SPECIMEN> has no <SPECIMENID>"),
        ("<ALLELEVALUE>6</ALLELEVALUE>", "<ALLELEVALUE></ALLELEVALUE>", "line 17: TH01"),
        (">2026-05-03T10:00:00<", ">03.05.2026<", "line 16"),
        (">V1<", f">{'V' * 25}<", "more than 24"),
        ("<HEADERVERSION>", "<HEADERVERSION/><HEADERVERSION>", "given twice"),
        ("<LOCUSNAME>", "text<LOCUSNAME>", "text beside elements"),
        ("</CODISImportFile>", "", "not XML"),
        ("<CODISImportFile ", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><CODISImportFile ", "document type"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(BadFile) as refused:
        read_codis(TEXT.replace(old, new).encode(), file="x.xml")
    assert "x.xml, line " in str(refused.value)
    assert words in str(refused.value)


def test_a_locus_or_a_specimen_given_twice_is_refused() -> None:
    locus = TEXT[TEXT.index("    <LOCUS") : TEXT.index("    <EXTRA")]
    with pytest.raises(BadFile, match="the locus is given twice"):
        read_codis(TEXT.replace(locus, locus * 2).encode(), file="x.xml")
    specimen = TEXT[TEXT.index("  <SPECIMEN ") : TEXT.index("</CODISImportFile>")]
    with pytest.raises(BadFile, match="the specimen is given twice: line 10"):
        read_codis(TEXT.replace(specimen, specimen * 2).encode(), file="x.xml")


def test_a_file_is_written_only_with_what_the_schema_demands() -> None:
    head = {"destination": "A", "laboratory": "B", "user": "u", "at": "2026-05-04T09:12:03"}
    people = [("V1", "Unidentified Person", {"TH01": ("6", "6"), "vWA": ("14", "15")}, False)]
    read = read_codis(write_codis(codis_of(people, **head)).encode(), file="x.xml")
    assert read.specimens[0].loci["TH01"].alleles == ("6",)
    assert read.specimens[0].loci["vWA"].alleles == ("14", "15")
    for key, value, words in (
        ("user", "", "needs SUBMITBYUSERID"),
        ("destination", "A" * 11, "more than 10"),
        ("at", "today", "no date"),
    ):
        with pytest.raises(BadFile, match=words):
            write_codis(codis_of(people, **{**head, key: value}))
    with pytest.raises(BadFile, match="9 alleles"):
        write_codis(codis_of([("V1", "Other", {"TH01": [str(i) for i in range(9)]}, False)], **head))
    with pytest.raises(BadFile, match="no specimens"):
        write_codis(codis_of([], **head))


HEADER = {"destination": "UA1", "laboratory": "UA2", "user": "levada", "at": "2026-05-04T09:12:03"}


@pytest.mark.parametrize(
    ("loci", "version", "names"),
    [
        (("TH01", "AMEL"), "3.2", ["TH01", "AMEL"]),
        (("TH01", "AMEL", "SE33"), "3.3", ["TH01", "Amelogenin", "SE33"]),
        (("DYS389I", "DYS389II", "DYS19"), "3.3", ["DYS389 I", "DYS389 II", "DYS19"]),
    ],
)
def test_the_version_and_its_names_follow_the_loci(loci: tuple[str, ...], version: str, names: list[str]) -> None:
    made = codis_of([("V1", "Other", dict.fromkeys(loci, ("9",)), False)], **HEADER)
    assert made.values["HEADERVERSION"] == version
    assert list(made.specimens[0].loci) == names
    loaded = load("x.xml", write_codis(made).encode(), "codis", Options())
    assert loaded.samples is not None
    assert tuple(loaded.samples[0].genotypes) == loci


def test_a_locus_under_two_names_is_refused() -> None:
    made = codis_of([("V1", "Other", {"TH01": ("6",), "THO1": ("6",)}, False)], **HEADER)
    with pytest.raises(BadFile, match="V1: a locus under two names"):
        load("x.xml", write_codis(made).encode(), "codis", Options())


def test_amelogenin_of_a_specimen_tells_its_sex() -> None:
    made = codis_of([("V1", "Other", {"Amelogenin": ("X", "Y")}, False)], **HEADER)
    loaded = load("x.xml", write_codis(made).encode(), "codis", Options())
    assert loaded.samples is not None
    assert (loaded.samples[0].sex, loaded.samples[0].genotypes) == (Sex.MALE, {"AMEL": ("X", "Y")})
