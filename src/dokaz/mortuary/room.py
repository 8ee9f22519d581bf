"""The room of the mortuary: examinations, samples, DNA profiles of remains."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework.roles import Role
from dokaz.casework.rooms import READERS, RecordKind, Room, Stage, Step, Stop
from dokaz.graves.models import RecoveryUnit
from dokaz.mortuary import act_views, views
from dokaz.mortuary.models import Examination, Finding, Profile, Sample
from dokaz.mortuary.queries import profiles_in_use, to_examine, to_receive, to_sample, to_type
from dokaz.pages.drawn_page import DrawnPage

OPEN_TO = READERS - {Role.FAMILY_LIAISON}
_MORTUARY = frozenset({Role.MORTUARY})
_DNA = frozenset({Role.DNA_EXAMINER})


def _examined() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(pk__in=Examination.objects.values("unit"))


def _profiled() -> QuerySet[RecoveryUnit]:
    # Asked unit by unit, so that the first page of the list does not wait for the last profile.
    return RecoveryUnit.objects.filter(Exists(profiles_in_use().filter(sample__unit=OuterRef("pk"))))


def _distinct_profiles() -> int:
    return int(profiles_in_use().order_by().aggregate(n=Count("genotypes", distinct=True))["n"])


ROOM = Room(
    name="mortuary",
    label=_("Mortuary"),
    rail=(Stop("mortuary", _("Mortuary"), 230),),
    open_to=OPEN_TO,
    records=(
        RecordKind(Examination, OPEN_TO, goes_with=("unit",)),
        RecordKind(Finding, OPEN_TO, goes_with=("examination",)),
        RecordKind(Sample, OPEN_TO, goes_with=("unit",), counted=lambda n: ngettext("sample", "samples", n)),
        RecordKind(Profile, OPEN_TO),
    ),
    pages=(
        DrawnPage(name="mortuary", at="mortuary/", open_to=OPEN_TO, draw=views.mortuary),
        DrawnPage(name="samples", at="mortuary/samples/", open_to=OPEN_TO, draw=views.samples),
        DrawnPage(name="profiles", at="mortuary/profiles/", open_to=OPEN_TO, draw=views.profiles),
        DrawnPage(name="sample", at="samples/<str:number>/", open_to=OPEN_TO, draw=views.sample),
        DrawnPage(
            name="sample_profile", at="samples/<str:number>/profile/", open_to=_DNA, draw=act_views.sample_profile
        ),
        DrawnPage(name="profile", at="profiles/<str:number>/", open_to=OPEN_TO, draw=views.profile),
        DrawnPage(
            name="profile_withdraw", at="profiles/<str:number>/withdraw/", open_to=_DNA, draw=act_views.profile_withdraw
        ),
        DrawnPage(name="examination", at="examinations/<str:number>/", open_to=OPEN_TO, draw=views.examination),
        DrawnPage(
            name="unit_receive", at="units/<str:number>/receive/", open_to=_MORTUARY, draw=act_views.unit_receive
        ),
        DrawnPage(
            name="unit_examine", at="units/<str:number>/examine/", open_to=_MORTUARY, draw=act_views.unit_examine
        ),
        DrawnPage(name="unit_sample", at="units/<str:number>/sample/", open_to=_MORTUARY, draw=act_views.unit_sample),
        DrawnPage(name="unit_store", at="units/<str:number>/store/", open_to=_MORTUARY, draw=act_views.unit_store),
    ),
    steps=(
        Step(
            "receive",
            _("recovery units lifted, not received"),
            (Role.MORTUARY,),
            to_receive,
            "units",
            "waits=receive",
            as_filter=_("received"),
        ),
        Step(
            "examine",
            _("recovery units to examine"),
            (Role.MORTUARY,),
            to_examine,
            "units",
            "waits=examine",
            as_filter=_("examined"),
        ),
        Step(
            "sample",
            _("recovery units to sample"),
            (Role.MORTUARY,),
            to_sample,
            "units",
            "waits=sample",
            as_filter=_("sampled"),
        ),
        Step("type", _("samples to type"), (Role.DNA_EXAMINER,), to_type, "samples", "typed=no"),
    ),
    stages=(
        Stage(
            "examined",
            _("Examined"),
            _("recovery units"),
            _("at least one examination is on file"),
            lambda: _examined().count(),
            "units",
            "stage=examined",
            (_examined,),
        ),
        Stage(
            "profiled",
            _("Profiled"),
            _("distinct DNA profiles"),
            _("different genotypes among the profiles that stand; several parts of one person share one"),
            _distinct_profiles,
            "profiles",
            records=(_profiled,),
        ),
    ),
)
