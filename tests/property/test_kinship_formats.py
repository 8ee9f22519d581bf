"""Whatever bytes come, every reader of kinship files reads them or refuses them by name; what it reads, it writes."""

from __future__ import annotations

import string

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dokaz.errors import DokazError
from dokaz.exchange.programs import conversion, loading
from dokaz.exchange.programs.familias import read_familias, write_familias

_FAM = (
    b'"Output from Familias, version 3.3.1"\n"-"\n3.3.1\n""\n1\n"man"\n#FALSE#\n-1\n#FALSE#\n#TRUE#\n1\n0\n1\n0\n'
    b'"Known relations"\n0\n0\n0\n1\n0\n"H1"\n1\n0\n1\n1\n0\n#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0 )\n1\n#FALSE#\n'
    b'"L"\n0.001\n0.002\n4\n4\n3\n0.1\n0.1\n1e-006\n1e-006\n#TRUE#\n0.1\n2\t(DatabaseSize = 9 , Dropout probability = 0 , '
    b'Minor allele frequency = 0 )\n"9"\n0.4\n"10"\n0.5\n[DVI]\n[[Unidentified persons]]\nnPersons= 1\n[[[Person 1 ]]]\n'
    b"Name= V1\nGender= Male\n[[[[DNA data]]]]\nnSystems= 1\nSystemName= L\nAllele1= 9\nAllele2= 10\n"
    b"[[Reference Families]]\nnFamilies= 0\n"
)
_FAMILY = _FAM.removesuffix(b"nFamilies= 0\n") + (
    b"nFamilies= 1\n[[[Family 1 ]]]\nName= F\n[[[[Persons]]]]\nnPersons= 4\n[[[[[Person 1]]]]]\nName= R\nGender= Female\n"
    b"[[[[[[DNA data]]]]]]\nnSystems= 1\nSystemName= L\nAllele1= 9\nAllele2= 9\n[[[[[Person 2]]]]]\nName= Missing male 1\n"
    b"Gender= Male\n[[[[[[DNA data]]]]]]\nnSystems= 0\n[[[[[Person 3]]]]]\nName= Missing male 2\nGender= Male\n"
    b"[[[[[[DNA data]]]]]]\nnSystems= 0\n[[[[[Person 4]]]]]\nName= Missing male 3\nGender= Male\n[[[[[[DNA data]]]]]]\n"
    b"nSystems= 0\n[[[[Pedigrees]]]]\nnPedigrees= 2\n[[[[[Pedigree 1]]]]]\nName= Reference pedigree\nnRelations= 0\n"
    b"[[[[[Pedigree 2]]]]]\nName= Tree\nnRelations= 3\nParent= R\nChild= Missing male 2\nParent= Missing person\n"
    b"Child= Missing male 2\nParent= Missing male 2\nChild= Missing male 3\n[Advanced]\n[[Direct/Identity]]\nDropout= 0.1\n"
)
_CMF = (
    b'<CODISImportFile xmlns="urn:CODISImportFile-schema"><HEADERVERSION>3.2</HEADERVERSION><MESSAGETYPE>Import'
    b"</MESSAGETYPE><DESTINATIONORI>A</DESTINATIONORI><SOURCELAB>B</SOURCELAB><SUBMITBYUSERID>u</SUBMITBYUSERID>"
    b"<SUBMITDATETIME>2026-05-04T09:12:03</SUBMITDATETIME><SPECIMEN><SPECIMENID>V</SPECIMENID><SPECIMENCATEGORY>Other"
    b"</SPECIMENCATEGORY><LOCUS><LOCUSNAME>TH01</LOCUSNAME><READINGBY>u</READINGBY><READINGDATETIME>2026-05-04T09:12:03"
    b"</READINGDATETIME><ALLELE><ALLELEVALUE>6</ALLELEVALUE></ALLELE></LOCUS></SPECIMEN></CODISImportFile>"
)
_STRIDER = (
    b'<frequencies><marker><name>TH01</name><alleles>6, 7</alleles><origin name="P" n="9"><frequency allele="6">0.5'
    b'</frequency><frequency allele="7">0.5</frequency></origin></marker></frequencies>'
)
_BLOCKS = b"TH01\nAllele,P,Q\n,9,12\n6,0.5,0.25\n7,0.5,0.75\n\nFGA\nAllele\n\nVWA\nAllele,P\n,9\n14,1\n"
_REPORT = (
    b"Allele Report\r\nSoftware Package: SoftGenetics GeneMarker 2.7.4\r\nReport Style: Peak Table\r\n\r\n"
    b"\tSample\tAllele\tMarker\tDye\tHeight\t\r\n1\tb\t6\tTH01\tBlue\t900\t\r\n2\tb\t\t\tBlue\t90\t\r\n"
)
_PED = b"#family\tid\tfather\tmother\tsex\tstatus\tTH01\nF1\tR1\t0\t0\t1\t1\t6/7\nF1\tM1\tR1\t0\t2\t2\t0/0\n"
_JSON = (
    b'{"markers": [{"name": "L", "alleles": ["1", "2"], "freqs": [0.4, 0.6]}], "H1": [{"members": [{"id": "a"}]}], '
    b'"H2": [{"members": [{"id": "a"}]}], "genotypes": {"a": {"L": ["1", "2"]}}}'
)
_GENEMAPPER = b"Sample Name\tMarker\tAllele 1\tAllele 2\nb\tTH01\t6\t7\nb\tvWA\tINC\t\n"
_LONG = b"group,person,sex,marker,alleles,dropout,dropin\nF1,R1,2,TH01,6/7,,\n"
_WIDE = b"Case,Sex,TH01_1,TH01_2,D3S1358,AMEL\nR1,M,6,9.3,15/16,XY\nR2,F,6,6,CE16_TCTA[16]/17,X/X\n"
_GEDCOM = (
    b"0 HEAD\n1 GEDC\n2 VERS 7.0\n0 @I1@ INDI\n1 NAME A /B/\n1 SEX M\n0 @I2@ INDI\n1 NAME C /B/\n1 SEX F\n"
    b"0 @I3@ INDI\n1 NAME D /B/\n1 FAMC @F1@\n2 PEDI BIRTH\n0 @F1@ FAM\n1 HUSB @I1@\n1 WIFE @I2@\n1 CHIL @I3@\n0 TRLR\n"
)
_EMP = b"# invented\n#! 16024-576\nA\tH\t1\t263G 315.1C\nB\t?\t2\t16093Y\t249a\n"
_HSD = b"SampleId\tRange\tHaplogroup\tPolymorphisms\nA\t16024-16569;1-576;\t?\t263G\t315.1C\n"
_BY_BASE = b"SNP,A,C,G,T\nrs1,0.4,,0.6,\nrs2,,1,,\n"
_LISTED = b"TH01\n6 0.3\n9.3 0.7\n\nrs1\nA 1\n"
_TABLE = b"# population: P\nmarker,allele,frequency\nTH01,6,0.5\nTH01,7,0.5\n"
#: Format, suffix, file.
SEEDS = (
    ("fam", ".fam", _FAM), ("fam", ".fam", _FAMILY), ("codis", ".xml", _CMF), ("strider", ".xml", _STRIDER),
    ("strider", ".csv", _BLOCKS), ("ped", ".ped", _PED), ("json", ".json", _JSON), ("genemapper", ".txt", _GENEMAPPER),
    ("wide", ".csv", _WIDE), ("pedtools", ".txt", _LISTED), ("gedcom", ".ged", _GEDCOM),
    ("emp", ".emp", _EMP), ("hsd", ".hsd", _HSD), ("frequencies", ".csv", _BY_BASE),
    ("genemarker", ".txt", _REPORT), ("long", ".csv", _LONG), ("frequencies", ".csv", _TABLE),
)  # fmt: skip
FORMS_OF_SEEDS = sorted({form for form, _, _ in SEEDS})


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file of one format with pieces cut out, doubled, replaced or put in."""
    form, _, data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 12)))
        piece = draw(
            st.binary(max_size=4)
            | st.text(string.printable, max_size=6).map(str.encode)
            | st.sampled_from(
                [b"-1", b"1e999", b"nan", b"\n", b'"', b"999999999", b"#TRUE#", b"[[", b"]]", b"<a>", b"\x00"]
            )
            | st.just(data[start:end] * 2)
        )
        data = data[:start] + piece + data[end:]
    return form, data


@given(damaged() | st.tuples(st.sampled_from(FORMS_OF_SEEDS), st.binary(max_size=300)))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(("json", b'{"a":' * 3000))
@example(("json", b"1" * 5000))
@example(("fam", b"\xff\xfe"))
@example(("codis", b'<?xml version="1.0" encoding="utf-99"?><a/>'))
def test_any_bytes_are_read_or_refused_by_name(case: tuple[str, bytes]) -> None:
    form, data = case
    try:
        loaded = loading.load("x.dat", data, form, loading.Options())
    except DokazError:
        return
    for target in loading.FORMS:
        try:
            written, losses, notes = conversion.convert(loaded, target, loading.Options())
        except DokazError:
            continue
        assert isinstance(written, bytes)
        assert all(losses)
        assert all(notes)


@given(damaged().filter(lambda case: case[0] == "fam") | st.sampled_from([("fam", _FAM), ("fam", _FAMILY)]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_a_familias_file_that_is_read_is_written_to_the_byte(case: tuple[str, bytes]) -> None:
    try:
        read = read_familias(case[1], file="x.fam")
    except DokazError:
        return
    if read.encoding != "cp1251":
        assert write_familias(read) == case[1]


def test_every_seed_is_read_and_its_format_is_told_from_it() -> None:
    for form, suffix, data in SEEDS:
        assert loading.form_of(f"x{suffix}", data) == form
        assert loading.load("x", data, form, loading.Options()).form == form
