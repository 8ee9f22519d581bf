"""Pages of the reviews that revocations opened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.roles import Role
from dokaz.identification import acts
from dokaz.identification.forms import CloseReviewForm
from dokaz.identification.lr_display import person_url, unit_url
from dokaz.identification.models import Review
from dokaz.identification.views import room_path
from dokaz.pages.acting import act_on, acting_of
from dokaz.pages.lists import page_of
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.words_of_records import in_words


def reviews(request: HttpRequest) -> HttpResponse:
    """Cases that revocations reopened."""
    query = Review.objects.all()
    state = request.GET.get("state", "open")
    if state in ("open", "closed"):
        query = query.filter(closed_on__isnull=state == "open")
    columns = [
        Column(_("Review"), "number"),
        Column(_("About")),
        Column(_("What ties it to the revocation")),
        Column(_("Because of")),
        Column(_("State")),
        Column(""),
    ]
    with_all = ("because_of", "decision", "recovery_unit", "missing_person")
    page = page_of(request, query, orders={"number": ("number",)}, fetch=lambda q: q.select_related(*with_all))
    for each in page.object_list:
        each.subject, each.url = _subject(each)
    return render(
        request,
        "identification/reviews.html",
        {
            "path": room_path(Crumb(_("Reviews"))),
            "page": page,
            "columns": columns,
            "choices": [Choice("state", _("State"), [("open", _("open")), ("closed", _("closed"))], state)],
            "may_close": acting_of(request).role == Role.BOARD,
        },
    )


def _subject(review: Review) -> tuple[str, str]:
    if review.decision:
        return review.decision.number, reverse("decision", args=[review.decision.number])
    if review.recovery_unit:
        return review.recovery_unit.number, unit_url(review.recovery_unit.number)
    assert review.missing_person is not None
    return review.missing_person.number, person_url(review.missing_person.number)


def review_close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a review with what it found."""
    found = get_object_or_404(Review.objects.select_related("because_of", "decision"), number=number)
    form = CloseReviewForm(request.POST or None, record=found)
    if act_on(
        request, form, lambda f, values: acts.close_review(found, f, **values), message=_("The review is closed.")
    ):
        return redirect("board_reviews")
    subject, url = _subject(found)
    notes = [
        Fact(_("About"), subject, in_words(found.link), url, "number"),
        Fact(
            _("Because of"),
            found.because_of.number,
            found.because_of.reason,
            reverse("decision", args=[found.because_of.number]),
            "number",
        ),
    ]
    context = {
        "path": room_path(Crumb(_("Reviews"), reverse("board_reviews")), Crumb(number, is_number=True)),
        "form": form,
        "title": _("Close the review"),
        "verb": _("Close"),
        "back": reverse("board_reviews"),
        "notes": notes,
    }
    return render(request, "pages/act.html", context)
