"""Each fault of a note, a key or a checkpoint has its own words."""

import base64
import stat

import pytest
from ledgers import ORIGIN, log_key

from dokaz.errors import BadCheckpoint, BadKeyFile, BadNote, BadVerifierKey, NotSigned, WrongSignature
from dokaz.ledger import Checkpoint, LogKey, VerifierKey, open_checkpoint, open_note
from dokaz.ledger.note import Note, NoteSignature

KEY = log_key()
ROOT = bytes(range(32))
NOTE = KEY.sign(Checkpoint(ORIGIN, 5, ROOT))


def signed(text: str) -> str:
    """Sign any text with the log's key, as a log gone mad would."""
    return str(Note(text, (NoteSignature(ORIGIN, KEY.verifier_key.key_hash, KEY._private_key.sign(text.encode())),)))


def test_the_specifications_own_example_opens():
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = (
        "This is an example message.\n\n"
        "— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert open_note(note, key) == "This is an example message.\n"
    assert str(key) == "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def test_what_was_signed_is_what_is_read():
    assert open_checkpoint(NOTE, KEY.verifier_key) == Checkpoint(ORIGIN, 5, ROOT)
    assert open_checkpoint(NOTE.encode(), str(KEY.verifier_key)) == Checkpoint(ORIGIN, 5, ROOT)


def test_signatures_of_unknown_witnesses_are_passed_over():
    witness = NoteSignature("witness.example", b"abcd", bytes(72))
    assert open_checkpoint(NOTE + str(witness), KEY.verifier_key).size == 5


@pytest.mark.parametrize(
    ("note", "word"),
    [
        (b"\xff" + NOTE.encode(), "not UTF-8"),
        (NOTE.replace("\n", "\r\n"), "control character 0x0d"),
        (NOTE.replace("5", "5\t"), "control character 0x09"),
        (NOTE[:-1], "does not end"),
        (NOTE.replace("\n\n", "\n"), "no empty line"),
        ("\n\n" + NOTE.split("\n\n")[1], "no text"),
        (NOTE.replace("—", "-"), "em dash"),
        (NOTE + "— \n", "does not name a key"),
        (NOTE + "— a+b AAAAAAAA\n", "does not name a key"),
        (NOTE + "— a\u00a0b AAAAAAAA\n", "does not name a key"),
        (NOTE + "— a AAAA!\n", "not standard base64"),
        (NOTE + "— a AAAA\n", "too few"),
        (NOTE + NOTE.split("\n\n")[1], "signs twice"),
        (NOTE + "\n", "em dash"),
        ("x" * 1_000_001, "the most that is read"),
    ],
)
def test_a_broken_note_is_refused_in_its_own_words(note, word):
    with pytest.raises(BadNote, match=word):
        open_checkpoint(note, KEY.verifier_key)


def test_a_note_by_another_key_of_the_same_name_is_not_signed():
    other = LogKey.from_seed(ORIGIN, bytes(32))
    with pytest.raises(NotSigned, match="not signed by"):
        open_checkpoint(other.sign(Checkpoint(ORIGIN, 5, ROOT)), KEY.verifier_key)


def test_a_changed_text_has_a_wrong_signature():
    with pytest.raises(WrongSignature, match="does not belong"):
        open_checkpoint(NOTE.replace("\n5\n", "\n6\n"), KEY.verifier_key)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"{ORIGIN}\n5\n", "2 lines"),
        (f"{ORIGIN}\n5\n{base64.b64encode(ROOT).decode()}\nmore\n", "4 lines"),
        (f"{ORIGIN}\n05\n{base64.b64encode(ROOT).decode()}\n", "leading zeros"),
        (f"{ORIGIN}\n+5\n{base64.b64encode(ROOT).decode()}\n", "decimal"),
        (f"{ORIGIN}\n٥\n{base64.b64encode(ROOT).decode()}\n", "decimal"),
        (f"{ORIGIN}\n9999999999999999999\n{base64.b64encode(ROOT).decode()}\n", "2\\^63"),
        (f"{ORIGIN}\n5\n{base64.b64encode(ROOT[1:]).decode()}\n", "31 bytes where 32"),
        (f"{ORIGIN}\n5\n{base64.b64encode(ROOT).decode().rstrip('=')}\n", "not standard base64"),
        (f"{ORIGIN}\n0\n{base64.b64encode(ROOT).decode()}\n", "empty tree"),
        (f"example.org/else\n5\n{base64.b64encode(ROOT).decode()}\n", "signed for example.org/else"),
        (f"two words\n5\n{base64.b64encode(ROOT).decode()}\n", "cannot name a log"),
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused_in_its_own_words(text, word):
    with pytest.raises(BadCheckpoint, match=word):
        open_checkpoint(signed(text), KEY.verifier_key)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("name", "is not a log.s public key"),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "cannot name a key"),
        ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "8 lower-case hex"),
        ("example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "does not belong"),
        ("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "signature type 02"),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", "base64"),
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=", "not 31"),
        ("example.com/foo+530d903a+", "type none"),
    ],
)
def test_a_broken_verifier_key_is_refused_in_its_own_words(text, word):
    with pytest.raises(BadVerifierKey, match=word):
        VerifierKey.parse(text)


def test_a_log_key_is_kept_for_its_owner_only(tmp_path):
    path = tmp_path / "log.pem"
    KEY.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert LogKey.load(path, ORIGIN).verifier_key == KEY.verifier_key
    with pytest.raises(BadKeyFile, match="there already"):
        LogKey.generate(ORIGIN).save(path)
    assert LogKey.load(path, ORIGIN).verifier_key == KEY.verifier_key


def test_a_log_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "log.pem"
    KEY.save(path)
    path.chmod(0o640)
    with pytest.raises(BadKeyFile, match="640"):
        LogKey.load(path, ORIGIN)


def test_a_missing_or_foreign_key_file_is_refused(tmp_path):
    with pytest.raises(BadKeyFile, match="not there"):
        LogKey.load(tmp_path / "log.pem", ORIGIN)
    (tmp_path / "log.pem").write_bytes(b"hello")
    (tmp_path / "log.pem").chmod(0o600)
    with pytest.raises(BadKeyFile, match="PEM"):
        LogKey.load(tmp_path / "log.pem", ORIGIN)


def test_a_log_does_not_sign_for_another():
    with pytest.raises(BadCheckpoint, match="does not sign for"):
        KEY.sign(Checkpoint("example.org/else", 5, ROOT))
