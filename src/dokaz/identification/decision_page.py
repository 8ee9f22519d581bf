"""The pages of a decision: what it rests on, what is still missing, who signed, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.filing import Filing
from dokaz.casework.journal import history
from dokaz.casework.published import fingerprint
from dokaz.casework.queries import people_who_signed
from dokaz.casework.store import current_store
from dokaz.identification import acts
from dokaz.identification.lines import words_of
from dokaz.identification.lr_display import chart_of, for_and_against, others_of, shown_lr
from dokaz.identification.models import Comparison, ComparisonState, Decision, DecisionState, Doubt, Release
from dokaz.identification.queries import IN_FORCE, examiners_of, open_reviews, signed_towards, touched_by
from dokaz.identification.requirements import Requirement, of_decision, of_pair, requirements
from dokaz.identification.signing import panel, signed_by
from dokaz.pages.acting import ActForm, Acting
from dokaz.pages.ledger_strip import strip_of
from dokaz.pages.named import fact_of, label_of
from dokaz.pages.partial_dates import in_words
from dokaz.pages.parts import Crumb, Fact, Signing, Text
from dokaz.pages.pictures.qr import qr
from dokaz.pages.refusals import in_words as sentence_in_words
from dokaz.pages.refusals import what_and_next
from dokaz.pages.ways import way_to

IN_DOUBT = (*IN_FORCE, DecisionState.EXCLUDED)
WITH = ("recovery_unit", "missing_person", "laid_by")


def of_release(release: Release) -> list[Fact]:
    """From whose hands remains went into whose, on what document, and whether they came back."""
    facts = [
        fact_of(release, "recovery_unit"),
        fact_of(release, "decision", release.decision.get_state_display()),
        Fact(label_of(Release, "released_by"), release.released_by.name),
        *(
            fact_of(release, name)
            for name in ("released_to", "document_seen", "to_place", "family_choice", "released_at")
        ),
        Fact(label_of(Release, "identity_checked_by"), release.identity_checked_by.name),
    ]
    if release.returned_to is not None:
        facts += [
            *(fact_of(release, name) for name in ("returned_at", "returned_by", "return_document")),
            Fact(label_of(Release, "returned_to"), release.returned_to.name),
        ]
    return facts


def of_doubt(doubt: Doubt) -> list[Fact]:
    """What was found about which decision, by whom."""
    return [
        fact_of(doubt, "decision", doubt.decision.get_state_display()),
        fact_of(doubt, "grounds"),
        Fact(label_of(Doubt, "evidence"), ", ".join(doubt.evidence)),
        Fact(label_of(Doubt, "raised_by"), doubt.raised_by.name),
        fact_of(doubt, "raised_at"),
    ]


# --- laying before the board ---------------------------------------------------------------------------------------------


def _pair(first: Comparison) -> list[Comparison]:
    return of_pair(first.recovery_unit, first.missing_person)


def pair_of(first: Comparison) -> dict[str, Any]:
    """What a decision about the two may rest on."""
    return {"pair": Comparison.objects.filter(pk__in=[c.pk for c in _pair(first)]).order_by("number")}


def signed_first(_request: HttpRequest, first: Comparison) -> dict[str, Any]:
    """The signed comparisons of the two are chosen before."""
    return {"comparisons": [c.pk for c in _pair(first) if c.state == ComparisonState.SIGNED]}


def lay(_first: Comparison, filing: Filing, values: dict[str, Any]) -> Decision:
    """Lay a question before the board with the chosen comparisons."""
    return acts.lay_before_board(filing, **{**values, "comparisons": list(values["comparisons"])})


def before_laying(_acting: Acting, first: Comparison, _form: ActForm) -> dict[str, Any]:
    """What must hold to identify, and everything for and against from every comparison of the two."""
    made, unit, person = _pair(first), first.recovery_unit, first.missing_person
    signed = [c for c in made if c.state == ComparisonState.SIGNED]
    return {
        "unit": unit,
        "person": person,
        "requirements": _in_words(requirements(unit, person, signed, "identify")),
        "sides": for_and_against(made),
    }


# --- the decision --------------------------------------------------------------------------------------------------------


def evidence_of(found: Decision, acting: Acting) -> dict[str, Any]:
    """Everything for and against a decision, what is missing, and what became of it."""
    made = of_pair(found.recovery_unit, found.missing_person)
    own = set(found.comparisons)
    rests_on = list(Comparison.objects.filter(pk__in=found.comparisons).select_related("examiner").order_by("number"))
    lies = found.state == DecisionState.BEFORE_BOARD
    checked = of_decision(found) if lies else []
    return {
        "decision": found,
        "requirements": _in_words(checked),
        "unmet": sum(not each.holds for each in checked),
        "rests_on": [_shown(each) for each in rests_on],
        "beside": [_shown(each) for each in made if str(each.id) not in own],
        "sides": for_and_against(made if lies else rests_on),
        "signed": signed_by(found, signed_towards(found)),
        "revoked_by": signed_by(found, "identification.revoke"),
        "doubts": list(found.doubts.select_related("raised_by", "answered_by").order_by("number")),
        "reopened": found.reviews.select_related("decision", "recovery_unit", "missing_person").order_by("number"),
        "changed": changed_since(found),
        "under_review": open_reviews(found).exclude(because_of=found),
        "releases": found.releases.select_related("identity_checked_by").order_by("number"),
    }


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


def signing_of(found: Decision, acting: Acting, form: ActForm) -> Signing:
    """The place where a board member signs, or why nobody can now."""
    checked = of_decision(found)
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


def signed_message(is_complete: bool) -> Text:
    """What is said to whoever has just signed."""
    return _("Signed; it is decided.") if is_complete else _("Signed; one more board member signs.")


def facts_of(found: Decision, acting: Acting) -> list[Fact]:
    """What is decided about whom, since when."""
    asks = {"identify": _("Are these remains this person?"), "exclude": _("Are these remains not this person?")}
    facts = [
        fact_of(found, "recovery_unit", found.recovery_unit.get_state_display()),
        fact_of(found, "missing_person", found.missing_person.name),
        Fact(label_of(Decision, "question"), asks[found.question]),
        Fact(label_of(Decision, "laid_by"), found.laid_by.name),
        fact_of(found, "laid_at"),
    ]
    happened = ("decided_on", "family_notified_on", "released_on", "revoked_on")
    facts += [fact_of(found, name) for name in happened if getattr(found, name)]
    if found.certificate_number:
        there = reverse("decision_certificate", args=[found.number])
        facts.append(Fact(label_of(Decision, "certificate_number"), found.certificate_number, "", there, "number"))
    if found.ruling:
        facts.append(fact_of(found, "ruling"))
    if found.reason:
        facts.append(Fact(_("Reason of the last change"), found.reason))
    return facts


def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The certificate of an identification, for print."""
    found = get_object_or_404(Decision.objects.select_related(*WITH), ~Q(certificate_number=""), number=number)
    filed = next(v for v in reversed(history(found.id)) if v.entry.act == "identification.certify")
    store = current_store()
    leaf = filed.entry.leaf_hash
    return render(
        request,
        "identification/certificate.html",
        {
            "path": [*way_to(found), Crumb(_("Certificate"))],
            "decision": found,
            "rests_on": [_shown(c) for c in Comparison.objects.filter(pk__in=found.comparisons).order_by("number")],
            "signed": signed_by(found, "identification.certify"),
            "contradictions": [{**line, "words": sentence_in_words(words_of(line))} for line in found.contradictions],
            "index": filed.index,
            "leaf": leaf,
            "origin": store.origin,
            "fingerprint": fingerprint(store),
            "born": in_words(found.missing_person.born),
            "code": qr(f"dokaz:{found.certificate_number}:{leaf}", title=found.certificate_number),
            "is_void": found.state not in IN_FORCE,
            "changed": changed_since(found),
        },
    )


