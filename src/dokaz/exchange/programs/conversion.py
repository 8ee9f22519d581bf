"""From any format of kinship data to any other that can hold it.

A file is a case (question or victims), pedigrees without frequencies, genotypes, or frequencies. What the target has no
place for is refused by name; with `lossy` it is left out, and told. What a kind of file never holds (a table of
genotypes holds no pedigrees) is told as a note.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dokaz.errors import BadFile, DokazError, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable, write_frequencies
from dokaz.exchange.programs import (
    case_writer,
    codis,
    familias,
    familias_cases,
    familias_victims,
    strider,
    unknown_sexes,
)
from dokaz.exchange.programs.case_markers import under_table_names
from dokaz.exchange.programs.case_reader import victims_from
from dokaz.exchange.programs.genotype_tables import GENEMARKER, details_of, partial_of, write_genemapper, write_long
from dokaz.exchange.programs.listed_frequencies import write_listed
from dokaz.exchange.programs.loading import FORMS, READ_ONLY, Loaded, Options, load
from dokaz.exchange.programs.placed_markers import frequencies_of, given_notes, places_of, renamed_note, where_they_go
from dokaz.exchange.programs.typed_pedigrees import victim_json, write_pedigrees, write_typed_pedigrees
from dokaz.exchange.programs.wide_tables import write_wide
from dokaz.kinship.model.marker_table import placed


def convert(loaded: Loaded, form: str, options: Options) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    """A file in another format, which reads it again.

    Returns:
        Its bytes; what the format does not carry, which a careful caller refuses; notes on what such files never hold.

    Raises:
        BadFile, KinshipError: the target cannot hold it, or something is missing to write it.
    """
    written, losses, notes = _converted(loaded, form, options)
    if form != loaded.form:
        try:
            load(loaded.name, written, form, Options())
        except DokazError as error:
            raise BadFile(
                sentence(
                    "a {form} file cannot hold this; it would not be read again: {what}", form=form, what=error.what
                ),
                file=loaded.name,
                next_step=sentence("keep it in a format that can, or correct that"),
            ) from error
    return written, losses, notes


def _converted(loaded: Loaded, form: str, options: Options) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    if options.lone_is_homozygote and loaded.samples is not None:
        loaded = replace(loaded, samples=case_writer.lone_alleles_doubled(loaded.samples))
    if form == "json":
        return _json(loaded, options)
    if form == "fam":
        return _fam(loaded, options)
    if form == "ped":
        return _ped(loaded)
    if form in {"frequencies", "strider", "strider-csv", "pedtools"}:
        return _frequencies(loaded, form, options)
    if form not in FORMS:
        raise BadFile(
            sentence("no such format"),
            file=loaded.name,
            value=form,
            next_step=sentence("one of {allowed}", allowed=", ".join(FORMS)),
        )
    if loaded.samples is None or form in READ_ONLY:
        raise _none(loaded, form)
    holds_more = loaded.question or loaded.victims or loaded.families
    notes: tuple[str, ...] = ()
    if holds_more:
        notes = ("a table of genotypes holds no pedigrees, frequencies or mutation models",)
    elif loaded.codis is not None and form != "codis":
        notes = ("a table of genotypes holds no categories, comments, laboratories and readings",)
    if form == "long":
        return write_long(loaded.samples).encode(), (*details_of(loaded.samples), *partial_of(loaded.samples)), notes
    if form == "wide":
        return write_wide(loaded.samples).encode(), (*details_of(loaded.samples), *partial_of(loaded.samples)), notes
    losses = tuple(f"{s.id}: sex" for s in loaded.samples if s.sex and "AMEL" not in s.genotypes)
    grouped = {s.group for s in loaded.samples} - {""}
    losses += (f"the groups {', '.join(sorted(grouped))}",) if len(grouped) > 1 else ()
    if form == "codis":
        unchanged = loaded.codis is not None and not options.codis
        if unchanged and loaded.codis is not None:
            return codis.write_codis(loaded.codis).encode(), (), notes
        made = codis.codis_from(loaded.samples, options.codis, options.category, file=loaded.name)
        return codis.write_codis(made).encode(), (*losses, *details_of(loaded.samples)), notes
    losses += partial_of(loaded.samples)
    text = write_genemapper(loaded.samples, *((GENEMARKER,) if form == "genemarker" else ()))
    return text.encode(), losses, notes


def _none(loaded: Loaded, form: str) -> BadFile:
    held = "frequencies" if loaded.tables and loaded.samples is None else "no frequencies or pedigrees"
    return BadFile(
        sentence("no conversion from {source} ({held}) to {target}", source=loaded.form, held=held, target=form),
        file=loaded.name,
        next_step=sentence("docs/kinship-files.md says which formats hold what"),
    )


def _json(loaded: Loaded, options: Options) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    data: Mapping[str, Any]
    loaded.must_be_placed()
    if loaded.data is not None:
        data = loaded.data
    elif loaded.question is not None:
        data = case_writer.question_json(loaded.question)
    elif loaded.victims is not None:
        data = case_writer.victims_json(loaded.victims)
    elif loaded.familias is not None:
        familias_cases.question_of(loaded.familias, options.h1, options.h2)
        raise _none(loaded, "json")
    elif loaded.families:
        # Where a file has pedigrees only, what the relatives could show is asked of all markers of the frequencies.
        wanted = _wanted(loaded, options)
        chromosomes = placed(loaded.markers or wanted.frequencies, options.chromosomes)
        data = victim_json(loaded.families, wanted.frequencies, chromosomes, loaded.name)
        data |= {"frequency_source": wanted.cited} if wanted.cited else {}
        notes = where_they_go(chromosomes)
    elif loaded.samples is not None:
        wanted = _wanted(loaded, options)
        typed = (marker for sample in loaded.samples for marker in sample.genotypes)
        stated = {**options.chromosomes, **loaded.places}
        chromosomes, without = places_of(typed, wanted.frequencies, stated)
        data = case_writer.samples_json(loaded.samples, wanted, chromosomes, loaded.name)
        losses = tuple(f"{marker}: it has no frequencies" for marker in without)
        notes = where_they_go(chromosomes)
        losses += (*details_of(loaded.samples), *partial_of(loaded.samples))
    else:
        raise _none(loaded, "json")
    data, given = case_writer.admitted(data, loaded.name, options.policy)
    data, names = under_table_names(dict(data), file=loaded.name)
    notes += given + renamed_note(loaded.name, names)
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode(), losses, notes


def _wanted(loaded: Loaded, options: Options) -> FrequencyTable:
    if options.frequencies is None:
        raise BadFile(
            sentence("a {form} file holds no frequencies", form=loaded.form),
            file=loaded.name,
            next_step=sentence(
                "name a table: --frequencies FILE, or one that is shipped (`dokaz kinship frequencies`)"
            ),
        )
    return options.frequencies


def _fam(loaded: Loaded, options: Options) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    aside = tuple(f"genotypes at {name}" for name in loaded.aside)
    if loaded.familias is not None and not (options.h1 or options.h2):
        return familias.write_familias(loaded.familias), (), ()
    if loaded.question is not None:
        question, unknown = unknown_sexes.question_as_familias_has_it(loaded.question)
        return familias.write_familias(familias_cases.familias_of(question)), (*aside, *unknown), ()
    if loaded.victims is None and loaded.families:
        frequencies = _wanted(loaded, options).frequencies
        chromosomes = placed(loaded.markers or frequencies, options.chromosomes)
        data = victim_json(loaded.families, frequencies, chromosomes, loaded.name)
        read, unknown = unknown_sexes.case_as_familias_has_it(victims_from(data, loaded.name, policy=options.policy))
        written, losses = familias_victims.familias_of_victims(read)
        return (
            familias.write_familias(written),
            (*losses, *unknown, *aside),
            (*where_they_go(chromosomes), *given_notes(read.victims.markers)),
        )
    if loaded.victims is not None:
        victims, unknown = unknown_sexes.case_as_familias_has_it(loaded.victims)
        written, losses = familias_victims.familias_of_victims(victims)
        return familias.write_familias(written), (*losses, *unknown, *aside), ()
    if not loaded.tables:
        raise _none(loaded, "fam")
    table = one_table(loaded, options)
    database = familias.FamiliasFile(
        "fam", familias_cases.TITLE, (), 0, 0, (), (), familias_cases.database_line(0.0), table.population or None,
        familias_cases.loci_of(table.marker_set()),
    )  # fmt: skip
    return familias.write_familias(database), (), ("a Familias database holds no source",) if table.source else ()


def _ped(loaded: Loaded) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    notes = ("a PED file holds no frequencies or mutation models",)
    if loaded.victims is not None:
        case = loaded.victims
        losses = tuple(f"the remains {victim}" for victim in case.victims.ids)
        losses += ("recombination fractions",) if case.linked else ()
        families = [(f.pedigree, f.missing, f.profiles) for f in case.families]
        return write_typed_pedigrees(families).encode(), losses, notes
    if loaded.familias is not None and loaded.families:
        profiles = familias_cases.case_of(loaded.familias).profiles
        pedigrees = [(f.pedigree, f.missing, profiles) for f in loaded.families]
        return write_typed_pedigrees(pedigrees).encode(), (), notes
    if loaded.families and loaded.familias is None:
        known = [(f.pedigree, f.missing, f.genotypes) for f in loaded.families]
        return write_pedigrees(known, loaded.markers).encode(), (), ()
    if loaded.question is not None:
        question = loaded.question
        both = [(h, (), question.profiles) for h in (question.h1, question.h2)]
        losses = tuple(f"genotypes at {name}" for name in loaded.aside)
        losses += (f"theta {question.theta:g}",) if question.theta else ()
        losses += ("recombination fractions",) if question.linked else ()
        return write_typed_pedigrees(both).encode(), losses, notes
    raise _none(loaded, "ped")


def one_table(loaded: Loaded, options: Options) -> FrequencyTable:
    """The table of the population that is asked for, or the only one; ``BadFile`` where none or several are left."""
    tables = loaded.tables
    if options.population:
        tables = tuple(table for table in tables if table.population == options.population)
    if len(tables) != 1:
        raise BadFile(
            sentence("{count} populations, not one", count=len(tables)),
            file=loaded.name,
            value=options.population or None,
            next_step=sentence(
                "name one with --population: {allowed}",
                allowed=", ".join(table.population for table in loaded.tables),
            ),
        )
    return tables[0]


def _frequencies(loaded: Loaded, form: str, options: Options) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    markers = None
    if loaded.question is not None:
        markers = loaded.question.profiles.markers
    elif loaded.victims is not None:
        markers = loaded.victims.victims.markers
    tables = loaded.tables or (frequencies_of(markers, loaded.name, "") if markers else ())
    if not tables:
        raise _none(loaded, form)
    if markers is None and loaded.familias is not None:
        markers = familias_cases.markers_of(loaded.familias)[0]
    silent = [f"the silent allele of {m.name}" for m in markers or () if m.has_silent]
    mutating = [m.name for m in markers or () if m.mutation is not None]
    notes: tuple[str, ...] = ("a frequency table holds no mutation models",) if mutating else ()
    notes += renamed_note(loaded.name, tables[0].renamed) if loaded.form == "fam" else ()
    if form in {"strider", "strider-csv"}:
        write = strider.write_strider if form == "strider" else strider.write_strider_csv
        if any(table.source not in {"", strider.SOURCE} for table in tables):
            notes += ("a STRidER file does not say where its frequencies come from",)
        return write(tables).encode(), tuple(silent), notes
    one = one_table(Loaded(loaded.name, loaded.form, tables=tables), options)
    if form == "pedtools":
        if one.population or one.source or one.sample_sizes:
            notes += ("a list of pedtools holds no population, source and number of people",)
        return write_listed(one).encode(), tuple(silent), notes
    return write_frequencies(one).encode(), tuple(silent), notes
