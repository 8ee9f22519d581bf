"""Pages of this room: searches and their candidates, comparisons with everything for and against."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.filing import Actor, Filing
from dokaz.casework.roles import Role
from dokaz.errors import DokazError
from dokaz.graves.models import RecoveryUnit
from dokaz.identification import acts, searching
from dokaz.identification.comparing import best_profile, circumstances, dna_evidence
from dokaz.identification.forms import (
    EMPTY_LINES,
    MOST_LINES,
    CompareForm,
    LineFormSet,
    PairForm,
    SearchForm,
    SignForm,
    SupersedeForm,
)
from dokaz.identification.lr_display import (
    chart_of,
    for_and_against,
    others_of,
    person_url,
    pins,
    shown_lr,
    state_in_words,
    unit_url,
)
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Conclusion,
    Decision,
    DecisionState,
    Discipline,
    Review,
    Search,
)
from dokaz.identification.queries import IN_FORCE, waiting_for_board, waiting_for_examiners
from dokaz.identification.requirements import of_pair
from dokaz.identification.signing import panel, signed_by
from dokaz.missing.models import Frequencies, MissingPerson
from dokaz.mortuary.models import Profile
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import act_on, acting_of, say_refusal
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import matching, page_of, searched
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.refusals import what_and_next
from dokaz.pages.templatetags.dokaz import count

EXAMINERS = (Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY)
ONE_A_PAGE = 50


def room_path(*steps: Crumb) -> list[Crumb]:
    """The way to a page of this room."""
    return [Crumb(_("Identification"), reverse("identification")), *steps]


def comparison_crumb(comparison: Comparison) -> Crumb:
    """The step to a comparison."""
    return Crumb(comparison.number, reverse("comparison", args=[comparison.number]), is_number=True)


def identification(request: HttpRequest) -> HttpResponse:
    """What waits for whom, and the newest searches."""
    act_links = [
        ActLink(
            "identification.search",
            _("Search all profiles"),
            reverse("identification_search_new"),
            not Search.objects.exists(),
        ),
        ActLink("identification.compare", _("Compare"), reverse("comparison_new")),
    ]
    of_records = ("missing_person", "recovery_unit")
    return render(
        request,
        "identification/room.html",
        {
            "path": room_path(),
            "to_sign": waiting_for_examiners().select_related(*of_records, "examiner")[:ONE_A_PAGE],
            "to_decide": waiting_for_board().select_related(*of_records)[:ONE_A_PAGE],
            "figures": [
                (
                    waiting_for_examiners().count(),
                    _("comparisons to be signed"),
                    reverse("comparisons") + "?state=proposed",
                    "decide",
                ),
                (
                    waiting_for_board().count(),
                    _("decisions before the board"),
                    reverse("decisions") + "?state=before_board",
                    "decide",
                ),
                (
                    Decision.objects.filter(question="identify", state__in=IN_FORCE).count(),
                    _("units identified"),
                    reverse("decisions") + "?state=identified",
                    "",
                ),
                (
                    Decision.objects.filter(state=DecisionState.REVOKED).count(),
                    _("decisions revoked"),
                    reverse("decisions") + "?state=revoked",
                    "",
                ),
                (Review.objects.filter(closed_on=None).count(), _("reviews open"), reverse("board_reviews"), "decide"),
            ],
            "searches": Search.objects.select_related("frequencies").defer("candidates").order_by("-number")[:10],
            "act_links": open_act_links(acting_of(request), act_links),
        },
    )


def search_new(request: HttpRequest) -> HttpResponse:
    """Search every profile against every family."""
    form = SearchForm(request.POST or None)

    def compute(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
        threshold = float(values["threshold_log10_lr"])
        found = searching.compute(values["frequencies"], threshold_log10_lr=threshold)
        return {"found": found, "threshold_log10_lr": threshold}

    done = act_on(request, form, lambda f, values: searching.file(f, **values), message=_("Searched."), prepare=compute)
    if done:
        return redirect("identification_search", done.result.number)
    lead = _(
        "Every DNA profile that stands is compared with every family that has a typed relative. The machine ranks; "
        "it identifies nobody."
    )
    return _form(request, form, _("Search all profiles"), _("Search"), reverse("identification"), lead=lead)


def search(request: HttpRequest, number: str) -> HttpResponse:
    """One search: what went in, what was left out, and the candidates, best first."""
    found = get_object_or_404(Search.objects.select_related("frequencies"), number=number)
    words = searched(request)
    rows = [
        {"rank": rank, **each}
        for rank, each in enumerate(found.candidates, start=1)
        if not words or any(words.lower() in str(each[k]).lower() for k in ("unit", "missing", "family", "profile"))
    ]
    page = Paginator(rows, ONE_A_PAGE).get_page(request.GET.get("page"))
    names = {
        p.number: p.name for p in MissingPerson.objects.filter(number__in=[row["missing"] for row in page.object_list])
    }
    seen = _compared(page.object_list)
    may_compare = acting_of(request).is_one_of(EXAMINERS)
    for row in page.object_list:
        row |= {
            "name": names.get(row["missing"], ""),
            "lr": shown_lr(row["log10_lr"]),
            "unit_url": unit_url(row["unit"]),
            "person_url": person_url(row["missing"]),
            "compared": seen.get((row["unit"], row["missing"])),
        }
        if may_compare:
            row["compare"] = (
                f"{reverse('comparison_new')}?unit={row['unit']}&missing={row['missing']}&discipline=dna"
                f"&profile={row['profile']}&frequencies={found.frequencies.number}"
            )
    facts = [
        Fact(_("Run"), found.run_at, kind="when"),
        Fact(_("Computed from"), count(found.ledger_size), _("entries: what the ledger held when the search began")),
        Fact(_("Program"), found.engine),
        Fact(_("Allele frequencies"), f"{found.frequencies.number} {found.frequencies.name}", found.frequencies.source),
        Fact(
            _("Compared"),
            _("%(profiles)s distinct DNA profiles with %(families)s families, who miss %(missing)s persons")
            % {"profiles": found.profiles, "families": found.families, "missing": found.missing},
        ),
        Fact(_("Kept from"), f"log10 LR {found.threshold_log10_lr}", _("lower ones were computed and not kept")),
    ]
    return render(
        request,
        "identification/search.html",
        {
            "path": room_path(Crumb(found.number, is_number=True)),
            "search": found,
            "left_out": _by_reason(found.left_out),
            "facts": facts,
            "page": page,
            "columns": [
                Column(_("Rank"), is_number=True),
                Column(_("Recovery unit")),
                Column(_("Missing person")),
                Column(_("Family")),
                Column("log10 LR", is_number=True),
                Column(""),
            ],
            "strip": strip_of(found),
        },
    )


def _by_reason(left_out: list[dict[str, str]]) -> list[tuple[str, list[str]]]:
    """What a search left out, together where the reason is the same; the commonest reason first."""
    reasons: dict[str, list[str]] = {}
    for each in left_out:
        reasons.setdefault(each["why"], []).append(each["what"])
    return sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _compared(rows: Any) -> dict[tuple[str, str], Comparison]:
    units, people = {row["unit"] for row in rows}, {row["missing"] for row in rows}
    made = Comparison.objects.filter(recovery_unit__number__in=units, missing_person__number__in=people)
    return {
        (c.recovery_unit.number, c.missing_person.number): c
        for c in made.select_related("recovery_unit", "missing_person").order_by("number")
    }


# --- comparisons -----------------------------------------------------------------------------------------------------


def comparisons(request: HttpRequest) -> HttpResponse:
    """Every comparison."""
    query = Comparison.objects.all()
    for name in ("state", "discipline", "conclusion"):
        if request.GET.get(name):
            query = query.filter(**{name: request.GET[name]})
    words = searched(request)
    if words:
        query = query.filter(
            matching(words, "number", "recovery_unit__number", "missing_person__number", "missing_person__family_name")
        )
    orders = {"number": ("-number",), "unit": ("recovery_unit__number",), "missing": ("missing_person__number",)}
    page = page_of(
        request, query, orders=orders, fetch=lambda q: q.select_related("recovery_unit", "missing_person", "examiner")
    )
    choices = [
        Choice("state", _("State"), ComparisonState.choices, request.GET.get("state", "")),
        Choice("discipline", _("Discipline"), Discipline.choices, request.GET.get("discipline", "")),
        Choice("conclusion", _("Conclusion"), Conclusion.choices, request.GET.get("conclusion", "")),
    ]
    columns = [
        Column(_("Comparison"), "number"),
        Column(_("Recovery unit"), "unit"),
        Column(_("Missing person"), "missing"),
        Column(_("Discipline")),
        Column(_("Conclusion")),
        Column("log10 LR", is_number=True),
        Column(_("State")),
    ]
    for each in page.object_list:
        each.lr = shown_lr(each.log10_lr)
    context = {"path": room_path(Crumb(_("Comparisons"))), "page": page, "choices": choices, "columns": columns}
    perform = ActLink("identification.compare", _("Compare"), reverse("comparison_new"))
    return render(
        request,
        "identification/comparisons.html",
        {**context, "act_links": open_act_links(acting_of(request), [perform])},
    )


def comparison_new(request: HttpRequest) -> HttpResponse:
    """Compare: first which two, then everything for and against in one step."""
    pair = PairForm(request.GET if "unit" in request.GET else None)
    if not pair.is_valid():
        return render(request, "identification/pair.html", {"path": room_path(Crumb(_("Compare"))), "form": pair})
    unit, person = pair.cleaned_data["unit"], pair.cleaned_data["missing"]
    discipline = pair.cleaned_data["discipline"]
    initial = _chosen(request, unit) if discipline == Discipline.DNA else {}
    more = "more" in request.POST
    form = CompareForm(
        None if more else request.POST or None,
        unit=unit,
        discipline=discipline,
        initial=request.POST.dict() if more else initial,
    )
    lines = LineFormSet(
        _with_more(request.POST) if more else request.POST or None, initial=_known(unit, person), prefix="line"
    )
    evidence, refused = _preview(initial, person) if request.method != "POST" else (None, "")
    if request.method == "POST" and not more and lines.is_valid():

        def compute(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
            profile, table = values.pop("profile", None), values.pop("frequencies", None)
            return values | {"evidence": dna_evidence(profile, person, table) if profile else None}

        def perform(f: Filing, values: dict[str, Any]) -> Comparison:
            taken = [each.line for each in lines if each.line]
            return acts.compare(
                f, missing_person=person, recovery_unit=unit, discipline=discipline, lines=taken, **values
            )

        done = act_on(request, form, perform, message=_("Compared. Two examiners sign it now."), prepare=compute)
        if done:
            return redirect("comparison", done.result.number)
    return render(
        request,
        "identification/compare.html",
        {
            "path": room_path(Crumb(_("Compare"))),
            "unit": unit,
            "person": person,
            "unit_url": unit_url(unit.number),
            "person_url": person_url(person.number),
            "discipline": Discipline(discipline).label,
            "form": form,
            "lines": lines,
            "chart": chart_of(evidence["per_marker"], evidence["log10_lr"]) if evidence else "",
            "refused": refused,
            "earlier": of_pair(unit, person),
        },
    )


def _with_more(data: Any) -> Any:
    values = data.copy()
    values["line-TOTAL_FORMS"] = str(min(int(values.get("line-TOTAL_FORMS") or 0) + EMPTY_LINES, MOST_LINES))
    return values


def _known(unit: RecoveryUnit, person: MissingPerson) -> list[dict[str, Any]]:
    """What the records say already, as rows that the examiner takes in, explains, or empties."""
    return [{**line.as_json(), "distinguishes": " ".join(line.distinguishes)} for line in circumstances(unit, person)]


def _chosen(request: HttpRequest, unit: RecoveryUnit) -> dict[str, Any]:
    profile = Profile.objects.filter(number=request.GET.get("profile", ""), sample__unit=unit).first()
    table = Frequencies.objects.filter(number=request.GET.get("frequencies", "")).first()
    try:
        profile = profile or best_profile(unit)
    except DokazError:
        profile = None
    return {"profile": profile, "frequencies": table or Frequencies.objects.order_by("-number").first()}


def _preview(chosen: dict[str, Any], person: MissingPerson) -> tuple[dict[str, Any] | None, str]:
    """The numbers that a DNA comparison would rest on, or why there are none."""
    if not chosen:
        return None, ""
    if not chosen["profile"] or not chosen["frequencies"]:
        return None, _("There is no DNA profile of the unit, or no table of allele frequencies, yet.")
    try:
        return dna_evidence(chosen["profile"], person, chosen["frequencies"]), ""
    except DokazError as error:
        return None, ". ".join(what_and_next(error))


def comparison(request: HttpRequest, number: str) -> HttpResponse:
    """One comparison: what every marker says, what speaks for and against, who else fits, who signed."""
    found = get_object_or_404(
        Comparison.objects.select_related(
            "recovery_unit", "missing_person", "examiner", "profile", "family", "frequencies", "superseded_by"
        ),
        number=number,
    )
    acting = acting_of(request)
    form = SignForm(request.POST or None, record=found)
    if request.method == "POST" and acting.is_one_of(EXAMINERS):
        said = lambda signed: _("Signed; both signatures are given.") if signed else _("Signed; one more person signs.")  # noqa: E731
        if act_on(request, form, lambda f, values: acts.sign_comparison(found, f), message=said):
            return redirect("comparison", number)
    if found.state != ComparisonState.PROPOSED:
        say_refusal(request, form)
    elsewhere = [c for c in of_pair(found.recovery_unit, found.missing_person) if c.pk != found.pk]
    about_both = Decision.objects.filter(recovery_unit=found.recovery_unit_id, missing_person=found.missing_person_id)
    decided = [each for each in about_both.order_by("number") if str(found.id) in each.comparisons]
    act_links = []
    if found.state == ComparisonState.SIGNED:
        act_links.append(
            ActLink(
                "identification.lay_before_board",
                _("Lay before the board"),
                reverse("decision_new", args=[number]),
                not decided,
            )
        )
    if found.state != ComparisonState.SUPERSEDED and elsewhere:
        act_links.append(
            ActLink(
                "identification.supersede",
                _("Replace by a newer comparison"),
                reverse("comparison_supersede", args=[number]),
            )
        )
    return render(
        request,
        "identification/comparison.html",
        {
            "path": room_path(Crumb(_("Comparisons"), reverse("comparisons")), comparison_crumb(found)),
            "comparison": found,
            "facts": _facts(found),
            "chart": chart_of(found.per_marker, found.log10_lr) if found.per_marker and found.log10_lr else "",
            "markers": [
                {**m, "lr": shown_lr(m["log10_lr"] or "", 4), "said": state_in_words(m["state"])}
                for m in found.per_marker
            ],
            "left_aside": [m for m in found.per_marker if m["log10_lr"] is None],
            "inconsistent": [m["marker"] for m in found.per_marker if m["log10_lr"] == "-inf"],
            "sides": for_and_against([found]),
            "others": others_of(found),
            "pins": pins(found),
            "elsewhere": elsewhere,
            "decisions": decided,
            "act_links": open_act_links(acting, act_links),
            "signing": _signing(found, acting, form) if found.state == ComparisonState.PROPOSED else None,
            "signed": signed_by(found, "identification.sign_comparison"),
            "strip": strip_of(found),
        },
    )


def _signing(found: Comparison, acting: Any, form: SignForm) -> Any:
    statement = _("I have examined %(unit)s against %(person)s by %(discipline)s and conclude: %(conclusion)s.") % {
        "unit": found.recovery_unit.number,
        "person": found.missing_person.number,
        "discipline": found.get_discipline_display(),
        "conclusion": found.get_conclusion_display(),
    }
    return panel(
        found,
        "identification.sign_comparison",
        acting,
        statement=statement,
        verb=_("Sign the comparison"),
        form=form,
        action=reverse("comparison", args=[found.number]),
    )


def _facts(found: Comparison) -> list[Fact]:
    unit, person = found.recovery_unit, found.missing_person
    facts = [
        Fact(_("Recovery unit"), unit.number, unit.get_state_display(), unit_url(unit.number), "number"),
        Fact(_("Missing person"), person.number, person.name, person_url(person.number), "number"),
        Fact(_("Discipline"), found.get_discipline_display()),
        Fact(_("Conclusion"), found.get_conclusion_display()),
        Fact(_("Examiner"), found.examiner.name),
        Fact(_("Compared"), found.compared_at, kind="when"),
    ]
    if found.log10_lr:
        facts.append(Fact("log10 LR", shown_lr(found.log10_lr), _("in full: %(digits)s") % {"digits": found.log10_lr}))
    if found.superseded_by:
        facts.append(
            Fact(
                _("Superseded by"),
                found.superseded_by.number,
                found.reason,
                reverse("comparison", args=[found.superseded_by.number]),
                "number",
            )
        )
    return facts


def comparison_supersede(request: HttpRequest, number: str) -> HttpResponse:
    """Put a newer comparison in the place of this one."""
    found = get_object_or_404(Comparison, number=number)
    others = Comparison.objects.filter(recovery_unit=found.recovery_unit_id, missing_person=found.missing_person_id)
    others = others.filter(~Q(pk=found.pk), ~Q(state=ComparisonState.SUPERSEDED)).order_by("-number")
    form = SupersedeForm(request.POST or None, record=found, others=others)
    if act_on(request, form, lambda f, values: acts.supersede(found, f, by=values["by"]), message=_("Superseded.")):
        return redirect("comparison", number)
    return _form(
        request,
        form,
        _("Replace by a newer comparison"),
        _("Replace"),
        reverse("comparison", args=[number]),
        number=number,
    )


def _form(
    request: HttpRequest, form: Any, title: str, verb: str, back: str, *, lead: str = "", number: str = ""
) -> HttpResponse:
    path = room_path(*([Crumb(number, back, is_number=True)] if number else []), Crumb(title))
    context = {"path": path, "form": form, "title": title, "verb": verb, "back": back, "lead": lead, "number": number}
    return render(request, "pages/act.html", context)
