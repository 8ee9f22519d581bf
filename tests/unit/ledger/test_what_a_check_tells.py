"""What a check of the ledger says of files that are too many, half written, or unreadable; and how publishing goes on."""

import hashlib

import pytest
from ledgers import ORIGIN, filed, found_log, log_key, publish

from dokaz.errors import BadKeyFile, LedgerBroken, LedgerForked
from dokaz.ledger import Log, LogKey, check_ledger, unlock
from dokaz.ledger.canonical import canonical
from dokaz.ledger.durable import UNFINISHED
from dokaz.ledger.tiles import TileStore, tile_path

KEY = log_key().verifier_key


def found(store, **more):
    return {(each.file, each.what, each.unfinished) for each in check_ledger(store, KEY, **more)}


def test_a_check_tells_how_many_entries_are_done(tmp_path):
    found_log(tmp_path, 5)
    told = []
    assert check_ledger(tmp_path, KEY, progress=told.append) == []
    assert told == [1, 2, 3, 4, 5]


def test_a_file_that_was_begun_and_not_finished_loses_nothing(tmp_path):
    log, _ = found_log(tmp_path, 5)
    (log.ledger / f"checkpoint{UNFINISHED}").write_bytes(b"half")
    name = f"ledger/checkpoint{UNFINISHED}"
    assert found(tmp_path) == {(name, "left behind by a writing that was cut short", True)}


def test_openings_that_were_begun_and_not_finished_lose_nothing(tmp_path):
    found_log(tmp_path, 5)
    for name in (f"001.jsonl{UNFINISHED}", f"000.jsonl{UNFINISHED}"):
        (tmp_path / "openings" / name).write_bytes(b"half")
        what = "left behind by a writing that was cut short"
        assert found(tmp_path) == {(f"openings/{name}", what, True)}
        (tmp_path / "openings" / name).unlink()


def test_what_an_opening_never_said_is_shown_and_cut_where_it_is_long(tmp_path):
    found_log(tmp_path, 5)
    (openings,) = (path for path in (tmp_path / "openings").rglob("*") if path.is_file())
    before = openings.read_bytes()
    for said, shown in (("Г-9999", "'Г-9999': altered"), ("Г" * 70, "'" + "Г" * 59 + "…: altered")):
        openings.write_bytes(before.replace("Г-0000".encode(), said.encode(), 1))
        assert any(f"entry 0 never said 'number' = {shown}" in what for _, what, _ in found(tmp_path)), found(tmp_path)


def test_an_earlier_partial_tile_must_be_how_the_later_one_begins(tmp_path):
    log, _ = found_log(tmp_path, 3, 5)
    narrower = log.ledger / "tile/entries/000.p/3"
    narrower.write_bytes(narrower.read_bytes().replace(b"2026-05-04", b"2026-05-05", 1))
    what = "is not how tile/entries/000.p/5 begins"
    assert found(tmp_path) == {("ledger/tile/entries/000.p/3", what, False)}


def test_entries_are_numbered_through_from_tile_to_tile(tmp_path):
    log, _ = found_log(tmp_path, 258)
    bundle = log.ledger / "tile/entries/001.p/2"
    bundle.write_bytes(bundle.read_bytes().replace(b"2026-05-04", b"2026-05-0x", 1))
    assert any(what.startswith("entry 256: ") for _, what, _ in found(tmp_path)), found(tmp_path)


def test_hashes_of_entries_that_are_not_there_are_found(tmp_path):
    log, _ = found_log(tmp_path, 100)
    (log.ledger / "tile/0/000.p/101").write_bytes(b"h" * 32 * 101)
    what = "holds hashes of entries that are not there (100 are)"
    assert ("ledger/tile/0/000.p/101", what, False) in found(tmp_path)


def test_lines_of_openings_that_a_waiting_filing_began_are_unfinished(tmp_path):
    """The database holds one entry more than is published: its openings may have been written already."""
    found_log(tmp_path, 5)
    (openings,) = (path for path in (tmp_path / "openings").rglob("*") if path.is_file())
    entries = [(index, entry) for index, (entry, _) in enumerate(filed(6))]
    before = openings.read_bytes()
    openings.write_bytes(before + b"{}\n")
    what = "has more than the 5 lines that belong to entries"
    name = openings.relative_to(tmp_path).as_posix()
    assert (name, what, True) in found(tmp_path, entries=entries)
    assert (name, what, False) in found(tmp_path, entries=entries[:5])
    # Half a line behind them is not a line of theirs that was cut.
    openings.write_bytes(before + b"{")
    assert (name, what, True) in found(tmp_path, entries=entries)
    openings.write_bytes(before[:-1])
    assert any(file == name and "line 5 is cut short" in what for file, what, _ in found(tmp_path, entries=entries))


