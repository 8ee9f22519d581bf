"""The report on two remains: the likelihood ratio of direct matching, and what it leaves out."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from small_cases import written

from dokaz.cli.exits import ExitCode
from dokaz.cli.main import run
from dokaz.errors import BadQuestion
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.kinship import Relation, match_directly
from dokaz.reports.compared import answered, of_match

ALLELES, FREQUENCIES = ["14", "15", "16", "17"], [0.1, 0.2, 0.3, 0.4]
STEPWISE = {s: {"model": "stepwise", "rate": 0.002, "rate2": 0.0, "range": 0.1} for s in ("female", "male")}


def case(first_sex: int = 1, second_sex: int = 1, **others: Any) -> dict[str, Any]:
    markers = [
        {"name": n, "chrom": c, "alleles": ALLELES, "freqs": FREQUENCIES, "mutation": STEPWISE}
        for n, c in (("vWA", None), ("D12S391", None), ("FGA", None), ("TH01", None), ("DXS8378", "X"))
    ]
    both = {"vWA": ["14", "15"], "D12S391": ["14", "15"], "DXS8378": ["14", "14"]}
    remains = [
        {"id": "f", "sex": first_sex, "genotypes": {**both, "FGA": ["14", "14"]}},
        {"id": "B2", "sex": second_sex, "genotypes": {**both, "vWA": ["14", "16"], "TH01": ["14", "15"]}},
    ]
    return {"case": "two", "markers": markers, "pm": remains, "am": [], "missing": [], **others}


LINKED = {"linked": [{"markers": ["vWA", "FGA", "D12S391"], "rho": [0.05, 0.06]}]}


@pytest.mark.parametrize("sexes", [(1, 1), (1, 2), (0, 1)])
@pytest.mark.parametrize("others", [{}, LINKED, {"theta": 0.02}])
@pytest.mark.parametrize("relation", list(Relation))
def test_a_match_has_the_lr_of_direct_matching(
    sexes: tuple[int, int], others: dict[str, Any], relation: Relation
) -> None:
    read = victims_from(case(*sexes, **others), "c.json")
    [match] = match_directly(read.victims, at_least_log10_lr=-99, theta=read.theta, linked=read.linked)
    compared = of_match(read, match.first, match.second, relation)
    assert answered(compared).result.log10_lr == pytest.approx(match.log10_lr[relation], abs=1e-9)
    assert compared.matched is not None
    assert compared.matched.not_used_on_x == match.left_out[relation]
    assert compared.matched.typed_in_one == ("FGA", "TH01")


def test_linkage_is_in_the_report_and_matters() -> None:
    alone, linked = (of_match(victims_from(case(**more), "c"), "f", "B2", Relation.SIBLING) for more in ({}, LINKED))
    # FGA, between the two, is typed in one only: 0.05 + 0.06 - 2 * 0.05 * 0.06.
    assert linked.linked == ((("vWA", "D12S391"), (pytest.approx(0.104),)),)
    assert math.fabs(answered(alone).result.log10_lr - answered(linked).result.log10_lr) > 0.01


def test_names_that_are_not_two_remains_are_refused() -> None:
    for first, second in (("f", "f"), ("f", "B3"), ("B3", "f")):
        with pytest.raises(BadQuestion, match="not two remains"):
            of_match(victims_from(case(), "c.json"), first, second, Relation.SIBLING)


def test_the_command_reports_a_match_and_names_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, case(0, 1))
    asked = ["kinship", "report", str(file)]
    date = ["--date", "2026-11-27"]
    sibling = [str(tmp_path / "a.html"), "--match", "f", "B2", "--relation", "sibling", *date]
    assert run([*asked, *sibling]) == ExitCode.OK
    assert "a.html: f and B2, sibling: log10 LR" in capsys.readouterr().out
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    for said in (
        "H1: f and B2 are siblings, of the same two parents",
        "H2: f and B2 are unrelated",
        "typed in one of the two only",
        "FGA, TH01",
        "Not used on X: a sex is unknown or, for one person, the sexes differ",
        "unnamed",
        "--match f B2 --relation sibling",
    ):
        assert said in page, said
    child = [str(tmp_path / "b.html"), "--match", "f", "B2", "--relation", "child", "--language", "uk", *date]
    assert run([*asked, *child]) == ExitCode.OK
    assert "H1: B2 — батько або мати f" in (tmp_path / "b.html").read_text(encoding="utf-8")
    assert run([*asked, str(tmp_path / "c.pdf"), "--match", "f", "B2", *date]) == ExitCode.OK
    for wrong in (["--match", "f", "B2", "--pair", "f", "B2"], ["--match", "f", "B2", "--relation", "cousin"]):
        assert run([*asked, str(tmp_path / "d.html"), *wrong, *date]) == ExitCode.USAGE
    assert not (tmp_path / "d.html").exists()
