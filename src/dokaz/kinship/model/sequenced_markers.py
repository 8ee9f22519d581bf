"""How alleles that were sequenced are compared: by sequence where everybody is sequenced at a marker, else by length.

A sequence means the same in whatever notation; it takes the name that the frequencies give it. Where somebody is typed by
length, or the frequencies are of lengths, the marker is compared by length: the frequencies of all sequences of a length
are added up. Which markers that concerns is part of the answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dokaz.errors import BadMarker, BadProfile
from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet
from dokaz.kinship.model.sequence_alleles import SequenceAllele, allele_order, is_sequence, length_of

#: Alleles by marker of one person.
Typed = Mapping[str, Sequence[str]]
#: What is added to the name of a marker that is compared by length beside itself.
OF_LENGTHS = (" (length)", " (length, family)")
_INHERITED = (Chromosome.AUTOSOMAL, Chromosome.X)


def compared_alike(
    markers: MarkerSet, people: Iterable[tuple[str, Typed]]
) -> tuple[MarkerSet, dict[str, dict[str, str]]]:
    """The markers as these people can be compared, and the name of each allele in them.

    Args:
        people: Everybody who is compared, with the alleles that they show.

    Returns:
        The markers, `MarkerSet.by_length` naming those that are compared by length although somebody or the frequencies are
        sequenced; by marker and allele as written, the allele's name where it has another.

    Raises:
        BadMarker: the frequencies of a marker are of sequences and of lengths, or call one sequence by two names.
        BadProfile: two sequences of one length that were read over different ranges; a sequence that does not state the
            length that is needed; a short name that the frequencies do not list.
    """
    shown: dict[str, dict[str, str]] = {}
    for who, typed in people:
        for name, alleles in typed.items():
            by_allele = shown.setdefault(name, {})
            for allele in alleles:
                by_allele.setdefault(allele, who)
    found, names, by_length = [], {}, list(markers.by_length)
    for marker in markers:
        typed = shown.get(marker.name, {})
        if marker.chromosome in _INHERITED and any(map(is_sequence, (*marker.alleles, *typed))):
            marker, names[marker.name], is_by_length = _settled(marker, typed)
            by_length += [marker.name] if is_by_length else []
        found.append(marker)
    if not names:
        return markers, {}
    return MarkerSet(tuple(found), markers.added, tuple(dict.fromkeys(by_length))), names


def split_by_pairs(
    markers: MarkerSet, remains: Mapping[str, Typed], families: Sequence[Mapping[str, Typed]]
) -> tuple[MarkerSet, list[dict[str, dict[str, list[str]]]]]:
    """Markers at which some are sequenced and some are not, as three each, of which every pair has one in common.

    A pair of remains and a family is compared by sequence where the remains and all typed relatives are sequenced, at the
    marker itself; else by length, at one of two markers named after it. Meant for pairs only: what compares several
    remains with one family at once would count its genotypes twice.

    Returns:
        The markers; the genotypes of the remains, then of each family.
    """
    found: list[Marker] = []
    typed: list[dict[str, dict[str, list[str]]]] = [
        {person: {m: list(alleles) for m, alleles in shown.items()} for person, shown in people.items()}
        for people in (remains, *families)
    ]
    for marker in markers:
        found.append(marker)
        sequenced = [
            {p: _is_sequenced(t[marker.name]) for p, t in people.items() if t.get(marker.name)} for people in typed
        ]
        are_whole = [all(people.values()) for people in sequenced[1:] if people]
        is_mixed = not all(sequenced[0].values()) or not all(are_whole)
        if not (
            marker.chromosome in _INHERITED
            and is_mixed
            and any(sequenced[0].values())
            and any(are_whole)
            and any(map(is_sequence, marker.alleles))
            and all(SequenceAllele.of(allele) for allele in marker.alleles)
        ):
            continue
        because = "others are typed by length"
        of_lengths = _by_length(marker, because)
        first, second = marker.name + OF_LENGTHS[0], marker.name + OF_LENGTHS[1]
        found += [replace(of_lengths, name=first), replace(of_lengths, name=second)]
        for place, people in enumerate(typed):
            is_whole = all(sequenced[place].values())
            for person, is_sequenced in sequenced[place].items():
                written = people[person].pop(marker.name)
                lengths = [_length_in(marker, allele, f"{person}, ", because) for allele in written]
                # Each remains and each family have just one form in common.
                if place == 0:
                    forms = (marker.name, second) if is_sequenced else (first,)
                else:
                    forms = (marker.name, first) if is_whole else (first, second)
                people[person].update({form: written if form == marker.name else lengths for form in forms})
    return MarkerSet(tuple(found), markers.added, markers.by_length), typed


def base_of(name: str) -> str:
    """The marker that a name means, whether by sequence or by length."""
    for end in OF_LENGTHS:
        name = name.removesuffix(end)
    return name


def _is_sequenced(alleles: Sequence[str]) -> bool:
    return all(SequenceAllele.of(allele) is not None for allele in alleles)


def named_as(typed: Typed, names: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """One person's alleles under the names that `compared_alike` gave them."""
    return {marker: [names.get(marker, {}).get(a, a) for a in alleles] for marker, alleles in typed.items()}


