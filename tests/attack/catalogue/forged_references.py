"""What points to what: comparisons of others, people who did something else, records of another pair."""

from __future__ import annotations

from forgery import GAP, SO, Attacked, forgery


def board_of_two(told: Attacked) -> None:
    told.present("board", "board_too")
    told.attack(told.board, told.board_too)


@forgery("references", by="operator, board, board", finds="cited-of-others", of=["unit", "person", "both"])
def an_exclusion_rests_on_a_comparison_of_another(told: Attacked, what: str) -> None:
    unit, missing = told.unit(), told.missing()
    other_unit, other_missing = told.unit(), told.missing()
    against = told.signed_comparison(unit, missing, conclusion="discordant")
    board_of_two(told)
    unit = unit if what == "person" else other_unit
    missing = missing if what == "unit" else other_missing
    told.exclude(told.decide(unit, missing, [against], question="exclude"))


@forgery("references", by="operator, board, board", finds="cited-none-carries")
def an_exclusion_rests_on_a_concordant_comparison_alone(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    board_of_two(told)
    told.exclude(told.decide(unit, missing, [good], question="exclude"))


@forgery("references", by="operator, board, board", finds="cited-none-carries", of=["discordant", "inconclusive"])
def somebody_is_identified_by_a_comparison_that_is(told: Attacked, conclusion: str) -> None:
    unit, missing = told.unit(), told.missing()
    compared = told.signed_comparison(unit, missing, conclusion=conclusion)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [compared]))


@forgery("references", by="operator, board, board", finds="cited-none-carries")
def somebody_is_identified_by_clothing_alone(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    compared = told.signed_comparison(unit, missing, discipline="secondary")
    board_of_two(told)
    told.certify(told.decide(unit, missing, [compared]))


@forgery("references", by="operator, board, board", finds="cited-none-carries")
def somebody_is_excluded_by_clothing_without_a_ruling(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    compared = told.signed_comparison(unit, missing, discipline="secondary", conclusion="discordant")
    board_of_two(told)
    told.exclude(told.decide(unit, missing, [compared], question="exclude"))


@forgery("references", by="operator, board, board", finds="cited-not-signed")
def a_decision_rests_on_a_comparison_that_nobody_signed(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    compared = told.compare(unit, missing)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [compared]))


@forgery("references", by="operator, board, board", finds="cited-changed-since")
def a_decision_rests_on_a_superseded_comparison(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    told.superseded(good := told.signed_comparison(unit, missing))
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))


@forgery("references", by="operator, board, board", finds="cited-changed-since")
def a_comparison_is_superseded_between_the_board_and_the_certificate(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    ready = told.decide(unit, missing, [good])
    told.superseded(good)
    board_of_two(told)
    told.certify(ready)


@forgery("references", by="operator, board, board", finds="cites-nothing")
def a_decision_rests_on_nothing(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    board_of_two(told)
    told.certify(told.decide(unit, missing, []))


@forgery("references", by="operator, board", finds="points-to-nothing")
def a_decision_rests_on_remains(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    told.present("board")
    told.attack(told.board)
    told.decide(unit, missing, [unit])


@forgery("references", by="operator, board, board", finds="cited-of-others")
def a_good_comparison_stands_beside_one_of_others(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good, theirs = told.signed_comparison(unit, missing), told.signed_comparison(told.unit(), missing)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good, theirs]))


@forgery("references", by="operator, board, board", finds="rule-only-one")
def one_recovery_unit_is_certified_as_two_missing_persons(told: Attacked) -> None:
    first = told.certified()
    unit, missing = told.log.records[first].fields["recovery_unit"], told.missing()
    good = told.signed_comparison(unit, missing)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))


@forgery("references", by="operator, board, board", finds="rule-only-one")
def a_pair_that_is_certified_is_excluded_as_well(told: Attacked) -> None:
    held = told.log.records[told.certified()].fields
    unit, missing = held["recovery_unit"], held["missing_person"]
    against = told.signed_comparison(unit, missing, conclusion="discordant")
    board_of_two(told)
    told.exclude(told.decide(unit, missing, [against], question="exclude"))


@forgery("references", by="operator, board, board", finds="rule-only-one")
def a_pair_that_is_excluded_is_certified_as_well(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    against = told.signed_comparison(unit, missing, conclusion="discordant")
    told.exclude(told.decide(unit, missing, [against], question="exclude"))
    good = told.signed_comparison(unit, missing)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))


