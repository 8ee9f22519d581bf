"""A small invented police station for tests, made through the real acts: two cells, a search, exhibits, seals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from casebook import newest

WARRANT_ON = dt.date(2026, 4, 29)
WITNESSES = ("Вигадана Ольга", "Вигаданий Іван")


def a_place(house: Any, code: str = "POL", cells: int = 2) -> Any:
    """A police station with a plan and some cells."""
    from dokaz.detention.acts import claim_control, draw_plan, open_place, open_room
    from dokaz.graves.places import Position

    with house.filing("scene") as f:
        where = Position(Decimal("49.1"), Decimal("37.2"))
        place = open_place(f, code=code, name="Invented police station", kind_of_place="police", position=where)
        claim_control(place, f, who="Invented company", held="2022-03/2022-09-10", source="Order 1")
        plan = draw_plan(place, f, name="ground floor", outline=[["0", "0"], ["9", "0"], ["9", "6"], ["0", "6"]])
        for nth in range(1, cells + 1):
            x = 3 * (nth - 1)
            open_room(place, f, code=f"C{nth}", used_as="cell", plan=plan, area_m2="9.0", capacity_people=4,
                      capacity_basis="bunks",
                      corners=[[f"{x}", "0"], [f"{x + 3}", "0"], [f"{x + 3}", "3"], [f"{x}", "3"]])  # fmt: skip
    return newest(place)


def a_search(house: Any, place: Any = None, **other: Any) -> Any:
    """A search under way."""
    from dokaz.detention.acts import begin_search

    place = place or a_place(house)
    with house.filing("scene") as f:
        return begin_search(place, f, **{"authority": "Invented court", "warrant": "7/26", "warrant_on": WARRANT_ON,
                                         "team": "scene 1", "witnesses": WITNESSES, **other})  # fmt: skip


def rooms_of(search: Any) -> list[Any]:
    return list(search.searched.order_by("number"))


def everything_done(house: Any, search: Any, **other: Any) -> None:
    """Every item of the checklist is done in every room, but one that is excused."""
    from dokaz.detention.acts import do_items, excuse_items
    from dokaz.detention.checklists import items_of

    with house.filing("scene") as f:
        for nth, searched in enumerate(rooms_of(search)):
            left = list(items_of(search.checklist))
            if nth == 0:
                excuse_items(searched, f, items=[left.pop()], why_not="no current, nothing to read it with")
            do_items(searched, f, items=left, **other)


def closed(house: Any, search: Any, **other: Any) -> Any:
    from dokaz.detention.acts import close_search

    search = newest(search)
    with house.filing("scene") as f:
        close_search(search, f, **other)
    return newest(search)


def an_exhibit(house: Any, searched: Any, by: int = 1, **other: Any) -> Any:
    from dokaz.detention.acts import seize

    with house.filing("scene", by) as f:
        return seize(newest(searched), f, **{"look": "cable", "seen": "two wires, 3 m, bare ends", **other})


def sealed(house: Any, exhibit: Any, label: str = "AA 0001", **other: Any) -> Any:
    from dokaz.detention.acts import apply_seal

    with house.filing("scene") as f:
        return apply_seal(newest(exhibit), f, label=label, **other)
