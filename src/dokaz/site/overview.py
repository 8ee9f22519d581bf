"""Pages that belong to no one room: the overview, the map, the office one acts in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework import journal
from dokaz.casework.models import Investigation, JournalEntry, Person
from dokaz.casework.roles import Role
from dokaz.casework.rooms import stages as all_stages
from dokaz.court.queries import bundles_for
from dokaz.graves.queries import sites, tally_by_site
from dokaz.pages.acting import Acting, acting_of, posted
from dokaz.pages.ledger_strip import published_size
from dokaz.pages.lists import once_per_filing
from dokaz.pages.parts import Crumb, Place
from dokaz.pages.pictures.flow import Stage, flow
from dokaz.site.work_queue import waiting_for


class OfficeForm(forms.Form):
    """Which of one's offices to act in."""

    office = forms.ChoiceField(label=_("Office"), widget=forms.RadioSelect)
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: object, acting: Acting, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["office"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.get_role_display()) for one in acting.offices
        ]
        self.fields["office"].initial = acting.office_id


def act_as(request: HttpRequest) -> HttpResponse:
    """Choose the office in which to act; the session remembers it."""
    acting = acting_of(request)
    form = OfficeForm(posted(request), acting=acting)
    if request.method == "POST" and form.is_valid():
        request.session["office"] = form.cleaned_data["office"]
        after = form.cleaned_data["next"]
        safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
        return redirect(after if safe else "overview")
    return render(request, "site/acting.html", {"form": form})


def overview(request: HttpRequest) -> HttpResponse:
    """Where the investigation stands, and what waits for whom. The administrator sees who is who instead."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None or acting.role == Role.DEFENCE:
        if acting is not None and bundles_for(acting.person, acting.role).exists():
            return redirect("bundles")
        return render(request, "site/nobody.html")
    size = journal.size()
    newest = JournalEntry.objects.filter(index=size - 1).values_list("at", flat=True).first()
    context = {
        "path": [Crumb(_("Overview"))],
        "investigation": Investigation.objects.order_by("number").first(),
        "size": size,
        "newest": newest,
        "published": published_size(),
    }
    if acting.role == Role.ADMINISTRATOR:
        people = Person.objects.order_by("number").prefetch_related("offices", "keys")
        return render(request, "site/overview_of_people.html", {**context, "people": people})
    return render(
        request,
        "site/overview.html",
        {
            **context,
            "stages": (stages := _stages(acting)),
            "flow": flow([Stage(one["label"], one["n"], one["unit"], one["url"]) for one in stages]),
            "waiting": waiting_for(acting),
        },
    )


def _stages(acting: Acting) -> list[dict[str, Any]]:
    counts = once_per_filing("stages", lambda: {stage.name: stage.count() for stage in all_stages()})
    rows = []
    for stage in all_stages():
        there = reverse(stage.page) if acting.opens(stage.page) else ""
        rows.append(
            {
                "label": str(stage.label),
                "n": counts[stage.name],
                "unit": str(stage.unit),
                "method": stage.method,
                "url": f"{there}?{stage.query}" if there and stage.query else there,
            }
        )
    return rows


def site_map(request: HttpRequest) -> HttpResponse:
    """Every site on the map, and in a list that says the same."""
    counted = once_per_filing("tally by site", tally_by_site)
    places, unplaced = [], []
    for site in sites():
        tally = counted.get(site.number)
        n = tally.units if tally else 0
        if site.latitude_deg is None or site.longitude_deg is None:
            unplaced.append(site)
            continue
        note = ngettext("%(n)s recovery unit", "%(n)s recovery units", n) % {"n": number_format(n, force_grouping=True)}
        places.append(
            Place(
                number=site.number,
                name=site.name,
                longitude=float(site.longitude_deg),
                latitude=float(site.latitude_deg),
                url=reverse("site", args=[site.number]),
                note=note,
            )
        )
    return render(request, "site/map.html", {"path": [Crumb(_("Map"))], "places": places, "unplaced": unplaced})
