"""The room of the mortuary: examinations, samples, DNA profiles of remains."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dokaz.casework.roles import Role
from dokaz.casework.rooms import RecordKind, RecordPanel, Room, Stage, Step, Stop
from dokaz.graves.models import RecoveryUnit
from dokaz.mortuary.custody import CUSTODY
from dokaz.mortuary.intake import EXAMINATIONS, PROFILES, SAMPLES
from dokaz.mortuary.models import Examination, Finding, Profile, Sample
from dokaz.mortuary.pages import OPEN_TO, PAGES, next_step
from dokaz.mortuary.panels import (
    as_is,
    attempts_at,
    elements_of,
    examinations_of,
    findings_of,
    markers_of,
    samples_of,
    why_withdrawn,
)
from dokaz.mortuary.queries import profiles_in_use, to_examine, to_receive, to_sample, to_type

_PANELS = "mortuary/panels"


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
    pages=PAGES,
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
    panels=(
        RecordPanel("examinations", RecoveryUnit, OPEN_TO, f"{_PANELS}/examinations.html", examinations_of, 400),
        RecordPanel("samples", RecoveryUnit, OPEN_TO, "pages/parts/table.html", samples_of, 410),
        RecordPanel("observations only", Examination, OPEN_TO, f"{_PANELS}/observations_only.html", as_is, -10),
        RecordPanel("findings", Examination, OPEN_TO, "pages/parts/table.html", findings_of, 100),
        RecordPanel("elements", Examination, OPEN_TO, f"{_PANELS}/elements.html", elements_of, 200),
        RecordPanel("attempts", Sample, OPEN_TO, f"{_PANELS}/attempts.html", attempts_at, 100),
        RecordPanel("why withdrawn", Profile, OPEN_TO, f"{_PANELS}/why_withdrawn.html", why_withdrawn, -10),
        RecordPanel("markers", Profile, OPEN_TO, f"{_PANELS}/markers.html", markers_of, 100),
    ),
    next_steps=((RecoveryUnit, next_step),),
    deliveries=(CUSTODY, EXAMINATIONS, SAMPLES, PROFILES),
)
