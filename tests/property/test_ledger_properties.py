"""What holds of the ledger for every value, tree and portioning that a machine can think of."""

import contextlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ledgers import ACTOR, ORIGIN, filed, log_key, textbook_consistency, textbook_path, textbook_root

from dokaz.errors import BadProof, NotBase64, NotCanonical, TrustError, WrongSignature
from dokaz.ledger import (
    Checkpoint,
    Entry,
    Frontier,
    Opening,
    Receipt,
    TileStore,
    canonical,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    open_checkpoint,
    parse,
    verify_consistency,
    verify_inclusion,
)
from dokaz.ledger.base64_strict import decode, encode
from dokaz.ledger.personal import verify
from dokaz.ledger.tiles import pack_entries, unpack_entries

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
LEAVES = [leaf_hash(bytes([n])) for n in range(80)]


def read_hash(level: int, index: int) -> bytes:
    return textbook_root(LEAVES[index << level : (index + 1) << level])


@given(values)
def test_every_value_has_one_spelling_and_is_read_back(value):
    assert parse(canonical(value)) == value
    assert canonical(parse(canonical(value))) == canonical(value)


@given(values)
def test_the_spelling_is_the_standard_librarys_with_members_sorted_by_utf16(value):
    def in_order(value):
        if isinstance(value, dict):
            return {name: in_order(value[name]) for name in sorted(value, key=lambda n: n.encode("utf-16-be"))}
        return [in_order(each) for each in value] if isinstance(value, list) else value

    assert canonical(value).decode() == json.dumps(in_order(value), ensure_ascii=False, separators=(",", ":"))


@given(values)
def test_the_spelling_is_the_rfc8785_librarys(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(st.text(st.characters(), max_size=5))
def test_a_text_is_spelled_as_the_rfc8785_library_does_or_refused_by_both(text):
    try:
        spelled = rfc8785.dumps({"a": text})
    except rfc8785.CanonicalizationError:
        with pytest.raises(NotCanonical):
            canonical({"a": text})
        return
    assert canonical({"a": text}) == spelled


@given(values, st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_another_value(value, at, bit):
    data = bytearray(canonical(value))
    data[at % len(data)] ^= 1 << bit
    try:
        other = parse(bytes(data))
    except NotCanonical:
        return
    assert canonical(other) == bytes(data) != canonical(value)


@given(st.binary(max_size=40))
@example(b"\xef\xbb\xbf[]")
def test_no_bytes_are_read_as_something_that_is_written_otherwise(data):
    try:
        value = parse(data)
    except NotCanonical:
        return
    assert canonical(value) == data


@given(text, st.integers(0), st.sampled_from("ABCDwxyz01+/=-_ \n"))
def test_base64_reads_only_what_it_writes(content, at, character):
    spelled = encode(content.encode())
    assert decode(spelled) == content.encode()
    changed = spelled[: at % (len(spelled) + 1)] + character + spelled[at % (len(spelled) + 1) + 1 :]
    assume(changed != spelled)
    try:
        assert encode(decode(changed)) == changed
        assert decode(changed) != content.encode()
    except NotBase64:
        pass


@given(values, values)
def test_two_openings_share_a_digest_only_if_they_are_equal(one, two):
    a, b = Opening("00" * 32, "a", one), Opening("00" * 32, "a", two)
    assert (a.digest == b.digest) == (canonical(one) == canonical(two))


@given(st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_of_an_entry_is_refused_or_breaks_its_signature(at, bit):
    data = bytearray(filed(2)[1][0])
    data[at % len(data)] ^= 1 << bit
    try:
        changed = Entry.parse(bytes(data))
    except TrustError:
        return
    assert changed.to_bytes() == bytes(data)
    with pytest.raises(WrongSignature):
        verify(ACTOR.public_key, changed.body_for_signing(), changed.signature)


@given(st.permutations(["role", "since", "reason", "retired"]))
def test_fields_have_one_order_whatever_order_they_are_given_in(names):
    sound = Entry.parse(filed(1)[0][0])
    digests = {name: f"{len(name):064x}" for name in names}
    written = replace(sound, fields=digests)
    assert written.to_bytes() == replace(sound, fields=dict(sorted(digests.items()))).to_bytes()
    assert Entry.parse(written.to_bytes()) == written


@given(st.integers(1, 80), st.data())
def test_inclusion_proofs_are_the_textbooks_and_break_with_any_bit(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(index, size, read_hash), textbook_root(LEAVES[:size])
    assert proof == textbook_path(index, LEAVES[:size])
    verify_inclusion(index, size, LEAVES[index], proof, root)
    assume(proof)
    which, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    changed = list(proof)
    changed[which] = (int.from_bytes(proof[which], "big") ^ 1 << bit).to_bytes(32, "big")
    for bad in (changed, proof[1:], [*proof, proof[-1]], proof[::-1] if proof[::-1] != proof else changed):
        with pytest.raises(BadProof):
            verify_inclusion(index, size, LEAVES[index], bad, root)


@given(st.integers(1, 80), st.data())
def test_consistency_proofs_are_the_textbooks_and_break_with_any_bit(size, data):
    old = data.draw(st.integers(1, size))
    proof = consistency_proof(old, size, read_hash)
    before, now = textbook_root(LEAVES[:old]), textbook_root(LEAVES[:size])
    assert proof == textbook_consistency(old, LEAVES[:size])
    verify_consistency(old, size, proof, before, now)
    assume(proof)
    which, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    changed = list(proof)
    changed[which] = (int.from_bytes(proof[which], "big") ^ 1 << bit).to_bytes(32, "big")
    for bad in (changed, proof[1:], [*proof, proof[-1]]):
        with pytest.raises(BadProof):
            verify_consistency(old, size, bad, before, now)
    with pytest.raises(BadProof):
        verify_consistency(old, size, proof, now, before)


@given(st.lists(st.integers(0, 400), max_size=5))
@settings(max_examples=15, deadline=None)
def test_tiles_written_in_any_portions_hold_the_same_tree(portions):
    entries = [b"%d" % n for n in range(sum(portions))]
    with tempfile.TemporaryDirectory() as folder:
        store, size = TileStore(Path(folder)), 0
        for portion in portions:
            frontier = store.append(entries[size : size + portion], size=size)
            size += portion
            assert frontier == Frontier().extend(leaf_hash(each) for each in entries[:size])
            assert Frontier.read(size, store.read_hash) == frontier
        assert list(store.read_entries(0, size)) == entries


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entry_bundles_are_read_back(entries):
    assert unpack_entries(pack_entries(entries), file="") == entries


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoints_are_read_back(size, root):
    key = log_key()
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert open_checkpoint(key.sign(checkpoint), key.verifier_key) == checkpoint


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_no_text_makes_a_reader_fail_in_an_unnamed_way(data):
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    with pytest.raises(TrustError):
        open_checkpoint(data, log_key().verifier_key)
    with pytest.raises(TrustError):
        Receipt.parse(raw.decode("latin-1"))
    with contextlib.suppress(TrustError):
        parse(raw)
