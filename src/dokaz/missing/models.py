"""What is written down about the missing and those who look for them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Record


class ReportedSex(models.TextChoices):
    """Sex as the family reports it."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNKNOWN = "unknown", _("unknown")


class MissingState(models.TextChoices):
    """Where the search for a missing person stands."""

    REPORTED = "reported", _("reported")
    VERIFIED = "verified", _("verified")
    SUFFICIENT = "references_sufficient", _("references sufficient")
    MATCHED = "matched", _("matched")
    CLOSED_DEAD = "closed_dead", _("closed: dead")
    CLOSED_ALIVE = "closed_alive", _("closed: alive")
    DUPLICATE = "duplicate", _("closed: reported twice")


class MissingPerson(Record):
    """One report of a missing person. A case is not a person: the same person may be reported twice."""

    family_name = models.TextField()
    given_name = models.TextField(blank=True, default="")
    patronymic = models.TextField(blank=True, default="")
    sex = models.CharField(max_length=8, choices=ReportedSex.choices, default=ReportedSex.UNKNOWN)
    born = models.CharField(max_length=32, blank=True, default="", help_text=_("as reported: 1987 or 1987-04-12"))
    last_seen_on = models.CharField(max_length=32, blank=True, default="")
    last_seen_at = models.TextField(blank=True, default="")
    stature_reported_cm = models.PositiveSmallIntegerField(null=True)
    marks = models.TextField(blank=True, default="")
    teeth = models.TextField(blank=True, default="")
    reported_by = models.TextField(blank=True, default="")
    family_of_pedigree = models.CharField(max_length=64, blank=True, default="", db_index=True)
    member_of_pedigree = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=24, choices=MissingState.choices, default=MissingState.REPORTED)
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["state", "number"], name="missing_by_state")]

    @property
    def name(self) -> str:
        """Family name, given name, patronymic."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)


class Family(Record):
    """A stated pedigree: who is whose child, which members gave a sample, which are missing."""

    name = models.TextField(blank=True, default="")
    members = models.JSONField(
        help_text='[{"id", "father", "mother", "sex", "born": year or null, "missing": number or null}, …]'
    )


class Consent(models.TextChoices):
    """What a donor agreed to. Family DNA serves identification only; no other purpose can be written down."""

    IDENTIFICATION = "identification", _("identification")
    REASSOCIATION = "identification and reassociation", _("identification and re-association")
    THIS_PERSON = "this missing person only", _("this missing person only")


class Donor(Record):
    """A relative who gave a sample, and what they agreed to."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="donors")
    member = models.CharField(max_length=64, help_text=_("which member of the pedigree"))
    name = models.TextField(blank=True, default="")
    relationship = models.TextField(blank=True, default="")
    consent = models.CharField(max_length=40, choices=Consent.choices)
    consented_on = models.DateField()
    withdrawn_on = models.DateField(null=True)


class Reference(Record):
    """A donor's DNA profile."""

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="references")
    laboratory = models.TextField(blank=True, default="")
    kit = models.TextField(blank=True, default="")
    genotypes = models.JSONField()
    file_sha256 = models.CharField(max_length=64, blank=True, default="")


class Frequencies(Record):
    """Allele frequencies of a population, with their source; every likelihood ratio names the table it used."""

    name = models.TextField()
    population = models.TextField(blank=True, default="")
    source = models.TextField()
    markers = models.JSONField(help_text='{"D3S1358": {"15": "0.2463", …}, …}; mutation models beside it')
    mutation = models.JSONField(default=dict, help_text=_("mutation model of each marker, where one is stated"))
    file_sha256 = models.CharField(max_length=64, blank=True, default="")
