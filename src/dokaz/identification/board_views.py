"""The board's pages: what a decision rests on, what is still missing, who signed, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.filing import Filing
from dokaz.casework.journal import history
from dokaz.casework.published import fingerprint
from dokaz.casework.queries import people_who_signed
from dokaz.casework.roles import Role
from dokaz.casework.store import current_store
from dokaz.identification import acts
from dokaz.identification.forms import (
    DoubtForm,
    LayForm,
    NotifyForm,
    ReasonForm,
    ReleaseForm,
    RevokeForm,
    SignForm,
)
from dokaz.identification.lr_display import chart_of, for_and_against, others_of, person_url, shown_lr, unit_url
from dokaz.identification.models import Comparison, ComparisonState, Decision, DecisionState
from dokaz.identification.queries import IN_FORCE, examiners_of, open_reviews, signed_towards
from dokaz.identification.requirements import Requirement, of_decision, of_pair, requirements
from dokaz.identification.signing import panel, signed_by
from dokaz.identification.views import comparison_crumb, room_path
from dokaz.pages.act_links import ActLink, open_act_links
from dokaz.pages.acting import Acting, act_on, acting_of, say_refusal
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.lists import matching, page_of, searched
from dokaz.pages.partial_dates import in_words
from dokaz.pages.parts import Choice, Column, Crumb, Fact
from dokaz.pages.pictures.qr import qr
from dokaz.pages.refusals import what_and_next

_IN_DOUBT = (*IN_FORCE, DecisionState.EXCLUDED)
_WITH = ("recovery_unit", "missing_person", "laid_by")


def _decision_path(decision: Decision, *steps: Crumb) -> list[Crumb]:
    own = Crumb(decision.number, reverse("decision", args=[decision.number]), is_number=True)
    return room_path(Crumb(_("Decisions"), reverse("decisions")), own, *steps)


def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision."""
    query = Decision.objects.all()
    state = request.GET.get("state", "")
    if state == "identified":
        query = query.filter(question="identify", state__in=IN_FORCE)
    elif state:
        query = query.filter(state=state)
    words = searched(request)
    if words:
        query = query.filter(
            matching(
                words,
                "number",
                "certificate_number",
                "recovery_unit__number",
                "missing_person__number",
                "missing_person__family_name",
            )
        )
    orders = {
        "number": ("-number",),
        "unit": ("recovery_unit__number",),
        "missing": ("missing_person__number",),
        "certificate": ("certificate_number",),
    }
    page = page_of(request, query, orders=orders, fetch=lambda q: q.select_related(*_WITH))
    options: list[tuple[str, Any]] = [("identified", _("identified, and stands")), *DecisionState.choices]
    columns = [
        Column(_("Decision"), "number"),
        Column(_("Recovery unit"), "unit"),
        Column(_("Missing person"), "missing"),
        Column(_("The question")),
        Column(_("Certificate"), "certificate"),
        Column(_("State")),
    ]
    context = {"path": room_path(Crumb(_("Decisions"))), "page": page, "columns": columns}
    context["choices"] = [Choice("state", _("State"), options, state)]
    return render(request, "identification/decisions.html", context)


def decision_new(request: HttpRequest, number: str) -> HttpResponse:
    """Lay before the board what a comparison says, with whatever else was compared of the two."""
    first = get_object_or_404(Comparison.objects.select_related("recovery_unit", "missing_person"), number=number)
    unit, person = first.recovery_unit, first.missing_person
    made = of_pair(unit, person)
    signed = [c for c in made if c.state == ComparisonState.SIGNED]
    pair = Comparison.objects.filter(pk__in=[c.pk for c in made]).order_by("number")
    form = LayForm(request.POST or None, pair=pair, initial={"comparisons": [c.pk for c in signed]})

    def perform(f: Filing, values: dict[str, Any]) -> Decision:
        values["comparisons"] = list(values["comparisons"])
        return acts.lay_before_board(f, **values)

    done = act_on(request, form, perform, message=_("Laid before the board."))
    if done:
        return redirect("decision", done.result.number)
    return render(
        request,
        "identification/lay.html",
        {
            "path": room_path(comparison_crumb(first), Crumb(_("Lay before the board"))),
            "unit": unit,
            "person": person,
            "form": form,
            "requirements": _in_words(requirements(unit, person, signed, "identify")),
            "sides": for_and_against(made),
            "back": reverse("comparison", args=[number]),
        },
    )


