"""Births and transitions: records born in a state that others must give them, and steps that nobody may take."""

from __future__ import annotations

from typing import Any

from forgery import Attacked, forgery

NO_KEY = "signature-wrong"


def laid(told: Attacked, **changed: Any) -> str:
    """A decision of a board member, on a signed comparison: honest but for what is changed."""
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board", "board_too")
    told.attack(told.board)
    return told.decide(unit, missing, [good], **changed)


# --- birth ------------------------------------------------------------------------------------------------------------


@forgery("birth", by="operator, board", finds="born-in-another-state",
         of=["certified", "family_notified", "released", "excluded", "revoked", "withdrawn"])  # fmt: skip
def a_decision_is_born(told: Attacked, state: str) -> None:
    laid(told, state=state)


@forgery("birth", by="operator, board", finds="not-blank-at-birth", of=[
    ("certificate_number", "not-blank-at-birth"), ("decided_on", "not-blank-at-birth"),
    ("family_notified_on", "not-blank-at-birth"), ("released_on", "not-blank-at-birth"),
    ("revoked_on", "not-blank-at-birth"),
])  # fmt: skip
def a_decision_is_born_with_what_a_later_act_writes(told: Attacked, name: str) -> None:
    laid(told, **{name: "C-77" if name == "certificate_number" else "2024-05-03"})


@forgery("birth", finds="act-unknown")
def a_decision_is_born_notified_under_an_act_that_nobody_knows(told: Attacked) -> None:
    unit, missing, by = told.unit(), told.missing(), told.board
    good = told.signed_comparison(unit, missing)
    told.attack()
    told.log.file("identification.import_decision", "identification.Decision", by, {
        "recovery_unit": unit, "missing_person": missing, "comparisons": [good], "laid_by": by.person,
        "state": "family_notified", "certificate_number": "C-9", "decided_on": "2024-05-03",
        "family_notified_on": "2024-05-04"})  # fmt: skip


