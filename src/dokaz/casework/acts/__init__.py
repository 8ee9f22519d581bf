"""What people do about the investigation itself: found it, appoint each other, work, sign, and hand things over."""

from dokaz.casework.acts.attaching import (
    AttachedFile,
    attach,
    correct_attachment,
    takes_attachments,
    void_attachment,
)
from dokaz.casework.acts.correcting import (
    agree_transfer,
    correct_discrepancy,
    correct_investigation,
    correct_person,
    correct_storage_place,
    correct_transfer,
    void_delivery,
    void_transfer,
)
from dokaz.casework.acts.custody import (
    call_back,
    change_hands,
    hand_over,
    hand_over_for,
    refuse,
    take_back,
    take_over,
)
from dokaz.casework.acts.delivering import deliver
from dokaz.casework.acts.discrepancies import note_discrepancy, settle_discrepancy
from dokaz.casework.acts.erasing import order_erasure
from dokaz.casework.acts.founding import (
    Founder,
    found,
    founder,
    propose_constitution,
    sign_founding,
)
from dokaz.casework.acts.log_key import propose_log_key
from dokaz.casework.acts.people import OfferedKey, appoint, dismiss, enrol, offer, retire_key, retire_own_key
from dokaz.casework.acts.sessions import LONGEST_SESSION, begin_work, end_work
from dokaz.casework.acts.signing import assent, assents_given
from dokaz.casework.acts.storing import put_away, set_up_storage
from dokaz.casework.acts.together import agree, put_in_force, withdraw_proposal
from dokaz.casework.second_person import decline_correction, make_correction, propose_correction

__all__ = [
    "AttachedFile",
    "Founder",
    "LONGEST_SESSION",
    "OfferedKey",
    "agree",
    "agree_transfer",
    "appoint",
    "assent",
    "assents_given",
    "attach",
    "begin_work",
    "call_back",
    "change_hands",
    "correct_attachment",
    "correct_discrepancy",
    "correct_investigation",
    "correct_person",
    "correct_storage_place",
    "correct_transfer",
    "decline_correction",
    "deliver",
    "dismiss",
    "end_work",
    "enrol",
    "found",
    "founder",
    "hand_over",
    "hand_over_for",
    "make_correction",
    "note_discrepancy",
    "offer",
    "order_erasure",
    "propose_constitution",
    "propose_correction",
    "propose_log_key",
    "put_away",
    "put_in_force",
    "refuse",
    "retire_key",
    "retire_own_key",
    "set_up_storage",
    "settle_discrepancy",
    "sign_founding",
    "take_back",
    "take_over",
    "takes_attachments",
    "void_attachment",
    "void_delivery",
    "void_transfer",
    "withdraw_proposal",
]
