"""The order of a log: on which head something was signed, that filings do not overlap, and that time never runs backwards.

What an operator would gain: a signature given yesterday counts today, or one given today stands before what it should have
taken into account.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builder import Fields, b64, signed
from dokaz_verify import verify
from dokaz_verify.__main__ import main
from dokaz_verify.report import as_json, as_text
from dokaz_verify.store import verify_store
from findings import assert_faults, codes, verdict
from story import Story

DELIVER = ("casework.deliver", "casework.Delivery")


def deliver(story: Story, **header: Any) -> None:
    story.log.file(*DELIVER, story.scene, **header)


# --- bases -------------------------------------------------------------------------------------------------------------


def test_several_entries_are_one_filing(story: Story, tmp_path: Path) -> None:
    with story.log.filing():
        for _ in range(5):
            deliver(story)
    deliver(story)
    assert_faults(story, tmp_path)


def test_a_signature_is_given_for_later(story: Story, tmp_path: Path) -> None:
    """The base is a head that the log does not have yet."""
    deliver(story, base={"root": "0" * 64, "size": story.log.size + 1})
    assert_faults(story, tmp_path, "base-is-later")


def test_a_signature_is_kept_and_used_later(story: Story, tmp_path: Path) -> None:
    """Signed on the log as it was, and filed after something of which the signer knew nothing."""
    old = story.log.head()
    deliver(story)
    deliver(story, base=old, at=story.log.now)
    assert_faults(story, tmp_path / "one filing, as far as anybody can see")
    other = story.log.head()
    deliver(story)
    deliver(story)
    deliver(story, base=other)
    assert_faults(story, tmp_path / "forged", "filed-in-between")


def test_an_entry_of_another_filing_is_put_between(story: Story, tmp_path: Path) -> None:
    base = story.log.head()
    deliver(story, base=base)
    deliver(story)
    deliver(story, base=base)
    assert_faults(story, tmp_path, "filed-in-between")


def test_an_entry_is_based_on_the_middle_of_a_filing(story: Story, tmp_path: Path) -> None:
    with story.log.filing():
        deliver(story)
        middle = story.log.head()
        deliver(story)
    deliver(story, base=middle)
    assert_faults(story, tmp_path, "filed-in-between")


def test_an_entry_is_based_on_nothing(story: Story, tmp_path: Path) -> None:
    """The empty log is a head too, and only the founding was signed on it."""
    deliver(story, base=story.log.head(0))
    assert_faults(story, tmp_path, "filed-in-between")


@pytest.mark.parametrize("size", [0, 7])
def test_a_base_has_another_root(story: Story, tmp_path: Path, size: int) -> None:
    base = {"root": "0" * 64, "size": size or story.log.size}
    deliver(story, base=base if size else {**base, "size": story.log.size})
    assert "base-not-of-this-log" in codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))


def test_the_founding_is_based_on_another_log(story: Story, tmp_path: Path) -> None:
    log = story.log
    for index in range(5):
        log.entries[index] = signed({**log.entries[index], "base": {"root": "1" * 64, "size": 0}}, story.admin.key)
    log.rebuild()
    assert "base-not-of-this-log" in codes(log.bundle(tmp_path / "bundle", story.prosecutor))


def test_two_filings_change_places(story: Story, tmp_path: Path) -> None:
    deliver(story)
    story.missing()
    log = story.log
    log.entries[-2:], log.openings[-2:] = log.entries[:-3:-1], log.openings[:-3:-1]
    log.rebuild()
    found = codes(log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"base-is-later", "filed-in-between", "time-runs-backwards"} <= found


def test_a_part_shows_bases_of_what_it_does_not_show(story: Story, tmp_path: Path) -> None:
    unit = story.unit()
    story.missing()
    story.unit()
    assert unit
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor,
                              only=lambda entry: entry["kind"] != "missing.MissingPerson")  # fmt: skip
    assert verdict(bundle).verified


def test_in_a_part_something_shown_stands_between(story: Story, tmp_path: Path) -> None:
    base = story.log.head()
    hidden = story.missing()
    story.unit()
    deliver(story, base=base)
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor, only=lambda e: e["record"] != hidden))
    assert found == {"filed-in-between"}


Bases = list[Fields]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda b: b.pop(), {"base-not-of-this-log"}),
        (lambda b: b.clear(), {"base-not-of-this-log"}),
        (lambda b: b.reverse(), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b.append(b[-1]), {"line-malformed"}),
        (lambda b: b.insert(0, {**b[0], "size": 0}), {"line-malformed"}),
        (lambda b: b[-1].update(size=10_000), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].update(size=-1), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].update(size=True), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].update(more=1), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].pop("root"), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].update(root="0" * 64), {"base-not-of-this-log"}),
        (lambda b: b[-1].update(root="x"), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].update(proof=5), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-1].update(proof=["x"]), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-2]["proof"].pop(), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-2]["proof"].append(b64(bytes(32))), {"line-malformed", "base-not-of-this-log"}),
        (lambda b: b[-2]["proof"].__setitem__(0, b64(bytes(32))), {"base-not-of-this-log"}),
    ],
)
def test_the_bases_are_tampered_with(
    story: Story, tmp_path: Path, change: Callable[[Bases], Any], expected: set[str]
) -> None:
    deliver(story)
    deliver(story)
    assert_faults(story, tmp_path, *expected, change_bases=change)


def test_a_head_is_listed_on_which_nothing_was_signed(story: Story, tmp_path: Path) -> None:
    with story.log.filing():
        deliver(story)
        middle = story.log.size
        deliver(story)
    deliver(story)
    tree = story.log.tree
    row = {"proof": [b64(h) for h in tree.consistency(middle)], "root": tree.root(middle).hex(), "size": middle}
    assert_faults(story, tmp_path, "base-of-no-entry", change_bases=lambda bases: bases.insert(-1, row))


def test_the_receipt_is_based_on_the_log_that_is_shown(story: Story, tmp_path: Path) -> None:
    n = story.log.size
    for name, base, expected in (
        ("the log that is shown", n, set()),
        ("what was filed meanwhile", n + 1, set()),
        ("just before it", n + 3, set()),
        ("itself", n + 4, {"base-is-later"}),
        ("what came before", n - 1, {"base-is-later"}),
    ):
        bundle = story.log.bundle(tmp_path / name, story.prosecutor, meanwhile=3, receipt_base=base)
        assert codes(bundle) == expected, name


def test_the_receipt_is_based_on_another_log(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path / "root", "base-not-of-this-log",
                  change_receipt=lambda r: r["base"].update(root="0" * 64))  # fmt: skip
    bundle = story.log.bundle(tmp_path / "proof", story.prosecutor, meanwhile=3)
    (bundle / "receipt" / "base").write_bytes(b64(bytes(32)).encode() + b"\n")
    assert codes(bundle) <= {"base-not-of-this-log", "file-malformed"} and codes(bundle)


@pytest.mark.parametrize("change", [
    lambda text: text[:-1],
    lambda text: text + b"\n",
    lambda text: text.replace(b"\n", b"\r\n"),
    lambda text: text.replace(b"\n", b"\xe2\x80\xa8", 1),
    lambda text: text.replace(b"\n", b"\xc2\x85", 1),
    lambda text: b"\n" + text,
    lambda text: b"",
], ids=["cut", "longer", "returns", "line separator", "next line", "blank", "empty"])  # fmt: skip
@pytest.mark.parametrize("name", ["base", "consistency"])
def test_a_proof_of_the_receipt_is_spelt_otherwise(story: Story, tmp_path: Path, name: str, change: Any) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor, meanwhile=3)
    file = bundle / "receipt" / name
    file.write_bytes(change(file.read_bytes()))
    assert codes(bundle) == {"file-malformed"}


# --- which log ---------------------------------------------------------------------------------------------------------


def test_an_entry_was_signed_for_another_log(story: Story, tmp_path: Path) -> None:
    deliver(story, log="0" * 64)
    assert_faults(story, tmp_path, "log-is-another")


def test_the_receipt_was_signed_for_another_log(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "log-is-another", change_receipt=lambda r: r.update(log="0" * 64))


def test_without_a_usable_key_entries_are_held_against_each_other(story: Story, tmp_path: Path) -> None:
    deliver(story, log="0" * 64)
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   change_files=lambda files: files.update({"log/key": b"no key\n"})))  # fmt: skip
    assert found == {"file-malformed", "log-is-another"}


# --- time --------------------------------------------------------------------------------------------------------------


def test_two_entries_may_be_of_one_second(story: Story, tmp_path: Path) -> None:
    deliver(story, at=story.log.entries[-1]["at"])
    assert_faults(story, tmp_path)


def test_time_runs_backwards(story: Story, tmp_path: Path) -> None:
    story.log.wait(days=1)
    deliver(story)
    deliver(story, at="2024-05-01T23:00:00Z")
    assert_faults(story, tmp_path, "time-runs-backwards")


def test_time_ran_backwards_once_and_stays_so(story: Story, tmp_path: Path) -> None:
    """Each entry is held against the latest time before it, not against the one just before."""
    story.log.wait(days=1)
    deliver(story)
    for _ in range(2):
        deliver(story, at="2024-05-01T23:00:00Z")
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    assert verdict(bundle).counts == {"time-runs-backwards": 2}


def test_the_receipt_is_of_an_earlier_time(story: Story, tmp_path: Path) -> None:
    assert_faults(story, tmp_path, "time-runs-backwards", "made-at-another-time",
                  change_receipt=lambda r: r.update(at="2024-05-01T00:00:00Z"))  # fmt: skip


@pytest.mark.parametrize(("hours", "expected"), [(-23, set()), (-25, {"time-to-come"}), (24, set())])
def test_nothing_is_of_a_time_to_come(story: Story, tmp_path: Path, hours: int, expected: set[str]) -> None:
    """By the reader's clock, give or take a day."""
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    last = story.log.clock.replace(minute=0)
    now = datetime.fromtimestamp(last.timestamp() + 3600 * hours, UTC)
    assert codes(bundle, now=now) == expected


