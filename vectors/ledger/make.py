"""Writes the test vectors: sound cases, and mutations of them, one a file."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dokaz.ledger import (
    Base,
    Checkpoint,
    Entry,
    Frontier,
    LogKey,
    Opening,
    Receipt,
    assent_message,
    canonical,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    log_id,
    possession_message,
)
from dokaz.ledger.entry import UNSIGNED
from dokaz.ledger.merkle import EMPTY_ROOT, node_hash
from dokaz.ledger.note import Note, NoteSignature
from dokaz.ledger.personal import from_seed
from dokaz.ledger.proof import hash_lines

HERE = Path(__file__).parent
LOG = LogKey.from_seed("example.org/dokaz/vectors", bytes(32))
LOG_ID = log_id(str(LOG.verifier_key))
PERSON = from_seed(b"\x01" * 32)
SECOND = from_seed(b"\x02" * 32)
OFFICE = "5a695573-0000-4000-8000-00000000000f"
SECOND_OFFICE = "5a695573-0000-4000-8000-00000000000e"
RECORD = "5a695573-0000-4000-8000-000000000001"


def cases() -> dict[str, dict[str, Any]]:
    """Give every case by the path of its file."""
    made: dict[str, dict[str, Any]] = {}
    for folder in (_canonical, _openings, _entries, _checkpoints, _proofs, _consistency, _signatures):
        folder(made)
    return made


def _add(made: dict[str, dict[str, Any]], path: str, about: str, data: bytes, *, valid: bool, **more: Any) -> None:
    assert path not in made
    made[path] = {"about": about, "valid": valid, "data": base64.b64encode(data).decode(), **more}


def _canonical(made: dict[str, dict[str, Any]]) -> None:
    def add(name: str, about: str, data: bytes, valid: bool = False) -> None:
        _add(made, f"canonical/{name}", about, data, valid=valid)

    add("all-kinds-of-values", "Every kind of value.", canonical({"a": [1, -1, True, False, None, "ґ"], "b": {}}), True)
    add("members-by-utf16", "Members are sorted by UTF-16 code units.", canonical({"\ufb33": 1, "\U0001f600": 2}), True)
    add("members-by-code-point", "Members are sorted by code points.", '{"\ufb33":1,"\U0001f600":2}'.encode())
    add("control-characters", "The escapes of RFC 8785.", canonical('\x00\b\t\n\f\r"\\/\x7f'), True)
    add("escaped-slash", "A slash is escaped.", b'"\\/"')
    add("escaped-letter", "A letter is escaped.", b'"\\u0041"')
    add("upper-case-escape", "An escape has an upper-case digit.", b'"\\u001F"')
    add("largest-integer", "The largest integer, 2^53 - 1.", b"9007199254740991", True)
    add("too-large-integer", "2^53.", b"9007199254740992")
    add("smallest-integer", "The smallest integer.", b"-9007199254740991", True)
    add("minus-zero", "Zero with a sign.", b"-0")
    add("leading-zero", "A number with a leading zero.", b"01")
    add("fraction", "A floating-point number.", b"12.5")
    add("whole-fraction", "A floating-point number without a fraction.", b"1.0")
    add("exponent", "A number with an exponent.", b"1e2")
    add("nan", "Not a number, and not JSON.", b"NaN")
    add("repeated-member", "A member is repeated.", b'{"a":1,"a":1}')
    add("repeated-member-escaped", "A member is repeated in another spelling.", b'{"a":1,"\\u0061":1}')
    add("unsorted-members", "Members are out of order.", b'{"b":1,"a":2}')
    add("space", "A space after a colon.", b'{"a": 1}')
    add("line-end", "A line end after the value.", b'{"a":1}\n')
    add("second-value", "Another value after the value.", b"{}{}")
    add("nothing", "No value at all.", b"")
    add("byte-order-mark", "A byte order mark.", b"\xef\xbb\xbf{}")
    add("not-utf8", "A byte that is not UTF-8.", b'"\xff"')
    add("overlong-utf8", "A slash in two bytes.", b'"\xc0\xaf"')
    add("surrogate-in-utf8", "Half of a surrogate pair as UTF-8.", b'"\xed\xa0\x80"')
    add("surrogate-escaped", "Half of a surrogate pair, escaped.", b'"\\ud800"')
    add("nested-64", "Arrays nested 64 deep.", b"[" * 64 + b"]" * 64, True)
    add("nested-65", "Arrays nested 65 deep.", b"[" * 65 + b"]" * 65)


def _openings(made: dict[str, dict[str, Any]]) -> None:
    salt = "5a" * 32

    def add(name: str, about: str, raw: Any, valid: bool = False) -> None:
        digest = {"digest": Opening.from_json(raw).digest} if valid else {}
        _add(made, f"openings/{name}", about, canonical(raw), valid=valid, **digest)

    add("text", "A name in Ukrainian.", [salt, "family_name", "Іваненко"], True)
    add("number", "A measurement is a string.", [salt, "stature_cm", "172.5"], True)
    add("list", "A value that is an array.", [salt, "alleles", [["D3S1358", "15", "16"]]], True)
    add("null", "A value that is not known.", [salt, "until", None], True)
    add("short-salt", "A salt of 31 bytes.", [salt[2:], "until", None])
    add("upper-case-salt", "A salt in upper case.", [salt.upper(), "until", None])
    add("no-salt", "No salt.", [None, "until", None])
    add("no-name", "An empty name.", [salt, "", None])
    add("cyrillic-name", "A name with a Cyrillic letter that looks Latin.", [salt, "st\u0430te", "signed"])
    add("fourth-part", "Something after the value.", [salt, "until", None, 1])
    add("object", "An object instead of an array.", {"salt": salt, "name": "until", "value": None})


def _first() -> Entry:
    """Version 1 of a record, which nobody else had to agree to."""
    openings = [Opening("11" * 32, "number", "Г-0001"), Opening("22" * 32, "state", "mapped")]
    return Entry(
        act="graves.map_grave",
        actor=PERSON.key_id,
        at="2026-05-04T09:12:03Z",
        base=Base(20, _root(5).hex()),
        fields={opening.name: opening.digest for opening in openings},
        kind="graves.Grave",
        log=LOG_ID,
        office=OFFICE,
        record=RECORD,
        signature=UNSIGNED,
        version=1,
    ).signed_by(PERSON)


def _entry() -> Entry:
    """Version 2 of a record, to which two people agreed, filed by the second of them."""
    openings = [Opening("11" * 32, "number", "DEC-000001"), Opening("22" * 32, "state", "certified")]
    act, leaf = "identification.certify", "33" * 32
    given = [
        PERSON.assent(act, leaf, RECORD, log=LOG_ID, office=OFFICE, base=Base(40, _root(6).hex())),
        SECOND.assent(act, leaf, RECORD, log=LOG_ID, office=SECOND_OFFICE, base=Base(41, _root(7).hex())),
    ]
    return Entry(
        act=act,
        actor=SECOND.key_id,
        assents=tuple(sorted(given, key=lambda each: each.key)),
        at="2026-05-04T09:12:03Z",
        base=Base(41, _root(7).hex()),
        fields={opening.name: opening.digest for opening in openings},
        files=("sha256:" + "0a" * 32, "sha256:" + "0b" * 32),
        kind="identification.Decision",
        log=LOG_ID,
        office=SECOND_OFFICE,
        previous=(leaf,),
        record=RECORD,
        signature=UNSIGNED,
        version=2,
    ).signed_by(SECOND)


def _messages(entry: Entry) -> dict[str, Any]:
    """What the signatures of an entry cover, in base64: its actor's, then those of its assents."""
    return {
        "to_sign": base64.b64encode(entry.body_for_signing()).decode(),
        "agreed_to": [base64.b64encode(entry.assent_message(each)).decode() for each in entry.assents],
    }


