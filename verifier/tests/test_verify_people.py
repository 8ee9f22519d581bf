"""Who may act: keys and offices (docs/ledger-format.md, "People"), sentence by sentence.

Each forgery has the fault that it must raise, and no other; its honest neighbour verifies.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builder import Key, Who, standard
from findings import assert_faults, codes, withholding
from room import digest
from story import Story

P = 2**255 - 19


def acts_as(story: Story, who: Who) -> None:
    """Somebody files a routine act."""
    story.log.file("graves.register_unit", "graves.RecoveryUnit", who, {"grave": story.grave})


# --- keys --------------------------------------------------------------------------------------------------------------


def test_a_key_that_was_never_enrolled_acts(story: Story, tmp_path: Path) -> None:
    acts_as(story, story.scene)
    assert_faults(story, tmp_path / "honest")
    acts_as(story, story.scene.with_key(Key(story.log.rng)))
    assert_faults(story, tmp_path / "forged", "key-unknown")


def test_a_key_is_enrolled_after_it_acted(story: Story, tmp_path: Path) -> None:
    late = replace(story.scene, key=Key(story.log.rng), key_record=story.log.uuid())
    story.log.file("casework.deliver", "casework.Delivery", late)
    story.enter_key(late)
    assert_faults(story, tmp_path, "key-unknown")


def test_a_key_signs_its_own_retirement(story: Story, tmp_path: Path) -> None:
    """Whoever's key was stolen stops it with that key; the last administrator would lock everybody out."""
    story.retire(story.scene)
    story.retire_own(story.board)
    story.retire_own(story.admin_too)
    assert_faults(story, tmp_path / "honest")
    story.retire_own(story.admin)
    assert_faults(story, tmp_path / "forged", "key-retires-itself")


def test_somebody_retires_the_key_of_another(story: Story, tmp_path: Path) -> None:
    story.retire_own(replace(story.board, key_record=story.board_too.key_record))
    assert_faults(story, tmp_path, "rule-actor-is")


def test_a_stolen_key_signs_nothing_after_its_owner_stopped_it(story: Story, tmp_path: Path) -> None:
    story.retire_own(story.scene)
    acts_as(story, story.scene)
    assert_faults(story, tmp_path, "key-retired")


# --- two administrators -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "board", "dna_examiner", "print_examiner", "mortuary"])
def test_one_administrator_appoints_to_an_office_of_weight(story: Story, tmp_path: Path, role: str) -> None:
    other = story.stranger(role, person=story.scene.person)
    story.appoint(other)
    assert_faults(story, tmp_path / "honest")
    third = story.stranger(role, person=story.liaison.person)
    story.propose_office(third, state="in_force")
    assert_faults(story, tmp_path / "forged", "rule-holds")


def test_an_appointment_is_put_in_force_by_one(story: Story, tmp_path: Path) -> None:
    story.appoint(story.stranger("board", person=story.scene.person), [story.admin])
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_an_appointment_is_put_in_force_by_one_administrator_with_two_offices(story: Story, tmp_path: Path) -> None:
    again = story.in_office(story.admin_too, "administrator")
    story.appoint(story.stranger("board", person=story.scene.person), [story.admin_too, again])
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_appointment_is_put_in_force_by_one_who_is_no_administrator(story: Story, tmp_path: Path) -> None:
    story.appoint(story.stranger("board", person=story.scene.person), [story.board, story.admin])
    assert_faults(story, tmp_path, "role-may-not-sign")


def test_an_administrator_agrees_to_their_own_appointment(story: Story, tmp_path: Path) -> None:
    story.appoint(story.stranger("board", person=story.admin_too.person), [story.admin_too, story.admin])
    assert_faults(story, tmp_path, "rule-actor-is-not")


def test_somebody_acts_in_an_office_that_is_only_proposed(story: Story, tmp_path: Path) -> None:
    early = replace(story.stranger("scene", person=story.scene.person), key=story.scene.key)
    story.propose_office(early)
    acts_as(story, early)
    assert_faults(story, tmp_path, "not-put-in-force")


