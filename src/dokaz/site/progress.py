"""Where the investigation stands: each stage of the work, what is counted there, and the list behind the number.

A number and its list come from the same question, so that they cannot differ. A case is not a person: each stage names its
own unit, and stages of different units are never subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dokaz.graves.models import RecoveryUnit, State
from dokaz.identification.models import Comparison, ComparisonState, Decision
from dokaz.identification.queries import IN_FORCE
from dokaz.mortuary import queries as mortuary
from dokaz.mortuary.models import Examination, Profile

Units = Callable[[], QuerySet[RecoveryUnit]]


def _recovered() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(lifted_at__isnull=False)


def _examined() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(pk__in=Examination.objects.values("unit"))


def _profiled() -> QuerySet[RecoveryUnit]:
    # Asked unit by unit, so that the first page of the list does not wait for the last profile.
    return RecoveryUnit.objects.filter(Exists(standing_profiles().filter(sample__unit=OuterRef("pk"))))


def _compared() -> QuerySet[RecoveryUnit]:
    standing = Comparison.objects.exclude(state=ComparisonState.SUPERSEDED)
    return RecoveryUnit.objects.filter(pk__in=standing.values("recovery_unit"))


def _identified() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(pk__in=identities().values("recovery_unit"))


def _released() -> QuerySet[RecoveryUnit]:
    return RecoveryUnit.objects.filter(state__in=(State.RELEASED, State.REBURIED))


def standing_profiles() -> QuerySet[Profile]:
    """Profiles of remains that were not withdrawn and show at least one marker."""
    found: QuerySet[Profile] = Profile.objects.filter(withdrawn=False).exclude(genotypes={})
    return found


def identities() -> QuerySet[Decision]:
    """Identifications that stand: certified, and not revoked."""
    found: QuerySet[Decision] = Decision.objects.filter(question="identify", state__in=IN_FORCE)
    return found


def _count_units(units: Units) -> Callable[[], int]:
    return lambda: units().order_by().count()


def _distinct_profiles() -> int:
    return int(standing_profiles().order_by().aggregate(n=Count("genotypes", distinct=True))["n"])


def _persons_identified() -> int:
    return int(identities().order_by().aggregate(n=Count("missing_person", distinct=True))["n"])


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the work.

    Args:
        name: As addresses spell it.
        label: What was done.
        unit: What is counted.
        method: How it is counted, in one sentence.
        count: The number.
        units: The recovery units behind it.
        room, query: The list that opens: its URL name, and what is asked of it.
    """

    name: str
    label: str | Promise
    unit: str | Promise
    method: str | Promise
    count: Callable[[], Any]
    units: Units | None
    room: str = "units"
    query: str = ""


STAGES: tuple[Stage, ...] = (
    Stage(
        "recovered",
        _("Recovered"),
        _("recovery units"),
        _("lifted out of the ground; bodies, parts, bones and artefacts, each under its own number"),
        _count_units(_recovered),
        _recovered,
        query="stage=recovered",
    ),
    Stage(
        "examined",
        _("Examined"),
        _("recovery units"),
        _("at least one examination is on file"),
        _count_units(_examined),
        _examined,
        query="stage=examined",
    ),
    Stage(
        "profiled",
        _("Profiled"),
        _("distinct DNA profiles"),
        _("different genotypes among the profiles that stand; several parts of one person share one"),
        _distinct_profiles,
        _profiled,
        "profiles",
    ),
    Stage(
        "compared",
        _("Compared"),
        _("recovery units"),
        _("compared with at least one missing person, whatever the outcome"),
        _count_units(_compared),
        _compared,
        query="stage=compared",
    ),
    Stage(
        "identified",
        _("Identified"),
        _("missing persons"),
        _("certified by a board and not revoked"),
        _persons_identified,
        _identified,
        "missing",
        "state=identified",
    ),
    Stage(
        "released",
        _("Released"),
        _("recovery units"),
        _("given back to a family, or reburied"),
        _count_units(_released),
        _released,
        query="stage=released",
    ),
)


# Units that wait for the next step of the work: by the name that addresses use, what is to be done with them, and which.
UNITS_THAT_WAIT: dict[str, tuple[str | Promise, Units]] = {
    "lift": (_("lifted"), lambda: RecoveryUnit.objects.filter(state=State.SURVEYED)),
    "receive": (_("received"), mortuary.to_receive),
    "examine": (_("examined"), mortuary.to_examine),
    "sample": (_("sampled"), mortuary.to_sample),
}


def stage_named(name: str) -> Stage | None:
    """The stage of that name, if there is one."""
    return next((one for one in STAGES if one.name == name), None)
