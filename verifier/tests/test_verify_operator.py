"""Attacks by whoever runs the system: every entry is well-formed, logged, hashed and signed by the log, and breaks a rule.

Each test names the attack and the fault that it must raise, and no other: a report that cries about ten things hides one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import Key, Log, Who, assent_signature, own_signature
from findings import codes
from story import Story


def assert_faults(story: Story, folder: Path, *expected: str, **bundle: Any) -> None:
    """The bundle of the whole log has exactly these faults."""
    assert codes(story.log.bundle(folder / "bundle", story.prosecutor, **bundle)) == set(expected)


def test_a_sound_log_has_no_fault(story: Story, tmp_path: Path) -> None:
    story.tell()
    assert_faults(story, tmp_path)


# --- two signatures ---------------------------------------------------------------------------------------------------


def test_operator_certifies_with_one_signature(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_operator_certifies_with_no_signature(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=decision, signatures=[]
    )
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_three_sign_where_two_must(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board, story.board_too, story.board_third))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_same_person_signs_with_two_keys(story: Story, tmp_path: Path) -> None:
    again = story.enrol("board", person=story.board.person)
    story.certify(story.ready_decision(), (story.board, again))
    assert_faults(story, tmp_path, "same-person-twice")


def test_same_key_signs_twice(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board, story.board))
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_exclusion_with_one_signature(story: Story, tmp_path: Path) -> None:
    story.exclude(story.ready_decision(), (story.board,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_revocation_with_one_signature(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)
    story.revoke(decision, (story.board,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_an_act_without_need_carries_a_signature(story: Story, tmp_path: Path) -> None:
    fields = {"state": "surveyed"}
    story.log.file("graves.survey", "graves.RecoveryUnit", story.scene, fields, sign=[story.scene])
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_an_analyst_sits_on_the_board(story: Story, tmp_path: Path) -> None:
    analyst = story.enrol("analyst")
    story.certify(story.ready_decision(), (story.board, analyst))
    assert_faults(story, tmp_path, "role-may-not-sign")


def test_somebody_but_an_administrator_appoints(story: Story, tmp_path: Path) -> None:
    story.admin = story.scene
    story.enrol("board")
    assert_faults(story, tmp_path, "role-may-not-sign")


def test_a_comparison_is_signed_by_none_of_its_discipline(story: Story, tmp_path: Path) -> None:
    compared = story.compare(story.unit(), story.missing(), discipline="teeth")
    story.sign_comparison(compared, (story.dna, story.dna_too))
    assert_faults(story, tmp_path, "discipline-not-signed")


# --- forged and reused signatures -------------------------------------------------------------------------------------


def test_a_signature_is_forged(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    thief = Who(story.board_too.person, Key(story.log.rng), story.board_too.office, "board")
    leaf = story.log.records[decision].leaf
    forged = {
        **assent_signature(thief, "identification.certify", leaf, decision),
        "key": story.board_too.key.id,
    }
    story.log.file("casework.assent", "casework.Assent", story.board_too, _assent(decision, leaf, forged),
                   sign=[story.board_too])  # fmt: skip
    given = story.assent(story.board, "identification.certify", decision)
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file("identification.certify", "identification.Decision", story.board, fields, record=decision,
                   signatures=[given, forged])  # fmt: skip
    assert_faults(story, tmp_path, "signature-wrong")


def _assent(record: str, leaf: str, signature: dict[str, Any], act: str = "identification.certify") -> dict[str, Any]:
    return {"act": act, "record": record, "leaf": leaf, **signature}


def test_an_assent_to_an_older_version_is_reused(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    old = [story.assent(who, "identification.certify", decision) for who in (story.board, story.board_too)]
    story.log.file("identification.amend", "identification.Decision", story.board, {"reason": "another missing person"},
                   record=decision)  # fmt: skip
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=decision, signatures=old
    )
    assert_faults(story, tmp_path, "signature-wrong", "assent-not-filed")


def test_an_assent_to_an_exclusion_is_used_to_certify(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    given = [story.assent(who, "identification.exclude", decision) for who in (story.board, story.board_too)]
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=decision, signatures=given
    )
    assert_faults(story, tmp_path, "signature-wrong", "assent-not-filed")


def test_an_assent_is_used_for_another_record(story: Story, tmp_path: Path) -> None:
    decision, other = story.ready_decision(), story.ready_decision()
    given = [story.assent(who, "identification.certify", other) for who in (story.board, story.board_too)]
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=decision, signatures=given
    )
    assert_faults(story, tmp_path, "signature-wrong", "assent-not-filed")


def test_an_assent_was_never_filed(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    leaf = story.log.records[decision].leaf
    given = [assent_signature(w, "identification.certify", leaf, decision) for w in (story.board, story.board_too)]
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=decision, signatures=given
    )
    assert_faults(story, tmp_path, "assent-not-filed")


def test_an_assent_is_filed_after_the_act(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    leaf = story.log.records[decision].leaf
    late = assent_signature(story.board_too, "identification.certify", leaf, decision)
    given = story.assent(story.board, "identification.certify", decision)
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file("identification.certify", "identification.Decision", story.board, fields, record=decision,
                   signatures=[given, late])  # fmt: skip
    story.assent(story.board_too, "identification.certify", decision, leaf=leaf)
    assert_faults(story, tmp_path, "assent-not-filed")


def test_an_assent_is_given_in_one_office_and_used_in_another(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    analyst = Who(story.board.person, story.board.key, story.log.uuid(), "analyst")
    story.appoint(analyst)
    given = {**story.assent(analyst, "identification.certify", decision), "office": story.board.office}
    other = story.assent(story.board_too, "identification.certify", decision)
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file("identification.certify", "identification.Decision", story.board, fields, record=decision,
                   signatures=[given, other])  # fmt: skip
    assert_faults(story, tmp_path, "assent-not-filed")


def test_somebody_files_an_assent_of_another(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    leaf = story.log.records[decision].leaf
    theirs = assent_signature(story.board_too, "identification.certify", leaf, decision)
    story.log.file(
        "casework.assent", "casework.Assent", story.scene, _assent(decision, leaf, theirs), sign=[story.scene]
    )
    assert_faults(story, tmp_path, "assent-of-another")


def test_an_assent_holds_no_signature(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.assent(story.board, "identification.certify", decision, sig="bm90IG9uZQ=")
    assert_faults(story, tmp_path, "assent-malformed")


def test_a_signature_is_moved_to_another_entry(story: Story, tmp_path: Path) -> None:
    log = story.log
    entry, openings = log.version("identification.release", "identification.Release", story.mortuary, {"to": "family"})
    other, _ = log.version("identification.release", "identification.Release", story.mortuary, {"to": "nobody"})
    entry["signatures"] = [own_signature(story.mortuary, other)]
    log.append(entry, openings)
    assert_faults(story, tmp_path, "signature-wrong")


def test_one_person_acts_and_another_signs(story: Story, tmp_path: Path) -> None:
    story.log.file(
        "identification.release", "identification.Release", story.mortuary, {"to": "family"}, sign=[story.liaison]
    )
    assert_faults(story, tmp_path, "signer-is-not-the-actor")


# --- keys and offices -------------------------------------------------------------------------------------------------


def test_office_ended_before_the_signature(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    given = [story.assent(who, "identification.certify", decision) for who in (story.board, story.board_too)]
    story.dismiss(story.board_too)
    fields = {"state": "certified", "decided_on": "2026-05-03"}
    story.log.file(
        "identification.certify", "identification.Decision", story.board, fields, record=decision, signatures=given
    )
    assert_faults(story, tmp_path, "office-ended")


def test_office_was_for_a_term_that_is_over(story: Story, tmp_path: Path) -> None:
    who = Who(story.scene.person, story.scene.key, story.log.uuid(), "scene")
    story.appoint(who, until="2026-05-01T00:00:00Z")
    story.scene = who
    story.unit()
    assert_faults(story, tmp_path, "office-ended")


def test_office_for_a_term_holds_until_its_end(story: Story, tmp_path: Path) -> None:
    who = Who(story.scene.person, story.scene.key, story.log.uuid(), "scene")
    story.appoint(who, until="2027-05-01T00:00:00Z")
    story.scene = who
    story.unit()
    assert_faults(story, tmp_path)


def test_a_dismissal_is_dated_into_the_future(story: Story, tmp_path: Path) -> None:
    story.log.file("casework.dismiss", "casework.Office", story.admin, {"until": "2099-01-01T00:00:00Z", "reason": "-"},
                   record=story.scene.office, sign=[story.admin])  # fmt: skip
    story.unit()
    assert_faults(story, tmp_path, "office-ended")


def test_a_dismissed_person_is_taken_back_without_an_appointment(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene)
    story.log.file("casework.dismiss", "casework.Office", story.admin, {"until": None},
                   record=story.scene.office, sign=[story.admin])  # fmt: skip
    story.unit()
    assert_faults(story, tmp_path, "office-ended", "office-not-ended-once")


def test_key_was_retired_before_the_act(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene)
    story.unit()
    assert_faults(story, tmp_path, "key-retired")


def test_a_retired_key_is_revived(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene)
    story.log.file("casework.retire_key", "casework.Key", story.admin, {"retired_at": None, "reason": "found"},
                   record=story.scene.key_record, sign=[story.admin])  # fmt: skip
    story.unit()
    assert_faults(story, tmp_path, "key-retired", "key-not-retired-once")


def test_a_key_that_was_never_enrolled_acts(story: Story, tmp_path: Path) -> None:
    stranger = Who(story.scene.person, Key(story.log.rng), story.scene.office, "scene")
    story.scene = stranger
    story.unit()
    assert_faults(story, tmp_path, "key-unknown")


def test_a_key_is_enrolled_after_it_acted(story: Story, tmp_path: Path) -> None:
    late = Who(story.scene.person, Key(story.log.rng), story.scene.office, "scene", story.log.uuid())
    story.scene = late
    story.unit()
    story.enter_key(late)
    assert_faults(story, tmp_path, "key-unknown")


def test_an_office_that_does_not_exist(story: Story, tmp_path: Path) -> None:
    story.scene.office = story.log.uuid()
    story.unit()
    assert_faults(story, tmp_path, "office-unknown")


def test_a_key_is_used_in_the_office_of_another_person(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (Who("", story.scene.key, story.board.office, "board"), story.board_too))
    assert_faults(story, tmp_path, "key-and-office-of-two")


def test_a_key_record_is_given_to_another_person(story: Story, tmp_path: Path) -> None:
    fields = {"person": story.board.person, "retired_at": "2026-05-01T00:00:00Z"}
    story.log.file("casework.retire_key", "casework.Key", story.admin, fields, record=story.scene.key_record,
                   sign=[story.admin])  # fmt: skip
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_key_record_gets_another_key(story: Story, tmp_path: Path) -> None:
    key = Key(story.log.rng)
    fields = {"public_key": key.public.hex(), "reason": "a better one"}
    story.log.file(
        "casework.enrol", "casework.Key", story.admin, fields, record=story.board.key_record, sign=[story.admin]
    )
    assert_faults(story, tmp_path, "change-not-allowed", "kind-is-closed", "key-not-retired-once")


def test_an_office_is_turned_into_another(story: Story, tmp_path: Path) -> None:
    fields = {"role": "board", "until": "2099-01-01T00:00:00Z"}
    story.log.file(
        "casework.dismiss", "casework.Office", story.admin, fields, record=story.scene.office, sign=[story.admin]
    )
    assert_faults(story, tmp_path, "change-not-allowed")


def test_one_public_key_is_enrolled_for_two_people(story: Story, tmp_path: Path) -> None:
    twin = Who(story.scene.person, story.board.key, story.log.uuid(), "board", story.log.uuid())
    story.enter_key(twin)
    assert_faults(story, tmp_path, "key-in-two-records")


def test_a_key_under_which_anything_is_signed(story: Story, tmp_path: Path) -> None:
    weak = Who(story.scene.person, Key(story.log.rng), story.scene.office, "scene", story.log.uuid())
    weak.key.public = (1).to_bytes(32, "little")
    story.enter_key(weak)
    assert_faults(story, tmp_path, "key-is-no-key")


def test_an_office_is_entered_by_an_act_of_no_weight(story: Story, tmp_path: Path) -> None:
    who = Who(story.scene.person, story.scene.key, story.log.uuid(), "board")
    story.log.file("graves.lift", "casework.Office", story.scene, story.office_fields(who), record=who.office)
    assert_faults(story, tmp_path, "kind-is-closed")


def test_a_key_is_entered_by_an_act_of_no_weight(story: Story, tmp_path: Path) -> None:
    who = Who(story.board.person, Key(story.log.rng), story.board.office, "board", story.log.uuid())
    story.log.file("graves.lift", "casework.Key", story.scene, story.key_fields(who), record=who.key_record)
    assert_faults(story, tmp_path, "kind-is-closed")


def test_an_administrator_appoints_under_the_name_of_another_kind(story: Story, tmp_path: Path) -> None:
    story.log.file("casework.appoint", "graves.Grave", story.admin, {"number": "1"}, sign=[story.admin])
    assert_faults(story, tmp_path, "kind-not-of-this-act")


def test_the_role_of_an_office_is_withheld(story: Story, tmp_path: Path) -> None:
    board = story.board.office
    story.certify(story.ready_decision())
    withhold = lambda entry, name: ("A.2", "Registry") if entry["record"] == board and name == "role" else None  # noqa: E731
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, withhold=withhold))
    assert "field-must-be-open" in found


def test_an_office_says_no_role(story: Story, tmp_path: Path) -> None:
    who = Who(story.scene.person, story.scene.key, story.log.uuid(), "scene")
    story.appoint(who, role=["board", "scene"])
    assert_faults(story, tmp_path, "field-holds-something-else")


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


# --- versions ---------------------------------------------------------------------------------------------------------


def lift(story: Story, record: str, state: str, **more: Any) -> None:
    story.log.file("graves.store", "graves.RecoveryUnit", story.mortuary, {"state": state}, record=record, **more)


def test_a_version_is_skipped(story: Story, tmp_path: Path) -> None:
    lift(story, story.unit(), "stored", version=3)
    assert_faults(story, tmp_path, "version-skipped")


def test_a_version_is_left_out_of_the_bundle(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    lift(story, unit, "examined")
    lift(story, unit, "stored")
    assert_faults(story, tmp_path, "version-skipped",
                  only=lambda entry: not (entry["record"] == unit and entry["version"] == 2))  # fmt: skip


def test_a_record_has_two_histories(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    first = story.log.records[unit]
    lift(story, unit, "examined")
    story.log.records[unit] = first
    lift(story, unit, "lost")
    assert_faults(story, tmp_path, "version-filed-twice")


def test_a_version_names_another_predecessor(story: Story, tmp_path: Path) -> None:
    lift(story, story.unit(), "stored", previous=["0" * 64])
    assert_faults(story, tmp_path, "previous-is-another")


def test_a_record_is_used_for_two_kinds(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.store", "graves.Artefact", story.mortuary, {"state": "stored"}, record=story.unit())
    assert_faults(story, tmp_path, "kind-changed")


def test_a_record_starts_twice(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    del story.log.records[unit]
    story.log.file("graves.lift", "graves.Artefact", story.scene, {"number": "IZ-1-0001-A-7"}, record=unit)
    assert_faults(story, tmp_path, "version-filed-twice", "kind-changed")


# --- entries that look right ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        {"act": "identification.certifу"},  # the last letter is Cyrillic
        {"act": "graves"},
        {"kind": "graves.recoveryunit"},
        {"kind": "graves.Unit\u0000"},
        {"at": "2026-02-30T00:00:00Z"},
        {"at": "2026-05-04T00:00:00+03:00"},
        {"at": "2026-05-0٤T00:00:00Z"},
        {"v": 2},
        {"v": True},
        {"version": True},
        {"version": 0},
        {"record": "00000000-0000-0000-0000-00000000000G"},
        {"record": "ABCDEF00-0000-0000-0000-000000000000"},
        {"actor": "0" * 63},
        {"files": ["sha256:" + "0" * 64, "sha256:" + "0" * 64]},
        {"fields": ["1" * 64, "0" * 64]},
        {"previous": ["0" * 64]},
        {"note": "an extra member"},
        {"signatures": {}},
    ],
    ids=lambda header: ascii(next(iter(header.items()))),
)
def test_an_entry_is_not_of_the_form(story: Story, tmp_path: Path, header: dict[str, Any]) -> None:
    entry, openings = story.log.version("graves.lift", "graves.RecoveryUnit", story.scene, {"number": "1"})
    story.log.append({**entry, **header}, openings)
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_entry_lacks_a_member(story: Story, tmp_path: Path) -> None:
    entry, openings = story.log.version("graves.lift", "graves.RecoveryUnit", story.scene, {"number": "1"})
    del entry["office"]
    story.log.append(entry, openings)
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_entry_is_too_long(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.lift", "graves.RecoveryUnit", story.scene, {f"f{i}": 0 for i in range(1000)})
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_a_version_has_a_field_twice(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    fields = {"state": "examined"}
    story.log.file(
        "mortuary.examine", "graves.RecoveryUnit", story.mortuary, fields, record=unit, twice=[("state", "lost")]
    )
    assert_faults(story, tmp_path, "field-name-twice")


def test_a_field_of_another_record_is_claimed(story: Story, tmp_path: Path) -> None:
    story.unit()
    theirs = story.log.openings[-1][0]
    entry, openings = story.log.version("graves.lift", "graves.RecoveryUnit", story.scene, {"state": "lifted"})
    entry["fields"] = sorted([*entry["fields"], *story.log.entries[-1]["fields"][:1]])
    story.log.append(entry, [*openings, theirs])
    assert "field-of-two-records" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


# --- the bundle that the operator makes -------------------------------------------------------------------------------


def names(entry: dict[str, Any], name: str) -> tuple[str, str] | None:
    return ("B.2", "Trial Chamber") if name == "name" else None


def test_withheld_names_that_are_declared_are_no_fault(story: Story, tmp_path: Path) -> None:
    story.tell()
    assert_faults(story, tmp_path, withhold=names)


def test_redaction_is_not_declared(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "field-not-declared", withhold=names, change_manifest=lambda m: m["withheld"].pop())


def test_redaction_without_a_code(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-without-ground", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(code=" "))  # fmt: skip


def test_redaction_without_an_authority(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-without-ground", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(authority=""))  # fmt: skip


def test_redaction_is_declared_twice(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-twice", withhold=names,
                  change_manifest=lambda m: m["withheld"].append(m["withheld"][0]))  # fmt: skip


def test_redaction_is_declared_for_what_does_not_exist(story: Story, tmp_path: Path) -> None:
    row = {"authority": "X", "code": "B.2", "digest": "0" * 64, "index": 5}
    assert_faults(story, tmp_path, "withheld-what-is-not-there", change_manifest=lambda m: m["withheld"].append(row))


def test_redaction_is_declared_with_another_entry(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-what-is-not-there", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(index=2))  # fmt: skip


def test_what_is_declared_as_withheld_is_shown(story: Story, tmp_path: Path) -> None:
    row = {"authority": "X", "code": "B.2", "digest": story.log.entries[0]["fields"][0], "index": 0}
    assert_faults(story, tmp_path, "withheld-and-shown", change_manifest=lambda m: m["withheld"].append(row))


def test_a_withheld_file_that_is_declared_is_no_fault(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    assert_faults(story, tmp_path, withhold_files={photo: ("B.2", "Trial Chamber")})


def test_a_file_is_withheld_without_saying_so(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    assert_faults(story, tmp_path, "file-not-declared", withhold_files={photo: ("B.2", "Trial Chamber")},
                  change_manifest=lambda m: m["withheld_files"].clear())  # fmt: skip


def test_a_file_is_withheld_and_enclosed(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    row = {"authority": "X", "code": "B.2", "file": f"sha256:{photo}", "index": story.log.size - 1}
    assert_faults(story, tmp_path, "withheld-and-shown", change_manifest=lambda m: m["withheld_files"].append(row))


def test_a_file_is_enclosed_that_no_entry_names(story: Story, tmp_path: Path) -> None:
    stray = story.log.keep(b"planted")
    assert_faults(story, tmp_path, "file-of-no-entry",
                  change_files=lambda files: files.update({f"files/{stray}": b"planted"}))  # fmt: skip


def test_a_redacted_file_is_a_file_of_its_own(story: Story, tmp_path: Path) -> None:
    story.unit()
    original = next(iter(story.log.files))
    redacted = story.log.keep(b"\xff\xd8 with a black box")
    fields = {"of": original, "boxes": 1}
    story.log.file("court.redact", "court.RedactedFile", story.prosecutor, fields, files=[redacted])
    assert_faults(story, tmp_path, withhold_files={original: ("B.2", "Trial Chamber")})


def test_a_file_has_the_name_of_another(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_files=lambda files: files.update({f"files/{photo}": b"forged"})))  # fmt: skip
    assert found == {"file-not-named-by-its-hash", "file-not-declared", "file-of-no-entry"}


Lines = list[dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e, o: e.append(e[-1]), {"entries-out-of-order"}),
        (lambda e, o: e.reverse(), {"entries-out-of-order", "entry-not-there", "opening-without-entry"}),
        (lambda e, o: e[-1].update(index=5), {"entries-out-of-order"}),
        (lambda e, o: e[-1].update(index=10_000), {"entry-beyond-the-log", "entry-not-there", "entry-not-listed"}),
        (lambda e, o: e[-1].update(index=-1), {"entry-malformed", "entry-not-there"}),
        (lambda e, o: e[-1]["proof"].pop(), {"proof-malformed"}),
        (lambda e, o: e[-1]["proof"].append(e[-1]["proof"][0]), {"proof-malformed"}),
        (lambda e, o: e[-1]["proof"].reverse(), {"entry-not-in-the-log"}),
        (lambda e, o: e[-1].update(proof=[1, 2]), {"entry-malformed"}),
        (lambda e, o: e[-1].update(proof="no"), {"entry-malformed"}),
        (lambda e, o: e[-1].update(more=1), {"entry-malformed"}),
        (lambda e, o: o.append(o[-1]), {"openings-out-of-order", "opening-repeated"}),
        (lambda e, o: o[-1]["openings"].append(o[-1]["openings"][0]), {"opening-repeated"}),
        (lambda e, o: o[-1]["openings"].append(["0" * 64, "state", 1]), {"opening-of-nothing"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(2, "forged"), {"opening-of-nothing", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(0, "short"), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(1, "stаte"), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].append(1), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1].update(index=10_000), {"opening-without-entry", "field-not-declared"}),
        (lambda e, o: o[-1].update(openings=[]), {"opening-malformed", "field-not-declared"}),
    ],
)  # fmt: skip
def test_the_lines_of_the_log_are_tampered_with(
    story: Story, tmp_path: Path, change: Callable[[Lines, Lines], None], expected: set[str]
) -> None:
    story.unit()
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=change))
    assert expected <= found


def test_an_opening_stands_with_a_later_entry(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    lift(story, unit, "stored")

    def move(entries: Lines, openings: Lines) -> None:
        openings[-1]["openings"].append(openings[-2]["openings"].pop(0))

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=move))
    assert found == {"opening-with-a-later-entry", "field-not-declared"}


def test_entries_of_another_log_are_mixed_in(story: Story, tmp_path: Path) -> None:
    other = Story(seed=2)
    other.unit()
    story.unit()

    def mix(entries: Lines, openings: Lines) -> None:
        entries[-1]["entry"] = other.log.entries[-1]

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=mix))
    assert {"entry-not-in-the-log", "key-unknown", "office-unknown"} <= found


# --- the receipt ------------------------------------------------------------------------------------------------------


def test_the_receipt_is_for_another_manifest(story: Story, tmp_path: Path) -> None:
    fields = {"manifest_sha256": "0" * 64, "number": "BND-000001", "reason": ""}
    assert_faults(story, tmp_path, "manifest-not-of-this-receipt", receipt_fields=fields)


def test_the_receipt_says_nothing_of_a_manifest(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-not-of-this-receipt", receipt_fields={"number": "BND-000001"})


def test_the_receipt_is_of_another_act(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_receipt=lambda r: r.update(act="court.disclose")))  # fmt: skip
    assert {"receipt-of-another-act", "signatures-not-as-many"} <= found


def test_the_receipt_names_files_that_nobody_gets(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "receipt-names-files",
                  change_receipt=lambda r: r.update(files=["sha256:" + "0" * 64]))  # fmt: skip


def test_a_mortuary_assistant_files_a_bundle(story: Story, tmp_path: Path) -> None:
    assert codes(story.log.bundle(tmp_path / "bundle", story.mortuary)) == {"role-may-not-sign"}


def test_the_receipt_hides_a_field(story: Story, tmp_path: Path) -> None:
    def hide(receipt: dict[str, Any]) -> None:
        receipt["fields"] = sorted([*receipt["fields"], "0" * 64])

    assert_faults(story, tmp_path, "receipt-not-opened", change_receipt=hide)


def test_the_manifest_counts_fewer_entries(story: Story, tmp_path: Path) -> None:
    story.unit()
    assert_faults(story, tmp_path, "entry-not-listed", change_manifest=lambda m: m["entries"].pop())


def test_the_manifest_claims_another_size(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-differs", "receipt-not-the-next-entry",
                  change_manifest=lambda m: m.update(size=m["size"] - 1))  # fmt: skip


def test_the_manifest_claims_another_log(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(origin="other.example/log"))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(v=2),
        lambda m: m.update(v=True),
        lambda m: m.update(extra=1),
        lambda m: m.pop("purpose"),
        lambda m: m.update(purpose=" "),
        lambda m: m.update(entries=[0, 0]),
        lambda m: m.update(entries=[1, 0]),
        lambda m: m.update(entries=["0"]),
        lambda m: m["files"].reverse(),
        lambda m: m["files"].append(m["files"][-1]),
        lambda m: m["files"][0].update(bytes=-1),
        lambda m: m["files"][0].update(bytes="1"),
        lambda m: m["files"][0].update(sha256="0"),
        lambda m: m["files"][0].update(path=1),
        lambda m: m.update(made_at="yesterday"),
        lambda m: m.update(investigation="IZ"),
        lambda m: m.update(withheld=[{"code": "B.2"}]),
        lambda m: m.update(withheld_files=[{"code": "B.2"}]),
    ],
)
def test_the_manifest_is_not_of_the_form(
    story: Story, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    assert_faults(story, tmp_path, "manifest-malformed", change_manifest=change)


def test_the_log_was_rolled_back(story: Story, tmp_path: Path) -> None:
    """The receipt comes from a log in which another history stands below it."""
    story.unit()
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    other = Story()
    other.missing()
    again = other.log.bundle(tmp_path / "other", other.prosecutor)
    for name in ("receipt/proof", "receipt/consistency"):
        (bundle / name).write_bytes((again / name).read_bytes())
    assert codes(bundle) == {"log-was-rewritten", "entry-not-in-the-log"}


def test_one_log_bears_two_histories_under_one_key_and_each_alone_is_sound(tmp_path: Path) -> None:
    """What no verifier can see, as docs/ledger-format.md says: only the comparison of two bundles shows it."""
    one, two = Story(), Story()
    one.unit()
    two.missing()
    assert_faults(one, tmp_path / "one")
    assert_faults(two, tmp_path / "two")


def test_a_log_of_the_same_seed_is_the_same_log() -> None:
    assert Story().tell().leaves() == Story().tell().leaves()
    assert isinstance(Story().log, Log)
