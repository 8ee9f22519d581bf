"""Which key a log trusts, what it makes durable before it signs, and what it leaves behind when a tile is full."""

import shutil

import pytest
from ledgers import ORIGIN, filed, found_log, log_key, publish

from dokaz.errors import BadCheckpoint, NotCanonical
from dokaz.ledger import Checkpoint, Log, LogKey, check_ledger, leaf_hash
from dokaz.ledger import tiles as tiles_of_a_log
from dokaz.ledger.canonical import canonical
from dokaz.ledger.checkpoint import open_by_any
from dokaz.ledger.merkle import verify_inclusion

KEY = log_key().verifier_key


def test_a_log_trusts_the_key_that_its_reader_brings_not_the_one_on_the_disk(tmp_path):
    log, _ = found_log(tmp_path, 5)
    (log.ledger / "key").write_text(f"{LogKey.generate(ORIGIN).verifier_key}\n")
    trusting = Log(tmp_path, KEY)
    assert trusting.verifier_key == KEY
    assert trusting.head.size == 5


def test_a_checkpoint_of_an_earlier_key_is_still_the_logs(tmp_path):
    log, _ = found_log(tmp_path, 1)
    later = LogKey.generate(ORIGIN).verifier_key
    assert open_by_any(log.note, [KEY, later]).size == 1
    assert open_by_any(log.note, [later, KEY]).size == 1


def test_a_root_has_32_bytes():
    for root in (b"r" * 31, b"r" * 33):
        with pytest.raises(BadCheckpoint, match="a root hash has 32 bytes"):
            Checkpoint(ORIGIN, 1, root)


def test_an_entry_is_proved_under_an_older_size_as_under_the_newest(tmp_path):
    log, rows = found_log(tmp_path, 7, 300)
    older, _ = found_log(tmp_path / "older", 7)
    for size, root in ((7, older.head.root), (None, log.head.root)):
        proof = log.inclusion(3, size=size)
        verify_inclusion(3, size or 300, leaf_hash(rows[3][0]), proof, root)
    assert log.inclusion(3) != log.inclusion(3, size=7)


def test_a_false_root_is_said_once_also_where_it_ends_with_a_tile(tmp_path):
    log, _ = found_log(tmp_path, 256, 260)
    (log.ledger / "checkpoint").write_text(log_key().sign(Checkpoint(ORIGIN, 256, b"r" * 32)))
    said = [each.what for each in check_ledger(tmp_path, KEY) if "another root" in each.what]
    assert said == ["the log signed another root for 256 entries than the one these entries have"]


def test_a_checkpoint_within_a_tile_is_compared_with_the_entries_before_it_alone(tmp_path):
    log, _ = found_log(tmp_path, 300)
    before = log.note
    publish(log, filed(310))
    (log.ledger / "checkpoint").write_text(before)
    assert {each.unfinished for each in check_ledger(tmp_path, KEY)} == {True}


def test_openings_of_an_entry_that_waits_are_unfinished_and_of_nobody_strange(tmp_path):
    """Entry 256 begins another file of openings; the database holds it, the ledger not yet."""
    found_log(tmp_path / "store", 256)
    shutil.copytree(tmp_path / "store", tmp_path / "later")
    publish(Log(tmp_path / "later", KEY), filed(257))
    shutil.copytree(tmp_path / "later" / "openings", tmp_path / "store" / "openings", dirs_exist_ok=True)

    def found(rows):
        entries = [(index, entry) for index, (entry, _) in enumerate(rows)]
        return {each.unfinished for each in check_ledger(tmp_path / "store", KEY, entries=entries)}

    assert found(filed(257)) == {True}
    assert found(filed(256)) == {False}


def test_lines_of_openings_that_are_missing_are_said_once(tmp_path):
    found_log(tmp_path, 5)
    (openings,) = (path for path in (tmp_path / "openings").rglob("*") if path.is_file())
    openings.write_bytes(b"".join(openings.read_bytes().splitlines(keepends=True)[:2]))
    what = [each.what for each in check_ledger(tmp_path, KEY) if each.file.startswith("openings/")]
    assert what == ["has no complete line for entry 2"]


def test_a_full_tile_leaves_no_partial_one_behind(tmp_path):
    log, _ = found_log(tmp_path, 100, 300)
    assert not [path for path in log.ledger.rglob("000.p") if path.parent.name != "1"]
    assert (log.ledger / "tile/entries/001.p/44").is_file()


def test_every_folder_of_a_new_tile_is_durable_before_the_checkpoint(tmp_path, monkeypatch):
    made, notes = [], []
    log, _ = found_log(tmp_path)

    def sync(directory):
        made.append(directory.relative_to(log.ledger).as_posix())
        notes.append(log.head.size)

    monkeypatch.setattr(tiles_of_a_log, "sync_directory", sync)
    publish(log, filed(3))
    assert sorted(made) == ["tile/0/000.p", "tile/entries/000.p"]
    assert notes == [0, 0]


def test_a_refused_number_is_shown_up_to_forty_digits():
    for number, shown in ((10**40 - 1, "9" * 40), (10**40, "of 133 bits")):
        with pytest.raises(NotCanonical, match=f"integer {shown} is not below"):
            canonical(number)
