"""Assembling and searching say which mutation model is used, and which pairs one marker or none decides."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

from typer.testing import CliRunner

from dokaz.cli.kinship import app
from dokaz.cli.kinship_mutation import linkage
from dokaz.kinship import Chromosome, Marker, MarkerSet
from dokaz.kinship.model.marker_table import linked_groups

CASES = Path(__file__).parents[1] / "exchange" / "programs" / "marker_cases"
EXCLUDED = "bone-01 × son: 1 of 20 markers impossible (FGA)"


def assembled(folder: Path, *options: str) -> tuple[str, str]:
    """The case, and the first line that assembling it printed."""
    target = str(folder / "m.json")
    remains, families = (str(CASES / f"one_mutation_{name}") for name in ("remains.txt", "families.ped"))
    arguments = ["assemble", target, "--remains", remains, "--families", families, "--frequencies"]
    run = CliRunner().invoke(app, [*arguments, "NIST 1036 Caucasian", *options])
    assert run.exit_code == 0, run.output
    return target, run.stdout.splitlines()[0]


def test_without_a_model_the_pair_that_one_marker_excludes_is_named(tmp_path: Path) -> None:
    case, said = assembled(tmp_path)
    assert said.endswith(f"mutation model: none; 1 otherwise excellent pair is excluded by one marker only: {EXCLUDED}")
    found = CliRunner().invoke(app, ["search", case])
    assert "bone-01 " not in found.stdout
    assert EXCLUDED in found.stderr
    answer = json.loads(CliRunner().invoke(app, ["search", case, "--json"]).stdout)
    assert answer["mutation"] == "none"
    assert answer["excluded_by_one_marker"] == [EXCLUDED]


def test_with_a_model_it_is_named_and_the_pair_is_a_candidate(tmp_path: Path) -> None:
    case, said = assembled(tmp_path, "--mutation", "stepwise")
    assert said.endswith("20 markers; mutation model: stepwise with rate 0.002")
    found = CliRunner().invoke(app, ["search", case])
    told = "20 markers compared; 1 impossible without mutation (FGA)"
    assert " ".join(found.stdout.splitlines()[0].split()) == f"bone-01 son F1 log10 LR 15.057 {told}"
    assert found.stderr.splitlines() == [
        "mutation model: stepwise with rate 0.002",
        "near each other and taken as unlinked: vWA and D12S391; D5S818 and CSF1PO (--linked auto)",
        "in no likelihood ratio: AMEL",
    ]
    answer = json.loads(CliRunner().invoke(app, ["search", case, "--json"]).stdout)
    [pair] = [row for row in answer["candidates"] if row["profile"] == "bone-01"]
    assert pair["impossible_without_mutation"] == ["FGA"]
    assert len(pair["markers_compared"]) == 20
    assert pair["typed_in_remains_only"] == pair["typed_in_family_only"] == []
    assert answer["set_aside"] == ["AMEL"]


def test_joint_and_candidates_tell_the_markers_of_a_pair_and_what_only_one_side_is_typed_at(tmp_path: Path) -> None:
    file = Path(assembled(tmp_path, "--mutation", "stepwise")[0])
    case = json.loads(file.read_text(encoding="utf-8"))
    bone = next(row for row in case["pm"] if row["id"] == "bone-01")
    del bone["genotypes"]["TH01"]
    for genotypes in case["am"][0]["genotypes"].values():
        genotypes.pop("D5S818")
    file.write_text(json.dumps(case), encoding="utf-8")
    told = (
        "18 markers compared; 1 impossible without mutation (FGA); left out: 1 typed in the remains only (D5S818), "
        "1 typed in the family only (TH01)"
    )
    for command in ("joint", "candidates"):
        said = CliRunner().invoke(app, [command, str(file)])
        [line] = [line for line in said.stdout.splitlines() if line.strip().startswith("bone-01") and "son" in line]
        assert line.endswith(told)
        assert "mutation model: stepwise with rate 0.002" in said.stderr
        answer = json.loads(CliRunner().invoke(app, [command, str(file), "--json"]).stdout)
        assert answer["mutation"] == "stepwise with rate 0.002"
        [pair] = [row for row in answer["pairs"] if (row["profile"], row["missing"]) == ("bone-01", "son")]
        assert pair["typed_in_remains_only"] == ["D5S818"]
        assert pair["typed_in_family_only"] == ["TH01"]
        assert pair["impossible_without_mutation"] == ["FGA"]
    picture = tmp_path / "m.svg"
    for command, title in (("search", "log10 LR of remains"), ("joint", "posterior probability of remains")):
        assert CliRunner().invoke(app, [command, str(file), "--plot", str(picture)]).exit_code == 0
        drawn = picture.read_text(encoding="utf-8")
        assert f": {title} (rows) and missing persons (columns)<" in drawn
        assert "mutation model: stepwise with rate 0.002" in drawn


def test_markers_near_each_other_are_linked_when_asked(tmp_path: Path) -> None:
    case, _ = assembled(tmp_path, "--mutation", "stepwise")
    auto = CliRunner().invoke(app, ["search", case, "--linked", "auto"])
    assert "linked: vWA, D12S391, recombination 0.106" in auto.stderr
    assert "taken as unlinked" not in auto.stderr
    data = json.loads(Path(case).read_text(encoding="utf-8"))
    pairs = (("vWA", "D12S391", 11.941), ("D5S818", "CSF1PO", 27.761))
    data["linked"] = [{"markers": [a, b], "rho": [(1 - math.exp(-2 * cm / 100)) / 2]} for a, b, cm in pairs]
    stated = tmp_path / "stated.json"
    stated.write_text(json.dumps(data), encoding="utf-8")
    said = CliRunner().invoke(app, ["search", str(stated)])
    found = [re.findall(r"log10 LR +([-.\d]+)", text) for text in (said.stdout, auto.stdout)]
    assert found[0] == found[1]
    plain = CliRunner().invoke(app, ["search", case])
    assert re.findall(r"log10 LR +([-.\d]+)", plain.stdout) != found[0]
    for words, why in (
        (["search", str(stated), "--linked", "auto"], "the file states linked markers"),
        (["joint", case, "--linked", "near"], "write --linked auto"),
    ):
        refused = CliRunner().invoke(app, words)
        assert refused.exit_code == 1
        assert why in refused.output
    for command in ("joint", "candidates"):
        assert CliRunner().invoke(app, [command, case, "--linked", "auto"]).exit_code == 0


def question(folder: Path, child: list[str], **changed: object) -> str:
    model = {"model": "equal", "rate": 0.01}
    markers = [
        {"name": n, "alleles": ["1", "2", "3"], "freqs": [0.5, 0.3, 0.2], "mutation": {"female": model, "male": model}}
        for n in ("L1", "L2")
    ]
    alone = {"members": [{"id": i, "sex": 1} for i in ("man", "child")]}
    father = {"members": [{"id": "man", "sex": 1}, {"id": "child", "father": "man", "mother": None, "sex": 1}]}
    genotypes = {"man": {"L1": ["1", "1"], "L2": ["1", "2"]}, "child": {"L1": child, "L2": ["2", "2"]}}
    file = folder / "q.json"
    file.write_text(
        json.dumps({"markers": markers, "H1": [father], "H2": [alone], "genotypes": genotypes, **changed}),
        encoding="utf-8",
    )
    return str(file)


def test_lr_names_the_model_and_the_markers_where_a_hypothesis_rests_on_a_mutation(tmp_path: Path) -> None:
    file = question(tmp_path, ["2", "3"])
    said = CliRunner().invoke(app, ["lr", file, "--plot", str(tmp_path / "lr.svg")]).stdout
    assert "  mutation model: equal with rate 0.01; 2 of 2 markers typed\n" in said
    assert "  impossible without mutation under H1: L1\n" in said
    drawn = (tmp_path / "lr.svg").read_text(encoding="utf-8")
    assert "mutation model: equal with rate 0.01; 2 of 2 markers typed" in drawn
    assert "impossible without mutation under H1: L1" in drawn
    answer = json.loads(CliRunner().invoke(app, ["lr", file, "--json"]).stdout)
    assert answer["mutation"] == "equal with rate 0.01"
    assert answer["impossible_without_mutation"] == {"h1": ["L1"], "h2": []}
    possible = CliRunner().invoke(app, ["lr", question(tmp_path, ["1", "3"])]).stdout
    assert "impossible without mutation" not in possible


def test_match_and_power_name_the_model_and_what_needs_a_mutation(tmp_path: Path) -> None:
    file = Path(assembled(tmp_path, "--mutation", "stepwise")[0])
    case = json.loads(file.read_text(encoding="utf-8"))
    bone = next(row for row in case["pm"] if row["id"] == "bone-01")["genotypes"]
    other = next(a for m in case["markers"] if m["name"] == "FGA" for a in m["alleles"] if a not in bone["FGA"])
    father = {**next(iter(case["am"][0]["genotypes"].values())), "FGA": [other, other]}
    case["pm"].append({"id": "father", "sex": 1, "genotypes": father})
    file.write_text(json.dumps(case), encoding="utf-8")
    said = CliRunner().invoke(app, ["match", str(file)])
    [line] = [line for line in said.stdout.splitlines() if "bone-01" in line and "father" in line]
    assert line.endswith(", 1 impossible without mutation (FGA)")
    answer = json.loads(CliRunner().invoke(app, ["match", str(file), "--json"]).stdout)
    [pair] = [m for m in answer["matches"] if {m["first"], m["second"]} == {"bone-01", "father"}]
    assert pair["relation"] in {"parent", "child"}
    assert pair["impossible_without_mutation"] == ["FGA"]
    assert answer["mutation"] == "stepwise with rate 0.002"
    power = CliRunner().invoke(app, ["power", str(file), "--simulations", "100"])
    assert "mutation model: stepwise with rate 0.002" in power.stderr
    assert json.loads(CliRunner().invoke(app, ["power", str(file), "--simulations", "9", "--json"]).stdout)[
        "mutation"
    ].startswith("stepwise")


def test_a_case_without_a_marker_is_refused_and_a_pair_without_a_common_one_is_named(tmp_path: Path) -> None:
    file = Path(assembled(tmp_path)[0])
    case = json.loads(file.read_text(encoding="utf-8"))
    case["pm"][0]["genotypes"] = {"FGA": ["21", "22"]}
    for genotypes in case["am"][0]["genotypes"].values():
        genotypes.pop("FGA")
    file.write_text(json.dumps(case), encoding="utf-8")
    said = CliRunner().invoke(app, ["search", str(file)]).stderr
    assert "NO MARKER IN COMMON, nothing was compared: bone-01 × family F1\n" in said
    assert said.count("NO MARKER") == 1
    empty = {"case": "z", "markers": [], "pm": [{"id": "b", "sex": 1, "genotypes": {}}], "am": [], "missing": []}
    file.write_text(json.dumps(empty), encoding="utf-8")
    for command in ("search", "joint", "candidates"):
        refused = CliRunner().invoke(app, [command, str(file)])
        assert refused.exit_code == 1
        assert "no autosomal or X marker" in refused.output


def test_what_is_said_of_markers_on_x() -> None:
    names = ("DXS10079", "DXS10074", "DXS10101", "DXS7423", "DXS10075")
    of = MarkerSet(tuple(Marker(name, ("1", "2"), (0.5, 0.5), Chromosome.X) for name in names))
    haplotype = "within 1 cM, by allele frequencies although haplotype frequencies would be right: DXS10079, DXS10074"
    unplaced = "X markers taken as unlinked: DXS10075 (state `linked` in the file)"
    near = "near each other and taken as unlinked: DXS10079 and DXS10074; DXS10101 and DXS7423 (--linked auto)"
    assert linkage(of, ()) == [near, unplaced, haplotype]
    assert linkage(of, linked_groups(names)) == [
        "linked: DXS10079, DXS10074, recombination 0.0004",
        "linked: DXS10101, DXS7423, recombination 0.243",
        unplaced,
        haplotype,
    ]
    assert linkage(MarkerSet(of.markers[:1]), ()) == []
