"""Two hypotheses that are compared, from a question or from a pair of a search, and their answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dokaz.errors import BadQuestion
from dokaz.kinship.direct_match import Relation, pedigree_of
from dokaz.kinship.model.markers import Chromosome, Linked
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles, aligned
from dokaz.kinship.model.results import LikelihoodRatio

if TYPE_CHECKING:
    from dokaz.exchange.programs.case_reader import Question, VictimCase


@dataclass(frozen=True)
class SearchedPair:
    """Remains and the missing person whom they may be."""

    remains: str
    missing: str
    family: str


@dataclass(frozen=True)
class MatchedPair:
    """Two remains, and how the first may be related to the second.

    Args:
        first, second: Ids.
        relation: Of the first to the second.
        typed_in_one: Markers at which one of them only is typed.
        not_used_on_x: Markers on X of which the relation says nothing: a sex is unknown or, for one person, the sexes
            differ.
    """

    first: str
    second: str
    relation: Relation
    typed_in_one: tuple[str, ...]
    not_used_on_x: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Two hypotheses about the same profiles.

    Args:
        case: What the file calls itself.
        h1, h2: The pedigrees; both name everybody with a profile.
        profiles: Of everybody who was typed.
        theta: Coancestry coefficient, 0 to 1.
        linked: Groups of linked markers.
        frequency_source: In words; empty where nothing states it.
        pair: Of a search; None for a question. The profile of the remains has their name in both hypotheses.
        matched: Of direct matching; None otherwise.
        prior_odds: Of H1 to H2 before any DNA, as the case states them for this pair, 0 or more; None: it states none.
    """

    case: str
    h1: Pedigree
    h2: Pedigree
    profiles: Profiles
    theta: float = 0.0
    linked: tuple[Linked, ...] = ()
    frequency_source: str = ""
    pair: SearchedPair | None = None
    matched: MatchedPair | None = None
    prior_odds: float | None = None


@dataclass(frozen=True)
class KinshipAnswer:
    """The likelihood ratio, and the terms that are impossible without mutation under H1 and under H2."""

    result: LikelihoodRatio
    impossible: tuple[tuple[str, ...], tuple[str, ...]]


def of_question(question: Question) -> Compared:
    """The hypotheses of a question file."""
    return Compared(
        question.case,
        question.h1,
        question.h2,
        question.profiles,
        question.theta,
        question.linked,
        question.frequency_source,
    )


def of_pair(case: VictimCase, remains: str, missing: str) -> Compared:
    """The hypotheses that a search compares for one pair: the remains are this missing person, or unrelated to the family.

    The other missing persons of the family stay unknown. The likelihood ratio is that of `dokaz.kinship.search`.

    Raises:
        BadQuestion: nobody of these names.
    """
    family = next((f for f in case.families if missing in f.missing), None)
    if remains not in case.victims or family is None:
        raise BadQuestion(
            f"--pair {remains} {missing}: no such remains and missing person",
            next_step=f"remains: {', '.join(case.victims.ids[:10])}; missing: {', '.join(case.missing[:10])}",
        )
    name = remains if remains not in family.pedigree else f"{remains} (remains)"
    profile = case.victims.only([remains]).renamed({remains: name})
    relatives = aligned(family.profiles, case.victims.markers, family.name)
    sex = case.victims.sexes[case.victims.row_of(remains)]
    alone = Member(name, sex=family.pedigree.sex_of(missing) if sex is Sex.UNKNOWN else sex)
    return Compared(
        case.case,
        _called(family.pedigree, missing, name),
        Pedigree((*family.pedigree.members, alone), family.pedigree.identical_twins, "H2"),
        profile.joined(relatives),
        case.theta,
        case.linked,
        case.frequency_source,
        SearchedPair(name, missing, family.name),
        prior_odds=None if case.prior is None else case.prior.get((remains, missing), 1.0),
    )


