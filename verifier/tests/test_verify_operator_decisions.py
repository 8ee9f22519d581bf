"""Attacks by whoever runs the system on what was decided: the founding, what an assent covers, decisions, custody.

As in `test_verify_operator`: each names the attack and the one fault that it must raise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import Key, Who, assent_signature
from findings import assert_faults, codes
from story import Story

# --- the founding -----------------------------------------------------------------------------------------------------


def test_the_log_is_founded_a_second_time(story: Story, tmp_path: Path) -> None:
    usurper = Who(story.log.uuid(), Key(story.log.rng), story.log.uuid(), "administrator", story.log.uuid())
    log = story.log
    log.file(
        "casework.found", "casework.Key", usurper, story.key_fields(usurper), record=usurper.key_record, sign=[usurper]
    )
    assert_faults(story, tmp_path, "founded-twice", "key-unknown", "office-unknown")


def test_an_administrator_founds_again(story: Story, tmp_path: Path) -> None:
    story.log.file("casework.found", "casework.Investigation", story.admin, {"name": "other"}, sign=[story.admin])
    assert_faults(story, tmp_path, "founded-twice")


def test_the_founding_is_left_out(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   only=lambda entry: entry["act"] != "casework.found"))  # fmt: skip
    assert {"founding-missing", "key-unknown", "office-unknown"} <= found


def test_the_founding_is_for_somebody_else(tmp_path: Path) -> None:
    class Usurped(Story):
        def key_fields(self, who: Who) -> dict[str, Any]:  # type: ignore[override]
            return {**Story.key_fields(who), "person": self.log.uuid() if not self.log.size > 4 else who.person}

    found = codes(Usurped().log.bundle(tmp_path / "bundle", Story().prosecutor))
    assert "founding-wrong" in found and "key-and-office-of-two" in found


def test_the_bundle_names_another_investigation(story: Story, tmp_path: Path) -> None:
    other = story.log.uuid()
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(investigation=other))


# --- what an assent covers --------------------------------------------------------------------------------------------


def test_an_assent_act_changes_the_conclusion(story: Story, tmp_path: Path) -> None:
    compared = story.compare(story.unit(), story.missing(), conclusion="discordant")
    story.sign_comparison(compared, conclusion="concordant")
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_decision_swaps_its_comparisons_when_it_is_certified(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    good, weak = story.compare(unit, missing), story.compare(unit, missing, discipline="clothing")
    story.sign_comparison(good)
    story.sign_comparison(weak)
    decision = story.decide(unit, missing, [weak])
    story.certify(decision, comparisons=[good])
    assert_faults(story, tmp_path, "change-not-allowed")


def test_an_assent_act_drops_a_field(story: Story, tmp_path: Path) -> None:
    compared = story.compare(story.unit(), story.missing())
    fields = {"state": "signed", "signed_on": "2026-05-02"}
    story.act_under_assent(
        "identification.sign_comparison", compared, (story.dna, story.dna_too), fields, drop=["log10_lr"]
    )
    assert_faults(story, tmp_path, "change-not-allowed", "field-came-or-went")


def test_an_assent_act_trades_a_field_for_an_allowed_one(story: Story, tmp_path: Path) -> None:
    compared = story.compare(story.unit(), story.missing())
    fields = {"state": "signed", "signed_on": "2026-05-02"}
    story.act_under_assent(
        "identification.sign_comparison",
        compared,
        (story.dna, story.dna_too),
        fields,
        drop=["log10_lr"],
        twice=[("reason", "ok")],
    )
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert found == {"change-not-allowed", "field-came-or-went", "field-name-twice"}


def test_the_change_under_an_assent_is_withheld(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision, certificate_number="C-2")

    def withhold(entry: dict[str, Any], name: str) -> tuple[str, str] | None:
        return ("A.8", "Registry") if name == "certificate_number" and entry["version"] == 2 else None

    assert_faults(story, tmp_path, "change-is-hidden", withhold=withhold)


def test_a_certificate_says_excluded(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision, state="excluded")
    assert_faults(story, tmp_path, "state-not-of-this-act", "state-set-without-assent")


def test_an_act_under_assent_files_a_first_version(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    compared = story.compare(unit, missing)
    story.sign_comparison(compared)
    record = story.log.uuid()
    given = [assent_signature(who, "identification.certify", "", record) for who in (story.board, story.board_too)]
    fields = {"recovery_unit": unit, "missing_person": missing, "comparisons": [compared], "state": "certified"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=record, signatures=given
    )
    assert_faults(story, tmp_path, "assent-to-nothing", "assent-not-filed")


def test_a_certificate_is_of_another_kind(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    compared = story.compare(unit, missing)
    story.sign_comparison(compared)
    fields = {"recovery_unit": unit, "missing_person": missing, "comparisons": [compared], "state": "proposed"}
    record = story.log.file("identification.bring", "identification.Opinion", story.board, fields)
    story.certify(record)
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert "kind-not-of-this-act" in found


def test_a_state_is_set_without_the_act(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.log.file(
        "identification.amend", "identification.Decision", story.board, {"state": "certified"}, record=decision
    )
    assert_faults(story, tmp_path, "state-set-without-assent")


def test_a_decision_is_born_certified(story: Story, tmp_path: Path) -> None:
    fields = {"comparisons": [], "state": "certified"}
    story.log.file("identification.bring", "identification.Decision", story.board, fields)
    assert_faults(story, tmp_path, "state-set-without-assent")


def test_a_comparison_is_born_signed(story: Story, tmp_path: Path) -> None:
    story.log.file("identification.compare", "identification.Comparison", story.dna, {"state": "signed"})
    assert_faults(story, tmp_path, "state-set-without-assent")


def test_a_certified_decision_is_changed_afterwards(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    other = story.missing()
    story.log.file(
        "identification.amend", "identification.Decision", story.board, {"missing_person": other}, record=decision
    )
    assert_faults(story, tmp_path, "change-not-allowed")


def test_the_date_of_a_decision_is_changed_afterwards(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    story.log.file("identification.amend", "identification.Decision", story.board, {"decided_on": "2022-01-01"},
                   record=decision)  # fmt: skip
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_certificate_is_undone_without_the_board(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    story.log.file(
        "identification.amend", "identification.Decision", story.board, {"state": "candidate"}, record=decision
    )
    assert_faults(story, tmp_path, "state-set-without-assent")


def amend(story: Story, decision: str, state: str) -> None:
    story.log.file("identification.amend", "identification.Decision", story.board, {"state": state}, record=decision)


@pytest.mark.parametrize("state", ["family_notified", "released"])
def test_a_revoked_decision_goes_on_as_if_it_stood(story: Story, tmp_path: Path, state: str) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    story.revoke(decision)
    amend(story, decision, state)
    assert_faults(story, tmp_path, "state-set-without-assent")


def test_an_excluded_body_is_announced_to_the_family(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision(conclusion="discordant")
    story.exclude(decision)
    amend(story, decision, "family_notified")
    assert_faults(story, tmp_path, "state-set-without-assent")


def test_remains_are_released_without_a_signature(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    amend(story, decision, "family_notified")
    amend(story, decision, "released")
    assert_faults(story, tmp_path, "state-set-without-assent")


def test_remains_are_released_under_a_signature(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    amend(story, decision, "family_notified")
    story.log.file("identification.release", "identification.Decision", story.mortuary, {"state": "released"},
                   record=decision, sign=[story.mortuary])  # fmt: skip
    assert_faults(story, tmp_path)


def test_a_certified_decision_is_changed_in_two_steps(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    log = story.log
    log.file(
        "identification.notify", "identification.Decision", story.liaison, {"state": "family_notified"}, record=decision
    )
    log.file(
        "identification.amend", "identification.Decision", story.board, {"missing_person": log.uuid()}, record=decision
    )
    assert_faults(story, tmp_path, "change-not-allowed")


def test_an_assent_is_amended(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.assent(story.board, "identification.certify", decision)
    record = story.log.entries[-1]["record"]
    story.log.file(
        "casework.assent", "casework.Assent", story.board, {"reason": "no"}, record=record, sign=[story.board]
    )
    assert_faults(story, tmp_path, "kind-is-closed")


# --- decisions --------------------------------------------------------------------------------------------------------


def test_an_examiner_sits_alone_on_their_own_comparison(story: Story, tmp_path: Path) -> None:
    own = Who(story.dna.person, story.dna.key, story.log.uuid(), "board")
    own_too = Who(story.dna_too.person, story.dna_too.key, story.log.uuid(), "board")
    story.appoint(own)
    story.appoint(own_too)
    story.certify(story.ready_decision(), (own, own_too))
    assert_faults(story, tmp_path, "sits-alone")


def test_an_examiner_may_sit_beside_somebody_else(story: Story, tmp_path: Path) -> None:
    own = Who(story.dna.person, story.dna.key, story.log.uuid(), "board")
    story.appoint(own)
    story.certify(story.ready_decision(), (own, story.board))
    assert_faults(story, tmp_path)


def test_an_exclusion_by_its_own_examiners(story: Story, tmp_path: Path) -> None:
    pair = [Who(w.person, w.key, story.log.uuid(), "board") for w in (story.dna, story.dna_too)]
    for who in pair:
        story.appoint(who)
    story.exclude(story.ready_decision(conclusion="discordant"), pair)
    assert_faults(story, tmp_path, "sits-alone")


def test_a_body_is_identified_by_clothing_alone(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(discipline="clothing"))
    assert_faults(story, tmp_path, "no-primary-identifier")


def test_a_discordant_comparison_identifies(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(conclusion="discordant"))
    assert_faults(story, tmp_path, "no-primary-identifier")


def test_a_comparison_of_other_remains_identifies(story: Story, tmp_path: Path) -> None:
    missing = story.missing()
    compared = story.compare(story.unit(), missing)
    story.sign_comparison(compared)
    story.certify(story.decide(story.unit(), missing, [compared]))
    assert_faults(story, tmp_path, "no-primary-identifier")


def test_a_comparison_with_another_missing_person_identifies(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    compared = story.compare(unit, story.missing())
    story.sign_comparison(compared)
    story.certify(story.decide(unit, story.missing(), [compared]))
    assert_faults(story, tmp_path, "no-primary-identifier")


def test_the_conclusion_is_withheld_from_who_must_check_it(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision())
    assert_faults(story, tmp_path, "no-primary-identifier",
                  withhold=lambda entry, name: ("A.8", "Registry") if name == "conclusion" else None)  # fmt: skip


def test_a_decision_rests_on_an_unsigned_comparison(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    story.certify(story.decide(unit, missing, [story.compare(unit, missing)]))
    assert_faults(story, tmp_path, "comparison-not-signed", "no-primary-identifier")


def test_a_comparison_is_signed_after_the_decision(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    compared = story.compare(unit, missing)
    story.certify(story.decide(unit, missing, [compared]))
    story.sign_comparison(compared)
    assert_faults(story, tmp_path, "comparison-not-signed", "no-primary-identifier")


def test_a_superseded_comparison_identifies(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    compared = story.compare(unit, missing)
    story.sign_comparison(compared)
    story.log.file(
        "identification.supersede", "identification.Comparison", story.dna, {"state": "superseded"}, record=compared
    )
    story.certify(story.decide(unit, missing, [compared]))
    assert_faults(story, tmp_path, "comparison-changed-since", "no-primary-identifier")


def test_a_decision_rests_on_nothing(story: Story, tmp_path: Path) -> None:
    story.exclude(story.decide(story.unit(), story.missing(), []))
    assert_faults(story, tmp_path, "comparisons-not-stated")


def test_a_decision_rests_on_something_else_than_comparisons(story: Story, tmp_path: Path) -> None:
    unit, missing = story.unit(), story.missing()
    story.exclude(story.decide(unit, missing, [unit]))
    assert_faults(story, tmp_path, "comparison-not-signed")


def test_the_comparisons_of_a_decision_are_withheld(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision())
    assert_faults(story, tmp_path, "comparisons-not-stated",
                  withhold=lambda entry, name: ("A.8", "Registry") if name == "comparisons" else None)  # fmt: skip


def test_a_revocation_of_nothing(story: Story, tmp_path: Path) -> None:
    story.revoke(story.ready_decision())
    assert_faults(story, tmp_path, "nothing-to-revoke")


# --- custody ----------------------------------------------------------------------------------------------------------


def test_a_thing_is_taken_over_from_oneself(story: Story, tmp_path: Path) -> None:
    story.take_over(story.hand_over(story.unit()), by=story.scene)
    assert_faults(story, tmp_path, "took-over-from-oneself")


def test_a_thing_is_taken_over_from_oneself_with_a_second_key(story: Story, tmp_path: Path) -> None:
    again = story.enrol("mortuary", person=story.scene.person)
    story.take_over(story.hand_over(story.unit()), by=again)
    assert_faults(story, tmp_path, "took-over-from-oneself")


def test_a_thing_is_taken_over_twice(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.take_over(transfer)
    story.take_over(transfer, by=story.liaison)
    assert_faults(story, tmp_path, "transfer-is-closed")


def test_a_thing_is_taken_over_that_nobody_handed_over(story: Story, tmp_path: Path) -> None:
    story.log.file("casework.take_over", "casework.Transfer", story.mortuary, {"things": []}, sign=[story.mortuary])
    assert_faults(story, tmp_path, "transfer-is-closed", "kind-is-closed")


def test_a_transfer_is_amended_without_a_signature(story: Story, tmp_path: Path) -> None:
    transfer = story.hand_over(story.unit())
    story.log.file("casework.amend", "casework.Transfer", story.scene, {"things": []}, record=transfer)
    assert_faults(story, tmp_path, "kind-is-closed")