def test_one_second_too_far_ahead(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    last = datetime.strptime(story.log.now, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    assert codes(bundle, now=datetime.fromtimestamp(last - 86_400, UTC)) == set()
    assert codes(bundle, now=datetime.fromtimestamp(last - 86_401, UTC)) == {"time-to-come"}


def test_an_entry_of_the_log_is_of_a_time_to_come(story: Story, tmp_path: Path) -> None:
    deliver(story, at="2099-01-01T00:00:00Z")
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert found == {"time-to-come", "time-runs-backwards", "made-at-another-time"}


@pytest.mark.parametrize("which", ["last entry", "receipt"])
def test_the_bundle_was_made_at_another_time(story: Story, tmp_path: Path, which: str) -> None:
    """Between the last entry that it shows and its receipt, both included."""
    last = story.log.entries[-1]["at"]
    receipt: list[str] = []
    story.log.bundle(tmp_path / "first", story.prosecutor, change_receipt=lambda r: receipt.append(r["at"]))
    moment = {"last entry": last, "receipt": receipt[0]}[which]

    def made_at(at: str) -> Callable[[Fields], None]:
        return lambda manifest: manifest.update(made_at=at)

    fixed = {"change_receipt": lambda r: r.update(at=receipt[0])}
    assert_faults(story, tmp_path / "honest", change_manifest=made_at(moment), **fixed)
    second = 1 if which == "receipt" else -1
    shifted = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp() + second
    forged = datetime.fromtimestamp(shifted, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert_faults(story, tmp_path / "forged", "made-at-another-time", change_manifest=made_at(forged), **fixed)


# --- freshness ----------------------------------------------------------------------------------------------------------


def test_a_reader_accepts_no_head_that_is_older_than_they_say(story: Story, tmp_path: Path) -> None:
    bundle = story.log.bundle(tmp_path / "bundle", story.prosecutor)
    store = story.log.store(tmp_path / "store")
    # The bundle's own filing is newer than the log that it shows.
    for verify_it, folder, newest in (
        (verify, bundle, story.log.now),
        (verify_store, store, story.log.entries[-1]["at"]),
    ):
        filed = datetime.fromisoformat(newest)
        assert verify_it(folder, now=filed).head_at == newest
        month = timedelta(days=30)
        assert not verify_it(folder, now=filed + month, not_older_than=month).counts
        late = verify_it(folder, now=filed + month + timedelta(seconds=1), not_older_than=month)
        assert set(late.counts) == {"head-too-old"}
        assert not verify_it(folder, now=filed + 10 * month).counts, "whoever says nothing accepts any"


@pytest.mark.parametrize(("age", "code"), [("1h", 1), ("30d", 1), ("52w", 1), ("99999d", 0)])
def test_the_age_is_said_on_the_command_line(story: Story, tmp_path: Path, age: str, code: int) -> None:
    store = story.log.store(tmp_path / "store")
    assert main([str(store), "--quiet", "--not-older-than", age]) == code


@pytest.mark.parametrize("age", ["30", "-1d", "1y", "", "1 d", "999999d"])
def test_what_is_no_age_is_refused(story: Story, tmp_path: Path, age: str) -> None:
    store = story.log.store(tmp_path / "store")
    with pytest.raises(SystemExit) as refused:
        main([str(store), "--quiet", "--not-older-than", age])
    assert refused.value.code == 2


def test_the_report_says_how_old_the_head_is(story: Story, tmp_path: Path) -> None:
    found = verify_store(story.log.store(tmp_path / "store"))
    assert f"Newest entry:  {found.head_at}" in "\n".join(as_text(found, "en"))
    assert found.head_at in "\n".join(as_text(found, "uk"))
    assert json.loads(as_json(found, "en"))["head_at"] == found.head_at == story.log.entries[-1]["at"]
