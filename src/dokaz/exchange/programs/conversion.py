"""From any format of kinship data to any other that can hold it.

A file is a case (question or victims), pedigrees without frequencies, genotypes, or frequencies. What the target has no
place for is refused by name; with `lossy` it is left out, and told. What a kind of file never holds (a table of
genotypes holds no pedigrees) is told as a note.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from dokaz.errors import BadFile, DokazError, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable, read_frequencies, write_frequencies
from dokaz.exchange.programs import case_writer, codis, familias, familias_cases, familias_victims, strider
from dokaz.exchange.programs.case_markers import read_json, under_table_names
from dokaz.exchange.programs.case_reader import Question, VictimCase, question_from, victims_from
from dokaz.exchange.programs.genotype_tables import (
    GENEMARKER,
    TypedSample,
    details_of,
    is_report,
    partial_of,
    read_genotype_table,
    samples_of,
    write_genemapper,
    write_long,
)
from dokaz.exchange.programs.mtdna_files import read_sequences
from dokaz.exchange.programs.placed_markers import frequencies_of, given_notes, places_of, renamed_note, where_they_go
from dokaz.exchange.programs.typed_pedigrees import (
    TypedFamily,
    read_typed_pedigrees,
    victim_json,
    write_typed_pedigrees,
)
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.tables import header_key
from dokaz.kinship.model.marker_table import must_be_known, placed, renamed
from dokaz.kinship.model.markers import UnseenAllelePolicy

#: What `--from` and `--to` may name.
FORMS = (
    "json", "fam", "ped", "long", "genemapper", "genemarker", "codis",
    "strider", "strider-csv", "frequencies", "emp", "hsd",
)  # fmt: skip
_BY_SUFFIX = {".json": "json", ".fam": "fam", ".ped": "ped", ".emp": "emp", ".hsd": "hsd"}
_TABLES = frozenset({".csv", ".txt", ".tsv", ".tab"})


@dataclass(frozen=True)
class Options:
    """What a conversion may need beyond the two files.

    Args:
        frequencies: A table, for formats without one.
        h1, h2: Names of two pedigrees of a Familias file.
        missing: Who is missing in the section `[DVI]` of a Familias file, beside those whom it calls so.
        population: Of a file with several.
        lone_is_homozygote: Take a lone allele for a homozygote.
        codis: Head of a CODIS file that is written: destination, laboratory, user, at.
        category: Specimen category of a CODIS file that is written.
        chromosomes: Chromosomes of markers that the table of markers does not have, by name or pattern.
        policy: What to do with alleles without a frequency; without one they are refused.
    """

    frequencies: FrequencyTable | None = None
    h1: str = ""
    h2: str = ""
    missing: Sequence[str] = ()
    population: str = ""
    lone_is_homozygote: bool = False
    codis: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    chromosomes: Mapping[str, str] = field(default_factory=dict)
    policy: UnseenAllelePolicy | None = None


@dataclass(frozen=True)
class Loaded:
    """What a file holds, as far as its format goes."""

    name: str
    form: str
    question: Question | None = None
    victims: VictimCase | None = None
    families: tuple[TypedFamily, ...] = ()
    markers: tuple[str, ...] = ()
    samples: tuple[TypedSample, ...] | None = None
    tables: tuple[FrequencyTable, ...] = ()
    familias: familias.FamiliasFile | None = None
    codis: codis.CodisFile | None = None
    # A JSON file as it stands, what is not understood included.
    data: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    # Markers of a Familias file whose chromosome neither the table of markers nor anybody says.
    unplaced: tuple[str, ...] = ()
    # Typed markers that the engine sets aside; they are in `samples` only.
    aside: tuple[str, ...] = ()

    def must_be_placed(self) -> None:
        """Ask for chromosomes that are not known, where an answer or a file would rest on them."""
        must_be_known(self.unplaced)


def form_of(name: str, data: bytes) -> str:
    """The format of a file, from its suffix and, where several share one, from its beginning.

    Raises:
        BadFile: it cannot be told.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".xml":
        for mark, form in ((b"CODIS", "codis"), (b"<frequencies", "strider")):
            if mark in data[:4000]:
                return form
    if suffix in _TABLES:
        text, _ = decode(data, file=name)
        if strider.is_csv(text):
            return "strider"
        if is_report(text):
            return "genemarker"
        header = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
        cells = {
            header_key(cell.strip('"')) for part in header.split("\t") for c in part.split(";") for cell in c.split(",")
        }
        if {"person", "alleles"} <= cells:
            return "long"
        has_samples = {"sample", "sample name", "samplename", "зразок", "назва зразка"} & cells
        if {"frequency", "freq", "частота"} & cells or ({"allele", "алель"} & cells and not has_samples):
            return "frequencies"
        if has_samples:
            return "genemapper"
    raise BadFile(
        sentence("the format cannot be told"),
        file=name,
        next_step=sentence("name it with --from: {allowed}", allowed=", ".join(FORMS)),
    )


