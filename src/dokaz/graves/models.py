"""What is written down at a grave: the site, the grave, every unit that is recovered, and its photographs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import CustodyItem, Record


class Site(Record):
    """A place where graves are. Its number is the short code with which all numbers from here begin."""

    name = models.TextField()
    description = models.TextField(blank=True, default="")
    crs = models.CharField(max_length=32, help_text=_("coordinate reference system of the survey, as EPSG:32637"))
    latitude_deg = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    longitude_deg = models.DecimalField(max_digits=10, decimal_places=7, null=True)

    class Meta(Record.Meta):
        verbose_name = _("site")


class Grave(Record):
    """One grave: its outline in the site's survey coordinates."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="graves")
    description = models.TextField(blank=True, default="")
    outline = models.JSONField(default=list, help_text='[{"e": metres, "n": metres, "z": metres or null}, …] as text')
    opened_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        verbose_name = _("grave")


class UnitType(models.TextChoices):
    """What a recovery unit is, as its number says."""

    BODY = "B", _("body")
    BODY_PART = "BP", _("body part")
    BONE = "GB", _("general bone")
    ARTEFACT = "A", _("artefact")


class State(models.TextChoices):
    """Where a recovery unit stands on its way."""

    IN_SITU = "in_situ", _("in situ")
    SURVEYED = "surveyed", _("surveyed")
    LIFTED = "lifted", _("lifted")
    RECEIVED = "received", _("received")
    EXAMINED = "examined", _("examined")
    SAMPLED = "sampled", _("sampled")
    STORED = "stored", _("stored")
    RELEASED = "released", _("released")
    REBURIED = "reburied", _("reburied")
    QUARANTINED = "quarantined", _("quarantined")


# The order of the work; a unit is "at least examined" when it stands at or after that state.
PROGRESS: tuple[str, ...] = (
    State.IN_SITU, State.SURVEYED, State.LIFTED, State.RECEIVED, State.EXAMINED, State.SAMPLED,
    State.STORED, State.RELEASED, State.REBURIED,
)  # fmt: skip


class RecoveryUnit(CustodyItem):
    """What was recovered under one number: a body, a detached part, a bone, an artefact."""

    grave = models.ForeignKey(Grave, on_delete=models.PROTECT, related_name="units")
    type = models.CharField(max_length=2, choices=UnitType.choices)
    state = models.CharField(max_length=16, choices=State.choices, default=State.IN_SITU, db_index=True)
    points = models.JSONField(default=list, help_text='survey points [{"e": m, "n": m, "z": m or null}, …] as text')
    latitude_deg = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    longitude_deg = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    description = models.TextField(blank=True, default="")
    surveyed_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    surveyed_by = models.TextField(blank=True, default="", help_text=_("as the field wrote it"))
    lifted_by = models.TextField(blank=True, default="", help_text=_("as the field wrote it"))
    emergency_reason = models.TextField(blank=True, default="")
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="splits")

    class Meta(CustodyItem.Meta):
        verbose_name = _("recovery unit")
        # The orders in which lists of units are read.
        indexes = [
            models.Index(fields=[name, "number"], name=f"unit_by_{name}") for name in ("state", "place", "lifted_at")
        ]


class Photograph(Record):
    """A photograph of a unit or a grave; the picture itself lies in the vault."""

    unit = models.ForeignKey(RecoveryUnit, null=True, on_delete=models.PROTECT, related_name="photographs")
    grave = models.ForeignKey(Grave, null=True, on_delete=models.PROTECT, related_name="photographs")
    file_name = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True)
    latitude_deg = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    longitude_deg = models.DecimalField(max_digits=10, decimal_places=7, null=True)
    camera = models.TextField(blank=True, default="")
    remarks = models.JSONField(default=list, help_text=_("what the file does not say, or says oddly"))

    class Meta(Record.Meta):
        verbose_name = _("photograph")
