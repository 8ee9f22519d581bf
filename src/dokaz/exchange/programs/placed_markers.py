"""Markers of foreign files with their chromosomes: which are inherited through pedigrees, and which are set aside.

Autosomal and X markers enter the likelihood ratio and need frequencies. Y markers and mtDNA are compared by
`dokaz kinship lineage`, amelogenin and the Y indel tell the sex; none of these is multiplied in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable
from dokaz.kinship.model.marker_table import chromosome_of, known_markers, marker_named, placed, renamed
from dokaz.kinship.model.markers import Chromosome, MarkerSet
from dokaz.kinship.model.pedigree import Sex

_SEX_ONLY = "Yindel"


def is_inherited(chromosome: Chromosome) -> bool:
    """Whether a marker enters the likelihood ratio of a pedigree."""
    return chromosome in (Chromosome.AUTOSOMAL, Chromosome.X)


def places_of(
    names: Iterable[str], frequencies: Collection[str], stated: Mapping[str, str] | None = None
) -> tuple[dict[str, Chromosome], list[str]]:
    """The chromosome of every marker that can be used, and the markers that are left out for want of frequencies.

    Raises:
        BadMarker: a marker with frequencies that the table of markers does not have, and whose chromosome is not stated.
    """
    asked = stated or {}
    named = list(dict.fromkeys(names))
    said = [n for n in named if n in frequencies or chromosome_of(n) or any(fnmatchcase(n, one) for one in asked)]
    places = placed(said, asked)
    without = [n for n in named if n not in frequencies and (n not in places or is_inherited(places[n]))]
    return {name: where for name, where in places.items() if name not in without}, without


def marker_rows(
    frequencies: Mapping[str, Mapping[str, float]], chromosomes: Mapping[str, Chromosome]
) -> list[dict[str, Any]]:
    """Markers as a question or victim file lists them, without mutation; those that are set aside have no alleles."""
    rows: list[dict[str, Any]] = []
    for name, chromosome in chromosomes.items():
        alleles = frequencies[name] if is_inherited(chromosome) else {}
        rows.append(
            {
                "name": name,
                "chrom": None if chromosome is Chromosome.AUTOSOMAL else chromosome.value,
                "alleles": list(alleles),
                "freqs": list(alleles.values()),
                "mutation": None,
            }
        )
    return rows


def may_be_alone(chromosome: Chromosome, sex: Sex) -> bool:
    """Whether one allele is a whole genotype: of a man on X, and of every marker that is set aside."""
    return not is_inherited(chromosome) or (chromosome is Chromosome.X and sex is Sex.MALE)


def set_aside_alleles(marker: str, alleles: Sequence[str]) -> list[str]:
    """The alleles of a Y marker or mtDNA; formats with two places write the one allele of a single locus twice."""
    known = known_markers().get(marker_named(marker))
    if known is not None and known.chromosome is Chromosome.Y and not known.copies and len(set(alleles)) == 1:
        return list(alleles[:1])
    return list(alleles)


def where_they_go(chromosomes: Mapping[str, Chromosome]) -> tuple[str, ...]:
    """Notes on the markers that are not autosomal: what becomes of each."""
    on_x = [name for name, where in chromosomes.items() if where is Chromosome.X]
    sex = [name for name, where in chromosomes.items() if where is Chromosome.AMELOGENIN or name == _SEX_ONLY]
    lines = {Chromosome.Y: "Y", Chromosome.MITOCHONDRIAL: "mtDNA"}
    lineage = [name for name, where in chromosomes.items() if where in lines and name != _SEX_ONLY]
    return (
        *([f"X markers, computed as such: {', '.join(on_x)}"] if on_x else []),
        *(
            [f"lineage markers, in no likelihood ratio here; dokaz kinship lineage compares them: {', '.join(lineage)}"]
            if lineage
            else []
        ),
        *([f"sex only, in no likelihood ratio: {', '.join(sex)}"] if sex else []),
    )


def renamed_note(file: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """A note on the markers of a file that are called otherwise here."""
    if not names:
        return ()
    return (f"{file}: markers renamed: {', '.join(f'{old} → {new}' for old, new in names.items())}",)


def given_notes(markers: MarkerSet) -> tuple[str, ...]:
    """Notes on alleles without a frequency that a policy gave one, and on sequences that are compared by length."""
    return (
        *(
            f"{a.marker}: allele {a.allele} had no frequency and was given {a.frequency:.6g}; the others were divided by "
            f"{a.divided_by:.6g}"
            for a in markers.added
        ),
        *markers.by_length_in_words,
    )


def frequencies_of(
    markers: MarkerSet, name: str, source: str, *, under_table_names: bool = False
) -> tuple[FrequencyTable, ...]:
    """The frequencies of markers, with those of silent alleles left to the caller to tell.

    Args:
        under_table_names: Call the markers as the table of markers does.

    Raises:
        BadFile: one marker under two names.
    """
    inherited = [marker for marker in markers if marker.alleles]
    if not inherited:
        return ()
    names = {m.name: (marker_named(m.name) if under_table_names else "") or m.name for m in inherited}
    for twice in (marker for marker, here in names.items() if list(names.values()).count(here) > 1):
        raise BadFile(
            sentence("{name} is there under two names", name=names[twice]),
            file=name,
            value=twice,
            next_step=sentence("keep one of them"),
        )
    frequencies = {names[m.name]: dict(zip(m.alleles, m.frequencies, strict=True)) for m in inherited}
    return (FrequencyTable(name, name, source, frequencies, {}, renamed=renamed(names) if under_table_names else {}),)
