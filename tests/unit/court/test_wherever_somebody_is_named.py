"""How somebody who is withheld is recognised, what follows from withholding them, and what hinders a bundle."""

import csv
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from casebook import DAY, assert_refused, newest

from dokaz.court.assembling import make_bundle
from dokaz.court.choosing import preview
from dokaz.court.redaction import Redaction
from dokaz.errors import WouldName

VERIFY = Path(sys.executable).parent / "dokaz-verify"
ORDER = "Вигадана ухвала 12"


def assert_verifies(folder):
    said = subprocess.run([VERIFY, folder], capture_output=True, text=True, timeout=300, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


def bundled(house, folder, *redactions, **other):
    return make_bundle(house.store, folder, by=house.acting("prosecutor"), clock=house.clock, purpose="Вигаданий суд",
                       redactions=redactions, **other)  # fmt: skip


def a_zip(**members):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def cells(folder, kind):
    with open(folder / "tables" / f"{kind}.csv", encoding="utf-8-sig") as table:
        return list(csv.DictReader(table))


@pytest.fixture
def mother(house):
    """A missing man, his mother who is a donor, and a stranger."""
    from dokaz.missing.acts import draw_pedigree, enrol_donor, report

    with house.filing("family_liaison") as f:
        house.son = report(f, family_name="Кравець", given_name="Андрій", reported_by="мати, Кравець Соломія Петрівна")
        members = [
            {"id": "F", "father": None, "mother": None, "sex": "male", "born": None, "missing": None},
            {"id": "M", "father": None, "mother": None, "sex": "female", "born": "1960", "missing": None},
            {"id": "C", "father": "F", "mother": "M", "sex": "male", "born": None, "missing": house.son.number},
        ]
        family = draw_pedigree(f, members=members, name="родина")
        house.donor = enrol_donor(family, f, member="M", consent="identification", consented_on=DAY,
                                  name="Кравець Соломія Петрівна", relationship="mother", note="067 111 22 33")  # fmt: skip
        house.stranger = report(f, family_name="Явір", given_name="Тарас", note="інша людина")
    return house


def noted(house, note, **other):
    from dokaz.missing.acts import report

    with house.filing("family_liaison") as f:
        return report(f, family_name="Верба", note=note, **other)


def seen(house, *redactions, **other):
    return preview(house.store, by=house.acting("prosecutor"), purpose="Вигаданий суд", redactions=redactions, **other)


def kept_back(shown, record):
    """Names of the fields of a record that are withheld, with why."""
    found = {}
    for index, entry in shown.contents.entries:
        if entry.record == str(record.id):
            found |= {name: ground.why for name, ground in shown.contents.kept_back[index].items()}
    return found


def test_a_donor_is_withheld_with_their_pedigree_and_profile_and_wherever_they_are_named(mother, tmp_path):
    from dokaz.casework.constitution import always_open
    from dokaz.missing.acts import type_reference
    from dokaz.missing.models import Family

    with mother.filing("dna_examiner") as f:
        reference = type_reference(newest(mother.donor), f, genotypes={"TH01": ["6", "9.3"]}, laboratory="Лабораторія")
    shown = seen(mother, Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True)
    donor = kept_back(shown, mother.donor)
    fields = {field.name for field in type(mother.donor).content_fields()} - always_open()["missing.Donor"]
    assert set(donor) >= fields - {"withdrawn_on"} and set(donor.values()) == {"rule"}
    assert kept_back(shown, Family.objects.get())["members"] == "tells"
    assert kept_back(shown, reference)["genotypes"] == "tells"
    assert kept_back(shown, mother.son) == {"reported_by": "name"}
    assert kept_back(shown, mother.stranger) == {}
    assert shown.leaks == []


@pytest.mark.parametrize(
    "text",
    [
        "розмовляли з Соломією Кравець", "Solomiia Kravets", "Kravets S.P.", "СОЛОМІЯ", "Соломії", "Kravtsia Solomii",
        "Петрівна", "КравецьСоломія", "дзвонити +38 (067) 111-22-33", "Со\u00adломія", "С о л о м і я", "Coлoмія",
        "%D0%A1%D0%BE%D0%BB%D0%BE%D0%BC%D1%96%D1%8F", "&#1057;&#1086;&#1083;&#1086;&#1084;&#1110;&#1103;",
    ],
)  # fmt: skip
def test_a_donor_is_recognised_however_the_name_is_written(mother, text):
    one = noted(mother, text)
    shown = seen(mother, Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True)
    assert set(kept_back(shown, one)) == {"note"}


@pytest.mark.parametrize(
    "text",
    ["солома й краватка", "Кравець Андрій", "Кравчук Петро", "Петро", "067 111 22 34", "Kravchenko", "кравець шив"],
)
def test_what_is_somebody_elses_name_or_no_name_stays(mother, text):
    one = noted(mother, text)
    shown = seen(mother, Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True)
    assert kept_back(shown, one) == {}


def test_parts_that_others_bear_name_somebody_only_together(mother):
    from dokaz.missing.acts import report

    with mother.filing("family_liaison") as f:
        for name in ("Соломія", "Петрівна"):
            report(f, family_name="Явір", given_name=name)
    alone = [
        noted(mother, text)
        for text in ("у Кравця", "Соломія приходила", "пані Петрівна", "Кравець. Далі про іншу: Соломія")
    ]
    together = [noted(mother, text) for text in ("у Кравець Соломії", "Solomiia P. Kravets", "Кравець С.")]
    shown = seen(mother, Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True)
    assert [kept_back(shown, one) for one in alone] == [{}] * 4
    assert [kept_back(shown, one) for one in together] == [{"note": "name"}] * 3


def test_numbers_alone_can_be_withheld(mother):
    one = noted(mother, f"див. {mother.stranger.number}")
    shown = seen(mother, Redaction.parse(f"{mother.stranger.number}:number=B.5", ORDER))
    assert kept_back(shown, mother.stranger) == {"number": "rule"}
    assert kept_back(shown, one) == {"note": "number"}


def test_a_number_is_withheld_with_its_person(mother):
    one = noted(mother, f"див. {mother.donor.number.lower().replace('-', ' ')}")
    shown = seen(mother, Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True)
    assert kept_back(shown, one) == {"note": "number"}


def test_a_case_that_is_numbered_by_one_digit_is_withheld_from_its_pedigree_and_nothing_else_for_its_digit(mother):
    from dokaz.missing.acts import draw_pedigree, report

    with mother.filing("family_liaison") as f:
        person = report(f, family_name="Дуб", number="7")
        members = [
            {"id": "F", "father": None, "mother": None, "sex": "male", "born": None, "missing": None},
            {"id": "M", "father": None, "mother": None, "sex": "female", "born": None, "missing": None},
            {"id": "C", "father": "F", "mother": "M", "sex": "male", "born": None, "missing": "7"},
        ]
        family = draw_pedigree(f, members=members, name="родина")
    shown = seen(mother, Redaction.of(person, "B.5", ORDER))
    assert kept_back(shown, family) == {"members": "number"}
    assert kept_back(seen(mother, Redaction.of(person, "B.5", ORDER)), noted(mother, "бачили 7 березня")) == {}


@pytest.mark.parametrize(
    ("text", "is_named"), [("див. а12-8", True), ("(А-12-8)", True), ("А-12-81", False), ("12-8", False)]
)
def test_a_number_in_a_spelling_of_its_own_is_found_between_other_words(mother, text, is_named):
    case, one = noted(mother, "", number="А-12-8"), noted(mother, text)
    shown = seen(mother, Redaction.of(case, "B.5", ORDER), names_may_stay=True)
    assert kept_back(shown, one) == ({"note": "number"} if is_named else {})


def test_a_name_that_is_also_anothers_is_refused_and_says_whose(mother, tmp_path):
    rule = Redaction.of(mother.donor, "B.2", ORDER)
    refused = assert_refused(WouldName, lambda: bundled(mother, tmp_path / "bundle", rule))
    assert mother.donor.number in str(refused) and mother.son.number in str(refused)
    assert "Кравець" not in str(refused) and "withhold these others too" in str(refused)
    assert not (tmp_path / "bundle").exists()
    bundled(mother, tmp_path / "bundle", rule, names_may_stay=True)
    assert_verifies(tmp_path / "bundle")
    written = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "bundle").rglob("*") if p.is_file())
    assert "Кравець" in written and "Соломі" not in written
    bundled(mother, tmp_path / "both", rule, Redaction.of(mother.son, "B.5", ORDER))
    written = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "both").rglob("*") if p.is_file())
    assert "Кравець" not in written