def _in_words(checked: list[Requirement]) -> list[dict[str, Any]]:
    return [
        {
            "rule": each.rule,
            "sentence": each.sentence,
            "holds": each.holds,
            "why": why,
            "next": next_step,
        }
        for each in checked
        for why, next_step in [what_and_next(each.unmet) if each.unmet else ("", "")]
    ]


def decision(request: HttpRequest, number: str) -> HttpResponse:
    """One decision: everything for and against, what is missing, the two signatures, and what became of it."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), number=number)
    acting = acting_of(request)
    form = SignForm(request.POST or None, record=found)
    if request.method == "POST" and acting.role == Role.BOARD:
        said = lambda decided: _("Signed; it is decided.") if decided else _("Signed; one more board member signs.")  # noqa: E731
        if act_on(request, form, lambda f, values: acts.sign_decision(found, f), message=said):
            return redirect("decision", number)
    made = of_pair(found.recovery_unit, found.missing_person)
    own = set(found.comparisons)
    rests_on = list(Comparison.objects.filter(pk__in=found.comparisons).select_related("examiner").order_by("number"))
    lies = found.state == DecisionState.BEFORE_BOARD
    if not lies:
        say_refusal(request, form)
    checked = of_decision(found) if lies else []
    doubts = list(found.doubts.select_related("raised_by").order_by("number"))
    return render(
        request,
        "identification/decision.html",
        {
            "path": _decision_path(found),
            "decision": found,
            "facts": _facts(found),
            "requirements": _in_words(checked),
            "unmet": sum(not each.holds for each in checked),
            "rests_on": [_shown(each) for each in rests_on],
            "beside": [_shown(each) for each in made if str(each.id) not in own],
            "sides": for_and_against(made if lies else rests_on),
            "signing": _signing(found, acting, form, checked) if lies else None,
            "signed": signed_by(found, signed_towards(found)),
            "revoked_by": signed_by(found, "identification.revoke"),
            "doubts": doubts,
            "reopened": found.reviews.select_related("decision", "recovery_unit", "missing_person").order_by("number"),
            "under_review": open_reviews(found).exclude(because_of=found) if found.state in _IN_DOUBT else [],
            "releases": found.releases.select_related("identity_checked_by").order_by("number"),
            "act_links": open_act_links(acting, _act_links(found, bool(doubts))),
            "strip": strip_of(found),
        },
    )


def _shown(made: Comparison) -> dict[str, Any]:
    return {
        "record": made,
        "lr": shown_lr(made.log10_lr) if made.log10_lr else "",
        "chart": chart_of(made.per_marker, made.log10_lr, key=f"lr-{made.number}")
        if made.per_marker and made.log10_lr
        else "",
        "signers": signed_by(made, "identification.sign_comparison"),
        "others": others_of(made),
    }


def _signing(found: Decision, acting: Acting, form: SignForm, checked: list[Requirement]) -> Any:
    says = {
        "identify": _("%(unit)s is %(person)s. I have read everything on this page, for and against, and certify it."),
        "exclude": _(
            "%(unit)s is not %(person)s. I have read everything on this page, for and against, and exclude it."
        ),
    }
    hindrance = (
        ""
        if all(each.holds for each in checked)
        else _("Something that must hold before a signature does not; see above.")
    )
    to = signed_towards(found)
    shown = panel(
        found,
        to,
        acting,
        statement=says[found.question] % {"unit": found.recovery_unit.number, "person": _called(found)},
        verb=_("Sign the decision"),
        form=form,
        action=reverse("decision", args=[found.number]),
        hindrance=hindrance,
    )
    if shown.can_sign and len(shown.given) + 1 == shown.needed:
        signing = {acting.person.id} | people_who_signed([found.entry_hash], to)
        why = _(
            "Everybody who would have signed also signed its comparisons. Nobody sits alone on their own comparison."
        )
        return replace(shown, can_sign=False, why_not=why) if signing <= examiners_of(found) else shown
    return shown


def _called(found: Decision) -> str:
    return f"{found.missing_person.number} {found.missing_person.name}"


def _facts(found: Decision) -> list[Fact]:
    unit, person = found.recovery_unit, found.missing_person
    facts = [
        Fact(_("Recovery unit"), unit.number, unit.get_state_display(), unit_url(unit.number), "number"),
        Fact(_("Missing person"), person.number, person.name, person_url(person.number), "number"),
        Fact(
            _("The question"),
            _("Are these remains this person?")
            if found.question == "identify"
            else _("Are these remains not this person?"),
        ),
        Fact(_("Laid by"), found.laid_by.name),
        Fact(_("Laid before the board"), found.laid_at, kind="when"),
    ]
    for label, value in (
        (_("Decided"), found.decided_on),
        (_("Family told"), found.family_notified_on),
        (_("Released"), found.released_on),
        (_("Revoked"), found.revoked_on),
    ):
        if value:
            facts.append(Fact(label, value, kind="when"))
    if found.certificate_number:
        facts.append(
            Fact(
                _("Certificate"),
                found.certificate_number,
                "",
                reverse("decision_certificate", args=[found.number]),
                "number",
            )
        )
    if found.ruling:
        facts.append(Fact(_("Reasons in writing"), found.ruling))
    if found.reason:
        facts.append(Fact(_("Reason of the last change"), found.reason))
    return facts


def _act_links(found: Decision, in_doubt: bool) -> list[ActLink]:
    at = [found.number]
    act_links = []
    if found.state == DecisionState.BEFORE_BOARD:
        act_links.append(
            ActLink("identification.withdraw", _("Take back from the board"), reverse("decision_withdraw", args=at))
        )
    if found.state == DecisionState.CERTIFIED:
        act_links.append(
            ActLink(
                "identification.notify_family",
                _("The family was told"),
                reverse("decision_tell", args=at),
                is_due=True,
            )
        )
    if found.state == DecisionState.FAMILY_NOTIFIED:
        act_links.append(
            ActLink("identification.release", _("Release"), reverse("decision_release", args=at), is_due=True)
        )
    if found.state in _IN_DOUBT:
        act_links.append(ActLink("identification.doubt", _("Raise a doubt"), reverse("decision_doubt", args=at)))
        if in_doubt:
            act_links.append(
                ActLink("identification.sign_revocation", _("Revoke"), reverse("decision_revoke", args=at))
            )
    return act_links


def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate of an identification, for print."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), ~Q(certificate_number=""), number=number)
    filed = next(v for v in reversed(history(found.id)) if v.entry.act == "identification.certify")
    store = current_store()
    leaf = filed.entry.leaf_hash
    return render(
        request,
        "identification/certificate.html",
        {
            "path": _decision_path(found, Crumb(_("Certificate"))),
            "decision": found,
            "rests_on": [_shown(c) for c in Comparison.objects.filter(pk__in=found.comparisons).order_by("number")],
            "signed": signed_by(found, "identification.certify"),
            "index": filed.index,
            "leaf": leaf,
            "origin": store.origin,
            "fingerprint": fingerprint(store),
            "born": in_words(found.missing_person.born),
            "code": qr(f"dokaz:{found.certificate_number}:{leaf}", title=found.certificate_number),
            "is_void": found.state not in IN_FORCE,
        },
    )


def _act_page(
    request: HttpRequest, found: Decision, form: Any, title: str, verb: str, lead: str = "", **more: Any
) -> HttpResponse:
    back = reverse("decision", args=[found.number])
    context = {
        "path": _decision_path(found, Crumb(title)),
        "form": form,
        "title": title,
        "verb": verb,
        "back": back,
        "lead": lead,
        "number": found.number,
        **more,
    }
    return render(request, "pages/act.html", context)


def _about(found: Decision) -> list[Fact]:
    return [
        Fact(_("Recovery unit"), found.recovery_unit.number, "", unit_url(found.recovery_unit.number), "number"),
        Fact(_("Missing person"), _called(found), "", person_url(found.missing_person.number)),
        Fact(_("State"), found.get_state_display()),
    ]


def decision_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a question back from the board."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), number=number)
    form = ReasonForm(request.POST or None, record=found)
    if act_on(request, form, lambda f, values: acts.withdraw(found, f), message=_("Taken back from the board.")):
        return redirect("decision", number)
    return _act_page(request, found, form, _("Take back from the board"), _("Take back"), notes=_about(found))


def decision_doubt(request: HttpRequest, number: str) -> HttpResponse:
    """Raise a doubt."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), number=number)
    form = DoubtForm(request.POST or None, record=found)
    if act_on(request, form, lambda f, values: acts.doubt(found, f, **values), message=_("The doubt is recorded.")):
        return redirect("decision", number)
    lead = _("A doubt changes nothing by itself. With it, two board members may revoke the decision.")
    return _act_page(request, found, form, _("Raise a doubt"), _("Record the doubt"), lead, notes=_about(found))


