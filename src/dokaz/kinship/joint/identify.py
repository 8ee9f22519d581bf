"""Joint identification: all remains against all missing persons at once, exactly."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dokaz.errors import BadQuestion
from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.exact.likelihood import Term, ln_likelihood, terms_of
from dokaz.kinship.joint.assignments import Summary, WeightedPlacements, summarise
from dokaz.kinship.joint.placement_likelihood import Placement
from dokaz.kinship.joint.placements import Choices, choices_of
from dokaz.kinship.model.families import KinshipFamily, check_pairings, columns_of, sexes_compared
from dokaz.kinship.model.markers import Linked
from dokaz.kinship.model.pedigree import Pedigree
from dokaz.kinship.model.profiles import Profiles, aligned
from dokaz.kinship.model.results import Assumptions

#: The name of nobody, as the files of this field write it.
NOBODY = "*"


@dataclass(frozen=True)
class Assignment:
    """One way to identify all remains.

    Args:
        pairing: For each profile the missing person, or "*" for none of them.
        ln_likelihood: Natural logarithm of the probability of all profiles under it; -inf where impossible.
        log_lr: The same against nobody being identified.
        ln_prior: Natural logarithm of the prior weight, 0 for a flat prior.
    """

    pairing: Mapping[str, str]
    ln_likelihood: float
    log_lr: float
    ln_prior: float = 0.0


@dataclass(frozen=True)
class Excluded:
    """A pairing that was kept out before any DNA was looked at, and why."""

    profile: str
    missing: str
    why: str


@dataclass(frozen=True)
class Undisputed:
    """A pairing far stronger than every pairing that competes with it, given those found in earlier steps.

    Args:
        step: In which round it was found.
        lr: Of this pairing, given the pairings of earlier steps.
    """

    profile: str
    missing: str
    family: str
    lr: float
    step: int


@dataclass(frozen=True, eq=False)
class JointIdentification:
    """All remains against all missing persons at once. It ranks explanations; it identifies nobody.

    Assumes that each missing person is at most one of the profiles and the reverse: re-associate remains of one person
    before asking.

    Args:
        profiles, missing, families: Ids; `families` names the family of each missing person.
        ln_likelihood_nobody: Natural logarithm of the probability of all profiles if nobody is identified.
        best: The best assignments, best first.
        assignments: How many assignments are possible (count above 2^53 rounded).
        posterior: Shape (profiles, missing + 1), the last column "*"; rows sum to 1.
        best_with: Natural logarithm of prior weight times LR of the best assignment that contains each pairing, same
            shape; -inf: none.
        choices: For each family, its possible placements.
        tied: Groups of missing persons whom DNA cannot tell apart.
        excluded: Pairings kept out beforehand, and why.
        prior: What the prior says, in words.
        neglected: Upper bound on the posterior probability that was left out for speed; 0: exact.
        assumptions: What else the numbers rest on.
    """

    profiles: tuple[str, ...]
    missing: tuple[str, ...]
    families: tuple[str, ...]
    ln_likelihood_nobody: float
    best: tuple[Assignment, ...]
    assignments: float
    posterior: FloatArray
    best_with: FloatArray
    choices: tuple[Choices, ...]
    tied: tuple[tuple[str, ...], ...]
    excluded: tuple[Excluded, ...]
    prior: str
    neglected: float
    assumptions: Assumptions

    def posterior_of(self, profile: str, missing: str) -> float:
        """Posterior probability of one pairing; "*" for nobody."""
        return float(self.posterior[self.profiles.index(profile), self._column(missing)])

    def _column(self, missing: str) -> int:
        return len(self.missing) if missing == NOBODY else self.missing.index(missing)

    @property
    def ln_generalised_lr(self) -> FloatArray:
        """Natural logarithm of the generalised LR of each pairing: the best assignment with it over the best without.

        Returns:
            Shape (profiles, missing + 1); -inf where no assignment contains the pairing, +inf where all do.
        """
        count = self.best_with.shape[1]
        result = np.empty_like(self.best_with)
        for j in range(count):
            others = np.delete(self.best_with, j, axis=1)
            without = others.max(axis=1) if count > 1 else np.full(len(self.profiles), -np.inf)
            with np.errstate(invalid="ignore"):
                result[:, j] = np.where(np.isneginf(self.best_with[:, j]), -np.inf, self.best_with[:, j] - without)
        return result

    def log_lr_of(self, pairing: Mapping[str, str]) -> float:
        """Natural logarithm of the LR of any assignment against nobody being identified; -inf where impossible."""
        place = {person: (f, k) for f, c in enumerate(self.choices) for k, person in enumerate(c.missing)}
        by_family: dict[int, list[tuple[int, int]]] = {}
        for profile, person in pairing.items():
            if person != NOBODY:
                f, k = place[person]
                by_family.setdefault(f, []).append((self.profiles.index(profile), k))
        return math.fsum(self.choices[f].log_lr_of(tuple(pairs)) for f, pairs in by_family.items())

    def undisputed(self, threshold: float) -> list[Undisputed]:
        """Pairings whose LR, and whose ratio to every other in its row and column, reach a threshold, in rounds.

        After each round the pairings found are taken as given, which changes the LRs of their families.

        Args:
            threshold: Above 1, commonly 10,000.

        Source: Vigeland & Egeland 2021 (undisputed identifications).
        """
        place = [(f, k) for f, c in enumerate(self.choices) for k in range(len(c.missing))]
        given: list[list[tuple[int, int]]] = [[] for _ in self.choices]
        open_rows, open_columns = set(range(len(self.profiles))), set(range(len(self.missing)))
        found: list[Undisputed] = []
        step = 1
        while open_rows and open_columns:
            rows, columns = sorted(open_rows), sorted(open_columns)
            ln = np.full((len(rows), len(columns)), -np.inf)
            for b, j in enumerate(columns):
                f, k = place[j]
                base = self.choices[f].log_lr_of(tuple(given[f]))
                for a, i in enumerate(rows):
                    ln[a, b] = self.choices[f].log_lr_of((*given[f], (i, k))) - base
            fresh = []
            for a, b in np.argwhere(ln >= math.log(threshold) * (1 - 1e-12)):
                rivals = np.concatenate([np.delete(ln[a], b), np.delete(ln[:, b], a)])
                if not rivals.size or rivals.max() <= ln[a, b] - math.log(threshold):
                    fresh.append((rows[a], columns[b], float(ln[a, b])))
            if not fresh:
                break
            for i, j, value in fresh:
                f, k = place[j]
                given[f].append((i, k))
                open_rows.discard(i)
                open_columns.discard(j)
                with np.errstate(over="ignore"):
                    lr = float(np.exp(value))
                found.append(Undisputed(self.profiles[i], self.missing[j], self.families[j], lr, step))
            step += 1
        return found


def identify_jointly(
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
    pairings: Mapping[str, Collection[str]] | None = None,
    prior: Mapping[tuple[str, str], float] | None = None,
    best: int = 1000,
    negligible: float = 0.0,
) -> JointIdentification:
    """Weigh every way to identify all remains at once.

    Assumes that families are unrelated to each other and that no two profiles are of one person; mutation acts as the
    markers say, everywhere. With theta, coancestry acts within each family and the remains placed in it.

    Args:
        profiles: Profiles of remains.
        families: Families; their markers are matched by name.
        theta: Coancestry coefficient.
        linked: Groups of linked markers, as in `likelihood_ratio`.
        pairings: For each profile the missing persons it may be; None: all of the same or an unknown sex.
        prior: Prior weight of (profile, missing person) against that profile being nobody, such as from site, age or
            sex; 1 where not named. Weights multiply. None: every assignment is equally probable beforehand.
        best: How many of the best assignments to list.
        negligible: Pairings in families with one missing person whose weight is below this may be left out; the result
            states a bound on what that changes. 0: nothing is left out.

    Raises:
        BadQuestion: a family contradicts itself; a prior below 0 or about somebody unknown; nothing to list.
        NotMeaningful: linked markers, or theta, with inbred founders; unknown sex on X.
        TooComplex: there are too many placements in a family, or too many remains compete in one group.

    Source: Vigeland & Egeland 2021 (joint DVI); sum over disjoint choices exact by forward and backward recursion
    over families, within groups that share no candidate.

    Example:
        >>> from dokaz.kinship import Marker, MarkerSet, Pedigree, Profiles
        >>> markers = MarkerSet((Marker("TH01", ("1", "2"), (0.1, 0.9)),))
        >>> father = Pedigree.of(child=("man", None), man=(None, None))
        >>> family = KinshipFamily("F1", father, ("man",), Profiles.of({"child": {"TH01": ("1", "1")}}, markers))
        >>> found = identify_jointly(Profiles.of({"V1": {"TH01": ("1", "1")}}, markers), [family])
        >>> round(found.posterior_of("V1", "man"), 12)  # LR 10, prior odds 1
        0.909090909091
    """
    if best < 1:
        raise BadQuestion(f"best {best!r}", next_step="list at least one assignment")
    columns = columns_of(families)
    missing = tuple(person for _, person in columns)
    check_pairings(profiles, families, pairings)
    allowed, excluded = _allowed(profiles, families, missing, pairings, prior)
    terms = terms_of(profiles, linked)
    groups = [term for term in terms.all if len(term.columns) > 1]
    # Placements are sought at the markers that are not linked; linked ones then weigh those found.
    rest = _untyped_at(profiles, groups)
    alone = _alone(rest, theta, ())
    alone_at = [_alone(profiles.at(group.columns), theta, _linked_in(profiles, group)) for group in groups]
    choices: list[Choices] = []
    weighted: list[WeightedPlacements] = []
    ln_nobody = float(alone.sum() + sum(one.sum() for one in alone_at))
    first = 0
    for family in families:
        relatives = aligned(family.profiles, profiles.markers, family.name)
        last = first + len(family.missing)
        places = [[j - first for j in range(first, last) if allowed[i, j] > 0] for i in range(len(profiles))]
        ln_family = 0.0
        if len(relatives):
            ln_family = float(ln_likelihood(family.pedigree, relatives, theta=theta, linked=linked).sum())
        if ln_family == -math.inf:
            raise BadQuestion(
                f"{family.name}: the relatives' profiles contradict their pedigree",
                next_step="run the reference check, and correct the family or allow mutation",
            )
        ln_nobody += ln_family
        if family.missing:
            partly = replace(family, profiles=_untyped_at(relatives, groups))
            found = choices_of(partly, rest, alone, places, theta)
            for group, alone_there in zip(groups, alone_at, strict=True):
                found = _weighed(found, group, replace(family, profiles=relatives), profiles, alone_there, theta)
            ln_prior = np.array(
                [math.fsum(math.log(allowed[i, first + k]) for i, k in placement) for placement in found.placements]
            )
            choices.append(found)
            weighted.append(WeightedPlacements(found.placements, found.log_lr, ln_prior, first, len(family.missing)))
        first = last
    summary = summarise(weighted, len(profiles), len(missing), best, negligible)
    names = _assignments(summary, weighted, profiles.ids, missing, ln_nobody)
    tied = tuple(tuple(c.missing[k] for k in group) for c in choices for group in c.interchangeable)
    return JointIdentification(
        profiles.ids,
        missing,
        tuple(family.name for family, _ in columns),
        ln_nobody,
        names,
        summary.count,
        summary.posterior,
        summary.best_with,
        tuple(choices),
        tied,
        excluded,
        "flat: every assignment equally probable" if prior is None else "weights stated for pairings, 1 for the others",
        summary.neglected,
        Assumptions(theta, terms.linked, profiles.markers.added),
    )


def _allowed(
    profiles: Profiles,
    families: Sequence[KinshipFamily],
    missing: tuple[str, ...],
    pairings: Mapping[str, Collection[str]] | None,
    prior: Mapping[tuple[str, str], float] | None,
) -> tuple[FloatArray, tuple[Excluded, ...]]:
    """Prior weight of each pairing, 0 where excluded; and the exclusions."""
    weight = np.ones((len(profiles), len(missing)))
    excluded: list[Excluded] = []
    same = sexes_compared(profiles, families)
    for (profile, person), value in (prior or {}).items():
        if profile not in profiles or person not in missing or not value >= 0 or math.isinf(value):
            raise BadQuestion(
                f"prior {value!r} of {profile} being {person}", next_step="give known ids and a weight of 0 or more"
            )
        weight[profiles.row_of(profile), missing.index(person)] = value
    for i, profile in enumerate(profiles.ids):
        listed = None if pairings is None else pairings.get(profile, ())
        for j, person in enumerate(missing):
            why = ""
            if listed is not None and person not in listed:
                why = "not among the stated pairings"
            elif listed is None and not same[i, j]:
                why = "sex"
            elif weight[i, j] == 0:
                why = "prior weight 0"
            if why:
                weight[i, j] = 0.0
                excluded.append(Excluded(profile, person, why))
    return weight, tuple(excluded)


def _alone(profiles: Profiles, theta: float, linked: Sequence[Linked]) -> FloatArray:
    if not len(profiles):
        return np.zeros(0)
    values = []
    for profile, sex in zip(profiles.ids, profiles.sexes, strict=True):
        person = Pedigree.unrelated({profile: sex})
        values.append(float(ln_likelihood(person, profiles.only([profile]), theta=theta, linked=linked).sum()))
        if values[-1] == -math.inf:
            raise BadQuestion(
                f"{profile} is impossible in this population",
                next_step="give its alleles a frequency above 0, or, where it shows more than two, allow drop-in",
            )
    return np.array(values)


def _untyped_at(profiles: Profiles, terms: Sequence[Term]) -> Profiles:
    """The same profiles as if some markers had not been typed."""
    if not terms:
        return profiles
    typed = profiles.typed.copy()
    typed[:, [column for term in terms for column in term.columns]] = False
    return replace(profiles, typed=typed)


def _linked_in(profiles: Profiles, term: Term) -> tuple[Linked, ...]:
    names = profiles.markers.names
    return ((tuple(names[column] for column in term.columns), term.fractions),)


def _weighed(
    found: Choices, term: Term, family: KinshipFamily, profiles: Profiles, alone: FloatArray, theta: float
) -> Choices:
    """A family's choices with what linked markers say of each placement; those that they forbid are left out."""
    relatives, remains = family.profiles.at(term.columns), profiles.at(term.columns)
    linked = _linked_in(profiles, term)
    known: dict[Placement, float] = {}

    def ln_of(placement: Placement) -> float:
        # Persons whom DNA cannot tell apart share every value.
        for group in found.interchangeable:
            rows = sorted(row for row, place in placement if place in group)
            others = [pair for pair in placement if pair[1] not in group]
            placement = tuple(sorted([*others, *zip(rows, group, strict=False)]))
        if placement not in known:
            names = {remains.ids[row]: found.missing[place] for row, place in placement}
            placed = remains.only(list(names)).renamed(names)
            together = relatives.joined(placed) if names else relatives
            known[placement] = float(ln_likelihood(family.pedigree, together, theta=theta, linked=linked).sum())
        return known[placement]

    base = ln_of(())
    added = np.array([ln_of(p) - base - math.fsum(alone[row] for row, _ in p) for p in found.placements])
    is_possible = added > -math.inf
    placements = tuple(p for p, possible in zip(found.placements, is_possible, strict=True) if possible)
    forbidden = tuple(p for p, possible in zip(found.placements, is_possible, strict=True) if not possible)
    log_lr = (found.log_lr + added)[is_possible]
    return replace(found, placements=placements, log_lr=log_lr, impossible=(*found.impossible, *forbidden))


def _assignments(
    summary: Summary,
    weighted: Sequence[WeightedPlacements],
    profiles: tuple[str, ...],
    missing: tuple[str, ...],
    ln_nobody: float,
) -> tuple[Assignment, ...]:
    found = []
    for chosen in summary.best:
        pairing = dict.fromkeys(profiles, NOBODY)
        log_lr, ln_prior = 0.0, 0.0
        for family, choice in chosen:
            part = weighted[family]
            log_lr += float(part.log_lr[choice])
            ln_prior += float(part.ln_prior[choice])
            for row, place in part.placements[choice]:
                pairing[profiles[row]] = missing[part.first + place]
        found.append(Assignment(pairing, ln_nobody + log_lr, log_lr, ln_prior))
    return tuple(found)
