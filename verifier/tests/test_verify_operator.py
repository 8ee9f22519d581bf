"""Attacks by whoever runs the system: every entry is well-formed, logged, hashed and signed by the log, and breaks a rule.

Each test names the attack and the fault that it must raise, and no other: a report that cries about ten things hides one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import Key, Who, assent_signature, own_signature
from findings import assert_faults, codes
from story import Story


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
    story.log.file("graves.register_unit", "graves.RecoveryUnit", story.scene, fields, sign=[story.scene])
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


@pytest.mark.parametrize(("second", "expected"), [("00", ["office-ended"]), ("01", [])])
def test_office_that_ends_in_the_same_second_is_over(
    story: Story, tmp_path: Path, second: str, expected: list[str]
) -> None:
    """ "Until" is the first moment at which it is no longer held; a second before, it is."""
    who = Who(story.scene.person, story.scene.key, story.log.uuid(), "scene")
    number = story.log.size + 1  # of the entry after the appointment; the story files one a minute
    story.appoint(who, until=f"2026-05-01T{number // 60:02}:{number % 60:02}:{second}Z")
    story.scene = who
    story.unit()
    assert story.log.entries[number]["at"].endswith(f"{number % 60:02}:00Z")
    assert_faults(story, tmp_path, *expected)


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