def test_somebody_acts_with_a_key_that_is_only_proposed(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene)
    early = replace(story.stranger("scene", person=story.scene.person), office=story.scene.office)
    story.enter_key(early)
    acts_as(story, early)
    assert_faults(story, tmp_path, "not-put-in-force")


def test_one_administrator_gives_somebody_another_key(story: Story, tmp_path: Path) -> None:
    story.retire(story.board)
    story.enter_key(story.stranger("board", person=story.board.person), state="in_force")
    assert_faults(story, tmp_path, "rule-only-one")


def test_two_administrators_give_somebody_a_second_key(story: Story, tmp_path: Path) -> None:
    second = story.stranger("board", person=story.board.person)
    story.enter_key(second)
    story.put_in_force(second.key_record)
    assert_faults(story, tmp_path, "rule-only-one")


def test_a_withdrawn_proposal_is_put_in_force(story: Story, tmp_path: Path) -> None:
    other = story.stranger("board", person=story.scene.person)
    story.propose_office(other)
    story.withdraw(other.office)
    assert_faults(story, tmp_path / "honest")
    story.put_in_force(other.office)
    assert_faults(story, tmp_path / "forged", "move-not-allowed")


def test_in_a_trial_one_administrator_is_enough(tmp_path: Path) -> None:
    story = Story(founders=1)
    story.appoint(story.stranger("board", person=story.scene.person), [story.admin])
    assert_faults(story, tmp_path)


def test_in_a_trial_a_board_decides_by_two_all_the_same(tmp_path: Path) -> None:
    story = Story(founders=1)
    story.certify(story.ready_decision(), [story.board])
    assert "signatures-not-as-many" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_office_is_held_from_another_time_on(story: Story, tmp_path: Path) -> None:
    story.in_office(story.board, "analyst", since="2030-01-01T00:00:00Z")
    assert_faults(story, tmp_path, "field-holds-something-else")


def test_two_people_file_in_one_filing(story: Story, tmp_path: Path) -> None:
    """What stands at a lower index stands there, in the same filing too; but a filing is one person's."""
    again = replace(story.admin, key=Key(story.log.rng), key_record=story.log.uuid())
    with story.log.filing():
        story.enter_key(again)
        story.log.file("casework.deliver", "casework.Delivery", again)
    assert_faults(story, tmp_path, "not-of-one-filing", "not-put-in-force")


def test_a_key_was_retired_before_the_act(story: Story, tmp_path: Path) -> None:
    acts_as(story, story.scene)
    story.retire(story.scene)
    assert_faults(story, tmp_path / "honest")
    acts_as(story, story.scene)
    assert_faults(story, tmp_path / "forged", "key-retired")


def test_a_retired_key_is_revived(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene)
    story.retire(story.scene, retired_at=None, reason="found")
    acts_as(story, story.scene)
    assert_faults(story, tmp_path, "key-retired", "key-not-retired-once", "rule-held", "rule-holds")


def test_a_key_is_retired_twice(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene)
    story.retire(story.scene, retired_at="2024-05-20T00:00:00Z")
    assert_faults(story, tmp_path, "key-not-retired-once", "rule-held")


def test_a_key_is_changed_and_not_retired(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene, retired_at=None, reason="a note")
    assert_faults(story, tmp_path, "key-not-retired-once", "rule-holds")


def test_a_key_is_enrolled_as_retired(story: Story, tmp_path: Path) -> None:
    late = story.stranger("scene", person=story.scene.person)
    story.enter_key(late, retired_at="2024-05-01T00:00:00Z")
    assert_faults(story, tmp_path, "not-blank-at-birth")


def test_a_key_record_is_given_to_another_person(story: Story, tmp_path: Path) -> None:
    story.retire(story.scene, person=story.board.person)
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_key_record_gets_another_key(story: Story, tmp_path: Path) -> None:
    fields = {"public_key": Key(story.log.rng).public.hex(), "reason": "a better one"}
    story.change("casework.enrol", story.board.key_record, story.admin, fields)
    assert_faults(story, tmp_path, "act-changes-none-of-this-kind", "key-not-possessed", "key-not-retired-once")


