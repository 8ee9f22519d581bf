"""A victim file from what laboratories deliver: remains and families in any format, frequencies, one mutation model."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable
from dokaz.exchange.programs import loading
from dokaz.exchange.programs.case_files import with_victims
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.exchange.programs.case_writer import (
    admitted,
    dropout_json,
    lone_alleles_doubled,
    markers_json,
    shown,
    victims_json,
)
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.programs.placed_markers import given_notes, is_inherited, places_of, renamed_note, where_they_go
from dokaz.exchange.programs.typed_pedigrees import TypedFamily, victim_json, with_missing
from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.model.mutation import Mutation
from dokaz.kinship.model.pedigree import Sex

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
    references: Sequence[Delivered] = (),
    missing: Sequence[str] = (),
    sheet: str = "",
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put a victim file together.

    Args:
        remains: Genotypes in any format that holds them.
        families: Pedigrees with genotypes or without: PED (who has status 2 is missing), GEDCOM, Familias.
        table: Frequencies. Markers without are left out, and told.
        case: What to call it.
        mutation: For all markers; None: no allele ever mutates.
        lone_is_homozygote: Take a lone allele for a homozygote; else it is refused.
        chromosomes: Of markers that the table of markers does not have, by name or pattern.
        policy: What to do with alleles without a frequency; without one they are refused.
        references: Genotypes of relatives, each under the name that one person of the families has.
        missing: Who is missing, beside those whom the families call so.
        sheet: Of workbooks with several.

    Returns:
        JSON as `read_victims` reads it, and notes.

    Raises:
        BadFile: a file that cannot be read, remains or a family given twice, remains and a family that share no marker.
        BadMarker: a marker that the table of markers does not have, and whose chromosome is not stated.
        KinshipError: a genotype or a pedigree that cannot be.
    """
    notes: dict[str, None] = {}
    samples: dict[str, TypedSample] = {}
    places: dict[str, str] = {}
    options = loading.Options(frequencies=table, sheet=sheet, chromosomes=chromosomes or {})
    for name, data in remains:
        loaded = loading.load_any(name, data, options)
        places.update(loaded.places)
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
        found, told = families_in(name, data, missing, sheet)
        notes.update(dict.fromkeys(told))
        for family in found:
            if family.pedigree.name in known:
                raise BadFile(sentence("the family is given twice"), file=name, value=family.pedigree.name)
            known[family.pedigree.name] = family
    complete = with_missing(tuple(known.values()), [m for m in missing if not _is_missing(m, known.values())], case)
    known = {family.pedigree.name: family for family in complete}
    for name, data in references:
        loaded = loading.load_any(name, data, options)
        places.update(loaded.places)
        notes.update(dict.fromkeys(loaded.notes))
        relatives = loaded.samples or ()
        for sample in lone_alleles_doubled(relatives) if lone_is_homozygote else relatives:
            _add_reference(known, sample, name)
    markers.update(dict.fromkeys(m for f in known.values() for typed in f.genotypes.values() for m in typed))
    markers.update(dict.fromkeys(m for sample in samples.values() for m in sample.genotypes))
    notes.update(dict.fromkeys(renamed_note(table.file, table.renamed)))
    kept, without = places_of(markers, table.frequencies, {**(chromosomes or {}), **places})
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
    if read.victims.markers.by_length:
        # Written as it was typed: a search compares by sequence whom it can.
        return dict(admitted(put, case, policy)[0]), tuple(notes)
    return _with_set_aside(victims_json(read), put, named), tuple(notes)


def _is_missing(name: str, families: Iterable[TypedFamily]) -> bool:
    return any(name in family.missing for family in families)


def _add_reference(families: dict[str, TypedFamily], sample: TypedSample, file: str) -> None:
    """Give a relative the genotypes of a table.

    Raises:
        BadFile: nobody of the families has this name, or two have; a relative who has genotypes already, or is missing.
    """
    having = [
        family
        for name, family in families.items()
        if sample.id in family.pedigree and (not sample.group or sample.group == name)
    ]
    if len(having) != 1:
        raise BadFile(
            sentence("{count} persons of the families have this name", count=len(having)),
            file=file,
            value=sample.id,
            next_step=sentence("name relatives as their families do, with the family in a column of its own"),
        )
    [family] = having
    if sample.id in family.missing:
        raise BadFile(
            sentence("a missing person has no reference"), file=file, value=sample.id,
            next_step=sentence("leave the row out, or compare it as remains"),
        )  # fmt: skip
    if twice := [m for m in sample.genotypes if m in family.genotypes.get(sample.id, {})]:
        raise BadFile(
            sentence("{person} has {marker} already", person=sample.id, marker=twice[0]),
            file=file,
            value=sample.id,
            next_step=sentence("keep one of the two results"),
        )
    if sample.dropout:
        raise BadFile(
            sentence("a reference under dropout is not read here"), file=file, value=sample.id,
            next_step=sentence("write the case as JSON, with `dropout`"),
        )  # fmt: skip
    stated = family.pedigree.sex_of(sample.id)
    if Sex.UNKNOWN not in (stated, sample.sex) and stated is not sample.sex:
        raise BadFile(
            sentence("{person} is {seen} by this table, {stated} by the family", person=sample.id,
                     seen=sample.sex.name.lower(), stated=stated.name.lower()),
            file=file,
            value=sample.id,
            next_step=sentence("a mistaken sex, or another person's sample: correct one of them"),
        )  # fmt: skip
    own = {**family.genotypes.get(sample.id, {}), **sample.genotypes}
    families[family.pedigree.name] = replace(family, genotypes={**family.genotypes, sample.id: own})


def families_in(
    name: str, data: bytes, missing: Sequence[str] = (), sheet: str = ""
) -> tuple[tuple[TypedFamily, ...], tuple[str, ...]]:
    """The families of a file of any format that holds them, and notes.

    Raises:
        BadFile: it holds none; a Familias file in which nobody is missing.
    """
    options = loading.Options(sheet=sheet)
    text = loading.as_text(name, data, sheet)
    loaded = loading.load(name, text, loading.form_of(name, text), options)
    if loaded.familias is not None and loaded.victims is None:
        people = {person for family in loaded.families for person in family.pedigree.ids}
        theirs = tuple(person for person in missing if person in people)
        loaded = with_victims(loading.load(name, text, "fam", replace(options, missing=theirs)))
    if loaded.victims is not None:
        return tuple(
            TypedFamily(
                family.pedigree,
                family.missing,
                {
                    person: {
                        marker: alleles
                        for marker in family.profiles.markers.names
                        if (alleles := family.profiles.genotype(person, marker)) is not None
                    }
                    for person in family.profiles.ids
                },
            )
            for family in loaded.victims.families
        ), loaded.notes
    if not loaded.families:
        raise BadFile(
            sentence("no families, but {form}", form=loaded.form),
            file=name,
            next_step=sentence("give pedigrees: PED, GEDCOM, Familias, or a table with father, mother and sex"),
        )
    return loaded.families, loaded.notes


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
