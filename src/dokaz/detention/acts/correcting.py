"""How records of places, searches and finds are put right."""

from __future__ import annotations

from dokaz.casework.corrections import Correcting, Why, putting_right, staying
from dokaz.casework.effects import only_one_lists
from dokaz.casework.filing import Filing
from dokaz.casework.roles import MAY_HOLD, ONE_SIGNATURE, Role
from dokaz.casework.rules import require_between, require_dates, require_fields
from dokaz.detention.acts.exhibits import MAY_OPINE, must_be_of_no_other, must_be_parts, must_be_within_its_search
from dokaz.detention.acts.pictures import must_have_a_scale
from dokaz.detention.acts.places import ACCURACY_M, DESCRIBERS, must_be_measured
from dokaz.detention.acts.searches import UNDER_WAY, must_be_within, must_end_after_its_work
from dokaz.detention.acts.traces import must_fit_its_search
from dokaz.detention.models import (
    Assembly,
    CheckedItem,
    Control,
    Exhibit,
    FloorPlan,
    FunctionOpinion,
    PictureNote,
    PlaceOfDetention,
    PlaceRoom,
    PlaceSearch,
    Seal,
    SealState,
    SearchedRoom,
    SearchWitness,
    Trace,
)
from dokaz.detention.plans import corners_of
from dokaz.errors import WrongKind, sentence
from dokaz.graves.places import Position


def _place(place: PlaceOfDetention, filing: Filing, changed: frozenset[str]) -> None:
    require_between(place.number, *ACCURACY_M, accuracy_m=place.accuracy_m)
    if (place.latitude_deg is None) != (place.longitude_deg is None):
        raise WrongKind("longitude_deg", place.longitude_deg, sentence("given with the latitude, or neither"))
    if place.latitude_deg is not None and place.longitude_deg is not None:
        Position(place.latitude_deg, place.longitude_deg).must_be_on_the_globe(place.number)


def _control(claim: Control, filing: Filing, changed: frozenset[str]) -> None:
    require_dates(claim.number, filing, held=claim.held)


def _plan(plan: FloorPlan, filing: Filing, changed: frozenset[str]) -> None:
    if bool(corners_of("outline", plan.outline)) == (plan.picture is not None):
        raise WrongKind("outline", len(plan.outline), sentence("an outline in metres, or a picture"))


def _room(room: PlaceRoom, filing: Filing, changed: frozenset[str]) -> None:
    must_be_measured(room)


def _search(search: PlaceSearch, filing: Filing, changed: frozenset[str]) -> None:
    if search.ended_at is None and search.state != UNDER_WAY:
        require_fields(search.number, sentence("say when it ended"), ended_at=search.ended_at)
    if search.ended_at is not None and search.state == UNDER_WAY:
        raise WrongKind("ended_at", search.ended_at, sentence("empty, until the search is closed"))
    must_end_after_its_work(search)


def _item(item: CheckedItem, filing: Filing, changed: frozenset[str]) -> None:
    must_be_within(item.searched_room, "done_at", item.done_at)


def _assembly(assembly: Assembly, filing: Filing, changed: frozenset[str]) -> None:
    parts = list(Exhibit.objects.filter(pk__in=assembly.parts))
    must_be_parts(assembly.search, parts)
    must_be_of_no_other(parts, besides=assembly)


correct_place, void_place, _none = putting_right(
    "dokaz.detention.acts",
    "place",
    Correcting(kind=PlaceOfDetention, check=_place),
    Correcting(kind=Control, closed={Why.BELONGS: "place"}, check=_control),
    Correcting(kind=FloorPlan, closed={Why.BELONGS: "place", Why.FILE: "picture"}, check=_plan),
    Correcting(kind=PlaceRoom, closed={Why.BELONGS: "place"}, check=_room),
    roles=DESCRIBERS,
)
correct_find_of_search, void_find_of_search, _none = putting_right(
    "dokaz.detention.acts",
    "find_of_search",
    Correcting(kind=PlaceSearch, closed={Why.BELONGS: "place", Why.ACT: "checklist"}, check=_search),
    Correcting(kind=SearchWitness, closed={Why.BELONGS: "search"}),
    Correcting(kind=CheckedItem, closed={Why.BELONGS: "searched_room", Why.ACT: "item done_by why_not"}, check=_item),
    Correcting(
        kind=Exhibit,
        closed={Why.NUMBER: "searched_room", Why.SIGNED: "taken_by"},
        check=must_be_within_its_search,
        aside="packaging",
    ),
    Correcting(
        kind=Assembly,
        closed={Why.BELONGS: "search", Why.ACT: "parts", Why.SIGNED: "seen_by"},
        check=_assembly,
        # One that was void does not come back beside the one that took its parts.
        rules=(only_one_lists("parts", {"voided": [False]}, voided=[False]),),
    ),
    Correcting(
        kind=Seal,
        # One that was found broken is accounted for; voiding it would hide that.
        states=(SealState.ON,),
        closed={
            Why.BELONGS: "exhibit",
            Why.ACT: "label replaces applied_by checked_at checked_by seen account accounted_by",
        },
    ),
    Correcting(
        kind=Trace,
        closed={Why.NUMBER: "searched_room", Why.ACT: "exhibit sort", Why.SIGNED: "taken_by"},
        check=must_fit_its_search,
    ),
    roles={Role.SCENE},
)
staying(Correcting(kind=SearchedRoom, closed={Why.BELONGS: "search room place", Why.ACT: "checklist"}))
correct_picture_note, void_picture_note, _none = putting_right(
    "dokaz.detention.acts",
    "picture_note",
    Correcting(kind=PictureNote, closed={Why.BELONGS: "picture"}, check=must_have_a_scale),
    roles=MAY_HOLD,
)
# The word of an expert is that expert's: nobody else corrects or voids it.
correct_opinion, void_opinion, _none = putting_right(
    "dokaz.detention.acts",
    "opinion",
    Correcting(
        kind=FunctionOpinion,
        closed={Why.BELONGS: "exhibit assembly", Why.SIGNED: "expert seized_by function basis"},
        by="expert",
    ),
    roles=MAY_OPINE,
    signed=ONE_SIGNATURE,
)
