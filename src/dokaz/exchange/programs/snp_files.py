"""Genotypes at dense SNPs: VCF, and the raw data of 23andMe, AncestryDNA and those who write alike.

Such files hold hundreds of thousands of markers; those of a list are read, by their rs number: of a table of frequencies,
or of a table with a column ``marker`` (and ``chromosome``, ``position`` for records of a VCF without a number, in the build
of that file). Read of a VCF is GT alone. What is not a SNP, did not pass a filter or is half a genotype is left out and
counted by reason; a marker that is not in the file is not taken for the reference. Chromosomes are those that the file
states.

Source: The Variant Call Format 4.4 (samtools/hts-specs), §1.6; the headers of the raw data of each company.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.reading.encodings import MAX_BYTES, decode
from dokaz.exchange.reading.tables import Column, read_table
from dokaz.kinship.model.pedigree import Sex

_BASES = frozenset("ACGT")
_COMPLEMENT = str.maketrans("ACGT", "TGCA")
_VCF_COLUMNS = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
_GENOTYPE = re.compile(r"(?:[0-9]{1,3}|\.)(?:[/|](?:[0-9]{1,3}|\.))*")
_RAW_HEADER = re.compile(r'#?\s*"?rsid"?[\t, ]', re.IGNORECASE)
#: Codes of AncestryDNA for chromosomes without a number; 25 is the region that X and Y share.
_CODES = {"23": "X", "24": "Y", "25": "XY", "26": "MT"}
_NO_RESULT = frozenset({"", "-", "--", "0", "00", "."})
_LIST = (
    Column("marker", ("rsid", "id", "snp", "locus"), required=True),
    Column("chromosome", ("chrom", "chr")),
    Column("position", ("pos", "bp")),
)


@dataclass(frozen=True)
class MarkerList:
    """Which markers are read, by name; by chromosome and position where a list says where they lie."""

    names: frozenset[str]
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class SnpFile:
    """What a file shows at the markers of a list.

    Args:
        chromosomes: As the file states them, by marker.
        notes: What was left out, by reason and number.
    """

    samples: tuple[TypedSample, ...]
    chromosomes: Mapping[str, str]
    notes: tuple[str, ...]


def is_vcf(text: str) -> bool:
    """Whether a text begins as a VCF does."""
    return text.startswith("##fileformat=VCF")


def is_raw(text: str) -> bool:
    """Whether a text has the header of the raw data of 23andMe, AncestryDNA or those who write alike."""
    for line in text.splitlines()[:200]:
        if _RAW_HEADER.match(line):
            return "chromosome" in line.casefold()
        if line.strip() and not line.startswith("#"):
            return False
    return False


def read_marker_list(data: bytes, *, file: str) -> MarkerList:
    """A table of markers, with chromosome and position where records have no number.

    Raises:
        BadFile: no column `marker`, a marker twice, a position without its chromosome.
    """
    table = read_table(data, file=file, columns=_LIST)
    names: dict[str, None] = {}
    places: dict[tuple[str, str], str] = {}
    for row in table:
        name = row.text("marker", required=True)
        if name in names:
            raise row.bad("marker", sentence("the marker is there twice"), sentence("keep one of them"))
        names[name] = None
        position = row.integer("position", low=1, high=300_000_000)
        if position is not None:
            place = _chromosome(row.text("chromosome", required=True)), str(position)
            if place in places:
                raise row.bad("position", sentence("two markers at one position"), sentence("correct one of them"))
            places[place] = name
    return MarkerList(frozenset(names), places)


def unpacked(data: bytes, *, file: str) -> bytes:
    """The file itself, unpacked where gzip packed it.

    Raises:
        BadFile: it is damaged, or unfolds to more than is read.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    step = sentence("copy it again from the original medium, or unpack it")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            found = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise BadFile(sentence("a packed file that cannot be unpacked"), file=file, next_step=step) from None
    if len(found) > MAX_BYTES:
        raise BadFile(sentence("the file unfolds to more than is read"), file=file, next_step=step)
    return found


def read_vcf(data: bytes, *, file: str, wanted: MarkerList) -> SnpFile:
    """Genotypes (GT) of all samples of a VCF at the markers of a list.

    Raises:
        BadFile: names the line: no VCF, no sample, a line with too few columns, a genotype that is none.
    """
    text, _ = decode(data, file=file)
    collected = _AtMarkers(file, wanted)
    people: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if line.startswith("##") or not line:
            continue
        if line.startswith("#"):
            people = _vcf_people(line, file, number)
            continue
        if not people:
            raise _bad(file, number, line, sentence("a record before the line #CHROM"))
        start = line.split("\t", 3)
        if len(start) < 4:
            raise _bad(file, number, line, sentence("not a record: too few columns"))
        if name := collected.name_of(start[0], start[1], start[2]):
            cells = line.split("\t")
            if len(cells) != 9 + len(people):
                raise _bad(
                    file,
                    number,
                    line,
                    sentence("{count} columns, not {expected}", count=len(cells), expected=9 + len(people)),
                )
            _take_record(collected, name, cells, people, number)
    if not people:
        raise _bad(file, 1, text[:60], sentence("no line #CHROM, so no samples"))
    return collected.file_of(people)


