"""What was done, in words: the name of every act as the history of a record tells it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, str | Promise] = {
    "casework.found": _("opened the investigation"),
    "casework.enrol": _("enrolled"),
    "casework.appoint": _("appointed"),
    "casework.dismiss": _("ended the appointment"),
    "casework.retire_key": _("retired the key"),
    "casework.deliver": _("took the delivery"),
    "casework.assent": _("signed"),
    "casework.hand_over": _("handed over"),
    "casework.take_over": _("took over"),
    "casework.change_hands": _("changed hands"),
    "graves.open_site": _("took up the site"),
    "graves.open_grave": _("took up the grave"),
    "graves.register_unit": _("surveyed"),
    "graves.photograph": _("photographed"),
    "graves.lift": _("lifted"),
    "graves.split": _("split off"),
    "graves.quarantine": _("set aside in quarantine"),
    "graves.end_quarantine": _("ended the quarantine"),
    "graves.mark_released": _("carried the release over"),
    "mortuary.receive": _("received"),
    "mortuary.examine": _("examined"),
    "mortuary.sample": _("sampled"),
    "mortuary.store": _("put into store"),
    "mortuary.profile": _("typed"),
    "mortuary.withdraw_profile": _("withdrew the profile"),
    "missing.report": _("reported missing"),
    "missing.verify": _("verified"),
    "missing.mark_duplicate": _("closed as reported twice"),
    "missing.draw_pedigree": _("stated the pedigree"),
    "missing.enrol_donor": _("enrolled as a donor"),
    "missing.withdraw_consent": _("withdrew consent"),
    "missing.type_reference": _("typed the reference"),
    "missing.adopt_frequencies": _("adopted the frequencies"),
    "missing.apply_decision": _("carried the decision over"),
    "identification.search": _("searched"),
    "identification.compare": _("compared"),
    "identification.sign_comparison": _("signed the comparison"),
    "identification.supersede": _("superseded"),
    "identification.lay_before_board": _("laid before the board"),
    "identification.withdraw": _("withdrew from the board"),
    "identification.sign_decision": _("signed the decision"),
    "identification.certify": _("certified"),
    "identification.exclude": _("excluded"),
    "identification.doubt": _("raised a doubt"),
    "identification.sign_revocation": _("signed the revocation"),
    "identification.revoke": _("revoked"),
    "identification.reopen": _("reopened"),
    "identification.close_review": _("closed the review"),
    "identification.notify_family": _("told the family"),
    "identification.release": _("released"),
    "court.bundle": _("wrote a bundle"),
}


def done_in_words(act: str) -> str | Promise:
    """What an act did, in words; its own name where nobody has put it into words."""
    return _WORDS.get(act, act)
