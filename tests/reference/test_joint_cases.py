"""Joint tables, posteriors, generalised LRs and undisputed pairings that other programs computed."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from figures import OUTSIDE, families_of, needs_outside, outside

from dokaz.exchange.programs.case_reader import read_victims
from dokaz.kinship import MarkerSet
from dokaz.kinship.joint.identify import NOBODY, JointIdentification, identify_jointly

pytestmark = needs_outside


def joint(path: Path, *, mutation: bool = True) -> JointIdentification:
    case = read_victims(path)
    victims, families = case.victims, families_of(case)
    if not mutation:
        stable = MarkerSet(tuple(replace(m, mutation=None) for m in victims.markers))
        victims = replace(victims, markers=stable)
        families = [replace(f, profiles=replace(f.profiles, markers=stable)) for f in families]
    return identify_jointly(victims, families, theta=case.theta, pairings=case.pairings, best=2000)


def recorded(kind: str) -> list[Any]:
    return [
        one
        for one in outside("dvi_*.json")
        if one.values[0] is None or kind in json.loads(one.values[0].read_text()).get("results", {})
    ]


def assert_close(ours: float, theirs: float, what: str) -> None:
    if theirs == 0 or math.isinf(theirs):
        assert ours == theirs, what
    else:
        assert abs(ours - theirs) <= 1e-8 * abs(theirs), f"{what}: {ours} against {theirs}"


@pytest.mark.parametrize("path", recorded("dviJoint"))
def test_every_assignment_has_the_recorded_likelihood(path: Path) -> None:
    table = json.loads(path.read_text())["results"]["dviJoint"]["rows"]
    found = joint(path)
    for row in table:
        pairing = {v: row[v] for v in found.profiles}
        ours = found.ln_likelihood_nobody + found.log_lr_of(pairing)
        assert_close(ours, float(row["loglik"]), f"{path.name} {pairing}")
    finite = [float(row["loglik"]) for row in table if float(row["loglik"]) > -math.inf]
    for assignment, theirs in zip(found.best, finite, strict=False):
        assert_close(assignment.ln_likelihood, theirs, path.name)
    if len(finite) < 2000 and len(table) < 2000:
        assert found.assignments == len(finite)


@pytest.mark.parametrize("path", recorded("dviJoint"))
def test_posteriors_are_those_of_the_recorded_table(path: Path) -> None:
    results = json.loads(path.read_text())["results"]
    table, found = results["dviJoint"], joint(path)
    if table["n"] == len(table["rows"]):
        ln = np.array([float(row["loglik"]) for row in table["rows"]])
        weight = np.exp(ln - ln.max())
        weight /= weight.sum()
        for v in found.profiles:
            for person in (*found.missing, NOBODY):
                theirs = math.fsum(w for w, row in zip(weight, table["rows"], strict=True) if row[v] == person)
                assert_close(found.posterior_of(v, person), theirs, f"{path.name} {v} {person}")
    # jointDVI, from which this margin was taken, switches mutation off in families that are consistent without it.
    same = all(m.mutation is None for m in read_victims(path).victims.markers)
    if same and "Bmarginal_flat_prior" in results:
        margin = results["Bmarginal_flat_prior"]
        for v, row in zip(margin["rows"], margin["values"], strict=True):
            for person, theirs in zip(margin["cols"], row, strict=True):
                assert_close(found.posterior_of(v, person), float(theirs), f"{path.name} {v} {person}")


@pytest.mark.parametrize("path", recorded("undisputed_threshold_10000"))
def test_undisputed_pairings_are_the_recorded_ones(path: Path) -> None:
    results, found = json.loads(path.read_text())["results"], joint(path)
    for threshold in (10, 10_000):
        rows = results[f"undisputed_threshold_{threshold}"]["summary"] or []
        theirs = {(r["Sample"], r["Missing"]): (r["LR"], r["Comment"]) for r in rows if r["Conclusion"] == "Undisputed"}
        ours = {(u.profile, u.missing): u for u in found.undisputed(threshold)}
        assert set(ours) == set(theirs), path.name
        for pair, (lr, comment) in theirs.items():
            assert_close(ours[pair].lr, lr, f"{path.name} {pair}")
            assert comment == f"Step {ours[pair].step}"


@pytest.mark.parametrize("path", outside("dviglr_*.json"))
def test_generalised_lrs_are_the_recorded_ones(path: Path) -> None:
    case = json.loads(path.read_text())
    # Recorded from jointDVI, which switches mutation off: all families of these cases are consistent without it.
    found = joint(path.with_name(case["input"]), mutation=False)
    for row in case["results"]:
        profile, person = row["H0"].split("=")
        ours = math.exp(found.ln_generalised_lr[found.profiles.index(profile), found._column(person)])
        assert_close(ours, float(row["GLR"]), f"{path.name} {row['H0']}")


def test_tied_siblings_are_the_recorded_ones() -> None:
    assert joint(OUTSIDE / "dna" / "dvi_fire.json").tied == (("M2", "M3"),)
