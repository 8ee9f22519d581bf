"""Questions about the work in the mortuary and the laboratory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from dokaz.graves.models import RecoveryUnit, State
from dokaz.mortuary.models import Profile, Sample


def to_receive() -> QuerySet[RecoveryUnit]:
    """Lifted, and not received yet."""
    found: QuerySet[RecoveryUnit] = RecoveryUnit.objects.filter(state=State.LIFTED)
    return found


def to_examine() -> QuerySet[RecoveryUnit]:
    """Received, and not examined yet; artefacts are kept as they are."""
    found: QuerySet[RecoveryUnit] = RecoveryUnit.objects.filter(state=State.RECEIVED).exclude(type="A")
    return found


def to_sample() -> QuerySet[RecoveryUnit]:
    """Examined, and not sampled yet; artefacts give no sample."""
    found: QuerySet[RecoveryUnit] = RecoveryUnit.objects.filter(state=State.EXAMINED).exclude(type="A")
    return found


def to_type() -> QuerySet[Sample]:
    """Samples of which no attempt at a profile is on file."""
    found: QuerySet[Sample] = Sample.objects.exclude(pk__in=Profile.objects.values("sample"))
    return found


def profiles_in_use() -> QuerySet[Profile]:
    """Profiles of remains that were not withdrawn and show at least one marker."""
    found: QuerySet[Profile] = Profile.objects.filter(withdrawn=False).exclude(genotypes={})
    return found


def is_typed(unit: RecoveryUnit) -> bool:
    """Whether a profile of the unit is in use."""
    return profiles_in_use().filter(sample__unit=unit).exists()


def attempts(sample: Sample) -> list[Profile]:
    """Every attempt at a sample's profile, failed ones included, in the order of filing."""
    return list(sample.profiles.order_by("number"))


def side_by_side(profiles: Sequence[Profile]) -> list[tuple[str, list[Sequence[str] | None], bool]]:
    """Marker by marker, what each attempt shows, and whether those that show anything agree."""
    genotypes: list[Mapping[str, Sequence[str]]] = [one.genotypes for one in profiles]
    markers = sorted({marker for one in genotypes for marker in one})
    rows = []
    for marker in markers:
        shown = [one.get(marker) for one in genotypes]
        seen = {tuple(alleles) for alleles in shown if alleles}
        rows.append((marker, shown, len(seen) <= 1))
    return rows
