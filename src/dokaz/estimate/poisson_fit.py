"""Maximum likelihood of log-linear counts where it exists, also where counts are so sparse that parameters are infinite.

Counts of patterns are taken as independent Poisson numbers with mean exp(X b). Where some patterns were never seen, the
likelihood may have no maximum: it grows as a parameter goes to minus infinity. Then patterns whose mean goes to zero
with it are set to zero, and the maximum over the others is taken (the extended maximum likelihood estimate). Whether
those on no list can be told from the patterns that are left is a question of its own: if not, any number fits as
well, and a program that does not ask gives 10,000,000,000,000.

Source: Fienberg & Rinaldo 2012, Maximum likelihood estimation in log-linear models, Ann. Stat. 40, section 3; Chan,
Silverman & Vincent 2021, Multiple systems estimation for sparse capture data, JASA 116, sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from dokaz.errors import NotEstimable

Floats = NDArray[np.float64]

#: Newton steps at most.
_STEPS = 60
#: A mean that goes to zero loses a factor e in each step, without end; others settle in about ten. One whose
#: logarithm falls by 10 between the tenth step and the 26th (later ones are lost in rounding) is on its way to zero.
_EARLY, _LATE, _STILL_FALLING = 10, 26, 10.0
#: Change of the logarithm of a mean in the last step of a fit that has settled.
_SETTLED = 1e-8
#: Largest change of the logarithm of a mean in one step.
_STRIDE = 8.0


@dataclass(frozen=True, eq=False)
class PoissonFit:
    """A fitted log-linear model.

    Attributes:
        unseen: Expected number of people on no list.
        unseen_variance: Variance of the logarithm of ``unseen``, asymptotic.
        log_likelihood: Of the observed counts, with all constants.
        parameters: Columns of the design, those that went to infinity included.
        means: Of every pattern, shape (patterns,); zero where the extended estimate is zero. Pattern 0 is ``unseen``.
        possible: Patterns with a mean above zero, pattern 0 left out.
    """

    unseen: float
    unseen_variance: float
    log_likelihood: float
    parameters: int
    means: Floats
    possible: NDArray[np.bool_]

    def bic(self, observed: int) -> float:
        """Schwarz's criterion with the number of observed people; smaller is better."""
        return -2 * self.log_likelihood + float(np.log(observed)) * self.parameters

    @property
    def unseen_error(self) -> float:
        """Standard error of the size of the population: Poisson variation of the unseen and error of their mean."""
        return float(np.sqrt(self.unseen + self.unseen**2 * self.unseen_variance))


def fit(design: Floats, counts: NDArray[np.int64], impossible: NDArray[np.bool_], *, infinite: int = 0) -> PoissonFit:
    """The (extended) maximum likelihood estimate.

    Args:
        design: Shape (patterns, parameters); row 0 belongs to those on no list.
        counts: People of each pattern; that of pattern 0 is not read.
        impossible: Patterns that cannot occur.
        infinite: Parameters that are known to go to minus infinity and have no column; they are counted.

    Raises:
        NotEstimable: the patterns that can occur do not determine those on no list, or it could not be found out.
    """
    use = ~impossible
    use[0] = False
    zero = (counts[use] == 0) & _still_falling(design[use], counts[use].astype(float))
    possible = use.copy()
    possible[np.flatnonzero(use)[zero]] = False
    if zero.any() and not _can_go_to_zero(design, possible, use & ~possible):
        raise NotEstimable("it could not be decided whether the estimate of this model exists")
    basis = _row_space(design[possible])
    unseen_row = design[0]
    if np.abs(basis @ (basis.T @ unseen_row) - unseen_row).max() > 1e-8:
        raise NotEstimable(
            "the patterns that were seen do not determine how many people are on no list: any number fits as well"
        )
    reduced = design @ basis
    b, last_change = _newton(reduced[possible], counts[possible].astype(float))
    fitted = np.zeros(len(design))
    fitted[possible] = np.exp(reduced[possible] @ b)
    score = reduced[possible].T @ (counts[possible] - fitted[possible])
    if not last_change < _SETTLED or not np.abs(score).max() < 1e-6 * counts.sum():
        raise NotEstimable("the fit of this model did not converge")
    information = reduced[possible].T @ (fitted[possible, None] * reduced[possible])
    row = unseen_row @ basis
    fitted[0] = np.exp(row @ b)
    variance = float(row @ np.linalg.solve(information, row))
    return PoissonFit(
        float(fitted[0]),
        variance,
        log_likelihood(counts[possible], fitted[possible]),
        design.shape[1] + infinite,
        fitted,
        possible,
    )


