"""How many people stand on which lists together: the table from which those on no list are estimated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import BadOverlaps, NotEstimable

#: More lists than these make more patterns (2 to the power of the lists) than any method here is meant for.
MOST_LISTS = 12
#: Two lists give one number that nothing can check: whether they depend on each other shows with a third only.
FEWEST_LISTS = 3


@dataclass(frozen=True, eq=False)
class OverlapTable:
    """People counted by the lists that name them.

    Args:
        lists: Names of the lists, in order; list j is bit j of a pattern.
        counts: People of each pattern, shape (2 ** lists,); pattern 0, those on no list, is 0 here: nobody saw them.
        impossible: Patterns that cannot occur by how the lists were made (the released cannot be on a list of the
            dead), shape (2 ** lists,); never where somebody was counted.

    Assumes that everybody could be on any list but for ``impossible``, that nobody joins or leaves the population,
    and that records were linked without errors: false links make the estimate too small, missed links too large.

    Raises:
        BadOverlaps: names that are blank or occur twice, counts that are negative or not whole, no people.
    """

    lists: tuple[str, ...]
    counts: NDArray[np.int64]
    impossible: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if any(not name.strip() for name in self.lists) or len(set(self.lists)) < len(self.lists):
            raise BadOverlaps(f"lists {', '.join(map(repr, self.lists))}: every list needs a name of its own")
        if len(self.lists) > MOST_LISTS:
            raise BadOverlaps(
                f"{len(self.lists)} lists are too many", f"join lists of one origin, to at most {MOST_LISTS}"
            )
        if self.counts.shape != (2 ** len(self.lists),) or self.impossible.shape != self.counts.shape:
            raise BadOverlaps(f"{len(self.lists)} lists have {2 ** len(self.lists)} patterns, not {self.counts.size}")
        if (self.counts < 0).any():
            raise BadOverlaps("a count of people is negative")
        if self.counts[0]:
            raise BadOverlaps(
                f"{self.counts[0]} people are on no list", "leave that row out: how many they are is the question"
            )
        if not self.counts.any():
            raise BadOverlaps("the table counts nobody", "give the number of people of every pattern")
        if self.impossible[0]:
            raise BadOverlaps("people on no list cannot be declared impossible")
        wrong = np.flatnonzero(self.impossible & (self.counts > 0))
        if len(wrong):
            raise BadOverlaps(
                f"{self.counts[wrong[0]]} people are on {self.named(int(wrong[0]))}, which was declared impossible",
                "look at these people: the declaration or the links are wrong",
            )

    @classmethod
    def of(
        cls, lists: Sequence[str], rows: Iterable[tuple[Iterable[str], int]], *, disjoint: Iterable[Sequence[str]] = ()
    ) -> OverlapTable:
        """From rows of (the lists that name them, how many people); rows of one pattern are added up.

        Args:
            disjoint: Pairs of lists that nobody can be on together.

        Example:
            >>> table = OverlapTable.of("AB", [("A", 5), ("B", 4), ("AB", 2)])
            >>> table.counts.tolist()
            [0, 5, 4, 2]
        """
        at = {name: bit for bit, name in enumerate(lists)}
        if len(lists) > MOST_LISTS:
            raise BadOverlaps(f"{len(lists)} lists are too many", f"join lists of one origin, to at most {MOST_LISTS}")
        counts = np.zeros(2 ** len(lists), np.int64)
        for named, people in rows:
            pattern = 0
            for name in named:
                if name not in at:
                    raise BadOverlaps(f"no list is called {name!r}", f"lists are {', '.join(lists)}")
                pattern |= 1 << at[name]
            counts[pattern] += people
        impossible = np.zeros(len(counts), np.bool_)
        for pair in disjoint:
            unknown = [name for name in pair if name not in at]
            if unknown or len(set(pair)) != 2:
                raise BadOverlaps(f"{':'.join(pair)} is not a pair of lists", f"name two of {', '.join(lists)}, as A:B")
            both = sum(1 << at[name] for name in pair)
            impossible |= (np.arange(len(counts)) & both) == both
        return cls(tuple(lists), counts, impossible)

    @property
    def observed(self) -> int:
        """People on at least one list."""
        return int(self.counts.sum())

    @cached_property
    def on_list(self) -> NDArray[np.bool_]:
        """Which patterns name a list, shape (patterns, lists)."""
        return (np.arange(len(self.counts))[:, None] >> np.arange(len(self.lists)) & 1).astype(np.bool_)

    @property
    def sizes(self) -> dict[str, int]:
        """People on each list."""
        return dict(zip(self.lists, (self.counts @ self.on_list).tolist(), strict=True))

    def named(self, pattern: int) -> str:
        """A pattern in words, ``A and C``."""
        return " and ".join(name for bit, name in enumerate(self.lists) if pattern >> bit & 1)

    def only_lists_of(self, at_least: int) -> OverlapTable:
        """Without the lists that name fewer people than these; people who were on no other list are no longer counted."""
        keep = [bit for bit, people in enumerate(self.sizes.values()) if people >= at_least]
        if len(keep) == len(self.lists):
            return self
        patterns = np.arange(len(self.counts))
        to = sum(((patterns >> bit & 1) << k for k, bit in enumerate(keep)), start=np.zeros_like(patterns))
        counts = np.bincount(to, weights=self.counts, minlength=2 ** len(keep)).astype(np.int64)
        counts[0] = 0
        impossible = np.zeros(2 ** len(keep), np.bool_)
        # A pattern of the lists that stay is impossible if it is so without any list that goes.
        within = np.isin(patterns, patterns & sum(1 << bit for bit in keep))
        impossible[to[within]] = self.impossible[within]
        if not counts.any():
            raise NotEstimable(f"no list names {at_least} people or more")
        return OverlapTable(tuple(self.lists[bit] for bit in keep), counts, impossible)

    def must_be_estimable(self) -> None:
        """Refuse what no method can answer.

        Raises:
            NotEstimable: fewer than three lists; a list that names nobody; nobody on two lists.
        """
        empty = [name for name, people in self.sizes.items() if not people]
        if empty:
            raise NotEstimable(f"list {empty[0]} names nobody", "leave it out")
        if len(self.lists) < FEWEST_LISTS:
            raise NotEstimable(
                f"{len(self.lists)} usable list{'s' * (len(self.lists) != 1)}: three are needed, for with two nothing "
                "shows whether who is on one is more often on the other",
                "add a list of another origin",
            )
        if not self.counts[self.on_list.sum(axis=1) >= 2].any():
            raise NotEstimable(
                "nobody is on two lists: the lists do not overlap, so they say nothing of those on none",
                "check the links between the lists; if they are right, no number can be given",
            )
