"""Questions about what was found where, and where it is now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from dokaz.graves.models import PROGRESS, Grave, RecoveryUnit, Site, State


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units of a grave or a site stand at which state.

    Args:
        states: State → number of recovery units.
    """

    states: dict[str, int]

    @property
    def units(self) -> int:
        """All recovery units."""
        return sum(self.states.values())

    def at_least(self, state: str) -> int:
        """Units that stand at a state or after it. Those in quarantine are counted only among all."""
        return sum(self.states.get(one, 0) for one in PROGRESS[PROGRESS.index(state) :])

    @property
    def lifted(self) -> int:
        """Units that are out of the ground, those in quarantine not counted."""
        return self.at_least(State.LIFTED)


def tally(units: QuerySet[RecoveryUnit] | None = None) -> Tally:
    """How far the work on some units, or on all, has come."""
    rows = (RecoveryUnit.objects.all() if units is None else units).order_by().values("state").annotate(n=Count("pk"))
    return Tally({row["state"]: row["n"] for row in rows})


def tally_by_grave() -> dict[str, Tally]:
    """The same for every grave, by its number; in one query."""
    rows = RecoveryUnit.objects.order_by().values("grave", "state").annotate(n=Count("pk"))
    states: dict[UUID, dict[str, int]] = {}
    for row in rows:
        states.setdefault(row["grave"], {})[row["state"]] = row["n"]
    numbers = dict(Grave.objects.values_list("pk", "number"))
    return {numbers[pk]: Tally(found) for pk, found in states.items()}


def tally_by_site() -> dict[str, Tally]:
    """The same for every site, by its number."""
    site_of = dict(Grave.objects.values_list("number", "site__number"))
    states: dict[str, dict[str, int]] = {}
    for grave, found in tally_by_grave().items():
        total = states.setdefault(site_of[grave], {})
        for state, n in found.states.items():
            total[state] = total.get(state, 0) + n
    return {site: Tally(found) for site, found in states.items()}


def at_least(state: str) -> list[str]:
    """The states at or after one, for a filter."""
    return list(PROGRESS[PROGRESS.index(state) :])


def sites() -> QuerySet[Site]:
    """Every site, by its code."""
    found: QuerySet[Site] = Site.objects.order_by("number")
    return found
