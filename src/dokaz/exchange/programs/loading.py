"""What a file of kinship data holds, in whatever format: the format is told, and the file read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from dokaz.errors import BadFile, BadProfile, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable, read_frequencies
from dokaz.exchange.programs import (
    base_frequencies,
    case_writer,
    codis,
    familias,
    familias_cases,
    familias_victims,
    forenseq,
    listed_frequencies,
    snp_files,
    strider,
    unknown_sexes,
    wide_tables,
)
from dokaz.exchange.programs.case_markers import read_json, under_table_names
from dokaz.exchange.programs.case_reader import Question, VictimCase, question_from, victims_from
from dokaz.exchange.programs.gedcom import read_gedcom
from dokaz.exchange.programs.genotype_tables import (
    GenotypeTable,
    TypedSample,
    is_report,
    read_genotype_table,
    samples_of,
)
from dokaz.exchange.programs.mtdna_files import read_sequences
from dokaz.exchange.programs.placed_markers import frequencies_of, given_notes, renamed_note
from dokaz.exchange.programs.typed_pedigrees import TypedFamily, read_typed_pedigrees, with_missing
from dokaz.exchange.reading.encodings import decode
from dokaz.exchange.reading.remarks import in_words
from dokaz.exchange.reading.tables import header_key
from dokaz.exchange.reading.workbooks import is_workbook, sheet_as_text, sheets_as_text
from dokaz.kinship.lineage.mtdna import MtSequence
from dokaz.kinship.model.marker_table import must_be_known, renamed
from dokaz.kinship.model.markers import Chromosome, UnseenAllelePolicy
from dokaz.kinship.model.pedigree import Sex

#: What `--from` and `--to` may name.
FORMS = (
    "json", "fam", "ped", "long", "wide", "genemapper", "genemarker", "codis",
    "strider", "strider-csv", "frequencies", "pedtools", "emp", "hsd", "gedcom", "vcf", "23andme", "forenseq",
)  # fmt: skip
#: Those that are not written.
READ_ONLY = frozenset({"emp", "hsd", "gedcom", "vcf", "23andme", "forenseq"})
_BY_SUFFIX = {
    ".json": "json",
    ".fam": "fam",
    ".ped": "ped",
    ".emp": "emp",
    ".hsd": "hsd",
    ".ged": "gedcom",
    ".vcf": "vcf",
}
_TABLES = frozenset({".csv", ".txt", ".tsv", ".tab", ".freq", ".freqs", ".xlsx", ".xlsm"})
_FATHERS = frozenset({"father", "fid", "pat", "fatherid", "father id"})
_MOTHERS = frozenset({"mother", "mid", "mat", "motherid", "mother id"})
_MARKERS = frozenset({"marker", "locus", "маркер", "локус"})


@dataclass(frozen=True)
class Options:
    """What a conversion may need beyond the two files.

    Args:
        frequencies: A table, for formats without one.
        h1, h2: Names of two pedigrees of a Familias file.
        missing: Who is missing, beside those whom the file calls so.
        population: Of a file with several.
        lone_is_homozygote: Take a lone allele for a homozygote.
        codis: Head of a CODIS file that is written: destination, laboratory, user, at.
        category: Specimen category of a CODIS file that is written.
        chromosomes: Chromosomes of markers that the table of markers does not have, by name or pattern.
        policy: What to do with alleles without a frequency; without one they are refused.
        sheet: Of a workbook with several.
        unknown_sex: Whose sex is not known, although a file of Familias has to say one.
        markers: Which are read of a file of dense SNPs; else those of the frequencies.
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
    sheet: str = ""
    markers: snp_files.MarkerList | None = None
    unknown_sex: Sequence[str] = ()


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
    # Chromosomes that the file itself states, by marker.
    places: Mapping[str, str] = field(default_factory=dict)

    def must_be_placed(self) -> None:
        """Ask for chromosomes that are not known, where an answer or a file would rest on them."""
        must_be_known(self.unplaced)


def as_text(name: str, data: bytes, sheet: str = "") -> bytes:
    """The file, a workbook of Excel as the text of one sheet, and what gzip packed unpacked.

    Raises:
        BadFile: a workbook that cannot be read, or with several sheets of which none is named; a damaged archive.
    """
    file = PurePath(name).name
    return sheet_as_text(data, file=file, sheet=sheet) if is_workbook(data) else snp_files.unpacked(data, file=file)


def load_any(name: str, data: bytes, options: Options, form: str = "") -> Loaded:
    """Read a file of whatever format.

    Raises:
        BadFile, KinshipError: the format cannot be told, or what its reader refuses.
    """
    if is_workbook(data) and not options.sheet and form in {"", "forenseq"}:
        file = PurePath(name).name
        sheets = sheets_as_text(data, file=file)
        if form or forenseq.is_report(sheets):
            return _of_table(PurePath(name).stem, forenseq.read_report(sheets, file=file))
    text = as_text(name, data, options.sheet)
    return load(name, text, form or form_of(name, text), options)


