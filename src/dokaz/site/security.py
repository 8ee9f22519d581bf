"""The security log: what happened at the locks, for the auditor, and for the administrator who is asked for help."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.models import SecurityEvent
from dokaz.casework.roles import Role
from dokaz.pages.acting import acting_of
from dokaz.pages.lists import PER_PAGE
from dokaz.pages.parts import Choice, Crumb, ListColumn

OPEN_TO = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


def security(request: HttpRequest) -> HttpResponse:
    """What happened at the locks, the newest first."""
    acting = acting_of(request)
    query, what, who = (
        SecurityEvent.objects.order_by("-pk"),
        request.GET.get("what", ""),
        request.GET.get("q", "").strip(),
    )
    if what in SecurityEvent.What.values:
        query = query.filter(what=what)
    if who:
        query = query.filter(who__icontains=who[:100])
    page = Paginator(query, PER_PAGE).get_page(request.GET.get("page"))
    crumbs = [Crumb(_("Ledger"), reverse("ledger"))] if acting.opens("ledger") else []
    return render(
        request,
        "site/security.html",
        {
            "path": [*crumbs, Crumb(_("Security log"))],
            "page": page,
            "columns": [
                ListColumn(_("When")),
                ListColumn(_("What")),
                ListColumn(_("Login or person")),
                ListColumn(_("From")),
            ],
            "choices": [Choice("what", _("What"), SecurityEvent.What.choices, what)],
            "is_filtered": bool(what or who),
        },
    )
