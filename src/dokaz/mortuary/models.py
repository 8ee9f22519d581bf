"""What is written down in the mortuary: what was seen on a unit, the samples taken from it, and their DNA profiles."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import CustodyItem, DeliveredRecord, Person
from dokaz.graves.models import RecoveryUnit


class SkeletalSex(models.IntegerChoices):
    """Sex as the skeleton shows it (Buikstra and Ubelaker 1994, 0 to 5)."""

    UNDETERMINED = 0, _("undetermined")
    FEMALE = 1, _("female")
    PROBABLY_FEMALE = 2, _("probably female")
    AMBIGUOUS = 3, _("ambiguous")
    PROBABLY_MALE = 4, _("probably male")
    MALE = 5, _("male")


class Completeness(models.TextChoices):
    """How much of a unit is there, estimated for the whole of it."""

    MOST = ">=75", _("at least 75 percent")
    PART = "25-75", _("25 to 75 percent")
    LITTLE = "<25", _("under 25 percent")


class Examination(DeliveredRecord):
    """One examination of one unit by one examiner: observations only."""

    follows = {"examined_at": ("unit.surveyed_at", "unit.lifted_at")}

    unit = models.ForeignKey(
        RecoveryUnit, on_delete=models.PROTECT, related_name="examinations", verbose_name=_("recovery unit")
    )
    examiner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("examiner"))
    examined_at = models.DateTimeField(_("examined"), null=True)
    sex = models.PositiveSmallIntegerField(
        _("sex"), choices=SkeletalSex.choices, null=True, help_text=_("0 to 5, Buikstra and Ubelaker (1994)")
    )
    sex_method = models.TextField(
        _("by which traits"), blank=True, default="", help_text=_("pelvis, skull, metrics, …")
    )
    # Decimal text, so that the digits stay as they were written.
    age_low_years = models.CharField(_("youngest age at death, years"), max_length=40, blank=True, default="")
    age_high_years = models.CharField(_("oldest age at death, years"), max_length=40, blank=True, default="")
    stature_low_cm = models.CharField(_("shortest stature, cm"), max_length=40, blank=True, default="")
    stature_high_cm = models.CharField(_("tallest stature, cm"), max_length=40, blank=True, default="")
    completeness = models.CharField(
        _("completeness"), max_length=16, choices=Completeness.choices, blank=True, default=""
    )
    elements = models.JSONField(_("elements present"), default=list)
    clothing = models.TextField(_("clothing and belongings"), blank=True, default="")
    marks = models.TextField(_("marks, scars, old fractures"), blank=True, default="")
    teeth = models.TextField(_("teeth"), blank=True, default="", help_text=_("ISO 3950 numbers"))
    description = models.TextField(_("description"), blank=True, default="")

    class Meta(DeliveredRecord.Meta):
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


class Finding(DeliveredRecord):
    """One thing seen on a unit: an observation, not a cause and not an opinion."""

    examination = models.ForeignKey(
        Examination, on_delete=models.PROTECT, related_name="findings", verbose_name=_("examination")
    )
    region = models.TextField(_("where"), blank=True, default="", help_text=_("code of an element or region"))
    region_stated = models.TextField(_("where, in the examiner's words"), blank=True, default="")
    mechanism = models.CharField(_("what"), max_length=16, choices=Mechanism.choices)
    timing = models.CharField(
        _("when, seen from death"), max_length=16, choices=Timing.choices, default=Timing.UNDETERMINED
    )
    description = models.TextField(_("description"), blank=True, default="")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("finding")


class Sample(CustodyItem):
    """A piece taken from a unit for the laboratory. Its number derives from the unit's."""

    follows = {"taken_at": ("unit.surveyed_at", "unit.lifted_at")}
    first_held = "taken_at"

    unit = models.ForeignKey(
        RecoveryUnit, on_delete=models.PROTECT, related_name="samples", verbose_name=_("recovery unit")
    )
    element = models.TextField(_("bone or tooth"), blank=True, default="", help_text=_("left femur, tooth 46, …"))
    element_stated = models.TextField(_("bone or tooth, in other words"), blank=True, default="")
    taken_at = models.DateTimeField(_("taken"), null=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken by"))
    laboratory = models.TextField(_("laboratory"), blank=True, default="")
    purpose = models.TextField(_("purpose"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")

    class Meta(CustodyItem.Meta):
        verbose_name = _("sample")


class Profile(DeliveredRecord):
    """What a laboratory typed from one sample in one attempt. Failed attempts are kept."""

    typed_in = ("genotypes", "lineage")
    erased_as = {"genotypes": {}}
    follows = {"typed_on": ("sample.taken_at", "sample.unit.lifted_at")}

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("sample"))
    laboratory = models.TextField(_("laboratory"))
    kit = models.TextField(_("kit"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    typed_on = models.DateField(_("typed"), null=True, blank=True)
    # {"D3S1358": ["15", "17"], …}
    genotypes = models.JSONField(_("markers and alleles"))
    lone_alleles = models.JSONField(_("markers with a lone allele"), default=list)
    lineage = models.JSONField(_("Y markers"), default=dict)
    no_result = models.JSONField(_("markers without a result"), default=list)
    note = models.TextField(_("note"), blank=True, default="")
    withdrawn = models.BooleanField(_("withdrawn"), default=False, help_text=_("found wrong later; see the reason"))

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("DNA profile")

    @property
    def markers_typed(self) -> int:
        """Number of markers with a result."""
        return len(self.genotypes)
