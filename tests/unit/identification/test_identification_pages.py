"""The pages of the identification room: who sees them, what they file, what they refuse, what they cost."""

import pytest
from casebook import (
    PASSPHRASE,
    assert_refused_page,
    chart_of,
    compare,
    contradiction,
    decided,
    doubted,
    facing,
    identified,
    lay,
    missing,
    sign,
    sign_revocation,
    told,
    units,
)
from django.utils import translation

from dokaz.casework import journal
from dokaz.identification.left_out import mutation_models, why
from dokaz.identification.models import Comparison, Decision, Doubt, Release, Review, Search
from dokaz.kinship import Marker, MarkerSet, Mutation, MutationKind, MutationModel
from dokaz.kinship.model.markers import Chromosome
from dokaz.pages.refusals import in_words


@pytest.fixture
def unit(house):
    return units(house)[0]


@pytest.fixture
def person(house):
    return missing(house, "Андрій")[0]


@pytest.fixture
def search(house, unit, person):
    from casebook import a_profile, frequencies

    from dokaz.identification import acts, searching

    a_profile(house, unit)
    found = searching.compute(frequencies(house), threshold_log10_lr=0.1)
    with house.filing("dna_examiner") as f:
        return acts.search(f, result=searching.result_of(found, threshold_log10_lr=0.1))


PAGES = ["/identification/", "/identification/comparisons/", "/identification/decisions/", "/identification/reviews/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("dna_examiner", 200),
        ("board", 200),
        ("family_liaison", 200),
        ("scene", 404),
        ("administrator", 404),
        ("defence", 404),
    ],
)
def test_the_room_is_open_by_office(browser, page, role, status):
    assert browser(role).get(page).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_empty_pages_say_what_to_do(browser, page):
    assert "empty" in browser("board").get(page).content.decode() or page == "/identification/"


def test_nobody_sees_a_page_without_signing_in(client, db):
    assert client.get("/identification/").status_code == 302


def test_a_search_shows_its_candidates_and_what_was_left_out(browser, search, unit, person):
    page = browser("dna_examiner").get(f"/identification/search/{search.number}/").content.decode()
    assert unit.number in page
    assert person.number in page
    assert "comparison_new" not in page
    assert f"unit={unit.number}" in page


def test_only_an_examiner_is_offered_to_compare(browser, search):
    assert (
        "/identification/compare/?"
        not in browser("board").get(f"/identification/search/{search.number}/").content.decode()
    )


def test_a_search_is_run_from_the_web(browser, search):
    answer = browser("dna_examiner").post(
        "/identification/search/new/", {"frequencies": search.frequencies_id, "threshold_log10_lr": "2"}
    )
    assert answer.status_code == 302
    assert Search.objects.count() == 2


def compare_form(search, unit, person, **other):
    from dokaz.mortuary.models import Profile

    return {
        "profile": Profile.objects.get().pk, "frequencies": search.frequencies_id, "conclusion": "concordant",
        "statement": "Three markers fit.", "line-TOTAL_FORMS": "2", "line-INITIAL_FORMS": "0",
        "line-0-about": "sex", "line-0-bearing": "supports", "line-0-statement": "male, and a man is missed",
        "line-1-about": "", "line-1-bearing": "neutral", "line-1-statement": "", **other,
    }  # fmt: skip


def at(unit, person, discipline="dna"):
    return f"/identification/compare/?unit={unit.number}&missing={person.number}&discipline={discipline}"


def test_a_comparison_is_made_from_the_web_with_its_lines_in_one_step(browser, search, unit, person):
    client = browser("dna_examiner")
    assert "lr-chart" in client.get(at(unit, person)).content.decode()
    answer = client.post(at(unit, person), compare_form(search, unit, person))
    made = Comparison.objects.get()
    assert answer.headers["Location"] == f"/identification/comparison/{made.number}/"
    assert [line["about"] for line in made.lines] == ["sex"]
    assert made.log10_lr
    assert {m["marker"] for m in made.per_marker} == {"D3S1358", "TH01", "FGA"}
    page = client.get(answer.headers["Location"]).content.decode()
    assert "lr-chart" in page
    assert made.inputs["profile"]["entry"] in page
    assert made.inputs["mutation"] == [{"what": "", "why": "no_mutation", "markers": 3}]
    assert made.inputs["impossible_without_mutation"] == [
        m["marker"] for m in made.per_marker if m["state"] == "inconsistent"
    ]
    assert "no mutation model at 3 markers: one mutation excludes" in page


