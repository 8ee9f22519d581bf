"""Writes an invented investigation into a directory, as the files that teams deliver, with the truth beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from dokaz.errors import SimulationRefused
from dokaz.simulate.deliver import DeliveryWriter
from dokaz.simulate.investigation import invent
from dokaz.simulate.pictures import Photographer, moment_of, without_exif
from dokaz.simulate.population import published_population
from dokaz.simulate.truth import TrueInvestigation

#: Called with (done, of all, what) as work goes on.
Progress = Callable[[int, int, str], None]

README = """An invented investigation: no person, place or event in it is real.

survey_KLN1.csv                field survey; commas, UTF-8, EPSG:32637, times in +03:00
survey_KLN2.csv                the same from another team: semicolons, cp1251, Ukrainian headers, decimal commas
survey_STV1.tsv                the same from a third: tabs
photographs/                   JPEG with EXIF time and place (some passed through a messenger and lost it; one PNG)
custody.csv                    every move from hand to hand
examinations.csv               the mortuary's findings; semicolons
samples.csv, samples_later.csv what was cut from what
profiles_north.csv             DNA profiles, a row a sample
profiles_north_later.csv       re-samples, delivered five months later
profiles_south_genemapper.txt  DNA profiles, a row a marker, tabs
families.ped                   pedigrees; status 2 is the missing person
relatives.csv                  who gave a sample, under which consent
family_genotypes.csv           what the laboratory saw in it
missing_persons.csv            the missing, UTF-8 with a byte-order mark
allele_frequencies.csv         frequencies of the population, a column a marker
detention.csv                  a police station and its rooms
composite.png                  three of its exhibits as they were found, with a scale
log-book/                      photographs of the pages of its log book (one is missing)
exhibits.csv                   what was seized in its search; semicolons, Ukrainian headers
truth.json                     what is true, and where the traps lie; not for import
"""


@dataclass(frozen=True, slots=True)
class SimulatedFiles:
    """What was written: counts for the story, and the investigation itself."""

    directory: Path
    sites: int
    graves: int
    remains: int
    artefacts: int
    persons: int
    missing: int
    families: int
    references: int
    samples: int
    photographs: int
    investigation: TrueInvestigation


def simulate(
    directory: Path,
    *,
    seed: int,
    remains: int = 447,
    photographs: bool = True,
    mutation_rate: float = 0.0,
    progress: Progress = lambda done, total, what: None,
) -> SimulatedFiles:
    """Write an invented investigation whose truth is known; the same arguments write the same bytes.

    Args:       directory: created if absent; must hold no file yet.
                seed: any whole number from 0.
                remains: human recovery units (bodies, parts, bones), at least 40; artefacts come on top.
                photographs: whether to draw them; without, units name none.
                mutation_rate: chance that a transmitted allele moves one repeat.
                progress: told of the work done.
    Raises:     SimulationRefused: the directory holds something already, or an argument is out of range.
    Source:     figures of ``dokaz.simulate.figures``.
    """
    if seed < 0:
        raise SimulationRefused(f"seed {seed} is negative", next_step="give a whole number from 0")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise SimulationRefused(f"{directory} is not an empty directory", next_step="name a new one, or empty it")
    directory.mkdir(parents=True, exist_ok=True)
    found = invent(seed=seed, remains=remains, mutation_rate=mutation_rate)
    for_tables, for_pictures = (np.random.default_rng(s) for s in np.random.SeedSequence([seed, 1]).spawn(2))
    drawn = _photographs(directory, found, for_pictures, progress) if photographs else 0
    delivery = DeliveryWriter(directory, found, published_population(), for_tables)
    steps = (delivery.surveys, delivery.custody, delivery.examinations, delivery.samples, delivery.profiles,
             delivery.families, delivery.missing, delivery.frequencies, delivery.station)  # fmt: skip
    for index, step in enumerate(steps):
        step()
        progress(index + 1, len(steps), "tables")
    if photographs:
        delivery.log_book()
    delivery.truth(seed=seed, remains=remains, mutation_rate=mutation_rate)
    (directory / "README.txt").write_text(README, encoding="utf-8", newline="\n")
    human = [unit for unit in found.units if unit.kind != "A"]
    return SimulatedFiles(
        directory=directory, sites=len(found.sites), graves=sum(len(site.graves) for site in found.sites),
        remains=len(human), artefacts=len(found.units) - len(human),
        persons=len({unit.person.key for unit in human if unit.person}), missing=len(found.reports),
        families=len(found.families), references=sum(m.sampled for f in found.families for m in f.members),
        samples=len(found.samples), photographs=drawn, investigation=found,
    )  # fmt: skip


def _photographs(directory: Path, found: TrueInvestigation, rng: np.random.Generator, progress: Progress) -> int:
    """One picture a unit, none where it was lifted in an emergency, and a large one a grave."""
    folder = directory / "photographs"
    folder.mkdir()
    photographer = Photographer(rng)
    units = [unit for unit in found.units if not unit.emergency_reason]
    graves = [grave for site in found.sites for grave in site.graves]
    total = len(units) + len(graves)
    for index, unit in enumerate(units):
        picture = photographer.unit(unit, moment_of(unit, rng))
        name = f"{unit.number}.jpg"
        # Some teams pass pictures on by messenger, which strips what the camera said.
        if index % 45 == 44:
            picture = without_exif(picture)
        elif index == 20:
            picture, name = without_exif(picture, kind="PNG"), f"{unit.number}.png"
        (folder / name).write_bytes(picture)
        unit.photographs.append(name)
        progress(index + 1, total, "photographs")
    for index, grave in enumerate(graves):
        first = grave.units[0].surveyed_at
        assert first is not None
        name = f"{grave.site}-{grave.code}_overview.jpg"
        (folder / name).write_bytes(photographer.overview(grave, first - timedelta(minutes=12)))
        grave.photographs.append(name)
        progress(len(units) + index + 1, total, "photographs")
    return total
