"""What is written down at a grave: the site, the grave, every unit that is recovered, and its photographs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dokaz.casework.models import CustodyItem, DeliveredRecord
from dokaz.casework.states import StateChoices, Tone

POINTS = (
    'survey points [{"e", "n", "z", "role", "accuracy"}, …]: east and north as decimal text in the reference system of the '
    "site, height and accuracy in metres or null, the digits as they were delivered"
)

# What a site says whose survey was delivered without its coordinate reference system; it has no points.
CRS_NOT_STATED = "not stated"


class Site(DeliveredRecord):
    """A place where graves are. Its number is the short code with which all numbers from here begin."""

    name = models.TextField(pgettext_lazy("place", "name"))
    description = models.TextField(_("description"), blank=True, default="")
    crs = models.CharField(_("coordinate reference system of the survey"), max_length=32, help_text=_("as EPSG:32637"))
    latitude_deg = models.DecimalField(_("latitude, degrees"), max_digits=10, decimal_places=7, null=True, blank=True)
    longitude_deg = models.DecimalField(_("longitude, degrees"), max_digits=10, decimal_places=7, null=True, blank=True)
    points = models.JSONField(_("survey points"), default=list, help_text=POINTS)
    surveyed_at = models.DateTimeField(_("surveyed"), null=True)
    surveyed_by = models.TextField(_("surveyed by"), blank=True, default="")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("site")


class Grave(DeliveredRecord):
    """One grave: its outline and other points in the site's survey coordinates."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="graves", verbose_name=_("site"))
    name = models.TextField(pgettext_lazy("place", "name"), blank=True, default="")
    description = models.TextField(_("description"), blank=True, default="")
    outline = models.JSONField(_("outline"), default=list, help_text=POINTS)
    opened_at = models.DateTimeField(_("opened"), null=True)
    points = models.JSONField(_("survey points"), default=list, help_text=POINTS)
    surveyed_at = models.DateTimeField(_("surveyed"), null=True)
    surveyed_by = models.TextField(_("surveyed by"), blank=True, default="")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("grave")


class UnitType(models.TextChoices):
    """What a recovery unit is, as its number says."""

    BODY = "B", _("body")
    BODY_PART = "BP", _("body part")
    BONE = "GB", _("general bone")
    ARTEFACT = "A", _("artefact")


class State(StateChoices):
    """Where a recovery unit stands on its way."""

    IN_SITU = "in_situ", Tone.OPEN, _("in situ")
    SURVEYED = "surveyed", Tone.DOING, _("surveyed")
    LIFTED = "lifted", Tone.DOING, _("lifted")
    RECEIVED = "received", Tone.DOING, _("received")
    EXAMINED = "examined", Tone.DOING, _("examined")
    SAMPLED = "sampled", Tone.DOING, _("sampled")
    STORED = "stored", Tone.DOING, _("stored")
    RELEASED = "released", Tone.DONE, _("released")
    REBURIED = "reburied", Tone.DONE, _("reburied")
    QUARANTINED = "quarantined", Tone.DECIDE, _("quarantined")


# The order of the work; a unit is "at least examined" when it stands at or after that state.
PROGRESS: tuple[str, ...] = (
    State.IN_SITU, State.SURVEYED, State.LIFTED, State.RECEIVED, State.EXAMINED, State.SAMPLED,
    State.STORED, State.RELEASED, State.REBURIED,
)  # fmt: skip


# Out of the ground, whatever became of it since.
FOUND: tuple[str, ...] = (*PROGRESS[PROGRESS.index(State.LIFTED) :], State.QUARANTINED)


class RecoveryUnit(CustodyItem):
    """What was recovered under one number: a body, a detached part, a bone, an artefact."""

    states = State
    follows = {"lifted_at": ("surveyed_at",)}

    grave = models.ForeignKey(Grave, on_delete=models.PROTECT, related_name="units", verbose_name=_("grave"))
    type = models.CharField(_("what it is"), max_length=2, choices=UnitType.choices)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.IN_SITU, db_index=True)
    points = models.JSONField(_("survey points"), default=list, help_text=POINTS)
    latitude_deg = models.DecimalField(_("latitude, degrees"), max_digits=10, decimal_places=7, null=True)
    longitude_deg = models.DecimalField(_("longitude, degrees"), max_digits=10, decimal_places=7, null=True)
    description = models.TextField(_("what is seen"), blank=True, default="")
    surveyed_at = models.DateTimeField(_("surveyed"), null=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    surveyed_by = models.TextField(_("surveyed by"), blank=True, default="")
    lifted_by = models.TextField(_("lifted by"), blank=True, default="")
    is_before_record = models.BooleanField(_("recovered before this record began"), default=False)
    emergency_reason = models.TextField(
        _("emergency"),
        blank=True,
        default="",
        help_text=_(
            "Only where shelling, flooding or the like allows no coordinates or no photograph. "
            "The reason stays on every page of this unit."
        ),
    )
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="splits", verbose_name=_("split from")
    )

    class Meta(CustodyItem.Meta):
        verbose_name = _("recovery unit")
        # The orders in which lists of units are read.
        indexes = [
            models.Index(fields=[name, "number"], name=f"unit_by_{name}") for name in ("state", "place", "lifted_at")
        ]


class Photograph(DeliveredRecord):
    """A photograph of a unit or a grave; the picture itself lies in the vault."""

    unit = models.ForeignKey(
        RecoveryUnit, null=True, on_delete=models.PROTECT, related_name="photographs", verbose_name=_("recovery unit")
    )
    grave = models.ForeignKey(
        Grave, null=True, on_delete=models.PROTECT, related_name="photographs", verbose_name=_("grave")
    )
    file_name = models.TextField(_("file"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    bytes = models.BigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=64)
    width_px = models.PositiveIntegerField(_("width, pixels"))
    height_px = models.PositiveIntegerField(_("height, pixels"))
    taken_at = models.DateTimeField(pgettext_lazy("photograph", "taken"), null=True)
    latitude_deg = models.DecimalField(_("latitude, degrees"), max_digits=10, decimal_places=7, null=True)
    longitude_deg = models.DecimalField(_("longitude, degrees"), max_digits=10, decimal_places=7, null=True)
    camera = models.TextField(_("camera"), blank=True, default="")
    remarks = models.JSONField(_("remarks"), default=list, help_text=_("what the file does not say, or says oddly"))

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("photograph")
