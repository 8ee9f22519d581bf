"""The room of the graves: sites, graves, recovery units, photographs."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework.roles import Role
from dokaz.casework.rooms import RecordKind, RecordPanel, Room, Stage, Step, Stop
from dokaz.graves.correcting import place_units_anew
from dokaz.graves.intake import SURVEY
from dokaz.graves.models import Grave, Photograph, RecoveryUnit, Site, State
from dokaz.graves.on_the_map import places
from dokaz.graves.pages import OPEN_TO, PAGES, next_step
from dokaz.graves.panels import emergency, graves_of, label, neighbourhood, photographs_of


def _recovered() -> QuerySet[RecoveryUnit]:
    # What was lifted before this record began may bear no date; in quarantine, its state no longer says so.
    in_the_ground = Q(state__in=(State.IN_SITU, State.SURVEYED))
    not_lifted = Q(state=State.QUARANTINED, lifted_at=None, emergency_reason="", is_before_record=False)
    return RecoveryUnit.objects.exclude(in_the_ground | not_lifted)


def _to_lift() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(state=State.SURVEYED)


def _in_quarantine() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(state=State.QUARANTINED)


ROOM = Room(
    name="graves",
    label=_("Graves"),
    rail=(Stop("sites", _("Graves"), 210), Stop("units", _("Recovery units"), 220)),
    open_to=OPEN_TO,
    records=(
        RecordKind(Site, OPEN_TO),
        RecordKind(Grave, OPEN_TO),
        RecordKind(RecoveryUnit, OPEN_TO, counted=lambda n: ngettext("recovery unit", "recovery units", n)),
        RecordKind(Photograph, OPEN_TO, goes_with=("unit",)),
    ),
    pages=PAGES,
    steps=(
        Step(
            "lift",
            _("recovery units surveyed, still in the ground"),
            (Role.SCENE,),
            _to_lift,
            "units",
            "waits=lift",
            as_filter=_("lifted"),
        ),
        Step(
            "quarantine",
            _("recovery units in quarantine"),
            (Role.SCENE, Role.MORTUARY),
            _in_quarantine,
            "units",
            f"state={State.QUARANTINED}",
        ),
    ),
    stages=(
        Stage(
            "recovered",
            _("Recovered"),
            _("recovery units"),
            _("lifted out of the ground; bodies, parts, bones and artefacts, each under its own number"),
            lambda: _recovered().count(),
            "units",
            "stage=recovered",
            (_recovered,),
        ),
    ),
    map_layers=(places,),
    corrected=place_units_anew,
    panels=(
        RecordPanel("graves", Site, OPEN_TO, "pages/parts/table.html", graves_of, 100),
        RecordPanel("emergency", RecoveryUnit, OPEN_TO, "graves/panels/emergency.html", emergency, -20),
        RecordPanel("label", RecoveryUnit, OPEN_TO, "graves/panels/label.html", label, 10),
        RecordPanel("photographs", RecoveryUnit, OPEN_TO, "graves/panels/photographs.html", photographs_of, 100),
        RecordPanel("where it lay", RecoveryUnit, OPEN_TO, "graves/panels/neighbourhood.html", neighbourhood, 200),
    ),
    next_steps=((RecoveryUnit, next_step),),
    deliveries=(SURVEY,),
)