def test_one_public_key_is_enrolled_for_two_people(story: Story, tmp_path: Path) -> None:
    story.enter_key(story.stranger("board", person=story.scene.person).with_key(story.board.key))
    assert_faults(story, tmp_path, "key-in-two-records")


def test_one_public_key_is_enrolled_twice_for_one_person(story: Story, tmp_path: Path) -> None:
    story.enter_key(replace(story.board, key_record=story.log.uuid()))
    assert_faults(story, tmp_path, "key-in-two-records")


def test_a_key_enrolled_twice_is_retired_in_one_record(story: Story, tmp_path: Path) -> None:
    """The other record does not keep it in force, and the first one counts."""
    story.enter_key(replace(story.scene, key_record=story.log.uuid()))
    story.retire(story.scene)
    acts_as(story, story.scene)
    assert_faults(story, tmp_path, "key-in-two-records", "key-retired")


def test_somebody_enrols_a_key_that_they_do_not_hold(story: Story, tmp_path: Path) -> None:
    stolen = Key(story.log.rng).public.hex()
    thief = story.stranger("board", person=story.scene.person)
    story.enter_key(thief)
    assert_faults(story, tmp_path / "honest")
    story.enter_key(replace(thief, key_record=story.log.uuid()), public_key=stolen)
    assert_faults(story, tmp_path / "forged", "key-not-possessed")


@pytest.mark.parametrize("what", ["person", "log", "key"])
def test_a_proof_of_possession_is_of_something_else(story: Story, tmp_path: Path, what: str) -> None:
    """A proof made for another person, in another log, or for another key."""
    late = story.stranger("scene", person=story.scene.person)
    other = Story(seed=2)
    source = {"person": replace(late, person=story.board.person), "log": late, "key": late.with_key(Key(story.log.rng))}
    by = other if what == "log" else story
    story.enter_key(late, possession=by.key_fields(source[what])["possession"])
    assert_faults(story, tmp_path, "key-not-possessed")


@pytest.mark.parametrize(
    ("possession", "expected"),
    [
        ("", {"field-holds-something-else", "key-not-possessed"}),
        (" ", {"field-holds-something-else", "key-not-possessed"}),
        ("x", {"assent-malformed"}),
        ("QQ", {"assent-malformed"}),
        ("AA==\n", {"assent-malformed"}),
        ("AA==", {"key-not-possessed"}),
    ],
)
def test_a_proof_of_possession_is_no_signature(
    story: Story, tmp_path: Path, possession: str, expected: set[str]
) -> None:
    story.enter_key(story.stranger("scene", person=story.scene.person), possession=possession)
    assert_faults(story, tmp_path, *expected)


