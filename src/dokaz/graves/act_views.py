"""Forms of this room, each of which becomes one act."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dokaz.casework.filing import Filing
from dokaz.graves import acts
from dokaz.graves.forms import GraveForm, LiftForm, PhotographForm, QuarantineForm, SiteForm, SplitForm, SurveyForm
from dokaz.graves.models import Grave, RecoveryUnit, Site, State
from dokaz.graves.uploads import staged_photographs
from dokaz.graves.views import grave_path, site_path, unit_path, why_closed
from dokaz.pages.acting import act_on, posted
from dokaz.pages.parts import Crumb, Fact


def _page(request: HttpRequest, **context: Any) -> HttpResponse:
    context["path"] = [*context["path"], Crumb(context["title"])]
    return render(request, "pages/act.html", context)


def _unit(number: str) -> RecoveryUnit:
    found: RecoveryUnit = get_object_or_404(RecoveryUnit.objects.select_related("grave__site", "holder"), number=number)
    return found


def site_new(request: HttpRequest) -> HttpResponse:
    """Take up a site."""
    form = SiteForm(posted(request))
    done = act_on(
        request,
        form,
        lambda f, values: acts.open_site(f, **values),
        message=lambda site: _("Site %(n)s is taken up.") % {"n": site.number},
    )
    if done:
        return redirect("site", done.result.number)
    return _page(request, path=[Crumb(_("Graves"), reverse("sites"))], title=_("Take up a site"), form=form,
                 verb=_("Take up the site"), back=reverse("sites"))  # fmt: skip


def site_open_grave(request: HttpRequest, number: str) -> HttpResponse:
    """Take up a grave at a site."""
    site = get_object_or_404(Site, number=number)
    form = GraveForm(posted(request), site=site)
    done = act_on(
        request,
        form,
        lambda f, values: acts.open_grave(site, f, **values),
        message=lambda g: _("Grave %(n)s is taken up.") % {"n": g.number},
    )
    if done:
        return redirect("grave", done.result.number)
    return _page(request, path=site_path(site), number=site.number, title=_("Take up a grave"), form=form,
                 verb=_("Take up the grave"), back=reverse("site", args=[number]))  # fmt: skip


def grave_survey(request: HttpRequest, number: str) -> HttpResponse:
    """Survey a unit in a grave."""
    grave = get_object_or_404(Grave.objects.select_related("site"), number=number)
    form = SurveyForm(posted(request), site=grave.site)
    done = act_on(
        request,
        form,
        lambda f, values: acts.register_unit(grave, f, position=form.position, **values),
        message=lambda unit: _("%(n)s has its number.") % {"n": unit.number},
    )
    if done:
        return redirect("unit", done.result.number)
    lead = _(
        "Every detached part gets a number of its own, even a limb beside a torso: proximity is evidence, not identity."
    )
    notes = [Fact(_("Survey in"), grave.site.crs, _("coordinate reference system of the site"))]
    return _page(request, path=grave_path(grave), number=number, title=_("Survey a unit"), lead=lead, form=form,
                 notes=notes, verb=_("Give it its number"), back=reverse("grave", args=[number]))  # fmt: skip


def grave_photograph(request: HttpRequest, number: str) -> HttpResponse:
    """Keep photographs of a grave."""
    grave = get_object_or_404(Grave.objects.select_related("site"), number=number)
    return _photograph(request, grave_path(grave), number, reverse("grave", args=[number]), grave=grave)


def unit_photograph(request: HttpRequest, number: str) -> HttpResponse:
    """Keep photographs of a unit."""
    unit = _unit(number)
    return _photograph(request, unit_path(unit), number, reverse("unit", args=[number]), unit=unit)


def _photograph(request: HttpRequest, path: list[Crumb], number: str, back: str, **subject: Any) -> HttpResponse:
    form = PhotographForm(posted(request), request.FILES or None)

    def keep(filing: Filing, values: dict[str, Any]) -> int:
        for upload in values["photographs"]:
            acts.photograph(filing, upload=upload, **subject)
        return len(values["photographs"])

    done = act_on(
        request,
        form,
        keep,
        message=lambda n: ngettext("%(n)s photograph is kept.", "%(n)s photographs are kept.", n) % {"n": n},
        prepare=staged_photographs,
    )
    if done:
        return redirect(back)
    return _page(
        request, path=path, number=number, title=_("Add photographs"), form=form, verb=_("Keep them"), back=back
    )


def unit_lift(request: HttpRequest, number: str) -> HttpResponse:
    """Take a unit out of the ground."""
    unit = _unit(number)
    form = LiftForm(posted(request), request.FILES or None, record=unit, site=unit.grave.site)

    def lift(filing: Filing, values: dict[str, Any]) -> None:
        acts.lift(unit, filing, position=form.position, **values)

    back = reverse("unit", args=[number])
    if act_on(request, form, lift, message=_("%(n)s is lifted.") % {"n": number}, prepare=staged_photographs):
        return redirect(back)
    notes = [
        Fact(_("Survey points on file"), len(unit.points)),
        Fact(_("Photographs on file"), unit.photographs.count()),
        Fact(_("Survey in"), unit.grave.site.crs, _("coordinate reference system of the site")),
    ]
    lead = _("Nothing is lifted without coordinates and a photograph; only an emergency takes their place.")
    return _page(request, path=unit_path(unit), number=number, title=_("Lift"), lead=lead, notes=notes, form=form,
                 verb=_("It is lifted"), back=back, closed=why_closed(request, unit, acts.TO_LIFT))  # fmt: skip


def unit_split(request: HttpRequest, number: str) -> HttpResponse:
    """Give a part of a unit a number of its own."""
    unit = _unit(number)
    form = SplitForm(posted(request), record=unit)
    done = act_on(
        request,
        form,
        lambda f, values: acts.split(unit, f, **values),
        message=lambda part: _("%(part)s is split off.") % {"part": part.number},
    )
    if done:
        return redirect("unit", done.result.number)
    lead = _("The part gets a number of its own that derives from this one; the derivation stays on both pages.")
    return _page(request, path=unit_path(unit), number=number, title=_("Split off a part"), lead=lead, form=form,
                 verb=_("Split off"), back=reverse("unit", args=[number]),
                 closed=why_closed(request, unit, acts.TO_SPLIT))  # fmt: skip


def unit_quarantine(request: HttpRequest, number: str) -> HttpResponse:
    """Set a unit aside, or let one that was set aside go on."""
    unit = _unit(number)
    form = QuarantineForm(posted(request), record=unit)
    back = reverse("unit", args=[number])
    if unit.state == State.QUARANTINED:
        act, title, verb = acts.end_quarantine, _("End the quarantine"), _("Let it go on")
        said = _("%(n)s goes on from where it stood.") % {"n": number}
    else:
        act, title, verb = acts.quarantine, _("Set aside"), _("Set it aside")
        said = _("%(n)s is set aside.") % {"n": number}
    if act_on(request, form, lambda f, values: act(unit, f), message=said):
        return redirect(back)
    return _page(request, path=unit_path(unit), number=number, title=title, form=form, verb=verb, back=back)
