"""The police station of the demo: described, searched cell by cell, and what was caught on the way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dokaz.cli import demo_people as cast
from dokaz.cli.demo_steps import Demo, take_in
from dokaz.simulate import police_station as station

if TYPE_CHECKING:
    from dokaz.detention.models import Assembly, PlaceSearch

_BEGAN = dt.datetime(2023, 6, 5, 5, 30, tzinfo=dt.UTC)
_ENDED = dt.datetime(2023, 6, 5, 17, 0, tzinfo=dt.UTC)
_WITNESSES = ("Вигадана Стефанія", "Вигаданий Прокіп")
EXPERT, FINDER = "Числова Олена", station.SECOND


def search_the_station(demo: Demo) -> None:
    """Take in the place and its rooms, draw them, search all of them, take in what was seized."""
    from dokaz.detention.acts import begin_search, claim_control
    from dokaz.detention.intake import DETENTION
    from dokaz.detention.models import PlaceOfDetention

    take_in(demo, DETENTION, ["detention.csv"], station.SEARCHER)
    place = PlaceOfDetention.objects.get(number=station.PLACE)
    with demo.filing(cast.INVESTIGATOR) as work:
        claim_control(place, work, who="Вигадана рота «Б»", held="2022-03-05/2022-09-10", source="вигаданий наказ 14")
        claim_control(place, work, who="Вигадана комендатура", held="2022-04~/2022-09", source="вигадані свідчення 3")
    _draw(demo, place)
    with demo.filing(station.SEARCHER) as work:
        search = begin_search(
            place,
            work,
            authority="Вигаданий слідчий суддя",
            warrant="ухвала 11/23",
            warrant_on=dt.date(2023, 6, 2),
            team="Пошукова група 1; експерт-криміналіст",
            witnesses=_WITNESSES,
            started_at=_BEGAN,
        )
    taken = take_in(demo, DETENTION, ["exhibits.csv"], station.SEARCHER)
    _secure_traces(demo, search)
    told = [_composite(demo, search), _broken_seal(demo), _unfinished(demo, search)]
    demo.told["station"] = told
    for line in told:
        demo.say(line)
    demo.say(f"{search.number}: {len(station.ROOMS)} rooms searched, {taken['exhibits']} exhibits.")


def _draw(demo: Demo, place: Any) -> None:
    from dokaz.detention.acts import draw_plan, draw_room
    from dokaz.detention.models import PlaceRoom

    with demo.filing(station.SEARCHER) as work:
        plan = draw_plan(place, work, name="перший поверх", outline=[[str(x), str(y)] for x, y in station.OUTLINE])
        for code, _use, _name, west, south, east, north, _people in station.ROOMS:
            room = PlaceRoom.objects.get(number=f"{place.number}-{code}")
            corners = [(west, south), (east, south), (east, north), (west, north)]
            draw_room(room, work, plan=plan, corners=[[str(x), str(y)] for x, y in corners])


def _secure_traces(demo: Demo, search: PlaceSearch) -> None:
    from dokaz.detention.acts import secure_trace

    at = _BEGAN + dt.timedelta(hours=4)
    with demo.filing(station.SEARCHER) as work:
        for searched in search.searched.order_by("number"):
            if searched.room.used_as == "cell":
                secure_trace(searched, work, sort="swab", seen="ручка дверей зсередини", taken_at=at)
            if searched.room.number.endswith(station.WRITING[0]):
                _room, text, seen = station.WRITING
                secure_trace(searched, work, sort="writing", seen=seen, transcription=text, taken_at=at)


def _composite(demo: Demo, search: PlaceSearch) -> str:
    """What was connected when it was found is one assembly; what it was for is an expert's word, apart."""
    from dokaz.detention.acts import assemble, opine
    from dokaz.detention.models import Exhibit

    numbers = station.composite_numbers()
    with demo.filing(station.SEARCHER) as work:
        whole = assemble(
            search,
            work,
            parts=list(Exhibit.objects.filter(number__in=numbers).order_by("number")),
            connected="yes",
            seen="дріт з'єднує телефон із затискачами; сфотографовано до вилучення",
        )
    _photograph(demo, whole)
    with demo.filing(EXPERT) as work:
        opinion = opine(
            whole,
            work,
            function="пристрій, яким можна подавати струм на тіло людини",
            basis="виміряно: 80 В за одного оберту ручки; затискачі проводять",
            qualification="інженер-електрик, вигаданий, 12 років",
            given_on=dt.date(2023, 6, 20),
        )
    return (
        f"A telephone, a yellow wire and clamps: {whole.number} holds {', '.join(numbers)}, connected when found; what it "
        f"was for is {opinion.number}, signed by an expert who did not seize it, and stands on none of the three."
    )


def _photograph(demo: Demo, whole: Assembly) -> None:
    """A photograph of the composite, with its scale and where the camera looked."""
    from dokaz.casework.acts import AttachedFile, attach
    from dokaz.detention.acts import note_picture

    picture = demo.incoming("composite.png")
    said = {"width_px": str(station.PICTURE_PX[0]), "height_px": str(station.PICTURE_PX[1])}
    with demo.filing(station.SEARCHER) as work, picture.open("rb") as content:
        file = AttachedFile(picture.name, content, "image/png", said)
        attached = attach(whole, work, file=file, description="телефон, дріт і затискачі, як їх знайдено")
        note_picture(attached, work, shows="усі три частини, з'єднані", scale_cm="20", direction="DOWN")


def _broken_seal(demo: Demo) -> str:
    """A seal that is found broken waits for an investigator."""
    from dokaz.detention.acts import find_broken
    from dokaz.detention.models import Seal

    seal = Seal.objects.get(label=station.BROKEN_SEAL)
    with demo.filing(FINDER) as work:
        find_broken(seal, work, seen="пломба надрізана збоку")
    return (
        f"A broken seal: {seal.label} on {seal.exhibit.number} was found cut; it waits in the investigator's work until "
        "somebody who neither applied nor found it accounts for it."
    )


def _unfinished(demo: Demo, search: PlaceSearch) -> str:
    """The search is not closed while a floor is neither lifted nor excused."""
    from dokaz.detention.acts import close_search, do_items, excuse_items
    from dokaz.detention.checklists import items_of
    from dokaz.errors import SearchUnfinished

    left = f"{station.PLACE}-{station.EXCUSED_ROOM}"
    with demo.filing(station.SEARCHER) as work:
        for searched in search.searched.order_by("number"):
            items = list(items_of(search.checklist))
            if searched.room.number == left:
                items.remove(station.EXCUSED_ITEM)
            do_items(searched, work, items=items, done_at=_BEGAN + dt.timedelta(hours=9))
    search.refresh_from_db()
    try:
        with demo.filing(station.SEARCHER) as work:
            close_search(search, work, ended_at=_ENDED)
        refused = "it was closed with an item open"
    except SearchUnfinished as refusal:
        refused = str(refusal.what)
    search.refresh_from_db()
    with demo.filing(station.SEARCHER) as work:
        searched = search.searched.get(room__number=left)
        excuse_items(searched, work, items=[station.EXCUSED_ITEM], why_not=station.EXCUSED_WHY)
        close_search(search, work, ended_at=_ENDED)
    return (
        f"A floor that was not lifted: the search was not closed ({refused}); then it was excused, its reason in sight."
    )
