"""Attacks by whoever runs the system on signatures and assents: every hash and checkpoint is in order, one rule broken.

Each test names the attack and the fault that it must raise, and no other: a report that cries about ten things hides one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import Key, assent_message, b64, entry_message, signed
from findings import assert_faults, codes, without
from story import Story

CERTIFY, DECISION = "identification.certify", "identification.Decision"


def file_certificate(story: Story, decision: str, assents: list[dict[str, Any]], **more: Any) -> None:
    story.change(CERTIFY, decision, story.board, story.certificate_fields(), assents=assents, **more)


# --- whose signature ---------------------------------------------------------------------------------------------------


def test_a_signature_is_forged(story: Story, tmp_path: Path) -> None:
    """The operator knows a person's public key, and signs with another."""
    story.log.file("casework.deliver", "casework.Delivery", story.scene, sign_with=Key(story.log.rng))
    assert_faults(story, tmp_path, "signature-wrong")


@pytest.mark.parametrize("signature", ["", "AA==", b64(bytes(63)), b64(bytes(65)), "not base64", None, 5, ["A"]])
def test_a_signature_is_none(story: Story, tmp_path: Path, signature: Any) -> None:
    story.log.file("casework.deliver", "casework.Delivery", story.scene, signature=signature)
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_a_signature_of_zeros(story: Story, tmp_path: Path) -> None:
    story.log.file("casework.deliver", "casework.Delivery", story.scene, signature=b64(bytes(64)))
    assert_faults(story, tmp_path, "signature-wrong")


def test_a_signature_is_moved_to_another_entry(story: Story, tmp_path: Path) -> None:
    log = story.log
    log.file("casework.deliver", "casework.Delivery", story.scene)
    log.file("casework.deliver", "casework.Delivery", story.scene, signature=log.entries[-1]["signature"])
    assert_faults(story, tmp_path, "signature-wrong")


COVERED = {
    "act": "graves.open_site",
    "at": "2024-05-20T00:00:00Z",
    "files": ["sha256:" + "0" * 64],
    "kind": "graves.Grave",
    "record": "00000000-0000-4000-8000-000000000000",
    "log": "0" * 64,
    "base": {"root": "0" * 64, "size": 0},
}


@pytest.mark.parametrize("name", COVERED)
def test_the_operator_changes_what_was_signed(story: Story, tmp_path: Path, name: str) -> None:
    log = story.log
    log.file("casework.deliver", "casework.Delivery", story.scene)
    log.entries[-1] = {**log.entries[-1], name: COVERED[name]}
    log.rebuild()
    assert "signature-wrong" in codes(log.bundle(tmp_path / "bundle", story.prosecutor))


def test_the_operator_changes_what_a_field_says(story: Story, tmp_path: Path) -> None:
    """They hold the log's key, and put a new digest into the entry; what they do not hold is the key of who signed it."""
    log = story.log
    record = log.file("casework.deliver", "casework.Delivery", story.scene, {"form": "a table"})
    entry, openings = log.version(
        "casework.deliver", "casework.Delivery", story.scene, {"form": "another"}, record=record
    )
    true = log.entries[-1]
    log.entries[-1] = {**true, "fields": entry["fields"]}
    log.openings[-1] = openings
    log.rebuild()
    assert_faults(story, tmp_path, "signature-wrong")


@pytest.mark.parametrize("change", [
    lambda entry: entry_message(entry).replace(b"v2", b"v1", 1),
    lambda entry: entry_message(entry).removeprefix(b"dokaz entry v2\n"),
    lambda entry: entry_message(entry)[:-1] + b',"note":1}',
    lambda entry: entry_message({name: value for name, value in entry.items() if name != "assents"}),
    lambda entry: b"dokaz assent v2\n" + entry_message(entry).removeprefix(b"dokaz entry v2\n"),
], ids=["version", "bare", "more", "less", "assent"])  # fmt: skip
def test_another_message_was_signed(story: Story, tmp_path: Path, change: Any) -> None:
    entry, openings = story.log.version("casework.deliver", "casework.Delivery", story.scene, {})
    story.log.append({**entry, "signature": story.scene.key.sign(change(entry))}, openings)
    assert_faults(story, tmp_path, "signature-wrong")


def test_an_assent_is_taken_out_after_the_actor_signed(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision())
    log = story.log
    log.entries[-1] = {**log.entries[-1], "assents": log.entries[-1]["assents"][:1]}
    log.rebuild()
    assert_faults(story, tmp_path, "signatures-not-as-many", "signature-wrong")