def off_the_curve() -> bytes:
    """The lowest y at which the curve has no point: (y² - 1) / (d y² + 1) is no square."""
    d = -121665 * pow(121666, -1, P) % P
    return next(
        y.to_bytes(32, "little")
        for y in range(2, 100)
        if pow((y * y - 1) * pow(d * y * y + 1, -1, P) % P, (P - 1) // 2, P) == P - 1
    )


@pytest.mark.parametrize(
    "public",
    [
        pytest.param((1).to_bytes(32, "little"), id="the identity"),
        pytest.param(bytes(32), id="order four"),
        pytest.param((P - 1).to_bytes(32, "little"), id="order two"),
        pytest.param((P + 1).to_bytes(32, "little"), id="the identity, spelt otherwise"),
        pytest.param((P + 3).to_bytes(32, "little"), id="a point, spelt otherwise"),
        pytest.param(off_the_curve(), id="no point"),
    ],
)
@pytest.mark.parametrize("of", ["person", "session"])
def test_a_key_that_is_none(story: Story, tmp_path: Path, public: bytes, of: str) -> None:
    if of == "person":
        story.enter_key(story.stranger("scene", person=story.scene.person), public_key=public.hex())
    else:
        story.begin_work(story.scene, public_key=public.hex())
    assert_faults(story, tmp_path, "key-is-no-key")


@pytest.mark.parametrize("public", ["", "zz" * 32, "AB" * 32, "ab" * 31, "ab" * 33])
@pytest.mark.parametrize("of", ["person", "session"])
def test_a_key_of_another_length_or_alphabet(story: Story, tmp_path: Path, public: str, of: str) -> None:
    if of == "person":
        story.enter_key(story.stranger("scene", person=story.scene.person), public_key=public)
    else:
        story.begin_work(story.scene, public_key=public)
    assert_faults(story, tmp_path, "field-holds-something-else")


def test_the_public_key_is_withheld(story: Story, tmp_path: Path) -> None:
    hidden = withholding(story.scene.key_record, "public_key")
    assert_faults(story, tmp_path, "field-must-be-open", "key-unknown", withhold=hidden)


# --- offices -----------------------------------------------------------------------------------------------------------


def test_an_office_that_does_not_exist(story: Story, tmp_path: Path) -> None:
    acts_as(story, replace(story.scene, office=story.log.uuid()))
    assert_faults(story, tmp_path, "office-unknown")


def test_an_office_is_entered_after_the_act(story: Story, tmp_path: Path) -> None:
    late = replace(story.board, office=story.log.uuid(), role="scene")
    acts_as(story, late)
    story.appoint(late)
    assert_faults(story, tmp_path, "office-unknown")


def test_an_office_ended_before_the_act(story: Story, tmp_path: Path) -> None:
    acts_as(story, story.scene)
    story.dismiss(story.scene)
    assert_faults(story, tmp_path / "honest")
    acts_as(story, story.scene)
    assert_faults(story, tmp_path / "forged", "office-ended")


def test_a_dismissal_is_dated_into_the_future(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene, until="2099-01-01T00:00:00Z")
    acts_as(story, story.scene)
    assert_faults(story, tmp_path, "office-ended")


def test_a_dismissed_person_is_taken_back_without_an_appointment(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene)
    story.dismiss(story.scene, until=None)
    acts_as(story, story.scene)
    assert_faults(story, tmp_path, "office-ended", "office-not-ended-once", "rule-held", "rule-holds")


def test_an_office_is_ended_twice(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene)
    story.dismiss(story.scene, until="2024-05-20T00:00:00Z")
    assert_faults(story, tmp_path, "office-not-ended-once", "rule-held")


def test_a_dismissal_ends_nothing(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene, until=None, reason="a note")
    assert_faults(story, tmp_path, "office-not-ended-once", "rule-holds")


def test_an_office_is_turned_into_another(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene, role="board")
    assert_faults(story, tmp_path, "change-not-allowed")


def test_an_office_is_given_to_another(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.scene, person=story.board.person)
    assert_faults(story, tmp_path, "change-not-allowed")


def for_a_term() -> Any:
    """A constitution by which an appointment may state its end."""
    rules = standard()
    rules["acts"]["casework.appoint"]["files"]["casework.Office"]["new"]["blank"] = []
    return rules


def test_an_appointment_states_its_end(story: Story, tmp_path: Path) -> None:
    story.in_office(story.scene, "mortuary", until="2024-06-01T00:00:00Z")
    assert_faults(story, tmp_path, "not-blank-at-birth")


@pytest.mark.parametrize(
    ("until", "at", "expected"),
    [
        ("2024-05-02T00:00:00Z", "2024-05-01T23:59:59Z", set()),
        ("2024-05-02T00:00:00Z", "2024-05-02T00:00:00Z", {"office-ended"}),
        ("2024-05-02T00:00:00Z", "2024-05-02T00:00:01Z", {"office-ended"}),
    ],
)
def test_an_office_for_a_term(tmp_path: Path, until: str, at: str, expected: set[str]) -> None:
    story = Story(constitution=for_a_term())
    who = story.in_office(story.board, "scene", until=until)
    story.log.wait(days=2)
    story.log.file("casework.deliver", "casework.Delivery", who, at=at)
    assert_faults(story, tmp_path, *expected, accept=digest(for_a_term()))


def test_an_office_is_dismissed_before_its_term(tmp_path: Path) -> None:
    story = Story(constitution=for_a_term())
    who = story.in_office(story.board, "scene", until="2024-05-30T00:00:00Z")
    acts_as(story, who)
    assert_faults(story, tmp_path / "honest", accept=digest(for_a_term()))
    story.dismiss(who, until="2024-05-29T00:00:00Z")
    acts_as(story, who)
    found = codes(story.log.bundle(tmp_path / "forged", story.prosecutor), constitution=digest(for_a_term()))
    assert found == {"office-ended", "rule-held"}


def test_an_ended_term_is_prolonged(tmp_path: Path) -> None:
    """A later version that states a later end does not bring the office back."""
    rules = for_a_term()
    rules["acts"]["casework.prolong"] = {
        "assents": 0, "offices": ["administrator"], "signed_by": "person",
        "files": {"casework.Office": {"change": {"fields": ["until", "reason"], "moves": {}, "rules": []}}},
    }  # fmt: skip
    story = Story(constitution=rules)
    who = story.in_office(story.board, "scene", until="2024-05-01T00:00:01Z")
    story.log.wait(days=1)
    story.change("casework.prolong", who.office, story.admin, {"until": "2024-06-01T00:00:00Z"})
    acts_as(story, who)
    assert_faults(story, tmp_path, "office-ended", accept=digest(rules))


def test_a_key_is_used_in_the_office_of_another_person(story: Story, tmp_path: Path) -> None:
    acts_as(story, replace(story.board, office=story.scene.office))
    assert_faults(story, tmp_path, "key-and-office-of-two")


def test_an_office_that_may_not_do_this(story: Story, tmp_path: Path) -> None:
    acts_as(story, story.in_office(story.board, "scene"))
    assert_faults(story, tmp_path / "honest")
    acts_as(story, story.board)
    assert_faults(story, tmp_path / "forged", "role-may-not-act")


def test_somebody_but_an_administrator_appoints(story: Story, tmp_path: Path) -> None:
    honest, story.admin = story.admin, story.scene
    story.in_office(story.board, "scene")
    story.admin = honest
    assert_faults(story, tmp_path, "role-may-not-act")


def test_an_administrator_appoints_themselves(story: Story, tmp_path: Path) -> None:
    other = story.enrol("administrator")
    own, story.admin = story.admin, other
    story.in_office(own, "board")
    assert_faults(story, tmp_path / "honest")
    story.in_office(other, "board")
    assert_faults(story, tmp_path / "forged", "rule-actor-is-not")


def test_the_last_administrator_is_dismissed(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.admin_too)
    assert_faults(story, tmp_path / "honest")
    story.dismiss(story.admin)
    assert_faults(story, tmp_path / "forged", "rule-another")


@pytest.mark.parametrize("act", ["graves.lift", "identification.compare", "casework.enrol"])
@pytest.mark.parametrize("kind", ["casework.Office", "casework.Key", "casework.SessionKey", "casework.Person"])
def test_somebody_is_entered_by_an_act_of_no_weight(story: Story, tmp_path: Path, act: str, kind: str) -> None:
    who = story.stranger("scene", person=story.scene.person)
    fields = {"casework.Office": story.office_fields(who), "casework.Key": story.key_fields(who) | {"state": "proposed"},
              "casework.Person": {}}.get(kind)  # fmt: skip
    by = {"graves.lift": story.scene, "identification.compare": story.dna, "casework.enrol": story.admin}[act]
    if fields is None:
        fields = {"person": by.person, "delegated_by": by.key_record, "public_key": who.key.public.hex()}
    story.log.file(act, kind, by, fields)
    honest = act == "casework.enrol" and kind in ("casework.Key", "casework.Person")
    assert_faults(story, tmp_path, *([] if honest else ["act-makes-none-of-this-kind"]))


def test_the_role_of_an_office_is_withheld(story: Story, tmp_path: Path) -> None:
    hidden = withholding(story.board_third.office, "role")
    assert_faults(story, tmp_path, "field-must-be-open", withhold=hidden)


@pytest.mark.parametrize("role", [["board", "scene"], None, True, "Board", "bоard", "board ", "chief"])
def test_an_office_says_no_role(story: Story, tmp_path: Path, role: Any) -> None:
    story.propose_office(story.stranger("scene", person=story.scene.person), role=role)
    assert_faults(story, tmp_path, "value-not-of-its-type", "field-holds-something-else")
