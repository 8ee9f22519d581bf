"""Markers: alleles, their frequencies, and how they mutate; aligned by name, never by position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from numbers import Real
from types import NoneType

from dokaz.errors import AlleleWithoutFrequency, BadMarker
from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.model.mutation import Mutation
from dokaz.kinship.model.python_values import must_all_be, must_be

#: Published tables are rounded; a sum further from 1 than this is an error, nearer is used as given.
SUM_TOLERANCE = 1e-4

#: Names of the sex-determining marker in common kits; it serves as a sex check only.
AMELOGENIN_NAMES = frozenset({"AMEL", "AMELX", "AMELY", "AMELOGENIN", "AM"})

#: A group of linked markers by name, and the recombination fraction between each and the next.
Linked = tuple[tuple[str, ...], tuple[float, ...]]


class Chromosome(Enum):
    """Where a marker lies, as far as inheritance cares."""

    AUTOSOMAL = "autosomal"
    X = "X"
    Y = "Y"
    MITOCHONDRIAL = "MT"
    AMELOGENIN = "AMEL"

    @classmethod
    def named(cls, text: str | None) -> Chromosome:
        """Read a chromosome as files write it: None, "autosomal", "1" to "22", "X" or "23", "Y" or "24", "MT".

        >>> Chromosome.named("23"), Chromosome.named(None)
        (<Chromosome.X: 'X'>, <Chromosome.AUTOSOMAL: 'autosomal'>)
        """
        known = {"X": cls.X, "23": cls.X, "Y": cls.Y, "24": cls.Y, "MT": cls.MITOCHONDRIAL, "M": cls.MITOCHONDRIAL}
        word = "AUTOSOMAL" if text is None else str(text).strip().upper().removeprefix("CHR")
        if word in {"AUTOSOMAL", ""} or (word.isdigit() and 1 <= int(word) <= 22):
            return cls.AUTOSOMAL
        if word in {"AMEL", "SEX"}:
            return cls.AMELOGENIN
        if word not in known:
            raise BadMarker(f"unknown chromosome {text!r}", next_step="give 1 to 22, X, Y or MT")
        return known[word]


@dataclass(frozen=True)
class Marker:
    """One marker: its alleles, their population frequencies, its mutation models.

    Assumes Hardy–Weinberg proportions in the population unless a theta is given with the question.

    Args:
        name: As the laboratory writes it; markers are matched by this name.
        alleles: Names of the alleles that can be seen, each once.
        frequencies: One an allele, above or equal to 0; with `silent_frequency` they sum to 1 and are used as given.
        chromosome: Autosomal unless said otherwise. Amelogenin, Y and mitochondrial markers never enter a product and
            need no alleles.
        mutation: Models for mothers and fathers; None means that no allele ever mutates.
        silent_frequency: Frequency of an allele that typing never shows; None means that there is none.

    Raises:
        BadMarker: an allele named twice, a negative frequency, a sum that is not 1.

    Example:
        >>> Marker("TH01", ("6", "9.3"), (0.4, 0.6)).index_of("9.3")
        1
    """

    name: str
    alleles: tuple[str, ...]
    frequencies: tuple[float, ...]
    chromosome: Chromosome = Chromosome.AUTOSOMAL
    mutation: Mutation | None = None
    silent_frequency: float | None = None

    def __post_init__(self) -> None:
        must_all_be(self.alleles, str, f"{self.name}: alleles are texts", 'write ("6", "9.3")', BadMarker)
        must_all_be(self.frequencies, Real, f"{self.name}: frequencies are numbers", "write (0.4, 0.6)", BadMarker)
        must_be(self.chromosome, Chromosome, f"{self.name}: a chromosome", 'write Chromosome.named("X")', BadMarker)
        must_be(
            self.mutation, (Mutation, NoneType), f"{self.name}: a mutation", "write Mutation.alike(model)", BadMarker
        )
        if len(self.alleles) != len(self.frequencies):
            raise BadMarker(
                f"{self.name}: {len(self.alleles)} alleles but {len(self.frequencies)} frequencies",
                next_step="give one frequency an allele",
            )
        if len(set(self.alleles)) != len(self.alleles):
            twice = next(a for a in self.alleles if self.alleles.count(a) > 1)
            raise BadMarker(f"{self.name}: allele {twice!r} is listed twice", next_step="merge the two rows")
        for allele, frequency in zip(self.alleles, self.frequencies, strict=True):
            if not 0 <= frequency <= 1:
                raise BadMarker(
                    f"{self.name}: allele {allele!r} has frequency {frequency!r}", next_step="give a value from 0 to 1"
                )
        if self.silent_frequency is not None and not 0 <= self.silent_frequency < 1:
            raise BadMarker(
                f"{self.name}: silent frequency {self.silent_frequency!r}", next_step="give a value from 0 to below 1"
            )
        if not self.alleles and self.chromosome not in (Chromosome.AUTOSOMAL, Chromosome.X):
            return
        if not self.alleles:
            raise BadMarker(f"{self.name}: no alleles", next_step="give the frequency table of this marker")
        total = sum(self.frequencies) + (self.silent_frequency or 0.0)
        if abs(total - 1) > SUM_TOLERANCE:
            raise BadMarker(
                f"{self.name}: frequencies sum to {total:.8g}",
                next_step="check for a missing row; Marker.normalised(...) divides by the sum where that is meant",
            )
        if self.mutation is not None:
            _ = self.matrices

    @classmethod
    def normalised(cls, name: str, frequencies: Mapping[str, float], **others: object) -> Marker:
        """A marker whose frequencies are divided by their sum (counts may be given)."""
        total = sum(frequencies.values())
        if not total > 0:
            raise BadMarker(f"{name}: frequencies sum to {total!r}", next_step="give positive frequencies or counts")
        values = tuple(value / total for value in frequencies.values())
        return cls(name, tuple(frequencies), values, **others)  # type: ignore[arg-type]

    @property
    def has_silent(self) -> bool:
        """Whether an allele exists that typing never shows."""
        return self.silent_frequency is not None

    @cached_property
    def all_frequencies(self) -> tuple[float, ...]:
        """Frequencies of the visible alleles, then of the silent one if there is one."""
        silent = () if self.silent_frequency is None else (self.silent_frequency,)
        return (*self.frequencies, *silent)

    @cached_property
    def matrices(self) -> tuple[FloatArray, FloatArray] | None:
        """Mutation matrices (mothers', fathers') over visible alleles, then the silent one; None: no mutation."""
        if self.mutation is None:
            return None
        arguments = (self.alleles, self.all_frequencies)
        female = self.mutation.female.matrix(*arguments, silent=self.has_silent)
        if self.mutation.male == self.mutation.female:
            return female, female
        return female, self.mutation.male.matrix(*arguments, silent=self.has_silent)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {allele: i for i, allele in enumerate(self.alleles)}

    def index_of(self, allele: str) -> int:
        """Position of an allele.

        Raises:
            AlleleWithoutFrequency: this marker does not list it.
        """
        try:
            return self._positions[allele]
        except KeyError:
            raise AlleleWithoutFrequency(self.name, allele) from None


@dataclass(frozen=True)
class FrequencyAdded:
    """What a policy did to one marker."""

    marker: str
    allele: str
    frequency: float
    divided_by: float


@dataclass(frozen=True)
class UnseenAllelePolicy:
    """What to do with an allele that the frequency table does not hold.

    The allele enters with `minimum_frequency`, then all frequencies of that marker are divided by their new sum. It is
    part of every result that it touched.

    Args:
        minimum_frequency: Above 0, below 1; commonly 5/(2N) of a database of N persons.
    """

    minimum_frequency: float

    def __post_init__(self) -> None:
        if not 0 < self.minimum_frequency < 1:
            raise BadMarker(
                f"minimum frequency {self.minimum_frequency!r}", next_step="give a value between 0 and 1, such as 0.001"
            )

    def admit(self, marker: Marker, allele: str) -> tuple[Marker, FrequencyAdded]:
        """The marker with one more allele, and what that changed.

        Raises:
            BadMarker: the mutation model is a stated matrix, which says nothing about another allele.
        """
        models = (marker.mutation.female, marker.mutation.male) if marker.mutation else ()
        if any(model.stated is not None for model in models):
            raise BadMarker(
                f"{marker.name}: allele {allele!r} cannot join a stated mutation matrix",
                next_step="give the matrix with this allele, or a named model",
            )
        total = sum(marker.all_frequencies) + self.minimum_frequency
        frequency = self.minimum_frequency / total
        added = (*(f / total for f in marker.frequencies), frequency)
        silent = None if marker.silent_frequency is None else marker.silent_frequency / total
        wider = replace(marker, alleles=(*marker.alleles, allele), frequencies=added, silent_frequency=silent)
        return _ladder_sorted(wider), FrequencyAdded(marker.name, allele, frequency, total)


def _ladder_sorted(marker: Marker) -> Marker:
    # Rank-based mutation models (dawid) need the ladder in order.
    try:
        order = sorted(range(len(marker.alleles)), key=lambda i: float(marker.alleles[i]))
    except ValueError:
        return marker
    return replace(
        marker,
        alleles=tuple(marker.alleles[i] for i in order),
        frequencies=tuple(marker.frequencies[i] for i in order),
    )


@dataclass(frozen=True)
class MarkerSet:
    """Markers by name, in the order in which they are reported.

    Args:
        markers: Each name once.
        added: What a policy for unseen alleles changed, if one was applied.
        by_length: Markers that are compared by length although somebody was sequenced there.

    Raises:
        BadMarker: a name occurs twice.
    """

    markers: tuple[Marker, ...]
    added: tuple[FrequencyAdded, ...] = ()
    by_length: tuple[str, ...] = ()
    _by_name: dict[str, Marker] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        must_all_be(self.markers, Marker, "a set of markers", "write MarkerSet((marker, …))", BadMarker)
        object.__setattr__(self, "markers", tuple(self.markers))
        by_name: dict[str, Marker] = {}
        for marker in self.markers:
            if marker.name in by_name:
                raise BadMarker(f"marker {marker.name} is listed twice", next_step="keep one of them")
            by_name[marker.name] = marker
        object.__setattr__(self, "_by_name", by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """Marker names in order."""
        return tuple(self._by_name)

    def __getitem__(self, name: str) -> Marker:
        try:
            return self._by_name[name]
        except KeyError:
            raise BadMarker(
                f"marker {name!r} has no frequencies", next_step=f"known markers: {', '.join(self.names)}"
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Marker]:
        return iter(self.markers)

    def __len__(self) -> int:
        return len(self.markers)

    @property
    def mutation_in_words(self) -> str:
        """The mutation models of the markers that enter a likelihood ratio: the commonest, then those of others by name."""
        models: dict[str, list[str]] = {}
        for marker in self.markers:
            if marker.alleles:
                models.setdefault(marker.mutation.in_words if marker.mutation else "none", []).append(marker.name)
        commonest = max(models, key=lambda model: len(models[model]), default="none")
        others = (f"; {model} at {', '.join(names)}" for model, names in models.items() if model != commonest)
        return commonest + "".join(others)

    @property
    def by_length_in_words(self) -> tuple[str, ...]:
        """What an answer says of markers that are compared by length although somebody was sequenced there."""
        of_pairs = [name.removesuffix(" (length)") for name in self.names if name.endswith(" (length)")]
        said = (
            ("compared by sequence where remains and family are sequenced, else by length", of_pairs),
            ("compared by length, for not all and the frequencies are sequenced there", self.by_length),
        )
        return tuple(f"{what}: {', '.join(names)}" for what, names in said if names)

    @property
    def set_aside(self) -> tuple[str, ...]:
        """Markers that enter no likelihood ratio: Y, mtDNA, amelogenin."""
        return tuple(m.name for m in self.markers if m.chromosome not in (Chromosome.AUTOSOMAL, Chromosome.X))

    def admitting(
        self, shown: Iterable[tuple[str, Mapping[str, Iterable[str]]]], policy: UnseenAllelePolicy | None
    ) -> MarkerSet:
        """The markers with every allele that is shown and that they lacked, added under the policy.

        Args:
            shown: Samples, each with its alleles by marker.
            policy: What to do with an allele without a frequency; None refuses it.

        Raises:
            AlleleWithoutFrequency: there is one, and no policy.
        """
        changed: dict[str, Marker] = {}
        added = list(self.added)
        seen: dict[tuple[str, str], str] = {}
        for who, by_marker in shown:
            for name, alleles in by_marker.items():
                for allele in alleles:
                    seen.setdefault((name, allele), who)
        for (name, allele), who in sorted(seen.items()):
            marker = changed.get(name, self[name])
            inherited = marker.chromosome in (Chromosome.AUTOSOMAL, Chromosome.X)
            if allele in marker.alleles or not inherited:
                continue
            if policy is None:
                raise AlleleWithoutFrequency(name, allele, who)
            changed[name], effect = policy.admit(marker, allele)
            added.append(effect)
        return MarkerSet(tuple(changed.get(m.name, m) for m in self.markers), tuple(added), self.by_length)
