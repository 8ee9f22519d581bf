"""What the mortuary writes of each unit: right about sex, often wrong about age and stature, as measured in the field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from dokaz.simulate.figures import AGE_INTERVAL_RIGHT, STATURE_INTERVAL_RIGHT
from dokaz.simulate.ground import WHOLE_BODY
from dokaz.simulate.truth import TruePerson, Unit

EXAMINERS = ("Яворенко Ніна", "Степаненко Лев", "Крук Мар'яна")
_MARKS = ("шрам на лівому передпліччі", "татуювання: пташка на правому плечі", "сліди апендектомії",
          "зрощений перелом лівої ключиці", "металева пластина на правій гомілці", "")  # fmt: skip
_DENTAL = ("коронка 26", "мостоподібний протез 35-37", "відсутній 46", "пломби 16, 17, 36", "повний знімний протез", "")
_CLOTHING = ("куртка темна, светр", "халат домашній", "спортивний костюм", "сорочка, піджак", "пальто, хустка")
_REGIONS = {"projectile": ("cranium", "thorax", "pelvis"), "blast": ("lower limbs", "thorax"), "blunt": ("cranium", "ribs"),
            "ligature": ("forearms", "ankles"), "excavation": ("ribs", "cranium")}  # fmt: skip


@dataclass(slots=True)
class WrittenExamination:
    """One examination as it was written down."""

    unit: Unit
    at: datetime
    examiner: str
    sex_estimate: int | None
    age: tuple[int, int] | None
    stature: tuple[int, int] | None
    completeness: str
    findings: list[tuple[str, str, str, str]]
    clothing: str = ""
    marks: str = ""
    dental: str = ""


@dataclass(slots=True)
class AnteMortem:
    """What the family can say of a person's body."""

    marks: str
    dental: str
    clothing: str


@dataclass(slots=True)
class Mortuary:
    """Examines units, and remembers what each person's family would have said."""

    rng: np.random.Generator
    _known: dict[str, AnteMortem] = field(default_factory=dict)

    def known_of(self, person: TruePerson) -> AnteMortem:
        """What is true of a person's marks, teeth and clothing."""
        if person.key not in self._known:
            mark, tooth, dress = (o[int(self.rng.integers(len(o)))] for o in (_MARKS, _DENTAL, _CLOTHING))
            self._known[person.key] = AnteMortem(mark, tooth, dress)
        return self._known[person.key]

    def examine(self, unit: Unit) -> WrittenExamination:
        """One examination of one unit."""
        assert unit.person is not None and unit.lifted_at is not None
        rng, person = self.rng, unit.person
        known = self.known_of(person)
        whole = unit.kind == "B"
        adult = person.age_years >= 18
        return WrittenExamination(
            unit=unit,
            at=unit.lifted_at.replace(hour=10, minute=0) + timedelta(days=2, minutes=int(rng.integers(0, 400))),
            examiner=EXAMINERS[int(rng.integers(len(EXAMINERS)))],
            sex_estimate=self._sex(unit),
            age=self._interval(person.age_years, AGE_INTERVAL_RIGHT, (4, 9), 0, 99) if whole else None,
            stature=self._interval(person.stature_cm, STATURE_INTERVAL_RIGHT, (2, 4), 60, 215)
            if whole and adult
            else None,
            completeness={"B": ">=75" if unit.description == WHOLE_BODY else "25-75", "BP": "<25", "GB": "<25"}[
                unit.kind
            ],
            findings=self._findings(unit),
            clothing=known.clothing if whole else "",
            marks=known.marks if whole and rng.random() < 0.5 else "",
            dental=known.dental if any(element.startswith("teeth") for element in unit.elements) else "",
        )

    def _sex(self, unit: Unit) -> int | None:
        person = unit.person
        assert person is not None
        if unit.kind != "B" or person.group in {"undetermined", "child"}:
            return 0
        sure = self.rng.random() < 0.7
        return (5 if sure else 4) if person.sex == "male" else (1 if sure else 2)

    def _interval(self, true: float, right: float, half: tuple[int, int], least: int, most: int) -> tuple[int, int]:
        """An interval that holds the truth as often as was measured, and else misses it by a little."""
        rng = self.rng
        width = int(rng.integers(half[0], half[1] + 1))
        if rng.random() < right:
            middle = true + float(rng.uniform(-0.9, 0.9)) * width
        else:
            middle = true + float(rng.choice((-1.0, 1.0))) * (width + float(rng.uniform(1, 7)))
        low = max(least, round(middle - width))
        return low, min(most, max(low + 1, round(middle + width)))

    def _findings(self, unit: Unit) -> list[tuple[str, str, str, str]]:
        rng, person = self.rng, unit.person
        assert person is not None
        found: list[tuple[str, str, str, str]] = []

        def add(trauma: str, timing: str, description: str) -> None:
            places = _REGIONS[trauma]
            found.append((trauma, timing, places[int(rng.integers(len(places)))], description))

        if unit.kind == "B" and person.tortured:
            add("ligature", "perimortem", "шнур навколо кінцівок, борозна")
            if rng.random() < 0.6:
                add("blunt", "antemortem", "переломи, що почали зростатися")
        chance = rng.random()
        if chance < 0.30:
            add("projectile", "perimortem", "отвір зі скошеним краєм")
        elif chance < 0.55:
            add("blast", "perimortem", "множинні осколкові ушкодження")
        if rng.random() < 0.04:
            add("excavation", "postmortem", "свіжий світлий злам від інструмента")
        return found
