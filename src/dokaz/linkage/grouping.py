"""One list against itself: rows of one person as a group, so that two that hardly resemble each other meet in a third.

Within what the links connect, every pair is compared, and groups are joined while the mean weight between them is
above a limit (average linkage). A single wrong link thus joins nobody, and a record of a surname alone is held by the
company that it keeps.

The limits were set on four public lists (docs/methods/linkage.md), not on the lists at hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from dokaz.linkage.linking import Linked, bits_of
from dokaz.linkage.people import Ids, Lists
from dokaz.linkage.weights import Weights, probability

#: Weights in bits that one pair can bring into a mean, and the mean above which groups are joined.
LEAST, MOST, JOINED = -3.0, 10.0, -1.0
#: Links of this weight connect rows; more is asked where so many would be connected that no person has so many rows.
_CONNECTED, _CROWD = -3.0, 400


def connected(rows: int, left: Ids, right: Ids) -> list[list[int]]:
    """Rows that links connect, directly or through others; rows without a link are left out.

    Example:
        >>> connected(5, np.array([0, 1]), np.array([1, 4]))
        [[0, 1, 4]]
    """
    above = list(range(rows))

    def top(row: int) -> int:
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        above[top(b)] = top(a)
    found = defaultdict(list)
    for row in sorted({*left.tolist(), *right.tolist()}):
        found[top(row)].append(row)
    return list(found.values())


def average_linkage(bits: NDArray[np.float64], limit: float = JOINED) -> tuple[list[list[int]], NDArray[np.float64]]:
    """Join the two groups with the highest mean weight between them until it falls below a limit.

    Args:
        bits: Weight of each pair, symmetric.

    Returns:
        The groups, and for each pair the mean weight at which it was joined; minus infinity where it was not.
    """
    size = len(bits)
    between = np.clip(bits, LEAST, MOST)
    np.fill_diagonal(between, -np.inf)
    groups, joined = [[row] for row in range(size)], np.full((size, size), -np.inf)
    for _ in range(size - 1):
        a, b = divmod(int(np.argmax(between)), size)
        height = between[a, b]
        if height < limit:
            break
        joined[np.ix_(groups[a], groups[b])] = joined[np.ix_(groups[b], groups[a])] = height
        na, nb = len(groups[a]), len(groups[b])
        between[a] = between[:, a] = (na * between[a] + nb * between[b]) / (na + nb)
        between[a, a] = between[b] = between[:, b] = -np.inf
        groups[a], groups[b] = groups[a] + groups[b], []
    return [sorted(group) for group in groups if group], joined


def grouped(linked: Linked, lists: Lists, weights: Weights) -> Linked:
    """Links of a list against itself after its rows were grouped: every pair of a group, and others below one half."""
    found: list[tuple[Ids, Ids, NDArray[np.float64]]] = []
    for crowds in _together(_crowds_parted(linked, lists.sizes[0])):
        rows = [np.array(crowd) for crowd in crowds]
        pairs = [np.triu_indices(len(crowd), 1) for crowd in crowds]
        left = np.concatenate([r[i] for r, (i, _) in zip(rows, pairs, strict=True)])
        right = np.concatenate([r[j] for r, (_, j) in zip(rows, pairs, strict=True)])
        bits, _ = bits_of(lists, weights, left, right)
        height = np.full(len(bits), -np.inf)
        at = 0
        for i, j in pairs:
            square = np.zeros((int(j[-1]) + 1,) * 2)
            square[i, j] = square[j, i] = bits[at : at + len(i)]
            height[at : at + len(i)] = average_linkage(square)[1][i, j]
            at += len(i)
        joined = height > -np.inf
        found.append((left[joined], right[joined], height[joined]))
    if not found:
        return linked
    return _with_groups(linked, lists, weights, *(np.concatenate([each[k] for each in found]) for k in range(3)))


def _together(crowds: Iterable[list[int]], most: int = 2_000_000) -> Iterator[list[list[int]]]:
    """Crowds in batches of not many more pairs than so many."""
    batch: list[list[int]] = []
    pairs = 0
    for crowd in crowds:
        batch.append(sorted(crowd))
        pairs += len(crowd) * (len(crowd) - 1) // 2
        if pairs > most:
            yield batch
            batch, pairs = [], 0
    if batch:
        yield batch


def _crowds_parted(linked: Linked, rows: int) -> Iterator[list[int]]:
    """Connected rows; of a crowd, what stronger links still connect."""
    waiting = [(np.arange(rows), _CONNECTED)]
    while waiting:
        members, least = waiting.pop()
        inside = np.zeros(rows, bool)
        inside[members] = True
        kept = (linked.bits >= least) & inside[linked.left] & inside[linked.right]
        for found in connected(rows, linked.left[kept], linked.right[kept]):
            if len(found) <= _CROWD:
                yield found
            else:
                waiting.append((np.array(found), least + 1.0))


def _with_groups(
    linked: Linked, lists: Lists, weights: Weights, left: Ids, right: Ids, height: NDArray[np.float64]
) -> Linked:
    """Pairs of one group get at least the group's probability, and all others less than one half."""
    rows = lists.sizes[0]
    group_key, link_key = left * rows + right, linked.left * rows + linked.right
    apart = ~np.isin(link_key, group_key)
    own, found = bits_of(lists, weights, left, right)
    bits = np.concatenate([np.maximum(own, height - JOINED), np.minimum(linked.bits[apart], JOINED)])
    all_left, all_right = np.concatenate([left, linked.left[apart]]), np.concatenate([right, linked.right[apart]])
    pattern = np.concatenate([found, linked.pattern[apart]])
    order = np.lexsort((all_right, all_left, -bits))
    return Linked(
        all_left[order], all_right[order], bits[order], probability(bits[order]), pattern[order], linked.compared
    )
