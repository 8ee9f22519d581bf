"""Converting cases: nothing is lost in silence."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_cases import QUESTION, VICTIMS, changed, run, written

from dokaz.errors import BadFile, DokazError
from dokaz.exchange.programs.case_reader import question_from, read_question, read_victims, victims_from
from dokaz.exchange.programs.case_writer import question_json, victims_json
from dokaz.exchange.programs.typed_pedigrees import read_typed_pedigrees
from dokaz.kinship import likelihood_ratio

FREQUENCIES = "marker,allele,frequency\nTH01,6,0.1\nTH01,7,0.2\nTH01,9.3,0.7\n"
PED = "#family\tid\tfather\tmother\tsex\tstatus\tTH01\nF1\tR1\t0\t0\t1\t1\t6/9.3\nF1\tM1\tR1\t0\t2\t2\t0/0\n"


def test_a_ped_file_becomes_a_case(tmp_path: Path) -> None:
    ped, table = written(tmp_path, PED, "f.ped"), written(tmp_path, FREQUENCIES, "f.csv")
    result = run("convert", ped, tmp_path / "case.json", "--frequencies", table)
    assert result.exit_code == 0, result.output
    case = read_victims(tmp_path / "case.json")
    assert case.missing == ("M1",)
    assert case.families[0].profiles.genotype("R1", "TH01") == ("6", "9.3")
    run("convert", tmp_path / "case.json", tmp_path / "again.ped")
    assert (tmp_path / "again.ped").read_text() == PED


def test_a_case_says_where_its_frequencies_come_from(tmp_path: Path) -> None:
    cited = "# population: invented\n# source: Nobody 2026\n" + FREQUENCIES
    ped = written(tmp_path, PED, "f.ped")
    for table, said in ((cited, "invented; Nobody 2026"), (FREQUENCIES, "")):
        result = run("convert", ped, tmp_path / "case.json", "--frequencies", written(tmp_path, table, "f.csv"))
        assert result.exit_code == 0, result.output
        case = read_victims(tmp_path / "case.json")
        assert case.frequency_source == said
        assert victims_from(victims_json(case), "again").frequency_source == said
    question = question_from(QUESTION | {"frequency_source": "Nobody 2026"}, "q")
    assert question_from(question_json(question), "again").frequency_source == "Nobody 2026"
    for wrong in (["Nobody"], True):
        with pytest.raises(BadFile, match="frequency_source"):
            question_from(QUESTION | {"frequency_source": wrong}, "q")
    with pytest.raises(BadFile, match="misspelt"):
        question_from(QUESTION | {"frequency_sources": "Nobody"}, "q")


def test_a_case_becomes_a_long_table(tmp_path: Path) -> None:
    assert run("convert", written(tmp_path, VICTIMS), tmp_path / "g.csv").exit_code == 0
    rows = (tmp_path / "g.csv").read_text().splitlines()
    assert rows[0] == "group,person,sex,marker,alleles,dropout,dropin"
    assert "F1,R1,1,L1,1/1,," in rows
    assert len(rows) == 4
    assert run("convert", written(tmp_path, QUESTION), tmp_path / "q.csv").exit_code == 0


@pytest.mark.parametrize("target", ["case.docx", "case"])
def test_a_conversion_that_does_not_exist_is_refused_and_writes_nothing(tmp_path: Path, target: str) -> None:
    source = written(tmp_path, VICTIMS, "source.json")
    result = run("convert", source, tmp_path / target)
    assert result.exit_code == 1
    assert "no conversion" in result.output
    assert not (tmp_path / target).exists()


def test_a_profile_under_dropout_does_not_fit_a_ped_file(tmp_path: Path) -> None:
    data = {**changed(QUESTION, "genotypes.child.L1", ["1"]), "dropout": {"child": 0.2}}
    result = run("convert", written(tmp_path, data), tmp_path / "q.ped")
    assert result.exit_code == 1
    assert "holds two alleles" in result.output


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#family", "clan", "line 1"),
        ("\tsex", "\tgender", "line 1"),
        ("6/9.3", "6/-", "not two alleles"),
        ("R1\t0\t0\t1", "R1\t0\t0\t7", "column sex"),
        ("6/9.3", "6", "not two alleles"),
        ("6/9.3", "6/7/8", "column TH01"),
        ("\t6/9.3", "", "6 columns, expected 7"),
        ("M1\tR1", "M1\tR9", "R9"),
        ("TH01\n", "TH01\tTH01\n", "twice"),
    ],
)
def test_a_malformed_ped_file_names_the_place(old: str, new: str, words: str) -> None:
    with pytest.raises(DokazError) as refused:
        read_typed_pedigrees(PED.replace(old, new, 1).encode(), file="f.ped")
    assert words in str(refused.value)


def test_the_headers_of_pedtools_are_known(tmp_path: Path) -> None:
    text = "id\tfid\tmid\tsex\tTH01\nR1\t0\t0\t1\t6/9.3\nM1\tR1\t0\t2\t-/-\n"
    (family,), markers = read_typed_pedigrees(text.encode(), file="F7.ped")
    assert (family.pedigree.name, markers, family.missing) == ("F7", ("TH01",), ())
    assert family.pedigree["M1"].father == "R1"
    assert family.genotypes == {"R1": {"TH01": ("6", "9.3")}}
    named = "\n".join(f"{'famid' if i == 0 else 'F8'}\t{line}" for i, line in enumerate(text.splitlines()))
    assert read_typed_pedigrees(named.encode(), file="F7.ped")[0][0].pedigree.name == "F8"
    source, table = written(tmp_path, text, "F7.ped"), written(tmp_path, FREQUENCIES, "f.csv")
    told = run("convert", source, tmp_path / "case.json", "--frequencies", table)
    assert "nobody has status 2, so nobody is missing" in told.output


def test_a_case_keeps_what_is_not_understood(tmp_path: Path) -> None:
    data = {**VICTIMS, "laboratory": "invented", "notes": [{"on": "V1"}]}
    assert run("convert", written(tmp_path, data, "a.json"), tmp_path / "b.json").exit_code == 0
    assert json.loads((tmp_path / "b.json").read_text()) == data


@given(st.binary(max_size=200) | st.text(alphabet="#family\t\nid0126/.", max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    for prefix in (b"", PED.splitlines()[0].encode() + b"\n"):
        try:
            read = read_typed_pedigrees(prefix + data, file="f.ped")
        except DokazError as refused:
            said = str(refused)
        else:
            said = json.dumps(read[1])
        assert said


def test_bytes_that_are_no_text_are_a_bad_file() -> None:
    with pytest.raises(BadFile, match="UTF-8"):
        read_typed_pedigrees(b"\xff\xfe\xff", file="f.ped")


def test_a_question_becomes_a_familias_file_and_a_question_again(tmp_path: Path) -> None:
    data = changed(QUESTION, "markers.1.name", "DXS1")
    data = json.loads(json.dumps(data).replace('"L2"', '"DXS1"'))
    source = written(tmp_path, data, "source.json")
    assert run("convert", source, tmp_path / "q.fam").exit_code == 0
    stated = ["--chromosome", "L*=autosomal", "--chromosome", "DXS1=X"]
    assert run("convert", tmp_path / "q.fam", tmp_path / "again.json", *stated).exit_code == 0
    first, second = (read_question(path) for path in (source, tmp_path / "again.json"))
    answers = [likelihood_ratio(q.h1, q.h2, q.profiles, theta=q.theta) for q in (first, second)]
    assert answers[0].log10_lr == pytest.approx(answers[1].log10_lr, rel=1e-13)
    assert run("convert", tmp_path / "q.fam", tmp_path / "copy.fam").exit_code == 0
    assert (tmp_path / "copy.fam").read_bytes() == (tmp_path / "q.fam").read_bytes()


def test_json_written_says_what_was_read() -> None:
    twins = copy.deepcopy(QUESTION)
    twins["H1"][0]["identical_twins"] = [["a", "b"]]
    twins["H1"][0]["members"] += [{"id": p, "father": "man", "mother": None, "sex": 2} for p in "ab"]
    twins["H2"][0]["members"][0]["inbreeding"] = 0.1
    step = {"model": "stepwise", "rate": 0.01, "rate2": 0.0, "range": 0.1}
    twins["markers"][0]["mutation"] = {"female": step, "male": {"model": "equal", "rate": 0.02}}
    twins["markers"][1] |= {"alleles": ["1", "silent", "2"], "freqs": [0.25, 0.05, 0.7]}
    twins["genotypes"]["man"]["L1"] = ["1"]
    twins |= {"dropout": {"man": {"L1": 0.2, "L2": 0.1}}, "dropin": {"man": {"L1": 0.05}}, "theta": 0.0, "rho": None}
    first = question_from(twins, "q.json")
    said = question_json(first)
    second = question_from(said, "q.json")
    assert question_json(second) == said
    assert (second.h1.identical_twins, second.h2["man"].inbreeding) == (first.h1.identical_twins, 0.1)
    assert second.profiles.markers == first.profiles.markers
    assert second.profiles.dropout.tolist()[0] == first.profiles.dropout.tolist()[0]
    assert second.profiles.dropin.tolist() == first.profiles.dropin.tolist()
    case = victims_from(
        {**VICTIMS, "dropout": {"V1": 0.3, "R1": {"L1": 0.1}}, "dropin": 0.02, "prior": {"V1": {"M1": 2.0}}}, "v.json"
    )
    assert victims_json(case)["dropout"] == {"V1": {"L1": 0.3}, "R1": {"L1": 0.1}}
    assert victims_json(victims_from(victims_json(case), "v.json")) == victims_json(case)


def test_what_a_target_cannot_hold_is_refused_or_left_out_and_named(tmp_path: Path) -> None:
    data = changed(VICTIMS, "am.0.components.0.members.2.father", None)
    data["missing"] = ["M1"]
    data["am"][0]["components"][0]["members"] = data["am"][0]["components"][0]["members"][:2]
    data.pop("pairings", None)
    source = written(tmp_path, data, "v.json")
    refused = run("convert", source, tmp_path / "v.fam")
    assert refused.exit_code == 1
    assert "a fam file cannot hold: F1: the sex of M1; F1: the name M1" in refused.output
    assert not (tmp_path / "v.fam").exists()
    told = run("convert", source, tmp_path / "v.fam", "--lossy")
    assert told.exit_code == 0
    assert "left out: F1: the sex of M1" in told.output
    assert run("convert", tmp_path / "v.fam", tmp_path / "again.json", "--chromosome", "L*=1").exit_code == 0
    again = read_victims(tmp_path / "again.json")
    assert again.missing == ("F1: missing person",)
    assert again.victims.genotype("V2", "L1") == ("2", "3")


def test_a_table_of_genotypes_goes_to_codis_and_back(tmp_path: Path) -> None:
    table = "Sample Name\tMarker\tAllele 1\tAllele 2\nV1\tTH01\t6\t9.3\nV1\tvWA\t14\t\nV1\tAMEL\tX\tY\n"
    source = written(tmp_path, table, "t.txt")
    head = ["--destination", "UA1", "--laboratory", "UA2", "--user", "levada", "--at", "2026-05-04T09:12:03"]
    refused = run("convert", source, tmp_path / "c.xml")
    assert refused.exit_code == 1
    assert "--destination, --laboratory, --user, --at, --category" in refused.output
    made = run("convert", source, tmp_path / "c.xml", *head, "--category", "Unidentified Person")
    assert made.exit_code == 0, made.output
    assert run("convert", tmp_path / "c.xml", tmp_path / "again.txt").exit_code == 0
    assert (tmp_path / "again.txt").read_text() == table
    assert run("convert", tmp_path / "c.xml", tmp_path / "marker.txt", "--to", "genemarker").exit_code == 0
    assert (tmp_path / "marker.txt").read_text().startswith("Sample\tMarker\tAllele1\tAllele2\n")


def test_a_lone_allele_is_refused_until_it_is_said_what_it_is(tmp_path: Path) -> None:
    table = "Sample Name,Marker,Allele 1,Allele 2\nV1,TH01,6,9.3\nV1,vWA,14,\n"
    source = written(tmp_path, table, "t.csv")
    arguments = ("convert", source, tmp_path / "c.json", "--frequencies", "NIST 1036 Caucasian")
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "V1, vWA: 1 allele(s); next: say what a lone allele is" in refused.output
    assert run(*arguments, "--lone-allele", "homozygote").exit_code == 0
    assert read_victims(tmp_path / "c.json").victims.genotype("V1", "vWA") == ("14", "14")


def test_frequencies_go_from_any_form_to_any_other(tmp_path: Path) -> None:
    assert run("frequencies").output.count("29 markers") == 4
    (tmp_path / "f.csv").write_text(run("frequencies", "NIST 1036 Hispanic").output)
    steps = ["f.xml", "g.csv", "h.fam", "i.csv"]
    for before, after in zip(["f.csv", *steps], steps, strict=False):
        more = ("--to", "frequencies") if after.endswith(".csv") else ()
        result = run("convert", tmp_path / before, tmp_path / after, *more)
        assert result.exit_code == 0, result.output
    body = [line for line in (tmp_path / "f.csv").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in (tmp_path / "g.csv").read_text().splitlines() if not line.startswith("#")] == body
    assert len((tmp_path / "i.csv").read_text().splitlines()) > 300
    assert "no frequency table is called" in run("frequencies", "Atlantis").output


HALF_BROTHERS = {
    **VICTIMS,
    "markers": [
        {"name": name, "chrom": None, "alleles": ["1", "2", "3"], "freqs": [0.1, 0.2, 0.7], "mutation": None}
        for name in ("L1", "L2", "L3")
    ],
    "pm": [{"id": "V1", "sex": 1, "genotypes": {"L1": ["1", "3"], "L3": ["1", "3"]}}],
    "am": [
        {
            "family": "F1",
            "components": [
                {
                    "members": [
                        {"id": "R0", "father": None, "mother": None, "sex": 1},
                        {"id": "R1", "father": "R0", "mother": None, "sex": 1},
                        {"id": "M1", "father": "R0", "mother": None, "sex": 1},
                    ]
                }
            ],
            "genotypes": {"R1": {"L1": ["1", "2"], "L3": ["1", "2"]}},
        }
    ],
    "missing": ["M1"],
    "linked": [{"markers": ["L1", "L3"], "rho": [0.1]}],
}


def test_linked_markers_of_a_victim_file_are_searched_and_identified_jointly(tmp_path: Path) -> None:
    # By pencil, see docs/methods/kinship-search.md: 0.82 · (1 + 2.5²)/2 + 0.18 · 2.5.
    expected = 0.82 * (1 + 2.5**2) / 2 + 0.18 * 2.5
    file = written(tmp_path, HALF_BROTHERS, "v.json")
    found = json.loads(run("search", file, "--json").output)
    assert found["values"] == [[pytest.approx(expected, rel=1e-12)]]
    posterior = json.loads(run("joint", file, "--json").output)["posterior"]["values"]
    assert posterior == [[pytest.approx(expected / (1 + expected)), pytest.approx(1 / (1 + expected))]]
    apart = json.loads(
        run("search", written(tmp_path, changed(HALF_BROTHERS, "linked", []), "a.json"), "--json").output
    )
    assert apart["values"] == [[pytest.approx(1.75**2, rel=1e-12)]]
    # With "rho" alone all markers are linked, in their order.
    all_linked = {**changed(HALF_BROTHERS, "linked", []), "rho": 0.1}
    over_two = json.loads(run("search", written(tmp_path, all_linked, "r.json"), "--json").output)
    far = 2 * 0.1 * 0.9
    again = far**2 + (1 - far) ** 2
    assert over_two["values"] == [[pytest.approx(again * (1 + 2.5**2) / 2 + (1 - again) * 2.5, rel=1e-12)]]


def test_what_multiplies_over_independent_markers_refuses_linked_ones(tmp_path: Path) -> None:
    file = written(tmp_path, HALF_BROTHERS, "v.json")
    result = run("power", file)
    assert result.exit_code == 1
    assert "linked markers in power" in result.output
    for command in ("match", "check"):
        assert run(command, file).exit_code == 0
    for target, named in (("v.fam", "cannot hold linked markers"), ("v.ped", "recombination fractions")):
        result = run("convert", file, tmp_path / target)
        assert result.exit_code == 1
        assert named in result.output
        assert not (tmp_path / target).exists()


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("linked", {"L1": "L3"}, "linked"),
        ("linked.0", "L1", "linked[0]"),
        ("linked.0.markers", "L1", "linked[0].markers"),
        ("linked.0.rho", None, "linked[0].rho"),
        ("linked.0.rho", [0.1, 0.1], "one from 0 to 0.5"),
        ("linked.0.rho", [0.7], "one from 0 to 0.5"),
        ("linked.0.markers.0", "L9", "'L9' has no frequencies"),
        ("linked.0.markers.0", "L3", "L3 is in two linked groups"),
    ],
)
def test_linkage_that_a_file_states_wrongly_is_refused(tmp_path: Path, path: str, value: object, named: str) -> None:
    result = run("search", written(tmp_path, changed(HALF_BROTHERS, path, value), "v.json"))
    assert result.exit_code == 1
    assert named in result.output


def test_linked_groups_are_written_as_they_are_read() -> None:
    case = victims_from(HALF_BROTHERS, "v.json")
    assert victims_json(case)["linked"] == HALF_BROTHERS["linked"]
    question = {**QUESTION, "linked": [{"markers": ["L1"], "rho": []}], "rho": None}
    asked = question_from(question, "q.json")
    assert question_from(question_json(asked), "q.json").linked == asked.linked == ((("L1",), ()),)