def test_a_whole_history_is_signed_anew_by_the_operator(story: Story, tmp_path: Path) -> None:
    """Dropping an entry in the middle changes every base after it: people signed on the log as it was."""
    log = story.log
    story.missing()
    story.unit()
    story.missing()
    at = next(i for i, entry in enumerate(log.entries) if entry["kind"] == "missing.MissingPerson")
    del log.entries[at], log.openings[at]
    log.rebuild()
    found = codes(log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"base-not-of-this-log", "base-is-later"} & found


# --- how many, and who -------------------------------------------------------------------------------------------------


def test_two_board_members_certify(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision())
    assert_faults(story, tmp_path)


def test_operator_certifies_with_one_assent(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_operator_certifies_with_no_assent(story: Story, tmp_path: Path) -> None:
    file_certificate(story, story.ready_decision(), [])
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_three_assent_where_two_must(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board, story.board_too, story.board_third))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_same_person_assents_with_two_keys(story: Story, tmp_path: Path) -> None:
    ready = story.ready_decision()
    again = story.enrol("board", person=story.board.person)
    story.certify(ready, (story.board, again))
    assert_faults(story, tmp_path, "same-person-twice", "key-retired")


def test_same_key_assents_twice(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board, story.board))
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_same_key_assents_in_two_offices(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.board, story.in_office(story.board, "board")))
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


