"""A file that somebody attached to a record: kept byte for byte in the vault, and described in their words."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from dokaz.casework.records import Record, VoidableRecord, kind_named


class Attachment(VoidableRecord):
    """A file about a record: a scan, a signed form, a chart, a film. It is open to whom its record is open."""

    listed = {"of": None}
    names_others_in = ("source",)

    of = models.JSONField(_("attached to"), help_text="[{kind, id, number}]")
    description = models.TextField(
        _("what it is"), help_text=_("as: chart of the teeth, upper jaw; consent form, signed")
    )
    source = models.TextField(_("from whom"), blank=True, default="", help_text=_("who made it or handed it in"))
    taken = models.TextField(
        _("made when, as stated"),
        blank=True,
        default="",
        help_text=_("as they say it; what the file says stands beside it"),
    )
    file_name = models.TextField(_("file"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    bytes = models.BigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=64)
    said = models.JSONField(
        _("what the file says"), default=dict, help_text=_("names with what is written in the file")
    )

    class Meta(Record.Meta):
        verbose_name = _("attachment")

    def kinds_to_read(self) -> Iterable[type[Record]]:
        """Whoever reads it may read the record to which it is attached, too."""
        found = kind_named(self.of[0]["kind"])
        return (type(self), found) if found is not None else (type(self), Record)

    @property
    def subject(self) -> Record | None:
        """The record to which it is attached."""
        kind = kind_named(self.of[0]["kind"])
        found: Record | None = kind.every.filter(pk=self.of[0]["id"]).first() if kind is not None else None
        return found
