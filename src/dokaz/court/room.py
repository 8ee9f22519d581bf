"""The room of what leaves the house: bundles, what they hold and withhold."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dokaz.casework.roles import Role
from dokaz.casework.rooms import RecordKind, Room, Stop
from dokaz.court import views
from dokaz.court.models import Bundle
from dokaz.court.queries import MAKERS
from dokaz.pages.drawn_page import DrawnPage

# The defence sees the bundles that were made for it; it takes nothing out by itself.
OPEN_TO = MAKERS | {Role.DEFENCE}

ROOM = Room(
    name="court",
    label=_("Bundles"),
    rail=(Stop("bundles", _("Bundles"), 310),),
    open_to=OPEN_TO,
    records=(RecordKind(Bundle, OPEN_TO),),
    pages=(
        DrawnPage(name="bundles", at="bundles/", open_to=OPEN_TO, draw=views.bundles),
        DrawnPage(name="bundle_new", at="bundles/new/", open_to=MAKERS, draw=views.bundle_new),
        DrawnPage(name="bundle", at="bundles/<str:number>/", open_to=OPEN_TO, draw=views.bundle),
        DrawnPage(
            name="bundle_download", at="bundles/<str:number>/download/", open_to=OPEN_TO, draw=views.bundle_download
        ),
    ),
)
