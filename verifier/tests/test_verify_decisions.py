"""Attacks by whoever runs the system on what was decided: what assents cover, comparisons, decisions.

As in `test_verify_operator`: each names the attack and the faults that it must raise, and no others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builder import TO_JUDGE
from findings import assert_faults, codes
from story import Story

CERTIFY, DECISION, COMPARISON = "identification.certify", "identification.Decision", "identification.Comparison"


def pair(story: Story) -> tuple[str, str]:
    return story.unit(), story.missing()


# --- what the assents cover --------------------------------------------------------------------------------------------


def test_signing_changes_the_conclusion(story: Story, tmp_path: Path) -> None:
    story.sign_comparison(story.compare(*pair(story), conclusion="discordant"), conclusion="concordant")
    assert_faults(story, tmp_path, "change-not-allowed")


def test_a_decision_swaps_its_comparisons_when_it_is_certified(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    good, other = story.signed_comparison(unit, missing), story.signed_comparison(unit, missing)
    story.certify(story.decide(unit, missing, [other]), comparisons=[good])
    assert_faults(story, tmp_path, "change-not-allowed")


def test_certifying_drops_a_field(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    given = story.assents(CERTIFY, decision, story.board, story.board_too)
    story.change(CERTIFY, decision, story.board, story.certificate_fields(), assents=given, drop=["contradictions"])
    assert_faults(story, tmp_path, "change-not-allowed", "fields-not-of-this-kind")


def test_a_field_trades_places_with_another(story: Story, tmp_path: Path) -> None:
    """The digest of what was read is still there, under the name of another field."""
    decision = story.ready_decision()
    held = {opening[1]: opening for opening in story.log.records[decision].openings}
    given = story.assents(CERTIFY, decision, story.board, story.board_too)
    swapped = {"recovery_unit": held["missing_person"], "missing_person": held["recovery_unit"]}
    story.change(CERTIFY, decision, story.board, story.certificate_fields(), assents=given, openings=swapped)
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert {"change-not-allowed", "field-under-two-names"} <= found


def test_the_certificate_s_number_is_withheld(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.certify(decision)

    def withhold(entry: dict[str, Any], name: str) -> tuple[str, str] | None:
        return TO_JUDGE if name == "certificate_number" and entry["version"] == 2 else None

    assert_faults(story, tmp_path, "field-must-be-open", "rule-holds", withhold=withhold)


def test_a_certificate_says_excluded(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), state="excluded")
    assert_faults(story, tmp_path, "move-not-allowed")


@pytest.mark.parametrize(("act", "by", "fields"), [
    ("identification.withdraw", "board", {"reason": "-"}),
    ("identification.notify_family", "liaison", {"family_notified_on": "2024-05-03"}),
    ("identification.release", "mortuary", {"released_on": "2024-05-03"}),
])  # fmt: skip
def test_a_state_is_set_by_another_act(story: Story, tmp_path: Path, act: str, by: str, fields: dict[str, Any]) -> None:
    decision = story.ready_decision()
    story.release_record(story.certified())
    story.change(act, decision, getattr(story, by), {"state": "certified", **fields})
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor))
    assert "move-not-allowed" in found


@pytest.mark.parametrize(("fields", "besides"), [
    ({"missing_person": "other"}, {"cited-of-others"}), ({"decided_on": "2022-01-01"}, set()),
    ({"certificate_number": "C-99"}, set()), ({"comparisons": []}, {"cites-nothing"}),
    ({"question": "exclude"}, {"cited-none-carries"}), ({"laid_by": None}, set()),
], ids=str)  # fmt: skip
def test_a_certified_decision_is_changed_afterwards(
    story: Story, tmp_path: Path, fields: dict[str, Any], besides: set[str]
) -> None:
    other = {"missing_person": story.missing(), "laid_by": story.dna.person}
    decision = story.certified()
    story.notify(decision, **{name: other.get(name, value) for name, value in fields.items()})
    assert_faults(story, tmp_path, "change-not-allowed", *besides)


def test_a_certified_decision_is_changed_in_two_steps(story: Story, tmp_path: Path) -> None:
    decision = story.certified()
    story.notify(decision)
    assert_faults(story, tmp_path / "honest")
    story.notify(decision, missing_person=story.missing())
    assert_faults(story, tmp_path / "forged", "change-not-allowed", "move-not-allowed", "cited-of-others")


def test_a_certificate_is_undone_without_the_board(story: Story, tmp_path: Path) -> None:
    fields = {"state": "withdrawn", "reason": "an error"}
    story.change("identification.withdraw", story.ready_decision(), story.board, fields)
    assert_faults(story, tmp_path / "honest")
    story.change("identification.withdraw", story.certified(), story.board, fields)
    assert_faults(story, tmp_path / "forged", "move-not-allowed")


def test_a_decision_is_withdrawn_without_a_reason(story: Story, tmp_path: Path) -> None:
    story.change("identification.withdraw", story.ready_decision(), story.board, {"state": "withdrawn"})
    assert_faults(story, tmp_path, "rule-holds")


def test_a_signed_comparison_is_changed_afterwards(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    compared = story.signed_comparison(unit, missing)
    story.supersede(compared, newer(story, compared), conclusion="discordant")
    assert_faults(story, tmp_path, "change-not-allowed")


def test_what_two_signed_gives_way_only_to_what_two_signed(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    story.superseded(story.signed_comparison(unit, missing))
    unsigned = story.compare(unit, missing)
    story.supersede(unsigned, newer(story, unsigned))
    assert_faults(story, tmp_path / "honest")
    signed = story.signed_comparison(unit, missing)
    story.supersede(signed, story.compare(unit, missing, supersedes=[signed], why_better="a second run"))
    assert_faults(story, tmp_path / "forged", "rule-refers")


# --- comparisons -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discipline", "signers", "expected"),
    [
        ("dna", ("dna", "dna_too"), set()),
        ("dna", ("dna", "mortuary"), {"rule-signed-in"}),
        ("dna", ("prints", "mortuary"), {"rule-signed-in"}),
        ("teeth", ("mortuary", "mortuary_too"), set()),
        ("teeth", ("dna", "mortuary"), {"rule-signed-in"}),
        ("friction_ridge", ("prints", "prints_too"), set()),
        ("friction_ridge", ("prints", "dna"), {"rule-signed-in"}),
        ("secondary", ("dna", "mortuary"), set()),
    ],
)
def test_a_comparison_is_signed_by_two_of_its_discipline(
    story: Story, tmp_path: Path, discipline: str, signers: tuple[str, ...], expected: set[str]
) -> None:
    second = {"mortuary_too": "mortuary", "prints_too": "print_examiner"}
    by = [story.enrol(second[who]) if who in second else getattr(story, who) for who in signers]
    story.sign_comparison(story.compare(*pair(story), discipline=discipline), by)
    assert_faults(story, tmp_path, *expected)


def test_a_comparison_is_signed_without_a_date(story: Story, tmp_path: Path) -> None:
    story.sign_comparison(story.compare(*pair(story)), signed_on=None)
    assert_faults(story, tmp_path, "rule-holds")


def test_a_comparison_names_another_examiner(story: Story, tmp_path: Path) -> None:
    story.compare(*pair(story), examiner=story.dna_too.person)
    assert_faults(story, tmp_path, "rule-actor-is")


def test_a_comparison_rests_on_a_withdrawn_profile(story: Story, tmp_path: Path) -> None:
    unit, missing = story.examined(), story.missing()
    profile = story.profile(story.sample(unit))
    story.compare(unit, missing, profile=profile)
    story.withdraw_profile(profile)
    assert_faults(story, tmp_path / "honest")
    story.compare(unit, missing, profile=profile)
    assert_faults(story, tmp_path / "forged", "rule-refers")


def newer(story: Story, *older: str, unit: str = "", missing: str = "") -> str:
    """A comparison that two people signed, and that takes the place of others."""
    held = story.log.records[older[0]].fields
    pair = unit or held["recovery_unit"], missing or held["missing_person"]
    return story.signed_comparison(*pair, supersedes=[*older], why_better="a second run")


@pytest.mark.parametrize(("changed", "expected"), [({}, set()), ({"superseded_by": None}, {"rule-holds"})], ids=str)
def test_a_comparison_is_superseded(story: Story, tmp_path: Path, changed: dict[str, Any], expected: set[str]) -> None:
    first = story.signed_comparison(*pair(story))
    story.supersede(first, newer(story, first), **changed)
    assert_faults(story, tmp_path, *expected)


def test_a_comparison_takes_the_place_of_another_and_does_not_say_why(story: Story, tmp_path: Path) -> None:
    first = story.compare(*pair(story))
    held = story.log.records[first].fields
    story.compare(held["recovery_unit"], held["missing_person"], supersedes=[first])
    assert_faults(story, tmp_path, "rule-holds")


def test_a_comparison_is_superseded_by_one_that_nobody_signed(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    first = story.signed_comparison(unit, missing)
    story.supersede(first, story.compare(unit, missing, supersedes=[first], why_better="a second run"))
    assert_faults(story, tmp_path, "rule-refers")


def test_a_comparison_is_superseded_by_one_that_does_not_say_so(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    first, second = story.signed_comparison(unit, missing), story.signed_comparison(unit, missing)
    story.supersede(first, second)
    assert_faults(story, tmp_path, "rule-listed")


def test_a_comparison_is_superseded_by_one_of_others(story: Story, tmp_path: Path) -> None:
    first = story.signed_comparison(*pair(story))
    story.supersede(first, newer(story, first, unit=story.unit()))
    assert_faults(story, tmp_path / "unit", "rule-agrees")
    second = story.signed_comparison(*pair(story))
    story.supersede(second, newer(story, second, missing=story.missing()))
    assert_faults(story, tmp_path / "both", "rule-agrees")


def test_a_comparison_supersedes_itself(story: Story, tmp_path: Path) -> None:
    compared = story.signed_comparison(*pair(story))
    story.supersede(compared, compared)
    assert_faults(story, tmp_path, "points-to-nothing", "rule-listed")


@pytest.mark.parametrize("missing", ["profile", "family", "log10_lr"])
def test_a_dna_comparison_concludes_without(story: Story, tmp_path: Path, missing: str) -> None:
    story.compare(*pair(story), **{missing: "" if missing == "log10_lr" else None})
    assert_faults(story, tmp_path, "rule-holds")


def test_a_comparison_rests_on_the_profile_of_other_remains(story: Story, tmp_path: Path) -> None:
    story.compare(*pair(story), profile=story.typed(story.unit()))
    assert_faults(story, tmp_path, "rule-agrees")


# --- decisions ---------------------------------------------------------------------------------------------------------


def test_an_examiner_sits_alone_on_their_own_comparison(story: Story, tmp_path: Path) -> None:
    own, own_too = story.in_office(story.dna, "board"), story.in_office(story.dna_too, "board")
    story.certify(story.ready_decision(), (own, story.board))
    assert_faults(story, tmp_path / "beside somebody else")
    story.certify(story.ready_decision(), (own, own_too))
    assert_faults(story, tmp_path / "alone", "sits-alone")


@pytest.mark.parametrize("act", ["exclude", "revoke"])
def test_examiners_alone_exclude_or_revoke(story: Story, tmp_path: Path, act: str) -> None:
    pair_of_examiners = [story.in_office(who, "board") for who in (story.dna, story.dna_too)]
    decision = story.certified() if act == "revoke" else story.ready_decision(question="exclude")
    getattr(story, act)(decision, pair_of_examiners)
    assert_faults(story, tmp_path, "sits-alone")


LAID = [
    ({"discipline": "secondary"}, "cited-none-carries"),
    ({"conclusion": "discordant"}, "cited-none-carries"),
    ({"conclusion": "inconclusive"}, "cited-none-carries"),
]


@pytest.mark.parametrize(("comparison", "expected"), LAID, ids=str)
def test_a_body_is_identified_on_what_does_not_identify(
    story: Story, tmp_path: Path, comparison: dict[str, Any], expected: str
) -> None:
    story.certify(story.ready_decision(**comparison))
    speaks_against = comparison.get("conclusion") == "discordant"
    assert_faults(story, tmp_path, expected, *(["rule-none"] if speaks_against else []))


def test_an_exclusion_rests_on_a_concordant_comparison(story: Story, tmp_path: Path) -> None:
    story.exclude(story.ready_decision(question="exclude"))
    assert_faults(story, tmp_path / "honest")
    story.exclude(story.ready_decision(question="exclude", conclusion="concordant"))
    assert_faults(story, tmp_path / "forged", "cited-none-carries")


def test_clothing_excludes_under_a_ruling(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    compared = story.signed_comparison(unit, missing, discipline="secondary", conclusion="discordant")
    story.exclude(story.decide(unit, missing, [compared], question="exclude", ruling="the board's own words"))
    assert_faults(story, tmp_path / "honest")
    unit, missing = pair(story)
    compared = story.signed_comparison(unit, missing, discipline="secondary", conclusion="discordant")
    story.exclude(story.decide(unit, missing, [compared], question="exclude"))
    assert_faults(story, tmp_path / "forged", "cited-none-carries")


@pytest.mark.parametrize(("discipline", "ruling", "expected"), [
    ("secondary", "the jacket was another's", set()),
    ("secondary", "", {"rule-none"}),
    ("teeth", "the chart is of another", {"rule-none"}),
])  # fmt: skip
def test_a_signed_comparison_speaks_against_it(
    story: Story, tmp_path: Path, discipline: str, ruling: str, expected: set[str]
) -> None:
    """Of secondary identifiers the board may say why it may still be; of a primary one it may not."""
    unit, missing = pair(story)
    good = story.signed_comparison(unit, missing)
    signers = (story.mortuary, story.enrol("mortuary") if discipline == "teeth" else story.dna)
    story.sign_comparison(story.compare(unit, missing, discipline=discipline, conclusion="discordant"), signers)
    story.certify(story.decide(unit, missing, [good], ruling=ruling))
    assert_faults(story, tmp_path, *expected)


def test_a_profile_is_withdrawn_before_the_certificate(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    decision = story.decide(unit, missing, [story.signed_comparison(unit, missing)])
    story.withdraw_profile(story.profiles[unit])
    story.certify(decision)
    assert_faults(story, tmp_path, "rule-refers")


def test_remains_in_the_ground_are_identified(story: Story, tmp_path: Path) -> None:
    unit, missing = story.registered(), story.missing()
    compared = story.compare(unit, missing, discipline="teeth")
    story.sign_comparison(compared, (story.mortuary, story.enrol("mortuary")))
    story.certify(story.decide(unit, missing, [compared]))
    assert_faults(story, tmp_path, "rule-refers")


def test_one_comparison_identifies_beside_one_that_does_not(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    cited = [story.signed_comparison(unit, missing, discipline="secondary"), story.signed_comparison(unit, missing)]
    story.certify(story.decide(unit, missing, cited))
    assert_faults(story, tmp_path)


@pytest.mark.parametrize("other", ["unit", "missing"])
def test_a_comparison_of_others_identifies(story: Story, tmp_path: Path, other: str) -> None:
    unit, missing = pair(story)
    compared = story.signed_comparison(story.unit() if other == "unit" else unit,
                                       story.missing() if other == "missing" else missing)  # fmt: skip
    story.certify(story.decide(unit, missing, [compared]))
    assert_faults(story, tmp_path, "cited-of-others")


@pytest.mark.parametrize(("name", "expected"), [
    ("conclusion", {"field-must-be-open", "cited-none-carries"}),
    ("discipline", {"field-must-be-open", "cited-none-carries"}),
    ("comparisons", {"field-must-be-open", "cites-nothing"}),
    ("certificate_number", {"field-must-be-open", "rule-holds"}),
])  # fmt: skip
def test_what_must_be_checked_is_withheld(story: Story, tmp_path: Path, name: str, expected: set[str]) -> None:
    story.certified()
    found = codes(story.log.bundle(tmp_path / "bundle", story.prosecutor,
                                   withhold=lambda entry, field: TO_JUDGE if field == name else None))  # fmt: skip
    assert expected <= found


def test_a_decision_rests_on_an_unsigned_comparison(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    story.certify(story.decide(unit, missing, [story.compare(unit, missing)]))
    assert_faults(story, tmp_path, "cited-not-signed", "cited-none-carries")


def test_a_comparison_is_signed_after_the_decision(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    compared = story.compare(unit, missing)
    story.certify(story.decide(unit, missing, [compared]))
    story.sign_comparison(compared)
    assert_faults(story, tmp_path, "cited-not-signed", "cited-none-carries")


def test_a_comparison_is_signed_after_the_decision_was_laid(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    compared = story.compare(unit, missing)
    decision = story.decide(unit, missing, [compared])
    story.sign_comparison(compared)
    story.certify(decision)
    assert_faults(story, tmp_path, "cited-not-signed", "cited-none-carries")


def test_a_superseded_comparison_identifies(story: Story, tmp_path: Path) -> None:
    decision = story.ready_decision()
    story.superseded(story.log.records[decision].fields["comparisons"][0])
    story.certify(decision)
    assert_faults(story, tmp_path, "cited-changed-since")


def test_what_rests_on_a_superseded_comparison_may_be_revoked(story: Story, tmp_path: Path) -> None:
    decision = story.certified()
    story.superseded(story.log.records[decision].fields["comparisons"][0])
    story.revoke(decision)
    assert_faults(story, tmp_path)


def test_a_decision_rests_on_nothing(story: Story, tmp_path: Path) -> None:
    story.exclude(story.decide(*pair(story), [], question="exclude"))
    assert_faults(story, tmp_path, "cites-nothing")


def test_a_decision_rests_on_something_else_than_comparisons(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    story.exclude(story.decide(unit, missing, [unit], question="exclude"))
    assert_faults(story, tmp_path, "cited-not-signed", "cited-none-carries", "points-to-nothing")


def test_a_decision_is_laid_in_the_name_of_another(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    story.decide(unit, missing, [story.signed_comparison(unit, missing)], laid_by=story.board_too.person)
    assert_faults(story, tmp_path, "rule-actor-is")


@pytest.mark.parametrize("act", ["certify", "exclude"])
def test_the_board_answers_another_question(story: Story, tmp_path: Path, act: str) -> None:
    question = "exclude" if act == "certify" else "identify"
    getattr(story, act)(story.ready_decision(question=question))
    assert_faults(story, tmp_path, "rule-holds", *(["rule-none"] if act == "certify" else []))


@pytest.mark.parametrize("changed", [{"certificate_number": ""}, {"decided_on": None}], ids=str)
def test_a_certificate_lacks_what_it_must_say(story: Story, tmp_path: Path, changed: dict[str, Any]) -> None:
    story.certify(story.ready_decision(), **changed)
    assert_faults(story, tmp_path, "rule-holds")


def test_two_certificates_bear_one_number(story: Story, tmp_path: Path) -> None:
    story.certify(story.ready_decision(), certificate_number="C-1")
    story.certify(story.ready_decision(), certificate_number="C-2")
    assert_faults(story, tmp_path / "honest")
    story.certify(story.ready_decision(), certificate_number="C-1")
    assert_faults(story, tmp_path / "forged", "rule-only-one")


@pytest.mark.parametrize("so_far", ["certified", "family_notified", "released", "revoked"])
def test_remains_are_identified_twice(story: Story, tmp_path: Path, so_far: str) -> None:
    unit = story.kept()
    first = story.decide(unit, one := story.missing(), [story.signed_comparison(unit, one)])
    second = story.decide(unit, two := story.missing(), [story.signed_comparison(unit, two)])
    story.certify(first)
    if so_far != "certified":
        story.notify(first)
    if so_far in ("released", "revoked"):
        story.release(first)
    if so_far == "revoked":
        story.revoke(first)
    assert_faults(story, tmp_path / "before")
    story.certify(second)
    assert_faults(story, tmp_path / "after", *(["rule-only-one"] if so_far != "revoked" else []))


def test_one_missing_person_is_found_in_two_units(story: Story, tmp_path: Path) -> None:
    """Remains may be scattered: this is no contradiction."""
    missing = story.missing()
    for unit in (story.unit(), story.unit()):
        story.certify(story.decide(unit, missing, [story.signed_comparison(unit, missing)]))
    assert_faults(story, tmp_path)


@pytest.mark.parametrize("first", ["certify", "exclude"])
def test_a_pair_is_identified_and_excluded(story: Story, tmp_path: Path, first: str) -> None:
    unit, missing = pair(story)
    yes = story.decide(unit, missing, [story.signed_comparison(unit, missing)])
    no = story.decide(unit, missing, [story.signed_comparison(unit, missing, conclusion="discordant")],
                      question="exclude")  # fmt: skip
    acts = [(story.certify, yes), (story.exclude, no)]
    for act, decision in acts if first == "certify" else reversed(acts):
        act(decision)
    assert_faults(story, tmp_path, "rule-only-one", "rule-none")


def test_an_exclusion_of_another_pair_stands_in_nobodys_way(story: Story, tmp_path: Path) -> None:
    unit, missing = pair(story)
    story.exclude(story.decide(unit, missing, [story.signed_comparison(unit, missing, conclusion="discordant")],
                               question="exclude"))  # fmt: skip
    other = story.missing()
    story.certify(story.decide(unit, other, [story.signed_comparison(unit, other)]))
    assert_faults(story, tmp_path)
