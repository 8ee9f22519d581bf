"""Attacks by whoever runs the system on remains, samples and the files of the missing: custody, states, consent.

As in `test_verify_operator`: each names the attack and the faults that it must raise, and no others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from findings import assert_faults, codes, without
from story import Story

# --- custody -----------------------------------------------------------------------------------------------------------


def test_a_thing_passes_from_hand_to_hand(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    story.pass_on(unit, other)
    story.pass_on(unit, by=story.mortuary, to=story.dna)
    story.pass_on(unit, by=story.dna, to=story.mortuary)
    assert_faults(story, tmp_path)


def test_a_thing_is_handed_over_to_oneself(story: Story, tmp_path: Path) -> None:
    story.hand_over(story.unit(), to=story.scene)
    assert_faults(story, tmp_path, "rule-actor-is-not")


def test_a_thing_is_handed_over_to_oneself_in_another_office(story: Story, tmp_path: Path) -> None:
    story.hand_over(story.unit(), to=story.in_office(story.scene, "mortuary"))
    assert_faults(story, tmp_path, "rule-actor-is-not")


def test_a_thing_is_handed_over_in_the_name_of_another(story: Story, tmp_path: Path) -> None:
    story.hand_over(story.unit(), giver=story.board.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_somebody_hands_over_what_they_do_not_hold(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.hand_over(unit, by=story.liaison)
    assert_faults(story, tmp_path, "rule-each-held-by-actor")


def test_somebody_hands_over_what_they_have_given_away(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.pass_on(unit)
    story.hand_over(unit, to=story.dna)
    assert_faults(story, tmp_path, "rule-each-held-by-actor")


def test_a_thing_is_taken_over_by_another(story: Story, tmp_path: Path) -> None:
    story.take_over(story.hand_over(story.unit()), by=story.dna)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_a_thing_is_taken_over_from_oneself(story: Story, tmp_path: Path) -> None:
    story.take_over(story.hand_over(story.unit()), by=story.scene)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_a_thing_is_taken_over_with_a_second_key_of_the_same_person(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.take_over(transfer, by=story.enrol("board", person=story.mortuary.person))
    assert_faults(story, tmp_path)


def test_a_thing_is_taken_over_twice(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.take_over(transfer)
    story.take_over(transfer)
    assert_faults(story, tmp_path, "move-not-allowed")


def test_a_thing_is_taken_over_at_no_time(story: Story, tmp_path: Path) -> None:
    story.take_over(story.hand_over(story.unit()), taken_at=None)
    assert_faults(story, tmp_path, "rule-holds")


def test_a_thing_is_taken_over_that_nobody_handed_over(story: Story, tmp_path: Path) -> None:
    fields = {"giver": story.scene.person, "receiver": story.mortuary.person, "state": "taken_over"}
    story.log.file("casework.take_over", "casework.Transfer", story.mortuary, fields)
    assert_faults(story, tmp_path, "act-makes-none-of-this-kind")


def test_a_transfer_is_born_taken_over(story: Story, tmp_path: Path) -> None:
    story.hand_over(story.unit(), state="taken_over", taken_at="2024-05-01T10:00:00Z")
    assert_faults(story, tmp_path, "born-in-another-state", "not-blank-at-birth")


@pytest.mark.parametrize("name", ["things", "receiver", "giver", "seal"])
def test_a_transfer_is_changed_when_it_is_taken_over(story: Story, tmp_path: Path, name: str) -> None:
    transfer = story.hand_over(story.unit())
    changed = {"things": [], "receiver": story.mortuary.person, "giver": story.dna.person, "seal": "broken"}[name]
    by = story.mortuary
    if name == "receiver":
        by, changed = story.dna, story.dna.person
    story.take_over(transfer, by=by, **{name: changed})
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_transfer_is_amended_without_a_signature(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.change("casework.hand_over", transfer, story.scene, {"things": []})
    assert_faults(story, tmp_path, "act-changes-none-of-this-kind")


def test_a_session_takes_over(story: Story, tmp_path: Path) -> None:
    story.take_over(story.hand_over(story.unit()), by=story.begin_work(story.mortuary))
    assert_faults(story, tmp_path, "not-signed-in-person")


# --- what is written on the thing --------------------------------------------------------------------------------------


def test_a_thing_changes_hands_before_it_was_taken_over(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.change_hands(unit, story.hand_over(unit))
    assert_faults(story, tmp_path, "rule-refers")


def test_a_thing_changes_hands_by_no_transfer(story: Story, tmp_path: Path) -> None:
    story.change_hands(story.unit(), None)  # type: ignore[arg-type]
    assert_faults(story, tmp_path, "rule-holds", "rule-not-before")


def test_nothing_at_all_is_handed_over(story: Story, tmp_path: Path) -> None:
    story.hand_over()
    assert_faults(story, tmp_path, "rule-holds")


def test_a_thing_comes_twice_into_the_same_hands_by_one_transfer(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    first = story.pass_on(unit)
    story.pass_on(unit, by=story.mortuary, to=story.scene)
    assert_faults(story, tmp_path / "honest")
    story.change_hands(unit, first)
    assert_faults(story, tmp_path / "forged", "rule-not-before")


def test_a_thing_is_taken_from_somebody_who_did_not_give_it(story: Story, tmp_path: Path) -> None:
    """Handed over to two, it goes from the first to the second, though the second had it from the giver."""
    unit = story.unit()
    first, second = story.hand_over(unit), story.hand_over(unit, to=story.dna)
    with story.log.filing():
        story.take_over(first)
        story.change_hands(unit, first)
    with story.log.filing():
        story.take_over(second, by=story.dna)
        story.change_hands(unit, second, by=story.dna)
    assert_faults(story, tmp_path, "rule-agrees")


def test_a_photograph_names_another_file_than_its_entry(story: Story, tmp_path: Path) -> None:
    fields = {"unit": story.unit()}
    story.log.file("graves.photograph", "graves.Photograph", story.scene, fields)
    assert_faults(story, tmp_path / "honest")
    kept = story.log.keep(b"another")
    fields = {**fields, "sha256": "0" * 64}
    story.log.file("graves.photograph", "graves.Photograph", story.scene, fields, files=[kept])
    assert_faults(story, tmp_path / "forged", "rule-filed-with")


def test_a_thing_changes_hands_by_the_transfer_of_another(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    transfer = story.hand_over(other)
    story.take_over(transfer)
    story.change_hands(unit, transfer)
    assert_faults(story, tmp_path, "rule-listed")


def test_a_thing_goes_to_another_than_who_took_it_over(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    transfer = story.hand_over(unit)
    story.take_over(transfer)
    story.change_hands(unit, transfer, by=story.dna)
    assert_faults(story, tmp_path, "rule-agrees")


def test_somebody_writes_a_thing_to_another(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    transfer = story.hand_over(unit)
    story.take_over(transfer)
    story.change_hands(unit, transfer, by=story.scene, holder=story.mortuary.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_a_part_shows_the_transfer_of_what_it_shows(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    transfer = story.pass_on(unit, other)
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(other))) == set()
    found = codes(story.log.bundle(tmp_path / "forged", story.prosecutor, only=without(transfer)))
    assert found == {"record-needed"}


# --- remains -----------------------------------------------------------------------------------------------------------


def test_remains_are_registered_for_another(story: Story, tmp_path: Path) -> None:
    story.registered(holder=story.board.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_remains_are_registered_for_nobody(story: Story, tmp_path: Path) -> None:
    story.registered(holder=None)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_remains_are_lifted_for_another(story: Story, tmp_path: Path) -> None:
    story.lift(story.registered(), holder=story.board.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_remains_are_lifted_twice(story: Story, tmp_path: Path) -> None:
    story.lift(story.unit())
    assert_faults(story, tmp_path, "move-not-allowed")


def test_remains_are_received_by_who_does_not_hold_them(story: Story, tmp_path: Path) -> None:
    story.received()
    assert_faults(story, tmp_path / "honest")
    story.change("mortuary.receive", story.unit(), story.mortuary, {"state": "received"})
    assert_faults(story, tmp_path / "forged", "rule-actor-is")


def test_a_quarantine_ends_elsewhere(story: Story, tmp_path: Path) -> None:
    def quarantine(unit: str, back: str) -> None:
        story.change("graves.quarantine", unit, story.scene, {"state": "quarantined"})
        story.change("graves.end_quarantine", unit, story.scene, {"state": back})

    quarantine(story.unit(), "lifted")
    quarantine(story.examined(), "examined")
    assert_faults(story, tmp_path / "honest")
    quarantine(story.unit(), "examined")
    assert_faults(story, tmp_path / "forged", "rule-restores")


@pytest.mark.parametrize("name", ["grave", "holder", "state"])
def test_a_part_of_remains_is_of_other_remains(story: Story, tmp_path: Path, name: str) -> None:
    unit = story.unit()
    honest = {"split_from": unit, "grave": story.grave, "holder": story.scene.person, "state": "lifted"}
    story.log.file("graves.split", "graves.RecoveryUnit", story.scene, honest)
    assert_faults(story, tmp_path / "honest")
    other = story.log.file("graves.open_grave", "graves.Grave", story.scene, {"site": story.site})
    forged = {"grave": other, "holder": story.board.person, "state": "received"}[name]
    story.log.file("graves.split", "graves.RecoveryUnit", story.scene, {**honest, name: forged})
    assert_faults(story, tmp_path / "forged", "rule-agrees")


def test_a_part_is_split_from_nothing(story: Story, tmp_path: Path) -> None:
    fields = {"grave": story.grave, "holder": story.scene.person, "state": "lifted"}
    story.log.file("graves.split", "graves.RecoveryUnit", story.scene, fields)
    assert_faults(story, tmp_path, "rule-holds")


def test_a_part_is_split_from_what_lies_in_the_ground(story: Story, tmp_path: Path) -> None:
    fields = {"grave": story.grave, "holder": story.scene.person, "state": "lifted", "split_from": story.registered()}
    story.log.file("graves.split", "graves.RecoveryUnit", story.scene, fields)
    assert_faults(story, tmp_path, "rule-refers", "rule-agrees")


@pytest.mark.parametrize("what", ["examine", "sample"])
def test_remains_are_examined_that_nobody_received(story: Story, tmp_path: Path, what: str) -> None:
    getattr(story, what)(story.unit())
    assert_faults(story, tmp_path, "rule-refers")


def test_a_sample_is_born_in_the_hands_of_another(story: Story, tmp_path: Path) -> None:
    story.sample(story.examined(), holder=story.dna.person)
    assert_faults(story, tmp_path, "rule-actor-is")


@pytest.mark.parametrize("withdrawn", [True, False])
def test_a_profile_is_withdrawn_once_and_stays_so(story: Story, tmp_path: Path, withdrawn: bool) -> None:
    profile = story.profile(story.sample(story.examined()))
    story.withdraw_profile(profile)
    assert_faults(story, tmp_path / "honest")
    story.change("mortuary.withdraw_profile", profile, story.dna, {"withdrawn": withdrawn, "reason": "no"})
    assert_faults(story, tmp_path / "forged", "rule-held", *([] if withdrawn else ["rule-holds"]))


# --- the missing -------------------------------------------------------------------------------------------------------


def test_a_donor_is_typed_who_withdrew(story: Story, tmp_path: Path) -> None:
    donor = story.donor()
    story.reference(donor)
    story.withdraw_consent(donor)
    assert_faults(story, tmp_path / "honest")
    story.reference(donor)
    assert_faults(story, tmp_path / "forged", "rule-refers")


@pytest.mark.parametrize("withdrawn", [True, False])
def test_a_consent_is_withdrawn_once_and_stays_so(story: Story, tmp_path: Path, withdrawn: bool) -> None:
    donor = story.donor()
    story.withdraw_consent(donor)
    story.change("missing.withdraw_consent", donor, story.liaison, {"withdrawn": withdrawn, "reason": "no"})
    assert_faults(story, tmp_path, "rule-held", *([] if withdrawn else ["rule-holds"]))


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, set()),
    ({"same_as": None}, {"rule-holds"}),
    ({"same_as": "closed"}, {"rule-refers"}),
    ({"same_as": "itself"}, {"points-to-nothing"}),
    ({"state": "matched"}, {"move-not-allowed"}),
], ids=str)  # fmt: skip
def test_a_report_is_a_duplicate(story: Story, tmp_path: Path, fields: dict[str, Any], expected: set[str]) -> None:
    first, second, closed = story.missing(), story.missing(), story.missing()
    mark = "missing.mark_duplicate"
    story.change(mark, closed, story.liaison, {"state": "duplicate", "same_as": first})
    named = {"closed": closed, "itself": second}
    told = {name: named.get(value, value) for name, value in fields.items()}
    story.change(mark, second, story.liaison, {"state": "duplicate", "same_as": first, **told})
    assert_faults(story, tmp_path, *expected)


def test_a_report_is_verified_twice(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    for folder, expected in (("honest", ()), ("forged", ("move-not-allowed",))):
        story.change("missing.verify", missing, story.liaison, {"state": "verified"})
        assert_faults(story, tmp_path / folder, *expected)
