"""A bundle that the product writes is one that the independent verifier accepts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from casebook import (
    assert_refused,
    compare,
    decided,
    doubted,
    identified,
    lay,
    missing,
    sign_revocation,
    told,
    units,
)

from dokaz.casework.models import Person
from dokaz.court.assembling import make_bundle
from dokaz.court.models import Bundle
from dokaz.court.redaction import ALWAYS_OPEN, Redaction
from dokaz.errors import BadRedaction, BundleExists, NotInOffice, SignatureNeeded
from dokaz.identification.models import Decision

VERIFY = Path(sys.executable).parent / "dokaz-verify"


def verdict(folder):
    return subprocess.run([VERIFY, folder], capture_output=True, text=True, timeout=120, check=False)


def assert_verifies(folder):
    said = verdict(folder)
    assert said.returncode == 0, said.stdout + said.stderr


def bundle_of(house, target, role="prosecutor", **kwargs):
    return make_bundle(house.store, target, by=house.acting(role), at=house.clock(), purpose="Invented trial", **kwargs)


@pytest.fixture
def case(house):
    """Every act of the first thread was performed: an identification released, one revoked, an exclusion."""
    from dokaz.identification.acts import release

    one, two, three = units(house, 3)
    first, brother = missing(house, "Андрій", "Богдан")
    released = told(house, identified(house, one, first))
    with house.filing("mortuary") as f:
        release(released, f, released_to="Mother", family_choice="partial_now",
                identity_checked_by=Person.objects.get(pk=house.people["mortuary2"].person))  # fmt: skip
    revoked = doubted(house, identified(house, two, brother))
    sign_revocation(house, revoked, 1)
    sign_revocation(house, revoked, 2)
    decided(house, lay(house, compare(house, three, brother, conclusion="discordant"), question="exclude"))
    photographed(house, three)
    return house


def photographed(house, unit):
    import io

    from dokaz.graves.acts import Upload, photograph

    with house.filing("mortuary") as f:
        for name, content in (("one.jpg", b"one picture"), ("two.jpg", b"another")):
            photograph(f, unit=unit, upload=Upload(name, io.BytesIO(content), "image/jpeg", 40, 30))


def test_a_bundle_of_everything_is_accepted(case, tmp_path):
    made = bundle_of(case, tmp_path / "bundle")
    assert_verifies(tmp_path / "bundle")
    assert made.size == made.entries == len((tmp_path / "bundle/log/entries.jsonl").read_text().splitlines())
    assert made.files == 2


def test_a_second_bundle_holds_the_first_ones_filing(case, tmp_path):
    bundle_of(case, tmp_path / "first")
    bundle_of(case, tmp_path / "second", role="investigator")
    assert_verifies(tmp_path / "first")
    assert_verifies(tmp_path / "second")


def test_a_bundle_stays_valid_when_the_log_grows(case, tmp_path):
    bundle_of(case, tmp_path / "bundle")
    missing(case, "Остап")
    assert_verifies(tmp_path / "bundle")


@pytest.mark.parametrize("state", ["released", "revoked", "excluded"])
def test_a_bundle_of_one_decision_is_accepted(case, tmp_path, state):
    decision = Decision.objects.get(state=state)
    made = bundle_of(case, tmp_path / "bundle", decision=decision)
    assert_verifies(tmp_path / "bundle")
    assert made.entries < made.size
    tables = {path.stem for path in (tmp_path / "bundle/tables").iterdir()}
    assert {"identification.Decision", "identification.Comparison", "mortuary.Profile", "missing.Reference",
            "graves.RecoveryUnit", "casework.Assent"} <= tables  # fmt: skip


REDACTIONS = (
    Redaction("missing.Donor", frozenset({"name", "relationship"}), "B.2", "Order 12 of 2026-05-01"),
    Redaction("missing.MissingPerson", frozenset({"reported_by", "marks"}), "B.2", "Order 12 of 2026-05-01"),
    Redaction("graves.Photograph", frozenset({"*files*", "file_name"}), "A.8", "Order 12 of 2026-05-01"),
    Redaction("casework.Person", frozenset({"name"}), "A.2", "Order 12 of 2026-05-01"),
)


@pytest.mark.parametrize("everything", [True, False])
def test_a_redacted_bundle_is_accepted_and_says_nothing_of_what_it_withholds(case, tmp_path, everything):
    decision = None if everything else Decision.objects.get(state="excluded")
    made = bundle_of(case, tmp_path / "bundle", decision=decision, redactions=REDACTIONS)
    assert_verifies(tmp_path / "bundle")
    written = b"".join(path.read_bytes() for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    for secret in ("Donor's name", "one.jpg", "one picture", "dna_examiner 1", "Ada Administrator"):
        assert secret.encode() not in written, secret
    manifest = json.loads((tmp_path / "bundle/bundle.json").read_bytes())
    assert manifest["withheld"]
    assert len(manifest["withheld_files"]) == 2
    assert [w["what"] for w in made.withheld] == [r.kind for r in REDACTIONS]


def test_a_file_that_one_rule_withholds_does_not_leave_with_another_record(case, tmp_path):
    """The same picture was filed twice, and only one of the two records is redacted."""
    from dokaz.casework.acts import deliver

    with case.filing("scene") as f:
        deliver(f, form="survey", files=[("again.jpg", b"one picture")], taken={})
    bundle_of(case, tmp_path / "bundle", redactions=REDACTIONS)
    assert_verifies(tmp_path / "bundle")
    written = b"".join(path.read_bytes() for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    assert b"one picture" not in written


@pytest.mark.parametrize("kind", sorted(ALWAYS_OPEN))
def test_what_a_stranger_needs_to_check_signatures_is_never_withheld(kind):
    for field in ALWAYS_OPEN[kind]:
        with pytest.raises(BadRedaction):
            Redaction(kind, frozenset({field}), "A.8", "an order")
        assert field


def test_a_redaction_names_fields_that_exist(case):
    for text in ("missing.Donor:nmae=B.2", "missing.Nobody:name=B.2"):
        with pytest.raises(BadRedaction):
            Redaction.parse(text, "an order")
    assert Redaction.parse("missing.Donor:name=B.2", "an order").fields == {"name"}


def test_one_changed_letter_is_found(case, tmp_path):
    bundle_of(case, tmp_path / "bundle")
    path = tmp_path / "bundle/log/openings.jsonl"
    path.write_bytes(path.read_bytes().replace(b"left femur", b"left fimur", 1))
    assert verdict(tmp_path / "bundle").returncode != 0


def test_a_bundle_is_never_written_over_another(case, tmp_path):
    bundle_of(case, tmp_path / "bundle")
    assert_refused(BundleExists, lambda: bundle_of(case, tmp_path / "bundle"))
    assert_verifies(tmp_path / "bundle")


@pytest.mark.parametrize("role", ["scene", "board"])
def test_who_may_not_hand_out_makes_no_bundle(case, tmp_path, role):
    assert_refused(NotInOffice, lambda: bundle_of(case, tmp_path / "bundle", role=role))
    assert not Bundle.objects.exists()
    assert not (tmp_path / "bundle").exists()


def test_a_bundle_is_signed_by_whoever_makes_it(case, tmp_path):
    from dataclasses import replace

    locked = replace(case.acting("prosecutor"), key=None)

    def unsigned():
        make_bundle(case.store, tmp_path / "bundle", by=locked, at=case.clock(), purpose="Invented trial")

    assert_refused(SignatureNeeded, unsigned)
    assert not (tmp_path / "bundle").exists()