def decision_revoke(request: HttpRequest, number: str) -> HttpResponse:
    """Sign that a decision no longer stands, seeing what will be reopened."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), number=number)
    if found.state not in _IN_DOUBT:
        raise Http404
    form = RevokeForm(request.POST or None, record=found)

    def said(revoked: bool) -> str:
        return _("Revoked; what it touched is reopened.") if revoked else _("Signed; one more board member signs.")

    if act_on(request, form, lambda f, values: acts.sign_revocation(found, f), message=said):
        return redirect("decision", number)
    doubts = found.doubts.select_related("raised_by").order_by("number")
    statement = _("Decision %(number)s, that %(unit)s is %(person)s, no longer stands.") % {
        "number": found.number,
        "unit": found.recovery_unit.number,
        "person": _called(found),
    }
    if found.question == "exclude":
        statement = _("Decision %(number)s, that %(unit)s is not %(person)s, no longer stands.") % {
            "number": found.number,
            "unit": found.recovery_unit.number,
            "person": _called(found),
        }
    hindrance = "" if doubts else _("Nobody has raised a doubt yet; record what was found first.")
    signing = panel(
        found,
        "identification.revoke",
        acting_of(request),
        statement=statement,
        verb=_("Sign the revocation"),
        form=form,
        action=request.path,
        hindrance=hindrance,
    )
    return render(
        request,
        "identification/revoke.html",
        {
            "path": _decision_path(found, Crumb(_("Revoke"))),
            "decision": found,
            "facts": _facts(found),
            "doubts": doubts,
            "touched": acts.touched_by(found),
            "signing": signing,
            "strip": strip_of(found),
        },
    )


def decision_tell(request: HttpRequest, number: str) -> HttpResponse:
    """Take note that the family was told."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), number=number)
    form = NotifyForm(request.POST or None, record=found)
    if act_on(
        request, form, lambda f, values: acts.notify_family(found, f, **values), message=_("The family was told.")
    ):
        return redirect("decision", number)
    return _act_page(request, found, form, _("The family was told"), _("Record it"), notes=_about(found))


def decision_release(request: HttpRequest, number: str) -> HttpResponse:
    """Give the remains back."""
    found = get_object_or_404(Decision.objects.select_related(*_WITH), number=number)
    form = ReleaseForm(request.POST or None, record=found)
    people: Any = form.fields["identity_checked_by"]
    people.queryset = people.queryset.exclude(pk=acting_of(request).person.pk)
    if act_on(request, form, lambda f, values: acts.release(found, f, **values), message=_("Released.")):
        return redirect("decision", number)
    lead = _(
        "Remains leave on a certificate, after the family was told and has chosen, and after somebody else has "
        "checked the label once more."
    )
    return _act_page(request, found, form, _("Release"), _("Release"), lead, notes=_about(found))
