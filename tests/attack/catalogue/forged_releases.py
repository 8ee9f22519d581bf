"""Releases and returns: remains that go, or come back, without the signature of whoever holds them."""

from __future__ import annotations

from forgery import Attacked, forgery


@forgery("release", by="operator, family_liaison at work", finds="rule-part-of")
def remains_are_marked_released_without_any_decision(told: Attacked) -> None:
    unit, session = told.unit(), told.begin_work(told.liaison)
    told.attack(session)
    told.mark_released(unit, by=session)


def released_before(told: Attacked) -> tuple[str, str]:
    """A decision of which the family knows; and remains that were released once, and came back."""
    gone, missing = told.kept(), told.missing()
    first = told.decide(gone, missing, [told.signed_comparison(gone, missing)])
    told.certify(first)
    told.notify(first)
    told.release(first)
    told.revoke(first)
    told.returned(next(held.record for held in told.records_of("identification.Release")))
    unit, other = told.kept(), told.missing()
    second = told.decide(unit, other, [told.signed_comparison(unit, other)])
    told.certify(second)
    told.notify(second)
    return second, gone


@forgery("release", by="operator, mortuary at work", finds="rule-part-of")
def remains_that_came_back_are_marked_released_by_the_old_release(told: Attacked) -> None:
    _decision, gone = released_before(told)
    session = told.begin_work(told.mortuary)
    told.attack(session)
    told.mark_released(gone, by=session)


@forgery("release", by="operator, mortuary", finds="rule-part-of")
def remains_that_came_back_go_with_the_release_of_others(told: Attacked) -> None:
    decision, gone = released_before(told)
    told.attack(told.mortuary)
    with told.log.filing():
        told.release_record(decision)
        told.mark_released(told.log.records[decision].fields["recovery_unit"])
        told.mark_released(gone)


@forgery("release", by="operator, mortuary", finds="rule-each-held-by")
def remains_are_released_by_somebody_who_does_not_hold_them(told: Attacked) -> None:
    decision, _gone = released_before(told)
    unit = told.log.records[decision].fields["recovery_unit"]
    told.pass_on(unit, by=told.mortuary, to=told.mortuary_too)
    told.attack(told.mortuary)
    with told.log.filing():
        told.release_record(decision)
        told.mark_released(unit)


@forgery("release", by="operator, mortuary", finds="rule-carried-out")
def remains_are_released_and_stay_where_they_are(told: Attacked) -> None:
    decision, _gone = released_before(told)
    told.attack(told.mortuary)
    told.release_record(decision)


@forgery("release", by="operator, mortuary at work", finds="rule-part-of")
def released_remains_are_taken_back_without_a_signature(told: Attacked) -> None:
    decision, _gone = released_before(told)
    told.release(decision)
    session = told.begin_work(told.mortuary)
    told.attack(session)
    told.mark_returned(told.log.records[decision].fields["recovery_unit"], by=session)


@forgery("release", by="operator, mortuary", finds="rule-refers")
def remains_are_taken_back_although_the_decision_stands(told: Attacked) -> None:
    decision, _gone = released_before(told)
    told.release(decision)
    told.attack(told.mortuary)
    told.returned([held.record for held in told.records_of("identification.Release")][-1])