def form_of(name: str, data: bytes) -> str:
    """The format of a file, from its suffix and, where several share one, from its beginning.

    Args:
        data: The file, or one sheet of it as text.

    Raises:
        BadFile: it cannot be told.
    """
    suffix = PurePath(name.lower().removesuffix(".gz")).suffix
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".xml":
        for mark, form in ((b"CODIS", "codis"), (b"<frequencies", "strider")):
            if mark in data[:4000]:
                return form
    if suffix in _TABLES:
        text, _ = decode(data, file=name)
        if snp_files.is_vcf(text):
            return "vcf"
        if snp_files.is_raw(text):
            return "23andme"
        if strider.is_csv(text):
            return "strider"
        if is_report(text):
            return "genemarker"
        header = _header(text)
        cells = set(map(header_key, header))
        if {"person", "alleles"} <= cells:
            return "long"
        if "sex" in cells and _FATHERS & cells and _MOTHERS & cells:
            return "ped"
        has_samples = {"sample", "sample name", "samplename", "зразок", "назва зразка"} & cells
        if base_frequencies.is_by_base(header):
            return "frequencies"
        if {"frequency", "freq", "частота"} & cells or ({"allele", "haplotype", "алель"} & cells and not has_samples):
            return "frequencies"
        if has_samples and (_MARKERS & cells or not wide_tables.is_wide(list(cells))):
            return "genemapper"
        if wide_tables.is_wide(list(cells)):
            return "wide"
        if listed_frequencies.is_listed(text):
            return "pedtools"
    raise BadFile(
        sentence("the format cannot be told"),
        file=name,
        next_step=sentence("name it with --from: {allowed}", allowed=", ".join(FORMS)),
    )


def _header(text: str) -> list[str]:
    """The cells of the first line that is no remark, whatever divides them."""
    line = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    return [cell.strip('"') for part in line.split("\t") for c in part.split(";") for cell in c.split(",")]


def load(name: str, data: bytes, form: str, options: Options) -> Loaded:
    """Read a file of a known format.

    Raises:
        BadFile, KinshipError: what the reader of the format refuses.
    """
    file = PurePath(name).name
    stem = PurePath(name).stem
    data = as_text(name, data, options.sheet)
    if form == "json":
        return _load_json(file, data, options.policy)
    if form == "fam":
        return _with_unknown_sexes(_load_fam(file, stem, data, options), options.unknown_sex, file)
    if form == "gedcom":
        families, notes = read_gedcom(data, file=file, name=stem)
        families = with_missing(families, options.missing, file)
        return Loaded(
            stem,
            form,
            families=families,
            notes=notes + _nobody_missing(families, "nobody is missing yet: --missing NAME"),
        )
    if form == "ped":
        families, markers = read_typed_pedigrees(data, file=file)
        families = with_missing(families, options.missing, file)
        people = tuple(
            TypedSample(p, dict(g), case_writer.sex_of(p, [f.pedigree]), f.pedigree.name)
            for f in families
            for p, g in f.genotypes.items()
        )
        notes = renamed_note(file, families[0].renamed)
        notes += _nobody_missing(families, "nobody has status 2, so nobody is missing")
        return Loaded(stem, form, families=families, markers=markers, samples=people, notes=notes)
    if form == "codis":
        read = codis.read_codis(data, file=file)
        samples = tuple(codis.typed_sample(specimen, file) for specimen in read.specimens)
        loci = dict.fromkeys(name for specimen in read.specimens for name in specimen.loci)
        return Loaded(stem, form, samples=samples, codis=read, notes=renamed_note(file, renamed(loci)))
    if form in {"strider", "strider-csv"}:
        tables = strider.read_strider(data, file=file)
        return Loaded(stem, form, tables=tables, notes=renamed_note(file, tables[0].renamed))
    if form == "frequencies" and base_frequencies.is_by_base(_header(decode(data, file=file)[0])):
        by_base, notes = base_frequencies.read_by_base(data, file=file)
        return Loaded(stem, form, tables=(by_base,), notes=notes + renamed_note(file, by_base.renamed))
    if form == "frequencies":
        frequencies = read_frequencies(data, file=file, takes_sequences=True, population=options.population)
        kept = tuple(in_words(said) for said in frequencies.remarks if said["code"] in {"column_unknown", "line_kept"})
        return Loaded(stem, form, tables=(frequencies,), notes=kept + renamed_note(file, frequencies.renamed))
    if form == "pedtools":
        listed = listed_frequencies.read_listed(data, file=file)
        return Loaded(stem, form, tables=(listed,), notes=renamed_note(file, listed.renamed))
    if form == "forenseq":
        raise BadFile(
            sentence("no workbook that can be read"), file=file, next_step=sentence("give the report as .xlsx, whole")
        )
    if form in {"vcf", "23andme"}:
        return _load_snps(file, stem, data, form, options)
    if form in {"emp", "hsd"}:
        return _load_sequences(file, stem, data, form)
    if form in {"long", "genemapper", "genemarker", "wide"}:
        table = (wide_tables.read_wide if form == "wide" else read_genotype_table)(data, file=file)
        return _of_table(stem, table)
    raise BadFile(
        sentence("no such format"),
        file=file,
        value=form,
        next_step=sentence("one of {allowed}", allowed=", ".join(FORMS)),
    )


