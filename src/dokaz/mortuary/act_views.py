"""Forms of this room, each of which becomes one act."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.filing import Filing
from dokaz.graves.models import RecoveryUnit
from dokaz.graves.views import unit_path, why_closed
from dokaz.mortuary import acts
from dokaz.mortuary.forms import (
    MOST_FINDINGS,
    ExamineForm,
    FindingForm,
    Findings,
    PlainForm,
    SampleForm,
    TypedProfileForm,
    WithdrawProfileForm,
)
from dokaz.mortuary.intake import take_profiles
from dokaz.mortuary.models import Profile, Sample, Timing
from dokaz.pages.acting import act_on, posted
from dokaz.pages.parts import Crumb, Fact


def _page(request: HttpRequest, template: str = "pages/act.html", **context: Any) -> HttpResponse:
    context["path"] = [*context["path"], Crumb(context["title"])]
    return render(request, template, context)


def _unit(number: str) -> RecoveryUnit:
    found: RecoveryUnit = get_object_or_404(RecoveryUnit.objects.select_related("grave__site", "holder"), number=number)
    return found


def unit_receive(request: HttpRequest, number: str) -> HttpResponse:
    """Take a unit into the mortuary."""
    unit = _unit(number)
    form, back = PlainForm(posted(request), record=unit), reverse("unit", args=[number])
    if act_on(request, form, lambda f, values: acts.receive(unit, f), message=_("%(n)s is received.") % {"n": number}):
        return redirect(back)
    notes = [Fact(_("Where it is"), unit.place), Fact(_("Held by"), unit.holder.name if unit.holder else "")]
    return _page(request, path=unit_path(unit), number=number, title=_("Receive"), notes=notes, form=form,
                 lead=_("Compare the number on the label with the number on this page."), verb=_("It is received"),
                 back=back, closed=why_closed(request, unit, acts.TO_RECEIVE))  # fmt: skip


def unit_store(request: HttpRequest, number: str) -> HttpResponse:
    """Put a unit into its store."""
    unit = _unit(number)
    form, back = PlainForm(posted(request), record=unit), reverse("unit", args=[number])
    if act_on(request, form, lambda f, values: acts.store(unit, f), message=_("%(n)s is in store.") % {"n": number}):
        return redirect(back)
    return _page(request, path=unit_path(unit), number=number, title=_("Put into store"), form=form,
                 lead=_("Examined, and sampled if anything could be sampled."), verb=_("It is in store"),
                 back=back, closed=why_closed(request, unit, acts.TO_STORE))  # fmt: skip


def unit_sample(request: HttpRequest, number: str) -> HttpResponse:
    """Take a sample for the laboratory."""
    unit = _unit(number)
    form = SampleForm(posted(request), record=unit)
    done = act_on(
        request,
        form,
        lambda f, values: acts.sample(unit, f, **values),
        message=lambda taken: _("Sample %(n)s is taken.") % {"n": taken.number},
    )
    if done:
        return redirect("sample", done.result.number)
    return _page(request, path=unit_path(unit), number=number, title=_("Take a sample"), form=form,
                 lead=_("The sample's number derives from the unit's."), verb=_("It is taken"),
                 back=reverse("unit", args=[number]), closed=why_closed(request, unit, acts.TO_SAMPLE))  # fmt: skip


def unit_examine(request: HttpRequest, number: str) -> HttpResponse:
    """Write down what is seen on a unit, with all its findings in one step."""
    unit = _unit(number)
    asks_for_row = "more" in request.POST
    form = ExamineForm(posted(request), record=unit)
    findings = Findings(posted(request), prefix="findings", initial=[{"timing": Timing.UNDETERMINED}] * 2)
    if asks_for_row:
        findings = _one_more(findings)
    elif request.method == "POST" and findings.is_valid():
        seen = [
            acts.Seen(one["element"], one["mechanism"], one["timing"] or Timing.UNDETERMINED, one["description"])
            for one in (row.cleaned_data for row in findings)
            if not FindingForm.is_empty(one)
        ]

        def examine(filing: Filing, values: dict[str, Any]) -> Any:
            return acts.examine(unit, filing, findings=seen, **values)

        done = act_on(request, form, examine, message=lambda one: _("Examination %(n)s is filed.") % {"n": one.number})
        if done:
            return redirect("examination", done.result.number)
    lead = _("Observations only: what they mean is for an opinion, and who it was for a board.")
    return _page(request, "mortuary/examine.html", path=unit_path(unit), number=number, title=_("Examine"), lead=lead,
                 form=form, findings=findings, verb=_("File the examination"),
                 back=reverse("unit", args=[number]), closed=why_closed(request, unit, acts.TO_EXAMINE))  # fmt: skip


def _one_more(findings: Any) -> Any:
    """The same rows, as typed, and an empty one."""
    count = min(int(findings.data.get("findings-TOTAL_FORMS") or 0) if findings.data else 0, MOST_FINDINGS - 1)
    data = findings.data.copy()
    data["findings-TOTAL_FORMS"] = str(count + 1)
    data[f"findings-{count}-timing"] = Timing.UNDETERMINED
    return Findings(data, prefix="findings")


def sample_profile(request: HttpRequest, number: str) -> HttpResponse:
    """Type in what a laboratory found in a sample; it is filed as a delivered table is, and the table is kept."""
    found = get_object_or_404(Sample.objects.select_related("unit__grave__site"), number=number)
    form = TypedProfileForm(posted(request), sample=number, attempt=found.profiles.count() + 1)
    done = act_on(
        request,
        form,
        lambda f, values: take_profiles(form.table, file=form.file, filing=f),
        message=_("The profile of %(n)s is filed.") % {"n": number},
    )
    if done:
        return redirect("sample", number)
    return _page(request, path=[*unit_path(found.unit), Crumb(number, reverse("sample", args=[number]), is_number=True)],
                 number=number, title=_("Type in a profile"), form=form,
                 lead=_("A table from the laboratory is safer: it is delivered as a file, and nobody types it."),
                 verb=_("File the profile"), back=reverse("sample", args=[number]))  # fmt: skip


def profile_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Mark a profile as found wrong."""
    found = get_object_or_404(Profile.objects.select_related("sample__unit__grave__site"), number=number)
    form, back = WithdrawProfileForm(posted(request), record=found), reverse("profile", args=[number])
    if act_on(
        request,
        form,
        lambda f, values: acts.withdraw_profile(found, f),
        message=_("%(n)s is withdrawn.") % {"n": number},
    ):
        return redirect(back)
    return _page(request, path=unit_path(found.sample.unit), number=number, title=_("Withdraw a profile"), form=form,
                 lead=_("It stays readable, and is no longer compared."), verb=_("Withdraw it"), back=back)  # fmt: skip
