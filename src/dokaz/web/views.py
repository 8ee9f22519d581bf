"""Pages that belong to no one room: the overview, the map, the office one acts in."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.web.acting import Acting, acting_of


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
    form = OfficeForm(request.POST or None, acting=acting)
    if request.method == "POST" and form.is_valid():
        request.session["office"] = form.cleaned_data["office"]
        after = form.cleaned_data["next"]
        safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
        return redirect(after if safe else "overview")
    return render(request, "web/acting.html", {"form": form})


def overview(request: HttpRequest) -> HttpResponse:
    """Where the investigation stands."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None or acting.role == Role.DEFENCE:
        return render(request, "web/nobody.html")
    return render(request, "web/overview.html", {})
