"""Whether whoever acts may still file: the office is held, the key in use, and a session whose key signs goes on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dokaz.casework.models import Key, Office, SessionKey
from dokaz.casework.roles import Role
from dokaz.errors import NotInOffice, SessionOver, sentence

if TYPE_CHECKING:
    from dokaz.casework.filing import Actor


def require_office(actor: Actor, at: dt.datetime) -> None:
    """Refuse whoever was dismissed, whose key was retired, or whose session ended.

    Args:
        at: When they file.

    Raises:
        NotInOffice: they do not hold the office, or the key is not in use.
        SessionOver: they have not unlocked their own key, and the session whose key would sign does not sign this.
    """
    held = Office.held().filter(pk=actor.office, person=actor.person, role=actor.role)
    if not held.exists():
        raise NotInOffice(sentence("filing"), Role(actor.role), [sentence("an office that one holds now")])
    key_id = actor.key.key_id if actor.key is not None else actor.key_id
    if not Key.in_use().filter(number=key_id, person=actor.person).exists():
        raise NotInOffice(sentence("filing with a retired key"), Role(actor.role), [sentence("a key in use")])
    if actor.key is None and actor.session is not None:
        _require_session(actor.session.key_id, actor, at)


def _require_session(key_id: str, actor: Actor, at: dt.datetime) -> None:
    """What is signed with the key of a session is signed while it goes on, and in an office that it was begun for."""
    session = SessionKey.objects.filter(number=key_id, person=actor.person).select_related("delegated_by").first()
    if session is None:
        raise SessionOver(sentence("nobody has begun it"))
    if session.ended_at is not None:
        raise SessionOver(sentence("it was ended"))
    if session.until <= at:
        raise SessionOver(sentence("its hours are over"))
    if session.delegated_by.number != actor.key_id:
        raise SessionOver(sentence("it was begun with a key that is retired"))
    if str(actor.office) not in session.offices:
        raise SessionOver(sentence("it was begun before you held this office"))