def test_a_search_names_the_mutation_models_of_its_table(browser, search):
    page = browser("dna_examiner").get(f"/identification/search/{search.number}/").content.decode()
    assert "no mutation model at 3 markers: one mutation excludes" in page
    stepwise, stable = (
        Mutation(MutationModel(MutationKind.STEPWISE, rate=0.001), MutationModel(MutationKind.STEPWISE, rate=0.002)),
        None,
    )
    markers = MarkerSet(
        tuple(Marker(n, ("8", "9"), (0.5, 0.5), mutation=m) for n, m in (("A", stepwise), ("B", stable)))
    )
    aside = Marker("AMEL", (), (), Chromosome.AMELOGENIN)
    said = [in_words(why(each)) for each in mutation_models(MarkerSet((*markers, aside)))]
    assert said == [
        "mutation model stepwise, rate 0.001 in mothers and 0.002 in fathers, at 1 markers",
        "no mutation model at 1 markers: one mutation excludes",
    ]


def test_more_rows_are_given_and_nothing_is_filed(browser, search, unit, person):
    client = browser("dna_examiner")
    before = journal.size()
    page = client.post(at(unit, person), compare_form(search, unit, person, more="1")).content.decode()
    assert 'name="line-4-about"' in page
    assert "male, and a man is missed" in page
    assert journal.size() == before


def test_a_line_that_names_nobody_is_refused(browser, search, unit, person):
    form = compare_form(search, unit, person, **{"line-0-distinguishes": "MP-999999"})
    page = assert_refused_page(browser("dna_examiner"), at(unit, person), form)
    assert "MP-999999" in page


def test_a_comparison_without_words_is_refused(browser, search, unit, person):
    assert_refused_page(browser("dna_examiner"), at(unit, person), compare_form(search, unit, person, statement=" "))


def test_files_that_were_compared_are_chosen_and_shown(house, browser, search, unit, person):
    client = browser("dna_examiner")
    words = {"profile": "", "frequencies": ""}
    refused = client.post(at(unit, person, "friction_ridge"), compare_form(search, unit, person, **words))
    assert "attach what was compared" in refused.content.decode()
    files = [chart_of(house, unit), chart_of(house, person)]
    shown = client.get(at(unit, person, "friction_ridge")).content.decode()
    assert all(f"{one.of[0]['number']}: Invented chart ({one.number}, chart.txt)" in shown for one in files)
    chosen = {"rests_on": [str(one.pk) for one in files]}
    answer = client.post(at(unit, person, "friction_ridge"), compare_form(search, unit, person, **words, **chosen))
    page = client.get(answer.headers["Location"]).content.decode()
    assert all(f"/attachments/{one.number}/" in page for one in files)
    assert sorted(chosen["rests_on"]) == Comparison.objects.get().rests_on


def test_nobody_but_an_examiner_compares(browser, unit, person):
    assert browser("board").get(at(unit, person)).status_code == 404


def test_unknown_numbers_are_named(browser, house):
    page = browser("dna_examiner").get("/identification/compare/?unit=X&missing=Y&discipline=dna").content.decode()
    assert "No unit bears this number" in page


def test_two_examiners_sign_on_the_page(house, browser, unit, person):
    made = compare(house, unit, person, signed=False)
    url = f"/identification/comparison/{made.number}/"
    for nth in (1, 2):
        client = browser("dna_examiner", nth, signs=True)
        assert client.post(url, {"passphrase": PASSPHRASE, "version_seen": "1"}).status_code == 302
    assert Comparison.objects.get().state == "signed"
    assert "dna_examiner 2" in client.get(url).content.decode()


def test_a_wrong_passphrase_signs_nothing(house, browser, unit, person):
    made = compare(house, unit, person, signed=False)
    client = browser("dna_examiner", signs=True)
    assert_refused_page(
        client, f"/identification/comparison/{made.number}/", {"passphrase": "not hers", "version_seen": "1"}
    )


