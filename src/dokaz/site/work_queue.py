"""What waits for whom: the steps of the work at which something waits until a person acts."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.casework.roles import Role
from dokaz.casework.rooms import steps
from dokaz.pages.acting import Acting
from dokaz.pages.lists import once_per_filing


def counted() -> dict[str, int]:
    """How many wait at each step."""
    return {step.name: step.waiting().order_by().count() for step in steps()}


def waiting_for(acting: Acting) -> list[dict[str, Any]]:
    """The steps at which something waits; first those that wait for the reader's own office."""
    counts = once_per_filing("what waits", counted)
    rows = []
    for step in steps():
        if not counts[step.name]:
            continue
        there = reverse(step.page) if acting.opens(step.page) else ""
        rows.append(
            {
                "n": counts[step.name],
                "unit": step.label,
                "who": [str(Role(role).label) for role in step.roles] or [_("whoever receives")],
                "url": f"{there}?{step.query}" if there and step.query else there,
                "is_mine": acting.is_one_of(step.roles),
            }
        )
    return sorted(rows, key=lambda row: not row["is_mine"])