def fit_many(
    designs: Floats, counts: NDArray[np.int64], impossible: NDArray[np.bool_], *, infinite: int = 0
) -> list[PoissonFit | NotEstimable]:
    """The same as ``fit`` for many models with equally many parameters, together.

    Args:
        designs: Shape (models, patterns, parameters).
        infinite: Parameters that are known to go to minus infinity and have no column; they are counted.

    Returns: For each its fit, or why it has none.
    """
    use = ~impossible
    use[0] = False
    inside, seen = designs[:, use], counts[use].astype(float)
    b, last_change = _newton(inside, seen)
    means = np.exp(np.clip(np.einsum("mcp,mp->mc", inside, b), -700, 700))
    score = np.einsum("mcp,mc->mp", inside, seen - means)
    plain = (last_change < _SETTLED) & (np.abs(score).max(axis=1) < 1e-6 * seen.sum())
    information = np.einsum("mcp,mc,mcq->mpq", inside, means, inside)
    plain &= np.linalg.cond(np.where(np.isfinite(information), information, 0)) < 1e12
    rows = designs[:, 0]
    found: list[PoissonFit | NotEstimable] = []
    for k, design in enumerate(designs):
        if not plain[k]:
            try:
                found.append(fit(design, counts, impossible, infinite=infinite))
            except NotEstimable as error:
                found.append(error)
            continue
        fitted = np.zeros(len(design))
        fitted[use] = means[k]
        fitted[0] = np.exp(rows[k] @ b[k])
        variance = float(rows[k] @ np.linalg.solve(information[k], rows[k]))
        found.append(
            PoissonFit(
                float(fitted[0]),
                variance,
                log_likelihood(counts[use], means[k]),
                design.shape[1] + infinite,
                fitted,
                use,
            )
        )
    return found


def fit_with_all_patterns(design: Floats, counts: Floats) -> Floats:
    """Means where the number of those on no list is supposed too, so that pattern 0 is a count like the others.

    Args:
        design: Shape (patterns, parameters), of patterns that can occur.
        counts: Of these patterns; need not be whole.

    Raises:
        NotEstimable: the fit did not converge.
    """
    inside = design @ _row_space(design)
    b, last_change = _newton(inside, counts)
    if not last_change < _SETTLED:
        raise NotEstimable("the fit of this model did not converge")
    return np.asarray(np.exp(inside @ b))


def without_negative(design: Floats, counts: Floats, last: int) -> Floats:
    """A design without those of its last columns whose parameters would be negative, one after the other, first ones first.

    Args:
        design: Shape (patterns, parameters), of patterns that can occur; columns independent of each other.
        counts: Of these patterns.
        last: How many columns may be left out.
    """
    while last:
        parameters = _newton(design, counts)[0][-last:]
        negative = np.flatnonzero(parameters < 0)
        if not len(negative):
            break
        design = np.delete(design, design.shape[1] - last + negative[0], axis=1)
        last -= 1
    return design


def log_likelihood(counts: NDArray[np.int64], means: Floats) -> float:
    """Of independent Poisson counts with these means."""
    log_factorials = sum(lgamma(n + 1) for n in counts.tolist())
    return float(counts @ np.log(means) - means.sum()) - log_factorials


def _newton(design: Floats, counts: Floats, steps: int = _STEPS) -> tuple[Floats, Floats]:
    """Newton's method from the logarithm of the counts; for one model or many, shape (…, patterns, parameters).

    Returns: Parameters, and by how much the logarithm of a mean changed in the last step at most.
    """
    across = np.swapaxes(design, -1, -2)
    b = np.asarray(np.linalg.pinv(design) @ np.log(counts + 0.5))
    ridge = 1e-13 * np.eye(design.shape[-1])
    change = np.full((*design.shape[:-2], 1), np.inf)
    for _ in range(steps):
        means = np.exp(np.clip((design @ b[..., None])[..., 0], -700, 50))
        score = (across @ (counts - means)[..., None])[..., 0]
        information = across @ (means[..., None] * design)
        scale = 1 / np.sqrt(np.diagonal(information, axis1=-2, axis2=-1))
        scaled = information * scale[..., :, None] * scale[..., None, :] + ridge
        step = scale * np.linalg.solve(scaled, (scale * score)[..., None])[..., 0]
        change = np.abs((design @ step[..., None])[..., 0]).max(axis=-1, keepdims=True)
        b = b + step * np.minimum(1.0, _STRIDE / np.maximum(change, 1e-300))
        if change.max() < _SETTLED / 10:
            break
    return b, change[..., 0]


def _still_falling(design: Floats, counts: Floats) -> NDArray[np.bool_]:
    """Patterns whose mean goes on to fall as Newton's method goes on."""
    inside = design @ _row_space(design)
    early, _ = _newton(inside, counts, _EARLY)
    late, _ = _newton(inside, counts, _LATE)
    return np.asarray(inside @ (late - early) < -_STILL_FALLING)


def _row_space(design: Floats) -> Floats:
    """Orthonormal columns that span the rows of a design, shape (parameters, rank)."""
    _, sizes, rows = np.linalg.svd(design, full_matrices=False)
    return np.asarray(rows[sizes > 1e-9 * sizes.max(initial=1e-300)].T)


def _can_go_to_zero(design: Floats, stay: NDArray[np.bool_], go: NDArray[np.bool_]) -> bool:
    """Whether parameters can move so that the means of ``go`` all fall while those of ``stay`` do not change.

    This proves that the likelihood has no maximum with those means above zero.
    """
    _, sizes, rows = np.linalg.svd(design[stay])
    rank = int((sizes > 1e-9 * sizes.max(initial=1e-300)).sum())
    free = rows[rank:].T
    moves = design[go] @ free
    # Where exp(moves a) summed over patterns is least, Newton goes on without end in a direction in which all fall.
    a = np.zeros(moves.shape[1])
    for _ in range(200):
        falls = moves @ a
        if len(falls) and falls.max() < -1.0:
            return True
        weights = np.exp(np.clip(falls, -30, 30))
        information = moves.T @ (weights[:, None] * moves)
        step = np.linalg.lstsq(information, moves.T @ weights, rcond=1e-12)[0]
        change = np.abs(moves @ step).max(initial=0.0)
        if change < 1e-9:
            return False
        a -= step * min(1.0, 2.0 / change)
    return False
