"""Attacks by whoever runs the system on versions, on the form of entries, and on the bundle and its receipt.

As in `test_verify_operator`: each names the attack and the one fault that it must raise.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import Log, b64, consistency, leaf, path
from findings import assert_faults, codes
from story import Story

# --- versions ---------------------------------------------------------------------------------------------------------


def lift(story: Story, record: str, state: str, **more: Any) -> None:
    story.log.file("graves.store", "graves.RecoveryUnit", story.mortuary, {"state": state}, record=record, **more)


def test_a_version_is_skipped(story: Story, tmp_path: Path) -> None:
    lift(story, story.unit(), "stored", version=3)
    assert_faults(story, tmp_path, "version-skipped")


def test_a_version_is_left_out_of_the_bundle(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    lift(story, unit, "examined")
    lift(story, unit, "stored")
    assert_faults(story, tmp_path, "version-skipped",
                  only=lambda entry: not (entry["record"] == unit and entry["version"] == 2))  # fmt: skip


def test_a_record_has_two_histories(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    first = story.log.records[unit]
    lift(story, unit, "examined")
    story.log.records[unit] = first
    lift(story, unit, "lost")
    assert_faults(story, tmp_path, "version-filed-twice")


def test_a_version_names_another_predecessor(story: Story, tmp_path: Path) -> None:
    lift(story, story.unit(), "stored", previous=["0" * 64])
    assert_faults(story, tmp_path, "previous-is-another")


def test_a_record_is_used_for_two_kinds(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.store", "graves.Artefact", story.mortuary, {"state": "stored"}, record=story.unit())
    assert_faults(story, tmp_path, "kind-changed")


def test_a_record_starts_twice(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    del story.log.records[unit]
    story.log.file("graves.lift", "graves.Artefact", story.scene, {"number": "IZ-1-0001-A-7"}, record=unit)
    assert_faults(story, tmp_path, "version-filed-twice", "kind-changed")


# --- entries that look right ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        {"act": "identification.certifу"},  # the last letter is Cyrillic
        {"act": "graves"},
        {"kind": "graves.recoveryunit"},
        {"kind": "graves.Unit\u0000"},
        {"at": "2026-02-30T00:00:00Z"},
        {"at": "2026-05-04T00:00:00+03:00"},
        {"at": "2026-05-0٤T00:00:00Z"},
        {"v": 2},
        {"v": True},
        {"version": True},
        {"version": 0},
        {"record": "00000000-0000-0000-0000-00000000000G"},
        {"record": "ABCDEF00-0000-0000-0000-000000000000"},
        {"actor": "0" * 63},
        {"files": ["sha256:" + "0" * 64, "sha256:" + "0" * 64]},
        {"fields": ["1" * 64, "0" * 64]},
        {"previous": ["0" * 64]},
        {"note": "an extra member"},
        {"signatures": {}},
    ],
    ids=lambda header: ascii(next(iter(header.items()))),
)
def test_an_entry_is_not_of_the_form(story: Story, tmp_path: Path, header: dict[str, Any]) -> None:
    entry, openings = story.log.version("graves.lift", "graves.RecoveryUnit", story.scene, {"number": "1"})
    story.log.append({**entry, **header}, openings)
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_entry_lacks_a_member(story: Story, tmp_path: Path) -> None:
    entry, openings = story.log.version("graves.lift", "graves.RecoveryUnit", story.scene, {"number": "1"})
    del entry["office"]
    story.log.append(entry, openings)
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_an_entry_is_too_long(story: Story, tmp_path: Path) -> None:
    story.log.file("graves.lift", "graves.RecoveryUnit", story.scene, {f"f{i}": 0 for i in range(1000)})
    assert "entry-malformed" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_a_version_has_a_field_twice(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    fields = {"state": "examined"}
    story.log.file(
        "mortuary.examine", "graves.RecoveryUnit", story.mortuary, fields, record=unit, twice=[("state", "lost")]
    )
    assert_faults(story, tmp_path, "field-name-twice")


def test_a_field_of_another_record_is_claimed(story: Story, tmp_path: Path) -> None:
    story.unit()
    theirs = story.log.openings[-1][0]
    entry, openings = story.log.version("graves.lift", "graves.RecoveryUnit", story.scene, {"state": "lifted"})
    entry["fields"] = sorted([*entry["fields"], *story.log.entries[-1]["fields"][:1]])
    story.log.append(entry, [*openings, theirs])
    assert "field-of-two-records" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


# --- the bundle that the operator makes -------------------------------------------------------------------------------


def names(entry: dict[str, Any], name: str) -> tuple[str, str] | None:
    return ("B.2", "Trial Chamber") if name == "name" else None


def test_withheld_names_that_are_declared_are_no_fault(story: Story, tmp_path: Path) -> None:
    story.tell()
    assert_faults(story, tmp_path, withhold=names)


def test_redaction_is_not_declared(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "field-not-declared", withhold=names, change_manifest=lambda m: m["withheld"].pop())


def test_redaction_without_a_code(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-without-ground", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(code=" "))  # fmt: skip


def test_redaction_without_an_authority(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-without-ground", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(authority=""))  # fmt: skip


def test_redaction_is_declared_twice(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-twice", withhold=names,
                  change_manifest=lambda m: m["withheld"].append(m["withheld"][0]))  # fmt: skip


def test_redaction_is_declared_for_what_does_not_exist(story: Story, tmp_path: Path) -> None:
    row = {"authority": "X", "code": "B.2", "digest": "0" * 64, "index": 5}
    assert_faults(story, tmp_path, "withheld-what-is-not-there", change_manifest=lambda m: m["withheld"].append(row))


def test_redaction_is_declared_with_another_entry(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "withheld-what-is-not-there", withhold=names,
                  change_manifest=lambda m: m["withheld"][0].update(index=2))  # fmt: skip


def test_what_is_declared_as_withheld_is_shown(story: Story, tmp_path: Path) -> None:
    row = {"authority": "X", "code": "B.2", "digest": story.log.entries[0]["fields"][0], "index": 0}
    assert_faults(story, tmp_path, "withheld-and-shown", change_manifest=lambda m: m["withheld"].append(row))


def test_a_withheld_file_that_is_declared_is_no_fault(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    assert_faults(story, tmp_path, withhold_files={photo: ("B.2", "Trial Chamber")})


def test_a_file_is_withheld_without_saying_so(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    assert_faults(story, tmp_path, "file-not-declared", withhold_files={photo: ("B.2", "Trial Chamber")},
                  change_manifest=lambda m: m["withheld_files"].clear())  # fmt: skip


def test_a_file_is_withheld_and_enclosed(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    row = {"authority": "X", "code": "B.2", "file": f"sha256:{photo}", "index": story.log.size - 1}
    assert_faults(story, tmp_path, "withheld-and-shown", change_manifest=lambda m: m["withheld_files"].append(row))


def test_a_file_is_enclosed_that_no_entry_names(story: Story, tmp_path: Path) -> None:
    stray = story.log.keep(b"planted")
    assert_faults(story, tmp_path, "file-of-no-entry",
                  change_files=lambda files: files.update({f"files/{stray}": b"planted"}))  # fmt: skip


def test_a_redacted_file_is_a_file_of_its_own(story: Story, tmp_path: Path) -> None:
    story.unit()
    original = next(iter(story.log.files))
    redacted = story.log.keep(b"\xff\xd8 with a black box")
    fields = {"of": original, "boxes": 1}
    story.log.file("court.redact", "court.RedactedFile", story.prosecutor, fields, files=[redacted])
    assert_faults(story, tmp_path, withhold_files={original: ("B.2", "Trial Chamber")})


def test_a_file_has_the_name_of_another(story: Story, tmp_path: Path) -> None:
    story.unit()
    photo = next(iter(story.log.files))
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_files=lambda files: files.update({f"files/{photo}": b"forged"})))  # fmt: skip
    assert found == {"file-not-named-by-its-hash", "file-not-declared", "file-of-no-entry"}


Lines = list[dict[str, Any]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda e, o: e.append(e[-1]), {"entries-out-of-order"}),
        (lambda e, o: e.reverse(), {"entries-out-of-order", "entry-not-there", "opening-without-entry"}),
        (lambda e, o: e[-1].update(index=5), {"entries-out-of-order"}),
        (lambda e, o: e[-1].update(index=10_000), {"entry-beyond-the-log", "entry-not-there", "entry-not-listed"}),
        (lambda e, o: e[-1].update(index=-1), {"entry-malformed", "entry-not-there"}),
        (lambda e, o: e[-1]["proof"].pop(), {"proof-malformed"}),
        (lambda e, o: e[-1]["proof"].append(e[-1]["proof"][0]), {"proof-malformed"}),
        (lambda e, o: e[-1]["proof"].reverse(), {"entry-not-in-the-log"}),
        (lambda e, o: e[-1].update(proof=[1, 2]), {"entry-malformed"}),
        (lambda e, o: e[-1].update(proof="no"), {"entry-malformed"}),
        (lambda e, o: e[-1].update(more=1), {"entry-malformed"}),
        (lambda e, o: o.append(o[-1]), {"openings-out-of-order", "opening-repeated"}),
        (lambda e, o: o[-1]["openings"].append(o[-1]["openings"][0]), {"opening-repeated"}),
        (lambda e, o: o[-1]["openings"].append(["0" * 64, "state", 1]), {"opening-of-nothing"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(2, "forged"), {"opening-of-nothing", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(0, "short"), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].__setitem__(1, "stаte"), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1]["openings"][0].append(1), {"opening-malformed", "field-not-declared"}),
        (lambda e, o: o[-1].update(index=10_000), {"opening-without-entry", "field-not-declared"}),
        (lambda e, o: o[-1].update(openings=[]), {"opening-malformed", "field-not-declared"}),
    ],
)  # fmt: skip
def test_the_lines_of_the_log_are_tampered_with(
    story: Story, tmp_path: Path, change: Callable[[Lines, Lines], None], expected: set[str]
) -> None:
    story.unit()
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=change))
    assert expected <= found


def test_an_opening_stands_with_a_later_entry(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    lift(story, unit, "stored")

    def move(entries: Lines, openings: Lines) -> None:
        openings[-1]["openings"].append(openings[-2]["openings"].pop(0))

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=move))
    assert found == {"opening-with-a-later-entry", "field-not-declared"}


def test_entries_of_another_log_are_mixed_in(story: Story, tmp_path: Path) -> None:
    other = Story(seed=2)
    other.unit()
    story.unit()

    def mix(entries: Lines, openings: Lines) -> None:
        entries[-1]["entry"] = other.log.entries[-1]

    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, change_lines=mix))
    assert {"entry-not-in-the-log", "key-unknown", "office-unknown"} <= found


# --- the receipt ------------------------------------------------------------------------------------------------------


def test_the_receipt_is_for_another_manifest(story: Story, tmp_path: Path) -> None:
    fields = {"manifest_sha256": "0" * 64, "number": "BND-000001", "reason": ""}
    assert_faults(story, tmp_path, "manifest-not-of-this-receipt", receipt_fields=fields)


def test_the_receipt_says_nothing_of_a_manifest(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-not-of-this-receipt", receipt_fields={"number": "BND-000001"})


def test_the_receipt_is_of_another_act(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_receipt=lambda r: r.update(act="court.disclose")))  # fmt: skip
    assert {"receipt-of-another-act", "signatures-not-as-many"} <= found


def test_the_receipt_names_files_that_nobody_gets(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "receipt-names-files",
                  change_receipt=lambda r: r.update(files=["sha256:" + "0" * 64]))  # fmt: skip


def test_a_mortuary_assistant_files_a_bundle(story: Story, tmp_path: Path) -> None:
    assert codes(story.log.bundle(tmp_path / "bundle", story.mortuary)) == {"role-may-not-sign"}


def test_the_receipt_hides_a_field(story: Story, tmp_path: Path) -> None:
    def hide(receipt: dict[str, Any]) -> None:
        receipt["fields"] = sorted([*receipt["fields"], "0" * 64])

    assert_faults(story, tmp_path, "receipt-not-opened", change_receipt=hide)


def test_the_manifest_counts_fewer_entries(story: Story, tmp_path: Path) -> None:
    story.unit()
    assert_faults(story, tmp_path, "entry-not-listed", change_manifest=lambda m: m["entries"].pop())


def test_the_manifest_claims_another_size(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(size=m["size"] - 1))
    assert_faults(story, tmp_path, "manifest-differs", "receipt-within-the-log",
                  change_manifest=lambda m: m.update(size=m["size"] + 1))  # fmt: skip


def test_the_receipt_is_of_a_log_that_lacks_an_entry_of_the_bundle(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, meanwhile=-1))
    assert {"receipt-within-the-log", "file-malformed"} == found


def test_the_receipt_comes_with_a_later_checkpoint(story: Story, tmp_path: Path) -> None:
    """A proof of the receipt's entry under a log that went on: sound in itself, but not the one that closes a bundle."""
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    n = story.log.size
    entry = (bundle / "receipt" / "entry.json").read_bytes()
    after = [*story.log.leaves(), leaf(entry), leaf(b"a later one")]
    lines = ["c2sp.org/tlog-proof@v1", f"index {n}", *(b64(h) for h in path(n, after))]
    (bundle / "receipt" / "proof").write_bytes("\n".join(lines).encode() + b"\n\n" + story.log.checkpoint(after))
    hashes = b"".join(b64(h).encode() + b"\n" for h in consistency(n, after))
    (bundle / "receipt" / "consistency").write_bytes(hashes)
    assert codes(bundle) == {"receipt-not-the-last-entry"}


