"""What is written down of a log book: its fields in versions, its pages, who read what on them, and the entries."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dokaz.casework.models import Attachment, DeliveredRecord, Person, Record


class LogBook(DeliveredRecord):
    """A log book that was seized: an exhibit whose pages are read."""

    exhibit = models.ForeignKey(
        "detention.Exhibit", on_delete=models.PROTECT, related_name="log_books", verbose_name=_("exhibit")
    )
    title = models.TextField(_("title"), help_text=_("as it is written on the cover, or what it lists"))

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("log book")


class BookFields(Record):
    """The fields of a book in one version: what its columns and the heads of its pages hold. It never changes."""

    book = models.ForeignKey(LogBook, on_delete=models.PROTECT, related_name="lists", verbose_name=_("log book"))
    edition = models.PositiveIntegerField(_("version of the list"))
    fields = models.JSONField(_("fields"), default=list, help_text="[{id, label, of: page|row}]")

    class Meta(Record.Meta):
        verbose_name = _("list of fields")


class LeafSide(models.TextChoices):
    """Which side of its leaf a page is."""

    RECTO = "recto", _("recto")
    VERSO = "verso", _("verso")


class PageCondition(models.TextChoices):
    """What is left of a page."""

    WHOLE = "whole", pgettext_lazy("page", "whole")
    TORN = "torn", pgettext_lazy("page", "torn")
    MISSING = "missing", pgettext_lazy("page", "missing")


class BookPage(DeliveredRecord):
    """One page at its place in the book: its photograph and what is drawn on it, or that it is missing."""

    book = models.ForeignKey(LogBook, on_delete=models.PROTECT, related_name="pages", verbose_name=_("log book"))
    position = models.PositiveIntegerField(_("place in the book"), help_text=_("counted from 1; missing pages count"))
    label = models.CharField(_("number on the page"), max_length=32, blank=True, default="")
    side = models.CharField(_("side of the leaf"), max_length=8, choices=LeafSide.choices, blank=True, default="")
    condition = models.CharField(
        _("condition"), max_length=8, choices=PageCondition.choices, default=PageCondition.WHOLE
    )
    remark = models.TextField(_("remark"), blank=True, default="", help_text=_("what is torn off; how it is known"))
    picture = models.ForeignKey(
        Attachment, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("photograph")
    )
    # The right way up: a camera may have turned it.
    width_px = models.PositiveIntegerField(_("width, pixels"), null=True)
    height_px = models.PositiveIntegerField(_("height, pixels"), null=True)
    field_list = models.ForeignKey(
        BookFields, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("list of fields")
    )
    regions = models.JSONField(
        _("regions"), default=list, help_text=_("tables with rows and cells, heads; in pixels of the photograph")
    )

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("page of a log book")


class PageReading(DeliveredRecord):
    """What one person read on a page, without having seen what another read. It never changes."""

    blind = "cells"

    page = models.ForeignKey(
        BookPage, on_delete=models.PROTECT, related_name="readings", verbose_name=_("page of a log book")
    )
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("reader"))
    beside = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="second", verbose_name=_("second beside")
    )
    cells = models.JSONField(_("cells as read"), default=list, help_text="[{region, field, text}]")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("reading of a page")

    @classmethod
    def kept_apart(cls) -> models.QuerySet[PageReading]:
        """The readings of pages of which there are not two yet."""
        found: models.QuerySet[PageReading] = cls.every.exclude(page__in=cls.every.exclude(beside=None).values("page"))
        return found

    def is_kept_from(self, person: uuid.UUID | None) -> bool:
        """Whoever has not read the page, and the other who is to read it, see nothing before both have read."""
        return self.reader_id != person and type(self).kept_apart().filter(pk=self.pk).exists()


class PageSettlement(Record):
    """What a third person made of two readings: a text for every cell, and whose it is. It never changes."""

    page = models.ForeignKey(
        BookPage, on_delete=models.PROTECT, related_name="settlements", verbose_name=_("page of a log book")
    )
    first = models.ForeignKey(
        PageReading, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("reading", "first reading")
    )
    second = models.ForeignKey(
        PageReading, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("reading", "second reading")
    )
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("settled by"))
    cells = models.JSONField(_("cells as settled"), default=list, help_text="[{region, field, text, follows, why}]")

    class Meta(Record.Meta):
        verbose_name = _("settled page")


class BookEntry(DeliveredRecord):
    """One row of a settled page: what the book says of one person."""

    named_in = ("name",)

    page = models.ForeignKey(
        BookPage, on_delete=models.PROTECT, related_name="entries", verbose_name=_("page of a log book")
    )
    settlement = models.ForeignKey(
        PageSettlement, on_delete=models.PROTECT, related_name="entries", verbose_name=_("settled page")
    )
    row = models.CharField(_("row on the page"), max_length=200)
    line = models.PositiveIntegerField(_("line on the page"))
    name = models.TextField(
        pgettext_lazy("person", "name"), blank=True, default="", help_text=_("as the book says it, without marks")
    )
    values = models.JSONField(_("what the book says"), default=dict, help_text="{field: text}")

    class Meta(DeliveredRecord.Meta):
        verbose_name = _("entry of a log book")
