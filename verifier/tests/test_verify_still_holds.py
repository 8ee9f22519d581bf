"""What turns against a certified decision stops word to the family, and one discipline takes back nothing of another."""

from __future__ import annotations

from pathlib import Path

from findings import assert_faults
from story import Story


def pair(story: Story) -> tuple[str, str]:
    return story.unit(), story.missing()


def newer(story: Story, older: str) -> str:
    """A comparison that two people signed, and that takes the place of others."""
    held = story.log.records[older].fields
    return story.signed_comparison(
        held["recovery_unit"], held["missing_person"], supersedes=[older], why_better="a second run"
    )


def test_a_family_is_told_though_a_contradiction_was_signed(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    decision = story.decide(unit, missing, [story.signed_comparison(unit, missing)])
    story.certify(decision)
    by = (story.mortuary, story.enrol("mortuary"))
    story.sign_comparison(story.compare(unit, missing, discipline="teeth", conclusion="discordant"), by)
    story.notify(decision)
    assert_faults(story, tmp_path, "rule-none")


def test_a_family_is_told_though_the_profile_was_withdrawn(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    decision = story.decide(unit, missing, [story.signed_comparison(unit, missing)])
    story.certify(decision)
    story.withdraw_profile(story.profiles[unit])
    story.notify(decision)
    assert_faults(story, tmp_path, "rule-refers")


def test_a_family_is_told_though_its_comparison_was_superseded(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    made = story.signed_comparison(unit, missing)
    decision = story.decide(unit, missing, [made])
    story.certify(decision)
    story.superseded(made)
    story.notify(decision)
    assert_faults(story, tmp_path, "cited-changed-since")


def test_a_discipline_takes_back_what_another_found(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    first = story.compare(unit, missing, discipline="secondary", conclusion="discordant")
    story.supersede(first, newer(story, first))
    assert_faults(story, tmp_path, "rule-agrees")
