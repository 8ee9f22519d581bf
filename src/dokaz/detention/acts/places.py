"""Describes a place of detention: where it is, who is said to have run it, its floors and its rooms."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import agrees, changes, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Attachment
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import Figure, require_between, require_dates, require_fields
from dokaz.detention.models import Control, FloorPlan, PlaceOfDetention, PlaceRoom
from dokaz.detention.plans import corners_of
from dokaz.errors import BadNumber, NumberTaken, WrongKind, sentence
from dokaz.graves.models import Site
from dokaz.graves.places import Position
from dokaz.numbers import must_be_grave, must_be_site

DESCRIBERS = {Role.SCENE, Role.INVESTIGATOR}
#: What rooms can measure, and how many people were ever put into one.
AREA_M2, HEIGHT_M, PEOPLE, ACCURACY_M = (0, 100_000), (0, 100), (0, 10_000), (0, 100_000)
_Corners = Sequence[Sequence[str]]


@act(roles=DESCRIBERS, past=_("took up the place of detention"), files=(makes(PlaceOfDetention),))
def open_place(
    filing: Filing,
    *,
    code: str,
    name: str,
    kind_of_place: str,
    address: str = "",
    position: Position | None = None,
    accuracy_m: Figure | None = None,
    description: str = "",
) -> PlaceOfDetention:
    """Take up a place of detention under a short code that no other place and no site bears.

    Args:
        position: WGS 84.

    Raises:
        NumberTaken: the code was given to another place, or to a site: numbers on labels would be the same.
        EmptyField: code, name or kind is missing.
        BadNumber: the code is not one that numbers can begin with.
        OutOfRange, WrongKind: a coordinate or its accuracy cannot be.
    """
    require_fields(code or "place", sentence("a place has a code, a name and a kind"), code=code, name=name,
                   kind_of_place=kind_of_place)  # fmt: skip
    must_be_site(code)
    if Site.every.filter(number=code).exists():
        raise NumberTaken(code)
    require_between(code, *ACCURACY_M, accuracy_m=accuracy_m)
    if position is not None:
        position.must_be_on_the_globe(code)
    place = PlaceOfDetention(
        number=code,
        name=name,
        kind_of_place=kind_of_place,
        address=address,
        latitude_deg=position.latitude_deg if position else None,
        longitude_deg=position.longitude_deg if position else None,
        accuracy_m="" if accuracy_m is None else str(accuracy_m),
        description=description,
    )
    filing.add(place)
    return place


@act(roles=DESCRIBERS, past=_("wrote down who is said to have run it"), files=(makes(Control),))
def claim_control(place: PlaceOfDetention, filing: Filing, *, who: str, source: str, held: str = "") -> Control:
    """Write down who ran a place, and when, as one source says it. Another source is another claim.

    Args:
        held: As far as it is known, in Extended Date/Time Format: 2022-03-05/2022-09-10, 2022-04, 2022~.

    Raises:
        EmptyField: nobody is named, or no source.
        BadDate: not such a date.
        InTheFuture: it would begin later than now.
    """
    require_fields(place.number, sentence("say who ran it, and who says so"), who=who, source=source)
    require_dates(place.number, filing, held=held)
    claim = Control(number=filing.next_number(Control, "CTL"), place=place, who=who, held=held, source=source)
    filing.add(claim)
    return claim


@act(roles=DESCRIBERS, past=_("took up the floor plan"), files=(makes(FloorPlan),))
def draw_plan(
    place: PlaceOfDetention,
    filing: Filing,
    *,
    name: str,
    outline: _Corners = (),
    picture: Attachment | None = None,
) -> FloorPlan:
    """Take up the plan of one floor: an outline in metres, or a picture that is attached to the place.

    Raises:
        EmptyField: it has no name.
        WrongKind: the outline is none, or the picture is not attached to this place; there is neither or both.
    """
    require_fields(place.number, sentence("say which floor it is"), name=name)
    drawn = corners_of("outline", outline)
    if bool(drawn) == (picture is not None):
        raise WrongKind("outline", len(drawn), sentence("an outline in metres, or a picture"))
    must_show(place, picture)
    plan = FloorPlan(
        number=filing.next_number(FloorPlan, "PLN"), place=place, name=name, outline=drawn, picture=picture
    )
    filing.add(plan)
    return plan


def must_show(place: PlaceOfDetention, picture: Attachment | None) -> None:
    """Refuse a picture of a plan that is not attached to the place, or that is none."""
    if picture is None:
        return
    if picture.of[0]["id"] != str(place.pk) or not size_of(picture):
        raise WrongKind("picture", picture.number, sentence("a JPEG or PNG that is attached to this place"))


def size_of(picture: Attachment) -> tuple[int, int] | None:
    """Width and height in dots; None where the file is no picture that can be shown."""
    width, height = (str(picture.said.get(name, "")) for name in ("width_px", "height_px"))
    is_shown = picture.media_type in ("image/jpeg", "image/png") and width.isdecimal() and height.isdecimal()
    return (int(width), int(height)) if is_shown else None


@act(
    roles=DESCRIBERS,
    past=_("took up the room"),
    files=(makes(PlaceRoom, rules=(agrees("plan", place="place"),)),),
)
def open_room(
    place: PlaceOfDetention,
    filing: Filing,
    *,
    code: str,
    used_as: str,
    name: str = "",
    plan: FloorPlan | None = None,
    corners: _Corners = (),
    area_m2: Figure | None = None,
    height_m: Figure | None = None,
    windows: str = "",
    door_side: str = "",
    capacity_people: int | None = None,
    capacity_basis: str = "",
    description: str = "",
) -> PlaceRoom:
    """Take up a cell or another room, as it was measured; the numbers of what is found there begin with its number.

    Args:
        corners: Round the room, in the unit of its plan.
        area_m2, height_m: As measured; the digits stay as they were written.

    Raises:
        NumberTaken: the place has a room of that code.
        BadNumber: the code is not one that numbers can hold.
        EmptyField: it has no code or no use, or a capacity without how it was found.
        WrongKind: the corners are none, the plan is of another place, or there are corners and no plan.
        OutOfRange: a figure cannot be.
    """
    require_fields(place.number, sentence("a room has a code and a use"), code=code, used_as=used_as)
    must_be_grave(code)
    number = f"{place.number}-{code}"
    room = PlaceRoom(
        number=number,
        place=place,
        name=name,
        used_as=used_as,
        plan=plan,
        corners=list(corners),
        area_m2="" if area_m2 is None else str(area_m2),
        height_m="" if height_m is None else str(height_m),
        windows=windows,
        door_side=door_side,
        capacity_people=capacity_people,
        capacity_basis=capacity_basis,
        description=description,
    )
    must_be_measured(room)
    filing.add(room)
    return room


def must_be_measured(room: PlaceRoom) -> None:
    """What holds of a room whenever it is filed."""
    require_between(room.number, *AREA_M2, area_m2=room.area_m2)
    require_between(room.number, *HEIGHT_M, height_m=room.height_m)
    require_between(room.number, *PEOPLE, capacity_people=room.capacity_people)
    if room.capacity_people is not None:
        require_fields(room.number, sentence("say how the capacity was found"), capacity_basis=room.capacity_basis)
    room.corners = corners_of("corners", room.corners)
    if room.corners and room.plan_id is None:
        raise WrongKind("plan", room.plan_id, sentence("the plan on which the corners lie"))
    if room.plan is not None and room.plan.place_id != room.place_id:
        raise WrongKind("plan", room.plan.number, sentence("a plan of this place"))


@act(
    roles=DESCRIBERS,
    past=_("drew the room on its plan"),
    files=(changes(PlaceRoom, "plan corners", rules=(agrees("plan", place="place"),)),),
)
def draw_room(room: PlaceRoom, filing: Filing, *, plan: FloorPlan, corners: _Corners) -> None:
    """Draw a room on a floor plan of its place, corner by corner.

    Raises:
        EmptyField: it has no corners.
        WrongKind: the corners are none, or the plan is of another place.
    """
    require_fields(room.number, sentence("give the corners of the room"), corners=list(corners))
    room.plan, room.corners = plan, list(corners)
    must_be_measured(room)
    filing.add(room)


def code_of(room: PlaceRoom) -> str:
    """The part of a room's number that is its own.

    Raises:
        BadNumber: the number does not begin with the place's.
    """
    place, _dash, code = room.number.partition("-")
    if place != room.place.number or not code:
        raise BadNumber(room.number, sentence("not the number of a room of {place}", place=room.place.number))
    return code
