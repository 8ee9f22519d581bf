"""Pages for what went wrong. Absent and forbidden read the same."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from dokaz.casework.errors_of_waiting import is_of_waiting


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request made no sense."""
    return render(request, "site/error.html", {"what": "bad_request"}, status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page, or none for whoever asks."""
    return render(request, "site/error.html", {"what": "not_found"}, status=404)


# The same page and status as for what is absent: nobody learns that a record exists by being refused it.
forbidden = not_found


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was opened too long ago, or on another site."""
    return render(request, "site/error.html", {"what": "stale_form"}, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the program failed; drawn without the frame, because the frame may be what failed.

    Where a database was busy with somebody else's work for too long, nothing failed: one tries again.
    """
    if is_of_waiting(sys.exception()):
        busy = render_to_string("site/failed.html", {"is_busy": True})
        return HttpResponse(busy, status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("site/failed.html"), status=500)
