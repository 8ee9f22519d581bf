"""The figures in `vectors/kinship/`: likelihoods, LRs, assignments and posteriors, to as many digits as were published."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from figures import OWN, families_of, own

from dokaz.exchange.programs.case_reader import question_from, victims_from
from dokaz.kinship import likelihood_ratio, search
from dokaz.kinship.joint.identify import NOBODY, JointIdentification, identify_jointly

MEMBERS = {"case", "source", "formula", "question", "victims", "expect"}


def joint(case: dict[str, Any]) -> JointIdentification:
    read = victims_from(case["victims"], case["case"])
    return identify_jointly(read.victims, families_of(read), theta=read.theta, pairings=read.pairings, best=2000)


def assert_close(ours: float, theirs: float, digits: int = 12) -> None:
    """Zero exactly, else half a unit of the last digit that is given."""
    if theirs == 0:
        assert ours == 0
    else:
        unit = 10.0 ** (math.floor(math.log10(abs(theirs))) + 1 - digits)
        assert abs(ours - theirs) <= unit * 0.5 + 1e-12 * abs(theirs), f"{ours} against {theirs}"


@pytest.mark.parametrize("case", own("question"))
def test_every_likelihood_and_lr_is_the_recorded_one(case: dict[str, Any]) -> None:
    question = question_from(case["question"], case["case"])
    found = likelihood_ratio(question.h1, question.h2, question.profiles, theta=question.theta)
    ours = {"likelihood_h1": found.likelihood_h1[0], "likelihood_h2": found.likelihood_h2[0], "lr": found.lr}
    for what, theirs in case["expect"].items():
        assert_close(float(ours[what]), theirs)


@pytest.mark.parametrize("case", own("victims"))
def test_every_assignment_has_the_recorded_likelihood_and_no_other_is_possible(case: dict[str, Any]) -> None:
    found, expect = joint(case), case["expect"]
    digits = expect.get("digits", 12)
    for assignment, theirs in expect["ln_likelihood"]:
        pairing = dict(zip(found.profiles, assignment, strict=True))
        # The last digit of a logarithm is one of the likelihood's.
        assert_close(found.ln_likelihood_nobody + found.log_lr_of(pairing), theirs, digits + 1)
    for best, (_, theirs) in zip(found.best, expect["ln_likelihood"], strict=False):
        assert_close(best.ln_likelihood, theirs, digits + 1)
    if "assignments" in expect:
        assert found.assignments == expect["assignments"] == len(expect["ln_likelihood"])
    for assignment, theirs in expect.get("lr", []):
        assert_close(math.exp(found.log_lr_of(dict(zip(found.profiles, assignment, strict=True)))), theirs, digits)


@pytest.mark.parametrize("case", own("victims"))
def test_posteriors_are_the_recorded_ones(case: dict[str, Any]) -> None:
    found, expect = joint(case), case["expect"]
    whole = math.fsum(math.exp(one.log_lr) for one in found.best)
    for assignment, theirs in expect.get("posterior_of_assignment", []):
        lr = math.exp(found.log_lr_of(dict(zip(found.profiles, assignment, strict=True))))
        assert_close(lr / whole, theirs, 7)
    table = expect.get("posterior", {"columns": [], "rows": [[]] * len(found.profiles)})
    for profile, row in zip(found.profiles, table["rows"], strict=True):
        for person, theirs in zip(table["columns"], row, strict=True):
            assert_close(found.posterior_of(profile, person), theirs, 10)
        assert math.fsum(found.posterior_of(profile, p) for p in (*found.missing, NOBODY)) == pytest.approx(1)


@pytest.mark.parametrize("case", [one for one in own("victims") if "pairwise_lr" in one.values[0]["expect"]])
def test_every_pairing_alone_has_the_recorded_lr(case: dict[str, Any]) -> None:
    read, expect = victims_from(case["victims"], case["case"]), case["expect"]["pairwise_lr"]
    found = search(read.victims, families_of(read))
    for i, row in enumerate(expect["rows"]):
        for person, theirs in zip(expect["columns"], row, strict=True):
            assert_close(float(10.0 ** found.log10_lr[i, found.missing.index(person)]), theirs)


def test_every_case_says_what_it_is_and_where_it_is_from() -> None:
    names = []
    for path in sorted(OWN.glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        assert list(file) == ["about", "source", "cases"]
        for case in file["cases"]:
            assert set(case) <= MEMBERS
            assert ("question" in case) != ("victims" in case)
            assert case["expect"]
            assert path.stem != "published" or case["source"]
            names.append(case["case"])
    assert len(set(names)) == len(names) > 90