def _settled(marker: Marker, typed: Mapping[str, str]) -> tuple[Marker, dict[str, str], bool]:
    listed = {allele: found for allele in marker.alleles if (found := SequenceAllele.of(allele))}
    by_number = [allele for allele in marker.alleles if allele not in listed]
    if listed and by_number:
        raise BadMarker(
            f"{marker.name}: frequencies of sequences ({next(iter(listed))}) and of lengths ({by_number[0]})",
            next_step="give either all sequences or all lengths",
        )
    sequences = {allele: found for allele in typed if (found := SequenceAllele.of(allele))}
    _must_be_of_one_range(marker, typed, sequences, listed)
    unsequenced = next((allele for allele in typed if allele not in sequences), None)
    if by_number or unsequenced is not None:
        because = (
            f"{typed[unsequenced]} is typed by length" if unsequenced is not None else "the frequencies are of lengths"
        )
        lengths = {a: _length_in(marker, a, f"{typed[a]}, ", because) for a in sequences}
        return _by_length(marker, because), {a: n for a, n in lengths.items() if a != n}, bool(listed or sequences)
    names: dict[str, str] = {}
    for allele, sequence in sequences.items():
        same = [name for name, other in listed.items() if other.is_same(sequence)]
        if len(same) > 1:
            raise BadMarker(
                f"{marker.name}: the frequencies list {allele} as {' and as '.join(same)}",
                next_step="keep one of them, with the sum of their frequencies; or state the length of the typed one",
            )
        if not same and sequence.label:
            raise BadProfile(
                f"{typed[allele]}, {marker.name}: the frequencies do not list the short name {allele}",
                next_step="give the sequence, which means the same everywhere, or the length alone",
            )
        listed.setdefault(*(same[0], sequence) if same else (sequence.text, sequence))
        names[allele] = same[0] if same else sequence.text
    return marker, {a: n for a, n in names.items() if a != n}, False


def _must_be_of_one_range(
    marker: Marker,
    typed: Mapping[str, str],
    sequences: Mapping[str, SequenceAllele],
    listed: Mapping[str, SequenceAllele],
) -> None:
    """Refuse two sequences of one length of which one is a part of the other: they would never match."""
    for allele, one in sequences.items():
        for other, two in (*sequences.items(), *listed.items()):
            if one.is_cut_from(two) or two.is_cut_from(one):
                whose = typed.get(other, "the frequencies")
                raise BadProfile(
                    f"{typed[allele]}, {marker.name}: {one.text} and {two.text} ({whose}) are of one length, and one is a "
                    "part of the other: they were read over different ranges",
                    next_step="cut all sequences of the marker to one range, or give lengths",
                )


def _length_in(marker: Marker, allele: str, whose: str, because: str) -> str:
    """The length of an allele, as it states it or as the frequencies do of the same sequence."""
    sequence = SequenceAllele.of(allele)
    if sequence is not None and not sequence.length:
        same = {
            other.length for name in marker.alleles if (other := SequenceAllele.of(name)) and other.is_same(sequence)
        } - {""}
        if len(same) == 1:
            return same.pop()
    return _length(marker, allele, whose, because)


def _length(marker: Marker, allele: str, whose: str, because: str) -> str:
    length = length_of(allele)
    if not length:
        raise BadProfile(
            f"{whose}{marker.name}: {allele} does not state its length, and {because}",
            next_step="write the length allele before the sequence: CE16_…",
        )
    return length


def _by_length(marker: Marker, because: str) -> Marker:
    """The marker with one allele a length, whose frequency is that of all its sequences."""
    sums: dict[str, list[float]] = {}
    for allele, frequency in zip(marker.alleles, marker.frequencies, strict=True):
        sums.setdefault(_length(marker, allele, "the frequencies of ", because), []).append(frequency)
    if len(sums) == len(marker.alleles) and all(allele in sums for allele in marker.alleles):
        return marker
    models = (marker.mutation.female, marker.mutation.male) if marker.mutation else ()
    if any(model.stated is not None for model in models):
        raise BadMarker(
            f"{marker.name}: compared by length ({because}), for which a stated mutation matrix says nothing",
            next_step="name a mutation model, or give the matrix over lengths",
        )
    alleles = sorted(sums, key=allele_order)
    return replace(marker, alleles=tuple(alleles), frequencies=tuple(math.fsum(sums[a]) for a in alleles))
