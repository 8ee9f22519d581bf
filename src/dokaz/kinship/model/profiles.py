"""DNA profiles: what was seen of each person or bone at each marker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import NoneType
from typing import Any

import numpy as np

from dokaz.errors import AlleleWithoutFrequency, BadProfile, BadQuestion
from dokaz.kinship.arrays import AlleleArray, BoolArray, FloatArray
from dokaz.kinship.model.markers import Chromosome, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.model.pedigree import Sex
from dokaz.kinship.model.python_values import must_all_be, must_be

#: In `Profiles.alleles`: no (further) allele.
NO_ALLELE = -1

#: Markers of these never enter a likelihood.
_SET_ASIDE = frozenset({Chromosome.AMELOGENIN, Chromosome.Y, Chromosome.MITOCHONDRIAL})


@dataclass(frozen=True)
class Profiles:
    """Genotypes of samples at markers, as positions in each marker's list of alleles.

    A marker that is not typed says nothing. A marker typed under a dropout model holds the *set* of alleles seen,
    which may be empty or have more than two members; without one it holds a genotype of exactly two alleles (the same
    one twice for a homozygote and for a man's X).

    Args:
        ids: One a sample, each once.
        sexes: One a sample; what is known of the sample itself.
        markers: The markers, in the order of axis 1.
        alleles: int16, shape (samples, markers, width of at least 2), positions in `Marker.alleles`, rising; NO_ALLELE
            fills the rest.
        typed: bool, shape (samples, markers).
        dropout: Probability that one copy of an allele is not seen, shape (samples, markers); NaN: no dropout model.
        dropin: Probability parameter of drop-in, same shape; used only where a dropout model is.

    Raises:
        BadProfile: shapes that disagree, an id twice, one allele or three where no dropout model is given, two alleles
            on the X of a man.

    Example:
        >>> from dokaz.kinship import Marker, MarkerSet
        >>> markers = MarkerSet((Marker("TH01", ("6", "9.3"), (0.4, 0.6)),))
        >>> people = Profiles.of({"V1": {"TH01": ("9.3", "6")}}, markers)
        >>> people.genotype("V1", "TH01")
        ('6', '9.3')
    """

    ids: tuple[str, ...]
    sexes: tuple[Sex, ...]
    markers: MarkerSet
    alleles: AlleleArray
    typed: BoolArray
    dropout: FloatArray
    dropin: FloatArray
    _rows: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)
    # What the engine prepared of these profiles, by what it was asked for; see `likelihood`.
    prepared: dict[Any, Any] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows = {sample: i for i, sample in enumerate(self.ids)}
        if len(rows) != len(self.ids):
            twice = next(sample for sample in self.ids if self.ids.count(sample) > 1)
            raise BadProfile(f"profile {twice} is given twice", next_step="merge the two, or number them apart")
        object.__setattr__(self, "_rows", rows)
        shape = (len(self.ids), len(self.markers))
        for name in ("typed", "dropout", "dropin"):
            if getattr(self, name).shape != shape:
                raise BadProfile(
                    f"{name} has shape {getattr(self, name).shape}, not {shape}", next_step="give samples × markers"
                )
        if self.alleles.shape[:2] != shape or self.alleles.ndim != 3 or self.alleles.shape[2] < 2:
            raise BadProfile(f"alleles has shape {self.alleles.shape}", next_step="give samples × markers × 2")
        if len(self.sexes) != len(self.ids):
            raise BadProfile(f"{len(self.sexes)} sexes for {len(self.ids)} profiles", next_step="give one a profile")
        for array in (self.alleles, self.typed, self.dropout, self.dropin):
            array.setflags(write=False)
        self._check()

    def _check(self) -> None:
        counts = (self.alleles != NO_ALLELE).sum(axis=2)
        exact = self.typed & np.isnan(self.dropout)
        wrong = exact & (counts != 2)
        for kind, bad in (
            ("probability of dropout", ~np.isnan(self.dropout) & ~((self.dropout >= 0) & (self.dropout <= 1))),
            ("probability of drop-in", ~((self.dropin >= 0) & (self.dropin < 1))),
        ):
            if bad.any():
                row, column = np.argwhere(bad)[0]
                raise BadProfile(
                    f"{self.ids[row]}, {self.markers.names[column]}: {kind} lies outside 0 to 1",
                    next_step="give a probability",
                )
        for column, marker in enumerate(self.markers):
            if marker.chromosome in _SET_ASIDE:
                continue
            if self.alleles[:, column].size and int(self.alleles[:, column].max()) >= len(marker.alleles):
                raise BadProfile(
                    f"{marker.name}: an allele position lies beyond its alleles", next_step="use Profiles.of"
                )
            for row in np.flatnonzero(wrong[:, column]):
                raise BadProfile(
                    f"{self.ids[row]}, {marker.name}: {counts[row, column]} allele(s) without a dropout model",
                    next_step="give two alleles (the same one twice for a homozygote), or a dropout probability",
                )
            if marker.chromosome is Chromosome.X:
                for row in np.flatnonzero(exact[:, column]):
                    first, second = self.alleles[row, column, :2]
                    if self.sexes[row] is Sex.MALE and first != second:
                        raise BadProfile(
                            f"{self.ids[row]}, {marker.name}: a man has two alleles on X",
                            next_step="check the sex of the sample, or retype",
                        )

    @classmethod
    def of(
        cls,
        genotypes: Mapping[str, Mapping[str, Sequence[str]]],
        markers: MarkerSet,
        *,
        sexes: Mapping[str, Sex] | None = None,
        dropout: Mapping[str, float | Mapping[str, float]] | None = None,
        dropin: float | Mapping[str, float | Mapping[str, float]] = 0.0,
        policy: UnseenAllelePolicy | None = None,
    ) -> Profiles:
        """Profiles from allele names.

        Args:
            genotypes: Alleles by sample and marker; a marker that is left out is untyped. A man's X may be given once.
            markers: Frequencies for every marker that occurs.
            sexes: By sample; unknown where left out.
            dropout: By sample (and marker): probability that one copy is missed. A sample that is named here shows
                the set of alleles seen.
            dropin: One value for all samples under a dropout model, or by sample (and marker).
            policy: What to do with alleles that have no frequency; without one they are an error.

        Raises:
            AlleleWithoutFrequency: an unknown allele and no policy.
            BadProfile: see the class.
        """
        must_be(markers, MarkerSet, "markers with their frequencies", "write MarkerSet((marker, …))", BadProfile)
        must_be(policy, (UnseenAllelePolicy, NoneType), "a policy", "write UnseenAllelePolicy(0.001)", BadProfile)
        for rates in (dropout, sexes):
            must_be(rates, (Mapping, NoneType), "by sample", 'write {"V1": …}', BadProfile)
        must_all_be((sexes or {}).values(), Sex, "sexes", "write Sex.MALE or Sex.FEMALE", BadProfile)
        try:
            if policy is not None:
                _must_be_genotypes(genotypes)
            markers = markers.admitting(genotypes.items(), policy)
        except (AlleleWithoutFrequency, AttributeError, TypeError):
            _must_be_genotypes(genotypes)
            raise
        ids = tuple(genotypes)
        inherited = {marker.name for marker in markers if marker.chromosome not in _SET_ASIDE}
        width = max(
            [2, *(len(set(a)) for shown in genotypes.values() for name, a in shown.items() if name in inherited)]
        )
        shape = (len(ids), len(markers))
        alleles_of = np.full((*shape, width), NO_ALLELE, dtype=np.int16)
        typed = np.zeros(shape, dtype=bool)
        missed = np.full(shape, np.nan)
        extra = np.zeros(shape)
        sex = tuple((sexes or {}).get(sample, Sex.UNKNOWN) for sample in ids)
        columns = {name: i for i, name in enumerate(markers.names)}
        for row, sample in enumerate(ids):
            for name, alleles in genotypes[sample].items():
                if type(alleles) is str:
                    _must_be_genotypes(genotypes)
                marker, column = markers[name], columns[name]
                rate = _of(dropout or {}, sample, name)
                # Sex marker and lineage markers are set aside; results list them (`amelogenin`, `lineage`).
                if marker.chromosome in _SET_ASIDE:
                    continue
                if rate is None and not alleles:
                    continue
                positions = sorted(marker.index_of(allele) for allele in alleles)
                if rate is None:
                    single_x = marker.chromosome is Chromosome.X and sex[row] is Sex.MALE and len(positions) == 1
                    positions = positions * 2 if single_x else positions
                    if len(positions) != 2:
                        raise BadProfile(
                            f"{sample}, {name}: {len(positions)} allele(s) ({', '.join(alleles)}) without a dropout "
                            "model",
                            next_step="give two alleles (the same one twice for a homozygote), or a dropout "
                            "probability",
                        )
                else:
                    positions = sorted(set(positions))
                    missed[row, column] = rate
                    drop = dropin if isinstance(dropin, int | float) else _of(dropin, sample, name)
                    extra[row, column] = drop or 0.0
                typed[row, column] = True
                alleles_of[row, column, : len(positions)] = positions
        return cls(ids, sex, markers, alleles_of, typed, missed, extra)

    @property
    def rows(self) -> Mapping[str, int]:
        """Position of each sample."""
        return self._rows

    def row_of(self, sample: str) -> int:
        """Position of a sample."""
        try:
            return self._rows[sample]
        except KeyError:
            raise BadProfile(f"no profile {sample!r}", next_step=f"profiles: {', '.join(self.ids[:20])}") from None

    def __contains__(self, sample: object) -> bool:
        return sample in self._rows

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, columns: Sequence[int]) -> Profiles:
        """The same profiles over some of the markers, in this order."""
        places = list(columns)
        markers = MarkerSet(tuple(self.markers.markers[column] for column in places))
        arrays = (self.alleles[:, places], self.typed[:, places], self.dropout[:, places], self.dropin[:, places])
        return Profiles(self.ids, self.sexes, markers, *arrays)

    def without_mutation(self) -> Profiles:
        """The same profiles over markers of which no allele ever mutates."""
        markers = tuple(replace(marker, mutation=None) for marker in self.markers)
        return replace(self, markers=MarkerSet(markers, self.markers.added, self.markers.by_length))

    def genotype(self, sample: str, marker: str) -> tuple[str, ...] | None:
        """Alleles seen, in the marker's order; None where untyped."""
        row, column = self.row_of(sample), self.markers.names.index(marker)
        if not self.typed[row, column]:
            return None
        names = self.markers[marker].alleles
        return tuple(names[a] for a in self.alleles[row, column] if a != NO_ALLELE)

    def only(self, samples: Sequence[str]) -> Profiles:
        """The profiles of these samples, in this order."""
        rows = [self.row_of(sample) for sample in samples]
        return Profiles(
            tuple(samples),
            tuple(self.sexes[row] for row in rows),
            self.markers,
            self.alleles[rows],
            self.typed[rows],
            self.dropout[rows],
            self.dropin[rows],
        )

    def renamed(self, names: Mapping[str, str]) -> Profiles:
        """The same profiles under other ids (a victim's profile put in a missing person's place)."""
        ids = tuple(names.get(sample, sample) for sample in self.ids)
        return Profiles(ids, self.sexes, self.markers, self.alleles, self.typed, self.dropout, self.dropin)

    def joined(self, other: Profiles) -> Profiles:
        """These profiles followed by others over the same markers.

        Raises:
            BadProfile: the markers differ; aligning them is the reader's work, by name.
        """
        if other.markers != self.markers:
            raise BadProfile("profiles over different markers", next_step="read both with the same MarkerSet")
        width = max(self.alleles.shape[2], other.alleles.shape[2])
        parts = []
        for block in (self.alleles, other.alleles):
            fill = np.full((*block.shape[:2], width - block.shape[2]), NO_ALLELE, dtype=np.int16)
            parts.append(np.concatenate([block, fill], axis=2))
        return Profiles(
            self.ids + other.ids,
            self.sexes + other.sexes,
            self.markers,
            np.concatenate(parts),
            np.concatenate([self.typed, other.typed]),
            np.concatenate([self.dropout, other.dropout]),
            np.concatenate([self.dropin, other.dropin]),
        )


def _must_be_genotypes(genotypes: object) -> None:
    write = 'write {"V1": {"TH01": ("16", "17")}}'
    must_be(genotypes, Mapping, "genotypes by sample", write, BadProfile)
    assert isinstance(genotypes, Mapping)
    for sample, by_marker in genotypes.items():
        must_be(by_marker, Mapping, f"{sample}: alleles by marker", write, BadProfile)
        for name, alleles in by_marker.items():
            must_all_be(alleles, str, f"{sample}, {name}: alleles are texts, one each", write, BadProfile)


def _of(rates: Mapping[str, float | Mapping[str, float]], sample: str, marker: str) -> float | None:
    value = rates.get(sample)
    return value.get(marker) if isinstance(value, Mapping) else value


def aligned(profiles: Profiles, markers: MarkerSet, whose: str) -> Profiles:
    """Profiles over the columns of another marker set, matched by name.

    Args:
        profiles: Their markers may be in another order, fewer or more.
        markers: The order wanted. A marker that the profiles lack is untyped; one that it lacks is left out.
        whose: Named in the refusal.

    Raises:
        BadQuestion: a marker of the same name has other alleles, frequencies or mutation.
    """
    if profiles.markers is markers or profiles.markers == markers:
        return profiles
    place = {name: i for i, name in enumerate(profiles.markers.names)}
    for marker in markers:
        if marker.name in place and profiles.markers[marker.name] != marker:
            raise BadQuestion(
                f"{whose} and the profiles describe marker {marker.name} differently",
                next_step="read both with one MarkerSet: the same alleles, frequencies and mutation",
            )
    known = np.array([marker.name in place for marker in markers], dtype=bool)
    from_ = np.array([place.get(marker.name, 0) for marker in markers], dtype=np.intp)
    return Profiles(
        profiles.ids,
        profiles.sexes,
        markers,
        np.where(known[None, :, None], profiles.alleles[:, from_], NO_ALLELE).astype(np.int16),
        profiles.typed[:, from_] & known,
        np.where(known, profiles.dropout[:, from_], np.nan),
        np.where(known, profiles.dropin[:, from_], 0.0),
    )