@pytest.mark.parametrize("act", ["exclude", "revoke", "certify"])
def test_one_alone_decides(story: Story, tmp_path: Path, act: str) -> None:
    decision = story.certified() if act == "revoke" else story.ready_decision(
        question="exclude" if act == "exclude" else "identify")  # fmt: skip
    getattr(story, act)(decision, (story.board,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_one_alone_signs_a_comparison(story: Story, tmp_path: Path) -> None:
    story.sign_comparison(story.compare(story.unit(), story.missing()), (story.dna,))
    assert_faults(story, tmp_path, "signatures-not-as-many")


def test_an_act_without_need_carries_an_assent(story: Story, tmp_path: Path) -> None:
    unit = story.registered()
    given = story.assent(story.scene, "graves.lift", unit)
    story.lift(unit)
    assert_faults(story, tmp_path / "honest")
    unit = story.registered()
    given = story.assent(story.scene, "graves.lift", unit)
    fields = {"state": "lifted", "holder": story.scene.person}
    story.change("graves.lift", unit, story.scene, fields, assents=[given])
    assert_faults(story, tmp_path / "forged", "signatures-not-as-many")


def test_an_analyst_sits_on_the_board(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), (story.enrol("analyst"), story.board))
    assert_faults(story, tmp_path, "role-may-not-sign")


def test_an_analyst_files_what_the_board_agreed_to(story: Story, tmp_path: Path) -> None:
    decision, analyst = story.ready_decision(), story.enrol("analyst")
    given = story.assents(CERTIFY, decision, story.board, story.board_too)
    story.change(CERTIFY, decision, analyst, story.certificate_fields(), assents=given)
    assert_faults(story, tmp_path, "role-may-not-act")


def test_a_third_member_files_what_two_agreed_to(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    given = story.assents(CERTIFY, decision, story.board, story.board_too)
    story.change(CERTIFY, decision, story.board_third, story.certificate_fields(), assents=given)
    assert_faults(story, tmp_path)


def test_the_key_of_a_session_assents(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.board_too)
    story.certify(story.ready_decision(), (session, story.board))
    assert_faults(story, tmp_path, "not-signed-in-person", "key-unknown")


def test_somebody_assents_in_the_office_of_another(story: Story, tmp_path: Path) -> None:
    stolen = story.board.with_key(story.scene.key)
    story.certify(story.ready_decision(), (stolen, story.board_too))
    assert_faults(story, tmp_path, "key-and-office-of-two")


def test_an_office_ended_before_the_act(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    given = story.assents(CERTIFY, decision, story.board, story.board_too)
    story.dismiss(story.board_too)
    file_certificate(story, decision, given)
    assert_faults(story, tmp_path, "office-ended")


def test_a_key_was_retired_before_the_act(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    given = story.assents(CERTIFY, decision, story.board, story.board_too)
    story.retire(story.board_too)
    file_certificate(story, decision, given)
    assert_faults(story, tmp_path, "key-retired")


def test_what_was_decided_stays_decided_after_the_office_ended(story: Story, tmp_path: Path) -> None:
    story.certified()
    story.dismiss(story.board_too)
    story.retire(story.board)
    assert_faults(story, tmp_path)


# --- assents that are forged or reused ---------------------------------------------------------------------------------


def test_an_assent_is_forged(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    forged = story.given(story.board_too.with_key(Key(story.log.rng)), CERTIFY, decision)
    forged["key"] = story.board_too.key.id
    story.file_assent(story.board_too, CERTIFY, decision, forged)
    file_certificate(story, decision, [story.assent(story.board, CERTIFY, decision), forged])
    assert_faults(story, tmp_path, "signature-wrong")


def test_an_assent_to_an_older_version_is_reused(story: Story, tmp_path: Path) -> None:
    """Two agreed to a comparison; before their assents are used, another version of it is filed."""
    rules = "identification.sign_comparison"
    compared = story.compare(story.unit(), story.missing())
    old = story.assents(rules, compared, story.dna, story.dna_too)
    story.supersede(compared, story.compare(*pair(story, compared)), state="proposed")
    story.change(rules, compared, story.dna, {"state": "signed", "signed_on": "2024-05-02"}, assents=old)
    expected = ("signature-wrong", "assent-not-filed", "move-not-allowed", "rule-refers", "rule-listed")
    assert_faults(story, tmp_path, *expected)


def pair(story: Story, comparison: str) -> tuple[str, str]:
    held = story.log.records[comparison].fields
    return held["recovery_unit"], held["missing_person"]


@pytest.mark.parametrize("other", ["identification.exclude", "identification.revoke", "identification.sign_comparison"])
def test_an_assent_to_another_act_is_used(story: Story, tmp_path: Path, other: str) -> None:
    decision = story.ready_decision()
    file_certificate(story, decision, story.assents(other, decision, story.board, story.board_too))
    assert_faults(story, tmp_path, "signature-wrong", "assent-not-filed")


def test_an_assent_is_used_for_another_record(story: Story, tmp_path: Path) -> None:
    decision, other = story.ready_decision(), story.ready_decision()
    file_certificate(story, decision, story.assents(CERTIFY, other, story.board, story.board_too))
    assert_faults(story, tmp_path, "signature-wrong", "assent-not-filed")


def test_an_assent_given_in_another_log_is_used(story: Story, tmp_path: Path) -> None:
    """The board decides the same in an exercise, on a log that is the same up to there."""
    decision = story.ready_decision()
    true, story.log.id = story.log.id, "0" * 64
    given = [story.given(who, CERTIFY, decision) for who in (story.board, story.board_too)]
    story.log.id = true
    for who, each in zip((story.board, story.board_too), given, strict=True):
        each["base"] = story.log.head()
        story.file_assent(who, CERTIFY, decision, each)
    file_certificate(story, decision, given)
    assert_faults(story, tmp_path, "signature-wrong")


def test_an_assent_was_never_filed(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    file_certificate(story, decision, [story.given(who, CERTIFY, decision) for who in (story.board, story.board_too)])
    assert_faults(story, tmp_path, "assent-not-filed")


def test_an_assent_is_filed_after_the_act(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    leaf = story.log.records[decision].leaf
    given = story.assent(story.board, CERTIFY, decision)
    late = story.given(story.board_too, CERTIFY, decision)
    file_certificate(story, decision, [given, late])
    story.assent(story.board_too, CERTIFY, decision, leaf=leaf)
    assert_faults(story, tmp_path, "assent-not-filed")


def test_an_assent_is_left_out_of_the_bundle(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.assent(story.board, CERTIFY, decision)
    record = story.log.entries[-1]["record"]
    file_certificate(story, decision, [story.given(story.board, CERTIFY, decision)])
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, only=without(record)))
    assert "assent-not-filed" in found


@pytest.mark.parametrize("member", ["office", "base", "sig"])
def test_an_assent_is_not_the_one_that_was_filed(story: Story, tmp_path: Path, member: str) -> None:
    """Given in one office, on one head, with one signature, and used with another."""
    decision, older = story.ready_decision(), story.log.head()
    other = story.in_office(story.board, "board")
    honest = story.assent(story.board_too, CERTIFY, decision)
    given = story.assent(story.board, CERTIFY, decision)
    used = {
        "office": lambda: story.given(other, CERTIFY, decision, base=given["base"]),
        "base": lambda: story.given(story.board, CERTIFY, decision, base=older),
        "sig": lambda: {**given, "sig": honest["sig"]},
    }[member]()
    file_certificate(story, decision, [used, honest])
    assert_faults(story, tmp_path, "assent-not-filed", *(["signature-wrong"] if member == "sig" else []))


def test_an_assent_is_filed_at_another_head_than_it_was_given(story: Story, tmp_path: Path) -> None:
    """Somebody keeps an assent in a drawer, and files it when it suits them."""
    decision = story.ready_decision()
    kept = story.given(story.board, CERTIFY, decision)
    story.missing()
    story.file_assent(story.board, CERTIFY, decision, kept)
    assert_faults(story, tmp_path, "assent-of-another")


@pytest.mark.parametrize("name", ["key", "office"])
def test_somebody_files_an_assent_of_another(story: Story, tmp_path: Path, name: str) -> None:
    decision = story.ready_decision()
    theirs = story.given(story.board_too, CERTIFY, decision)
    by = story.board_too.with_key(story.scene.key) if name == "key" else story.in_office(story.board_too, "analyst")
    story.file_assent(by, CERTIFY, decision, theirs)
    expected = {"key": {"assent-of-another", "key-and-office-of-two"}, "office": {"assent-of-another"}}[name]
    assert_faults(story, tmp_path, *expected)


@pytest.mark.parametrize("sig", ["bm90IG9uZQ=", "!", "QQ", "QQ==\n"])
def test_an_assent_holds_no_signature(story: Story, tmp_path: Path, sig: str) -> None:
    story.assent(story.board, CERTIFY, story.ready_decision(), sig=sig)
    assert_faults(story, tmp_path, "assent-malformed")


def test_an_assent_holds_a_signature_over_something_else(story: Story, tmp_path: Path) -> None:
    decision, other = story.ready_decision(), story.ready_decision()
    story.assent(story.board, CERTIFY, decision, sig=story.given(story.board, CERTIFY, other)["sig"])
    assert_faults(story, tmp_path, "signature-wrong")


@pytest.mark.parametrize(("name", "value"), [
    ("act", ""), ("leaf", "x"), ("leaf", "AB" * 32), ("key", "x"), ("sig", ""), ("base_root", "x"), ("base_size", -1),
])  # fmt: skip
def test_an_assent_says_something_that_it_cannot(story: Story, tmp_path: Path, name: str, value: Any) -> None:
    decision = story.ready_decision()
    fields = story.assent_fields(CERTIFY, decision, story.given(story.board, CERTIFY, decision))
    story.log.file("casework.assent", "casework.Assent", story.board, {**fields, name: value})
    assert_faults(story, tmp_path, "field-holds-something-else")


def test_an_assent_covers_each_of_its_members(story: Story, tmp_path: Path) -> None:
    """The message is spelt out here once more: whoever signs one with another member has not agreed to this."""
    decision, log = story.ready_decision(), story.log
    base, leaf, office = log.head(), log.records[decision].leaf, story.board.office
    said = {"act": CERTIFY, "leaf": leaf, "record": decision, "log": log.id, "office": office, "base": base}
    true = story.board.key.sign(assent_message(**said))
    assert true == story.given(story.board, CERTIFY, decision)["sig"]
    for name, value in {"act": "x.y", "leaf": "0" * 64, "record": log.uuid(), "log": "0" * 64, "office": log.uuid(),
                        "base": {**base, "size": 1}}.items():  # fmt: skip
        sig = story.board.key.sign(assent_message(**{**said, name: value}))
        story.file_assent(story.board, CERTIFY, decision, {**story.given(story.board, CERTIFY, decision), "sig": sig})
        assert codes(log.bundle(tmp_path / name, story.prosecutor)) == {"signature-wrong"}
        log.entries.pop(), log.openings.pop()
        log.rebuild()


def test_an_assent_is_amended(story: Story, tmp_path: Path) -> None:
    story.assent(story.board, CERTIFY, story.ready_decision())
    record = story.log.entries[-1]["record"]
    story.change("casework.assent", record, story.board, {"reason": "no"})
    assert "act-changes-none-of-this-kind" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_act_under_assents_files_a_first_version(story: Story, tmp_path: Path) -> None:
    """Nobody can have read a version that there is not."""
    unit, missing = story.unit(), story.missing()
    held = {"recovery_unit": unit, "missing_person": missing, "comparisons": [story.signed_comparison(unit, missing)]}
    record = story.log.uuid()
    given = [story.given(who, CERTIFY, record, leaf="0" * 64) for who in (story.board, story.board_too)]
    fields = {**held, "laid_by": story.board.person, **story.certificate_fields()}
    story.log.file(CERTIFY, DECISION, story.board, fields, record=record, assents=given)
    assert_faults(story, tmp_path, "act-makes-none-of-this-kind", "assent-not-filed", "signature-wrong")


def test_a_certificate_is_of_another_kind(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.under_assents(CERTIFY, unit, (story.board, story.board_too), {"state": "released"})
    assert_faults(story, tmp_path, "act-changes-none-of-this-kind")


def test_signatures_are_of_ed25519_over_these_very_bytes(story: Story) -> None:
    """Spelt out once more, from docs/ledger-format.md, "Signatures"."""
    entry = story.log.entries[-1]
    message = entry_message(entry)
    assert message.startswith(b'dokaz entry v2\n{"act":"') and b'"signature":""' in message
    assert signed(entry, story.scene.key)["signature"] == entry["signature"]
