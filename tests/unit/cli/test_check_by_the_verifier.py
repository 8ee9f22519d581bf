"""`dokaz check` runs the verifier on the store: whoever can write everything but sign is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from casebook import compare, decided, lay, missing, newest, units

from dokaz.casework.filing import filing
from dokaz.casework.registry import act_named
from dokaz.cli.check import _by_the_verifier
from dokaz.ledger import PersonalSignature
from dokaz.ledger.personal import from_seed

CERTIFY = "identification.certify"


@pytest.fixture
def laid(house):
    (unit,) = units(house)
    (person,) = missing(house, "Андрій")
    return lay(house, compare(house, unit, person))


def certified_by_operator(house, decision, assents):
    """A certificate as somebody files it who holds the program, the database, the log's key and one member's key."""
    decision = newest(decision)
    decision.state, decision.decided_on = "certified", house.clock().date()
    decision.certificate_number = "CRT-000001"
    by = house.acting("board")
    with filing(by=by, at=house.clock(), store=house.store) as work, work._doing(act_named(CERTIFY)):
        work.add(decision, assents=[made(work) for made in assents])


def said(house):
    return [fault.what for fault in _by_the_verifier(house.store.path, "", "", is_due=False)[0]]


def of_ones(house, decision, nth):
    """A signature of ones, with the key of a member of the board."""
    member = house.acting("board", nth)
    return lambda work: PersonalSignature(member.key_id, str(member.office), work.base, bytes([1]) * 64)


def of_another_version(house, decision, nth):
    member = house.acting("board", nth)
    return lambda work: member.key.assent(
        CERTIFY, "ab" * 32, str(decision.id), log=work.store.log.id, office=str(member.office), base=work.base
    )


def with_a_key_of_nobody(house, decision, nth):
    member = house.acting("board", nth)
    return lambda work: from_seed(bytes([nth]) * 32).assent(
        CERTIFY, newest(decision).entry_hash, str(decision.id), log=work.store.log.id, office=str(member.office),
        base=work.base,
    )  # fmt: skip


def test_an_honest_decision_holds(house, laid):
    decided(house, laid)
    assert said(house) == []


@pytest.mark.parametrize("forged", [of_ones, of_another_version, with_a_key_of_nobody])
def test_an_operator_files_a_certificate_under_forged_signatures(house, laid, forged):
    certified_by_operator(house, laid, [forged(house, laid, nth) for nth in (1, 2)])
    found = said(house)
    assert any("was not entered before" in each or "does not hold" in each for each in found), found
    assert any("No assent" in each for each in found) or forged is with_a_key_of_nobody


def test_an_operator_changes_a_state_by_another_act(house, laid):
    decision = replace_state(newest(laid))
    by = house.acting("board")
    forged = replace(act_named("identification.withdraw"), files=act_named(CERTIFY).files)
    with filing(by=by, at=house.clock(), store=house.store) as work, work._doing(forged):
        work.add(decision)
    assert any("this act may not do that" in each for each in said(house))


def replace_state(decision):
    decision.state = "certified"
    return decision
