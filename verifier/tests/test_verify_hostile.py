"""Bundles made to harm whoever opens them: paths, links, pipes, depth, size, and text that talks to the terminal."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import dokaz_verify
import pytest
from builder import STANDARD, Fields, Key, Log, Opened, canonical, sha
from dokaz_verify import LogKey, Malformed, Unreadable
from findings import codes, verdict
from merkle import Tree, leaf
from story import Story
from two_correct import by_two


def replace_manifest(bundle: Path, data: bytes) -> None:
    (bundle / "bundle.json").write_bytes(data)


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_changed_and_keeps_its_size(sound: Path) -> None:
    data = (sound / "tables" / "units.csv").read_bytes()
    (sound / "tables" / "units.csv").write_bytes(data.replace(b"0001", b"0002"))
    assert codes(sound) == {"file-changed"}


def test_unlisted_file(sound: Path) -> None:
    (sound / "tables" / "extra.csv").write_bytes(b"planted")
    assert codes(sound) == {"file-not-listed"}


def test_unlisted_hidden_file(sound: Path) -> None:
    (sound / ".hidden").write_bytes(b"planted")
    assert codes(sound) == {"file-not-listed"}


def test_unlisted_file_beside_the_receipt(sound: Path) -> None:
    (sound / "receipt" / "note.txt").write_bytes(b"planted")
    assert codes(sound) == {"file-not-listed"}


def test_empty_folder_with_a_telling_name(sound: Path) -> None:
    (sound / "tables" / "the-name-of-a-witness").mkdir()
    assert codes(sound) == {"folder-is-empty"}


def test_symbolic_link_in_place_of_a_file(sound: Path, tmp_path: Path) -> None:
    same = tmp_path / "same"
    same.write_bytes((sound / "index.html").read_bytes())
    (sound / "index.html").unlink()
    (sound / "index.html").symlink_to(same)
    assert codes(sound) == {"not-an-ordinary-file", "file-missing"}


def test_symbolic_link_in_place_of_a_folder(sound: Path, tmp_path: Path) -> None:
    (sound / "tables").rename(tmp_path / "elsewhere")
    (sound / "tables").symlink_to(tmp_path / "elsewhere")
    assert codes(sound) == {"not-an-ordinary-file", "file-missing"}


def test_symbolic_link_in_place_of_the_manifest(sound: Path, tmp_path: Path) -> None:
    (sound / "bundle.json").rename(tmp_path / "bundle.json")
    (sound / "bundle.json").symlink_to(tmp_path / "bundle.json")
    with pytest.raises(Unreadable):
        dokaz_verify.verify(sound)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_does_not_block(sound: Path) -> None:
    (sound / "log" / "key").unlink()
    os.mkfifo(sound / "log" / "key")
    assert {"not-an-ordinary-file", "file-missing"} <= codes(sound)


@pytest.mark.parametrize(
    "path",
    ["../outside", "/etc/passwd", "tables/../../outside", "tables//x", "./x", "tables\\x", "C:x", "tables/", "", "a b",
     "файл", "x\u0000", "x\n", ".hidden", "trailing.", "receipt/entry.json", "bundle.json", "receipt/more", "a" * 2000],
)  # fmt: skip
def test_a_path_leads_out_of_the_bundle_or_deceives(story: Story, tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"x")

    def add(manifest: dict[str, Any]) -> None:
        row = {"bytes": 1, "path": path, "sha256": sha(b"x")}
        manifest["files"] = sorted([*manifest["files"], row], key=lambda r: str(r["path"]))

    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor, change_manifest=add)
    assert codes(bundle) == {"path-not-allowed"}


def test_two_paths_differ_in_case_alone(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor,
                              change_files=lambda files: files.update({"INDEX.html": b"another"}))  # fmt: skip
    assert "paths-differ-in-case" in codes(bundle)


def test_a_log_file_is_left_off_the_list(story: Story, tmp_path: Path) -> None:
    def leave_off(manifest: dict[str, Any]) -> None:
        manifest["files"] = [row for row in manifest["files"] if row["path"] != "log/openings.jsonl"]

    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor, change_manifest=leave_off)
    assert codes(bundle) == {"file-not-listed"}


def test_a_file_grown_to_a_terabyte_is_not_hashed(sound: Path) -> None:
    with open(sound / "index.html", "r+b") as file:
        try:
            file.truncate(1 << 40)
        except OSError:
            pytest.skip("this file system has no sparse files of that size")
    began = time.monotonic()
    assert codes(sound) == {"file-size-differs"}
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", ["bundle.json", "log/key", "log/checkpoint", "receipt/proof", "receipt/entry.json",
                                  "receipt/openings.json", "receipt/consistency", "receipt/base"])  # fmt: skip
def test_a_small_file_grown_huge_does_not_fill_the_memory(sound: Path, name: str) -> None:
    with open(sound / name, "r+b") as file:
        file.truncate(3 << 30)
    assert {"manifest-malformed", "file-malformed"} & codes(sound)


@pytest.mark.parametrize("name", ["log/entries.jsonl", "log/openings.jsonl", "log/bases.jsonl"])
def test_a_line_without_end_does_not_fill_the_memory(sound: Path, name: str) -> None:
    with open(sound / name, "r+b") as file:
        file.truncate(1 << 30)
    found = codes(sound)
    assert {"line-malformed", "file-size-differs"} <= found


# --- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"9" * 1_000_000,
        b"-" + b"9" * 5_000,
        b"1e9999",
        b"NaN",
        b'{"v":1,"v":1}',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b"\xff\xfe",
        b"\x00",
        b'{"a":1} ',
        b'{"b":1,"a":1}',
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda data: repr(data[:12]),
)
def test_json_made_to_harm(sound: Path, data: bytes) -> None:
    replace_manifest(sound, data)
    assert codes(sound) == {"manifest-malformed"}


@pytest.mark.parametrize(
    "data", [b"[" * 60_000, b"9" * 60_000, b'{"index":0,"index":0}', b"", b"\xff", b'"\\ud800"', b"null"]
)
@pytest.mark.parametrize("name", ["log/entries.jsonl", "log/openings.jsonl", "log/bases.jsonl"])
def test_lines_made_to_harm(sound: Path, name: str, data: bytes) -> None:
    with open(sound / name, "ab") as file:
        file.write(data + b"\n")
    assert {"file-size-differs"} < codes(sound)


VALUES = [None, 1, [], {}, [[]], "x", True, {"a": "b"}, [{"id": 1}], -1, "", [None]]
READ_BY_RULES = sorted((kind, name) for kind, says in STANDARD["kinds"].items() for name in says["open"])


class LyingLog(Log):
    """A log in which one field of one kind holds something else, in every version, than it was told."""

    def lie(self, kind: str, name: str, first: int) -> LyingLog:
        self.subject, self.lies = (kind, name), itertools.cycle(VALUES[first:] + VALUES[:first])
        return self

    def version(self, act: str, kind: str, *arguments: Any, **more: Any) -> tuple[Fields, Opened]:
        entry, self.truth = super().version(act, kind, *arguments, **more)
        if kind != self.subject[0]:
            return entry, self.truth
        lied = (self.salt(), self.subject[1], next(self.lies))
        fields = {**entry["fields"], self.subject[1]: sha(canonical(lied))}
        return {**entry, "fields": fields}, [lied, *(o for o in self.truth if o[1] != self.subject[1])]

    def append(self, entry: Fields, openings: Opened) -> int:
        index = super().append(entry, openings)
        self.records[entry["record"]].openings = self.truth
        return index


@pytest.mark.parametrize(("kind", "name"), READ_BY_RULES, ids=str)
def test_a_field_holds_a_value_of_any_type(tmp_path: Path, kind: str, name: str) -> None:
    """Nothing that an operator writes into a field that rules read stops the verifier."""
    tried = range(len(VALUES)) if os.environ.get("DOKAZ_SLOW") else [READ_BY_RULES.index((kind, name)) % len(VALUES)]
    for first in tried:
        story = Story(log=LyingLog().lie(kind, name, first))
        story.tell()
        if kind == "casework.Correction":
            compared = story.signed_comparison(story.unit(), story.missing())
            by_two(story, compared, first=story.dna_too, second=story.dna, values={"statement": "corrected"})
        assert not verdict(story.log.bundle(tmp_path / str(first), story.prosecutor)).verified


def test_a_million_withheld_rows(story: Story, tmp_path: Path) -> None:
    rows = 1_000_000 if os.environ.get("DOKAZ_SLOW") else 100_000
    made_up = [{"authority": "X", "code": f"B.{1 + i % 5}", "digest": f"{i:064x}", "index": 4} for i in range(rows)]
    bundle = story.log.bundle(
        tmp_path / "bundle", story.prosecutor, change_manifest=lambda m: m["withheld"].extend(made_up)
    )
    found = verdict(bundle)
    assert found.counts == {"withheld-what-is-not-there": rows}
    assert len(found.faults) == 200
    assert len(found.withheld) == rows


# --- keys and notes ---------------------------------------------------------------------------------------------------


def test_the_bundle_brings_another_key_than_the_published_one(sound: Path) -> None:
    found = dokaz_verify.verify(sound, key=Story(seed=2).log.vkey)
    assert {"key-is-another", "checkpoint-not-signed", "log-is-another"} <= set(found.counts)
    assert found.key_from_outside


def test_the_receipt_is_of_another_log_with_the_same_key(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    file = bundle / "receipt" / "proof"
    head, _, _ = file.read_bytes().partition(b"\n\n")
    leaves = [*story.log.tree.leaves, leaf((bundle / "receipt" / "entry.json").read_bytes())]
    file.write_bytes(head + b"\n\n" + story.log.checkpoint(Tree(leaves), origin="other.example/log"))
    assert codes(bundle) == {"checkpoint-of-another-log", "checkpoint-not-signed"}


def test_the_whole_log_was_signed_anew_with_another_key(story: Story, tmp_path: Path) -> None:
    published = story.log.vkey
    story.log.key = Key(story.log.rng)
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    # Everybody signed for the log of the first key.
    assert codes(bundle) == {"log-is-another", "key-not-possessed", "signature-wrong"}
    assert codes(bundle, key=published) == {"key-is-another", "checkpoint-not-signed"}


def test_everybody_signed_anew_for_another_key(story: Story, tmp_path: Path) -> None:
    """What only a key from outside tells: another log, kept by the same people who all hold their keys."""
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    other = Story(seed=2)
    again = other.log.bundle(tmp_path / "again", other.prosecutor)
    assert codes(bundle) == codes(again) == set()
    assert {"key-is-another", "checkpoint-not-signed"} <= codes(again, key=story.log.vkey)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace(b"\n\n", b"\nextension\n\n"),
        lambda note: note + b"\n",
        lambda note: note + note.splitlines(keepends=True)[-1],
        lambda note: note.replace("—".encode(), b"-"),
        lambda note: note.replace(b"\n", b"\r\n"),
        lambda note: note.replace(b"=\n\n", b"\n\n"),
        lambda note: b"\n" + note,
        lambda note: note.replace(b"\n", b"\n0", 1),
        lambda note: note.replace(b"izyum", b"izjum", 1),
        lambda note: note.replace(b"izyum", b"izjum"),
    ],
)
@pytest.mark.parametrize("name", ["log/checkpoint", "receipt/proof"])
def test_a_checkpoint_is_tampered_with(sound: Path, name: str, change: Any) -> None:
    file = sound / name
    head, mark, note = file.read_bytes().rpartition(b"izyum.example/log\n")
    file.write_bytes(head + change(mark + note))
    assert {"file-malformed", "checkpoint-not-signed"} & codes(sound)


def test_a_witness_line_beside_the_logs_is_no_fault(story: Story, tmp_path: Path) -> None:
    def add(files: dict[str, bytes]) -> None:
        files["log/checkpoint"] += "— witness.example AAAAAAAA\n".encode()

    assert verdict(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_files=add)).verified


def test_extra_data_in_the_receipt(sound: Path) -> None:
    file = sound / "receipt" / "proof"
    file.write_bytes(file.read_bytes().replace(b"\nindex", b"\nextra AAAA\nindex"))
    assert codes(sound) == {"file-malformed"}


@pytest.mark.parametrize("text", ["", "x", "a+b+c", "a+00000000+AAAA", "x+" * 50_000])
def test_what_is_no_key_is_refused(sound: Path, text: str) -> None:
    with pytest.raises(Malformed):
        LogKey.parse(text)
    with pytest.raises(Malformed):
        dokaz_verify.verify(sound, key=text)


# --- the terminal -----------------------------------------------------------------------------------------------------


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a person calls it."""
    return subprocess.run(
        [sys.executable, "-m", "dokaz_verify", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def test_values_do_not_talk_to_the_terminal(story: Story, tmp_path: Path) -> None:
    def deceive(manifest: dict[str, Any]) -> None:
        manifest["purpose"] = "x\u001b[2J\u001b[1;32mVERIFIED\r\n\u202eevil\u0007\u009b31m\u2028\u200b"
        manifest["withheld"].append(
            {"authority": "\u001b]0;owned\u0007", "code": "\u0000", "digest": "0" * 64, "index": 4}
        )

    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor, change_manifest=deceive)
    (bundle / "x\u001b[31m").write_bytes(b"")
    for arguments in ((), ("--json",), ("--language", "uk")):
        out = run(bundle, *arguments)
        assert out.returncode == 1 and out.stderr == ""
        assert not [c for c in out.stdout if (ord(c) < 32 and c != "\n") or c in "\x7f\u009b\u202e\u2028\u200b"]


def test_a_file_name_that_is_not_text(sound: Path) -> None:
    try:
        with open(os.fsencode(sound) + b"/\xff\xfe", "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system refuses such names")
    for arguments in ((), ("--json",), ("--language", "uk")):
        out = run(sound, *arguments)
        assert out.returncode == 1 and "Traceback" not in out.stderr
    assert codes(sound) == {"file-not-listed"}


def test_a_terminal_without_ukrainian_still_gets_the_report(sound: Path) -> None:
    out = run(sound, "--language", "uk", PYTHONIOENCODING="ascii")
    assert out.returncode == 0 and out.stdout


def test_templates_in_values_are_not_filled_in(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(
        tmp_path / "bundle", story.prosecutor, change_manifest=lambda m: m.update(origin="{found.__class__}{0}")
    )
    out = run(bundle)
    assert out.returncode == 1 and "{found.__class__}{0}" in out.stdout


def test_canonical_json_of_the_builder_is_what_the_verifier_writes() -> None:
    value = {
        "\U0001f480": 1,
        "\ufb33": 2,
        "é": '\u0000\u001f\u007f\u2028"\\/\b\f\n\r\t',
        "a": [True, None, -0, 2**53 - 1],
    }
    assert json.loads(canonical(value)) == value
    assert dokaz_verify.canonical.write(dokaz_verify.canonical.read(canonical(value))) == canonical(value)
