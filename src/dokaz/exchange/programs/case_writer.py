"""Question files and victim files, written: the way back from what `cases` reads, with nothing lost."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from dokaz.errors import BadFile, sentence
from dokaz.exchange.deliveries.frequencies import FrequencyTable
from dokaz.exchange.programs.case_reader import Linked, Question, VictimCase, question_from, victims_from
from dokaz.exchange.programs.genotype_tables import TypedSample, samples_of
from dokaz.exchange.programs.placed_markers import (
    given_notes,
    is_inherited,
    marker_rows,
    may_be_alone,
    set_aside_alleles,
)
from dokaz.kinship.model.markers import Chromosome, Marker, MarkerSet, UnseenAllelePolicy
from dokaz.kinship.model.mutation import MutationKind, MutationModel
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles

_ASIDE = (Chromosome.AMELOGENIN, Chromosome.Y, Chromosome.MITOCHONDRIAL)


def question_json(question: Question) -> dict[str, Any]:
    """A question as `read_question` reads it.

    Raises:
        BadFile: an allele called "silent".
    """
    data: dict[str, Any] = {
        "case": question.case,
        "kind": "question",
        "markers": markers_json(question.profiles.markers),
        "H1": _components(question.h1),
        "H2": _components(question.h2),
        "genotypes": _genotypes(question.profiles),
    }
    called = [question.h1.name or "H1", question.h2.name or "H2"]
    if called != ["H1", "H2"]:
        data["hypotheses"] = called
    if question.frequency_source:
        data["frequency_source"] = question.frequency_source
    if question.theta:
        data["theta"] = question.theta
    if question.linked:
        data["linked"] = _linked(question.linked)
    for key, rates in _rates(question.profiles).items():
        if rates:
            data[key] = rates
    return data


def victims_json(case: VictimCase) -> dict[str, Any]:
    """A victim case as `read_victims` reads it."""
    data: dict[str, Any] = {
        "case": case.case,
        "kind": "dvi",
        "markers": markers_json(case.victims.markers),
        "pm": [
            {"id": victim, "sex": int(sex), "genotypes": genotypes}
            for victim, sex, genotypes in zip(
                case.victims.ids, case.victims.sexes, _genotypes(case.victims).values(), strict=True
            )
        ],
        "am": [
            {
                "family": family.name,
                "components": _components(family.pedigree),
                "genotypes": _genotypes(family.profiles),
            }
            for family in case.families
        ],
        "missing": list(case.missing),
    }
    if case.pairings is not None:
        data["pairings"] = {victim: list(people) for victim, people in case.pairings.items()}
    if case.prior is not None:
        data["prior"] = {}
        for (victim, person), weight in case.prior.items():
            data["prior"].setdefault(victim, {})[person] = weight
    if case.frequency_source:
        data["frequency_source"] = case.frequency_source
    if case.theta:
        data["theta"] = case.theta
    if case.linked:
        data["linked"] = _linked(case.linked)
    for profiles in (case.victims, *(family.profiles for family in case.families)):
        for key, rates in _rates(profiles).items():
            if rates:
                data.setdefault(key, {}).update(rates)
    return data


def _linked(groups: Sequence[Linked]) -> list[dict[str, Any]]:
    return [{"markers": list(names), "rho": list(fractions)} for names, fractions in groups]


def samples_json(
    samples: Sequence[TypedSample], table: FrequencyTable, chromosomes: Mapping[str, Chromosome], case: str
) -> dict[str, Any]:
    """Samples of a table as a victim file without families.

    Args:
        chromosomes: Of the markers that are kept.

    Raises:
        BadFile: a lone allele without a probability of dropout.
    """
    kept = {m: chromosomes[m] for m in (*table.frequencies, *chromosomes) if m in chromosomes}
    people = [
        {
            "id": sample.id,
            "sex": int(sample.sex),
            "genotypes": {m: shown(sample, m, kept[m], case) for m in sample.genotypes if m in kept},
        }
        for sample in samples
    ]
    rows = marker_rows(table.frequencies, kept)
    data = {"case": case, "kind": "dvi", "markers": rows, "pm": people, "am": [], "missing": []}
    if table.cited:
        data["frequency_source"] = table.cited
    return {**data, **dropout_json(samples, list(kept))}


def shown(sample: TypedSample, marker: str, chromosome: Chromosome, case: str) -> list[str]:
    """The alleles of a sample, as a victim file lists them.

    Raises:
        BadFile: not two of them, and no probability of dropout.
    """
    alleles = sample.genotypes[marker]
    if not is_inherited(chromosome):
        return set_aside_alleles(marker, alleles)
    alone = len(alleles) == 1 and may_be_alone(chromosome, sample.sex)
    if len(alleles) != 2 and not alone and marker not in sample.dropout:
        raise BadFile(
            sentence("{id}, {marker}: {alleles} allele(s)", id=sample.id, marker=marker, alleles=len(alleles)),
            file=case,
            next_step=sentence(
                "say what a lone allele is (--lone-allele homozygote), or give its probability of dropout"
            ),
        )
    return list(alleles)


def dropout_json(samples: Sequence[TypedSample], markers: Collection[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Probabilities of dropout and drop-in by sample and marker, as a question or victim file holds them."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for sample in samples:
        for key, rates in (("dropout", sample.dropout), ("dropin", sample.dropin)):
            kept = {marker: rate for marker, rate in rates.items() if marker in markers and marker in sample.genotypes}
            if kept:
                found.setdefault(key, {})[sample.id] = kept
    return found


def markers_json(markers: MarkerSet) -> list[dict[str, Any]]:
    """Markers as a question or victim file lists them; a silent allele stands last, as "silent".

    Raises:
        BadFile: a visible allele of that name.
    """
    return [_marker(marker) for marker in markers]


def _marker(marker: Marker) -> dict[str, Any]:
    if {"silent", "null"} & {allele.casefold() for allele in marker.alleles}:
        raise BadFile(sentence("{name}: an allele that can be seen is called silent", name=marker.name), file="JSON")
    chromosome = None if marker.chromosome is Chromosome.AUTOSOMAL else marker.chromosome.value
    alleles = [*marker.alleles, "silent"] if marker.has_silent else list(marker.alleles)
    mutation = None
    if marker.mutation is not None:
        mutation = {
            sex: _model(model, marker)
            for sex, model in (("female", marker.mutation.female), ("male", marker.mutation.male))
        }
    return {
        "name": marker.name,
        "chrom": chromosome,
        "alleles": alleles,
        "freqs": list(marker.all_frequencies),
        "mutation": mutation,
    }


def _model(model: MutationModel, marker: Marker) -> dict[str, Any]:
    row: dict[str, Any] = {
        "model": model.kind.value,
        "rate": model.rate,
        "rate2": model.rate2,
        "range": model.range,
    }
    if model.kind is MutationKind.CUSTOM:
        row = {"model": "custom"}
    if model.stated is not None or model.stationary:
        # A model made stationary has no name in these files; its matrix says it all.
        matrix = model.matrix(marker.alleles, marker.all_frequencies, silent=marker.has_silent)
        row["model"] = "custom" if model.stationary else row["model"]
        row["alleles"] = [*marker.alleles, "silent"] if marker.has_silent else list(marker.alleles)
        row["matrix"] = np.asarray(matrix).tolist()
    return row


def _components(pedigree: Pedigree) -> list[dict[str, Any]]:
    """One component with all members, in the pedigree's order."""
    members = []
    for member in pedigree:
        row: dict[str, Any] = {
            "id": member.id, "father": member.father, "mother": member.mother, "sex": int(member.sex),
        }  # fmt: skip
        if member.inbreeding:
            row["inbreeding"] = member.inbreeding
        members.append(row)
    component: dict[str, Any] = {"members": members}
    if pedigree.identical_twins:
        component["identical_twins"] = [sorted(group) for group in pedigree.identical_twins]
    return [component]


