"""What leaves the house: bundles of evidence that a stranger can verify."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Person, Record


class Bundle(Record):
    """A bundle as it was handed out; its manifest's hash is what the ledger vouches for."""

    purpose = models.TextField()
    recipient = models.TextField(blank=True, default="")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    size = models.PositiveBigIntegerField(help_text=_("entries in the log when it was made"))
    entries = models.PositiveBigIntegerField(help_text=_("entries in the bundle"))
    files = models.PositiveBigIntegerField()
    withheld = models.JSONField(default=list, help_text='[{"what", "code", "authority", "fields"}, …]')
    manifest_sha256 = models.CharField(max_length=64)

    class Meta(Record.Meta):
        verbose_name = _("bundle")