def _entries(made: dict[str, dict[str, Any]]) -> None:
    sound, first = _entry(), _first()
    data = sound.to_bytes()
    for name, about, entry in (
        ("sound", "A second version, to which two people agreed.", sound),
        ("first", "A first version, which its actor alone signs.", first),
    ):
        _add(made, f"entries/{name}", about, entry.to_bytes(), valid=True, leaf=entry.leaf_hash, **_messages(entry))

    def add(name: str, about: str, change: Callable[[dict[str, Any]], object]) -> None:
        raw = json.loads(data)
        change(raw)
        _add(made, f"entries/{name}", about, canonical(raw), valid=False)

    def assent(**changes: Any) -> Callable[[dict[str, Any]], object]:
        return lambda raw: raw["assents"][0].update(changes)

    def base(**changes: Any) -> Callable[[dict[str, Any]], object]:
        return lambda raw: raw["base"].update(changes)

    def fields(**changes: Any) -> Callable[[dict[str, Any]], object]:
        return lambda raw: raw["fields"].update(changes)

    raw = json.loads(data)
    sig = raw["assents"][0]["sig"]
    add("unknown-member", "A member that the format does not know.", lambda raw: raw.update(note="x"))
    add("missing-member", "No office.", lambda raw: raw.pop("office"))
    add("other-format", "Version 1 of the format.", lambda raw: raw.update(v=1))
    add("format-true", "true instead of a version of the format.", lambda raw: raw.update(v=True))
    add("version-zero", "Version 0 of a record.", lambda raw: raw.update(version=0, previous=[]))
    add("version-true", "true instead of version 1.", lambda raw: raw.update(version=True, previous=[]))
    add("first-with-previous", "Version 1 replaces something.", lambda raw: raw.update(version=1))
    add("second-without-previous", "Version 2 replaces nothing.", lambda raw: raw.update(previous=[]))
    add("two-previous", "It replaces two versions.", lambda raw: raw.update(previous=["33" * 32, "44" * 32]))
    add("fields-array", "Digests without names.", lambda raw: raw.update(fields=sorted(raw["fields"].values())))
    add("fields-one-digest", "Two fields have one digest.", fields(number=raw["fields"]["state"]))
    add("field-without-name", "A field without a name.", lambda raw: raw["fields"].update({"": "0a" * 32}))
    add("field-cyrillic", "A field with a Cyrillic letter.", lambda raw: raw["fields"].update({"n\u043ete": "0a" * 32}))
    add("field-null", "A field without a digest.", fields(state=None))
    add("field-upper-case-digest", "A digest in upper case.", fields(state="AB" * 32))
    add("files-unsorted", "Files out of order.", lambda raw: raw["files"].reverse())
    add("file-repeated", "A file twice.", lambda raw: raw.update(files=[raw["files"][0]] * 2))
    add("file-without-algorithm", "A file's hash without its algorithm.", lambda raw: raw.update(files=["0a" * 32]))
    add("upper-case-hash", "A leaf hash in upper case.", lambda raw: raw.update(previous=["AB" * 32]))
    add("upper-case-uuid", "A UUID in upper case.", lambda raw: raw.update(record=RECORD.replace("5a", "5A")))
    add("act-without-room", "An act without a room.", lambda raw: raw.update(act="certify"))
    add("act-cyrillic", "An act with a Cyrillic letter.", lambda raw: raw.update(act="identification.\u0441ertify"))
    add("kind-lower-case", "A kind in lower case.", lambda raw: raw.update(kind="identification.decision"))
    add("no-such-day", "30 February.", lambda raw: raw.update(at="2026-02-30T09:12:03Z"))
    add("leap-second", "Second 60.", lambda raw: raw.update(at="2026-05-04T09:12:60Z"))
    add("local-time", "A time with an offset.", lambda raw: raw.update(at="2026-05-04T12:12:03+03:00"))
    add("fraction-of-a-second", "A time with a fraction.", lambda raw: raw.update(at="2026-05-04T09:12:03.5Z"))
    add("log-short", "The id of a log with 63 digits.", lambda raw: raw.update(log=LOG_ID[1:]))
    add("log-name", "The name of a log instead of its id.", lambda raw: raw.update(log=LOG.verifier_key.name))
    add("base-member", "A member too many in the base.", base(at="2026-05-04T09:12:03Z"))
    add("base-without-root", "A base without a root.", lambda raw: raw["base"].pop("root"))
    add("base-negative", "A base of less than no entries.", base(size=-1))
    add("base-text", "The size of the base is text.", base(size="41"))
    add("base-array", "The base is an array.", lambda raw: raw.update(base=[41, _root(7).hex()]))
    add("signature-missing", "An actor's signature is never left out.", lambda raw: raw.update(signature=""))
    add("signature-null", "null instead of the actor's signature.", lambda raw: raw.update(signature=None))
    add("signature-short", "A signature of 63 bytes.", lambda raw: raw.update(signature=_base64(bytes(63))))
    add("signature-long", "A signature of 65 bytes.", lambda raw: raw.update(signature=_base64(bytes(65))))
    add("signature-base64-bits", "Unused bits of base64 are set.",
        lambda raw: raw.update(signature=_with_unused_bits(raw["signature"])))  # fmt: skip
    add("assents-object", "Assents by their keys.",
        lambda raw: raw.update(assents={each["key"]: each for each in raw["assents"]}))  # fmt: skip
    add("assents-unsorted", "Assents out of the order of their keys.", lambda raw: raw["assents"].reverse())
    add("assent-short", "An assent of 63 bytes.", assent(sig=_base64(bytes(63))))
    add("assent-base64-bits", "Unused bits of an assent's base64 are set.", assent(sig=_with_unused_bits(sig)))
    add("assent-unpadded", "An assent's base64 without padding.", assent(sig=sig.rstrip("=")))
    add("assent-member", "A member too many in an assent.", assent(name="x"))
    add("assent-without-base", "An assent that names no base.", lambda raw: raw["assents"][0].pop("base"))
    add("assent-base-negative", "An assent whose base has less than no entries.",
        assent(base={"root": _root(7).hex(), "size": -1}))  # fmt: skip
    add("assent-upper-case-key", "An assent's key in upper case.", assent(key=raw["assents"][0]["key"].upper()))
    add("assent-twice", "One key assents twice.", lambda raw: raw.update(assents=[raw["assents"][0]] * 2))
    _add(made, "entries/line-end", "A line end after the entry.", data + b"\n", valid=False)
    for name, about, size in (
        ("base-exponent", "The size of the base has an exponent.", b"4.1e1"),
        ("base-too-large", "The size of the base is 2^53.", b"9007199254740992"),
    ):
        _add(made, f"entries/{name}", about, data.replace(b'"size":41', b'"size":' + size), valid=False)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _with_unused_bits(encoded: str) -> str:
    """Spell the same bytes in another way, which a lenient reader takes for the same."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = len(encoded.rstrip("=")) - 1
    return encoded[:at] + letters[letters.index(encoded[at]) + 1] + encoded[at + 1 :]


def _sign(text: str, key: LogKey = LOG) -> str:
    """Sign any text as the log would sign a checkpoint."""
    line = NoteSignature(key.verifier_key.name, key.verifier_key.key_hash, key._private_key.sign(text.encode()))
    return str(Note(text, (line,)))


def _checkpoints(made: dict[str, dict[str, Any]]) -> None:
    root = leaf_hash(b"vectors")
    sound = Checkpoint(LOG.verifier_key.name, 20852163, root)
    note = LOG.sign(sound)
    origin, size, root64 = sound.text.splitlines()
    text, line = note.split("\n\n")

    def add(name: str, about: str, data: str | bytes, says: Checkpoint | None = None) -> None:
        more = {"origin": says.origin, "size": says.size, "root": says.root.hex()} if says else {}
        raw = data if isinstance(data, bytes) else data.encode()
        _add(made, f"checkpoints/{name}", about, raw, valid=bool(says), key=str(LOG.verifier_key), **more)

    empty = Checkpoint(origin, 0, Frontier().root)
    witness = str(NoteSignature("witness.example", b"abcd", bytes(72)))
    other = LogKey.from_seed("example.org/dokaz/else", bytes(32))
    add("sound", "A sound checkpoint.", note, sound)
    add("empty", "The checkpoint of an empty log.", LOG.sign(empty), empty)
    add("witnessed", "A witness that we do not know has signed too.", note + witness, sound)
    add("witnessed-before", "The unknown witness stands first.", f"{text}\n\n{witness}{line}", sound)
    add("other-size", "The size was changed.", note.replace("20852163", "20852162"))
    add("other-origin", "The origin was changed.", note.replace(f"{origin}\n", "example.org/dokaz/else\n", 1))
    add("other-root", "The root was changed.", note.replace(root64, base64.b64encode(bytes(32)).decode()))
    add("other-key", "Another key of the same name signs.", LogKey.from_seed(origin, b"\x02" * 32).sign(sound))
    add("other-name", "The key signs under another name.", note.replace(f"— {origin}", "— example.org/dokaz/else"))
    add(
        "for-another-log",
        "The key signs another log's checkpoint.",
        _sign(f"{other.verifier_key.name}\n{size}\n{root64}\n"),
    )
    add("only-a-witness", "The log's signature is missing.", f"{text}\n\n{witness}")
    add("extension", "A signed fourth line.", _sign(f"{sound.text}more\n"))
    add("two-lines", "A signed checkpoint without a root.", _sign(f"{origin}\n{size}\n"))
    add("leading-zero", "A signed size with a leading zero.", _sign(f"{origin}\n0{size}\n{root64}\n"))
    add("size-sign", "A signed size with a plus sign.", _sign(f"{origin}\n+{size}\n{root64}\n"))
    add("size-arabic", "A signed size in other digits.", _sign(f"{origin}\n٢٠\n{root64}\n"))
    add("root-short", "A signed root of 31 bytes.", _sign(f"{origin}\n{size}\n{base64.b64encode(root[1:]).decode()}\n"))
    add(
        "root-base64-bits",
        "Unused bits of the signed root's base64 are set.",
        _sign(f"{origin}\n{size}\n{_with_unused_bits(root64)}\n"),
    )
    changed = _with_unused_bits(line.removesuffix("\n"))
    add("signature-base64-bits", "Unused bits of the signature's base64 are set.", f"{text}\n\n{changed}\n")
    add("carriage-return", "Lines end as on Windows.", note.replace("\n", "\r\n"))
    add("no-last-line-end", "The last line does not end.", note[:-1])
    add("empty-last-line", "An empty line at the end.", note + "\n")
    add("hyphen", "A hyphen instead of the dash.", note.replace("—", "-"))
    add("not-utf8", "A byte that is not UTF-8.", note.encode() + b"\xff\n")
    add("nothing", "No bytes at all.", b"")


LEAVES = [leaf_hash(b"entry %d" % n) for n in range(8)]


def _read_hash(level: int, index: int) -> bytes:
    if level == 0:
        return LEAVES[index]
    return node_hash(_read_hash(level - 1, 2 * index), _read_hash(level - 1, 2 * index + 1))


def _root(size: int) -> bytes:
    return Frontier().extend(LEAVES[:size]).root


def _proofs(made: dict[str, dict[str, Any]]) -> None:
    leaves = LEAVES[:7]
    note = LOG.sign(Checkpoint(LOG.verifier_key.name, 7, _root(7)))
    path = tuple(inclusion_proof(4, 7, _read_hash))
    sound = str(Receipt(4, path, note))
    lines = sound.split("\n")

    def add(name: str, about: str, data: str, *, valid: bool = False, leaf: bytes = leaves[4], index: int = 4) -> None:
        more = {"index": index} if valid else {}
        key = str(LOG.verifier_key)
        _add(made, f"proofs/{name}", about, data.encode(), valid=valid, key=key, leaf=leaf.hex(), **more)

    last = str(Receipt(6, tuple(inclusion_proof(6, 7, _read_hash)), note))
    one = LOG.sign(Checkpoint(LOG.verifier_key.name, 1, leaves[0]))
    add("sound", "Entry 4 of 7.", sound, valid=True)
    add("last", "Entry 6 of 7, at the right edge.", last, valid=True, leaf=leaves[6], index=6)
    only = str(Receipt(0, (), one))
    add("only-entry", "The only entry, with an empty path.", only, valid=True, leaf=leaves[0], index=0)
    add("other-entry", "The proof of another entry.", sound, leaf=leaves[5])
    add("other-index", "The index was changed.", sound.replace("index 4", "index 5"))
    add("index-outside", "The index is the size.", sound.replace("index 4", "index 7"))
    add("index-leading-zero", "The index has a leading zero.", sound.replace("index 4", "index 04"))
    add("no-index", "No index.", sound.replace("index 4\n", ""))
    add("other-version", "Another version of the format.", sound.replace("@v1", "@v2"))
    add("path-too-short", "A hash is missing.", "\n".join(lines[:2] + lines[3:]))
    add("path-too-long", "A hash stands twice.", "\n".join(lines[:3] + lines[2:]))
    add("path-swapped", "Two hashes changed places.", "\n".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    bits = sound.replace(lines[2], _with_unused_bits(lines[2]))
    add("path-base64-bits", "Unused bits of a hash's base64 are set.", bits)
    add("path-empty-hash", "A leaf hash of nothing is added.", str(Receipt(4, (*path, Frontier().root), note)))
    add("no-empty-line", "No empty line before the checkpoint.", sound.replace("\n\n", "\n", 1))
    add("checkpoint-unsigned", "The checkpoint bears no signature.", sound.rsplit("\n—", 1)[0] + "\n")
    add("checkpoint-other-size", "The checkpoint's size was changed.", sound.replace("\n7\n", "\n6\n"))


def _consistency(made: dict[str, dict[str, Any]]) -> None:
    def add(name: str, about: str, old: int, new: int, proof: list[bytes] | bytes | None = None, *,
            valid: bool = False, old_root: bytes | None = None, new_root: bytes | None = None) -> None:  # fmt: skip
        proof = consistency_proof(old, new, _read_hash) if proof is None else proof
        data = proof if isinstance(proof, bytes) else hash_lines(proof).encode()
        roots = {"old_root": (old_root or _root(old)).hex(), "new_root": (new_root or _root(new)).hex()}
        _add(made, f"consistency/{name}", about, data, valid=valid, old_size=old, new_size=new, **roots)

    proof = consistency_proof(3, 7, _read_hash)
    lines = hash_lines(proof)
    add("three-to-seven", "Seven entries, of which the first three were there before.", 3, 7, valid=True)
    add("four-to-seven", "The older tree is a part of the newer.", 4, 7, valid=True)
    add("six-to-seven", "One more entry.", 6, 7, valid=True)
    add("seven-to-eight", "One more entry makes the tree full.", 7, 8, valid=True)
    add("one-to-two", "The second entry.", 1, 2, valid=True)
    add("same", "The same tree needs no hash.", 7, 7, valid=True)
    add("same-size-other-root", "Two trees of one size.", 7, 7, old_root=_root(6))
    add("same-with-hash", "A hash for the same tree.", 7, 7, [LEAVES[0]])
    add("other-old-root", "The older root was changed.", 3, 7, old_root=_root(2))
    add("other-new-root", "The newer root was changed.", 3, 7, new_root=_root(6))
    add("roots-swapped", "The roots changed places.", 3, 7, old_root=_root(7), new_root=_root(3))
    add("other-old-size", "The older size was changed.", 2, 7, proof, old_root=_root(3))
    add("other-new-size", "The newer size was changed.", 3, 9, proof, new_root=_root(7))
    add("backwards", "The newer tree is the smaller.", 7, 3, proof, old_root=_root(7), new_root=_root(3))
    add("from-nothing", "From no entries nothing can be shown.", 0, 7, [], old_root=EMPTY_ROOT)
    add("too-short", "A hash is missing.", 3, 7, proof[1:])
    add("too-long", "A hash is there twice.", 3, 7, [proof[0], *proof])
    add("empty-hash", "The hash of nothing is added.", 3, 7, [*proof, EMPTY_ROOT])
    add("swapped", "Two hashes changed places.", 3, 7, [proof[1], proof[0], *proof[2:]])
    add("entry-changed", "An old entry was changed.", 3, 7, [leaf_hash(b"other"), *proof[1:]])
    add("hash-short", "A hash of 31 bytes.", 3, 7, [proof[0][1:], *proof[1:]])
    bits = (_with_unused_bits(lines.split("\n")[0]) + lines[lines.index("\n") :]).encode()
    add("base64-bits", "Unused bits of a hash's base64 are set.", 3, 7, bits)


def _signatures(made: dict[str, dict[str, Any]]) -> None:
    base = Base(40, _root(6).hex())
    message = assent_message("identification.certify", "33" * 32, RECORD, log=LOG_ID, office=OFFICE, base=base)
    signature = PERSON.sign(message)

    def add(
        name: str, about: str, sig: bytes, *, valid: bool = False, key: str = PERSON.public_key, said: bytes = message
    ) -> None:
        more = {"public_key": key, "message": base64.b64encode(said).decode()}
        _add(made, f"signatures/{name}", about, sig, valid=valid, **more)

    neutral = (1).to_bytes(32, "little")
    order = 2**252 + 27742317777372353535851937790883648493
    raised = int.from_bytes(signature[32:], "little") + order
    add("assent", "A sound assent.", signature, valid=True)
    entry = _entry().body_for_signing()
    add("entry", "A sound signature over an entry.", SECOND.sign(entry), valid=True, key=SECOND.public_key, said=entry)
    mine = possession_message(PERSON.public_key, RECORD, log=LOG_ID)
    add("possession", "A sound proof that a key is held.", PERSON.sign(mine), valid=True, said=mine)
    elsewhere = possession_message(PERSON.public_key, RECORD, log="0a" * 32)
    somebody = possession_message(PERSON.public_key, RECORD[:-1] + "2", log=LOG_ID)
    add("possession-other-log", "A proof that a key is held, for another log.", PERSON.sign(mine), said=elsewhere)
    add("possession-other-person", "A proof that a key is held, for another person.", PERSON.sign(mine), said=somebody)
    for name, about, changed in (
        ("other-log", "The assent in another log.", {"log": "0a" * 32}),
        ("other-office", "The assent in another office.", {"office": SECOND_OFFICE}),
        ("other-base", "The assent with another base.", {"base": Base(40, _root(7).hex())}),
    ):
        parts: Any = {"log": LOG_ID, "office": OFFICE, "base": base, **changed}
        add(name, about, signature, said=assent_message("identification.certify", "33" * 32, RECORD, **parts))
    add("other-message", "The assent to another act.", signature, said=message.replace(b"certify", b"exclude"))
    add("entry-message", "An assent passed off as a signature over an entry.", signature, said=entry)
    add("other-key", "Another person's key.", signature, key=from_seed(b"\x02" * 32).public_key)
    add("cut-short", "63 bytes.", signature[:63])
    add("second-spelling", "S was raised by the order of the group.", signature[:32] + raised.to_bytes(32, "little"))
    add("nothing", "No bytes at all.", b"")
    add("too-long", "A byte follows.", signature + b"\0")
    add("byte-before", "A byte precedes.", b"\0" + signature)
    add("with-key", "The public key stands inside.", signature[:32] + bytes.fromhex(PERSON.public_key) + signature[32:])
    add("zeros", "64 zero bytes.", bytes(64))
    add("r-of-nothing", "R is the neutral point.", neutral + signature[32:])
    add("r-sign", "The sign of R was changed.", signature[:31] + bytes([signature[31] ^ 0x80]) + signature[32:])
    add("r-bit", "A bit of R was changed.", bytes([signature[0] ^ 1]) + signature[1:])
    add("s-bit", "A bit of S was changed.", signature[:32] + bytes([signature[32] ^ 1]) + signature[33:])
    add("s-top-bit", "A bit of S that a reader may not clear.", signature[:63] + bytes([signature[63] | 0x80]))
    add("short-key", "A public key of 31 bytes.", signature, key=PERSON.public_key[2:])
    add("small-order", "A public key under which everything is signed.", neutral + bytes(32), key=neutral.hex())
    for name, about, point in (
        ("small-order-two", "A public key of order 2.", (P - 1).to_bytes(32, "little")),
        ("small-order-four", "A public key of order 4.", bytes(32)),
        ("small-order-eight", "A public key of order 8.", ORDER_EIGHT),
        ("small-order-spelled-otherwise", "The neutral point as no writer spells it.", (P + 1).to_bytes(32, "little")),
    ):
        # Every eighth message or so is "signed" under such a key.
        forged = next(m for n in range(256) if _holds(point, m := b"any message, %d" % n, neutral + bytes(32)))
        add(name, about, neutral + bytes(32), key=point.hex(), said=forged)


# The prime of the field, and a point of order 8 (RFC 8032, section 5.1).
P = 2**255 - 19
ORDER_EIGHT = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")


def _holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a library that checks nothing else accepts."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def main() -> None:
    """Write every case, and remove what is no longer one."""
    made = cases()
    for path in HERE.glob("*/*.json"):
        if path.relative_to(HERE).as_posix().removesuffix(".json") not in made:
            path.unlink()
    for path_, case in made.items():
        file = HERE / f"{path_}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(case, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
