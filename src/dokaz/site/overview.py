"""Pages that belong to no one room: the overview, the map, the office one acts in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from dokaz.casework import journal
from dokaz.casework.models import Investigation, JournalEntry, Person
from dokaz.casework.roles import Role
from dokaz.casework.rooms import rooms
from dokaz.casework.rooms import stages as all_stages
from dokaz.pages.acting import Acting, acting_of, posted
from dokaz.pages.ledger_strip import published_size
from dokaz.pages.lists import once_per_filing
from dokaz.pages.parts import Crumb
from dokaz.pages.pictures.flow import FlowStage, flow
from dokaz.site.proposal_pages import waiting
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
    if acting is None:
        return render(request, "site/nobody.html")
    for room in rooms():
        for role, first_page in room.first_pages:
            if role == acting.role:
                page = first_page(acting)
                return redirect(page) if page else render(request, "site/nobody.html")
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
        return render(
            request, "site/overview_of_people.html", {**context, "people": people, "waiting": waiting(acting)}
        )
    return render(
        request,
        "site/overview.html",
        {
            **context,
            "stages": (stages := _stages(acting)),
            "flow": flow([FlowStage(one["label"], one["n"], one["unit"], one["url"]) for one in stages]),
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
    """Every place that the rooms know, on the map, and in a list that says the same."""
    acting = acting_of(request)
    found = [place for room in rooms() for layer in room.map_layers for place in layer(acting)]
    places = [place for place in found if place.longitude is not None]
    unplaced = [place for place in found if place.longitude is None]
    return render(request, "site/map.html", {"path": [Crumb(_("Map"))], "places": places, "unplaced": unplaced})
