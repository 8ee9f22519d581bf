"""Takes lists of places of detention, rooms and exhibits."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from dokaz.casework.delivery_kinds import (
    DeliveryKind,
    Offices,
    Progress,
    Read,
    Refusals,
    Taken,
    of_one_file,
    row_of,
    the_table,
)
from dokaz.casework.filing import Filing
from dokaz.casework.roles import Role
from dokaz.detention.acts import apply_seal, open_place, open_room, seize
from dokaz.detention.models import PlaceOfDetention, SearchedRoom, SearchState
from dokaz.errors import sentence
from dokaz.exchange.deliveries.detention import (
    COLUMNS,
    DeliveredExhibit,
    DeliveredPlace,
    DeliveredRoom,
    DetentionList,
    read_detention,
)
from dokaz.graves.places import Position
from dokaz.mortuary.intake import person_of
from dokaz.numbers import parse_number


def _file(read: Read[DetentionList], filing: Filing, offices: Offices, progress: Progress) -> Taken:
    listed = read.content
    taken = {
        "places": len(listed.places),
        "rooms": len(listed.rooms),
        "exhibits": len(listed.exhibits),
        "seals": sum(bool(row.seal) for row in listed.exhibits),
    }
    delivery, refusals = read.deliver(filing, taken), Refusals()
    for place in listed.places:
        with row_of(delivery, filing, place, column="number", value=place.code):
            _open_place(place, filing)
    for room in listed.rooms:
        with row_of(delivery, filing, room, column="number", value=f"{room.place}-{room.code}"):
            _open_room(room, filing)
    for done, exhibit in enumerate(listed.exhibits, start=1):
        with refusals.row_of(delivery, filing, exhibit, column="number", value=exhibit.number):
            _seize(exhibit, filing)
        progress(done, len(listed.exhibits))
    refusals.refuse()
    return taken


def _open_place(row: DeliveredPlace, filing: Filing) -> None:
    position = Position(Decimal(row.latitude), Decimal(row.longitude)) if row.latitude else None
    open_place(
        filing,
        code=row.code,
        name=row.name,
        kind_of_place=row.kind,
        address=row.address,
        position=position,
        accuracy_m=row.accuracy_m or None,
        description=row.seen,
    )


def _open_room(row: DeliveredRoom, filing: Filing) -> None:
    place = PlaceOfDetention.objects.filter(number=row.place).first()
    if place is None:
        raise row.refused(
            "number", row.place, sentence("no place of detention has this code"), sentence("list the place as well")
        )
    open_room(
        place,
        filing,
        code=row.code,
        used_as=row.kind,
        name=row.name,
        area_m2=row.area_m2 or None,
        height_m=row.height_m or None,
        windows=row.windows,
        door_side=row.door_side,
        capacity_people=row.capacity_people,
        capacity_basis=row.capacity_basis,
        description=row.seen,
    )


def _seize(row: DeliveredExhibit, filing: Filing) -> None:
    parsed = parse_number(row.number)
    room = f"{parsed.site}-{parsed.grave}"
    going_on = SearchedRoom.objects.filter(room__number=room, state=SearchState.UNDER_WAY)
    searched = going_on.select_related("room__place", "search").first()
    if searched is None:
        raise row.refused(
            "number",
            row.number,
            sentence("no search is under way in {room}", room=room),
            sentence("begin the search first"),
        )
    exhibit = seize(
        searched,
        filing,
        look=row.kind,
        seen=row.seen,
        position=row.position,
        taken_at=row.taken_at,
        taken_by=person_of(row.taken_by, row, "taken_by", filing),
        packaging=row.packaging,
        number=row.number,
    )
    if row.seal:
        apply_seal(exhibit, filing, label=row.seal, applied_at=row.taken_at)


DETENTION = DeliveryKind(
    name="detention",
    label=_("Places of detention, rooms, exhibits"),
    help=_("a list with a row for each place, room or exhibit: CSV, or a workbook of Excel with one sheet"),
    offices=(Role.SCENE,),
    rooms=("places_of_detention",),
    files=(the_table(COLUMNS),),
    reader=of_one_file(read_detention),
    filer=_file,
    counted={
        "places": _("places of detention"),
        "rooms": _("rooms"),
        "exhibits": _("exhibits"),
        "seals": _("seals"),
    },
)
