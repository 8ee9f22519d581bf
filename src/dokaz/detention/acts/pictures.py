"""Says of an attached photograph what it shows, by which scale, and where the camera looked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dokaz.casework.effects import makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Attachment
from dokaz.casework.registry import act
from dokaz.casework.roles import MAY_HOLD
from dokaz.casework.rules import Figure, require_between, require_fields, require_readable
from dokaz.detention.models import PictureNote
from dokaz.errors import WrongKind, sentence

#: The longest scale that is laid into a picture: a ranging pole.
SCALE_CM = (0, 1000)


def is_of_this_room(picture: Attachment) -> bool:
    """Whether a file is attached to a record of this room, and shows as a picture."""
    return picture.media_type.startswith("image/") and str(picture.of[0]["kind"]).startswith("detention.")


@act(roles=MAY_HOLD, past=_("said what the photograph shows"), files=(makes(PictureNote),))
def note_picture(
    picture: Attachment, filing: Filing, *, shows: str, scale_cm: Figure | None = None, direction: str = ""
) -> PictureNote:
    """Say what a photograph shows that is attached to a place, a room, an exhibit or a trace.

    Args:
        scale_cm: The length of the scale that lies in the picture; none where none does.
        direction: Where the camera looked.

    Raises:
        EmptyField: it is not said what it shows.
        WrongKind: it is no picture, or is attached to something else.
        OutOfRange: no scale is as long.
        NotInOffice: the record to which it is attached is closed to the office.
    """
    require_readable(picture, filing)
    if not is_of_this_room(picture):
        raise WrongKind("picture", picture.number, sentence("a picture of a place, a room, an exhibit or a trace"))
    require_fields(picture.number, sentence("say what it shows"), shows=shows)
    require_between(picture.number, *SCALE_CM, scale_cm=scale_cm)
    note = PictureNote(
        number=filing.next_number(PictureNote, "VIEW"),
        picture=picture,
        shows=shows,
        scale_cm="" if scale_cm is None else str(scale_cm),
        direction=direction,
    )
    filing.add(note)
    return note


def must_have_a_scale(note: PictureNote, filing: Filing, changed: frozenset[str]) -> None:
    """What holds of a note that is put right."""
    require_between(note.number, *SCALE_CM, scale_cm=note.scale_cm)
