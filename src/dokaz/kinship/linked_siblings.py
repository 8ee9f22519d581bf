"""Siblings at linked markers: what two children of one couple share runs on along the chromosome.

Of two profiles alone, only siblings are more or less likely for linkage. One person at two markers is one person at each. A
parent's phase is unknown and both phases are as likely, so what a child received at one marker says nothing about the next
(in linkage equilibrium). Siblings who received the same copy of a parent at one marker mostly did at the next: with
recombination fraction r, whether they share it changes with probability 2 r (1 - r), for each parent apart.

Source: Thompson 1975 (states of identity of siblings); Lander & Green 1987 (their chain along a chromosome).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dokaz.kinship.arrays import FloatArray
from dokaz.kinship.model.pedigree import Member, Pedigree, Sex


def sibling_pedigrees(
    first: Sex = Sex.UNKNOWN, second: Sex = Sex.UNKNOWN
) -> tuple[Pedigree, Pedigree, Pedigree, Pedigree]:
    """Persons 1 and 2 as full siblings, with one father only, with one mother only, and as children of two couples."""
    one, two = (("f", "m"), ("f", "m")), (("f", "m"), ("f", "m2"))
    three, four = (("f", "m"), ("f2", "m")), (("f", "m"), ("f2", "m2"))
    return (_of(one, first, second), _of(two, first, second), _of(three, first, second), _of(four, first, second))


def _of(parents: tuple[tuple[str, str], tuple[str, str]], first: Sex, second: Sex) -> Pedigree:
    (f, m), (f2, m2) = parents
    children = (Member("1", father=f, mother=m, sex=first), Member("2", father=f2, mother=m2, sex=second))
    fathers = tuple(Member(name, sex=Sex.MALE) for name in dict.fromkeys((f, f2)))
    mothers = tuple(Member(name, sex=Sex.FEMALE) for name in dict.fromkeys((m, m2)))
    return Pedigree((*children, *fathers, *mothers))


def linked_sibling_lr(lr: Sequence[FloatArray], fractions: Sequence[float], *, x_linked: bool) -> FloatArray:
    """LR of being siblings against being unrelated, at a group of linked markers.

    Args:
        lr: For each marker the LR of each of `sibling_pedigrees`, in that order; shape (4, pairs).
        fractions: Recombination fraction between each marker and the next.
        x_linked: The markers lie on X: a father has one copy of it, which does not recombine.

    Example:
        Both 1/1 at two markers, where allele 1 has frequency 0.1, without recombination: a quarter of 1 + 10² + 10² + 100².

        >>> one = np.array([[30.25], [5.5], [5.5], [1.0]])
        >>> linked_sibling_lr([one, one], [0.0], x_linked=False).round(6).tolist()
        [2550.25]
    """
    first, *others = [_given_what_is_shared(at, x_linked) for at in lr]
    values = first / math.prod(first.shape[:-1])
    for fraction, at in zip(fractions, others, strict=True):
        changes = 2 * fraction * (1 - fraction)
        for axis in range(values.ndim - 1):
            values = (1 - changes) * values + changes * np.flip(values, axis=axis)
        values = values * at
    return np.asarray(values.sum(axis=tuple(range(values.ndim - 1))))


def _given_what_is_shared(lr: FloatArray, x_linked: bool) -> FloatArray:
    """The LR given whether the siblings share each parent's copy: axes father (not on X), mother (0 shared), pairs.

    Two different copies of one founder are as independent as copies of two founders, with theta too. So half siblings are
    the mean of sharing and not sharing with one parent, and full siblings the mean of all four.
    """
    full, of_father, of_mother, apart = lr
    if x_linked:
        return np.maximum([2 * full - of_father, of_father], 0.0)
    father, mother = 2 * of_father - apart, 2 * of_mother - apart
    return np.maximum([[4 * full - father - mother - apart, father], [mother, apart]], 0.0)
