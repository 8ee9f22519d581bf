"""What someone who can write to the ledger's directories may try, and how the check finds it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ledgers import ORIGIN, filed, found_log, log_key, publish

from dokaz.errors import LedgerBroken, LedgerForked, NotCanonical, NotSigned, TrustError
from dokaz.ledger import Checkpoint, Frontier, Log, LogKey, Opening, Receipt, check_ledger, leaf_hash, open_checkpoint
from dokaz.ledger.tiles import pack_entries, unpack_entries

KEY = log_key().verifier_key


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A log of 600 entries, published in two steps so that partial tiles of different widths lie about."""
    store = tmp_path_factory.mktemp("sound") / "store"
    found_log(store, 530, 600)
    return store


@pytest.fixture
def store(sound, tmp_path):
    """A copy to do mischief in."""
    return Path(shutil.copytree(sound, tmp_path / "store"))


def found(store, **database):
    return check_ledger(store, KEY, **database)


def assert_found(store, *, file, word, **database):
    findings = found(store, **database)
    assert any(f.file == file and word in f.what and not f.unfinished for f in findings), [str(f) for f in findings]
    return findings


def database_rows():
    rows = filed(600)
    return {
        "entries": [(index, entry) for index, (entry, _) in enumerate(rows)],
        "openings": [(index, opened) for index, (_, opened) in enumerate(rows)],
    }


def test_an_untouched_ledger_holds(store):
    assert found(store) == []
    assert found(store, **database_rows()) == []


