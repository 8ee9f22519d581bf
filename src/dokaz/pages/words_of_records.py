"""Words that Dokaz itself writes into records, in English, and reads back in the language of the page.

What people write stays as they wrote it; these few are the program's own, or terms of a delivered table.
"""

from __future__ import annotations

from django.utils.translation import gettext, pgettext

from dokaz.errors import UnreadElement
from dokaz.exchange.reading.skeleton import read_element
from dokaz.identification.searching import KEEP_EACH


def in_words(text: str) -> str:
    """What Dokaz wrote into a record, in the language of the page; what it did not write stays as it is."""
    return words_of_records().get(text) or element_in_words(text) or text


def words_of_records() -> dict[str, str]:
    """Each word as it is filed, and as the reader says it."""
    return {
        # What ties a record to a revocation.
        "the unit of the revoked decision": gettext("the unit of the revoked decision"),
        "the person of the revoked decision": gettext("the person of the revoked decision"),
        "about the same unit": gettext("about the same unit"),
        "about the same person": gettext("about the same person"),
        "about a member of the same family": gettext("about a member of the same family"),
        "about a unit of the same grave, moved in the same transfer": gettext(
            "about a unit of the same grave, moved in the same transfer"
        ),
        # Why a search left something out.
        "no marker was typed": gettext("no marker was typed"),
        "the donor withdrew consent": gettext("the donor withdrew consent"),
        "the frequency table does not have this marker": gettext("the frequency table does not have this marker"),
        f"the best {KEEP_EACH} of each profile and person are kept": gettext(
            "the best %(count)s of each profile and person are kept"
        )
        % {"count": KEEP_EACH},
        "weaker candidates": gettext("weaker candidates"),
        "nobody of it is missing": gettext("nobody of it is missing"),
        "no relative is typed, or none consents": gettext("no relative is typed, or none consents"),
        # How a donor is related.
        "full sibling": pgettext("word", "full sibling"),
        "half sibling": pgettext("word", "half sibling"),
        "spouse": pgettext("word", "spouse"),
        "child": pgettext("word", "child"),
        # Where a finding was seen, where that is no one element.
        "thorax": pgettext("word", "thorax"),
        "pelvis": pgettext("word", "pelvis"),
        "lower limbs": pgettext("word", "lower limbs"),
        "upper limbs": pgettext("word", "upper limbs"),
        "hands": pgettext("word", "hands"),
        "wrists": pgettext("word", "wrists"),
        "abdomen": pgettext("word", "abdomen"),
        "neck": pgettext("word", "neck"),
        # What is withheld (codes of redaction).
        "places": pgettext("word", "places"),
        "staff": pgettext("word", "staff"),
        "interpreters": pgettext("word", "interpreters"),
        "investigators": pgettext("word", "investigators"),
        "intermediaries": pgettext("word", "intermediaries"),
        "leads": pgettext("word", "leads"),
        "means of communication": pgettext("word", "means of communication"),
        "other, internal": pgettext("word", "other, internal"),
        "witness contact": pgettext("word", "witness contact"),
        "family": pgettext("word", "family"),
        "third parties at risk": pgettext("word", "third parties at risk"),
        "protected-programme location": pgettext("word", "protected-programme location"),
        "other, persons": pgettext("word", "other, persons"),
    }


def element_in_words(text: str) -> str | None:
    """A skeletal element as people say it; None if the text is none."""
    from dokaz.mortuary import elements

    try:
        return elements.in_words(str(read_element(text)))
    except UnreadElement:
        return None
