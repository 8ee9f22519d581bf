"""A store is checked by the same rules as a bundle: the whole log as it lies on disk, whoever hands it over."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import TILE, Fields, canonical
from dokaz_verify import LogKey, Malformed, Unreadable
from dokaz_verify.store import is_store, verify_store
from merkle import Tree
from room import digest, with_room
from story import Story
from test_verify_report import run


@pytest.fixture
def long_story() -> Story:
    """A log of several tiles; in the last, nothing that others rest on."""
    told = Story()
    told.tell()
    assert TILE < told.log.size < 2 * TILE
    with told.log.filing():
        while told.log.size < 2 * TILE + 20:
            told.log.file("graves.open_site", "graves.Site", told.scene)
    return told


@pytest.fixture
def store(story: Story, tmp_path: Path) -> Path:
    return story.tell().store(tmp_path / "store")


def codes(folder: Path, **options: Any) -> set[str]:
    return set(verify_store(folder, **options).counts)


def tile(folder: Path) -> Path:
    """The last one."""
    return max(path for path in (folder / "ledger" / "tile" / "entries").rglob("*") if path.is_file())


def entries_of(data: bytes) -> list[bytes]:
    found = []
    while data:
        length = int.from_bytes(data[:2], "big")
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


def packed(entries: list[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


# --- sound ones --------------------------------------------------------------------------------------------------------


def test_a_sound_store_verifies(store: Path, story: Story) -> None:
    found = verify_store(store)
    assert found.verified and found.whole_log and found.of_a_store and found.entries == story.log.size
    out = run(store)
    assert out.returncode == 0 and "INSIDE" not in out.stdout
    assert json.loads(run(store, "--json").stdout)["verdict"] == "verified"
    assert run(store, "--language", "uk").returncode == 0


def test_a_store_of_several_tiles_verifies(long_story: Story, tmp_path: Path) -> None:
    folder = long_story.log.store(tmp_path / "store")
    assert verify_store(folder).verified
    assert verify_store(folder, key=long_story.log.vkey).key_from_outside


def test_a_part_of_a_tile_that_is_longer_than_needed(store: Path, story: Story) -> None:
    """A tile may go on beyond the checkpoint: what was filed since."""
    checkpoint = story.log.checkpoint(Tree(story.log.tree.leaves))
    story.missing()
    longer = story.log.store(store.with_name("longer"))
    (longer / "ledger" / "checkpoint").write_bytes(checkpoint)
    assert codes(longer) == set()


def test_a_bundle_is_no_store(store: Path, story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    assert is_store(store) and not is_store(bundle) and not is_store(tmp_path / "absent")
    story.log.bundle(store, story.prosecutor)
    assert not is_store(store), "a folder with a manifest is a bundle, whatever lies beside it"


def test_a_store_has_its_own_constitution(tmp_path: Path) -> None:
    rules = with_room()
    rules["acts"]["identification.certify"]["assents"] = 1
    folder = Story(constitution=rules).log.store(tmp_path / "store")
    assert codes(folder) == {"constitution-changed"}
    assert codes(folder, constitution=digest(rules)) == set()


# --- what was changed --------------------------------------------------------------------------------------------------


def test_an_entry_is_changed(store: Path) -> None:
    entries = entries_of(tile(store).read_bytes())
    changed = json.loads(entries[-1])
    tile(store).write_bytes(packed([*entries[:-1], canonical({**changed, "at": "2024-05-20T00:00:00Z"})]))
    assert codes(store) >= {"entries-not-of-this-head", "signature-wrong"}


def test_two_entries_change_places(store: Path) -> None:
    entries = entries_of(tile(store).read_bytes())
    entries[-1], entries[-2] = entries[-2], entries[-1]
    tile(store).write_bytes(packed(entries))
    assert "entries-not-of-this-head" in codes(store)


def test_the_operator_signs_a_head_of_a_changed_log(store: Path, story: Story) -> None:
    """Every hash is in order again, and the checkpoint is signed: what people signed on is gone."""
    del story.log.entries[40], story.log.openings[40]
    story.log.rebuild()
    story.log.store(store)
    assert codes(store) & {"base-not-of-this-log", "base-is-later"}


@pytest.mark.parametrize("change", [
    lambda data: data[:-1],
    lambda data: data[: len(data) // 2],
    lambda data: b"",
    lambda data: b"\xff\xff" + data[2:],
    lambda data: b"\x00\x00" + data,
])  # fmt: skip
def test_a_tile_is_cut(store: Path, change: Callable[[bytes], bytes]) -> None:
    tile(store).write_bytes(change(tile(store).read_bytes()))
    assert codes(store) & {
        "file-size-differs",
        "entry-malformed",
        "tile-of-another-width",
    } and "entries-not-of-this-head" in codes(store)


def test_an_entry_is_no_entry(store: Path) -> None:
    entries = entries_of(tile(store).read_bytes())
    tile(store).write_bytes(packed([*entries[:-1], b"{}"]))
    assert codes(store) == {"entry-malformed", "entries-not-of-this-head"}


def test_a_tile_is_missing(long_story: Story, tmp_path: Path) -> None:
    folder = long_story.log.store(tmp_path / "store")
    (folder / "ledger" / "tile" / "entries" / "000").unlink()
    assert {"file-missing", "entries-not-of-this-head", "constitution-missing"} <= codes(folder)


def test_the_last_tile_is_missing(long_story: Story, tmp_path: Path) -> None:
    folder = long_story.log.store(tmp_path / "store")
    next((folder / "ledger" / "tile" / "entries" / "002.p").iterdir()).unlink()
    assert codes(folder) == {"file-missing", "entries-not-of-this-head"}


def test_the_head_is_of_more_entries_than_there_are(store: Path, story: Story) -> None:
    story.missing()
    (store / "ledger" / "checkpoint").write_bytes(story.log.checkpoint(story.log.tree))
    assert {"file-missing", "entries-not-of-this-head"} <= codes(store)


def test_the_head_is_signed_by_another_key(store: Path, story: Story) -> None:
    other = Story(seed=2)
    (store / "ledger" / "checkpoint").write_bytes(other.log.checkpoint(story.log.tree))
    assert codes(store) == {"checkpoint-not-signed"}


def test_the_head_is_of_another_log(store: Path, story: Story) -> None:
    checkpoint = story.log.checkpoint(story.log.tree, origin="other.example/log")
    (store / "ledger" / "checkpoint").write_bytes(checkpoint)
    assert codes(store) == {"checkpoint-of-another-log", "checkpoint-not-signed"}


def test_the_store_brings_another_key_than_the_published_one(store: Path) -> None:
    other = Story(seed=2)
    assert {"key-is-another", "checkpoint-not-signed", "log-is-another"} <= codes(store, key=other.log.vkey)
    assert codes(store, key=LogKey.parse((store / "ledger" / "key").read_text().strip())) == set()
    with pytest.raises(Malformed):
        verify_store(store, key="no key")


# --- openings ----------------------------------------------------------------------------------------------------------


def change_openings(store: Path, index: int, change: Callable[[Fields], Any]) -> None:
    file = store / "openings" / "000.jsonl"
    lines = file.read_bytes().splitlines()
    row = json.loads(lines[index])
    change(row)
    lines[index] = canonical(row)
    file.write_bytes(b"\n".join(lines) + b"\n")


@pytest.mark.parametrize(("index", "change", "expected"), [
    (4, lambda row: row["openings"][0].__setitem__(2, "forged"), {"opening-of-nothing", "field-must-be-open"}),
    (4, lambda row: row["openings"].clear(), {"field-must-be-open"}),
    (4, lambda row: row.update(openings=5), {"opening-malformed", "field-must-be-open"}),
    (4, lambda row: row.update(more=1), {"opening-malformed", "field-must-be-open"}),
    (4, lambda row: row.update(index="4"), {"opening-malformed", "field-must-be-open"}),
    (4, lambda row: row.update(index=5), {"openings-out-of-order", "field-must-be-open", "field-not-declared"}),
    (4, lambda row: row["openings"][0].append(1), {"opening-malformed", "field-must-be-open"}),
    (1, lambda row: row.update(openings=5), {"opening-malformed", "constitution-malformed"}),
    (0, lambda row: row["openings"].append(["0" * 64, "name", "other"]), {"opening-of-nothing"}),
])  # fmt: skip
def test_the_openings_are_tampered_with(
    store: Path, index: int, change: Callable[[Fields], Any], expected: set[str]
) -> None:
    change_openings(store, index, change)
    assert expected <= codes(store)


def test_openings_that_no_rule_reads_are_gone(store: Path) -> None:
    """No order erased them: they were lost, or somebody took them away."""
    change_openings(store, 0, lambda row: row["openings"].clear())
    assert codes(store) == {"field-not-declared"}


def test_a_file_of_openings_is_gone(store: Path) -> None:
    (store / "openings" / "000.jsonl").unlink()
    due = {"constitution-malformed", "checkpoint-not-signed", "field-not-declared", "file-malformed"}
    assert codes(store) == due


def test_a_line_of_openings_stands_in_the_place_of_another(store: Path) -> None:
    file = store / "openings" / "000.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[0], lines[2] = lines[2], lines[0]
    file.write_bytes(b"".join(lines))
    assert {"openings-out-of-order", "field-not-declared"} <= codes(store)


def test_an_opening_is_repeated_in_its_line(store: Path) -> None:
    """In a store each stands with the first entry that holds it, once."""
    change_openings(store, 0, lambda row: row["openings"].append(row["openings"][0]))
    assert codes(store) == {"opening-repeated"}


def test_bytes_stand_after_the_last_entry_of_a_tile(store: Path) -> None:
    file = tile(store)
    file.write_bytes(file.read_bytes() + b"\0\1x")
    assert codes(store) == {"tile-of-another-width"}


def test_an_entry_is_missing_at_the_end_of_a_tile(store: Path, story: Story) -> None:
    file = tile(store)
    last = len(canonical(story.log.entries[-1])) + 2
    file.write_bytes(file.read_bytes()[:-last])
    assert {"tile-of-another-width", "entries-not-of-this-head"} <= codes(store)


@pytest.mark.parametrize("line", [b"", b"\xff", b"[" * 70_000, b"null", b"9" * 5_000, b'{"index":3,"index":3}'])
def test_a_line_of_openings_is_made_to_harm(store: Path, line: bytes) -> None:
    file = store / "openings" / "000.jsonl"
    lines = file.read_bytes().splitlines()
    file.write_bytes(b"\n".join([*lines[:4], line, *lines[5:]]) + b"\n")
    found = codes(store)
    assert {"field-must-be-open", "field-not-declared"} <= found and found & {"line-malformed", "opening-malformed"}


# --- made to harm ------------------------------------------------------------------------------------------------------

PLACES = ["ledger/key", "ledger/checkpoint", "openings/000.jsonl", "tile"]


def place(store: Path, name: str) -> Path:
    return tile(store) if name == "tile" else store / name


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_in_a_store_does_not_block(store: Path, name: str) -> None:
    file = place(store, name)
    file.unlink()
    os.mkfifo(file)
    assert run(store).returncode in (1, 2)


@pytest.mark.parametrize("name", PLACES)
def test_a_link_in_a_store_is_not_followed(store: Path, tmp_path: Path, name: str) -> None:
    file = place(store, name)
    elsewhere = tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert run(store).returncode in (1, 2)


@pytest.mark.parametrize("name", PLACES)
def test_a_file_of_a_store_grown_huge_does_not_fill_the_memory(store: Path, name: str) -> None:
    with open(place(store, name), "r+b") as file:
        file.truncate(3 << 30)
    out = run(store)
    assert "Traceback" not in out.stderr
    assert out.returncode in (1, 2) or name.startswith("openings"), "what follows the last line is not read"


@pytest.mark.parametrize("name", ["ledger/key", "ledger/checkpoint"])
@pytest.mark.parametrize("data", [b"", b"\xff", b"no key\n", b"\x00" * 100])
def test_what_a_store_needs_cannot_be_read(store: Path, name: str, data: bytes) -> None:
    (store / name).write_bytes(data)
    with pytest.raises(Unreadable):
        verify_store(store)
    assert run(store).returncode == 2


@pytest.mark.parametrize("name", ["²", "x", "-1", "999999999999999999999", "0119"])
def test_a_tile_is_called_something_odd(store: Path, name: str) -> None:
    file = tile(store)
    file.rename(file.with_name(name))
    found = codes(store)
    assert "file-missing" in found or (name.isascii() and name.isdigit())


def test_verifying_changes_nothing_in_a_store(store: Path) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in store.rglob("*") if p.is_file()}
    verify_store(store)
    assert before == {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in store.rglob("*") if p.is_file()}
