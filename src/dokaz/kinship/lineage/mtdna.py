"""Mitochondrial sequences, written as differences from the reference and compared as the sequences that they are.

One sequence has many notations: a repeat unit that is missing may be any of its copies. So each sequence is rebuilt from
the reference over what was read and aligned with it anew; from there on only the sequence counts, not how it was written.

Sources: Parson et al. 2014 (ISFG recommendations), Forensic Sci Int Genet 13:134; SWGDAM 2019, guidelines for
mitochondrial DNA interpretation; alignment-free comparison: Röck et al. 2011, Forensic Sci Int Genet 5:126.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, product

from dokaz.errors import BadProfile
from dokaz.kinship.lineage.alignment import Column, align
from dokaz.kinship.lineage.circle import Range, counted_twice, is_in, joined, place_of, unrolled, windows
from dokaz.kinship.lineage.rcrs import BASES, LETTERS, MT_LENGTH, NO_BASE, UNREAD, reference, slot_of_reference

#: By position where a sequence differs from the reference: its bases there, and those inserted after it.
Slots = Mapping[int, tuple[int, ...]]

#: Positions at whose end length varies within a lineage: a run of one base ends there, or a base is inserted after it.
LENGTH_VARIANTS = frozenset({16193, 309, 315, 455, 463, 573, 960, 5899, 8276, 8285})
#: Runs of one base of the reference in which length varies: first and last position, and the name they go by.
_RUNS = (
    (303, 309, 309), (311, 315, 315), (452, 455, 455), (461, 463, 463), (568, 573, 573), (956, 960, 960),
    (5895, 5899, 5899), (8272, 8276, 8276), (8281, 8285, 8285), (16184, 16188, 16193), (16190, 16193, 16193),
)  # fmt: skip
#: The same where both have a base at every position: only three substitutions close together are ever more than an
#: insertion with a deletion.
_SUBSTITUTIONS_APART = 15
#: Bases that are there in a part of the molecules only, each read as there and as not there.
_MOST_PARTIAL = 6
#: Mixed bases in runs whose length is disregarded are read in both ways, as long as there are so few.
_MOST_MIXED = 4

_RANGE = re.compile(r"([0-9]{1,5})\s*[-–]\s*([0-9]{1,5})")
_DELETED = re.compile(r"([0-9]{1,5})\s*[-–]\s*([0-9]{1,5})\s*(?:DEL|[Dd]el|d)")
_VARIANT = re.compile(r"([ACGTacgt]?)([0-9]{1,5})(?:\.([0-9]{1,2}))?(DEL|[Dd]el|d|-|[ACGTRYSWKMBDHVNacgt]|[ACGT]{2,})")


@dataclass(frozen=True)
class MtSequence:
    """What was read of a mitochondrial genome, as differences from the revised Cambridge reference sequence.

    Args:
        ranges: What was read, in order, none across the end of the circle; only that is ever compared.
        variants: As "263G", "309.1C", "523DEL"; "309.1c" and "249a" are there in a part of the molecules only.
    """

    ranges: tuple[Range, ...]
    variants: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> MtSequence:
        """Ranges ("16024-16365", "16024-576" across the end) and variants, in any order.

        Raises:
            BadProfile: no range, a variant outside all of them, two at one position, one that starts from another base
                than the reference has, or a text that is none of these.

        Example:
            >>> read = MtSequence.of(["16024-576", "A263G", "523-524del", "315.1CC"])
            >>> read.ranges, sorted(read.variants)
            (((1, 576), (16024, 16569)), ['263G', '315.1C', '315.2C', '523DEL', '524DEL'])
        """
        ranges: list[Range] = []
        variants: dict[tuple[int, int], str] = {}
        for text in texts:
            if found := _RANGE.fullmatch(text):
                first, last = int(found[1]), int(found[2])
                if not (1 <= first <= MT_LENGTH and 1 <= last <= MT_LENGTH):
                    raise BadProfile(f"mtDNA range {text!r}", next_step=f"give positions from 1 to {MT_LENGTH}")
                ranges += [(first, last)] if first <= last else [(first, MT_LENGTH), (1, last)]
                continue
            for place, base in _changes(text):
                if variants.setdefault(place, base) != base:
                    raise BadProfile(
                        f"mtDNA has two variants at {place[0]}",
                        next_step="write a mixture as its IUPAC code, such as Y",
                    )
        if not ranges:
            raise BadProfile("mtDNA without a range", next_step="state what was read, such as 16024-16365")
        named = {place: f"{place[0]}{f'.{place[1]}' if place[1] else ''}{base}" for place, base in variants.items()}
        for (position, copy), variant in named.items():
            if not any(first <= position <= last for first, last in ranges):
                raise BadProfile(f"mtDNA variant {variant} lies outside what was read", next_step="correct the ranges")
            if copy > 1 and (position, copy - 1) not in variants:
                raise BadProfile(
                    f"mtDNA variant {variant} without {position}.{copy - 1}", next_step="name every inserted base"
                )
        read = cls(joined(ranges), frozenset(named.values()))
        if len(read.partial) > _MOST_PARTIAL:
            raise BadProfile(
                f"mtDNA has {len(read.partial)} bases in small letters, in a part of the molecules only",
                next_step=f"give {_MOST_PARTIAL} at most, and the others as they are in most molecules",
            )
        return read

    @property
    def partial(self) -> tuple[str, ...]:
        """Bases that are there in a part of the molecules only, in order of position."""
        return tuple(sorted((v for v in self.variants if v[-1].islower()), key=lambda v: float(v[:-1])))

    @cached_property
    def readings(self) -> tuple[MtSequence, ...]:
        """The sequences that it stands for: with every base that is there in a part of the molecules, and without each."""
        partial = self.partial
        if not partial:
            return (self,)
        certain = [next(_changes(variant)) for variant in self.variants if variant not in partial]
        found = []
        for choice in product((True, False), repeat=len(partial)):
            at: dict[int, list[tuple[int, str]]] = {}
            for (position, copy), base in certain:
                at.setdefault(position, []).append((copy, base))
            for variant, is_there in zip(partial, choice, strict=True):
                (position, copy), base = next(_changes(variant))
                bases = at.setdefault(position, [])
                if copy and is_there:
                    bases.append((copy, base.upper()))
                elif not copy and not is_there:
                    bases.append((0, "DEL"))
            written = []
            for position, bases in at.items():
                written += [f"{position}{base}" for copy, base in bases if not copy]
                inserted = [base for _, base in sorted((c, b) for c, b in bases if c)]
                written += [f"{position}.{k}{base}" for k, base in enumerate(inserted, start=1)]
            found.append(MtSequence(self.ranges, frozenset(written)))
        return tuple(dict.fromkeys(found))

    @cached_property
    def slots(self) -> Slots:
        """Where the sequence differs from the reference: the same whichever way the sequence was written."""
        if self.partial:
            return self.readings[0].slots
        written = _slots_as_written(self.variants)
        found: dict[int, tuple[int, ...]] = {}
        for span in unrolled(self.ranges, written):
            for window in windows(counted_twice(written), span):
                found |= _aligned_anew(written, window)
        return found

    def covers(self, ranges: Sequence[Range]) -> bool:
        """Whether all of these ranges were read."""
        return all(any(a <= first and last <= b for a, b in self.ranges) for first, last in joined(ranges))

    def shared_with(self, other: MtSequence) -> list[Range]:
        """What was read of both."""
        pairs = product(self.ranges, other.ranges)
        return [(max(a, c), min(b, d)) for (a, b), (c, d) in pairs if max(a, c) <= min(b, d)]


@dataclass(frozen=True)
class _Symbol:
    """One base of a sequence: where it lies (0: at the position; 1, 2 …: inserted after it), and what it may be."""

    position: int
    copy: int
    bases: int

    @property
    def as_variant(self) -> str:
        """As a variant; empty where the reference has the same."""
        if self.copy:
            return f"{self.position}.{self.copy}{LETTERS[self.bases]}"
        same = slot_of_reference(self.position) == (self.bases,)
        return "" if same else f"{self.position}{LETTERS[self.bases]}"


def sequence_differences(
    ours: MtSequence, theirs: MtSequence, ranges: Sequence[Range], ignored_lengths: Collection[int] = LENGTH_VARIANTS
) -> list[str]:
    """What two sequences differ in over ranges that were read of both, an event each, in the order of positions.

    Bases match where they have a base in common; N is not read and matches anything. A contiguous insertion or deletion
    is one event. The number of events depends on the two sequences only, not on their notation.

    Args:
        ignored_lengths: Ends of runs of one base (`LENGTH_VARIANTS`) whose length is disregarded.

    Example: one dinucleotide less, written as the first copy and as the last.
        >>> whole, first, last = (MtSequence.of(["1-576", *t]) for t in ((), ("515-516del",), ("523d", "524d")))
        >>> sequence_differences(first, last, [(1, 576)])
        []
        >>> sequence_differences(whole, first, [(1, 576)])
        ['523-524: as rCRS against 523DEL 524DEL']
    """
    found: list[str] = []
    for window in _shared_windows(ours, theirs, ranges):
        if _is_plainly_equal(ours.slots, theirs.slots, window):
            continue
        pairs = product(
            _readings(_symbols(ours.slots, window), ignored_lengths),
            _readings(_symbols(theirs.slots, window), ignored_lengths),
        )
        fewest: list[str] = min((_events(one, other) for one, other in pairs), key=len)
        found += fewest
    return found


def is_compatible(
    ours: MtSequence, theirs: MtSequence, ranges: Sequence[Range], ignored_lengths: Collection[int] = LENGTH_VARIANTS
) -> bool:
    """Whether two sequences do not differ over ranges read of both: `sequence_differences` is empty, found sooner."""
    for window in _shared_windows(ours, theirs, ranges):
        if _is_plainly_equal(ours.slots, theirs.slots, window):
            continue
        pairs = product(
            _readings(_symbols(ours.slots, window), ignored_lengths),
            _readings(_symbols(theirs.slots, window), ignored_lengths),
        )
        if not any(
            len(one) == len(other) and all(a.bases & b.bases for a, b in zip(one, other, strict=True))
            for one, other in pairs
        ):
            return False
    return True


def disregarded(
    ours: MtSequence, theirs: MtSequence, ranges: Sequence[Range], ignored_lengths: Collection[int] = LENGTH_VARIANTS
) -> list[str]:
    """What was read of both and not compared: lengths of runs that differ, and positions that one of them has as N.

    Example:
        >>> one, other = MtSequence.of(["1-576", "309.1C", "73N"]), MtSequence.of(["1-576"])
        >>> disregarded(one, other, [(1, 576)])
        ['73: not read (N)', 'length at 309: 8 against 7']
    """
    found = []
    altered = _altered(ours.slots, theirs.slots, ranges)
    for position in altered:
        if any(UNREAD in side.slots.get(position, ()) for side in (ours, theirs)):
            found.append(f"{position}: not read (N)")
    for window in _shared_windows(ours, theirs, ranges):
        lengths = [_lengths(_symbols(side.slots, window), ignored_lengths) for side in (ours, theirs)]
        for end in sorted({*lengths[0], *lengths[1]}):
            one, other = (side.get(end) for side in lengths)
            if one != other and one is not None and other is not None:
                found.append(f"length at {end}: {one} against {other}")
    return found


def is_read_of_both(ours: MtSequence, theirs: MtSequence, ranges: Sequence[Range]) -> bool:
    """Whether at least one position of the ranges is not N in either."""
    unread = {
        position
        for side in (ours, theirs)
        for position, bases in side.slots.items()
        if bases and all(b == UNREAD for b in bases)
    }
    return any(position not in unread for first, last in ranges for position in range(first, last + 1))


def is_range(text: str) -> bool:
    """Whether a text is written as a range of positions."""
    return _RANGE.fullmatch(text) is not None


# --- reading a notation -----------------------------------------------------------------------------------------------


def _changes(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """What a text changes: position and number of the inserted base (0: none is inserted), and the base or DEL."""
    if found := _DELETED.fullmatch(text):
        first, last = int(found[1]), int(found[2])
        if not 1 <= first <= last <= MT_LENGTH:
            raise BadProfile(f"mtDNA deletion {text!r}", next_step="write it as 8281-8289DEL")
        yield from (((position, 0), "DEL") for position in range(first, last + 1))
        return
    change = _VARIANT.fullmatch(text)
    if change is None or not 1 <= int(change[2]) <= MT_LENGTH:
        raise BadProfile(f"mtDNA variant {text!r}", next_step="write it as 263G, 309.1C or 523DEL")
    position, copy, what = int(change[2]), int(change[3] or 0), change[4]
    if change[1] and not BASES[change[1].upper()] & reference()[position]:
        base = LETTERS[reference()[position]]
        raise BadProfile(
            f"mtDNA variant {text!r}: the reference has {base} at {position}",
            next_step="write differences from the rCRS (NC_012920.1)",
        )
    is_deleted = what.upper() == "DEL" or what in "d-"
    if (change[3] and (is_deleted or not copy)) or (not change[3] and not is_deleted and len(what) > 1):
        raise BadProfile(f"mtDNA variant {text!r}", next_step="write it as 263G, 309.1C or 523DEL")
    if is_deleted:
        yield (position, 0), "DEL"
        return
    if what.islower() and not copy and BASES[what.upper()] != reference()[position]:
        what = what.upper()  # another base than the reference's, which is there whole
    yield from (((position, copy + i if copy else 0), base) for i, base in enumerate(what))


def _slots_as_written(variants: Iterable[str]) -> dict[int, tuple[int, ...]]:
    at: dict[int, dict[int, str]] = {}
    for variant in variants:
        for (position, copy), base in _changes(variant):
            at.setdefault(position, {})[copy] = base
    found = {}
    for position, bases in at.items():
        own = bases.pop(0, "")
        gone = own == "DEL" or (position == NO_BASE and own == "N")
        kept = () if gone else (BASES[own],) if own else slot_of_reference(position)
        found[position] = (*kept, *(BASES[bases[copy]] for copy in sorted(bases)))
    return found


# --- from a notation to the sequence, and back -------------------------------------------------------------------------


def _symbols(slots: Slots, window: Range) -> list[_Symbol]:
    """The sequence over a window."""
    found = []
    for position in map(place_of, range(window[0], window[1] + 1)):
        if (slot := slots.get(position)) is None:
            found += [_Symbol(position, 0, bases) for bases in slot_of_reference(position)]
        else:
            found += [_Symbol(position, copy, bases) for copy, bases in enumerate(slot)]
    return found


def _aligned_anew(written: Slots, window: Range) -> dict[int, tuple[int, ...]]:
    """Slots of what is written in a window, by the best alignment of the rebuilt sequence with the reference."""
    positions = [p for p in map(place_of, range(window[0], window[1] + 1)) if slot_of_reference(p)]
    ours = [symbol.bases for symbol in _symbols(written, window)]
    theirs = [bases for p in positions for bases in slot_of_reference(p)]
    found: dict[int, list[int]] = {p: [] for p in positions}
    at = None
    before: list[int] = []
    for i, j in align(ours, theirs):
        if j is not None:
            at = positions[j]
            # Bases before the first of the reference are kept with it.
            found[at] += before
            before = []
        if i is not None:
            (before if at is None else found[at]).append(ours[i])
    return {p: tuple(bases) for p, bases in found.items() if tuple(bases) != slot_of_reference(p)}


# --- comparison --------------------------------------------------------------------------------------------------------


def _altered(ours: Slots, theirs: Slots, ranges: Sequence[Range]) -> list[int]:
    return [p for p in sorted({*ours, *theirs}) if any(first <= p <= last for first, last in ranges)]


def _shared_windows(ours: MtSequence, theirs: MtSequence, ranges: Sequence[Range]) -> list[Range]:
    altered = _altered(ours.slots, theirs.slots, ranges)
    slots = ours.slots, theirs.slots
    with_gaps = {p for p in altered for side in slots if p in side and len(side[p]) != 1}
    twice = counted_twice(altered)
    found: list[Range] = []
    for span in unrolled(ranges, altered):
        for window in windows(twice, span):
            has_gaps = any(is_in(p, window) for p in with_gaps)
            found += [window] if has_gaps else windows(twice, window, _SUBSTITUTIONS_APART)
    return sorted(found, key=lambda window: place_of(window[0]))


def _is_plainly_equal(ours: Slots, theirs: Slots, window: Range) -> bool:
    return all(ours.get(p) == theirs.get(p) for p in {*ours, *theirs} if is_in(p, window))


def _events(ours: Sequence[_Symbol], theirs: Sequence[_Symbol]) -> list[str]:
    """Every substitution and every contiguous gap of the best alignment, in words."""
    columns = align([s.bases for s in ours], [s.bases for s in theirs])

    def kind(column: Column) -> str:
        i, j = column
        if i is None or j is None:
            return "ours alone" if j is None else "theirs alone"
        return "same" if ours[i].bases & theirs[j].bases else "another base"

    found = []
    for what, group in groupby(columns, key=kind):
        run = list(group)
        parts = [] if what == "same" else [[c] for c in run] if what == "another base" else [run]
        for part in parts:
            found.append(
                _told([ours[i] for i, _ in part if i is not None], [theirs[j] for _, j in part if j is not None])
            )
    return found


def _told(ours: Sequence[_Symbol], theirs: Sequence[_Symbol]) -> str:
    places = sorted({s.position for s in (*ours, *theirs)})
    if places[-1] - places[0] > MT_LENGTH // 2:
        places = sorted(places, key=lambda p: p if p > MT_LENGTH // 2 else p + MT_LENGTH)
    sides = []
    for own, other in ((ours, theirs), (theirs, ours)):
        gone = [f"{s.position}DEL" for s in other if not s.copy] if not own else []
        sides.append(" ".join([*(s.as_variant for s in own if s.as_variant), *gone]) or "as rCRS")
    place = f"{places[0]}" if places[0] == places[-1] else f"{places[0]}-{places[-1]}"
    return f"{place}: {sides[0]} against {sides[1]}"


def _runs_of(symbols: Sequence[_Symbol], ignored: Collection[int]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Runs of one base whose length is disregarded: first and last index, and the names of the runs it contains."""
    names: dict[int, dict[int, set[int]]] = {}
    low, high = (symbols[0].position, symbols[-1].position) if symbols else (1, 0)
    for first, last, name in _RUNS:
        is_near = low <= last and first <= high if low <= high else low <= last or first <= high
        if name in ignored and symbols and is_near:
            base = slot_of_reference(last)[0]
            for i, symbol in enumerate(symbols):
                if first <= symbol.position <= last and symbol.bases == base:
                    names.setdefault(base, {}).setdefault(i, set()).add(name)
    for base, at in names.items():
        i = 0
        while i < len(symbols):
            if symbols[i].bases != base:
                i += 1
                continue
            end = i
            while end + 1 < len(symbols) and symbols[end + 1].bases == base:
                end += 1
            if within := {name for k in range(i, end + 1) for name in at.get(k, ())}:
                yield i, end, tuple(sorted(within))
            i = end + 1


