"""What lists and pages say of things that lie somewhere and that somebody answers for."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dokaz.casework.alphabet import InAlphabet
from dokaz.casework.models import CustodyItem
from dokaz.pages.list_page import Filter
from dokaz.pages.named import column_of, fact_of
from dokaz.pages.parts import Fact
from dokaz.pages.ways import address_of

#: Where a thing is and who holds it; a list of things that is shown by it fetches ``holder``.
WHERE = column_of(
    CustodyItem,  # type: ignore[type-abstract]
    "place",
    "place",
    order=(InAlphabet("place"), "number"),
    note=lambda thing: thing.holder.name if thing.holder else "",
    under=True,
)
#: The lists behind the numbers of the inventory.
BY_PLACE = Filter("place", note=gettext_lazy("Only what lies at: %(value)s."))
BY_HOLDER = Filter("holder", apply=lambda found, number: found.filter(holder__number=number or None))

#: What can be done with chosen lines of a list of things, besides; their numbers are handed on as ``thing``.
HAND_ON = (("hand_over", gettext_lazy("Hand over")), ("put_away", gettext_lazy("Put away")))


def where_it_is(thing: CustodyItem) -> Fact:
    """Where a thing is, and who holds it; a shelf is linked."""
    held = _("held by %(name)s") % {"name": thing.holder.name} if thing.holder else ""
    return replace(fact_of(thing, "place", held), url=address_of(thing.kept_in) if thing.kept_in else "")
