"""The engine against its textbook twin, over random pedigrees with every option."""

from __future__ import annotations

import os
import random

import numpy as np
import pytest
from naive_twin import naive_likelihood, random_marker, random_pedigree, random_profiles

from dokaz.kinship import MarkerSet, ln_likelihood

#: 10,000 and more in the long run: DOKAZ_TWIN_QUESTIONS=10000.
QUESTIONS = int(os.environ.get("DOKAZ_TWIN_QUESTIONS", "200"))
BLOCKS = 10


def assert_same_as_the_twin(seed: int) -> None:
    rng = random.Random(seed)
    x_linked, linked = rng.random() < 0.35, rng.random() < 0.2
    theta = rng.choice([0.0, 0.0, 0.03, 0.2, rng.choice([1.0, 0.1])])
    pedigree = random_pedigree(
        rng, rng.randint(1, 4 if linked else 5), inbred_founders=theta == 0 and not linked and rng.random() < 0.4
    )
    loci = rng.randint(2, 3 if len(pedigree) <= 3 else 2) if linked else 1
    largest = 2 if linked else 3 if len(pedigree) > 4 else 4
    markers = MarkerSet(tuple(random_marker(rng, f"M{i}", x_linked=x_linked, largest=largest) for i in range(loci)))
    profiles = random_profiles(rng, pedigree, markers)
    fractions = tuple(rng.choice([0.0, 0.1, 0.5]) for _ in range(loci - 1))
    groups = [(markers.names, fractions)] if linked else []
    ours = float(np.exp(ln_likelihood(pedigree, profiles, theta=theta, linked=groups)[0]))
    theirs = naive_likelihood(pedigree, profiles, range(loci), theta, fractions)
    assert (ours == 0) == (theirs == 0), f"seed {seed}: {ours} against {theirs}"
    assert ours == pytest.approx(theirs, rel=1e-10), f"seed {seed}"


@pytest.mark.parametrize("block", range(BLOCKS))
def test_any_small_question_has_the_twins_likelihood(block: int) -> None:
    for seed in range(block * QUESTIONS // BLOCKS, (block + 1) * QUESTIONS // BLOCKS):
        assert_same_as_the_twin(seed)
