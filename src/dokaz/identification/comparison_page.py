"""The pages of a comparison: what every marker says, what speaks for and against, who else fits, who signed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.corrections import put_right_since
from dokaz.casework.filing import Actor, Filing
from dokaz.casework.models import Attachment, JournalEntry
from dokaz.casework.queries import attached_to
from dokaz.errors import DokazError
from dokaz.graves.models import RecoveryUnit
from dokaz.identification import acts
from dokaz.identification.acts.comparisons import OWN_OFFICE
from dokaz.identification.acts.corrected import comparisons_on
from dokaz.identification.circumstances import circumstances
from dokaz.identification.comparing import best_profile, dna_evidence
from dokaz.identification.evidence import DnaEvidence
from dokaz.identification.forms import EMPTY_LINES, MOST_LINES, CompareForm, LineFormSet, PairForm
from dokaz.identification.left_out import why
from dokaz.identification.lr_display import (
    chart_of,
    for_and_against,
    others_of,
    person_url,
    pins,
    shown_lr,
    unit_url,
)
from dokaz.identification.models import Comparison, Decision, Discipline, MarkerState
from dokaz.identification.queries import attached_to_remains
from dokaz.identification.requirements import of_pair, standing
from dokaz.identification.signing import panel, signed_by
from dokaz.missing.models import Frequencies, MissingPerson
from dokaz.mortuary.models import Profile
from dokaz.pages.acting import ActForm, Acting, act_on, acting_of
from dokaz.pages.named import fact_of, label_of
from dokaz.pages.parts import Crumb, Fact, Signing, Text
from dokaz.pages.putting_right import corrected_since
from dokaz.pages.refusals import in_words, what_and_next
from dokaz.pages.ways import page_of, way_to_page

WITH = ("recovery_unit", "missing_person", "examiner", "profile", "family", "frequencies", "superseded_by")


def evidence_of(found: Comparison, acting: Acting) -> dict[str, Any]:
    """Everything that a comparison says, for and against, and what was decided on it."""
    about_both = Decision.objects.filter(recovery_unit=found.recovery_unit_id, missing_person=found.missing_person_id)
    return {
        "comparison": found,
        "chart": chart_of(found.per_marker, found.log10_lr) if found.per_marker and found.log10_lr else "",
        "markers": [
            {**m, "lr": shown_lr(m["log10_lr"] or "", 4), "said": MarkerState(m["state"]).label}
            for m in found.per_marker
        ],
        "inconsistent": [m["marker"] for m in found.per_marker if m["log10_lr"] == "-inf"],
        "sides": for_and_against([found]),
        "others": others_of(found),
        "pins": pins(found),
        "mutation": [in_words(why(each)) for each in found.inputs.get("mutation", ())],
        "elsewhere": elsewhere(found),
        "again": _again(found) if acting.opens("comparison_new") else "",
        "decisions": [each for each in about_both.order_by("number") if str(found.id) in each.comparisons],
        "signed": signed_by(found, "identification.sign_comparison"),
    }


def _again(found: Comparison) -> str:
    """Where the two are compared again in the same discipline."""
    asked = {"unit": found.recovery_unit.number, "missing": found.missing_person.number, "discipline": found.discipline}
    return f"{reverse('comparison_new')}?{urlencode(asked)}"


def elsewhere(found: Comparison) -> list[Comparison]:
    """The other comparisons of the same unit with the same person."""
    return [each for each in of_pair(found.recovery_unit, found.missing_person) if each.pk != found.pk]


def comparison_new(request: HttpRequest) -> HttpResponse:
    """Compare: first which two, then everything for and against in one step."""
    path = [*way_to_page("comparisons"), Crumb(_("Compare"))]
    pair = PairForm(request.GET if "unit" in request.GET else None)
    if not pair.is_valid():
        return render(
            request,
            "identification/pair.html",
            {"path": path, "form": pair},
        )
    unit, person = pair.cleaned_data["unit"], pair.cleaned_data["missing"]
    discipline = pair.cleaned_data["discipline"]
    initial = _chosen(request, unit) if discipline == Discipline.DNA else {}
    more = "more" in request.POST
    form = CompareForm(
        None if more else request.POST or None,
        acting=acting_of(request),
        unit=unit,
        discipline=discipline,
        earlier=standing(unit, person),
        attached=attached_to_remains(unit) | attached_to(person),
        initial=request.POST.dict() if more else initial,
    )
    proposals = {f"{line.about} {line.source}": line for line in circumstances(unit, person)}
    lines = LineFormSet(
        _with_more(request.POST) if more else request.POST or None,
        initial=[{"proposed": key, "bearing": line.bearing} for key, line in proposals.items()],
        form_kwargs={"proposals": proposals},
        prefix="line",
    )
    evidence, refused = _preview(initial, person) if request.method != "POST" else (None, "")
    if request.method == "POST" and not more and lines.is_valid():

        def compute(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
            profile, table = values.pop("profile", None), values.pop("frequencies", None)
            return values | {"evidence": dna_evidence(profile, person, table) if profile else None}

        def perform(f: Filing, values: dict[str, Any]) -> Comparison:
            taken = [each.line for each in lines if each.line]
            replaced, files = list(values.pop("supersedes", ())), list(values.pop("rests_on", ()))
            return acts.compare(
                f, missing_person=person, recovery_unit=unit, discipline=discipline, lines=taken, supersedes=replaced,
                rests_on=files, **values,
            )  # fmt: skip

        done = act_on(request, form, perform, message=_("Compared. Two examiners sign it now."), prepare=compute)
        if done:
            return redirect("comparison", done.result.number)
    return render(
        request,
        "identification/compare.html",
        {
            "path": path,
            "unit": unit,
            "person": person,
            "unit_url": unit_url(unit.number),
            "person_url": person_url(person.number),
            "discipline": Discipline(discipline).label,
            "form": form,
            "lines": lines,
            "chart": chart_of(evidence.per_marker, evidence.log10_lr) if evidence else "",
            "refused": refused,
            "earlier": of_pair(unit, person),
        },
    )


def _with_more(data: Any) -> Any:
    values = data.copy()
    values["line-TOTAL_FORMS"] = str(min(int(values.get("line-TOTAL_FORMS") or 0) + EMPTY_LINES, MOST_LINES))
    return values


def _chosen(request: HttpRequest, unit: RecoveryUnit) -> dict[str, Any]:
    profile = Profile.objects.filter(number=request.GET.get("profile", ""), sample__unit=unit).first()
    table = Frequencies.objects.filter(number=request.GET.get("frequencies", "")).first()
    try:
        profile = profile or best_profile(unit)
    except DokazError:
        profile = None
    return {"profile": profile, "frequencies": table or Frequencies.objects.order_by("-number").first()}


def _preview(chosen: dict[str, Any], person: MissingPerson) -> tuple[DnaEvidence | None, str]:
    """The numbers that a DNA comparison would rest on, or why there are none."""
    if not chosen:
        return None, ""
    if not chosen["profile"] or not chosen["frequencies"]:
        return None, _("There is no DNA profile of the unit, or no table of allele frequencies, yet.")
    try:
        return dna_evidence(chosen["profile"], person, chosen["frequencies"]), ""
    except DokazError as error:
        return None, ". ".join(what_and_next(error))


def signing_of(found: Comparison, acting: Acting, form: ActForm) -> Signing:
    """The place where an examiner signs a comparison."""
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
        offices=[own] if (own := OWN_OFFICE.get(Discipline(found.discipline))) else (),
    )


def signed_message(is_complete: bool) -> Text:
    """What is said to whoever has just signed."""
    return _("Signed; both signatures are given.") if is_complete else _("Signed; one more person signs.")


def facts_of(found: Comparison, acting: Acting) -> list[Fact]:
    """What was compared, how, by whom, and what came of it."""
    facts = [
        fact_of(found, "recovery_unit", found.recovery_unit.get_state_display()),
        fact_of(found, "missing_person", found.missing_person.name),
        fact_of(found, "discipline"),
        fact_of(found, "conclusion"),
        Fact(label_of(Comparison, "examiner"), found.examiner.name),
        fact_of(found, "compared_at"),
    ]
    if found.log10_lr:
        facts.append(Fact("log10 LR", shown_lr(found.log10_lr), _("in full: %(digits)s") % {"digits": found.log10_lr}))
    for one in Attachment.every.filter(pk__in=found.rests_on).order_by("number"):
        facts.append(
            Fact(label_of(Comparison, "rests_on"), one.number, one.description, kind="number", url=page_of(one))
        )
    if found.superseded_by:
        facts.append(fact_of(found, "superseded_by", found.superseded_by.why_better))
    if found.supersedes:
        older = Comparison.objects.filter(pk__in=found.supersedes).order_by("number").values_list("number", flat=True)
        facts.append(Fact(label_of(Comparison, "supersedes"), ", ".join(older), found.why_better))
    made = JournalEntry.objects.filter(record=found.pk, version=1).values_list("index", flat=True).first() or 0
    rests_on = [one for one in put_right_since(made) if found in comparisons_on(one)]
    return [*facts, *corrected_since(rests_on, _("it was made before; whoever signs it has seen that"))]
