"""The room of what leaves the house: bundles, what they hold and withhold."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.casework.rooms import RecordKind, Room, Stop
from dokaz.court.erasing import take_away_bundles
from dokaz.court.models import Bundle
from dokaz.court.pages import OPEN_TO, PAGES
from dokaz.court.queries import bundles_for
from dokaz.pages.acting import Acting


def _disclosed(acting: Acting) -> str:
    """Where the defence begins: at what was disclosed to it, once something was."""
    return "bundles" if bundles_for(acting.person, acting.role).exists() else ""


ROOM = Room(
    name="court",
    label=_("Bundles"),
    rail=(Stop("bundles", _("Bundles"), 310),),
    open_to=OPEN_TO,
    records=(RecordKind(Bundle, OPEN_TO),),
    pages=PAGES,
    erased=take_away_bundles,
    first_pages=((Role.DEFENCE, _disclosed),),
)
