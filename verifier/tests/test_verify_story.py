"""The honest investigation: whole and in part it verifies, and no act of the constitution is missing in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from builder import STANDARD, Fields, canonical, sha
from findings import assert_faults, codes, verdict
from story import Story
from test_verify_report import run


def test_it_verifies_as_a_whole(story: Story, tmp_path: Path) -> None:
    story.tell()
    assert_faults(story, tmp_path)
    found = verdict(tmp_path / "bundle")
    assert found.whole_log and found.constitution == sha(canonical(STANDARD))
    assert run(tmp_path / "bundle").returncode == 0


PARTS: dict[str, Callable[[Fields], bool]] = {
    "people alone": lambda e: (
        e["kind"].startswith("casework.") and e["kind"] not in ("casework.Transfer", "casework.Discrepancy")
    ),
    "without photographs": lambda e: e["kind"] != "graves.Photograph",
    "decisions and what they rest on": lambda e: (
        e["kind"]
        in ("casework.Transfer", "graves.RecoveryUnit", "mortuary.Sample", "mortuary.Profile", "missing.MissingPerson")
        or (e["kind"].startswith(("casework.", "identification.")) and e["kind"] != "identification.Search")
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_it_verifies_in_part(story: Story, tmp_path: Path, name: str) -> None:
    bundle = story.tell().bundle(tmp_path / "bundle", story.prosecutor, only=PARTS[name])
    found = verdict(bundle)
    assert found.verified and not found.whole_log and found.entries > 40, found.faults
    assert run(bundle).returncode == 0


# Acts that put records right are told one by one, in `test_verify_corrections` and in the attack catalogue.
PUTS_RIGHT = re.compile(r"\w+\.((correct|void|agree|propose|make|decline|reopen|answer)_\w+|place_anew|found_alive)")


def test_it_files_everything_that_the_constitution_knows(story: Story) -> None:
    due = {
        (act, kind, sort)
        for act, says in STANDARD["acts"].items()
        if not PUTS_RIGHT.fullmatch(act) or act in ("casework.propose_constitution", "casework.propose_log_key")
        for kind, effects in says["files"].items()
        for sort in effects
    }
    filed = {(e["act"], e["kind"], "new" if e["version"] == 1 else "change") for e in story.tell().entries}
    assert filed == due and len(due) > 60


def test_it_signs_in_person_and_by_session(story: Story) -> None:
    log = story.tell()
    kinds = {
        sha(bytes.fromhex(held.fields["public_key"])): held.kind
        for held in log.records.values()
        if "public_key" in held.fields
    }
    assert {kinds[entry["actor"]] for entry in log.entries} == {"casework.Key", "casework.SessionKey"}


def test_a_log_of_the_same_seed_is_the_same_log() -> None:
    assert Story().tell().tree.leaves == Story().tell().tree.leaves


def test_one_log_bears_two_histories_under_one_key_and_each_alone_is_sound(tmp_path: Path) -> None:
    """What no verifier can see, as docs/ledger-format.md says: only the comparison of two bundles shows it."""
    one, two = Story(), Story()
    one.unit()
    two.missing()
    assert_faults(one, tmp_path / "one")
    assert_faults(two, tmp_path / "two")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("casework.Person", "points-to-nothing"),
        ("casework.Key", "key-unknown"),
        ("casework.Office", "office-unknown"),
        ("casework.SessionKey", "key-unknown"),
    ],
)
def test_a_part_shows_the_people_who_acted(story: Story, tmp_path: Path, kind: str, expected: str) -> None:
    founding = story.tell().entries[:5]
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   only=lambda entry: entry["kind"] != kind or entry in founding))  # fmt: skip
    assert expected in found