def test_a_reporter_is_withheld_without_the_person_whom_they_reported(mother):
    one = noted(mother, "зі слів Соломії")
    rule = Redaction.parse(f"{mother.son.number}:reported_by=B.2", ORDER)
    shown = seen(mother, rule, Redaction.parse("missing.Donor:name=B.2", ORDER), names_may_stay=True)
    assert kept_back(shown, mother.son) == {"reported_by": "rule"}
    assert kept_back(shown, one) == {"note": "name"}
    only = seen(mother, rule, names_may_stay=True)
    assert kept_back(only, one) == {}, "the donor is shown by that name"


@pytest.mark.parametrize(
    ("field", "said"), [("purpose", "the purpose"), ("recipient", "the recipient"), ("authority", "the authority")]
)
def test_what_is_written_for_the_bundle_may_name_nobody_either(mother, tmp_path, field, said):
    wanted = {"purpose": "Суд", "recipient": "", "authority": ORDER} | {field: "у справі Соломії К."}
    rule = Redaction.of(mother.donor, "B.2", wanted.pop("authority"))
    refused = assert_refused(
        WouldName,
        lambda: make_bundle(mother.store, tmp_path / "bundle", by=mother.acting("prosecutor"), clock=mother.clock,
                            redactions=[rule], names_may_stay=True, **wanted),
    )  # fmt: skip
    assert said in str(refused) and "Соломі" not in str(refused)
    assert [each.name for each in tmp_path.iterdir()] == ["store"]


