"""The room of identification: searches, comparisons, decisions of the board, reviews, releases."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS, RecordKind, RecordPanel, Room, Stage, Step, Stop
from dokaz.graves.models import RecoveryUnit, State
from dokaz.identification.acts import reopen_what_rests_on
from dokaz.identification.doubt_pages import OPEN_TO
from dokaz.identification.intake import CASE
from dokaz.identification.models import (
    Comparison,
    ComparisonState,
    Decision,
    DecisionState,
    Doubt,
    Release,
    Review,
    Search,
)
from dokaz.identification.pages import EXAMINERS, PAGES
from dokaz.identification.panels import (
    comparisons_of_profile,
    comparisons_of_unit,
    comparisons_with,
    decisions_about,
    decisions_on,
    next_step,
    parts_of_one_person,
    releases_of,
    reviews_of,
)
from dokaz.identification.queries import (
    identifications_in_force,
    to_answer,
    to_take_back,
    waiting_for_board,
    waiting_for_examiners,
)
from dokaz.missing.models import MissingPerson
from dokaz.missing.pages import OPEN_TO as PERSONS
from dokaz.mortuary.models import Profile

_PANELS = "identification/panels"


def _compared() -> QuerySet[RecoveryUnit]:
    valid = Comparison.objects.exclude(state=ComparisonState.SUPERSEDED)
    return RecoveryUnit.objects.filter(pk__in=valid.values("recovery_unit"))


def _identified_units() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(pk__in=identifications_in_force().values("recovery_unit"))


def _identified_persons() -> QuerySet[MissingPerson]:
    return MissingPerson.objects.filter(pk__in=identifications_in_force().values("missing_person"))


def _released() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(state__in=(State.RELEASED, State.REBURIED))


def _persons_identified() -> int:
    found = identifications_in_force().order_by().aggregate(n=Count("missing_person", distinct=True))
    return int(found["n"])


def _to_tell() -> QuerySet[Decision]:
    return Decision.objects.filter(state=DecisionState.CERTIFIED)


def _reviews() -> QuerySet[Review]:
    return Review.objects.filter(closed_on=None, comparison=None)


def _corrected() -> QuerySet[Review]:
    return Review.objects.filter(closed_on=None).exclude(comparison=None)


ROOM = Room(
    name="identification",
    label=_("Identification"),
    rail=(Stop("identification", _("Identification"), 250),),
    open_to=OPEN_TO,
    records=(
        RecordKind(Search, OPEN_TO),
        RecordKind(
            Comparison,
            OPEN_TO,
        ),
        RecordKind(
            Decision,
            OPEN_TO,
        ),
        RecordKind(Doubt, OPEN_TO, goes_with=("decision",)),
        RecordKind(Review, OPEN_TO, goes_with=("decision", "because_of", "comparison")),
        RecordKind(Release, OPEN_TO, goes_with=("decision",)),
    ),
    pages=PAGES,
    steps=(
        Step(
            "sign comparisons",
            _("comparisons to sign"),
            tuple(sorted(EXAMINERS)),
            waiting_for_examiners,
            "comparisons",
            "state=proposed",
        ),
        Step(
            "board",
            _("decisions before the board"),
            (Role.BOARD,),
            waiting_for_board,
            "decisions",
            f"state={DecisionState.BEFORE_BOARD}",
        ),
        Step(
            "families",
            _("certified identifications of which the family is not told"),
            (Role.FAMILY_LIAISON,),
            _to_tell,
            "decisions",
            f"state={DecisionState.CERTIFIED}",
        ),
        Step(
            "reviews",
            _("cases under review after a revocation or a correction"),
            tuple(sorted({Role.BOARD, *EXAMINERS})),
            _reviews,
            "board_reviews",
        ),
        Step(
            "doubts",
            _("doubts about decisions that wait for an answer"),
            tuple(sorted({Role.BOARD, *EXAMINERS})),
            to_answer,
            "doubts",
            "state=due",
        ),
        Step(
            "corrections",
            _("signed comparisons that rest on a value that was corrected since"),
            tuple(sorted(EXAMINERS)),
            _corrected,
            "board_reviews",
        ),
        Step(
            "returns",
            _("remains to take back after a revocation"),
            (Role.MORTUARY,),
            to_take_back,
            "releases",
            "which=away",
        ),
    ),
    stages=(
        Stage(
            "compared",
            _("Compared"),
            _("recovery units"),
            _("compared with at least one missing person, whatever the outcome"),
            lambda: _compared().count(),
            "units",
            "stage=compared",
            (_compared,),
        ),
        Stage(
            "identified",
            _("Identified"),
            _("missing persons"),
            _("certified by a board and not revoked"),
            _persons_identified,
            "missing",
            "state=identified",
            (_identified_units, _identified_persons),
        ),
        Stage(
            "released",
            _("Released"),
            _("recovery units"),
            _("given back to a family, or reburied"),
            lambda: _released().count(),
            "units",
            "stage=released",
            (_released,),
        ),
    ),
    panels=(
        RecordPanel("reviews", Comparison, OPEN_TO, f"{_PANELS}/reviews.html", reviews_of, -10),
        RecordPanel("reviews", RecoveryUnit, READERS, f"{_PANELS}/reviews.html", reviews_of, -10),
        RecordPanel("decisions", RecoveryUnit, READERS, f"{_PANELS}/decisions_on_unit.html", decisions_on, 300),
        RecordPanel("releases", RecoveryUnit, PERSONS, f"{_PANELS}/releases.html", releases_of, 320),
        RecordPanel(
            "comparisons", RecoveryUnit, PERSONS, f"{_PANELS}/comparisons_of_unit.html", comparisons_of_unit, 310
        ),
        RecordPanel(
            "comparisons", Profile, PERSONS, f"{_PANELS}/comparisons_of_profile.html", comparisons_of_profile, 200
        ),
        RecordPanel("reviews", MissingPerson, OPEN_TO, f"{_PANELS}/reviews.html", reviews_of, -10),
        RecordPanel(
            "decisions", MissingPerson, OPEN_TO, f"{_PANELS}/decisions_about_person.html", decisions_about, 300
        ),
        RecordPanel(
            "comparisons", MissingPerson, OPEN_TO, f"{_PANELS}/comparisons_with_person.html", comparisons_with, 500
        ),
    ),
    next_steps=((RecoveryUnit, next_step),),
    corrected=reopen_what_rests_on,
    joined=((RecoveryUnit, parts_of_one_person),),
    deliveries=(CASE,),
)