def _vcf_people(line: str, file: str, number: int) -> list[str]:
    columns = line.split("\t")
    if columns[:9] != _VCF_COLUMNS:
        raise _bad(file, number, line, sentence("not the columns of a VCF with genotypes"))
    people = columns[9:]
    if not people or len(set(people)) != len(people) or not all(people):
        raise _bad(file, number, line, sentence("no samples, or two of one name"))
    return people


def _take_record(collected: _AtMarkers, name: str, cells: Sequence[str], people: Sequence[str], line: int) -> None:
    chromosome, alleles = _chromosome(cells[0]), [cells[3].upper(), *cells[4].upper().split(",")]
    if cells[6] not in {"PASS", ".", ""}:
        collected.leave_out(name, "did not pass a filter")
    elif "GT" not in (form := cells[8].split(":")):
        collected.leave_out(name, "no GT")
    elif len(alleles[0]) != 1:
        collected.leave_out(name, "not a SNP (insertion, deletion or several bases)")
    else:
        place = form.index("GT")
        found: dict[str, tuple[str, ...]] = {}
        for person, cell in zip(people, cells[9:], strict=True):
            genotype = (cell.split(":") + [""] * place)[place]
            if genotype and not _GENOTYPE.fullmatch(genotype):
                raise _bad(collected.file, line, cell, sentence("{person}: not a genotype", person=person))
            called = re.split(r"[/|]", genotype) if genotype else ["."]
            if any(one != "." and int(one) >= len(alleles) for one in called):
                raise _bad(
                    collected.file, line, cell, sentence("{person}: an allele that ALT does not list", person=person)
                )
            found[person] = tuple(alleles[int(one)] if one != "." else "" for one in called)
        if any(base not in _BASES for shown in found.values() for base in shown if base):
            collected.leave_out(name, "not a SNP (insertion, deletion or several bases)")
        else:
            collected.take(name, chromosome, found)


def read_raw(data: bytes, *, file: str, person: str, wanted: MarkerList) -> SnpFile:
    """The genotypes of one person in raw data of 23andMe, AncestryDNA or those who write alike.

    Args:
        person: What to call them; such files do not say.

    Raises:
        BadFile: names the line: no header that is known, a row with another number of columns.
    """
    text, _ = decode(data, file=file)
    collected = _AtMarkers(file, wanted)
    columns: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not columns and _RAW_HEADER.match(line):
            columns = [column.casefold() for column in _cells(line.lstrip("# "))]
            genotype = _genotype_columns(columns, file, number)
            continue
        if not line.strip() or line.startswith("#"):
            continue
        if not columns:
            raise _bad(file, number, line, sentence("a row before the header"))
        cells = _cells(line)
        # Tabs divide 23andMe's empty genotypes too; a row that lost one is damaged.
        if len(cells) != len(columns):
            raise _bad(
                file, number, line, sentence("{count} columns, not {expected}", count=len(cells), expected=len(columns))
            )
        row = dict(zip(columns, cells, strict=True))
        if name := collected.name_of(row["chromosome"], row.get("position", ""), row["rsid"]):
            _take_row(collected, name, row, [row[column] for column in genotype], person)
    if not columns:
        raise _bad(file, 1, text[:60], sentence("no header with rsid, chromosome and genotype"))
    return collected.file_of([person])


def _take_row(collected: _AtMarkers, name: str, row: Mapping[str, str], cells: Sequence[str], person: str) -> None:
    chromosome = _chromosome(row["chromosome"])
    shown = [one.upper() for one in (cells if len(cells) == 2 else [cells[0]])]
    if all(one in _NO_RESULT for one in shown):
        collected.take(name, chromosome, {person: ("",)})
        return
    bases = shown if len(shown) == 2 else list(shown[0])
    if chromosome == "XY":
        collected.leave_out(name, "in the region that X and Y share")
    elif set(bases) & set("ID"):
        collected.leave_out(name, "not a SNP (insertion, deletion or several bases)")
    elif len(bases) > 2 or any(base not in _BASES and base not in _NO_RESULT for base in bases):
        collected.leave_out(name, "not bases")
    else:
        if len(shown) == 2 and chromosome in {"Y", "MT"} and bases[0] == bases[1]:
            bases = bases[:1]
        collected.take(name, chromosome, {person: tuple("" if base in _NO_RESULT else base for base in bases)})


def _genotype_columns(columns: Sequence[str], file: str, line: int) -> list[str]:
    for names in (["genotype"], ["result"], ["allele1", "allele2"]):
        if {"rsid", "chromosome", *names} <= set(columns) and len(set(columns)) == len(columns):
            return names
    raise _bad(file, line, ", ".join(columns), sentence("no header with rsid, chromosome and genotype"))


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.split("\t" if "\t" in line else ",")]


