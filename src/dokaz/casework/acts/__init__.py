"""What people do about the investigation itself: found it, appoint each other, work, sign, and hand things over."""

from dokaz.casework.acts.custody import change_hands, deliver, hand_over, take_over
from dokaz.casework.acts.founding import adopt_constitution, found, founder, propose_constitution, sign_constitution
from dokaz.casework.acts.people import OfferedKey, appoint, dismiss, enrol, offer, retire_key
from dokaz.casework.acts.sessions import LONGEST_SESSION, begin_work, end_work
from dokaz.casework.acts.signing import assent, assents_given

__all__ = [
    "LONGEST_SESSION",
    "OfferedKey",
    "adopt_constitution",
    "appoint",
    "assent",
    "assents_given",
    "begin_work",
    "change_hands",
    "deliver",
    "dismiss",
    "end_work",
    "enrol",
    "found",
    "founder",
    "hand_over",
    "offer",
    "propose_constitution",
    "retire_key",
    "sign_constitution",
    "take_over",
]
