"""The basemap follows resolution 68/262 of the General Assembly: Crimea and Sevastopol are Ukraine."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dokaz import pages

FILE = Path(str(pages.__file__)).parent / "basemap" / "basemap.geojson"
UKRAINE, RUSSIA = "804", "643"
Ring = list[list[float]]


@lru_cache
def features() -> list[dict[str, Any]]:
    return list(json.loads(FILE.read_text(encoding="utf-8"))["features"])


def polygons(state: str) -> list[list[Ring]]:
    (found,) = [one for one in features() if one["properties"].get("id") == state]
    return list(found["geometry"]["coordinates"])


def inside(point: tuple[float, float], ring: Ring) -> bool:
    x, y = point
    odd = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def is_in(state: str, point: tuple[float, float]) -> bool:
    return any(
        inside(point, rings[0]) and not any(inside(point, hole) for hole in rings[1:]) for rings in polygons(state)
    )


@pytest.mark.parametrize(
    ("place", "point"),
    [
        ("Simferopol", (34.10, 44.95)),
        ("Sevastopol", (33.53, 44.60)),
        ("Kerch", (36.45, 45.35)),
        ("Yevpatoriia", (33.40, 45.21)),
        ("Dzhankoi", (34.39, 45.71)),
        ("Armiansk", (33.69, 46.10)),
        ("Donetsk", (37.80, 48.00)),
        ("Luhansk", (39.31, 48.57)),
        ("Kherson", (32.65, 46.66)),
        ("Kyiv", (30.52, 50.45)),
    ],
)
def test_what_is_ukraine_is_drawn_as_ukraine(place: str, point: tuple[float, float]) -> None:
    assert is_in(UKRAINE, point), place
    assert not is_in(RUSSIA, point), place


def test_what_is_not_ukraine_is_not() -> None:
    assert not is_in(UKRAINE, (37.62, 55.75))
    assert is_in(RUSSIA, (37.62, 55.75))


def test_crimea_is_one_piece_with_the_mainland() -> None:
    (holding,) = [rings for rings in polygons(UKRAINE) if inside((34.10, 44.95), rings[0])]
    assert inside((30.52, 50.45), holding[0])


def test_no_border_is_drawn_across_the_neck_of_crimea() -> None:
    (border,) = [one for one in features() if one["properties"]["kind"] == "border"]
    crossing = [
        point
        for line in border["geometry"]["coordinates"]
        for point in line
        if 33 < point[0] < 36.7 and 44 < point[1] < 46.4
    ]
    assert not crossing


def test_the_basemap_is_small_and_asks_for_nothing() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert len(text.encode()) < 1_500_000
    assert "://" not in text


def test_no_edge_runs_back_across_the_map() -> None:
    # Else the fill of a state that crosses the 180th meridian covers others, Ukraine among them. Antarctica ends at a pole.
    for state in features():
        if state["properties"]["kind"] != "state" or state["properties"]["id"] == "010":
            continue
        for rings in state["geometry"]["coordinates"]:
            for ring in rings:
                for (ax, _), (bx, _) in pairwise(ring):
                    assert abs(bx - ax) < 180, state["properties"]["name"]
