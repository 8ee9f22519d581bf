"""What this room shows on the map: every place of detention, with the number of its rooms."""

from __future__ import annotations

from django.utils.translation import ngettext

from dokaz.detention.models import PlaceOfDetention
from dokaz.pages.acting import Acting
from dokaz.pages.parts import MapPlace
from dokaz.pages.ways import address_if_open


def places(acting: Acting) -> list[MapPlace]:
    """Every place of detention; its degrees are None where it is not known where it lies."""
    found = []
    for place in PlaceOfDetention.objects.order_by("number"):
        rooms, longitude, latitude = place.rooms.count(), place.longitude_deg, place.latitude_deg
        found.append(
            MapPlace(
                number=place.number,
                name=place.name,
                longitude=None if longitude is None else float(longitude),
                latitude=None if latitude is None else float(latitude),
                url=address_if_open(acting, place),
                note=ngettext("place of detention, %(n)s room", "place of detention, %(n)s rooms", rooms)
                % {"n": rooms},
            )
        )
    return found
