"""The room's first page, and the page of a search: what went in, what was left out, the candidates best first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.corrections import put_right_since
from dokaz.identification.left_out import why
from dokaz.identification.lr_display import person_url, shown_lr, unit_url
from dokaz.identification.models import Comparison, Decision, DecisionState, Review, Search
from dokaz.identification.queries import identifications_in_force, waiting_for_board, waiting_for_examiners
from dokaz.missing.models import Donor, Family, Frequencies, MissingPerson, Reference
from dokaz.mortuary.models import Profile
from dokaz.pages.act_page import links_to
from dokaz.pages.acting import Acting, acting_of
from dokaz.pages.lists import searched
from dokaz.pages.parts import Fact, ListColumn
from dokaz.pages.putting_right import corrected_since
from dokaz.pages.refusals import in_words
from dokaz.pages.templatetags.dokaz import count
from dokaz.pages.ways import way_to_page

SHOWN = 50
# What a search reads.
_COMPARED = (Profile, Reference, Donor, Family, MissingPerson, Frequencies)


def identification(request: HttpRequest) -> HttpResponse:
    """What waits for whom, and the newest searches."""
    of_records = ("missing_person", "recovery_unit")
    return render(
        request,
        "identification/room.html",
        {
            "path": way_to_page("identification"),
            "to_sign": waiting_for_examiners().select_related(*of_records, "examiner")[:SHOWN],
            "to_decide": waiting_for_board().select_related(*of_records)[:SHOWN],
            "figures": [
                (
                    waiting_for_examiners().count(),
                    _("comparisons to be signed"),
                    reverse("comparisons") + "?state=proposed",
                    "decide",
                ),
                (
                    waiting_for_board().count(),
                    _("decisions before the board"),
                    reverse("decisions") + "?state=before_board",
                    "decide",
                ),
                (
                    identifications_in_force().count(),
                    _("units identified"),
                    reverse("decisions") + "?state=identified",
                    "",
                ),
                (
                    Decision.objects.filter(state=DecisionState.REVOKED).count(),
                    _("decisions revoked"),
                    reverse("decisions") + "?state=revoked",
                    "",
                ),
                (Review.objects.filter(closed_on=None).count(), _("reviews open"), reverse("board_reviews"), "decide"),
            ],
            "searches": Search.objects.select_related("frequencies").defer("candidates").order_by("-number")[:10],
            "act_links": links_to(
                acting_of(request), "identification_search_new", "comparison_new", due=not Search.objects.exists()
            ),
        },
    )


def facts_of(found: Search, acting: Acting) -> list[Fact]:
    """What a search compared, with what, and what it kept."""
    return [
        Fact(_("Run"), found.run_at, kind="when"),
        Fact(_("Computed from"), count(found.ledger_size), _("entries: what the ledger held when the search began")),
        Fact(_("Program"), found.engine),
        Fact(_("Allele frequencies"), f"{found.frequencies.number} {found.frequencies.name}", found.frequencies.source),
        Fact(
            _("Compared"),
            _("%(profiles)s distinct DNA profiles with %(families)s families, who miss %(missing)s persons")
            % {"profiles": found.profiles, "families": found.families, "missing": found.missing},
        ),
        Fact(_("Kept from"), f"log10 LR {found.threshold_log10_lr}", _("lower ones were computed and not kept")),
        *corrected_since(put_right_since(found.ledger_size, _COMPARED), _("search again: this one was made before")),
    ]


def candidates_asked(found: Search, acting: Acting, request: HttpRequest) -> dict[str, Any]:
    """The candidates that the address asks for, best first, and what the search left out."""
    words = searched(request)
    rows = [
        {"rank": rank, **each}
        for rank, each in enumerate(found.candidates, start=1)
        if not words or any(words.lower() in str(each[k]).lower() for k in ("unit", "missing", "family", "profile"))
    ]
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    names = {
        p.number: p.name for p in MissingPerson.objects.filter(number__in=[row["missing"] for row in page.object_list])
    }
    seen = _compared(page.object_list)
    may_compare = acting.opens("comparison_new")
    for row in page.object_list:
        row |= {
            "name": names.get(row["missing"], ""),
            "lr": shown_lr(row["log10_lr"]),
            "unit_url": unit_url(row["unit"]),
            "person_url": person_url(row["missing"]),
            "compared": seen.get((row["unit"], row["missing"])),
        }
        if may_compare:
            row["compare"] = (
                f"{reverse('comparison_new')}?unit={row['unit']}&missing={row['missing']}&discipline=dna"
                f"&profile={row['profile']}&frequencies={found.frequencies.number}"
            )
    return {
        "left_out": _by_reason(found.left_out),
        "page": page,
        "columns": [
            ListColumn(_("Rank"), is_number=True),
            ListColumn(_("Recovery unit")),
            ListColumn(_("Missing person")),
            ListColumn(_("Family")),
            ListColumn("log10 LR", is_number=True),
            ListColumn(""),
        ],
    }


def _by_reason(left_out: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """What a search left out, together where the reason is the same; the commonest reason first."""
    reasons: dict[str, list[str]] = {}
    for each in left_out:
        reasons.setdefault(in_words(why(each)), []).extend([each["what"]] if each["what"] else [])
    return sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _compared(rows: Any) -> dict[tuple[str, str], Comparison]:
    units, people = {row["unit"] for row in rows}, {row["missing"] for row in rows}
    made = Comparison.objects.filter(recovery_unit__number__in=units, missing_person__number__in=people)
    return {
        (c.recovery_unit.number, c.missing_person.number): c
        for c in made.select_related("recovery_unit", "missing_person").order_by("number")
    }