def _of_table(stem: str, table: GenotypeTable) -> Loaded:
    controls = (f"controls are not samples: {', '.join(table.controls)}",) if table.controls else ()
    notes = (*controls, *table.notes, *renamed_note(table.file, table.renamed))
    return Loaded(stem, table.form, samples=table.samples, notes=notes)


def _nobody_missing(families: Sequence[TypedFamily], note: str) -> tuple[str, ...]:
    return () if any(family.missing for family in families) else (note,)


def _load_sequences(file: str, stem: str, data: bytes, form: str) -> Loaded:
    _, rows = read_sequences(data, file=file, is_empop=form == "emp")
    lines: dict[str, int] = {}
    for row in rows:
        try:
            MtSequence.of(row.texts)
        except BadProfile as error:
            raise BadFile(error.what, file=file, line=row.line, value=row.id, next_step=error.next_step) from error
        if row.id in lines:
            raise BadFile(
                sentence("the person is there twice: line {line}", line=lines[row.id]),
                file=file,
                line=row.line,
                value=row.id,
                next_step=sentence("keep one row a person"),
            )
        lines[row.id] = row.line
    groups = sum(bool(row.haplogroup) for row in rows)
    several = [f"{row.id} ({row.count})" for row in rows if row.count > 1]
    notes = (
        *([f"{file}: haplogroups are kept in the file only: {groups}"] if groups else []),
        *([f"{file}: numbers of persons are kept in the file only: {', '.join(several[:10])}"] if several else []),
    )
    samples = tuple(TypedSample(row.id, {"mtDNA": row.texts}) for row in rows)
    return Loaded(stem, form, samples=samples, notes=notes)


def _load_snps(file: str, stem: str, data: bytes, form: str, options: Options) -> Loaded:
    wanted = options.markers
    if wanted is None and options.frequencies is not None:
        wanted = snp_files.MarkerList(frozenset(options.frequencies.frequencies))
    if wanted is None:
        raise BadFile(
            sentence("a file of so many markers is read at those of a list"),
            file=file,
            next_step=sentence("give their frequencies (--frequencies TABLE), or a table of them (--markers TABLE)"),
        )
    if form == "vcf":
        read = snp_files.read_vcf(data, file=file, wanted=wanted)
    else:
        read = snp_files.read_raw(data, file=file, person=stem, wanted=wanted)
    strand: tuple[str, ...] = ()
    if options.frequencies is not None:
        strand = snp_files.on_this_strand(read.samples, options.frequencies.frequencies, file)
    for marker, stated in options.chromosomes.items():
        here = read.chromosomes.get(marker)
        if here is not None and Chromosome.named(here) is not Chromosome.named(stated):
            raise BadFile(
                sentence("{marker} lies on {here} by this file, on {stated} by --chromosome", marker=marker, here=here,
                         stated=stated),
                file=file,
                next_step=sentence("correct one of them"),
            )  # fmt: skip
    return Loaded(stem, form, samples=read.samples, notes=read.notes + strand, places=read.chromosomes)


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


def _with_unknown_sexes(loaded: Loaded, names: Sequence[str], file: str) -> Loaded:
    """What was read, the sex of these persons unknown."""
    if not names:
        return loaded
    question, victims = loaded.question, loaded.victims
    pedigrees = [f.pedigree for f in loaded.families] or [f.pedigree for f in (victims.families if victims else ())]
    people = [person for pedigree in pedigrees for person in pedigree.ids] + list(
        victims.victims.ids if victims else ()
    )
    unknown_sexes.must_be_there(names, people, file)
    return replace(
        loaded,
        question=question and unknown_sexes.question_with_unknown(question, names, file),
        victims=victims and unknown_sexes.case_with_unknown(victims, names, file),
        families=tuple(
            replace(f, pedigree=unknown_sexes.with_unknown(f.pedigree, names, file)) for f in loaded.families
        ),
        samples=tuple(
            replace(sample, sex=Sex.UNKNOWN) if sample.id in names else sample for sample in loaded.samples or ()
        ),
    )


def _of_victims(loaded: Loaded, victims: VictimCase, told: tuple[str, ...]) -> Loaded:
    groups = [("victims", victims.victims), *((f.name, f.profiles) for f in victims.families)]
    notes = tuple(dict.fromkeys((*told, *loaded.notes)))
    return replace(loaded, victims=victims, samples=samples_of(groups), notes=notes)