def changed_since(found: Decision) -> list[str]:
    """Of an identification in force: what does not hold any more of what it rests on, in words."""
    if found.state not in IN_FORCE or found.question != "identify":
        return []
    return ["; ".join(what_and_next(each.unmet)) for each in of_decision(found) if each.unmet]


def about(found: Decision) -> list[Fact]:
    """Whom a decision is about, before an act on it."""
    return [
        fact_of(found, "recovery_unit"),
        fact_of(found, "missing_person", found.missing_person.name),
        fact_of(found, "state"),
    ]


# --- revoking ------------------------------------------------------------------------------------------------------------


def before_revoking(acting: Acting, found: Decision, form: ActForm) -> dict[str, Any]:
    """What was found, what a revocation reopens, and the place where one signs it."""
    doubts = found.doubts.select_related("raised_by").order_by("number")
    said = (
        _("Decision %(number)s, that %(unit)s is %(person)s, no longer stands.")
        if found.question == "identify"
        else _("Decision %(number)s, that %(unit)s is not %(person)s, no longer stands.")
    )
    signing = panel(
        found,
        "identification.revoke",
        acting,
        statement=said % {"number": found.number, "unit": found.recovery_unit.number, "person": _called(found)},
        verb=_("Sign the revocation"),
        form=form,
        action=reverse("decision_revoke", args=[found.number]),
        hindrance="" if doubts else _("Nobody has raised a doubt yet; record what was found first."),
    )
    return {
        "decision": found,
        "facts": facts_of(found, acting),
        "doubts": doubts,
        "touched": touched_by(found),
        "signing": signing,
        "strip": strip_of(found),
    }


def revoked_message(is_complete: bool) -> Text:
    """What is said to whoever has just signed a revocation."""
    return _("Revoked; what it touched is reopened.") if is_complete else _("Signed; one more board member signs.")