def load(name: str, data: bytes, form: str, options: Options) -> Loaded:
    """Read a file of a known format.

    Raises:
        BadFile, KinshipError: what the reader of the format refuses.
    """
    file = PurePath(name).name
    stem = PurePath(name).stem
    if form == "json":
        return _load_json(file, data, options.policy)
    if form == "fam":
        return _load_fam(file, stem, data, options)
    if form == "ped":
        families, markers = read_typed_pedigrees(data, file=file)
        people = tuple(
            TypedSample(p, dict(g), case_writer.sex_of(p, [f.pedigree]), f.pedigree.name)
            for f in families
            for p, g in f.genotypes.items()
        )
        notes = renamed_note(file, families[0].renamed)
        if not any(family.missing for family in families):
            notes += ("nobody has status 2, so nobody is missing",)
        return Loaded(stem, form, families=families, markers=markers, samples=people, notes=notes)
    if form == "codis":
        read = codis.read_codis(data, file=file)
        samples = tuple(codis.typed_sample(specimen, file) for specimen in read.specimens)
        loci = dict.fromkeys(name for specimen in read.specimens for name in specimen.loci)
        return Loaded(stem, form, samples=samples, codis=read, notes=renamed_note(file, renamed(loci)))
    if form in {"strider", "strider-csv"}:
        tables = strider.read_strider(data, file=file)
        return Loaded(stem, form, tables=tables, notes=renamed_note(file, tables[0].renamed))
    if form == "frequencies":
        frequencies = read_frequencies(data, file=file)
        return Loaded(stem, form, tables=(frequencies,), notes=renamed_note(file, frequencies.renamed))
    if form in {"emp", "hsd"}:
        _, rows = read_sequences(data, file=file)
        return Loaded(stem, form, samples=tuple(TypedSample(row.id, {"mtDNA": row.texts}) for row in rows))
    if form in {"long", "genemapper", "genemarker"}:
        table = read_genotype_table(data, file=file)
        notes = (f"controls are not samples: {', '.join(table.controls)}",) if table.controls else ()
        return Loaded(
            stem, table.form, samples=table.samples, notes=notes + table.notes + renamed_note(file, table.renamed)
        )
    raise BadFile(
        sentence("no such format"),
        file=file,
        value=form,
        next_step=sentence("one of {allowed}", allowed=", ".join(FORMS)),
    )


def _load_json(file: str, data: bytes, policy: UnseenAllelePolicy | None) -> Loaded:
    found, names = under_table_names(read_json(data, file=file), file=file)
    said = renamed_note(file, names)
    stem = PurePath(file).stem
    if "pm" in found:
        victims = victims_from(found, file, policy=policy)
        groups = [("victims", victims.victims), *((f.name, f.profiles) for f in victims.families)]
        rows = {str(row["id"]): row.get("genotypes") or {} for row in found["pm"]}
        raw = [rows, *((row.get("genotypes") or {}) for row in found["am"])]
        markers = victims.victims.markers
        samples, aside = case_writer.with_aside(groups, raw, markers)
        given = said + given_notes(markers)
        return Loaded(stem, "json", victims=victims, samples=samples, data=found, aside=aside, notes=given)
    question = question_from(found, file, policy=policy)
    groups = [(question.case, question.profiles)]
    samples, aside = case_writer.with_aside(groups, [found.get("genotypes") or {}], question.profiles.markers)
    given = said + given_notes(question.profiles.markers)
    return Loaded(stem, "json", question=question, samples=samples, data=found, aside=aside, notes=given)


