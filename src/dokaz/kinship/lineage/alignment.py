"""The alignment of two short sequences that needs the least penalty; of these, one with the fewest events.

A substitution costs 10; a contiguous insertion or deletion 9 and 2 for each base. So two substitutions cost less than an
insertion with a deletion, three may cost more, and a length that differs in two runs of one base is written as two
insertions, not as a substitution between them. Two bases that have a base in common match. Penalties and events depend on
the two sequences alone and are the same with the two exchanged.

Source: affine gaps: Gotoh 1982, J Mol Biol 162:705; wavefronts: Marco-Sola et al. 2021, Bioinformatics 37:456.
"""

from __future__ import annotations

from collections.abc import Sequence

#: A column of an alignment: index in the one sequence and in the other; None is a gap.
Column = tuple[int | None, int | None]

SUBSTITUTION, GAP, GAP_BASE = 10, 9, 2
#: One event counts less than any penalty, so it only decides between alignments of equal penalty.
_SCALE = 100_000
_SUBSTITUTED, _OPENED, _EXTENDED = SUBSTITUTION * _SCALE + 1, (GAP + GAP_BASE) * _SCALE + 1, GAP_BASE * _SCALE
#: So many substitutions always cost less than one insertion with one deletion.
_ONLY_SUBSTITUTIONS = (2 * (GAP + GAP_BASE) - 1) // SUBSTITUTION

#: By score: the furthest index in the one sequence on each diagonal (index in the other less index in the one).
_Front = dict[int, int]


def align(ours: Sequence[int], theirs: Sequence[int]) -> list[Column]:
    """The columns of the best alignment; gaps lie as far right as they can.

    Args:
        ours, theirs: Bases as in `BASES`.

    Example: CAC against CACAC is one deletion of two bases.
        >>> align((2, 1, 2), (2, 1, 2, 1, 2))
        [(0, 0), (1, 1), (2, 2), (None, 3), (None, 4)]
    """
    if len(ours) == len(theirs):
        differing = sum(not a & b for a, b in zip(ours, theirs, strict=True))
        if differing <= _ONLY_SUBSTITUTIONS:
            return [(i, i) for i in range(len(ours))]
    return _Wavefronts(ours, theirs).columns()


class _Wavefronts:
    def __init__(self, ours: Sequence[int], theirs: Sequence[int]) -> None:
        self.ours, self.theirs = ours, theirs
        #: Columns end in a match or substitution; in a base of theirs alone; in one of ours alone.
        self.matched: dict[int, _Front] = {}
        self.inserted: dict[int, _Front] = {}
        self.deleted: dict[int, _Front] = {}

    def columns(self) -> list[Column]:
        goal, end = len(self.theirs) - len(self.ours), len(self.ours)
        best: tuple[_Front, _Front, _Front] = ({}, {}, {})
        waiting, score = {0}, -1
        while self.matched.get(score, {}).get(goal) != end:
            score = min(waiting)
            waiting.remove(score)
            inserted, deleted = self._gaps(score)
            matched = {0: 0} if score == 0 else {}
            for front in (self._substituted(score), inserted, deleted):
                for diagonal, at in front.items():
                    matched[diagonal] = max(at, matched.get(diagonal, -1))
            matched = {diagonal: self._slide(diagonal, at) for diagonal, at in matched.items()}
            for kept, front, furthest in zip(
                (self.matched, self.inserted, self.deleted), (matched, inserted, deleted), best, strict=True
            ):
                # What a lower score reached on the same diagonal, in the same state, is never reached in vain.
                kept[score] = {d: at for d, at in front.items() if at > furthest.get(d, -1)}
                furthest.update(kept[score])
            if self.matched[score]:
                waiting |= {score + _SUBSTITUTED, score + _OPENED}
            if self.inserted[score] or self.deleted[score]:
                waiting.add(score + _EXTENDED)
        return self._traced(score, goal)

    def _slide(self, diagonal: int, at: int) -> int:
        ours, theirs = self.ours, self.theirs
        while at < len(ours) and at + diagonal < len(theirs) and ours[at] & theirs[at + diagonal]:
            at += 1
        return at

    def _substituted(self, score: int) -> _Front:
        return {
            diagonal: at + 1
            for diagonal, at in self.matched.get(score - _SUBSTITUTED, {}).items()
            if at < len(self.ours) and at + diagonal < len(self.theirs)
        }

    def _gaps(self, score: int) -> tuple[_Front, _Front]:
        inserted: _Front = {}
        deleted: _Front = {}
        opened = self.matched.get(score - _OPENED, {})
        for front in (opened, self.inserted.get(score - _EXTENDED, {})):
            for diagonal, at in front.items():
                if at + diagonal < len(self.theirs):
                    inserted[diagonal + 1] = max(at, inserted.get(diagonal + 1, -1))
        for front in (opened, self.deleted.get(score - _EXTENDED, {})):
            for diagonal, at in front.items():
                if at < len(self.ours):
                    deleted[diagonal - 1] = max(at + 1, deleted.get(diagonal - 1, -1))
        return inserted, deleted

    def _traced(self, score: int, diagonal: int) -> list[Column]:
        """The columns, found from the end back to the beginning."""
        found: list[Column] = []
        state, at = self.matched, len(self.ours)
        while score > 0 or at > 0:
            if state is self.matched:
                before = self._substituted(score).get(diagonal, -1)
                inserted, deleted = (front.get(diagonal, -1) for front in self._gaps(score))
                start = max(before, inserted, deleted, 0 if score == 0 else -1)
                while at > start:
                    at -= 1
                    found.append((at, at + diagonal))
                if score == 0:
                    break
                if start == before:
                    at -= 1
                    found.append((at, at + diagonal))
                    score -= _SUBSTITUTED
                else:
                    state = self.inserted if start == inserted else self.deleted
                continue
            step = 1 if state is self.inserted else -1
            here = at if step == 1 else at - 1
            found.append((None, at + diagonal - 1) if step == 1 else (at - 1, None))
            at, diagonal = here, diagonal - step
            if self.matched.get(score - _OPENED, {}).get(diagonal) == at:
                state, score = self.matched, score - _OPENED
            else:
                score -= _EXTENDED
        return found[::-1]
