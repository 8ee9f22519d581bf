"""The same answers by the textbook: strings that are edited letter by letter, and a full table of penalties."""

from __future__ import annotations

import random
import re
from importlib.resources import files

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "M": "AC", "R": "AG", "W": "AT", "S": "CG", "Y": "CT", "K": "GT", "V": "ACG",
    "H": "ACT", "D": "AGT", "B": "CGT", "N": "ACGT",
}  # fmt: skip
REFERENCE = "".join((files("dokaz.kinship") / "data/rcrs.fasta").read_text("ascii").split("\n")[1:])
#: Twice round, so that a stretch may run across the place where the circle is cut.
CIRCLE = REFERENCE * 2
NEVER = (10**9, 0)


def rebuilt(first: int, last: int, variants: list[str]) -> str:
    """The letters of a sequence that is written as variants."""
    cells = {p: [CIRCLE[p - 1]] for p in range(first, last + 1)}
    inserted: dict[int, dict[int, str]] = {}
    for variant in variants:
        position, copy, base = re.fullmatch(r"(\d+)(?:\.(\d+))?([A-Z]+)", variant).groups()  # type: ignore[union-attr]
        if copy:
            inserted.setdefault(int(position), {})[int(copy)] = base
        else:
            cells[int(position)] = [] if base == "DEL" else [base]
    return "".join("".join(cells[p]) + "".join(b for _, b in sorted(inserted.get(p, {}).items())) for p in cells)


def match(one: str, other: str) -> bool:
    return bool(set(IUPAC[one]) & set(IUPAC[other]))


def least(ours: str, theirs: str) -> tuple[int, int]:
    """Least penalty (substitution 10, gap 9 and 2 a base), and the fewest events at that penalty: Gotoh's three tables."""
    rows, columns = len(ours) + 1, len(theirs) + 1
    matched, ours_alone, theirs_alone = ([[NEVER] * columns for _ in range(rows)] for _ in range(3))
    matched[0][0] = (0, 0)

    def add(to: tuple[int, int], penalty: int, events: int) -> tuple[int, int]:
        return to[0] + penalty, to[1] + events

    for i in range(rows):
        for j in range(columns):
            if i:
                ours_alone[i][j] = min(add(matched[i - 1][j], 11, 1), add(ours_alone[i - 1][j], 2, 0))
            if j:
                theirs_alone[i][j] = min(add(matched[i][j - 1], 11, 1), add(theirs_alone[i][j - 1], 2, 0))
            if i and j:
                same = match(ours[i - 1], theirs[j - 1])
                matched[i][j] = add(matched[i - 1][j - 1], *((0, 0) if same else (10, 1)))
            matched[i][j] = min(matched[i][j], ours_alone[i][j], theirs_alone[i][j])
    return matched[-1][-1]


def notation(first: int, last: int, sequence: str, rng: random.Random, *, rounds: int = 60) -> list[str]:
    """One of the many ways to write a sequence that begins as the reference: gaps move, substitutions split at random.

    Every step keeps the columns an alignment of the same two sequences, so the sequence stays what it is.
    """
    reference = CIRCLE[first - 1 : last]
    assert sequence[0] == reference[0]
    columns = [(sequence[0], reference[0]), *zip(*_globally(sequence[1:], reference[1:]), strict=True)]
    for _ in range(rounds):
        k = rng.randrange(1, len(columns))
        a, b = columns[k]
        if a and b and a != b and rng.random() < 0.2:
            columns[k : k + 1] = [(a, ""), ("", b)] if rng.random() < 0.5 else [("", b), (a, "")]
            continue
        gaps = [g for g, (x, y) in enumerate(columns) if not (x and y)]
        if not gaps:
            break
        k = rng.choice(gaps)
        other = k + rng.choice((-1, 1))
        if not 1 <= other < len(columns):
            continue
        left, right = sorted((k, other))
        # The gap changes places with its neighbour: the letters of either row keep their order.
        for row in (0, 1):
            if not columns[k][row]:
                moved = [list(columns[left]), list(columns[right])]
                moved[0][row], moved[1][row] = moved[1][row], moved[0][row]
                if all(x or y for x, y in moved):
                    columns[left], columns[right] = (moved[0][0], moved[0][1]), (moved[1][0], moved[1][1])
    written, position, copy = [], first - 1, 0
    for a, b in columns:
        if b:
            position, copy = position + 1, 0
            if not a:
                written.append(f"{position}DEL")
            elif a != b:
                written.append(f"{position}{a}")
        else:
            copy += 1
            written.append(f"{position}.{copy}{a}")
    return written


def _globally(ours: str, theirs: str) -> tuple[list[str], list[str]]:
    """Rows of an alignment with the fewest letters changed."""
    cost = [[i + j for j in range(len(theirs) + 1)] for i in range(len(ours) + 1)]
    for i in range(1, len(ours) + 1):
        for j in range(1, len(theirs) + 1):
            cost[i][j] = min(
                cost[i - 1][j - 1] + (ours[i - 1] != theirs[j - 1]), cost[i - 1][j] + 1, cost[i][j - 1] + 1
            )
    i, j = len(ours), len(theirs)
    rows: tuple[list[str], list[str]] = ([], [])
    while i or j:
        diagonal = i and j and cost[i][j] == cost[i - 1][j - 1] + (ours[i - 1] != theirs[j - 1])
        up = bool(diagonal or (i and cost[i][j] == cost[i - 1][j] + 1))
        left = bool(diagonal or not up)
        rows[0].append(ours[i - 1] if up else "")
        rows[1].append(theirs[j - 1] if left else "")
        i, j = i - up, j - left
    return rows[0][::-1], rows[1][::-1]
