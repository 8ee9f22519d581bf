"""A victim file from what laboratories deliver: remains and families in any format, frequencies, one mutation model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable
from dokaz.exchange.programs import conversion
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.exchange.programs.case_writer import dropout_json, lone_alleles_doubled, markers_json, shown, victims_json
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.programs.placed_markers import given_notes, is_inherited, places_of, renamed_note, where_they_go
from dokaz.exchange.programs.typed_pedigrees import TypedFamily, victim_json
from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.model.mutation import Mutation

#: (name, bytes) of a file.
Delivered = tuple[str, bytes]


def assemble(
    remains: Sequence[Delivered],
    families: Sequence[Delivered],
    table: FrequencyTable,
    case: str,
    *,
    mutation: Mutation | None = None,
    lone_is_homozygote: bool = False,
    chromosomes: Mapping[str, str] | None = None,
    policy: UnseenAllelePolicy | None = None,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put a victim file together.

    Args:
        remains: Tables of genotypes: GeneMapper, GeneMarker, long CSV, CODIS.
        families: PED files; who has status 2 is missing.
        table: Frequencies. Markers without are left out, and told.
        case: What to call it.
        mutation: For all markers; None: no allele ever mutates.
        lone_is_homozygote: Take a lone allele for a homozygote; else it is refused.
        chromosomes: Of markers that the table of markers does not have, by name or pattern.
        policy: What to do with alleles without a frequency; without one they are refused.

    Returns:
        JSON as `read_victims` reads it, and notes.

    Raises:
        BadFile: a file that cannot be read, remains or a family given twice, remains and a family that share no marker.
        BadMarker: a marker that the table of markers does not have, and whose chromosome is not stated.
        KinshipError: a genotype or a pedigree that cannot be.
    """
    notes: dict[str, None] = {}
    samples: dict[str, TypedSample] = {}
    for name, data in remains:
        loaded = conversion.load(name, data, conversion.form_of(name, data), conversion.Options())
        if loaded.samples is None:
            raise BadFile(
                sentence("no genotypes of remains"), file=name, next_step=sentence("give a table of genotypes")
            )
        notes.update(dict.fromkeys(loaded.notes))
        for sample in lone_alleles_doubled(loaded.samples) if lone_is_homozygote else loaded.samples:
            if sample.id in samples:
                raise BadFile(
                    sentence("the sample is given twice"),
                    file=name,
                    value=sample.id,
                    next_step=sentence("keep one of them"),
                )
            samples[sample.id] = sample
    known: dict[str, TypedFamily] = {}
    markers: dict[str, None] = {}
    for name, data in families:
        loaded = conversion.load(name, data, "ped", conversion.Options())
        notes.update(dict.fromkeys(loaded.notes))
        for family in loaded.families:
            if family.pedigree.name in known:
                raise BadFile(sentence("the family is given twice"), file=name, value=family.pedigree.name)
            known[family.pedigree.name] = family
        markers.update(dict.fromkeys(loaded.markers))
    markers.update(dict.fromkeys(m for sample in samples.values() for m in sample.genotypes))
    notes.update(dict.fromkeys(renamed_note(table.file, table.renamed)))
    kept, without = places_of(markers, table.frequencies, chromosomes)
    if without:
        notes[f"left out, for want of frequencies: {', '.join(without)}"] = None
    notes.update(dict.fromkeys(where_they_go(kept)))
    notes.update(dict.fromkeys(_shared(list(samples.values()), list(known.values()), kept, without, case)))
    typed = [
        replace(f, genotypes={p: {m: a for m, a in g.items() if m in kept} for p, g in f.genotypes.items()})
        for f in known.values()
    ]
    described = victim_json(typed, table.frequencies, kept, case)
    people: list[dict[str, Any]] = []
    for sample in samples.values():
        genotypes = {m: shown(sample, m, kept[m], case) for m in sample.genotypes if m in kept}
        people.append({"id": sample.id, "sex": int(sample.sex), "genotypes": genotypes})
    named = MarkerSet(
        tuple(
            Marker.normalised(marker, table.frequencies[marker], mutation=mutation, chromosome=where)
            if is_inherited(where)
            else Marker(marker, (), (), where)
            for marker, where in kept.items()
        )
    )
    rates = dropout_json(list(samples.values()), list(kept))
    cited = {"frequency_source": table.cited} if table.cited else {}
    put = {**described, "pm": people, "markers": markers_json(named), **rates, **cited}
    read = victims_from(put, case, policy=policy)
    notes.update(dict.fromkeys(given_notes(read.victims.markers)))
    return _with_set_aside(victims_json(read), put, named), tuple(notes)


def _with_set_aside(written: dict[str, Any], put: Mapping[str, Any], markers: MarkerSet) -> dict[str, Any]:
    """The case as written from its profiles, with the genotypes that profiles do not hold: Y, mtDNA, amelogenin."""
    aside = {marker.name for marker in markers if not is_inherited(marker.chromosome)}
    for new, old in zip(written["pm"], put["pm"], strict=True):
        new["genotypes"].update({m: a for m, a in old["genotypes"].items() if m in aside})
    for new, old in zip(written["am"], put["am"], strict=True):
        for person, genotypes in old["genotypes"].items():
            new["genotypes"].setdefault(person, {}).update({m: a for m, a in genotypes.items() if m in aside})
    return written


def _shared(
    samples: Sequence[TypedSample],
    families: Sequence[TypedFamily],
    kept: Mapping[str, Chromosome],
    without: Sequence[str],
    case: str,
) -> tuple[str, ...]:
    """Notes on remains and families that share fewer autosomal and X markers than both are typed at.

    Raises:
        BadFile: remains and a family, both typed, without a marker in common, lineage markers included.
    """
    notes = []
    inherited = {marker for marker, where in kept.items() if is_inherited(where)} | set(without)
    lineage = {m for m, where in kept.items() if where in (Chromosome.Y, Chromosome.MITOCHONDRIAL)}
    for sample in samples:
        fewer = []
        for family in families:
            theirs = {marker for genotypes in family.genotypes.values() for marker in genotypes}
            both = (theirs & sample.genotypes.keys()) - set(without)
            if theirs and sample.genotypes and not both & (inherited | lineage):
                raise BadFile(
                    sentence(
                        "{remains} and family {family} have no marker in common that could be compared",
                        remains=sample.id,
                        family=family.pedigree.name,
                    ),
                    file=case,
                    value=f"no frequencies: {', '.join(without)}" if without else _markers(sample, theirs),
                    next_step=sentence(
                        "check the names of the markers, give frequencies of theirs, or leave one of the two out"
                    ),
                )
            expected = min(len(theirs & inherited), len(sample.genotypes.keys() & inherited))
            if len(both & inherited) < max(expected, 1):
                fewer.append(f"family {family.pedigree.name} {len(both & inherited)} of {expected}")
        if fewer:
            notes.append(f"FEWER MARKERS IN COMMON than typed: {sample.id} with {', '.join(fewer)}")
    return tuple(notes)


def _markers(sample: TypedSample, theirs: Collection[str]) -> str:
    return f"{', '.join(list(sample.genotypes)[:8])} against {', '.join(sorted(theirs)[:8])}"