def _readings(symbols: list[_Symbol], ignored: Collection[int]) -> Iterator[list[_Symbol]]:
    """A sequence with every run whose length is disregarded as one base; mixed bases in such a run read in both ways."""
    mixed = [i for i, symbol in enumerate(symbols) if symbol.bases not in _PURE and _is_mixed_in_run(symbol, ignored)]
    if len(mixed) > _MOST_MIXED:
        mixed = []
    for choice in product((True, False), repeat=len(mixed)):
        read = list(symbols)
        for i, as_run in zip(mixed, choice, strict=True):
            base = next(slot_of_reference(last)[0] for first, last, _ in _STRETCHES if _in(symbols[i], first, last))
            read[i] = _Symbol(symbols[i].position, symbols[i].copy, base if as_run else symbols[i].bases & ~base)
        dropped = {k for first, last, _ in _runs_of(read, ignored) for k in range(first + 1, last + 1)}
        yield [symbol for i, symbol in enumerate(read) if i not in dropped]


_PURE = frozenset(BASES[letter] for letter in "ACGT")
#: Where a mixed base may lengthen a run: the runs, and the base between two of them.
_STRETCHES = (*_RUNS, (303, 315, 309), (16183, 16193, 16193))


def _in(symbol: _Symbol, first: int, last: int) -> bool:
    return first <= symbol.position <= last


def _is_mixed_in_run(symbol: _Symbol, ignored: Collection[int]) -> bool:
    return any(
        name in ignored and _in(symbol, first, last) and symbol.bases & slot_of_reference(last)[0]
        for first, last, name in _STRETCHES
    )


def _lengths(symbols: list[_Symbol], ignored: Collection[int]) -> dict[int, int]:
    """The length of each run whose length is disregarded, by the last of the names that it contains."""
    found: dict[int, int] = {}
    for first, last, names in _runs_of(symbols, ignored):
        found[names[-1]] = found.get(names[-1], 0) + last - first + 1
    return found
