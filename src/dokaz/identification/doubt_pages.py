"""Pages of doubts about decisions: raising one, what waits for an answer, answering."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS
from dokaz.identification import acts, decision_page
from dokaz.identification.forms import AnswerForm, DoubtForm
from dokaz.identification.models import Decision, Doubt, DoubtState
from dokaz.identification.queries import deciders_of, to_answer
from dokaz.pages.act_page import ActPage
from dokaz.pages.list_page import Empty, Filter, ListPage
from dokaz.pages.named import column_of
from dokaz.pages.parts import ListColumn

OPEN_TO = READERS - {Role.SCENE}

DOUBTS = (
    ActPage(
        name="decision_doubt",
        at="identification/decision/<str:number>/doubt/",
        record=Decision,
        act=acts.doubt,
        title=_("Raise a doubt"),
        lead=_(
            "Until somebody who did not decide it has answered in writing, the family is not told and nothing is "
            "released. With a doubt, two board members may revoke the decision."
        ),
        verb=_("Record the doubt"),
        message=_("The doubt is recorded."),
        form=DoubtForm,
        fetch=lambda query: query.select_related(*decision_page.WITH),
        notes=decision_page.about,
        starts_from=decision_page.IN_DOUBT,
    ),
    ListPage(
        name="doubts",
        at="identification/doubts/",
        open_to=OPEN_TO,
        label=_("Doubts"),
        lead=_("Nothing follows a decision while a doubt about it waits for an answer."),
        under="identification",
        lists=Doubt,
        filters=(
            Filter("state", _("State"), (*DoubtState.choices, ("due", _("about a decision that stands"))),
                   lambda found, value: found & to_answer() if value == "due" else found.filter(state=value)),
        ),
        columns=(
            column_of(Doubt, "number", "number"),
            column_of(Doubt, "decision"),
            column_of(Doubt, "grounds", note=lambda one: ", ".join(one.evidence), under=True),
            column_of(Doubt, "raised_by"),
            column_of(Doubt, "state", note=lambda one: one.answer, under=True),
            column_of(Doubt, "answered_by"),
            ListColumn("", acts=("doubt_answer",)),
        ),
        fetch=lambda query: query.select_related("decision", "raised_by", "answered_by"),
        unit=_("doubts"),
        empty=Empty(_("No doubt here."), _("A doubt is raised on the page of a decision.")),
    ),
    ActPage(
        name="doubt_answer",
        at="identification/doubt/<str:number>/answer/",
        record=Doubt,
        act=acts.answer_doubt,
        title=_("Answer the doubt"),
        label=_("Answer"),
        lead=_("You neither raised it nor signed the decision. Where the decision does not hold, it is revoked instead."),
        verb=_("Sign the answer"),
        message=_("The doubt is answered."),
        form=AnswerForm,
        under="doubts",
        fetch=lambda query: query.select_related("decision", "raised_by"),
        starts_from=(DoubtState.OPEN,),
        offered=lambda doubt, acting: acting.person.pk not in {doubt.raised_by_id, *deciders_of(doubt.decision)},
        notes=decision_page.of_doubt,
    ),
)  # fmt: skip
