"""Forms of this room, each of which becomes one act."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.roles import Role
from dokaz.missing import acts
from dokaz.missing.forms import DonorForm, DuplicateForm, PedigreeForm, ReportForm, VerifyForm, WithdrawForm
from dokaz.missing.models import Donor, Family, MissingPerson
from dokaz.missing.views import family_path, person_path
from dokaz.pages.acting import act_on, open_to, posted
from dokaz.pages.partial_dates import in_words
from dokaz.pages.parts import Crumb, Fact


def _page(request: HttpRequest, **context: Any) -> HttpResponse:
    context["path"] = [*context["path"], Crumb(context["title"])]
    return render(request, "pages/act.html", context)


def _person(number: str) -> MissingPerson:
    found: MissingPerson = get_object_or_404(MissingPerson, number=number)
    return found


@open_to({Role.FAMILY_LIAISON})
def missing_report(request: HttpRequest) -> HttpResponse:
    """Take down a report of a missing person."""
    form = ReportForm(posted(request))
    done = act_on(
        request,
        form,
        lambda f, values: acts.report(f, **values),
        message=lambda person: _("Report %(n)s is taken down.") % {"n": person.number},
    )
    if done:
        return redirect("missing_person", done.result.number)
    return _page(request, path=[Crumb(_("Missing persons"), reverse("missing"))], title=_("Take down a report"),
                 lead=_("In the words and the script of the family."), form=form, verb=_("Take it down"),
                 back=reverse("missing"))  # fmt: skip


@open_to({Role.FAMILY_LIAISON, Role.INVESTIGATOR})
def missing_verify(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm with the family that the report stands."""
    person = _person(number)
    form, back = VerifyForm(posted(request), record=person), reverse("missing_person", args=[number])
    if act_on(request, form, lambda f, values: acts.verify(person, f), message=_("%(n)s is verified.") % {"n": number}):
        return redirect(back)
    notes = [
        Fact(_("Name"), person.name),
        Fact(_("Born"), in_words(person.born)),
        Fact(_("Reported by"), person.reported_by),
    ]
    return _page(request, path=person_path(person), number=number, title=_("Verify"), notes=notes, form=form,
                 lead=_("The family has confirmed that the report stands as it is written."), verb=_("It stands"),
                 back=back)  # fmt: skip


@open_to({Role.FAMILY_LIAISON, Role.INVESTIGATOR})
def missing_duplicate(request: HttpRequest, number: str) -> HttpResponse:
    """Close a report because the same person was reported before."""
    person = _person(number)
    form, back = DuplicateForm(posted(request), record=person), reverse("missing_person", args=[number])
    if act_on(
        request,
        form,
        lambda f, values: acts.mark_duplicate(person, f, **values),
        message=_("%(n)s is closed as reported twice.") % {"n": number},
    ):
        return redirect(back)
    return _page(request, path=person_path(person), number=number, title=_("Reported twice"), form=form,
                 lead=_("This report is closed and points to the other one; both stay readable."),
                 verb=_("Close this report"), back=back)  # fmt: skip


@open_to({Role.FAMILY_LIAISON, Role.DNA_EXAMINER})
def pedigree_new(request: HttpRequest) -> HttpResponse:
    """State a family's pedigree."""
    person = MissingPerson.objects.filter(number=request.GET.get("missing", "")).first()
    first = {}
    if person is not None:
        sex = {"male": "m", "female": "f"}.get(person.sex, "?")
        born = person.born[:4] or "-"
        first = {"name": person.family_name, "members": f"F - - m\nM - - f\nC1 F M {sex} {born} {person.number}"}
    form = PedigreeForm(posted(request), initial=first)
    done = act_on(
        request,
        form,
        lambda f, values: acts.draw_pedigree(f, **values),
        message=lambda family: _("Pedigree %(n)s is stated.") % {"n": family.number},
    )
    if done:
        return redirect("family", done.result.number)
    path = person_path(person) if person else [Crumb(_("Missing persons"), reverse("missing"))]
    return _page(request, path=path, title=_("State the pedigree"), form=form, verb=_("State it"),
                 back=reverse("missing_person", args=[person.number]) if person else reverse("missing"))  # fmt: skip


class CorrectPedigreeForm(PedigreeForm):
    """Correct a stated pedigree."""

    asks_why = "required"


@open_to({Role.FAMILY_LIAISON, Role.DNA_EXAMINER})
def pedigree_correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a stated pedigree; the one before stays readable."""
    family = get_object_or_404(Family, number=number)
    written = "\n".join(
        " ".join(
            str(part or "-")
            for part in (
                m["id"],
                m.get("father"),
                m.get("mother"),
                {"male": "m", "female": "f"}.get(m.get("sex", ""), "?"),
                m.get("born"),
                m.get("missing"),
            )
        )
        for m in family.members
    )
    form = CorrectPedigreeForm(posted(request), record=family, initial={"members": written, "name": family.name})
    form.fields["name"].disabled = True

    def correct(filing: Any, values: dict[str, Any]) -> Any:
        return acts.draw_pedigree(filing, members=values["members"], family=family)

    back = reverse("family", args=[number])
    if act_on(request, form, correct, message=_("The pedigree of %(n)s is corrected.") % {"n": number}):
        return redirect(back)
    return _page(request, path=family_path(family), number=number, title=_("Correct the pedigree"), form=form,
                 verb=_("Correct it"), back=back)  # fmt: skip


@open_to({Role.FAMILY_LIAISON})
def donor_enrol(request: HttpRequest, number: str) -> HttpResponse:
    """Take a relative in as a donor."""
    family = get_object_or_404(Family, number=number)
    form = DonorForm(posted(request), family=family)
    done = act_on(
        request,
        form,
        lambda f, values: acts.enrol_donor(family, f, **values),
        message=lambda donor: _("Donor %(n)s is enrolled.") % {"n": donor.number},
    )
    back = reverse("family", args=[number])
    if done:
        return redirect(back)
    return _page(request, path=family_path(family), number=number, title=_("Enrol a donor"), form=form,
                 lead=_("A relative gives a sample so that the missing can be found, and for nothing else."),
                 verb=_("Enrol the donor"), back=back)  # fmt: skip


@open_to({Role.FAMILY_LIAISON})
def donor_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take note that a donor no longer agrees."""
    donor = get_object_or_404(Donor.objects.select_related("family"), number=number)
    if donor.withdrawn_on is not None:
        raise Http404
    form, back = WithdrawForm(posted(request), record=donor), reverse("family", args=[donor.family.number])
    if act_on(
        request,
        form,
        lambda f, values: acts.withdraw_consent(donor, f),
        message=_("%(n)s is no longer compared.") % {"n": number},
    ):
        return redirect(back)
    notes = [Fact(_("Donor"), donor.name or donor.member), Fact(_("Agreed to"), donor.get_consent_display())]
    return _page(request, path=family_path(donor.family), number=number, title=_("Withdraw consent"), notes=notes,
                 lead=_("The donor's profile is not compared from now on. What was decided before stays readable."),
                 form=form, verb=_("The donor withdraws"), back=back)  # fmt: skip
