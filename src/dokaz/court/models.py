"""What leaves the house: bundles of evidence that a stranger can verify."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Person, Record


class Bundle(Record):
    """A bundle as it was handed out; its manifest's hash is what the ledger vouches for."""

    names_others_in = ("recipient",)

    purpose = models.TextField(_("purpose"))
    recipient = models.TextField(_("for whom"), blank=True, default="")
    addressee = models.ForeignKey(
        Person,
        verbose_name=_("counsel who may see it"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        default=None,
    )
    made_by = models.ForeignKey(Person, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    size = models.PositiveBigIntegerField(
        _("entries in the log when it was made"), help_text=_("entries in the log when it was made")
    )
    entries = models.PositiveBigIntegerField(_("entries"), help_text=_("entries in the bundle"))
    files = models.PositiveBigIntegerField(_("files"))
    withheld = models.JSONField(
        _("withheld"), default=list, help_text='[{"what", "code", "authority", "fields", "record"}, …]'
    )
    manifest_sha256 = models.CharField(_("hash of its manifest"), max_length=64)

    class Meta(Record.Meta):
        verbose_name = _("bundle")