def test_the_manifest_claims_another_log(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(origin="other.example/log"))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(v=2),
        lambda m: m.update(v=True),
        lambda m: m.update(extra=1),
        lambda m: m.pop("purpose"),
        lambda m: m.update(purpose=" "),
        lambda m: m.update(entries=[0, 0]),
        lambda m: m.update(entries=[1, 0]),
        lambda m: m.update(entries=["0"]),
        lambda m: m["files"].reverse(),
        lambda m: m["files"].append(m["files"][-1]),
        lambda m: m["files"][0].update(bytes=-1),
        lambda m: m["files"][0].update(bytes="1"),
        lambda m: m["files"][0].update(sha256="0"),
        lambda m: m["files"][0].update(path=1),
        lambda m: m.update(made_at="yesterday"),
        lambda m: m.update(investigation="IZ"),
        lambda m: m.update(withheld=[{"code": "B.2"}]),
        lambda m: m.update(withheld_files=[{"code": "B.2"}]),
    ],
)
def test_the_manifest_is_not_of_the_form(
    story: Story, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    assert_faults(story, tmp_path, "manifest-malformed", change_manifest=change)


def test_the_log_was_rolled_back(story: Story, tmp_path: Path) -> None:
    """The receipt comes from a log in which another history stands below it."""
    story.unit()
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    other = Story()
    other.missing()
    again = other.log.bundle(tmp_path / "other", other.prosecutor)
    for name in ("receipt/proof", "receipt/consistency"):
        (bundle / name).write_bytes((again / name).read_bytes())
    assert codes(bundle) == {"log-was-rewritten", "entry-not-in-the-log"}


def test_one_log_bears_two_histories_under_one_key_and_each_alone_is_sound(tmp_path: Path) -> None:
    """What no verifier can see, as docs/ledger-format.md says: only the comparison of two bundles shows it."""
    one, two = Story(), Story()
    one.unit()
    two.missing()
    assert_faults(one, tmp_path / "one")
    assert_faults(two, tmp_path / "two")


def test_a_log_of_the_same_seed_is_the_same_log() -> None:
    assert Story().tell().leaves() == Story().tell().leaves()
    assert isinstance(Story().log, Log)
