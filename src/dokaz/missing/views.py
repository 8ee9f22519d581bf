"""Pages of this room: the missing, their families, the donors. Nothing is written here."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.roles import Role
from dokaz.identification.lr_display import shown_lr
from dokaz.missing.models import Donor, Family, MissingPerson, MissingState
from dokaz.missing.queries import CLOSED, missing_of, pedigrees_of
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import OPEN_ROOMS, Acting, acting_of, open_to
from dokaz.pages.ledger_strip import address, strip_of
from dokaz.pages.lists import matching, page_of, searched
from dokaz.pages.partial_dates import in_words
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.pictures.pedigree import Member, pedigree
from dokaz.pages.pictures.rows import NoPedigree
from dokaz.pages.refusals import what_and_next
from dokaz.site.progress import identities

READERS = OPEN_ROOMS["missing"]


def _missing() -> Crumb:
    return Crumb(_("Missing persons"), reverse("missing"))


def person_path(person: MissingPerson) -> list[Crumb]:
    """The way to a missing person."""
    return [_missing(), Crumb(person.number, reverse("missing_person", args=[person.number]), is_number=True)]


def family_path(family: Family) -> list[Crumb]:
    """The way to a family."""
    return [_missing(), Crumb(family.number, reverse("family", args=[family.number]), is_number=True)]


@open_to(READERS)
def missing(request: HttpRequest) -> HttpResponse:
    """Every report of a missing person."""
    asked, q = request.GET, searched(request)
    found = MissingPerson.objects.all()
    if q:
        found = found.filter(matching(q, "number", "family_name", "given_name", "patronymic", "last_seen_at"))
    if asked.get("state") == "identified":
        found = found.filter(pk__in=identities().values("missing_person"))
    elif asked.get("state") in MissingState.values:
        found = found.filter(state=asked["state"])
    page = page_of(
        request,
        found,
        orders={
            "number": ("number",),
            "name": (InAlphabet("family_name"), InAlphabet("given_name"), "number"),
            "seen": ("last_seen_on", "number"),
            "state": ("state", "number"),
        },
    )
    states: list[tuple[str, Any]] = [("identified", _("identified, the decision stands")), *MissingState.choices]
    act_links = [ActLink("missing.report", _("Take down a report"), reverse("missing_report"), is_due=True)]
    return render(
        request,
        "missing/missing.html",
        {
            "path": [_missing()],
            "choices": [Choice("state", _("State"), states, asked.get("state", ""))],
            "columns": [
                Column(_("Number"), "number"),
                Column(_("Name"), "name"),
                Column(_("Sex")),
                Column(_("Born")),
                Column(_("Last seen"), "seen"),
                Column(_("State"), "state"),
            ],
            "page": page,
            "rows": [(one, in_words(one.born), in_words(one.last_seen_on)) for one in page],
            "act_links": open_act_links(acting_of(request), act_links),
            "is_filtered": bool(q or asked.get("state")),
        },
    )


@open_to(READERS | {Role.MORTUARY})
def missing_person(request: HttpRequest, number: str) -> HttpResponse:
    """One report: what the family says, its pedigree, its donors, and what was compared.

    The mortuary reads a report once it is compared with something, and never the family behind it: until then both sides
    work blind (identification rule 6).
    """
    found = get_object_or_404(MissingPerson.objects.select_related("same_as"), number=number)
    acting = acting_of(request)
    sees_room = acting.opens("missing")
    if not sees_room and not found.comparisons.exists():
        raise Http404
    families = pedigrees_of(found) if sees_room else []
    comparisons = found.comparisons.order_by("number").select_related("recovery_unit", "examiner")
    decisions = found.decisions.order_by("number").select_related("recovery_unit")
    return render(
        request,
        "missing/person.html",
        {
            "path": person_path(found) if sees_room else [Crumb(found.number, is_number=True)],
            "sees_room": sees_room,
            "person": found,
            "next": _next(found, families) if sees_room else "",
            "act_links": open_act_links(acting, _act_links(found, families)),
            "facts": _facts(found, linked=sees_room),
            "families": [_shown(family, acting, here=found.number) for family in families],
            "comparisons": [(one, address("comparison", one.number), shown_lr(one.log10_lr)) for one in comparisons],
            "decisions": [(one, address("decision", one.number)) for one in decisions],
            "duplicates": found.duplicates.order_by("number") if sees_room else [],
            "reviews": found.reviews.filter(closed_on=None).select_related("because_of"),
            "strip": strip_of(found),
        },
    )


@open_to(READERS)
def family(request: HttpRequest, number: str) -> HttpResponse:
    """One family: its pedigree, its missing members, its donors."""
    found = get_object_or_404(Family, number=number)
    acting = acting_of(request)
    act_links = [
        ActLink("missing.enrol_donor", _("Enrol a donor"), reverse("donor_enrol", args=[number])),
        ActLink("missing.draw_pedigree", _("Correct the pedigree"), reverse("pedigree_correct", args=[number])),
    ]
    return render(
        request,
        "missing/family.html",
        {
            "path": family_path(found),
            "shown": _shown(found, acting),
            "persons": sorted(missing_of(found).values(), key=lambda one: one.number),
            "act_links": open_act_links(acting, act_links),
            "strip": strip_of(found),
        },
    )


def _facts(person: MissingPerson, *, linked: bool) -> list[Fact]:
    says = _("as the family says")
    facts = [
        Fact(_("Sex"), person.get_sex_display()),
        Fact(_("Born"), in_words(person.born)),
        Fact(_("Last seen"), ", ".join(filter(None, (in_words(person.last_seen_on), person.last_seen_at)))),
        Fact(
            _("Stature"),
            _("%(n)s cm") % {"n": person.stature_reported_cm} if person.stature_reported_cm else "",
            says if person.stature_reported_cm else "",
        ),
        Fact(_("Marks, clothing"), person.marks),
        Fact(_("Teeth"), person.teeth),
        Fact(_("Reported by"), person.reported_by),
    ]
    if person.same_as:
        url = reverse("missing_person", args=[person.same_as.number]) if linked else ""
        facts.insert(0, Fact(_("The same person as"), person.same_as.number, person.reason, url, "number"))
    return facts


def _next(person: MissingPerson, families: list[Family]) -> str:
    if person.state in CLOSED:
        return ""
    if person.state == MissingState.REPORTED:
        return _("Somebody confirms with the family that the report stands.")
    if not families:
        return _("The family's pedigree is stated.")
    if not any(family.donors.filter(withdrawn_on=None).exists() for family in families):
        return _("Relatives are asked for a sample.")
    return ""


def _act_links(person: MissingPerson, families: list[Family]) -> list[ActLink]:
    if person.state in CLOSED:
        return []
    here = [person.number]
    act_links = []
    if person.state == MissingState.REPORTED:
        act_links.append(ActLink("missing.verify", _("Verify"), reverse("missing_verify", args=here), is_due=True))
    if not families:
        url = f"{reverse('pedigree_new')}?missing={person.number}"
        act_links.append(
            ActLink("missing.draw_pedigree", _("State the pedigree"), url, person.state != MissingState.REPORTED)
        )
    act_links += [
        ActLink("missing.enrol_donor", _("Enrol a donor"), reverse("donor_enrol", args=[one.number]))
        for one in families[:1]
    ]
    act_links.append(ActLink("missing.mark_duplicate", _("Reported twice"), reverse("missing_duplicate", args=here)))
    return act_links


# --- families ------------------------------------------------------------------------------------------------------------


def _shown(family: Family, acting: Acting, here: str = "") -> dict[str, Any]:
    donors = list(family.donors.order_by("number").prefetch_related("references"))
    try:
        drawing = pedigree(
            _members(family, donors), title=_("Pedigree of %(number)s") % {"number": family.number}, key=family.number
        )
    except NoPedigree as not_drawn:
        drawing, problem = "", ": ".join(part for part in what_and_next(not_drawn) if part)
    else:
        problem = ""
    return {
        "family": family,
        "donors": donors,
        "drawing": drawing,
        "problem": problem,
        "may_withdraw": acting.may("missing.withdraw_consent"),
        "here": here,
    }


def _members(family: Family, donors: list[Donor]) -> list[Member]:
    """The pedigree as stated; typed is who gave a sample that may be used."""
    persons = missing_of(family)
    typed = {one.member for one in donors if one.withdrawn_on is None and one.references.all()}
    names = {one.member: one.name for one in donors if one.name}
    return [
        Member(
            name=str(m["id"]),
            sex={"male": "m", "female": "f"}.get(m.get("sex", ""), ""),
            father=m.get("father") or "",
            mother=m.get("mother") or "",
            is_typed=m["id"] in typed,
            is_missing=bool(m.get("missing")),
            label=persons[m["id"]].name if m["id"] in persons else names.get(m["id"], str(m["id"])),
            note=m.get("missing") or (str(m["born"]) if m.get("born") else ""),
            url=reverse("missing_person", args=[m["missing"]]) if m["id"] in persons else "",
        )
        for m in family.members
    ]
