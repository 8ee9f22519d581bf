"""Rule 10: two qualified signatures, and nobody alone on their own comparison."""

from casebook import (
    also,
    assert_refused,
    compare,
    lay,
    sign,
    sign_comparison,
)

from dokaz.casework.models import Person
from dokaz.errors import (
    BadChoice,
    ComparisonNotSigned,
    NotInOffice,
    SatAlone,
    SignedAlready,
    WrongState,
)
from dokaz.identification.models import Comparison, Decision


def test_rule_10_two_people_sign_a_comparison(house, unit, person):
    made = compare(house, unit, person, signed=False)
    assert sign_comparison(house, made, 1) is False
    assert sign_comparison(house, made, 2) is True
    assert Comparison.objects.get().state == "signed"


def test_rule_10_the_same_person_does_not_sign_a_comparison_twice(house, unit, person):
    made = compare(house, unit, person, signed=False)
    sign_comparison(house, made, 1)
    assert_refused(SignedAlready, lambda: sign_comparison(house, made, 1))
    assert Comparison.objects.get().state == "proposed"


def test_rule_10_a_second_office_is_not_a_second_person(house, unit, person):
    made = compare(house, unit, person, signed=False, discipline="secondary")
    sign_comparison(house, made, 1)
    elsewhere = also(house, "dna_examiner1", "mortuary")
    assert_refused(SignedAlready, lambda: sign_comparison(house, made, by=elsewhere))


def test_rule_10_a_second_key_is_not_a_second_person(house, unit, person):
    """What was signed with a key that is retired now no longer counts, so that nobody counts twice."""
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    again = with_another_key(house, "board1")
    assert sign(house, decision, by=again) is False
    assert_refused(SignedAlready, lambda: sign(house, decision, by=again))
    assert sign(house, decision, 2) is True


def test_rule_10_a_signature_of_somebody_dismissed_since_does_not_count(house, unit, person):
    from dokaz.casework.acts import dismiss
    from dokaz.casework.models import Office

    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    with house.filing("administrator", reason="left the investigation") as f:
        dismiss(Office.objects.get(pk=house.acting("board", 1).office), f)
    assert sign(house, decision, 2) is False
    assert Decision.objects.get().state == "before_board"
    assert_refused(NotInOffice, lambda: sign(house, decision, 1))


def with_another_key(house, who):
    """The same person after losing their key: the old one is retired, a new one enrolled."""
    import hashlib
    from dataclasses import replace

    from dokaz.casework.acts import enrol, offer, retire_key
    from dokaz.casework.models import Key
    from dokaz.ledger.personal import from_seed

    actor = house.people[who]
    new = from_seed(hashlib.sha256(b"another key").digest())
    with house.filing("administrator", reason="lost") as f:
        retire_key(Key.objects.get(number=actor.key_id), f)
        enrol(f, person=Person.objects.get(pk=actor.person), key=offer(new, house.store, actor.person))
    return replace(actor, key_id=new.key_id, key=new)


def test_a_person_has_one_key_at_a_time(house):
    import hashlib

    from dokaz.casework.acts import enrol, offer
    from dokaz.ledger.personal import from_seed

    new = from_seed(hashlib.sha256(b"another key").digest())

    def second():
        with house.filing("administrator") as f:
            member = Person.objects.get(pk=house.acting("board").person)
            enrol(f, person=member, key=offer(new, house.store, member.id))

    assert_refused(WrongState, second)


def test_nobody_enrols_a_key_that_they_do_not_hold(house):
    import hashlib
    from dataclasses import replace

    from dokaz.casework.acts import enrol, offer
    from dokaz.errors import WrongSignature
    from dokaz.ledger.personal import from_seed

    one, other = (from_seed(hashlib.sha256(seed).digest()) for seed in (b"one", b"other"))

    def enrolled(offered, **whom):
        with house.filing("administrator") as f:
            enrol(f, key=offered, **whom)

    own, others = offer(one, house.store), offer(other, house.store)
    for forged in (replace(own, possession=others.possession), replace(own, person=others.person)):
        assert_refused(WrongSignature, lambda forged=forged: enrolled(forged, name="Somebody"))
    member = Person.objects.get(pk=house.acting("board").person)
    assert_refused(BadChoice, lambda: enrolled(own, person=member))


def test_rule_10_only_an_examiner_signs_a_comparison(house, unit, person):
    made = compare(house, unit, person, signed=False)
    assert_refused(NotInOffice, lambda: sign_comparison(house, made, by=house.acting("board")))


def test_rule_10_an_unsigned_comparison_carries_no_decision(house, unit, person):
    made = compare(house, unit, person, signed=False)
    sign_comparison(house, made, 1)
    assert_refused(ComparisonNotSigned, lambda: lay(house, made))


def test_rule_10_the_same_person_does_not_sign_a_decision_twice(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    sign(house, decision, 1)
    assert_refused(SignedAlready, lambda: sign(house, decision, 1))
    assert Decision.objects.get().state == "before_board"


def test_rule_10_nobody_sits_alone_on_their_own_comparison(house, unit, person):
    decision = lay(house, compare(house, unit, person))
    examiners = [also(house, f"dna_examiner{nth}", "board") for nth in (1, 2)]
    sign(house, decision, by=examiners[0])
    assert_refused(SatAlone, lambda: sign(house, decision, by=examiners[1]))
    assert sign(house, decision, 1) is True


def test_rule_10_a_comparison_superseded_meanwhile_carries_no_certificate(house, unit, person):
    made = compare(house, unit, person)
    decision = lay(house, made)
    compare(house, unit, person, supersedes=[made])
    assert_refused(ComparisonNotSigned, lambda: sign(house, decision, 1))
