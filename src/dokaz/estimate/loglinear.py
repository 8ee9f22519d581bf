"""Log-linear models of overlapping lists: all are fitted, those without a finite estimate left out, the best by BIC named.

A model says which lists depend on each other; people on no list follow from the patterns of the others. Which model
is right cannot be seen from its fit alone: models that fit equally well can differ by thousands. So the best one is
never given without the average of all and the spread of the ten best.

Source: Bishop, Fienberg & Holland 1975, Discrete multivariate analysis, chapter 6; Baillargeon & Rivest 2007, J.
    Stat. Softw. 19(5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dokaz.errors import NotEstimable
from dokaz.estimate.hierarchical_models import (
    MOST_MODELS,
    Model,
    Term,
    design,
    models_of,
    neighbours,
    number_of_models,
    parts_of,
)
from dokaz.estimate.overlaps import OverlapTable
from dokaz.estimate.poisson_fit import PoissonFit, fit_many

#: So many models are fitted in one call, to bound memory.
_TOGETHER = 4096
#: BIC this far above the best: a weight below 1 in 20,000.
_NEGLIGIBLE = 20.0


@dataclass(frozen=True)
class FittedModel:
    """A model that gives a finite number.

    Attributes:
        n: Size of the population, the observed included.
        standard_error: Of n, asymptotic, as if the model were known to be right.
        weight: Its share among all models by exp(−BIC/2).
    """

    model: Model
    fit: PoissonFit
    n: float
    standard_error: float
    bic: float
    weight: float = 0.0


@dataclass(frozen=True)
class LoglinearModels:
    """All models of a table that were fitted.

    Attributes:
        ranked: Those with a finite estimate, best BIC first.
        refused: How many have none, by reason.
        all_models: Whether every model up to the stated order was fitted, or the best was sought in steps.
    """

    ranked: tuple[FittedModel, ...]
    refused: dict[str, int]
    all_models: bool

    @property
    def best(self) -> FittedModel:
        """The model of least BIC."""
        return self.ranked[0]


def loglinear_models(table: OverlapTable, *, always: Iterable[Term] = ()) -> LoglinearModels:
    """Fit every hierarchical model; with more than 40,000 of them, walk from independence to the best in steps.

    Args:
        always: Interactions that the analyst knows of (one list was made from another); only models with them are
            fitted.

    Raises:
        NotEstimable: the table allows no estimate; no model has a finite one.
    """
    table.must_be_estimable()
    lists, required = len(table.lists), parts_of(always)
    if number_of_models(lists) <= MOST_MODELS:
        fits = fit_models(table, models_of(lists, always=required))
    else:
        fits = _in_steps(table, Model(tuple(required)), required)
    refused: dict[str, int] = defaultdict(int)
    found = []
    for model, fit in fits.items():
        if isinstance(fit, NotEstimable):
            refused[str(fit.what)] += 1
        else:
            n = table.observed + fit.unseen
            found.append(FittedModel(model, fit, n, fit.unseen_error, fit.bic(table.observed)))
    if not found:
        raise NotEstimable(
            f"none of {len(fits)} log-linear models has a finite estimate: {next(iter(refused))}",
            "join lists that hardly overlap, or leave out the smallest",
        )
    found.sort(key=lambda one: (one.bic, len(one.model.terms), one.model.terms))
    shares = np.exp(-0.5 * (np.array([one.bic for one in found]) - found[0].bic))
    weighed = zip(found, (shares / shares.sum()).tolist(), strict=True)
    ranked = tuple(FittedModel(o.model, o.fit, o.n, o.standard_error, o.bic, weight) for o, weight in weighed)
    return LoglinearModels(ranked, dict(refused), number_of_models(lists) <= MOST_MODELS)


def fit_models(table: OverlapTable, models: Sequence[Model]) -> dict[Model, PoissonFit | NotEstimable]:
    """Each model's fit, or why it has none.

    An interaction of lists that nobody is on together goes to minus infinity in every model: its patterns get mean
    zero and its column goes, before anything is fitted. It still counts as a parameter.
    """
    lists, counts = len(table.lists), table.counts
    patterns = np.arange(len(counts))
    alike: dict[tuple[tuple[Term, ...], int], list[Model]] = defaultdict(list)
    for model in models:
        alike[
            tuple(term for term in model.terms if not counts[patterns & term == term].any()), len(model.terms)
        ].append(model)
    found: dict[Model, PoissonFit | NotEstimable] = {}
    for (empty, _), group in alike.items():
        impossible = table.impossible.copy()
        for term in empty:
            impossible |= patterns & term == term
        for start in range(0, len(group), _TOGETHER):
            chosen = group[start : start + _TOGETHER]
            designs = np.stack([design([t for t in m.terms if t not in empty], lists) for m in chosen])
            fits = fit_many(designs, counts, impossible, infinite=len(empty))
            found.update(zip(chosen, fits, strict=True))
    return {model: found[model] for model in models}


def _in_steps(table: OverlapTable, start: Model, required: Sequence[Term]) -> dict[Model, PoissonFit | NotEstimable]:
    """Add or take away the pair of lists that lowers BIC most, until none does; every model met on the way is kept."""
    lists = len(table.lists)
    met = fit_models(table, [start])
    best = start
    while True:
        near = [model for model in neighbours(best, lists, always=required) if model not in met]
        met.update(fit_models(table, near))
        finite = {model: fit.bic(table.observed) for model, fit in met.items() if isinstance(fit, PoissonFit)}
        if not finite:
            return met
        better = min(finite, key=lambda model: (finite[model], model.terms))
        if better == best:
            return met
        best = better