@forgery("birth", finds=NO_KEY)
def a_decision_is_laid_before_the_board_without_a_key(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack()
    told.decide(unit, missing, [good])


@forgery("birth", by="operator, dna_examiner", finds="born-in-another-state", of=["signed", "superseded"])
def a_comparison_is_born(told: Attacked, state: str) -> None:
    unit, missing = told.typed_pair()
    told.present("dna")
    told.attack(told.dna)
    told.compare(unit, missing, state=state)


@forgery("birth", by="operator, dna_examiner", finds="not-blank-at-birth")
def a_comparison_is_born_with_the_day_of_its_signatures(told: Attacked) -> None:
    unit, missing = told.typed_pair()
    told.present("dna")
    told.attack(told.dna)
    told.compare(unit, missing, signed_on="2024-05-02")


@forgery("birth", by="operator, dna_examiner", finds="act-makes-none-of-this-kind")
def the_signing_of_a_comparison_makes_a_comparison(told: Attacked) -> None:
    unit, missing, by = told.unit(), told.missing(), told.dna
    told.attack(by)
    told.log.file("identification.sign_comparison", "identification.Comparison", by, {
        "recovery_unit": unit, "missing_person": missing, "state": "signed", "signed_on": "2024-05-02",
        "examiner": by.person})  # fmt: skip


@forgery("birth", by="operator, board", finds="act-makes-none-of-this-kind")
def a_certificate_makes_a_decision(told: Attacked) -> None:
    unit, missing, by = told.unit(), told.missing(), told.board
    good = told.signed_comparison(unit, missing)
    told.attack(by)
    told.log.file("identification.certify", "identification.Decision", by, {
        "recovery_unit": unit, "missing_person": missing, "comparisons": [good], "laid_by": by.person,
        **told.certificate_fields()})  # fmt: skip


@forgery(
    "birth", by="operator, scene", finds="born-in-another-state", of=["lifted", "received", "released", "reburied"]
)
def remains_are_registered(told: Attacked, state: str) -> None:
    told.present("grave")
    told.attack(told.scene)
    told.registered(state=state)


@forgery(
    "birth", by="operator, family_liaison", finds="born-in-another-state", of=["matched", "closed_dead", "duplicate"]
)
def a_missing_person_is_reported(told: Attacked, state: str) -> None:
    told.attack(told.liaison)
    told.log.file("missing.report", "missing.MissingPerson", told.liaison, {"state": state})


@forgery("birth", by="operator, dna_examiner", finds="not-blank-at-birth")
def a_profile_is_born_withdrawn(told: Attacked) -> None:
    sample = told.sample(told.examined())
    told.present("dna")
    told.attack(told.dna)
    told.log.file("mortuary.profile", "mortuary.Profile", told.dna, {"sample": sample, "withdrawn": True})


@forgery("birth", by="operator, administrator", finds="founded-twice")
def an_administrator_founds_the_log_again(told: Attacked) -> None:
    told.attack(told.admin)
    told.log.file("casework.found", "casework.Investigation", told.admin, {"mandate": "ЄРДР 2"})


@forgery("birth", by="operator, administrator", finds="born-in-another-state")
def a_constitution_is_born_in_force(told: Attacked) -> None:
    told.attack(told.admin)
    told.propose(told.log.constitution, state="in_force")


@forgery("birth", by="operator, board", finds="act-makes-none-of-this-kind")
def a_decision_is_made_by_an_act_of_another_record(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    good = told.signed_comparison(unit, missing)
    told.present("board")
    told.attack(told.board)
    told.log.file("identification.reopen", "identification.Decision", told.board,
                  {"recovery_unit": unit, "missing_person": missing, "comparisons": [good]})  # fmt: skip


@forgery("birth", by="operator, board", finds="kind-unknown")
def a_record_is_of_a_kind_that_nobody_knows(told: Attacked) -> None:
    told.attack(told.board)
    told.log.file("identification.lay_before_board", "identification.Certificate", told.board, {"number": "C-1"})


# --- transition -------------------------------------------------------------------------------------------------------


@forgery("transition", by="operator, family_liaison", finds="move-not-allowed")
def a_family_is_told_of_what_was_not_certified(told: Attacked) -> None:
    ready = told.ready_decision()
    told.attack(told.liaison)
    told.notify(ready)


@forgery("transition", by="operator, mortuary", finds="move-not-allowed")
def remains_are_released_on_what_was_not_certified(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("mortuary")
    told.attack(told.mortuary)
    told.release(ready)


@forgery("transition", finds=NO_KEY)
def the_operator_notifies_the_family(told: Attacked) -> None:
    certified = told.certified()
    told.present("liaison")
    told.attack()
    told.notify(certified)


@forgery("transition", finds=NO_KEY)
def the_operator_supersedes_a_comparison(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    first, second = told.compare(unit, missing), told.compare(unit, missing)
    told.attack()
    told.supersede(first, second)


@forgery("transition", by="operator, board, board", finds="move-not-allowed")
def a_revoked_decision_is_certified_again(told: Attacked) -> None:
    certified = told.certified()
    told.revoke(certified)
    told.attack(told.board, told.board_too)
    told.certify(certified)


@forgery("transition", by="operator, board, board", finds="move-not-allowed")
def a_withdrawn_decision_is_certified(told: Attacked) -> None:
    ready = told.ready_decision()
    told.change("identification.withdraw", ready, told.board, {"state": "withdrawn", "reason": "too early"})
    told.present("board_too")
    told.attack(told.board, told.board_too)
    told.certify(ready)


@forgery("transition", by="operator, board", finds="act-unknown")
def the_reason_of_a_certificate_is_rewritten_by_an_act_of_its_own(told: Attacked) -> None:
    certified = told.certified()
    told.attack(told.board)
    told.change("identification.annotate", certified, told.board, {"reason": "the family insisted"})


@forgery("transition", by="operator, board", finds="move-not-allowed")
def the_reason_of_a_certificate_is_rewritten_by_a_withdrawal(told: Attacked) -> None:
    certified = told.certified()
    told.attack(told.board)
    told.change("identification.withdraw", certified, told.board, {"reason": "the family insisted"})


@forgery("transition", by="operator, family_liaison", finds="change-not-allowed", of=[
    "certificate_number", "decided_on", "comparisons", "recovery_unit", "missing_person", "ruling", "question",
])  # fmt: skip
def the_notification_of_the_family_rewrites_the_certificate(told: Attacked, name: str) -> None:
    certified, missing, other = told.certified(), told.missing(), told.unit()
    held = told.log.records[certified].fields
    changed = {"certificate_number": "C-99", "decided_on": "2024-01-01", "ruling": "identified",
               "comparisons": held["comparisons"] * 2, "recovery_unit": other, "missing_person": missing,
               "question": "exclude"}  # fmt: skip
    told.attack(told.liaison)
    told.notify(certified, **{name: changed[name]})


@forgery("transition", by="operator, board", finds="signatures-not-as-many")
def one_of_the_board_certifies_alone(told: Attacked) -> None:
    ready = told.ready_decision()
    told.attack(told.board)
    told.certify(ready, (told.board,))


@forgery("transition", by="operator, board", finds="signatures-not-as-many")
def nobody_certifies(told: Attacked) -> None:
    ready = told.ready_decision()
    told.attack(told.board)
    told.change("identification.certify", ready, told.board, told.certificate_fields())


@forgery("transition", by="operator, board", finds=NO_KEY)
def the_operator_agrees_for_the_second_of_the_board(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.board)
    told.certify(ready, (told.board_too, told.board))


@forgery("transition", by="operator, board, mortuary", finds="role-may-not-sign")
def one_of_no_board_agrees_to_a_certificate(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("mortuary")
    told.attack(told.mortuary, told.board)
    told.certify(ready, (told.mortuary, told.board))


@forgery("transition", by="operator, board, board at work", finds="key-unknown")
def the_second_of_the_board_agrees_with_the_key_of_a_session(told: Attacked) -> None:
    ready = told.ready_decision()
    session = told.begin_work(told.board_too)
    told.attack(told.board, session)
    told.certify(ready, (session, told.board))


@forgery("transition", by="operator, board", finds="assent-not-filed")
def the_assents_to_an_exclusion_certify(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.exclude", ready, told.board, told.board_too)
    told.attack(told.board)
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=given)


@forgery("transition", by="operator, board", finds="assent-not-filed")
def the_assents_to_one_decision_certify_another(told: Attacked) -> None:
    ready, other = told.ready_decision(), told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    told.attack(told.board)
    told.change("identification.certify", other, told.board, told.certificate_fields(), assents=given)


@forgery("transition", by="operator, board, board", finds="assent-not-filed")
def a_certificate_rests_on_assents_that_were_never_filed(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.board, told.board_too)
    given = [told.given(who, "identification.certify", ready) for who in (told.board, told.board_too)]
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=given)


@forgery("transition", by="operator, board", finds=NO_KEY)
def a_certificate_bears_two_signatures_of_01(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    told.attack(told.board)
    fake = [{**each, "sig": "AQEB" * 21 + "AQ=="} for each in given]
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=fake)


@forgery("transition", by="operator, mortuary", finds="rule-restores")
def a_quarantine_ends_in_a_state_that_was_not_before(told: Attacked) -> None:
    unit = told.received()
    told.change("graves.quarantine", unit, told.mortuary, {"state": "quarantined", "reason": "fluid"})
    told.attack(told.mortuary)
    told.change("graves.end_quarantine", unit, told.mortuary, {"state": "sampled", "reason": "cleared"})


@forgery("transition", by="operator, board", finds="rule-held")
def a_review_is_closed_a_second_time(told: Attacked) -> None:
    certified = told.certified()
    review = told.revoke(certified, reopens=True)
    told.change("identification.close_review", review, told.board, {"closed_on": "2024-05-05", "outcome": "stands"})
    told.attack(told.board)
    told.change("identification.close_review", review, told.board, {"closed_on": "2024-05-06", "outcome": "falls"})


@forgery("transition", by="operator, dna_examiner", finds="rule-held")
def a_profile_that_was_withdrawn_comes_back(told: Attacked) -> None:
    profile = told.profile(told.sample(told.examined()))
    told.withdraw_profile(profile)
    told.attack(told.dna)
    told.change("mortuary.withdraw_profile", profile, told.dna, {"withdrawn": False, "reason": "found again"})


@forgery("transition", by="operator, family_liaison", finds="rule-held")
def a_donor_who_withdrew_gives_consent_again(told: Attacked) -> None:
    donor = told.donor()
    told.withdraw_consent(donor)
    told.attack(told.liaison)
    told.change("missing.withdraw_consent", donor, told.liaison, {"withdrawn": False, "reason": "asked again"})


@forgery("transition", by="operator, board, board", finds="rule-holds")
def a_question_of_identity_is_answered_by_an_exclusion(told: Attacked) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.board, told.board_too)
    told.exclude(ready)


@forgery("transition", by="operator, board, board", finds="rule-holds", of=["certificate_number", "decided_on"])
def a_certificate_lacks(told: Attacked, name: str) -> None:
    ready = told.ready_decision()
    told.present("board_too")
    told.attack(told.board, told.board_too)
    told.certify(ready, **{name: "" if name == "certificate_number" else None})


@forgery("transition", by="operator, board", finds="act-changes-none-of-this-kind")
def an_assent_is_taken_back_by_another_version(told: Attacked) -> None:
    ready = told.ready_decision()
    told.assent(told.board, "identification.certify", ready)
    assent = told.log.entries[-1]["record"]
    told.attack(told.board)
    told.change("casework.assent", assent, told.board, {"reason": "no"})


@forgery("transition", by="operator, scene", finds="change-not-allowed")
def a_field_that_is_never_read_changes_with_the_state(told: Attacked) -> None:
    unit = told.registered()
    told.attack(told.scene)
    told.lift(unit, description="two bodies")


@forgery("transition", by="operator, family_liaison", finds="role-may-not-act")
def a_liaison_certifies_that_remains_were_received(told: Attacked) -> None:
    unit = told.unit()
    told.pass_on(unit)
    told.present("liaison")
    told.attack(told.liaison)
    told.change("mortuary.receive", unit, told.liaison, {"state": "received"})


@forgery("transition", by="operator, board at work", finds="rule-exists")
def a_missing_person_is_matched_without_any_decision(told: Attacked) -> None:
    missing, session = told.missing(), told.begin_work(told.board)
    told.attack(session)
    told.apply_decision(missing, by=session)


@forgery("transition", by="operator, board at work", finds="rule-part-of")
def a_missing_person_is_matched_long_after_the_decision(told: Attacked) -> None:
    missing = told.log.records[told.certified()].fields["missing_person"]
    session = told.begin_work(told.board)
    told.attack(session)
    told.apply_decision(missing, by=session)


@forgery("transition", by="operator, mortuary", finds="move-not-allowed")
def remains_are_released_twice(told: Attacked) -> None:
    certified = told.certified()
    told.notify(certified)
    told.present("mortuary")
    told.release(certified)
    told.attack(told.mortuary)
    told.release(certified)


@forgery("transition", by="operator, mortuary", finds="rule-only-one")
def a_second_release_of_one_decision_is_filed_before_it_moves(told: Attacked) -> None:
    certified = told.certified()
    told.notify(certified)
    told.present("mortuary")
    told.attack(told.mortuary)
    told.release_record(certified, released_to="a stranger")
    told.release(certified)


@forgery("transition", finds="fields-not-of-this-kind")
def a_field_of_the_certificate_is_dropped(told: Attacked) -> None:
    ready = told.ready_decision()
    given = told.assents("identification.certify", ready, told.board, told.board_too)
    told.attack()
    told.change("identification.certify", ready, told.board, told.certificate_fields(), assents=given, drop=["laid_at"])


@forgery("transition", by="operator, mortuary", finds="rule-refers")
def a_comparison_that_two_signed_is_superseded_by_one_that_nobody_signed(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    against = told.signed_comparison(unit, missing, conclusion="discordant")
    told.present("mortuary")
    told.attack(told.mortuary)
    other = told.compare(unit, missing, by=told.mortuary, conclusion="inconclusive")
    fields = {"state": "superseded", "superseded_by": other, "reason": "x"}
    told.change("identification.supersede", against, told.mortuary, fields)


@forgery("transition", by="operator, mortuary at work", finds="rule-refers")
def a_comparison_that_two_signed_is_superseded_by_the_session_of_a_third(told: Attacked) -> None:
    unit, missing = told.unit(), told.missing()
    against = told.signed_comparison(unit, missing, conclusion="discordant")
    session = told.begin_work(told.mortuary)
    told.attack(session)
    other = told.compare(unit, missing, by=session, conclusion="inconclusive")
    fields = {"state": "superseded", "superseded_by": other, "reason": "x"}
    told.change("identification.supersede", against, session, fields)
