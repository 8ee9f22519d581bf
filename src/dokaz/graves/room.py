"""The room of the graves: sites, graves, recovery units, photographs."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS, RecordKind, Room, Stage, Step, Stop
from dokaz.graves import act_views, unit_views, views
from dokaz.graves.models import Grave, Photograph, RecoveryUnit, Site, State
from dokaz.graves.on_the_map import places
from dokaz.pages.drawn_page import DrawnPage

_SCENE = frozenset({Role.SCENE})
_AT_SITES = frozenset({Role.SCENE, Role.INVESTIGATOR})
_WITH_UNITS = frozenset({Role.SCENE, Role.MORTUARY})


def _recovered() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(lifted_at__isnull=False)


def _to_lift() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(state=State.SURVEYED)


def _in_quarantine() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(state=State.QUARANTINED)


ROOM = Room(
    name="graves",
    label=_("Graves"),
    rail=(Stop("sites", _("Graves"), 210), Stop("units", _("Recovery units"), 220)),
    open_to=READERS,
    records=(
        RecordKind(Site, READERS),
        RecordKind(Grave, READERS),
        RecordKind(RecoveryUnit, READERS, counted=lambda n: ngettext("recovery unit", "recovery units", n)),
        RecordKind(Photograph, READERS, goes_with=("unit",)),
    ),
    pages=(
        DrawnPage(name="sites", at="sites/", open_to=READERS, draw=views.sites),
        DrawnPage(name="site_new", at="sites/new/", open_to=_AT_SITES, draw=act_views.site_new),
        DrawnPage(name="site", at="sites/<str:number>/", open_to=READERS, draw=views.site),
        DrawnPage(
            name="site_open_grave",
            at="sites/<str:number>/open-grave/",
            open_to=_AT_SITES,
            draw=act_views.site_open_grave,
        ),
        DrawnPage(name="grave", at="graves/<str:number>/", open_to=READERS, draw=views.grave),
        DrawnPage(name="grave_survey", at="graves/<str:number>/survey/", open_to=_SCENE, draw=act_views.grave_survey),
        DrawnPage(
            name="grave_photograph",
            at="graves/<str:number>/photograph/",
            open_to=_WITH_UNITS,
            draw=act_views.grave_photograph,
        ),
        DrawnPage(name="units", at="units/", open_to=READERS, draw=views.units, stop="units"),
        DrawnPage(name="unit", at="units/<str:number>/", open_to=READERS, draw=unit_views.unit, stop="units"),
        DrawnPage(
            name="unit_lift", at="units/<str:number>/lift/", open_to=_SCENE, draw=act_views.unit_lift, stop="units"
        ),
        DrawnPage(
            name="unit_photograph",
            at="units/<str:number>/photograph/",
            open_to=_WITH_UNITS,
            draw=act_views.unit_photograph,
            stop="units",
        ),
        DrawnPage(
            name="unit_split",
            at="units/<str:number>/split/",
            open_to=_WITH_UNITS,
            draw=act_views.unit_split,
            stop="units",
        ),
        DrawnPage(
            name="unit_quarantine",
            at="units/<str:number>/quarantine/",
            open_to=_WITH_UNITS,
            draw=act_views.unit_quarantine,
            stop="units",
        ),
        DrawnPage(name="photograph", at="photographs/<str:number>/", open_to=READERS, draw=views.photograph),
        DrawnPage(
            name="photograph_image", at="photographs/<str:number>/image/", open_to=READERS, draw=views.photograph_image
        ),
        DrawnPage(
            name="photograph_thumbnail",
            at="photographs/<str:number>/thumbnail/",
            open_to=READERS,
            draw=views.photograph_thumbnail,
        ),
        DrawnPage(name="labels", at="labels/", open_to=READERS, draw=views.labels),
    ),
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
)
