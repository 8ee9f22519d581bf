"""Any record is corrected and made void on its pages, and its versions stand side by side."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from casebook import assert_refused_page
from django.urls import reverse
from put_right_cases import correct, every_kind, open_records, void, whoever_may

from dokaz.casework.corrections import put_right
from dokaz.casework.journal import history
from dokaz.casework.models import Correction, Person
from dokaz.casework.records import Record, record_kinds
from dokaz.graves.models import Grave, RecoveryUnit
from dokaz.identification.models import Comparison, Review
from dokaz.missing.models import Donor, Reference
from dokaz.mortuary.models import Examination, Profile

PASSPHRASE = "a sentence only she knows"


@pytest.fixture
def house(house_after: Any) -> Any:
    """A case with a record of every kind."""
    return house_after(every_kind)


@pytest.fixture
def case(house: Any) -> Any:
    return house


def at(page: str, record: Record) -> str:
    return reverse(page, args=[record.kind(), record.number])


def browser_of(house: Any, browser: Any, act: Any, record: Record) -> Any:
    name = next(name for name, one in house.people.items() if one is whoever_may(house, act, record))
    return browser(name[:-1], int(name[-1]), signs=True)


def as_shown(form: Any) -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    sent: dict[str, Any] = {"version_seen": form.record.version, "passphrase": PASSPHRASE}
    for field in form:
        value = field.value()
        if value not in (None, False) and field.name not in ("passphrase", "version_seen"):
            shown = field.field.widget.format_value(value)
            sent[field.name] = shown[0] if isinstance(shown, list) and shown else shown
        if value is True:
            sent[field.name] = "on"
    return {name: value for name, value in sent.items() if value is not None}


def test_the_form_of_every_kind_holds_the_record_as_it_is_and_changes_nothing_by_itself(case, browser):
    """What is shown and sent back untouched is the same, letter for letter: nothing is changed that nobody changed."""
    tried = set()
    for kind in record_kinds():
        act = put_right(kind).correct
        for record in open_records(kind)[:3] if put_right(kind).how.is_corrected_alone else []:
            client = browser_of(case, browser, act, record)
            answer = client.get(at("record_correct", record))
            assert answer.status_code == 200, at("record_correct", record)
            sent = as_shown(answer.context["form"]) | {"reason": "nothing"}
            page = assert_refused_page(client, at("record_correct", record), sent)
            assert "nothing of it would be changed" in unescape(page), (kind, page)
            tried.add(kind)
    alone = {kind for kind in record_kinds() if put_right(kind).how.is_corrected_alone}
    assert {kind.__name__ for kind in alone - tried} == {"Review"}  # there is one after a revocation only


def test_a_record_is_corrected_on_its_page_and_both_values_stand_in_its_history(case, browser):
    record = Examination.objects.exclude(age_low_years="").first()
    client = browser("mortuary")
    page = client.get(reverse("examination", args=[record.number])).content.decode()
    assert at("record_correct", record) in page
    form = client.get(at("record_correct", record)).context["form"]
    sent = as_shown(form) | {"age_high_years": "41", "reason": "The protocol says 41."}
    answer = client.post(at("record_correct", record), sent)
    assert answer.status_code == 302
    assert answer.url == at("record_history", record)
    before, now = history(record.pk)[-2:]
    assert now.fields["age_high_years"] == "41"
    assert {name for name in now.fields if now.fields[name] != before.fields[name]} == {"age_high_years", "reason"}
    shown = unescape(client.get(answer.url).content.decode())
    for said in (
        "The protocol says 41.",
        "41",
        str(before.fields["age_high_years"]),
        "mortuary 1",
        "Oldest age at death",
    ):
        assert said in shown


def test_tables_are_typed_as_lines(case, browser):
    record = Profile.objects.first()
    client = browser("dna_examiner")
    form = client.get(at("record_correct", record)).context["form"]
    assert form["genotypes"].value() and "TH01: 6, 9.3" in form.fields["genotypes"].prepare_value(record.genotypes)
    sent = as_shown(form) | {"genotypes": "TH01: 6, 7", "reason": "the sheet says 7"}
    assert client.post(at("record_correct", record), sent).status_code == 302
    assert Profile.objects.get(pk=record.pk).genotypes == {"TH01": ["6", "7"]}


def test_what_is_wrong_is_said_at_its_field(case, browser):
    record = Profile.objects.first()
    client = browser("dna_examiner")
    sent = as_shown(client.get(at("record_correct", record)).context["form"])
    page = assert_refused_page(client, at("record_correct", record), sent | {"attempt": "300", "reason": "x"})
    assert "attempt 300 is not 1 to 99" in unescape(page)
    assert_refused_page(client, at("record_correct", record), sent | {"kit": "another"})  # without a reason
    assert_refused_page(client, at("record_correct", record), sent | {"genotypes": '{"TH01": 1.5}', "reason": "x"})
    stale = sent | {"version_seen": record.version + 1, "kit": "x", "reason": "x"}
    assert_refused_page(client, at("record_correct", record), stale)


def test_a_void_record_says_so_where_it_is_asked_for_and_nowhere_else(case, browser):
    record = RecoveryUnit.objects.filter(state="in_situ").get()
    client = browser("scene")
    page, units = reverse("unit", args=[record.number]), reverse("units") + "?q=" + record.number
    assert record.number in client.get(units).context["page"].object_list[0].number
    assert client.post(at("record_void", record), {"reason": "entered twice", "version_seen": 1}).status_code == 302
    shown = client.get(page).content.decode()
    assert "This record is void:" in shown and "entered twice" in shown
    assert [link.label for link in client.get(page).context["act_links"]] == ["It is not void after all"]
    assert client.get(at("record_correct", record)).status_code == 404
    assert not client.get(units).context["page"].object_list
    assert client.get(reverse("unit_quarantine", args=[record.number])).status_code == 404
    assert client.post(at("record_void", record), {"reason": "it is another one", "version_seen": 2}).status_code == 302
    assert RecoveryUnit.objects.filter(pk=record.pk).exists()


def test_the_page_of_voiding_names_what_rests_on_the_record(case, browser):
    unit = case.decision.recovery_unit
    client = browser("scene")
    page = client.get(at("record_void", unit)).content.decode()
    assert case.decision.number in page
    refused = assert_refused_page(client, at("record_void", unit), {"reason": "x", "version_seen": unit.version})
    assert "rest on it" in refused


def test_the_pages_are_closed_to_whom_the_acts_and_the_records_are(case, browser):
    profile, grave = Profile.objects.first(), Grave.objects.first()
    scene, liaison, administrator = browser("scene"), browser("family_liaison"), browser("administrator")
    assert scene.get(at("record_correct", profile)).status_code == 404
    assert scene.post(at("record_void", profile), {"reason": "x"}).status_code == 404
    assert scene.get(at("record_history", profile)).status_code == 200
    assert liaison.get(at("record_history", profile)).status_code == 404
    assert administrator.get(at("record_history", grave)).status_code == 404
    assert scene.get(reverse("record_history", args=["graves.Nothing", "LIS"])).status_code == 404
    page = scene.get(reverse("profile", args=[profile.number])).content.decode()
    assert at("record_correct", profile) not in page


def test_histories_of_all_kinds_can_be_read(case, browser):
    correct(case, Grave.objects.get(number="LIS-02"), {"name": "The second"})
    void(case, Grave.objects.get(number="LIS-02"))
    reader, shown = browser("investigator"), 0
    for kind in record_kinds():
        for record in kind.every.order_by("number")[:2]:
            answer = reader.get(at("record_history", record))
            assert answer.status_code == 200, record
            assert unescape(answer.content.decode()).count("Version ") >= record.version
            shown += 1
    assert shown > 30


def test_a_correction_of_what_was_signed_waits_on_pages_for_a_second_person(case, browser):
    record = case.signed
    first, second, other = (browser("dna_examiner", n, signs=True) for n in (1, 2, 1))
    page = reverse("comparison", args=[record.number])
    assert "Propose a correction" in first.get(page).content.decode()
    form = first.get(at("record_correct", record)).context["form"]
    sent = as_shown(form) | {"conclusion": "inconclusive", "reason": "The kit was another."}
    assert first.post(at("record_correct", record), sent).status_code == 302
    assert Comparison.objects.get(pk=record.pk).conclusion == "concordant"
    proposed = Correction.objects.get()
    agree, decline = (reverse(name, args=[proposed.number]) for name in ("correction_agree", "correction_decline"))
    for client, may in ((first, False), (second, True)):
        shown = client.get(page).content.decode()
        assert "A correction waits for a second person" in shown and "The kit was another." in shown
        assert (agree in shown) == may
        assert proposed.number in client.get(reverse("corrections")).content.decode()
    assert proposed.number not in browser("scene").get(reverse("corrections")).content.decode()
    assert browser("scene").get(agree).status_code == 404
    read = unescape(second.get(agree).content.decode())
    assert "inconclusive" in read and "now: concordant" in read
    answer = {"reason": "compared with the sheet", "passphrase": PASSPHRASE, "version_seen": proposed.version}
    assert_refused_page(other, agree, answer)  # one's own
    assert_refused_page(second, agree, answer | {"reason": ""})
    assert second.post(agree, answer).status_code == 302
    made = Comparison.objects.get(pk=record.pk)
    assert (made.conclusion, made.state, made.signed_on) == ("inconclusive", "proposed", None)
    told = unescape(second.get(at("record_history", record)).content.decode())
    assert "The kit was another." in told and "compared with the sheet" in told
    assert second.get(agree).status_code == 404
    assert second.get(decline).status_code == 404


def test_a_proposed_correction_is_declined_on_its_page(case, browser):
    first = browser("dna_examiner", signs=True)
    form = first.get(at("record_correct", case.signed)).context["form"]
    first.post(at("record_correct", case.signed), as_shown(form) | {"statement": "x", "reason": "y"})
    decline = reverse("correction_decline", args=[Correction.objects.get().number])
    assert first.post(decline, {"reason": "I was wrong", "passphrase": PASSPHRASE}).status_code == 302
    assert Correction.objects.get().state == "declined"
    assert "No correction waits." in first.get(reverse("corrections")).content.decode()


def test_a_review_after_a_correction_is_answered_on_its_page(case, browser):
    examination = case.signed.recovery_unit.examinations.first()
    correct(case, examination, {"age_high_years": "41"})
    review, examiner, board = Review.objects.get(), browser("dna_examiner"), browser("board")
    shown = unescape(examiner.get(reverse("comparison", args=[case.signed.number])).content.decode())
    assert "Under review:" in shown and "rests on a value that was corrected since" in shown
    assert f"({examination.number})" in shown
    listed = examiner.get(reverse("board_reviews")).content.decode()
    answer = reverse("review_answer", args=[review.number])
    assert answer in listed
    assert answer not in board.get(reverse("board_reviews")).content.decode()
    assert at("record_history", examination) in examiner.get(answer).content.decode()
    assert_refused_page(examiner, answer, {"outcome": " ", "version_seen": 1})
    assert examiner.post(answer, {"outcome": "The age still fits.", "version_seen": 1}).status_code == 302
    assert Review.objects.get().outcome == "The age still fits."
    assert answer not in examiner.get(reverse("board_reviews")).content.decode()


def test_records_without_a_page_of_their_own_are_reached_through_their_history(case, browser):
    """A finding, a donor, a reference, a doubt, somebody of the investigation: their numbers lead there."""
    examination = Examination.objects.exclude(findings=None).first()
    shown = browser("mortuary").get(reverse("examination", args=[examination.number])).content.decode()
    assert at("record_history", examination.findings.first()) in shown
    family = Donor.objects.first().family
    shown = browser("family_liaison").get(reverse("family", args=[family.number])).content.decode()
    assert at("record_history", Donor.objects.first()) in shown
    assert at("record_history", Reference.objects.first()) in shown
    shown = browser("board").get(reverse("decision", args=[case.decision.number])).content.decode()
    assert at("record_history", case.decision.doubts.first()) in shown
    administrator = browser("administrator", signs=True)
    somebody = Person.objects.get(name="scene 1")
    assert at("record_history", somebody) in administrator.get(reverse("ledger_people")).content.decode()
    page = administrator.get(at("record_history", somebody)).content.decode()
    assert at("record_correct", somebody) in page
    form = administrator.get(at("record_correct", somebody)).context["form"]
    sent = as_shown(form) | {"name": "Scene the First", "reason": "her passport"}
    assert administrator.post(at("record_correct", somebody), sent).status_code == 302
    assert Person.objects.get(pk=somebody.pk).name == "Scene the First"
