"""What this room shows on the map: every site, with the number of its recovery units."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import ngettext

from dokaz.graves.queries import sites, tally_by_site
from dokaz.pages.acting import Acting
from dokaz.pages.lists import once_per_filing
from dokaz.pages.parts import MapPlace
from dokaz.pages.ways import address_if_open


def places(acting: Acting) -> list[MapPlace]:
    """Every site; its degrees are None where it is not known where it lies."""
    counted = once_per_filing("tally by site", tally_by_site)
    found = []
    for site in sites():
        n = counted[site.number].units if site.number in counted else 0
        note = ngettext("%(n)s recovery unit", "%(n)s recovery units", n) % {"n": number_format(n, force_grouping=True)}
        longitude, latitude = site.longitude_deg, site.latitude_deg
        found.append(
            MapPlace(
                number=site.number,
                name=site.name,
                longitude=None if longitude is None else float(longitude),
                latitude=None if latitude is None else float(latitude),
                url=address_if_open(acting, site),
                note=note,
            )
        )
    return found
