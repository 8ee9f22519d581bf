"""A victim file from what laboratories deliver: remains and families in any format, frequencies, one mutation model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable
from dokaz.exchange.programs import conversion
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.exchange.programs.case_writer import dropout_json, lone_alleles_doubled, markers_json, shown, victims_json
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.programs.typed_pedigrees import TypedFamily, victim_json
from dokaz.exchange.reading.genotypes import AMELOGENIN
from dokaz.kinship.model.markers import Marker, MarkerSet
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
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put a victim file together.

    Args:
        remains: Tables of genotypes: GeneMapper, GeneMarker, long CSV, CODIS.
        families: PED files; who has status 2 is missing.
        table: Frequencies. Markers without are left out, and told.
        case: What to call it.
        mutation: For all markers; None: no allele ever mutates.
        lone_is_homozygote: Take a lone allele for a homozygote; else it is refused.

    Returns:
        JSON as `read_victims` reads it, and notes.

    Raises:
        BadFile: a file that cannot be read, remains or a family given twice.
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
        for family in loaded.families:
            if family.pedigree.name in known:
                raise BadFile(sentence("the family is given twice"), file=name, value=family.pedigree.name)
            known[family.pedigree.name] = family
        markers.update(dict.fromkeys(loaded.markers))
    markers.update(dict.fromkeys(m for sample in samples.values() for m in sample.genotypes))
    without = [marker for marker in markers if marker not in table.frequencies and marker != AMELOGENIN]
    if without:
        notes[f"left out, for want of frequencies: {', '.join(without)}"] = None
    chosen = [marker for marker in markers if marker in table.frequencies]
    kept = [
        replace(f, genotypes={p: {m: a for m, a in g.items() if m in chosen} for p, g in f.genotypes.items()})
        for f in known.values()
    ]
    described = victim_json(kept, table.frequencies, chosen, case)
    people: list[dict[str, Any]] = []
    for sample in samples.values():
        genotypes = {marker: shown(sample, marker, case) for marker in sample.genotypes if marker in chosen}
        people.append({"id": sample.id, "sex": int(sample.sex), "genotypes": genotypes})
    named = MarkerSet(
        tuple(Marker.normalised(marker, table.frequencies[marker], mutation=mutation) for marker in chosen)
    )
    rates = dropout_json(list(samples.values()), chosen)
    read = victims_from({**described, "pm": people, "markers": markers_json(named), **rates}, case)
    return victims_json(read), tuple(notes)
