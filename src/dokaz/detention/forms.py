"""Forms of places of detention. They read text; what may be so, the acts decide."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dokaz.casework.models import Attachment
from dokaz.detention import checklists
from dokaz.detention.models import (
    Assembly,
    CheckedItem,
    Control,
    Direction,
    Exhibit,
    FloorPlan,
    FunctionOpinion,
    PictureNote,
    PlaceOfDetention,
    PlaceRoom,
    PlaceSearch,
    Seal,
    Trace,
)
from dokaz.graves.places import Position
from dokaz.pages.acting import ActForm
from dokaz.pages.fields import RecordField

_APART = re.compile(r"[\s;]+")


class CornersField(forms.CharField):
    """Corner points of a plan, one a line: two figures."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            _(
                "One corner a line, in their order round the room: two figures, as 3.20 1.75. Or point at them on the plan."
            ),
        )
        kwargs.setdefault(
            "widget", forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false", "data-corners": ""})
        )
        super().__init__(required=kwargs.pop("required", False), **kwargs)

    def clean(self, value: Any) -> list[list[str]]:
        return [
            point_of_line(line, nth) for nth, line in enumerate(super().clean(value).splitlines(), 1) if line.strip()
        ]


class PointField(forms.CharField):
    """One point of a plan: two figures, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("two figures, as 3.20 1.75, in the unit of the room's plan"))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return point_of_line(text, 1) if text else []


def point_of_line(line: str, nth: int) -> list[str]:
    """The two figures of a line."""
    parts = _APART.split(line.strip().replace(",", "."))
    if len(parts) != 2:
        raise forms.ValidationError(
            gettext("Line %(line)d has %(count)d figures (found “%(found)s”). Write two.")
            % {"line": nth, "count": len(parts), "found": line.strip()[:60]}
        )
    return parts


class PlaceForm(ActForm):
    """Take up a place of detention."""

    of = PlaceOfDetention
    names = ("code", "name", "kind_of_place", "address", "latitude_deg", "longitude_deg", "accuracy_m", "description")
    long = ("description",)
    code = forms.CharField(
        label=_("Code"),
        help_text=_("2 to 8 capital Latin letters or digits; every number of a find begins with it, for ever"),
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


class ControlForm(ActForm):
    """Who ran a place, as one source says."""

    of, names = Control, ("who", "held", "source")


class PlanForm(ActForm):
    """The plan of a floor."""

    of = FloorPlan
    names = ("name", "outline", "picture")
    outline = CornersField(
        help_text=_("One corner a line, in metres from any point of your choice, east and north: 3.20 1.75. "
                    "Empty where the plan is a picture.")
    )  # fmt: skip
    picture = RecordField(
        Attachment,
        unknown=_("No attachment bears the number %(number)s."),
        required=False,
        help_text=_("the number of a JPEG or PNG that is attached to the place; corners are then its dots"),
    )


class _PlanOfPlaceForm(ActForm):
    """A form with a plan of one place to choose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.record if isinstance(self.record, PlaceOfDetention) else getattr(self.record, "place", None)
        plan: Any = self.fields["plan"]
        plan.queryset = FloorPlan.objects.filter(place=place).order_by("number")
        plan.label_from_instance = lambda one: f"{one.number} {one.name}"


class RoomForm(_PlanOfPlaceForm):
    """Take up a room, as it was measured."""

    of = PlaceRoom
    names = ("code", "used_as", "name", "plan", "corners", "area_m2", "height_m", "windows", "door_side",
             "capacity_people", "capacity_basis", "description")  # fmt: skip
    long = ("description",)
    code = forms.CharField(label=_("Code"), help_text=_("1 to 8 capital Latin letters or digits, as C1 or YARD"))
    corners = CornersField()


class DrawRoomForm(_PlanOfPlaceForm):
    """Draw a room on a plan."""

    of = PlaceRoom
    names = ("plan", "corners")
    corners = CornersField(required=True)


