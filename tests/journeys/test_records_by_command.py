"""Records put right on the command line: corrected alone and by two, void and back, with every version to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Desk, family_case

WHY = ("--reason", "a typing mistake")


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    made = Desk(tmp_path / "store")
    made.found()
    made.examiner = made.enrol("Zoya Examiner", "scene", "mortuary", "family_liaison", "dna_examiner")  # type: ignore[attr-defined]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(family_case()), encoding="utf-8")
    made.do("import", "dvi", file, "--as", made.examiner)  # type: ignore[attr-defined]
    return made


def test_a_record_is_corrected_and_its_history_tells_both_values(desk):
    person = desk.read("search", "--as", desk.examiner)["candidates"][0]["missing"]
    said = desk.read("record", "correct", person, "given_name=Тарас", "born=1990", "--as", desk.examiner, *WHY)
    assert said["version"] == 2
    first, second = desk.read("record", "history", person)["versions"]
    assert second["reason"] == "a typing mistake"
    assert second["changed"]["given_name"] == [first["changed"].get("given_name", [None, ""])[1], "Тарас"]
    assert second["changed"]["born"][1] == "1990"
    before = desk.size()
    for said, words in (
        (["born=yesterday"], "is not a date"),
        (["number=MP-9"], "is not corrected"),
        (["nothing=x"], "write the name of a field"),
        (["born=1990"], "nothing of it would be changed"),
    ):
        code, told = desk.attempt("record", "correct", person, *said, "--as", desk.examiner, *WHY)
        assert code in (2, 3) and words in told, told
    assert desk.size() == before
    desk.assert_sound()


def test_a_record_is_void_and_counts_again_unless_others_rest_on_it(desk):
    assert desk.read("record", "history", "DNA-000001")["versions"][0]["act"] == "mortuary.profile"
    numbers, before = ["DNA-000001"], desk.size()
    code, told = desk.attempt("record", "void", numbers[0], "--as", f"{desk.examiner}:scene", *WHY)
    assert (code, desk.size()) == (3, before), told
    unit = desk.read("search", "--as", desk.examiner)["candidates"][0]["unit"]
    before = desk.size()
    code, told = desk.attempt("record", "void", unit, "--as", desk.examiner, *WHY)
    assert (code, desk.size()) == (3, before) and "rest on it" in told, told
    assert desk.read("record", "void", numbers[0], "--as", desk.examiner, "--reason", "entered twice")["void"]
    code, told = desk.attempt("record", "correct", numbers[0], "kit=x", "--as", desk.examiner, *WHY)
    assert code == 3 and "is void" in told
    assert len(desk.read("search", "--as", desk.examiner)["candidates"]) == 1
    assert not desk.read("record", "void", numbers[0], "--as", desk.examiner, "--reason", "it was not")["void"]
    desk.assert_sound()


def test_two_correct_what_two_signed(desk):
    second = desk.enrol("Yuriy Examiner", "dna_examiner")
    found = desk.read("search", "--as", desk.examiner)["candidates"][0]
    made = desk.read("compare", found["unit"], found["missing"], "--as", desk.examiner, "--conclusion", "concordant",
                     "--statement", "Parents and child.")["number"]  # fmt: skip
    for who in (f"{desk.examiner}:dna_examiner", second):
        desk.do("sign", made, "--as", who)
    who = f"{desk.examiner}:dna_examiner"
    proposed = desk.read("record", "correct", made, "statement=Father, mother, child.", "--as", who, *WHY)["proposed"]
    code, told = desk.attempt("record", "agree", proposed, "--as", who, "--reason", "compared")
    assert code == 3, told
    assert desk.read("record", "agree", proposed, "--as", second, "--reason", "compared")["corrected"] == made
    newest = desk.read("record", "history", made)["versions"][-1]
    assert newest["changed"]["statement"] == ["Parents and child.", "Father, mother, child."]
    assert newest["changed"]["state"] == ["signed", "proposed"]
    desk.assert_sound()
