"""Attacks by whoever runs the system on what follows a decision: revocations, releases, doubts and reviews.

As in `test_verify_operator`: each names the attack and the faults that it must raise, and no others.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from builder import Key
from findings import assert_faults, codes, without
from story import Story


def test_a_revocation_of_nothing(story: Story, tmp_path: Path) -> None:
    story.revoke(story.certified())
    assert_faults(story, tmp_path / "honest")
    story.revoke(story.ready_decision())
    assert_faults(story, tmp_path / "forged", "move-not-allowed")


@pytest.mark.parametrize("changed", [{"reason": ""}, {"revoked_on": None}], ids=str)
def test_a_revocation_lacks_what_it_must_say(story: Story, tmp_path: Path, changed: dict[str, Any]) -> None:
    story.revoke(story.certified(), **changed)
    assert_faults(story, tmp_path, "rule-holds")


@pytest.mark.parametrize("state", ["revoked", "excluded", "before_board"])
def test_a_family_is_told_of_what_does_not_stand(story: Story, tmp_path: Path, state: str) -> None:
    decision = story.ready_decision(question="exclude" if state == "excluded" else "identify")
    if state == "excluded":
        story.exclude(decision)
    elif state == "revoked":
        story.certify(decision)
        story.revoke(decision)
    story.notify(decision)
    besides = ["rule-none"] if state == "excluded" else []  # by a signed comparison that is discordant
    assert_faults(story, tmp_path, "move-not-allowed", *besides)


def test_a_family_is_told_on_no_day(story: Story, tmp_path: Path) -> None:
    story.notify(story.certified(), family_notified_on=None)
    assert_faults(story, tmp_path, "rule-holds")


def notified(story: Story) -> str:
    decision = story.certified()
    story.notify(decision)
    return decision


RELEASED = {"state": "released", "released_on": "2024-05-04"}


def test_remains_are_released_without_a_release(story: Story, tmp_path: Path) -> None:
    story.release(notified(story))
    assert_faults(story, tmp_path / "honest")
    story.change("identification.release", notified(story), story.mortuary, RELEASED)
    assert_faults(story, tmp_path / "forged", "rule-part-of")


def test_remains_are_released_before_the_family_knows(story: Story, tmp_path: Path) -> None:
    story.release(story.certified())
    assert_faults(story, tmp_path, "rule-refers", "move-not-allowed")


def test_a_revoked_decision_is_released(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    story.revoke(decision)
    story.release(decision)
    assert_faults(story, tmp_path, "rule-refers", "move-not-allowed")


def test_other_remains_are_released(story: Story, tmp_path: Path) -> None:
    decision, other = notified(story), story.kept()
    with story.log.filing():
        story.release_record(decision, recovery_unit=other)
        story.mark_released(other)
    assert_faults(story, tmp_path, "rule-agrees")


def test_whoever_releases_checks_their_own_label(story: Story, tmp_path: Path) -> None:
    release(story, notified(story), identity_checked_by=story.mortuary.person)
    assert_faults(story, tmp_path, "rule-actor-is-not")


def test_remains_are_released_on_no_day(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    with story.log.filing():
        release(story, decision)
        story.change("identification.release", decision, story.mortuary, {"state": "released"})
    assert_faults(story, tmp_path, "rule-holds")


def test_remains_are_released_without_a_signature_in_person(story: Story, tmp_path: Path) -> None:
    decision, session = notified(story), story.begin_work(story.mortuary)
    story.mortuary = session
    story.release(decision)
    assert_faults(story, tmp_path, "not-signed-in-person")


def test_one_person_acts_and_another_signs(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    story.mortuary = story.mortuary.with_key(Key(story.log.rng))
    story.release_record(decision)
    assert_faults(story, tmp_path, "key-unknown", "rule-actor-is", "rule-carried-out")


def test_the_release_is_left_out(story: Story, tmp_path: Path) -> None:
    story.release(notified(story))
    release = next(e["record"] for e in story.log.entries if e["kind"] == "identification.Release")
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, only=without(release)))
    assert found == {"rule-part-of"}


def release(story: Story, decision: str, **changed: Any) -> None:
    """The record of a release, carried over to the unit; the decision stays as it is."""
    with story.log.filing() if story.log._filing is None else nullcontext():
        story.release_record(decision, **changed)
        story.mark_released(story.log.records[decision].fields["recovery_unit"])


def test_remains_that_another_holds_are_released(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    story.pass_on(story.log.records[decision].fields["recovery_unit"], by=story.mortuary, to=story.scene)
    release(story, decision)
    assert_faults(story, tmp_path, "rule-each-held-by")


def test_remains_are_released_in_the_name_of_their_holder(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    story.pass_on(story.log.records[decision].fields["recovery_unit"], by=story.mortuary, to=story.scene)
    release(story, decision, released_by=story.scene.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_remains_stay_with_their_holder_although_they_were_released(story: Story, tmp_path: Path) -> None:
    story.release_record(notified(story))
    assert_faults(story, tmp_path, "rule-carried-out")


def test_remains_that_were_released_are_still_held(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    with story.log.filing():
        story.release_record(decision)
        story.mark_released(story.log.records[decision].fields["recovery_unit"], holder=story.mortuary.person)
    assert_faults(story, tmp_path, "rule-holds")


def test_other_remains_go_with_a_release(story: Story, tmp_path: Path) -> None:
    """An inner act counts only for what its act is about, also where that was released once before."""
    decision, first = notified(story), notified(story)
    gone = story.log.records[first].fields["recovery_unit"]
    story.release(first)
    story.revoke(first)
    story.returned(next(e["record"] for e in story.log.entries if e["kind"] == "identification.Release"))
    assert_faults(story, tmp_path / "honest")
    with story.log.filing():
        release(story, decision)
        story.mark_released(gone)
    assert_faults(story, tmp_path / "forged", "rule-part-of")


@pytest.mark.parametrize("state", ["released", "revoked"])
def test_remains_come_back_after_a_revocation_only_and_once(story: Story, tmp_path: Path, state: str) -> None:
    decision = notified(story)
    story.release(decision)
    if state == "revoked":
        story.revoke(decision)
    given = next(e["record"] for e in story.log.entries if e["kind"] == "identification.Release")
    story.returned(given)
    assert_faults(story, tmp_path / "once", *([] if state == "revoked" else ["rule-refers"]))
    story.take_return(given)
    found = codes(story.log.bundle(tmp_path / "twice", story.prosecutor))
    assert {"rule-held", "rule-carried-out"} <= found


def test_remains_come_back_into_no_hands(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    story.release(decision)
    story.revoke(decision)
    given = next(e["record"] for e in story.log.entries if e["kind"] == "identification.Release")
    story.take_return(given, returned_to=story.scene.person)
    assert_faults(story, tmp_path / "for another", "rule-actor-is", "rule-carried-out")


def test_remains_come_back_that_nobody_took_back(story: Story, tmp_path: Path) -> None:
    decision = notified(story)
    story.release(decision)
    story.mark_returned(story.log.records[decision].fields["recovery_unit"])
    assert_faults(story, tmp_path, "rule-part-of")


def test_doubts_are_raised(story: Story, tmp_path: Path) -> None:
    def doubt(decision: str, **changed: Any) -> None:
        fields = {"decision": decision, "raised_by": story.dna.person, **changed}
        story.log.file("identification.doubt", "identification.Doubt", story.dna, fields)

    certified = story.certified()
    doubt(certified)
    assert_faults(story, tmp_path / "honest")
    doubt(certified, raised_by=story.prints.person)
    assert_faults(story, tmp_path / "for another", "rule-actor-is")
    doubt(story.ready_decision())
    assert_faults(story, tmp_path / "too early", "rule-actor-is", "rule-refers")


def test_a_family_is_told_once_every_doubt_was_answered(story: Story, tmp_path: Path) -> None:
    decision, other = story.certified(), story.certified()
    story.change(
        "identification.close_review", story.revoke(other, reopens=True), story.board, {"closed_on": "2024-05-05"}
    )
    raised = {"decision": decision, "raised_by": story.dna.person}
    doubt = story.log.file("identification.doubt", "identification.Doubt", story.dna, raised)
    answer = {"state": "answered", "answer": "it holds", "answered_at": story.log.now}
    story.change("identification.answer_doubt", doubt, story.prints, {**answer, "answered_by": story.prints.person})
    story.notify(decision)
    assert_faults(story, tmp_path / "honest")
    story.log.file("identification.doubt", "identification.Doubt", story.dna, raised)
    story.release(decision)
    assert_faults(story, tmp_path / "in doubt", "rule-unless-pointed-at")


def test_a_review_is_opened_because_of_what_stands(story: Story, tmp_path: Path) -> None:
    decision = story.certified()
    other = story.certified()
    review = story.revoke(decision, reopens=True)
    assert_faults(story, tmp_path / "honest")
    found = codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(decision)))
    assert found == set(), "a part may lack the decision because of which a review was opened"
    story.reopen(decision)
    assert_faults(story, tmp_path / "later", "rule-part-of")
    story.reopen(other)
    assert_faults(story, tmp_path / "forged", "rule-part-of", "rule-refers")
    assert review


def test_a_review_is_closed_twice_or_on_no_day(story: Story, tmp_path: Path) -> None:
    decision = story.certified()
    review, other = story.revoke(decision, reopens=True), story.revoke(story.certified(), reopens=True)
    close = "identification.close_review"
    story.change(close, review, story.board, {"closed_on": "2024-05-05"})
    assert_faults(story, tmp_path / "honest")
    story.change(close, review, story.board, {"outcome": "other"})
    assert_faults(story, tmp_path / "twice", "rule-held")
    story.change(close, other, story.board, {"outcome": "none"})
    assert_faults(story, tmp_path / "never", "rule-held", "rule-holds")
