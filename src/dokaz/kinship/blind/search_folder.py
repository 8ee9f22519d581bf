"""Genotype tables and finished parts of a search on disk: memory-mapped, reused, and complete or absent."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dokaz.kinship.arrays import FloatArray, IntArray
from dokaz.kinship.blind.tables import GenotypeTables, Panel, Target, genotype_tables
from dokaz.kinship.exact.programs import ProgramCache
from dokaz.kinship.model.profiles import Profiles


@dataclass(frozen=True, eq=False)
class BestCandidates:
    """The best few of every profile and of every missing person: numbers, and exact log10 LR.

    Args:
        of_profile: Missing persons of each profile, shape (profiles, keep); -1: no more.
        of_profile_log10_lr: Theirs, best first; -inf: no more.
        of_missing, of_missing_log10_lr: The same for each missing person of `columns`.
        columns: First and last (excluded) missing person that this covers.
    """

    of_profile: IntArray
    of_profile_log10_lr: FloatArray
    of_missing: IntArray
    of_missing_log10_lr: FloatArray
    columns: tuple[int, int]


class SearchFolder:
    """A folder with the tables of a set of families, and what searches over them finished.

    A table depends on families, markers, what is linked, and theta; a finished part on the profiles and the rules for
    keeping as well. Both are named after a digest of exactly that, so that nothing out of date is ever taken for current.

    Args:
        folder: Created if absent.
        panel, profiles, targets, theta: Of the search.
        rules: Whatever else decides what is kept.
    """

    def __init__(
        self,
        folder: Path,
        panel: Panel,
        profiles: Profiles,
        targets: Sequence[Target],
        theta: float,
        rules: tuple[object, ...],
    ) -> None:
        families = hashlib.sha256(repr((panel.markers.markers, panel.linked, theta)).encode())
        for target in targets:
            pedigree = target.pedigree
            families.update(
                repr((target.person, pedigree.members, sorted(map(sorted, pedigree.identical_twins)))).encode()
            )
            _digest(families, target.profiles)
        everything = families.copy()
        everything.update(repr((profiles.sexes, rules)).encode())
        _digest(everything, profiles)
        self.panel = panel
        self.table_folder = folder / f"tables-{families.hexdigest()[:24]}"
        self.search_folder = folder / f"search-{everything.hexdigest()[:24]}"
        for made in (self.table_folder, self.search_folder):
            made.mkdir(parents=True, exist_ok=True)

    def tables(self, first: int, last: int, targets: Sequence[Target], cache: ProgramCache) -> GenotypeTables:
        """The tables of a block, read from disk or built and written; the large arrays are memory-mapped.

        Args:
            first, last: The block's range of missing persons.
            targets: The block's missing persons.
            cache: Programs planned so far.
        """
        paths = {name: self.table_folder / f"{first}-{last}-{name}.npy" for name in _TABLE_PARTS}
        if not all(path.exists() for path in paths.values()):
            built = genotype_tables(targets, self.panel, cache)
            for name, path in paths.items():
                _write(path, getattr(built, name))
        mapped = {name: np.load(path, mmap_mode="r") for name, path in paths.items()}
        return GenotypeTables(self.panel, **{name: np.asarray(array) for name, array in mapped.items()})

    def finished(self, first: int, last: int) -> BestCandidates | None:
        """What an earlier run found in a block; None: it did not get there."""
        path = self.search_folder / f"{first}-{last}.npz"
        if not path.exists():
            return None
        with np.load(path) as kept:
            sides = []
            for side in ("profile", "missing"):
                names = np.full(tuple(kept[f"{side}_shape"]), -1, dtype=np.int64)
                scores = np.full(names.shape, -np.inf)
                names.reshape(-1)[kept[f"{side}_at"]] = kept[f"{side}_names"]
                scores.reshape(-1)[kept[f"{side}_at"]] = kept[f"{side}_scores"]
                sides.append((names, scores))
        return BestCandidates(*sides[0], *sides[1], (first, last))

    def finish(self, best: BestCandidates) -> None:
        """Write what was found in a block; the file appears whole or not at all."""
        kept: dict[str, npt.NDArray[np.generic]] = {}
        for side, names, scores in (
            ("profile", best.of_profile, best.of_profile_log10_lr),
            ("missing", best.of_missing, best.of_missing_log10_lr),
        ):
            at = np.flatnonzero(names.reshape(-1) >= 0)
            kept[f"{side}_shape"] = np.array(names.shape)
            kept[f"{side}_at"] = at
            kept[f"{side}_names"] = names.reshape(-1)[at]
            kept[f"{side}_scores"] = scores.reshape(-1)[at]
        path = self.search_folder / f"{best.columns[0]}-{best.columns[1]}.npz"
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            np.savez(file, **kept)  # type: ignore[arg-type]
        os.replace(unfinished, path)


_TABLE_PARTS = ("related", "unrelated", "unrelated_row", "possible", "informative", "male")


def _write(path: Path, array: npt.NDArray[np.generic]) -> None:
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.save(file, array)
    os.replace(unfinished, path)


def _digest(so_far: hashlib._Hash, profiles: Profiles) -> None:
    so_far.update(repr(profiles.ids).encode())
    for array in (profiles.alleles, profiles.typed, profiles.dropout, profiles.dropin):
        so_far.update(np.ascontiguousarray(array).tobytes())