def _chromosome(text: str) -> str:
    word = text.strip().upper().removeprefix("CHR")
    return _CODES.get(word, "MT" if word == "M" else word)


class _AtMarkers:
    """Genotypes at the markers that are wanted, and why others of them are left out."""

    def __init__(self, file: str, wanted: MarkerList) -> None:
        self.file, self.wanted = file, wanted
        self.places: dict[str, str] = {}
        self.genotypes: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self.reasons: dict[str, str] = {}
        self.partial: Counter[str] = Counter()

    def name_of(self, chromosome: str, position: str, text: str) -> str:
        """The marker of a record, if it is wanted."""
        found = [name for name in text.split(";") if name in self.wanted.names]
        if not found and self.wanted.places:
            at = self.wanted.places.get((_chromosome(chromosome), position))
            found = [at] if at else []
        return found[0] if found else ""

    def leave_out(self, name: str, reason: str) -> None:
        self.reasons.setdefault(name, reason)
        self.genotypes.pop(name, None)

    def take(self, name: str, chromosome: str, shown: Mapping[str, tuple[str, ...]]) -> None:
        if name in self.reasons or name in self.genotypes:
            self.leave_out(name, "in two records, whose genotypes cannot be told apart")
            return
        self.places[name] = chromosome
        self.genotypes[name] = shown

    def file_of(self, people: Sequence[str]) -> SnpFile:
        """What was collected, and what was not."""
        typed: dict[str, dict[str, tuple[str, ...]]] = {person: {} for person in people}
        without = 0
        men = set()
        for name, shown in self.genotypes.items():
            for person, bases in shown.items():
                alone = self.places[name] in {"X", "Y", "MT"}
                if not any(bases):
                    without += 1
                elif not all(bases):
                    self.partial["half of the genotype is missing"] += 1
                elif len(bases) != 2 and not (alone and len(bases) == 1):
                    self.partial["not two alleles on an autosome"] += 1
                else:
                    typed[person][name] = bases
                    if self.places[name] == "X" and len(bases) == 1:
                        men.add(person)
        sexes = {person: Sex.MALE if person in men else Sex.UNKNOWN for person in people}
        samples = tuple(TypedSample(person, typed[person], sexes[person]) for person in people)
        return SnpFile(samples, {name: self.places[name] for name in self.genotypes}, self.notes(without))

    def notes(self, without: int) -> tuple[str, ...]:
        known = self.genotypes.keys() | self.reasons.keys()
        absent = sorted(self.wanted.names - known)
        said = [f"{self.file}: {len(self.genotypes)} of {len(self.wanted.names)} markers of the list read"]
        if absent:
            said.append(
                f"{self.file}: not in the file, and not taken for the reference ({len(absent)}): {_some(absent)}"
            )
        for reason, count in Counter(self.reasons.values()).items():
            names = sorted(name for name, why in self.reasons.items() if why == reason)
            said.append(f"{self.file}: left out, {reason} ({count}): {_some(names)}")
        said += [f"{self.file}: genotypes left out, {reason}: {count}" for reason, count in self.partial.items()]
        said += [f"{self.file}: genotypes without a result: {without}"] if without else []
        return tuple(said)


def on_this_strand(
    samples: Sequence[TypedSample], frequencies: Mapping[str, Mapping[str, float]], file: str
) -> tuple[str, ...]:
    """A note on markers whose strand cannot be told, once all others are on the strand of the frequencies.

    Raises:
        BadFile: markers whose bases only the other strand of the frequencies has; nothing is turned round here.
    """
    shown: dict[str, set[str]] = {}
    for sample in samples:
        for name, bases in sample.genotypes.items():
            shown.setdefault(name, set()).update(bases)
    turned, silent = [], []
    for name, seen in shown.items():
        listed = set(frequencies.get(name, {}))
        if not listed or not listed <= _BASES:
            continue
        complement = {base.translate(_COMPLEMENT) for base in seen}
        if not seen <= listed and complement <= listed:
            turned.append(name)
        if listed == {base.translate(_COMPLEMENT) for base in listed}:
            silent.append(name)
    if turned:
        raise BadFile(
            sentence("{count} of {all} markers show the bases of the other strand", count=len(turned), all=len(shown)),
            file=file,
            value=_some(turned),
            next_step=sentence("give frequencies on the strand of the file, or export the file on theirs"),
        )
    if not silent:
        return ()
    return (f"{file}: A/T or C/G, whose strand cannot be told ({len(silent)}): {_some(silent)}",)


def _some(names: Collection[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:5]) + (f" and {len(listed) - 5} more" if len(listed) > 5 else "")


def _bad(file: str, line: int, value: str, problem: Sentence) -> BadFile:
    return BadFile(problem, file=file, line=line, value=value[:80], next_step=sentence("export it again"))