def _genotypes(profiles: Profiles) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for person in profiles.ids:
        found[person] = {}
        for marker in profiles.markers.names:
            seen = profiles.genotype(person, marker)
            if seen is not None:
                found[person][marker] = list(seen)
    return found


def _rates(profiles: Profiles) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {"dropout": {}, "dropin": {}}
    for row, person in enumerate(profiles.ids):
        for column, marker in enumerate(profiles.markers.names):
            rate = float(profiles.dropout[row, column])
            if profiles.typed[row, column] and not math.isnan(rate):
                found["dropout"].setdefault(person, {})[marker] = rate
                if profiles.dropin[row, column]:
                    found["dropin"].setdefault(person, {})[marker] = float(profiles.dropin[row, column])
    return found


def set_aside(genotypes: Mapping[str, Mapping[str, object]], markers: MarkerSet) -> tuple[str, ...]:
    """Markers of a JSON file that profiles do not hold (amelogenin, Y, mitochondrial), where somebody is typed."""
    aside = {marker.name for marker in markers if marker.chromosome in _ASIDE}
    return tuple(sorted({m for typed in genotypes.values() for m, alleles in typed.items() if alleles} & aside))


def lone_alleles_doubled(samples: Sequence[TypedSample]) -> tuple[TypedSample, ...]:
    """Samples whose lone alleles are taken for homozygotes, where no dropout is stated.

    Raises:
        BadFile: a sample that its file calls partial.
    """
    found = []
    for sample in samples:
        genotypes = {}
        for marker, alleles in sample.genotypes.items():
            lone = len(alleles) == 1 and marker not in sample.dropout
            if lone and sample.is_partial:
                raise BadFile(
                    sentence(
                        "{id}, {marker}: one allele in a profile that is called partial", id=sample.id, marker=marker
                    ),
                    file="table",
                    value=alleles[0],
                    next_step=sentence("give its probability of dropout in a long table"),
                )
            genotypes[marker] = alleles * 2 if lone else alleles
        found.append(
            TypedSample(
                sample.id, genotypes, sample.sex, sample.group, sample.dropout, sample.dropin, sample.is_partial,
                sample.no_result, sample.details,
            )
        )  # fmt: skip
    return tuple(found)


