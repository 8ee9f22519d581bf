"""Cases in which some are sequenced and some are typed by length, from tables and frequencies to the answer."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from dokaz.cli.kinship import app
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.kinship import search
from dokaz.kinship.blind.forms import in_one_form

A16 = "CE16_TCTA[1]TCTG[3]TCTA[12]"
B16 = "CE16_TCTA[1]TCTG[2]TCTA[13]"
A17 = "CE17_TCTA[1]TCTG[3]TCTA[13]"
FREQUENCIES = f"marker,allele,frequency\nD3S1358,{A16},0.1\nD3S1358,{B16},0.3\nD3S1358,{A17},0.6\n"
FAMILIES = (
    "#family\tid\tfather\tmother\tsex\tstatus\tD3S1358\n"
    "F\tFA\t0\t0\t1\t1\t16 TCTA [TCTG]3 [TCTA]12/17 TCTA [TCTG]3 [TCTA]13\nF\tMP\tFA\t0\t1\t2\t0/0\n"
    "G\tGF\t0\t0\t1\t1\t16/17\nG\tMQ\tGF\t0\t1\t2\t0/0\n"
)
REMAINS = (
    "SampleName,Marker,Allele1,Allele2\n"
    f"S,D3S1358,TCTA [TCTG]3 [TCTA]12,{B16}\nT,D3S1358,{B16},{B16}\nL,D3S1358,16,16\n"
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def assembled(folder: Path, frequencies: str = FREQUENCIES, *more: object) -> Result:
    for name, text in (("r.csv", REMAINS), ("f.ped", FAMILIES), ("f.csv", frequencies)):
        (folder / name).write_text(text)
    files = ("--remains", folder / "r.csv", "--families", folder / "f.ped", "--frequencies", folder / "f.csv")
    return run("assemble", folder / "c.json", *files, *more)


def values(folder: Path, *more: object) -> dict[tuple[str, str], float]:
    found: dict[str, Any] = json.loads(run("search", folder / "c.json", "--json", *more).output)
    pairs = zip(found["rows"], found["values"], strict=True)
    return {(r, c): v for r, row in pairs for c, v in zip(found["cols"], row, strict=True)}


def test_each_pair_is_compared_by_sequence_where_both_are_sequenced_and_else_by_length(tmp_path: Path) -> None:
    made = assembled(tmp_path)
    assert made.exit_code == 0, made.output
    assert "compared by length, for not all and the frequencies are sequenced there: D3S1358" in made.output
    # By sequence, father A16/A17: S is A16/B16, 1 / (4 · 0.1); T is B16/B16, impossible. By length, 16 is 0.1 + 0.3: both
    # S and T are 16/16, and so is L; father 16/17: 1 / (2 · 0.4).
    by_length = pytest.approx(1 / (2 * 0.4))
    assert values(tmp_path) == {
        ("S", "MP"): pytest.approx(1 / (4 * 0.1)),
        ("T", "MP"): 0,
        ("L", "MP"): by_length,
        ("S", "MQ"): by_length,
        ("T", "MQ"): by_length,
        ("L", "MQ"): by_length,
    }


def test_each_pair_names_what_it_was_compared_at_and_nothing_else_is_left_out(tmp_path: Path) -> None:
    assembled(tmp_path)
    found = json.loads(run("search", tmp_path / "c.json", "--json", "--at-least", "-99").output)
    compared = {(row["profile"], row["missing"]): row["markers_compared"] for row in found["candidates"]}
    assert compared["S", "MP"] == ["D3S1358"]
    assert compared["L", "MP"] == compared["L", "MQ"] == ["D3S1358 (length)"]
    assert compared["S", "MQ"] == ["D3S1358 (length, family)"]
    assert not any(row["typed_in_remains_only"] + row["typed_in_family_only"] for row in found["candidates"])
    text = run("search", tmp_path / "c.json").output
    assert "compared by sequence where remains and family are sequenced, else by length: D3S1358" in text
    shown = run("search", tmp_path / "c.json", "--explain", "L", "MP").output
    assert "D3S1358 (length)" in shown
    assert len([line for line in shown.splitlines() if line.startswith("  D3S1358")]) == 1


def test_the_same_holds_for_the_strongest_candidates(tmp_path: Path) -> None:
    assembled(tmp_path)
    found = json.loads(run("candidates", tmp_path / "c.json", "--json").output)
    strongest = {(row["profile"], row["missing"]): row["log10_lr"] for row in found["pairs"]}
    assert strongest["S", "MP"] == pytest.approx(math.log10(1 / (4 * 0.1)))
    assert strongest["L", "MP"] == pytest.approx(math.log10(1 / (2 * 0.4)))
    assert ("T", "MP") not in strongest


def test_without_a_family_that_is_wholly_sequenced_there_is_nothing_to_choose(tmp_path: Path) -> None:
    assembled(tmp_path)
    case = json.loads((tmp_path / "c.json").read_text())
    case["am"], case["missing"] = case["am"][1:], ["MQ"]
    (tmp_path / "c.json").write_text(json.dumps(case))
    found = json.loads(run("search", tmp_path / "c.json", "--json").output)
    assert found["by_length"] == ["D3S1358"]
    assert [row["markers_compared"] for row in found["candidates"]] == [["D3S1358"]] * 3


def test_joint_identification_compares_everybody_by_length_and_says_so(tmp_path: Path) -> None:
    assembled(tmp_path)
    found = run("joint", tmp_path / "c.json", "--json")
    assert json.loads(found.output)["by_length"] == ["D3S1358"]


def test_a_mutation_model_of_lengths_goes_with_sequences(tmp_path: Path) -> None:
    made = assembled(tmp_path, FREQUENCIES, "--mutation", "stepwise", "--rate", "0.1")
    assert made.exit_code == 0, made.output
    # T is B16/B16. Father A16/A17 gives B16 by a step from 17 only, 0.1 · 0.3/0.4 of the half; the mother is not in the
    # pedigree, and gives it with its frequency.
    assert values(tmp_path)["T", "MP"] == pytest.approx(0.5 * 0.1 * 0.75 / 0.3)
    shown = json.loads(run("search", tmp_path / "c.json", "--explain", "T", "MP", "--json").output)
    assert shown["log10_lr"] == pytest.approx(math.log10(0.5 * 0.1 * 0.75 / 0.3))
    # The strongest candidates have no LR a marker: under such a model everybody is compared by length.
    text = run("candidates", tmp_path / "c.json").output
    assert "compared by length, for not all and the frequencies are sequenced there: D3S1358" in text


def test_frequencies_of_lengths_make_a_case_of_lengths(tmp_path: Path) -> None:
    made = assembled(tmp_path, "marker,allele,frequency\nD3S1358,16,0.4\nD3S1358,17,0.6\n")
    assert made.exit_code == 1
    assert "S, D3S1358: TCTA[1]TCTG[3]TCTA[12] does not state its length" in made.output
    (tmp_path / "r.csv").write_text(REMAINS.replace("TCTA [TCTG]3", "16 TCTA [TCTG]3"))
    made = run(
        "assemble", tmp_path / "c.json", "--remains", tmp_path / "r.csv", "--families", tmp_path / "f.ped",
        "--frequencies", tmp_path / "f.csv",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert list(values(tmp_path).values()) == [pytest.approx(1 / (2 * 0.4))] * 6


_TYPED = st.tuples(st.sampled_from([A16, B16, A17, "16", "17"]), st.sampled_from([A16, B16, A17, "16", "17"]))
_MUTATION = {"model": "stepwise", "rate": 0.01, "rate2": 0.0, "range": 0.1}


def family_case(remains: dict[str, tuple[str, str]], fathers: dict[str, tuple[str, str] | None]) -> dict[str, Any]:
    """Remains and families of a father, typed or not, and a missing son, by their names."""
    return {
        "markers": [
            {
                "name": "D3S1358",
                "alleles": [A16, B16, A17],
                "freqs": [0.1, 0.3, 0.6],
                "mutation": {"female": _MUTATION, "male": _MUTATION},
            }
        ],
        "pm": [{"id": name, "sex": 1, "genotypes": {"D3S1358": list(typed)}} for name, typed in remains.items()],
        "am": [
            {
                "family": name,
                "components": [
                    {"members": [{"id": f"F{name}", "sex": 1}, {"id": f"M{name}", "father": f"F{name}", "sex": 1}]}
                ],
                "genotypes": {f"F{name}": {"D3S1358": list(typed)}} if typed else {},
            }
            for name, typed in fathers.items()
        ],
        "missing": [f"M{name}" for name in fathers],
    }


@settings(max_examples=25)
@given(st.lists(_TYPED, min_size=1, max_size=4), st.lists(st.none() | _TYPED, min_size=1, max_size=3))
def test_each_pair_of_a_search_is_as_if_it_were_alone(
    remains: list[tuple[str, str]], fathers: list[tuple[str, str] | None]
) -> None:
    people = {f"R{i}": typed for i, typed in enumerate(remains)}
    families = {str(i): typed for i, typed in enumerate(fathers)}
    whole = victims_from(family_case(people, families), "x", in_pairs=True)
    found = in_one_form(search(whole.victims, whole.families), whole.victims, whole.families)
    for i, (name, typed) in enumerate(people.items()):
        for j, (family, father) in enumerate(families.items()):
            alone = victims_from(family_case({name: typed}, {family: father}), "x")
            expected = float(search(alone.victims, alone.families).log10_lr[0, 0])
            assert float(found.log10_lr[i, j]) == pytest.approx(expected, abs=1e-9)


def matched(folder: Path, people: dict[str, list[str]], *more: object) -> dict[tuple[str, str], dict[str, Any]]:
    case = {
        "markers": [{"name": "D3S1358", "alleles": [A16, B16, A17], "freqs": [0.1, 0.3, 0.6]}],
        "pm": [{"id": name, "genotypes": {"D3S1358": typed}} for name, typed in people.items()],
        "am": [],
        "missing": [],
    }
    (folder / "m.json").write_text(json.dumps(case))
    found = json.loads(run("match", folder / "m.json", "--json", "--at-least", "-99", *more).output)
    return {(row["first"], row["second"]): row for row in found["matches"]}


def test_two_remains_are_compared_by_sequence_where_both_are_sequenced(tmp_path: Path) -> None:
    people = {
        "S": [A16, A17],
        "T": ["TCTA [TCTG]3 [TCTA]12", A17],
        "U": [B16, A17],
        "L": ["16", "17"],
        "M": ["16", "17"],
    }
    found = matched(tmp_path, people)
    # One person: 1 / (2 f f'); by sequence 0.1 and 0.6, by length 0.4 and 0.6.
    by_sequence, by_length = -math.log10(2 * 0.1 * 0.6), -math.log10(2 * 0.4 * 0.6)
    for pair, expected, at in (
        (("S", "T"), by_sequence, []),
        (("S", "L"), by_length, ["D3S1358"]),
        (("U", "L"), by_length, ["D3S1358"]),
        (("L", "M"), by_length, ["D3S1358"]),
    ):
        row = found[pair] if pair in found else found[pair[1], pair[0]]
        assert row["log10_lr"]["same person"] == pytest.approx(expected)
        assert row["by_length"] == at
    other = found["S", "U"] if ("S", "U") in found else found["U", "S"]
    assert other["log10_lr"]["same person"] == -math.inf
    assert len(found) == 10
    assert "; by length: D3S1358" in run("match", tmp_path / "m.json", "--at-least", "0").output


def test_staff_typed_by_length_is_compared_with_sequenced_remains_by_length(tmp_path: Path) -> None:
    matched(tmp_path, {"S": [A16, A17], "L": ["16", "17"]})
    remains = json.loads((tmp_path / "m.json").read_text())
    for name, people in (
        ("staff", [("P", ["16", "17"]), ("Q", [A16, A17])]),
        ("same", [("S", ["16", "17"])]),
    ):
        pm = [{"id": person, "genotypes": {"D3S1358": typed}} for person, typed in people]
        (tmp_path / f"{name}.json").write_text(json.dumps({**remains, "pm": pm}))
    asked = ("match", tmp_path / "m.json", "--json", "--at-least", "-9", "--staff")
    found = json.loads(run(*asked, tmp_path / "staff.json").output)
    by_sequence, by_length = -math.log10(2 * 0.1 * 0.6), -math.log10(2 * 0.4 * 0.6)
    assert {(r["first"], r["second"]): r["log10_lr"]["same person"] for r in found["matches"]} == {
        ("S", "Q"): pytest.approx(by_sequence),
        ("S", "P"): pytest.approx(by_length),
        ("L", "P"): pytest.approx(by_length),
        ("L", "Q"): pytest.approx(by_length),
    }
    assert "both files have somebody of this name" in run(*asked, tmp_path / "same.json").output
    (tmp_path / "other.json").write_text(
        json.dumps({**remains, "markers": [{**remains["markers"][0], "freqs": [1, 0, 0]}]})
    )
    assert "the two files have other markers" in run(*asked, tmp_path / "other.json").output


def test_remains_in_too_many_groups_are_compared_by_length_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dokaz.exchange.programs.case_parts.MOST_GROUPS", 1)
    found = matched(tmp_path, {"S": [A16, A17], "T": [A16, A17], "L": ["16", "17"]})
    assert {row["log10_lr"]["same person"] for row in found.values()} == {found["S", "T"]["log10_lr"]["same person"]}
    assert found["S", "T"]["by_length"] == ["D3S1358"]


def test_a_family_is_checked_by_sequence_whatever_the_remains_are_typed_by(tmp_path: Path) -> None:
    case = family_case({"L": ("16", "16")}, {"0": (A16, A16), "1": ("16", "17")})
    for marker in case["markers"]:
        marker["mutation"] = None
    case["am"][0]["components"][0]["members"].append({"id": "S", "father": "F0", "sex": 2})
    case["am"][0]["genotypes"]["S"] = {"D3S1358": [B16, A17]}
    (tmp_path / "c.json").write_text(json.dumps(case))
    checked = run("check", tmp_path / "c.json").output
    assert "0: impossible at 1 markers: D3S1358" in checked
    assert "1: consistent" in checked


def test_y_alleles_that_were_sequenced_are_compared_by_length(tmp_path: Path) -> None:
    case = {
        "markers": [{"name": "DYS19", "chrom": "Y", "alleles": [], "freqs": []}],
        "pm": [{"id": "R", "sex": 1, "genotypes": {"DYS19": ["14 [TAGA]14"]}}],
        "am": [
            {
                "family": "F",
                "components": [{"members": [{"id": "FA", "sex": 1}, {"id": "MP", "father": "FA", "sex": 1}]}],
                "genotypes": {"FA": {"DYS19": ["14"]}},
            }
        ],
        "missing": ["MP"],
    }
    (tmp_path / "c.json").write_text(json.dumps(case))
    assert "match over 1 locus" in run("lineage", tmp_path / "c.json").output
