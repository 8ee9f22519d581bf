"""PED files with genotypes as values of the kinship engine: what other kinship programs read and write.

Written are family, id, father, mother (``0``: not known), sex (1 male, 2 female, 0 not known), status (2: missing, 1: not),
then one column a marker: ``12/13``, or ``0/0`` where untyped. The first line names the columns and begins with ``#family``;
columns are separated by tabs. `dokaz.exchange.reading.pedigrees` reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.programs.placed_markers import is_inherited, marker_rows, set_aside_alleles
from dokaz.exchange.reading.pedigrees import PedigreeRow, read_pedigrees
from dokaz.kinship.model.marker_table import chromosome_of, is_one_copy, marker_named, renamed
from dokaz.kinship.model.markers import Chromosome
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.sequence_alleles import in_one_spelling

_SIX = ("#family", "id", "father", "mother", "sex", "status")


@dataclass(frozen=True)
class TypedFamily:
    """One family of a PED file, its genotypes by person and marker."""

    pedigree: Pedigree
    missing: tuple[str, ...]
    genotypes: Mapping[str, Mapping[str, tuple[str, ...]]]
    # Markers by their name in the file, where they have another here.
    renamed: Mapping[str, str] = field(default_factory=dict)


def write_typed_pedigrees(families: Sequence[tuple[Pedigree, Sequence[str], Profiles]]) -> str:
    """A PED file of families: (pedigree, missing persons, profiles of relatives).

    Raises:
        BadFile: what the format cannot hold: an id "0" or with a tab, identical twins, founder inbreeding, a profile
            under a dropout model.
    """
    markers = families[0][2].markers.names if families else ()
    return write_pedigrees(
        [
            (
                pedigree,
                missing,
                {
                    person: {m: a for m in markers if (a := profiles.genotype(person, m)) is not None}
                    for person in pedigree.ids
                    if person in profiles
                },
            )
            for pedigree, missing, profiles in families
        ],
        markers,
    )


def write_pedigrees(
    families: Sequence[tuple[Pedigree, Sequence[str], Mapping[str, Mapping[str, Sequence[str]]]]],
    markers: Sequence[str],
) -> str:
    """The same of genotypes by person and marker.

    Raises:
        BadFile: as `write_typed_pedigrees`.
    """
    lines = ["\t".join((*_SIX, *markers))]
    for pedigree, missing, genotypes in families:
        if pedigree.identical_twins or any(member.inbreeding for member in pedigree):
            raise _unwritable(
                sentence("{name}: a PED file has no place for identical twins or inbred founders", name=pedigree.name)
            )
        for member in pedigree:
            for name in (pedigree.name, member.id):
                if name in {"", "0"} or any(c in name for c in "\t\r\n"):
                    raise _unwritable(sentence("{name!r} cannot be an id in a PED file", name=name))
            row = [pedigree.name, member.id, member.father or "0", member.mother or "0", str(int(member.sex))]
            row.append("2" if member.id in missing else "1")
            row += [_cell(genotypes.get(member.id, {}), member.id, marker) for marker in markers]
            lines.append("\t".join(row))
    return "\n".join(lines) + "\n"


def _cell(typed: Mapping[str, Sequence[str]], person: str, marker: str) -> str:
    alleles = typed.get(marker)
    if alleles is None:
        return "0/0"
    if len(alleles) == 1 and chromosome_of(marker) not in (None, Chromosome.AUTOSOMAL):
        # A man's X, a Y marker: the one allele is written twice, as other programs do.
        alleles = (alleles[0], alleles[0])
    if len(alleles) != 2:
        raise _unwritable(
            sentence(
                "{person}, {marker}: a PED file holds two alleles, not {alleles}",
                person=person,
                marker=marker,
                alleles="/".join(alleles) or "none",
            )
        )
    return "/".join(alleles)


def _unwritable(problem: Sentence) -> BadFile:
    return BadFile(problem, file="PED", next_step=sentence("keep this case as JSON"))


def read_typed_pedigrees(data: bytes, *, file: str) -> tuple[tuple[TypedFamily, ...], tuple[str, ...]]:
    """Read a PED file with genotypes, as values of the kinship engine.

    Returns:
        The families in the file's order, and the markers in the header's.

    Raises:
        BadFile: names line, column and value; one marker under two names.
        BadPedigree: a family that cannot be.
    """
    rows, written = read_pedigrees(data, file=file)
    names = {marker: marker_named(marker) or marker for marker in written}
    for marker, name in names.items():
        others = [other for other in written if names[other] == name and other != marker]
        if others and not all(map(is_one_copy, (marker, *others))):
            raise BadFile(
                sentence("{name} has two columns: {first} and {second}", name=name, first=others[0], second=marker),
                file=file,
                column=marker,
                next_step=sentence("keep one of them"),
            )
    families: dict[str, list[PedigreeRow]] = {}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    found = []
    for name, members in families.items():
        pedigree = Pedigree(
            tuple(Member(m.id, m.father or None, m.mother or None, Sex[m.sex.upper()]) for m in members), name=name
        )
        missing = tuple(m.id for m in members if m.is_missing)
        genotypes = {m.id: _under(names, m.genotypes) for m in members if m.genotypes}
        found.append(TypedFamily(pedigree, missing, genotypes, renamed(written)))
    return tuple(found), tuple(dict.fromkeys(names.values()))


def _under(names: Mapping[str, str], genotypes: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Genotypes under the names that markers have here; a copy of a marker that is written apart has one allele."""
    found: dict[str, tuple[str, ...]] = {}
    for written, pair in genotypes.items():
        alleles = tuple(map(in_one_spelling, dict.fromkeys(pair) if is_one_copy(written) else pair))
        found[names[written]] = (*found.get(names[written], ()), *alleles)
    return found


