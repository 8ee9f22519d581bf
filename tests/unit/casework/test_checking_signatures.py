"""`check` verifies every personal signature: whoever can write everything but sign is found."""

from __future__ import annotations

import pytest
from casebook import compare, decided, lay, lay_keys, missing, newest, units

from dokaz.casework.checking import check
from dokaz.casework.filing import filing
from dokaz.casework.models import JournalEntry
from dokaz.casework.registry import signature_rule
from dokaz.ledger import Entry, PersonalSignature, assent_message

FORGED = bytes([1]) * 64


@pytest.fixture
def laid(house):
    lay_keys(house)
    (unit,) = units(house)
    (person,) = missing(house, "Андрій")
    return lay(house, compare(house, unit, person))


def certified_by_operator(house, decision, signatures):
    """A certificate as somebody files it who holds the program, the database and the log's key."""
    decision = newest(decision)
    decision.state = "certified"
    rule = signature_rule("identification.certify")
    by = house.acting("board")
    with filing(by=by, at=house.clock(), store=house.store) as work, work._doing("identification.certify", rule):
        work.add(decision, signatures=signatures)


def said_of_signatures(house):
    findings = [finding for finding in check(house.store) if not finding.unfinished]
    assert all(finding.next_step for finding in findings)
    return [finding.what for finding in findings]


def test_honest_signatures_over_entries_and_assents_hold(house, laid):
    decided(house, laid)
    acts = {
        Entry.parse(bytes(row.body)).act: len(Entry.parse(bytes(row.body)).signatures)
        for row in JournalEntry.objects.all()
    }
    assert 2 in acts.values()
    assert 1 in acts.values()
    assert said_of_signatures(house) == []


def test_operator_files_a_certificate_with_two_signatures_of_ones(house, laid):
    board = [house.acting("board", nth) for nth in (1, 2)]
    certified_by_operator(house, laid, [PersonalSignature(one.key_id, str(one.office), FORGED) for one in board])
    said = said_of_signatures(house)
    assert len(said) == 2
    assert all("does not belong to what the entry says" in each for each in said)


def test_operator_takes_a_signature_from_another_version(house, laid):
    message = assent_message("identification.certify", ["ab" * 32], str(laid.id))
    board = [house.acting("board", nth) for nth in (1, 2)]
    certified_by_operator(house, laid, [one.key.sign_as(str(one.office), message) for one in board])
    assert len(said_of_signatures(house)) == 2


def test_operator_signs_with_a_key_of_nobody_and_with_an_office_of_another(house, laid):
    from dokaz.ledger.personal import from_seed

    one, other = (house.acting("board", nth) for nth in (1, 2))
    message = assent_message("identification.certify", [newest(laid).entry_hash], str(laid.id))
    nobodys = from_seed(bytes(32)).sign_as(str(one.office), message)
    mixed = one.key.sign_as(str(other.office), message)
    certified_by_operator(house, laid, [nobodys, mixed])
    said = said_of_signatures(house)
    assert len([each for each in said if "unknown, or they are not of one person" in each]) == 2


def test_operator_leaves_the_signatures_out(house, laid):
    decision = newest(laid)
    decision.state = "certified"
    by = house.acting("board")
    with filing(by=by, at=house.clock(), store=house.store) as work, work._doing("identification.certify", None):
        work.add(decision)
    assert said_of_signatures(house) == ["bears 0 signatures, identification.certify needs 2"]


def test_one_person_signs_twice_with_two_keys(house, laid):
    from dokaz.casework.models import Key
    from dokaz.ledger.personal import from_seed

    one, second = house.acting("board"), from_seed(bytes(31) + b"\1")
    by = house.acting("administrator")
    with filing(by=by, at=house.clock(), store=house.store) as work, work._doing("casework.enrol", None):
        work.add(Key(number=second.key_id, person_id=one.person, public_key=second.public_key))
    message = assent_message("identification.certify", [newest(laid).entry_hash], str(laid.id))
    signatures = [key.sign_as(str(one.office), message) for key in (one.key, second)]
    certified_by_operator(house, laid, signatures)
    assert "one person signed more than once" in said_of_signatures(house)
