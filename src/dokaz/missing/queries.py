"""Questions about the missing and their families."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from dokaz.missing.models import Family, MissingPerson, MissingState

#: Reports of nobody whom remains could be: the person lives, or is looked for by other reports.
OF_NOBODY = (MissingState.CLOSED_ALIVE, MissingState.DUPLICATE, MissingState.SPLIT)
CLOSED = (MissingState.CLOSED_DEAD, *OF_NOBODY)
OPEN = tuple(state for state in MissingState if state not in CLOSED)
# A person who is identified among the dead is not found alive, nor two people: that identification is doubted first.
NOT_MATCHED = tuple(state for state in OPEN if state != MissingState.MATCHED)


def pedigrees_of(person: MissingPerson) -> list[Family]:
    """The families in which a missing person stands: the one that the report names, else every one that names them."""
    named = Family.objects.filter(number=person.family_of_pedigree).first() if person.family_of_pedigree else None
    if named is not None:
        return [named]
    in_words = Family.objects.annotate(words=Cast("members", TextField()))
    found = in_words.filter(words__contains=f'"{person.number}"').order_by("number")
    return [one for one in found if any(m.get("missing") == person.number for m in one.members)]


def in_pedigrees_still() -> QuerySet[MissingPerson]:
    """Reports that were closed because other reports take their place, and that a pedigree still names."""
    closed = MissingPerson.objects.filter(state__in=(MissingState.DUPLICATE, MissingState.SPLIT))
    numbers = set(closed.values_list("number", flat=True))
    named = (
        {m["missing"] for members in Family.objects.values_list("members", flat=True) for m in members}
        if numbers
        else set()
    )
    found: QuerySet[MissingPerson] = closed.filter(number__in=sorted(numbers & named))
    return found


def members_who_can_give(family: Family) -> list[dict[str, Any]]:
    """The members of a pedigree who may become donors: not missing, and not a donor now."""
    donors = set(family.donors.filter(withdrawn=False).values_list("member", flat=True))
    return [m for m in family.members if not m["missing"] and m["id"] not in donors]


def open_reports() -> QuerySet[MissingPerson]:
    """Reports that are not closed."""
    found: QuerySet[MissingPerson] = MissingPerson.objects.exclude(state__in=CLOSED)
    return found


def missing_of(family: Family) -> dict[str, MissingPerson]:
    """The missing persons of a family, by the member of the pedigree that they are."""
    wanted = {m["missing"]: m["id"] for m in family.members if m.get("missing")}
    return {wanted[one.number]: one for one in MissingPerson.objects.filter(number__in=list(wanted))}
