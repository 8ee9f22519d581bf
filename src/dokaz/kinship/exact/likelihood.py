"""Exact likelihoods and likelihood ratios of pedigrees, given profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real

import numpy as np

from dokaz.errors import BadQuestion
from dokaz.kinship.arrays import AlleleArray, BoolArray, FloatArray, IntArray
from dokaz.kinship.exact.evidence import check_one_x
from dokaz.kinship.exact.many_markers import MarkerGroup, Packed, ln_likelihoods, packed
from dokaz.kinship.exact.many_markers import group as prepare_group
from dokaz.kinship.exact.one_marker import Term, member_table
from dokaz.kinship.exact.theta import check_theta
from dokaz.kinship.kernels.compiled import answers_plainly, run
from dokaz.kinship.model.markers import Chromosome, Linked, MarkerSet
from dokaz.kinship.model.pedigree import Pedigree, Sex
from dokaz.kinship.model.profiles import Profiles
from dokaz.kinship.model.python_values import must_be
from dokaz.kinship.model.results import Assumptions, LikelihoodRatio

__all__ = ["Term", "Terms", "likelihood_ratio", "ln_likelihood", "member_table", "terms_of"]


def likelihood_ratio(
    h1: Pedigree,
    h2: Pedigree,
    profiles: Profiles,
    *,
    theta: float = 0.0,
    linked: Sequence[Linked] = (),
) -> LikelihoodRatio:
    """How much better `h1` explains the profiles than `h2`.

    Assumes that founders are drawn from the population of the frequencies, that markers outside `linked` are inherited
    independently, and that linked ones are in linkage equilibrium.

    Args:
        h1, h2: Two pedigrees, each naming every person with a profile.
        profiles: Profiles of members, over a marker set that holds frequencies and mutation models.
        theta: Coancestry coefficient, 0 to 1, across all founders of a hypothesis; 0 means Hardy–Weinberg.
        linked: Groups of linked markers, each a term of its own.

    Returns:
        One term a marker or linked group. -inf where a hypothesis is impossible, exactly.

    Raises:
        BadQuestion: a typed person is missing from one hypothesis, or is of another sex there.
        NotMeaningful: theta with inbred founders; unknown sex on X.
        TooComplex: no elimination order fits in memory.

    Source: Elston & Stewart 1971 (likelihood); Balding & Nichols 1994 (theta).

    Example:
        A man and a child who share allele 1 (frequency 0.1), the child 1/2: LR = 1/(4·0.1) = 2.5.

        >>> from dokaz.kinship import Marker, MarkerSet, Pedigree, Profiles
        >>> markers = MarkerSet((Marker("TH01", ("1", "2", "3"), (0.1, 0.2, 0.7)),))
        >>> people = Profiles.of({"man": {"TH01": ("1", "3")}, "child": {"TH01": ("1", "2")}}, markers)
        >>> father = Pedigree.of(child=("man", None), man=(None, None))
        >>> round(likelihood_ratio(father, Pedigree.unrelated(("man", "child")), people).lr, 12)
        2.5
    """
    for pedigree in (h1, h2):
        must_be(
            pedigree, Pedigree, "a hypothesis is a pedigree", "write likelihood_ratio(h1, h2, profiles)", BadQuestion
        )
    must_be(profiles, Profiles, "profiles", "write likelihood_ratio(h1, h2, profiles)", BadQuestion)
    must_be(theta, Real, "theta is a number", "write theta=0.01", BadQuestion)
    _check_question(h1, h2, profiles)
    terms = terms_of(profiles, linked)
    plainly = _is_small((h1, h2), profiles) and answers_plainly()
    first, second = (_ln_likelihoods(pedigree, profiles, terms, theta, plainly=plainly) for pedigree in (h1, h2))
    return LikelihoodRatio(
        h1.name or "H1",
        h2.name or "H2",
        profiles.ids,
        terms.names,
        first,
        second,
        _untyped_terms(profiles, terms),
        terms.aside,
        Assumptions(theta, terms.linked, profiles.markers.added),
    )


def _untyped_terms(profiles: Profiles, terms: Terms) -> tuple[str, ...]:
    key = ("untyped", terms.linked)
    if key not in profiles.prepared:
        typed = np.atleast_1d(profiles.typed.any(axis=0))
        found = () if typed.all() else tuple(t.name for t in terms.all if not typed[list(t.columns)].any())
        profiles.prepared[key] = found
    names: tuple[str, ...] = profiles.prepared[key]
    return names


def ln_likelihood(
    pedigree: Pedigree, profiles: Profiles, *, theta: float = 0.0, linked: Sequence[Linked] = ()
) -> FloatArray:
    """Natural logarithm of the probability of the profiles, one per marker or linked group, in the markers' order.

    Raises:
        As `likelihood_ratio`.
    """
    plainly = _is_small((pedigree,), profiles) and answers_plainly()
    return _ln_likelihoods(pedigree, profiles, terms_of(profiles, linked), theta, plainly=plainly)


def _is_small(pedigrees: Sequence[Pedigree], profiles: Profiles) -> bool:
    """Whether plain Python answers a question sooner than numba is imported."""
    if len(profiles) > 4 or sum(map(len, pedigrees)) > 16 or len(profiles.markers) > 60:
        return False
    entries = sum(len(m.alleles) ** 2 if m.mutation else len(m.alleles) for m in profiles.markers)
    return entries <= 15_000 and bool(np.isnan(profiles.dropout[profiles.typed]).all())


def _ln_likelihoods(pedigree: Pedigree, profiles: Profiles, terms: Terms, theta: float, *, plainly: bool) -> FloatArray:
    """All terms: those that are taken in rows, then the others one by one."""
    result = np.zeros(len(terms.all))
    check_theta(theta)
    with run(plainly=plainly):
        groups, rest = _groups(pedigree, profiles, terms, theta > 0)
        for members, group in groups:
            if group.x_linked:
                for person in group.people:
                    if pedigree.sex_of(person) is Sex.MALE:
                        check_one_x(profiles, profiles.rows[person], group.columns)
            found = ln_likelihoods(pedigree, group, theta)
            if found is None:
                rest = [*rest, *members]
            else:
                result[members] = found
    for i in rest:
        result[i] = terms.all[i].ln_likelihood(pedigree, profiles, theta)
    return result


_Groups = tuple[list[tuple[list[int], MarkerGroup]], list[int]]


def _groups(pedigree: Pedigree, profiles: Profiles, terms: Terms, with_theta: bool) -> _Groups:
    """Terms at which the same members are typed without dropout, as groups; and the positions of the others."""
    rows = tuple(row for person, row in profiles.rows.items() if person in pedigree)
    key = (rows, terms.linked, with_theta)
    prepared: _Groups | None = profiles.prepared.get(key)
    if prepared is not None:
        return prepared
    whole = len(rows) == len(profiles)
    people = profiles.ids if whole else tuple([profiles.ids[row] for row in rows])
    chosen = slice(None) if whole else list(rows)
    typed, dropout, alleles = profiles.typed[chosen], profiles.dropout[chosen], profiles.alleles[chosen, :, :2]
    pack = packed(profiles.markers)
    hiding = with_theta and pack.has_silent
    if not hiding and typed.all() and np.isnan(dropout).all():
        # The usual case.
        sure = (False,) * len(people)
        groups = []
        for x_linked, alike, members, columns in terms.kinds:
            shown = alleles if len(columns) == alleles.shape[1] else alleles[:, columns]
            groups.append((members, prepare_group(x_linked, alike, people, sure, shown, columns, pack)))
        prepared = groups, list(terms.linked_places)
    else:
        # A lone allele may hide a silent one, so that under theta the genotype is not certain.
        hides = typed & (alleles[..., 0] == alleles[..., 1]) & (pack.silent >= 0) & hiding
        prepared = _typed_alike(people, typed, hides, ~np.isnan(dropout), alleles, terms, pack)
    if len(profiles.prepared) >= 8:
        profiles.prepared.clear()
    profiles.prepared[key] = prepared
    return prepared


def _typed_alike(
    people: tuple[str, ...],
    typed: BoolArray,
    hides: BoolArray,
    uncertain: BoolArray,
    alleles: AlleleArray,
    terms: Terms,
    pack: Packed,
) -> _Groups:
    """As `_groups`, of people who are not typed alike at all markers."""
    usable = np.atleast_1d(~(typed & uncertain).any(axis=0))
    found: dict[tuple[bool, bool, bytes], list[int]] = {}
    rest = list(terms.linked_places)
    for x_linked, alike, members, _ in terms.kinds:
        for i in members:
            column = terms.all[i].columns[0]
            if usable[column]:
                pattern = typed[:, column].tobytes() + hides[:, column].tobytes()
                found.setdefault((x_linked, alike, pattern), []).append(i)
            else:
                rest.append(i)
    groups = []
    for (x_linked, alike, pattern), members in found.items():
        flags = np.frombuffer(pattern, dtype=bool)
        who = np.flatnonzero(flags[: len(people)])
        if who.size:
            columns = np.array([terms.all[i].columns[0] for i in members], dtype=np.int64)
            names = tuple(people[i] for i in who)
            ambiguous = tuple(flags[len(people) + who].tolist())
            shown = alleles[who][:, columns]
            groups.append((members, prepare_group(x_linked, alike, names, ambiguous, shown, columns, pack)))
    return groups, rest


def _inherited_in_pedigrees(chromosome: Chromosome) -> bool:
    return chromosome in (Chromosome.AUTOSOMAL, Chromosome.X)


def _check_question(h1: Pedigree, h2: Pedigree, profiles: Profiles) -> None:
    for sample, stated in zip(profiles.ids, profiles.sexes, strict=True):
        for hypothesis, pedigree in (("H1", h1), ("H2", h2)):
            if sample not in pedigree:
                raise BadQuestion(
                    f"{sample} has a profile but is no member of {pedigree.name or hypothesis}",
                    next_step="add the person (as unrelated, if that is meant), or leave the profile out",
                )
            sex = stated if stated is Sex.UNKNOWN else pedigree.sex_of(sample)
            if sex is not stated and sex is not Sex.UNKNOWN:
                raise BadQuestion(
                    f"{sample} is {stated.name.lower()} by profile and {sex.name.lower()} in "
                    f"{pedigree.name or hypothesis}",
                    next_step="correct one of the two; a profile of the other sex is not this person",
                )


@dataclass(frozen=True, eq=False)
class Terms:
    """The factors of the product over markers, in the markers' order.

    Args:
        all: One a marker or linked group.
        names: Of the terms.
        aside: Markers that never enter a product.
        alike: For each marker whether fathers and mothers mutate alike.
        linked: What was linked.
    """

    all: tuple[Term, ...]
    names: tuple[str, ...]
    aside: tuple[str, ...]
    alike: BoolArray
    linked: tuple[Linked, ...] = ()

    @cached_property
    def linked_places(self) -> tuple[int, ...]:
        """Positions of the linked groups."""
        return tuple(i for i, term in enumerate(self.all) if len(term.columns) > 1)

    @cached_property
    def kinds(self) -> tuple[tuple[bool, bool, list[int], IntArray], ...]:
        """The other terms by whether they lie on X and whether fathers and mothers mutate alike: positions and columns."""
        found: dict[tuple[bool, bool], list[int]] = {}
        for i, term in enumerate(self.all):
            if len(term.columns) == 1:
                found.setdefault((term.x_linked, bool(self.alike[term.columns[0]])), []).append(i)
        return tuple(
            (*kind, members, np.array([self.all[i].columns[0] for i in members], dtype=np.int64))
            for kind, members in found.items()
        )


_known_terms: dict[int, tuple[MarkerSet, Terms]] = {}


def terms_of(profiles: Profiles, linked: Sequence[Linked] = ()) -> Terms:
    """The terms of a product over the markers of some profiles; remembered where nothing is linked.

    Raises:
        BadQuestion: a recombination fraction outside 0 to 0.5, a marker in two groups, X linked with others.
    """
    if linked:
        return _new_terms(profiles, linked)
    known = _known_terms.get(id(profiles.markers))
    if known is None or known[0] is not profiles.markers:
        if len(_known_terms) > 100:
            _known_terms.clear()
        known = (profiles.markers, _new_terms(profiles, ()))
        _known_terms[id(profiles.markers)] = known
    return known[1]


def _new_terms(profiles: Profiles, linked: Sequence[Linked]) -> Terms:
    markers = profiles.markers
    columns = {name: i for i, name in enumerate(markers.names)}
    group_of: dict[str, Linked] = {}
    for names, fractions in linked:
        if len(fractions) != len(names) - 1 or not all(0 <= r <= 0.5 for r in fractions):
            raise BadQuestion(
                f"linked markers {', '.join(names)}: recombination fractions {list(fractions)}",
                next_step="give one from 0 to 0.5 between each marker and the next",
            )
        if len({markers[name].chromosome for name in names}) > 1:
            raise BadQuestion(
                f"linked markers {', '.join(names)} lie on different chromosomes", next_step="link X with X only"
            )
        for name in names:
            if name in group_of:
                raise BadQuestion(f"{name} is in two linked groups", next_step="give each marker once")
            group_of[name] = (tuple(names), tuple(fractions))
    terms: list[Term] = []
    done: set[str] = set()
    for marker in markers:
        if marker.name in done or not _inherited_in_pedigrees(marker.chromosome):
            continue
        names, fractions = group_of.get(marker.name, ((marker.name,), ()))
        done.update(names)
        x_linked = marker.chromosome is Chromosome.X
        terms.append(Term("+".join(names), tuple(columns[name] for name in names), fractions, x_linked))
    aside = tuple(m.name for m in markers if not _inherited_in_pedigrees(m.chromosome))
    stated = tuple((tuple(names), tuple(fractions)) for names, fractions in linked)
    return Terms(tuple(terms), tuple(term.name for term in terms), aside, packed(markers).alike, stated)