def _load_fam(file: str, stem: str, data: bytes, options: Options) -> Loaded:
    read = familias.read_familias(data, file=file)
    stated = options.chromosomes
    markers, notes = familias_cases.markers_of(read, stated)
    loaded = Loaded(
        stem,
        "fam",
        tables=frequencies_of(markers, stem, read.database or "", under_table_names=True),
        familias=read,
        notes=notes + familias_cases.left_behind(read),
        unplaced=familias_cases.unplaced(read, stated),
    )
    if familias_victims.has_victims(read):
        victims, told = familias_victims.victims_of(read, options.missing, stated)
        if read.persons:
            told += (f"{len(read.persons)} persons outside the section [DVI] are left alone",)
        return _of_victims(loaded, victims, told)
    if not read.persons:
        return loaded
    if options.missing:
        return _of_victims(loaded, familias_cases.family_of(read, options.missing, stated), ())
    case = familias_cases.case_of(read, stated)
    question = None
    if options.h1 or options.h2 or len(case.pedigrees) == 2:
        question, _ = familias_cases.question_of(read, options.h1, options.h2, stated)
    families = tuple(TypedFamily(p, (), {}) for p in case.pedigrees)
    told = case.notes + loaded.notes[len(notes) :]
    return replace(
        loaded, question=question, families=families, samples=samples_of([(stem, case.profiles)]), notes=told
    )


def _of_victims(loaded: Loaded, victims: VictimCase, told: tuple[str, ...]) -> Loaded:
    groups = [("victims", victims.victims), *((f.name, f.profiles) for f in victims.families)]
    notes = tuple(dict.fromkeys((*told, *loaded.notes)))
    return replace(loaded, victims=victims, samples=samples_of(groups), notes=notes)


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
    if form in {"frequencies", "strider", "strider-csv"}:
        return _frequencies(loaded, form, options)
    if form not in FORMS:
        raise BadFile(
            sentence("no such format"),
            file=loaded.name,
            value=form,
            next_step=sentence("one of {allowed}", allowed=", ".join(FORMS)),
        )
    if loaded.samples is None or form in {"emp", "hsd"}:
        raise _none(loaded, form)
    holds_more = loaded.question or loaded.victims or loaded.families
    notes: tuple[str, ...] = ()
    if holds_more:
        notes = ("a table of genotypes holds no pedigrees, frequencies or mutation models",)
    elif loaded.codis is not None and form != "codis":
        notes = ("a table of genotypes holds no categories, comments, laboratories and readings",)
    if form == "long":
        return write_long(loaded.samples).encode(), (*details_of(loaded.samples), *partial_of(loaded.samples)), notes
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
        chromosomes = placed(loaded.markers, options.chromosomes)
        wanted = _wanted(loaded, options)
        data = victim_json(loaded.families, wanted.frequencies, chromosomes, loaded.name)
        data |= {"frequency_source": wanted.cited} if wanted.cited else {}
        notes = where_they_go(chromosomes)
    elif loaded.samples is not None:
        wanted = _wanted(loaded, options)
        typed = (marker for sample in loaded.samples for marker in sample.genotypes)
        chromosomes, without = places_of(typed, wanted.frequencies, options.chromosomes)
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
        return familias.write_familias(familias_cases.familias_of(loaded.question)), aside, ()
    if loaded.victims is None and loaded.families:
        chromosomes = placed(loaded.markers, options.chromosomes)
        data = victim_json(loaded.families, _wanted(loaded, options).frequencies, chromosomes, loaded.name)
        read = victims_from(data, loaded.name, policy=options.policy)
        written, losses = familias_victims.familias_of_victims(read)
        return (
            familias.write_familias(written),
            (*losses, *aside),
            (*where_they_go(chromosomes), *given_notes(read.victims.markers)),
        )
    if loaded.victims is not None:
        written, losses = familias_victims.familias_of_victims(loaded.victims)
        return familias.write_familias(written), (*losses, *aside), ()
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
    return write_frequencies(one).encode(), tuple(silent), notes
