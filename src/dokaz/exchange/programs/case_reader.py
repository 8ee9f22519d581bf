"""Question files and victim-identification files: JSON in the schema of the published reference cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dokaz.errors import DokazError, NotMeaningful, sentence
from dokaz.exchange.programs.case_markers import SILENT_NAMES, CaseFile, markers_of
from dokaz.kinship.model.families import KinshipFamily
from dokaz.kinship.model.markers import Chromosome, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

Linked = tuple[tuple[str, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Question:
    """Two hypotheses about the same profiles."""

    case: str
    h1: Pedigree
    h2: Pedigree
    profiles: Profiles
    theta: float = 0.0
    linked: tuple[Linked, ...] = ()
    # Where the frequencies come from, in words; empty where the file does not say.
    frequency_source: str = ""


@dataclass(frozen=True)
class VictimCase:
    """Remains, families and missing persons of one event."""

    case: str
    victims: Profiles
    families: tuple[KinshipFamily, ...]
    missing: tuple[str, ...]
    # For each victim the missing persons to compare with; None: the file does not say.
    pairings: Mapping[str, tuple[str, ...]] | None
    theta: float = 0.0
    linked: tuple[Linked, ...] = ()
    # Weight of (victim, missing person) before any DNA, against the victim being nobody; None: the file does not say.
    prior: Mapping[tuple[str, str], float] | None = None
    # Amelogenin of remains and relatives: alleles by person.
    amelogenin: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # As of a question.
    frequency_source: str = ""

    def must_be_unlinked(self, what: str) -> None:
        """Refuse linked markers in what multiplies over independent ones."""
        if self.linked:
            raise NotMeaningful(
                sentence(
                    "{case}: linked markers in {what}, which multiplies over independent ones",
                    case=self.case,
                    what=what,
                ),
                next_step=sentence("leave one marker of each linked group out"),
            )


def read_question(path: Path, *, policy: UnseenAllelePolicy | None = None, theta: float | None = None) -> Question:
    """Read a question file.

    Args:
        path: JSON with `H1`, `H2`, `marker` or `markers`, `genotypes`; optionally `theta`, `rho`, `linked`, `dropout`,
            `dropin`, `hypotheses` (what to call the two), `frequency_source` (in words).
        policy: What to do with alleles without a frequency; without one they are refused.
        theta: In place of what the file says.

    Raises:
        BadFile: the file is no such JSON; names the place and the value.
        KinshipError: what it says cannot be (a pedigree, a marker, a profile).
    """
    return _question(CaseFile.read(path), policy, theta)


def question_from(
    data: dict[str, Any], name: str, *, policy: UnseenAllelePolicy | None = None, theta: float | None = None
) -> Question:
    """The same of JSON that is at hand; `name` is named in errors."""
    return _question(CaseFile(data, name), policy, theta)


def _question(file: CaseFile, policy: UnseenAllelePolicy | None, theta: float | None) -> Question:
    data = file.data
    if "H1" not in data or "H2" not in data:
        raise file.bad(
            sentence("no hypotheses H1 and H2"),
            "H1",
            next_step=sentence("a victim file is read by `dokaz kinship search`"),
        )
    markers = markers_of(file)
    names = file.rows(data.get("hypotheses") or ["H1", "H2"], "hypotheses")
    if len(names) != 2:
        raise file.bad(sentence("hypotheses are called by two names"), "hypotheses", len(names))
    h1, h2 = (
        _pedigree(file, data[key], key, file.text(name, "hypotheses"))
        for key, name in zip(("H1", "H2"), names, strict=True)
    )
    genotypes = _genotypes(file, data.get("genotypes"), "genotypes", markers)
    dropout = _dropout(file, genotypes)
    sexes = {person: h1.sex_of(person) if person in h1 else Sex.UNKNOWN for person in genotypes}
    genotypes = _shown_or_untyped(file, genotypes, dropout, markers, sexes)
    profiles = Profiles.of(
        genotypes,
        markers,
        sexes=sexes,
        dropout=dropout,
        dropin=_dropin(file, data.get("dropin")),
        policy=policy,
    )
    stated = file.number(data.get("theta") or 0.0, "theta")
    theta = stated if theta is None else theta
    case = str(data.get("case", Path(file.name).stem))
    return Question(case, h1, h2, profiles, theta, _linked(file, markers), _frequency_source(file))


def read_victims(path: Path, *, policy: UnseenAllelePolicy | None = None, theta: float | None = None) -> VictimCase:
    """Read a victim-identification file.

    Args:
        path: JSON with `markers`, `pm`, `am`, `missing`; optionally `theta`, `rho`, `linked`, `dropout`, `dropin`,
            `pairings`, `prior`, `frequency_source`, `markers_am_mutation` (which holds the families' mutation models
            and goes before those of the markers). Or a family alone, before anything is found: `markers`, its
            components as `H1`, `genotypes`, who is `missing`.
        policy, theta: As in `read_question`.

    Raises:
        BadFile, KinshipError: as in `read_question`.
    """
    return _victims(CaseFile.read(path), policy, theta)


def victims_from(
    data: dict[str, Any], name: str, *, policy: UnseenAllelePolicy | None = None, theta: float | None = None
) -> VictimCase:
    """The same of JSON that is at hand; `name` is named in errors."""
    return _victims(CaseFile(data, name), policy, theta)


def _victims(file: CaseFile, policy: UnseenAllelePolicy | None, theta: float | None) -> VictimCase:
    data = file.data
    family_alone = "am" not in data and "H1" in data and "H2" not in data
    if family_alone:
        one = data.get("missing") or []
        data = {**data, "pm": data.get("pm", []), "am": [data], "missing": [one] if isinstance(one, str) else one}
    for key in ("pm", "am", "missing", "markers"):
        if not isinstance(data.get(key), list):
            raise file.bad(
                sentence("no list {key!r}", key=key),
                key,
                next_step=sentence("a question file is read by `dokaz kinship lr`"),
            )
    markers = markers_of(file)
    relatives = [file.mapping(row, "am").get("genotypes") or {} for row in data["am"]]
    remains = [str(file.mapping(row, "pm").get("id")) for row in data["pm"]]
    dropout = _dropout(file, {*remains, *(person for typed in relatives for person in file.mapping(typed, "am"))})
    dropin = _dropin(file, data.get("dropin"))
    victims: dict[str, dict[str, list[str]]] = {}
    sexes: dict[str, Sex] = {}
    for i, row in enumerate(data["pm"]):
        place = f"pm[{i}]"
        person = file.text(file.mapping(row, place).get("id"), f"{place}.id")
        if person in victims:
            raise file.bad(sentence("victim is listed twice"), f"{place}.id", person)
        sexes[person] = _sex(file, row.get("sex"), f"{place}.sex")
        genotypes = _genotypes(file, {person: row.get("genotypes")}, f"{place}.genotypes", markers)
        victims[person] = _shown_or_untyped(file, genotypes, dropout, markers, sexes)[person]
    raw: list[tuple[str, Pedigree, dict[str, dict[str, list[str]]], dict[str, Sex]]] = []
    for i, row in enumerate(data["am"]):
        place, pedigree_key = ("", "H1") if family_alone else (f"am[{i}].", "components")
        name = file.text(file.mapping(row, place).get("family", f"F{i + 1}"), f"{place}family")
        pedigree = _pedigree(file, row.get(pedigree_key), f"{place}{pedigree_key}", name)
        genotypes = _genotypes(file, row.get("genotypes") or {}, f"{place}genotypes", markers)
        for person in genotypes:
            if person not in pedigree:
                raise file.bad(sentence("a genotype of somebody outside the family"), f"{place}genotypes", person)
        of_members = {member.id: pedigree.sex_of(member.id) for member in pedigree}
        genotypes = _shown_or_untyped(file, genotypes, dropout, markers, of_members)
        raw.append((name, pedigree, genotypes, of_members))
    typed = (victims, *(genotypes for _, _, genotypes, _ in raw))
    markers = markers.admitting((one for people in typed for one in people.items()), policy)
    missing = tuple(file.text(person, f"missing[{i}]") for i, person in enumerate(data["missing"]))
    families = []
    for name, pedigree, genotypes, of_members in raw:
        theirs = tuple(person for person in missing if person in pedigree)
        profiles = Profiles.of(genotypes, markers, sexes=of_members, dropout=dropout, dropin=dropin)
        families.append(KinshipFamily(name, pedigree, theirs, profiles))
    for i, person in enumerate(missing):
        if sum(person in family.pedigree for family in families) != 1:
            raise file.bad(sentence("a missing person who is not in exactly one family"), f"missing[{i}]", person)
    pairings = None
    if data.get("pairings") is not None:
        pairings = {
            victim: tuple(
                file.text(p, f"pairings.{victim}") for p in file.rows(people, f"pairings.{victim}") if p != "*"
            )
            for victim, people in file.mapping(data["pairings"], "pairings").items()
        }
        for victim, people in pairings.items():
            if victim not in victims:
                raise file.bad(sentence("pairings of somebody who is no victim"), f"pairings.{victim}", victim)
            for person in people:
                if person not in missing:
                    raise file.bad(sentence("paired with somebody who is not missing"), f"pairings.{victim}", person)
    stated = file.number(data.get("theta") or 0.0, "theta")
    return VictimCase(
        str(data.get("case", Path(file.name).stem)),
        Profiles.of(victims, markers, sexes=sexes, dropout=dropout, dropin=dropin),
        tuple(families),
        missing,
        pairings,
        stated if theta is None else theta,
        _linked(file, markers),
        None if data.get("prior") is None else _prior(file, victims, missing),
        {
            person: tuple(alleles)
            for people in typed
            for person, by_marker in people.items()
            for name, alleles in by_marker.items()
            if markers[name].chromosome is Chromosome.AMELOGENIN
        },
        _frequency_source(file),
    )


def _prior(file: CaseFile, victims: Collection[str], missing: Collection[str]) -> dict[tuple[str, str], float]:
    found = {}
    for victim, weights in file.mapping(file.data["prior"], "prior").items():
        for person, weight in file.mapping(weights, f"prior.{victim}").items():
            place = f"prior.{victim}.{person}"
            if victim not in victims or person not in missing:
                raise file.bad(sentence("a prior weight of somebody who is no victim or not missing"), place)
            found[victim, person] = file.number(weight, place)
    return found


def _frequency_source(file: CaseFile) -> str:
    stated = file.data.get("frequency_source")
    return "" if stated in (None, "") else file.text(stated, "frequency_source")


def _sex(file: CaseFile, value: object, place: str) -> Sex:
    if value is None:
        return Sex.UNKNOWN
    if isinstance(value, bool) or value not in (0, 1, 2):
        raise file.bad(
            sentence("sex is not 0, 1 or 2"), place, value, next_step=sentence("0 unknown, 1 male, 2 female")
        )
    return Sex(int(value))


def _linked(file: CaseFile, markers: MarkerSet) -> tuple[Linked, ...]:
    """Linked markers: with `rho` alone all of them, else those that each row of `linked` names."""
    rows = file.rows(file.data.get("linked") or [], "linked")
    if file.data.get("rho") is not None:
        rows = [{"markers": list(markers.names), "rho": file.data["rho"]}, *rows]
    found = []
    for i, row in enumerate(rows):
        place, rho = f"linked[{i}]", file.mapping(row, f"linked[{i}]").get("rho")
        names = tuple(file.text(name, place) for name in file.rows(row.get("markers"), f"{place}.markers"))
        fractions = rho if isinstance(rho, list) else [rho] * (len(names) - 1)
        found.append((names, tuple(file.number(r, f"{place}.rho") for r in fractions)))
    return tuple(found)


def _pedigree(file: CaseFile, value: object, place: str, name: str = "") -> Pedigree:
    members: list[Member] = []
    twins: list[frozenset[str]] = []
    components = value if isinstance(value, list) else [value]
    for i, component in enumerate(components):
        part = file.mapping(component, f"{place}[{i}]")
        for j, row in enumerate(file.rows(part.get("members"), f"{place}[{i}].members")):
            spot = f"{place}[{i}].members[{j}]"
            row = file.mapping(row, spot)
            father, mother = (
                None if row.get(key) in (None, "", 0, "0") else file.text(row[key], f"{spot}.{key}")
                for key in ("father", "mother")
            )
            inbreeding = file.number(row.get("inbreeding") or 0.0, f"{spot}.inbreeding")
            person = file.text(row.get("id"), f"{spot}.id")
            members.append(Member(person, father, mother, _sex(file, row.get("sex"), f"{spot}.sex"), inbreeding))
        spot = f"{place}[{i}].identical_twins"
        for group in file.rows(part.get("identical_twins") or [], spot):
            twins.append(frozenset(file.text(p, spot) for p in file.rows(group, spot)))
    try:
        return Pedigree(tuple(members), tuple(twins), name or place)
    except DokazError as error:
        raise file.bad(error.what, place, next_step=error.next_step) from None


def _genotypes(file: CaseFile, value: object, place: str, markers: MarkerSet) -> dict[str, dict[str, list[str]]]:
    genotypes: dict[str, dict[str, list[str]]] = {}
    for person, by_marker in file.mapping(value, place).items():
        if isinstance(by_marker, list):
            if len(markers) != 1:
                raise file.bad(sentence("a genotype without a marker, among several markers"), f"{place}.{person}")
            by_marker = {markers.names[0]: by_marker}
        genotypes[person] = {}
        for name, alleles in file.mapping(by_marker or {}, f"{place}.{person}").items():
            spot = f"{place}.{person}.{name}"
            if name not in markers:
                raise file.bad(sentence("a marker without frequencies"), spot, name)
            if alleles is None:
                continue
            of_line = markers[name].chromosome in (Chromosome.Y, Chromosome.MITOCHONDRIAL)
            unseen = (None, "") if of_line else (None,)
            shown = [file.text(a, spot) for a in file.rows(alleles, spot) if a not in unseen]
            # A lineage is compared as it shows: a null allele of the Y chromosome is an observation.
            if not of_line and any(a.casefold() in SILENT_NAMES for a in shown):
                raise file.bad(
                    sentence("a silent allele cannot be seen"), spot, next_step=sentence("give what was seen")
                )
            if not shown and alleles:
                continue
            genotypes[person][name] = shown
    return genotypes


def _shown_or_untyped(
    file: CaseFile,
    genotypes: dict[str, dict[str, list[str]]],
    dropout: Mapping[str, object],
    markers: MarkerSet,
    sexes: Mapping[str, Sex],
) -> dict[str, dict[str, list[str]]]:
    """Check the number of alleles, so that the error names the place in the file."""
    for person, by_marker in genotypes.items():
        for name, alleles in by_marker.items():
            single = markers[name].chromosome is Chromosome.X and sexes.get(person) is Sex.MALE
            if person in dropout or not alleles or len(alleles) == 2 or (single and len(alleles) == 1):
                continue
            if markers[name].chromosome in (Chromosome.AMELOGENIN, Chromosome.Y, Chromosome.MITOCHONDRIAL):
                continue
            raise file.bad(
                sentence("{alleles} allele(s) where no dropout is stated", alleles=len(alleles)),
                f"genotypes.{person}.{name}",
                "/".join(alleles),
                next_step=sentence("give two alleles (the same one twice for a homozygote), or a dropout probability"),
            )
    return genotypes


def _rates(file: CaseFile, value: object, place: str) -> float | dict[str, float]:
    if isinstance(value, dict):
        return {name: file.number(rate, f"{place}.{name}") for name, rate in value.items()}
    return file.number(value, place)


def _dropout(file: CaseFile, typed: Collection[str]) -> dict[str, float | dict[str, float]]:
    rates = file.mapping(file.data.get("dropout") or {}, "dropout")
    for person in rates:
        if person not in typed:
            raise file.bad(sentence("dropout for a person without a profile"), f"dropout.{person}", person)
    return {person: _rates(file, value, f"dropout.{person}") for person, value in rates.items()}


def _dropin(file: CaseFile, value: object) -> float | dict[str, float | Mapping[str, float]]:
    if value is None:
        return 0.0
    if isinstance(value, dict):
        return {person: _rates(file, rate, f"dropin.{person}") for person, rate in value.items()}
    return file.number(value, "dropin")
