"""CODIS CMF files (XML, versions 3.0 to 3.3): specimens with their loci, read and written.

The order of elements, how often each may stand and how long its text may be follow the published schema. Elements and
attributes beyond it are kept, and written again. Versions 3.2 and 3.3 differ in the loci that they name.

Source: CODIS Common Message Format, schema `urn:CODISImportFile-schema` (2017 edition; version 3.2, appendices A and B);
loci of version 3.3 as listed in the Rapid Import specification, revision 17.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dokaz.errors import BadFile, Sentence, sentence
from dokaz.exchange.programs.genotype_tables import TypedSample
from dokaz.exchange.reading.genotypes import AMELOGENIN
from dokaz.exchange.reading.xml_elements import XmlElement, read_elements, written_elements
from dokaz.kinship.model.marker_table import is_one_copy, marker_named
from dokaz.kinship.model.pedigree import Sex

NAMESPACE = "urn:CODISImportFile-schema"
#: Elements of the file that come before its specimens: longest text, and whether they must be there.
HEADER = {
    "HEADERVERSION": (4, True),
    "MESSAGETYPE": (6, True),
    "DESTINATIONORI": (10, True),
    "SOURCELAB": (10, True),
    "SUBMITBYUSERID": (20, True),
    "SUBMITDATETIME": (40, True),
    "BATCHID": (32, False),
    "KIT": (32, False),
}
#: The same of a specimen and of a locus.
SPECIMEN = {"SPECIMENID": (24, True), "SPECIMENCATEGORY": (32, True), "SPECIMENCOMMENT": (255, False)}
LOCUS = {"LOCUSNAME": (10, True), "READINGBY": (20, True), "READINGDATETIME": (40, True)}
MOST_LOCI, MOST_ALLELES, LONGEST_ALLELE = 64, 8, 10
#: Loci that version 3.2 names; with any other a file is of version 3.3, where three have another name.
LOCI_32 = frozenset((
    "AMEL", "Amelogenin", "CSF1PO", "D13S317", "D16S539", "D18S51", "D19S433", "D21S11", "D2S1338", "D3S1358", "D5S818",
    "D7S820", "D8S1179", "FGA", "Penta D", "Penta E", "TH01", "THO1", "TP0X", "TPOX", "vWA",
))  # fmt: skip
NAMES_33 = {"AMEL": "Amelogenin", "DYS389I": "DYS389 I", "DYS389II": "DYS389 II"}
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True)
class CodisLocus:
    """One locus of a specimen: what the schema says, alleles in their order, and attributes (BATCHID, KIT)."""

    values: Mapping[str, str]
    alleles: tuple[str, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    # Attributes of each allele (ALLELEREQUIRED), one an allele.
    allele_attributes: tuple[Mapping[str, str], ...] = ()
    others: tuple[XmlElement, ...] = ()


@dataclass(frozen=True)
class CodisSpecimen:
    """One specimen, its loci by name, and attributes (SOURCEID, CASEID, PARTIAL)."""

    values: Mapping[str, str]
    loci: Mapping[str, CodisLocus]
    attributes: Mapping[str, str] = field(default_factory=dict)
    others: tuple[XmlElement, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """The specimen's own id."""
        return self.values["SPECIMENID"]

    @property
    def is_partial(self) -> bool:
        """Whether alleles may be missing."""
        return self.attributes.get("PARTIAL", "").casefold() in {"true", "1"}


@dataclass(frozen=True)
class CodisFile:
    """A whole file: what its head says, and its specimens."""

    file: str
    values: Mapping[str, str]
    specimens: tuple[CodisSpecimen, ...]
    namespace: str = NAMESPACE
    attributes: Mapping[str, str] = field(default_factory=dict)
    others: tuple[XmlElement, ...] = ()


def read_codis(data: bytes, *, file: str) -> CodisFile:
    """Read a CMF file.

    Args:
        data: The whole file.
        file: Its name, for errors.

    Raises:
        BadFile: names the line and the value: not a CMF file, an element that is missing, given twice or too long, a
            specimen or a locus given twice.
    """
    root = read_elements(data, file=file)
    if root.name != "CODISImportFile":
        raise _bad(file, root, sentence("not a CODIS file: the outermost element is not <CODISImportFile>"), root.name)
    values, rest = _values(file, root, HEADER)
    version = values["HEADERVERSION"]
    if not re.fullmatch(r"3\.[0-9]", version):
        raise _bad(file, root, sentence("a version of the message format that is not read here"), version)
    found: dict[str, CodisSpecimen] = {}
    others: list[XmlElement] = []
    for element in rest:
        if element.name != "SPECIMEN":
            others.append(element)
            continue
        specimen = _specimen(file, element)
        if specimen.id in found:
            raise _bad(
                file,
                element,
                sentence("the specimen is given twice: line {line}", line=found[specimen.id].line),
                specimen.id,
            )
        found[specimen.id] = specimen
    if not found:
        raise _bad(file, root, sentence("the file has no specimens"))
    return CodisFile(file, values, tuple(found.values()), root.namespace, root.attributes, tuple(others))