def test_signing_twice_is_refused_on_the_page(house, browser, unit, person):
    made = compare(house, unit, person, signed=False)
    client = browser("dna_examiner", signs=True)
    url = f"/identification/comparison/{made.number}/"
    client.post(url, {"passphrase": PASSPHRASE, "version_seen": "1"})
    assert "You have signed this version" in client.get(url).content.decode()
    assert_refused_page(client, url, {"passphrase": PASSPHRASE, "version_seen": "1"})


def test_a_signature_that_comes_too_late_is_told_why_it_was_not_taken(house, browser, unit, person):
    made = compare(house, unit, person)
    decision = lay(house, made)
    pages = {"comparison": (made, "dna_examiner"), "decision": (decision, "board")}
    decided(house, decision)
    for name, (record, role) in pages.items():
        client = browser(role, signs=True)
        before = journal.size()
        page = client.post(f"/identification/{name}/{record.number}/", {"passphrase": PASSPHRASE, "version_seen": 1})
        assert journal.size() == before
        assert '<li class="error">' in page.content.decode(), name


def test_a_board_member_cannot_sign_a_comparison(house, browser, unit, person):
    made = compare(house, unit, person, signed=False)
    client = browser("board", signs=True)
    url = f"/identification/comparison/{made.number}/"
    assert 'name="passphrase"' not in client.get(url).content.decode()
    before = journal.size()
    client.post(url, {"passphrase": PASSPHRASE, "version_seen": "1"})
    assert journal.size() == before


def test_a_question_is_laid_and_decided_on_the_pages(house, browser, unit, person):
    made = compare(house, unit, person)
    laying = browser("investigator")
    url = f"/identification/comparison/{made.number}/lay/"
    assert "holds" in laying.get(url).content.decode()
    answer = laying.post(url, {"question": "identify", "comparisons": [str(made.pk)]})
    decision = Decision.objects.get()
    at = f"/identification/decision/{decision.number}/"
    assert answer.headers["Location"] == at
    for nth in (1, 2):
        client = browser("board", nth, signs=True)
        page = client.get(at).content.decode()
        assert "Every rule holds" in page
        assert client.post(at, {"passphrase": PASSPHRASE, "version_seen": "1"}).status_code == 302
    assert Decision.objects.get().state == "certified"
    page = client.get(f"{at}certificate/").content.decode()
    assert "CRT-000001" in page
    assert person.name in page


def test_laying_what_may_not_be_laid_shows_why_and_files_nothing(house, browser, unit, person):
    made = compare(house, unit, person, lines=[*facing(), contradiction()])
    client = browser("investigator")
    url = f"/identification/comparison/{made.number}/lay/"
    assert "does not hold" in client.get(url).content.decode()
    page = assert_refused_page(client, url, {"question": "identify", "comparisons": [str(made.pk)]})
    assert "190 cm" in page


def test_the_board_is_shown_what_does_not_hold_any_longer(house, browser, unit, person):
    decision = lay(house, compare(house, unit, person))
    compare(house, unit, person, discipline="secondary", conclusion="inconclusive", lines=[contradiction()])
    client = browser("board", signs=True)
    url = f"/identification/decision/{decision.number}/"
    page = client.get(url).content.decode()
    assert "1 rule does not hold" in page
    assert 'name="passphrase"' not in page
    assert_refused_page(client, url, {"passphrase": PASSPHRASE, "version_seen": "1"})


def test_there_is_no_certificate_before_the_decision(house, browser, unit, person):
    decision = lay(house, compare(house, unit, person))
    assert browser("board").get(f"/identification/decision/{decision.number}/certificate/").status_code == 404


