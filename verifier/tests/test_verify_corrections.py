"""Corrections and voiding (docs/ledger-format.md, "Corrections"): what one person may change, what takes two, what is void.

As in `test_verify_operator`: each names the attack and the faults that it must raise, and no others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import sha
from findings import assert_faults, codes, without
from story import Story
from two_correct import by_two

VOID, BACK = {"voided": True, "reason": "entered twice"}, {"voided": False, "reason": "it was not"}


@pytest.fixture
def signed(story: Story) -> str:
    return story.signed_comparison(story.unit(), story.missing())


def test_two_correct_what_two_signed_and_it_is_signed_anew(story: Story, tmp_path: Path, signed: str) -> None:
    by_two(story, signed, first=story.dna, second=story.dna_too, values={"statement": "corrected"})
    story.sign_comparison(signed)
    assert_faults(story, tmp_path)


@pytest.mark.parametrize(
    "attack",
    [
        {"second": "dna"},
        {"state": "proposed"},
        {"filed": {"conclusion": "discordant"}},
        {"leaf": sha(b"another version")},
    ],
)
def test_what_is_filed_is_not_what_two_agreed_to(story: Story, tmp_path: Path, signed: str, attack: Any) -> None:
    second = getattr(story, attack.pop("second", "dna_too"))
    by_two(story, signed, **{"first": story.dna, "second": second, "values": {"statement": "corrected"}, **attack})
    expected = {"rule-as-agreed"} | ({"rule-actor-is-not"} if second is story.dna else set())
    assert_faults(story, tmp_path, *expected)


def test_somebody_in_another_office_proposed_it(story: Story, tmp_path: Path, signed: str) -> None:
    by_two(story, signed, first=story.scene, second=story.dna, values={"statement": "corrected"})
    assert_faults(story, tmp_path, "rule-as-agreed")


def test_a_signed_comparison_stays_signed_when_it_is_corrected(story: Story, tmp_path: Path, signed: str) -> None:
    by_two(story, signed, first=story.dna, second=story.dna_too, values={"statement": "corrected"}, state="made",
           filed={"state": "signed", "signed_on": "2024-05-01"})  # fmt: skip
    assert_faults(story, tmp_path, "move-not-allowed", "rule-holds")


def test_the_correction_is_left_out_of_a_part(story: Story, tmp_path: Path, signed: str) -> None:
    by_two(story, signed, first=story.dna, second=story.dna_too, values={"statement": "corrected"})
    proposed = next(record for record, held in story.log.records.items() if held.kind == "casework.Correction")
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(proposed))) == {"rule-as-agreed"}


def test_one_corrects_what_two_signed(story: Story, tmp_path: Path, signed: str) -> None:
    by = next(who for who in (story.dna, story.dna_too) if who.person == examiner_of(story, signed))
    story.change("identification.correct_comparison", signed, by, {"statement": "x", "reason": "y"})
    assert_faults(story, tmp_path, "rule-holds")


def examiner_of(story: Story, comparison: str) -> str:
    return str(story.log.records[comparison].fields["examiner"])


# --- void ----------------------------------------------------------------------------------------------------------------


def test_a_record_is_void_and_counts_again(story: Story, tmp_path: Path) -> None:
    unit = story.registered()
    story.change("graves.void_find", unit, story.scene, VOID)
    story.change("graves.void_find", unit, story.scene, BACK)
    story.lift(unit)
    assert_faults(story, tmp_path)


def test_a_record_is_void_to_which_another_points(story: Story, tmp_path: Path) -> None:
    sample = story.sample(story.examined())
    story.profile(sample)
    story.change("mortuary.void_examination", sample, story.mortuary, VOID)
    assert_faults(story, tmp_path, "rule-unless-pointed-at")


def test_a_record_is_void_once_what_points_to_it_is(story: Story, tmp_path: Path) -> None:
    sample = story.sample(story.examined())
    profile = story.profile(sample)
    story.change("mortuary.void_profile", profile, story.dna, VOID)
    story.change("mortuary.void_examination", sample, story.mortuary, VOID)
    assert_faults(story, tmp_path)


def test_a_record_is_void_that_a_decision_lists(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    compared = story.signed_comparison(unit, missing)
    story.decide(unit, missing, [compared])
    by = next(who for who in (story.dna, story.dna_too) if who.person == examiner_of(story, compared))
    story.change("identification.void_comparison", compared, by, VOID)
    assert_faults(story, tmp_path, "rule-unless-pointed-at", "rule-holds")


def test_a_void_record_is_changed(story: Story, tmp_path: Path) -> None:
    unit = story.registered()
    story.change("graves.void_find", unit, story.scene, VOID)
    story.lift(unit)
    assert_faults(story, tmp_path, "void-and-changed")


def test_a_record_comes_to_point_to_a_void_one(story: Story, tmp_path: Path) -> None:
    story.change("graves.void_find", story.grave, story.scene, VOID)
    story.registered()
    assert_faults(story, tmp_path, "points-to-void")


def test_a_record_counts_again_that_points_to_a_void_one(story: Story, tmp_path: Path) -> None:
    unit = story.registered()
    story.change("graves.void_find", unit, story.scene, VOID)
    story.change("graves.void_find", story.grave, story.scene, VOID)
    story.change("graves.void_find", unit, story.scene, BACK)
    assert_faults(story, tmp_path, "points-to-void")


def test_a_record_is_born_void(story: Story, tmp_path: Path) -> None:
    story.registered(voided=True)
    assert_faults(story, tmp_path, "not-blank-at-birth")