def _specimen(file: str, element: XmlElement) -> CodisSpecimen:
    values, rest = _values(file, element, SPECIMEN)
    loci: dict[str, CodisLocus] = {}
    others: list[XmlElement] = []
    for part in rest:
        if part.name != "LOCUS":
            others.append(part)
            continue
        locus = _locus(file, part)
        name = locus.values["LOCUSNAME"]
        if name in loci:
            raise _bad(
                file, part, sentence("{specimen}: the locus is given twice", specimen=values["SPECIMENID"]), name
            )
        loci[name] = locus
    if not loci:
        raise _bad(file, element, sentence("{specimen} has no loci", specimen=values["SPECIMENID"]))
    return CodisSpecimen(values, loci, element.attributes, tuple(others), element.line)


def _locus(file: str, element: XmlElement) -> CodisLocus:
    values, rest = _values(file, element, LOCUS)
    alleles: list[str] = []
    attributes: list[Mapping[str, str]] = []
    others: list[XmlElement] = []
    for part in rest:
        if part.name != "ALLELE":
            others.append(part)
            continue
        inside = part.named("ALLELEVALUE")
        if len(inside) != 1 or len(part.parts) != 1 or not 0 < len(inside[0].text) <= LONGEST_ALLELE:
            raise _bad(
                file,
                part,
                sentence(
                    "{locus}: not one allele of up to {longest} characters",
                    locus=values["LOCUSNAME"],
                    longest=LONGEST_ALLELE,
                ),
            )
        alleles.append(inside[0].text)
        attributes.append(part.attributes)
    if not 0 < len(alleles) <= MOST_ALLELES:
        raise _bad(
            file,
            element,
            sentence(
                "{locus}: {alleles} alleles, not 1 to {most}",
                locus=values["LOCUSNAME"],
                alleles=len(alleles),
                most=MOST_ALLELES,
            ),
        )
    return CodisLocus(values, tuple(alleles), element.attributes, tuple(attributes), tuple(others))


def _values(
    file: str, element: XmlElement, known: Mapping[str, tuple[int, bool]]
) -> tuple[dict[str, str], list[XmlElement]]:
    """The plain elements that the schema names, and the other parts."""
    values: dict[str, str] = {}
    rest: list[XmlElement] = []
    for part in element.parts:
        if part.name not in known:
            rest.append(part)
            continue
        if part.name in values or part.parts:
            raise _bad(file, part, sentence("<{name}> is given twice, or holds elements", name=part.name), part.text)
        if len(part.text) > known[part.name][0]:
            raise _bad(
                file,
                part,
                sentence("<{name}> has more than {longest} characters", name=part.name, longest=known[part.name][0]),
                part.text,
            )
        if part.name.endswith("DATETIME") and not _DATE_TIME.fullmatch(part.text):
            raise _bad(file, part, sentence("<{name}> is no date and time", name=part.name), part.text)
        values[part.name] = part.text
    for name, (_, required) in known.items():
        if required and not values.get(name):
            raise _bad(file, element, sentence("<{name}> has no <{part}>", name=element.name, part=name))
    return values, rest


def _bad(file: str, element: XmlElement, problem: Sentence, value: str | None = None) -> BadFile:
    return BadFile(problem, file=file, line=element.line, value=value, next_step=sentence("export it again"))


def write_codis(codis: CodisFile) -> str:
    """A CMF file.

    Raises:
        BadFile: something that the schema demands is missing or too long; nothing is cut or made up.
    """
    if not codis.specimens:
        raise _unwritable(sentence("no specimens"))
    root = XmlElement("CODISImportFile", codis.namespace, dict(codis.attributes))
    root.parts = _elements(codis.values, HEADER, codis.namespace, "the file")
    for specimen in codis.specimens:
        element = XmlElement("SPECIMEN", codis.namespace, dict(specimen.attributes))
        element.parts = _elements(specimen.values, SPECIMEN, codis.namespace, specimen.values.get("SPECIMENID", "?"))
        if not 0 < len(specimen.loci) <= MOST_LOCI:
            raise _unwritable(
                sentence(
                    "{id}: {loci} loci, not 1 to {most}",
                    id=specimen.id,
                    loci=len(specimen.loci),
                    most=MOST_LOCI,
                )
            )
        for name, locus in specimen.loci.items():
            element.parts.append(_locus_element(locus, codis.namespace, f"{specimen.id}, {name}"))
        element.parts += specimen.others
        root.parts.append(element)
    root.parts += codis.others
    return written_elements(root)


def _locus_element(locus: CodisLocus, namespace: str, whose: str) -> XmlElement:
    element = XmlElement("LOCUS", namespace, dict(locus.attributes))
    element.parts = _elements(locus.values, LOCUS, namespace, whose)
    if not 0 < len(locus.alleles) <= MOST_ALLELES:
        raise _unwritable(
            sentence(
                "{whose}: {alleles} alleles, not 1 to {most}",
                whose=whose,
                alleles=len(locus.alleles),
                most=MOST_ALLELES,
            )
        )
    for i, allele in enumerate(locus.alleles):
        if not 0 < len(allele) <= LONGEST_ALLELE:
            raise _unwritable(
                sentence(
                    "{whose}: allele {allele!r} has not 1 to {longest} characters",
                    whose=whose,
                    allele=allele,
                    longest=LONGEST_ALLELE,
                )
            )
        attributes = dict(locus.allele_attributes[i]) if i < len(locus.allele_attributes) else {}
        element.parts.append(
            XmlElement("ALLELE", namespace, attributes, parts=[XmlElement("ALLELEVALUE", namespace, text=allele)])
        )
    element.parts += locus.others
    return element


