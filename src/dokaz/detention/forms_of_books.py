"""Forms of log books: opening one, its fields, its pages, what is drawn on them, reading and settling."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.detention.books import by_region, differing, field_lists
from dokaz.detention.forms import CornersField
from dokaz.detention.log_books import BookPage, LogBook, PageCondition
from dokaz.detention.proposing import drawn_before
from dokaz.detention.regions import texts_of
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import PhotographsField
from dokaz.transcription.notation import written_notation

_FIELDS_HELP = _(
    "One field a line: its id, what the column is called. After a star: written once above the rows. "
    "surname Прізвище; *date Дата. Ids surname, given, patronymic and name make up the name of an entry."
)
_FIELD_LINE = re.compile(r"(\*?)\s*(\S+)\s+(.+)")


class BookFieldsField(forms.CharField):
    """The fields of a book, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Fields"))
        kwargs.setdefault("help_text", _FIELDS_HELP)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[dict[str, str]]:
        found = []
        for nth, line in enumerate(super().clean(value).splitlines(), 1):
            if not line.strip():
                continue
            read = _FIELD_LINE.fullmatch(line.strip())
            if read is None:
                raise forms.ValidationError(
                    gettext("Line %(line)d: write the id of the field and its name, as: cell Камера.") % {"line": nth}
                )
            found.append({"id": read[2], "label": " ".join(read[3].split()), "of": "page" if read[1] else "row"})
        return found


def lines_of_fields(book: LogBook) -> str:
    """The fields in force as they are typed."""
    newest = field_lists(book)[-1].fields
    return "\n".join(f"{'*' if each.is_of_page else ''}{each.id} {each.label}" for each in newest)


class OpenBookForm(ActForm):
    """Take up a log book."""

    of, names = LogBook, ("title", "stated")
    stated = BookFieldsField()


class AmendFieldsForm(ActForm):
    """State the fields of a book anew."""

    stated = BookFieldsField()


class AddPagesForm(ActForm):
    """Photographs of pages, in their order."""

    of = BookPage
    names = ("photographs", "position", "label", "side", "condition", "remark")
    photographs = PhotographsField(
        help_text=_("JPEG or PNG, one a page, in the order of their names; kept byte for byte as the camera wrote them")
    )
    position = forms.IntegerField(
        required=False, min_value=1, help_text=_("of the first photograph; empty: after the last page of the book")
    )
    condition = forms.ChoiceField(
        choices=[(value, words) for value, words in PageCondition.choices if value != PageCondition.MISSING],
        initial=PageCondition.WHOLE,
        widget=forms.RadioSelect,
    )


class MissingPageForm(ActForm):
    """A page that is not there."""

    of = BookPage
    names = ("position", "label", "side", "remark")
    position = forms.IntegerField(required=False, min_value=1, help_text=_("empty: after the last page of the book"))
    remark = forms.CharField(label=_("How it is known"), help_text="")


class LinesField(forms.CharField):
    """Words, and whole numbers behind them, one row a line."""

    def __init__(self, figures: tuple[int, ...], **kwargs: Any) -> None:
        self.figures = figures
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[tuple[str, list[int]]]:
        found = []
        for nth, line in enumerate(super().clean(value).splitlines(), 1):
            parts = line.split()
            if not parts:
                continue
            if len(parts) - 1 not in self.figures or not all(each.isdecimal() for each in parts[1:]):
                raise forms.ValidationError(
                    gettext("Line %(line)d: the id of a field, then whole numbers (found “%(found)s”).")
                    % {"line": nth, "found": line.strip()[:60]}
                )
            found.append((parts[0], [int(each) for each in parts[1:]]))
        return found


