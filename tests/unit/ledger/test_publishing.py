"""A log is published whole, once, and in the form that other readers know."""

import os

import pytest
from ledgers import ORIGIN, filed, found_log, log_key, publish, textbook_root, tiles_of

from dokaz.errors import LedgerBroken, LedgerForked
from dokaz.ledger import Checkpoint, Log, LogKey, Opening, check_ledger, leaf_hash, open_checkpoint
from dokaz.ledger.merkle import verify_consistency, verify_inclusion
from dokaz.ledger.tiles import tile_path, unpack_entries


def files(store):
    return {p.relative_to(store).as_posix(): p.read_bytes() for p in store.rglob("*") if p.is_file()}


def test_a_new_log_is_empty_and_signed(tmp_path):
    log, _ = found_log(tmp_path)
    assert log.head == Checkpoint(ORIGIN, 0, textbook_root([]))
    assert check_ledger(tmp_path, log_key().verifier_key) == []


def test_a_log_is_not_founded_over_another(tmp_path):
    found_log(tmp_path, 3)
    before = files(tmp_path)
    Log.found(tmp_path, log_key())
    with pytest.raises(LedgerForked):
        Log.found(tmp_path, LogKey.generate("example.org/else"))
    assert files(tmp_path) == before


def test_tiles_are_named_as_the_specification_says():
    assert tile_path(0, 0) == "tile/0/000"
    assert tile_path("entries", 1234067) == "tile/entries/x001/x234/067"
    assert tile_path(1, 999, 17) == "tile/1/999.p/17"
    # The specification's example of a tree of 70,000 entries.
    widths = list(tiles_of(70_000))
    assert [sum(1 for level, _, w in widths if (level, w) == (0, 256)), widths[273]] == [273, (0, 273, 112)]
    assert widths[274:] == [(1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]


def test_a_log_published_in_any_portions_is_the_same_log(tmp_path):
    one, rows = found_log(tmp_path / "one", 700)
    many, _ = found_log(tmp_path / "many", 1, 2, 255, 256, 257, 511, 512, 600, 700)
    assert one.note == many.note
    assert one.head.root == textbook_root([leaf_hash(entry) for entry, _ in rows])
    last = {tile_path(level, i, w) for level, i, w in tiles_of(700)} | {tile_path("entries", 2, 700 - 512)}
    assert last < set(files(one.ledger))
    # Being published more often leaves narrower tiles behind, and changes nothing else.
    ones, manys = files(tmp_path / "one"), files(tmp_path / "many")
    assert all(manys[name] == data for name, data in ones.items())
    assert {name for name in manys if name not in ones} <= {
        *(f"ledger/tile/{level}/002.p/88" for level in ("0", "entries")),
        "ledger/tile/1/000.p/1",
    }


def test_every_hash_of_a_tile_is_that_of_its_entry(tmp_path):
    log, rows = found_log(tmp_path, 300)
    first = (log.ledger / "tile/0/000").read_bytes()
    assert first == b"".join(leaf_hash(entry) for entry, _ in rows[:256])
    assert unpack_entries((log.ledger / "tile/entries/001.p/44").read_bytes(), file="") == [e for e, _ in rows[256:]]
    assert (log.ledger / "tile/1/000.p/1").read_bytes() == textbook_root([leaf_hash(e) for e, _ in rows[:256]])


def test_publishing_rewrites_no_full_tile(tmp_path):
    log, rows = found_log(tmp_path, 600)
    before = {p: p.stat().st_mtime_ns for p in log.ledger.rglob("*") if p.is_file() and ".p" not in str(p)}
    more = filed(900)
    assert [e for e, _ in more[:600]] == [e for e, _ in rows]
    publish(log, more)
    before.pop(log.ledger / "checkpoint")
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_publishing_again_what_is_published_changes_nothing(tmp_path):
    log, rows = found_log(tmp_path, 300)
    before = files(tmp_path)
    again = log.publish([e for e, _ in rows], [(i, o) for i, (_, o) in enumerate(rows)], first=0, key=log_key())
    assert again.size == 300
    log.publish([rows[5][0]], [(5, rows[5][1])], first=5, key=log_key())
    assert files(tmp_path) == before


def test_entries_that_bring_no_openings_may_be_left_out_of_the_openings(tmp_path):
    log, rows = found_log(tmp_path)
    log.publish([e for e, _ in rows] + [filed(2)[0][0]], [], first=0, key=log_key())
    assert log.openings.read(0) == []
    assert (tmp_path / "openings/000.jsonl").read_bytes() == b'{"index":0,"openings":[]}\n'


def test_openings_without_an_entry_are_refused(tmp_path):
    log, _ = found_log(tmp_path)
    rows = filed(2)
    with pytest.raises(LedgerBroken, match="no entry to stand with"):
        log.publish([rows[0][0]], [(0, rows[0][1]), (7, rows[1][1])], first=0, key=log_key())
    assert log.size == 0


def test_a_gap_is_refused(tmp_path):
    log, rows = found_log(tmp_path, 3)
    with pytest.raises(LedgerBroken, match="entries 3 to 4 are not published"):
        log.publish([rows[0][0]], [], first=5, key=log_key())


def test_another_history_is_refused_and_nothing_is_written(tmp_path):
    log, _ = found_log(tmp_path, 300)
    before = files(tmp_path)
    other = filed(301, seed="other")
    with pytest.raises(LedgerForked, match="entry 0 was published with other content"):
        log.publish([e for e, _ in other], [], first=0, key=log_key())
    assert files(tmp_path) == before


def test_a_receipt_kept_elsewhere_shows_that_the_log_only_grew(tmp_path):
    log, _ = found_log(tmp_path, 10)
    older = log.note
    publish(log, filed(300))
    log.must_extend(older)
    before = open_checkpoint(older, log.verifier_key)
    verify_consistency(10, 300, log.consistency(10), before.root, log.head.root)
    assert (before.size, log.head.size) == (10, 300)


def test_a_reader_may_read_while_the_log_grows_past_a_tile(tmp_path):
    log, rows = found_log(tmp_path, 200)
    reader, then = Log(tmp_path), log.head
    publish(log, filed(600))
    # The partial tiles of size 200 are gone; the full ones hold the same.
    verify_inclusion(7, 200, leaf_hash(rows[7][0]), reader.inclusion(7, size=200), then.root)
    assert reader.read_entry(199).to_bytes() == rows[199][0]
    assert list(reader.tiles.read_entries(190, 300)) == [e for e, _ in filed(600)[190:300]]


def test_an_entry_that_does_not_fit_its_prefix_is_refused_before_anything_is_written(tmp_path):
    log, _ = found_log(tmp_path)
    with pytest.raises(LedgerBroken, match="65,535"):
        log.tiles.append([bytes(65_536)], size=0)
    assert not (log.ledger / "tile").exists()


def test_erasing_an_opening_takes_it_from_disk_and_from_nowhere_else(tmp_path):
    log, rows = found_log(tmp_path, 300)
    before = files(tmp_path)
    gone = rows[257][1][0]
    assert log.erase({gone.digest: 257, "0" * 64: 3, rows[2][1][0].digest: 1}) == 1
    assert log.erase({gone.digest: 257}) == 0
    assert gone not in log.openings.read(257)
    after = files(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"openings/001.jsonl"}
    assert gone.salt.encode() not in after["openings/001.jsonl"]
    key = log_key().verifier_key
    assert len(check_ledger(tmp_path, key)) >= 1
    assert check_ledger(tmp_path, key, erased={gone.digest: "ERA-000001"}) == []


def test_what_was_to_be_erased_and_is_there_is_named(tmp_path):
    _log, rows = found_log(tmp_path, 3)
    kept, key = rows[2][1][0], log_key().verifier_key
    (found,) = check_ledger(tmp_path, key, erased={kept.digest: "ERA-000001"})
    assert (found.file, found.unfinished) == ("openings/000.jsonl", False)
    assert found.what == f"entry 2: {kept.name!r} is there, though ERA-000001 ordered that it be erased"
    (found,) = check_ledger(tmp_path, key, erased={kept.digest: "ERA-000001"}, due=[kept.digest])
    assert found.unfinished
    database = {
        "entries": [(i, body) for i, (body, _) in enumerate(rows)],
        "openings": [(i, o) for i, (_, o) in enumerate(rows)],
    }
    found = check_ledger(tmp_path, key, erased={kept.digest: "ERA-000001"}, due=[kept.digest], **database)
    assert [(each.file, each.unfinished) for each in found] == [("openings/000.jsonl", True), ("database", False)]


def test_erasing_across_files_rewrites_each_once_and_keeps_the_rest(tmp_path):
    log, rows = found_log(tmp_path, 600)
    gone = {rows[index][1][0].digest: index for index in (0, 255, 256, 599)}
    assert log.erase(gone) == 4
    left = dict(log.openings.read_all())
    assert all(left[i] == [o for o in opened if o.digest not in gone] for i, (_, opened) in enumerate(rows))


def test_erasure_is_not_undone_by_publishing_on(tmp_path):
    log, _ = found_log(tmp_path, 3)
    gone = log.openings.read(2)[0]
    log.erase({gone.digest: 2})
    rows = filed(5)
    log.openings.append([(index, opened) for index, (_, opened) in enumerate(rows)])
    assert gone not in log.openings.read(2)


def test_openings_are_readable_by_their_owner_only(tmp_path):
    log, _ = found_log(tmp_path, 300)
    assert {p.stat().st_mode & 0o077 for p in (tmp_path / "openings").rglob("*")} == {0}
    log.erase({log.openings.read(2)[0].digest: 2})
    assert (tmp_path / "openings/000.jsonl").stat().st_mode & 0o077 == 0
    assert (tmp_path / "openings").stat().st_mode & 0o077 == 0


def test_a_changed_value_of_the_same_name_is_another_opening(tmp_path):
    log, rows = found_log(tmp_path, 3)
    with pytest.raises(LedgerForked, match="opens something else"):
        log.openings.append([(2, [Opening("00" * 32, "state", "x")])])
    assert log.openings.read(2) == rows[2][1]


def test_two_processes_that_publish_at_once_publish_one_log(tmp_path):
    found_log(tmp_path / "store")
    rows = filed(600)
    one, _ = found_log(tmp_path / "one", 600)
    children = []
    for step in (45, 70):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                for upto in range(step, 601, step):
                    # Each hands in everything, as two servers that share a database would.
                    openings = [(index, opened) for index, (_, opened) in enumerate(rows[:upto])]
                    Log(tmp_path / "store").publish([e for e, _ in rows[:upto]], openings, first=0, key=log_key())
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    publish(Log(tmp_path / "store"), rows)
    assert Log(tmp_path / "store").note == one.note
    assert check_ledger(tmp_path / "store", log_key().verifier_key) == []
