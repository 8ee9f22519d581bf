"""The ground: sites, graves, and what lies in them; primary graves mostly whole bodies, the secondary one in pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
from pyproj import Transformer

from dokaz.numbers import number
from dokaz.simulate.figures import ARTEFACT_SHARE, PRIMARY_FRAGMENTED_SHARE, SECONDARY_WHOLE_SHARE
from dokaz.simulate.truth import TrueGrave, TruePerson, TruePoint, TrueSite, Unit

CRS = "EPSG:32637"
SUMMER = timezone(timedelta(hours=3))
UNITS_PER_GRAVE = 55
_ORIGIN = (334_000.0, 5_500_000.0)
_FIRST_DAY = datetime(2023, 5, 10, 8, 30, tzinfo=SUMMER)
TEAMS = ("Гончаренко Павло", "Левада Ірина", "Кременчук Остап")

#: Parts that come apart, with their elements; the side is drawn.
PARTS = {
    "upper limb": ("humerus", "radius", "ulna", "hand"), "lower limb": ("femur", "patella", "tibia", "fibula", "foot"),
    "forearm": ("radius", "ulna", "hand"), "lower leg": ("tibia", "fibula", "foot"),
    "head": ("cranium", "mandible", "teeth"),
}  # fmt: skip
BONES = ("femur", "humerus", "tibia", "radius", "ulna", "os coxae")
_SINGLE = ("cranium", "mandible", "teeth", "hyoid", "vertebrae", "ribs", "sternum", "sacrum")
_PAIRED = ("clavicle", "scapula", "humerus", "radius", "ulna", "hand", "os coxae", "femur", "patella", "tibia",
           "fibula", "foot")  # fmt: skip
WHOLE = (*_SINGLE, *(f"{bone}:{side}" for bone in _PAIRED for side in "LR"))
ARTEFACTS = ("наручний годинник, зупинений", "каблучка, жовтий метал", "гаманець із паперами", "мотузка, 60 см",
             "ключі на кільці", "ґудзик із ниткою", "окуляри, одна лінза")  # fmt: skip
#: How the field describes a whole body, a part and a bone.
WHOLE_BODY = "тіло"
_SAID = {
    "upper limb": "верхня кінцівка", "lower limb": "нижня кінцівка", "forearm": "передпліччя", "lower leg": "гомілка",
    "head": "голова", "femur": "стегнова кістка", "humerus": "плечова кістка", "tibia": "великогомілкова кістка",
    "radius": "променева кістка", "ulna": "ліктьова кістка", "os coxae": "тазова кістка",
    "L": " зліва", "R": " справа", "": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to be found: of whom, of what type, what it looks like, and which elements are there."""

    kind: str
    description: str
    elements: tuple[str, ...]
    person: TruePerson | None
    emergency_reason: str = ""


def part_of(person: TruePerson, part: str, side: str) -> Piece:
    """A severed part; ``side`` is L or R, empty for a head."""
    elements = tuple(name if name in _SINGLE else f"{name}:{side}" for name in PARTS[part])
    return Piece("BP", _SAID[part] + _SAID[side], elements, person)


def fragment_of(person: TruePerson, bone: str, side: str) -> Piece:
    """A piece of one bone; ``side`` is L or R."""
    return Piece("GB", f"{_SAID[bone]}{_SAID[side]}, фрагмент", (f"{bone}:{side}",), person)


def body_of(person: TruePerson, without: Sequence[Piece] = ()) -> Piece:
    """A body, without the elements of some severed parts."""
    gone = {element for piece in without for element in piece.elements}
    elements = tuple(element for element in WHOLE if element not in gone)
    return Piece("B", WHOLE_BODY + (", неповне" if gone else ""), elements, person)


def pieces_of(person: TruePerson, *, primary: bool, rng: np.random.Generator) -> list[Piece]:
    """How one person comes out of the ground."""
    if rng.random() < (1 - PRIMARY_FRAGMENTED_SHARE if primary else SECONDARY_WHOLE_SHARE):
        return [body_of(person)]
    names = list(rng.permutation(["upper limb", "lower limb", "head"]))[: int(rng.integers(1, 3))]
    parts = [part_of(person, str(n), "" if n == "head" else str(rng.choice(["L", "R"]))) for n in names]
    if primary:
        return [body_of(person, parts), *parts]
    bones = [
        fragment_of(person, bone, side)
        for bone in rng.permutation(BONES)[: int(rng.integers(1, 3))]
        for side in ["L" if rng.random() < 0.5 else "R"]
        if not any(f"{bone}:{side}" in part.elements for part in parts)
    ]
    return [*parts, *bones]