class DrawForm(ActForm):
    """What is to be read on a page."""

    how = forms.ChoiceField(
        label=_("Where the cells come from"),
        choices=[
            ("ruling", _("from the ruling lines of the photograph")),
            ("corners", _("between four corners, in rows of one height")),
            ("file", _("from a file of another program: PAGE XML, ALTO, CSV, XLSX")),
        ],
        initial="ruling",
        widget=forms.RadioSelect,
    )
    columns = LinesField(
        (0, 1),
        label=_("Columns"),
        help_text=_(
            "The ids of the fields from left to right, one a line; - for a column that is not read. "
            "Between corners, how wide each is, behind it: surname 280."
        ),
    )
    headings = forms.IntegerField(
        label=_("Rows that name the columns"), min_value=0, max_value=20, initial=1, required=False
    )
    heads = LinesField(
        (4,),
        label=_("Head of the page"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "spellcheck": "false"}),
        help_text=_("Fields above the rows, one a line: id, left, top, right, bottom in pixels: date 90 120 480 190."),
    )
    continues = forms.BooleanField(
        label=_("The table goes on from the page before"),
        help_text=_("without a head of its own: what stands above the rows there holds for these too"),
        required=False,
    )
    corners = CornersField(
        label=_("Corners of the table"),
        help_text=_("Top left, top right, bottom right, bottom left, one a line. Or point at them on the photograph."),
    )
    rows = forms.IntegerField(
        label=_("Rows between the corners"),
        min_value=1,
        max_value=200,
        required=False,
        help_text=_("headings included"),
    )
    file = forms.FileField(label=_("File"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        page: Any = kwargs.get("record")
        drawn = (
            BookPage.objects.filter(book=page.book_id, position__lte=page.position)
            .exclude(regions=[])
            .order_by("-position")
            .first()
        )
        if drawn is not None:
            columns, heads, headings = drawn_before(drawn.regions)
            initial = {"columns": "\n".join(columns), "heads": "\n".join(heads), "headings": headings}
            kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or self.cleaned_data), "page": self.record}


class ReadForm(ActForm):
    """What one person reads in each cell of a page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page: Any = self.record
        labels = {each.id: each.label for version in field_lists(page.book) for each in version.fields}
        cells = {
            name_of_cell(place.id): forms.CharField(
                label=labels.get(place.field, place.field),
                required=False,
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "spellcheck": "false", "lang": "uk", "data-cell": place.id}
                ),
            )
            for place in texts_of(page.regions)
        }
        self.fields = cells | self.fields

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        cells = {name.removeprefix(_CELL): values.pop(name) for name in list(values) if name.startswith(_CELL)}
        return {**values, "cells": cells}


_CELL = "cell:"


def name_of_cell(region: str) -> str:
    """What the field of a form is called in which a cell is typed."""
    return f"{_CELL}{region}"


class SettlePageForm(ActForm):
    """A text for every cell that two people read differently."""

    is_signed = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page: Any = self.record
        read = {one.beside_id is None: one for one in page.readings.all()}
        self.open_cells: list[str] = []
        own: dict[str, forms.Field] = {}
        if len(read) == 2:
            first, second = by_region(read[True].cells), by_region(read[False].cells)
            for region in differing(read[True], read[False]):
                self.open_cells.append(region)
                own[f"pick:{region}"] = forms.ChoiceField(
                    choices=[
                        ("first", written_notation(first[region]) or "∅"),
                        ("second", written_notation(second[region]) or "∅"),
                        ("third", _("neither:")),
                    ],
                    widget=forms.RadioSelect,
                    label=region,
                )
                own[f"text:{region}"] = forms.CharField(
                    required=False, label=_("What is written there"), widget=forms.TextInput(attrs={"lang": "uk"})
                )
                own[f"why:{region}"] = forms.CharField(required=False, label=_("Why"))
            self.texts = {"first": first, "second": second}
        self.fields = own | self.fields

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        choices, why = {}, {}
        for region in self.open_cells:
            pick, text = values.pop(f"pick:{region}", ""), values.pop(f"text:{region}", "")
            reason = values.pop(f"why:{region}", "")
            if pick in self.texts:
                choices[region] = written_notation(self.texts[pick][region])
            elif pick == "third":
                choices[region], why[region] = text, reason
        return {**values, "choices": choices, "why": why}