def _elements(
    values: Mapping[str, str], known: Mapping[str, tuple[int, bool]], namespace: str, whose: str
) -> list[XmlElement]:
    found = []
    for name, (longest, required) in known.items():
        text = values.get(name, "")
        if required and not text:
            raise _unwritable(sentence("{whose}: a CODIS file needs {name}", whose=whose, name=name))
        if len(text) > longest:
            raise _unwritable(
                sentence(
                    "{whose}: {name} {text!r} has more than {longest} characters",
                    whose=whose,
                    name=name,
                    text=text,
                    longest=longest,
                )
            )
        if name.endswith("DATETIME") and not _DATE_TIME.fullmatch(text):
            raise _unwritable(
                sentence("{whose}: {name} {text!r} is no date and time", whose=whose, name=name, text=text)
            )
        if text or name in values:
            found.append(XmlElement(name, namespace, text=text))
    return found


def _unwritable(problem: Sentence) -> BadFile:
    return BadFile(problem, file="CODIS", next_step=sentence("state what is missing, or shorten it"))


def codis_of(
    specimens: Sequence[tuple[str, str, Mapping[str, Sequence[str]], bool]],
    *,
    destination: str,
    laboratory: str,
    user: str,
    at: str,
) -> CodisFile:
    """Specimens as a CMF file, read by one person at one time: version 3.2, or 3.3 where a locus needs it.

    Args:
        specimens: Id, category ("Unidentified Person"), alleles by locus, and whether alleles may be missing.
        destination, laboratory: Identifiers (ORI) of up to 10 characters.
        user: Who submits, and who read the loci.
        at: Date and time, as 2026-05-04T09:12:03.
    """
    is_33 = any(locus not in LOCI_32 for _, _, genotypes, _ in specimens for locus in genotypes)

    def named(locus: str) -> str:
        return NAMES_33.get(locus, locus) if is_33 else locus

    head = {
        "HEADERVERSION": "3.3" if is_33 else "3.2", "MESSAGETYPE": "Import", "DESTINATIONORI": destination,
        "SOURCELAB": laboratory, "SUBMITBYUSERID": user, "SUBMITDATETIME": at,
    }  # fmt: skip
    return CodisFile(
        "CODIS",
        head,
        tuple(
            CodisSpecimen(
                {"SPECIMENID": name, "SPECIMENCATEGORY": category},
                {
                    named(locus): CodisLocus(
                        {"LOCUSNAME": named(locus), "READINGBY": user, "READINGDATETIME": at},
                        tuple(dict.fromkeys(alleles)),
                    )
                    for locus, alleles in genotypes.items()
                },
                {"PARTIAL": "true"} if partial else {},
            )
            for name, category, genotypes, partial in specimens
        ),
    )


def typed_sample(specimen: CodisSpecimen, file: str) -> TypedSample:
    """A specimen under the names that its loci have here."""
    found: dict[str, tuple[str, ...]] = {}
    for name, locus in specimen.loci.items():
        marker = marker_named(name) or name
        if marker in found and not is_one_copy(name):
            raise BadFile(
                sentence("{id}: a locus under two names", id=specimen.id), file=file, line=specimen.line, value=name
            )
        found[marker] = (*found.get(marker, ()), *locus.alleles)
    sex = Sex.MALE if "Y" in found.get(AMELOGENIN, ()) else Sex.UNKNOWN
    return TypedSample(specimen.id, found, sex, is_partial=specimen.is_partial)


def codis_from(samples: Sequence[TypedSample], head: Mapping[str, str], category: str, *, file: str) -> CodisFile:
    """Samples of another format as a file.

    Args:
        head: Who sends what to whom: destination, laboratory, user, at.
        category: Of every specimen.
        file: Named in errors.

    Raises:
        BadFile: the head is not whole; a sample under a dropout model.
    """
    missing = [name for name in ("destination", "laboratory", "user", "at") if not head.get(name)]
    if missing or not category:
        wanted = [*(f"--{name}" for name in missing), *([] if category else ["--category"])]
        raise BadFile(
            sentence("a CODIS file says who sends what to whom, and the source does not"),
            file=file,
            next_step=sentence("give {wanted}", wanted=", ".join(wanted)),
        )
    specimens = []
    for sample in samples:
        if sample.dropout:
            raise BadFile(sentence("{id}: a CODIS file holds no probability of dropout", id=sample.id), file=file)
        specimens.append((sample.id, category, dict(sample.genotypes), sample.is_partial))
    return codis_of(
        specimens,
        destination=head["destination"],
        laboratory=head["laboratory"],
        user=head["user"],
        at=head["at"],
    )
