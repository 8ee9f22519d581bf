"""What a bundle of one decision holds, and what can be withheld from it."""

import json

import pytest
from casebook import compare, doubted, identified, missing, newest, told, units

from dokaz.casework.models import JournalEntry, Person
from dokaz.court.assembling import make_bundle
from dokaz.court.redaction import CODES, FILES, Redaction, always_open
from dokaz.court.selection import of_decision
from dokaz.errors import BadRedaction
from dokaz.identification.models import Comparison, Decision


def records_in(house, decision):
    """Ids of the records of which a bundle of a decision holds every version; by whoever asks for it."""
    from dokaz.casework import journal

    indices = of_decision(newest(decision), journal.size(), filed_by=house.acting("prosecutor"))
    assert indices == sorted(set(indices))
    rows = JournalEntry.objects.filter(index__in=indices)
    found = set(rows.values_list("record", flat=True))
    assert rows.count() == JournalEntry.objects.filter(record__in=found).count(), "versions are missing"
    return found


def a_case(house):
    """One identification, with findings and a picture; another of a stranger, from the same grave."""
    from io import BytesIO

    from dokaz.graves.acts import Upload, photograph
    from dokaz.mortuary.acts import SeenFinding, examine

    house.one, house.other = units(house, 2)
    house.person, house.stranger = missing(house, "Андрій")[0], missing(house, "Остап")[0]
    with house.filing("mortuary") as f:
        examine(newest(house.one), f, findings=[SeenFinding("cranium", "blunt"), SeenFinding("femur:left", "sharp")])
        house.picture = photograph(f, unit=newest(house.one), upload=Upload("a.jpg", BytesIO(b"x"), "image/jpeg", 4, 3))
    house.decision = identified(house, house.one, house.person)
    house.foreign = identified(house, house.other, house.stranger)
    return house


@pytest.fixture
def house(house_after):
    return house_after(a_case)


@pytest.fixture
def case(house):
    return house


def test_a_bundle_of_a_decision_holds_every_finding_of_its_unit(case):
    from dokaz.mortuary.models import Examination, Finding

    held = records_in(case, case.decision)
    findings = set(Finding.objects.values_list("id", flat=True))
    assert len(findings) == 2 and findings <= held
    assert set(Examination.objects.filter(unit=case.one).values_list("id", flat=True)) <= held
    assert not set(Examination.objects.filter(unit=case.other).values_list("id", flat=True)) & held


def test_a_bundle_of_a_decision_holds_what_it_rests_on_and_nothing_of_a_stranger(case):
    from dokaz.graves.models import Grave, Site
    from dokaz.missing.models import Donor, Family, Reference
    from dokaz.mortuary.models import Profile, Sample

    held = records_in(case, case.decision)
    family = Family.objects.get(number="FAM-000001")
    comparison = Comparison.objects.get(missing_person=case.person)
    expected = [case.one, case.person, case.decision, case.picture, family, comparison, comparison.profile]
    expected += [*Donor.objects.filter(family=family), *Reference.objects.filter(donor__family=family)]
    expected += [
        *Sample.objects.filter(unit=case.one),
        *Grave.objects.all(),
        *Site.objects.all(),
        comparison.frequencies,
    ]
    assert {each.id for each in expected} <= held
    foreign = [case.other, case.stranger, case.foreign, *Comparison.objects.filter(missing_person=case.stranger)]
    foreign += [*Profile.objects.filter(sample__unit=case.other), *Family.objects.exclude(pk=family.pk)]
    assert not {each.id for each in foreign} & held


def test_a_bundle_of_a_decision_holds_every_comparison_of_the_pair_whatever_it_says(case):
    against = compare(case, case.one, case.person, discipline="teeth", conclusion="discordant", signed=False)
    elsewhere = compare(case, case.one, case.stranger, discipline="teeth", conclusion="discordant", signed=False)
    held = records_in(case, case.decision)
    assert against.id in held
    assert elsewhere.id not in held


def test_a_bundle_of_a_decision_holds_what_a_line_of_evidence_names(case):
    from dokaz.identification.lines import Line
    from dokaz.mortuary.models import Examination

    source = Examination.objects.filter(unit=case.other).get()
    assert source.id not in records_in(case, case.decision)
    line = Line("marks", "neutral", "as on the other body", source=source.number)
    compare(case, case.one, case.person, discipline="secondary", lines=[line], signed=False)
    assert source.id in records_in(case, case.decision)


