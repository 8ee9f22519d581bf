"""Attacks by whoever runs the system on the receipt by which a bundle was filed, and on the manifest that it vouches for.

As in `test_verify_operator`: each names the attack and the faults that it must raise, and no others.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import b64, canonical, sha
from findings import assert_faults, codes
from merkle import Tree, leaf
from story import Story


def test_the_receipt_is_for_another_manifest(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-not-of-this-receipt", receipt_fields={"manifest_sha256": "0" * 64})


def test_the_receipt_says_nothing_of_a_manifest(story: Story, tmp_path: Path) -> None:
    def leave_off(openings: list[Any]) -> None:
        openings[:] = [opening for opening in openings if opening[1] != "manifest_sha256"]

    def also(receipt: dict[str, Any]) -> None:
        del receipt["fields"]["manifest_sha256"]

    assert_faults(story, tmp_path, "manifest-not-of-this-receipt", "fields-not-of-this-kind",
                  change_receipt=also, change_receipt_openings=leave_off)  # fmt: skip


def test_the_receipt_is_of_another_act(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "receipt-of-another-act", "act-makes-none-of-this-kind",
                  change_receipt=lambda r: r.update(act="casework.deliver"))  # fmt: skip


def test_the_receipt_is_of_another_kind(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_receipt=lambda r: r.update(kind="casework.Delivery")))  # fmt: skip
    assert {"receipt-of-another-act", "fields-not-of-this-kind", "act-makes-none-of-this-kind"} <= found


def test_the_receipt_names_files_that_nobody_gets(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "receipt-names-files",
                  change_receipt=lambda r: r.update(files=["sha256:" + "0" * 64]))  # fmt: skip


def test_a_mortuary_assistant_files_a_bundle(story: Story, tmp_path: Path) -> None:
    assert codes(story.log.bundle(tmp_path / "bundle", story.mortuary)) == {"role-may-not-act"}


def test_a_bundle_is_filed_by_a_session(story: Story, tmp_path: Path) -> None:
    session = story.begin_work(story.prosecutor)
    assert codes(story.log.bundle(tmp_path / "bundle", session)) == {"not-signed-in-person"}


def test_a_bundle_is_filed_in_the_name_of_another(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "rule-actor-is", receipt_fields={"made_by": story.scene.person})


def test_a_bundle_is_filed_by_nobody(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "signature-wrong", sign_receipt_with=story.scene.key)


def test_a_bundle_is_filed_by_who_was_dismissed(story: Story, tmp_path: Path) -> None:
    story.dismiss(story.prosecutor)
    assert_faults(story, tmp_path, "office-ended")


def test_the_receipt_holds_a_value_of_another_type(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "value-not-of-its-type", receipt_fields={"size": "many"})


def test_the_receipt_s_number_is_that_of_another_bundle(story: Story, tmp_path: Path) -> None:
    story.log.file("court.bundle", "court.Bundle", story.prosecutor,
                   {"made_by": story.prosecutor.person, "number": "BND-000001"})  # fmt: skip
    assert_faults(story, tmp_path, "number-of-another")


def test_the_receipt_hides_a_field(story: Story, tmp_path: Path) -> None:
    def hide(openings: list[Any]) -> None:
        openings.pop()

    assert_faults(story, tmp_path, "receipt-not-opened", "field-must-be-open", "rule-actor-is",
                  change_receipt_openings=hide)  # fmt: skip


def test_the_receipt_s_fields_are_in_another_order(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_receipt_openings=lambda openings: openings.reverse()))  # fmt: skip
    assert "receipt-not-opened" in found


def test_the_receipt_opens_a_field_twice(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_receipt_openings=lambda o: o.insert(1, o[0])))  # fmt: skip
    assert "receipt-not-opened" in found


def test_the_receipt_claims_the_field_of_an_entry(story: Story, tmp_path: Path) -> None:
    theirs = next(o for o in story.log.records[story.site].openings if o[1] == "reason")

    def claim(openings: list[Any]) -> None:
        openings[[o[1] for o in openings].index("reason")] = theirs

    def also(receipt: dict[str, Any]) -> None:
        receipt["fields"]["reason"] = sha(canonical(theirs))

    assert_faults(story, tmp_path, "field-of-two-records", change_receipt=also, change_receipt_openings=claim)


def test_the_receipt_is_a_later_version(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_receipt=lambda r: r.update(version=2, previous=["0" * 64])))  # fmt: skip
    assert {"version-skipped", "act-changes-none-of-this-kind"} == found


def test_the_manifest_counts_fewer_entries(story: Story, tmp_path: Path) -> None:
    story.unit()
    assert_faults(story, tmp_path, "entry-not-listed", change_manifest=lambda m: m["entries"].pop())


def test_the_manifest_claims_another_size(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(size=m["size"] - 1))
    assert_faults(story, tmp_path, "manifest-differs", "receipt-within-the-log", "base-is-later",
                  change_manifest=lambda m: m.update(size=m["size"] + 1))  # fmt: skip


def test_the_receipt_is_of_a_log_that_lacks_an_entry_of_the_bundle(story: Story, tmp_path: Path) -> None:
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, meanwhile=-1))
    assert {"receipt-within-the-log", "file-malformed"} <= found


def test_the_receipt_comes_with_a_later_checkpoint(story: Story, tmp_path: Path) -> None:
    """A proof of the receipt's entry under a log that went on: sound in itself, but not the one that closes a bundle."""
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    n = story.log.size
    entry = (bundle / "receipt" / "entry.json").read_bytes()
    after = Tree([*story.log.tree.leaves, leaf(entry), leaf(b"a later one")])
    lines = ["c2sp.org/tlog-proof@v1", f"index {n}", *(b64(h) for h in after.path(n))]
    (bundle / "receipt" / "proof").write_bytes("\n".join(lines).encode() + b"\n\n" + story.log.checkpoint(after))
    for name in ("consistency", "base"):
        (bundle / "receipt" / name).write_bytes(after.proof_lines(n))
    assert codes(bundle) == {"receipt-not-the-last-entry"}


def test_the_manifest_claims_another_log(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "manifest-differs", change_manifest=lambda m: m.update(origin="other.example/log"))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(v=1),
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
    other.missing()
    again = other.log.bundle(tmp_path / "other", other.prosecutor)
    for name in ("receipt/proof", "receipt/consistency", "receipt/base"):
        (bundle / name).write_bytes((again / name).read_bytes())
    assert {"log-was-rewritten", "entry-not-in-the-log"} <= codes(bundle)
