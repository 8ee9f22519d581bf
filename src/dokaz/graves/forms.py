"""What people fill in at a grave."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.graves.models import Grave, RecoveryUnit, Site
from dokaz.graves.places import Point, Position
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import PhotographsField

_APART = re.compile(r"[\s;]+")


class PointsField(forms.CharField):
    """Survey points, one a line: east, north and, where measured, height; metres in the site's reference system."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            _(
                "One point a line: east, north and, if measured, height, in metres; for example 385210.42 5401873.10 118.6"
            ),
        )
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}))
        super().__init__(required=kwargs.pop("required", False), **kwargs)

    def clean(self, value: Any) -> list[Point]:
        text = super().clean(value)
        return [_point(line, nth) for nth, line in enumerate(text.splitlines(), 1) if line.strip()]


def _point(line: str, nth: int) -> Point:
    parts = _APART.split(line.strip().replace(",", "."))
    if len(parts) not in (2, 3):
        raise forms.ValidationError(
            gettext(
                "Line %(line)d has %(count)d figures (found “%(found)s”). Write east, north, and height if measured."
            )
            % {"line": nth, "count": len(parts), "found": line.strip()[:60]}
        )
    return Point(*parts)


class SiteForm(ActForm):
    """Take up a site."""

    of = Site
    names = ("code", "name", "crs", "latitude_deg", "longitude_deg", "description")
    long = ("description",)
    code = forms.CharField(
        label=_("Code"),
        help_text=_("2 to 8 capital Latin letters or digits; every number from this site begins with it, for ever"),
    )
    latitude_deg = forms.DecimalField(required=False)
    longitude_deg = forms.DecimalField(required=False)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        latitude, longitude = values.pop("latitude_deg", None), values.pop("longitude_deg", None)
        if (latitude is None) != (longitude is None):
            self.add_error("longitude_deg", gettext("Give latitude and longitude, or neither."))
        values["position"] = None if latitude is None or longitude is None else Position(latitude, longitude)
        return values


class GraveForm(ActForm):
    """Take up a grave."""

    of = Grave
    names = ("code", "outline", "opened_at", "description")
    long = ("description",)
    code = forms.CharField(label=_("Code"), help_text=_("1 to 8 capital Latin letters or digits, as 01 or G02"))
    outline = PointsField()


class SurveyForm(ActForm):
    """Give a find its number, and write down where it lies."""

    of = RecoveryUnit
    names = ("type", "number", "points", "surveyed_at", "surveyed_by", "description")
    long = ("description",)
    number = forms.CharField(
        label=_("Number on the label"),
        required=False,
        help_text=_("only if a label was given in the field already; otherwise the next free number is given"),
    )
    points = PointsField()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("points") and not self["surveyed_at"].data:
            # Nothing was surveyed, so there is no time at which it was.
            values["surveyed_at"] = None
        return values


class LiftForm(ActForm):
    """Take a unit out of the ground."""

    of = RecoveryUnit
    names = ("survey_points", "photographs", "lifted_at", "lifted_by", "emergency_reason")
    long = ("emergency_reason",)
    survey_points = PointsField(
        label=_("Survey points"),
        help_text=_("One point a line: east, north, height, in metres. Left empty, the points surveyed before hold."),
    )
    photographs = PhotographsField(required=False)


class PhotographForm(ActForm):
    """Keep photographs."""

    photographs = PhotographsField()


class SplitForm(ActForm):
    """Give a part of a unit a number of its own."""

    of = RecoveryUnit
    names = ("type", "description")
    description = forms.CharField(label=_("What was split off, and why"), widget=forms.Textarea(attrs={"rows": 3}))


class QuarantineForm(ActForm):
    """Set a unit aside."""

    asks_why = "required"
    why_label = gettext_lazy("Why it is set aside")
    why_help = gettext_lazy("booby trap, contamination, doubt about its number, …")


class EndQuarantineForm(ActForm):
    """Let a unit that was set aside go on."""

    asks_why = "required"
    why_label = gettext_lazy("Why it need not be set aside any more")


def units_of_numbers(numbers: list[str]) -> list[RecoveryUnit]:
    """Units in the order in which they were named; unknown numbers are passed over."""
    found = RecoveryUnit.objects.select_related("grave__site").in_bulk(
        list(dict.fromkeys(numbers)), field_name="number"
    )
    return [found[one] for one in dict.fromkeys(numbers) if one in found]