def test_a_bundle_of_a_decision_holds_its_custody(case):
    from dokaz.casework.acts import hand_over, take_over
    from dokaz.casework.models import Transfer

    with case.filing("mortuary") as f:
        to = Person.objects.get(pk=case.acting("mortuary", 2).person)
        transfer = hand_over([newest(case.one)], f, to=to, from_place="Mortuary 1", to_place="Mortuary 2")
    assert transfer.id in records_in(case, case.decision)  # on its way, and not yet confirmed
    with case.filing("mortuary", 2) as f:
        take_over(transfer, f)
    transfers = set(Transfer.objects.values_list("id", flat=True))
    assert len(transfers) == 2 and transfers <= records_in(case, case.decision)
    assert transfer.id not in records_in(case, case.foreign)


def test_a_bundle_of_a_decision_holds_everybody_who_signed_and_whoever_asks_for_it(case):
    from dokaz.casework.models import Assent, Key, Office

    held = records_in(case, case.decision)
    involved = ["administrator1", "scene1", "mortuary1", "family_liaison1", "dna_examiner1", "dna_examiner2", "board1",
                "board2", "investigator1", "prosecutor1"]  # fmt: skip
    for who in involved:
        actor = case.people[who]
        assert {actor.person, actor.office, Key.objects.get(number=actor.key_id).id} <= held, who
    assert not {case.people["prosecutor2"].person, case.people["scene2"].office} & held
    of_the_decision = Assent.objects.filter(act__startswith="identification.").values_list("id", flat=True)
    assert len(set(of_the_decision) & held) == 4
    assert Office.objects.filter(id__in=held).count() == len(involved)


def test_a_bundle_of_a_decision_holds_doubts_reviews_and_releases(case):
    from dokaz.identification.acts import release
    from dokaz.identification.models import Doubt, Release

    told(case, case.decision)
    with case.filing("mortuary") as f:
        release(newest(case.decision), f, released_to="Mother", document_seen="AB 1", to_place="Izium",
                family_choice="wait",
                identity_checked_by=Person.objects.get(pk=case.people["mortuary2"].person))  # fmt: skip
    doubted(case, case.decision)
    held = records_in(case, case.decision)
    assert {Release.objects.get().id, Doubt.objects.get().id} <= held


# --- what may be withheld ----------------------------------------


@pytest.mark.parametrize(
    "field",
    ["discipline", "conclusion", "state", "recovery_unit", "missing_person", "signed_on", "superseded_by"],
)
def test_what_a_comparison_concludes_and_what_became_of_it_is_never_withheld(case, field):
    assert field in always_open()["identification.Comparison"]
    with pytest.raises(BadRedaction, match=field):
        Redaction("identification.Comparison", frozenset({field, "statement"}), "B.2", "an order")
    assert Redaction("identification.Comparison", frozenset({"statement"}), "B.2", "an order").fields == {"statement"}


@pytest.mark.parametrize(
    ("kind", "fields", "code", "authority", "said"),
    [
        ("missing.Donor", {"name"}, "C.1", "an order", "no redaction code"),
        ("missing.Donor", {"name"}, "B.2", " ", "no authority"),
        ("missing.Nobody", {"name"}, "B.2", "an order", "no kind of record"),
        ("missing.Donor", {"nmae"}, "B.2", "an order", "no field nmae"),
        ("missing.Donor", set(), "B.2", "an order", "no field is named"),
        ("*", {"name"}, "B.2", "an order", "no kind of record"),
        ("casework.Key", {"public_key"}, "A.2", "an order", "cannot be withheld"),
    ],
)
def test_a_redaction_that_says_nothing_or_too_much_is_refused(case, kind, fields, code, authority, said):
    with pytest.raises(BadRedaction, match=said):
        Redaction(kind, frozenset(fields), code, authority)
    assert Redaction("missing.Donor", frozenset({"name", FILES}), "B.2", "an order").kind == "missing.Donor"


@pytest.mark.parametrize("text", ["missing.Donor:name", "missing.Donor", ":name=B.2", "=B.2", "missing.Donor:=B.2", ""])
def test_a_redaction_is_written_with_kind_fields_and_code(case, text):
    with pytest.raises(BadRedaction, match="is no redaction"):
        Redaction.parse(text, "an order")
    read = Redaction.parse(" missing.Donor : name , relationship = B.2 ", "an order")
    assert (read.kind, read.fields, read.code, read.authority) == (
        "missing.Donor", frozenset({"name", "relationship", "relationship_stated"}), "B.2", "an order")  # fmt: skip


