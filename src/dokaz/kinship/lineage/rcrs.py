"""The revised Cambridge reference sequence (rCRS), in whose positions mitochondrial sequences are written.

Source: Andrews et al. 1999, Nat Genet 23:147; GenBank NC_012920.1, public domain. Position 3107 holds no base: the first
Cambridge sequence had one too many there, and the number was kept so that all others stay what they were.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

#: Length of the sequence, a circle.
MT_LENGTH = 16569
#: The position that holds no base.
NO_BASE = 3107

#: Each letter of IUPAC as the set of bases that it contains, a bit a base.
BASES = {
    "A": 1, "C": 2, "G": 4, "T": 8, "M": 3, "R": 5, "W": 9, "S": 6, "Y": 10, "K": 12, "V": 7, "H": 11, "D": 13, "B": 14,
    "N": 15,
}  # fmt: skip
LETTERS = {bases: letter for letter, bases in BASES.items()}
#: Not read: contains every base.
UNREAD = BASES["N"]


@cache
def reference() -> tuple[int, ...]:
    """The base at each position, as in `BASES`; index 0 is unused, so that positions count from 1.

    Example:
        >>> [LETTERS[reference()[position]] for position in (263, 750, 1438, 3107, 16519)]
        ['A', 'A', 'A', 'N', 'T']
    """
    text = files("dokaz.kinship").joinpath("data/rcrs.fasta").read_text("ascii")
    letters = "".join(text.splitlines()[1:])
    assert len(letters) == MT_LENGTH
    return (0, *(BASES[letter] for letter in letters))


def slot_of_reference(position: int) -> tuple[int, ...]:
    """The bases that the reference has at a position: one, or none at 3107."""
    return () if position == NO_BASE else (reference()[position],)
