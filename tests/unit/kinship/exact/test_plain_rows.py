"""A process's first small questions are answered without numba, and are the answers that compiled code gives."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from naive_twin import naive_likelihood, random_marker, random_pedigree, random_profiles
from small_cases import QUESTION as QUESTION_FILE

from dokaz.kinship import (
    Marker,
    MarkerSet,
    Mutation,
    MutationKind,
    MutationModel,
    Pedigree,
    Profiles,
    likelihood_ratio,
    ln_likelihood,
)
from dokaz.kinship.exact import likelihood, many_markers
from dokaz.kinship.kernels import compiled

CODE = """
import sys
from dokaz.kinship import Marker, MarkerSet, Pedigree, Profiles, likelihood_ratio
from dokaz.kinship.kernels import compiled

markers = MarkerSet((Marker("L", ("1", "2", "3"), (0.1, 0.2, 0.7)),))
people = Profiles.of({{"man": {{"L": ("1", "3")}}, "child": {{"L": ("1", "2")}}}}, markers)
father, apart = Pedigree.of(child=("man", None), man=(None, None)), Pedigree.unrelated(("man", "child"))
for _ in range({times}):
    assert abs(likelihood_ratio(father, apart, people, {options}).lr - {lr}) < 1e-12
print("numba" in sys.modules)
"""


def asked(times: int, options: str = "theta=0", lr: float = 2.5) -> str:
    """Whether a new process that asks a question needed numba."""
    code = CODE.format(times=times, options=options, lr=lr)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_small_question_does_not_wait_for_numba() -> None:
    assert asked(1) == "False"


def test_many_questions_are_answered_by_compiled_code() -> None:
    assert asked(compiled.MOST_PLAIN) == "False"
    assert asked(compiled.MOST_PLAIN + 1) == "True"


def test_a_question_with_theta_is_small_too() -> None:
    # 1 is drawn with 3 and 2 known: LR = (1 + 2θ) / (4 (θ + (1 − θ) 0.1)) with θ = 0.03.
    assert asked(1, "theta=0.03", (1 + 2 * 0.03) / (4 * (0.03 + 0.97 * 0.1))) == "False"


@pytest.mark.parametrize("block", range(4))
def test_plain_answers_are_the_textbook_twins(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        rng = random.Random(seed)
        x_linked, theta = rng.random() < 0.3, rng.choice([0.0, 0.0, 0.03])
        pedigree = random_pedigree(rng, rng.randint(1, 4), inbred_founders=theta == 0 and rng.random() < 0.4)
        markers = MarkerSet((random_marker(rng, "M0", x_linked=x_linked, largest=3),))
        profiles = random_profiles(rng, pedigree, markers)
        with compiled.run(plainly=True):
            ours = float(np.exp(ln_likelihood(pedigree, profiles, theta=theta)[0]))
        theirs = naive_likelihood(pedigree, profiles, range(1), theta, ())
        assert (ours == 0) == (theirs == 0), f"seed {seed}"
        assert ours == pytest.approx(theirs, rel=1e-10), f"seed {seed}"


def test_plain_and_compiled_agree_on_large_ladders_and_tiny_numbers() -> None:
    rng = random.Random(5)
    names = tuple(str(a) for a in range(12))
    markers = MarkerSet(tuple(Marker(f"M{i}", names, (1e-60,) * 11 + (1 - 11e-60,)) for i in range(3)))
    children = [f"c{i}" for i in range(4)]
    family = Pedigree.unrelated(children)
    genotypes = {c: {m.name: (rng.choice(names[:2]), rng.choice(names[2:4])) for m in markers} for c in children}
    profiles = Profiles.of(genotypes, markers)
    with compiled.run(plainly=True):
        plain = ln_likelihood(family, profiles)
    # Other profiles, so that nothing prepared is taken over.
    np.testing.assert_allclose(plain, ln_likelihood(family, profiles.only(children)), rtol=1e-13)
    assert -1200 < plain.max() < -1000  # below what a double holds


def flat(count: int, size: int = 2, *, mutates: bool = False) -> MarkerSet:
    """Markers of equally frequent alleles."""
    names = tuple(str(a) for a in range(size))
    model = Mutation.alike(MutationModel(MutationKind.EQUAL, rate=0.001)) if mutates else None
    return MarkerSet(tuple(Marker(f"M{i}", names, (1 / size,) * size, mutation=model) for i in range(count)))


@pytest.mark.parametrize(
    ("markers", "typed", "others", "dropout", "is_small"),
    [
        (flat(60), 4, 4, False, True),
        (flat(61), 4, 4, False, False),
        (flat(60), 5, 0, False, False),
        (flat(60), 4, 5, False, False),
        (flat(60), 4, 4, True, False),
        (flat(1, 122), 2, 0, False, True),
        (flat(1, 122, mutates=True), 2, 0, False, True),
        (flat(1, 123, mutates=True), 2, 0, False, False),
    ],
)
def test_a_small_question_is_answered_plainly_and_no_other(
    markers: MarkerSet, typed: int, others: int, dropout: bool, is_small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[bool] = []
    monkeypatch.setattr(likelihood, "answers_plainly", lambda: asked_for.append(True))
    people = [f"p{i}" for i in range(typed)]
    apart = Pedigree.unrelated([*people, *(f"q{i}" for i in range(others))])
    shown = {p: {m.name: ("0", "1") for m in markers} for p in people}
    profiles = Profiles.of(shown, markers, dropout={people[-1]: 0.1} if dropout else None)
    # Sixteen people in both hypotheses are small, seventeen are not.
    fewer = Pedigree.unrelated([m.id for m in apart][: -1 if others > 4 else None])
    assert likelihood_ratio(apart, fewer, profiles).lr == 1
    assert bool(asked_for) is is_small


def test_a_row_of_many_multiplications_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    family = Pedigree.of(father=(None, None), a=("father", None), b=("father", None))
    profiles = Profiles.of({p: {"M0": ("0", "1")} for p in "ab"}, flat(1))
    ways: list[str] = []
    for name in ("sum_network_plainly", "sum_network_rows"):
        original = getattr(many_markers, name)
        monkeypatch.setattr(many_markers, name, lambda *a, way=name, by=original: (ways.append(way), by(*a)))
    found = []
    for most in (5e7, 0.0):
        monkeypatch.setattr(many_markers, "_MOST_PLAIN", most)
        with compiled.run(plainly=True):
            found.append(ln_likelihood(family, profiles)[0])
    assert ways == ["sum_network_plainly", "sum_network_rows"]
    assert found[0] == pytest.approx(found[1], rel=1e-13)


def test_the_command_answers_without_numba(tmp_path: Path) -> None:
    code = "import sys; from dokaz.cli.main import run; code = run(sys.argv[1:]); print(code, 'numba' in sys.modules)"
    question = tmp_path / "question.json"
    question.write_text(json.dumps(QUESTION_FILE), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", code, "kinship", "lr", question], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 False", done.stdout + done.stderr
