"""The room of the missing: reports, families with their pedigrees, donors with consent, allele frequencies."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.casework.rooms import RecordKind, RecordPanel, Room, Step, Stop
from dokaz.missing.intake import FAMILIES, FREQUENCIES, MISSING
from dokaz.missing.models import Donor, Family, Frequencies, MissingPerson, MissingState, Reference
from dokaz.missing.pages import (
    OPEN_TO,
    PAGES,
    duplicates_of,
    families_of,
    members_missing,
    next_step,
    pedigree_of,
)
from dokaz.missing.queries import CLOSED, in_pedigrees_still, pedigrees_of
from dokaz.pages.act_links import ActLink
from dokaz.pages.acting import Acting


def _to_verify() -> QuerySet[MissingPerson]:
    found: QuerySet[MissingPerson] = MissingPerson.objects.filter(state=MissingState.REPORTED)
    return found


def _enrol(person: MissingPerson, _acting: Acting) -> list[Any]:
    """A relative is enrolled in the family; the person's page leads there too."""
    families = [] if person.state in CLOSED else pedigrees_of(person)[:1]
    return [
        ActLink("missing.enrol_donor", _("Enrol a donor"), reverse("donor_enrol", args=[one.number]))
        for one in families
    ]


ROOM = Room(
    name="missing",
    label=_("Missing persons"),
    rail=(Stop("missing", _("Missing persons"), 240),),
    open_to=OPEN_TO,
    records=(
        RecordKind(MissingPerson, OPEN_TO),
        RecordKind(Family, OPEN_TO),
        RecordKind(Donor, OPEN_TO, goes_with=("family",)),
        RecordKind(Reference, OPEN_TO, goes_with=("donor",)),
        RecordKind(Frequencies, OPEN_TO),
    ),
    pages=PAGES,
    steps=(
        Step(
            "verify",
            _("reports to verify with the family"),
            (Role.FAMILY_LIAISON, Role.INVESTIGATOR),
            _to_verify,
            "missing",
            f"state={MissingState.REPORTED}",
        ),
        Step(
            "pedigrees to correct",
            _("closed reports that a pedigree still names"),
            (Role.FAMILY_LIAISON, Role.DNA_EXAMINER),
            in_pedigrees_still,
            "missing",
            "waits=pedigrees+to+correct",
            _("taken out of a pedigree"),
        ),
    ),
    panels=(
        RecordPanel("duplicates", MissingPerson, OPEN_TO, "missing/duplicates.html", duplicates_of, -20),
        RecordPanel("families", MissingPerson, OPEN_TO, "missing/families.html", families_of, 400),
        RecordPanel("missing", Family, OPEN_TO, "missing/members.html", members_missing, 100),
        RecordPanel("pedigree", Family, OPEN_TO, "missing/pedigree.html", pedigree_of, 200),
    ),
    links=((MissingPerson, _enrol),),
    next_steps=((MissingPerson, next_step),),
    deliveries=(MISSING, FAMILIES, FREQUENCIES),
)
