"""Entries and openings are valid once built, and have one spelling."""

import hashlib
import json
from dataclasses import replace

import pytest
from ledgers import filed

from dokaz.errors import BadEntry, BadOpening, NotCanonical
from dokaz.ledger import Entry, Opening, PersonalSignature, assent_message, canonical, key_id
from dokaz.ledger.personal import from_seed

ENTRY = Entry.parse(filed(2)[1][0])


def test_an_entry_is_read_as_it_was_written():
    signed = ENTRY.with_signatures([from_seed(bytes([n]) * 32).sign_as(ENTRY.office, b"") for n in (1, 2, 3)])
    assert Entry.parse(signed.to_bytes()) == signed
    assert [s.key for s in signed.signatures] == sorted(s.key for s in signed.signatures)


def test_the_message_to_sign_covers_all_but_the_signatures():
    signed = ENTRY.with_signatures([from_seed(bytes(32)).sign_as(ENTRY.office, b"")])
    assert signed.body_for_signing() == ENTRY.body_for_signing() == b"dokaz entry v1\n" + ENTRY.to_bytes()
    assert replace(ENTRY, at="2026-05-04T09:12:04Z").body_for_signing() != ENTRY.body_for_signing()


def test_the_assent_message_names_act_version_and_record():
    assert assent_message("identification.certify", ["0" * 64], ENTRY.record) == (
        b'dokaz assent v1\n{"act":"identification.certify","previous":["' + b"0" * 64 + b'"],"record":"'
        b'00000000-0000-4000-8000-000000000000"}'
    )


@pytest.mark.parametrize(
    ("member", "value", "word"),
    [
        ("act", "lift", "act"),
        ("act", "graves.lift\n", "act"),
        ("act", "grаves.lift", "act"),  # a Cyrillic а
        ("actor", "AB" * 32, "actor"),
        ("at", "2026-02-30T09:12:03Z", "not a time"),
        ("at", "2026-02-03T09:12:60Z", "not a time"),
        ("at", "2026-02-03T09:12:03+02:00", "at"),
        ("at", "２026-02-03T09:12:03Z", "at"),
        ("fields", ["b" * 64, "a" * 64], "ascending"),
        ("fields", ["a" * 64, "a" * 64], "ascending"),
        ("fields", "a" * 64, "not an array"),
        ("fields", [1], "fields"),
        ("files", ["a" * 64], "files"),
        ("kind", "graves.grave", "kind"),
        ("office", "0" * 32, "office"),
        ("previous", [], "0 previous"),
        ("previous", ["a" * 64, "b" * 64], "2 previous"),
        ("record", "00000000-0000-4000-8000-00000000000A", "record"),
        ("signatures", [{"key": "a" * 64, "office": ENTRY.office, "sig": "AA=="}], "1 bytes where 64"),
        ("signatures", [{"key": "a" * 64, "office": ENTRY.office}], "key, office and sig"),
        ("v", 2, "this reader knows 1"),
        ("v", True, "this reader knows 1"),
        ("version", 0, "version"),
        ("version", True, "version"),
        ("version", "2", "version"),
        ("extra", 1, "unknown: extra"),
    ],
)
def test_a_member_that_the_format_does_not_admit_is_refused_by_name(member, value, word):
    raw = {**json.loads(ENTRY.to_bytes()), member: value}
    with pytest.raises(BadEntry, match=word):
        Entry.parse(canonical(raw))


@pytest.mark.parametrize("member", sorted(json.loads(ENTRY.to_bytes())))
def test_a_missing_member_is_refused(member):
    raw = json.loads(ENTRY.to_bytes())
    del raw[member]
    with pytest.raises(BadEntry, match=f"missing: {member}"):
        Entry.parse(canonical(raw))


def test_an_entry_that_is_not_canonical_is_refused():
    with pytest.raises(NotCanonical):
        Entry.parse(ENTRY.to_bytes() + b"\n")


def test_a_key_cannot_sign_twice():
    signature = PersonalSignature("a" * 64, ENTRY.office, bytes(64))
    with pytest.raises(BadEntry, match="one key signs twice"):
        ENTRY.with_signatures([signature, signature])


def test_an_entry_larger_than_its_length_prefix_is_refused():
    digests = tuple(f"{n:064x}" for n in range(1000))
    with pytest.raises(BadEntry, match="65,535"):
        replace(ENTRY, fields=digests)


def test_a_digest_is_over_the_canonical_opening():
    opening = Opening("00" * 32, "stature_cm", "172.5")
    written = b'["' + b"0" * 64 + b'","stature_cm","172.5"]'
    assert opening.digest == hashlib.sha256(written).hexdigest()
    assert Opening.from_json(opening.to_json()) == opening


@pytest.mark.parametrize(
    "raw",
    [
        ["00" * 31, "a", 1],
        ["0A" * 32, "a", 1],
        ["00" * 32, "", 1],
        ["00" * 32, "nаme", 1],  # a Cyrillic а
        ["00" * 32, "a"],
        {"salt": "00" * 32},
        [None, "a", 1],
    ],
)
def test_an_opening_without_a_full_salt_and_a_name_is_refused(raw):
    with pytest.raises(BadOpening):
        Opening.from_json(raw)


def test_two_openings_of_one_value_have_different_digests():
    assert Opening.fresh("sex", "male").digest != Opening.fresh("sex", "male").digest


def test_a_key_id_is_the_hash_of_the_public_key():
    key = from_seed(bytes(32))
    assert key.public_key == "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"
    assert key.key_id == key_id(bytes.fromhex(key.public_key))
    with pytest.raises(BadEntry):
        key_id(b"short")