def sex_of(person: str, pedigrees: Sequence[Pedigree]) -> Sex:
    """The sex that the first pedigree with this person states."""
    return next((pedigree.sex_of(person) for pedigree in pedigrees if person in pedigree), Sex.UNKNOWN)


def with_aside(
    groups: list[tuple[str, Profiles]], raw: list[dict[str, Any]], markers: MarkerSet
) -> tuple[tuple[TypedSample, ...], tuple[str, ...]]:
    """Samples with the markers that profiles do not hold."""
    found: list[TypedSample] = []
    aside: dict[str, None] = {}
    for group, genotypes in zip(groups, raw, strict=True):
        if len(markers) == 1:
            # A file with one marker may leave its name out.
            genotypes = {p: {markers.names[0]: g} if isinstance(g, list) else g for p, g in genotypes.items()}
        names = set_aside({p: g or {} for p, g in genotypes.items()}, markers)
        aside.update(dict.fromkeys(names))
        for sample in samples_of([group]):
            typed = {n: genotypes.get(sample.id, {}).get(n) or () for n in names}
            more = {n: tuple(str(a) for a in alleles if a not in (None, "")) for n, alleles in typed.items()}
            own = {**sample.genotypes, **{n: alleles for n, alleles in more.items() if alleles}}
            found.append(TypedSample(sample.id, own, sample.sex, sample.group, sample.dropout, sample.dropin))
    return tuple(found), tuple(aside)


def admitted(
    data: Mapping[str, Any], name: str, policy: UnseenAllelePolicy | None
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """A question or victim file with the alleles that the policy gave a frequency."""
    if "H2" in data:
        markers = question_from(dict(data), name, policy=policy).profiles.markers
    else:
        markers = victims_from(dict(data), name, policy=policy).victims.markers
    changed = {given.marker for given in markers.added}

    def row(old: dict[str, Any]) -> dict[str, Any]:
        marker = markers[str(old["name"])] if str(old["name"]) in changed else None
        if marker is None:
            return old
        silent = [("silent", marker.silent_frequency)] if marker.silent_frequency is not None else []
        pairs = [*zip(marker.alleles, marker.frequencies, strict=True), *silent]
        return {**old, "alleles": [a for a, _ in pairs], "freqs": [f for _, f in pairs]}

    one = {"marker": row(data["marker"])} if "marker" in data else {"markers": [row(m) for m in data["markers"]]}
    return {**data, **one}, given_notes(markers)
