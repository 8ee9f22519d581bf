"""Where things are kept: stores, rooms and shelves, and what is put there."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import STATED, actor_is, changes, holds, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import CustodyItem, StoragePlace
from dokaz.casework.registry import act
from dokaz.casework.roles import MAY_HOLD
from dokaz.casework.rules import require_fields, require_held
from dokaz.errors import NotYours, sentence


@act(roles=MAY_HOLD, past=_("set up the storage place"), files=(makes(StoragePlace),))
def set_up_storage(filing: Filing, *, name: str, inside: StoragePlace | None = None, note: str = "") -> StoragePlace:
    """Give a store, a room or a shelf a number, so that things can be put there.

    Raises:
        EmptyField: it has no name.
        NotYours: there is one of that name in the same place.
    """
    require_fields(sentence("storage place"), sentence("say what is written on it"), name=name)
    if StoragePlace.objects.filter(name=name.strip(), inside=inside).exists():
        raise NotYours(name, sentence("there is one of that name"), sentence("give it a name of its own"))
    place = StoragePlace(number=filing.next_number(StoragePlace, "STO"), name=name.strip(), inside=inside, note=note)
    filing.add(place)
    return place


@act(
    roles=MAY_HOLD,
    past=_("put away"),
    files=(changes(CustodyItem, "kept_in place", rules=(actor_is("holder"), holds(kept_in=STATED))),),
)
def put_away(things: Sequence[CustodyItem], filing: Filing, *, kept_in: StoragePlace) -> None:
    """Put things that one holds into a storage place; they stay in one's hands.

    Raises:
        EmptyField: nothing is put there.
        NotYours: somebody else holds one of the things, or nobody does.
    """
    require_fields(kept_in.number, sentence("say what is put there"), things=list(things))
    for thing in things:
        require_held(thing, filing)
        thing.kept_in, thing.place = kept_in, kept_in.path
        filing.add(thing)
