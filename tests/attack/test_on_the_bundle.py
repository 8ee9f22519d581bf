"""One bit of every file of a real bundle is changed, and the independent verifier finds it: nothing is left out."""

import random
import shutil

import pytest
from casebook import a_profile, missing, units
from dokaz_verify import verify

from dokaz.court.assembling import make_bundle
from dokaz.court.redaction import Redaction

# No bit of a bundle is without meaning: the manifest hashes every file, the receipt's entry hashes the manifest, and the
# log's signature covers the receipt. A file of which a flip goes unnoticed would be listed here, with the reason.
NOT_MEANINGFUL: dict[str, str] = {}


@pytest.fixture
def bundle(house, tmp_path):
    """A bundle with signatures, files and withheld fields."""
    from io import BytesIO

    from dokaz.graves.acts import Upload, photograph

    unit = units(house)[0]
    a_profile(house, unit)
    missing(house, "Перший")
    with house.filing("mortuary") as f:
        photograph(f, unit=unit, upload=Upload("a.jpg", BytesIO(b"\xff\xd8 invented"), "image/jpeg", 10, 10))
    target = tmp_path / "bundle"
    make_bundle(
        house.store, target, by=house.acting("prosecutor"), clock=house.clock, purpose="Invented trial",
        redactions=[Redaction("missing.Donor", frozenset({"name"}), "B.2", "Invented order 1")],
    )  # fmt: skip
    return target


def files_of(bundle):
    return sorted(p.relative_to(bundle).as_posix() for p in bundle.rglob("*") if p.is_file())


def test_the_bundle_verifies_before_anybody_touches_it(house, bundle):
    verdict = verify(bundle, key=str(house.store.log.verifier_key))
    assert verdict.verified, verdict.faults


def test_one_flipped_bit_in_any_file_is_found(house, bundle):
    key = str(house.store.log.verifier_key)
    chance = random.Random(7)
    missed = []
    for name in files_of(bundle):
        path = bundle / name
        content = path.read_bytes()
        places = {0, len(content) - 1} | {chance.randrange(len(content)) for _ in range(3)}
        for place in sorted(places):
            flipped = bytearray(content)
            flipped[place] ^= 1 << chance.randrange(8)
            path.write_bytes(bytes(flipped))
            if verify(bundle, key=key).verified:
                missed.append(f"{name} at {place}")
        path.write_bytes(content)
    assert [m for m in missed if m.split(" ")[0] not in NOT_MEANINGFUL] == []
    assert verify(bundle, key=key).verified


def test_every_file_is_needed_and_none_can_be_added(house, bundle):
    key = str(house.store.log.verifier_key)
    for name in files_of(bundle):
        kept = (bundle / name).read_bytes()
        (bundle / name).unlink()
        assert not verify_or_unreadable(bundle, key), name
        (bundle / name).write_bytes(kept)
    (bundle / "files" / "more.txt").write_text("nobody listed this")
    assert not verify_or_unreadable(bundle, key)


def verify_or_unreadable(bundle, key):
    from dokaz_verify import Unreadable

    try:
        return verify(bundle, key=key).verified
    except Unreadable:
        return False


def test_a_bundle_of_another_log_under_the_same_name_is_found(house, bundle, tmp_path):
    from dokaz.ledger import LogKey

    other = LogKey.generate(house.store.origin)
    assert not verify(bundle, key=str(other.verifier_key)).verified
    assert shutil.copytree(bundle, tmp_path / "moved")
    assert verify(tmp_path / "moved", key=str(house.store.log.verifier_key)).verified
