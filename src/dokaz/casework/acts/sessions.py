"""A working day: one passphrase delegates routine acts to the key of a session, until it ends."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from dokaz.casework.acts.people import id_of_new_key
from dokaz.casework.effects import BLANK, STATED, actor_is, changes, held, holds, makes
from dokaz.casework.filing import Filing
from dokaz.casework.models import Key, SessionKey
from dokaz.casework.queries import offices_of
from dokaz.casework.registry import act
from dokaz.casework.roles import ANY_ROLE, ONE_SIGNATURE
from dokaz.errors import BadChoice, NotYours, SignatureNeeded, WrongState, sentence

LONGEST_SESSION = dt.timedelta(hours=24)


@act(
    roles=ANY_ROLE,
    signed=ONE_SIGNATURE,
    past=_("began to work"),
    files=(makes(SessionKey, blank="ended_at", rules=(actor_is("person"),)),),
)
def begin_work(filing: Filing, *, public_key: str, until: dt.datetime) -> SessionKey:
    """Delegate routine acts to the key of a session, in all offices that one holds, until it ends.

    Raises:
        SignatureNeeded: the key is not unlocked.
        WrongKind: not a public key.
        NumberTaken: the key is a person's, or was that of a session.
        BadChoice: the session lasts longer than a day, or has ended already.
    """
    if filing.by.key is None:
        raise SignatureNeeded("casework.begin_work")
    until = until.replace(microsecond=0)
    if not filing.at < until <= filing.at + LONGEST_SESSION:
        raise BadChoice("until", until.isoformat(), [sentence("a time within {hours} hours", hours=24)])
    session = SessionKey(
        number=id_of_new_key(public_key),
        person_id=filing.by.person,
        delegated_by=Key.objects.get(number=filing.by.key.key_id),
        offices=sorted(str(office.id) for office in offices_of(filing.by.person)),
        public_key=public_key,
        until=until,
    )
    filing.add(session)
    return session


@act(
    roles=ANY_ROLE,
    past=_("ended the session"),
    files=(changes(SessionKey, "ended_at", rules=(actor_is("person"), held(ended_at=BLANK), holds(ended_at=STATED))),),
)
def end_work(session: SessionKey, filing: Filing) -> None:
    """End a session; nothing that is filed from now on may be signed with its key.

    Raises:
        NotYours: it is another person's.
        WrongState: it has ended.
    """
    if session.person_id != filing.by.person:
        raise NotYours(
            session.number[:12], sentence("the session of another person"), sentence("everybody ends their own")
        )
    if session.ended_at is not None:
        raise WrongState(session.number[:12], sentence("ended"), [sentence("a session that goes on")])
    session.ended_at = filing.at
    filing.add(session)
