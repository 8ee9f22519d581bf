"""Pages of this room: searches, comparisons with everything for and against, the board's decisions, reviews."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dokaz.casework.filing import Actor
from dokaz.casework.roles import Role
from dokaz.casework.states import Tone
from dokaz.identification import acts, comparison_page, decision_page, search_page, searching
from dokaz.identification.doubt_pages import DOUBTS, OPEN_TO
from dokaz.identification.forms import (
    CloseReviewForm,
    LayForm,
    NotifyForm,
    ReasonForm,
    ReleaseForm,
    ReturnForm,
    RevokeForm,
    SearchForm,
    SignForm,
)
from dokaz.identification.lr_display import shown_lr
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Decision,
    DecisionState,
    Release,
    Review,
    Search,
)
from dokaz.identification.panels import where_corrected
from dokaz.identification.queries import deciders_of, identifications_in_force, to_take_back
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.drawn_page import DrawnPage
from dokaz.pages.list_page import Empty, Filter, ListPage
from dokaz.pages.named import column_of, fact_of, filter_of, label_of
from dokaz.pages.parts import Fact, ListColumn, Text
from dokaz.pages.record_page import RecordPage, SigningHere
from dokaz.pages.ways import address_of

EXAMINERS = frozenset({Role.DNA_EXAMINER, Role.PRINT_EXAMINER, Role.MORTUARY})


def _whom(line: Any) -> str:
    return str(line.missing_person.name)


def _in_force(found: QuerySet[Any], value: str) -> QuerySet[Any]:
    return found & identifications_in_force() if value == "identified" else found.filter(state=value)


def _open_or_closed(found: QuerySet[Any], value: str) -> QuerySet[Any]:
    return found.filter(closed_on__isnull=value == "open")


def subject_of(review: Review) -> Any:
    """The record that a review is about."""
    return review.decision or review.comparison or review.recovery_unit or review.missing_person


_ABOUT = ("because_of", "decision", "comparison", "recovery_unit", "missing_person")


def because_of(review: Review) -> str:
    """The number of the revoked decision, or of the record that was corrected."""
    return review.because_of.number if review.because_of is not None else str(review.corrected)


def _about(review: Review) -> list[Fact]:
    subject = subject_of(review)
    why = fact_of(review, "because_of", review.because_of.reason) if review.because_of is not None else Fact(
        _("Corrected since"), review.corrected, kind="number", url=where_corrected(review))  # fmt: skip
    return [Fact(_("About"), subject.number, review.get_link_display(), address_of(subject), "number"), why]


def _review_state(review: Review) -> tuple[Text, str]:
    return (_("closed"), Tone.DONE) if review.closed_on else (_("open"), Tone.DECIDE)


def _compute_search(_actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    threshold = float(values["threshold_log10_lr"])
    found = searching.compute(values["frequencies"], threshold_log10_lr=threshold)
    return {"result": searching.result_of(found, threshold_log10_lr=threshold)}


def _is_undecided(comparison: Comparison, _acting: Acting) -> bool:
    about = Decision.objects.filter(
        recovery_unit=comparison.recovery_unit_id, missing_person=comparison.missing_person_id
    )
    return not any(str(comparison.id) in each.comparisons for each in about)


def _with_all(query: QuerySet[Any]) -> QuerySet[Any]:
    return query.select_related("decision", "recovery_unit", "released_by", "returned_to", "identity_checked_by")


def _with_decision(query: QuerySet[Any]) -> QuerySet[Any]:
    return query.select_related(*decision_page.WITH)


SEARCHES = (
    DrawnPage(name="identification", at="identification/", open_to=OPEN_TO, draw=search_page.identification),
    ActPage(
        name="identification_search_new",
        at="identification/search/new/",
        act=acts.search,
        title=_("Search all profiles"),
        lead=_(
            "Every DNA profile that stands is compared with every family that has a typed relative. The machine ranks; "
            "it identifies nobody."
        ),
        verb=_("Search"),
        message=_("Searched."),
        form=SearchForm,
        under="identification",
        prepare=_compute_search,
    ),
    RecordPage(
        name="identification_search",
        at="identification/search/<str:number>/",
        open_to=OPEN_TO,
        shows=Search,
        under="identification",
        title=lambda search: _("Candidates, best first. A candidate is a rank by a machine, never an identification."),
        fetch=lambda query: query.select_related("frequencies"),
        facts=search_page.facts_of,
        template="identification/search.html",
        asked=search_page.candidates_asked,
    ),
)

COMPARISONS = (
    ListPage(
        name="comparisons",
        at="identification/comparisons/",
        open_to=OPEN_TO,
        label=_("Comparisons"),
        under="identification",
        lists=Comparison,
        search=("number", "recovery_unit__number", "missing_person__number", "missing_person__family_name"),
        filters=(
            filter_of(Comparison, "state"),
            filter_of(Comparison, "discipline"),
            filter_of(Comparison, "conclusion"),
        ),
        columns=(
            column_of(Comparison, "number", "number", order=("-number",)),
            column_of(Comparison, "recovery_unit", "unit", order=("recovery_unit__number",), url=None),
            column_of(Comparison, "missing_person", "missing", order=("missing_person__number",), url=None, note=_whom),
            column_of(Comparison, "discipline"),
            column_of(Comparison, "conclusion"),
            column_of(Comparison, "log10_lr", is_number=True, value=lambda one: shown_lr(one.log10_lr)),
            column_of(Comparison, "state"),
        ),
        fetch=lambda query: query.select_related("recovery_unit", "missing_person", "examiner"),
        unit=_("comparisons"),
        empty=Empty(
            _("No comparison here."),
            _("A comparison begins at a candidate of a search, or with two numbers."),
        ),
        acts=("comparison_new",),
    ),
    DrawnPage(
        name="comparison_new",
        at="identification/compare/",
        open_to=EXAMINERS,
        draw=comparison_page.comparison_new,
        act=acts.compare,
        title=_("Compare"),
    ),
    RecordPage(
        name="comparison",
        at="identification/comparison/<str:number>/",
        open_to=OPEN_TO,
        shows=Comparison,
        under="comparisons",
        title=lambda comparison: comparison.get_conclusion_display(),
        fetch=lambda query: query.select_related(*comparison_page.WITH),
        facts=comparison_page.facts_of,
        template="identification/comparison.html",
        more=comparison_page.evidence_of,
        signing=SigningHere(
            act=acts.sign_comparison,
            form=SignForm,
            waits=lambda comparison: comparison.state == ComparisonState.PROPOSED,
            panel=comparison_page.signing_of,
            message=comparison_page.signed_message,
        ),
    ),
    ActPage(
        name="decision_new",
        at="identification/comparison/<str:number>/lay/",
        record=Comparison,
        act=acts.lay_before_board,
        title=_("Lay before the board"),
        verb=_("Lay before the board"),
        message=_("Laid before the board."),
        form=LayForm,
        fetch=lambda query: query.select_related("recovery_unit", "missing_person"),
        offered=lambda comparison, acting: comparison.state == ComparisonState.SIGNED,
        is_due=_is_undecided,
        arguments=decision_page.pair_of,
        initial=decision_page.signed_first,
        perform=decision_page.lay,
        template="identification/lay.html",
        more=decision_page.before_laying,
    ),
)

DECISIONS = (
    ListPage(
        name="decisions",
        at="identification/decisions/",
        open_to=OPEN_TO,
        label=_("Decisions"),
        under="identification",
        lists=Decision,
        search=("number", "certificate_number", "recovery_unit__number", "missing_person__number",
                "missing_person__family_name"),
        filters=(
            Filter("state", label_of(Decision, "state"),
                   (("identified", _("identified, and stands")), *DecisionState.choices), _in_force),
        ),
        columns=(
            column_of(Decision, "number", "number", order=("-number",)),
            column_of(Decision, "recovery_unit", "unit", order=("recovery_unit__number",), url=None),
            column_of(Decision, "missing_person", "missing", order=("missing_person__number",), url=None, note=_whom),
            column_of(Decision, "question"),
            column_of(Decision, "certificate_number", "certificate", kind="number"),
            column_of(Decision, "state"),
        ),
        fetch=_with_decision,
        unit=_("decisions"),
        empty=Empty(
            _("No decision here."),
            _("A signed comparison is laid before the board from its own page."),
        ),
    ),
    RecordPage(
        name="decision",
        at="identification/decision/<str:number>/",
        open_to=OPEN_TO,
        shows=Decision,
        under="decisions",
        title=lambda decision: decision.missing_person.name,
        fetch=_with_decision,
        facts=decision_page.facts_of,
        template="identification/decision.html",
        more=decision_page.evidence_of,
        signing=SigningHere(
            act=acts.sign_decision,
            form=SignForm,
            waits=lambda decision: decision.state == DecisionState.BEFORE_BOARD,
            panel=decision_page.signing_of,
            message=decision_page.signed_message,
        ),
    ),
    DrawnPage(
        name="decision_certificate",
        at="identification/decision/<str:number>/certificate/",
        open_to=OPEN_TO,
        draw=decision_page.certificate,
    ),
    ActPage(
        name="decision_withdraw",
        at="identification/decision/<str:number>/withdraw/",
        record=Decision,
        act=acts.withdraw,
        title=_("Take back from the board"),
        verb=_("Take back"),
        message=_("Taken back from the board."),
        form=ReasonForm,
        fetch=_with_decision,
        notes=decision_page.about,
        starts_from=(DecisionState.BEFORE_BOARD,),
    ),
    ActPage(
        name="decision_tell",
        at="identification/decision/<str:number>/tell/",
        record=Decision,
        act=acts.notify_family,
        title=_("The family was told"),
        verb=_("Record it"),
        message=_("The family was told."),
        form=NotifyForm,
        fetch=_with_decision,
        notes=decision_page.about,
        starts_from=(DecisionState.CERTIFIED,),
        is_due=lambda decision, acting: True,
    ),
    ActPage(
        name="decision_release",
        at="identification/decision/<str:number>/release/",
        record=Decision,
        act=acts.release,
        title=_("Release"),
        lead=_(
            "Remains leave on a certificate, after the family was told and has chosen, and after somebody else has "
            "checked the label once more."
        ),
        verb=_("Release"),
        message=_("Released."),
        form=ReleaseForm,
        fetch=_with_decision,
        notes=decision_page.about,
        starts_from=(DecisionState.FAMILY_NOTIFIED,),
        offered=lambda decision, acting: decision.recovery_unit.holder_id == acting.person.pk,
        is_due=lambda decision, acting: True,
    ),
    ListPage(
        name="releases",
        at="identification/releases/",
        open_to=OPEN_TO,
        label=_("Releases"),
        lead=_("Remains that were given back: to whom, on what document, and where they were taken."),
        under="identification",
        lists=Release,
        search=("number", "recovery_unit__number", "released_to"),
        filters=(
            Filter("which", _("Which"), (("away", _("to take back: the decision was revoked")),),
                   lambda found, value: found & to_take_back()),
        ),
        columns=(
            column_of(Release, "number", "number", order=("-number",)),
            column_of(Release, "recovery_unit"),
            column_of(Release, "released_to", note=lambda one: one.to_place, under=True),
            column_of(Release, "decision"),
            column_of(Release, "released_at"),
            column_of(Release, "returned_at"),
            ListColumn("", acts=("release_return",)),
        ),
        fetch=lambda query: query.select_related("decision", "recovery_unit"),
        unit=_("releases"),
        empty=Empty(_("Nothing was released."), _("Remains are released from the page of a certified decision.")),
    ),
    RecordPage(
        name="release",
        at="identification/releases/<str:number>/",
        open_to=OPEN_TO,
        shows=Release,
        parent=lambda release: release.decision,
        fetch=_with_all,
        facts=lambda release, acting: decision_page.of_release(release),
    ),
    ActPage(
        name="release_return",
        at="identification/releases/<str:number>/return/",
        record=Release,
        act=acts.take_return,
        title=_("Take the remains back"),
        label=_("Take back"),
        lead=_("The decision was revoked. From now on you answer for the remains, and they are examined again."),
        verb=_("Sign and take back"),
        message=_("The remains of %(n)s are back."),
        form=ReturnForm,
        fetch=_with_all,
        notes=decision_page.of_release,
        offered=lambda release, acting: release.decision.state == DecisionState.REVOKED and release.returned_at is None,
        is_due=lambda release, acting: True,
    ),
    *DOUBTS,
    ActPage(
        name="decision_revoke",
        at="identification/decision/<str:number>/revoke/",
        record=Decision,
        act=acts.sign_revocation,
        title=_("Revoke"),
        verb=_("Sign the revocation"),
        message=decision_page.revoked_message,
        form=RevokeForm,
        fetch=_with_decision,
        starts_from=decision_page.IN_DOUBT,
        offered=lambda decision, acting: decision.doubts.exists(),
        template="identification/revoke.html",
        more=decision_page.before_revoking,
    ),
    ListPage(
        name="board_reviews",
        at="identification/reviews/",
        open_to=OPEN_TO,
        label=_("Reviews"),
        lead=_("What a revoked decision touched, and what rests on a corrected value, is looked at again. Nothing under "
               "review is released."),
        under="identification",
        lists=Review,
        filters=(
            Filter("state", _("State"), (("open", _("open")), ("closed", _("closed"))),
                   _open_or_closed, default="open"),
        ),
        columns=(
            column_of(Review, "number", "number"),
            ListColumn(_("About"), value=lambda one: subject_of(one).number, kind="number",
                   url=lambda one: address_of(subject_of(one))),
            column_of(Review, "link"),
            ListColumn(_("Because of"), value=because_of, kind="number"),
            ListColumn(_("State"), value=_review_state, kind="state", note=lambda one: one.outcome, under=True),
            ListColumn("", acts=("board_review_close", "review_answer")),
        ),
        fetch=lambda query: query.select_related(*_ABOUT),
        unit=_("reviews"),
        empty=Empty(_("No review here."),
                    _("A review opens when a decision is revoked, or a value that something rests on is corrected.")),
    ),
    ActPage(
        name="board_review_close",
        at="identification/review/<str:number>/close/",
        record=Review,
        act=acts.close_review,
        title=_("Close the review"),
        label=_("Close"),
        verb=_("Close"),
        message=_("The review is closed."),
        form=CloseReviewForm,
        under="board_reviews",
        fetch=lambda query: query.select_related(*_ABOUT),
        offered=lambda review, acting: not review.closed_on
        and review.comparison is None
        and not (review.decision and acting.person.pk in deciders_of(review.decision)),
        notes=_about,
    ),
    ActPage(
        name="review_answer",
        at="identification/review/<str:number>/answer/",
        record=Review,
        act=acts.answer_correction,
        title=_("Answer the correction"),
        label=_("Answer"),
        verb=_("File the answer"),
        message=_("The answer is filed."),
        form=CloseReviewForm,
        under="board_reviews",
        fetch=lambda query: query.select_related(*_ABOUT),
        offered=lambda review, acting: not review.closed_on and review.comparison is not None,
        notes=_about,
    ),
)  # fmt: skip

PAGES = (*SEARCHES, *COMPARISONS, *DECISIONS)
