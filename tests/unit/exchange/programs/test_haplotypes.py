"""Y haplotypes and mtDNA of a case: from the case, from tables beside it, and a database to count them in."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.errors import BadFile, DokazError
from dokaz.exchange.programs.haplotypes import read_lineage_database, read_lineages
from dokaz.kinship.haplotypes import LineageKind
from dokaz.kinship.lineage.mtdna import MtSequence

CASE: dict[str, Any] = {
    "case": "lines",
    "markers": [
        {"name": "L1", "chrom": None, "alleles": ["1", "2"], "freqs": [0.5, 0.5], "mutation": None},
        {"name": "DYS19", "chrom": "Y", "alleles": [], "freqs": []},
        {"name": "control region", "chrom": "MT", "alleles": [], "freqs": []},
    ],
    "pm": [
        {"id": "V1", "sex": 1, "genotypes": {"L1": ["1", "1"], "DYS19": ["14"], "control region": ["1-576", "263G"]}},
        {"id": "V2", "sex": 2, "genotypes": {}},
    ],
    "am": [
        {
            "family": family,
            "components": [
                {
                    "members": [
                        {"id": "father", "father": None, "mother": None, "sex": 1},
                        {"id": "mother", "father": None, "mother": None, "sex": 2},
                        {"id": f"{family} son", "father": "father", "mother": "mother", "sex": 1},
                        {"id": f"{family} daughter", "father": "father", "mother": "mother", "sex": 2},
                    ]
                }
            ],
            "genotypes": genotypes,
        }
        for family, genotypes in (("F1", {"father": {"DYS19": ["14"]}}), ("F2", {}))
    ],
    "missing": ["F1 son", "F2 daughter"],
}
TABLE = """\
group,person,sex,marker,alleles,dropout,dropin
F1,mother,2,mtDNA,1-576/16024-16365/263G/309.1C,,
F2,father,1,DYS19,16,,
F2,father,1,DYS385,11/14,,
,V1,1,DYS385,11/14,,
,V1,1,D3S1358,15/16,,
,V2,2,mtDNA,1-300/73G,,
"""
Y_BASE = "# database: invented Y, 2026-01\ncount,DYS19,DYS385\n3,14,11/14\n1,14,\n96,15,12\n"
MT_BASE = "# database: invented mtDNA, 2026-01\nmtDNA\n1-576/263G\n1-576/73G/263G\n16024-16365\n"


def case_with(place: str, value: object) -> bytes:
    copied = copy.deepcopy(CASE)
    *parents, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    target: Any = copied
    for part in parents:
        target = target[part]
    target[last] = value
    return json.dumps(copied).encode()


def read(table: str = TABLE, data: bytes = b"") -> Any:
    return read_lineages("case.json", data or json.dumps(CASE).encode(), [("t.csv", table.encode())] if table else [])


def test_haplotypes_of_the_case_and_of_tables_are_put_together() -> None:
    found = read()
    assert found.remains[LineageKind.PATERNAL] == {"V1": {"DYS19": ("14",), "DYS385": ("11", "14")}}
    assert found.remains[LineageKind.MATERNAL] == {
        "V1": MtSequence.of(["1-576", "263G"]), "V2": MtSequence.of(["1-300", "73G"]),
    }  # fmt: skip
    first, second = found.families[LineageKind.PATERNAL]
    assert (first.haplotypes, first.missing) == ({"father": {"DYS19": ("14",)}}, ("F1 son",))
    assert set(second.haplotypes) == {"father"}
    assert set(found.families[LineageKind.MATERNAL][0].haplotypes) == {"mother"}


def test_sexes_and_what_the_case_lists_decide_who_is_compared() -> None:
    found = read()
    assert found.is_paired("V1", "F1 son")
    assert not found.is_paired("V1", "F2 daughter")
    listed = read(data=case_with("pairings", {"V1": ["F2 daughter"]}))
    assert listed.is_paired("V1", "F2 daughter")
    assert not listed.is_paired("V2", "F2 daughter")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",V1,1,DYS385", ",V9,1,DYS385", "t.csv: 0 persons of the case have this name (found 'V9')"),
        ("F1,mother", ",mother", "2 persons of the case have this name (found 'mother')"),
        ("F1,mother", "F3,mother", "0 persons"),
        (",V1,1,DYS385", ",V1,1,DYS19", "DYS19 is given twice"),
        (",V2,2,mtDNA,1-300/73G,,", ",V1,1,mtDNA,1-300,,", "mtDNA is given twice"),
        ("DYS19,16,,", "DYS19,16,0.1,", "a lineage under dropout is not compared"),
        ("DYS19,16,,", "DYS19,OL,,", "father: DYS19: allele 'OL' is not a repeat number"),
        ("1-300/73G", "73G", "V2: mtDNA without a range"),
    ],
)
def test_what_cannot_be_is_refused_by_name(old: str, new: str, words: str) -> None:
    with pytest.raises(DokazError) as refused:
        read(TABLE.replace(old, new, 1))
    assert words in str(refused.value)


def test_a_peak_that_is_written_twice_is_one_copy() -> None:
    assert read("", case_with("pm.0.genotypes.DYS19", ["14", "14"])).remains[LineageKind.PATERNAL]["V1"]["DYS19"] == (
        "14",
    )


def test_markers_that_are_not_known_are_told(tmp_path: Path) -> None:
    table = TABLE + ",V1,1,DYS-odd,12,,\n,V1,1,DYS449,30,,\n"
    assert read(table).aside == ("DYS-odd",)
    said = asked(tmp_path, "--haplotypes", "t.csv", table=table)
    assert "not known as lineage markers: DYS-odd" in said.output
    assert json.loads(asked(tmp_path, "--haplotypes", "t.csv", "--json", table=table).stdout)["set_aside"] == [
        "DYS-odd"
    ]


@pytest.mark.parametrize("spelling", ["DYS385 a/b", "dys385ab", "DYS385"])
def test_a_locus_has_one_name_however_a_laboratory_spells_it(spelling: str) -> None:
    assert set(read(TABLE.replace("DYS385", spelling)).remains[LineageKind.PATERNAL]["V1"]) == {"DYS19", "DYS385"}


def test_a_genemapper_table_of_a_y_kit_is_a_table_of_haplotypes() -> None:
    table = "Sample Name\tMarker\tAllele 1\tAllele 2\nV2\tDYS385\t11\t14\nV2\tYindel\t2\t\nV2\tTH01\t6\t7\n"
    assert read(table).remains[LineageKind.PATERNAL]["V2"] == {"DYS385": ("11", "14")}


def test_a_database_has_a_name_a_kind_and_counts() -> None:
    kind, base = read_lineage_database(Y_BASE.encode(), file="y.csv")
    assert (kind, base.name, len(base.haplotypes)) == (LineageKind.PATERNAL, "invented Y, 2026-01", 100)
    assert base.haplotypes[0] == {"DYS19": ("14",), "DYS385": ("11", "14")}
    assert base.haplotypes[3] == {"DYS19": ("14",)}
    kind, base = read_lineage_database(MT_BASE.replace("\nmtDNA", "\nMTDNA").encode(), file="mt.csv")
    assert kind is LineageKind.MATERNAL
    assert base.haplotypes[2] == MtSequence.of(["16024-16365"])


@pytest.mark.parametrize(
    ("base", "old", "new", "words"),
    [
        (Y_BASE, "# database: invented Y, 2026-01\n", "", "the database has no name"),
        (Y_BASE, "DYS385", "TH01", "column TH01: not a lineage marker"),
        (Y_BASE, "DYS385", "mtDNA", "two kinds"),
        (Y_BASE, "DYS19,DYS385", "DYS385ab,DYS385", "DYS385 has two columns"),
        (Y_BASE, "3,14,11/14", "3,,", "line 3, column haplotype: a row without a haplotype"),
        (Y_BASE, "3,14", "3,OL", "line 3: DYS19: allele 'OL'"),
        (Y_BASE, "3,14", "0,14", "line 3, column count: not between 1"),
        (MT_BASE, "1-576/263G", "263G", "line 3: mtDNA without a range"),
        (Y_BASE, "3,14,11/14\n1,14,\n96,15,12\n", "", "without haplotypes"),
    ],
)
def test_a_database_that_is_none_is_refused(base: str, old: str, new: str, words: str) -> None:
    with pytest.raises(DokazError) as refused:
        read_lineage_database(base.replace(old, new, 1).encode(), file="x.csv")
    assert words in str(refused.value)


def asked(tmp_path: Path, *options: str, case: bytes = b"", table: str = TABLE) -> Any:
    (tmp_path / "case.json").write_bytes(case or json.dumps(CASE).encode())
    for name, text in (("t.csv", table), ("y.csv", Y_BASE), ("mt.csv", MT_BASE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = [str(tmp_path / word) if word.endswith((".csv", ".json")) else word for word in options]
    return CliRunner().invoke(app, ["lineage", str(tmp_path / "case.json"), *words])


BOTH = ("--haplotypes", "t.csv", "--database", "y.csv", "--database", "mt.csv")


def test_the_command_says_verdict_count_bound_and_lr(tmp_path: Path) -> None:
    said = asked(tmp_path, *BOTH)
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert lines[0] == "V1           Y     F1 son of F1 by father, 1 meiosis: match over 1 locus"
    assert "4 of 100 in invented Y, 2026-01; frequency at most 0.0892" in lines[1]
    assert ", LR 11.2" in lines[1]
    assert lines[2] == "V1           mtDNA F1 son of F1 by mother, 1 meiosis: match over 1-576"
    assert "1 of 2 in invented mtDNA, 2026-01" in lines[3]
    assert "is not multiplied with any other LR" in lines[-1]


def test_json_has_every_comparison(tmp_path: Path) -> None:
    first, second = json.loads(asked(tmp_path, *BOTH, "--json").stdout)["comparisons"]
    assert (first["remains"], first["missing"], first["line"], first["verdict"]) == ("V1", "F1 son", "Y", "match")
    assert (first["count"], first["size"], first["compared"]) == (4, 100, ["DYS19"])
    assert first["lr"] == pytest.approx(1 / first["frequency_upper"])
    assert (second["line"], second["relative"], second["meioses"]) == ("mtDNA", "mother", 1)


def test_exclusions_are_counted_and_listed_when_asked(tmp_path: Path) -> None:
    case = case_with("pm.0.genotypes.DYS19", ["18"])
    short = asked(tmp_path, "--haplotypes", "t.csv", case=case)
    assert "exclusion: 1 of 2 comparisons; --all lists them" in short.stdout
    assert " LR " not in short.stdout
    listed = asked(tmp_path, "--haplotypes", "t.csv", "--all", case=case).stdout
    assert "exclusion, 4 mutations over 1 locus (DYS19: 18 against 14; 2 allowed)" in listed
    wider = asked(tmp_path, "--haplotypes", "t.csv", "--mutations-y", "4", case=case).stdout
    assert ": 4 mutations over 1 locus (DYS19: 18 against 14; 4 allowed)" in wider
    apart = case_with("pm.0.genotypes.DYS19", None).replace(b'"1-576", "263G"', b'"600-700"')
    listed = asked(
        tmp_path, "--haplotypes", "t.csv", "--all", case=apart, table=TABLE.replace(",V1,1,DYS385", ",V1,1,vWA")
    )
    assert "not comparable, nothing was typed in both" in listed.stdout


def test_the_command_refuses_what_it_cannot_compare(tmp_path: Path) -> None:
    twice = asked(tmp_path, *BOTH, "--database", "y.csv")
    assert (twice.exit_code, "a second database of Y" in twice.output) == (1, True)
    none = asked(tmp_path, case=case_with("pm.0.genotypes", {}))
    assert (none.exit_code, "no remains have a Y haplotype or mtDNA" in none.output) == (1, True)


ANSWERS = """\
# database: YHRD release 0, invented
remains,searched,count,size
V1,DYS19,7,1000
V1,DYS19/DYS385,0,900
"""


def test_what_a_database_answered_stands_for_its_haplotypes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ANSWERS, encoding="utf-8")
    options = ("--haplotypes", "t.csv", "--database", "a.csv")
    (row, _) = json.loads(asked(tmp_path, *options, "--json").stdout)["comparisons"]
    # The relative has no DYS385, so the search over both loci says nothing about what was compared.
    assert (row["count"], row["size"], row["counted_over"]) == (7, 1000, ["DYS19"])
    more = TABLE + "F1,father,1,DYS385,11/14,,\nF1,father,1,DYS390,24,,\n,V1,1,DYS390,24,,\n"
    (row, _) = json.loads(asked(tmp_path, *options, "--json", table=more).stdout)["comparisons"]
    assert (row["count"], row["size"], row["counted_over"]) == (0, 900, ["DYS19", "DYS385"])
    said = asked(tmp_path, *options, table=more).stdout
    assert "0 of 900 in YHRD release 0, invented over DYS19, DYS385; frequency at most 0.00332" in said


def test_a_search_over_more_than_was_compared_gives_no_bound(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ANSWERS.replace("V1,DYS19,7,1000\n", ""), encoding="utf-8")
    (row, _) = json.loads(asked(tmp_path, "--haplotypes", "t.csv", "--database", "a.csv", "--json").stdout)[
        "comparisons"
    ]
    assert (row["verdict"], row["count"], row["lr"]) == ("match", None, None)
    mt = "# database: EMPOP, invented\nremains,searched,count,size\nV1,{},2,500\n"
    for ranges, count in (("1-300", 2), ("1-500/16024-16365", None)):
        (tmp_path / "a.csv").write_text(mt.format(ranges), encoding="utf-8")
        rows = json.loads(asked(tmp_path, "--haplotypes", "t.csv", "--database", "a.csv", "--json").stdout)[
            "comparisons"
        ]
        assert rows[1]["count"] == count


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("V1,DYS19,7", "V7,DYS19,7", "no remains of this name have Y (found 'V7')"),
        ("DYS19,7", "DYS19,1001", "more found than searched"),
        ("DYS19,7", "TH01,7", "neither Y loci nor ranges of mtDNA"),
        ("DYS19,7", "1-576/263G,7", "variants, where only ranges belong"),
        ("DYS19,7", "1-576,7", "Y and mtDNA in one file"),
        (",size\n", ",size,kit\n", "4 cells where the header has 5"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "a.csv").write_text(ANSWERS.replace(old, new, 1), encoding="utf-8")
    refused = asked(tmp_path, "--haplotypes", "t.csv", "--database", "a.csv")
    assert refused.exit_code == 1
    assert words in refused.output


def test_lineage_markers_never_enter_a_product(tmp_path: Path) -> None:
    (tmp_path / "with.json").write_bytes(json.dumps(CASE).encode())
    plain = {**CASE, "markers": CASE["markers"][:1], "am": [{**family, "genotypes": {}} for family in CASE["am"]]}
    plain["pm"] = [{**row, "genotypes": {m: a for m, a in row["genotypes"].items() if m == "L1"}} for row in CASE["pm"]]
    (tmp_path / "plain.json").write_bytes(json.dumps(plain).encode())
    found = [
        CliRunner().invoke(app, ["search", str(tmp_path / name), "--json"]) for name in ("with.json", "plain.json")
    ]
    assert [result.exit_code for result in found] == [0, 0]
    assert json.loads(found[0].stdout)["values"] == json.loads(found[1].stdout)["values"]


def test_a_question_has_no_families_to_compare_with() -> None:
    question = {"markers": CASE["markers"][:1], "H1": [{"members": [{"id": "a"}]}], "H2": [{"members": [{"id": "a"}]}]}
    with pytest.raises(BadFile, match="not a victim file"):
        read("", json.dumps({**question, "genotypes": {}}).encode())


@given(
    st.sampled_from([TABLE, Y_BASE, MT_BASE, ANSWERS]),
    st.lists(st.tuples(st.integers(0, 250), st.integers(0, 8), st.text("d-/0129.G,#\n ", max_size=5)), max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_any_damaged_table_is_read_or_refused_by_name(text: str, cuts: list[tuple[int, int, str]]) -> None:
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    for reader in (lambda: read(text), lambda: read_lineage_database(text.encode(), file="x.csv")):
        try:
            said = str(reader())
        except DokazError as refused:
            said = str(refused)
        assert said


# --- cases from laboratories -------------------------------------------------------------------------------------------


def said_of(tmp_path: Path, bone: dict[str, list[Any]], relative: str, *options: str) -> Any:
    """What the command says of one bone and one relative: rows of a long table, without the family."""
    chromosomes = {"mtDNA": "MT", "L1": None}
    markers = CASE["markers"][:1] + [
        {"name": name, "chrom": chromosomes.get(name, "Y"), "alleles": [], "freqs": []} for name in bone
    ]
    case = json.loads(case_with("pm.0.genotypes", bone)) | {"markers": markers}
    case["am"][0]["genotypes"] = {}
    table = TABLE.splitlines()[0] + "\n" + "".join(f"F1,{row},,\n" for row in relative.splitlines())
    told = asked(tmp_path, "--haplotypes", "t.csv", "--json", *options, case=json.dumps(case).encode(), table=table)
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)["comparisons"][0]


def test_two_heteroplasmies_are_not_two_differences(tmp_path: Path) -> None:
    bone = {"mtDNA": ["16024-576", "16093Y", "146Y", "263G"]}
    row = said_of(tmp_path, bone, "mother,2,mtDNA,16024-576/16093C/146C/263G")
    assert (row["verdict"], row["mutations"]) == ("match", 0)


def test_a_dinucleotide_that_is_missing_is_one_event(tmp_path: Path) -> None:
    bone = {"mtDNA": ["16024-576", "263G", "315.1C", "523DEL", "524DEL"]}
    row = said_of(tmp_path, bone, "mother,2,mtDNA,16024-576/263G/315.1C")
    assert (row["verdict"], row["mutations"]) == ("match with mutations", 1)
    assert row["differences"] == ["523-524: 523DEL 524DEL against as rCRS"]


def test_a_mixed_base_is_counted_with_all_that_it_contains(tmp_path: Path) -> None:
    (tmp_path / "hundred.csv").write_text(
        "# database: invented, 100 people\ncount,mtDNA\n12,16024-576/263G/315.1C\n"
        "3,16024-576/16093C/263G/315.1C\n85,16024-576/73G/263G/315.1C\n",
        encoding="utf-8",
    )
    bone = {"mtDNA": ["16024-576", "16093Y", "263G", "315.1C"]}
    relative = "mother,2,mtDNA,16024-576/16093Y/263G/315.1C"
    row = said_of(tmp_path, bone, relative, "--database", "hundred.csv")
    assert (row["count"], row["size"]) == (15, 100)
    assert row["lr"] == pytest.approx(4.514, abs=5e-4)


def test_lengths_are_counted_when_asked(tmp_path: Path) -> None:
    bone, relative = {"mtDNA": ["16024-576", "309.1C"]}, "mother,2,mtDNA,16024-576"
    row = said_of(tmp_path, bone, relative)
    assert (row["mutations"], row["disregarded"]) == (0, ["length at 309: 8 against 7"])
    row = said_of(tmp_path, bone, relative, "--count-lengths")
    assert (row["mutations"], row["disregarded"]) == (1, [])


def test_one_step_that_two_loci_share_is_counted_once(tmp_path: Path) -> None:
    bone = {"DYS389I": ["13"], "DYS389II": ["29"], "DYS19": ["14"]}
    row = said_of(tmp_path, bone, "father,1,DYS389I,14\nfather,1,DYS389II,30\nfather,1,DYS19,15")
    assert (row["verdict"], row["mutations"]) == ("match with mutations", 2)


def test_copies_that_are_written_apart_are_one_locus(tmp_path: Path) -> None:
    bone = {"DYS385a": ["11"], "DYS385b": ["14"]}
    row = said_of(tmp_path, bone, "father,1,DYS385,17/19")
    assert (row["verdict"], row["compared"]) == ("exclusion", ["DYS385"])
    assert said_of(tmp_path, bone, "father,1,DYS385,14/11")["verdict"] == "match"


def test_one_copy_says_nothing_of_the_other() -> None:
    with pytest.raises(BadFile, match="DYS385: one of its two copies is given"):
        read(TABLE.replace("DYS385,11/14", "DYS385a,11"))
    base = "# database: b\nDYS385a,DYS385b,DYS19\n14,11,15\n,11,15\n"
    _, found = read_lineage_database(base.encode(), file="y.csv")
    assert found.haplotypes == ({"DYS385": ("14", "11"), "DYS19": ("15",)}, {"DYS19": ("15",)})
    with pytest.raises(BadFile, match="1 of its 2 copies given"):
        read_lineage_database(base.replace(",DYS385b", ",DYS390").encode(), file="y.csv")


@pytest.mark.parametrize(
    ("alleles", "compared", "mutations"),
    [(["0"], 2, 1), (["null"], 2, 1), ([0], 2, 1), ([None], 1, 0), ([""], 1, 0), ([], 1, 0), (None, 1, 0)],
)
def test_a_null_allele_is_seen_and_an_empty_one_is_not(
    tmp_path: Path, alleles: list[Any], compared: int, mutations: int
) -> None:
    row = said_of(tmp_path, {"DYS448": alleles, "DYS19": ["14"]}, "father,1,DYS448,20\nfather,1,DYS19,14")
    assert (len(row["compared"]), row["mutations"]) == (compared, mutations)


def test_a_null_allele_of_a_kit_is_read() -> None:
    table = "Sample Name\tMarker\tAllele 1\tAllele 2\nV2\tDYS448\t0\t\nV2\tDYS385\t11\t14\n"
    assert read(table).remains[LineageKind.PATERNAL]["V2"] == {"DYS448": ("0",), "DYS385": ("11", "14")}
