"""Secures traces: what is taken away has a holder, what stays on the wall has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import actor_is, agrees, holds, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.registry import act
from dokaz.casework.roles import Role
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.detention.acts.exhibits import give_number
from dokaz.detention.acts.searches import IN_A_SEARCH_UNDER_WAY, UNDER_WAY, must_be_within
from dokaz.detention.models import Exhibit, SearchedRoom, Trace, TraceKind
from dokaz.detention.plans import point_of
from dokaz.errors import WrongKind, sentence

# What is carried away; blood patterns and writing are photographed where they are.
CARRIED = (TraceKind.SWAB, TraceKind.TAPE, TraceKind.PRINT)
STAYS = tuple(kind for kind in TraceKind if kind not in CARRIED)


@act(
    roles={Role.SCENE, Role.PRINT_EXAMINER},
    past=_("secured the trace"),
    files=(
        makes(
            Trace,
            blank="transfer kept_in",
            rules=(
                IN_A_SEARCH_UNDER_WAY,
                agrees("exhibit", searched_room="searched_room"),
                actor_is("holder", when={"sort": CARRIED}),
                holds({"sort": [TraceKind.BLOOD, TraceKind.WRITING]}, holder="blank"),
            ),
        ),
    ),
)
def secure_trace(
    searched_room: SearchedRoom,
    filing: Filing,
    *,
    sort: str,
    seen: str,
    exhibit: Exhibit | None = None,
    transcription: str = "",
    position: Sequence[str] = (),
    taken_at: dt.datetime | None = None,
    taken_by: Person | None = None,
    number: str = "",
) -> Trace:
    """Secure a trace of a room, or on an exhibit that was found there, under a number of its own.

    Args:
        transcription: Writing, letter by letter as it stands; a reading is of the photograph that is attached.
        taken_by: Who secured it, where it is not the person who files.
        number: The number on the label, where one was given; the room's next free one otherwise.

    Raises:
        WrongState: the search is closed.
        EmptyField: it is not said what is seen.
        WrongKind: the exhibit is of another room.
        BadNumber, NumberTaken: as for an exhibit.
        InTheFuture, TooEarly: later than now, or before the search began.
    """
    searched_room.must_be(UNDER_WAY)
    require_fields(searched_room.number, sentence("say what is seen"), seen=seen)
    refuse_future(number or searched_room.number, filing, taken_at=taken_at)
    if exhibit is not None and exhibit.searched_room_id != searched_room.id:
        raise WrongKind("exhibit", exhibit.number, sentence("an exhibit of this room"))
    trace = Trace(
        number=give_number(searched_room.room, "T", number, filing),
        searched_room=searched_room,
        exhibit=exhibit,
        sort=sort,
        seen=seen,
        transcription=transcription,
        position=point_of("position", list(position)),
        taken_at=taken_at or filing.at,
        taken_by_id=taken_by.id if taken_by else filing.by.person,
        holder_id=filing.by.person if sort in CARRIED else None,
        place=searched_room.room.number,
    )
    filing.add(trace)
    return trace


def must_fit_its_search(trace: Trace, filing: Filing, changed: frozenset[str]) -> None:
    """What holds of a trace that is put right."""
    point_of("position", trace.position)
    require_fields(trace.number, sentence("say what is seen"), seen=trace.seen)
    must_be_within(trace.searched_room, "taken_at", trace.taken_at)