def test_who_is_named_where_nothing_can_be_withheld_hinders_the_bundle(mother, tmp_path):
    from dokaz.casework.acts import dismiss
    from dokaz.casework.models import Office

    office = Office.objects.get(pk=mother.people["board2"].office)
    with mother.filing("administrator", reason="за словами Соломії") as f:
        dismiss(office, f)
    refused = assert_refused(
        WouldName,
        lambda: bundled(mother, tmp_path / "bundle", Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True),
    )
    assert "casework.Office.reason is never withheld" in str(refused) and "Соломі" not in str(refused)


def test_the_last_search_finds_what_withholding_forgot(mother, tmp_path, monkeypatch):
    """The search knows nothing of how fields and files were withheld: with that switched off it names every place."""
    from dokaz.casework.acts import deliver
    from dokaz.court import withholding

    one = noted(mother, "зі слів Соломії")
    with mother.filing("scene") as f:
        deliver(f, form="survey", files=[("list.txt", BytesIO("Соломія".encode("cp1251")))], taken={})
    monkeypatch.setattr(withholding.Deciding, "_names", lambda *_: None)
    monkeypatch.setattr(withholding.Deciding, "_read_files", lambda *_: None)
    refused = assert_refused(
        WouldName,
        lambda: bundled(mother, tmp_path / "bundle", Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True),
    )
    index = next(i for i, entry in seen(mother).contents.entries if entry.record == str(one.id))
    for place in (
        f"log/openings.jsonl: № {index}, note",
        "tables/missing.MissingPerson.csv: ",
        "index.html: ",
        "files/",
    ):
        assert place in str(refused), place
    assert "Соломі" not in str(refused)
    assert [each.name for each in tmp_path.iterdir()] == ["store"]


def test_the_delivered_originals_of_what_is_withheld_are_withheld_and_declared(house, tmp_path):
    from casebook import take_in

    from dokaz.missing.intake import MISSING
    from dokaz.missing.models import MissingPerson

    table = "номер,прізвище,ім'я,стать,примітка\n1,Явір,Лев,ч,перша\n2,Верба,Ада,ж,друга\n".encode()
    take_in(house, MISSING, "family_liaison", ("список.csv", table))
    one = MissingPerson.objects.get(family_name="Явір")
    rule = Redaction("missing.MissingPerson", frozenset({"note"}), "B.5", ORDER, str(one.id))
    bundled(house, tmp_path / "bundle", rule)
    assert not (tmp_path / "bundle/files").exists()
    (declared,) = json.loads((tmp_path / "bundle/bundle.json").read_bytes())["withheld_files"]
    assert (declared["code"], declared["authority"]) == ("B.5", ORDER)
    assert "withheld: 1 field(s) and 1 file(s)" in assert_verifies(tmp_path / "bundle").lower()
    assert any(row["note"] == "друга" for row in cells(tmp_path / "bundle", "missing.MissingPerson"))


def test_an_archive_that_holds_a_withheld_file_is_withheld(mother, tmp_path):
    from casebook import a_grave

    from dokaz.casework.acts import deliver
    from dokaz.graves.acts import Upload, photograph

    grave = a_grave(mother)
    with mother.filing("scene") as f:
        picture = photograph(f, grave=newest(grave), upload=Upload("a.jpg", BytesIO(b"picture"), "image/jpeg", 4, 3))
        deliver(f, form="survey", files=[("all.zip", BytesIO(a_zip(**{"a.jpg": b"picture"})))], taken={})
        deliver(f, form="survey", files=[("rest.zip", BytesIO(a_zip(**{"b.jpg": b"another"})))], taken={})
    rules = (Redaction.of(picture, "A.8", ORDER), Redaction.of(mother.donor, "B.2", ORDER))
    bundled(mother, tmp_path / "bundle", *rules, names_may_stay=True)
    (left,) = (tmp_path / "bundle/files").iterdir()
    assert b"b.jpg" in left.read_bytes()


def test_a_preview_writes_and_files_nothing(mother, tmp_path):
    from dokaz.casework import journal

    before, there = journal.size(), sorted(mother.store.path.rglob("*"))
    shown = seen(mother, Redaction.of(mother.donor, "B.2", ORDER), names_may_stay=True)
    assert "Явір" in shown.page and "Соломі" not in shown.page and "[withheld: B.2]" in shown.page
    assert mother.donor.number in {each.number for each in shown.records()}
    assert journal.size() == before and sorted(mother.store.path.rglob("*")) == there
