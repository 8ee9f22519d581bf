"""Receipts prove one entry of one log; a personal key opens for one passphrase."""

import shutil
import subprocess

import pytest
from ledgers import found_log, log_key

from dokaz.errors import BadEntry, BadKeyFile, BadProof, BadVerifierKey, NotBase64, WrongPassphrase, WrongSignature
from dokaz.ledger import LogKey, Receipt, VerifierKey, generate_personal_key, key_id, leaf_hash, unlock
from dokaz.ledger.base64_strict import decode, encode
from dokaz.ledger.personal import from_seed, verify
from dokaz.ledger.signatures import has_small_order


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    log, rows = found_log(tmp_path_factory.mktemp("store"), 300)
    return log, rows


def test_a_receipt_proves_its_entry(published):
    log, rows = published
    for index in (0, 1, 254, 255, 256, 299):
        text = str(log.receipt(index))
        receipt = Receipt.parse(text)
        assert str(receipt) == text
        assert receipt.extra is None
        assert receipt.verify(leaf_hash(rows[index][0]), log.verifier_key).size == 300


def test_a_receipt_proves_no_other_entry(published):
    log, rows = published
    receipt = log.receipt(7)
    with pytest.raises(BadProof, match="not part of the tree"):
        receipt.verify(leaf_hash(rows[8][0]), log.verifier_key)


def test_a_receipt_of_the_only_entry_has_no_path(tmp_path):
    log, rows = found_log(tmp_path, 1)
    receipt = Receipt.parse(str(log.receipt(0)))
    assert receipt.path == ()
    receipt.verify(leaf_hash(rows[0][0]), log.verifier_key)


def test_extra_bytes_are_read_and_kept(published):
    log, _ = published
    receipt = log.receipt(7)
    text = str(receipt).replace("index 7", f"extra {encode(b'hello')}\nindex 7")
    assert Receipt.parse(text).extra == b"hello"
    assert str(Receipt.parse(text)) == text


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("@v1", "@v2", "line 1"),
        ("index 7", "index 07", "leading zeros"),
        ("index 7", "index -7", "leading zeros"),
        ("index 7\n", "", "index <number>"),
        ("index 7", "index 7\nAAAA", "hash 1: .* holds 3 bytes where 32"),
        ("index 7\n", "index 7\n" + (encode(bytes(32)) + "\n") * 60, "no proof needs more"),
        ("index 7\n", "index 7 \n", "index <number>"),
        ("\n\n", "\n", "hash|empty line"),
        ("index 7", "extra !\nindex 7", "extra line"),
    ],
)
def test_a_broken_receipt_is_refused_in_its_own_words(published, old, new, word):
    text = str(published[0].receipt(7))
    assert old in text
    with pytest.raises(BadProof, match=word):
        Receipt.parse(text.replace(old, new, 1))


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "QQ==\n", " QQ==", "QQ==QQ==", "Q===", "QQ-_", "ЯЯЯЯ", "QUI"])
def test_base64_has_one_spelling(text):
    with pytest.raises(NotBase64):
        decode(text)


def test_a_personal_key_opens_with_its_passphrase_only(tmp_path):
    key = generate_personal_key(tmp_path, "вишня і груша")
    path = tmp_path / f"{key.key_id}.pem"
    assert unlock(path, "вишня і груша").key_id == key.key_id
    assert unlock(path.read_bytes(), "вишня і груша").public_key == key.public_key
    for wrong in ("вишня і груш", "", "x"):
        with pytest.raises(WrongPassphrase, match="does not open"):
            unlock(path, wrong)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_personal_key_is_never_kept_in_the_open(tmp_path):
    with pytest.raises(WrongPassphrase, match="empty"):
        generate_personal_key(tmp_path, "")
    assert list(tmp_path.iterdir()) == []
    log_key().save(tmp_path / "open.pem")
    with pytest.raises(BadKeyFile, match="never kept without"):
        unlock(tmp_path / "open.pem", "x")
    with pytest.raises(BadKeyFile, match="no such key"):
        unlock(tmp_path / "none.pem", "x")


def test_a_personal_key_is_guarded_by_scrypt():
    pem = from_seed(bytes(32)).wrap("x").pem
    raw = decode("".join(pem.decode().split("-----")[2].split()))
    assert bytes.fromhex("2b06010401da47040b") in raw


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_opens_a_personal_key(tmp_path):
    key = generate_personal_key(tmp_path, "passphrase")
    path = tmp_path / f"{key.key_id}.pem"
    run = ["openssl", "pkey", "-in", str(path), "-passin", "pass:passphrase", "-noout", "-text_pub"]
    shown = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert key.public_key in shown.replace(":", "").replace("\n", "").replace(" ", "")


def test_a_personal_signature_belongs_to_one_message_and_one_key():
    key = from_seed(bytes(32))
    signature = key.sign(b"message")
    verify(key.public_key, b"message", signature)
    with pytest.raises(WrongSignature):
        verify(key.public_key, b"messages", signature)
    with pytest.raises(WrongSignature):
        verify(from_seed(b"1" * 32).public_key, b"message", signature)
    with pytest.raises(WrongSignature):
        verify("zz", b"message", signature)


def test_a_key_does_not_show_itself():
    assert "PRIVATE" not in repr(from_seed(bytes(32))).upper()
    assert LogKey.generate("example.org/a").verifier_key != LogKey.generate("example.org/a").verifier_key


def test_a_key_of_small_order_signs_nothing():
    p = 2**255 - 19
    order_8 = (
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    )
    small = {y.to_bytes(32, "little") for y in (0, 1, p - 1, p, p + 1)} | {bytes.fromhex(each) for each in order_8}
    small |= {each[:31] + bytes([each[31] | 0x80]) for each in small}
    # The signature that holds under the neutral point for every message: R neutral, S = 0.
    forged = (1).to_bytes(32, "little") + bytes(32)
    for key in small:
        assert has_small_order(key)
        with pytest.raises(WrongSignature):
            verify(key.hex(), b"any message", forged)
        with pytest.raises(BadEntry, match="small order"):
            key_id(key)
        with pytest.raises(BadVerifierKey, match="small order"):
            VerifierKey("example.org/a", key)
    assert len(small) == 14
    assert not any(has_small_order(bytes.fromhex(from_seed(bytes([n]) * 32).public_key)) for n in range(50))
