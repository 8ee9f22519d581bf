"""Linked SNPs in a search: tables of a family over every inheritance, and each profile along the chromosome."""

from __future__ import annotations

import math

import numpy as np

from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.blind.observations import LinkedObservations
from dokaz.kinship.blind.tables import Target
from dokaz.kinship.exact.inheritance import are_few_alleles, given_inheritance, ln_along
from dokaz.kinship.model.pedigree import Sex

#: Numbers that are in memory at once of what profiles show, given each inheritance.
MOST_NUMBERS = 2**24


def ln_given_relatives(together: LinkedObservations, target: Target) -> FloatArray | None:
    """Natural logarithm of the probability of every row of SNPs given the relatives; None where this way is closed.

    Returns:
        All NaN where the relatives' profiles are impossible.
    """
    term = together.group.term
    if not are_few_alleles(target.profiles.markers, term.columns):
        return None
    given = given_inheritance(target.pedigree, target.profiles, term.columns, target.person, x_linked=term.x_linked)
    if given is None:
        return None
    tables, flips = given
    has_one_allele = term.x_linked and target.pedigree.sex_of(target.person) is Sex.MALE
    rows, count = together.observed, tables[0].shape[1]
    ln = np.empty(len(rows))
    # Where nearly every profile shows something of its own (dropout), some of them at a time.
    is_wide = int(np.diff(together.seen.row_start).sum()) * count > MOST_NUMBERS
    step = max(1, MOST_NUMBERS // (len(tables) * count)) if is_wide else len(rows)
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        shown = []
        for m, table in enumerate(tables):
            each = together.seen.probabilities(m, table, one_allele=has_one_allele)
            shown.append(each[some[:, m]] if is_wide else each)
        if is_wide:
            some = np.repeat(np.arange(len(some))[:, None], len(tables), axis=1)
        ln[start : start + step] = ln_along(shown, flips, some, term.fractions)
    return ln - ln[0] if ln[0] > -math.inf else np.full(ln.size, np.nan)
