"""The key of the log: replaced by two administrators, read again by every part that reads a checkpoint."""

import pytest
from casebook import assert_refused
from dokaz_verify import verify
from dokaz_verify.store import verify_store

from dokaz.casework import journal
from dokaz.casework.acts import agree, propose_log_key
from dokaz.casework.checking import check
from dokaz.casework.models import CheckpointKey, ProposalState
from dokaz.casework.store import log_key_file
from dokaz.court.assembling import make_bundle
from dokaz.errors import EmptyField, FiledNotPublished, NumberTaken, WrongKind
from dokaz.graves.acts import open_site
from dokaz.ledger import Log, LogKey


def proposed(house, key=None, reason="stolen"):
    with house.store.new_log_key() as public, house.filing("administrator", reason=reason) as f:
        return propose_log_key(f, key=key or public)


def faults(house, **options):
    """What is wrong with the store, but for the wrapped keys of its people, which this test does not keep."""
    return [one for one in check(house.store, **options) if not one.file.startswith("keys/people/")]


def a_site(house, code):
    with house.filing("scene") as f:
        return open_site(f, code=code, name="Invented forest", crs="EPSG:32637")


def agreed(house, key):
    with house.filing("administrator", 2) as f:
        assert agree(CheckpointKey.objects.get(pk=key.pk), f) is True
    return CheckpointKey.objects.get(pk=key.pk)


def test_another_key_signs_from_the_second_administrators_signature_on(real_house):
    first = str(real_house.store.log.verifier_key)
    key = proposed(real_house)
    assert key.state == ProposalState.PROPOSED
    assert [str(one) for one in real_house.store.log.signers] == [first]
    key = agreed(real_house, key)
    log = real_house.store.log
    assert [str(one) for one in log.signers] == [first, key.key]
    assert log.head.size == journal.size()
    older = log.note
    a_site(real_house, "LIS")
    log.must_extend(older)
    assert faults(real_house) == faults(real_house, key=first) == faults(real_house, key=key.key) == []
    for known in ("", first, key.key):
        found = verify_store(real_house.store.path, key=known or None)
        assert found.verified and found.key.text == key.key
        assert [one.text for one in found.earlier_keys] == [first]


def test_a_receipt_and_a_bundle_are_signed_by_the_key_that_signs_now(house, tmp_path):
    """In a trial one administrator replaces it; it is replaced again after the bundle was made."""
    key = proposed(house)
    assert key.state == ProposalState.IN_FORCE
    made = tmp_path / "bundle"
    make_bundle(house.store, made, by=house.acting("prosecutor"), clock=house.clock, purpose="all")
    found = verify(made, key=key.key)
    assert found.verified and found.whole_log
    assert (made / "log" / "key").read_text().strip() == str(house.store.log.verifier_key)
    proposed(house, reason="routine")
    again = tmp_path / "again"
    make_bundle(house.store, again, by=house.acting("prosecutor"), clock=house.clock, purpose="all")
    assert verify(again).verified and len(verify(again).earlier_keys) == 2
    assert verify(made).verified
    assert house.store.log.receipt(3).index == 3


def test_the_private_half_of_a_refused_proposal_is_gone(real_house):
    before = sorted(path.name for path in (real_house.store.path / "keys").iterdir())
    assert_refused(EmptyField, lambda: proposed(real_house, reason=""))
    first = str(real_house.store.log.verifier_key)
    assert_refused(NumberTaken, lambda: proposed(real_house, key=first))
    other = str(LogKey.generate("example.org/elsewhere").verifier_key)
    assert_refused(WrongKind, lambda: proposed(real_house, key=other))
    assert sorted(path.name for path in (real_house.store.path / "keys").iterdir()) == before


def test_a_strange_key_in_the_store_is_found(real_house):
    agreed(real_house, proposed(real_house))
    assert faults(real_house) == []
    LogKey.generate(real_house.store.origin).save(real_house.store.path / "keys" / "log-0123456789abcdef.pem")
    assert [one.file for one in faults(real_house)] == ["keys/log-0123456789abcdef.pem"]


def test_a_lost_private_half_is_found_before_it_is_needed(real_house):
    key = agreed(real_house, proposed(real_house))
    (real_house.store.path / "keys" / log_key_file(key.key)).unlink()
    assert [one.file for one in faults(real_house)] == [f"keys/{log_key_file(key.key)}"]


def test_a_list_of_signers_that_was_altered_is_found(real_house):
    agreed(real_house, proposed(real_house))
    signers = real_house.store.path / "ledger" / "signers"
    signers.write_text(f"{LogKey.generate(real_house.store.origin).verifier_key}\n")
    assert "checkpoint" in " ".join(one.file for one in faults(real_house))


def test_the_log_goes_on_when_the_process_died_between_signers_and_checkpoint(real_house):
    """The list of keys may be ahead of the checkpoint by one, never behind."""
    key = proposed(real_house)
    Log(real_house.store.path)._note_signer(LogKey.load(
        real_house.store.path / "keys" / log_key_file(key.key), real_house.store.origin).verifier_key)  # fmt: skip
    assert real_house.store.log.head.size == journal.size()
    agreed(real_house, key)
    assert faults(real_house) == []


@pytest.mark.parametrize("nth", [1, 2])
def test_either_administrator_may_propose_it(real_house, nth):
    with real_house.store.new_log_key() as public, real_house.filing("administrator", nth, reason="lost") as f:
        key = propose_log_key(f, key=public)
    with real_house.filing("administrator", 3 - nth) as f:
        assert agree(CheckpointKey.objects.get(pk=key.pk), f) is True


def test_a_lost_key_of_the_log_is_replaced_although_nothing_can_be_published_meanwhile(real_house):
    (real_house.store.path / "keys" / "log.pem").unlink()
    vars(real_house.store).pop("log_key", None)
    published = real_house.store.log.head.size
    with pytest.raises(FiledNotPublished):
        proposed(real_house, reason="lost")
    assert real_house.store.log.head.size == published < journal.size()
    agreed(real_house, CheckpointKey.objects.get())
    assert real_house.store.log.head.size == journal.size()
    assert faults(real_house) == []
    assert verify_store(real_house.store.path).verified
