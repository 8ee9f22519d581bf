"""Entries and openings are valid once built, and have one spelling."""

import hashlib
import json
from dataclasses import replace

import pytest
from ledgers import ACTOR, filed, log_key

from dokaz.errors import BadEntry, BadOpening, NotCanonical, WrongSignature
from dokaz.ledger import (
    Base,
    Entry,
    Opening,
    PersonalSignature,
    assent_message,
    canonical,
    key_id,
    log_id,
    possession_message,
)
from dokaz.ledger.entry import UNSIGNED
from dokaz.ledger.personal import from_seed, verify

FIRST, ENTRY = (Entry.parse(body) for body, _ in filed(2))
LEAF = "0" * 64
BASE = {"root": LEAF, "size": 0}


def given(*seeds: int) -> tuple[PersonalSignature, ...]:
    """Assents to the entry, as an act of several people carries them."""
    keys = sorted((from_seed(bytes([n]) * 32) for n in seeds), key=lambda key: key.key_id)
    return tuple(
        key.assent(ENTRY.act, ENTRY.previous[0], ENTRY.record, log=ENTRY.log, office=ENTRY.office, base=ENTRY.base)
        for key in keys
    )


def test_an_entry_is_read_as_it_was_written():
    agreed = replace(ENTRY, assents=given(1, 2, 3), files=("sha256:" + "0a" * 32,)).signed_by(ACTOR)
    assert Entry.parse(agreed.to_bytes()) == agreed
    assert [each.key for each in agreed.assents] == sorted(each.key for each in agreed.assents)


def test_the_message_to_sign_covers_all_but_the_signature():
    said = ENTRY.body_for_signing()
    assert said == b"dokaz entry v2\n" + canonical({**json.loads(ENTRY.to_bytes()), "signature": ""})
    assert replace(ENTRY, signature=UNSIGNED).body_for_signing() == said
    verify(ACTOR.public_key, said, ENTRY.signature)


