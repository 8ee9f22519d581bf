"""Every reference case survives the way through other formats, its likelihoods unchanged."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from dokaz.errors import DokazError
from dokaz.exchange.programs.case_reader import Question, question_from, read_question, read_victims, victims_from
from dokaz.exchange.programs.case_writer import question_json, victims_json
from dokaz.exchange.programs.familias import read_familias, write_familias
from dokaz.exchange.programs.familias_cases import familias_of, question_of
from dokaz.exchange.programs.familias_victims import familias_of_victims, victims_of
from dokaz.kinship import likelihood_ratio

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("DOKAZ_CASES", ROOT.parent / "shared" / "cases")) / "dna"
pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="no reference cases: set DOKAZ_CASES to the folder that holds dna/"
)
#: What a Familias file cannot hold, in the words of the refusal.
REFUSED = ("no custom", "no onestep", "no dawid", "is X", "drop-in", "linked", "dropout", "under dropout", "inbred")


def assert_same_answer(first: Question, second: Question, name: str) -> None:
    """The likelihoods of both hypotheses agree at every marker."""
    answers = [likelihood_ratio(q.h1, q.h2, q.profiles, theta=q.theta, linked=q.linked) for q in (first, second)]
    place = {marker: i for i, marker in enumerate(answers[1].markers)}
    order = [place[marker] for marker in answers[0].markers]
    for ours, theirs in (
        (answers[0].ln_likelihood_h1, answers[1].ln_likelihood_h1[order]),
        (answers[0].ln_likelihood_h2, answers[1].ln_likelihood_h2[order]),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("kind", ["kin", "linked", "familias", "comb"])
def test_questions_are_written_as_json_and_as_familias_files(kind: str) -> None:
    as_familias = 0
    for path in sorted(CASES.glob(f"{kind}_*.json")):
        question = read_question(path)
        assert_same_answer(question, question_from(question_json(question), path.name), path.name)
        try:
            data, refusal = write_familias(familias_of(question)), ""
        except DokazError as refused:
            data, refusal = b"", str(refused)
        if refusal:
            assert any(words in refusal for words in REFUSED), f"{path.name}: {refusal}"
            continue
        read = read_familias(data, file=path.name)
        assert write_familias(read) == data
        assert_same_answer(question, question_of(read)[0], path.name)
        as_familias += 1
    # All cases of the other kinds are linked, or state drop-in or a matrix of their own.
    assert as_familias > 0 or kind in {"linked", "comb"}


def test_victims_are_written_as_json_and_as_familias_files() -> None:
    as_familias = 0
    for path in sorted(CASES.glob("dvi_*.json")):
        case = read_victims(path)
        said = victims_json(case)
        assert victims_json(victims_from(said, path.name)) == said
        try:
            written, refusal = familias_of_victims(case)[0], ""
        except DokazError as refused:
            written, refusal = None, str(refused)
        if written is None:
            assert "missing persons; Familias holds one" in refusal or "has no sex" in refusal, path.name
            continue
        back, _ = victims_of(read_familias(write_familias(written), file=path.name))
        np.testing.assert_array_equal(back.victims.alleles, case.victims.alleles)
        assert back.victims.markers.names == case.victims.markers.names
        assert len(back.families) == len(case.families)
        as_familias += 1
    assert as_familias > 0
