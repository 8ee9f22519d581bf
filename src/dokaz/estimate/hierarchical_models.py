"""Which log-linear models there are: every set of interactions between lists that holds all parts of what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: More models than these are not all fitted: the best is then sought in steps.
MOST_MODELS = 40_000

Term = int  #: An interaction as the bits of its lists.


class Model(NamedTuple):
    """A hierarchical log-linear model: the interactions of two or more lists, with all their parts.

    Attributes:
        terms: Bits of the lists of each interaction, in order.
    """

    terms: tuple[Term, ...]

    def written(self, lists: int) -> str:
        """As the field writes it, by the largest interactions, lists counted from 1: ``[123,14,34]``.

        Example:
            >>> Model((0b011,)).written(3)
            '[12,3]'
        """
        every = [*self.terms, *(1 << bit for bit in range(lists))]
        largest = [term for term in every if not any(term != other and term & other == term for other in every)]
        digits = [
            ("" if lists < 10 else "+").join(str(bit + 1) for bit in range(lists) if term >> bit & 1)
            for term in largest
        ]
        return f"[{','.join(sorted(digits, key=lambda each: (-len(each), each)))}]"


def orders(lists: int) -> int:
    """The largest interaction that models of so many lists hold: all but the saturated one up to four lists, pairs beyond.

    With five lists there are 6,893 models up to four-way interactions, most of which ask more of the counts than
    they hold.
    """
    return lists - 1 if lists <= 4 else 2


def models_of(lists: int, *, always: Iterable[Term] = ()) -> list[Model]:
    """Every hierarchical model of so many lists up to ``orders``; 8 of three lists, 113 of four, 1,024 of five.

    Args:
        always: Interactions that the analyst declares: only models with them.
    """
    required = set(parts_of(always))
    smaller: list[frozenset[Term]] = [frozenset()]
    for order in range(2, orders(lists) + 1):
        grown = []
        terms = [sum(1 << bit for bit in chosen) for chosen in combinations(range(lists), order)]
        for held in smaller:
            allowed = [term for term in terms if all(part in held for part in _pieces(term))]
            for how_many in range(len(allowed) + 1):
                grown += [held | set(chosen) for chosen in combinations(allowed, how_many)]
        smaller = grown
    found = [Model(tuple(sorted(held, key=_order))) for held in smaller if required <= held]
    return sorted(found, key=lambda model: (len(model.terms), model.terms))


def number_of_models(lists: int) -> int:
    """How many models ``models_of`` would give, where it is known without making them: 2 to the power of the pairs."""
    return {3: 8, 4: 113}.get(lists, 1 << lists * (lists - 1) // 2)


def neighbours(model: Model, lists: int, *, always: Iterable[Term] = ()) -> list[Model]:
    """Models of pairs that differ from this one by one pair of lists."""
    pairs = [1 << a | 1 << b for a, b in combinations(range(lists), 2)]
    required = set(always)
    return [Model(tuple(sorted({*model.terms} ^ {pair}, key=_order))) for pair in pairs if pair not in required]


def parts_of(terms: Iterable[Term]) -> list[Term]:
    """Interactions with all interactions of two or more lists within them."""
    found = {
        sum(1 << bit for bit in chosen)
        for term in terms
        for size in range(2, bin(term).count("1") + 1)
        for chosen in combinations([bit for bit in range(term.bit_length()) if term >> bit & 1], size)
    }
    return sorted(found, key=_order)


def design(terms: Sequence[Term], lists: int) -> NDArray[np.float64]:
    """Columns of a model: 1, then one a list, then one an interaction.

    Returns: Shape (2 ** lists, 1 + lists + terms); row 0, those on no list, is 1 in the first column only, so that the
        first parameter is the logarithm of their expected number.
    """
    patterns = np.arange(2**lists)
    columns = [np.ones(len(patterns)), *((patterns >> bit & 1).astype(float) for bit in range(lists))]
    columns += [((patterns & term) == term).astype(float) for term in terms]
    return np.stack(columns, axis=1)


def _pieces(term: Term) -> list[Term]:
    """An interaction without one of its lists, for each; nothing of a pair: single lists are in every model."""
    pieces = [term & ~(1 << bit) for bit in range(term.bit_length()) if term >> bit & 1]
    return pieces if len(pieces) > 2 else []


def _order(term: Term) -> tuple[int, int]:
    return bin(term).count("1"), term
