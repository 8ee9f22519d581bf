"""What people fill in at a grave."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from dokaz.errors import BadFile
from dokaz.graves.acts import Point, Position
from dokaz.graves.models import RecoveryUnit, Site, UnitType
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import MomentField, PhotographsField
from dokaz.pages.refusals import what_and_next

_APART = re.compile(r"[\s;]+")


class PointsField(forms.CharField):
    """Survey points, one a line: east, north and, where measured, height; metres in the site's reference system."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Survey points"))
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
    parts = _APART.split(line.strip())
    if len(parts) not in (2, 3):
        raise forms.ValidationError(
            gettext(
                "Line %(line)d has %(count)d figures (found “%(found)s”). Write east, north, and height if measured."
            )
            % {"line": nth, "count": len(parts), "found": line.strip()[:60]}
        )
    return Point(*(_metres(part, nth) for part in parts))


def _metres(text: str, nth: int) -> str:
    try:
        value = Decimal(text.replace(",", "."))
        if not value.is_finite() or abs(value) >= 100_000_000:
            raise InvalidOperation
    except InvalidOperation:
        raise forms.ValidationError(
            gettext("Line %(line)d: “%(found)s” is not a length in metres.") % {"line": nth, "found": text[:40]}
        ) from None
    return format(value, "f")


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def position_of(site: Site, points: list[Point]) -> Position | None:
    """Where the middle of some survey points lies on the globe.

    Raises:
        ValidationError: a point lies where the site's reference system may not be used.
    """
    from dokaz.exchange.reading.places import reference_of

    if not points:
        return None
    try:
        reference = reference_of(site.crs, file=site.number)
    except BadFile as refused:
        raise forms.ValidationError([part for part in what_and_next(refused) if part]) from refused
    found = [reference.position(float(p.e), float(p.n)) for p in points]
    for point, place in zip(points, found, strict=True):
        if place is None:
            raise forms.ValidationError(
                gettext("%(east)s %(north)s lies outside the area of %(crs)s. Have east and north changed places?")
                % {"east": point.e, "north": point.n, "crs": site.crs}
            )
    middle = [sum(axis) / len(points) for axis in zip(*(place for place in found if place), strict=True)]
    latitude, longitude = (forms.DecimalField(decimal_places=7).to_python(f"{one:.7f}") for one in middle)
    assert latitude is not None
    assert longitude is not None
    return Position(latitude, longitude)


class _Surveying(ActForm):
    """A form with survey points in the reference system of a site."""

    points_field = "points"

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.position: Position | None = None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            self.position = position_of(self.site, values.get(self.points_field, []))
        except forms.ValidationError as wrong:
            self.add_error(self.points_field, wrong)
        return values


class SiteForm(ActForm):
    """Take up a site."""

    code = forms.RegexField(
        r"^[A-Z0-9]{2,8}$",
        label=_("Code"),
        help_text=_("2 to 8 capital Latin letters or digits; every number from this site begins with it, for ever"),
    )
    name = forms.CharField(label=_("Name"))
    crs = forms.RegexField(
        r"^EPSG:[0-9]{4,6}$", label=_("Coordinate reference system of the survey"), help_text=_("as EPSG:32637")
    )
    latitude_deg = forms.DecimalField(
        label=_("Latitude, degrees"), required=False, min_value=-90, max_value=90, max_digits=10, decimal_places=7
    )
    longitude_deg = forms.DecimalField(
        label=_("Longitude, degrees"), required=False, min_value=-180, max_value=180, max_digits=10, decimal_places=7
    )
    description = forms.CharField(label=_("Description"), required=False, widget=_long())

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        latitude, longitude = values.pop("latitude_deg", None), values.pop("longitude_deg", None)
        if (latitude is None) != (longitude is None):
            self.add_error("longitude_deg", gettext("Give latitude and longitude, or neither."))
        values["position"] = None if latitude is None or longitude is None else Position(latitude, longitude)
        return values


class GraveForm(_Surveying):
    """Take up a grave."""

    points_field = "outline"
    code = forms.RegexField(
        r"^[A-Z0-9]{1,8}$", label=_("Code"), help_text=_("1 to 8 capital Latin letters or digits, as 01 or G02")
    )
    outline = PointsField(label=_("Outline"))
    opened_at = MomentField(label=_("Opened"))
    description = forms.CharField(label=_("Description"), required=False, widget=_long())


class SurveyForm(_Surveying):
    """Give a find its number, and write down where it lies."""

    type = forms.ChoiceField(label=_("What it is"), choices=UnitType.choices, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Number on the label"),
        required=False,
        help_text=_("only if a label was given in the field already; otherwise the next free number is given"),
    )
    points = PointsField()
    surveyed_at = MomentField(label=_("Surveyed"))
    surveyed_by = forms.CharField(label=_("Surveyed by"), required=False)
    description = forms.CharField(label=_("What is seen, as it lies"), required=False, widget=_long())


class LiftForm(_Surveying):
    """Take a unit out of the ground."""

    points_field = "survey_points"
    survey_points = PointsField(
        help_text=_("One point a line: east, north, height, in metres. Left empty, the points surveyed before hold.")
    )
    photographs = PhotographsField(required=False)
    lifted_at = MomentField(label=_("Lifted"))
    lifted_by = forms.CharField(label=_("Lifted by"), required=False)
    emergency_reason = forms.CharField(
        label=_("Emergency"),
        required=False,
        widget=_long(2),
        help_text=_(
            "Only where shelling, flooding or the like allows no coordinates or no photograph. "
            "The reason stays on every page of this unit."
        ),
    )


class PhotographForm(ActForm):
    """Keep photographs."""

    photographs = PhotographsField()


class SplitForm(ActForm):
    """Give a part of a unit a number of its own."""

    type = forms.ChoiceField(label=_("What the part is"), choices=UnitType.choices, widget=forms.RadioSelect)
    description = forms.CharField(label=_("What was split off, and why"), widget=_long())


class QuarantineForm(ActForm):
    """Set a unit aside."""

    asks_why = "required"
    why_label = gettext_lazy("Why it is set aside")
    why_help = gettext_lazy("booby trap, contamination, doubt about its number, …")


def units_of_numbers(numbers: list[str]) -> list[RecoveryUnit]:
    """Units in the order in which they were named; unknown numbers are passed over."""
    found = RecoveryUnit.objects.select_related("grave__site").in_bulk(
        list(dict.fromkeys(numbers)), field_name="number"
    )
    return [found[one] for one in dict.fromkeys(numbers) if one in found]
