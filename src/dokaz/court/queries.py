"""Questions about what left the house: which bundles a reader may see."""

from __future__ import annotations

from django.db.models import QuerySet

from dokaz.casework.models import Person
from dokaz.casework.roles import Role
from dokaz.court.models import Bundle

# The defence receives what is disclosed to it; it takes nothing out by itself.
MAKERS = frozenset({Role.PROSECUTOR.value, Role.INVESTIGATOR.value, Role.AUDITOR.value})


def bundles_for(person: Person, role: str) -> QuerySet[Bundle]:
    """Every bundle; for the defence, those that were made for that person."""
    found: QuerySet[Bundle] = Bundle.objects.select_related("made_by")
    return found.filter(addressee=person) if role == Role.DEFENCE else found