def test_a_single_flipped_bit_in_any_file_is_found_and_located(tmp_path):
    """Every file of a small ledger, at a dozen or more places in each, a different bit each time."""
    store = tmp_path / "store"
    found_log(store, 257, 270)
    files = sorted(p for p in store.rglob("*") if p.is_file())
    assert len(files) == 11
    missed, misplaced, flips = [], [], 0
    for path in files:
        data, name = path.read_bytes(), path.relative_to(store).as_posix()
        for count, at in enumerate([*range(0, len(data), max(1, len(data) // 12)), len(data) - 1]):
            flipped = bytearray(data)
            flipped[at] ^= 1 << (count + at) % 8
            path.write_bytes(flipped)
            findings = found(store)
            flips += 1
            if not any(not f.unfinished for f in findings):
                missed.append((name, at))
            elif name not in {f.file for f in findings}:
                misplaced.append((name, at, [str(f) for f in findings]))
        path.write_bytes(data)
    assert missed == []
    assert misplaced == []
    assert flips > 140
    assert found(store) == []


def test_every_single_flipped_bit_of_checkpoint_and_key_is_refused():
    note, key = log_key().sign(Checkpoint(ORIGIN, 600, bytes(32))).encode(), str(KEY)
    accepted = []
    for at in range(len(note) * 8):
        flipped = bytearray(note)
        flipped[at // 8] ^= 1 << at % 8
        try:
            open_checkpoint(bytes(flipped), KEY)
        except TrustError:
            continue
        accepted.append(at)
    for at in range(len(key) * 8):
        flipped = bytearray(key.encode())
        flipped[at // 8] ^= 1 << at % 8
        try:
            open_checkpoint(note, flipped.decode("latin-1"))
        except TrustError:
            continue
        accepted.append(at)
    assert accepted == []


@pytest.mark.parametrize("cut", [0, 1, -1, -33])
def test_any_file_cut_short_is_found(store, cut):
    for path in sorted(p for p in store.rglob("*") if p.is_file()):
        data = path.read_bytes()
        path.write_bytes(data[:cut])
        findings = [f for f in found(store) if not f.unfinished]
        assert path.relative_to(store).as_posix() in {f.file for f in findings}, path
        path.write_bytes(data)


def test_any_file_removed_is_found(store):
    # Of partial tiles, only those of the newest checkpoint are owed to readers.
    superseded = {"ledger/tile/0/002.p/18", "ledger/tile/entries/002.p/18"}
    for path in sorted(p for p in store.rglob("*") if p.is_file()):
        data, name = path.read_bytes(), path.relative_to(store).as_posix()
        path.unlink()
        findings = {f.file for f in found(store) if not f.unfinished}
        assert name in findings or (name in superseded and not findings), (name, findings)
        path.write_bytes(data)


def test_a_file_slipped_in_is_found(store):
    for name in ("ledger/tile/0/007", "ledger/note.txt", "openings/x000/001.jsonl", "ledger/tile/0/000.p/256"):
        path = store / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        assert_found(store, file=name, word="not")
        path.unlink()
    (store / "ledger/tile/0/008").symlink_to(store / "ledger/tile/0/000")
    assert_found(store, file="ledger/tile/0/008", word="not a file of this ledger")


def test_a_tile_replaced_by_a_link_is_found(store):
    path = store / "ledger/tile/0/000"
    shutil.move(path, store.parent / "elsewhere")
    path.symlink_to(store.parent / "elsewhere")
    assert_found(store, file="ledger/tile/0/000", word="link")


def test_operator_swaps_two_tiles(store):
    for kind in ("0", "entries"):
        a, b = store / f"ledger/tile/{kind}/000", store / f"ledger/tile/{kind}/001"
        one, two = a.read_bytes(), b.read_bytes()
        a.write_bytes(two)
        b.write_bytes(one)
        assert_found(store, file=f"ledger/tile/{kind}/000", word="entry 0" if kind == "entries" else "place 0")
        a.write_bytes(one)
        b.write_bytes(two)


def test_operator_alters_an_entry_and_its_hash(store):
    bundle, hashes = store / "ledger/tile/entries/000", store / "ledger/tile/0/000"
    entries = unpack_entries(bundle.read_bytes(), file="")
    entries[9] = entries[9].replace(b"2026-05-04", b"2026-05-05")
    bundle.write_bytes(pack_entries(entries))
    hashes.write_bytes(b"".join(leaf_hash(each) for each in entries))
    assert_found(store, file="ledger/tile/1/000.p/2", word="place 0")
    assert_found(store, file="ledger/checkpoint", word="another root")


def test_operator_rewrites_history_with_every_tile_but_cannot_sign(store, tmp_path):
    forged = tmp_path / "forged"
    log = Log.found(forged, LogKey.from_seed(ORIGIN, b"\x01" * 32))
    rows = filed(600, seed="forged")
    log.publish(
        [e for e, _ in rows],
        [(i, o) for i, (_, o) in enumerate(rows)],
        first=0,
        key=LogKey.from_seed(ORIGIN, b"\x01" * 32),
    )
    assert_found(forged, file="ledger/key", word="not the log's published key")
    assert_found(forged, file="ledger/checkpoint", word="not signed by")
    shutil.copy(store / "ledger/checkpoint", forged / "ledger/checkpoint")
    shutil.copy(store / "ledger/key", forged / "ledger/key")
    assert_found(forged, file="ledger/checkpoint", word="another root")


def test_operator_who_holds_the_key_rewrites_history_and_an_old_receipt_shows_it(store, tmp_path):
    receipt = Log(store, KEY).receipt(5)
    forged, _ = found_log(tmp_path / "forged", 600, seed="forged")
    assert check_ledger(tmp_path / "forged", KEY) == []
    with pytest.raises(LedgerForked, match="does not begin with"):
        forged.must_extend(receipt.checkpoint)
    assert_found(tmp_path / "forged", file="database", word="differs", entries=database_rows()["entries"])


def test_operator_rolls_back_the_last_hundred_entries(store, tmp_path):
    receipt = Log(store, KEY).receipt(599)
    older, _ = found_log(tmp_path / "older", 500)
    assert check_ledger(tmp_path / "older", KEY) == []
    with pytest.raises(LedgerForked, match="the log has 500 entries; it signed for 600 before"):
        older.must_extend(receipt.checkpoint)
    # And a database that still holds them is said to be ahead.
    findings = check_ledger(tmp_path / "older", KEY, **database_rows())
    assert [f.what for f in findings] == ["entry 500 and what follows is not published yet"]


def test_operator_rolls_back_the_checkpoint_alone(store, tmp_path):
    older, _ = found_log(tmp_path / "older", 530)
    shutil.copy(older.ledger / "checkpoint", store / "ledger/checkpoint")
    findings = found(store)
    assert any(
        f.file == "ledger/checkpoint" and "speaks of 530 entries, but 600 are written" in f.what for f in findings
    )


def test_operator_rolls_back_the_database(store):
    rows = database_rows()
    findings = assert_found(store, file="database", word="entry 590 is published", entries=rows["entries"][:590])
    assert len([f for f in findings if f.file == "database"]) == 1
    # Publishing other entries from such a database is refused, and changes nothing.
    log, before = Log(store, KEY), (store / "ledger/checkpoint").read_bytes()
    other = filed(600, seed="other")
    with pytest.raises(LedgerForked):
        log.publish([e for e, _ in other[590:]], [], first=590, key=log_key())
    assert (store / "ledger/checkpoint").read_bytes() == before


def test_operator_deletes_a_row_in_the_middle(store):
    entries = database_rows()["entries"]
    assert_found(store, file="database", word="holds entry 101 where 100 is due", entries=entries[:100] + entries[101:])


def test_operator_edits_an_opening_in_the_database(store):
    rows = database_rows()
    state = next(each for each in rows["openings"][4][1] if each.name == "state")
    others = [each for each in rows["openings"][4][1] if each is not state]
    rows["openings"][4] = (4, [*others, Opening(state.salt, "state", "never opened")])
    findings = assert_found(store, file="database", word="entry 4 never said 'state' = 'never opened'", **rows)
    assert any("nothing opens its field" in f.what for f in findings)


def test_operator_drops_an_opening_from_the_database(store):
    rows = database_rows()
    rows["openings"][4] = (4, [])
    assert_found(store, file="database", word="nothing opens its field", **rows)


def test_operator_leaves_an_opening_in_the_database_that_cannot_be_read(store):
    rows = database_rows()

    def openings():
        yield from rows["openings"][:4]
        yield 4, [Opening("no salt", "state", "x")]

    findings = assert_found(
        store, file="database", word="cannot be read: field 'state'", entries=rows["entries"], openings=openings()
    )
    assert len(findings) == 1


def test_operator_leaves_an_entry_in_the_database_that_cannot_be_read(store):
    def entries():
        yield from database_rows()["entries"][:4]
        raise NotCanonical("byte 7 is not UTF-8")

    findings = assert_found(store, file="database", word="entry 4 cannot be read: byte 7", entries=entries())
    assert len(findings) == 1


def test_operator_opens_a_field_under_the_name_of_another(tmp_path):
    store = tmp_path / "store"
    log, rows = found_log(store, 1)
    entry = log.read_entry(0)
    crossed = dict(zip(entry.fields, reversed(entry.fields.values()), strict=True))
    forged = replace(entry, fields=crossed, record=entry.record[:-1] + "e").to_bytes()
    log.publish([forged], [(1, rows[0][1])], first=1, key=log_key())
    assert_found(store, file="openings/000.jsonl", word="its field 'state' is opened as 'number'")
    assert_found(store, file="openings/000.jsonl", word="opened before for another record")


def test_operator_renames_a_field_in_a_later_version(tmp_path):
    store = tmp_path / "store"
    log, _ = found_log(store, 2)
    entry = log.read_entry(1)
    renamed = {name if name != "state" else "stage": digest for name, digest in entry.fields.items()}
    later = replace(entry, fields=renamed, version=3, previous=(entry.leaf_hash,)).to_bytes()
    log.publish([later], [], first=2, key=log_key())
    assert_found(store, file="openings/000.jsonl", word="its field 'stage' is opened as 'state'")


def test_operator_skips_a_version(tmp_path):
    log, _ = found_log(tmp_path / "store")
    log.publish([filed(2)[1][0]], [], first=0, key=log_key())
    assert_found(tmp_path / "store", file="ledger/tile/entries/000", word="is version 2")


def test_operator_gives_a_version_another_predecessor(tmp_path):
    log, _ = found_log(tmp_path / "store")
    rows = filed(2)
    entry = rows[1][0].replace(leaf_hash(rows[0][0]).hex().encode(), b"0" * 64)
    log.publish([rows[0][0], entry], [(0, rows[0][1]), (1, rows[1][1])], first=0, key=log_key())
    assert_found(tmp_path / "store", file="ledger/tile/entries/000", word="says it replaces")


def test_publishing_does_not_build_on_altered_tiles(store):
    path = store / "ledger/tile/0/002.p/88"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    before = (store / "ledger/checkpoint").read_bytes()
    with pytest.raises(LedgerBroken, match="do not lead to the root"):
        publish(Log(store, KEY), filed(601))
    assert (store / "ledger/checkpoint").read_bytes() == before


def test_publishing_does_not_sign_over_a_checkpoint_of_another_key(store):
    other = LogKey.from_seed(ORIGIN, bytes(32))
    (store / "ledger/checkpoint").write_text(other.sign(Checkpoint(ORIGIN, 0, Frontier().root)))
    with pytest.raises(NotSigned):
        publish(Log(store, KEY), filed(601))


def test_a_single_flipped_bit_anywhere_in_a_receipt_is_found(store):
    log = Log(store, KEY)
    leaf, text = leaf_hash(filed(6)[5][0]), str(log.receipt(5)).encode()
    accepted = []
    for at in range(len(text)):
        for bit in range(8):
            flipped = bytearray(text)
            flipped[at] ^= 1 << bit
            try:
                Receipt.parse(flipped.decode("utf-8")).verify(leaf, KEY)
            except (TrustError, UnicodeDecodeError):
                continue
            accepted.append((at, bit))
    assert accepted == []


def test_a_receipt_cut_short_or_lengthened_is_refused(store):
    log = Log(store, KEY)
    leaf, text = leaf_hash(filed(6)[5][0]), str(log.receipt(5))
    changed = [text[:end] for end in range(len(text))] + [text + more for more in ("\n", " ", "x", "— a\n")]
    for each in changed:
        with pytest.raises(TrustError):
            Receipt.parse(each).verify(leaf, KEY)