def of_match(case: VictimCase, first: str, second: str, relation: Relation) -> Compared:
    """The hypotheses that direct matching compares for one pair of remains: so related, or unrelated.

    The likelihood ratio is that of `dokaz.kinship.match_directly`, except that a woman who is the parent mutates as a
    mother at autosomal markers too.

    Raises:
        BadQuestion: no remains of these names, or twice the same.
    """
    known = case.victims.ids
    if first not in known or second not in known or first == second:
        raise BadQuestion(
            f"--match {first} {second}: not two remains of this case",
            next_step=f"name two of: {', '.join(known[:10])}",
        )
    if relation is Relation.CHILD:
        first, second, relation = second, first, Relation.PARENT
    pair = case.victims.only([first]).joined(case.victims.only([second]))
    one, two = pair.sexes
    differ = relation is Relation.SAME_PERSON and one is not two
    without_x = differ or Sex.UNKNOWN in (one, two)
    named = [(c, m) for c, m in enumerate(pair.markers) if pair.typed[:, c].any()]
    both = [(c, m) for c, m in named if pair.typed[:, c].all()]
    not_used = tuple(m.name for _c, m in both if without_x and m.chromosome is Chromosome.X)
    used = pair.at(
        [c for c, m in both if m.name not in not_used and m.chromosome in (Chromosome.AUTOSOMAL, Chromosome.X)]
    )
    if differ:
        one = two = Sex.UNKNOWN
        used = replace(used, sexes=(one, two))
    # No name of a file holds this character.
    related = _called(_called(pedigree_of(relation, one, two), "f", "\0f"), "m", "\0m")
    linked = _linked_among(case.linked, used.markers.names)
    return Compared(
        case.case,
        _called(_called(related, "1", first), "2", second),
        replace(Pedigree.unrelated({first: one, second: two}), name="H2"),
        used,
        case.theta,
        linked,
        case.frequency_source,
        matched=MatchedPair(
            first, second, relation, tuple(m.name for c, m in named if not pair.typed[:, c].all()), not_used
        ),
    )


def _linked_among(linked: Iterable[Linked], names: Iterable[str]) -> tuple[Linked, ...]:
    """Linked groups of the markers that are used; what lies between two of them recombines as before."""
    found, used = [], set(names)
    for group, fractions in linked:
        kept: list[str] = []
        between: list[float] = []
        since = 0.0
        for name, step in zip(group, (0.0, *fractions), strict=True):
            since += step - 2 * since * step
            if name in used:
                between += [since] if kept else []
                kept.append(name)
                since = 0.0
        found += [(tuple(kept), tuple(between))] if len(kept) > 1 else []
    return tuple(found)


def _called(pedigree: Pedigree, old: str, new: str) -> Pedigree:
    """The pedigree with one member under another name."""

    def name(person: str | None) -> str | None:
        return new if person == old else person

    members = tuple(
        replace(m, id=name(m.id) or m.id, father=name(m.father), mother=name(m.mother)) for m in pedigree.members
    )
    twins = tuple(frozenset(name(p) or p for p in group) for group in pedigree.identical_twins)
    return Pedigree(members, twins, "H1")


def answered(compared: Compared) -> KinshipAnswer:
    """The answer of the engine.

    Raises:
        KinshipError: as `likelihood_ratio`.
    """
    from dokaz.kinship.exact.likelihood import likelihood_ratio

    def ask(profiles: Profiles) -> LikelihoodRatio:
        return likelihood_ratio(compared.h1, compared.h2, profiles, theta=compared.theta, linked=compared.linked)

    result = ask(compared.profiles)
    mutating = any(marker.mutation for marker in compared.profiles.markers)
    without = ask(compared.profiles.without_mutation()) if mutating else result
    return KinshipAnswer(result, without.impossible_markers)


@dataclass(frozen=True, slots=True)
class Unshared:
    """A typed parent and child who share no allele at a marker.

    Args:
        steps: Fewest repeats between an allele of the one and one of the other; None where that is no whole number.
    """

    marker: str
    parent: str
    child: str
    steps: int | None


def unshared_alleles(pedigree: Pedigree, profiles: Profiles, markers: Iterable[str]) -> list[Unshared]:
    """Typed parents and children of a hypothesis who share no allele, marker by marker.

    One of them is why a marker is impossible without mutation; where nobody is named, several people together are.
    A father passes no allele on X to a son.

    Args:
        markers: Names of single markers, not of linked groups.
    """
    from dokaz.kinship.model.markers import Chromosome

    found = []
    for marker in markers:
        on_x = profiles.markers[marker].chromosome is Chromosome.X
        for member in pedigree:
            for parent in (member.father, member.mother):
                if parent is None or member.id not in profiles or parent not in profiles:
                    continue
                if on_x and parent == member.father and pedigree.sex_of(member.id) is Sex.MALE:
                    continue
                mine, theirs = profiles.genotype(member.id, marker), profiles.genotype(parent, marker)
                if mine and theirs and not set(mine) & set(theirs):
                    found.append(Unshared(marker, parent, member.id, fewest_steps(mine, theirs)))
    return found


def fewest_steps(mine: Iterable[str], theirs: Iterable[str]) -> int | None:
    """Fewest whole repeats between an allele of the one and an allele of the other.

    Returns:
        None where the nearest are no whole number of repeats apart, or no numbers.

    Example:
        >>> fewest_steps(("16", "17"), ("18", "19")), fewest_steps(("9.3",), ("9",))
        (1, None)
    """
    try:
        steps = min(abs(float(a) - float(b)) for a in mine for b in tuple(theirs))
    except ValueError:
        return None
    return round(steps) if abs(steps - round(steps)) < 1e-9 else None