def test_doubt_and_revocation_on_the_pages(house, browser, unit, person):
    decision = identified(house, unit, person)
    url = f"/identification/decision/{decision.number}/"
    answer = browser("investigator").post(
        f"{url}doubt/", {"grounds": "Swapped tubes.", "evidence": "DNA-000001", "version_seen": "3"}
    )
    assert answer.status_code in (200, 302)
    if not Doubt.objects.exists():
        version = Decision.objects.get().version
        browser("investigator").post(
            f"{url}doubt/", {"grounds": "Swapped tubes.", "evidence": "DNA-000001", "version_seen": version}
        )
    assert Doubt.objects.get().evidence == ["DNA-000001"]
    for nth in (1, 2):
        client = browser("board", nth, signs=True)
        assert unit.number in client.get(f"{url}revoke/").content.decode()
        form = {"passphrase": PASSPHRASE, "reason": "swapped tubes", "version_seen": Decision.objects.get().version}
        assert client.post(f"{url}revoke/", form).status_code == 302
    page = client.get(url).content.decode()
    assert "What the revocation reopened" in page
    assert "This certificate no longer holds" in client.get(f"{url}certificate/").content.decode()
    review = Review.objects.order_by("number").first()
    assert review.number in client.get("/identification/reviews/").content.decode()
    client.post(f"/identification/review/{review.number}/close/", {"outcome": "typed anew", "version_seen": "1"})
    assert Review.objects.get(pk=review.pk).closed_on


def test_a_revocation_without_a_doubt_is_refused_on_the_page(house, browser, unit, person):
    decision = identified(house, unit, person)
    client = browser("board", signs=True)
    url = f"/identification/decision/{decision.number}/revoke/"
    form = {"passphrase": PASSPHRASE, "reason": "a feeling", "version_seen": decision.version}
    assert_refused_page(client, url, form)


def test_family_and_release_on_the_pages(house, browser, unit, person):
    decision = identified(house, unit, person)
    url = f"/identification/decision/{decision.number}/"
    form = {"notified_on": "2026-05-05", "version_seen": decision.version}
    assert browser("family_liaison").post(f"{url}tell/", form).status_code == 302
    client = browser("mortuary", signs=True)
    form = {"released_to": "Mother", "document_seen": "AB 1", "to_place": "Izium",
            "family_choice": "partial_now", "passphrase": PASSPHRASE, "version_seen": decision.version + 1,
            "identity_checked_by": str(house.acting("mortuary", 2).person)}  # fmt: skip
    assert client.post(f"{url}release/", form).status_code == 302
    assert Release.objects.get().released_to == "Mother"


def test_release_checked_by_oneself_is_refused_on_the_page(house, browser, unit, person):
    decision = told(house, identified(house, unit, person))
    form = {"released_to": "Mother", "document_seen": "AB 1", "to_place": "Izium",
            "family_choice": "partial_now", "passphrase": PASSPHRASE,
            "identity_checked_by": str(house.acting("mortuary").person), "version_seen": decision.version}  # fmt: skip
    assert_refused_page(browser("mortuary", signs=True), f"/identification/decision/{decision.number}/release/", form)


def test_taking_back_from_the_board(house, browser, unit, person):
    decision = lay(house, compare(house, unit, person))
    url = f"/identification/decision/{decision.number}/withdraw/"
    assert_refused_page(browser("investigator"), url, {"reason": "", "version_seen": "1"})
    browser("investigator").post(url, {"reason": "a better profile is coming", "version_seen": "1"})
    assert Decision.objects.get().state == "withdrawn"


def test_an_act_is_offered_only_in_the_states_it_starts_from_and_its_page_says_why(house, browser, unit, person):
    decision = lay(house, compare(house, unit, person))
    page, client = f"/identification/decision/{decision.number}/", browser("investigator")
    assert f"{page}withdraw/" in client.get(page).content.decode()
    # What an act will do is not said where it cannot be performed.
    lead = "With a doubt, two board members may revoke the decision."
    assert lead not in client.get(f"{page}doubt/").content.decode()
    assert "novalidate" in client.get(f"{page}withdraw/").content.decode()
    decided(house, decision)
    assert lead in client.get(f"{page}doubt/").content.decode()
    assert f"{page}withdraw/" not in client.get(page).content.decode()
    closed = client.get(f"{page}withdraw/").content.decode()
    assert f"{decision.number} is certified" in closed
    assert "This act needs: the state “before the board”" in closed
    assert "novalidate" not in closed
    # Whoever sends the form all the same is told at the form, which keeps what was typed.
    sent = assert_refused_page(client, f"{page}withdraw/", {"reason": "a slip of the hand", "version_seen": "3"})
    assert "a slip of the hand" in sent
    assert "This act needs" not in sent.partition("<form")[0]


