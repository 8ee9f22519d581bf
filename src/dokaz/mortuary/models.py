"""What is written down in the mortuary: what was seen on a unit, the samples taken from it, and their DNA profiles."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import CustodyItem, Person, Record
from dokaz.graves.models import RecoveryUnit


class Sex(models.IntegerChoices):
    """Sex as the skeleton shows it (Buikstra and Ubelaker 1994, 0 to 5)."""

    UNDETERMINED = 0, _("undetermined")
    FEMALE = 1, _("female")
    PROBABLY_FEMALE = 2, _("probably female")
    AMBIGUOUS = 3, _("ambiguous")
    PROBABLY_MALE = 4, _("probably male")
    MALE = 5, _("male")


class Examination(Record):
    """One examination of one unit by one examiner: observations only."""

    unit = models.ForeignKey(RecoveryUnit, on_delete=models.PROTECT, related_name="examinations")
    examiner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    examined_at = models.DateTimeField()
    sex = models.PositiveSmallIntegerField(choices=Sex.choices, default=Sex.UNDETERMINED)
    sex_method = models.TextField(blank=True, default="")
    age_min_years = models.PositiveSmallIntegerField(null=True)
    age_max_years = models.PositiveSmallIntegerField(null=True)
    stature_min_cm = models.PositiveSmallIntegerField(null=True)
    stature_max_cm = models.PositiveSmallIntegerField(null=True)
    completeness = models.CharField(max_length=16, blank=True, default="", help_text=_("percent: >=75, 25-75, <25"))
    elements = models.JSONField(default=list, help_text=_("skeletal elements present"))
    clothing = models.TextField(blank=True, default="")
    marks = models.TextField(blank=True, default="")
    teeth = models.TextField(blank=True, default="")
    description = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("examination")


class Mechanism(models.TextChoices):
    """ANSI/ASB 147 trauma classes, with what graves and places of torture add."""

    PROJECTILE = "projectile", _("projectile")
    SHARP = "sharp", _("sharp force")
    BLUNT = "blunt", _("blunt force")
    THERMAL = "thermal", _("thermal")
    BLAST = "blast", _("blast")
    LIGATURE = "ligature", _("ligature or binding")
    GENITAL = "genital", _("genital injury")
    EXCAVATION = "excavation", _("excavation damage")
    OTHER = "other", _("other")


class Timing(models.TextChoices):
    """When a change came about, seen from death."""

    ANTEMORTEM = "antemortem", _("before death")
    PERIMORTEM = "perimortem", _("around death")
    POSTMORTEM = "postmortem", _("after death")
    UNDETERMINED = "undetermined", _("undetermined")


class Finding(Record):
    """One thing seen on a unit: an observation, not a cause and not an opinion."""

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="findings")
    element = models.TextField()
    mechanism = models.CharField(max_length=16, choices=Mechanism.choices)
    timing = models.CharField(max_length=16, choices=Timing.choices, default=Timing.UNDETERMINED)
    description = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("finding")


class Sample(CustodyItem):
    """A piece taken from a unit for the laboratory. Its number derives from the unit's."""

    unit = models.ForeignKey(RecoveryUnit, on_delete=models.PROTECT, related_name="samples")
    element = models.TextField(help_text=_("femur, tooth 46, …"))
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta(CustodyItem.Meta):
        verbose_name = _("sample")


class Profile(Record):
    """What a laboratory typed from one sample in one attempt. Failed attempts are kept."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="profiles")
    laboratory = models.TextField()
    kit = models.TextField()
    attempt = models.PositiveSmallIntegerField(default=1)
    typed_on = models.DateField(null=True)
    genotypes = models.JSONField(help_text='{"D3S1358": ["15", "17"], …}')
    file_sha256 = models.CharField(max_length=64, blank=True, default="", help_text=_("the file it was read from"))
    withdrawn = models.BooleanField(default=False, help_text=_("found wrong later; see the reason"))

    class Meta(Record.Meta):
        verbose_name = _("DNA profile")

    @property
    def markers_typed(self) -> int:
        """Number of markers with a result."""
        return len(self.genotypes)
