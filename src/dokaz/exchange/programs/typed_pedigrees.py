"""PED files with genotypes: what other kinship programs read and write.

A PED line is family, id, father, mother (``0``: not known), sex (1 male, 2 female, 0 not known), status (2: missing, 1:
not), then one column a marker: ``12/13``, or ``0/0`` where untyped. The first line names the columns; here it begins with
``#family``. R's pedtools and QuickPed write ``famid, id, fid, mid, sex`` or leave the family out, and know no status.
Columns are separated by tabs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.reading.encodings import decode
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

_SIX = ("#family", "id", "father", "mother", "sex", "status")
_NAMES = {
    "#family": "family", "family": "family", "famid": "family", "id": "id", "father": "father", "fid": "father",
    "mother": "mother", "mid": "mother", "sex": "sex", "status": "status",
}  # fmt: skip
_UNTYPED = frozenset({"0/0", "", "-/-", "./.", "-"})
_NO_ALLELE = frozenset({"", "0", "-", ".", "?", "NA"})


@dataclass(frozen=True)
class TypedFamily:
    """One family of a PED file, its genotypes by person and marker."""

    pedigree: Pedigree
    missing: tuple[str, ...]
    genotypes: Mapping[str, Mapping[str, tuple[str, ...]]]


def write_typed_pedigrees(families: Sequence[tuple[Pedigree, Sequence[str], Profiles]]) -> str:
    """A PED file of families: (pedigree, missing persons, profiles of relatives).

    Raises:
        BadFile: what the format cannot hold: an id "0" or with a tab, identical twins, founder inbreeding, a profile
            under a dropout model.
    """
    markers = families[0][2].markers.names if families else ()
    lines = ["\t".join((*_SIX, *markers))]
    for pedigree, missing, profiles in families:
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
            row += [_cell(profiles, member.id, marker) for marker in markers]
            lines.append("\t".join(row))
    return "\n".join(lines) + "\n"


def _cell(profiles: Profiles, person: str, marker: str) -> str:
    alleles = profiles.genotype(person, marker) if person in profiles else None
    if alleles is None:
        return "0/0"
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
    """Read a PED file with a header and genotypes.

    Returns:
        The families in the file's order, and the markers in the header's.

    Raises:
        BadFile: names line, column and value.
        BadPedigree: a family that cannot be.
    """
    text, _ = decode(data, file=file)
    # Not splitlines: it also breaks at separators that may stand inside a name.
    lines = text.replace("\r\n", "\n").split("\n")
    header = lines[0].split("\t")
    columns: list[str] = []
    for cell in header:
        name = _NAMES.get(cell.strip().casefold(), "")
        if not name or name in columns:
            break
        columns.append(name)
    if not {"id", "father", "mother", "sex"} <= set(columns):
        raise BadFile(
            sentence("the first line does not name the columns"),
            file=file,
            line=1,
            value=lines[0][:60],
            next_step=sentence("begin with {columns} and the markers, separated by tabs", columns=" ".join(_SIX)),
        )
    markers = tuple(header[len(columns) :])
    if len(set(markers)) != len(markers) or "" in markers:
        raise BadFile(
            sentence("a marker is named twice or not at all"),
            file=file,
            line=1,
            next_step=sentence("name each column once"),
        )
    found: dict[str, tuple[list[Member], list[str], dict[str, dict[str, tuple[str, ...]]]]] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            raise BadFile(
                sentence("{count} columns, not {expected}", count=len(cells), expected=len(header)),
                file=file,
                line=number,
            )
        told = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        family, person, father, mother = (
            told.get(c, PurePath(file).stem) for c in ("family", "id", "father", "mother")
        )
        sex, status = told["sex"], told.get("status", "0")
        for column, value in (("sex", sex), ("status", status)):
            if value not in {"0", "1", "2"}:
                raise BadFile(sentence("not 0, 1 or 2"), file=file, line=number, column=column, value=value)
        if "" in (family, person) or person == "0":
            raise BadFile(sentence("no family or id"), file=file, line=number, column="id", value=person)
        members, missing, genotypes = found.setdefault(family, ([], [], {}))
        parents = [None if p in {"0", ""} else p for p in (father, mother)]
        members.append(Member(person, parents[0], parents[1], Sex(int(sex))))
        if status == "2":
            missing.append(person)
        for marker, cell in zip(markers, cells[len(columns) :], strict=True):
            if cell.strip() in _UNTYPED:
                continue
            alleles = tuple(part.strip() for part in cell.split("/"))
            if len(alleles) != 2 or _NO_ALLELE.intersection(alleles):
                raise BadFile(sentence("not two alleles"), file=file, line=number, column=marker, value=cell)
            genotypes.setdefault(person, {})[marker] = alleles
    if not found:
        raise BadFile(
            sentence("there is no member in the file"), file=file, next_step=sentence("export the pedigrees again")
        )
    families = tuple(
        TypedFamily(Pedigree(tuple(members), name=name), tuple(missing), genotypes)
        for name, (members, missing, genotypes) in found.items()
    )
    return families, markers


def victim_json(
    families: Sequence[TypedFamily], frequencies: Mapping[str, Mapping[str, float]], markers: Sequence[str], case: str
) -> dict[str, object]:
    """A victim file without victims, from families and a frequency table.

    Raises:
        BadFile: a marker without frequencies.
    """
    for marker in markers:
        if marker not in frequencies:
            raise BadFile(
                sentence("marker {marker} has no frequencies", marker=marker),
                file="frequencies",
                next_step=sentence("add it, or drop the column"),
            )
    return {
        "case": case,
        "kind": "dvi",
        "markers": [
            {
                "name": marker,
                "chrom": None,
                "alleles": list(frequencies[marker]),
                "freqs": list(frequencies[marker].values()),
                "mutation": None,
            }
            for marker in markers
        ],
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
                "genotypes": {p: {k: list(a) for k, a in g.items()} for p, g in family.genotypes.items()},
            }
            for family in families
        ],
        "missing": [person for family in families for person in family.missing],
    }