class Ground:
    """Lays pieces in graves, numbers them, surveys them and lifts them, day by day."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.sites = [
            _site("KLN1", "Кленодольський ліс, сектор 1", 0.0, 0.0),
            _site("KLN2", "Піщані Криниці, старий кар'єр", 2_310.0, -1_140.0),
            _site("STV1", "Старий Вигін, балка", 6_020.0, 2_450.0),
        ]
        self._degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
        self._clock = [_FIRST_DAY, _FIRST_DAY + timedelta(days=9), _FIRST_DAY + timedelta(days=16)]

    def grave(self, site: int, pieces: Sequence[Piece]) -> TrueGrave:
        """Dig one grave: a trench long enough for what lies in it, in the order given, head to one side."""
        rng, where = self._rng, self.sites[site]
        primary = site < 2
        code = f"G{len(where.graves) + 1:02d}"
        length, width = max(6.0, 0.42 * len(pieces) + 2.0), 4.6 if primary else 3.4
        angle = float(rng.uniform(-0.12, 0.12))
        # Graves lie side by side, eight metres apart, in rows of ten.
        row, column = divmod(len(where.graves), 10)
        corner = np.array([where.datum.easting + 12.0 + 55.0 * row, where.datum.northing + 10.0 + 8.0 * column])
        along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
        top = where.datum.elevation_m - float(rng.uniform(0.2, 0.6))

        def point(role: str, metres_along: float, metres_across: float, depth: float) -> TruePoint:
            east, north = corner + along * metres_along + across * metres_across
            return TruePoint(role, round(float(east), 3), round(float(north), 3), round(top - depth, 3))

        corners = ((0.0, 0.0), (length, 0.0), (length, width), (0.0, width))
        kind = "Траншея" if primary else "Вторинне поховання, яма"
        grave = TrueGrave(where.code, code, f"{kind} {int(code[1:])}", primary,
                      [point("outline", a, b, 0.0) for a, b in corners])  # fmt: skip
        where.graves.append(grave)
        for index, piece in enumerate(self._with_artefacts(pieces)):
            at = 1.0 + (length - 2.0) * (index + 0.5) / (len(pieces) + 1) + float(rng.normal(0, 0.08))
            # Two rows, feet to feet, so that a plan of the grave can be read.
            row_offset = (1.1 if index % 2 else -1.1) if primary else 0.0
            side = width / 2 + row_offset + float(rng.normal(0, 0.1 if piece.kind == "B" else 0.4))
            depth = float(rng.uniform(0.9, 1.6))

            def here(
                role: str, a: float, b: float, at: float = at, side: float = side, depth: float = depth
            ) -> TruePoint:
                return point(role, at + a, min(max(side + b, 0.1), width - 0.1), depth)

            self._recover(grave, piece, site, here)
        return grave

    def _with_artefacts(self, pieces: Sequence[Piece]) -> list[Piece]:
        found: list[Piece] = []
        for piece in pieces:
            found.append(piece)
            if self._rng.random() < ARTEFACT_SHARE:
                found.append(Piece("A", str(self._rng.choice(ARTEFACTS)), (), None))
        return found

    def _recover(
        self, grave: TrueGrave, piece: Piece, site: int, point: Callable[[str, float, float], TruePoint]
    ) -> None:
        rng = self._rng
        unit = Unit(
            site=grave.site, grave=grave.code, kind=piece.kind, description=piece.description, elements=piece.elements,
            number=number(grave.site, grave.code, len(grave.units) + 1, piece.kind), person=piece.person,
            team=TEAMS[site], emergency_reason=piece.emergency_reason,
        )  # fmt: skip
        unit.points.append(point("centroid", 0.0, 0.0))
        if piece.kind == "B" and not piece.emergency_reason:
            flip = 1.0 if rng.random() < 0.7 else -1.0
            slant = float(rng.normal(0, 0.15))
            unit.points += [point("head", slant, 0.75 * flip), point("feet", -slant, -0.85 * flip)]
        unit.surveyed_at = self._clock[site]
        unit.lifted_at = unit.surveyed_at + timedelta(minutes=int(rng.integers(6, 20)))
        self._clock[site] = unit.lifted_at + timedelta(minutes=int(rng.integers(2, 6)))
        if self._clock[site].hour >= 18:
            self._clock[site] = self._clock[site].replace(hour=8, minute=30) + timedelta(days=1)
        longitude, latitude = self._degrees.transform(unit.points[0].easting, unit.points[0].northing)
        unit.longitude, unit.latitude = float(longitude), float(latitude)
        grave.units.append(unit)
        if piece.person:
            piece.person.units.append(unit.number)


def _site(code: str, name: str, east: float, north: float) -> TrueSite:
    return TrueSite(code, name, TruePoint("datum", _ORIGIN[0] + east, _ORIGIN[1] + north, 118.4))
