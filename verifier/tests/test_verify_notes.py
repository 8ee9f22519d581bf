"""Signatures, keys and base64: against Wycheproof, and against points that sign anything."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from builder import Key
from dokaz_verify.canonical import Malformed
from dokaz_verify.notes import Checkpoint, LoggedProof, LogKey, decode_base64, is_small_order, signature_holds
from hypothesis import given
from hypothesis import strategies as st
from story import Story

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def test_ed25519_vectors_of_wycheproof(cases: Path) -> None:
    file = cases / "ed25519" / "ed25519_test.json"
    if not file.is_file():
        pytest.skip(f"no vectors at {file}")
    tried = 0
    for group in json.loads(file.read_text())["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            holds = signature_holds(public, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
            assert holds is (case["result"] == "valid"), case["comment"]
            tried += 1
    assert tried > 100


def square_root(value: int) -> int | None:
    root = pow(value, (P + 3) // 8, P)
    for candidate in (root, root * pow(2, (P - 1) // 4, P) % P):
        if candidate * candidate % P == value % P:
            return candidate
    return None


def torsion() -> set[int]:
    """The y of every point whose order divides 8, computed: order 1 and 2 are ±1, order 4 is 0, and doubling a point of
    order 8 gives y = 0, that is x² = -y², hence d·y⁴ + 2·y² - 1 = 0 on the curve -x² + y² = 1 + d·x²·y²."""
    found = {0, 1, P - 1}
    half = square_root((1 + D) % P)
    assert half is not None
    for sign in (half, -half):
        y = square_root((-1 + sign) * pow(D, -1, P) % P)
        if y is not None:
            found |= {y, P - y}
    return found


def test_every_key_of_small_order_is_refused() -> None:
    ys = torsion()
    assert len(ys) == 5
    for y in ys:
        for spelling in (y, y + P):
            for sign in (0, 1 << 255):
                if spelling < 2**255:
                    assert is_small_order((spelling | sign).to_bytes(32, "little"))


def test_a_signature_that_holds_for_every_message_is_refused() -> None:
    identity = (1).to_bytes(32, "little")
    assert not signature_holds(identity, identity + bytes(32), b"any message")


def test_ordinary_keys_are_not_of_small_order() -> None:
    import random

    rng = random.Random(7)
    assert not any(is_small_order(Key(rng).public) for _ in range(50))


@given(st.binary(max_size=80))
def test_base64_has_one_spelling(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decode_base64(text) == data
    for other in (
        text + "\n",
        " " + text,
        text.rstrip("=") if "=" in text else text + "=",
        text.replace("A", "A\n", 1),
    ):
        if other != text:
            with pytest.raises(Malformed):
                decode_base64(other)


@pytest.mark.parametrize("text", ["AB==", "AAB=", "A===", "====", "AA-_", "ААА=", "QQ==QQ==", "\ud800"])
def test_base64_with_a_second_spelling_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        decode_base64(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused_by_name(data: bytes) -> None:
    for reader in (Checkpoint.parse, LoggedProof.parse):
        with pytest.raises(Malformed):
            reader(data)


def test_the_signed_note_of_the_specification() -> None:
    """The key that C2SP signed-note's example note names is that of a key with this id; a made-up id is refused."""
    key = LogKey.parse(Story().log.vkey)
    assert LogKey.parse(key.text) == key
    with pytest.raises(Malformed):
        LogKey.parse(key.text.replace(f"+{key.key_hash.hex()}+", "+00000000+"))
