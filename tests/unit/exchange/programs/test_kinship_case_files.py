"""Reading question and victim files, and answering them on the command line."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_cases import QUESTION, VICTIMS, changed, run, written

from dokaz.errors import BadFile, DokazError
from dokaz.exchange.programs.case_reader import read_question, read_victims
from dokaz.kinship import Chromosome, MutationKind, Sex


def test_a_question_becomes_the_types_of_the_door(tmp_path: Path) -> None:
    question = read_question(written(tmp_path, QUESTION))
    assert question.profiles.genotype("man", "L2") == ("1", "1")
    assert question.profiles.markers["L2"].chromosome is Chromosome.X
    assert question.h1.sex_of("child") is Sex.FEMALE
    assert question.profiles.markers["L1"].mutation is None


def test_the_silent_allele_stands_last_wherever_the_file_has_it(tmp_path: Path) -> None:
    marker = {
        "name": "L",
        "alleles": ["1", "silent", "2"],
        "freqs": [0.3, 0.1, 0.6],
        "male_mutation_matrix": [[0.9, 0.02, 0.08], [0, 1, 0], [0.05, 0, 0.95]],
    }
    data = {k: v for k, v in QUESTION.items() if k != "markers"}
    data |= {"marker": marker, "genotypes": {"man": ["1", "1"], "child": ["2", "2"]}}
    read = read_question(written(tmp_path, data)).profiles.markers["L"]
    assert (read.alleles, read.silent_frequency) == (("1", "2"), 0.1)
    assert read.matrices is not None
    assert read.matrices[1].tolist() == [[0.9, 0.08, 0.02], [0.05, 0.95, 0], [0, 0, 1]]


def test_a_mutation_matrix_is_aligned_by_allele_name(tmp_path: Path) -> None:
    model = {"model": "custom", "rate": None, "alleles": ["3", "1", "2"]}
    model["matrix"] = [[0.9, 0.1, 0], [0.2, 0.7, 0.1], [0, 0.3, 0.7]]
    data = changed(QUESTION, "markers.0.mutation", {"female": model, "male": model})
    read = read_question(written(tmp_path, data)).profiles.markers["L1"]
    assert read.mutation is not None and read.mutation.male.kind is MutationKind.CUSTOM
    assert read.matrices is not None and read.matrices[0][0].tolist() == [0.7, 0.1, 0.2]


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("H1.0.members.0.sex", 3, "members[0].sex"),
        ("H1.0.members.0.sex", 2, "father man of child is female"),
        ("H1.0.members.1.father", "nobody", "'nobody'"),
        ("markers.0.freqs", [0.1, 0.2], "3 alleles but 2"),
        ("markers.0.freqs", [0.1, 0.2, "x"], "freqs[2]"),
        ("markers.0.freqs", [0.1, 0.2, 0.6], "sum to 0.9"),
        ("markers.0.mutation", {"female": None}, "female and male"),
        ("markers.0.mutation", {"female": {"model": "equal", "stationary": "yes"}}, "female.stationary"),
        ("markers.0.mutation", {"female": {"model": "odd"}, "male": {"model": "odd"}}, "unknown mutation model"),
        ("genotypes.child.L1", ["1", "9"], "allele '9' has no frequency"),
        ("genotypes.child.L1", ["1"], "genotypes.child.L1"),
        ("genotypes.child.L1", ["1", "2", "3"], "3 allele(s)"),
        ("genotypes.child", {"L9": ["1", "2"]}, "'L9'"),
        ("genotypes.child", {"L1": ["1", "silent"]}, "silent allele cannot be seen"),
        ("genotypes.man.L2", ["1", "2"], "two alleles on X"),
        ("dropout", {"ghost": 0.1}, "'ghost'"),
        ("theta", "a lot", "theta"),
        ("H2", [{}], "members"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, place: str, value: object, words: str) -> None:
    with pytest.raises(DokazError) as refused:
        read_question(written(tmp_path, changed(QUESTION, place, value)))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("pairings", {"V1": 0.5}, "pairings.V1: expected a list"),
        ("am.0.components.0.identical_twins", True, "identical_twins: expected a list"),
        ("am.0.components.0.identical_twins", [7], "identical_twins: expected a list"),
        ("dropout", {"ghost": 0.1}, "'ghost'"),
        ("prior", {"V1": {"ghost": 2}}, "prior.V1.ghost"),
        ("prior", {"V1": {"M1": "likely"}}, "prior.V1.M1: expected a number"),
        ("pm.0.genotypes.L1", ["1"], "no dropout is stated"),
    ],
)
def test_a_wrong_value_of_a_victim_file_is_named_with_its_place(
    tmp_path: Path, place: str, value: object, words: str
) -> None:
    with pytest.raises(DokazError) as refused:
        read_victims(written(tmp_path, changed(VICTIMS, place, value)))
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff", '{"H1": [], "H2": []}', "[" * 100_000])
def test_what_is_no_question_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadFile, match=r"case\.json"):
        read_question(path)


def assert_read_or_refused(read: Callable[[Path], object], path: Path) -> None:
    """Nothing but a named error comes out of a reader."""
    try:
        read(path)
    except DokazError as refused:
        said = str(refused)
    else:
        said = "read"
    assert said


def _places(value: object, path: str = "") -> list[str]:
    here = [path] if path else []
    if isinstance(value, dict):
        return here + [p for k, v in value.items() for p in _places(v, f"{path}.{k}" if path else k)]
    if isinstance(value, list):
        return here + [p for i, v in enumerate(value) for p in _places(v, f"{path}.{i}")]
    return here


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
    st.lists(st.text(max_size=2), max_size=3),
)


@given(st.sampled_from(_places(QUESTION)), ODD)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_question_is_read_or_refused_by_name(tmp_path: Path, place: str, value: object) -> None:
    path = written(tmp_path, changed(QUESTION, place, value))
    assert_read_or_refused(read_question, path)


@given(st.sampled_from(_places(VICTIMS)), ODD)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_victim_file_is_read_or_refused_by_name(tmp_path: Path, place: str, value: object) -> None:
    path = written(tmp_path, changed(VICTIMS, place, value))
    assert_read_or_refused(read_victims, path)


def test_lr_prints_a_line_a_file_and_a_refused_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = written(tmp_path, QUESTION, "good.json")
    bad = written(tmp_path, changed(QUESTION, "genotypes.child.L1", ["1", "9"]), "bad.json")
    result = run("lr", good, bad, tmp_path / "absent.json", good, "--json")
    assert result.exit_code == 1
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["file"] for row in rows] == [str(good), str(bad), str(tmp_path / "absent.json"), str(good)]
    assert rows[0]["lr"] == pytest.approx([2.5, 2.0])
    assert rows[0]["markers"] == ["L1", "L2"]
    assert "L1: allele '9' has no frequency" in rows[1]["error"]
    assert set(rows[1]) == {"file", "error"}
    assert rows[3] == rows[0]


def test_lr_with_a_minimum_frequency_says_what_it_changed(tmp_path: Path) -> None:
    path = written(tmp_path, changed(QUESTION, "genotypes.child.L1", ["1", "9"]))
    (row,) = [json.loads(line) for line in run("lr", path, "--json", "--min-frequency", "0.01").stdout.splitlines()]
    assert row["added_alleles"][0]["allele"] == "9"


def test_lr_as_a_table_and_as_a_picture(tmp_path: Path) -> None:
    path = written(tmp_path, changed(QUESTION, "genotypes.child.L1", ["2", "2"]))
    result = run("lr", path, "--plot", tmp_path / "lr.svg")
    assert result.exit_code == 0
    assert "impossible under H1" in result.stdout
    assert (tmp_path / "lr.svg").read_text().startswith("<svg")


def test_check_names_the_single_errors_that_would_explain_a_contradiction(tmp_path: Path) -> None:
    data = changed(VICTIMS, "am.0.genotypes", {"R1": {"L1": ["1", "1"]}, "M1": {"L1": ["2", "3"]}})
    data["missing"] = ["M2"]
    (row,) = [json.loads(line) for line in run("check", written(tmp_path, data), "--json").stdout.splitlines()]
    (family,) = row["families"]
    assert family["inconsistent"] == ["L1"]
    assert "R1 is not the father of M1" in [e["what"] for e in family["explanations"]]


def test_search_prints_the_whole_matrix_with_null_where_the_sex_differs(tmp_path: Path) -> None:
    result = run("search", written(tmp_path, VICTIMS), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["rows"], found["cols"]) == (["V1", "V2"], ["M1", "M2"])
    assert found["values"][0] == pytest.approx([10.0, 10.0])
    assert found["values"][1][0] is None
    assert found["values"][1][1] == 0.0


def test_remains_that_lost_alleles_are_searched_by_what_was_seen(tmp_path: Path) -> None:
    data = {**changed(VICTIMS, "pm.0.genotypes.L1", ["1"]), "dropout": {"V1": 0.3}}
    result = run("search", written(tmp_path, data), "--json")
    assert result.exit_code == 0
    # The relative 1/1 passes 1: "1" is seen of 1/1 (0.1) and, with 0.7 · 0.3, of 1 with another allele (0.9).
    beside = 0.01 * 0.91 + 0.18 * 0.7 * 0.3
    assert json.loads(result.stdout)["values"][0][0] == pytest.approx((0.1 * 0.91 + 0.9 * 0.7 * 0.3) / beside)


def test_joint_weighs_by_the_prior_of_the_file_and_says_what_was_kept_out(tmp_path: Path) -> None:
    data = {**VICTIMS, "prior": {"V1": {"M1": 3, "M2": 0}, "V2": {"M2": 0}}}
    path = written(tmp_path, data)
    found = json.loads(run("joint", path, "--json").stdout)
    # V1 shares 1/1 with the father of M1: LR 10, prior weight 3.
    assert found["posterior"]["values"][0] == pytest.approx([30 / 31, 0, 1 / 31])
    assert found["log10_glr"][0][0] == pytest.approx(math.log10(30))
    assert found["prior"].startswith("weights stated")
    assert [row["ln_prior"] for row in found["assignments"][:2]] == pytest.approx([math.log(3), 0])
    assert {(e["profile"], e["missing"], e["why"]) for e in found["excluded"]} == {
        ("V1", "M2", "prior weight 0"), ("V2", "M2", "prior weight 0"), ("V2", "M1", "sex"),
    }  # fmt: skip
    text = run("joint", path).stdout
    assert "pairs kept out beforehand: 2 (prior weight 0), 1 (sex)" in text
    assert "weights stated for pairings" in text


def test_check_compares_amelogenin_with_the_stated_sex(tmp_path: Path) -> None:
    data = copy.deepcopy(VICTIMS)
    data["markers"] += [{"name": "AMEL", "alleles": [], "freqs": []}]
    data["am"][0]["genotypes"]["R1"]["AMEL"] = ["X", "X"]
    data["pm"][0]["genotypes"]["AMEL"] = ["X", "Y"]
    data["pm"][1]["genotypes"]["AMEL"] = ["X", "Y"]
    path = written(tmp_path, data)
    found = json.loads(run("check", path, "--json").stdout)
    assert found["remains"] == ["V2: male by amelogenin, stated female"]
    (family,) = found["families"]
    assert (family["inconsistent"], family["consistent"]) == ([], False)
    assert family["sex_conflicts"][0].startswith("R1: female by amelogenin, stated male (X alone")
    assert "remains V2: male by amelogenin" in run("check", path).stdout
    plain = json.loads(run("search", written(tmp_path, VICTIMS), "--json").stdout)
    assert json.loads(run("search", path, "--json").stdout) == plain


def test_a_model_that_is_called_stationary_keeps_the_frequencies(tmp_path: Path) -> None:
    model = {"model": "equal", "rate": 0.01, "stationary": True}
    data = changed(QUESTION, "markers.0.mutation", {"female": model, "male": model})
    marker = read_question(written(tmp_path, data)).profiles.markers["L1"]
    assert marker.matrices is not None
    assert (np.array(marker.frequencies) @ marker.matrices[0]).tolist() == pytest.approx(marker.frequencies, rel=1e-12)


@pytest.mark.parametrize(
    "arguments",
    [("power", "--simulations", 0), ("power", "--seed", -1), ("joint", "--best", 0), ("joint", "--threshold", 0.5)],
)
def test_a_number_that_can_mean_nothing_is_refused_by_the_option(tmp_path: Path, arguments: tuple[object, ...]) -> None:
    command, *rest = arguments
    result = run(command, written(tmp_path, VICTIMS), *rest)
    assert result.exit_code == 2
    assert str(rest[0]) in result.output


def test_power_of_a_file_in_which_nobody_is_missing_is_refused(tmp_path: Path) -> None:
    result = run("power", written(tmp_path, {**VICTIMS, "missing": []}))
    assert result.exit_code == 1
    assert "nobody is missing" in result.output


@pytest.mark.parametrize("command", ["search", "joint"])
def test_a_man_is_not_put_in_a_womans_place_on_x_though_the_file_lists_the_pair(tmp_path: Path, command: str) -> None:
    data = changed(VICTIMS, "markers.0.chrom", "X")
    data["am"][0]["genotypes"]["R1"]["L1"] = ["2"]
    for member, sex in zip(data["am"][0]["components"][0]["members"], (1, 2, 1), strict=True):
        member["sex"] = sex
    listed = written(tmp_path, {**data, "pairings": {"V1": ["*", "M1"]}})
    result = run(command, listed)
    assert result.exit_code == 1
    assert "V1 and M1 are of different sexes" in result.output
    assert run(command, written(tmp_path, data)).exit_code == 0


@pytest.mark.parametrize(("wrong", "meant"), [("dropuot", "dropout"), ("Theta", "theta"), ("pairing", "pairings")])
def test_a_misspelt_option_is_not_passed_over(tmp_path: Path, wrong: str, meant: str) -> None:
    for data, read in ((QUESTION, read_question), (VICTIMS, read_victims)):
        with pytest.raises(BadFile, match=f"{meant} is misspelt"):
            read(written(tmp_path, {**data, wrong: 0.1}))
        read(written(tmp_path, {**data, "laboratory": "its own key", "results": {}}))
