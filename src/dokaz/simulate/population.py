"""Genotypes of an invented population: founders drawn from published frequencies, children by Mendel's rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dokaz.kinship.model.published_frequencies import published

#: Alleles of one person, as positions in each marker's ladder: shape (markers, 2).
Genotype = npt.NDArray[np.int16]

#: The 23 autosomal markers of a common six-dye kit, in the order of its panel.
KIT = (
    "D3S1358", "D1S1656", "D2S441", "D10S1248", "D13S317", "Penta E", "D16S539", "D18S51", "D2S1338", "CSF1PO",
    "Penta D", "TH01", "vWA", "D21S11", "D7S820", "D5S818", "TPOX", "D8S1179", "D12S391", "D19S433", "SE33",
    "D22S1045", "FGA",
)  # fmt: skip
KIT_NAME = "PowerPlex Fusion 6C"
#: The population that founders are drawn from.
FREQUENCIES = published("NIST 1036 Caucasian")
POPULATION, SOURCE = FREQUENCIES.population, FREQUENCIES.source


@dataclass(frozen=True, slots=True)
class Population:
    """Markers, their ladders (rising) and the frequency of each allele."""

    markers: tuple[str, ...]
    ladders: tuple[tuple[str, ...], ...]
    frequencies: tuple[npt.NDArray[np.float64], ...]

    def draw(self, people: int, rng: np.random.Generator) -> npt.NDArray[np.int16]:
        """Founders in Hardy–Weinberg proportions: shape (people, markers, 2)."""
        drawn = np.empty((people, len(self.markers), 2), dtype=np.int16)
        for index, frequencies in enumerate(self.frequencies):
            limits = np.cumsum(frequencies)
            limits[-1] = 1.0
            drawn[:, index, :] = np.searchsorted(limits, rng.random((people, 2)), side="right")
        return drawn

    def child(
        self, father: Genotype, mother: Genotype, rng: np.random.Generator, *, mutation_rate: float = 0.0
    ) -> Genotype:
        """One child; each transmitted allele moves one rung up or down the ladder with ``mutation_rate``."""
        picks = rng.integers(0, 2, size=(len(self.markers), 2))
        rows = np.arange(len(self.markers))
        born = np.stack([father[rows, picks[:, 0]], mother[rows, picks[:, 1]]], axis=1).astype(np.int16)
        if mutation_rate:
            for marker, side in zip(*np.nonzero(rng.random(born.shape) < mutation_rate), strict=True):
                step = int(rng.choice((-1, 1)))
                rung = int(born[marker, side]) + step
                # At either end of the ladder there is one way to go.
                born[marker, side] = rung if 0 <= rung < len(self.ladders[marker]) else rung - 2 * step
        return born

    def alleles(self, genotype: Genotype) -> dict[str, tuple[str, str]]:
        """A genotype by marker, the smaller allele first."""
        return {
            marker: (ladder[min(pair)], ladder[max(pair)])
            for marker, ladder, pair in zip(self.markers, self.ladders, genotype.tolist(), strict=True)
        }


@cache
def published_population() -> Population:
    """The population that is shipped: the kit's 23 markers with the frequencies of NIST 1036.

    Source:     ``dokaz.kinship.model.published_frequencies``.
    """
    ladders, frequencies = [], []
    for marker in KIT:
        counts = FREQUENCIES.counts[marker]
        table = np.array(list(counts.values()), dtype=np.float64)
        ladders.append(tuple(counts))
        frequencies.append(table / table.sum())
    return Population(KIT, tuple(ladders), tuple(frequencies))
