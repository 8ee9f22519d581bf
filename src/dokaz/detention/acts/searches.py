"""Searches a place: every item of the checklist in every room is done or excused, or the search is not closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dokaz.casework.causality import is_certainly_before
from dokaz.casework.effects import (
    STATED,
    Rule,
    actor_is,
    agrees,
    changes,
    exists,
    holds,
    makes,
    only_one,
    refers,
    unless_pointed_at,
)
from dokaz.casework.filing import Filing
from dokaz.casework.models import Person
from dokaz.casework.registry import act
from dokaz.casework.roles import ONE_SIGNATURE, Role
from dokaz.casework.rules import refuse_future, require_fields
from dokaz.detention import checklists
from dokaz.detention.models import (
    CheckedItem,
    ItemState,
    PlaceOfDetention,
    PlaceRoom,
    PlaceSearch,
    SearchedRoom,
    SearchState,
    SearchWitness,
)
from dokaz.detention.queries import last_work_in, open_items, rooms_left_out
from dokaz.errors import BadChoice, NotYours, SearchUnfinished, TooEarly, WrongKind, WrongState, sentence

UNDER_WAY, CLOSED = SearchState.UNDER_WAY, SearchState.CLOSED
IN_A_SEARCH_UNDER_WAY = refers("searched_room", state=UNDER_WAY)
_TAKEN_UP: tuple[Rule, ...] = (
    agrees("search", place="place", checklist="checklist"),
    agrees("room", place="place"),
    refers("search", state=UNDER_WAY),
    only_one("search room"),
)
# One rule an item of each version of the checklist, which stand in the log as its constitution does.
_CHECKED: tuple[Rule, ...] = tuple(
    exists("detention.CheckedItem", "searched_room", {"checklist": version}, item=item)
    for version in checklists.versions()
    for item in checklists.items_of(version)
)


@act(
    roles={Role.SCENE},
    past=_("began the search"),
    signed=ONE_SIGNATURE,
    files=(
        makes(PlaceSearch, UNDER_WAY, blank="ended_at"),
        makes(SearchWitness, rules=(refers("search", state=UNDER_WAY),)),
        makes(SearchedRoom, UNDER_WAY, rules=_TAKEN_UP),
    ),
)
def begin_search(
    place: PlaceOfDetention,
    filing: Filing,
    *,
    authority: str,
    warrant: str,
    warrant_on: dt.date,
    team: str,
    witnesses: Sequence[str] = (),
    started_at: dt.datetime | None = None,
    checklist: str = "",
) -> PlaceSearch:
    """Begin to search a place: every room that it has is searched, by the checklist.

    Args:
        authority, warrant, warrant_on: Who allowed it, by which paper, of which day.
        witnesses: Those who were called to see it, by name.
        checklist: Its version; the newest if none is named.

    Raises:
        EmptyField: warrant, authority or team is missing, or the place has no room yet.
        TooEarly: it would begin before the day of its warrant.
        InTheFuture: it would begin later than now.
        BadChoice: there is no such version of the checklist.
        WrongState: another search of the place is under way.
    """
    require_fields(place.number, sentence("a search names its warrant and its team"), authority=authority,
                   warrant=warrant, team=team)  # fmt: skip
    rooms = list(place.rooms.order_by("number"))
    require_fields(place.number, sentence("take up its rooms first"), rooms=rooms)
    if (other := place.searches.filter(state=UNDER_WAY).first()) is not None:
        raise WrongState(other.number, sentence("under way"), [sentence("a place that nobody searches now")])
    refuse_future(place.number, filing, started_at=started_at, warrant_on=warrant_on)
    version = checklist or checklists.versions()[-1]
    checklists.items_of(version)
    search = PlaceSearch(
        number=filing.next_number(PlaceSearch, "PSR"),
        place=place,
        authority=authority,
        warrant=warrant,
        warrant_on=warrant_on,
        team=team,
        checklist=version,
        started_at=started_at or filing.at,
        state=UNDER_WAY,
    )
    filing.add(search)
    for name in witnesses:
        require_fields(search.number, sentence("a witness has a name"), witnesses=name)
        filing.add(SearchWitness(number=filing.next_number(SearchWitness, "WIT"), search=search, name=name))
    for room in rooms:
        _take_up(search, room, filing)
    return search


def _take_up(search: PlaceSearch, room: PlaceRoom, filing: Filing) -> SearchedRoom:
    taken = SearchedRoom(
        number=filing.next_number(SearchedRoom, "SRM"),
        search=search,
        room=room,
        place=search.place,
        checklist=search.checklist,
        state=UNDER_WAY,
    )
    filing.add(taken)
    return taken


@act(
    roles={Role.SCENE},
    past=_("took the room into the search"),
    files=(makes(SearchedRoom, UNDER_WAY, rules=_TAKEN_UP),),
)
def search_room(search: PlaceSearch, filing: Filing, *, room: PlaceRoom) -> SearchedRoom:
    """Search a room as well that was taken up after the search had begun: one that was found behind a wall, say.

    Raises:
        WrongState: the search is closed, or searches the room already.
        WrongKind: the room is of another place.
    """
    search.must_be(UNDER_WAY)
    if room.place_id != search.place_id:
        raise WrongKind("room", room.number, sentence("a room of this place"))
    if search.searched.filter(room=room).exists():
        raise WrongState(room.number, sentence("searched already"), [sentence("a room that the search lacks")])
    return _take_up(search, room, filing)


@act(
    roles={Role.SCENE},
    past=_("checked off"),
    files=(
        makes(
            CheckedItem,
            ItemState.DONE,
            blank="why_not",
            rules=(IN_A_SEARCH_UNDER_WAY, only_one("searched_room item"), holds(done_by=STATED, done_at=STATED)),
        ),
        changes(
            CheckedItem,
            "done_at done_by note",
            {ItemState.EXCUSED: ItemState.DONE},
            rules=(IN_A_SEARCH_UNDER_WAY, holds(done_by=STATED, done_at=STATED)),
        ),
    ),
)
def do_items(
    searched_room: SearchedRoom,
    filing: Filing,
    *,
    items: Sequence[str],
    done_at: dt.datetime | None = None,
    done_by: Person | None = None,
    note: str = "",
) -> list[CheckedItem]:
    """Check off items of the checklist in one room. What was excused before can still be done; its excuse stays readable.

    Args:
        items: Their codes.
        done_by: Who did it, where it is not the person who files.

    Raises:
        EmptyField: nothing is named.
        WrongState: the search is closed, or an item is done already.
        BadChoice: the checklist has no such item.
        InTheFuture, TooEarly: later than now, or before the search began.
    """
    refuse_future(searched_room.number, filing, done_at=done_at)
    checked = []
    for found, code in _asked(searched_room, items):
        if found is not None and found.state == ItemState.DONE:
            raise WrongState(found.number, sentence("done"), [sentence("an item that is open or excused")])
        one = found or CheckedItem(
            number=filing.next_number(CheckedItem, "ITM"), searched_room=searched_room, item=code
        )
        one.state, one.done_at, one.note = ItemState.DONE, done_at or filing.at, note
        one.done_by_id = done_by.id if done_by else filing.by.person
        filing.add(one)
        checked.append(one)
    return checked


@act(
    roles={Role.SCENE},
    past=_("excused"),
    files=(
        makes(
            CheckedItem,
            ItemState.EXCUSED,
            blank="done_at",
            rules=(IN_A_SEARCH_UNDER_WAY, only_one("searched_room item"), holds(why_not=STATED), actor_is("done_by")),
        ),
    ),
)
def excuse_items(
    searched_room: SearchedRoom, filing: Filing, *, items: Sequence[str], why_not: str, note: str = ""
) -> list[CheckedItem]:
    """Say why items of the checklist are not done in one room; whoever says so answers for it.

    Raises:
        EmptyField: nothing is named, or no reason.
        WrongState: the search is closed, or an item is done or excused already.
        BadChoice: the checklist has no such item.
    """
    require_fields(searched_room.number, sentence("say why it is not done"), why_not=why_not)
    excused = []
    for found, code in _asked(searched_room, items):
        if found is not None:
            raise WrongState(found.number, found.get_state_display(), [sentence("an item that is open")])
        one = CheckedItem(
            number=filing.next_number(CheckedItem, "ITM"),
            searched_room=searched_room,
            item=code,
            state=ItemState.EXCUSED,
            why_not=why_not.strip(),
            done_by_id=filing.by.person,
            note=note,
        )
        filing.add(one)
        excused.append(one)
    return excused


def _asked(searched_room: SearchedRoom, items: Sequence[str]) -> list[tuple[CheckedItem | None, str]]:
    """The items that are named, each with what is on file of it."""
    searched_room.must_be(UNDER_WAY)
    require_fields(searched_room.number, sentence("choose at least one item"), items=list(items))
    known = checklists.items_of(searched_room.checklist)
    for item in items:
        if item not in known:
            raise BadChoice("items", item, list(known))
    found = {one.item: one for one in searched_room.items.all()}
    return [(found.get(item), item) for item in dict.fromkeys(items)]


@act(
    roles={Role.SCENE},
    past=_("closed the search"),
    signed=ONE_SIGNATURE,
    files=(
        changes(SearchedRoom, "", {UNDER_WAY: CLOSED}, rules=_CHECKED),
        changes(
            PlaceSearch,
            "ended_at",
            {UNDER_WAY: CLOSED},
            rules=(
                holds(ended_at=STATED),
                exists("detention.SearchedRoom", "search", state=[CLOSED]),
                unless_pointed_at(kind="detention.SearchedRoom", state=[UNDER_WAY]),
            ),
        ),
    ),
)
def close_search(search: PlaceSearch, filing: Filing, *, ended_at: dt.datetime | None = None) -> None:
    """Close a search, once every item of its checklist is done or excused in every room of the place.

    Raises:
        WrongState: it is closed already.
        SearchUnfinished: an item is neither done nor excused, or a room of the place was not searched; names them.
        InTheFuture, TooEarly: it would end later than now, before it began, or before the last of what was done.
    """
    search.must_be(UNDER_WAY)
    refuse_future(search.number, filing, ended_at=ended_at)
    lacks = [
        f"{searched.room.number}: {checklists.in_words(search.checklist, item)}"
        for searched, item in open_items(search)
    ]
    lacks += [room.number for room in rooms_left_out(search)]
    if lacks:
        raise SearchUnfinished(search.number, len(lacks), lacks[:_NAMED])
    search.ended_at, search.state = ended_at or filing.at, CLOSED
    must_end_after_its_work(search)
    for searched in search.searched.order_by("number"):
        searched.state = CLOSED
        filing.add(searched)
    filing.add(search)


# Of what is open, as many as one can read.
_NAMED = 8


def must_end_after_its_work(search: PlaceSearch) -> None:
    """Nothing is done, seized or secured in a search after it has ended.

    Raises:
        TooEarly: something was.
    """
    number, name, moment = last_work_in(search)
    if search.ended_at is not None and is_certainly_before(search.ended_at, moment):
        raise TooEarly(search.number, "ended_at", search.ended_at, f"{number}: {name}", moment)


def must_be_within(searched_room: SearchedRoom, name: str, moment: dt.datetime | None) -> None:
    """Refuse a moment that is after the end of the search of which a room is searched.

    Raises:
        NotYours: it is.
    """
    ended = searched_room.search.ended_at
    if is_certainly_before(ended, moment):
        raise NotYours(
            searched_room.search.number,
            sentence("the search had ended at {ended}, before {name} {moment}", ended=ended, name=name, moment=moment),
            sentence("correct the time; what is found later is of another search"),
        )
