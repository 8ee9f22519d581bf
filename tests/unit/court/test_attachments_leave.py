"""What is attached to a record leaves with it, and is withheld with it, whole."""

import io
import json

import dokaz_verify
import pytest
from casebook import identified, missing, newest, units

from dokaz.casework.acts import AttachedFile, attach
from dokaz.casework.models import Attachment
from dokaz.court.assembling import make_bundle
from dokaz.court.redaction import FILES, Redaction
from dokaz.identification.models import Decision
from dokaz.missing.models import Donor

CHART, FORM = b"an invented chart", b"an invented form"
ORDER = "Invented order 12"


def attached(house, record, content, description="Invented chart"):
    with house.filing("investigator") as f:
        return attach(record, f, file=AttachedFile("file.txt", io.BytesIO(content)), description=description)


def left(house, folder, *rules, **wanted):
    """The files that a bundle holds, and the kinds and codes of what it declares to withhold; the verifier accepts it."""
    by = house.acting("prosecutor")
    make_bundle(house.store, folder, by=by, clock=house.clock, purpose="Invented", redactions=rules, **wanted)
    assert dict(dokaz_verify.verify(folder).counts) == {}
    said = json.loads((folder / "bundle.json").read_bytes())
    here = {path.read_bytes() for path in (folder / "files").iterdir()} if (folder / "files").is_dir() else set()
    return here, {row["file"].removeprefix("sha256:"): row["code"] for row in said["withheld_files"]}


@pytest.fixture
def case(house):
    (unit,), (person,) = units(house), missing(house, "Андрій")
    identified(house, unit, person)
    return newest(unit), newest(person), Donor.objects.get()


def test_what_is_attached_leaves_with_a_bundle_of_all(house, case, tmp_path):
    unit, _person, donor = case
    attached(house, unit, CHART)
    attached(house, donor, FORM)
    assert left(house, tmp_path / "b") == ({CHART, FORM}, {})


def test_a_bundle_of_one_decision_holds_what_is_attached_to_what_it_rests_on(house, case, tmp_path):
    unit, _person, donor = case
    (other,) = missing(house, "Богдан")
    for record, content in (
        (unit, CHART),
        (donor, FORM),
        (Decision.objects.get(), b"ruling"),
        (other, b"somebody else"),
    ):
        attached(house, record, content)
    here, _withheld = left(house, tmp_path / "b", decision=Decision.objects.get())
    assert here == {CHART, FORM, b"ruling"}


@pytest.mark.parametrize("fields", [{"name"}, None, {FILES}], ids=["the name", "all of it", "its files"])
def test_what_is_attached_to_something_withheld_is_withheld_whole(house, case, tmp_path, fields):
    unit, _person, donor = case
    attached(house, unit, CHART)
    one = attached(house, donor, FORM, description="A very invented form")
    rule = Redaction.of(donor, "B.2", ORDER, frozenset(fields) if fields else None)
    here, withheld = left(house, tmp_path / "b", rule)
    assert (here, withheld) == ({CHART}, {one.sha256: "B.2"})
    for path in (tmp_path / "b").rglob("*"):
        assert path.is_dir() or b"A very invented form" not in path.read_bytes(), path


def test_a_correction_of_what_is_attached_to_something_withheld_does_not_leave_either(house, case, tmp_path):
    from dokaz.casework.acts import correct_attachment

    _unit, _person, donor = case
    one = attached(house, donor, FORM, description="A very invented form")
    with house.filing("investigator", reason="said more exactly") as f:
        correct_attachment(one, f, values={"description": "An even more invented form"})
    left(house, tmp_path / "b", Redaction.of(donor, "B.2", ORDER, frozenset({"name"})))
    told = b"".join(path.read_bytes() for path in (tmp_path / "b").rglob("*") if path.is_file())
    assert b"invented form" not in told


def test_a_file_that_is_withheld_with_one_record_does_not_leave_with_another(house, case, tmp_path):
    unit, _person, donor = case
    first, second = attached(house, unit, FORM), attached(house, donor, FORM)
    assert first.sha256 == second.sha256
    here, withheld = left(house, tmp_path / "b", Redaction.of(donor, "B.2", ORDER, frozenset({"name"})))
    assert (here, withheld) == (set(), {first.sha256: "B.2"})


def test_a_file_that_names_somebody_withheld_is_withheld_though_it_is_attached_to_somebody_else(house, case, tmp_path):
    unit, _person, donor = case
    one = attached(house, unit, "Списано: Donor's name".encode())
    here, withheld = left(house, tmp_path / "b", Redaction.of(donor, "B.2", ORDER))
    assert (here, set(withheld)) == (set(), {one.sha256})


def test_an_attachment_can_itself_be_withheld(house, case, tmp_path):
    unit, _person, _donor = case
    one, other = attached(house, unit, CHART), attached(house, unit, FORM)
    here, withheld = left(house, tmp_path / "b", Redaction.of(Attachment.objects.get(pk=one.pk), "A.8", ORDER))
    assert (here, withheld) == ({FORM}, {one.sha256: "A.8"})
    assert other.sha256 not in withheld
