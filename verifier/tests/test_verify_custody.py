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
    story.hand_over(story.unit(), by=story.liaison, giver=story.scene.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_somebody_hands_over_what_they_do_not_hold(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.hand_over(unit, by=story.liaison)
    assert_faults(story, tmp_path, "rule-each-held-by")


def test_somebody_hands_over_what_they_have_given_away(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.pass_on(unit)
    story.hand_over(unit, to=story.dna)
    assert_faults(story, tmp_path, "rule-each-held-by")


def test_what_lies_in_the_ground_is_handed_over(story: Story, tmp_path: Path) -> None:
    story.hand_over(story.registered())
    assert_faults(story, tmp_path, "rule-each-held-by")


def test_a_thing_is_handed_over_to_two_at_once(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    first = story.hand_over(other, unit)
    story.change("casework.take_back", first, story.scene, {"state": "taken_back"})
    story.hand_over(unit)
    assert_faults(story, tmp_path / "honest")
    story.hand_over(other, unit, to=story.dna)
    assert_faults(story, tmp_path / "forged", "rule-only-one-lists")


def test_a_thing_is_handed_over_under_the_number_of_another(story: Story, tmp_path: Path) -> None:
    one, other = story.thing(story.unit()), story.thing(story.unit())
    story.hand_over(things=[{**one, "number": other["number"]}])
    assert_faults(story, tmp_path, "thing-of-another-number")


@pytest.mark.parametrize("act", ["take_back", "refuse"])
def test_a_hand_over_is_ended_by_another(story: Story, tmp_path: Path, act: str) -> None:
    state = {"take_back": "taken_back", "refuse": "refused"}[act]
    right, wrong = (story.scene, story.mortuary) if act == "take_back" else (story.mortuary, story.scene)
    story.change(f"casework.{act}", story.hand_over(story.unit()), right, {"state": state})
    assert_faults(story, tmp_path / "honest")
    story.change(f"casework.{act}", story.hand_over(story.unit()), wrong, {"state": state})
    assert_faults(story, tmp_path / "forged", "rule-actor-is")


@pytest.mark.parametrize("ended", ["taken_back", "refused", "taken_over"])
def test_a_hand_over_ends_once(story: Story, tmp_path: Path, ended: str) -> None:
    transfer = story.hand_over(story.unit())
    if ended == "taken_over":
        story.confirm(transfer)
    elif ended == "refused":
        story.change("casework.refuse", transfer, story.mortuary, {"state": "refused"})
    else:
        story.change("casework.take_back", transfer, story.scene, {"state": "taken_back"})
    assert_faults(story, tmp_path / "honest")
    story.change("casework.take_back", transfer, story.scene, {"state": "taken_back", "reason": "late"})
    assert_faults(story, tmp_path / "forged", "move-not-allowed")


def test_a_hand_over_is_confirmed_after_it_was_taken_back(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.change("casework.take_back", transfer, story.scene, {"state": "taken_back"})
    story.confirm(transfer)
    assert_faults(story, tmp_path, "move-not-allowed")


def leaver(story: Story) -> tuple[Any, str]:
    """Somebody who left while they held something."""
    who, unit = story.enrol("scene"), story.unit()
    story.pass_on(unit, to=who)
    story.dismiss(who)
    return who, unit


def test_somebody_hands_over_for_another_who_is_still_there(story: Story, tmp_path: Path) -> None:
    investigator, (gone, unit) = story.enrol("investigator"), leaver(story)
    story.confirm(story.hand_over_for(unit, giver=gone, by=investigator))
    assert_faults(story, tmp_path / "honest")
    story.hand_over_for(story.unit(), giver=story.scene, by=investigator)
    assert_faults(story, tmp_path / "forged", "rule-out-of-office")


@pytest.mark.parametrize("changed", ["receiver", "deputy", "things"])
def test_somebody_hands_over_for_a_leaver_what_is_not_theirs_to_give(
    story: Story, tmp_path: Path, changed: str
) -> None:
    investigator, (gone, unit) = story.enrol("investigator"), leaver(story)
    forged = {"receiver": investigator.person, "deputy": story.scene.person, "things": [story.thing(story.unit())]}
    story.hand_over_for(unit, giver=gone, by=investigator, **{changed: forged[changed]})
    due = {"receiver": "rule-actor-is-not", "deputy": "rule-actor-is", "things": "rule-each-held-by"}
    assert_faults(story, tmp_path, due[changed])


def test_a_hand_over_is_called_back_whose_giver_is_still_there(story: Story, tmp_path: Path) -> None:
    investigator = story.enrol("investigator")
    story.change("casework.call_back", story.hand_over(story.unit()), investigator, {"state": "taken_back"})
    assert_faults(story, tmp_path, "rule-out-of-office")


def test_a_thing_is_taken_over_by_another(story: Story, tmp_path: Path) -> None:
    story.confirm(story.hand_over(story.unit()), by=story.dna)
    assert_faults(story, tmp_path, "rule-actor-is", "rule-agrees")


def test_a_thing_is_taken_over_from_oneself(story: Story, tmp_path: Path) -> None:
    story.confirm(story.hand_over(story.unit()), by=story.scene)
    assert_faults(story, tmp_path, "rule-actor-is", "rule-agrees")


def test_a_thing_is_taken_over_with_a_second_key_of_the_same_person(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.confirm(transfer, by=story.enrol("investigator", person=story.mortuary.person))
    assert_faults(story, tmp_path)


def test_a_thing_is_taken_over_in_an_office_that_holds_nothing(story: Story, tmp_path: Path) -> None:
    story.confirm(story.hand_over(story.unit(), to=story.board), by=story.board)
    assert_faults(story, tmp_path, "role-may-not-act")


def test_a_thing_is_taken_over_twice(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.confirm(transfer)
    story.confirm(transfer)
    assert_faults(story, tmp_path, "move-not-allowed", "rule-agrees", "rule-not-before")


def test_a_thing_is_taken_over_at_no_time(story: Story, tmp_path: Path) -> None:
    story.confirm(story.hand_over(story.unit()), taken_at=None)
    assert_faults(story, tmp_path, "rule-holds")


def test_nothing_of_what_was_handed_over_is_taken_over(story: Story, tmp_path: Path) -> None:
    story.confirm(story.hand_over(story.unit()), taken=[])
    assert_faults(story, tmp_path, "rule-holds")


def test_a_thing_that_was_taken_over_stays_with_its_giver(story: Story, tmp_path: Path) -> None:
    story.take_over(story.hand_over(story.unit()))
    assert_faults(story, tmp_path, "rule-carried-out")


def test_a_thing_is_taken_over_that_was_not_handed_over(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    transfer = story.hand_over(unit)
    story.confirm(transfer, taken=[story.thing(unit), story.thing(other)])
    assert_faults(story, tmp_path, "rule-listed")


def test_a_thing_comes_with_a_transfer_in_which_it_did_not_arrive(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    transfer = story.hand_over(unit, other)
    with story.log.filing():
        story.take_over(transfer, taken=[story.thing(unit)])
        story.change_hands(unit, transfer)
    assert_faults(story, tmp_path / "honest")
    again = story.hand_over(other, by=story.scene)
    assert_faults(story, tmp_path / "handed over again")
    with story.log.filing():
        story.take_over(again, taken=[])
        story.change_hands(other, again)
    assert_faults(story, tmp_path / "forged", "rule-listed", "rule-holds")


def test_a_discrepancy_is_noted_by_another_than_the_receiver(story: Story, tmp_path: Path) -> None:
    transfer = story.pass_on(story.unit())
    said = {"transfer": transfer, "sort": "damaged", "label": "1", "state": "open"}
    for folder, who, expected in (("honest", story.mortuary, ()), ("forged", story.scene, ("rule-agrees",))):
        fields = {**said, "noted_by": who.person}
        story.log.file("casework.note_discrepancy", "casework.Discrepancy", who, fields)
        assert_faults(story, tmp_path / folder, *expected)


def test_a_thing_is_put_away_by_another_than_its_holder(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    shelf = story.log.file("casework.set_up_storage", "casework.StoragePlace", story.scene, {"name": "A3"})
    for folder, who, expected in (("honest", story.scene, ()), ("forged", story.mortuary, ("rule-actor-is",))):
        story.change("casework.put_away", unit, who, {"kept_in": shelf, "place": folder})
        assert_faults(story, tmp_path / folder, *expected)


def test_a_thing_is_taken_over_that_nobody_handed_over(story: Story, tmp_path: Path) -> None:
    fields = {"giver": story.scene.person, "receiver": story.mortuary.person, "state": "taken_over"}
    story.log.file("casework.take_over", "casework.Transfer", story.mortuary, fields)
    assert_faults(story, tmp_path, "act-makes-none-of-this-kind")


def test_a_transfer_is_born_taken_over(story: Story, tmp_path: Path) -> None:
    story.hand_over(story.unit(), state="taken_over", taken_at="2024-05-01T10:00:00Z")
    assert_faults(story, tmp_path, "born-in-another-state", "not-blank-at-birth")


@pytest.mark.parametrize("name", ["things", "receiver", "giver", "seal"])
def test_a_transfer_is_changed_when_it_is_taken_over(story: Story, tmp_path: Path, name: str) -> None:
    unit, other = story.unit(), story.unit()
    transfer = story.hand_over(unit)
    both = [story.thing(unit), story.thing(other)]
    changed = {"things": both, "receiver": story.dna.person, "giver": story.dna.person, "seal": "broken"}[name]
    story.confirm(transfer, by=story.dna if name == "receiver" else None, **{name: changed})
    assert_faults(story, tmp_path, "change-not-allowed", *(["rule-agrees"] if name == "giver" else []))


def test_a_transfer_is_amended_without_a_signature(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.change("casework.hand_over", transfer, story.scene, {"things": []})
    assert_faults(story, tmp_path, "act-changes-none-of-this-kind")


def test_a_session_takes_over(story: Story, tmp_path: Path) -> None:
    story.confirm(story.hand_over(story.unit()), by=story.begin_work(story.mortuary))
    assert_faults(story, tmp_path, "not-signed-in-person")


# --- what is written on the thing --------------------------------------------------------------------------------------


def test_a_thing_changes_hands_before_it_was_taken_over(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.change_hands(unit, story.hand_over(unit))
    assert_faults(story, tmp_path, "rule-refers", "rule-part-of", "rule-listed")


def test_a_thing_changes_hands_after_it_was_taken_over(story: Story, tmp_path: Path) -> None:
    """Whoever received counts what arrived when they sign; nothing of it comes later."""
    unit, other = story.unit(), story.unit()
    transfer = story.hand_over(unit, other)
    with story.log.filing():
        story.take_over(transfer)
        story.change_hands(unit, transfer)
    story.change_hands(other, transfer)
    assert_faults(story, tmp_path, "rule-part-of", "rule-carried-out")


def test_a_thing_changes_hands_by_no_transfer(story: Story, tmp_path: Path) -> None:
    story.change_hands(story.unit(), None)  # type: ignore[arg-type]
    assert_faults(story, tmp_path, "rule-holds", "rule-not-before", "rule-part-of")


def test_nothing_at_all_is_handed_over(story: Story, tmp_path: Path) -> None:
    story.hand_over()
    assert_faults(story, tmp_path, "rule-holds")


def test_a_thing_comes_twice_into_the_same_hands_by_one_transfer(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    first = story.pass_on(unit)
    story.pass_on(unit, by=story.mortuary, to=story.scene)
    assert_faults(story, tmp_path / "honest")
    story.change_hands(unit, first)
    assert_faults(story, tmp_path / "forged", "rule-not-before", "rule-part-of")


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
    assert_faults(story, tmp_path, "rule-agrees", "rule-only-one-lists")


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
    with story.log.filing():
        story.take_over(transfer)
        story.change_hands(other, transfer)
        story.change_hands(unit, transfer)
    assert_faults(story, tmp_path, "rule-listed")


def test_a_thing_goes_to_another_than_who_took_it_over(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    transfer = story.hand_over(unit)
    story.take_over(transfer)
    story.change_hands(unit, transfer, by=story.dna)
    assert_faults(story, tmp_path, "rule-agrees", "rule-part-of", "rule-carried-out")


def test_somebody_writes_a_thing_to_another(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    transfer = story.hand_over(unit)
    with story.log.filing():
        story.take_over(transfer)
        story.change_hands(unit, transfer, holder=story.dna.person)
    assert_faults(story, tmp_path, "rule-actor-is", "rule-agrees")


def test_a_part_shows_the_transfer_of_what_it_shows(story: Story, tmp_path: Path) -> None:
    unit, other = story.unit(), story.unit()
    transfer = story.pass_on(unit, other)
    assert codes(story.log.bundle(tmp_path / "part", story.prosecutor, only=without(other))) == set()
    found = codes(story.log.bundle(tmp_path / "forged", story.prosecutor, only=without(transfer)))
    assert found == {"record-needed", "rule-part-of"}


# --- remains -----------------------------------------------------------------------------------------------------------


def test_remains_are_held_before_they_are_lifted(story: Story, tmp_path: Path) -> None:
    story.registered(holder=story.scene.person)
    assert_faults(story, tmp_path, "not-blank-at-birth")


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
    assert_faults(story, tmp_path / "forged", "rule-agrees", *(["rule-actor-is"] if name == "holder" else []))


def test_a_part_is_split_off_by_another_than_the_holder(story: Story, tmp_path: Path) -> None:
    fields = {"split_from": story.kept(), "grave": story.grave, "holder": story.mortuary.person, "state": "lifted"}
    story.log.file("graves.split", "graves.RecoveryUnit", story.scene, fields)
    assert_faults(story, tmp_path, "rule-actor-is")


@pytest.mark.parametrize("act", ["sample", "store"])
def test_remains_are_worked_on_by_another_than_the_holder(story: Story, tmp_path: Path, act: str) -> None:
    unit = story.examined()
    story.pass_on(unit, by=story.mortuary, to=story.scene)
    if act == "store":
        story.change("mortuary.store", unit, story.mortuary, {"state": "stored"})
        assert_faults(story, tmp_path, "rule-actor-is")
    else:
        story.sample(unit)
        assert_faults(story, tmp_path, "rule-agrees", "rule-actor-is")


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
    getattr(story, what)(story.kept())
    assert_faults(story, tmp_path, "rule-refers")


def test_a_sample_is_born_in_the_hands_of_another(story: Story, tmp_path: Path) -> None:
    story.sample(story.examined(), holder=story.dna.person)
    assert_faults(story, tmp_path, "rule-actor-is", "rule-agrees")


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