@forgery("references", by="operator, dna_examiner", finds="rule-refers")
def a_comparison_uses_a_profile_that_was_withdrawn(told: Attacked) -> None:
    missing, profile = told.missing(), told.profile(told.sample(unit := told.examined()))
    told.withdraw_profile(profile)
    told.attack(told.dna)
    told.compare(unit, missing, profile=profile)


@forgery("references", by="operator, dna_examiner", finds="rule-refers")
def a_reference_is_typed_of_a_donor_who_withdrew(told: Attacked) -> None:
    donor = told.donor()
    told.withdraw_consent(donor)
    told.present("dna")
    told.attack(told.dna)
    told.reference(donor)


@forgery("references", by="operator, mortuary", finds="rule-refers")
def a_sample_is_taken_of_remains_that_still_lie_in_the_grave(told: Attacked) -> None:
    unit = told.registered()
    told.present("mortuary")
    told.attack(told.mortuary)
    told.sample(unit)


@forgery("references", by="operator, dna_examiner", finds="rule-actor-is")
def a_comparison_names_another_examiner(told: Attacked) -> None:
    unit, missing = told.typed_pair()
    told.present("dna", "dna_too")
    told.attack(told.dna)
    told.compare(unit, missing, examiner=told.dna_too.person)


@forgery("references", by="operator, dna_examiner, mortuary", finds="rule-signed-in")
def somebody_of_the_mortuary_signs_a_dna_comparison_with_an_examiner(told: Attacked) -> None:
    compared = told.compare(told.unit(), told.missing())
    told.present("dna", "mortuary")
    told.attack(told.dna, told.mortuary)
    told.sign_comparison(compared, (told.dna, told.mortuary))


@forgery("references", by="operator, mortuary, mortuary", finds="rule-signed-in")
def two_of_the_mortuary_sign_a_dna_comparison(told: Attacked) -> None:
    compared = told.compare(told.unit(), told.missing())
    told.present("mortuary", "mortuary_too")
    told.attack(told.mortuary, told.mortuary_too)
    told.sign_comparison(compared, (told.mortuary, told.mortuary_too))


@forgery("references", by="operator, dna_examiner", finds="rule-agrees")
def a_comparison_is_superseded_by_one_of_another_pair(told: Attacked) -> None:
    missing = told.missing()
    good = told.signed_comparison(told.unit(), missing)
    other = told.signed_comparison(told.unit(), missing, supersedes=[good], why_better="a second run")
    told.attack(told.dna)
    told.supersede(good, other)


@forgery("references", by="operator, dna_examiner", finds="points-to-nothing")
def a_comparison_is_superseded_by_itself(told: Attacked) -> None:
    compared = told.compare(told.unit(), told.missing())
    told.attack(told.dna)
    told.supersede(compared, compared)


@forgery("references", by="operator, mortuary", finds="rule-agrees")
def other_remains_are_released_than_were_certified(told: Attacked) -> None:
    certified, other = told.certified(), told.unit()
    told.notify(certified)
    told.present("mortuary")
    told.attack(told.mortuary)
    told.release_record(certified, recovery_unit=other)


@forgery("references", by="operator, mortuary", finds="rule-refers")
def remains_are_released_on_a_decision_that_was_revoked(told: Attacked) -> None:
    certified = told.certified()
    told.revoke(certified)
    told.present("mortuary")
    told.attack(told.mortuary)
    told.release_record(certified)


@forgery("references", by="operator, mortuary", finds="rule-part-of")
def a_decision_is_released_without_a_release(told: Attacked) -> None:
    certified = told.certified()
    told.notify(certified)
    told.present("mortuary")
    told.attack(told.mortuary)
    told.change("identification.release", certified, told.mortuary, {"state": "released", "released_on": "2024-05-04"})


@forgery("references", by="operator, mortuary", finds="rule-actor-is-not")
def whoever_releases_remains_checked_the_identity_themselves(told: Attacked) -> None:
    certified = told.certified()
    told.notify(certified)
    told.present("mortuary")
    told.attack(told.mortuary)
    told.release_record(certified, identity_checked_by=told.mortuary.person)


