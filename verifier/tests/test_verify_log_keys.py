"""The keys of a log: put in force by two administrators, each revoking the one before; a revoked one signs nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import Key
from dokaz_verify import verify
from dokaz_verify.report import as_text
from dokaz_verify.store import verify_store
from findings import assert_faults, codes
from story import Story


def both(story: Story, folder: Path, **options: Any) -> set[str]:
    """What is found in the bundle of the whole log, and in its store: the same."""
    bundle = codes(story.log.bundle(folder / "bundle", story.prosecutor), **options)
    store = set(verify_store(story.log.store(folder / "store"), **options).counts)
    assert bundle == store
    return bundle


def test_another_key_signs_the_log_when_two_administrators_agreed(story: Story, tmp_path: Path) -> None:
    assert both(story, tmp_path / "before") == set()
    key = story.replace_log_key()
    assert both(story, tmp_path / "once") == set()
    again = story.replace_log_key()
    assert both(story, tmp_path / "twice") == set()
    found = verify_store(story.log.store(tmp_path / "store"))
    assert found.key is not None and found.key.public_key == again.public
    assert [each.public_key for each in found.earlier_keys] == [story.log.key.public, key.public]
    assert "Revoked keys:  2" in "\n".join(as_text(found, "en"))


def test_a_reader_may_know_any_key_of_the_log(story: Story, tmp_path: Path) -> None:
    key = story.replace_log_key()
    for number, known in enumerate((story.log.key, key)):
        assert both(story, tmp_path / str(number), key=story.log.vkey_of(known)) == set()
    stranger = story.log.vkey_of(Key(story.log.rng))
    assert both(story, tmp_path / "stranger", key=stranger) >= {"key-is-another", "checkpoint-not-signed"}


def test_a_key_that_was_revoked_signs_a_checkpoint(story: Story, tmp_path: Path) -> None:
    story.replace_log_key()
    story.log.later_key = None
    assert both(story, tmp_path) == {"checkpoint-of-a-revoked-key"}


def test_a_key_that_is_only_proposed_signs_a_checkpoint(story: Story, tmp_path: Path) -> None:
    key = Key(story.log.rng)
    story.propose_log_key(key)
    assert both(story, tmp_path / "honest") == set()
    story.log.later_key = key
    assert both(story, tmp_path / "forged") == {"checkpoint-not-signed"}


def test_one_administrator_replaces_the_key_of_the_log(story: Story, tmp_path: Path) -> None:
    story.replace_log_key([story.admin])
    assert both(story, tmp_path) == {"signatures-not-as-many"}


def test_one_administrator_files_a_key_of_the_log_in_force(story: Story, tmp_path: Path) -> None:
    key = Key(story.log.rng)
    story.propose_log_key(key, state="in_force")
    story.log.later_key = key
    assert both(story, tmp_path) == {"born-in-another-state"}


def test_a_key_of_the_log_is_replaced_without_a_reason(story: Story, tmp_path: Path) -> None:
    story.replace_log_key(reason="")
    assert "rule-holds" in both(story, tmp_path)


def test_a_revoked_key_is_put_in_force_again(story: Story, tmp_path: Path) -> None:
    story.replace_log_key()
    story.put_in_force(story.propose_log_key(story.log.key))
    story.log.later_key = None
    assert both(story, tmp_path) == {"log-key-not-new"}


def test_a_key_of_another_log_is_put_in_force(story: Story, tmp_path: Path) -> None:
    key = Key(story.log.rng)
    other = story.log.vkey_of(key, origin="elsewhere.example/log")
    story.put_in_force(story.propose_log_key(key, key=other))
    assert both(story, tmp_path) >= {"log-key-not-new"}


@pytest.mark.parametrize("text", ["", "x", "izyum.example/log+00000000+AAAA"])
def test_what_is_no_key_is_put_in_force(story: Story, tmp_path: Path, text: str) -> None:
    story.put_in_force(story.propose_log_key(Key(story.log.rng), key=text))
    assert both(story, tmp_path) == {"log-key-malformed"}


def test_a_part_without_the_replacement_is_signed_by_a_key_that_nobody_knows(story: Story, tmp_path: Path) -> None:
    story.replace_log_key()
    bundle = story.log.bundle(
        tmp_path / "bundle", story.prosecutor, only=lambda entry: entry["kind"] != "casework.CheckpointKey"
    )
    assert "checkpoint-not-signed" in codes(bundle)


def test_whoever_knows_the_newest_key_is_not_shown_an_older_head_under_the_revoked_one(
    story: Story, tmp_path: Path
) -> None:
    """A thief of the first key shows the log as it was before it was revoked; without the newest key, nobody can tell."""
    before = story.log.bundle(tmp_path / "before", story.prosecutor)
    key = story.replace_log_key()
    assert verify(before).verified
    assert "key-is-another" in codes(before, key=story.log.vkey_of(key))


def test_in_a_trial_one_administrator_replaces_the_key(tmp_path: Path) -> None:
    story = Story(founders=1)
    story.replace_log_key()
    assert_faults(story, tmp_path)