def with_missing(families: Sequence[TypedFamily], missing: Sequence[str], file: str) -> tuple[TypedFamily, ...]:
    """Families in which these persons are missing too.

    Raises:
        BadFile: a name that nobody of these families has, or two have.
    """
    for name in missing:
        having = [family for family in families if name in family.pedigree]
        if len(having) != 1:
            raise BadFile(
                sentence("{count} persons of this name", count=len(having)),
                file=file,
                value=name,
                next_step=sentence(
                    "name one of: {names}", names=", ".join(person for f in families for person in f.pedigree.ids)
                ),
            )
    return tuple(
        replace(
            family,
            missing=(*family.missing, *(n for n in missing if n in family.pedigree and n not in family.missing)),
        )
        for family in families
    )


def victim_json(
    families: Sequence[TypedFamily],
    frequencies: Mapping[str, Mapping[str, float]],
    chromosomes: Mapping[str, Chromosome],
    case: str,
) -> dict[str, object]:
    """A victim file without victims, from families and a frequency table.

    Raises:
        BadFile: an autosomal or X marker without frequencies.
    """
    for marker, chromosome in chromosomes.items():
        if marker not in frequencies and is_inherited(chromosome):
            raise BadFile(
                sentence("marker {marker} has no frequencies", marker=marker),
                file="frequencies",
                next_step=sentence("add it, or drop the column"),
            )
    return {
        "case": case,
        "kind": "dvi",
        "markers": marker_rows(frequencies, chromosomes),
        "pm": [],
        "am": [
            {
                "family": family.pedigree.name,
                "components": [
                    {
                        "members": [
                            {"id": m.id, "father": m.father, "mother": m.mother, "sex": int(m.sex)}
                            for m in family.pedigree
                        ]
                    }
                ],
                "genotypes": {
                    person: {
                        marker: list(alleles)
                        if is_inherited(chromosomes[marker])
                        else set_aside_alleles(marker, alleles)
                        for marker, alleles in typed.items()
                    }
                    for person, typed in family.genotypes.items()
                },
            }
            for family in families
        ],
        "missing": [person for family in families for person in family.missing],
    }