def test_a_publishing_that_died_before_its_checkpoint_is_carried_on(tmp_path):
    log, _ = found_log(tmp_path, 100)
    before = log.note
    publish(log, filed(300))
    due = log.note
    (log.ledger / "checkpoint").write_text(before)
    publish(Log(tmp_path, KEY), filed(300))
    assert log.note == due
    assert found(tmp_path) == set()


def test_a_publishing_is_not_carried_on_over_other_tiles(tmp_path):
    log, _ = found_log(tmp_path, 100)
    before = log.note
    publish(log, filed(300))
    (log.ledger / "checkpoint").write_text(before)
    (log.ledger / "tile/0/001.p/44").write_bytes(b"h" * 32 * 44)
    with pytest.raises(LedgerForked, match=r"001\.p/44 was published with other content"):
        publish(Log(tmp_path, KEY), filed(300))
    assert log.note == before


def test_keys_that_sign_later_are_kept_in_their_order(tmp_path):
    log, _ = found_log(tmp_path, 1)
    rows = filed(4)
    later = [LogKey.generate(ORIGIN) for _ in range(2)]
    for size, key in enumerate([*later, later[-1]], start=2):
        entries, openings = [rows[size - 1][0]], [(size - 1, rows[size - 1][1])]
        log.publish(entries, openings, first=size - 1, key=key)
    one, other = (str(key.verifier_key) for key in later)
    assert (log.ledger / "signers").read_text() == f"{one}\n{other}\n"
    assert [str(key) for key in Log(tmp_path, KEY).signers] == [str(KEY), one, other]
    assert log.head.size == 4


def test_a_tile_that_is_missing_is_named(tmp_path):
    log, _ = found_log(tmp_path, 300)
    (log.ledger / tile_path(0, 0)).unlink()
    with pytest.raises(LedgerBroken, match=r"tile/0/000\.p/4 is missing"):
        TileStore(log.ledger).read_hash(0, 3)


def test_an_entry_that_was_altered_in_a_full_tile_is_named_as_such(tmp_path):
    """Its hash is right, as the level above says: so it is not the file of hashes that is wrong."""
    log, _ = found_log(tmp_path, 256)
    bundle = log.ledger / tile_path("entries", 0)
    before = bundle.read_bytes()
    bundle.write_bytes(before.replace(b"2026-05-04", b"2026-05-05", 1))
    what = "entry 0 was altered: the tree holds another hash for it"
    assert ("ledger/tile/entries/000", what, False) in found(tmp_path)
    bundle.write_bytes(before)
    hashes = log.ledger / tile_path(0, 0)
    hashes.write_bytes(b"h" * 32 + hashes.read_bytes()[32:])
    assert found(tmp_path) == {("ledger/tile/0/000", "place 0 is not the hash of entry 0", False)}


def test_a_link_to_a_folder_among_openings_is_found(tmp_path):
    found_log(tmp_path / "store", 5)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "store" / "openings" / "linked").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path / "store") == {("openings/linked", "is not a file of this store", False)}


def test_every_log_extends_the_one_that_was_empty(tmp_path):
    log, _ = found_log(tmp_path)
    empty = log.note
    publish(log, filed(3))
    log.must_extend(empty)
    assert log.head.size == 3


def test_a_tuple_is_written_as_a_list():
    assert canonical((1, ("a",))) == canonical([1, ["a"]]) == b'[1,["a"]]'


def test_a_checkpoint_that_cannot_be_read_is_named(tmp_path):
    log, _ = found_log(tmp_path, 5)
    (log.ledger / "checkpoint").unlink()
    (log.ledger / "checkpoint").mkdir()
    assert any(file == "ledger/checkpoint" and what.startswith("cannot be read: ") for file, what, _ in found(tmp_path))
    with pytest.raises(LedgerBroken, match="ledger/checkpoint cannot be read"):
        log.note  # noqa: B018


def test_a_key_file_that_cannot_be_read_is_refused_by_name(tmp_path):
    (tmp_path / "log.key").mkdir()
    with pytest.raises(BadKeyFile, match=r"log\.key: cannot be read"):
        LogKey.load(tmp_path / "log.key", ORIGIN)
    with pytest.raises(BadKeyFile, match=r"log\.key: cannot be read"):
        unlock(tmp_path / "log.key", "вишня і груша")


def test_the_fingerprint_is_the_hash_of_the_public_key():
    assert KEY.fingerprint == hashlib.sha256(KEY.public_key).hexdigest()
