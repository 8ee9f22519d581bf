"""Haplotypes in the formats of YHRD, EMPOP and HaploGrep; theta of lineages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_haplotypes import CASE
from typer.testing import CliRunner
from workbooks import row, workbook

from dokaz.cli.kinship import app
from dokaz.errors import BadFile, BadQuestion
from dokaz.exchange.programs.haplotypes import read_lineage_database
from dokaz.exchange.programs.loading import Options, load_any
from dokaz.exchange.programs.mtdna_files import read_sequences
from dokaz.kinship.haplotypes import LineageKind, Rarity, compare_y
from dokaz.kinship.lineage.mtdna import MtSequence

# The shape of the example that EMPOP publishes: comments, ranges, then sample, haplogroup, persons, variants.
EMP = """# invented, release 3
# N=4
#! 16024-576
A1\tC5b1\t1\t16093C\t73G\t249DEL\t263G
A2\t?\t2\t263G
#! 16024-16365 73-340
A3\tH\t1\t263G 315.1C
"""
HSD = "SampleId\tRange\tHaplogroup\tPolymorphisms\nA1\t16024-16569;1-576;\t?\t263G\t315.1C\nA2\t1-576\tH\t\n"
YHRD = """# database: YHRD-like, release 68
# theta: 0.003
Haplotype ID;Population;Haplogroup;DYS19;DYS385;DYS459;DYS389I;N
1;Kyiv;R1a;14,15;11,14;9,10;13;3
2;Lviv;;17.2;12;8,9;0;1
"""


def test_a_file_of_empop_is_a_database_and_a_table() -> None:
    kind, database = read_lineage_database(EMP.encode(), file="x.emp")
    assert kind is LineageKind.MATERNAL
    assert database.name == "invented, release 3"
    whole = [MtSequence.of(["16024-576", *v.split()]) for v in ("16093C 73G 249DEL 263G", "263G", "263G")]
    assert database.haplotypes == (*whole, MtSequence.of(["16024-16365", "73-340", "263G", "315.1C"]))
    named = read_sequences(b"# database: EMPOP, R13\n" + EMP.encode(), file="x.emp")[0]
    assert named == "EMPOP, R13"


def test_a_file_of_haplogrep_says_its_ranges_in_each_row() -> None:
    title, rows = read_sequences(HSD.encode(), file="x.hsd")
    assert title == ""
    assert [MtSequence.of(row.texts) for row in rows] == [
        MtSequence.of(["16024-576", "263G", "315.1C"]),
        MtSequence.of(["1-576"]),
    ]
    with pytest.raises(BadFile, match="the database has no name"):
        read_lineage_database(HSD.encode(), file="x.hsd")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# t\nA1\t?\t1\t263G\n", "line 2.*the sequence has no range"),
        ("# t\n#! 1-576\nA1\t?\n", "line 3.*2 columns"),
        ("# t\n#! 1-576\nA1\t?\tmany\t263G\n", "line 3.*not a number of persons"),
        ("# t\n#! 1-576\n", "no sequences"),
        ("# t\n#! 1-576\nA1\t?\t1\t16093C\n", "line 3.*outside what was read"),
    ],
)
def test_a_file_of_empop_that_is_none_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_lineage_database(text.encode(), file="x.emp")


def test_a_table_of_yhrd_has_copies_divided_by_commas_and_columns_that_are_no_loci() -> None:
    kind, database = read_lineage_database(YHRD.encode(), file="y.csv")
    assert kind is LineageKind.PATERNAL
    assert database.theta == 0.003
    first, second = {"DYS19": ("14", "15"), "DYS385": ("11", "14"), "DYS459": ("9", "10"), "DYS389I": ("13",)}, {
        "DYS19": ("17.2",), "DYS385": ("12",), "DYS459": ("8", "9"), "DYS389I": ("0",)
    }  # fmt: skip
    assert database.haplotypes == (first, first, first, second)
    with pytest.raises(BadFile, match="allele '17,2' is not a repeat number"):
        read_lineage_database(YHRD.replace("17.2", "17,2").encode(), file="y.csv")
    for theta in ("much", "1", "-0.1", "nan"):
        with pytest.raises(BadFile, match="theta is no number from 0 to below 1"):
            read_lineage_database(YHRD.replace("0.003", theta).encode(), file="y.csv")


def test_four_copies_count_each_and_fewer_are_a_set() -> None:
    base = "# database: b\nDYS464,DYS464x\n15/15/17/17,\n"
    _, database = read_lineage_database(base.replace(",DYS464x", "").replace(",\n", "\n").encode(), file="y.csv")
    assert database.haplotypes == ({"DYS464": ("15", "15", "17", "17")},)
    apart = "# database: b\nDYS464a,DYS464b,DYS464c,DYS464d\n15,15,17,17\n"
    assert read_lineage_database(apart.encode(), file="y.csv")[1].haplotypes == database.haplotypes
    with pytest.raises(BadFile, match="DYS464: 3 of its 4 copies given"):
        read_lineage_database(b"# database: b\nDYS464a,DYS464b,DYS464c\n15,15,17\n", file="y.csv")
    four = {"DYS464": ("15", "15", "15", "17")}
    assert compare_y(four, {"DYS464": ("15", "15", "17", "17")}).mutations == 2
    assert compare_y(four, {"DYS464": ("15", "17")}).mutations == 0
    assert compare_y(four, {"DYS464": ("15", "16")}).mutations == 1
    assert compare_y({"YCAII": ("19",)}, {"YCAII": ("19", "21")}).mutations == 2


def test_theta_of_lineages_lowers_the_lr(tmp_path: Path) -> None:
    plain, structured = Rarity("b", 0, 100, ("DYS19",)), Rarity("b", 0, 100, ("DYS19",), theta=0.01)
    upper = 1 - 0.05 ** (1 / 100)
    assert plain.lr == pytest.approx(1 / upper)
    assert structured.match_probability == pytest.approx(0.01 + 0.99 * upper)
    assert structured.lr == pytest.approx(1 / (0.01 + 0.99 * upper))
    with pytest.raises(BadQuestion, match="theta 1 of lineages"):
        Rarity("b", 0, 100, (), theta=1)
    (tmp_path / "case.json").write_text(json.dumps(CASE), encoding="utf-8")
    (tmp_path / "y.csv").write_text("# database: b\n# theta: 0.01\nDYS19\n15\n", encoding="utf-8")
    words = ["lineage", str(tmp_path / "case.json"), "--database", str(tmp_path / "y.csv")]
    said = CliRunner().invoke(app, words).stdout
    assert "frequency at most 0.95 with confidence 0.95, with theta 0.01 0.9505, LR 1.052" in said
    own = json.loads(CliRunner().invoke(app, [*words, "--theta", "0.1", "--json"]).stdout)["comparisons"][0]
    assert (own["theta"], own["match_probability"]) == (0.1, pytest.approx(0.1 + 0.9 * 0.95))


@pytest.mark.parametrize("suffix", ["emp", "hsd"])
def test_sequences_of_remains_and_relatives_come_from_such_a_file(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "case.json").write_text(json.dumps(CASE), encoding="utf-8")
    rows = {"emp": "#! 16024-576\nV2\t?\t1\t263G\t73G\n", "hsd": "V2\t16024-576\t?\t263G\t73G\n"}
    (tmp_path / f"m.{suffix}").write_text(rows[suffix], encoding="utf-8")
    table = "group,person,sex,marker,alleles,dropout,dropin\nF2,mother,2,mtDNA,16024-576/263G,,\n"
    (tmp_path / "m.csv").write_text(table, encoding="utf-8")
    words = ["lineage", str(tmp_path / "case.json"), "--haplotypes", str(tmp_path / f"m.{suffix}")]
    said = CliRunner().invoke(app, [*words, "--haplotypes", str(tmp_path / "m.csv")])
    assert "V2           mtDNA F2 daughter of F2 by mother, 1 meiosis: 1 mutation" in said.stdout, said.output
    made = CliRunner().invoke(app, ["convert", str(tmp_path / f"m.{suffix}"), str(tmp_path / "long.csv")])
    assert made.exit_code == 0, made.output
    assert "V2,0,mtDNA,16024-576/263G/73G," in (tmp_path / "long.csv").read_text(encoding="utf-8")
    back = CliRunner().invoke(app, ["convert", str(tmp_path / "m.csv"), str(tmp_path / "o.emp"), "--to", "emp"])
    assert back.exit_code == 1
    assert "no conversion from long" in back.output


def test_a_database_of_yhrd_is_read_from_excel_too() -> None:
    rows = row(1, "# database: YHRD-like") + row(
        2, "Sample ID", "Ethnicity", "DYS19", "DYS385a", "DYS385b", "Y-GATA-H4"
    )
    rows += row(3, "1", "x", "14", "11", "14", "12")
    kind, database = read_lineage_database(workbook({"Y": rows}), file="y.xlsx")
    assert kind is LineageKind.PATERNAL
    assert database.name == "YHRD-like"
    assert database.haplotypes == ({"DYS19": ("14",), "DYS385": ("11", "14"), "YGATAH4": ("12",)},)


def test_the_format_that_is_named_goes_before_the_suffix() -> None:
    found = load_any("x.txt", b"#! 16024-576\nA1\tH\t1\t263G\n", Options(), "emp")
    assert [sample.genotypes for sample in found.samples or ()] == [{"mtDNA": ("16024-576", "263G")}]


def test_what_a_table_of_sequences_holds_beside_them_is_told() -> None:
    found = load_any("x.emp", EMP.replace("A2\t?\t2", "A2\t?\t5").encode(), Options())
    assert found.notes == (
        "x.emp: haplogroups are kept in the file only: 2",
        "x.emp: numbers of persons are kept in the file only: A2 (5)",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A1\t1-576\t?\tfoo\n", "h.hsd, line 1"),
        ("A1\t1-576\t?\t16093C\n", "h.hsd, line 1.*outside what was read"),
        ("A1\t1-576\t?\t263G\nA1\t1-576\t?\t263G\n", "h.hsd, line 2: the person is there twice: line 1"),
        ("A1,1-576,?,263G\n", "line 1: 1 columns, not three and the variants"),
    ],
)
def test_a_sequence_that_is_none_is_refused_by_convert_too(text: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        load_any("h.hsd", text.encode(), Options())