@forgery("references", by="operator, board", finds="rule-refers")
def a_review_is_opened_of_a_decision_that_stands(told: Attacked) -> None:
    certified = told.certified()
    told.attack(told.board)
    told.reopen(certified)


@forgery("references", by="operator, board at work", finds="rule-part-of")
def a_review_is_opened_long_after_the_revocation(told: Attacked) -> None:
    certified = told.certified()
    told.revoke(certified)
    session = told.begin_work(told.board)
    told.attack(session)
    told.reopen(certified, by=session)


@forgery("references", by="operator, scene", finds="points-to-nothing", of=["later", "itself", "nothing", "a site"])
def remains_lie_in_a_grave_that_is(told: Attacked, what: str) -> None:
    told.present("grave")
    record = told.log.uuid()
    told.attack(told.scene)
    grave = {"later": told.log.uuid(), "itself": record, "nothing": told.log.uuid(), "a site": told.site}[what]
    fields = {"grave": grave}
    told.log.file("graves.register_unit", "graves.RecoveryUnit", told.scene, fields, record=record)
    if what == "later":
        told.log.file("graves.open_grave", "graves.Grave", told.scene, {"site": told.site}, record=grave)


@forgery("references", by="operator, dna_examiner, dna_examiner",
         finds="rule-agrees")  # fmt: skip
def a_comparison_of_one_body_uses_the_profile_of_another(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    profile = told.profile(told.sample(told.examined()))
    told.present("dna_too")
    told.attack(told.dna, told.dna_too)
    told.sign_comparison(told.compare(unit, missing, profile=profile))


@forgery(
    "references",
    by="operator, dna_examiner, dna_examiner",
    finds="rule-holds",
)
def a_dna_comparison_rests_on_no_profile_at_all(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    told.present("dna", "dna_too")
    told.attack(told.dna, told.dna_too)
    told.sign_comparison(told.compare(unit, missing, profile=None, family=None))


@forgery("references", by="operator, board, board", finds="rule-refers")
def a_certificate_rests_on_a_profile_that_was_withdrawn_since(told: Attacked) -> None:
    missing, profile = told.missing(), told.profile(told.sample(unit := told.examined()))
    good = told.signed_comparison(unit, missing, profile=profile)
    told.withdraw_profile(profile)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))


@forgery("references", by="operator, board, board", finds="rule-refers")
def a_record_that_is_a_duplicate_is_identified(told: Attacked) -> None:
    unit, missing, again = told.unit(), told.missing(), told.missing()
    good = told.signed_comparison(unit, again)
    told.change("missing.mark_duplicate", again, told.liaison, {"state": "duplicate", "same_as": missing})
    board_of_two(told)
    told.certify(told.decide(unit, again, [good]))


@forgery("references", by="operator, board, board", finds="rule-refers")
def remains_that_still_lie_in_the_grave_are_identified(told: Attacked) -> None:
    unit, missing = told.registered(), told.missing()
    good = told.signed_comparison(unit, missing, discipline="friction_ridge", signers=(told.prints, told.dna))
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))


@forgery("references", by="operator, print_examiner", finds="rule-holds")
def fingers_fit_on_one_word(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    told.present("prints")
    told.attack(told.prints)
    told.compare(unit, missing, by=told.prints, discipline="friction_ridge", rests_on=[])


@forgery(
    "references",
    by="operator, board, board",
    finds="rule-none",
)
def somebody_is_identified_against_a_signed_comparison_and_without_a_ruling(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.signed_comparison(unit, missing, conclusion="discordant")
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))


@forgery("references", by="operator, mortuary", unseen=GAP + "whoever checked the identity is named, and signs nothing")
def somebody_who_knows_of_nothing_checked_the_identity(told: Attacked) -> None:
    certified = told.certified()
    told.notify(certified)
    told.present("mortuary", "scene_too")
    told.attack(told.mortuary)
    with told.log.filing():
        told.release_record(certified, identity_checked_by=told.scene_too.person)
        told.mark_released(told.log.records[certified].fields["recovery_unit"])


@forgery("references", by="operator, board, board", unseen=SO)
def two_whole_bodies_are_certified_as_one_missing_person(told: Attacked) -> None:
    missing = told.log.records[told.certified()].fields["missing_person"]
    unit = told.unit()
    good = told.signed_comparison(unit, missing)
    board_of_two(told)
    told.certify(told.decide(unit, missing, [good]))
