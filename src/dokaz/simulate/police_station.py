"""An invented police station with nine cells: rooms, sixty exhibits, and what trips a search, as lists and as truth."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from dokaz.numbers import number

PLACE, NAME = "POL1", "Вигаданий відділок поліції, Кленодол"
SEARCHER, SECOND = "Гончаренко Павло", "Левада Ірина"
# Code, use, name, west, south, east, north (metres on the plan), people who were put there.
_CELLS = [(f"C{n}", "камера", f"Камера {n}", 3 * (n - 1), 0, 3 * n, 4, 4 + n % 3) for n in range(1, 10)]
ROOMS = (
    *_CELLS,
    ("INT", "допитна", "Кімната без вікон", 0, 6, 6, 11, 0),
    ("OFF", "кабінет", "Черговий", 6, 6, 15, 11, 0),
    ("COR", "коридор", "Коридор", 0, 4, 27, 6, 0),
)
OUTLINE = ((0, 0), (27, 0), (27, 6), (15, 6), (15, 11), (0, 11))
EXHIBITS = 60
# By its look: what is seen.
_SEEN = (
    ("мішок", "мішок із цупкої тканини, стягнутий шнуром"), ("кайданки", "пластикова стяжка, розрізана"),
    ("одяг", "сорочка чоловіча, без ґудзиків"), ("документ", "аркуш у клітинку, списаний з обох боків"),
    ("набої", "гільза 9 мм"), ("особиста річ", "гребінець"), ("кийок", "дерев'яна палиця 60 см, обмотана стрічкою"),
    ("пристрій", "мобільний телефон без батареї"),
)  # fmt: skip
# The composite: three exhibits that were connected when they were found.
COMPOSITE = (
    ("телефон", "польовий телефон у дерев'яній скриньці, ручка крутиться"), ("дріт", "жовтий дріт, дві жили, 4 м"),
    ("затискач", "два затискачі типу «крокодил»"),
)  # fmt: skip
PICTURE_PX = (640, 480)
BROKEN_SEAL, LOG_BOOK = "АА 00017", "журнал у твердій обкладинці, 24 аркуші, перший вирвано"
#: What could not be done, and why: the excused item.
EXCUSED_ROOM, EXCUSED_ITEM, EXCUSED_WHY = "C9", "floor_lifted", "під підлогою розтяжка: чекаємо на саперів"
WRITING = ("C4", "12.04 Вигаданий І[…] 31 доба", "над нарами, видряпано цвяхом, 40 × 6 см")


def places_and_rooms() -> list[list[object]]:
    """The list of the place and its rooms, with its header."""
    header = ["що", "номер", "вид", "назва", "адреса", "широта", "довгота", "точність", "площа", "висота", "вікна",
              "двері", "місткість", "як визначено місткість", "опис"]  # fmt: skip
    rows: list[list[object]] = [[*header]]
    rows.append(["місце", PLACE, "відділок поліції", NAME, "Кленодол, вул. Вигадана, 3", "49.6702000", "36.6503000", "5",
                 "", "", "", "", "", "", "два поверхи, камери на першому"])  # fmt: skip
    for code, use, name, west, south, east, north, people in ROOMS:
        area = f"{(east - west) * (north - south)}.00"
        windows = "одне, 40 × 40 см, заґратоване" if use == "камера" else ""
        capacity = [people, "полічено нари"] if people else ["", ""]
        rows.append(
            ["приміщення", f"{PLACE}-{code}", use, name, "", "", "", "", area, "2.70", windows, "пн", *capacity, ""]
        )
    return rows


def composite_numbers() -> list[str]:
    """The numbers of the parts that were one thing."""
    return [number(PLACE, "INT", nth, "E") for nth in range(1, len(COMPOSITE) + 1)]


def exhibits() -> list[list[object]]:
    """The list of sixty exhibits, with its header: the composite, the log book, and the rest from cell to cell."""
    rows: list[list[object]] = [
        ["що", "номер", "вид", "що видно", "x", "y", "вилучено", "вилучив", "пакування", "пломба"]
    ]
    found = [("INT", look, seen) for look, seen in COMPOSITE] + [("OFF", "журнал", LOG_BOOK)]
    codes = [code for code, *_more in ROOMS]
    for nth in range(EXHIBITS - len(found)):
        found.append((codes[nth % len(codes)], *_SEEN[nth % len(_SEEN)]))
    given: dict[str, int] = {}
    corners = {code: (west, south, east, north) for code, _use, _name, west, south, east, north, _people in ROOMS}
    for nth, (code, look, seen) in enumerate(found):
        given[code] = given.get(code, 0) + 1
        west, south, east, north = corners[code]
        x = west + 0.4 + (east - west - 0.8) * (0.618 * given[code] % 1)
        y = south + 0.4 + (north - south - 0.8) * (0.755 * given[code] % 1)
        at = f"2023-06-05 {9 + nth // 12:02}:{nth % 12 * 5:02}"
        rows.append(["доказ", number(PLACE, code, given[code], "E"), look, seen, f"{x:.2f}", f"{y:.2f}", at,
                     SECOND if nth % 5 == 4 else SEARCHER, "паперовий пакет", f"АА {nth + 1:05}"])  # fmt: skip
    return rows


def composite_picture() -> bytes:
    """A drawing in place of a photograph: a telephone, a wire, two clamps, and a scale of 20 cm."""
    image = Image.new("RGB", PICTURE_PX, (222, 216, 204))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 120, 260, 300), fill=(94, 78, 60), outline=(40, 32, 24), width=4)
    pen.ellipse((110, 160, 210, 260), outline=(30, 26, 20), width=6)
    pen.line([(260, 210), (340, 180), (420, 260), (520, 200)], fill=(214, 180, 30), width=8)
    for y in (180, 220):
        pen.polygon([(520, y), (580, y - 14), (580, y + 14)], fill=(120, 120, 124), outline=(40, 40, 44))
    for nth in range(20):
        ink = (20, 20, 20) if nth % 2 else (245, 245, 245)
        pen.rectangle((60 + 25 * nth, 400, 84 + 25 * nth, 420), fill=ink, outline=(20, 20, 20))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def station_truth() -> dict[str, Any]:
    """What is true of the station, for tests and for the story."""
    return {
        "place": PLACE,
        "cells": [f"{PLACE}-{code}" for code, *_more in _CELLS],
        "exhibits": EXHIBITS,
        "composite": composite_numbers(),
        "broken_seal": BROKEN_SEAL,
        "excused": {"room": f"{PLACE}-{EXCUSED_ROOM}", "item": EXCUSED_ITEM},
        "wall_writing": {"room": f"{PLACE}-{WRITING[0]}", "text": WRITING[1]},
    }