def test_the_first_rule_that_names_a_field_counts(case, tmp_path):
    one = Redaction("missing.Donor", frozenset({"name"}), "B.2", "first")
    two = Redaction("missing.Donor", frozenset({"name", "born"}), "B.3", "second")
    _, manifest = bundled(case, tmp_path / "bundle", one, two)
    by = {each["digest"]: each["authority"] for each in manifest["withheld"]}
    for line in (tmp_path / "bundle/log/entries.jsonl").read_text().splitlines():
        entry = json.loads(line)["entry"]
        if entry["kind"] == "missing.Donor":
            assert (by[entry["fields"]["name"]], by[entry["fields"]["born"]]) == ("first", "second")
            assert entry["fields"]["note"] not in by


def test_the_codes_are_those_of_the_glossary():
    from pathlib import Path

    glossary = (Path(__file__).parents[3] / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert list(CODES) == [f"A.{n}" for n in range(1, 9)] + [f"B.{n}" for n in range(1, 6)]
    assert "B.2" in glossary


# --- what is withheld, in the bundle itself ----------------------------------------


def bundled(case, folder, *rules, **other):
    made = make_bundle(case.store, folder, by=case.acting("prosecutor"), clock=case.clock, purpose="Invented trial",
                       redactions=rules, **other)  # fmt: skip
    return made, json.loads((folder / "bundle.json").read_bytes())


def test_every_withheld_field_is_declared_with_its_code_and_authority_and_no_other(case, tmp_path):
    from dokaz.missing.models import Donor

    rule = Redaction("missing.Donor", frozenset({"name"}), "B.2", "Order 12")
    made, manifest = bundled(case, tmp_path / "bundle", rule)
    digests = {}
    for line in (tmp_path / "bundle/log/entries.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["entry"]["kind"] == "missing.Donor":
            digests[row["index"]] = set(row["entry"]["fields"].values())
    donors = Donor.objects.count()
    assert len(manifest["withheld"]) == donors
    for each in manifest["withheld"]:
        assert (each["code"], each["authority"]) == ("B.2", "Order 12")
        assert each["digest"] in digests[each["index"]]
    assert made.withheld == [{"what": "missing.Donor", "fields": ["name"], "code": "B.2", "authority": "Order 12"}]
    openings = (tmp_path / "bundle/log/openings.jsonl").read_text()
    assert "Donor's name" not in openings and '"relationship","father"' in openings


def test_a_file_withheld_under_one_kind_does_not_leave_under_another(case, tmp_path):
    from io import BytesIO

    from dokaz.casework.acts import deliver

    with case.filing("scene") as f:
        deliver(f, form="survey", files=[("again.jpg", BytesIO(b"x")), ("other.jpg", BytesIO(b"y"))], taken={})
    rule = Redaction("graves.Photograph", frozenset({FILES}), "A.8", "Order 12")
    _, manifest = bundled(case, tmp_path / "bundle", rule)
    left = [path.read_bytes() for path in (tmp_path / "bundle/files").iterdir()]
    assert left == [b"y"]
    (withheld,) = manifest["withheld_files"]
    assert (withheld["code"], withheld["authority"]) == ("A.8", "Order 12")
    assert withheld["file"] == f"sha256:{case.picture.sha256}"
    _, open_manifest = bundled(case, tmp_path / "open")
    assert open_manifest["withheld_files"] == []
    assert sorted(path.read_bytes() for path in (tmp_path / "open/files").iterdir()) == [b"x", b"y"]


def test_a_bundle_says_what_it_is_for_and_for_whom(case, tmp_path):
    made, manifest = bundled(case, tmp_path / "bundle", recipient="The defence", decision=newest(case.decision))
    assert (made.purpose, made.recipient, made.number) == ("Invented trial", "The defence", "BUN-000001")
    assert made.made_by_id == case.acting("prosecutor").person
    assert manifest["purpose"] == "Invented trial" and manifest["size"] == made.size
    assert manifest["entries"] == sorted(manifest["entries"]) and len(manifest["entries"]) == made.entries
    assert Decision.objects.count() == 2
