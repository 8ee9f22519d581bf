"""Pages of storage places: which there are, what is kept in each, and putting things there."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dokaz.casework import acts
from dokaz.casework.filing import Filing
from dokaz.casework.models import StoragePlace
from dokaz.casework.queries import custodial_kinds
from dokaz.casework.rooms import READERS
from dokaz.pages.act_page import ActPage
from dokaz.pages.acting import Acting
from dokaz.pages.list_page import Empty, ListPage
from dokaz.pages.lists import once_per_filing
from dokaz.pages.named import column_of, fact_of
from dokaz.pages.parts import Fact, ListColumn
from dokaz.pages.record_page import RecordPage
from dokaz.pages.ways import address_if_open
from dokaz.site.custody_acts import named_things
from dokaz.site.custody_forms import PutAwayForm, PutThingsForm, StoragePlaceForm


def kept_in(place: StoragePlace, acting: Acting) -> dict[str, Any]:
    """What lies in a storage place itself, and the places inside it."""
    things = [
        (thing, address_if_open(acting, thing))
        for kind in custodial_kinds()
        if acting.reads(kind)
        for thing in kind.objects.filter(kept_in=place).select_related("holder").order_by("number")
    ]
    return {"things": things, "parts": place.parts.order_by("name")}


def _counts() -> Counter[Any]:
    return Counter(
        place
        for kind in custodial_kinds()
        for place in kind.objects.exclude(kept_in=None).values_list("kept_in", flat=True)
    )


def _count(place: StoragePlace) -> int:
    counted: Counter[Any] = once_per_filing("kept in storage", _counts)
    return counted[place.pk]


def _put_things(_record: None, filing: Filing, values: dict[str, Any]) -> StoragePlace:
    acts.put_away(values["things"], filing, kept_in=values["kept_in"])
    place: StoragePlace = values["kept_in"]
    return place


def _facts(place: StoragePlace, _acting: Acting) -> list[Fact]:
    return [fact_of(place, "name"), fact_of(place, "inside", place.inside.path if place.inside else ""),
            fact_of(place, "note")]  # fmt: skip


def _named(request: HttpRequest, record: Any) -> dict[str, Any]:
    return {"things": named_things(request)["things"]}


PAGES = (
    ListPage(
        name="storage",
        at="storage/",
        open_to=READERS,
        label=_("Storage places"),
        under="inventory",
        lists=StoragePlace,
        search=("number", "name"),
        columns=(
            column_of(StoragePlace, "number", "number"),
            ListColumn(_("Place"), key="name", order=("name", "number"), value=lambda place: place.path,
                       note=lambda place: place.note, under=True),
            ListColumn(_("Things"), is_number=True, value=_count),
        ),
        fetch=lambda query: query.select_related("inside__inside"),
        acts=("storage_new", "put_away"),
        unit=_("storage places"),
        empty=Empty(
            _("No store or shelf has been set up."),
            _("Give each shelf a number, so that everybody finds what is kept there."),
            "storage_new",
            _("Set up a storage place"),
        ),
    ),
    ActPage(
        name="storage_new",
        at="storage/new/",
        act=acts.set_up_storage,
        title=_("Set up a storage place"),
        verb=_("Set it up"),
        message=_("%(n)s is set up."),
        form=StoragePlaceForm,
        under="storage",
    ),
    ActPage(
        name="put_away",
        at="storage/put-away/",
        act=acts.put_away,
        title=_("Put away"),
        lead=_("What you hold lies there from now on. It stays in your hands."),
        verb=_("It lies there"),
        message=_("It lies in %(n)s."),
        form=PutThingsForm,
        under="storage",
        initial=_named,
        perform=_put_things,
    ),
    RecordPage(
        name="storage_place",
        at="storage/<str:number>/",
        open_to=READERS,
        shows=StoragePlace,
        under="storage",
        title=lambda place: place.path,
        fetch=lambda query: query.select_related("inside"),
        facts=_facts,
    ),
    ActPage(
        name="storage_put",
        at="storage/<str:number>/put/",
        record=StoragePlace,
        act=acts.put_away,
        title=_("Put things here"),
        lead=_("What you hold lies there from now on. It stays in your hands."),
        verb=_("They lie here"),
        message=_("It lies in %(n)s."),
        form=PutAwayForm,
        perform=lambda place, filing, values: acts.put_away(values["things"], filing, kept_in=place),
    ),
)  # fmt: skip
