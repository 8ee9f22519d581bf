"""What is true in the invented investigation: the dead, the units they lie in, the families, and the traps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from dokaz.simulate.names import Name
from dokaz.simulate.population import Genotype


@dataclass(slots=True)
class TruePerson:
    """Somebody who is dead, or missing elsewhere; ``units`` are the numbers of what was recovered of them."""

    key: str
    group: str
    sex: str
    name: Name
    born: date
    died: date
    stature_cm: float
    genotype: Genotype
    tortured: bool = False
    units: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    @property
    def age_years(self) -> float:
        """Age at death."""
        return (self.died - self.born).days / 365.25


@dataclass(slots=True)
class TruePoint:
    """A surveyed point, metres in the site's own grid."""

    role: str
    easting: float
    northing: float
    elevation_m: float


@dataclass(slots=True)
class Unit:
    """A recovery unit as it came out of the ground."""

    site: str
    grave: str
    number: str
    kind: str
    description: str
    elements: tuple[str, ...]
    person: TruePerson | None
    points: list[TruePoint] = field(default_factory=list)
    surveyed_at: datetime | None = None
    lifted_at: datetime | None = None
    team: str = ""
    emergency_reason: str = ""
    photographs: list[str] = field(default_factory=list)
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(slots=True)
class TrueGrave:
    """A feature with its outline and what was found in it."""

    site: str
    code: str
    name: str
    primary: bool
    outline: list[TruePoint]
    units: list[Unit] = field(default_factory=list)
    photographs: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TrueSite:
    """A place with graves."""

    code: str
    name: str
    datum: TruePoint
    graves: list[TrueGrave] = field(default_factory=list)


@dataclass(slots=True)
class Relative:
    """A member of a family as the pedigree states them; ``genotype`` is the true one of the real person."""

    id: str
    name: Name
    sex: str
    born: date
    father: str = ""
    mother: str = ""
    relationship: str = ""
    genotype: Genotype | None = None
    sampled: bool = False
    missing: bool = False


@dataclass(slots=True)
class TrueFamily:
    """A family as it was delivered; what is wrong with it stands in a trap."""

    id: str
    members: list[Relative]
    liaison: str


@dataclass(slots=True)
class Report:
    """One report of a missing person; ``person`` is who it truly is."""

    id: str
    person: TruePerson
    name: Name
    stature_cm: float
    family: TrueFamily | None = None
    member: str = ""
    liaison: str = ""
    note: str = ""


@dataclass(slots=True)
class TrueSample:
    """A sample, and what the laboratory saw in it; ``genotype`` is of whom the sample truly is."""

    number: str
    unit: str
    element: str
    taken_at: datetime
    genotype: Genotype
    reason: str = ""
    later: bool = False
    success: bool = False
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    attempts: int = 1
    male: bool = False


@dataclass(slots=True)
class Trap:
    """Something in the files that trips real teams."""

    id: str
    title: str
    story: str
    people: list[TruePerson]
    families: list[TrueFamily] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TrueInvestigation:
    """All of it."""

    sites: list[TrueSite]
    people: list[TruePerson]
    families: list[TrueFamily]
    reports: list[Report]
    samples: list[TrueSample]
    traps: list[Trap]

    @property
    def units(self) -> list[Unit]:
        """Every recovery unit, artefacts included, in the order of recovery."""
        return [unit for site in self.sites for grave in site.graves for unit in grave.units]