class BeginSearchForm(ActForm):
    """Begin a search."""

    of = PlaceSearch
    names = ("authority", "warrant", "warrant_on", "team", "witnesses", "started_at")
    long = ("team",)
    is_signed = True
    witnesses = forms.CharField(
        label=_("Witnesses"),
        required=False,
        help_text=_(
            "one name a line: those who were called to see the search; each name can be withheld from a bundle"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_witnesses(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["witnesses"].splitlines() if line.strip()]


class SearchRoomForm(ActForm):
    """Search one more room."""

    room = forms.ModelChoiceField(label=_("Room"), queryset=PlaceRoom.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert isinstance(self.record, PlaceSearch)
        left = self.record.place.rooms.exclude(pk__in=self.record.searched.values("room"))
        self.fields["room"].queryset = left.order_by("number")  # type: ignore[attr-defined]


class CloseSearchForm(ActForm):
    """Close a search."""

    of, names = PlaceSearch, ("ended_at",)
    is_signed = True


class _ItemsForm(ActForm):
    """Items of the checklist of one room, to choose from."""

    items = forms.MultipleChoiceField(label=_("Items"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        searched: Any = self.record
        state = {one.item: one.state for one in searched.items.all()}
        open_to_choose = [
            item for item in checklists.items_of(searched.checklist) if state.get(item) in (None, *self.again)
        ]
        self.fields["items"].choices = [  # type: ignore[attr-defined]
            (item, checklists.in_words(searched.checklist, item)) for item in open_to_choose
        ]

    #: The states of items that can be chosen although something is on file of them.
    again: tuple[str, ...] = ()


class DoItemsForm(_ItemsForm):
    """Check off items."""

    of, names = CheckedItem, ("items", "done_at", "note")
    again = ("excused",)


class ExcuseItemsForm(_ItemsForm):
    """Say why items are not done."""

    of, names = CheckedItem, ("items", "why_not")
    why_not = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))


class SeizeForm(ActForm):
    """Seize a thing."""

    of = Exhibit
    names = ("look", "seen", "position", "taken_at", "packaging", "number")
    long = ("seen",)
    position = PointField()
    number = forms.CharField(
        label=_("Number on the label"),
        required=False,
        help_text=_("only if a label was given already; otherwise the next free number is given"),
    )


class AssembleForm(ActForm):
    """Say that exhibits were found as one thing."""

    of = Assembly
    names = ("parts", "connected", "seen")
    long = ("seen",)
    parts = forms.ModelMultipleChoiceField(
        label=_("Parts"), queryset=Exhibit.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        search: Any = self.record
        taken = {part for one in search.assemblies.all() for part in one.parts}
        parts: Any = self.fields["parts"]
        parts.queryset = Exhibit.objects.filter(searched_room__search=search).exclude(pk__in=taken).order_by("number")
        parts.label_from_instance = lambda one: f"{one.number} · {one.get_look_display()} · {one.seen[:60]}"

    def clean_parts(self) -> list[Exhibit]:
        return list(self.cleaned_data["parts"])


class OpinionForm(ActForm):
    """Sign an opinion on what a thing was for."""

    of = FunctionOpinion
    names = ("function", "basis", "qualification", "given_on")
    long = ("function", "basis")
    is_signed = True


class ApplySealForm(ActForm):
    """Seal the packaging of an exhibit."""

    of, names = Seal, ("label", "applied_at")


class IntactSealForm(ActForm):
    """Look at a seal that holds."""

    of, names = Seal, ("label", "seen")
    label = forms.CharField(
        label=_("Number, as you read it from the seal"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    seen = forms.CharField(required=False)


class BrokenSealForm(ActForm):
    """Look at a seal that does not hold."""

    of, names = Seal, ("seen",)
    seen = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))


class AccountForm(ActForm):
    """Account for a broken seal."""

    of, names = Seal, ("account",)
    account = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
    is_signed = True


class ReplaceSealForm(ActForm):
    """Open a packaging and seal it again."""

    of = Seal
    names = ("label", "seen", "applied_at")
    label = forms.CharField(label=_("Number of the new seal"))
    seen = forms.CharField(
        label=_("Why it was opened, and how the old seal was"), widget=forms.Textarea(attrs={"rows": 3})
    )


class TraceForm(ActForm):
    """Secure a trace."""

    of = Trace
    names = ("sort", "seen", "exhibit", "transcription", "position", "taken_at", "number")
    long = ("seen", "transcription")
    position = PointField()
    number = forms.CharField(
        label=_("Number on the label"),
        required=False,
        help_text=_("only if a label was given already; otherwise the next free number is given"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        exhibit: Any = self.fields["exhibit"]
        exhibit.required = False
        exhibit.queryset = Exhibit.objects.filter(searched_room=self.record).order_by("number")


class PictureNoteForm(ActForm):
    """What a photograph shows."""

    of, names = PictureNote, ("shows", "scale_cm", "direction")
    direction = forms.ChoiceField(choices=[("", _("not recorded")), *Direction.choices], required=False)
