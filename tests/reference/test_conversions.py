"""Every reference case survives the way through other formats, its likelihoods unchanged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from figures import OUTSIDE, needs_outside, own

from dokaz.errors import DokazError
from dokaz.exchange.programs.case_reader import (
    Question,
    VictimCase,
    question_from,
    read_question,
    read_victims,
    victims_from,
)
from dokaz.exchange.programs.case_writer import question_json, victims_json
from dokaz.exchange.programs.familias import read_familias, write_familias
from dokaz.exchange.programs.familias_cases import familias_of, question_of
from dokaz.exchange.programs.familias_victims import familias_of_victims, victims_of
from dokaz.kinship import likelihood_ratio

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


def assert_same_or_refused(question: Question, name: str) -> bool:
    """A Familias file gives the same answer and is written the same again, or says what it cannot hold.

    Returns:
        Whether it holds the question.
    """
    try:
        data, refusal = write_familias(familias_of(question)), ""
    except DokazError as refused:
        data, refusal = b"", str(refused)
    if refusal:
        assert any(words in refusal for words in REFUSED), f"{name}: {refusal}"
        return False
    read = read_familias(data, file=name)
    assert write_familias(read) == data
    assert_same_answer(question, question_of(read)[0], name)
    return True


def assert_same_victims_or_refused(case: VictimCase, name: str) -> bool:
    """The same of victims."""
    said = victims_json(case)
    assert victims_json(victims_from(said, name)) == said
    try:
        written, refusal = familias_of_victims(case)[0], ""
    except DokazError as refused:
        written, refusal = None, str(refused)
    if written is None:
        assert "missing persons; Familias holds one" in refusal or "has no sex" in refusal, name
        return False
    back, _ = victims_of(read_familias(write_familias(written), file=name))
    np.testing.assert_array_equal(back.victims.alleles, case.victims.alleles)
    assert back.victims.markers.names == case.victims.markers.names
    assert len(back.families) == len(case.families)
    return True


@pytest.mark.parametrize("case", own("question"))
def test_own_questions_are_written_as_json_and_as_familias_files(case: dict[str, Any]) -> None:
    question = question_from(case["question"], case["case"])
    assert_same_answer(question, question_from(question_json(question), case["case"]), case["case"])
    # Those that a Familias file cannot hold state dropout, drop-in or a matrix of their own.
    plain = not {"dropout", "dropin"} & set(case["question"])
    held = assert_same_or_refused(question, case["case"])
    assert held == plain


@pytest.mark.parametrize("case", own("victims"))
def test_own_victims_are_written_as_json_and_as_familias_files(case: dict[str, Any]) -> None:
    read = victims_from(case["victims"], case["case"])
    held = assert_same_victims_or_refused(read, case["case"])
    assert held == all(len(f.missing) == 1 for f in read.families)


@needs_outside
@pytest.mark.parametrize("kind", ["kin", "linked", "familias"])
def test_questions_are_written_as_json_and_as_familias_files(kind: str) -> None:
    files = sorted((OUTSIDE / "dna").glob(f"{kind}_*.json"))
    assert files
    questions = [(read_question(path), path.name) for path in files]
    for question, name in questions:
        assert_same_answer(question, question_from(question_json(question), name), name)
    held = [assert_same_or_refused(*one) for one in questions]
    # All linked cases are refused.
    assert any(held) == (kind != "linked")


@needs_outside
def test_victims_are_written_as_json_and_as_familias_files() -> None:
    files = sorted((OUTSIDE / "dna").glob("dvi_*.json"))
    held = [assert_same_victims_or_refused(read_victims(path), path.name) for path in files]
    assert any(held)
