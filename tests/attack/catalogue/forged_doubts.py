"""Doubts and reviews: what goes on in spite of them, and who says that they are settled."""

from __future__ import annotations

from forgery import Attacked, forgery

ANSWERED = {"state": "answered", "answer": "it holds", "answered_at": "2024-05-06T08:00:00Z"}


def doubted(told: Attacked, decision: str) -> str:
    """A decision of which an examiner doubts that it holds."""
    return told.log.file(
        "identification.doubt",
        "identification.Doubt",
        told.dna,
        {"decision": decision, "raised_by": told.dna.person, "grounds": "swapped tubes"},
    )


@forgery("doubt", by="operator, family_liaison", finds="rule-unless-pointed-at")
def a_family_is_told_although_a_doubt_waits(told: Attacked) -> None:
    decision = told.certified()
    doubted(told, decision)
    told.attack(told.liaison)
    told.notify(decision)


@forgery("doubt", by="operator, mortuary", finds="rule-unless-pointed-at")
def remains_are_released_although_a_doubt_waits(told: Attacked) -> None:
    decision = told.certified()
    told.notify(decision)
    doubted(told, decision)
    told.attack(told.mortuary)
    told.release(decision)


@forgery("doubt", by="operator, family_liaison", finds="rule-unless-pointed-at")
def a_family_is_told_although_one_of_two_doubts_waits(told: Attacked) -> None:
    decision = told.certified()
    first = doubted(told, decision)
    doubted(told, decision)
    told.change("identification.answer_doubt", first, told.prints, {**ANSWERED, "answered_by": told.prints.person})
    told.attack(told.liaison)
    told.notify(decision)


@forgery("doubt", by="operator, board", finds="sits-alone")
def a_doubt_is_answered_by_one_who_certified(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.attack(told.board)
    told.change("identification.answer_doubt", doubt, told.board, {**ANSWERED, "answered_by": told.board.person})


@forgery("doubt", by="operator, dna_examiner", finds="rule-actor-is-not")
def a_doubt_is_answered_by_whoever_raised_it(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.attack(told.dna)
    told.change("identification.answer_doubt", doubt, told.dna, {**ANSWERED, "answered_by": told.dna.person})


@forgery("doubt", by="operator, board", finds="rule-actor-is")
def a_doubt_is_answered_in_the_name_of_another(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.present("prints", "board_third")
    told.attack(told.board_third)
    told.change("identification.answer_doubt", doubt, told.board_third, {**ANSWERED, "answered_by": told.prints.person})


@forgery("doubt", by="operator, print_examiner", finds="rule-holds")
def a_doubt_is_answered_without_a_word(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.present("prints")
    told.attack(told.prints)
    fields = {**ANSWERED, "answer": "", "answered_by": told.prints.person}
    told.change("identification.answer_doubt", doubt, told.prints, fields)


@forgery("doubt", by="operator, print_examiner at work", finds="not-signed-in-person")
def a_doubt_is_answered_without_a_signature_in_person(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    session = told.begin_work(told.prints)
    told.attack(session)
    told.change("identification.answer_doubt", doubt, session, {**ANSWERED, "answered_by": told.prints.person})


@forgery("doubt", by="operator, dna_examiner", finds="change-not-allowed")
def the_grounds_of_a_doubt_change_under_its_answer(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.present("prints")
    told.attack(told.dna)
    told.change("identification.correct_doubt", doubt, told.dna, {**ANSWERED, "answered_by": told.dna.person})


@forgery("doubt", by="operator, dna_examiner", finds="rule-holds")
def a_doubt_is_reworded_after_it_was_answered(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.change("identification.answer_doubt", doubt, told.prints, {**ANSWERED, "answered_by": told.prints.person})
    told.attack(told.dna)
    told.change("identification.correct_doubt", doubt, told.dna, {"grounds": "nothing much", "reason": "worded better"})


@forgery("doubt", by="operator, dna_examiner", finds="rule-holds")
def a_doubt_is_made_void_after_it_was_answered(told: Attacked) -> None:
    doubt = doubted(told, told.certified())
    told.change("identification.answer_doubt", doubt, told.prints, {**ANSWERED, "answered_by": told.prints.person})
    told.attack(told.dna)
    told.change("identification.void_doubt", doubt, told.dna, {"voided": True, "reason": "no doubt"})


@forgery("doubt", by="operator, print_examiner", finds="born-in-another-state")
def a_doubt_is_born_answered(told: Attacked) -> None:
    decision = told.certified()
    told.present("prints")
    told.attack(told.prints)
    fields = {"decision": decision, "raised_by": told.prints.person, "grounds": "none", **ANSWERED}
    told.log.file("identification.doubt", "identification.Doubt", told.prints, fields)


def under_review(told: Attacked) -> tuple[str, str]:
    """A decision that is looked at again, because another of the same family was revoked; and the review."""
    decision, other = told.certified(), told.certified()
    told.revoke(other)
    with told.log.filing():
        review = told.log.file(
            "identification.reopen_corrected",
            "identification.Review",
            told.dna,
            {"decision": decision, "link": "corrected", "corrected": "EXM-1", "correction": "0" * 64},
        )
    return decision, review


@forgery("doubt", by="operator, family_liaison", finds="rule-unless-pointed-at")
def a_family_is_told_of_what_is_under_review(told: Attacked) -> None:
    decision, _review = under_review(told)
    told.attack(told.liaison)
    told.notify(decision)


@forgery("doubt", by="operator, board", finds="sits-alone")
def a_review_of_a_decision_is_closed_by_one_who_certified_it(told: Attacked) -> None:
    _decision, review = under_review(told)
    told.attack(told.board)
    told.change("identification.close_review", review, told.board, {"closed_on": "2024-05-05", "outcome": "stands"})
