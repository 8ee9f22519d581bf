"""Rule 11: an exclusion carries the same signatures as an identification."""

from casebook import (
    also,
    assert_refused,
    compare,
    decided,
    lay,
    sign,
)

from dokaz.casework.models import JournalEntry
from dokaz.errors import (
    ComparisonNotSigned,
    NothingExcludes,
    SatAlone,
    SignedAlready,
)


def excluding(house, unit, person):
    return lay(house, compare(house, unit, person, conclusion="discordant"), question="exclude")


def test_rule_11_an_exclusion_carries_two_signatures(house, unit, person):
    decision = decided(house, excluding(house, unit, person))
    assert (decision.state, decision.certificate_number) == ("excluded", "")
    from dokaz.ledger import Entry

    entry = Entry.parse(bytes(JournalEntry.objects.get(leaf=decision.entry_hash).body))
    assert entry.act == "identification.exclude"
    assert len(entry.assents) == 2


def test_rule_11_an_exclusion_is_not_signed_twice_by_one_person(house, unit, person):
    decision = excluding(house, unit, person)
    sign(house, decision, 1)
    assert_refused(SignedAlready, lambda: sign(house, decision, 1))


def test_rule_11_nobody_excludes_alone_on_their_own_comparison(house, unit, person):
    decision = excluding(house, unit, person)
    examiners = [also(house, f"dna_examiner{nth}", "board") for nth in (1, 2)]
    sign(house, decision, by=examiners[0])
    assert_refused(SatAlone, lambda: sign(house, decision, by=examiners[1]))


def test_rule_11_what_fits_excludes_nobody(house, unit, person):
    made = compare(house, unit, person)
    assert_refused(NothingExcludes, lambda: lay(house, made, question="exclude"))


def test_rule_11_secondary_identifiers_exclude_only_by_a_written_ruling(house, unit, person):
    made = compare(house, unit, person, discipline="secondary", conclusion="discordant", lines=[])
    assert_refused(NothingExcludes, lambda: lay(house, made, question="exclude"))
    assert lay(house, made, question="exclude", ruling="a tattoo that the remains lack").state == "before_board"


def test_rule_11_an_unsigned_comparison_excludes_nobody(house, unit, person):
    made = compare(house, unit, person, conclusion="discordant", signed=False)
    assert_refused(ComparisonNotSigned, lambda: lay(house, made, question="exclude"))