def test_an_act_that_names_no_states_is_offered_in_every_one(house, browser, person):
    client, page = browser("family_liaison"), f"/missing/{person.number}/"
    assert f"{page}duplicate/" in client.get(page).content.decode()
    assert "novalidate" in client.get(f"{page}duplicate/").content.decode()


@pytest.mark.parametrize("state", ["before the board", "revoked"])
def test_the_page_of_a_revocation_says_why_there_is_nothing_to_revoke(house, browser, unit, person, state):
    decision = lay(house, compare(house, unit, person))
    if state == "revoked":
        decision = doubted(house, decided(house, decision))
        for nth in (1, 2):
            sign_revocation(house, decision, nth)
    client = browser("board", signs=True)
    url = f"/identification/decision/{decision.number}/revoke/"
    closed = client.get(url).content.decode()
    assert f"{decision.number} is {state}" in closed
    assert "This act needs: the state “certified”, the state “family notified”, the state “released” or" in closed
    assert "passphrase" not in closed
    assert "What a revocation reopens" not in closed
    form = {"passphrase": PASSPHRASE, "reason": "swapped tubes", "version_seen": Decision.objects.get().version}
    assert_refused_page(client, url, form)


def test_an_act_on_an_older_version_is_refused(house, browser, unit, person):
    decision = identified(house, unit, person)
    form = {"notified_on": "2026-05-05", "version_seen": decision.version - 1}
    assert_refused_page(browser("family_liaison"), f"/identification/decision/{decision.number}/tell/", form)


def test_ukrainian_pages_have_no_english_left(house, browser, unit, person):
    doubted(house, decided(house, lay(house, compare(house, unit, person))))
    client = browser("board")
    client.post("/language/", {"language": "uk"})
    for url in (*PAGES, "/identification/comparison/CMP-000001/", "/identification/decision/DEC-000001/"):
        page = client.get(url).content.decode()
        assert 'lang="uk"' in page
        for word in ("Missing person", "Signed by", "For and against", "Recovery unit"):
            assert word not in page, (url, word)


def test_pages_ask_the_database_as_often_for_many_as_for_few(house, browser, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    people = missing(house, "Андрій", "Богдан", "Василь")
    bodies = units(house, 3)
    client = browser("board")

    def asked(url):
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    sign(house, lay(house, compare(house, bodies[0], people[0])), 1)
    few = [asked(url) for url in PAGES]
    for body, person in zip(bodies[1:], people[1:], strict=True):
        lay(house, compare(house, body, person))
    assert [asked(url) for url in PAGES] == few
    assert max(few) < 40
    assert asked("/identification/decision/DEC-000001/") < 70
    assert asked("/identification/comparison/CMP-000001/") < 45
    assert sign_revocation


def test_what_the_records_say_is_taken_in_as_codes_and_read_in_ukrainian(browser, search, unit, person):
    from dokaz.identification.circumstances import circumstances
    from dokaz.pages.refusals import in_words

    (proposed,) = circumstances(unit, person)
    client = browser("dna_examiner")
    with translation.override("en"):
        english = proposed.words
    assert english in client.get(at(unit, person)).content.decode()
    row = {"line-0-proposed": f"{proposed.about} {proposed.source}", "line-0-bearing": proposed.bearing,
           "line-0-statement": "seen by two", "line-0-about": "other"}  # fmt: skip
    client.post(at(unit, person), compare_form(search, unit, person, **row))
    answer = client.post(at(unit, person), compare_form(search, unit, person, **row, **{"line-0-is_taken": "on"}))
    left, taken = Comparison.objects.order_by("number")
    assert left.lines == []
    assert [(line["about"], line["finding"], line["statement"]) for line in taken.lines] == [
        (proposed.about, proposed.finding, "seen by two")
    ]
    client.cookies.load({"django_language": "uk"})
    page = client.get(answer.headers["Location"]).content.decode()
    with translation.override("uk"):
        assert in_words(proposed.words) in page
        assert in_words(proposed.words) != proposed.words
