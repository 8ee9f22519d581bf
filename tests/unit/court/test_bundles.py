"""A bundle that the product writes is one that the independent verifier accepts."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from casebook import (
    a_grave,
    also,
    assert_refused,
    compare,
    decided,
    doubted,
    identified,
    lay,
    missing,
    sign_revocation,
    take_in,
    told,
    units,
)

from dokaz.casework.constitution import always_open
from dokaz.casework.models import Person
from dokaz.casework.records import record_kinds
from dokaz.court.assembling import make_bundle
from dokaz.court.models import Bundle
from dokaz.court.redaction import Redaction
from dokaz.errors import (
    BadFile,
    BadRedaction,
    BundleExists,
    ClosedKind,
    InputsChanged,
    NotInOffice,
    SignatureNeeded,
    WrongState,
)
from dokaz.identification.models import Decision

VERIFY = Path(sys.executable).parent / "dokaz-verify"


def verdict(folder):
    return subprocess.run([VERIFY, folder], capture_output=True, text=True, timeout=120, check=False)


def assert_verifies(folder):
    said = verdict(folder)
    assert said.returncode == 0, said.stdout + said.stderr


def bundle_of(house, target, role="prosecutor", **kwargs):
    return make_bundle(
        house.store, target, by=house.acting(role), clock=house.clock, purpose="Invented trial", **kwargs
    )


def a_case(house):
    """Every act of the first thread was performed: an identification released, one revoked, an exclusion."""
    from dokaz.identification.acts import release

    one, two, three = units(house, 3)
    first, brother = missing(house, "Андрій", "Богдан")
    released = told(house, identified(house, one, first))
    with house.filing("mortuary") as f:
        release(released, f, released_to="Mother", document_seen="AB 1", to_place="Izium", family_choice="partial_now",
                identity_checked_by=Person.objects.get(pk=house.people["mortuary2"].person))  # fmt: skip
    revoked = doubted(house, identified(house, two, brother))
    sign_revocation(house, revoked, 1)
    sign_revocation(house, revoked, 2)
    decided(house, lay(house, compare(house, three, brother, conclusion="discordant"), question="exclude"))
    photographed(house, three)
    return house


@pytest.fixture
def house(house_after):
    return house_after(a_case)


@pytest.fixture
def case(house):
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


def test_a_bundle_that_withholds_all_that_can_be_withheld_is_accepted(case, tmp_path):
    """Of every kind at once; but the people, whose names are those of offices here, and would be found in open fields."""
    from dokaz.court.redaction import whole_of

    kinds = [kind.kind() for kind in record_kinds() if whole_of(kind.kind()) and not kind.named_in]
    rules = [Redaction(kind, whole_of(kind), "A.8", "Order 12") for kind in kinds]
    assert len(rules) > 12
    bundle_of(case, tmp_path / "bundle", redactions=rules)
    assert_verifies(tmp_path / "bundle")


def test_a_file_that_one_rule_withholds_does_not_leave_with_another_record(case, tmp_path):
    """The same picture was filed twice, and only one of the two records is redacted."""
    from dokaz.casework.acts import deliver

    with case.filing("scene") as f:
        deliver(f, form="survey", files=[("again.jpg", BytesIO(b"one picture"))], taken={})
    bundle_of(case, tmp_path / "bundle", redactions=REDACTIONS)
    assert_verifies(tmp_path / "bundle")
    written = b"".join(path.read_bytes() for path in (tmp_path / "bundle").rglob("*") if path.is_file())
    assert b"one picture" not in written


@pytest.mark.parametrize("kind", sorted(always_open()))
def test_what_a_stranger_needs_to_check_signatures_is_never_withheld(kind):
    for field in always_open()[kind]:
        with pytest.raises(BadRedaction):
            Redaction(kind, frozenset({field}), "A.8", "an order")
        assert field


def test_a_redaction_names_fields_that_exist(case):
    for text in ("missing.Donor:nmae=B.2", "missing.Nobody:name=B.2"):
        with pytest.raises(BadRedaction):
            Redaction.parse(text, "an order")
    assert Redaction.parse("missing.Donor:name=B.2", "an order").fields == {"name"}


@pytest.fixture
def closed_to_the_auditor(monkeypatch):
    """As a room would declare it: what is said of photographs is not open to the auditor."""
    from dataclasses import replace

    from dokaz.casework.rooms import _kinds
    from dokaz.graves.models import Photograph

    kind = _kinds()[Photograph]
    monkeypatch.setitem(_kinds(), Photograph, replace(kind, open_to=kind.open_to - {"auditor"}))
    return Photograph


def withheld_whole(kind):
    fields = {f.name for f in kind.content_fields()} - always_open().get(kind.kind(), frozenset())
    return Redaction(kind.kind(), frozenset(fields | {"*files*"}), "A.8", "an order")


@pytest.fixture
def auditor(case):
    """Somebody in the office of an auditor."""
    return also(case, "prosecutor2", "auditor")


def test_nobody_takes_out_records_that_they_may_not_read(case, tmp_path, closed_to_the_auditor, auditor):
    def by_auditor(**wanted):
        return make_bundle(case.store, tmp_path / "bundle", by=auditor, clock=case.clock, purpose="audit", **wanted)

    written = []
    refused = assert_refused(
        ClosedKind, lambda: by_auditor(progress=lambda *done: written.append(done)), match="auditor.*photograph"
    )
    assert written == []
    assert "withhold all" in refused.next_step
    assert [each.name for each in tmp_path.iterdir()] == ["store"]
    whole = withheld_whole(closed_to_the_auditor)
    for left in ("reason", "*files*"):
        less = Redaction(whole.kind, whole.fields - {left}, whole.code, whole.authority)
        assert_refused(ClosedKind, lambda rule=less: by_auditor(redactions=[rule]))
    halves = [
        Redaction(whole.kind, half, "A.8", "an order") for half in (whole.fields - {"reason"}, frozenset({"reason"}))
    ]
    by_auditor(redactions=halves)
    assert_verifies(tmp_path / "bundle")
    bundle_of(case, tmp_path / "by the prosecutor")


def test_what_the_bundle_does_not_hold_may_be_closed_to_its_maker(case, tmp_path, closed_to_the_auditor, auditor):
    decision = Decision.objects.get(state="released")
    make_bundle(case.store, tmp_path / "one", by=auditor, clock=case.clock, purpose="audit", decision=decision)
    assert_verifies(tmp_path / "one")


def test_a_bundle_is_addressed_to_nobody_who_is_not_of_the_defence(case, tmp_path):
    somebody = Person.objects.get(pk=case.acting("scene").person)
    with pytest.raises(WrongState, match="in no office of the defence"):
        bundle_of(case, tmp_path / "bundle", addressee=somebody)
    assert not Bundle.objects.exists()


def test_the_act_asks_who_may_read_it_too(case, closed_to_the_auditor, auditor):
    from dokaz.casework import journal
    from dokaz.casework.filing import filing
    from dokaz.court.acts import bundle

    def file(manifest, entries, withheld=()):
        with filing(by=auditor, at=case.clock(), store=case.store) as f:
            return bundle(f, manifest=manifest, purpose="audit", recipient="", size=journal.size(), entries=entries,
                          files=0, withheld=list(withheld))  # fmt: skip

    everything = list(range(journal.size()))
    whole = json.dumps({"entries": everything}).encode()
    assert_refused(ClosedKind, lambda: file(whole, len(everything)))
    assert_refused(ClosedKind, lambda: file(whole, len(everything), [{"what": "graves.Photograph", "fields": "all"}]))
    fields = sorted(withheld_whole(closed_to_the_auditor).fields)
    assert_refused(ClosedKind, lambda: file(whole, len(everything), [{"what": "graves.Grave", "fields": fields}]))
    assert_refused(BadFile, lambda: file(whole, 3))
    for none in (
        b"",
        b"[]",
        b'{"entries": 4}',
        b'{"entries": [true]}',
        b'{"entries": [-1]}',
        b'{"entries": [1e30]}',
        b'{"entries": [' + b"9" * 30 + b"]}",
        b"[" * 100_000,
    ):
        assert_refused(BadFile, lambda manifest=none: file(manifest, 1))
    rule = withheld_whole(closed_to_the_auditor)
    file(whole, len(everything), [{"what": rule.kind, "fields": sorted(rule.fields)}])


def test_one_changed_letter_is_found(case, tmp_path):
    bundle_of(case, tmp_path / "bundle")
    path = tmp_path / "bundle/log/openings.jsonl"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"femur:left", b"fimur:left", 1))
    assert path.read_bytes() != before
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
        make_bundle(case.store, tmp_path / "bundle", by=locked, clock=case.clock, purpose="Invented trial")

    assert_refused(SignatureNeeded, unsigned)
    assert not (tmp_path / "bundle").exists()


# --- written outside the filing --------------------------------------------------------------------------------------


def once(do):
    """A progress that does something at its first step: in the middle of writing a bundle."""
    left = [do]

    def progress(done, total):
        if left:
            left.pop()()

    return progress


def told_by(folder):
    said = subprocess.run([VERIFY, folder, "--json"], capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout
    return json.loads(said.stdout)


def test_others_file_while_a_bundle_is_written(case, tmp_path):
    made = bundle_of(case, tmp_path / "bundle", progress=once(lambda: a_grave(case, "99")))
    entries = told_by(tmp_path / "bundle")["entries"]
    assert entries["filed_meanwhile"] == 1
    assert entries["in_bundle"] == made.size == entries["in_log"] - 1
    assert not entries["whole_log"]


def test_a_bundle_is_whole_if_nobody_filed_meanwhile(case, tmp_path):
    bundle_of(case, tmp_path / "bundle")
    entries = told_by(tmp_path / "bundle")["entries"]
    assert entries["whole_log"] and entries["filed_meanwhile"] == 0


def test_a_bundle_of_a_decision_is_refused_if_the_decision_was_doubted_meanwhile(case, tmp_path):
    decision = Decision.objects.get(state="released")

    def attempt():
        bundle_of(case, tmp_path / "bundle", decision=decision, progress=once(lambda: doubted(case, decision)))

    with pytest.raises(InputsChanged, match="computed"):
        attempt()
    assert not Bundle.objects.exists()
    assert list(tmp_path.glob("bundle*")) == []
    bundle_of(case, tmp_path / "bundle", decision=decision)
    assert "identification.Doubt" in {path.stem for path in (tmp_path / "bundle/tables").iterdir()}


def test_a_bundle_of_a_decision_is_not_refused_because_somebody_worked_at_a_grave(case, tmp_path):
    decision = Decision.objects.get(state="released")
    bundle_of(case, tmp_path / "bundle", decision=decision, progress=once(lambda: a_grave(case, "99")))
    assert told_by(tmp_path / "bundle")["entries"]["filed_meanwhile"] == 1


def test_a_bundle_that_was_filed_when_its_process_was_killed_is_finished(case, tmp_path):
    """As a killed process leaves it: written aside, filed, half of the receipt there."""
    from dokaz.court.assembling import assemble, file
    from dokaz.court.keeping import unfinished

    draft, by = unfinished(tmp_path / "bundle"), case.acting("prosecutor")
    draft.mkdir()
    assembled = assemble(case.store, draft, by=by, at=case.clock(), purpose="Invented trial")
    with case.filing("prosecutor") as f:
        file(f, assembled)
    (draft / "receipt").mkdir()
    (draft / "receipt" / "entry.json").write_bytes(b"{")
    with pytest.raises(BundleExists):
        bundle_of(case, tmp_path / "bundle")
    assert_verifies(tmp_path / "bundle")
    assert not draft.exists()
    assert Bundle.objects.count() == 1


def test_a_bundle_that_was_not_filed_when_its_process_was_killed_is_written_anew(case, tmp_path):
    from dokaz.court.keeping import unfinished

    draft = unfinished(tmp_path / "bundle")
    draft.mkdir()
    (draft / "bundle.json").write_bytes(b"{}")
    bundle_of(case, tmp_path / "bundle")
    assert_verifies(tmp_path / "bundle")
    assert not draft.exists()


def test_two_processes_do_not_write_one_bundle(case, tmp_path):
    from dokaz.court.keeping import drafted, unfinished

    with drafted(unfinished(tmp_path / "bundle")):
        assert_refused(BundleExists, lambda: bundle_of(case, tmp_path / "bundle"))
    bundle_of(case, tmp_path / "bundle")
    assert_verifies(tmp_path / "bundle")


def test_a_bundle_of_a_decision_holds_the_raw_table_of_the_laboratory_and_no_list_of_others(house_after, tmp_path):
    house = house_after()
    from dokaz.missing.intake import MISSING
    from dokaz.mortuary.intake import PROFILES
    from dokaz.mortuary.models import Profile

    (unit,) = units(house)
    (person,) = missing(house, "Андрій")
    others = b"number,family_name,given_name,sex\nMP-77,Others,Invented,m\n"
    take_in(house, MISSING, "family_liaison", ("missing.csv", others))
    sample = unit.samples.get().number
    table = f"sample,kit,laboratory,D3S1358 1,D3S1358 2,TH01 1,TH01 2\n{sample},K,L,15,17,6,9.3\n".encode()
    take_in(house, PROFILES, "dna_examiner", ("profiles.csv", table))
    profile = Profile.objects.get()
    assert (profile.delivery.form, profile.delivered_row) == ("profiles", "profiles.csv:2")
    identified(house, unit, person)
    bundle_of(house, tmp_path / "bundle", decision=Decision.objects.get())
    assert_verifies(tmp_path / "bundle")
    files = [path.read_bytes() for path in (tmp_path / "bundle/files").iterdir()]
    assert files == [table]


def test_operator_destroys_an_opening_and_no_bundle_calls_it_erased(case, tmp_path):
    """Nobody ordered it, so it may not be missing; a bundle once declared an order that nobody had given."""
    from django.db import connection

    from dokaz.casework.models import JournalOpening
    from dokaz.errors import OpeningMissing

    gone = JournalOpening.objects.filter(name="statement").first()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casework_journalopening WHERE digest = %s", [gone.digest])
    assert_refused(OpeningMissing, lambda: bundle_of(case, tmp_path / "bundle"), match=f"entry {gone.index} ")
    assert not (tmp_path / "bundle").exists()
    assert not list((case.store.path / "bundles" / "elsewhere").iterdir())