@pytest.mark.parametrize(
    "change",
    [
        {"act": "graves.open_grave"},
        {"actor": "0" * 64},
        {"assents": given(1)},
        {"at": "2026-05-04T09:12:04Z"},
        {"base": Base(1, "0" * 64)},
        {"fields": {**ENTRY.fields, "state": "0" * 64}},
        {"fields": {("name" if n == "state" else n): digest for n, digest in ENTRY.fields.items()}},
        {"files": ("sha256:" + "0a" * 32,)},
        {"kind": "graves.Site"},
        {"log": "0" * 64},
        {"office": "00000000-0000-4000-8000-00000000000e"},
        {"previous": ("0" * 64,)},
        {"record": "00000000-0000-4000-8000-00000000000e"},
        {"version": 3},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_signature_does_not_outlive_a_change_of_any_member(change):
    with pytest.raises(WrongSignature):
        verify(ACTOR.public_key, replace(ENTRY, **change).body_for_signing(), ENTRY.signature)


def test_signing_changes_the_signature_the_bytes_and_the_leaf_and_nothing_else():
    unsigned = replace(ENTRY, signature=b"\0" * 64)
    before = unsigned.leaf_hash, unsigned.to_bytes()
    signed = unsigned.signed_by(ACTOR)
    verify(ACTOR.public_key, signed.body_for_signing(), signed.signature)
    assert signed == ENTRY
    assert (signed.leaf_hash, signed.to_bytes()) == (ENTRY.leaf_hash, ENTRY.to_bytes()) != before
    assert (unsigned.leaf_hash, unsigned.to_bytes()) == before


def test_the_assent_message_names_act_version_record_log_office_and_base():
    said = assent_message("identification.certify", LEAF, ENTRY.record, log="1" * 64, office=ENTRY.office,
                          base=Base(7, "2" * 64))  # fmt: skip
    assert said == (
        b'dokaz assent v2\n{"act":"identification.certify","base":{"root":"' + b"2" * 64 + b'","size":7},"leaf":"'
        + b"0" * 64 + b'","log":"' + b"1" * 64 + b'","office":"00000000-0000-4000-8000-00000000000f","record":"'
        b'00000000-0000-4000-8000-000000000000"}'
    )  # fmt: skip


def test_an_entry_knows_what_its_assents_cover():
    signers = {key.key_id: key for key in (from_seed(bytes([n]) * 32) for n in (1, 2))}
    for each in given(1, 2):
        verify(signers[each.key].public_key, ENTRY.assent_message(each), each.sig)
        for other in (replace(each, office=ENTRY.record), replace(each, base=Base(0, LEAF))):
            with pytest.raises(WrongSignature):
                verify(signers[each.key].public_key, ENTRY.assent_message(other), other.sig)
    with pytest.raises(BadEntry, match="leaf"):  # nobody has read a version before the first
        FIRST.assent_message(given(1)[0])


def test_the_possession_message_names_key_person_and_log():
    assert possession_message("3" * 64, ENTRY.record, log="1" * 64) == (
        b'dokaz possession v2\n{"log":"' + b"1" * 64 + b'","person":"00000000-0000-4000-8000-000000000000",'
        b'"public_key":"' + b"3" * 64 + b'"}'
    )


def test_no_message_is_that_of_another_sort():
    key = from_seed(bytes(32))
    said = {
        ENTRY.body_for_signing(),
        ENTRY.assent_message(given(1)[0]),
        possession_message(key.public_key, ENTRY.record, log=ENTRY.log),
    }
    assert len({each.split(b"\n")[0] for each in said}) == 3


def test_the_id_of_a_log_is_the_hash_of_its_verifier_key():
    key = str(log_key().verifier_key)
    assert ENTRY.log == log_id(key) == hashlib.sha256(key.encode()).hexdigest()


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
        ("assents", {}, "not an array"),
        ("assents", [{"base": BASE, "key": "a" * 64, "office": ENTRY.office, "sig": "AA=="}], "1 bytes where 64"),
        ("assents", [{"base": BASE, "key": "a" * 64, "office": ENTRY.office}], "base, key, office and sig"),
        ("assents", [{"key": "a" * 64, "office": ENTRY.office, "sig": "AA=="}], "base, key, office and sig"),
        ("base", 1, "root and size"),
        ("base", {"root": LEAF}, "root and size"),
        ("base", {**BASE, "size": -1}, "-1 entries"),
        ("base", {**BASE, "size": True}, "True entries"),
        ("base", {**BASE, "root": "0"}, "base's root"),
        ("fields", ["a" * 64], "not an object"),
        ("fields", {"state": 1}, "digest of state"),
        ("fields", {"state": "A" * 64}, "digest of state"),
        ("fields", {"stаte": "a" * 64}, "field"),  # a Cyrillic а
        ("fields", {"name": "a" * 64, "state": "a" * 64}, "one digest"),
        ("files", ["a" * 64], "files"),
        ("kind", "graves.grave", "kind"),
        ("office", "0" * 32, "office"),
        ("previous", [], "0 previous"),
        ("previous", ["a" * 64, "b" * 64], "2 previous"),
        ("record", "00000000-0000-4000-8000-00000000000A", "record"),
        ("log", "0" * 63, "log"),
        ("signature", "AA==", "1 bytes where 64"),
        ("signature", "", "0 bytes where 64"),
        ("signature", None, "not 64 bytes"),
        ("v", 1, "this reader knows 2"),
        ("v", True, "this reader knows 2"),
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


def test_a_key_assents_once_and_keys_ascend():
    one, two = given(1, 2)
    for wrong in ((one, one), (two, one)):
        with pytest.raises(BadEntry, match="ascending order of their keys, or one key signs twice"):
            replace(ENTRY, assents=wrong)


def test_an_entry_larger_than_its_length_prefix_is_refused():
    with pytest.raises(BadEntry, match="65,535"):
        replace(ENTRY, fields={f"f{n}": f"{n:064x}" for n in range(1000)})


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
